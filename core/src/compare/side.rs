//! One side of a comparison: who a policy admits at a point, under names that both sides share.

use std::collections::{HashMap, HashSet};

use super::matching::Referred;
use super::names::Names;
use crate::exposure::{Effect, Evaluation, Exposure, Extent, Protocols, Sources, Stack};
use crate::exposure::{evaluate, evaluate_layers, names_protocol, selects};
use crate::model::{Action, Direction, Local, Peer, Policy, Protocol, Rule, Symbol};
use crate::sorting::sort_unique;
use crate::space::AddressSet;
use crate::verdict::{Judge, Verdict};

/// A policy with what it admits.
pub(super) struct Side<'p> {
    pub(super) policy: &'p Policy,
    pub(super) evaluation: Evaluation<'p>,
    /// The shared name of each symbol of the evaluation.
    names: Vec<u32>,
    /// Where members of groups are, at an interface.
    members: Option<&'p HashMap<Box<str>, Extent>>,
}

/// Who gets in at one point.
#[derive(Default)]
pub(super) struct Point {
    /// For certain, under the shared names.
    pub(super) surely: Sources,
    /// Possibly, under the shared names.
    pub(super) possibly: Sources,
    /// The same under the evaluation's own.
    own: (Sources, Sources),
    /// The allow rules that match here.
    pub(super) rules: Vec<u32>,
    /// What is missing in rules that match here.
    pub(super) missing: Vec<Box<str>>,
}

/// What a side says of one protocol at one part of the protected end.
#[derive(Default)]
pub(super) struct Slice<'s> {
    local: Option<&'s Local>,
    exposures: Vec<&'s Exposure>,
}

impl<'p> Side<'p> {
    /// Evaluates a policy, in which no rule counts as told elsewhere.
    pub(super) fn new(policy: &'p Policy, names: &mut Names, referred: &Referred) -> Self {
        let evaluation = evaluate(policy);
        let shared = evaluation.symbols.iter().map(|symbol| names.of(symbol, policy, referred)).collect();
        Self { policy, names: shared, evaluation, members: None }
    }

    /// Evaluates the layers before an interface, together.
    pub(super) fn at_interface(stack: &'p Stack, names: &mut Names, referred: &Referred) -> Self {
        let evaluation = evaluate_layers(stack);
        let shared = evaluation.symbols.iter().map(|symbol| names.of(symbol, &stack.policy, referred)).collect();
        Self { policy: &stack.policy, names: shared, evaluation, members: Some(&stack.members) }
    }

    /// The shared names of the groups whose members' addresses are known, and of those whose are not.
    pub(super) fn members_known(&self) -> (Vec<u32>, Vec<u32>) {
        let both = self.names.iter().zip(&self.evaluation.symbols);
        let (known, open): (Vec<_>, Vec<_>) = both.partition(|(_, symbol)| self.extent(symbol).is_some());
        (known.iter().map(|(name, _)| **name).collect(), open.iter().map(|(name, _)| **name).collect())
    }

    /// Puts the addresses of members in the place of their groups; the names in `kept` stay beside them.
    pub(super) fn spell_out_members(&mut self, kept: &HashSet<u32>) {
        let mut exposures = std::mem::take(&mut self.evaluation.exposures);
        for exposure in &mut exposures {
            for sources in [&mut exposure.surely, &mut exposure.possibly] {
                let mut addresses = sources.addresses.clone();
                let mut symbols = Vec::new();
                for i in &sources.symbols {
                    let at = usize::try_from(*i).ok();
                    let extent = at.and_then(|at| self.evaluation.symbols.get(at)).and_then(|symbol| self.extent(symbol));
                    addresses = extent.map_or(addresses.clone(), |extent| addresses.union(extent));
                    let stays = at.and_then(|at| self.names.get(at)).is_some_and(|name| kept.contains(name));
                    symbols.extend((stays || extent.is_none()).then_some(*i));
                }
                let number = match exposure.protocols {
                    Protocols::Number(number) => Some(number),
                    Protocols::All | Protocols::Other => None,
                };
                *sources = Sources::new(addresses, symbols).within(number);
            }
        }
        self.evaluation.exposures = exposures;
    }

    /// The addresses of a group's members, where they are known one by one.
    pub(super) fn extent(&self, symbol: &Symbol) -> Option<&'p AddressSet> {
        self.members?.get(&symbol.id).filter(|extent| !extent.wider).map(|extent| &extent.addresses)
    }

    /// The protocols that rules of a direction name.
    pub(super) fn protocols(&self, direction: Direction) -> impl Iterator<Item = u8> {
        let rules = self.policy.rules.iter().filter(move |rule| rule.direction == direction && !rule.disabled);
        rules.filter_map(|rule| match rule.protocol {
            Protocol::Any => None,
            Protocol::Number(number) => Some(number),
        })
    }

    /// The parts of the protected end that are treated differently.
    pub(super) fn parts(&self, direction: Direction) -> impl Iterator<Item = &Local> {
        self.evaluation.exposures.iter().filter(move |exposure| exposure.direction == direction).map(|exposure| &exposure.local)
    }

    /// What is said of a protocol, or (with `None`) of those that neither side names, at `part`.
    pub(super) fn slice(&self, direction: Direction, part: &Local, number: Option<u8>) -> Slice<'_> {
        let own = self.parts(direction).find(|own| holds(own, part)).unwrap_or(&Local::Any);
        let named = number.is_some_and(|number| names_protocol(self.policy, direction, number));
        let here = self.evaluation.exposures.iter().filter(|exposure| exposure.direction == direction && exposure.local == *own);
        Slice { local: Some(own), exposures: here.filter(|exposure| exposure.protocols.hold_for(number, named)).collect() }
    }

    /// Where something begins or ends in a slice.
    pub(super) fn edges(&self, slice: &Slice<'_>, direction: Direction, number: Option<u8>, edges: &mut Vec<u32>) {
        let told = slice.exposures.iter().map(|exposure| (exposure.first, exposure.last));
        // An exposure goes on where another rule admits the same, and it matters which one it is.
        let rules = self.rules(direction).flat_map(|(_, rule)| selects(rule, number));
        for (first, last) in told.chain(rules).filter(|(first, last)| first <= last) {
            edges.extend([u32::from(first), u32::from(last).saturating_add(1)]);
        }
    }

    /// Who gets in at `port` of a slice.
    pub(super) fn point(&self, slice: &Slice<'_>, direction: Direction, number: Option<u8>, port: u16) -> Point {
        let mut point = Point::default();
        for exposure in slice.exposures.iter().filter(|exposure| exposure.first <= port && port <= exposure.last) {
            let (surely, possibly) = &mut point.own;
            *surely = surely.union(&exposure.surely);
            *possibly = possibly.union(&exposure.possibly);
        }
        let shared = |sources: &Sources| {
            let symbols = sources.symbols.iter().filter_map(|i| self.names.get(usize::try_from(*i).ok()?)).copied().collect();
            Sources::new(sources.addresses.clone(), symbols).within(number)
        };
        (point.surely, point.possibly) = (shared(&point.own.0), shared(&point.own.1));
        if point.possibly.is_empty() {
            return point;
        }
        // Every rule is asked: an exposure does not name those that change nothing there.
        let part = slice.local.unwrap_or(&Local::Any);
        for (i, rule) in self.rules(direction).filter(|(_, rule)| meets(&rule.local, part) && matches(rule, number, port)) {
            if rule.action == Action::Allow {
                point.rules.push(i);
            }
            missing(rule, &mut point.missing);
        }
        sort_unique(&mut point.missing);
        point
    }

    /// The verdict on a run of ports with the sources of a point; `None` where nobody gets in.
    pub(super) fn verdict(&self, slice: &Slice<'_>, point: &Point, run: &Exposure) -> Option<Verdict> {
        let (surely, possibly) = point.own.clone();
        let number = match run.protocols {
            Protocols::Number(number) => Some(number),
            Protocols::All | Protocols::Other => None,
        };
        let (surely, possibly) = (surely.within(number), possibly.within(number));
        if possibly.is_empty() {
            return None;
        }
        let local = slice.local.cloned().unwrap_or(Local::Any);
        let exposure = Exposure { local, surely, possibly, rules: point.rules.clone(), ..run.clone() };
        Some(Judge::new(self.policy, &self.evaluation, None).exposure(&exposure).verdict)
    }

    /// Sources under the evaluation's own names.
    pub(super) fn own(&self, sources: &Sources) -> Sources {
        let symbols = sources.symbols.iter().filter_map(|name| self.names.iter().position(|own| own == name));
        Sources::new(sources.addresses.clone(), symbols.filter_map(|at| u32::try_from(at).ok()).collect())
    }

    /// Whether a symbol of the evaluation has the shared name of one of `among`.
    pub(super) fn same_name(&self, symbol: u32, among: &[u32]) -> bool {
        let name = |i: u32| self.names.get(usize::try_from(i).ok()?).copied();
        among.iter().any(|other| name(*other) == name(symbol))
    }

    pub(super) fn rule(&self, index: u32) -> Option<&'p Rule> {
        self.policy.rules.get(usize::try_from(index).ok()?)
    }

    /// The rules that match any packet which no rule before them decided.
    fn rules(&self, direction: Direction) -> impl Iterator<Item = (u32, &'p Rule)> {
        // Through layers no effects are asked for.
        let effects = self.evaluation.effects.iter().copied().map(Some).chain(std::iter::repeat(None));
        let rules = self.policy.rules.iter().zip(effects).zip(0_u32..);
        let matches = |rule: &Rule, effect: Option<Effect>| effect.map_or(!rule.disabled, Effect::matches_packets);
        rules.filter(move |((rule, effect), _)| rule.direction == direction && matches(rule, *effect)).map(|((rule, _), i)| (i, rule))
    }
}

/// Whether what is told of `own` holds at `part`, which is no wider than any part of either side.
fn holds(own: &Local, part: &Local) -> bool {
    match (own, part) {
        (Local::Addresses(own), Local::Addresses(part)) => part.is_subset(own),
        _ => own == part,
    }
}

/// Whether a rule for one end may hold at a part of it.
fn meets(rule: &Local, part: &Local) -> bool {
    match (rule, part) {
        (Local::Any, _) => true,
        (_, Local::Any) => false,
        (Local::Addresses(rule), Local::Addresses(part)) => rule.intersects(part),
        (rule, part) => rule == part || !matches!((rule, part), (Local::Symbol(_), Local::Symbol(_))),
    }
}

fn matches(rule: &Rule, number: Option<u8>, port: u16) -> bool {
    selects(rule, number).iter().any(|(first, last)| *first <= port && port <= *last)
}

/// The names of what a rule leaves open.
fn missing(rule: &Rule, names: &mut Vec<Box<str>>) {
    fn of(peer: &Peer, names: &mut Vec<Box<str>>) {
        match peer {
            Peer::Unresolved(missing) => names.push(missing.name.clone()),
            Peer::Union(peers) => peers.iter().for_each(|peer| of(peer, names)),
            _ => {}
        }
    }
    names.extend(rule.doubt.as_deref().map(|doubt| doubt.name.clone()));
    of(&rule.peer, names);
}
