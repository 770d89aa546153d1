//! Ordered policies against naive evaluators: network ACLs, network security groups and Google Cloud firewalls, each by its
//! platform's own order, written again from the vendors' documents.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;
use portcullis_core::exposure::{Exposure, Protocols, evaluate};
use portcullis_core::model::{Action, Direction, Local, Peer, Place, Policy, PolicyKind, Ports, Protocol, Rule};
use portcullis_core::space::{AddressSet, PortSet};
use portcullis_tests::ordered::{Packet, first_match, google};
use proptest::prelude::*;
use proptest::test_runner::Config;

/// 300 policies of 120 packets each, for each platform: 108,000 packets a run.
const POLICIES: u32 = 300;
const PACKETS: usize = 120;

fn any_net() -> impl Strategy<Value = IpNet> {
    let told = ["0.0.0.0/0", "0.0.0.0/1", "128.0.0.0/1", "10.0.0.0/8", "10.0.0.0/9", "10.1.2.3/32", "::/0", "2000::/3", "fd00::/8"];
    proptest::sample::select(told.to_vec()).prop_map(|net| net.parse().unwrap())
}

fn any_ports() -> impl Strategy<Value = Ports> {
    let port = proptest::sample::select(vec![0_u16, 22, 23, 80, 443, 1024, 65_535]);
    prop_oneof![
        2 => Just(Ports::All),
        4 => (port.clone(), port.clone()).prop_map(|(a, b)| Ports::Range(a.min(b), a.max(b))),
        1 => (port.clone(), port.clone()).prop_map(|(a, b)| Ports::Set(Box::new(PortSet::from_runs(vec![(a, a), (b, b)])))),
    ]
}

/// A rule as the platform allows it: source ports for Azure, local ends for Azure and Google, layers for Google.
fn any_rule(kind: PolicyKind) -> impl Strategy<Value = Rule> {
    let azure = kind == PolicyKind::AzureNetworkSecurityGroup;
    let google = kind == PolicyKind::GcpFirewall;
    let protocol = proptest::sample::select(vec![Protocol::Any, Protocol::TCP, Protocol::TCP, Protocol::UDP, Protocol::Number(47)]);
    let action =
        proptest::sample::select(if google { vec![Action::Allow, Action::Deny, Action::Next] } else { vec![Action::Allow, Action::Deny] });
    let extra = (proptest::option::of(0_u16..=2), any::<bool>(), 0_u32..4, any_net(), 0_u16..2, 0_u8..10);
    (any::<bool>(), protocol, any_ports(), any_net(), action, extra).prop_map(
        move |(egress, protocol, ports, net, action, (source, local, priority, local_net, layer, disabled))| {
            let direction = if egress { Direction::Egress } else { Direction::Ingress };
            let mut rule = Rule::allow(direction, Peer::Net(net), Place::default());
            (rule.protocol, rule.ports, rule.action) = (protocol, ports, action);
            rule.priority = Some(priority * 100);
            if azure {
                let runs = [(0, 1023), (1024, 40_000), (40_001, 65_535)];
                rule.source_ports = source.map(|at| Box::new(PortSet::from_runs(vec![runs[usize::from(at)]])));
            }
            if (azure || google) && local {
                rule.local = Local::Addresses(Box::new(AddressSet::from_nets([local_net])));
            }
            if google {
                rule.layer = layer;
                rule.disabled = disabled == 0;
            }
            rule
        },
    )
}

fn policy(kind: PolicyKind, rules: Vec<Rule>) -> Policy {
    Policy { kind, id: None, name: None, address: None, at: Place::default(), rules, partial: false }
}

fn packets(rules: &[Rule], seeds: &[(u8, u8, u8, u8, bool)]) -> Vec<Packet> {
    let mut addresses: Vec<IpAddr> =
        ["1.0.0.1", "200.1.1.1", "10.1.2.3", "2600::1", "fd00::1", "9000::1"].map(|a| a.parse().unwrap()).to_vec();
    for rule in rules {
        if let Peer::Net(net) = rule.peer {
            addresses.extend([net.network(), net.broadcast()]);
            addresses.extend(match net {
                IpNet::V4(net) => [u32::from(net.network()).wrapping_sub(1), u32::from(net.broadcast()).wrapping_add(1)]
                    .map(|b| IpAddr::from(Ipv4Addr::from(b))),
                IpNet::V6(net) => [u128::from(net.network()).wrapping_sub(1), u128::from(net.broadcast()).wrapping_add(1)]
                    .map(|b| IpAddr::from(Ipv6Addr::from(b))),
            });
        }
    }
    let selectors = [0_u16, 21, 22, 23, 24, 79, 80, 81, 443, 444, 1023, 1024, 1025, 65_534, 65_535];
    let one = |&(protocol, selector, other, local, egress): &(u8, u8, u8, u8, bool)| Packet {
        egress,
        protocol: [6, 6, 17, 47, 2][usize::from(protocol) % 5],
        selector: selectors[usize::from(selector) % selectors.len()],
        source_port: 0,
        other: addresses[usize::from(other) % addresses.len()],
        local: addresses[usize::from(local) % addresses.len()],
    };
    seeds.iter().map(one).collect()
}

/// Source ports are projected out: admitted is who gets in from some source port.
fn from_some_port(packet: &Packet, admits: impl Fn(&Packet) -> bool) -> bool {
    [0, 1024, 40_001].into_iter().any(|source_port| admits(&Packet { source_port, ..packet.clone() }))
}

fn told(exposures: &[Exposure], rules: &[Rule], packet: &Packet, here: impl Fn(&Local) -> bool) -> bool {
    let named = |number: u8| {
        rules.iter().any(|rule| {
            rule.protocol == Protocol::Number(number) && !rule.disabled && (rule.direction == Direction::Egress) == packet.egress
        })
    };
    exposures.iter().filter(|e| (e.direction == Direction::Egress) == packet.egress && here(&e.local)).any(|e| {
        let speaks = match e.protocols {
            Protocols::All => true,
            Protocols::Other => !named(packet.protocol),
            Protocols::Number(number) => number == packet.protocol && e.first <= packet.selector && packet.selector <= e.last,
        };
        speaks && e.surely.addresses.contains(packet.other)
    })
}

fn check(
    kind: PolicyKind,
    rules: Vec<Rule>,
    seeds: &[(u8, u8, u8, u8, bool)],
    naive: fn(&[Rule], &Packet) -> bool,
) -> Result<(), TestCaseError> {
    let policy = policy(kind, rules);
    let evaluation = evaluate(&policy);
    prop_assert!(!evaluation.exhausted && evaluation.exposures.iter().all(Exposure::is_certain));
    for packet in packets(&policy.rules, seeds) {
        let truth = from_some_port(&packet, |packet| naive(&policy.rules, packet));
        let own = |local: &Local| matches!(local, Local::Addresses(set) if set.contains(packet.local));
        let elsewhere = told(&evaluation.exposures, &policy.rules, &packet, |local| *local == Local::Any);
        if evaluation.exposures.iter().any(|e| own(&e.local) && (e.direction == Direction::Egress) == packet.egress) {
            prop_assert_eq!(told(&evaluation.exposures, &policy.rules, &packet, own), truth, "{:?} under {:#?}", packet, policy.rules);
        } else {
            prop_assert_eq!(elsewhere, truth, "{:?} under {:#?}", packet, policy.rules);
        }
    }
    Ok(())
}

fn seeds() -> impl Strategy<Value = Vec<(u8, u8, u8, u8, bool)>> {
    proptest::collection::vec(any::<(u8, u8, u8, u8, bool)>(), PACKETS)
}

proptest! {
    #![proptest_config(Config { cases: POLICIES, failure_persistence: None, ..Config::default() })]

    #[test]
    fn network_acls(rules in proptest::collection::vec(any_rule(PolicyKind::AwsNetworkAcl), 0..10), seeds in seeds()) {
        check(PolicyKind::AwsNetworkAcl, rules, &seeds, first_match)?;
    }

    #[test]
    fn network_security_groups(rules in proptest::collection::vec(any_rule(PolicyKind::AzureNetworkSecurityGroup), 0..8), seeds in seeds()) {
        check(PolicyKind::AzureNetworkSecurityGroup, rules, &seeds, first_match)?;
    }

    #[test]
    fn google_cloud_firewalls(rules in proptest::collection::vec(any_rule(PolicyKind::GcpFirewall), 0..8), seeds in seeds()) {
        check(PolicyKind::GcpFirewall, rules, &seeds, google)?;
    }
}
