//! How AWS and CloudFormation write rules.

use super::*;

pub(super) fn aws_protocol(protocol: &str) -> &str {
    if protocol == "all" { "-1" } else { protocol }
}

pub(super) fn describe(name: &str, rules: &[Rule]) -> Option<String> {
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

pub(super) fn describe_rules(name: &str, rules: &[Rule]) -> Option<String> {
    let row = |(protocol, from, to, net): &Rule| {
        let ports = if *protocol == "all" { (-1, -1) } else { (*from, *to) };
        let key = if is_v6(net) { "CidrIpv6" } else { "CidrIpv4" };
        json!({ "SecurityGroupRuleId": "sgr-1", "GroupId": format!("sg-{name}"), "IsEgress": false, "IpProtocol": aws_protocol(protocol),
            "FromPort": ports.0, "ToPort": ports.1, key: net })
    };
    // A group without rules has no row.
    (!rules.is_empty()).then(|| json!({ "SecurityGroupRules": rules.iter().map(row).collect::<Vec<_>>() }).to_string())
}

pub(super) fn network_acl(name: &str, rules: &[Rule]) -> Option<String> {
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

pub(super) fn cfn_rule((protocol, from, to, net): &Rule) -> Value {
    let mut rule = json!({ "IpProtocol": aws_protocol(protocol) });
    if *protocol != "all" {
        (rule["FromPort"], rule["ToPort"]) = ((*from).into(), (*to).into());
    }
    rule[if is_v6(net) { "CidrIpv6" } else { "CidrIp" }] = (*net).into();
    rule
}

pub(super) fn cloudformation(_: &str, rules: &[Rule]) -> Option<String> {
    let ingress: Vec<Value> = rules.iter().map(cfn_rule).collect();
    let group = json!({ "Type": "AWS::EC2::SecurityGroup", "Properties": { "GroupDescription": "x", "SecurityGroupIngress": ingress } });
    Some(json!({ "AWSTemplateFormatVersion": "2010-09-09", "Resources": { "Web": group } }).to_string())
}

pub(super) fn cloudformation_separate(_: &str, rules: &[Rule]) -> Option<String> {
    let mut resources = json!({ "Web": { "Type": "AWS::EC2::SecurityGroup", "Properties": { "GroupDescription": "x" } } });
    for (at, rule) in rules.iter().enumerate() {
        let mut properties = cfn_rule(rule);
        properties["GroupId"] = json!({ "Fn::GetAtt": ["Web", "GroupId"] });
        resources[format!("Rule{at}")] = json!({ "Type": "AWS::EC2::SecurityGroupIngress", "Properties": properties });
    }
    Some(json!({ "Resources": resources }).to_string())
}

pub(super) fn cloudformation_yaml(_: &str, rules: &[Rule]) -> Option<String> {
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

pub(super) fn describe_yaml(name: &str, rules: &[Rule]) -> Option<String> {
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
