//! What a rule matches, as sets: two rules that match the same packets are equal, however they are written.

use super::Sources;
use super::fold::Who;
use super::sweep::selected;
use crate::model::{Direction, Local, Protocol, Rule, Unresolved};
use crate::space::{AddressSet, PortSet};

/// The packets that a rule matches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Selection<'p> {
    direction: Direction,
    protocol: Protocol,
    ports: PortSet,
    pub(super) addresses: AddressSet,
    symbols: Vec<u32>,
    unknowns: Vec<u32>,
    local: &'p Local,
    source_ports: Option<&'p PortSet>,
    doubt: Option<&'p Unresolved>,
}

impl<'p> Selection<'p> {
    /// The packets of a rule whose peer is resolved as `who`.
    pub(super) fn of(rule: &'p Rule, who: &Who) -> Self {
        let number = match rule.protocol {
            Protocol::Any => None,
            Protocol::Number(number) => Some(number),
        };
        let sources = Sources::new(who.addresses(), who.symbols.clone()).within(number);
        let mut unknowns = who.unknowns.clone();
        crate::sorting::sort_unique(&mut unknowns);
        Self {
            direction: rule.direction,
            protocol: rule.protocol,
            ports: PortSet::from_runs(selected(rule, number)),
            addresses: sources.addresses,
            symbols: sources.symbols,
            unknowns,
            local: &rule.local,
            source_ports: rule.source_ports.as_deref(),
            doubt: rule.doubt.as_deref(),
        }
    }

    /// Whether every packet here is surely matched by `other` as well.
    pub(super) fn is_inside(&self, other: &Self) -> bool {
        let local = match (self.local, other.local) {
            (_, Local::Any) => true,
            (Local::Addresses(inner), Local::Addresses(outer)) => inner.is_subset(outer),
            (inner, outer) => inner == outer,
        };
        local
            && self.direction == other.direction
            && (other.protocol == Protocol::Any || self.protocol == other.protocol)
            && self.ports.is_subset(&other.ports)
            && self.addresses.is_subset(&other.addresses)
            && (other.addresses.is_full() || self.symbols.iter().all(|symbol| other.symbols.contains(symbol)))
            && self.unknowns.iter().all(|name| other.unknowns.contains(name))
            && other.source_ports.is_none_or(|outer| self.source_ports.is_some_and(|inner| inner.is_subset(outer)))
    }

    /// Whether both name a same group or tag.
    pub(super) fn shares_a_name(&self, other: &Self) -> bool {
        self.symbols.iter().any(|symbol| other.symbols.contains(symbol))
    }
}
