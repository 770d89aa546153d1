//! The naive evaluators of ordered policies: each asks every rule about one packet, by its platform's own order.

use std::net::IpAddr;

use portcullis_core::model::{Action, Direction, Local, Peer, Ports, Protocol, Rule};

/// A packet, with every field that any platform looks at.
#[derive(Clone, Debug)]
pub struct Packet {
    /// Outbound.
    pub egress: bool,
    /// IANA number.
    pub protocol: u8,
    /// Destination port.
    pub selector: u16,
    /// Source port.
    pub source_port: u16,
    /// The other end.
    pub other: IpAddr,
    /// This end.
    pub local: IpAddr,
}

/// Whether a rule speaks of a packet.
pub fn matches(rule: &Rule, packet: &Packet) -> bool {
    let protocol = match rule.protocol {
        Protocol::Any => true,
        Protocol::Number(number) => number == packet.protocol,
    };
    let ported = matches!(packet.protocol, 6 | 17) && rule.protocol != Protocol::Any;
    let ports = match &rule.ports {
        Ports::Range(first, last) if ported => (*first..=*last).contains(&packet.selector),
        Ports::Set(set) if ported => set.contains(packet.selector),
        // Protocols without ports are matched as a whole only by a rule for all of them.
        Ports::Range(..) | Ports::Set(_) if rule.protocol == Protocol::Number(47) => !matches_nothing(&rule.ports, packet),
        _ => true,
    };
    let peer = matches!(rule.peer, Peer::Net(net) if net.contains(&packet.other));
    let local = match &rule.local {
        Local::Addresses(set) => set.contains(packet.local),
        _ => true,
    };
    let source = rule.source_ports.as_ref().is_none_or(|ports| ports.contains(packet.source_port));
    (rule.direction == Direction::Egress) == packet.egress && protocol && ports && peer && local && source && !rule.disabled
}

/// For a protocol without ports the selector is still one space.
fn matches_nothing(ports: &Ports, packet: &Packet) -> bool {
    match ports {
        Ports::Range(first, last) => !(*first..=*last).contains(&packet.selector),
        Ports::Set(set) => !set.contains(packet.selector),
        _ => false,
    }
}

/// AWS: entries by number, the first that matches decides, else deny. Azure: rules by priority, the same. In a test policy
/// numbers repeat; then the first in the text is taken, as the evaluator says it does.
pub fn first_match(rules: &[Rule], packet: &Packet) -> bool {
    let mut best: Option<&Rule> = None;
    for rule in rules.iter().filter(|rule| matches(rule, packet)) {
        if best.is_none_or(|best| rule.priority < best.priority) {
            best = Some(rule);
        }
    }
    best.is_some_and(|rule| rule.action == Action::Allow)
}

/// Google: layer after layer; in each the lowest priority decides, at equal priority a deny; `goto_next` and no match go on.
pub fn google(rules: &[Rule], packet: &Packet) -> bool {
    for layer in 0..2 {
        let here: Vec<&Rule> = rules.iter().filter(|rule| rule.layer == layer && matches(rule, packet)).collect();
        let Some(lowest) = here.iter().map(|rule| rule.priority).min() else { continue };
        let tied: Vec<&&Rule> = here.iter().filter(|rule| rule.priority == lowest).collect();
        if tied.iter().any(|rule| rule.action == Action::Deny) {
            return false;
        }
        match tied.first().map(|rule| rule.action) {
            Some(Action::Allow) => return true,
            _ => continue,
        }
    }
    false
}
