//! The evaluator against the naive one, packet by packet, and against itself under another spelling.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use portcullis_core::exposure::{Evaluation, Exposure, Protocols, Sources};
use portcullis_core::model::{Direction, protocol_number};
use portcullis_core::review::Review;
use portcullis_tests::naive::{Other, Packet, Peer, Rule, admits};
use portcullis_tests::{group, listing, reviewed};
use proptest::prelude::*;
use proptest::test_runner::Config;

/// 400 policies of 300 packets each: 120,000 packets a run.
const POLICIES: u32 = 400;
const PACKETS: usize = 300;

fn any_net() -> impl Strategy<Value = IpNet> {
    let told = ["0.0.0.0/0", "0.0.0.0/1", "128.0.0.0/1", "10.0.0.0/8", "10.0.0.0/9", "10.1.2.3/32", "203.0.113.0/24", "127.0.0.0/8"];
    let told6 = ["::/0", "2000::/3", "8000::/1", "fd00::/8", "2001:db8::/32", "2600::1/128"];
    prop_oneof![
        proptest::sample::select([&told[..], &told6[..]].concat()).prop_map(|net| net.parse().unwrap()),
        (any::<u32>(), 0_u8..=32).prop_map(|(bits, length)| IpNet::V4(Ipv4Net::new(Ipv4Addr::from(bits), length).unwrap().trunc())),
        (any::<u128>(), 0_u8..=128).prop_map(|(bits, length)| IpNet::V6(Ipv6Net::new(Ipv6Addr::from(bits), length).unwrap().trunc())),
    ]
}

fn any_peer() -> impl Strategy<Value = Peer> {
    prop_oneof![
        8 => any_net().prop_map(Peer::Net),
        1 => proptest::sample::select(vec!["sg-a", "sg-b"]).prop_map(|id| Peer::Group(id.into())),
        1 => Just(Peer::Unresolved("pl-1".into())),
    ]
}

fn any_rule() -> impl Strategy<Value = Rule> {
    let port = prop_oneof![proptest::sample::select(vec![0, 1, 22, 80, 443, 1023, 1024, 3306, 65_534, 65_535]), 0_i32..=65_535,];
    let transport = (proptest::sample::select(vec!["tcp", "6", "udp", "17"]), port.clone(), port)
        .prop_map(|(protocol, a, b)| (protocol.to_owned(), Some((a.min(b), a.max(b)))));
    let kind = proptest::sample::select(vec![-1, 0, 3, 5, 8, 128, 255]);
    let icmp = (proptest::sample::select(vec!["icmp", "icmpv6", "1", "58"]), kind, proptest::sample::select(vec![-1, 0, 4, 255]))
        .prop_map(|(protocol, kind, code)| (protocol.to_owned(), Some((kind, if kind == -1 { -1 } else { code }))));
    let other = proptest::sample::select(vec!["-1", "47", "50", "132"]).prop_map(|protocol| (protocol.to_owned(), None));
    (any::<bool>(), prop_oneof![6 => transport, 2 => icmp, 2 => other], any_peer()).prop_map(|(egress, (protocol, ports), peer)| Rule {
        egress,
        protocol,
        ports,
        peer,
    })
}

/// Packets at the edges of the rules, where mistakes live, and anywhere.
fn packets(rules: &[Rule], seeds: &[(u8, u16, u128, bool, u8)]) -> Vec<Packet> {
    let mut selectors: Vec<u16> = vec![0, 22, 443, 65_535];
    let mut addresses: Vec<IpAddr> = vec!["1.0.0.1".parse().unwrap(), "2600::1".parse().unwrap()];
    for rule in rules {
        if let Some((from, to)) = rule.ports {
            let edges = [from - 1, from, to, to + 1, from * 256 + to.max(0), from * 256 + 255];
            selectors.extend(edges.iter().filter_map(|edge| u16::try_from(*edge).ok()));
        }
        match rule.peer {
            Peer::Net(IpNet::V4(net)) => {
                let (first, last) = (u32::from(net.network()), u32::from(net.broadcast()));
                addresses.extend([first.wrapping_sub(1), first, last, last.wrapping_add(1)].map(|bits| IpAddr::from(Ipv4Addr::from(bits))));
            }
            Peer::Net(IpNet::V6(net)) => {
                let (first, last) = (u128::from(net.network()), u128::from(net.broadcast()));
                addresses.extend([first.wrapping_sub(1), first, last, last.wrapping_add(1)].map(|bits| IpAddr::from(Ipv6Addr::from(bits))));
            }
            _ => {}
        }
    }
    let one = |&(protocol, selector, bits, egress, choice): &(u8, u16, u128, bool, u8)| {
        let protocols = [6, 6, 6, 17, 17, 1, 58, 47, 50, 132, 2, protocol];
        let pick = |length: usize| usize::try_from(bits % length as u128).unwrap();
        let other = match choice % 8 {
            0 => Other::Member(if bits % 2 == 0 { "sg-a".into() } else { "sg-b".into() }),
            1 => Other::Address(Ipv4Addr::from(bits as u32).into()),
            2 => Other::Address(Ipv6Addr::from(bits).into()),
            _ => Other::Address(addresses[pick(addresses.len())]),
        };
        let selector = if choice % 3 == 0 { selector } else { selectors[usize::from(selector) % selectors.len()] };
        Packet { egress, protocol: protocols[usize::from(protocol) % protocols.len()], selector, other }
    };
    seeds.iter().map(one).collect()
}

/// The rules as a listing, read, evaluated and asked the way every face does it.
fn with_evaluation<R>(rules: &[Rule], look: impl FnOnce(&Evaluation<'_>) -> R) -> R {
    review_of(rules).look(0, |subject, _| look(subject.evaluation)).unwrap()
}

fn review_of(rules: &[Rule]) -> Review {
    let lines: Vec<String> = rules.iter().map(shorthand).collect();
    let review = reviewed(listing(vec![group("x", &lines.iter().map(String::as_str).collect::<Vec<_>>())]));
    assert_eq!(review.documents()[0].problems.errors(), 0, "{:?}", review.documents()[0].problems.kept());
    review
}

fn shorthand(rule: &Rule) -> String {
    let peer = match &rule.peer {
        Peer::Net(net) => net.to_string(),
        Peer::Group(id) | Peer::Unresolved(id) => id.clone(),
    };
    let ports = rule.ports.map_or("-".to_owned(), |(from, to)| format!("{from}/{to}"));
    format!("{} {} {ports} {peer}", if rule.egress { "out" } else { "in" }, rule.protocol)
}

/// Whether the exposures say that the packet gets in: for certain, and possibly.
fn asked(evaluation: &Evaluation<'_>, named: &[u8], packet: &Packet) -> (bool, bool) {
    let speaks = |exposure: &&Exposure| {
        let here = match exposure.protocols {
            Protocols::All => true,
            Protocols::Other => !named.contains(&packet.protocol),
            Protocols::Number(number) => number == packet.protocol && exposure.first <= packet.selector && packet.selector <= exposure.last,
        };
        here && (exposure.direction == Direction::Egress) == packet.egress
    };
    let within = |sources: &Sources| match &packet.other {
        Other::Address(address) => {
            let exists = !(packet.protocol == 1 && address.is_ipv6() || packet.protocol == 58 && address.is_ipv4());
            exists && sources.addresses.contains(*address)
        }
        // A member has some address, so everyone's addresses include it.
        Other::Member(id) => {
            let named = sources.symbols.iter().any(|symbol| *evaluation.symbols[*symbol as usize].id == **id);
            named || everyone(sources, packet.protocol)
        }
    };
    let hits = evaluation.exposures.iter().filter(speaks);
    hits.fold((false, false), |(sure, maybe), e| (sure || within(&e.surely), maybe || within(&e.possibly)))
}

fn everyone(sources: &Sources, protocol: u8) -> bool {
    match protocol {
        1 => sources.addresses.v4.is_full(),
        58 => sources.addresses.v6.is_full(),
        _ => sources.addresses.is_full(),
    }
}

/// A naive evaluator can't see that all addresses together include a member's; both sides are asked the same.
fn oracle(rules: &[Rule], packet: &Packet) -> (bool, bool) {
    let told = admits(rules, packet);
    let Other::Member(_) = &packet.other else { return told };
    let at = |address: &str| admits(rules, &Packet { other: Other::Address(address.parse().unwrap()), ..packet.clone() });
    // The edges of every rule's prefix: if all of them pass, every address does.
    let mut addresses: Vec<IpAddr> = Vec::new();
    for rule in rules {
        if let Peer::Net(net) = &rule.peer {
            addresses.extend([net.network(), net.broadcast()]);
            match net {
                IpNet::V4(net) => {
                    addresses.push(Ipv4Addr::from(u32::from(net.network()).wrapping_sub(1)).into());
                    addresses.push(Ipv4Addr::from(u32::from(net.broadcast()).wrapping_add(1)).into());
                }
                IpNet::V6(net) => {
                    addresses.push(Ipv6Addr::from(u128::from(net.network()).wrapping_sub(1)).into());
                    addresses.push(Ipv6Addr::from(u128::from(net.broadcast()).wrapping_add(1)).into());
                }
            }
        }
    }
    let v4 = packet.protocol == 58 || addresses.iter().filter(|a| a.is_ipv4()).all(|a| at(&a.to_string()).0) && at("9.9.9.9").0;
    let v6 = packet.protocol == 1 || addresses.iter().filter(|a| a.is_ipv6()).all(|a| at(&a.to_string()).0) && at("2600::9").0;
    let sure = v4 && v6;
    (told.0 || sure, told.1 || sure)
}

fn named(rules: &[Rule], egress: bool) -> Vec<u8> {
    let number = |rule: &Rule| rule.protocol.parse().ok().or_else(|| protocol_number(&rule.protocol));
    rules.iter().filter(|rule| rule.egress == egress).filter_map(number).collect()
}

proptest! {
    #![proptest_config(Config { cases: POLICIES, failure_persistence: None, ..Config::default() })]

    #[test]
    fn every_packet_gets_the_naive_answer(
        rules in proptest::collection::vec(any_rule(), 0..12),
        seeds in proptest::collection::vec(any::<(u8, u16, u128, bool, u8)>(), PACKETS),
    ) {
        with_evaluation(&rules, |evaluation| {
            for packet in packets(&rules, &seeds) {
                let told = asked(evaluation, &named(&rules, packet.egress), &packet);
                prop_assert_eq!(told, oracle(&rules, &packet), "{:?} under {:?}", packet, rules);
            }
            Ok(())
        })?;
    }

    #[test]
    fn spelling_changes_neither_exposure_nor_verdict(
        rules in proptest::collection::vec(any_rule(), 1..10),
        choices in proptest::collection::vec(any::<(u8, u16)>(), 40),
    ) {
        let respelled = respell(&rules, &choices);
        let (before, after) = (review_of(&rules), review_of(&respelled));
        prop_assert_eq!(essence(&before), essence(&after), "{:?} became {:?}", rules, respelled);
    }

    #[test]
    fn what_is_redundant_can_go(rules in proptest::collection::vec(any_rule(), 1..10)) {
        use portcullis_core::exposure::Effect;
        let review = review_of(&rules);
        let effects = review.look(0, |subject, _| subject.evaluation.effects.clone()).unwrap();
        // The reader orders inbound before outbound, as the listing does.
        let ordered: Vec<Rule> = rules.iter().filter(|r| !r.egress).chain(rules.iter().filter(|r| r.egress)).cloned().collect();
        prop_assert_eq!(effects.len(), ordered.len());
        for (at, effect) in effects.iter().enumerate() {
            let mut rest = ordered.clone();
            rest.remove(at);
            let same = exposures_of(&review_of(&rest)) == exposures_of(&review);
            let first_copy = !ordered[..at].iter().any(|earlier| same_rule(earlier, &ordered[at]));
            match effect {
                Effect::Redundant => prop_assert!(same, "rule {} of {:?} is called redundant", at, ordered),
                Effect::InEffect => {
                    let later_copy = ordered[at + 1..].iter().any(|later| same_rule(later, &ordered[at]));
                    prop_assert!(!same || later_copy && first_copy, "rule {} of {:?} is called in effect", at, ordered);
                }
                _ => {}
            }
        }
    }
}

fn same_rule(a: &Rule, b: &Rule) -> bool {
    let key = |rule: &Rule| {
        let number = rule.protocol.parse().ok().or_else(|| protocol_number(&rule.protocol).map(i32::from));
        // Codes don't count where all types are meant.
        let ports = rule.ports.map(|(from, to)| if from == -1 { (-1, -1) } else { (from, to) });
        (rule.egress, number, ports)
    };
    key(a) == key(b) && a.peer == b.peer
}

/// The same policy in other words: prefixes and port ranges split, protocols as numbers, everything in another order.
fn respell(rules: &[Rule], choices: &[(u8, u16)]) -> Vec<Rule> {
    let mut out: Vec<Rule> = Vec::new();
    let mut choices = choices.iter().cycle();
    for rule in rules {
        let &(choice, cut) = choices.next().unwrap();
        let mut parts = vec![rule.clone()];
        if choice & 1 == 1
            && let Peer::Net(net) = &rule.peer
        {
            let halves: Vec<IpNet> = net.subnets((net.prefix_len() + 1).min(net.max_prefix_len())).unwrap().collect();
            parts = halves.into_iter().map(|half| Rule { peer: Peer::Net(half), ..rule.clone() }).collect();
        }
        let transport = matches!(rule.protocol.as_str(), "tcp" | "udp" | "6" | "17");
        if choice & 2 == 2
            && transport
            && let Some((from, to)) = rule.ports
            && from < to
        {
            let at = from + i32::from(cut) % (to - from);
            parts =
                parts.iter().flat_map(|part| [(from, at), (at + 1, to)].map(|ports| Rule { ports: Some(ports), ..part.clone() })).collect();
        }
        if choice & 4 == 4
            && let Some(number) = protocol_number(&rule.protocol)
        {
            parts.iter_mut().for_each(|part| part.protocol = number.to_string());
        }
        for part in parts {
            let at = usize::from(choices.next().unwrap().1) % (out.len() + 1);
            out.insert(at, part);
        }
    }
    out
}

type Essence = Vec<(Direction, Protocols, u16, u16, Vec<String>, Vec<String>)>;

fn exposures_of(review: &Review) -> Essence {
    review
        .look(0, |subject, _| {
            let name = |sources: &Sources| {
                let nets = sources.addresses.to_nets().into_iter().map(|net| net.to_string());
                let mut all: Vec<String> = sources.symbols.iter().map(|i| subject.evaluation.symbols[*i as usize].id.to_string()).collect();
                all.sort();
                all.extend(nets);
                all
            };
            let one = |e: &Exposure| (e.direction, e.protocols, e.first, e.last, name(&e.surely), name(&e.possibly));
            subject.evaluation.exposures.iter().map(one).collect()
        })
        .unwrap()
}

fn essence(review: &Review) -> (Essence, String) {
    let verdicts =
        review.look(0, |subject, _| subject.judgement.exposures.iter().map(|j| j.verdict.as_str()).collect::<Vec<_>>().join(" "));
    (exposures_of(review), format!("{:?} {:?}", review.verdict(), verdicts))
}
