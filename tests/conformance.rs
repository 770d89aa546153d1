//! The cases the project started from, with egress written out.

use portcullis_tests::{STOCK, group, listing, reported};
use serde_json::Value;

#[track_caller]
fn check(rules: &[&str], verdict: &str) -> Value {
    let report = reported(listing(vec![group("web", rules)]));
    assert_eq!(report["verdict"], verdict, "{rules:?}: {}", serde_json::to_string_pretty(&report["policies"][0]["exposures"]).unwrap());
    report
}

fn finding<'r>(report: &'r Value, audit: &str) -> &'r Value {
    let found = report["findings"].as_array().unwrap().iter().find(|finding| finding["audit"] == audit);
    found.unwrap_or_else(|| panic!("{audit} did not fire: {:#}", report["findings"]))
}

#[test]
fn the_database() {
    let report = check(&["in tcp 3306 0.0.0.0/0", STOCK], "dangerous");
    let found = finding(&report, "open-database");
    assert_eq!(found["message"], "MySQL (3306/tcp) is open to the whole IPv4 internet");
    assert_eq!(found["witness"]["source"], "1.0.0.1");
    assert_eq!(found["witness"]["port"], 3306);
    check(&["in tcp 3306 10.0.10.0/24", STOCK], "secure");
}

#[test]
fn ssh() {
    let report = check(&["in tcp 22 0.0.0.0/0", STOCK], "dangerous");
    assert!(finding(&report, "open-remote-admin")["frameworks"].as_array().unwrap().contains(&"CIS-AWS-5.2".into()));
    check(&["in tcp 22 10.0.1.50/32", STOCK], "secure");
}

#[test]
fn the_load_balancer() {
    let out = ["out tcp 443 10.0.10.0/24", "out tcp 80 10.0.10.0/24"];
    let report = check(&["in tcp 443 0.0.0.0/0", "in tcp 80 0.0.0.0/0", out[0], out[1]], "secure");
    assert_eq!(finding(&report, "http-redirect")["verdict"], "secure");
    check(&["in tcp 80 0.0.0.0/0", STOCK], "caution");
    check(&["in tcp 80 0.0.0.0/0", "in tcp 443 10.0.0.0/8", STOCK], "caution");
    check(&["in tcp 80 0.0.0.0/0", "in tcp 80 ::/0", "in tcp 443 0.0.0.0/0", STOCK], "caution");
    check(&["in tcp 80 10.0.0.0/16", STOCK], "secure");
}

#[test]
fn the_application_tier() {
    let report = check(
        &["in tcp 443 sg-lb", "in tcp 80 sg-lb", "in tcp 22 10.0.1.50/32", "out tcp 443 0.0.0.0/0", "out tcp 3306 10.0.20.0/24"],
        "secure",
    );
    let outbound: Vec<&Value> =
        report["policies"][0]["exposures"].as_array().unwrap().iter().filter(|e| e["direction"] == "egress").collect();
    assert_eq!(outbound.len(), 2);
    assert!(outbound.iter().all(|e| e["verdict"] == "secure"));
}

#[test]
fn the_database_tier_lets_nothing_out() {
    let report = check(&["in tcp 3306 10.0.10.0/24"], "secure");
    assert!(report["policies"][0]["exposures"].as_array().unwrap().iter().all(|e| e["direction"] == "ingress"));
}

#[test]
fn the_unauthorised_service() {
    let report = check(&["in tcp 8888 0.0.0.0/0", STOCK], "dangerous");
    let fix = finding(&report, "open-dev-tool")["fix"].as_str().unwrap().to_lowercase();
    for step in ["process", "flow logs", "cloudtrail", "legitimate"] {
        assert!(fix.contains(step), "the investigation steps name {step}: {fix}");
    }
}

#[test]
fn every_founding_port_gets_the_catalogs_verdict() {
    for (protocol, port, verdict) in [
        ("tcp", 25, "caution"),
        ("udp", 53, "dangerous"),
        ("tcp", 3389, "dangerous"),
        ("tcp", 5432, "dangerous"),
        ("tcp", 6379, "dangerous"),
        ("tcp", 8080, "dangerous"),
        ("tcp", 9200, "dangerous"),
        ("tcp", 27017, "dangerous"),
    ] {
        check(&[&format!("in {protocol} {port} 0.0.0.0/0"), STOCK], verdict);
    }
}

#[test]
fn udp_22_is_not_ssh() {
    let report = check(&["in udp 22 0.0.0.0/0", STOCK], "caution");
    assert_eq!(report["policies"][0]["exposures"][0]["services"], Value::Array(Vec::new()));
}

#[test]
fn the_union_decides() {
    check(&["in tcp 22 0.0.0.0/1", "in tcp 22 128.0.0.0/1", STOCK], "dangerous");
    let sixty_four: Vec<String> = (0..64).map(|i| format!("in tcp 22 {}.0.0.0/6", i * 4)).collect();
    check(&sixty_four.iter().map(String::as_str).collect::<Vec<_>>(), "dangerous");
    check(&["in tcp 22 11.0.0.0/0", STOCK], "dangerous");
    check(&["in tcp 22 2000::/3", STOCK], "dangerous");
    check(&["in tcp 22 0.0.0.0/8", STOCK], "secure");
    let range = check(&["in tcp 3000-4000 0.0.0.0/0", STOCK], "dangerous");
    assert_eq!(finding(&range, "open-remote-admin")["witness"]["port"], 3389, "the packet proves what the finding says");
    check(&["in tcp 22 203.0.113.0/24", "in tcp 22 ::/0", STOCK], "dangerous");
}

#[test]
fn a_rule_decides_only_where_it_matches() {
    // The second rule covers the first one's port, so that the first stands in the middle of one open run.
    let report = check(&["in tcp 443 0.0.0.0/0", "in tcp 20-4000 0.0.0.0/1", "in tcp 20-4000 128.0.0.0/1", STOCK], "dangerous");
    assert_eq!(finding(&report, "open-database")["rules"], serde_json::json!([1, 2]));
    assert_eq!(report["policies"][0]["exposures"][0]["decided_by"], serde_json::json!([1, 2]));
    // Neighbours are one run, the widest told first; each service is decided by its own.
    let report = check(&["in tcp 3306 0.0.0.0/0", "in tcp 3307-3388 0.0.0.0/0", "in tcp 3389 0.0.0.0/0", STOCK], "dangerous");
    assert_eq!(report["policies"][0]["exposures"][0]["decided_by"], serde_json::json!([1, 0, 2]));
    assert_eq!(finding(&report, "open-database")["rules"], serde_json::json!([0]));
    assert_eq!(finding(&report, "open-remote-admin")["rules"], serde_json::json!([2]));
}

#[test]
fn the_columns_of_the_table() {
    for (ports, peer, verdict) in [
        ("3306", "8.0.0.0/8", "dangerous"),
        ("3306", "8.8.8.0/23", "caution"),
        ("3306", "8.8.8.8/32", "caution"),
        ("3306", "10.0.0.0/8", "caution"),
        ("3306", "10.0.0.0/16", "secure"),
        ("3306", "sg-app", "secure"),
        ("22", "8.0.0.0/8", "dangerous"),
        ("22", "8.8.8.0/23", "caution"),
        ("22", "8.8.8.0/24", "secure"),
        ("22", "10.0.0.0/8", "secure"),
        ("25", "8.0.0.0/8", "caution"),
        ("25", "8.8.8.0/23", "secure"),
        ("7443", "0.0.0.0/0", "caution"),
        ("443", "0.0.0.0/0", "secure"),
        ("3306", "2600::/31", "dangerous"),
        ("3306", "fd00::/47", "caution"),
        ("3306", "fd00::/48", "secure"),
        ("22", "2600::/56", "secure"),
        ("22", "2600::/55", "caution"),
    ] {
        check(&[&format!("in tcp {ports} {peer}"), STOCK], verdict);
    }
}

#[test]
fn everything_is_dangerous_whatever_the_catalog_says() {
    check(&["in -1 - 0.0.0.0/0", STOCK], "dangerous");
    check(&["in -1 443-443 0.0.0.0/0", STOCK], "dangerous");
    check(&["in tcp 0-65535 ::/0", STOCK], "dangerous");
    check(&["in udp 1-65535 8.0.0.0/8", STOCK], "dangerous");
    check(&["in -1 - sg-web", STOCK], "secure");
}

#[test]
fn icmp_by_type() {
    check(&["in icmp 8/-1 0.0.0.0/0", "in icmp 3/4 0.0.0.0/0", STOCK], "secure");
    check(&["in icmp -1/-1 0.0.0.0/0", STOCK], "caution");
    check(&["in icmp 5/-1 0.0.0.0/0", STOCK], "caution");
    check(&["in icmpv6 - ::/0", STOCK], "caution");
    check(&["in icmpv6 2/0 ::/0", STOCK], "secure");
    check(&["in icmp -1/-1 10.0.0.0/8", STOCK], "secure");
}

#[test]
fn other_protocols() {
    check(&["in 50 - 0.0.0.0/0", STOCK], "secure");
    check(&["in 47 - 0.0.0.0/0", STOCK], "caution");
    check(&["in 132 - 0.0.0.0/0", STOCK], "caution");
    check(&["in udp 500 0.0.0.0/0", "in udp 4500 0.0.0.0/0", STOCK], "secure");
    check(&["in udp 443 0.0.0.0/0", "in tcp 443 0.0.0.0/0", STOCK], "secure");
}

#[test]
fn what_is_not_in_the_text_is_unknown_only_where_it_matters() {
    let report = check(&["in tcp 22 pl-0123", STOCK], "unknown");
    let exposure = &report["policies"][0]["exposures"][0];
    assert_eq!((exposure["reach"].as_str(), exposure["if_open"]["verdict"].as_str()), (Some("unknown"), Some("dangerous")));
    assert_eq!(report["unresolved"][0]["name"], "pl-0123");
    check(&["in tcp 443 pl-0123", STOCK], "secure");
    check(&["in tcp 25 pl-0123", STOCK], "caution");
    check(&["in tcp 22 pl-0123", "in tcp 22 0.0.0.0/0", STOCK], "dangerous");
}

#[test]
fn egress_never_makes_a_group_dangerous() {
    let mut by_hand = group("db", &["in tcp 3306 10.0.10.0/24", STOCK]);
    by_hand["IpPermissionsEgress"][0]["IpRanges"][0]["Description"] = "updates".into();
    let report = reported(listing(vec![by_hand]));
    assert_eq!(report["verdict"], "caution");
    finding(&report, "open-egress");
    check(&["in tcp 3306 10.0.10.0/24", STOCK], "secure");
    check(&["in tcp 443 0.0.0.0/0", "out tcp 22 0.0.0.0/0"], "secure");
}

#[test]
fn the_lists_of_authorities_are_named() {
    let report = check(&["in tcp 9200 0.0.0.0/0", STOCK], "dangerous");
    assert!(finding(&report, "open-database")["frameworks"].as_array().unwrap().contains(&"FSBP-EC2.19".into()));
    let inside = check(&["in tcp 9200 10.0.0.0/8", STOCK], "caution");
    assert_eq!(finding(&inside, "open-database")["frameworks"], Value::Array(Vec::new()), "the control speaks of the internet");
}
