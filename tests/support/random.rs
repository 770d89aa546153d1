//! Random policies, packets at their edges, and the same policy in other words.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::naive::{Other, Packet, Peer, Rule};
use crate::{group, listing, reviewed};
use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use portcullis_core::model::protocol_number;
use portcullis_core::review::Review;
use proptest::prelude::*;

fn any_net() -> impl Strategy<Value = IpNet> {
    let told = ["0.0.0.0/0", "0.0.0.0/1", "128.0.0.0/1", "10.0.0.0/8", "10.0.0.0/9", "10.1.2.3/32", "203.0.113.0/24", "127.0.0.0/8"];
    let told6 = ["::/0", "2000::/3", "8000::/1", "fd00::/8", "2001:db8::/32", "2600::1/128"];
    prop_oneof![
        proptest::sample::select([&told[..], &told6[..]].concat()).prop_map(|net| net.parse().unwrap()),
        (any::<u32>(), 0_u8..=32).prop_map(|(bits, length)| IpNet::V4(Ipv4Net::new(Ipv4Addr::from(bits), length).unwrap().trunc())),
        (any::<u128>(), 0_u8..=128).prop_map(|(bits, length)| IpNet::V6(Ipv6Net::new(Ipv6Addr::from(bits), length).unwrap().trunc())),
    ]
}

fn any_peer(open: &'static [&'static str]) -> impl Strategy<Value = Peer> {
    prop_oneof![
        8 => any_net().prop_map(Peer::Net),
        1 => proptest::sample::select(vec!["sg-a", "sg-b"]).prop_map(|id| Peer::Group(id.into())),
        1 => proptest::sample::select(open).prop_map(|id| Peer::Unresolved((*id).into())),
    ]
}

/// A rule of any kind; `open` are the names that it may leave open.
pub fn any_rule(open: &'static [&'static str]) -> impl Strategy<Value = Rule> {
    let port = prop_oneof![proptest::sample::select(vec![0, 1, 22, 80, 443, 1023, 1024, 3306, 65_534, 65_535]), 0_i32..=65_535,];
    let transport = (proptest::sample::select(vec!["tcp", "6", "udp", "17"]), port.clone(), port)
        .prop_map(|(protocol, a, b)| (protocol.to_owned(), Some((a.min(b), a.max(b)))));
    let kind = proptest::sample::select(vec![-1, 0, 3, 5, 8, 128, 255]);
    let icmp = (proptest::sample::select(vec!["icmp", "icmpv6", "1", "58"]), kind, proptest::sample::select(vec![-1, 0, 4, 255]))
        .prop_map(|(protocol, kind, code)| (protocol.to_owned(), Some((kind, if kind == -1 { -1 } else { code }))));
    let other = proptest::sample::select(vec!["-1", "47", "50", "132"]).prop_map(|protocol| (protocol.to_owned(), None));
    (any::<bool>(), prop_oneof![6 => transport, 2 => icmp, 2 => other], any_peer(open)).prop_map(|(egress, (protocol, ports), peer)| Rule {
        egress,
        protocol,
        ports,
        peer,
    })
}

/// Packets at the edges of the rules, where mistakes live, and anywhere.
pub fn packets(rules: &[Rule], seeds: &[(u8, u16, u128, bool, u8)]) -> Vec<Packet> {
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

/// The rules as a listing of one group, `sg-x`.
pub fn listing_of(rules: &[Rule]) -> String {
    let lines: Vec<String> = rules.iter().map(shorthand).collect();
    listing(vec![group("x", &lines.iter().map(String::as_str).collect::<Vec<_>>())])
}

/// The rules as a listing, read the way every face does it.
pub fn review_of(rules: &[Rule]) -> Review {
    let review = reviewed(listing_of(rules));
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

/// The same policy in other words: prefixes and port ranges split, protocols as numbers, everything in another order.
pub fn respell(rules: &[Rule], choices: &[(u8, u16)]) -> Vec<Rule> {
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
