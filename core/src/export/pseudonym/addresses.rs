//! Other addresses in place of the ones in a text, so that prefixes keep their lengths, what contains what and what overlaps,
//! and every address stays in the kind of block in which it is. Which one replaces which follows from their order alone.

use std::collections::{BTreeMap, HashMap};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;

use crate::sorting::sort_by_key;
use crate::space::{BlockKind, blocks};
use crate::verdict::PLATFORM_SOURCES;

/// The addresses of all texts, first collected and then moved.
#[derive(Default)]
pub(super) struct Addresses {
    v4: Family,
    v6: Family,
}

#[derive(Default)]
struct Family {
    nodes: Vec<Node>,
    moved: HashMap<(u128, u8), u128>,
}

/// A prefix that occurs, or that matters.
#[derive(Clone, Copy)]
struct Node {
    start: u128,
    length: u8,
    /// It stays where it is, and what contains it does, too.
    fixed: bool,
    /// What is inside keeps its distance from the beginning.
    rigid: bool,
    /// Whether what is inside stays; none where that is as around it.
    still: Option<bool>,
}

impl Addresses {
    /// Takes note of a prefix.
    pub(super) fn add(&mut self, net: IpNet) {
        self.family(net.addr()).nodes.push(Node::of(net));
    }

    /// Takes note of a range, whose ends must stay as far apart.
    pub(super) fn add_range(&mut self, first: IpAddr, last: IpAddr) {
        let (Some((start, bits)), Some((end, _))) = (number(first), number(last)) else { return };
        if first.is_ipv4() != last.is_ipv4() || end < start {
            return;
        }
        let length = bits.saturating_sub(u128::BITS.saturating_sub((start ^ end).leading_zeros()));
        let length = u8::try_from(length).unwrap_or(0);
        let cover = Node { start: floor(start, length, bits), length, fixed: false, rigid: true, still: None };
        let special = |net: &IpNet| number(net.addr()).is_some_and(|(own, width)| width == bits && cover.contains(own, bits));
        if !special_nets().any(|(net, _)| special(&net)) {
            return self.family(first).nodes.push(cover);
        }
        // It spans blocks of different kinds, which can't be moved: its parts stay, and the rest goes around them.
        let fixed = |(start, length)| Node { start, length, fixed: true, rigid: false, still: None };
        let parts = prefixes(start, end, bits).into_iter().map(fixed);
        self.family(first).nodes.extend(parts);
    }

    /// Finds the new places; `rigid` where the texts compute with addresses, so that distances have to stay.
    pub(super) fn settle(&mut self, rigid: bool) {
        for (net, still) in special_nets() {
            let node = Node { fixed: true, still: Some(still), ..Node::of(net) };
            self.family(net.addr()).nodes.push(node);
        }
        let whole = |still| Node { start: 0, length: 0, fixed: true, rigid: false, still: Some(still) };
        self.v4.nodes.push(whole(false));
        // Outside of the table's blocks nothing in IPv6 is in use.
        self.v6.nodes.push(whole(true));
        // Widths are counted in /64s, so what shares one goes on sharing it.
        let shared: Vec<Node> = self.v6.nodes.iter().filter(|node| node.length > 64).map(|node| node.widened(64, 128)).collect();
        self.v6.nodes.extend(shared);
        self.v4.settle(32, rigid);
        self.v6.settle(128, rigid);
    }

    /// The new place of a prefix that was added; itself where it was not.
    pub(super) fn moved(&self, net: IpNet) -> IpNet {
        let family = if net.addr().is_ipv4() { &self.v4 } else { &self.v6 };
        let start = number(net.trunc().addr()).and_then(|(start, _)| family.moved.get(&(start, net.prefix_len())));
        let address = start.and_then(|start| match net {
            IpNet::V4(_) => u32::try_from(*start).ok().map(|bits| IpAddr::V4(Ipv4Addr::from_bits(bits))),
            IpNet::V6(_) => Some(IpAddr::V6(Ipv6Addr::from_bits(*start))),
        });
        address.and_then(|address| IpNet::new(address, net.prefix_len()).ok()).unwrap_or(net)
    }

    const fn family(&mut self, of: IpAddr) -> &mut Family {
        if of.is_ipv4() { &mut self.v4 } else { &mut self.v6 }
    }
}

impl Node {
    fn of(net: IpNet) -> Self {
        let start = number(net.trunc().addr()).map_or(0, |(start, _)| start);
        Self { start, length: net.prefix_len(), fixed: false, rigid: false, still: None }
    }

    fn widened(self, length: u8, bits: u32) -> Self {
        Self { start: floor(self.start, length, bits), length, fixed: false, rigid: false, still: None }
    }

    const fn last(&self, bits: u32) -> u128 {
        self.start | span(self.length, bits)
    }

    const fn contains(&self, address: u128, bits: u32) -> bool {
        address >= self.start && address <= self.last(bits)
    }
}

impl Family {
    fn settle(&mut self, bits: u32, rigid: bool) {
        let mut nodes = std::mem::take(&mut self.nodes);
        let order = ordered(&nodes);
        // Containers come before what they contain.
        sort_by_key(&mut nodes, |node| (node.start, node.length));
        nodes.dedup_by(|next, kept| {
            let same = next.start == kept.start && next.length == kept.length;
            if same {
                kept.fixed |= next.fixed;
                kept.rigid |= next.rigid;
                kept.still = kept.still.or(next.still);
            }
            same
        });
        let children = children(&mut nodes, bits);
        for (at, own) in children.iter().enumerate() {
            let Some(parent) = nodes.get(at).copied() else { continue };
            let place = self.moved.get(&(parent.start, parent.length)).copied().unwrap_or(parent.start);
            let still = parent.still.unwrap_or(true);
            let mut free = Vec::new();
            for child in own {
                let Some(node) = nodes.get_mut(*child) else { continue };
                node.still = node.still.or(Some(still));
                node.rigid |= parent.rigid;
                let there = if node.fixed {
                    node.start
                } else if parent.rigid {
                    place.saturating_add(node.start.saturating_sub(parent.start))
                } else if still {
                    node.start
                } else {
                    node.rigid |= rigid;
                    free.push(*node);
                    continue;
                };
                self.moved.insert((node.start, node.length), there);
            }
            // The largest first: then all of them fit, as they did before.
            sort_by_key(&mut free, |node| (node.length, order.get(&(node.start, node.length)).copied()));
            let mut room = Room::of(&parent, place, own.iter().filter_map(|child| nodes.get(*child)), bits);
            for node in free {
                let there = room.take(node.length, bits).unwrap_or(node.start);
                self.moved.insert((node.start, node.length), there);
            }
        }
    }
}

/// When each prefix was first seen.
fn ordered(nodes: &[Node]) -> HashMap<(u128, u8), usize> {
    let mut order = HashMap::new();
    for (at, node) in nodes.iter().enumerate() {
        order.entry((node.start, node.length)).or_insert(at);
    }
    order
}

/// What each node contains directly. Whatever contains something fixed is fixed.
fn children(nodes: &mut [Node], bits: u32) -> Vec<Vec<usize>> {
    let mut children: Vec<Vec<usize>> = nodes.iter().map(|_| Vec::new()).collect();
    let mut parents: Vec<Option<usize>> = Vec::with_capacity(nodes.len());
    let mut open: Vec<usize> = Vec::new();
    for (at, node) in nodes.iter().enumerate() {
        while open.last().and_then(|top| nodes.get(*top)).is_some_and(|top| !top.contains(node.start, bits)) {
            open.pop();
        }
        let parent = open.last().copied();
        if let Some(list) = parent.and_then(|parent| children.get_mut(parent)) {
            list.push(at);
        }
        parents.push(parent);
        open.push(at);
    }
    for (at, parent) in parents.iter().enumerate().rev() {
        if nodes.get(at).is_some_and(|node| node.fixed)
            && let Some(parent) = parent.and_then(|parent| nodes.get_mut(parent))
        {
            parent.fixed = true;
        }
    }
    children
}

/// What is free inside a prefix, as aligned blocks by their length.
struct Room(BTreeMap<u8, Vec<u128>>);

impl Room {
    fn of<'n>(parent: &Node, place: u128, inside: impl Iterator<Item = &'n Node>, bits: u32) -> Self {
        let mut room = Self(BTreeMap::new());
        if !parent.fixed {
            room.0.insert(parent.length, vec![place]);
            return room;
        }
        let mut from = Some(parent.start);
        for node in inside.filter(|node| node.fixed) {
            if let (Some(from), Some(before)) = (from, node.start.checked_sub(1)) {
                room.put(from, before, bits);
            }
            from = node.last(bits).checked_add(1);
        }
        if let Some(from) = from {
            room.put(from, parent.last(bits), bits);
        }
        room.0.values_mut().for_each(|blocks| blocks.reverse());
        room
    }

    fn put(&mut self, from: u128, to: u128, bits: u32) {
        for (start, length) in prefixes(from, to, bits) {
            self.0.entry(length).or_default().push(start);
        }
    }

    fn take(&mut self, length: u8, bits: u32) -> Option<u128> {
        let (found, blocks) = self.0.range_mut(..=length).rev().find(|(_, blocks)| !blocks.is_empty())?;
        let (mut own, start) = (*found, blocks.pop()?);
        while own < length {
            own = own.saturating_add(1);
            let upper = start | span(own, bits).saturating_add(1);
            self.0.entry(own).or_default().push(upper);
        }
        Some(start)
    }
}

/// The blocks that mean something, and whether what is inside says nothing of anybody.
fn special_nets() -> impl Iterator<Item = (IpNet, bool)> {
    let named = blocks().iter().map(|block| (block.net, matches!(block.kind, BlockKind::Documentation | BlockKind::Unusable)));
    named.chain(PLATFORM_SOURCES.iter().filter_map(|net| Some((net.parse().ok()?, true))))
}

/// A run of addresses as prefixes.
fn prefixes(from: u128, to: u128, bits: u32) -> Vec<(u128, u8)> {
    let mut found = Vec::new();
    let mut next = (from <= to).then_some(from);
    while let Some(start) = next {
        let mut length = u8::try_from(bits).unwrap_or(128);
        while let Some(wider) = length.checked_sub(1) {
            if floor(start, wider, bits) != start || start | span(wider, bits) > to {
                break;
            }
            length = wider;
        }
        found.push((start, length));
        next = (start | span(length, bits)).checked_add(1).filter(|next| *next <= to);
    }
    found
}

/// The host bits of a prefix length, all set.
const fn span(length: u8, bits: u32) -> u128 {
    let host = bits.saturating_sub(match length {
        0..=128 => length_bits(length),
        _ => 128,
    });
    match u128::MAX.checked_shr(128_u32.saturating_sub(host)) {
        Some(mask) => mask,
        None => 0,
    }
}

const fn length_bits(length: u8) -> u32 {
    let [a, b, c, d] = [0, 0, 0, length];
    u32::from_be_bytes([a, b, c, d])
}

const fn floor(start: u128, length: u8, bits: u32) -> u128 {
    start & !span(length, bits)
}

/// An address as a number, and how many bits its family has.
fn number(address: IpAddr) -> Option<(u128, u32)> {
    Some(match address {
        IpAddr::V4(address) => (u128::from(address.to_bits()), 32),
        IpAddr::V6(address) => (address.to_bits(), 128),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::space::{AddressSet, private, public, unusable};

    fn moved(nets: &[&str], rigid: bool) -> Vec<IpNet> {
        let nets: Vec<IpNet> = nets.iter().map(|net| net.parse().unwrap()).collect();
        let mut addresses = Addresses::default();
        nets.iter().for_each(|net| addresses.add(*net));
        addresses.settle(rigid);
        nets.iter().map(|net| addresses.moved(*net)).collect()
    }

    /// What must be the same on both sides, by brute force: containment and the sizes in each kind of block.
    fn check(before: &[IpNet], after: &[IpNet]) {
        for (i, (a, x)) in before.iter().zip(after).enumerate() {
            assert_eq!(a.prefix_len(), x.prefix_len());
            for (b, y) in before.iter().zip(after).skip(i) {
                assert_eq!((a.contains(b), b.contains(a)), (x.contains(y), y.contains(x)), "{a} {b} became {x} {y}");
            }
            for kind in [public(), private(), unusable()] {
                let size = |net: &IpNet| {
                    let set = AddressSet::from_nets([*net]).intersection(kind);
                    (set.count_v4(), set.count_v6_64s())
                };
                assert_eq!(size(a), size(x), "{a} became {x}");
            }
        }
        let all = |nets: &[IpNet]| AddressSet::from_nets(nets.iter().copied()).intersection(public());
        assert_eq!(all(before).count_v4(), all(after).count_v4());
        assert_eq!(all(before).count_v6_64s(), all(after).count_v6_64s());
    }

    #[test]
    fn the_algebra_gives_the_same_sizes() {
        let mut state = 7_u64;
        let mut next = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            state >> 33
        };
        for _ in 0..200 {
            let nets: Vec<String> = (0..40)
                .map(|_| {
                    let a = [0, 8, 9, 10, 11, 54, 100, 127, 130, 172, 192, 203, 224, 255][(next() % 14) as usize];
                    if next() % 4 == 0 {
                        let head = ["2600", "2a00", "2001", "fd00", "fe80", "::"][(next() % 6) as usize].trim_end_matches(':');
                        let net: IpNet = format!("{head}:{:x}::{:x}/{}", next() % 4, next() % 8, next() % 129)
                            .trim_start_matches(':')
                            .parse()
                            .unwrap_or_else(|_| "2600::/20".parse().unwrap());
                        return net.trunc().to_string();
                    }
                    let net: IpNet = format!("{a}.{}.{}.{}/{}", next() % 256, next() % 4, next() % 256, next() % 33).parse().unwrap();
                    net.trunc().to_string()
                })
                .collect();
            let nets: Vec<&str> = nets.iter().map(String::as_str).collect();
            let before: Vec<IpNet> = nets.iter().map(|net| net.parse().unwrap()).collect();
            check(&before, &moved(&nets, false));
            check(&before, &moved(&nets, true));
        }
    }

    #[test]
    fn what_means_something_stays() {
        for net in ["0.0.0.0/0", "::/0", "0.0.0.0/1", "127.0.0.1/32", "192.0.2.7/32", "168.63.129.16/32", "35.191.0.0/16", "10.0.0.0/8"] {
            assert_eq!(moved(&[net], false)[0].to_string(), net);
        }
        for net in ["8.8.8.8/32", "54.12.0.0/16", "10.77.3.0/24", "2600:1f00:aa::/48", "fd12:3456::1/128"] {
            assert_ne!(moved(&[net], false)[0].to_string(), net);
        }
    }

    #[test]
    fn ends_of_ranges_stay_as_far_apart() {
        let mut addresses = Addresses::default();
        let of = |text: &str| text.parse::<IpAddr>().unwrap();
        addresses.add_range(of("54.3.2.10"), of("54.3.2.77"));
        addresses.add_range(of("1.1.1.1"), of("99.2.2.2"));
        let single = |text: &str| IpNet::from(of(text));
        for text in ["54.3.2.10", "54.3.2.77", "1.1.1.1", "99.2.2.2", "54.3.2.12", "54.9.9.9"] {
            addresses.add(single(text));
        }
        addresses.settle(false);
        let now = |text: &str| number(addresses.moved(single(text)).addr()).unwrap().0;
        assert_eq!(now("54.3.2.77") - now("54.3.2.10"), 67);
        assert_eq!(now("54.3.2.12") - now("54.3.2.10"), 2);
        assert_eq!(now("99.2.2.2") - now("1.1.1.1"), 98 * 0x1_00_00_00 + 0x1_01_01);
        assert!((now("1.1.1.1")..now("99.2.2.2")).contains(&now("54.9.9.9")));
    }
}
