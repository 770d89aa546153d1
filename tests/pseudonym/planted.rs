//! Words of a company in every place where people write them.

use super::*;

/// One sample for each language, with words of a company in every place where people write them.
pub(super) const PLANTED: [(&str, &str); 9] = [
    (
        "acme-groups.json",
        r#"{"SecurityGroups": [{"GroupId": "sg-0123456789abcdef0", "GroupName": "acme-payments", "OwnerId": "987654321098", "VpcId": "vpc-0fedcba987654321f",
  "Description": "acme's secret", "Tags": [{"Key": "Costcentre", "Value": "zebra"}, {"Key": "Name", "Value": "acme-payments"}],
  "IpPermissions": [{"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "54.93.12.0/24", "Description": "zebra office, bob@acme.example"}],
    "UserIdGroupPairs": [{"GroupId": "sg-0aaaabbbbccccdddd", "UserId": "987654321098"}]}], "IpPermissionsEgress": []}]}"#,
    ),
    (
        "acme.tf",
        r##"# acme's secret zebra
variable "acme_office" {
  default = "54.93.12.7/32" // zebra
}
locals {
  zebra = { acme = [var.acme_office] }
}
resource "aws_security_group" "acme_payments" {
  name        = "acme-payments-${terraform.workspace}"
  description = "zebra"
  tags = {
    Costcentre = "zebra"
  }
  /* secret
  zebra */
  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = local.zebra.acme
    description = <<-EOT
      zebra
    EOT
  }
}
"##,
    ),
    (
        "template.yaml",
        r##"# secret
AWSTemplateFormatVersion: '2010-09-09'
Description: >
  acme's secret
  zebra
Parameters:
  AcmeOffice:
    Type: String
    Default: 54.93.12.0/24 # zebra
Resources:
  AcmePayments:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupName: !Sub 'acme-${AWS::Region}'
      GroupDescription: zebra
      SecurityGroupIngress:
        - IpProtocol: tcp
          FromPort: 22
          ToPort: 22
          CidrIp: !Ref AcmeOffice
          Description: "secret
            zebra"
"##,
    ),
    (
        "acme.bicep",
        r##"// secret
param acmeOffice string = '54.93.12.0/24' // zebra
var zebraTags = {
  acme: 'zebra'
}
resource acmeNsg 'Microsoft.Network/networkSecurityGroups@2023-09-01' = {
  name: 'acme-${uniqueString(resourceGroup().id)}'
  tags: zebraTags
  properties: {
    securityRules: [
      {
        name: 'zebra'
        properties: {
          description: 'secret'
          priority: 100
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: acmeOffice
          sourcePortRange: '*'
          destinationAddressPrefix: '*'
          destinationPortRange: '22'
        }
      }
    ]
  }
}
"##,
    ),
    (
        "rules.v4",
        r##"# zebra secret
*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
:acme-in - [0:0]
-A INPUT -j acme-in
-A acme-in -s 54.93.12.0/24 -p tcp -m tcp --dport 22 -m comment --comment "zebra \"secret\"" -j ACCEPT
COMMIT
"##,
    ),
    (
        "ufw",
        r##"Status: active
Default: deny (incoming), allow (outgoing), disabled (routed)

22/tcp          ALLOW IN   54.93.12.0/24   # zebra secret
443 on acme0    ALLOW IN   Anywhere
"##,
    ),
    (
        "gcp.yaml",
        r##"- name: acme-payments
  description: zebra
  network: https://www.googleapis.com/compute/v1/projects/acme-zebra/global/networks/acme
  direction: INGRESS
  sourceRanges:
  - 54.93.12.0/24
  targetTags:
  - zebra
  allowed:
  - IPProtocol: tcp
    ports:
    - '22'
"##,
    ),
    (
        "nsg.json",
        r#"{"name": "acme", "id": "/subscriptions/9f8e7d6c-1111-2222-3333-444455556666/resourceGroups/zebra/providers/Microsoft.Network/networkSecurityGroups/acme",
  "type": "Microsoft.Network/networkSecurityGroups", "location": "acmeland", "tags": {"zebra": "secret"}, "properties": {"securityRules": [{"name": "zebra", "properties":
  {"description": "secret", "priority": 100, "direction": "Inbound", "access": "Allow", "protocol": "Tcp", "sourceAddressPrefix": "54.93.12.0/24", "sourcePortRange": "*",
   "destinationAddressPrefix": "*", "destinationPortRange": "22"}}]}}"#,
    ),
    (
        "rules.json",
        r#"{"nftables": [{"table": {"family": "inet", "name": "acme"}}, {"chain": {"family": "inet", "table": "acme", "name": "zebra", "type": "filter",
  "hook": "input", "prio": 0, "policy": "drop"}}, {"rule": {"family": "inet", "table": "acme", "chain": "zebra", "comment": "secret", "expr": [
  {"match": {"op": "==", "left": {"payload": {"protocol": "ip", "field": "saddr"}}, "right": {"prefix": {"addr": "54.93.12.0", "len": 24}}}},
  {"match": {"op": "==", "left": {"payload": {"protocol": "tcp", "field": "dport"}}, "right": 22}}, {"accept": null}]}}]}"#,
    ),
];

const SECRETS: [&str; 14] = [
    "acme",
    "zebra",
    "secret",
    "bob",
    "payments",
    "costcentre",
    "office",
    "54.93.12",
    "987654321098",
    "0123456789abcdef0",
    "0fedcba987654321f",
    "0aaaabbbbccccdddd",
    "9f8e7d6c",
    "44445555",
];

#[test]
fn nothing_that_was_planted_is_left() {
    for (name, text) in PLANTED {
        let report = told(&owned(&[(name, text)]));
        assert!(!list(&report["policies"]).is_empty(), "{name} has a policy: {report:#}");
        assert_eq!(difference(&[(name, text)]), None, "{name}");
        for (name, text) in pseudonymise(&[(name, text)], &[]).documents {
            let lower = format!("{name}\n{text}").to_lowercase();
            let left: Vec<&&str> = SECRETS.iter().filter(|secret| lower.contains(**secret)).collect();
            assert!(left.is_empty(), "{left:?} in {name}:\n{text}");
        }
    }
    // What is the same in two documents stays the same.
    assert_eq!(difference(&PLANTED), None);
}

#[test]
fn a_second_time_changes_no_verdict_and_broken_texts_are_taken() {
    for (name, text) in PLANTED {
        let once = pseudonymise(&[(name, text)], &[]);
        let (name, text) = (once.documents[0].0.as_str(), once.documents[0].1.as_str());
        assert_eq!(difference(&[(name, text)]), None, "{text}");
        for cut in (0..text.len()).step_by(7).filter(|cut| text.is_char_boundary(*cut)) {
            pseudonymise(&[(name, &text[..cut])], &[]);
        }
    }
    for text in ["", "\"", "'''", "<<EOT\n", "${${${", "{{{{", "é/ü: ß", "::/::/0", "/*", "-", "1.2.3.4-", "0.0.0.0/33"] {
        pseudonymise(&[("pasted", text), ("a/b.tf", text), ("c.bicep", text), ("d.yaml", text)], &[]);
    }
}

#[test]
fn what_was_replaced_is_counted() {
    let replaced = pseudonymise(&PLANTED[..1], &[]).replaced;
    assert_eq!((replaced.addresses, replaced.comments, replaced.texts), (1, 0, 2), "{replaced:?}");
    assert!(replaced.said().ends_with("1 address and 2 descriptions replaced"), "{}", replaced.said());
    assert_eq!(pseudonymise(&[("main.json", "{}")], &[]).replaced.said(), "nothing had to be replaced");
}

#[test]
fn what_names_somebody_goes_where_a_format_has_its_own_words_too() {
    for (name, text) in [
        ("unknown.json", r#"{"allow": {"54.93.12.7/32": "x", "i-0123456789abcdef0": 1, "987654321098": [{"2a05:d000::1": true}]}}"#),
        ("groups.json", r#"{"SecurityGroups": [{"GroupId": "sg-1", "54.93.12.7": 1, "2a05:d000::/32": 2}]}"#),
        ("unknown.yaml", "allow:\n  54.93.12.7/32: x\n  i-0123456789abcdef0: 1\n  '987654321098': y\n  \"2a05:d000::1\": z\n"),
        ("broken.tf", "resource \"aws_security_group\" \"a\" {\n  local.zebra = 54.93.12.7\n  var.zebra.acme = 1\n}\n"),
    ] {
        for (_, after) in pseudonymise(&[(name, text)], &[]).documents {
            let left: Vec<&&str> = ["54.93", "0123456789abcdef0", "987654321098", "2a05", "zebra", "acme"]
                .iter()
                .filter(|own| after.contains(**own))
                .collect();
            assert!(left.is_empty(), "{left:?} in {after}");
        }
    }
}
