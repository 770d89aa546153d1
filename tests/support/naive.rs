//! The naive evaluator: it asks each rule about one packet at a time, and knows nothing of sets.
//!
//! It shares no code with the evaluator it checks; the rules are those of the AWS documentation, written again.

use std::net::IpAddr;

use ipnet::IpNet;

/// One rule as a test writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Outbound.
    pub egress: bool,
    /// `tcp`, `6`, `-1`, …
    pub protocol: String,
    /// First and last port, or ICMP type and code with -1 for all.
    pub ports: Option<(i32, i32)>,
    /// The other end.
    pub peer: Peer,
}

/// The other end of a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Peer {
    /// A prefix.
    Net(IpNet),
    /// A group.
    Group(String),
    /// A prefix list that nobody pasted.
    Unresolved(String),
}

/// One packet, seen from the protected side.
#[derive(Clone, Debug)]
pub struct Packet {
    /// Outbound.
    pub egress: bool,
    /// IANA number.
    pub protocol: u8,
    /// Destination port, or `type * 256 + code`.
    pub selector: u16,
    /// Where it comes from, or goes to.
    pub other: Other,
}

/// The other end of a packet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Other {
    /// An address that is no member of any group.
    Address(IpAddr),
    /// A member of a group, at an address nobody knows.
    Member(String),
}

/// Whether some rule lets the packet pass for certain, and whether some rule may.
pub fn admits(rules: &[Rule], packet: &Packet) -> (bool, bool) {
    let hits = rules.iter().filter(|rule| rule.egress == packet.egress && speaks_of(rule, packet)).map(|rule| meets(&rule.peer, packet));
    hits.fold((false, false), |(sure, maybe), (s, m)| (sure || s, maybe || m))
}

fn speaks_of(rule: &Rule, packet: &Packet) -> bool {
    let number = match rule.protocol.as_str() {
        "-1" => return true,
        "tcp" => 6,
        "udp" => 17,
        "icmp" => 1,
        "icmpv6" => 58,
        number => number.parse::<u8>().expect("a protocol number"),
    };
    if number != packet.protocol {
        return false;
    }
    let selector = i32::from(packet.selector);
    match (number, rule.ports) {
        (6 | 17, Some((from, to))) => from <= selector && selector <= to,
        (1 | 58, Some((kind, code))) => (kind == -1 || kind == selector / 256) && (code == -1 || code == selector % 256),
        _ => true,
    }
}

fn meets(peer: &Peer, packet: &Packet) -> (bool, bool) {
    // ICMP is IPv4's and ICMPv6 is IPv6's; no other packet of them exists.
    let exists = |address: &IpAddr| match packet.protocol {
        1 => address.is_ipv4(),
        58 => address.is_ipv6(),
        _ => true,
    };
    match (peer, &packet.other) {
        (Peer::Net(net), Other::Address(address)) => {
            let hit = exists(address) && net.contains(address);
            (hit, hit)
        }
        (Peer::Group(group), Other::Member(member)) => (group == member, group == member),
        (Peer::Unresolved(_), Other::Address(address)) => (false, exists(address)),
        (Peer::Unresolved(_), Other::Member(_)) => (false, true),
        (Peer::Net(_), Other::Member(_)) | (Peer::Group(_), Other::Address(_)) => (false, false),
    }
}
