//! The report against its published schema, and the promises that a schema can't hold.

use portcullis_core::ask::ask;
use portcullis_core::report::{self, ANSWER_SCHEMA, SCHEMA, SCHEMA_ID};
use portcullis_core::review::{Input, review};
use portcullis_tests::{STOCK, group, listing, reported};
use serde_json::Value;

#[track_caller]
fn check(report: &Value) {
    let schema: Value = serde_json::from_str(SCHEMA).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<String> = validator.iter_errors(report).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    let length = |of: &Value| of.as_array().unwrap().len() as u64;
    let documents = length(&report["documents"]);
    let at = |at: &Value| {
        let position = |line: &str, column: &str| (at[line].as_u64().unwrap(), at[column].as_u64().unwrap());
        assert!(at["document"].as_u64().unwrap() < documents);
        assert!(position("line", "column") <= position("end_line", "end_column"), "{at}");
    };
    for policy in report["policies"].as_array().unwrap() {
        at(&policy["at"]);
        let rules = length(&policy["rules"]);
        policy["rules"].as_array().unwrap().iter().for_each(|rule| at(&rule["at"]));
        for exposure in policy["exposures"].as_array().unwrap() {
            assert!(exposure["decided_by"].as_array().unwrap().iter().all(|rule| rule.as_u64().unwrap() < rules));
            assert!(exposure["reach"] == "nobody" || length(&exposure["decided_by"]) > 0, "{exposure}");
        }
    }
    for finding in report["findings"].as_array().unwrap() {
        let policy = &report["policies"][finding["policy"].as_u64().unwrap() as usize];
        assert!(finding["rules"].as_array().unwrap().iter().all(|rule| rule.as_u64().unwrap() < length(&policy["rules"])));
        finding["places"].as_array().unwrap().iter().for_each(at);
        for sentence in ["message", "why", "fix"] {
            assert!(!finding[sentence].as_str().unwrap().is_empty(), "{}: {sentence}", finding["audit"]);
        }
    }
    let counted: u64 = ["dangerous", "unknown", "caution", "secure"].iter().map(|v| report["counts"][v].as_u64().unwrap()).sum();
    assert_eq!(counted, length(&report["policies"]));
}

/// A hundred groups with every kind of rule, made without chance.
fn hundred() -> String {
    let peers = ["0.0.0.0/0", "::/0", "10.0.0.0/8", "203.0.113.0/24", "sg-0", "sg-7", "pl-1", "127.0.0.0/8", "128.0.0.0/1", "8.8.8.8/32"];
    let services = [
        "tcp 22",
        "tcp 3000-4000",
        "udp 53",
        "-1 -",
        "icmp -1/-1",
        "icmp 8/-1",
        "icmpv6 2/0",
        "47 -",
        "tcp 0-65535",
        "tcp 80",
        "udp 123",
        "tcp 40-30",
    ];
    let groups = (0..100_usize).map(|i| {
        let rules: Vec<String> = (0..=i % 7).map(|j| format!("in {} {}", services[(i * 5 + j) % 12], peers[(i + j * 3) % 10])).collect();
        let mut rules: Vec<&str> = rules.iter().map(String::as_str).collect();
        rules.push(if i % 3 == 0 { STOCK } else { "out tcp 443 0.0.0.0/0" });
        group(&i.to_string(), &rules)
    });
    listing(groups.collect())
}

#[test]
fn an_export_of_a_hundred_groups() {
    let report = reported(hundred());
    assert_eq!(report["schema"], SCHEMA_ID);
    assert_eq!(report["policies"].as_array().unwrap().len(), 100);
    for verdict in ["dangerous", "unknown", "caution", "secure"] {
        assert!(report["counts"][verdict].as_u64().unwrap() > 0, "the export has a group that is {verdict}");
    }
    check(&report);
}

#[test]
fn reports_about_what_could_not_be_read() {
    for text in ["", "hello", "{\"SecurityGroups\": [", "{\"SecurityGroups\": []}", "[1, {}]", "\u{0}"] {
        check(&reported(text));
    }
    let text = hundred();
    for cut in (1..12).map(|twelfth| text.len() * twelfth / 12) {
        check(&reported(&text.as_bytes()[..cut]));
    }
}

#[test]
fn numbers_are_exact() {
    let of = |peer: &str| {
        let report = reported(listing(vec![group("x", &[&format!("in tcp 22 {peer}")])]));
        let exposure = &report["policies"][0]["exposures"][0];
        (exposure["ipv4"].as_u64().unwrap(), exposure["ipv6_64s"].as_str().unwrap().to_owned())
    };
    assert_eq!(of("0.0.0.0/0"), (3_702_258_688, "0".to_owned()));
    assert_eq!(of("::/0"), (0, "2305541738732716032".to_owned()));
    assert_eq!(of("203.0.113.0/24"), (0, "0".to_owned()), "example addresses are left out of the counts");
    assert_eq!(of("100.0.0.0/8"), (12_582_912, "0".to_owned()));
}

#[test]
fn the_example_of_the_contract() {
    let report = reported(listing(vec![group("web", &["in tcp 20-25 0.0.0.0/0"])]));
    let exposure = &report["policies"][0]["exposures"][0];
    assert_eq!(exposure["services"], serde_json::json!(["ftp-data", "ftp", "ssh", "telnet", "smtp"]));
    assert_eq!(exposure["ports"], "20-25");
    assert_eq!(exposure["witness"], serde_json::json!({ "source": "1.0.0.1", "protocol": "tcp", "port": 23, "icmp": null }));
    assert_eq!(exposure["decided_by"], serde_json::json!([0]));
}

#[test]
fn controls_speak_of_their_own_platform() {
    let nsg = r#"{"name": "web", "type": "Microsoft.Network/networkSecurityGroups", "properties": {"securityRules": [{"name": "rdp", "properties":
        {"priority": 100, "direction": "Inbound", "access": "Allow", "protocol": "Tcp", "sourceAddressPrefix": "Internet", "sourcePortRange": "*",
        "destinationAddressPrefix": "*", "destinationPortRange": "3389"}}]}}"#;
    let report = reported(nsg);
    let finding = &report["findings"].as_array().unwrap().iter().find(|finding| finding["audit"] == "open-remote-admin").unwrap();
    assert_eq!(finding["frameworks"], serde_json::json!(["Azure-VNM-high-risk"]));
    assert!(!finding["fix"].as_str().unwrap().contains("SSM"));
    check(&report);
}

/// Answers keep their own schema: through layers, of sets, and where nothing is known.
#[test]
fn answers_keep_their_schema() {
    let schema: Value = serde_json::from_str(ANSWER_SCHEMA).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let input = |name: &str, text: &str| Input { name: name.into(), bytes: text.into() };
    let whole = review(vec![input("main.tf", include_str!("samples/three-tiers/main.tf"))], &mut |_| {});
    let alone = review(vec![input("groups.json", include_str!("samples/three-tiers/security-groups.json"))], &mut |_| {});
    for (review, question, fate) in [
        (&whole, "internet -> aws_lb.public https", "allowed"),
        (&whole, "aws_instance.bastion -> application ssh", "allowed"),
        (&whole, "internet -> database mysql", "denied"),
        (&whole, "198.51.100.0/24 -> bastion tcp/22", "partly"),
        (&whole, "aws_instance.application[0] -> internet icmp", "denied"),
        (&whole, "internet -> aws_lb.public tcp/80-90, 443", "partly"),
        (&whole, "internet -> database ssh,mysql,tcp/8000-8010", "denied"),
        (&whole, "internet -> aws_lb.public any", "partly"),
        (&alone, "application -> database tcp/3306", "allowed"),
        (&alone, "10.0.10.11 -> database tcp/3306", "unknown"),
    ] {
        let told = serde_json::to_value(report::answer(review, &ask(review, question).unwrap())).unwrap();
        let errors: Vec<String> = validator.iter_errors(&told).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert!(errors.is_empty(), "{question}: {errors:#?}");
        assert_eq!(told["fate"], fate, "{question}: {told:#}");
        assert_eq!(told["suggestion"].is_null(), fate != "denied", "{question}: {told:#}");
    }
    check(&serde_json::to_value(report::report(&whole)).unwrap());
}

#[test]
fn a_question_that_can_t_be_read_is_told_what_is_wrong() {
    let review = review(Vec::new(), &mut |_| {});
    for (question, says) in [
        ("", "no arrow"),
        ("a b tcp/22", "no arrow"),
        ("a -> b", "no protocol and port"),
        (" -> b tcp/22", "both sides"),
        ("a -> b tcp/90-80", "ends before it begins"),
        ("a -> b tcp/70000", "no port of tcp"),
        ("a -> b quux/1", "neither a protocol nor a service"),
        ("a -> b icmp/300", "no message of icmp"),
        ("a -> b tcp/22", "nothing here is called `a`"),
        ("10.0.0.1 -> 10.0.0.2 tcp/22", "neither end is in the documents"),
    ] {
        let error = ask(&review, question).unwrap_err();
        assert!(error.contains(says) && error.starts_with(char::is_lowercase) || error.starts_with('`'), "{question}: {error}");
    }
}

/// A rule that is switched off names no protocol: what holds for the others holds for it.
#[test]
fn a_disabled_rule_does_not_hide_what_others_admit() {
    let firewall = |name: &str, priority: u32, action: &str, protocol: &str, disabled: bool| {
        serde_json::json!({
            "kind": "compute#firewall", "id": name, "name": name, "network": "global/networks/shop", "direction": "INGRESS",
            "priority": priority, "disabled": disabled, "sourceRanges": ["0.0.0.0/0"], action: [{ "IPProtocol": protocol }],
        })
    };
    // The deny of one protocol keeps the others from being every protocol.
    let rules = serde_json::json!([
        firewall("all", 1000, "allowed", "all", false),
        firewall("udp", 900, "allowed", "udp", true),
        firewall("sctp", 900, "denied", "sctp", false),
    ]);
    let review = review(vec![Input { name: "rules.json".into(), bytes: rules.to_string().into_bytes() }], &mut |_| {});
    let name = review.policy(0).unwrap().label().to_owned();
    let answer = ask(&review, &format!("internet -> {name} udp/53")).unwrap();
    assert_eq!(answer.fate.as_str(), "allowed", "{answer:#?}");
}
