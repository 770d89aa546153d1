//! How directions, protocols and ports are written wherever people or programs read them.

use super::{Exposure, Protocols};
use crate::model::{Action, Direction, Ports, Protocol, Rule};

pub(crate) const fn direction(direction: Direction) -> &'static str {
    match direction {
        Direction::Ingress => "ingress",
        Direction::Egress => "egress",
    }
}

pub(crate) const fn action(action: Action) -> &'static str {
    match action {
        Action::Allow => "allow",
        Action::Deny => "deny",
        Action::Next => "next",
    }
}

/// Protocol, ports and ICMP message of an exposure.
pub(crate) fn service(exposure: &Exposure) -> (String, Option<String>, Option<String>) {
    match exposure.protocols {
        Protocols::All => ("all".to_owned(), Some("all".to_owned()), None),
        Protocols::Other => ("other".to_owned(), None, None),
        Protocols::Number(number) => {
            let name = Protocol::Number(number).to_string();
            let (ports, icmp) = selected(number, exposure.first, exposure.last);
            (name, ports, icmp)
        }
    }
}

/// The ports, or else the messages, of a run in a protocol.
pub(crate) fn selected(number: u8, first: u16, last: u16) -> (Option<String>, Option<String>) {
    match number {
        6 | 17 | 132 => (Some(ports(first, last)), None),
        1 | 58 => (None, Some(messages(first, last))),
        _ => (None, None),
    }
}

/// Protocol, ports and ICMP message as people say them: `22/tcp`, `all protocols`.
pub(crate) fn named(protocol: &str, ports: Option<&str>, icmp: Option<&str>) -> String {
    match (protocol, ports, icmp) {
        ("all", ..) => "every protocol".to_owned(),
        ("other", ..) => "every protocol that no rule names".to_owned(),
        (_, Some("all"), _) => format!("every {protocol} port"),
        (_, Some(ports), _) => format!("{ports}/{protocol}"),
        (_, None, Some("all")) => format!("all of {protocol}"),
        (_, None, Some(message)) => format!("{protocol} {message}"),
        (_, None, None) => protocol.to_owned(),
    }
}

/// Protocol, ports and ICMP message of a rule.
pub(crate) fn rule(rule: &Rule) -> (String, Option<String>, Option<String>) {
    let name = rule.protocol.to_string();
    let icmp = matches!(rule.protocol, Protocol::ICMP | Protocol::ICMPV6);
    let written = match &rule.ports {
        Ports::All => Some("all".to_owned()),
        Ports::Range(first, last) => Some(ports(*first, *last)),
        Ports::Set(set) => Some(set.runs().iter().map(|(first, last)| ports(*first, *last)).collect::<Vec<_>>().join(",")),
        Ports::Icmp(kind, code) => Some(code.map_or_else(|| format!("{kind}/all"), |code| format!("{kind}/{code}"))),
        Ports::Nothing => None,
    };
    match rule.protocol {
        _ if icmp => (name, None, written),
        Protocol::Any | Protocol::TCP | Protocol::UDP | Protocol::Number(132) => (name, written, None),
        Protocol::Number(_) => (name, None, None),
    }
}

pub(crate) fn ports(first: u16, last: u16) -> String {
    match (first, last) {
        (0, u16::MAX) => "all".to_owned(),
        _ if first == last => first.to_string(),
        _ => format!("{first}-{last}"),
    }
}

/// ICMP messages from a run of `type * 256 + code`.
fn messages(first: u16, last: u16) -> String {
    let ([from, from_code], [to, to_code]) = (first.to_be_bytes(), last.to_be_bytes());
    match (from_code, to_code) {
        _ if first == 0 && last == u16::MAX => "all".to_owned(),
        _ if first == last => format!("{from}/{from_code}"),
        (0, u8::MAX) if from == to => format!("{from}/all"),
        (0, u8::MAX) => format!("{from}/all-{to}/all"),
        _ => format!("{from}/{from_code}-{to}/{to_code}"),
    }
}
