//! Texts without names: every sample that is written down in the repository has the same review before and after, and what
//! was planted in it is gone.

use std::fs;
use std::path::{Path, PathBuf};

use portcullis_core::export::pseudonym::{Pseudonymised, pseudonymise};
use portcullis_core::report;
use portcullis_core::review::{Input, review, review_assuming};
use serde_json::{Value, json};

fn told(documents: &[(String, String)]) -> Value {
    let inputs = documents.iter().map(|(name, text)| Input { name: name.clone(), bytes: text.clone().into_bytes() }).collect();
    serde_json::to_value(report::report(&review(inputs, &mut |_| {}))).unwrap()
}

fn at(at: &Value) -> Value {
    json!([at["document"], at["line"], at["end_line"]])
}

fn sorted(list: impl Iterator<Item = Value>) -> Vec<String> {
    let mut all: Vec<String> = list.map(|one| one.to_string()).collect();
    all.sort();
    all
}

fn list(value: &Value) -> &[Value] {
    value.as_array().unwrap()
}

fn exposures(of: &Value) -> Vec<String> {
    let keys = ["direction", "protocol", "ports", "icmp", "reach", "ipv4", "ipv6_64s", "verdict", "if_open", "services"];
    sorted(list(&of["exposures"]).iter().map(|one| {
        let groups = one["groups"].as_array().map_or(0, Vec::len);
        json!([keys.map(|key| one[key].clone()), groups, one["local"] == "any"])
    }))
}

/// What has to be the same: no names, no addresses, no sentences.
fn shape(report: &Value) -> Value {
    let rule = |rule: &Value| {
        let keys = ["priority", "direction", "action", "protocol", "ports", "icmp", "effect", "admits", "verdict"];
        json!([keys.map(|key| rule[key].clone()), at(&rule["at"])])
    };
    let document = |one: &Value| json!([one["format"], one["policies"], one["rules"], one["facts"], one["problem_count"]]);
    let finding = |one: &Value| {
        json!([one["audit"], one["verdict"], one["severity"], sorted(list(&one["places"]).iter().map(at)), one["witness"]["port"]])
    };
    let policy = |one: &Value| {
        json!([one["kind"], at(&one["at"]), one["verdict"], one["partial"], exposures(one), sorted(list(&one["rules"]).iter().map(rule))])
    };
    json!({
        "verdict": report["verdict"],
        "counts": report["counts"],
        "documents": list(&report["documents"]).iter().map(document).collect::<Vec<_>>(),
        "unresolved": sorted(list(&report["unresolved"]).iter().map(|one| at(&one["at"]))),
        "policies": sorted(list(&report["policies"]).iter().map(policy)),
        "surfaces": sorted(list(&report["surfaces"]).iter().map(|one| json!([at(&one["at"]), one["verdict"], exposures(one)]))),
        "findings": sorted(list(&report["findings"]).iter().map(finding)),
    })
}

fn owned(documents: &[(&str, &str)]) -> Vec<(String, String)> {
    documents.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
}

/// What differs between the reviews before and after, if anything.
fn difference(documents: &[(&str, &str)]) -> Option<String> {
    let before = shape(&told(&owned(documents)));
    let Pseudonymised { documents: replaced, .. } = pseudonymise(documents, &[]);
    for ((_, before), (_, after)) in documents.iter().zip(&replaced) {
        assert_eq!(before.matches('\n').count(), after.matches('\n').count(), "{after}");
    }
    let after = shape(&told(&replaced));
    let keys = before.as_object().unwrap().keys();
    let different: Vec<String> =
        keys.filter(|key| before[*key] != after[*key]).map(|key| format!("{key}: {}\nbecame {}", before[key], after[key])).collect();
    (!different.is_empty()).then(|| {
        let texts: Vec<&str> = replaced.iter().map(|(_, text)| text.as_str()).collect();
        format!("{}\n{}", different.join("\n"), texts.join("\n---\n"))
    })
}

/// The files of a folder and of those right inside it.
fn files(folder: &str, ending: &str) -> Vec<PathBuf> {
    let entries = |folder: &Path| fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect::<Vec<_>>();
    let outer = entries(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder));
    let inner: Vec<PathBuf> = outer.iter().filter(|path| path.is_dir()).flat_map(|path| entries(path)).collect();
    let mut found: Vec<PathBuf> = outer.into_iter().chain(inner).filter(|path| path.to_string_lossy().ends_with(ending)).collect();
    found.sort();
    found
}

/// The texts between `r#"` and `"#` of a file.
fn written_down(text: &str) -> impl Iterator<Item = &str> {
    text.split("r#\"").skip(1).filter_map(|rest| rest.split_once("\"#")).map(|(text, _)| text)
}

/// The blocks of code of a document.
fn blocks(text: &str) -> impl Iterator<Item = &str> {
    text.split("```").skip(1).step_by(2).filter_map(|block| block.split_once('\n')).map(|(_, text)| text)
}

#[test]
fn every_sample_keeps_its_review() {
    let (mut tried, mut failed) = (0, Vec::new());
    let mut samples: Vec<(String, String)> = Vec::new();
    for path in files(".", ".rs").iter().filter(|path| !path.ends_with("pseudonym.rs")) {
        let source = fs::read_to_string(path).unwrap();
        samples.extend(written_down(&source).map(|text| (path.display().to_string(), text.to_owned())));
    }
    for path in files("../core/src/audits", ".md") {
        samples.extend(blocks(&fs::read_to_string(&path).unwrap()).map(|text| (path.display().to_string(), text.to_owned())));
    }
    for path in files("../core/data/examples", ".json").into_iter().chain(files("../core/data/examples", ".txt")) {
        samples.push((path.display().to_string(), fs::read_to_string(&path).unwrap()));
    }
    for (from, text) in &samples {
        for name in ["pasted", "main.tf"] {
            let report = told(&[(name.to_owned(), text.clone())]);
            if report["documents"][0]["format"].is_null() || list(&report["policies"]).is_empty() && list(&report["surfaces"]).is_empty() {
                continue;
            }
            tried += 1;
            if let Some(difference) = difference(&[(name, text)]) {
                failed.push(format!("=== {from}\n{text}\n{difference}"));
            }
            break;
        }
    }
    assert!(tried > 120, "{tried} samples are a review's worth");
    assert!(failed.is_empty(), "{} of {tried}:\n{}", failed.len(), failed.join("\n"));
}

#[test]
fn documents_that_speak_of_each_other_still_do() {
    let paths: Vec<PathBuf> = ["json", "tf"].iter().flat_map(|ending| files("samples/three-tiers", ending)).collect();
    let texts: Vec<(String, String)> =
        paths.iter().map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), fs::read_to_string(path).unwrap())).collect();
    let one = |ending: &str| -> Vec<(&str, &str)> {
        texts.iter().filter(|(name, _)| name.ends_with(ending)).map(|(name, text)| (name.as_str(), text.as_str())).collect()
    };
    for documents in [one(".json"), one(".tf"), one("")] {
        assert_eq!(difference(&documents), None);
    }
}

/// One sample for each language, with words of a company in every place where people write them.
const PLANTED: [(&str, &str); 9] = [
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

/// A hundred times the text may not take a thousand times as long: what grows faster than the text is found by its size.
#[test]
fn a_large_text_and_a_hostile_one_come_to_an_end() {
    for (name, piece) in
        [("a.tf", "\"${"), ("a.tf", "{"), ("a.json", "[\""), ("a.yaml", "a:\n "), ("b", "/*"), ("c.tf", "<<A\n"), ("d", "1.")]
    {
        pseudonymise(&[(name, &piece.repeat(20_000))], &[]);
    }
    let (name, text) = PLANTED[0];
    pseudonymise(&[(name, &text.repeat(300))], &[]);
}

#[test]
fn what_was_replaced_is_counted() {
    let replaced = pseudonymise(&PLANTED[..1], &[]).replaced;
    assert_eq!((replaced.addresses, replaced.comments, replaced.texts), (1, 0, 2), "{replaced:?}");
    assert!(replaced.said().ends_with("1 address and 2 descriptions replaced"), "{}", replaced.said());
    assert_eq!(pseudonymise(&[("main.json", "{}")], &[]).replaced.said(), "nothing had to be replaced");
}

/// The verdict on documents with values for what they leave open.
fn assuming(documents: &[(String, String)], assumed: &[(String, String)]) -> Value {
    let inputs = documents.iter().map(|(name, text)| Input { name: name.clone(), bytes: text.clone().into_bytes() }).collect();
    let assumptions = assumed.iter().cloned().collect();
    shape(&serde_json::to_value(report::report(&review_assuming(inputs, &assumptions, &mut |_| {}))).unwrap())
}

#[test]
fn what_is_assumed_is_replaced_as_in_the_texts() {
    let hcl = r#"variable "acme_office" { type = list(string) }
resource "aws_security_group" "zebra" {
  ingress {
    protocol    = "tcp"
    from_port   = 22
    to_port     = 22
    cidr_blocks = var.acme_office
  }
}
"#;
    let group = r#"{"SecurityGroups": [{"GroupId": "sg-0123456789abcdef0", "GroupName": "acme", "IpPermissionsEgress": [], "IpPermissions": [
  {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "PrefixListIds": [{"PrefixListId": "pl-0aaaabbbbccccdddd"}]}]}]}"#;
    let yaml = r#"Parameters:
  AcmeOffice: {Type: String}
Resources:
  Zebra:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: zebra
      SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: !Ref AcmeOffice}]
"#;
    for (file, text, name) in [("main.tf", hcl, "var.acme_office"), ("", group, "pl-0aaaabbbbccccdddd"), ("", yaml, "!Ref AcmeOffice")] {
        for value in ["54.93.12.0/24", "0.0.0.0/0"] {
            let open = shape(&told(&owned(&[(file, text)])));
            let before = assuming(&owned(&[(file, text)]), &owned(&[(name, value)]));
            assert_ne!(open, before, "{name} is settled");
            let Pseudonymised { documents, assumed, .. } = pseudonymise(&[(file, text)], &[(name, value)]);
            assert_eq!(assuming(&documents, &assumed), before, "{assumed:?}\n{}", documents[0].1);
            let shown = format!("{assumed:?}").to_lowercase();
            assert!(!["acme", "54.93", "aaaabbbb"].iter().any(|planted| shown.contains(planted)), "{shown}");
        }
    }
}
