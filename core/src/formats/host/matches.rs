//! What one line matches: a box of packets, exact in every field, with what could not be told beside it.

use crate::model::{Direction, Local, NamedSet, Peer, Place, Ports, Protocol, Rule, Unresolved};
use crate::space::{AddressSet, IntervalSet, PortSet};

/// A box of packets that begin a connection. Of what a line does not ask for, everything is in.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Match {
    pub(super) protocol: Protocol,
    /// Destination ports, or ICMP type and code pairs as `type * 256 + code`; everything for protocols without either.
    pub(super) ports: PortSet,
    pub(super) source_ports: PortSet,
    /// The other end. It also carries the address family.
    pub(super) peer: AddressSet,
    /// This end.
    pub(super) local: AddressSet,
    /// What the text calls the other end, where it has a name.
    pub(super) name: Option<Box<str>>,
    /// Something was not understood: the line matches at most this box.
    pub(super) doubt: Option<Unresolved>,
}

impl Match {
    /// Every packet of some families, which `within` holds whole.
    pub(super) fn all(within: AddressSet) -> Self {
        Self {
            protocol: Protocol::Any,
            ports: PortSet::full(),
            source_ports: PortSet::full(),
            peer: within,
            local: AddressSet::full(),
            name: None,
            doubt: None,
        }
    }

    /// Every packet of a protocol.
    pub(super) fn protocol(protocol: Protocol) -> Self {
        Self { protocol, ..Self::all(AddressSet::full()) }
    }

    /// At most every packet.
    pub(super) fn doubtful(missing: Unresolved) -> Self {
        Self { doubt: Some(missing), ..Self::all(AddressSet::full()) }
    }

    /// The packets that are in both; `None` where there are none.
    pub(super) fn and(&self, other: &Self) -> Option<Self> {
        let protocol = match (self.protocol, other.protocol) {
            (Protocol::Any, protocol) | (protocol, Protocol::Any) => protocol,
            (own, theirs) if own == theirs => own,
            _ => return None,
        };
        let narrowed = Self {
            protocol,
            ports: self.ports.intersection(&other.ports),
            source_ports: self.source_ports.intersection(&other.source_ports),
            peer: self.peer.intersection(&other.peer),
            local: self.local.intersection(&other.local),
            name: None,
            doubt: self.doubt.clone().or_else(|| other.doubt.clone()),
        };
        let name = [self, other].into_iter().find(|side| side.peer == narrowed.peer).and_then(|side| side.name.clone());
        Self { name, ..narrowed }.normal()
    }

    /// The part of some families, which `within` holds whole.
    pub(super) fn of(&self, within: &AddressSet) -> Option<Self> {
        self.and(&Self::all(within.clone()))
    }

    /// Both ends of a packet are of one family, so a family that this end lacks is gone; `None` where nothing is left.
    fn normal(mut self) -> Option<Self> {
        if self.local.v4.is_empty() {
            self.peer.v4 = IntervalSet::empty();
        }
        if self.local.v6.is_empty() {
            self.peer.v6 = IntervalSet::empty();
        }
        let empty = self.peer.is_empty() || self.ports.is_empty() || self.source_ports.is_empty();
        (!empty).then_some(self)
    }

    /// The rules that it makes: one for each family where this end is narrowed.
    pub(super) fn rules(&self, direction: Direction, at: Place) -> Vec<Rule> {
        let whole = |set: &AddressSet| (set.v4.is_full() || self.peer.v4.is_empty(), set.v6.is_full() || self.peer.v6.is_empty());
        if whole(&self.local) == (true, true) {
            return vec![self.rule(direction, at, &self.peer, Local::Any)];
        }
        let families = [V4, V6].into_iter().map(family);
        let parts = families.filter_map(|family| {
            let (peer, local) = (self.peer.intersection(&family), self.local.intersection(&family));
            let narrowed = if local == family { Local::Any } else { Local::Addresses(Box::new(local)) };
            (!peer.is_empty()).then(|| self.rule(direction, at, &peer, narrowed))
        });
        parts.collect()
    }

    fn rule(&self, direction: Direction, at: Place, peer: &AddressSet, local: Local) -> Rule {
        let peer = match (peer.is_full(), peer.to_nets().as_slice()) {
            (true, _) => Peer::Any,
            (_, [net]) => Peer::Net(*net),
            (_, nets) => {
                let spelled = || nets.iter().take(SPELLED).map(ToString::to_string).collect::<Vec<_>>().join(", ");
                let more = if nets.len() > SPELLED { ", …" } else { "" };
                let name = self.name.clone().unwrap_or_else(|| format!("{}{more}", spelled()).into());
                Peer::Named(Box::new(NamedSet { name, set: peer.clone() }))
            }
        };
        let mut rule = Rule::allow(direction, peer, at);
        rule.protocol = self.protocol;
        rule.ports = match self.ports.runs() {
            _ if self.ports.is_full() || self.protocol == Protocol::Any => Ports::All,
            [] => Ports::Nothing,
            [(first, last)] if is_icmp(self.protocol) => {
                let ([kind, code], [last_kind, last_code]) = (first.to_be_bytes(), last.to_be_bytes());
                match (kind == last_kind, code, last_code) {
                    (true, 0, u8::MAX) => Ports::Icmp(kind, None),
                    (true, _, _) if code == last_code => Ports::Icmp(kind, Some(code)),
                    _ => Ports::Set(Box::new(self.ports.clone())),
                }
            }
            [(first, last)] => Ports::Range(*first, *last),
            _ => Ports::Set(Box::new(self.ports.clone())),
        };
        rule.source_ports = (!self.source_ports.is_full()).then(|| Box::new(self.source_ports.clone()));
        rule.local = local;
        rule.doubt = self.doubt.clone().map(Box::new);
        rule
    }
}

/// How many prefixes of a set without a name are spelled out.
const SPELLED: usize = 8;

/// The packets that are in one of each: what two conditions of a line match together.
pub(super) fn both(left: &[Match], right: &[Match]) -> Vec<Match> {
    left.iter().flat_map(|own| right.iter().filter_map(|other| own.and(other))).collect()
}

/// An address family.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Family {
    /// IPv4.
    V4,
    /// IPv6.
    V6,
}
pub(super) use Family::{V4, V6};

/// Every address of a family.
pub(super) fn family(family: Family) -> AddressSet {
    match family {
        V4 => AddressSet { v4: IntervalSet::full(), v6: IntervalSet::empty() },
        V6 => AddressSet { v4: IntervalSet::empty(), v6: IntervalSet::full() },
    }
}

/// Whether a protocol has messages with types and codes in place of ports.
pub(super) fn is_icmp(protocol: Protocol) -> bool {
    matches!(protocol, Protocol::ICMP | Protocol::ICMPV6)
}
