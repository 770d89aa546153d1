//! IP protocols, and the names that configurations use for them.

use std::fmt;

/// An IP protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Protocol {
    /// Every protocol.
    Any,
    /// One, by its IANA number.
    Number(u8),
}

impl Protocol {
    /// ICMP for IPv4.
    pub const ICMP: Self = Self::Number(1);
    /// TCP.
    pub const TCP: Self = Self::Number(6);
    /// UDP.
    pub const UDP: Self = Self::Number(17);
    /// ICMP for IPv6.
    pub const ICMPV6: Self = Self::Number(58);
}

impl fmt::Display for Protocol {
    /// The name the field uses, or the number.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Any => f.write_str("all"),
            Self::Number(number) => match protocol_name(*number) {
                Some(name) => f.write_str(name),
                None => write!(f, "{number}"),
            },
        }
    }
}

/// Protocols that configurations commonly name, with their IANA numbers.
const PROTOCOL_NAMES: [(u8, &str); 11] = [
    (1, "icmp"),
    (2, "igmp"),
    (4, "ipip"),
    (6, "tcp"),
    (17, "udp"),
    (41, "ipv6"),
    (47, "gre"),
    (50, "esp"),
    (51, "ah"),
    (58, "icmpv6"),
    (132, "sctp"),
];

/// The name of a protocol number, where configurations commonly use one.
pub fn protocol_name(number: u8) -> Option<&'static str> {
    PROTOCOL_NAMES.iter().find(|(known, _)| *known == number).map(|(_, name)| *name)
}

/// The number behind a protocol's name, in any letter case.
pub fn protocol_number(name: &str) -> Option<u8> {
    let lower = name.to_ascii_lowercase();
    let name = if lower == "icmp6" { "icmpv6" } else { &lower };
    PROTOCOL_NAMES.iter().find(|(_, known)| *known == name).map(|(number, _)| *number)
}
