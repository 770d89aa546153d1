//! What a change opens and closes at interfaces, through all of their layers, packet by packet against the naive walk on both
//! sides.

use std::net::{IpAddr, Ipv4Addr};

use ipnet::IpNet;
use portcullis_core::compare::{Change, Comparison, SCHEMA, compare};
use portcullis_core::review::review;
use portcullis_core::verdict::Verdict;
use portcullis_tests::network::{ADDRESSES, Entry, GroupRule, Interface, Other, PORTS, Peer, Subnet, World};
use portcullis_tests::network::{address, documents, reviewed, world};
use proptest::prelude::*;
use proptest::test_runner::Config;
use serde_json::Value;

/// 120 pairs of networks of 80 packets each.
const PAIRS: u32 = 120;
const PACKETS: usize = 80;

/// A network and what a change makes of it: some parts are those of another one.
fn pair() -> impl Strategy<Value = (World, World)> {
    (world(), world(), any::<[bool; 8]>()).prop_map(|(before, other, picks)| {
        let mut after = before.clone();
        for (i, pick) in picks.into_iter().enumerate() {
            match i {
                _ if !pick => {}
                0 | 1 => after.subnets[i].acl.clone_from(&other.subnets[i].acl),
                2 => after.subnets[2].route = other.subnets[2].route,
                3 | 4 => after.groups[i - 3].clone_from(&other.groups[i - 3]),
                5 => after.interfaces[0].groups.clone_from(&other.interfaces[0].groups),
                6 => after.interfaces[1].public = other.interfaces[1].public,
                _ => after.interfaces.clone_from(&other.interfaces),
            }
        }
        (before, after)
    })
}

/// The protocols that lines before an interface name.
fn named(world: &World, interface: Option<&Interface>, egress: bool) -> Vec<u8> {
    let Some(interface) = interface else { return Vec::new() };
    let acl = world.subnets[interface.subnet].acl.iter().filter(|entry| entry.egress == egress).map(|entry| entry.protocol);
    let groups = interface.groups.iter().flat_map(|group| &world.groups[*group]).filter(|rule| rule.egress == egress);
    acl.chain(groups.map(|rule| rule.protocol)).collect()
}

fn told(changes: &[Change], named: &[u8], egress: bool, (protocol, port): (u8, u16), other: &Other<'_>) -> bool {
    changes.iter().any(|change| {
        let about = match change.protocol.as_str() {
            "all" => true,
            "other" => !named.contains(&protocol),
            name => name == if protocol == 6 { "tcp" } else { "udp" },
        };
        let run = change.ports.as_ref().is_none_or(|ports| {
            let (first, last) = ports.split_once('-').unwrap_or((ports, ports));
            ports == "all" || first.parse::<u16>().unwrap() <= port && port <= last.parse::<u16>().unwrap()
        });
        let source = change.sources.iter().any(|net| net.parse::<IpNet>().unwrap().contains(&IpAddr::V4(other.address)));
        let member = other.groups.iter().any(|group| change.groups.contains(&format!("sg-{group}")));
        (change.direction == "egress") == egress && about && run && (source || member) && change.certain
    })
}

proptest! {
    #![proptest_config(Config { cases: PAIRS, failure_persistence: None, ..Config::default() })]

    #[test]
    fn every_packet_opens_and_closes_at_an_interface_as_the_naive_walk_says(
        (before, after) in pair(),
        seeds in proptest::collection::vec((any::<bool>(), 0_usize..10, 0_usize..9, any::<bool>(), 0_usize..5), PACKETS),
    ) {
        let comparison = compare(&reviewed(&before), &reviewed(&after));
        prop_assert!(comparison.surfaces.iter().all(|own| own.not_compared.is_none()), "everything is pasted");
        let all = comparison.surfaces.iter().flat_map(|own| own.opens.iter().chain(&own.closes));
        prop_assume!(all.into_iter().all(|change| change.sources.len() == change.source_count));
        for (egress, from, port, udp, to) in seeds {
            let (to, protocol, port) = (to % before.interfaces.len().max(after.interfaces.len()), if udp { 17 } else { 6 }, PORTS[port]);
            // Who has an address on one side may have none, or other groups, on the other.
            let sender = from.checked_sub(ADDRESSES.len());
            let at: Option<Ipv4Addr> = match sender {
                None => Some(ADDRESSES[from]),
                Some(own) => [&before, &after][from % 2].interfaces.get(own).map(|interface| address(own, interface)),
            };
            let Some(at) = at else { continue };
            let here = |world: &World| -> Vec<usize> {
                let own = world.interfaces.iter().enumerate().find(|(i, interface)| address(*i, interface) == at);
                own.map(|(_, interface)| interface.groups.clone()).unwrap_or_default()
            };
            let groups = [here(&before), here(&after)];
            let [was, is] = [(&before, &groups[0]), (&after, &groups[1])].map(|(world, groups)| {
                to < world.interfaces.len() && world.passes(to, egress, &Other { address: at, groups }, protocol, port)
            });
            let changed = comparison.surfaces.iter().find(|own| own.label == format!("eni-{to}"));
            let (opens, closes) = changed.map(|own| (&*own.opens, &*own.closes)).unwrap_or_default();
            let mut names = named(&before, before.interfaces.get(to), egress);
            names.extend(named(&after, after.interfaces.get(to), egress));
            let speaks = |changes: &[Change], groups: &[usize]| told(changes, &names, egress, (protocol, port), &Other { address: at, groups });
            let said = || format!("{at} {protocol}/{port} egress {egress} at eni-{to}: {:#?}\n{before:#?}\n{after:#?}", changed);
            prop_assert_eq!(speaks(opens, &groups[1]), is && !was, "opens {}", said());
            prop_assert_eq!(speaks(closes, &groups[0]), was && !is, "closes {}", said());
        }
    }
}

fn entry(number: u16, egress: bool, ports: (u16, u16)) -> Entry {
    Entry { egress, number, allow: true, protocol: 6, ports, net: "0.0.0.0/0".parse().unwrap() }
}

fn from_anywhere(port: u16) -> GroupRule {
    GroupRule { egress: false, protocol: 6, ports: (port, port), peer: Peer::Net("0.0.0.0/0".parse().unwrap()) }
}

/// A public interface with a web server's group, and a private one with a group for SSH, which nobody closes but its place.
fn web() -> World {
    let acl = || vec![entry(1, false, (443, 443)), entry(1, true, (0, 65_535))];
    let open = vec![entry(1, false, (0, 65_535)), entry(1, true, (0, 65_535))];
    World {
        subnets: vec![Subnet { route: 0, acl: acl() }, Subnet { route: 2, acl: acl() }, Subnet { route: 0, acl: open }],
        groups: vec![vec![from_anywhere(443)], vec![from_anywhere(22)], Vec::new()],
        interfaces: vec![
            Interface { subnet: 0, groups: vec![0], public: true },
            Interface { subnet: 1, groups: vec![1], public: false },
            Interface { subnet: 2, groups: vec![0], public: true },
        ],
    }
}

#[track_caller]
fn compared(before: &World, after: &World) -> Comparison {
    let comparison = compare(&reviewed(before), &reviewed(after));
    let schema: Value = serde_json::from_str(SCHEMA).unwrap();
    let told = serde_json::to_value(&comparison).unwrap();
    let errors: Vec<String> = jsonschema::validator_for(&schema).unwrap().iter_errors(&told).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    comparison
}

fn messages(changes: &[Change]) -> Vec<&str> {
    changes.iter().map(|change| change.message.as_str()).collect()
}

#[test]
fn an_acl_that_is_loosened_before_a_closed_group_opens_nothing() {
    let mut after = web();
    after.subnets[0].acl.push(entry(2, false, (22, 22)));
    let told = compared(&web(), &after);
    assert_eq!(messages(&told.policies[0].opens), ["opens 22/tcp to the internet (0.0.0.0/0)"]);
    assert!(told.policies[0].at_interfaces && told.surfaces.is_empty(), "{:#?}", told.surfaces);
    assert_eq!((told.opens(), told.worsens(), told.worst()), (false, false, Some(Verdict::Secure)));
    assert_eq!(
        told.headline,
        "the policies: 1 opens, nothing closes; at the interfaces: nothing opens, nothing closes; the worst that opens is secure"
    );
}

#[test]
fn a_group_on_another_interface_opens_though_no_policy_changed() {
    let mut after = web();
    after.interfaces[2].groups.push(1);
    let told = compared(&web(), &after);
    assert!(told.policies.is_empty() && !told.equal);
    let [surface] = told.surfaces.as_slice() else { panic!("{:#?}", told.surfaces) };
    assert_eq!((surface.label.as_str(), surface.status), ("eni-2", "changed"));
    assert_eq!(surface.message, "the security group g1 stands before it now");
    assert_eq!(messages(&surface.opens), ["opens 22/tcp to the internet (0.0.0.0/0)"]);
    // The line of the ACL and that of the group.
    assert_eq!((surface.opens[0].rules.as_slice(), surface.lines_after.len()), (&[0, 1][..], 2));
    assert_eq!((told.opens(), told.worsens(), told.worst()), (true, true, Some(Verdict::Dangerous)));
    let back = compared(&after, &web());
    assert_eq!(messages(&back.surfaces[0].closes), ["closes 22/tcp to the internet (0.0.0.0/0)"]);
    assert_eq!((back.opens(), back.worst()), (false, None));
}

/// Members of a group are addresses, whichever name lets them in.
#[test]
fn members_of_a_group_that_came_in_by_their_addresses_open_nothing() {
    let from = |peer: Peer| GroupRule { egress: false, protocol: 6, ports: (443, 443), peer };
    let world = |open: Peer| {
        let acl = vec![entry(1, false, (0, 65_535)), entry(1, true, (0, 65_535))];
        World {
            subnets: vec![Subnet { route: 0, acl: acl.clone() }, Subnet { route: 0, acl: acl.clone() }, Subnet { route: 0, acl }],
            groups: vec![vec![from(open), GroupRule { ports: (22, 22), ..from(Peer::Group(2)) }], Vec::new(), Vec::new()],
            interfaces: vec![
                Interface { subnet: 0, groups: vec![0], public: false },
                Interface { subnet: 1, groups: vec![1], public: false },
            ],
        }
    };
    let mut after = world(Peer::Group(2));
    after.interfaces[1].groups = vec![2];
    let told = compared(&world(Peer::Net("0.0.0.0/0".parse().unwrap())), &after);
    let surface = told.surfaces.iter().find(|own| own.label == "eni-0").unwrap();
    assert!(surface.opens.iter().all(|change| change.ports.as_deref() != Some("443")), "{:#?}", surface.opens);
    assert!(surface.closes.iter().any(|change| change.ports.as_deref() == Some("443")));
}

#[test]
fn a_public_address_and_a_route_open_what_only_they_closed() {
    let mut before = web();
    (before.interfaces[2].public, before.interfaces[2].groups) = (false, vec![1]);
    let mut after = before.clone();
    after.interfaces[2].public = true;
    let told = compared(&before, &after);
    assert_eq!(told.surfaces[0].message, "it is no longer closed by the lack of a public IPv4 address");
    assert_eq!(told.worst(), Some(Verdict::Dangerous));
    let mut after = web();
    after.interfaces[1].public = true;
    let mut routed = after.clone();
    routed.subnets[1].route = 0;
    routed.subnets[1].acl.push(entry(2, false, (22, 22)));
    assert!(compared(&web(), &after).surfaces.is_empty(), "the route is still missing");
    assert_eq!(compared(&after, &routed).worst(), Some(Verdict::Dangerous));
}

/// What a group opens behind another closed layer counts as in a review: for caution.
#[test]
fn a_group_that_only_other_layers_close_calls_for_caution() {
    let mut after = web();
    after.groups[1].push(from_anywhere(3389));
    let told = compared(&web(), &after);
    assert_eq!(told.policies[0].opens[0].verdict_after, Some("dangerous"));
    assert_eq!((told.opens(), told.worsens(), told.worst()), (true, true, Some(Verdict::Caution)));
    assert_eq!(messages(&told.surfaces[0].opens), ["opens 3389/tcp to 256 addresses (10.0.2.0/24)"], "its neighbours need no way in");
    // Without the interfaces nothing else closes it.
    let alone = |world: &World| review(documents(world).into_iter().take(2).collect(), &mut |_| {});
    let told = compare(&alone(&web()), &alone(&after));
    assert_eq!((told.counts.interfaces, told.surfaces.len(), told.worst()), (0, 0, Some(Verdict::Dangerous)));
    assert!(told.opens() && told.worsens());
}

/// What one side assumes and the other knows makes the difference in doubt.
#[test]
fn layers_that_only_one_side_has_are_said() {
    let mut after = web();
    after.interfaces[2].groups.push(1);
    let without_acls = |world: &World| review(documents(world).into_iter().filter(|input| input.name != "acls").collect(), &mut |_| {});
    let told = compare(&reviewed(&web()), &without_acls(&after));
    let surface = told.surfaces.iter().find(|own| own.label == "eni-2").unwrap();
    assert!(surface.not_compared.as_ref().is_some_and(|why| why.starts_with("after, the ACL of subnet-2 was not pasted")), "{surface:#?}");
    assert!(told.opens());
}
