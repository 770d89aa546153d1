//! What each rule does: whether it admits or stops anything, and whether anything would change without it.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use super::Sources;
use super::fold::Who;
use super::overruled::{Overruled, overruled};
use super::points::Points;
use super::removable::removable;
use super::selection::Selection;
use super::sweep::{Run, Swept};
use crate::model::{Action, Local, Protocol, Rule};
use crate::sorting::{sort_by, sort_unique};
use crate::space::{CellRun, Cells, unusable};

/// What a rule does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Without it the policy would admit something else.
    InEffect,
    /// It matches packets, but removing it alone changes nothing. Of exact duplicates all but the first.
    Redundant,
    /// Every packet it matches was decided before.
    Shadowed,
    /// It can match no packet.
    Dead,
    /// It is switched off.
    Disabled,
}

impl Effect {
    /// The word in reports.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InEffect => "in-effect",
            Self::Redundant => "redundant",
            Self::Shadowed => "shadowed",
            Self::Dead => "dead",
            Self::Disabled => "disabled",
        }
    }

    /// Whether the rule admits or stops anything at all.
    pub const fn matches_packets(self) -> bool {
        matches!(self, Self::InEffect | Self::Redundant)
    }
}

/// What is told of the single rules of a policy.
#[derive(Debug, Default)]
pub(super) struct Told {
    pub(super) effects: Vec<Effect>,
    pub(super) copies: Vec<(u32, u32)>,
    pub(super) overruled: Vec<Overruled>,
    pub(super) removable: Vec<u32>,
}

/// What every rule of the policy does. `order` is all rules as they decide.
pub(super) fn effects(run: &mut Run<'_>, order: &[u32]) -> Told {
    let alone = |rule: &Rule, who: &Who| {
        if rule.disabled {
            Effect::Disabled
        } else if is_dead(rule, who) {
            Effect::Dead
        } else {
            Effect::InEffect
        }
    };
    let indices = 0..u32::try_from(run.policy.rules.len()).unwrap_or(u32::MAX);
    let effects: Vec<Effect> = indices.filter_map(|i| run.rule(i).map(|(rule, who)| alone(rule, who))).collect();
    let live: Vec<u32> = order.iter().copied().filter(|i| effect_of(&effects, *i) == Some(Effect::InEffect)).collect();
    let plain = live
        .iter()
        .filter_map(|i| run.rule(*i))
        .all(|(rule, _)| rule.action == Action::Allow && rule.local == Local::Any && rule.source_ports.is_none());
    let mut told = Told { effects, ..Told::default() };
    if plain {
        union(run, order, &live, &mut told)
    } else {
        ordered(run, order, &live, &mut told)
    }
    told
}

/// How much the questions about single rules may cost: each asks what the whole policy would do without the rule. Beyond it
/// a rule counts as in effect. A network security group with 200 rules stays below.
const WHAT_IF: u64 = 400_000;

/// Where nothing but allow rules count, they can be weighed against each other directly.
fn union(run: &mut Run<'_>, order: &[u32], live: &[u32], told: &mut Told) {
    let mut live = live.to_vec();
    sort_unique(&mut live);
    let spare = spare_in_union(run, &live);
    told.copies = copies(run, &live, &spare);
    spare.iter().for_each(|i| set(&mut told.effects, *i, Effect::Redundant));
    run.limit(WHAT_IF);
    let points = if spare.is_empty() { Points::default() } else { Points::new(run, &live, |i| spare.binary_search(&i).is_ok()) };
    // Without denies a rule that can't go by itself can't go with others.
    let order: Vec<u32> = order.iter().copied().filter(|i| effect_of(&told.effects, *i) != Some(Effect::InEffect)).collect();
    told.removable = removable(run, &points, &order, &told.effects);
}

/// Where rules decide over each other, every one is asked at the points at which it matches.
fn ordered(run: &mut Run<'_>, order: &[u32], live: &[u32], told: &mut Told) {
    run.limit(WHAT_IF);
    let points = Points::new(run, live, |_| true);
    let told_elsewhere = |run: &Run<'_>, i: u32| run.rule(i).is_some_and(|(rule, _)| rule.inherited);
    let (own, mut reached): (Vec<u32>, Vec<u32>) = (live.iter().copied().filter(|i| !told_elsewhere(run, *i)).collect(), Vec::new());
    for i in &own {
        if is_reached(run, &points, *i) {
            reached.push(*i);
        } else {
            set(&mut told.effects, *i, Effect::Shadowed);
        }
    }
    told.copies = copies(run, live, &own);
    // The first of several copies is judged as if the others were not there.
    let mut later: Vec<u32> = told.copies.iter().map(|(copy, _)| *copy).collect();
    sort_unique(&mut later);
    for i in reached {
        if later.binary_search(&i).is_ok() || points.same_without(run, i, &later) {
            set(&mut told.effects, i, Effect::Redundant);
        }
    }
    told.overruled = overruled(run, &points, live, &told.effects);
    told.removable = removable(run, &points, order, &told.effects);
}

fn effect_of(effects: &[Effect], index: u32) -> Option<Effect> {
    usize::try_from(index).ok().and_then(|at| effects.get(at)).copied()
}

fn set(effects: &mut [Effect], index: u32, effect: Effect) {
    if let Some(old) = usize::try_from(index).ok().and_then(|at| effects.get_mut(at)) {
        *old = effect;
    }
}

/// Whether some packet gets as far as a rule: what would pass if it allowed and every rule before it denied. For an allow
/// only denies count, since what an earlier allow admits it admits as well; it is redundant then, not shadowed.
fn is_reached(run: &mut Run<'_>, points: &Points, index: u32) -> bool {
    let Some((own, _)) = run.rule(index) else { return false };
    if run.exhausted() {
        return true;
    }
    let allows = own.action == Action::Allow;
    for point in points.at(index) {
        let upto = point.rules.iter().take_while(|(i, _)| *i != index);
        let counts = |i: u32| !allows || run.rule(i).is_some_and(|(rule, _)| rule.action != Action::Allow);
        let rules = upto.filter(|(i, _)| counts(*i)).chain(point.rules.iter().find(|(i, _)| *i == index)).copied().collect::<Vec<_>>();
        let what_if = |i: u32, rule: &Rule| match rule.action {
            _ if i == index => Action::Allow,
            Action::Allow | Action::Deny => Action::Deny,
            Action::Next => Action::Next,
        };
        if !run.spend_on(&rules) {
            return true;
        }
        let admitted = run.decide_from_one_port(&rules, point.number, what_if);
        let possibly = admitted.possibly.unwrap_or(admitted.surely);
        if !possibly.symbols.is_empty() || !possibly.addresses.is_subset(unusable()) {
            return true;
        }
    }
    // Without its points nothing is known of it.
    run.exhausted()
}

/// Whether no packet can match: no port, nothing to protect, no source that exists, or a family the protocol does not have.
fn is_dead(rule: &Rule, who: &Who) -> bool {
    if rule.ports.is_empty() || matches!(&rule.local, Local::Addresses(set) if set.is_empty()) {
        return true;
    }
    if who.anyone() || !who.symbols.is_empty() {
        return false;
    }
    let number = match rule.protocol {
        Protocol::Number(number) => Some(number),
        Protocol::Any => None,
    };
    let sources = Sources::new(who.addresses.clone(), Vec::new()).within(number);
    sources.addresses.is_subset(unusable())
}

/// Allow rules alone: a rule is spare where everyone it admits is admitted by another one too. Ascending.
fn spare_in_union(run: &mut Run<'_>, live: &[u32]) -> Vec<u32> {
    let swept = run.take_swept();
    let spare = covered_by_others(run, &swept, live);
    let mut copies: Vec<u32> = copies(run, &spare, &spare).into_iter().map(|(copy, _)| copy).collect();
    if copies.is_empty() {
        return spare;
    }
    sort_unique(&mut copies);
    // The first of several copies is judged as if the others were not there.
    let kept: Vec<u32> = live.iter().copied().filter(|i| copies.binary_search(i).is_err()).collect();
    let mut spare = covered_by_others(run, &swept, &kept);
    spare.extend(copies);
    sort_unique(&mut spare);
    spare
}

/// Of the rules in `among`, those without which everyone would still get in. `swept` is the sweep of the whole policy.
fn covered_by_others(run: &mut Run<'_>, swept: &[Swept], among: &[u32]) -> Vec<u32> {
    let mut needed: Vec<u32> = Vec::new();
    for Swept { number, segments } in swept {
        for segment in segments {
            // With the budget gone nothing is known to be spare.
            if run.exhausted() {
                return Vec::new();
            }
            let here: Vec<u32> = segment.rules.iter().map(|(i, _)| *i).filter(|i| among.binary_search(i).is_ok()).collect();
            if let [only] = here.as_slice() {
                needed.push(*only);
            } else if run.spend(here.len()) {
                needed_here(run, &here, *number, &mut needed);
            }
        }
    }
    sort_unique(&mut needed);
    if run.exhausted() { Vec::new() } else { among.iter().copied().filter(|i| needed.binary_search(i).is_err()).collect() }
}

/// Adds the rules without which someone would not get in at a point.
fn needed_here(run: &Run<'_>, matching: &[u32], number: Option<u8>, needed: &mut Vec<u32>) {
    let here: Vec<(u32, &Who, bool)> =
        matching.iter().filter_map(|i| run.rule(*i).map(|(rule, who)| (*i, who, rule.doubt.is_none()))).collect();
    let certain = || here.iter().filter(|(.., certain)| *certain).map(|(_, who, _)| *who);
    let cells = Cells::new(run.grid(), here.iter().flat_map(|(_, who, _)| &who.cells));
    // ICMP exists in IPv4 only and ICMPv6 in IPv6 only: the other family is no one.
    let (begin, end) = cells.family(number != Some(58), number != Some(1));
    let times = times_covered(&cells, certain().flat_map(|who| &who.cells));
    // How many cells before each one are admitted by a single rule at most, and by none.
    let (mut once, mut never) = (vec![0_u32], vec![0_u32]);
    let add = |to: &mut Vec<u32>, one: bool| to.push(to.last().copied().unwrap_or_default().saturating_add(u32::from(one)));
    for times in times {
        add(&mut once, times < 2);
        add(&mut never, times < 1);
    }
    let among = |counts: &[u32], (first, last): CellRun| {
        let before = |cell: u32| usize::try_from(cell.clamp(begin, end)).ok().and_then(|at| counts.get(at)).copied().unwrap_or_default();
        before(last).saturating_sub(before(first))
    };
    let everyone = among(&never, (begin, end)) == 0;
    let sorted = |mut names: Vec<u32>| {
        sort_by(&mut names, Ord::cmp);
        names
    };
    let symbols = sorted(certain().flat_map(|who| &who.symbols).copied().collect());
    let unknowns = sorted(certain().flat_map(|who| &who.unknowns).copied().collect());
    for (i, who, certain) in &here {
        let twice = who.cells.iter().all(|run| among(&once, cells.here(*run)) == 0);
        // What is known by name only is admitted elsewhere where another rule has the same name.
        let again = |name: &u32, names: &[u32]| {
            names.get(names.partition_point(|other| other < name)..).is_some_and(|rest| rest.get(1) == Some(name))
        };
        let named = who.symbols.iter().all(|name| again(name, &symbols)) && who.unknowns.iter().all(|name| again(name, &unknowns));
        // A rule in doubt adds possibilities; they add nothing only where everyone is in anyway.
        if !(twice && (everyone || named && *certain)) {
            needed.push(*i);
        }
    }
}

/// In how many of `runs` each cell lies.
fn times_covered<'r>(cells: &Cells<'_>, runs: impl Iterator<Item = &'r CellRun>) -> Vec<u32> {
    let length = usize::try_from(cells.len()).unwrap_or_default();
    let (mut begin, mut end) = (vec![0_u32; length.saturating_add(1)], vec![0_u32; length.saturating_add(1)]);
    let count = |slots: &mut [u32], at: u32| {
        if let Some(slot) = usize::try_from(at).ok().and_then(|at| slots.get_mut(at)) {
            *slot = slot.saturating_add(1);
        }
    };
    for (first, last) in runs.map(|run| cells.here(*run)) {
        count(&mut begin, first);
        count(&mut end, last);
    }
    let mut times = 0_u32;
    let both = begin.into_iter().zip(end).take(length);
    both.map(|(begin, end)| {
        times = times.saturating_add(begin).saturating_sub(end);
        times
    })
    .collect()
}

/// The rules among `asked` that do what an earlier one of `rules` does, each with the first that does; `rules` are in
/// deciding order.
fn copies(run: &mut Run<'_>, rules: &[u32], asked: &[u32]) -> Vec<(u32, u32)> {
    if asked.is_empty() || !run.spend(rules.len()) {
        return Vec::new();
    }
    let mut first: HashMap<(Action, u16, Selection<'_>), u32> = HashMap::with_capacity(rules.len());
    let mut found = Vec::new();
    let asked: HashSet<u32> = asked.iter().copied().collect();
    for i in rules {
        let Some((rule, who)) = run.rule(*i) else { continue };
        match first.entry((rule.action, rule.layer, Selection::of(rule, who))) {
            Entry::Occupied(first) => found.extend(asked.contains(i).then(|| (*i, *first.get()))),
            Entry::Vacant(own) => {
                own.insert(*i);
            }
        }
    }
    found
}
