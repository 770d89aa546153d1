//! CloudFormation templates: what they are taken for, and what their rules admit.

use portcullis_tests::reported;
use portcullis_tests::template::{SSH, ingress, of_web, policy, problem, verdict, web, without_problems};
use serde_json::{Value, json};

#[test]
fn a_template_is_recognised_in_yaml_and_json() {
    let yaml = reported(web("", &format!("- {{{SSH}, CidrIp: 0.0.0.0/0, Description: admin}}")));
    let json = reported(
        r#"{"Resources": {"Web": {"Type": "AWS::EC2::SecurityGroup", "Properties": {"GroupDescription": "web", "SecurityGroupIngress": [
            {"IpProtocol": "tcp", "FromPort": "22", "ToPort": 22, "CidrIp": "0.0.0.0/0", "Description": "admin"}]}}}}"#,
    );
    for report in [&yaml, &json] {
        assert_eq!(report["documents"][0]["format"], "aws-cloudformation-template");
        assert_eq!((verdict(report, "Web"), ingress(policy(report, "Web"))), ("dangerous", vec!["tcp 22 internet".to_owned()]));
        without_problems(report);
    }
    assert_eq!(policy(&yaml, "Web")["rules"][0]["at"]["line"], 8);
    assert_eq!(policy(&yaml, "Web")["rules"][0]["description"], policy(&json, "Web")["rules"][0]["description"]);
    let body =
        format!("{{\"TemplateBody\": {}, \"StagesAvailable\": [\"Original\"]}}", json!(web("", "{IpProtocol: -1, CidrIp: 0.0.0.0/0}")));
    assert_eq!(verdict(&reported(body), "Web"), "dangerous");
    let fragment = format!("Web:\n  Type: AWS::EC2::SecurityGroup\n  Properties:\n    SecurityGroupIngress: {{{SSH}, CidrIp: ::/0}}\n");
    assert_eq!(verdict(&reported(fragment), "Web"), "dangerous");
    let serverless = "Transform: AWS::Serverless-2016-10-31\nResources:\n  F:\n    Type: AWS::Serverless::Function\n";
    let report = reported(format!(
        "{serverless}  Web:\n    Type: AWS::EC2::SecurityGroup\n    Properties: {{SecurityGroupIngress: [{{IpProtocol: '-1', CidrIp: 0.0.0.0/0}}]}}\n"
    ));
    assert_eq!(verdict(&report, "Web"), "dangerous");
}

#[test]
fn what_is_no_template_or_has_no_firewall() {
    let report = reported("AWSTemplateFormatVersion: '2010-09-09'\nResources:\n  B:\n    Type: AWS::S3::Bucket\n");
    assert_eq!((&report["documents"][0]["format"], &report["verdict"]), (&json!("aws-cloudformation-template"), &Value::Null));
    let report = reported("Resources:\n  B:\n    Type: Something::Else\n");
    assert_eq!((&report["documents"][0]["format"], &report["verdict"]), (&Value::Null, &json!("unknown")));
    let report = reported(web("", "- {IpProtocol: tcp, FromPort: 22"));
    assert_eq!(report["verdict"], "unknown");
    assert_eq!(problem(&report, "never closed")["at"]["line"], 8);
}

#[test]
fn fields_nobody_knows_change_nothing() {
    let report = reported(web("Future: {a: 1}\n", &format!("- {{{SSH}, CidrIp: 10.0.0.0/8, Colour: blue}}")));
    assert_eq!(verdict(&report, "Web"), "secure");
    without_problems(&report);
}

#[test]
fn rules_are_a_list_or_a_single_one() {
    assert_eq!(of_web("", &format!("{SSH}, CidrIp: 0.0.0.0/0").replace(", ", "\n")), "dangerous");
    let report = reported(web("", "'hello'"));
    assert_eq!(verdict(&report, "Web"), "unknown");
    problem(&report, "a rule was expected here");
}

#[test]
fn a_rule_without_a_peer_admits_nobody() {
    let report = reported(web("", &format!("- {{{SSH}}}")));
    assert_eq!(verdict(&report, "Web"), "secure");
    problem(&report, "names no source");
    assert_eq!(policy(&report, "Web")["rules"][0]["effect"], "dead");
}

#[test]
fn both_families_in_one_rule_are_judged() {
    let report = reported(web("", &format!("- {{{SSH}, CidrIp: 10.0.0.0/8, CidrIpv6: ::/0}}")));
    assert_eq!((verdict(&report, "Web"), policy(&report, "Web")["rules"].as_array().unwrap().len()), ("dangerous", 3));
}

#[test]
fn protocols_and_ports_go_by_the_rules_of_ec2() {
    for (rule, verdict) in [
        // All protocols ignore the ports, as a number, as text, and with none.
        ("{IpProtocol: -1, FromPort: 443, ToPort: 443, CidrIp: 0.0.0.0/0}", "dangerous"),
        ("{IpProtocol: '-1', CidrIp: 0.0.0.0/0}", "dangerous"),
        ("{IpProtocol: tcp, FromPort: 20, ToPort: '25', CidrIp: 0.0.0.0/0}", "dangerous"),
        ("{IpProtocol: '6', FromPort: 22, ToPort: 22, CidrIp: 0.0.0.0/0}", "dangerous"),
        ("{IpProtocol: tcp, FromPort: 0, ToPort: 65535, CidrIp: 0.0.0.0/0}", "dangerous"),
        ("{IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 1.2.3.4/0}", "dangerous"),
        ("{IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIpv6: '0:0:0:0:0:0:0:0/0'}", "dangerous"),
        ("{IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIpv6: 2000::/3}", "dangerous"),
        ("{IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 64.0.0.0/2}", "dangerous"),
        // Echo replies are no SSH.
        ("{IpProtocol: icmp, FromPort: 0, ToPort: 0, CidrIp: 0.0.0.0/0}", "secure"),
        ("{IpProtocol: icmp, FromPort: 8, ToPort: -1, CidrIp: 0.0.0.0/0}", "secure"),
        ("{IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 0.0.0.0/0}", "secure"),
        // A port with a leading zero is that port.
        ("{IpProtocol: tcp, FromPort: 0443, ToPort: 0443, CidrIp: 0.0.0.0/0}", "secure"),
        ("{IpProtocol: tcp, FromPort: 3306, ToPort: 3306, CidrIp: 10.0.0.0/16}", "secure"),
    ] {
        assert_eq!(of_web("", &format!("- {rule}")), verdict, "{rule}");
    }
}

#[test]
fn halves_of_the_internet_are_the_internet() {
    let rules = format!("- {{{SSH}, CidrIp: 0.0.0.0/1}}\n- {{{SSH}, CidrIp: 128.0.0.0/1}}");
    let report = reported(web("", &rules));
    assert_eq!(ingress(policy(&report, "Web")), ["tcp 22 internet"]);
}

#[test]
fn rules_are_not_mixed_with_each_other() {
    let rules = "- {IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 0.0.0.0/0}\n- {IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 10.0.0.0/16}";
    assert_eq!(of_web("", rules), "secure");
}

#[test]
fn outbound_rules_are_implied_where_none_is_given() {
    let egress = |lines: &str| {
        let report = reported(format!(
            "Parameters: {{P: {{Type: String}}}}\nConditions: {{C: !Equals [!Ref P, x]}}\nResources:\n  Web:\n    Type: AWS::EC2::SecurityGroup\n    Properties:\n      GroupDescription: x\n{lines}"
        ));
        let rules = policy(&report, "Web")["rules"].as_array().unwrap().clone();
        rules.iter().map(|rule| format!("{} {}", rule["peer"].as_str().unwrap(), rule["effect"].as_str().unwrap())).collect::<Vec<_>>()
    };
    assert_eq!(egress(""), ["any in-effect"]);
    assert_eq!(egress("      SecurityGroupEgress: []\n"), ["any in-effect"]);
    assert_eq!(egress("      SecurityGroupEgress: !Ref AWS::NoValue\n"), ["any in-effect"]);
    assert_eq!(
        egress("      SecurityGroupEgress: [{IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 0.0.0.0/0}]\n"),
        ["0.0.0.0/0 in-effect"]
    );
    // How a template says "nothing out" (template reference, SecurityGroupEgress).
    assert_eq!(egress("      SecurityGroupEgress: [{IpProtocol: '-1', CidrIp: 127.0.0.1/32}]\n"), ["127.0.0.1/32 dead"]);
    // What an open condition may leave out leaves the default possible.
    let open = egress("      SecurityGroupEgress: [!If [C, {IpProtocol: '-1', CidrIp: 10.0.0.0/8}, !Ref AWS::NoValue]]\n");
    assert_eq!(open.len(), 2);
    assert!(open[1].starts_with("any"));
}

#[test]
fn rules_on_their_own_join_their_group() {
    let text = format!(
        "Resources:
  Web:
    Type: AWS::EC2::SecurityGroup
    Properties: {{GroupDescription: x, GroupName: web-servers}}
  Admin:
    Type: AWS::EC2::SecurityGroupIngress
    Properties: {{GroupId: !GetAtt Web.GroupId, {SSH}, CidrIp: 0.0.0.0/0}}
  Self:
    Type: AWS::EC2::SecurityGroupIngress
    Properties: {{GroupId: !Ref Web, IpProtocol: -1, SourceSecurityGroupId: !GetAtt Web.GroupId}}
  Named:
    Type: AWS::EC2::SecurityGroupIngress
    Properties: {{GroupName: web-servers, IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 0.0.0.0/0}}
  Out:
    Type: AWS::EC2::SecurityGroupEgress
    Properties: {{GroupId: {{'Fn::GetAtt': Web.GroupId}}, IpProtocol: tcp, FromPort: 443, ToPort: 443, DestinationSecurityGroupId: sg-0a1b2c3d}}
"
    );
    let report = reported(text);
    assert_eq!(report["policies"].as_array().unwrap().len(), 1);
    let web = policy(&report, "Web");
    assert_eq!(web["verdict"], "dangerous");
    let addresses: Vec<&str> = web["rules"].as_array().unwrap().iter().filter_map(|rule| rule["address"].as_str()).collect();
    assert_eq!(addresses, ["Admin", "Self", "Named", "Out"]);
    // Its own members are no exposure.
    let findings = report["findings"].as_array().unwrap();
    assert!(findings.iter().any(|finding| finding["audit"] == "self-reference"), "{findings:#?}");
    without_problems(&report);
}

#[test]
fn rules_of_a_group_that_is_not_in_the_template() {
    let text = format!(
        "Parameters:\n  Group: {{Type: AWS::EC2::SecurityGroup::Id}}
Resources:
  A:
    Type: AWS::EC2::SecurityGroupIngress
    Properties: {{GroupId: sg-0a1b2c3d, {SSH}, CidrIp: 0.0.0.0/0}}
  B:
    Type: AWS::EC2::SecurityGroupIngress
    Properties: {{GroupId: sg-0a1b2c3d, IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 0.0.0.0/0}}
  C:
    Type: AWS::EC2::SecurityGroupIngress
    Properties: {{GroupId: !Ref Group, {SSH}, CidrIp: 10.0.0.0/8}}
  D:
    Type: AWS::EC2::SecurityGroupIngress
    Properties: {{{SSH}, CidrIp: 10.0.0.0/8}}
"
    );
    let report = reported(text);
    let all = report["policies"].as_array().unwrap();
    let names: Vec<_> = all.iter().map(|policy| (&policy["id"], &policy["name"], &policy["address"], &policy["partial"])).collect();
    let none = Value::Null;
    assert_eq!(
        names,
        [
            (&json!("sg-0a1b2c3d"), &none, &none, &json!(true)),
            (&none, &json!("!Ref Group"), &none, &json!(true)),
            (&none, &none, &json!("D"), &json!(true)),
        ]
    );
    assert_eq!(all.iter().map(|policy| policy["verdict"].as_str().unwrap()).collect::<Vec<_>>(), ["dangerous", "secure", "secure"]);
    problem(&report, "which group it belongs to");
}

#[test]
fn groups_as_peers_are_no_exposure() {
    for peer in [
        "SourceSecurityGroupId: !GetAtt Lb.GroupId",
        "SourceSecurityGroupId: !Ref LbGroup",
        "SourceSecurityGroupId: !ImportValue lb-group",
        "SourceSecurityGroupId: sg-0a1b2c3d",
        "SourceSecurityGroupId: !GetAtt Vpc.DefaultSecurityGroup",
        "{SourceSecurityGroupName: amazon-elb-sg, SourceSecurityGroupOwnerId: amazon-elb}",
    ] {
        let peer = peer.trim_matches(['{', '}']);
        let before = "Parameters: {LbGroup: {Type: String}}\n";
        let report = reported(web(before, &format!("- {{IpProtocol: tcp, FromPort: 3306, ToPort: 3306, {peer}}}")));
        assert_eq!((verdict(&report, "Web"), ingress(policy(&report, "Web"))), ("secure", vec!["tcp 3306 group".to_owned()]), "{peer}");
    }
}

#[test]
fn prefix_lists_of_the_template_resolve() {
    let list = |entries: &str| {
        let rule = format!("- {{{SSH}, SourcePrefixListId: !Ref Admins}}");
        let list = format!("  Admins:\n    Type: AWS::EC2::PrefixList\n    Properties:\n      Entries: {entries}\n");
        reported(format!("{}{list}", web("Parameters: {P: {Type: String}}\n", &rule)))
    };
    assert_eq!(verdict(&list("[{Cidr: 0.0.0.0/0}]"), "Web"), "dangerous");
    assert_eq!(verdict(&list("[{Cidr: 10.0.0.0/24, Description: x}, {Cidr: !Sub 10.0.1.0/24}]"), "Web"), "secure");
    let open = list("[{Cidr: !Ref P}]");
    assert_eq!(verdict(&open, "Web"), "unknown");
    problem(&open, "`Admins`");
    let report = reported(web("", &format!("- {{{SSH}, SourcePrefixListId: pl-0a1b2c3d}}")));
    assert_eq!((verdict(&report, "Web"), &report["unresolved"][0]["name"]), ("unknown", &json!("pl-0a1b2c3d")));
}

/// A network ACL with these entries: number, action, protocol, CIDR, and the rest of its properties.
fn acl(entries: &[(u32, &str, &str, &str, &str)]) -> Value {
    let mut text = "Resources:\n  Acl:\n    Type: AWS::EC2::NetworkAcl\n    Properties: {VpcId: vpc-1}\n".to_owned();
    for (nth, (number, action, protocol, cidr, rest)) in entries.iter().enumerate() {
        let family = if cidr.contains(':') { "Ipv6CidrBlock" } else { "CidrBlock" };
        text.push_str(&format!(
            "  Entry{nth}:\n    Type: AWS::EC2::NetworkAclEntry\n    Properties: {{NetworkAclId: !Ref Acl, RuleNumber: {number}, RuleAction: {action}, \
             Protocol: {protocol}, {family}: '{cidr}'{rest}}}\n"
        ));
    }
    reported(text)
}

#[test]
fn network_acls_go_by_number() {
    const PORT: &str = ", PortRange: {From: 22, To: 22}";
    let reach = |entries: &[(u32, &str, &str, &str, &str)]| ingress(policy(&acl(entries), "Acl")).join(", ");
    assert_eq!(reach(&[(100, "allow", "6", "0.0.0.0/0", PORT)]), "tcp 22 internet");
    // A deny before it, another protocol, another family, another direction.
    assert_eq!(reach(&[(200, "allow", "6", "0.0.0.0/0", PORT), (100, "deny", "-1", "0.0.0.0/0", "")]), "");
    assert_eq!(reach(&[(100, "deny", "17", "0.0.0.0/0", PORT), (200, "allow", "6", "0.0.0.0/0", PORT)]), "tcp 22 internet");
    assert_eq!(reach(&[(100, "deny", "-1", "::/0", ""), (200, "allow", "6", "0.0.0.0/0", PORT)]), "tcp 22 internet");
    assert_eq!(
        reach(&[(100, "deny", "6", "0.0.0.0/1", PORT), (110, "deny", "6", "128.0.0.0/1", PORT), (200, "allow", "6", "0.0.0.0/0", PORT)]),
        ""
    );
    assert_eq!(reach(&[(100, "allow", "6", "0.0.0.0/1", PORT), (110, "allow", "6", "128.0.0.0/1", PORT)]), "tcp 22 internet");
    assert_eq!(reach(&[(100, "allow", "-1", "10.0.0.0/8", "")]), "all all private");
    assert_eq!(reach(&[(100, "allow", "-1", "0.0.0.0/0", ", Egress: true")]), "");
    assert_eq!(reach(&[(100, "allow", "-1", "0.0.0.0/0", ", Egress: 'true'")]), "");
    assert_eq!(reach(&[(100, "allow", "6", "0.0.0.0/0", ", PortRange: {From: '0', To: 65535}")]), "tcp all internet");
    assert_eq!(reach(&[(100, "allow", "1", "0.0.0.0/0", ", Icmp: {Type: 8, Code: -1}")]), "icmp - internet");
    assert_eq!(reach(&[]), "");
}

#[test]
fn an_acl_entry_with_an_open_part() {
    let entry = |properties: &str| {
        reported(format!(
            "Parameters: {{P: {{Type: String}}}}\nResources:\n  A:\n    Type: AWS::EC2::NetworkAclEntry\n    Properties: {{NetworkAclId: !Ref P, {properties}}}\n  \
             Deny:\n    Type: AWS::EC2::NetworkAclEntry\n    Properties: {{NetworkAclId: !Ref P, RuleNumber: 100, RuleAction: deny, Protocol: -1, CidrBlock: 0.0.0.0/0}}\n"
        ))
    };
    // With an unknown number the allow may come first, and no network ACL is worse than caution.
    let report = entry("RuleNumber: !Ref P, RuleAction: allow, Protocol: 6, CidrBlock: 0.0.0.0/0, PortRange: {From: 22, To: 22}");
    assert_eq!(verdict(&report, "!Ref P"), "caution");
    assert_eq!(policy(&report, "!Ref P")["partial"], true);
    let report =
        entry("RuleNumber: 10, RuleAction: allow, Protocol: 6, CidrBlock: 10.0.0.0/8, PortRange: {From: 22, To: 22}, Egress: !Ref P");
    let directions: Vec<_> = policy(&report, "!Ref P")["rules"].as_array().unwrap().iter().map(|rule| &rule["direction"]).collect();
    assert_eq!(directions, ["ingress", "egress", "ingress"]);
}

#[test]
fn what_is_not_judged_is_told() {
    let resource =
        |kind: &str| reported(format!("AWSTemplateFormatVersion: x\nResources:\n  X:\n    Type: {kind}\n    Properties: {{}}\n"));
    let report = resource("AWS::RDS::DBSecurityGroup");
    problem(&report, "firewall of another kind");
    assert_eq!(report["verdict"], "unknown");
    problem(&resource("AWS::NetworkFirewall::RuleGroup"), "firewall of another kind");
    problem(&resource("AWS::CloudFormation::Stack"), "nested stack `X`");
    problem(&resource("My::Own::Thing::MODULE"), "module `X`");
    let report = reported(
        "Resources:\n  Fn::Transform: {Name: AWS::Include, Parameters: {Location: 's3://b/k'}}\n  B:\n    Type: AWS::S3::Bucket\n",
    );
    problem(&report, "this transform adds");
    let report = reported("Resources:\n  Fn::ForEach::Ports:\n  - Port\n  - ['22', '80']\n  - {}\n  B:\n    Type: AWS::S3::Bucket\n");
    problem(&report, "this loop");
}
