//! What the fields mean.

use super::*;

#[test]
fn protocols_and_ports_as_the_api_means_them() {
    for (rule, protocol, ports) in [
        ("in -1 - 10.0.0.0/24", "all", json!("all")),
        ("in -1 443 10.0.0.0/24", "all", json!("all")),
        ("in 6 22 10.0.0.0/24", "tcp", json!("22")),
        ("in TCP 22 10.0.0.0/24", "tcp", json!("22")),
        ("in tcp 0 10.0.0.0/24", "tcp", json!("0")),
        ("in 50 22 10.0.0.0/24", "esp", Value::Null),
        ("in udp 0-65535 10.0.0.0/24", "udp", json!("all")),
    ] {
        let report = reported(listing(vec![group("web", &[rule])]));
        let exposure = &report["policies"][0]["exposures"][0];
        assert_eq!((&exposure["protocol"], &exposure["ports"]), (&json!(protocol), &ports), "{rule}");
    }
    let report = reported(listing(vec![group("web", &["in tcp - 10.0.0.0/24"])]));
    assert_eq!(report["policies"][0]["exposures"][0]["ports"], "all");
    problem(&report, "names no ports");
}

#[test]
fn host_bits_are_cleared_and_told() {
    let report = reported(listing(vec![group("web", &["in tcp 22 11.0.0.0/0"])]));
    assert_eq!(report["policies"][0]["rules"][0]["peer"], "0.0.0.0/0");
    problem(&report, "every address");
}

#[test]
fn stale_references_admit_nobody() {
    let mut stale = group("web", &["in tcp 22 sg-gone"]);
    stale["IpPermissions"][0]["UserIdGroupPairs"][0]["PeeringStatus"] = "deleted".into();
    let report = reported(listing(vec![stale]));
    assert_eq!(report["policies"][0]["rules"][0]["effect"], "dead");
    problem(&report, "stale");
}

#[test]
fn a_group_named_without_its_rules_is_nothing_to_judge() {
    let report = reported(json!([{ "GroupId": "sg-web", "GroupName": "web" }]).to_string());
    assert_eq!((&report["verdict"], &report["documents"][0]["format"]), (&Value::Null, &json!("aws-security-groups")));
    problem(&report, "without its rules");
    assert_eq!(reported(json!({ "SecurityGroups": [] }).to_string())["verdict"], Value::Null);
}

#[test]
fn unknown_fields_change_nothing() {
    let mut group = open_group();
    group["SecurityGroupArn"] = "arn:aws:ec2:eu-west-1:123456789012:security-group/sg-web".into();
    group["Invented"] = json!({ "deep": [1, { "x": null }] });
    quietly(listing(vec![group]), "aws-security-groups", 1);
}

#[test]
fn places_are_lines_and_utf16_columns() {
    let text = "{\"SecurityGroups\": [\n {\"GroupId\": \"sg-web\", \"GroupName\": \"w\u{1f600}b\", \"IpPermissions\": [\n  {\"IpProtocol\": \"tcp\", \"FromPort\": 22, \"ToPort\": 22, \"IpRanges\": [{\"Description\": \"\u{1f600}\", \"CidrIp\": \"0.0.0.0/0\"}]}]}]}";
    let report = open(text, "aws-security-groups", 1);
    let line = text.lines().nth(2).unwrap();
    let column = line[..line.find("\"0.0.0.0/0\"").unwrap()].encode_utf16().count() + 1;
    let at = &report["policies"][0]["rules"][0]["at"];
    assert_eq!((at["line"].as_u64(), at["column"].as_u64()), (Some(3), Some(column as u64)));
    assert_eq!(at["end_column"].as_u64(), Some(column as u64 + 11));
    assert_eq!(report["findings"][0]["places"][0], *at);
    assert_eq!(report["policies"][0]["at"]["line"], 2);
}

#[test]
fn network_acls_by_number() {
    let entry = |number: u32, action: &str, port: Option<u16>, cidr: &str| {
        let mut entry = json!({ "RuleNumber": number, "Protocol": if port.is_some() { "6" } else { "-1" }, "RuleAction": action, "Egress": false, "CidrBlock": cidr });
        if let Some(port) = port {
            entry["PortRange"] = json!({ "From": port, "To": port });
        }
        entry
    };
    let acl = |entries: Vec<Value>| {
        json!({ "NetworkAcls": [{ "NetworkAclId": "acl-1", "Associations": [], "Entries": entries, "Tags": [{ "Key": "Name", "Value": "edge" }] }] }).to_string()
    };
    let report = reported(acl(vec![entry(200, "allow", Some(22), "0.0.0.0/0"), entry(32_767, "deny", None, "0.0.0.0/0")]));
    assert_eq!((&report["documents"][0]["format"], &report["verdict"]), (&json!("aws-network-acls"), &json!("caution")));
    assert_eq!(report["policies"][0]["exposures"][0]["reach"], "internet");
    let closed = reported(acl(vec![entry(200, "allow", Some(22), "0.0.0.0/0"), entry(100, "deny", None, "0.0.0.0/0")]));
    assert_eq!((&closed["verdict"], &closed["policies"][0]["rules"][0]["effect"]), (&json!("secure"), &json!("shadowed")));
    let halves = reported(acl(vec![
        entry(100, "deny", Some(22), "0.0.0.0/1"),
        entry(110, "deny", Some(22), "128.0.0.0/1"),
        entry(200, "allow", Some(22), "0.0.0.0/0"),
    ]));
    assert_eq!(halves["verdict"], "secure");
}

#[test]
fn prefix_lists_resolve_across_documents() {
    let groups = listing(vec![group("web", &["in tcp 22 pl-0123"])]);
    let entries = json!({ "Entries": [{ "Cidr": "10.0.0.0/8", "Description": "inside" }] }).to_string();
    assert_eq!(reported(&groups)["verdict"], "unknown");
    for text in [format!("{groups}\n{entries}"), format!("{entries}\n{groups}")] {
        let report = reported(text);
        assert_eq!((&report["verdict"], &report["unresolved"]), (&json!("secure"), &json!([])));
        assert_eq!(report["policies"][0]["rules"][0]["peer"], "pl-0123");
    }
    let open = json!({ "Entries": [{ "Cidr": "0.0.0.0/1" }, { "Cidr": "128.0.0.0/1" }] });
    assert_eq!(reported(format!("{groups}\n{open}"))["verdict"], "dangerous");
    // two lists are open, and the entries don't say whose they are
    let two = listing(vec![group("web", &["in tcp 22 pl-0123", "in tcp 22 pl-0456"])]);
    assert_eq!(reported(format!("{two}\n{entries}"))["verdict"], "unknown");
    let listed = |name: &str| json!({ "PrefixLists": [{ "PrefixListId": "pl-0123", "PrefixListName": name, "OwnerId": "AWS" }] });
    assert_eq!(reported(format!("{groups}\n{}", listed("com.amazonaws.global.cloudfront.origin-facing")))["verdict"], "dangerous");
    assert_eq!(reported(format!("{groups}\n{}", listed("com.amazonaws.eu-west-1.s3")))["verdict"], "secure");
    assert_eq!(reported(format!("{groups}\n{}", listed("mine")))["verdict"], "unknown");
}

#[test]
fn network_acls_of_inventories_are_known_by_their_id() {
    let entries = json!([{ "RuleNumber": 100, "Protocol": "6", "RuleAction": "allow", "Egress": false, "CidrBlock": "0.0.0.0/0",
        "PortRange": { "From": 22, "To": 22 } }]);
    let arn = "arn:aws:ec2:eu-west-1:123456789012:network-acl/acl-1";
    let item = |configuration: Value| {
        json!({ "configurationItems": [{ "resourceType": "AWS::EC2::NetworkAcl", "resourceId": "acl-1", "configurationItemStatus": "OK",
            "configuration": configuration }] })
    };
    let configuration = json!({ "networkAclId": "acl-1", "entries": [{ "ruleNumber": 100, "protocol": "6", "ruleAction": "allow",
        "egress": false, "cidrBlock": "0.0.0.0/0", "portRange": { "from": 22, "to": 22 } }] });
    let listed = |mut acl: Value| {
        acl["Entries"] = entries.clone();
        json!([acl])
    };
    for (value, format) in [
        (listed(json!({ "Id": "acl-1" })), "aws-network-acls"),
        (listed(json!({ "ID": "acl-1" })), "aws-network-acls"),
        (listed(json!({ "ResourceId": "acl-1", "ResourceType": "network-acl" })), "aws-network-acls"),
        (listed(json!({ "Arn": arn })), "aws-network-acls"),
        (listed(json!({ "Id": "7", "ResourceArn": arn })), "aws-network-acls"),
        (item(configuration.clone()), "aws-config-items"),
        (item(json!(configuration.to_string())), "aws-config-items"),
        (item(configuration.clone())["configurationItems"][0].clone(), "aws-config-items"),
    ] {
        let report = reported(value.to_string());
        assert_eq!((&report["documents"][0]["format"], &report["policies"][0]["id"]), (&json!(format), &json!("acl-1")), "{value}");
        assert_eq!(admits(&report["policies"][0]), ["in tcp 22 internet caution"], "{value}");
        assert_eq!(report["documents"][0]["problems"], json!([]), "{value}");
    }
    let empty = reported(json!({ "Id": "acl-1", "Entries": [] }).to_string());
    assert_eq!((&empty["policies"][0]["id"], &empty["verdict"]), (&json!("acl-1"), &json!("secure")));
    let broken = reported(item(json!("{\"networkAclId\": ")).to_string());
    assert_eq!((&broken["verdict"], broken["policies"].as_array().unwrap().len()), (&json!("unknown"), 0));
}
