//! What single options of a rule ask of a packet (iptables(8), "Parameters"; iptables-extensions(8), "Match extensions").
//!
//! Asked is always about the first packet of a connection that comes from another host.

use std::net::IpAddr;

use ipnet::IpNet;

use super::rule::{Around, interface, protocol};
use super::words::Opt;
use crate::formats::cx::shown;
use crate::formats::host::matches::Match;
use crate::formats::host::names;
use crate::model::{Direction, Protocol, Unresolved};
use crate::space::{AddressSet, PortSet};

/// What one option asks.
pub(super) enum Asked {
    /// Nothing, or what is always so.
    Nothing,
    /// What no first packet from outside has.
    Never,
    Protocol(Protocol),
    /// The destination port, or the ICMP type and code.
    Ports(PortSet),
    SourcePorts(PortSet),
    EitherPorts(PortSet),
    /// The other end, with its name where it has one.
    Peer(AddressSet, Option<Box<str>>),
    /// This end.
    Local(AddressSet),
    Boxes(Vec<Match>),
    /// A rate up to which it matches.
    Limit,
    Comment(String),
    /// It is not understood.
    Unknown,
}

/// Reads one option of a rule whose protocol, so far, is `of`.
pub(super) fn read(option: &Opt, of: Protocol, around: &mut Around<'_, '_>) -> Asked {
    let value = option.value();
    let incoming = around.direction == Direction::Ingress;
    match option.name.as_str() {
        "-p" | "--protocol" | "--proto" => protocol(option),
        "-s" | "--source" | "--src" => end(addresses(value), option.negated, incoming, around),
        "-d" | "--destination" | "--dst" => end(addresses(value), option.negated, !incoming, around),
        "--src-range" => end(range(value), option.negated, incoming, around),
        "--dst-range" => end(range(value), option.negated, !incoming, around),
        "-i" | "--in-interface" => interface(option, true, around),
        "-o" | "--out-interface" => interface(option, false, around),
        "--dport" | "--destination-port" | "--dports" | "--destination-ports" => ports(option).map_or(Asked::Unknown, Asked::Ports),
        "--sport" | "--source-port" | "--sports" | "--source-ports" => ports(option).map_or(Asked::Unknown, Asked::SourcePorts),
        // The negation of "either" is "neither", which is another kind of box.
        "--ports" | "--port" if !option.negated => ports(option).map_or(Asked::Unknown, Asked::EitherPorts),
        "--icmp-type" | "--icmpv6-type" => icmp(option, around.v6 || of == Protocol::ICMPV6),
        "--state" | "--ctstate" => state(option, around.untracked),
        "--ctdir" => always((value == "ORIGINAL") != option.negated),
        // The first packet of a connection, and of a handshake, has SYN alone (RFC 9293).
        "--syn" => always(!option.negated),
        "--tcp-flags" => flags(option).map_or(Asked::Unknown, always),
        // Only later fragments match, which begin nothing.
        "-f" | "--fragment" => always(option.negated),
        // What reaches these hooks is for an address of the host, a broadcast or a group of it; of these only the first comes
        // from afar.
        "--dst-type" if incoming => always(value.split(',').any(|kind| kind == "LOCAL") != option.negated),
        "--pkt-type" if incoming => always((value == "unicast") != option.negated),
        "--match-set" => set(option, incoming, around),
        // It takes down the address, and matches.
        "--set" if !option.negated => Asked::Nothing,
        "--name"
        | "--rsource"
        | "--mask"
        | "--limit-burst"
        | "--hashlimit-burst"
        | "--hashlimit-mode"
        | "--hashlimit-name"
        | "--hashlimit-srcmask"
        | "--hashlimit-dstmask"
        | "--hashlimit-htable-size"
        | "--hashlimit-htable-max"
        | "--hashlimit-htable-expire"
        | "--hashlimit-htable-gcinterval"
        | "--connlimit-mask"
        | "--connlimit-saddr"
        | "--connlimit-daddr"
        | "--reject-with"
        | "-c"
        | "--set-counters"
        | "-4"
        | "-6"
        | "--ipv4"
        | "--ipv6"
        | "-w" => Asked::Nothing,
        "--limit" | "--hashlimit" | "--hashlimit-upto" | "--connlimit-upto" if !option.negated => Asked::Limit,
        "--comment" => Asked::Comment(value.to_owned()),
        "-m" | "--match" if SAYS_NOTHING.contains(&value) => Asked::Nothing,
        _ => Asked::Unknown,
    }
}

/// Extensions whose options say all.
const SAYS_NOTHING: [&str; 24] = [
    "tcp",
    "udp",
    "udplite",
    "sctp",
    "dccp",
    "icmp",
    "icmp6",
    "ipv6-icmp",
    "icmpv6",
    "comment",
    "conntrack",
    "state",
    "multiport",
    "iprange",
    "addrtype",
    "limit",
    "set",
    "recent",
    "hashlimit",
    "connlimit",
    "pkttype",
    "standard",
    "string",
    "mac",
];

const fn always(matches: bool) -> Asked {
    if matches { Asked::Nothing } else { Asked::Never }
}

fn end(set: Option<AddressSet>, negated: bool, far: bool, around: &Around<'_, '_>) -> Asked {
    let Some(set) = set else { return Asked::Unknown };
    let set = if negated { around.family.difference(&set) } else { set };
    if far { Asked::Peer(set, None) } else { Asked::Local(set) }
}

/// Addresses with prefix lengths or masks, several with commas. Masks with holes are no prefixes and are not read.
fn addresses(value: &str) -> Option<AddressSet> {
    let net = |part: &str| {
        let part = part.trim();
        let (address, mask) = part.split_once('/').unwrap_or((part, ""));
        let address: IpAddr = address.parse().ok()?;
        match mask.parse::<IpAddr>() {
            Ok(mask) => IpNet::with_netmask(address, mask).ok(),
            Err(_) if mask.is_empty() => Some(IpNet::from(address)),
            Err(_) => IpNet::new(address, mask.parse().ok()?).ok(),
        }
    };
    let nets: Option<Vec<IpNet>> = value.split(',').map(net).collect();
    nets.map(AddressSet::from_nets)
}

/// `first-last`.
fn range(value: &str) -> Option<AddressSet> {
    let (first, last) = value.split_once('-').unwrap_or((value, value));
    super::super::addresses::run(first.parse().ok()?, last.parse().ok()?)
}

/// Ports by number: one, `first:last` with either end left out, or several with commas.
fn ports(option: &Opt) -> Option<PortSet> {
    let number = |text: &str, open: u16| if text.is_empty() { Some(open) } else { text.parse().ok() };
    let one = |part: &str| match part.split_once(':') {
        Some((first, last)) => Some((number(first, 0)?, number(last, u16::MAX)?)),
        None => part.parse().ok().map(|port| (port, port)),
    };
    let runs: Option<Vec<(u16, u16)>> = option.value().split(',').map(one).collect();
    let set = PortSet::from_runs(runs?);
    Some(if option.negated { set.complement() } else { set })
}

/// A type, `type/code`, a name, or `any`.
fn icmp(option: &Opt, v6: bool) -> Asked {
    let value = option.value();
    if value == "any" || value == "255" && !v6 {
        return always(!option.negated);
    }
    let (kind, code) = value.split_once('/').map_or((value, None), |(kind, code)| (kind, Some(code)));
    let Some(kind) = names::icmp_type(kind, v6) else { return Asked::Unknown };
    let set = match code.map(str::parse::<u8>) {
        None => PortSet::run(u16::from_be_bytes([kind, 0]), u16::from_be_bytes([kind, u8::MAX])),
        Some(Ok(code)) => PortSet::run(u16::from_be_bytes([kind, code]), u16::from_be_bytes([kind, code])),
        Some(Err(_)) => return Asked::Unknown,
    };
    Asked::Ports(if option.negated { set.complement() } else { set })
}

/// The first packet of a connection is `NEW`; others belong to one that was let in, or to none. Where some packets are kept
/// from tracking, whether it is these is not known.
fn state(option: &Opt, untracked: bool) -> Asked {
    let states: Vec<&str> = option.value().split(',').collect();
    let known = ["NEW", "ESTABLISHED", "RELATED", "INVALID", "UNTRACKED"];
    if untracked || states.iter().any(|state| !known.contains(state)) {
        return Asked::Unknown;
    }
    always(states.contains(&"NEW") != option.negated)
}

/// Whether a packet with SYN alone matches: of the flags in the first list, exactly those in the second are set. ECN's own
/// flags may be set beside SYN.
fn flags(option: &Opt) -> Option<bool> {
    let [mask, wanted] = option.values.as_slice() else { return None };
    let all = ["FIN", "SYN", "RST", "PSH", "ACK", "URG"];
    let list = |text: &str| -> Option<Vec<String>> {
        match text {
            "ALL" => Some(all.iter().map(|flag| (*flag).to_owned()).collect()),
            "NONE" => Some(Vec::new()),
            _ => text.split(',').map(|flag| all.contains(&flag).then(|| flag.to_owned())).collect(),
        }
    };
    let (mask, wanted) = (list(mask)?, list(wanted)?);
    let syn = |flags: &[String]| flags.iter().any(|flag| flag == "SYN");
    let matches = syn(&mask) == syn(&wanted) && wanted.iter().all(|flag| flag == "SYN");
    Some(matches != option.negated)
}

/// The members of an ipset, which stand in another tool; a value may be assumed for its name.
fn set(option: &Opt, incoming: bool, around: &mut Around<'_, '_>) -> Asked {
    let [name, flags] = option.values.as_slice() else { return Asked::Unknown };
    let far = match flags.as_str() {
        "src" => incoming,
        "dst" => !incoming,
        _ => return Asked::Unknown,
    };
    let assumed = around.cx.assumptions.get(name).and_then(|value| addresses(value));
    if let Some(set) = assumed {
        let set = if option.negated { around.family.difference(&set) } else { set };
        return if far { Asked::Peer(set, Some(name.as_str().into())) } else { Asked::Local(set) };
    }
    let label = shown(name);
    around.cx.error(around.at, format!("the entries of the ipset `{label}` are not in the text, so this rule is in doubt"));
    let missing = Unresolved { name: name.as_str().into(), would_settle: format!("the entries of the ipset {label} (ipset list)").into() };
    Asked::Boxes(vec![Match::doubtful(missing)])
}
