//! What opens and closes in policies with denies and priorities, packet by packet, against the naive evaluators of the
//! platforms on both sides.

use std::net::IpAddr;

use ipnet::IpNet;
use portcullis_core::compare::{Change, Comparison, compare};
use portcullis_core::model::{Action, Direction, Local, Peer, Place, PolicyKind, Ports, Protocol, Rule};
use portcullis_core::review::Review;
use portcullis_core::space::AddressSet;
use portcullis_tests::ordered::{Packet, first_match, google};
use portcullis_tests::reviewed;
use proptest::prelude::*;
use proptest::test_runner::Config;
use serde_json::{Value, json};

/// 200 pairs of policies of 150 packets each, for each platform.
const PAIRS: u32 = 200;
const PACKETS: usize = 150;

const NETS: [&str; 8] = ["0.0.0.0/0", "0.0.0.0/1", "128.0.0.0/1", "10.0.0.0/8", "10.0.0.0/9", "10.1.2.3/32", "203.0.112.0/20", "2600::/16"];
const LOCALS: [&str; 3] = ["10.0.0.0/24", "10.0.0.0/25", "10.0.0.128/25"];
const OTHERS: [&str; 9] =
    ["1.0.0.1", "130.1.1.1", "10.1.2.3", "10.1.2.4", "10.200.0.1", "203.0.113.9", "203.0.128.1", "2600::1", "2a00::1"];
const OWN: [&str; 4] = ["10.0.0.1", "10.0.0.200", "10.0.1.1", "10.9.9.9"];

fn nets(list: &'static [&'static str]) -> impl Strategy<Value = IpNet> {
    proptest::sample::select(list.to_vec()).prop_map(|net| net.parse().unwrap())
}

fn any_rule(kind: PolicyKind) -> impl Strategy<Value = Rule> {
    let port = || proptest::sample::select(vec![0_u16, 22, 23, 80, 443, 1024, 65_535]);
    let ports = prop_oneof![1 => Just(Ports::All), 4 => (port(), port()).prop_map(|(a, b)| Ports::Range(a.min(b), a.max(b)))];
    let protocols = match kind {
        PolicyKind::AzureNetworkSecurityGroup => vec![Protocol::Any, Protocol::TCP, Protocol::TCP, Protocol::UDP],
        _ => vec![Protocol::Any, Protocol::TCP, Protocol::TCP, Protocol::UDP, Protocol::Number(47)],
    };
    let parts = (any::<bool>(), proptest::sample::select(protocols), ports, nets(&NETS), any::<bool>());
    (parts, proptest::option::of(nets(&LOCALS)), 0_u32..5, 0_u8..8).prop_map(
        move |((egress, protocol, ports, net, deny), local, priority, disabled)| {
            let direction = if egress { Direction::Egress } else { Direction::Ingress };
            let mut rule = Rule::allow(direction, Peer::Net(net), Place::default());
            rule.protocol = protocol;
            rule.ports = if matches!(protocol, Protocol::TCP | Protocol::UDP) { ports } else { Ports::All };
            rule.action = if deny { Action::Deny } else { Action::Allow };
            // Families don't mix in one rule.
            if kind != PolicyKind::AwsNetworkAcl && !matches!(net, IpNet::V6(_)) {
                rule.local = local.map_or(Local::Any, |net| Local::Addresses(Box::new(AddressSet::from_nets([net]))));
            }
            if kind == PolicyKind::GcpFirewall {
                rule.disabled = disabled == 0;
            }
            rule.priority = Some(priority * 100);
            rule
        },
    )
}

/// Rules in the order in which they decide, with numbers of their own.
fn numbered(rules: &[Rule]) -> Vec<Rule> {
    rules.iter().cloned().zip(1_u32..).map(|(rule, number)| Rule { priority: Some(100 + number), ..rule }).collect()
}

fn words(rule: &Rule) -> (String, String) {
    let net = match &rule.peer {
        Peer::Net(net) => net.to_string(),
        _ => String::new(),
    };
    (net, rule.local.to_string())
}

fn range(rule: &Rule) -> (u16, u16) {
    match rule.ports {
        Ports::Range(first, last) => (first, last),
        _ => (0, u16::MAX),
    }
}

fn acl(rules: &[Rule]) -> Value {
    let entry = |rule: &Rule| {
        let (net, (first, last)) = (words(rule).0, range(rule));
        let protocol = match rule.protocol {
            Protocol::Any => "-1".to_owned(),
            Protocol::Number(number) => number.to_string(),
        };
        let family = if net.contains(':') { "Ipv6CidrBlock" } else { "CidrBlock" };
        let mut entry = json!({
            "RuleNumber": rule.priority, "Egress": rule.direction == Direction::Egress, "Protocol": protocol, family: net,
            "RuleAction": if rule.action == Action::Deny { "deny" } else { "allow" },
        });
        if matches!(rule.protocol, Protocol::TCP | Protocol::UDP) {
            entry["PortRange"] = json!({ "From": first, "To": last });
        }
        entry
    };
    json!({ "NetworkAcls": [{ "NetworkAclId": "acl-1", "Entries": rules.iter().map(entry).collect::<Vec<_>>() }] })
}

/// With a deny before the platform's own allows, whose tags stand for addresses that nobody knows.
fn nsg(rules: &[Rule]) -> Value {
    let one = |name: String, priority: u32, rule: &Rule| {
        let ((net, local), (first, last)) = (words(rule), range(rule));
        let local = if local == "any" { "*".to_owned() } else { local };
        let inbound = rule.direction == Direction::Ingress;
        let (from, to) = if inbound { (net, local) } else { (local, net) };
        let protocol = match rule.protocol {
            Protocol::TCP => "Tcp",
            Protocol::UDP => "Udp",
            _ => "*",
        };
        json!({ "name": name, "properties": {
            "priority": priority, "direction": if inbound { "Inbound" } else { "Outbound" }, "protocol": protocol,
            "access": if rule.action == Action::Deny { "Deny" } else { "Allow" },
            "sourceAddressPrefix": from, "sourcePortRange": "*", "destinationAddressPrefix": to,
            "destinationPortRange": if (first, last) == (0, u16::MAX) { "*".to_owned() } else { format!("{first}-{last}") },
        } })
    };
    let own: Vec<Value> = rules.iter().enumerate().map(|(i, rule)| one(format!("r{i}"), rule.priority.unwrap(), rule)).collect();
    let last = [Direction::Ingress, Direction::Egress].map(|direction| {
        let rule = Rule { action: Action::Deny, ..Rule::allow(direction, Peer::Net("0.0.0.0/0".parse().unwrap()), Place::default()) };
        let mut told = one(format!("last-{direction:?}"), 4096, &rule);
        for side in ["sourceAddressPrefix", "destinationAddressPrefix"] {
            told["properties"][side] = "*".into();
        }
        told
    });
    json!({ "name": "web", "type": "Microsoft.Network/networkSecurityGroups",
            "properties": { "securityRules": own.into_iter().chain(last).collect::<Vec<_>>() } })
}

fn firewall(rules: &[Rule]) -> Value {
    let one = |(i, rule): (usize, &Rule)| {
        let ((net, local), (first, last)) = (words(rule), range(rule));
        let mut what = match rule.protocol {
            Protocol::Any => json!({ "IPProtocol": "all" }),
            Protocol::Number(number) => json!({ "IPProtocol": number.to_string() }),
        };
        if matches!(rule.protocol, Protocol::TCP | Protocol::UDP) && (first, last) != (0, u16::MAX) {
            what["ports"] = json!([format!("{first}-{last}")]);
        }
        let inbound = rule.direction == Direction::Ingress;
        let mut told = json!({
            "name": format!("r{i}"), "network": "net", "direction": if inbound { "INGRESS" } else { "EGRESS" },
            "priority": rule.priority, "disabled": rule.disabled,
        });
        told[if rule.action == Action::Deny { "denied" } else { "allowed" }] = json!([what]);
        let (other, own) = if inbound { ("sourceRanges", "destinationRanges") } else { ("destinationRanges", "sourceRanges") };
        told[other] = json!([net]);
        if local != "any" {
            told[own] = json!([local]);
        }
        told
    };
    // One that matches no packet of the test, so that the network is there on both sides.
    let anchor = json!({ "name": "anchor", "network": "net", "direction": "INGRESS", "priority": 65000,
        "allowed": [{ "IPProtocol": "132" }], "sourceRanges": ["192.0.2.1/32"] });
    json!(rules.iter().enumerate().map(one).chain([anchor]).collect::<Vec<_>>())
}

fn review(document: &Value) -> Review {
    let review = reviewed(document.to_string());
    assert_eq!(review.documents()[0].problems.errors(), 0, "{:?}", review.documents()[0].problems.kept());
    assert_eq!(review.policies(), 1);
    review
}

/// What of a comparison speaks of a packet. What is told of the part of the protected end that it is about counts, else what is
/// told of all the rest.
fn told(changes: &[&Change], named: &[u8], packet: &Packet) -> bool {
    let way = |change: &&&Change| (change.direction == "egress") == packet.egress;
    let holds = |local: &str| local.split(", ").any(|net| net.parse::<IpNet>().is_ok_and(|net| net.contains(&packet.local)));
    let speaks = |change: &&Change| {
        let protocol = match change.protocol.as_str() {
            "all" => true,
            "other" => !named.contains(&packet.protocol),
            name => portcullis_core::model::protocol_number(name).or_else(|| name.parse().ok()) == Some(packet.protocol),
        };
        let run = change.ports.as_ref().is_none_or(|ports| {
            let (first, last) = ports.split_once('-').unwrap_or((ports, ports));
            ports == "all" || first.parse::<u16>().unwrap() <= packet.selector && packet.selector <= last.parse::<u16>().unwrap()
        });
        let place = if change.local == "any" { !change.except.iter().any(|part| holds(part)) } else { holds(&change.local) };
        let source = change.sources.iter().any(|net| net.parse::<IpNet>().unwrap().contains(&packet.other));
        protocol && run && place && source && change.certain
    };
    changes.iter().filter(way).any(speaks)
}

fn all_listed(comparison: &Comparison) -> bool {
    let all = comparison.policies.iter().flat_map(|policy| policy.opens.iter().chain(&policy.closes));
    all.into_iter().all(|change| change.sources.len() == change.source_count)
}

type Seeds = Vec<(u8, u8, u8, u8, bool)>;

fn packets(seeds: &Seeds) -> Vec<Packet> {
    let selectors = [0_u16, 21, 22, 23, 24, 80, 81, 443, 444, 1024, 65_534, 65_535];
    let address = |list: &[&str], at: u8| list[usize::from(at) % list.len()].parse::<IpAddr>().unwrap();
    let one = |&(protocol, selector, other, local, egress): &(u8, u8, u8, u8, bool)| Packet {
        egress,
        protocol: [6, 6, 17, 47, 2][usize::from(protocol) % 5],
        selector: selectors[usize::from(selector) % selectors.len()],
        source_port: 0,
        other: address(&OTHERS, other),
        local: address(&OWN, local),
    };
    seeds.iter().map(one).collect()
}

fn check(
    (before, after): (&[Rule], &[Rule]),
    document: fn(&[Rule]) -> Value,
    seeds: &Seeds,
    admits: impl Fn(&[Rule], &Packet) -> bool,
) -> Result<(), TestCaseError> {
    let comparison = compare(&review(&document(before)), &review(&document(after)));
    prop_assume!(all_listed(&comparison));
    let opens: Vec<&Change> = comparison.policies.iter().flat_map(|policy| &policy.opens).collect();
    let closes: Vec<&Change> = comparison.policies.iter().flat_map(|policy| &policy.closes).collect();
    for packet in packets(seeds) {
        let here = before.iter().chain(after).filter(|rule| !rule.disabled && (rule.direction == Direction::Egress) == packet.egress);
        let mut named: Vec<u8> = here
            .filter_map(|rule| match rule.protocol {
                Protocol::Any => None,
                Protocol::Number(number) => Some(number),
            })
            .collect();
        named.push(132);
        let (was, is) = (admits(before, &packet), admits(after, &packet));
        let said = || format!("{packet:?}: {:#?}\n{:#}\n{:#}", comparison.policies, document(before), document(after));
        prop_assert_eq!(told(&opens, &named, &packet), is && !was, "opens {}", said());
        prop_assert_eq!(told(&closes, &named, &packet), was && !is, "closes {}", said());
    }
    Ok(())
}

/// Google's implied rules: everything may leave.
fn google_with_implied(rules: &[Rule], packet: &Packet) -> bool {
    let mut last = Rule::allow(Direction::Egress, Peer::Net("0.0.0.0/0".parse().unwrap()), Place::default());
    last.priority = Some(65_535);
    let v6 = Rule { peer: Peer::Net("::/0".parse().unwrap()), ..last.clone() };
    google(&[rules, &[last, v6]].concat(), packet)
}

/// Rules that stay, that go and that come, mixed by a seed, with denies among them.
fn pair(kind: PolicyKind) -> impl Strategy<Value = (Vec<Rule>, Vec<Rule>)> {
    let rules = |count| proptest::collection::vec(any_rule(kind), 0..count);
    (rules(6), rules(3), rules(3), any::<proptest::sample::Index>(), any::<proptest::sample::Index>()).prop_map(|(stay, go, come, a, b)| {
        let with = |more: Vec<Rule>, at: proptest::sample::Index| {
            let (mut all, at) = (stay.clone(), at.index(stay.len() + 1));
            all.splice(at..at, more);
            all
        };
        (with(go, a), with(come, b))
    })
}

fn seeds() -> impl Strategy<Value = Seeds> {
    proptest::collection::vec(any::<(u8, u8, u8, u8, bool)>(), PACKETS)
}

proptest! {
    #![proptest_config(Config { cases: PAIRS, failure_persistence: None, ..Config::default() })]

    #[test]
    fn network_acls((before, after) in pair(PolicyKind::AwsNetworkAcl), seeds in seeds()) {
        check((&numbered(&before), &numbered(&after)), acl, &seeds, first_match)?;
    }

    #[test]
    fn network_security_groups((before, after) in pair(PolicyKind::AzureNetworkSecurityGroup), seeds in seeds()) {
        check((&numbered(&before), &numbered(&after)), nsg, &seeds, first_match)?;
    }

    #[test]
    fn google_cloud_firewalls((before, after) in pair(PolicyKind::GcpFirewall), seeds in seeds()) {
        check((&before, &after), firewall, &seeds, google_with_implied)?;
    }
}
