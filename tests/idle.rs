//! Rules that do nothing, against the naive evaluators, for every packet that the rules of a policy can tell apart.

use std::net::IpAddr;

use portcullis_core::exposure::{Effect, Evaluation, evaluate};
use portcullis_core::model::{Action, Direction, Local, Peer, Place, Policy, PolicyKind, Ports, Protocol, Rule};
use portcullis_core::space::{AddressSet, PortSet};
use portcullis_tests::ordered::{Packet, first_match, google, matches};
use proptest::prelude::*;
use proptest::test_runner::Config;

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
