//! Rules that do nothing, against the naive evaluators, for every packet that the rules of a policy can tell apart.

use std::net::IpAddr;

use portcullis_core::audits::Finding;
use portcullis_core::exposure::{Effect, Evaluation, evaluate};
use portcullis_core::model::{Action, Direction, Local, Peer, Place, Policy, PolicyKind, Ports, Protocol, Rule};
use portcullis_core::space::{AddressSet, PortSet};
use portcullis_tests::ordered::{Packet, first_match, google, matches};
use portcullis_tests::{listing, reviewed};
use proptest::prelude::*;
use proptest::test_runner::Config;
use serde_json::json;

const POLICIES: u32 = 120;

const NETS: [&str; 9] =
    ["0.0.0.0/0", "0.0.0.0/1", "128.0.0.0/1", "10.0.0.0/8", "10.0.0.0/9", "10.1.2.3/32", "::/0", "2000::/3", "fd00::/8"];
/// One address of each part into which the prefixes cut the space.
const ADDRESSES: [&str; 8] = ["1.0.0.1", "200.1.1.1", "10.1.2.3", "10.1.2.4", "10.200.0.1", "2600::1", "fd00::1", "9000::1"];
const PORTS: [u16; 5] = [0, 22, 80, 443, 65_535];
/// The ports, and one of each gap between them.
const SELECTORS: [u16; 9] = [0, 1, 22, 23, 80, 81, 443, 444, 65_535];
const PROTOCOLS: [u8; 4] = [6, 17, 47, 2];
const SOURCE_PORTS: [(u16, u16); 2] = [(0, 1023), (1024, 40_000)];

fn any_net() -> impl Strategy<Value = AddressSet> {
    proptest::sample::select(NETS.to_vec()).prop_map(|net| AddressSet::from_nets([net.parse().unwrap()]))
}

/// A rule as the platform allows it.
fn any_rule(kind: PolicyKind) -> impl Strategy<Value = Rule> {
    let azure = kind == PolicyKind::AzureNetworkSecurityGroup;
    let google = kind == PolicyKind::GcpFirewall;
    let actions = match kind {
        PolicyKind::AwsSecurityGroup => vec![Action::Allow],
        PolicyKind::GcpFirewall => vec![Action::Allow, Action::Allow, Action::Deny, Action::Next],
        _ => vec![Action::Allow, Action::Deny],
    };
    let protocol = proptest::sample::select(vec![Protocol::Any, Protocol::TCP, Protocol::TCP, Protocol::UDP, Protocol::Number(47)]);
    let port = proptest::sample::select(PORTS.to_vec());
    let ports = prop_oneof![
        1 => Just(Ports::All),
        2 => (port.clone(), port).prop_map(|(a, b)| Ports::Range(a.min(b), a.max(b))),
    ];
    let net = proptest::sample::select(NETS.to_vec());
    let extra = (proptest::option::of(0_usize..2), proptest::option::weighted(0.3, any_net()), 0_u32..4, 0_u16..2, 0_u8..10);
    let what = (any::<bool>(), protocol, ports, net, proptest::sample::select(actions), extra);
    what.prop_map(move |(egress, protocol, ports, net, action, (source, local, priority, layer, disabled))| {
        let direction = if egress { Direction::Egress } else { Direction::Ingress };
        let mut rule = Rule::allow(direction, Peer::Net(net.parse().unwrap()), Place::default());
        (rule.protocol, rule.ports, rule.action) = (protocol, ports, action);
        rule.priority = (kind != PolicyKind::AwsSecurityGroup).then_some(priority * 100);
        if azure {
            rule.source_ports = source.map(|at| Box::new(PortSet::from_runs(vec![SOURCE_PORTS[at]])));
        }
        if let Some(local) = local
            && (azure || google)
        {
            rule.local = Local::Addresses(Box::new(local));
        }
        if google {
            rule.layer = layer;
            rule.disabled = disabled == 0;
        }
        rule
    })
}

fn policy(kind: PolicyKind, rules: Vec<Rule>) -> Policy {
    Policy { kind, id: None, name: None, address: None, at: Place::default(), rules, partial: false }
}

fn universe(kind: PolicyKind) -> Vec<Packet> {
    let addresses: Vec<IpAddr> = ADDRESSES.iter().map(|address| address.parse().unwrap()).collect();
    let locals = if matches!(kind, PolicyKind::AwsSecurityGroup | PolicyKind::AwsNetworkAcl) { &addresses[..1] } else { &addresses[..] };
    let source_ports: &[u16] = if kind == PolicyKind::AzureNetworkSecurityGroup { &[0, 1024, 40_001] } else { &[0] };
    let mut packets = Vec::new();
    for egress in [false, true] {
        for protocol in PROTOCOLS {
            for selector in SELECTORS {
                for source_port in source_ports {
                    for other in &addresses {
                        packets.extend(locals.iter().map(|local| Packet {
                            egress,
                            protocol,
                            selector,
                            source_port: *source_port,
                            other: *other,
                            local: *local,
                        }));
                    }
                }
            }
        }
    }
    packets
}

type Naive = fn(&[Rule], &Packet) -> bool;

fn without(rules: &[Rule], gone: &[u32]) -> Vec<Rule> {
    rules.iter().zip(0_u32..).filter(|(_, i)| !gone.contains(i)).map(|(rule, _)| rule.clone()).collect()
}

fn check(kind: PolicyKind, rules: Vec<Rule>, naive: Naive) -> Result<(), TestCaseError> {
    let packets = universe(kind);
    let fates = |rules: &[Rule]| -> Vec<bool> { packets.iter().map(|packet| naive(rules, packet)).collect() };
    let policy = policy(kind, rules);
    let rules = &policy.rules;
    let evaluation = evaluate(&policy);
    let truth = fates(rules);
    let gone = &evaluation.removable;
    prop_assert!(fates(&without(rules, gone)) == truth, "without {:?} something changes: {:#?}", gone, rules);
    for (i, effect) in (0_u32..).zip(&evaluation.effects) {
        let alone = fates(&without(rules, &[i])) == truth;
        let first_of_copies = evaluation.copies.iter().any(|(_, first)| *first == i);
        prop_assert!(alone || *effect == Effect::InEffect, "rule {} is called {:?}: {:#?}", i, effect, rules);
        prop_assert!(!alone || *effect != Effect::InEffect || first_of_copies, "rule {} is called in effect: {:#?}", i, rules);
        if !gone.contains(&i) {
            let too = [&gone[..], &[i]].concat();
            prop_assert!(fates(&without(rules, &too)) != truth, "{} could go with {:?}: {:#?}", i, gone, rules);
        }
    }
    for (copy, first) in &evaluation.copies {
        let (copy, first) = (&rules[*copy as usize], &rules[*first as usize]);
        prop_assert_eq!(copy.action, first.action);
        prop_assert!(packets.iter().all(|packet| matches(copy, packet) == matches(first, packet)), "{:?} and {:?}", copy, first);
    }
    overruled(&evaluation, rules, &packets, naive)
}

/// What is said of rules that others decide before.
fn overruled(evaluation: &Evaluation<'_>, rules: &[Rule], packets: &[Packet], naive: Naive) -> Result<(), TestCaseError> {
    for told in &evaluation.overruled {
        let own = &rules[told.rule as usize];
        prop_assert_eq!(told.wholly, evaluation.effects[told.rule as usize] == Effect::Shadowed);
        prop_assert!(!told.by.contains(&told.rule));
        for packet in packets.iter().filter(|packet| told.wholly && matches(own, packet)) {
            // Whatever decides is among the rules that are named, or an allow that says the same.
            let by = told.by.iter().any(|i| matches(&rules[*i as usize], packet));
            let agrees = own.action == Action::Allow && naive(rules, packet);
            let unusable = packet.other == "9000::1".parse::<IpAddr>().unwrap();
            prop_assert!(by || agrees || unusable, "{:?} of {:?} in {:#?}", packet, told, rules);
        }
        for address in ADDRESSES.iter().map(|address| address.parse::<IpAddr>().unwrap()).filter(|a| told.leaks.contains(*a)) {
            let passes = packets.iter().any(|packet| packet.other == address && matches(own, packet) && naive(rules, packet));
            prop_assert!(passes, "{} does not leak: {:?} in {:#?}", address, told, rules);
        }
        if let Some(opposite) = told.opposite {
            let opposite = &rules[opposite as usize];
            prop_assert!(opposite.action != own.action);
            prop_assert!(packets.iter().all(|packet| matches(own, packet) == matches(opposite, packet)));
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(Config { cases: POLICIES, failure_persistence: None, ..Config::default() })]

    #[test]
    fn security_groups(rules in proptest::collection::vec(any_rule(PolicyKind::AwsSecurityGroup), 0..10)) {
        check(PolicyKind::AwsSecurityGroup, rules, first_match)?;
    }

    #[test]
    fn network_acls(rules in proptest::collection::vec(any_rule(PolicyKind::AwsNetworkAcl), 0..10)) {
        check(PolicyKind::AwsNetworkAcl, rules, first_match)?;
    }

    #[test]
    fn network_security_groups(rules in proptest::collection::vec(any_rule(PolicyKind::AzureNetworkSecurityGroup), 0..7)) {
        check(PolicyKind::AzureNetworkSecurityGroup, rules, first_match)?;
    }

    #[test]
    fn google_cloud_firewalls(rules in proptest::collection::vec(any_rule(PolicyKind::GcpFirewall), 0..7)) {
        check(PolicyKind::GcpFirewall, rules, google)?;
    }
}

/// A group's rules as `az network nsg show` prints them, from name, number, access, port and source.
fn group(rules: &[(&str, u32, &str, &str, &str)]) -> String {
    let rule = |(name, priority, access, port, source): &(&str, u32, &str, &str, &str)| {
        json!({ "name": name, "properties": {
            "priority": priority, "access": access, "direction": "Inbound", "protocol": if *port == "*" { "*" } else { "Tcp" },
            "sourceAddressPrefix": source, "sourcePortRange": "*", "destinationAddressPrefix": "*", "destinationPortRange": port,
        } })
    };
    json!({
        "type": "Microsoft.Network/networkSecurityGroups", "name": "web",
        "properties": { "securityRules": rules.iter().map(rule).collect::<Vec<_>>() },
    })
    .to_string()
}

/// What is said of rules that do nothing: verdict, audit, message.
fn said(text: &str) -> Vec<String> {
    let told = ["weakened-deny", "shadowed-rule", "duplicate-rule", "redundant-rule", "removable-rules", "admits-nobody", "disabled-rule"];
    let of = |findings: &[Finding]| {
        let here = findings.iter().filter(|finding| told.contains(&finding.audit.id));
        here.map(|finding| format!("{} {}: {}", finding.verdict, finding.audit.id, finding.message)).collect()
    };
    reviewed(text).look(0, |_, findings| of(findings)).unwrap()
}

#[test]
fn each_rule_that_does_nothing_is_told_with_the_lines_that_make_it_so() {
    let text = group(&[
        ("web", 100, "Allow", "443", "*"),
        ("web-again", 150, "Allow", "443", "0.0.0.0/0"),
        ("block", 200, "Deny", "*", "203.0.113.0/24"),
        ("no-database", 300, "Deny", "1433", "10.0.0.0/8"),
        ("database", 400, "Allow", "1433", "10.0.0.0/8"),
        ("reports", 500, "Allow", "1433", "10.1.0.0/16"),
    ]);
    let lines = said(&text);
    for line in [
        "caution weakened-deny: this deny stops less than it says: `web` lets its packets from 256 example IPv4 addresses pass before it",
        "secure shadowed-rule: this rule contradicts `no-database`, which matches exactly the same packets and decides before it",
        "secure shadowed-rule: this allow rule admits nobody: `no-database` stops all of its packets before it",
    ] {
        assert!(lines.iter().any(|told| told == line), "{line} is not in {lines:#?}");
    }
    assert_eq!(reviewed(&text).verdict().unwrap().as_str(), "caution", "the block does not hold");
    // What leaks inside is a note; an exception before a wider deny is as it should be.
    let inside = group(&[("ssh", 100, "Allow", "22", "10.0.0.0/8"), ("no-guests", 200, "Deny", "*", "10.9.0.0/24")]);
    assert!(said(&inside)[0].starts_with("secure weakened-deny: this deny stops less than it says: `ssh`"), "{:?}", said(&inside));
    let exception = group(&[("bastion", 100, "Allow", "22", "10.1.0.0/24"), ("no-ssh", 200, "Deny", "22", "*")]);
    assert_eq!(said(&exception), [""; 0]);
    let halves = [("web", 100, "Allow", "443", "*"), ("low", 200, "Deny", "*", "0.0.0.0/1"), ("high", 300, "Deny", "*", "128.0.0.0/1")];
    let halves = [&halves[..], &[("six", 400, "Deny", "*", "::/0")]].concat();
    assert_eq!(said(&group(&halves)), [""; 0], "a deny of everyone in parts is one");
}

/// What a policy hands to the next one, its later rules let nobody pass.
#[test]
fn a_deny_is_not_weakened_by_what_an_earlier_layer_passed_on() {
    let rule = |action: Action, layer: u16, net: &str| {
        let mut rule = Rule::allow(Direction::Ingress, Peer::Net(net.parse().unwrap()), Place::default());
        (rule.action, rule.layer, rule.priority) = (action, layer, Some(100));
        rule
    };
    let mut rules = vec![rule(Action::Next, 0, "0.0.0.0/0"), rule(Action::Allow, 0, "0.0.0.0/0"), rule(Action::Deny, 1, "0.0.0.0/1")];
    (rules[0].priority, rules[2].priority) = (Some(50), Some(200));
    assert_eq!(evaluate(&policy(PolicyKind::GcpFirewall, rules.clone())).overruled.iter().filter(|told| !told.wholly).count(), 0);
    rules.remove(0);
    assert_eq!(evaluate(&policy(PolicyKind::GcpFirewall, rules)).overruled.iter().filter(|told| told.rule == 1).count(), 1);
}

#[test]
fn repetitions_point_to_the_first() {
    let rules = ["in tcp 22 10.0.0.0/24", "in 6 22 10.0.0.77/24", "in tcp 22 10.0.0.0/24", "in tcp 443 10.0.0.0/24"];
    let text = listing(vec![portcullis_tests::group("a", &rules)]);
    let lines = said(&text);
    assert_eq!(lines.len(), 2, "{lines:#?}");
    assert!(lines[0].starts_with("secure duplicate-rule: 2 rules repeat the rule for tcp and 10.0.0.0/24"), "{lines:#?}");
    assert!(lines[1].starts_with("secure removable-rules: 2 rules can go without changing what is open: "), "{lines:#?}");
    let first =
        reviewed(&text).look(0, |_, f| f.iter().find(|f| f.audit.id == "duplicate-rule").map(|f| (f.rules.clone(), f.related.clone())));
    assert_eq!(first.unwrap(), Some((vec![1, 2], vec![0])));
}
