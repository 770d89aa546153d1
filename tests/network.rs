//! Interfaces behind all of their layers, questions about flows between them, and the replies they wait for, against the naive walk
//! of one packet at a time.

use std::net::IpAddr;

use portcullis_core::ask::{Fate, ask};
use portcullis_core::exposure::{Evaluation, Exposure, Protocols};
use portcullis_core::model::Direction;
use portcullis_core::space::PortSet;
use portcullis_core::stateless::{CLIENTS, replies_among};
use portcullis_tests::network::{ADDRESSES, Other, PORTS, address, cidr, ports, reviewed, world};
use proptest::prelude::*;
use proptest::test_runner::Config;

const NETWORKS: u32 = 100;
const PACKETS: usize = 100;

/// Whether an evaluation admits a packet.
fn admitted(evaluation: &Evaluation<'_>, rules_name: bool, egress: bool, other: &Other<'_>, protocol: u8, port: u16) -> (bool, bool) {
    let direction = if egress { Direction::Egress } else { Direction::Ingress };
    let here = |exposure: &&Exposure| exposure.direction == direction && exposure.first <= port && port <= exposure.last;
    let speaks = |exposure: &&Exposure| match exposure.protocols {
        Protocols::All => true,
        Protocols::Other => !rules_name,
        Protocols::Number(number) => number == protocol,
    };
    let holds = |sources: &portcullis_core::exposure::Sources| {
        let member = sources.symbols.iter().any(|symbol| {
            let id = &evaluation.symbols[usize::try_from(*symbol).unwrap()].id;
            other.groups.iter().any(|group| **id == *format!("sg-{group}"))
        });
        member || sources.addresses.contains(IpAddr::V4(other.address))
    };
    let found: Vec<&Exposure> = evaluation.exposures.iter().filter(here).filter(speaks).collect();
    (found.iter().any(|exposure| holds(&exposure.surely)), found.iter().any(|exposure| holds(&exposure.possibly)))
}

proptest! {
    #![proptest_config(Config { cases: NETWORKS, failure_persistence: None, ..Config::default() })]

    #[test]
    fn what_passes_all_layers_is_what_a_walk_through_them_says(
        world in world(),
        seeds in proptest::collection::vec((any::<bool>(), 0_usize..10, 0_usize..9, any::<bool>(), 0_usize..5), PACKETS),
    ) {
        let review = reviewed(&world);
        for (egress, from, port, udp, to) in seeds {
            let (to, protocol, port) = (to % world.interfaces.len(), if udp { 17 } else { 6 }, PORTS[port]);
            let other = match ADDRESSES.get(from) {
                Some(address) => Other { address: *address, groups: &[] },
                None => world.other((from - ADDRESSES.len()) % world.interfaces.len()),
            };
            let expected = world.passes(to, egress, &other, protocol, port);
            let (surely, possibly) = review.look_at_surface(to, |view, _| {
                let names = view.stack.stack.policy.rules.iter().any(|rule| {
                    rule.protocol == portcullis_core::model::Protocol::Number(protocol) && (rule.direction == Direction::Egress) == egress
                });
                admitted(view.evaluation, names, egress, &other, protocol, port)
            }).unwrap();
            prop_assert!(surely <= expected && expected <= possibly, "{surely} {expected} {possibly}: {protocol}/{port} {} {to}", other.address);
            prop_assert_eq!(surely, expected, "everything is pasted, so everything is certain: {}/{} {}", protocol, port, other.address);
        }
    }

    #[test]
    fn answers_are_what_a_walk_through_both_ends_says(
        world in world(),
        seeds in proptest::collection::vec((0_usize..10, 0_usize..9, any::<bool>(), 0_usize..10), PACKETS),
    ) {
        let review = reviewed(&world);
        for (from, port, udp, to) in seeds {
            let (protocol, port) = (if udp { 17 } else { 6 }, PORTS[port]);
            let end = |at: usize| at.checked_sub(ADDRESSES.len()).map(|at| at % world.interfaces.len());
            let (source, destination) = (end(from), end(to));
            if source.is_none() && destination.is_none() || source == destination {
                continue;
            }
            let other = |end: Option<usize>, at: usize| match end {
                Some(interface) => world.other(interface),
                None => Other { address: ADDRESSES[at], groups: &[] },
            };
            let leaves = source.is_none_or(|source| world.passes(source, true, &other(destination, to), protocol, port));
            let enters = destination.is_none_or(|destination| world.passes(destination, false, &other(source, from), protocol, port));
            let name = |end: Option<usize>, at: usize| end.map_or_else(|| ADDRESSES[at].to_string(), |interface| format!("eni-{interface}"));
            let question = format!("{} -> {} {}/{port}", name(source, from), name(destination, to), if udp { "udp" } else { "tcp" });
            let answer = ask(&review, &question).unwrap();
            // A private address that nobody pasted may be a member of a group that nobody pasted an interface of.
            let stranger = |end: Option<usize>, at: usize| end.is_none() && ADDRESSES[at].is_private();
            let carried = (0..world.groups.len()).all(|group| world.interfaces.iter().any(|one| one.groups.contains(&group)));
            if answer.fate == Fate::Unknown && !carried && (stranger(source, from) || stranger(destination, to)) {
                continue;
            }
            let expected = if leaves && enters { Fate::Allowed } else { Fate::Denied };
            prop_assert_eq!(answer.fate, expected, "{}: {:#?}", question, answer.runs[0].ways);
            // The steps tell the same story as the sets.
            let denied = answer.runs[0].ways.iter().all(|way| way.steps.iter().any(|step| step.outcome == portcullis_core::exposure::Outcome::Denied));
            prop_assert_eq!(denied, expected == Fate::Denied, "{}: {:#?}", question, answer.runs[0].ways);
        }
    }

    #[test]
    fn replies_are_asked_for_where_an_interface_behind_the_acl_wants_them(world in world()) {
        let review = reviewed(&world);
        for subnet in 0..world.subnets.len() {
            let name = format!("acl-{subnet}");
            let at = (0..review.policies()).find(|at| review.policy(*at).unwrap().id.as_deref() == Some(&name)).unwrap();
            let found = review.look(at, |subject, _| subject.judgement.dropped.clone().unwrap()).unwrap();
            let known = world.interfaces.iter().any(|interface| interface.subnet == subnet);
            let ends = ADDRESSES.into_iter().chain(world.interfaces.iter().enumerate().map(|(i, one)| address(i, one)));
            for (end, egress, protocol) in ends.flat_map(|end| [(end, false, 6), (end, true, 6), (end, false, 17), (end, true, 17)]) {
                let asked = world.ports(|port| world.crosses(subnet, egress, end, protocol, port));
                let outside = !cidr(subnet).contains(&end);
                let behind = world.ports(|port| !known || outside && world.wanted(subnet, egress, end, protocol, port));
                let passing = asked.intersection(&behind);
                let needed = passing.difference(&replies_among(&passing));
                let idle = asked.difference(&replies_among(&asked)).difference(&behind);
                let answered = world.ports(|port| world.crosses(subnet, !egress, end, protocol, port));
                let hangs = CLIENTS.iter().any(|client| {
                    client.ports().difference(&answered).count() * 100 > client.ports().count()
                });
                let direction = if egress { Direction::Egress } else { Direction::Ingress };
                let told = |needed: bool| {
                    let here = found.iter().filter(|told| (told.request, told.protocol, told.needed) == (direction, protocol, needed));
                    let flows = here.flat_map(|told| &told.asked).filter(|flow| flow.addresses.contains(end.into()));
                    flows.fold(PortSet::empty(), |all, flow| all.union(&flow.ports))
                };
                let expected = |set: PortSet| if hangs { set } else { PortSet::empty() };
                // DHCP and IKE use one port at both ends.
                let same = [67, 68, 500, 546, 547, 4500].map(|port| (port, port)).to_vec();
                let same = PortSet::from_runs(if protocol == 17 { same } else { Vec::new() });
                prop_assert_eq!(told(true), expected(needed.difference(&same)), "{} {} {} of {:#?}", end, direction as u8, protocol, found);
                prop_assert_eq!(told(false), expected(idle.difference(&same)), "{} {} {} of {:#?}", end, direction as u8, protocol, found);
            }
            for told in &found {
                prop_assert!(told.needed || !told.matters() && told.mend.is_empty());
            }
        }
    }

    #[test]
    fn a_range_is_answered_as_each_of_its_ports(
        world in world(),
        seeds in proptest::collection::vec((0_usize..10, 0_usize..10, ports(), any::<bool>()), 10),
    ) {
        let review = reviewed(&world);
        for (from, to, (first, last), everything) in seeds {
            let name = |at: usize| match at.checked_sub(ADDRESSES.len()) {
                Some(at) => format!("eni-{}", at % world.interfaces.len()),
                None => ADDRESSES[at].to_string(),
            };
            let (from, to) = (name(from), name(to));
            if !from.starts_with("eni") && !to.starts_with("eni") || from == to {
                continue;
            }
            let asked = if everything { "any".to_owned() } else { format!("tcp/{first}-{last},udp/53,{first}") };
            let answer = ask(&review, &format!("{from} -> {to} {asked}")).unwrap();
            prop_assert_eq!(answer.more_runs, 0);
            let mut before: Option<(Option<u8>, u16)> = None;
            for run in &answer.runs {
                if let Some((protocol, last)) = &before {
                    prop_assert!(*protocol != run.protocol || *last < run.first, "runs are in order and apart");
                }
                before = Some((run.protocol, run.last));
                for port in PORTS.into_iter().chain([run.first, run.last]).filter(|port| run.first <= *port && *port <= run.last) {
                    let service = match run.protocol {
                        Some(6) => format!("tcp/{port}"),
                        Some(17) => format!("udp/{port}"),
                        Some(_) => continue,
                        None => "47".to_owned(),
                    };
                    let point = ask(&review, &format!("{from} -> {to} {service}")).unwrap();
                    prop_assert_eq!(point.fate, run.fate, "{} -> {} {}: {:#?}", from, to, service, answer.said);
                }
            }
            let covered = |protocol: u8| {
                let own = answer.runs.iter().filter(|run| run.protocol == Some(protocol)).map(|run| (run.first, run.last));
                PortSet::from_runs(own.collect())
            };
            if everything {
                prop_assert!(covered(6).is_full() && covered(17).is_full() && answer.runs.iter().any(|run| run.protocol.is_none()));
            } else {
                let udp = PortSet::from_runs(vec![(53, 53), (first, first)]);
                prop_assert!(covered(6) == PortSet::run(first, last) && covered(17) == udp);
            }
        }
    }
}
