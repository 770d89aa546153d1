//! The evaluator against the naive one, packet by packet, and against itself under another spelling.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;
use portcullis_core::exposure::{Evaluation, Exposure, Protocols, Sources};
use portcullis_core::model::{Direction, protocol_number};
use portcullis_core::review::Review;
use portcullis_tests::naive::{Other, Packet, Peer, Rule, admits};
use portcullis_tests::random::{any_rule, packets, respell, review_of};
use proptest::prelude::*;
use proptest::test_runner::Config;

/// 400 policies of 300 packets each: 120,000 packets a run.
const POLICIES: u32 = 400;
const PACKETS: usize = 300;

/// The rules as a listing, read, evaluated and asked the way every face does it.
fn with_evaluation<R>(rules: &[Rule], look: impl FnOnce(&Evaluation<'_>) -> R) -> R {
    review_of(rules).look(0, |subject, _| look(subject.evaluation)).unwrap()
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
        rules in proptest::collection::vec(any_rule(&["pl-1"]), 0..12),
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
        rules in proptest::collection::vec(any_rule(&["pl-1"]), 1..10),
        choices in proptest::collection::vec(any::<(u8, u16)>(), 40),
    ) {
        let respelled = respell(&rules, &choices);
        let (before, after) = (review_of(&rules), review_of(&respelled));
        prop_assert_eq!(essence(&before), essence(&after), "{:?} became {:?}", rules, respelled);
    }

    #[test]
    fn what_is_redundant_can_go(rules in proptest::collection::vec(any_rule(&["pl-1"]), 1..10)) {
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
