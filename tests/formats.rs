//! Every envelope that people paste: what it is taken for, and what becomes of what is inside.

use portcullis_tests::{admits, group, listing, reported};
use serde_json::{Value, json};

/// A group with SSH open to the world, in the shape of the CLI.
fn open_group() -> Value {
    group("web", &["in tcp 22 0.0.0.0/0", "out -1 - 0.0.0.0/0"])
}

fn open_permission() -> Value {
    open_group()["IpPermissions"][0].clone()
}

fn open_row() -> Value {
    json!({
        "SecurityGroupRuleId": "sgr-0a1b2c3d", "GroupId": "sg-web", "GroupOwnerId": "123456789012", "IsEgress": false,
        "IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIpv4": "0.0.0.0/0", "Tags": [],
    })
}

/// Checks the detected format and the number of groups; SSH is open in each of them.
#[track_caller]
fn open(text: impl AsRef<[u8]>, format: &str, groups: usize) -> Value {
    let report = reported(text);
    let policies = report["policies"].as_array().unwrap();
    assert_eq!(report["documents"][0]["format"], format, "{:#}", report["documents"]);
    assert_eq!(policies.len(), groups, "{:#}", report["documents"]);
    for policy in policies {
        let ssh = policy["exposures"].as_array().unwrap().iter().any(|e| {
            e["direction"] == "ingress"
                && e["protocol"] == "tcp"
                && e["ports"] == "22"
                && e["reach"] == "internet"
                && e["verdict"] == "dangerous"
        });
        assert!(ssh, "{policy:#}");
    }
    report
}

/// The same, without a word of complaint.
#[track_caller]
fn quietly(text: impl AsRef<[u8]>, format: &str, groups: usize) {
    let report = open(text, format, groups);
    assert_eq!(report["documents"][0]["problems"], json!([]));
}

#[track_caller]
fn problem(report: &Value, words: &str) -> (u64, u64) {
    let problems = report["documents"][0]["problems"].as_array().unwrap();
    let found =
        problems.iter().find(|p| p["message"].as_str().unwrap().contains(words)).unwrap_or_else(|| panic!("{words}: {problems:#?}"));
    (found["at"]["line"].as_u64().unwrap(), found["at"]["column"].as_u64().unwrap())
}

#[test]
fn the_cli_prints_groups() {
    quietly(listing(vec![open_group()]), "aws-security-groups", 1);
    quietly(listing(vec![open_group(), open_group()]), "aws-security-groups", 2);
    let paged = json!({ "SecurityGroups": [open_group()], "NextToken": "eyJ2IjoiMiJ9" });
    quietly(paged.to_string(), "aws-security-groups", 1);
}

#[test]
fn the_cli_prints_rules() {
    let report = open(json!({ "SecurityGroupRules": [open_row()] }).to_string(), "aws-security-group-rules", 1);
    assert_eq!(report["policies"][0]["rules"][0]["id"], "sgr-0a1b2c3d");
    let mut other = open_row();
    other["GroupId"] = "sg-other".into();
    quietly(json!({ "SecurityGroupRules": [open_row(), other, open_row()] }).to_string(), "aws-security-group-rules", 2);
}

#[test]
fn rows_name_every_kind_of_peer() {
    let row = |peer: Value| {
        let mut row = json!({ "GroupId": "sg-web", "IsEgress": false, "IpProtocol": "-1", "FromPort": -1, "ToPort": -1 });
        row.as_object_mut().unwrap().extend(peer.as_object().unwrap().clone());
        row
    };
    let rows = [
        row(json!({ "CidrIpv6": "fd00::/64" })),
        row(json!({ "PrefixListId": "pl-0123" })),
        row(json!({ "ReferencedGroupInfo": { "GroupId": "sg-lb", "UserId": "123456789012" } })),
    ];
    let report = reported(json!({ "SecurityGroupRules": rows }).to_string());
    let peers: Vec<&str> = report["policies"][0]["rules"].as_array().unwrap().iter().map(|rule| rule["peer"].as_str().unwrap()).collect();
    assert_eq!(peers, ["fd00::/64", "pl-0123", "sg-lb"]);
    assert_eq!(report["verdict"], "unknown");
}

#[test]
fn authorise_calls_answer_with_rules() {
    let answer = json!({ "Return": true, "SecurityGroupRules": [open_row()] });
    quietly(answer.to_string(), "aws-security-group-rules", 1);
}

#[test]
fn parts_of_a_listing() {
    quietly(json!([open_group(), open_group()]).to_string(), "aws-security-groups", 2);
    quietly(open_group().to_string(), "aws-security-groups", 1);
    quietly(json!([[open_group()], [open_group()]]).to_string(), "aws-security-groups", 2);
    quietly(json!([open_row()]).to_string(), "aws-security-group-rules", 1);
    quietly(open_row().to_string(), "aws-security-group-rules", 1);
}

#[test]
fn renamed_and_chosen_columns() {
    let renamed = json!([{ "ID": "sg-web", "Name": "web", "Ingress": [open_permission()], "Egress": [] }]);
    let report = open(renamed.to_string(), "aws-security-groups", 1);
    assert_eq!((&report["policies"][0]["id"], &report["policies"][0]["name"]), (&json!("sg-web"), &json!("web")));
    open(json!([["sg-web", [open_permission()]]]).to_string(), "aws-security-groups", 1);
    let bare = open(json!([open_permission()]).to_string(), "aws-ip-permissions", 1);
    problem(&bare, "neither a group nor a direction");
    open(json!([[open_permission()], [open_permission()]]).to_string(), "aws-ip-permissions", 1);
}

#[test]
fn pages_one_after_the_other() {
    let page = listing(vec![open_group()]);
    quietly(format!("{page}\n{page}\n"), "aws-security-groups", 2);
    quietly(format!("{page}{page}"), "aws-security-groups", 2);
    let prompt = "$ aws ec2 describe-security-groups\n";
    quietly(format!("{prompt}{page}\n{prompt}{page}\n$ "), "aws-security-groups", 2);
}

#[test]
fn a_prompt_before_the_json() {
    for prompt in [
        "$ aws ec2 describe-security-groups --output json",
        "[ec2-user@ip-10-0-0-1 ~]$ aws ec2 describe-security-groups",
        "PS C:\\Users\\me> aws ec2 describe-security-groups",
        "~ % aws ec2 describe-security-groups \\",
        "# aws ec2 describe-security-groups",
    ] {
        quietly(format!("{prompt}\n{}", listing(vec![open_group()])), "aws-security-groups", 1);
    }
}

#[test]
fn recorders_wrap_responses() {
    let data = json!({ "status_code": 200, "data": { "ResponseMetadata": {}, "SecurityGroups": [open_group()] } });
    quietly(data.to_string(), "aws-security-groups", 1);
    let nested = json!({ "request": { "uri": "x" }, "response": { "body": { "SecurityGroups": [open_group()] } } });
    quietly(nested.to_string(), "aws-security-groups", 1);
}

#[test]
fn config_items() {
    let configuration = json!({
        "groupId": "sg-web", "groupName": "web", "ownerId": "123456789012", "vpcId": "vpc-1",
        "ipPermissions": [{
            "ipProtocol": "tcp", "fromPort": 22, "toPort": 22, "ipRanges": ["0.0.0.0/0"], "ipv4Ranges": [{ "cidrIp": "0.0.0.0/0" }],
            "ipv6Ranges": [], "prefixListIds": [], "userIdGroupPairs": [],
        }],
        "ipPermissionsEgress": [],
    });
    let item =
        |configuration: Value| json!({ "resourceType": "AWS::EC2::SecurityGroup", "resourceId": "sg-web", "configuration": configuration });
    let report = open(item(configuration.clone()).to_string(), "aws-config-items", 1);
    assert_eq!(report["policies"][0]["rules"].as_array().unwrap().len(), 1, "the two spellings of one range are one rule");
    quietly(item(configuration.to_string().into()).to_string(), "aws-config-items", 1);
    quietly(json!({ "configurationItems": [item(configuration.clone()), item(configuration.clone())] }).to_string(), "aws-config-items", 2);
    let query = json!({ "Results": [item(configuration).to_string()], "QueryInfo": {} });
    open(query.to_string(), "aws-config-items", 1);
    let other = json!({ "resourceType": "AWS::EC2::Instance", "resourceId": "i-1", "configuration": {} });
    assert_eq!(reported(other.to_string())["verdict"], "unknown");
}

fn event(name: &str, parameters: Value) -> Value {
    json!({ "eventVersion": "1.08", "eventSource": "ec2.amazonaws.com", "eventName": name, "requestParameters": parameters })
}

#[test]
fn cloudtrail_events() {
    let permission = json!({ "ipProtocol": "tcp", "fromPort": "22", "toPort": "22", "groups": {},
        "ipRanges": { "items": [{ "cidrIp": "0.0.0.0/0" }] }, "ipv6Ranges": {}, "prefixListIds": {} });
    let authorise = event("AuthorizeSecurityGroupIngress", json!({ "groupId": "sg-web", "ipPermissions": { "items": [permission] } }));
    let report = open(authorise.to_string(), "aws-cloudtrail-events", 1);
    assert_eq!(report["policies"][0]["partial"], true);
    quietly(json!({ "Records": [authorise.clone(), authorise.clone()] }).to_string(), "aws-cloudtrail-events", 2);
    quietly(json!({ "detail-type": "AWS API Call via CloudTrail", "detail": authorise.clone() }).to_string(), "aws-cloudtrail-events", 1);
    let looked_up = json!({ "Events": [{ "EventName": "AuthorizeSecurityGroupIngress", "CloudTrailEvent": authorise.to_string() }] });
    quietly(looked_up.to_string(), "aws-cloudtrail-events", 1);
    let modify = event(
        "ModifySecurityGroupRules",
        json!({ "ModifySecurityGroupRulesRequest": { "GroupId": "sg-web",
        "SecurityGroupRule": { "SecurityGroupRuleId": "sgr-1", "SecurityGroupRule": { "IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIpv4": "0.0.0.0/0" } } } }),
    );
    open(modify.to_string(), "aws-cloudtrail-events", 1);
}

#[test]
fn events_that_add_nothing_are_said_to() {
    let revoke = reported(event("RevokeSecurityGroupIngress", json!({ "groupId": "sg-web" })).to_string());
    assert_eq!((&revoke["verdict"], &revoke["documents"][0]["format"]), (&Value::Null, &json!("aws-cloudtrail-events")));
    problem(&revoke, "adds no rules");
    let mut failed = event("AuthorizeSecurityGroupIngress", json!({ "groupId": "sg-web" }));
    failed["errorCode"] = "Client.UnauthorizedOperation".into();
    problem(&reported(failed.to_string()), "changed nothing");
}

#[test]
fn python_prints_its_own_way() {
    let repr = "{'SecurityGroups': [{'GroupId': 'sg-web', 'GroupName': u'web', 'IpPermissions': [{'IpProtocol': 'tcp', 'FromPort': 22, \
        'ToPort': 22, 'IpRanges': [{'CidrIp': '0.0.0.0/0', 'Description': None}], 'Ipv6Ranges': []}], 'IpPermissionsEgress': []}], \
        'ResponseMetadata': {'Date': datetime.datetime(2024, 5, 1, 12, 0, tzinfo=tzutc()), 'RetryAttempts': 0, 'Ok': True}}";
    quietly(repr, "aws-security-groups", 1);
    let datetimes = json!({ "SecurityGroups": [open_group()], "Date": "2024-05-01 12:00:00+00:00" });
    quietly(datetimes.to_string(), "aws-security-groups", 1);
}

#[test]
fn what_printers_leave_out_or_write_otherwise() {
    let mut nulls = open_group();
    for list in ["Ipv6Ranges", "PrefixListIds", "UserIdGroupPairs"] {
        nulls["IpPermissions"][0][list] = Value::Null;
    }
    nulls["IpPermissionsEgress"] = Value::Null;
    nulls["Tags"] = Value::Null;
    quietly(listing(vec![nulls]), "aws-security-groups", 1);

    let mut texts = open_group();
    texts["IpPermissions"][0]["FromPort"] = "22".into();
    texts["IpPermissions"][0]["ToPort"] = 22.0.into();
    texts["IpPermissions"][0]["IpProtocol"] = 6.into();
    quietly(listing(vec![texts]), "aws-security-groups", 1);

    let mut single = open_group();
    single["IpPermissions"] = single["IpPermissions"][0].clone();
    quietly(json!({ "SecurityGroups": single }).to_string(), "aws-security-groups", 1);

    let mut strings = open_group();
    strings["IpPermissions"][0]["IpRanges"] = json!(["0.0.0.0/0"]);
    quietly(listing(vec![strings]), "aws-security-groups", 1);

    let snake = r#"{"security_groups": [{"group_id": "sg-web", "group_name": "web", "ip_permissions": [{"ip_protocol": "tcp", "from_port": 22,
        "to_port": 22, "ip_ranges": [{"cidr_ip": "0.0.0.0/0"}]}], "ip_permissions_egress": []}]}"#;
    quietly(snake, "aws-security-groups", 1);
}

#[test]
fn what_editors_and_terminals_add() {
    let text = listing(vec![open_group()]);
    quietly(format!("\u{feff}{text}"), "aws-security-groups", 1);
    quietly(text.replace('\n', "\r\n"), "aws-security-groups", 1);
    let utf16: Vec<u8> = "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    quietly(utf16, "aws-security-groups", 1);
    let commas = text.replace("\n      ]", ",\n      ]").replace("\n    }", ",\n    }");
    assert_ne!(commas, text);
    quietly(commas, "aws-security-groups", 1);
    quietly(format!("// exported today\n{text} /* the end */ # really"), "aws-security-groups", 1);
    let report = open(text.replacen("},", "}", 1).replacen("\",", "\"", 1), "aws-security-groups", 1);
    problem(&report, "a comma is missing");
}

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
