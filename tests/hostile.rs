//! Bad input: a sentence with a line, what could be read still judged, never a panic.

use portcullis_tests::{group, listing, reported};
use serde_json::{Value, json};

fn open_listing() -> String {
    listing(vec![group("web", &["in tcp 22 0.0.0.0/0"]), group("db", &["in tcp 3306 10.0.10.0/24"])])
}

/// The problem with these words, as (line, message); sentences are lower case and name no types.
#[track_caller]
fn told(report: &Value, words: &str) -> u64 {
    let problems = report["documents"][0]["problems"].as_array().unwrap();
    let found =
        problems.iter().find(|p| p["message"].as_str().unwrap().contains(words)).unwrap_or_else(|| panic!("{words}: {problems:#?}"));
    let message = found["message"].as_str().unwrap();
    assert!(!message.chars().next().unwrap().is_uppercase() || message.starts_with('`'), "{message}");
    assert!(["u32", "Option", "serde", "struct", "Vec", "invalid type"].iter().all(|word| !message.contains(word)), "{message}");
    found["at"]["line"].as_u64().unwrap()
}

/// It can't be read and is unknown.
#[track_caller]
fn unreadable(text: impl AsRef<[u8]>, words: &str) {
    let report = reported(text);
    assert_eq!(report["verdict"], "unknown");
    told(&report, words);
}

#[test]
fn nothing() {
    for text in ["", " \n\t", "\u{feff}"] {
        unreadable(text, "there is nothing here");
    }
}

#[test]
fn something_else() {
    unreadable("hello", "no firewall configuration");
    unreadable("42", "no firewall configuration");
    unreadable("{}", "no firewall configuration");
    unreadable("[1, 2]", "was not judged");
    unreadable("null", "no firewall configuration");
    unreadable("<html><body>", "XML or HTML");
}

#[test]
fn binary() {
    unreadable(b"\x1f\x8b\x08\x00\x00\x00", "gzip");
    unreadable(b"PK\x03\x04\x00\x00", "zip");
    let noise: Vec<u8> = (0..20_000_u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    unreadable(noise, "binary");
    unreadable(vec![0_u8; 100], "binary");
}

#[test]
fn cut_off_at_every_byte() {
    let text = open_listing();
    // Every cut is a document of its own: none may panic, and none may be called secure.
    for end in 1..text.trim_end().len() {
        let report = reported(&text[..end]);
        assert!(report["verdict"] == "unknown" || report["verdict"] == "dangerous", "{end}: {}", report["verdict"]);
        assert!(!report["documents"][0]["problems"].as_array().unwrap().is_empty(), "{end}");
    }
}

#[test]
fn what_stands_before_the_cut_is_judged() {
    let text = open_listing();
    let cut = text.find("3306").unwrap();
    let report = reported(&text[..cut]);
    assert_eq!(report["verdict"], "dangerous");
    assert_eq!(report["policies"][0]["verdict"], "dangerous");
    assert_eq!(report["policies"][1]["verdict"], "unknown", "the rest of the second group could admit anyone");
    let line = told(&report, "the text ends inside");
    assert_eq!(line, text[..cut].lines().count() as u64);
}

#[test]
fn what_breaks_off_within_a_list_in_a_list_is_unknown_on_every_page() {
    let group = |name| group(name, &["in tcp 3306 10.0.10.0/24"]);
    for end in ["}", ""] {
        let report = reported(format!("{{\"SecurityGroups\": [[{}, {}{end}", group("a"), group("b")));
        let verdicts: Vec<&Value> = report["policies"].as_array().unwrap().iter().map(|policy| &policy["verdict"]).collect();
        assert_eq!(verdicts, ["secure", "unknown"]);
        assert_eq!((&report["counts"]["secure"], &report["counts"]["unknown"]), (&json!(1), &json!(1)));
    }
}

#[test]
fn broken_in_the_middle() {
    let text = open_listing().replacen("\"GroupName\": \"db\"", "\"GroupName\" \"db\"", 1);
    let report = reported(&text);
    assert_eq!(report["policies"][0]["verdict"], "dangerous");
    let line = told(&report, "colon");
    assert!(text.lines().nth(line as usize - 1).unwrap().contains("\"GroupName\" \"db\""));
    let unclosed = open_listing().replacen("\"db\"", "\"db", 1);
    told(&reported(unclosed), "not closed on its line");
    told(&reported(open_listing().replacen("22", "2x2", 1)), "is not a number");
    told(&reported(open_listing().replacen("22", "nil", 1)), "a value was expected");
}

#[test]
fn nesting() {
    let deep = |levels: usize| {
        format!(
            "{{\"SecurityGroups\": [{}, {{\"GroupId\": \"sg-1\", \"x\": {}1{}}}]}}",
            group("web", &["in tcp 22 0.0.0.0/0"]),
            "[".repeat(levels),
            "]".repeat(levels)
        )
    };
    let report = reported(deep(64));
    assert_eq!(report["policies"].as_array().unwrap().len(), 1);
    assert_eq!(report["verdict"], "dangerous");
    let report = reported(deep(100_000));
    assert_eq!(report["verdict"], "dangerous");
    told(&report, "nested deeper than 128 levels");
    for open in ["[", "{\"a\":", "(", "'"] {
        let report = reported(open.repeat(100_000));
        assert_eq!(report["verdict"], "unknown", "{open}");
    }
}

#[test]
fn a_string_of_five_megabytes() {
    let mut long = group("web", &["in tcp 22 0.0.0.0/0"]);
    long["Description"] = "x".repeat(5_000_000).into();
    long["IpPermissions"][0]["IpRanges"][0]["Description"] = "\u{fc}".repeat(2_500_000).into();
    assert_eq!(reported(listing(vec![long.clone()]))["verdict"], "dangerous");
    long["IpPermissions"][0]["IpRanges"][0]["CidrIp"] = "9".repeat(5_000_000).into();
    let report = reported(listing(vec![long]));
    assert_eq!(report["verdict"], "unknown");
    let problem = report["documents"][0]["problems"][0]["message"].as_str().unwrap();
    assert!(problem.len() < 300, "a message quotes a little of it only");
}

#[test]
fn duplicate_keys() {
    let text = "{\"SecurityGroups\": [{\"GroupId\": \"sg-1\", \"IpPermissionsEgress\": [], \"IpPermissions\": [\n{\"IpProtocol\": \"tcp\", \"FromPort\": 443, \"ToPort\": 22,\n\"FromPort\": 22, \"IpRanges\": [{\"CidrIp\": \"0.0.0.0/0\"}]}]}]}";
    let report = reported(text);
    assert_eq!(told(&report, "stands twice"), 3);
    assert_eq!(report["policies"][0]["exposures"][0]["ports"], "22", "the last one counts");
}

#[test]
fn numbers_out_of_range() {
    for (rule, words) in [
        ("in tcp 70000 0.0.0.0/0", "not between 0 and 65535"),
        ("in tcp 22-99999999999 0.0.0.0/0", "not between 0 and 65535"),
        ("in 300 - 0.0.0.0/0", "is no protocol"),
        ("in tcp 22 10.0.0.0/33", "is no CIDR"),
        ("in gopher - 0.0.0.0/0", "is no protocol"),
        ("in tcp 22 10.0.0/8", "is no CIDR"),
    ] {
        let report = reported(listing(vec![group("web", &[rule])]));
        told(&report, words);
        assert_eq!(report["verdict"], "unknown", "{rule}: what was not understood is never secure");
    }
    let icmp = reported(listing(vec![group("web", &["in icmp 999/0 0.0.0.0/0"])]));
    told(&icmp, "0 to 255");
    assert_eq!(icmp["verdict"], "caution", "no ICMP message is worse than that");
    let huge = open_listing().replacen("22", "123456789012345678901234567890", 1);
    told(&reported(huge), "as numbers");
}

#[test]
fn a_port_range_upside_down() {
    let report = reported(listing(vec![group("web", &["in tcp 30-20 0.0.0.0/0", "in tcp 22 10.0.0.0/24"])]));
    told(&report, "upside down");
    assert_eq!(report["policies"][0]["rules"][0]["effect"], "dead");
    assert_eq!(report["verdict"], "secure");
}

#[test]
fn invalid_utf8() {
    let mut bytes = open_listing().into_bytes();
    let at = bytes.windows(5).position(|window| window == b"\"web\"").unwrap();
    bytes[at + 1] = 0xff;
    let report = reported(&bytes);
    assert_eq!(report["verdict"], "dangerous");
    let line = bytes[..at].iter().filter(|byte| **byte == b'\n').count() as u64 + 1;
    assert_eq!(told(&report, "not valid UTF-8"), line);
}

#[test]
fn wrong_types_everywhere() {
    let odd =
        [json!(null), json!(true), json!(-1), json!(1e300), json!("x"), json!([]), json!({}), json!([[]]), json!([null]), json!([{}])];
    let group = group("web", &["in tcp 22 0.0.0.0/0", "in tcp 80 sg-1", "in tcp 90 pl-1", "out -1 - ::/0"]);
    for wrong in &odd {
        for field in ["GroupId", "GroupName", "IpPermissions", "IpPermissionsEgress", "Tags"] {
            let mut group = group.clone();
            group[field] = wrong.clone();
            reported(listing(vec![group]));
        }
        for field in ["IpProtocol", "FromPort", "ToPort", "IpRanges", "Ipv6Ranges", "PrefixListIds", "UserIdGroupPairs"] {
            let mut group = group.clone();
            group["IpPermissions"][0][field] = wrong.clone();
            let report = reported(listing(vec![group.clone()]));
            assert_ne!(report["verdict"], Value::Null, "{field} = {wrong}");
            for part in ["CidrIp", "PrefixListId", "GroupId"] {
                group["IpPermissions"][0][field] = json!([{ part: wrong }]);
                reported(listing(vec![group.clone()]));
            }
        }
        reported(json!({ "SecurityGroups": wrong }).to_string());
        reported(json!({ "SecurityGroupRules": [wrong] }).to_string());
        reported(json!({ "Records": wrong, "configurationItems": [wrong], "Events": [wrong] }).to_string());
    }
}

#[test]
fn text_stays_text() {
    let nasty = "<img src=x onerror=alert(1)>\u{1b}[31m=cmd|' /C calc'!A0\u{202e}";
    let mut named = group("web", &["in tcp 22 0.0.0.0/0"]);
    named["GroupName"] = nasty.into();
    named["IpPermissions"][0]["IpRanges"][0]["Description"] = nasty.into();
    let report = reported(listing(vec![named]));
    assert_eq!(report["policies"][0]["name"], nasty);
    assert_eq!(report["policies"][0]["rules"][0]["description"], nasty);
    let text = serde_json::to_string(&report).unwrap();
    assert!(text.contains("\\u001b") && !text.contains('\u{1b}'), "control characters are escaped");
}

#[test]
fn a_group_too_intricate_is_unknown_and_the_others_are_judged() {
    let rules: Vec<String> = (0..12_000_u32).map(|i| format!("in tcp {i}-{} 10.{}.{}.0/24", 40_000 + i, i / 256, i % 256)).collect();
    let many = group("many", &rules.iter().map(String::as_str).collect::<Vec<_>>());
    let report = reported(listing(vec![many, group("db", &["in tcp 3306 10.0.10.0/24"])]));
    assert_eq!((&report["policies"][0]["verdict"], &report["policies"][1]["verdict"]), (&json!("unknown"), &json!("secure")));
    assert!(report["findings"].as_array().unwrap().iter().any(|finding| finding["audit"] == "not-evaluated"));
}

/// A network security group of one rule's fields each.
fn security_group(rules: &[Value]) -> String {
    let id = "/subscriptions/0/resourceGroups/r/providers/Microsoft.Network/networkSecurityGroups/web";
    let kind = "Microsoft.Network/networkSecurityGroups";
    let rules = rules.iter().zip(100..).map(|(own, priority)| {
        let mut fields = json!({ "priority": priority, "direction": "Inbound", "access": "Allow", "protocol": "Tcp", "sourcePortRange": "*",
            "sourceAddressPrefix": "*", "destinationAddressPrefix": "*", "destinationPortRange": "22" });
        own.as_object().unwrap().iter().for_each(|(key, value)| fields[key] = value.clone());
        json!({ "name": format!("rule-{priority}"), "properties": fields })
    });
    json!({ "name": "web", "id": id, "type": kind, "properties": { "securityRules": rules.collect::<Vec<_>>() } }).to_string()
}

#[test]
fn a_rule_of_many_prefixes_and_many_ports_is_unknown_and_not_their_product() {
    let prefixes: Vec<String> = (0..2_500).map(|i| format!("10.{}.{}.0/25", i / 256, i % 256)).collect();
    let ports: Vec<String> = (0..2_500).map(|i| (2 * i).to_string()).collect();
    let rule = json!({ "sourceAddressPrefix": null, "sourceAddressPrefixes": prefixes, "destinationPortRange": null, "destinationPortRanges": ports });
    let report = reported(security_group(&[rule]));
    assert_eq!(report["verdict"], "unknown");
    assert!(report["findings"].as_array().unwrap().iter().any(|finding| finding["audit"] == "not-evaluated"));
}

#[test]
fn many_denies_many_parts_and_many_source_ports_come_to_an_end() {
    let octets = |i: u32| format!("10.{}.{}.0/25", i / 256, i % 256);
    let denies = (0..8_000).map(|i| json!({ "access": "Deny", "sourceAddressPrefix": octets(i), "destinationPortRange": "*" }));
    let parts = (0..17_000).map(|i| json!({ "destinationAddressPrefix": octets(i), "destinationPortRange": "80-443" }));
    let from = (0..3_000).map(|i| json!({ "sourcePortRange": format!("{i}-{}", i + 100) }));
    for (rules, verdict) in [(denies.collect::<Vec<_>>(), "secure"), (parts.collect(), "unknown"), (from.collect(), "unknown")] {
        assert_eq!(reported(security_group(&rules))["verdict"], verdict);
    }
}

#[test]
fn a_rule_that_could_not_be_looked_at_by_itself_is_not_secure() {
    let ports: Vec<String> = (0..100).map(|i| (2 * i).to_string()).collect();
    let deny = |i| json!({ "access": "Deny", "sourceAddressPrefix": format!("10.0.{i}.0/24"), "destinationPortRange": null, "destinationPortRanges": ports });
    let rules: Vec<Value> = (0..250).map(deny).chain((0..200).map(|_| json!({}))).collect();
    let report = reported(security_group(&rules));
    let rules = report["policies"][0]["rules"].as_array().unwrap();
    let verdicts: Vec<&Value> =
        rules.iter().filter(|rule| rule["action"] == "allow" && rule["ports"] == "22").map(|rule| &rule["verdict"]).collect();
    assert_eq!(verdicts.len(), 200);
    assert!(verdicts.iter().all(|verdict| *verdict == "dangerous" || *verdict == "unknown"), "{verdicts:?}");
}

#[test]
fn many_interfaces_in_many_groups_are_not_kept_once_for_each_pair() {
    let groups: Vec<Value> = (0..60).map(|i| group(&i.to_string(), &[&format!("in tcp 22 sg-{}", (i + 1) % 60)])).collect();
    let members: Vec<Value> = (0..60).map(|i| json!({ "GroupId": format!("sg-{i}") })).collect();
    let interface = |i| json!({ "NetworkInterfaceId": format!("eni-{i}"), "SubnetId": "subnet-1", "VpcId": "vpc-0a1b2c3d", "PrivateIpAddress": format!("10.0.0.{i}"), "Groups": members });
    let interfaces = json!({ "NetworkInterfaces": (0..60).map(interface).collect::<Vec<_>>() });
    let report = reported(format!("{interfaces}\n{}", listing(groups)));
    assert_eq!((report["surfaces"].as_array().unwrap().len(), &report["verdict"]), (60, &json!("secure")));
}

#[test]
fn what_was_not_judged_is_never_secure() {
    let secure = group("db", &["in tcp 3306 10.0.10.0/24"]);
    let report = reported(json!([secure, { "name": "allow-ssh", "sourceRanges": ["0.0.0.0/0"] }]).to_string());
    assert_eq!((&report["verdict"], &report["policies"][0]["verdict"]), (&json!("unknown"), &json!("secure")));
    told(&report, "was not judged");
}

#[test]
fn text_behind_the_json_is_not_passed_over_in_silence() {
    let report = reported(format!("{}\nresource \"aws_security_group\" \"x\" {{\n", open_listing()));
    told(&report, "not JSON and was passed over");
    assert_eq!(report["policies"][0]["verdict"], "dangerous");
}
