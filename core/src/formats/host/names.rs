//! Names that the tools use for protocols and ICMP messages (iptables(8), iptables-extensions(8), nft(8)).

use crate::model::{Protocol, protocol_number};

/// A protocol by name or number; `all` and 0 are every protocol.
pub(super) fn protocol(name: &str) -> Option<Protocol> {
    let lower = name.to_ascii_lowercase();
    if let Ok(number) = lower.parse::<u8>() {
        return Some(if number == 0 { Protocol::Any } else { Protocol::Number(number) });
    }
    let number = match lower.as_str() {
        "all" | "any" => return Some(Protocol::Any),
        "ipv6-icmp" => 58,
        "ipencap" => 4,
        "egp" => 8,
        "igp" => 9,
        "dccp" => 33,
        "rsvp" => 46,
        "ospf" | "ospfigp" => 89,
        "pim" => 103,
        "ipcomp" | "comp" => 108,
        "vrrp" | "carp" => 112,
        "l2tp" => 115,
        "udplite" => 136,
        _ => return protocol_number(&lower).map(Protocol::Number),
    };
    Some(Protocol::Number(number))
}

/// Protocols whose header begins with a source and a destination port: TCP, UDP, DCCP, SCTP and UDP-Lite.
pub(super) const PORTED: [u8; 5] = [6, 17, 33, 132, 136];

/// An ICMP type by name or number.
pub(super) fn icmp_type(name: &str, v6: bool) -> Option<u8> {
    let table: &[(u8, &str)] = if v6 { &TYPES_V6 } else { &TYPES_V4 };
    by_name(table, name)
}

/// An ICMP code by nft's name or number.
pub(super) fn icmp_code(name: &str, v6: bool) -> Option<u8> {
    let table: &[(u8, &str)] = if v6 { &CODES_V6 } else { &CODES_V4 };
    by_name(table, name)
}

fn by_name(table: &[(u8, &str)], name: &str) -> Option<u8> {
    let named = || table.iter().find(|(_, known)| *known == name).map(|(number, _)| *number);
    name.parse().ok().or_else(named)
}

const TYPES_V4: [(u8, &str); 22] = [
    (0, "echo-reply"),
    (0, "pong"),
    (3, "destination-unreachable"),
    (4, "source-quench"),
    (5, "redirect"),
    (8, "echo-request"),
    (8, "ping"),
    (9, "router-advertisement"),
    (10, "router-solicitation"),
    (11, "time-exceeded"),
    (11, "ttl-exceeded"),
    (12, "parameter-problem"),
    (13, "timestamp-request"),
    (14, "timestamp-reply"),
    (15, "info-request"),
    (16, "info-reply"),
    (17, "address-mask-request"),
    (18, "address-mask-reply"),
    // nft prints what it has no name for as a number; these are common in files for iptables.
    (30, "traceroute"),
    (40, "photuris"),
    (42, "extended-echo-request"),
    (43, "extended-echo-reply"),
];

const TYPES_V6: [(u8, &str); 24] = [
    (1, "destination-unreachable"),
    (2, "packet-too-big"),
    (3, "time-exceeded"),
    (3, "ttl-exceeded"),
    (4, "parameter-problem"),
    (128, "echo-request"),
    (128, "ping"),
    (129, "echo-reply"),
    (129, "pong"),
    (130, "mld-listener-query"),
    (131, "mld-listener-report"),
    (132, "mld-listener-done"),
    (132, "mld-listener-reduction"),
    (133, "nd-router-solicit"),
    (133, "router-solicitation"),
    (134, "nd-router-advert"),
    (134, "router-advertisement"),
    (135, "nd-neighbor-solicit"),
    (135, "neighbour-solicitation"),
    (135, "neighbor-solicitation"),
    (136, "nd-neighbor-advert"),
    (136, "neighbour-advertisement"),
    (137, "nd-redirect"),
    (143, "mld2-listener-report"),
];

const CODES_V4: [(u8, &str); 8] = [
    (0, "net-unreachable"),
    (1, "host-unreachable"),
    (2, "prot-unreachable"),
    (3, "port-unreachable"),
    (4, "frag-needed"),
    (9, "net-prohibited"),
    (10, "host-prohibited"),
    (13, "admin-prohibited"),
];

const CODES_V6: [(u8, &str); 6] =
    [(0, "no-route"), (1, "admin-prohibited"), (3, "addr-unreachable"), (4, "port-unreachable"), (5, "policy-fail"), (6, "reject-route")];
