//! The sweep over protocols and ports: between two boundaries the same rules match, so one fold decides a whole run.

use std::collections::HashMap;

use super::cost::BUDGET;
use super::edge::{Edge, steps};
use super::fold::{Active, Admitted, Fit, Names, Who, fold, is_public};
use super::{Exposure, Protocols, Sources, local};
use crate::model::{Action, Direction, Local, Order, Policy, Ports, Protocol, Rule, Symbol, Unresolved};
use crate::sorting::{sort_by_key, sort_numbers, sort_unique};
use crate::space::{Grid, public};

/// One evaluation of one policy.
pub(super) struct Run<'p> {
    pub(super) policy: &'p Policy,
    whos: Vec<Who>,
    grid: Grid,
    symbols: Vec<&'p Symbol>,
    /// The steps that are left of the budget.
    pub(super) left: u64,
    /// What the whole policy's sweep came upon, for whoever asks about the same points again.
    swept: Vec<Swept>,
}

/// The segments of one protocol in one direction.
pub(super) struct Swept {
    pub(super) number: Option<u8>,
    pub(super) segments: Vec<Segment>,
}

/// Names by the order in which they first appear.
#[derive(Default)]
struct Index<'p> {
    symbols: Vec<&'p Symbol>,
    symbol_of: HashMap<&'p Symbol, u32>,
    unknown_of: HashMap<&'p Unresolved, u32>,
}

impl<'p> Names<'p> for Index<'p> {
    fn symbol(&mut self, symbol: &'p Symbol) -> u32 {
        *self.symbol_of.entry(symbol).or_insert_with(|| {
            self.symbols.push(symbol);
            u32::try_from(self.symbols.len().saturating_sub(1)).unwrap_or(u32::MAX)
        })
    }

    fn unknown(&mut self, missing: &'p Unresolved) -> u32 {
        let next = u32::try_from(self.unknown_of.len()).unwrap_or(u32::MAX);
        *self.unknown_of.entry(missing).or_insert(next)
    }
}

/// A run of ports at which the same rules match.
pub(super) struct Segment {
    pub(super) first: u16,
    pub(super) last: u16,
    /// Rules that match, in deciding order, with how surely.
    pub(super) rules: Vec<(u32, Fit)>,
}

impl<'p> Run<'p> {
    pub(super) fn new(policy: &'p Policy) -> Self {
        let mut names = Index::default();
        let mut whos: Vec<Who> = policy.rules.iter().map(|rule| Who::new(&rule.peer, &mut names)).collect();
        let outside = names.symbols.iter().any(|symbol| is_public(symbol.kind)).then(public);
        let grid = Grid::new(whos.iter().map(|who| &who.addresses).chain(outside));
        whos.iter_mut().for_each(|who| who.cells = grid.runs(&who.addresses));
        Self { policy, whos, grid, symbols: names.symbols, left: BUDGET, swept: Vec::new() }
    }

    /// A symbol of the policy by its index.
    pub(super) fn symbol(&self, index: u32) -> Option<&'p Symbol> {
        self.symbols.get(usize::try_from(index).ok()?).copied()
    }

    /// The cells of all peers of the policy.
    pub(super) const fn grid(&self) -> &Grid {
        &self.grid
    }

    pub(super) fn into_symbols(self) -> Vec<&'p Symbol> {
        self.symbols
    }

    pub(super) fn rule(&self, index: u32) -> Option<(&'p Rule, &Who)> {
        let at = usize::try_from(index).ok()?;
        Some((self.policy.rules.get(at)?, self.whos.get(at)?))
    }

    /// The rules that `choose` keeps, in the order in which they decide.
    pub(super) fn in_order(&self, choose: impl Fn(u32, &Rule) -> bool) -> Vec<u32> {
        let chosen = self.policy.rules.iter().zip(0_u32..).filter(|(rule, i)| choose(*i, rule)).collect();
        in_order_of(self.policy.kind.order(), chosen)
    }

    /// Hands over what was swept since the last time.
    pub(super) fn take_swept(&mut self) -> Vec<Swept> {
        std::mem::take(&mut self.swept)
    }

    /// Leaves at most so much work.
    pub(super) fn limit(&mut self, steps: u64) {
        self.left = self.left.min(steps);
    }

    /// What the chosen rules, in deciding order, admit inbound and outbound.
    pub(super) fn both_ways(&mut self, chosen: &[u32]) -> Vec<Exposure> {
        self.swept.clear();
        let mut exposures = self.exposures(Direction::Ingress, chosen);
        exposures.extend(self.exposures(Direction::Egress, chosen));
        exposures
    }

    /// What the chosen rules, in deciding order, admit in one direction.
    pub(super) fn exposures(&mut self, direction: Direction, chosen: &[u32]) -> Vec<Exposure> {
        if self.exhausted() {
            return Vec::new();
        }
        let rules: Vec<u32> = chosen.iter().copied().filter(|i| self.takes_part(*i, direction)).collect();
        // Each rule that narrows the protected end may split every part there is.
        let narrowing = rules.iter().filter(|i| self.rule(**i).is_some_and(|(rule, _)| rule.local != Local::Any)).count();
        if !self.spend(narrowing.saturating_mul(narrowing).checked_div(16).unwrap_or_default()) {
            return Vec::new();
        }
        let parts = local::parts(rules.iter().filter_map(|i| self.rule(*i)).map(|(rule, _)| rule));
        let mut found = Vec::new();
        for part in &parts {
            // Each part asks every rule whether it holds there.
            if !self.spend(rules.len()) {
                break;
            }
            let here = self.at(direction, &rules, part);
            // A part that is treated like everything else says nothing new.
            if *part != Local::Any && same_as_elsewhere(&here, &found) {
                continue;
            }
            // Silence would read as "like everything else". With the budget gone nothing is known to be closed.
            if here.is_empty() && *part != Local::Any && !self.exhausted() {
                found.push(closed(direction, part));
            }
            found.extend(here);
        }
        found
    }

    fn takes_part(&self, index: u32, direction: Direction) -> bool {
        self.rule(index).is_some_and(|(rule, _)| rule.direction == direction && !rule.disabled)
    }

    fn at(&mut self, direction: Direction, rules: &[u32], part: &Local) -> Vec<Exposure> {
        let named = self.named(rules);
        let mut own: Vec<Exposure> = Vec::new();
        for number in &named {
            own.extend(self.protocol(direction, rules, part, Some(*number)));
        }
        let base = self.protocol(direction, rules, part, None).into_iter().next();
        assemble(base, own, &named)
    }

    /// The protocols that some of the rules name, ascending.
    pub(super) fn named(&self, rules: &[u32]) -> Vec<u8> {
        protocols(rules.iter().filter_map(|i| self.rule(*i)).map(|(rule, _)| rule))
    }

    /// The exposures of one protocol, or (with `None`) of every protocol that no rule names.
    pub(super) fn protocol(&mut self, direction: Direction, rules: &[u32], part: &Local, number: Option<u8>) -> Vec<Exposure> {
        let mut found: Vec<Exposure> = Vec::new();
        let segments = self.segments(rules, part, number);
        for segment in &segments {
            if !self.spend(self.cost(&segment.rules)) {
                break;
            }
            let Admitted { surely, possibly, .. } = self.decide(&segment.rules, number, |_, rule| rule.action);
            let possibly = possibly.unwrap_or_else(|| surely.clone());
            if possibly.is_empty() {
                continue;
            }
            let allows = segment.rules.iter().map(|(i, _)| *i).filter(|i| self.rule(*i).is_some_and(|(r, _)| r.action == Action::Allow));
            match found.last_mut() {
                Some(open) if open.last.checked_add(1) == Some(segment.first) && open.surely == surely && open.possibly == possibly => {
                    open.last = segment.last;
                    open.rules.extend(allows);
                }
                _ => found.push(Exposure {
                    direction,
                    protocols: number.map_or(Protocols::Other, Protocols::Number),
                    first: segment.first,
                    last: segment.last,
                    local: part.clone(),
                    surely,
                    possibly,
                    rules: allows.collect(),
                }),
            }
        }
        self.swept.push(Swept { number, segments });
        for exposure in &mut found {
            sort_unique(&mut exposure.rules);
        }
        found
    }

    /// The runs of ports between boundaries, each with the rules that match there; none where the budget does not last for all of
    /// them, which is known beforehand.
    pub(super) fn segments(&mut self, rules: &[u32], part: &Local, number: Option<u8>) -> Vec<Segment> {
        if self.exhausted() {
            return Vec::new();
        }
        let mut edges: Vec<u64> = Vec::new();
        for (index, position) in rules.iter().zip(0_u32..) {
            let Some((rule, _)) = self.rule(*index) else { continue };
            let fit = local::fit(&rule.local, part);
            if fit == Fit::No || !speaks_of(rule.protocol, number) {
                continue;
            }
            for (first, last) in selected(rule, number) {
                edges.push(Edge::new(u32::from(first), true, position, fit).packed());
                edges.push(Edge::new(u32::from(last).saturating_add(1), false, position, fit).packed());
            }
        }
        sort_numbers(&mut edges);
        let edges: Vec<Edge> = edges.into_iter().map(Edge::unpacked).collect();
        if !self.spend(steps(&edges)) {
            return Vec::new();
        }
        let mut active: Vec<(u32, Fit)> = Vec::new();
        let mut segments = Vec::new();
        let mut edges = edges.into_iter().peekable();
        while let Some(edge) = edges.next() {
            match (edge.opens(), active.binary_search_by_key(&edge.position(), |(position, _)| *position)) {
                (true, Err(at)) => active.insert(at, (edge.position(), edge.fit())),
                (false, Ok(at)) => {
                    active.remove(at);
                }
                _ => {}
            }
            let Some(next) = edges.peek() else { break };
            if next.port() == edge.port() || active.is_empty() {
                continue;
            }
            if let (Ok(first), Ok(last)) = (u16::try_from(edge.port()), u16::try_from(next.port().saturating_sub(1))) {
                let at = |position: u32| usize::try_from(position).ok().and_then(|at| rules.get(at)).copied();
                let rules = active.iter().filter_map(|(position, fit)| Some((at(*position)?, *fit))).collect();
                segments.push(Segment { first, last, rules });
            }
        }
        segments
    }

    /// Who gets in where `matching` rules match. Source ports are projected out: admitted is who gets in from some source
    /// port, so a deny counts only where denies cover all of them. `action` says what each rule does.
    pub(super) fn decide(&mut self, matching: &[(u32, Fit)], number: Option<u8>, action: impl Fn(u32, &Rule) -> Action) -> Admitted {
        let active = self.active(matching, action);
        if active.iter().all(|a| a.rule.source_ports.is_none()) {
            let admitted = fold(&active, &self.symbols, &self.grid, number);
            self.spend_looks(admitted.looked);
            return admitted;
        }
        let (mut surely, mut possibly, mut looked) = (Sources::nobody(), Sources::nobody(), 0_usize);
        for cut in source_cuts(active.iter().map(|a| a.rule)) {
            let here: Vec<Active<'_>> =
                active.iter().filter(|a| a.rule.source_ports.as_ref().is_none_or(|ports| ports.contains(cut))).copied().collect();
            let admitted = fold(&here, &self.symbols, &self.grid, number);
            looked = looked.saturating_add(admitted.looked);
            possibly = possibly.union(admitted.possibly.as_ref().unwrap_or(&admitted.surely));
            surely = surely.union(&admitted.surely);
        }
        self.spend_looks(looked);
        Admitted { possibly: Some(possibly).filter(|wider| *wider != surely), surely, looked }
    }

    /// Who gets in where `matching` rules match, all of them from the same source ports.
    pub(super) fn decide_from_one_port(
        &mut self,
        matching: &[(u32, Fit)],
        number: Option<u8>,
        action: impl Fn(u32, &Rule) -> Action,
    ) -> Admitted {
        let admitted = fold(&self.active(matching, action), &self.symbols, &self.grid, number);
        self.spend_looks(admitted.looked);
        admitted
    }

    fn active(&self, matching: &[(u32, Fit)], action: impl Fn(u32, &Rule) -> Action) -> Vec<Active<'_>> {
        let one = |(i, fit): &(u32, Fit)| self.rule(*i).map(|(rule, who)| Active { rule, action: action(*i, rule), who, fit: *fit });
        matching.iter().filter_map(one).collect()
    }
}

/// One source port of each run between which the rules don't change.
pub(super) fn source_cuts<'r>(rules: impl Iterator<Item = &'r Rule>) -> Vec<u16> {
    let mut cuts: Vec<u16> = vec![0];
    for ports in rules.filter_map(|rule| rule.source_ports.as_deref()) {
        cuts.extend(ports.runs().iter().flat_map(|(first, last)| [Some(*first), last.checked_add(1)]).flatten());
    }
    sort_unique(&mut cuts);
    cuts
}

/// Rules with their indices, in the order in which they decide.
pub(super) fn in_order_of(order: Order, mut chosen: Vec<(&Rule, u32)>) -> Vec<u32> {
    // Stable, so that rules of one rank keep the order of the text. A rule without a number comes last.
    let rank = |rule: &Rule| (rule.layer, rule.priority.unwrap_or(u32::MAX));
    match order {
        Order::Union => {}
        Order::FirstMatch => sort_by_key(&mut chosen, |(rule, _)| rank(rule)),
        Order::DenyFirst => sort_by_key(&mut chosen, |(rule, _)| (rank(rule), rule.action != Action::Deny)),
    }
    chosen.into_iter().map(|(_, i)| i).collect()
}

/// Exposures of single protocols (`own`) and of every other one (`base`) as one list: `base` stands for all protocols where
/// each of `named` admits at least as much.
pub(super) fn assemble(base: Option<Exposure>, mut own: Vec<Exposure>, named: &[u8]) -> Vec<Exposure> {
    let Some(mut base) = base else { return own };
    base.protocols = if holds_everywhere(&base, &own, named) { Protocols::All } else { Protocols::Other };
    if base.protocols == Protocols::All {
        own.retain(|exposure| !says_the_same(exposure, &base));
    }
    own.insert(0, base);
    own
}

/// Whether each protocol with exposures of its own admits, at every port, at least what all others admit.
fn holds_everywhere(base: &Exposure, own: &[Exposure], named: &[u8]) -> bool {
    named.iter().all(|number| {
        let (surely, possibly) = (base.surely.clone().within(Some(*number)), base.possibly.clone().within(Some(*number)));
        if possibly.is_empty() {
            return true;
        }
        let mut next = Some(0_u16);
        for exposure in own.iter().filter(|exposure| exposure.protocols == Protocols::Number(*number)) {
            if Some(exposure.first) != next
                || !surely.is_subset_within(&exposure.surely, Some(*number))
                || !possibly.is_subset_within(&exposure.possibly, Some(*number))
            {
                return false;
            }
            next = exposure.last.checked_add(1);
        }
        next.is_none()
    })
}

/// The protocols that rules name, ascending.
pub(super) fn protocols<'r>(rules: impl Iterator<Item = &'r Rule>) -> Vec<u8> {
    let mut numbers: Vec<u8> = rules
        .filter_map(|rule| match rule.protocol {
            Protocol::Any => None,
            Protocol::Number(number) => Some(number),
        })
        .collect();
    sort_unique(&mut numbers);
    numbers
}

pub(super) fn speaks_of(protocol: Protocol, number: Option<u8>) -> bool {
    match protocol {
        Protocol::Any => true,
        Protocol::Number(own) => Some(own) == number,
    }
}

/// The ports, or type and code pairs, that a rule selects in a protocol it speaks of.
pub(crate) fn selected(rule: &Rule, number: Option<u8>) -> Vec<(u16, u16)> {
    let whole = vec![(0, u16::MAX)];
    if rule.ports.is_empty() {
        return Vec::new();
    }
    if number.is_none() || rule.protocol == Protocol::Any {
        return whole;
    }
    match &rule.ports {
        Ports::All => whole,
        Ports::Range(first, last) => vec![(*first, *last)],
        Ports::Set(set) => set.runs().to_vec(),
        Ports::Icmp(kind, Some(code)) => vec![(u16::from_be_bytes([*kind, *code]), u16::from_be_bytes([*kind, *code]))],
        Ports::Icmp(kind, None) => vec![(u16::from_be_bytes([*kind, 0]), u16::from_be_bytes([*kind, u8::MAX]))],
        Ports::Nothing => Vec::new(),
    }
}

/// Whether `exposure` says no more than `base` does for its protocol.
fn says_the_same(exposure: &Exposure, base: &Exposure) -> bool {
    let Protocols::Number(number) = exposure.protocols else { return false };
    exposure.surely == base.surely.clone().within(Some(number)) && exposure.possibly == base.possibly.clone().within(Some(number))
}

/// What is said of a part of the protected end that no one reaches.
fn closed(direction: Direction, part: &Local) -> Exposure {
    Exposure {
        direction,
        protocols: Protocols::All,
        first: 0,
        last: u16::MAX,
        local: part.clone(),
        surely: Sources::nobody(),
        possibly: Sources::nobody(),
        rules: Vec::new(),
    }
}

fn same_as_elsewhere(here: &[Exposure], elsewhere: &[Exposure]) -> bool {
    let rest: Vec<&Exposure> = elsewhere.iter().filter(|exposure| exposure.local == Local::Any).collect();
    let moved = |exposure: &Exposure| Exposure { local: Local::Any, ..exposure.clone() };
    rest.len() == here.len() && rest.iter().zip(here).all(|(a, b)| a.admits_the_same(&moved(b)))
}
