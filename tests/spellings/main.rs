//! One set of policies in every spelling that can express them: all admit the same packets, to the address.
//!
//! What a platform or a tool adds by itself is no address: a network security group's default rules admit the virtual network
//! and the load balancer, which are names, and every platform's default egress is left out of the comparison.

mod aws;
mod azure;
mod google;
mod terraform;

use aws::{cloudformation, cloudformation_separate, cloudformation_yaml, describe, describe_rules, describe_yaml, network_acl};
use azure::{nsg_arm, nsg_az, nsg_rest, nsg_terraform};
use google::{gcloud, gcloud_yaml, google_api, google_assets, google_terraform};
use terraform::{terraform_dynamic, terraform_inline, terraform_new, terraform_plan, terraform_separate, terraform_state};

use portcullis_core::exposure::{Evaluation, Exposure, Protocols};
use portcullis_core::model::{Direction, protocol_number};
use portcullis_core::space::AddressSet;
use portcullis_tests::reviewed;
use serde_json::{Value, json};

/// An inbound allow rule: protocol, first and last port (or ICMP type and code), and a prefix.
type Rule = (&'static str, i64, i64, &'static str);

/// The set. ICMP by type and protocols by number are AWS's alone; the others can't express them.
const POLICIES: &[(&str, &[Rule])] = &[
    ("ssh-open", &[("tcp", 22, 22, "0.0.0.0/0")]),
    ("ssh-office", &[("tcp", 22, 22, "203.0.113.0/24")]),
    ("ssh-halves", &[("tcp", 22, 22, "0.0.0.0/1"), ("tcp", 22, 22, "128.0.0.0/1")]),
    ("web", &[("tcp", 80, 80, "0.0.0.0/0"), ("tcp", 443, 443, "0.0.0.0/0")]),
    ("database", &[("tcp", 3306, 3306, "10.0.10.0/24")]),
    ("range", &[("tcp", 3000, 4000, "0.0.0.0/0")]),
    ("two-families", &[("tcp", 443, 443, "10.0.0.0/8"), ("tcp", 443, 443, "fd00::/8")]),
    ("dns", &[("udp", 53, 53, "10.0.0.0/8"), ("tcp", 53, 53, "10.0.0.0/8")]),
    ("overlap", &[("tcp", 20, 25, "10.0.0.0/8"), ("tcp", 22, 80, "10.0.0.0/7")]),
    ("all-tcp", &[("tcp", 0, 65_535, "192.168.0.0/16")]),
    ("everything", &[("all", 0, 65_535, "10.1.0.0/16")]),
    ("nobody", &[]),
    ("ipv6", &[("tcp", 22, 22, "2600::/12"), ("udp", 123, 123, "::/0")]),
    ("ping", &[("icmp", 8, -1, "0.0.0.0/0")]),
];

/// A way to write a policy; `None` where it can't express it.
type Spelling = fn(&str, &[Rule]) -> Option<String>;

const SPELLINGS: &[(&str, Spelling)] = &[
    ("describe-security-groups", describe),
    ("describe-security-group-rules", describe_rules),
    ("network ACL", network_acl),
    ("describe-security-groups, YAML", describe_yaml),
    ("CloudFormation, JSON", cloudformation),
    ("CloudFormation, rules apart", cloudformation_separate),
    ("CloudFormation, YAML", cloudformation_yaml),
    ("Terraform, inline", terraform_inline),
    ("Terraform, dynamic", terraform_dynamic),
    ("Terraform, rules apart", terraform_separate),
    ("Terraform, rules apart, new style", terraform_new),
    ("Terraform plan", terraform_plan),
    ("Terraform state", terraform_state),
    ("NSG, REST", nsg_rest),
    ("NSG, ARM", nsg_arm),
    ("NSG, az", nsg_az),
    ("NSG, azurerm", nsg_terraform),
    ("Google, gcloud", gcloud),
    ("Google, API", google_api),
    ("Google, Cloud Asset Inventory", google_assets),
    ("Google, gcloud YAML", gcloud_yaml),
    ("Google, Terraform", google_terraform),
];

#[test]
fn every_spelling_admits_the_same_packets() {
    for (name, rules) in POLICIES {
        let expected = written_out(rules);
        let mut spelled = 0;
        for (spelling, write) in SPELLINGS {
            let Some(text) = write(name, rules) else { continue };
            spelled += 1;
            assert_eq!(admitted(&text, name), expected, "{name} as {spelling}:\n{text}");
        }
        assert!(spelled > 8, "{name} is spelled in {spelled} ways");
    }
}

/// For each protocol the runs of ports with the addresses that get in.
type Admitted = Vec<(u8, Vec<(u16, u16, AddressSet)>)>;

const PROTOCOLS: [u8; 5] = [1, 6, 17, 47, 58];

/// What a policy of a text admits inbound, names left out.
fn admitted(text: &str, name: &str) -> Admitted {
    let review = reviewed(text);
    let errors = review.documents()[0].problems.errors();
    assert_eq!(errors, 0, "{name}: {:?}\n{text}", review.documents()[0].problems.kept());
    assert_eq!(review.policies(), 1, "{name}: {:?}\n{text}", review.documents()[0].problems.kept());
    review.look(0, |subject, _| PROTOCOLS.map(|number| (number, runs(number, &exposures(subject.evaluation)))).to_vec()).unwrap()
}

fn exposures(evaluation: &Evaluation<'_>) -> Vec<(Protocols, u16, u16, AddressSet)> {
    let inbound = |e: &&Exposure| e.direction == Direction::Ingress;
    assert!(evaluation.exposures.iter().filter(inbound).all(Exposure::is_certain));
    evaluation.exposures.iter().filter(inbound).map(|e| (e.protocols, e.first, e.last, e.surely.addresses.clone())).collect()
}

/// What the rules say, without any reader or evaluator.
fn written_out(rules: &[Rule]) -> Admitted {
    let as_exposure = |(protocol, from, to, net): &Rule| {
        let set = AddressSet::from_nets([net.parse().unwrap()]);
        let number = protocol_number(protocol);
        let (first, last) = match (number, *from, *to) {
            (Some(1), kind, -1) => (kind * 256, kind * 256 + 255),
            (_, from, to) => (from, to),
        };
        let protocols = number.map_or(Protocols::All, Protocols::Number);
        (protocols, u16::try_from(first).unwrap(), u16::try_from(last).unwrap(), set)
    };
    let all: Vec<_> = rules.iter().map(as_exposure).collect();
    PROTOCOLS.map(|number| (number, runs(number, &all))).to_vec()
}

/// Largest runs with one set of addresses each.
fn runs(number: u8, exposures: &[(Protocols, u16, u16, AddressSet)]) -> Vec<(u16, u16, AddressSet)> {
    let named = exposures.iter().any(|(protocols, ..)| *protocols == Protocols::Number(number));
    let speaks = |protocols: &Protocols| match protocols {
        Protocols::All => true,
        Protocols::Other => !named,
        Protocols::Number(own) => *own == number,
    };
    let here: Vec<_> = exposures.iter().filter(|(protocols, ..)| speaks(protocols)).collect();
    let mut cuts: Vec<u32> = here.iter().flat_map(|(_, first, last, _)| [u32::from(*first), u32::from(*last) + 1]).collect();
    cuts.sort_unstable();
    cuts.dedup();
    let mut runs: Vec<(u16, u16, AddressSet)> = Vec::new();
    for pair in cuts.windows(2) {
        let (first, last) = (u16::try_from(pair[0]).unwrap(), u16::try_from(pair[1] - 1).unwrap());
        let covering = here.iter().filter(|(_, from, to, _)| *from <= first && last <= *to);
        let mut set = covering.fold(AddressSet::empty(), |all, (.., set)| all.union(set));
        match number {
            1 => set.v6 = Default::default(),
            58 => set.v4 = Default::default(),
            _ => {}
        }
        match runs.last_mut() {
            _ if set.is_empty() => {}
            Some(open) if u32::from(open.1) + 1 == pair[0] && open.2 == set => open.1 = last,
            _ => runs.push((first, last, set)),
        }
    }
    runs
}

fn is_v6(net: &str) -> bool {
    net.contains(':')
}

use super::*;

fn aws_protocol(protocol: &str) -> &str {
    if protocol == "all" { "-1" } else { protocol }
}

fn describe(name: &str, rules: &[Rule]) -> Option<String> {
    let permission = |(protocol, from, to, net): &Rule| {
        let mut permission =
            json!({ "IpProtocol": aws_protocol(protocol), "IpRanges": [], "Ipv6Ranges": [], "PrefixListIds": [], "UserIdGroupPairs": [] });
        if *protocol != "all" {
            (permission["FromPort"], permission["ToPort"]) = ((*from).into(), (*to).into());
        }
        if is_v6(net) {
            permission["Ipv6Ranges"] = json!([{ "CidrIpv6": net }]);
        } else {
            permission["IpRanges"] = json!([{ "CidrIp": net }]);
        }
        permission
    };
    let permissions: Vec<Value> = rules.iter().map(permission).collect();
    Some(json!({ "SecurityGroups": [{ "GroupId": format!("sg-{name}"), "GroupName": name, "IpPermissions": permissions, "IpPermissionsEgress": [] }] }).to_string())
}

fn describe_rules(name: &str, rules: &[Rule]) -> Option<String> {
    let row = |(protocol, from, to, net): &Rule| {
        let ports = if *protocol == "all" { (-1, -1) } else { (*from, *to) };
        let key = if is_v6(net) { "CidrIpv6" } else { "CidrIpv4" };
        json!({ "SecurityGroupRuleId": "sgr-1", "GroupId": format!("sg-{name}"), "IsEgress": false, "IpProtocol": aws_protocol(protocol),
            "FromPort": ports.0, "ToPort": ports.1, key: net })
    };
    // A group without rules has no row.
    (!rules.is_empty()).then(|| json!({ "SecurityGroupRules": rules.iter().map(row).collect::<Vec<_>>() }).to_string())
}

fn network_acl(name: &str, rules: &[Rule]) -> Option<String> {
    let entry = |(at, (protocol, from, to, net)): (usize, &Rule)| {
        let number = protocol_number(protocol).map_or("-1".to_owned(), |number| number.to_string());
        let mut entry = json!({ "RuleNumber": 100 + at, "Protocol": number, "RuleAction": "allow", "Egress": false });
        match *protocol {
            "all" => {}
            "icmp" => entry["IcmpTypeCode"] = json!({ "Type": from, "Code": to }),
            _ => entry["PortRange"] = json!({ "From": from, "To": to }),
        }
        entry[if is_v6(net) { "Ipv6CidrBlock" } else { "CidrBlock" }] = (*net).into();
        entry
    };
    let mut entries: Vec<Value> = rules.iter().enumerate().map(entry).collect();
    entries.push(json!({ "RuleNumber": 32_767, "Protocol": "-1", "RuleAction": "deny", "Egress": false, "CidrBlock": "0.0.0.0/0" }));
    entries.reverse();
    Some(json!({ "NetworkAcls": [{ "NetworkAclId": format!("acl-{name}"), "Entries": entries, "Associations": [] }] }).to_string())
}

fn cfn_rule((protocol, from, to, net): &Rule) -> Value {
    let mut rule = json!({ "IpProtocol": aws_protocol(protocol) });
    if *protocol != "all" {
        (rule["FromPort"], rule["ToPort"]) = ((*from).into(), (*to).into());
    }
    rule[if is_v6(net) { "CidrIpv6" } else { "CidrIp" }] = (*net).into();
    rule
}

fn cloudformation(_: &str, rules: &[Rule]) -> Option<String> {
    let ingress: Vec<Value> = rules.iter().map(cfn_rule).collect();
    let group = json!({ "Type": "AWS::EC2::SecurityGroup", "Properties": { "GroupDescription": "x", "SecurityGroupIngress": ingress } });
    Some(json!({ "AWSTemplateFormatVersion": "2010-09-09", "Resources": { "Web": group } }).to_string())
}

fn cloudformation_separate(_: &str, rules: &[Rule]) -> Option<String> {
    let mut resources = json!({ "Web": { "Type": "AWS::EC2::SecurityGroup", "Properties": { "GroupDescription": "x" } } });
    for (at, rule) in rules.iter().enumerate() {
        let mut properties = cfn_rule(rule);
        properties["GroupId"] = json!({ "Fn::GetAtt": ["Web", "GroupId"] });
        resources[format!("Rule{at}")] = json!({ "Type": "AWS::EC2::SecurityGroupIngress", "Properties": properties });
    }
    Some(json!({ "Resources": resources }).to_string())
}

fn cloudformation_yaml(_: &str, rules: &[Rule]) -> Option<String> {
    let mut text = "AWSTemplateFormatVersion: '2010-09-09'\nParameters:\n  First:\n    Type: String\n    Default: '22'\nResources:\n  Web:\n    Type: AWS::EC2::SecurityGroup\n    Properties:\n      GroupDescription: x\n".to_owned();
    if !rules.is_empty() {
        text.push_str("      SecurityGroupIngress:\n");
    }
    for (protocol, from, to, net) in rules {
        let from = if *from == 22 { "!Ref First".to_owned() } else { from.to_string() };
        let cidr = if is_v6(net) { format!("CidrIpv6: {net}") } else { format!("CidrIp: !Sub '{net}'") };
        text.push_str(&format!("        - IpProtocol: {}\n          {cidr}\n", aws_protocol(protocol)));
        if *protocol != "all" {
            text.push_str(&format!("          FromPort: {from}\n          ToPort: {to}\n"));
        }
    }
    Some(text)
}

fn describe_yaml(name: &str, rules: &[Rule]) -> Option<String> {
    let mut text = format!(
        "SecurityGroups:\n- GroupId: sg-{name}\n  GroupName: {name}\n  IpPermissionsEgress: []\n  IpPermissions:{}\n",
        if rules.is_empty() { " []" } else { "" }
    );
    for (protocol, from, to, net) in rules {
        text.push_str(&format!("  - IpProtocol: '{}'\n", aws_protocol(protocol)));
        if *protocol != "all" {
            text.push_str(&format!("    FromPort: {from}\n    ToPort: {to}\n"));
        }
        let (list, key) = if is_v6(net) { ("Ipv6Ranges", "CidrIpv6") } else { ("IpRanges", "CidrIp") };
        text.push_str(&format!("    {list}:\n    - {key}: {net}\n    UserIdGroupPairs: []\n"));
    }
    Some(text)
}
