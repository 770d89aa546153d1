//! What the layers behind a filter let through: nothing else waits for replies.

use std::collections::HashMap;

use super::flows::{Flow, disjoint};
use crate::exposure::{Evaluation, Exposure, Stack, names_protocol};
use crate::model::{Direction, SymbolKind};
use crate::space::{AddressSet, PortSet, public};

/// What passes the layers behind a filter, at whichever interface, as far as it crosses the filter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inner {
    /// The other ends, by direction, protocol, and first and last port.
    runs: HashMap<(Direction, u8, u16, u16), AddressSet>,
}

/// The transports whose replies are asked for.
pub(super) const TRANSPORTS: [u8; 2] = [6, 17];

impl Inner {
    /// Adds what the layers behind the filter admit at one interface, in doubt too; `crossing` are the other ends whose traffic
    /// meets the filter there, inbound and outbound.
    pub fn add(&mut self, stack: &Stack, evaluation: &Evaluation<'_>, crossing: [&AddressSet; 2]) {
        for (direction, crossing) in [Direction::Ingress, Direction::Egress].into_iter().zip(crossing) {
            // Too intricate to tell: it could be anything.
            if evaluation.exhausted {
                self.open(direction, crossing);
                continue;
            }
            for protocol in TRANSPORTS {
                let named = names_protocol(&stack.policy, direction, protocol);
                let speaks = |e: &&Exposure| e.direction == direction && e.protocols.hold_for(Some(protocol), named);
                for exposure in evaluation.exposures.iter().filter(speaks) {
                    let symbols = exposure.possibly.symbols.iter().map(|symbol| members(stack, evaluation, *symbol));
                    let ends = symbols.fold(exposure.possibly.addresses.clone(), |all, more| all.union(&more));
                    self.push(direction, protocol, (exposure.first, exposure.last), ends.intersection(crossing));
                }
            }
        }
    }

    /// Adds every port one way, to or from the given ends.
    pub fn open(&mut self, direction: Direction, ends: &AddressSet) {
        for protocol in TRANSPORTS {
            self.push(direction, protocol, (0, u16::MAX), ends.clone());
        }
    }

    /// Adds what passes at other interfaces.
    pub fn merge(&mut self, other: &Self) {
        for ((direction, protocol, first, last), ends) in &other.runs {
            self.push(*direction, *protocol, (*first, *last), ends.clone());
        }
    }

    fn push(&mut self, direction: Direction, protocol: u8, (first, last): (u16, u16), ends: AddressSet) {
        if !ends.is_empty() {
            let known = self.runs.entry((direction, protocol, first, last)).or_default();
            *known = known.union(&ends);
        }
    }

    /// What passes in one direction and protocol, as disjoint sets of other ends. `None` where the work would not be bounded.
    pub fn flows(&self, direction: Direction, protocol: u8) -> Option<Vec<Flow>> {
        let here = self.runs.iter().filter(|((way, number, ..), _)| (*way, *number) == (direction, protocol));
        disjoint(&here.map(|((.., first, last), ends)| ((*first, *last), ends)).collect::<Vec<_>>())
    }
}

/// Where the members of a symbol can be: where they were pasted, else anywhere.
fn members(stack: &Stack, evaluation: &Evaluation<'_>, symbol: u32) -> AddressSet {
    let symbol = usize::try_from(symbol).ok().and_then(|at| evaluation.symbols.get(at));
    match symbol.map(|symbol| (stack.members.get(&symbol.id), symbol.kind)) {
        Some((Some(extent), _)) => extent.addresses.clone(),
        Some((None, SymbolKind::SharedService | SymbolKind::Provider)) => public().clone(),
        _ => AddressSet::full(),
    }
}

/// Flows cut where those of the layers behind begin or end: the other ends, the ports of the flow, and the ports behind it.
/// `None` where the work would not be bounded.
pub(super) fn cut(outer: &[Flow], inner: &[Flow]) -> Option<Vec<(AddressSet, PortSet, PortSet)>> {
    const PAIRS: usize = 20_000;
    if outer.len().saturating_mul(inner.len()) > PAIRS {
        return None;
    }
    let mut found = Vec::new();
    for flow in outer {
        let mut left = flow.addresses.clone();
        for other in inner {
            let here = left.intersection(&other.addresses);
            if !here.is_empty() {
                left = left.difference(&here);
                found.push((here, flow.ports.clone(), other.ports.clone()));
            }
        }
        if !left.is_empty() {
            found.push((left, flow.ports.clone(), PortSet::empty()));
        }
    }
    Some(found)
}
