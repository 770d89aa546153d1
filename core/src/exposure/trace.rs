//! One packet and one layer of rules: which rule decides, and why the ones before it did not match.

use std::net::IpAddr;

use super::sweep::{in_order_of, selected};
use crate::model::{Action, Direction, Local, Order, Peer, Protocol, Rule, SymbolKind};
use crate::space::{AddressSet, documentation, public};

/// The first packet of a connection, seen from one end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packet {
    /// Towards this end or away from it.
    pub direction: Direction,
    /// Its IP protocol.
    pub protocol: u8,
    /// The destination port, or ICMP's `type * 256 + code`; 0 for protocols that have neither.
    pub port: u16,
    /// The other end.
    pub peer: End,
    /// The address of this end, where it is known.
    pub local: Option<IpAddr>,
}

/// One end of a packet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct End {
    /// Its address, where it is known.
    pub address: Option<IpAddr>,
    /// Where its address is, if only that is known; empty where nothing is.
    pub within: AddressSet,
    /// The names of the groups it is a member of, and of what is not in the texts that it is in.
    pub groups: Vec<Box<str>>,
    /// The names of groups it is no member of, since their members were pasted.
    pub not_in: Vec<Box<str>>,
    /// Whether it is a member of no other group: it was pasted, or it is no part of any network here.
    pub only_these: bool,
}

impl End {
    /// Whether its address is in a set: surely, perhaps (`false`), or not at all.
    pub fn is_in(&self, set: &AddressSet) -> Option<bool> {
        match self.address {
            Some(address) => set.contains(address).then_some(true),
            None if self.within.is_empty() => (!set.is_empty()).then_some(false),
            None if self.within.is_subset(set) => Some(true),
            None => self.within.intersects(set).then_some(false),
        }
    }
}

/// What a layer does with a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It passes.
    Allowed,
    /// It is dropped.
    Denied,
    /// That depends on what is not in the texts.
    Unknown,
}

/// Why a rule does not match a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mismatch {
    /// It is switched off.
    Disabled,
    /// It is about another protocol.
    Protocol,
    /// It is about other ports or messages.
    Ports,
    /// It is about another end.
    Peer,
    /// It is about another part of what is protected.
    Local,
    /// An earlier rule left the packet to the next layer.
    PassedOn,
}

/// How a packet fared in a layer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trace {
    /// What becomes of it.
    pub outcome: Outcome,
    /// The rule that decides; `None` where no rule does and the layer denies by itself.
    pub decided_by: Option<u32>,
    /// Rules that may match, depending on what is not in the texts, before one surely does.
    pub perhaps: Vec<u32>,
    /// The rules that were looked at and did not match.
    pub passed: Vec<(u32, Mismatch)>,
}

/// Sends a packet through one layer. `rules` come with their indices; they are put into their deciding order here.
pub fn trace<'r>(rules: impl Iterator<Item = (u32, &'r Rule)>, order: Order, packet: &Packet) -> Trace {
    let rules: Vec<(u32, &Rule)> = rules.filter(|(_, rule)| rule.direction == packet.direction).collect();
    let ordered = in_order_of(order, rules.iter().zip(0_u32..).map(|((_, rule), position)| (*rule, position)).collect());
    let mut trace = Trace { outcome: Outcome::Denied, decided_by: None, perhaps: Vec::new(), passed: Vec::new() };
    let (mut may_pass, mut may_drop, mut passed_on, mut perhaps_passed_on) = (false, false, None, None);
    for position in ordered {
        let Some((index, rule)) = usize::try_from(position).ok().and_then(|at| rules.get(at)).copied() else { continue };
        if passed_on == Some(rule.layer) {
            trace.passed.push((index, Mismatch::PassedOn));
            continue;
        }
        let certain = match matches(rule, packet) {
            Err(mismatch) => {
                trace.passed.push((index, mismatch));
                continue;
            }
            Ok(certain) => certain && rule.doubt.is_none() && perhaps_passed_on != Some(rule.layer),
        };
        match (rule.action, certain) {
            (Action::Next, true) => passed_on = Some(rule.layer),
            (Action::Next, false) => {
                trace.perhaps.push(index);
                perhaps_passed_on = Some(rule.layer);
            }
            (action, true) => {
                trace.decided_by = Some(index);
                trace.outcome = if action == Action::Allow { Outcome::Allowed } else { Outcome::Denied };
                break;
            }
            (action, false) => {
                trace.perhaps.push(index);
                may_pass |= action == Action::Allow;
                may_drop |= action == Action::Deny;
            }
        }
    }
    // Where rules all say the same, it does not matter which of them decides.
    let other = match trace.outcome {
        Outcome::Allowed => may_drop && order != Order::Union,
        _ => may_pass,
    };
    if other {
        trace.outcome = Outcome::Unknown;
    }
    trace
}

/// Whether a rule matches a packet: surely or perhaps; else why not.
fn matches(rule: &Rule, packet: &Packet) -> Result<bool, Mismatch> {
    if rule.disabled {
        return Err(Mismatch::Disabled);
    }
    match rule.protocol {
        Protocol::Number(number) if number != packet.protocol => return Err(Mismatch::Protocol),
        _ => {}
    }
    let holds = |(first, last): &(u16, u16)| *first <= packet.port && packet.port <= *last;
    if !selected(rule, Some(packet.protocol)).iter().any(holds) {
        return Err(Mismatch::Ports);
    }
    // The packet may come from any source port: an allow of one is enough, a deny of one is not.
    if rule.source_ports.as_ref().is_some_and(|ports| rule.action != Action::Allow && !ports.is_full() || ports.is_empty()) {
        return Err(Mismatch::Ports);
    }
    let local = match (&rule.local, packet.local) {
        (Local::Any, _) => Some(true),
        (Local::Addresses(set), Some(own)) => set.contains(own).then_some(true),
        (Local::Addresses(_) | Local::Symbol(_), _) => Some(false),
    };
    let Some(local) = local else { return Err(Mismatch::Local) };
    match meets(&rule.peer, &packet.peer) {
        Some(peer) => Ok(local && peer),
        None => Err(Mismatch::Peer),
    }
}

/// The address behind `AzureLoadBalancer`.
const AZURE_PROBE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(168, 63, 129, 16));

fn is_azure_probe(tag: &str) -> bool {
    ["AzureLoadBalancer", "AZURE_LOADBALANCER"].iter().any(|name| tag.eq_ignore_ascii_case(name))
}

/// Whether an end is meant by a peer: surely, perhaps (`false`), or not at all.
fn meets(peer: &Peer, end: &End) -> Option<bool> {
    match (peer, end.address) {
        (Peer::Any, _) => Some(true),
        (Peer::Net(net), None) if end.within.is_empty() && net.prefix_len() == 0 => Some(true),
        (Peer::Net(net), _) => end.is_in(&AddressSet::from_nets([*net])),
        (Peer::Named(named), _) => end.is_in(&named.set),
        (Peer::Symbol(symbol), _) if end.groups.contains(&symbol.id) => Some(true),
        (Peer::Symbol(symbol), address) => {
            // Example addresses are judged as if they were public.
            let outside = address.is_some_and(|address| public().contains(address) || documentation().contains(address));
            match symbol.kind {
                // A group means the private addresses of its members, so an address of the internet is never meant.
                SymbolKind::Group if end.not_in.contains(&symbol.id) => None,
                SymbolKind::Group | SymbolKind::Network => (!outside && !end.only_these).then_some(false),
                // Where the probes of Azure's load balancers come from is known (service tags overview), other brokers' addresses are not.
                SymbolKind::Platform if is_azure_probe(&symbol.id) => address.is_none_or(|own| own == AZURE_PROBE).then_some(false),
                SymbolKind::Platform => Some(false),
                SymbolKind::SharedService | SymbolKind::Provider => (outside || address.is_none()).then_some(false),
            }
        }
        (Peer::Unresolved(missing), _) => Some(end.groups.contains(&missing.name)),
        (Peer::Nobody(_), _) => None,
        (Peer::Union(peers), _) => peers.iter().filter_map(|peer| meets(peer, end)).max(),
    }
}
