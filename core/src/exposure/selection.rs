//! What a rule matches, as sets: two rules that match the same packets are equal, however they are written.

use super::Sources;
use super::fold::Who;
use super::sweep::selected;
use crate::model::{Direction, Local, Protocol, Rule, Unresolved};
use crate::space::{AddressSet, PortSet};

/// The packets that a rule matches.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
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
        let sources = Sources::new(who.addresses.clone(), who.symbols.clone()).within(number);
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

    /// Whether both name a same group or tag.
    pub(super) fn shares_a_name(&self, other: &Self) -> bool {
        self.symbols.iter().any(|symbol| other.symbols.contains(symbol))
    }
}
