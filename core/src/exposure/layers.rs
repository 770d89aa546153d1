//! Several filters one behind the other, as before an interface: what passes all of them.
//!
//! At every point of the service space the sources that each layer admits are intersected. A symbol and addresses are
//! intersected exactly where the symbol's members are known; elsewhere the symbol stays possible and is no longer sure.

use std::collections::HashMap;

use super::sweep::{Run, assemble, in_order_of};
use super::{Evaluation, Exposure, Packet, Protocols, Sources, Trace, trace};
use crate::model::{Direction, Local, Order, Policy, Rule, SymbolKind};
use crate::sorting::sort_unique;
use crate::space::{AddressSet, public};

/// Filters before one interface, the outermost first.
#[derive(Clone, Debug)]
pub struct Stack {
    /// The rules of all layers; its kind is that of the innermost.
    pub policy: Policy,
    /// Which of them form a layer.
    pub layers: Vec<Layer>,
    /// Inbound sources that can get here at all, whatever the rules say: for certain.
    pub reachable: AddressSet,
    /// Those that may get here; a superset of `reachable`.
    pub perhaps_reachable: AddressSet,
    /// The addresses of the members of groups, where they were pasted.
    pub members: HashMap<Box<str>, Extent>,
}

/// What is known of the addresses of a group's members.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Extent {
    /// Where they are.
    pub addresses: AddressSet,
    /// Whether that is only where they can be, such as the subnets that they are in.
    pub wider: bool,
}

/// One filter.
#[derive(Clone, Debug)]
pub struct Layer {
    /// Its rules, as indices into the rules of the stack.
    pub rules: Vec<u32>,
    /// How they combine.
    pub order: Order,
    /// Addresses whose traffic does not meet this layer, such as those of the subnet that an ACL stands around.
    pub unfiltered: AddressSet,
}

impl Stack {
    /// Whether both have the same rules in the same layers, with the same members and the same ways in; others may admit the same, too.
    pub fn admits_alike(&self, other: &Self) -> bool {
        let rules = |a: &Rule, b: &Rule| a.same_effect(b) && a.priority == b.priority && a.inherited == b.inherited;
        let layers = |a: &Layer, b: &Layer| a.rules == b.rules && a.order == b.order && a.unfiltered == b.unfiltered;
        self.policy.rules.len() == other.policy.rules.len()
            && self.layers.len() == other.layers.len()
            && self.policy.rules.iter().zip(&other.policy.rules).all(|(a, b)| rules(a, b))
            && self.layers.iter().zip(&other.layers).all(|(a, b)| layers(a, b))
            && self.reachable == other.reachable
            && self.perhaps_reachable == other.perhaps_reachable
            && self.members == other.members
    }

    /// The rules of a layer in one direction, in the order in which they decide.
    pub fn in_order(&self, layer: &Layer, direction: Direction) -> Vec<u32> {
        let rule = |i: &u32| Some((self.policy.rules.get(usize::try_from(*i).ok()?)?, *i));
        let takes_part = layer.rules.iter().filter_map(rule).filter(|(rule, _)| rule.direction == direction && !rule.disabled);
        in_order_of(layer.order, takes_part.collect())
    }

    /// Sends a packet through one layer.
    pub fn trace(&self, layer: &Layer, packet: &Packet) -> Trace {
        let rules = layer.rules.iter().filter_map(|i| Some((*i, self.policy.rules.get(usize::try_from(*i).ok()?)?)));
        trace(rules, layer.order, packet)
    }
}

/// Computes what passes all layers, exactly. Single rules' effects are not asked for here.
pub fn evaluate_layers(stack: &Stack) -> Evaluation<'_> {
    let mut run = Run::new(&stack.policy);
    let mut exposures = Vec::new();
    for direction in [Direction::Ingress, Direction::Egress] {
        let layers: Vec<(Vec<u32>, &Layer)> = stack.layers.iter().map(|layer| (stack.in_order(layer, direction), layer)).collect();
        let all: Vec<u32> = layers.iter().flat_map(|(rules, _)| rules.iter().copied()).collect();
        let named = run.named(&all);
        let mut own = Vec::new();
        for number in &named {
            own.extend(protocol(stack, &mut run, direction, &layers, Some(*number)));
        }
        let base = protocol(stack, &mut run, direction, &layers, None).into_iter().next();
        exposures.extend(assemble(base, own, &named));
        run.take_swept();
    }
    let exhausted = run.exhausted();
    Evaluation { exposures, exhausted, symbols: run.into_symbols(), ..Evaluation::default() }
}

/// What passes all layers in one protocol, or (with `None`) in every protocol that no rule names.
fn protocol(stack: &Stack, run: &mut Run<'_>, direction: Direction, layers: &[(Vec<u32>, &Layer)], number: Option<u8>) -> Vec<Exposure> {
    let outside = match direction {
        Direction::Ingress => (stack.reachable.clone(), stack.perhaps_reachable.clone()),
        Direction::Egress => (AddressSet::full(), AddressSet::full()),
    };
    let sources = |set: AddressSet| Sources::new(set, Vec::new()).within(number);
    let whole = |surely: Sources, possibly: Sources| Exposure {
        direction,
        protocols: number.map_or(Protocols::Other, Protocols::Number),
        first: 0,
        last: u16::MAX,
        local: Local::Any,
        surely,
        possibly,
        rules: Vec::new(),
    };
    let mut passing = vec![whole(sources(outside.0), sources(outside.1))];
    for (rules, layer) in layers {
        let admitted = run.protocol(direction, rules, &Local::Any, number);
        let around = sources(layer.unfiltered.clone());
        let admitted = widened(admitted, &whole(around.clone(), around));
        let mut next = Vec::with_capacity(passing.len());
        for_each_overlap(&passing, &admitted, |a, b, first, last| {
            if !run.spend(1) {
                return;
            }
            let meet = Meet { stack, run, number };
            let possibly = meet.of(&a.possibly, &b.possibly, false);
            if possibly.is_empty() {
                return;
            }
            let surely = meet.of(&a.surely, &b.surely, true);
            let mut rules: Vec<u32> = a.rules.iter().chain(&b.rules).copied().collect();
            sort_unique(&mut rules);
            next.push(Exposure { first, last, surely, possibly, rules, ..a.clone() });
        });
        passing = merged(next);
    }
    passing.retain(|exposure| !exposure.possibly.is_empty());
    passing
}

/// Runs with the sources of `around` added everywhere, also where nothing was admitted.
fn widened(runs: Vec<Exposure>, around: &Exposure) -> Vec<Exposure> {
    if around.possibly.is_empty() {
        return runs;
    }
    let mut wider = Vec::with_capacity(runs.len());
    let mut next = Some(0_u16);
    for run in runs {
        if let Some(first) = next
            && first < run.first
        {
            wider.push(Exposure { first, last: run.first.saturating_sub(1), ..around.clone() });
        }
        next = run.last.checked_add(1);
        wider.push(Exposure { surely: run.surely.union(&around.surely), possibly: run.possibly.union(&around.possibly), ..run });
    }
    if let Some(first) = next {
        wider.push(Exposure { first, ..around.clone() });
    }
    wider
}

/// Visits the ports that two sorted lists of runs share.
fn for_each_overlap<'e>(a: &'e [Exposure], b: &'e [Exposure], mut visit: impl FnMut(&'e Exposure, &'e Exposure, u16, u16)) {
    let (mut a, mut b) = (a.iter().peekable(), b.iter().peekable());
    while let (Some(left), Some(right)) = (a.peek(), b.peek()) {
        let (first, last) = (left.first.max(right.first), left.last.min(right.last));
        if first <= last {
            visit(left, right, first, last);
        }
        if left.last <= right.last {
            a.next();
        } else {
            b.next();
        }
    }
}

/// Neighbouring runs with the same sources as one.
fn merged(runs: Vec<Exposure>) -> Vec<Exposure> {
    let mut merged: Vec<Exposure> = Vec::with_capacity(runs.len());
    for run in runs {
        match merged.last_mut() {
            Some(open) if open.last.checked_add(1) == Some(run.first) && open.surely == run.surely && open.possibly == run.possibly => {
                open.last = run.last;
                open.rules.extend(run.rules);
                sort_unique(&mut open.rules);
            }
            _ => merged.push(run),
        }
    }
    merged
}

/// The intersection of what two layers admit.
struct Meet<'m, 'p> {
    stack: &'m Stack,
    run: &'m Run<'p>,
    number: Option<u8>,
}

impl Meet<'_, '_> {
    /// Those who are in both, for certain or (unless `sure`) perhaps.
    fn of(&self, a: &Sources, b: &Sources, sure: bool) -> Sources {
        let mut addresses = a.addresses.intersection(&b.addresses);
        let mut symbols = Vec::new();
        for (of, other) in [(a, b), (b, a)] {
            for symbol in &of.symbols {
                if other.symbols.binary_search(symbol).is_ok() {
                    symbols.push(*symbol);
                    continue;
                }
                match self.members(*symbol) {
                    Some(members) if members.addresses.is_subset(&other.addresses) => symbols.push(*symbol),
                    Some(members) if !members.addresses.intersects(&other.addresses) => {}
                    Some(members) if members.wider => symbols.extend((!sure).then_some(*symbol)),
                    // Some members get through: those are known one by one.
                    Some(members) => addresses = addresses.union(&members.addresses.intersection(&other.addresses)),
                    None if sure && !other.is_everyone(self.number) => {}
                    None if self.may_have(*symbol, &other.addresses) => symbols.push(*symbol),
                    None => {}
                }
            }
        }
        Sources::new(addresses, symbols).within(self.number)
    }

    fn members(&self, symbol: u32) -> Option<&Extent> {
        let symbol = self.run.symbol(symbol)?;
        self.stack.members.get(&symbol.id)
    }

    /// Whether a member of a symbol can have one of these addresses.
    fn may_have(&self, symbol: u32, addresses: &AddressSet) -> bool {
        match self.run.symbol(symbol).map(|symbol| symbol.kind) {
            Some(SymbolKind::SharedService | SymbolKind::Provider) => addresses.intersects(public()),
            _ => !addresses.is_empty(),
        }
    }
}
