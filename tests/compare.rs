//! What opens and closes, against the naive evaluator packet by packet, and against other spellings.

use std::net::IpAddr;

use portcullis_core::compare::{Change, Comparison, SCHEMA, compare};
use portcullis_core::review::Input;
use portcullis_tests::naive::{Other, Packet, Peer, Rule, admits};
use portcullis_tests::random::{any_rule, packets, respell, review_of};
use portcullis_tests::{group, listing, reviewed};
use proptest::prelude::*;
use proptest::test_runner::Config;
use serde_json::Value;

const OPEN: &[&str] = &["pl-1", "pl-2"];

/// What of a comparison speaks of a packet: certain and possible.
fn told(changes: &[&Change], named: &[u8], packet: &Packet) -> (bool, bool) {
    let speaks = |change: &&&Change| {
        let protocol = match change.protocol.as_str() {
            "all" => true,
            "other" => !named.contains(&packet.protocol),
            name => portcullis_core::model::protocol_number(name).or_else(|| name.parse().ok()) == Some(packet.protocol),
        };
        let run = match (&change.ports, &change.icmp) {
            (Some(ports), _) => in_run(ports, |text| text.parse().unwrap(), packet.selector),
            (None, Some(messages)) => in_messages(messages, packet.selector),
            (None, None) => true,
        };
        protocol && run && (change.direction == "egress") == packet.egress
    };
    let within = |change: &&Change| match &packet.other {
        Other::Address(address) => change.sources.iter().any(|net| net.parse::<ipnet::IpNet>().unwrap().contains(address)),
        Other::Member(id) => change.groups.contains(id),
    };
    let hits = changes.iter().filter(speaks).filter(|change| within(change));
    hits.fold((false, false), |(sure, maybe), change| (sure || change.certain, maybe || !change.certain))
}

fn in_run(text: &str, number: impl Fn(&str) -> u16, at: u16) -> bool {
    let (first, last) = if text == "all" {
        (0, u16::MAX)
    } else {
        text.split_once('-').map_or_else(|| (number(text), number(text)), |(a, b)| (number(a), number(b)))
    };
    first <= at && at <= last
}

fn in_messages(text: &str, at: u16) -> bool {
    if text == "all" {
        return true;
    }
    let (from, to) = text.split_once('-').unwrap_or((text, text));
    let end = |text: &str, all: u16| {
        let (kind, code) = text.split_once('/').unwrap();
        kind.parse::<u16>().unwrap() * 256 + if code == "all" { all } else { code.parse().unwrap() }
    };
    end(from, 0) <= at && at <= end(to, 255)
}

/// The names that rules leave open where they match a packet.
fn open(rules: &[Rule], packet: &Packet) -> Vec<String> {
    let mut names = Vec::new();
    for rule in rules {
        if let Peer::Unresolved(name) = &rule.peer
            && admits(std::slice::from_ref(rule), packet).1
        {
            names.push(name.clone());
        }
    }
    names
}

/// What a naive eye says of a packet: gained for certain, gained possibly.
fn gained(from: &[Rule], to: &[Rule], packet: &Packet) -> (bool, bool) {
    let ((sure_before, maybe_before), (sure, maybe)) = (admits(from, packet), admits(to, packet));
    let certain = sure && !maybe_before;
    let new_name = open(to, packet).iter().any(|name| !open(from, packet).contains(name));
    let doubtful = maybe && !sure && !maybe_before;
    let settled = sure && maybe_before && !sure_before;
    let other_doubt = maybe && !sure && maybe_before && !sure_before && new_name;
    (certain, doubtful || settled || other_doubt)
}

fn listed_whole(comparison: &Comparison) -> bool {
    let all = comparison.policies.iter().flat_map(|policy| policy.opens.iter().chain(&policy.closes));
    all.into_iter().all(|change| change.sources.len() == change.source_count)
}

fn exists(packet: &Packet) -> bool {
    match packet.other {
        Other::Address(IpAddr::V4(_)) => packet.protocol != 58,
        Other::Address(IpAddr::V6(_)) => packet.protocol != 1,
        Other::Member(_) => true,
    }
}

fn named(rules: &[Rule], egress: bool) -> Vec<u8> {
    let number = |rule: &Rule| rule.protocol.parse().ok().or_else(|| portcullis_core::model::protocol_number(&rule.protocol));
    rules.iter().filter(|rule| rule.egress == egress).filter_map(number).collect()
}

proptest! {
    #![proptest_config(Config { cases: 300, failure_persistence: None, ..Config::default() })]

    #[test]
    fn every_packet_opens_and_closes_as_the_naive_eye_says(
        shared in proptest::collection::vec(any_rule(OPEN), 0..6),
        removed in proptest::collection::vec(any_rule(OPEN), 0..4),
        added in proptest::collection::vec(any_rule(OPEN), 0..4),
        seeds in proptest::collection::vec(any::<(u8, u16, u128, bool, u8)>(), 200),
    ) {
        let before = [shared.clone(), removed.clone()].concat();
        let after = [added.clone(), shared].concat();
        let comparison = compare(&review_of(&before), &review_of(&after));
        prop_assume!(listed_whole(&comparison));
        let opens: Vec<&Change> = comparison.policies.iter().flat_map(|policy| &policy.opens).collect();
        let closes: Vec<&Change> = comparison.policies.iter().flat_map(|policy| &policy.closes).collect();
        let everything = [before.clone(), added].concat();
        for packet in packets(&everything, &seeds) {
            // A naive eye can't see that all addresses together include a member's.
            if !exists(&packet) || matches!(packet.other, Other::Member(_)) {
                continue;
            }
            let named = named(&everything, packet.egress);
            prop_assert_eq!(told(&opens, &named, &packet), gained(&before, &after, &packet), "opens {:?}: {:?} -> {:?}", packet, before, after);
            prop_assert_eq!(told(&closes, &named, &packet), gained(&after, &before, &packet), "closes {:?}: {:?} -> {:?}", packet, before, after);
        }
    }

    #[test]
    fn another_spelling_is_equal(
        rules in proptest::collection::vec(any_rule(OPEN), 1..10),
        choices in proptest::collection::vec(any::<(u8, u16)>(), 40),
    ) {
        let respelled = respell(&rules, &choices);
        let comparison = compare(&review_of(&rules), &review_of(&respelled));
        prop_assert!(comparison.equal && comparison.policies.is_empty(), "{:?} became {:?}: {:?}", rules, respelled, comparison.policies);
    }

    #[test]
    fn what_opens_one_way_closes_the_other(
        before in proptest::collection::vec(any_rule(OPEN), 0..8),
        after in proptest::collection::vec(any_rule(OPEN), 0..8),
    ) {
        let (before, after) = (review_of(&before), review_of(&after));
        let (there, back) = (compare(&before, &after), compare(&after, &before));
        let essence = |changes: &[Change]| -> Vec<String> {
            changes.iter().map(|c| format!("{} {} {:?} {:?} {:?} {:?} {}", c.direction, c.protocol, c.ports, c.icmp, c.sources, c.unresolved, c.certain)).collect()
        };
        for (one, other) in there.policies.iter().zip(&back.policies) {
            prop_assert_eq!(essence(&one.opens), essence(&other.closes));
            prop_assert_eq!(essence(&one.closes), essence(&other.opens));
        }
        prop_assert_eq!(there.policies.len(), back.policies.len());
    }
}

fn of(before: &[&str], after: &[&str]) -> Comparison {
    compare(&reviewed(listing(vec![group("x", before)])), &reviewed(listing(vec![group("x", after)])))
}

#[track_caller]
fn says(before: &[&str], after: &[&str], expected: &[&str]) -> Comparison {
    let comparison = of(before, after);
    let told: Vec<&str> = comparison
        .policies
        .iter()
        .flat_map(|policy| policy.opens.iter().chain(&policy.closes))
        .map(|change| change.message.as_str())
        .collect();
    assert_eq!(told, expected);
    check(&comparison);
    comparison
}

#[track_caller]
fn check(comparison: &Comparison) {
    let validator = jsonschema::validator_for(&serde_json::from_str::<Value>(SCHEMA).unwrap()).unwrap();
    let value = serde_json::to_value(comparison).unwrap();
    let errors: Vec<String> = validator.iter_errors(&value).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{errors:#?}");
}

#[test]
fn changes_are_said_exactly() {
    let widened = says(
        &["in tcp 22 10.0.0.0/8"],
        &["in tcp 22 10.0.0.0/8", "in tcp 22 203.0.112.0/20"],
        &["opens 22/tcp to 4,096 more addresses (203.0.112.0/20)"],
    );
    let change = &widened.policies[0].opens[0];
    assert_eq!((change.verdict_before, change.verdict_after, change.reach), (Some("secure"), Some("caution"), "public"));
    assert_eq!((change.rules.as_slice(), change.ipv4), (&[1][..], 4_096));
    assert!(change.places[0].line > 1);
    let closed = says(&["in tcp 3306 0.0.0.0/0"], &[], &["closes 3306/tcp to the internet (0.0.0.0/0)"]);
    assert_eq!((closed.policies[0].closes[0].verdict_before, closed.policies[0].closes[0].verdict_after), (Some("dangerous"), None));
    assert_eq!((closed.opens_worst, closed.headline.as_str()), (None, "nothing opens, 1 closes"));
    says(&["in tcp 22 sg-a"], &["in tcp 22 sg-b"], &["opens 22/tcp to members of sg-b", "closes 22/tcp to members of sg-a"]);
    says(
        &["in tcp 22 0.0.0.0/0"],
        &["in tcp 22 ::/0"],
        &["opens 22/tcp to the internet (::/0)", "closes 22/tcp to the internet (0.0.0.0/0)"],
    );
    says(&[], &["out tcp 443 10.0.0.1/32"], &["opens outbound 443/tcp to one address (10.0.0.1/32)"]);
    says(
        &["in tcp 20-25 10.0.0.1/32"],
        &["in tcp 22-30 10.0.0.1/32"],
        &["opens 26-30/tcp to one address (10.0.0.1/32)", "closes 20-21/tcp to one address (10.0.0.1/32)"],
    );
}

#[test]
fn a_protocol_named_on_one_side_only() {
    says(
        &["in tcp 22 10.0.0.0/8"],
        &["in -1 - 10.0.0.0/8"],
        &[
            "opens every protocol that no rule names to 16,777,216 addresses (10.0.0.0/8)",
            "opens 0-21/tcp to 16,777,216 addresses (10.0.0.0/8)",
            "opens 23-65535/tcp to 16,777,216 addresses (10.0.0.0/8)",
        ],
    );
    says(&["in -1 - 10.0.0.0/8"], &["in -1 - 10.0.0.0/8", "in tcp 22 10.1.0.0/16"], &[]);
    says(&[], &["in -1 - 0.0.0.0/0"], &["opens every protocol to the internet (0.0.0.0/0)"]);
    says(
        &["in 47 - 10.0.0.1/32"],
        &["in 47 - 10.0.0.1/32", "in -1 - 10.0.0.1/32"],
        &["opens every protocol that no rule names to one address (10.0.0.1/32)"],
    );
}

#[test]
fn what_is_not_in_the_text_may_open() {
    let comparison = says(
        &["in tcp 22 10.0.0.0/8"],
        &["in tcp 22 10.0.0.0/8", "in tcp 22 pl-1"],
        &["may open 22/tcp to sources that are not in the text (pl-1)"],
    );
    let change = &comparison.policies[0].opens[0];
    assert_eq!((change.certain, change.verdict_after, change.reach), (false, Some("unknown"), "unknown"));
    says(
        &["in tcp 22 pl-1"],
        &["in tcp 22 pl-2"],
        &["may open 22/tcp to sources that are not in the text (pl-2)", "may close 22/tcp to sources that are not in the text (pl-1)"],
    );
    says(
        &["in tcp 22 pl-1"],
        &["in tcp 22 10.0.0.1/32"],
        &["may open 22/tcp to one more address (10.0.0.1/32)", "may close 22/tcp to sources that are not in the text (pl-1)"],
    );
}

#[test]
fn policies_come_go_and_change_their_names() {
    let web = &["in tcp 443 0.0.0.0/0"][..];
    let review = |groups: Vec<Value>| reviewed(listing(groups));
    let status = |comparison: &Comparison| comparison.policies.iter().map(|p| (p.status, p.label.clone())).collect::<Vec<_>>();
    let renamed = compare(&review(vec![group("a", web)]), &review(vec![group("b", web)]));
    assert!(renamed.equal);
    assert_eq!(status(&renamed), [("renamed", "b".to_owned())]);
    check(&renamed);
    let twice = compare(&review(vec![group("a", web)]), &review(vec![group("b", web), group("c", web)]));
    assert_eq!(twice.counts.new, 2, "two candidates are none");
    assert_eq!((twice.counts.gone, twice.counts.opens, twice.counts.closes), (1, 2, 1));
    let mut same_name = group("b", &["in tcp 22 0.0.0.0/0"]);
    same_name["GroupName"] = "a".into();
    let by_name = compare(&review(vec![group("a", web)]), &review(vec![same_name]));
    assert_eq!((by_name.policies[0].matched_by, by_name.policies[0].status), (Some("name"), "changed"));
    assert_eq!(by_name.opens_worst, Some("dangerous"));
    let added = compare(&review(vec![]), &review(vec![group("a", web)]));
    assert_eq!(status(&added), [("new", "a".to_owned())]);
    check(&added);
    let own = |name: &str| group(name, &[&format!("in tcp 22 sg-{name}")]);
    assert!(compare(&review(vec![own("a")]), &review(vec![own("b")])).equal, "a group that admits itself admits itself under another name");
}

#[test]
fn formats_do_not_matter() {
    let hcl = r#"
        resource "aws_security_group" "web" {
          name = "web"
          ingress {
            from_port   = 443
            to_port     = 443
            protocol    = "tcp"
            cidr_blocks = ["0.0.0.0/1", "128.0.0.0/1"]
          }
          ingress {
            from_port = 22
            to_port   = 22
            protocol  = "tcp"
            self      = true
          }
          egress {
            from_port   = 0
            to_port     = 0
            protocol    = "-1"
            cidr_blocks = ["0.0.0.0/0"]
          }
        }"#;
    let listed = |rules: &[&str]| reviewed(listing(vec![group("web", rules)]));
    let same = compare(&listed(&["in tcp 443 0.0.0.0/0", "in tcp 22 sg-web", "out -1 - 0.0.0.0/0"]), &reviewed(hcl));
    assert!(same.equal, "{:#?}", same.policies);
    let other = compare(&listed(&["in tcp 22 sg-web", "out -1 - 0.0.0.0/0"]), &reviewed(hcl));
    assert_eq!(other.policies[0].opens[0].message, "opens 443/tcp to the internet (0.0.0.0/0)");
    assert_eq!(other.policies[0].matched_by, Some("name"));
}

const NSG: &str = r#"{"name": "web", "type": "Microsoft.Network/networkSecurityGroups", "properties": {"securityRules": [RULES]}}"#;

fn nsg(rules: &[(&str, &str, &str, &str)]) -> portcullis_core::review::Review {
    let rule = |(at, (access, source, destination, port)): (usize, &(&str, &str, &str, &str))| {
        format!(
            r#"{{"name": "r{at}", "properties": {{"priority": {}, "direction": "Inbound", "access": "{access}", "protocol": "Tcp",
            "sourceAddressPrefix": "{source}", "sourcePortRange": "*", "destinationAddressPrefix": "{destination}", "destinationPortRange": "{port}"}}}}"#,
            100 + at
        )
    };
    reviewed(NSG.replace("RULES", &rules.iter().enumerate().map(rule).collect::<Vec<_>>().join(",")))
}

#[test]
fn denies_and_the_protected_end_count() {
    let told = |before: &[(&str, &str, &str, &str)], after: &[(&str, &str, &str, &str)]| -> Vec<String> {
        let comparison = compare(&nsg(before), &nsg(after));
        check(&comparison);
        comparison.policies.iter().flat_map(|p| p.opens.iter().chain(&p.closes)).map(|c| c.message.clone()).collect()
    };
    let open = ("Allow", "203.0.113.0/24", "*", "22");
    // Members of the virtual network, which the platform admits, may have such an address.
    let network = |place: &str| format!("may close 22/tcp{place} to VirtualNetwork, AzureLoadBalancer");
    assert_eq!(
        told(&[open], &[("Deny", "203.0.113.0/25", "*", "22"), open]),
        ["closes 22/tcp to 128 addresses (203.0.113.0/25)".to_owned(), network("")]
    );
    assert_eq!(
        told(&[open], &[("Deny", "203.0.113.0/24", "10.0.0.4", "22"), open]),
        ["closes 22/tcp at 10.0.0.4/32 to 256 addresses (203.0.113.0/24)".to_owned(), network(" at 10.0.0.4/32")]
    );
    let narrow = [("Allow", "203.0.113.0/24", "10.0.0.0/25", "22"), ("Allow", "203.0.113.0/24", "10.0.0.128/25", "22")];
    assert_eq!(told(&narrow, &[("Allow", "203.0.113.0/24", "10.0.0.0/24", "22")]), Vec::<String>::new());
}

/// What Google implies it implies for both families, whether or not a rule speaks of one.
#[test]
fn a_family_that_only_one_side_speaks_of_opens_nothing_outbound() {
    let firewall = |net: &str| {
        serde_json::json!({ "kind": "compute#firewall", "name": format!("web-{}", net.len()), "network": "global/networks/shop",
            "direction": "INGRESS", "priority": 1000, "sourceRanges": [net], "allowed": [{ "IPProtocol": "tcp", "ports": ["443"] }] })
    };
    let v4 = reviewed(serde_json::json!([firewall("0.0.0.0/0")]).to_string());
    let both = reviewed(serde_json::json!([firewall("0.0.0.0/0"), firewall("::/0")]).to_string());
    let messages = |changes: &[Change]| changes.iter().map(|change| change.message.clone()).collect::<Vec<_>>();
    let told = compare(&v4, &both);
    assert_eq!(messages(&told.policies[0].opens), ["opens 443/tcp to the internet (::/0)"]);
    assert!(told.policies[0].closes.is_empty());
    let told = compare(&both, &v4);
    assert_eq!(messages(&told.policies[0].closes), ["closes 443/tcp to the internet (::/0)"]);
    assert!(told.policies[0].opens.is_empty());
}

#[test]
fn two_machines_of_one_name_are_each_compared_with_themselves() {
    let status = |rows: &str| {
        format!(
            "Status: active\nDefault: deny (incoming), allow (outgoing), disabled (routed)\n\nTo                         Action      From\n--                         ------      ----\n{rows}"
        )
    };
    let web = status("22/tcp                     ALLOW IN    Anywhere\nmyapp                      ALLOW IN    Anywhere\n");
    let db = status(
        "3306/tcp                   ALLOW IN    192.168.0.0/16\n8080/tcp                   LIMIT IN    Anywhere\nmyapp                      ALLOW IN    Anywhere\n",
    );
    let review = |texts: &[&str]| {
        let name = |at: usize| format!("host{at}.txt");
        let inputs = texts.iter().enumerate().map(|(at, text)| Input { name: name(at), bytes: text.as_bytes().to_vec() }).collect();
        portcullis_core::review::review(inputs, &mut |_| {})
    };
    for texts in [[&*web, &*db], [&*db, &*web], [&*web, &*web]] {
        let (before, after) = (review(&texts), review(&texts));
        let comparison = compare(&before, &after);
        assert_eq!((comparison.counts.opens, comparison.counts.closes), (0, 0), "{}", serde_json::to_string_pretty(&comparison).unwrap());
    }
}
