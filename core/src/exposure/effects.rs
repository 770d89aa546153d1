//! What each rule does: whether it admits or stops anything, and whether anything would change without it.

use super::fold::Who;
use super::sweep::{Run, Swept, protocols};
use super::{Exposure, Sources, local};
use crate::model::{Action, Local, Protocol, Rule};
use crate::sorting::{sort_by, sort_unique};
use crate::space::{AddressSet, Bound, IntervalSet, unusable};

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

/// The effect of every rule of the policy. `order` is all rules as they decide, `exposures` what they admit together.
pub(super) fn effects(run: &mut Run<'_>, order: &[u32], exposures: &[Exposure]) -> Vec<Effect> {
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
    let mut effects: Vec<Effect> = indices.filter_map(|i| run.rule(i).map(|(rule, who)| alone(rule, who))).collect();
    let live: Vec<u32> = effects.iter().zip(0_u32..).filter(|(effect, _)| **effect == Effect::InEffect).map(|(_, i)| i).collect();
    let plain = live
        .iter()
        .filter_map(|i| run.rule(*i))
        .all(|(rule, _)| rule.action == Action::Allow && rule.local == Local::Any && rule.source_ports.is_none());
    let told_elsewhere = |run: &Run<'_>, i: u32| run.rule(i).is_some_and(|(rule, _)| rule.inherited);
    if !plain {
        run.limit(WHAT_IF);
        for i in order.iter().filter(|i| live.binary_search(i).is_ok()) {
            if !told_elsewhere(run, *i)
                && !is_reached(run, order, *i)
                && let Some(effect) = usize::try_from(*i).ok().and_then(|at| effects.get_mut(at))
            {
                *effect = Effect::Shadowed;
            }
        }
    }
    let in_effect = |i: &u32| effect_of(&effects, *i) == Some(Effect::InEffect) && (plain || !told_elsewhere(run, *i));
    let live: Vec<u32> = live.into_iter().filter(in_effect).collect();
    let spare = if plain { spare_in_union(run, &live) } else { spare_by_removal(run, order, &live, exposures) };
    for i in spare {
        if let Some(effect) = usize::try_from(i).ok().and_then(|at| effects.get_mut(at)) {
            *effect = Effect::Redundant;
        }
    }
    effects
}

/// How much the questions about single rules of an ordered policy may cost: each asks what the whole policy would do
/// without the rule. Beyond it a rule counts as in effect. A network security group with 200 rules stays below.
const WHAT_IF: u64 = 400_000;

fn effect_of(effects: &[Effect], index: u32) -> Option<Effect> {
    usize::try_from(index).ok().and_then(|at| effects.get(at)).copied()
}

/// Whether some packet gets as far as a rule: what would pass if it allowed and every rule before it denied. For an allow
/// only denies count, since what an earlier allow admits it admits as well; it is redundant then, not shadowed.
fn is_reached(run: &mut Run<'_>, order: &[u32], index: u32) -> bool {
    let Some((own, _)) = run.rule(index) else { return false };
    if run.exhausted() {
        return true;
    }
    let (direction, allows) = (own.direction, own.action == Action::Allow);
    let upto = order.iter().take_while(|i| **i != index).chain([&index]);
    let rules: Vec<u32> = upto
        .copied()
        .filter(|i| {
            run.rule(*i).is_some_and(|(rule, _)| {
                rule.direction == direction && !rule.disabled && (*i == index || !allows || rule.action != Action::Allow)
            })
        })
        .collect();
    let named = |run: &Run<'_>| protocols(rules.iter().filter_map(|i| run.rule(*i)).map(|(rule, _)| rule));
    let numbers = named(run).into_iter().map(Some).chain([None]).collect::<Vec<_>>();
    let parts = local::parts(rules.iter().filter_map(|i| run.rule(*i)).map(|(rule, _)| rule));
    for part in &parts {
        for number in &numbers {
            for segment in run.segments(&rules, part, *number) {
                if !segment.rules.iter().any(|(i, _)| *i == index) {
                    continue;
                }
                let what_if = |i: u32, rule: &Rule| match rule.action {
                    _ if i == index => Action::Allow,
                    Action::Allow | Action::Deny => Action::Deny,
                    Action::Next => Action::Next,
                };
                let admitted = run.decide(&segment.rules, *number, what_if);
                let possibly = admitted.possibly.unwrap_or(admitted.surely);
                if !possibly.symbols.is_empty() || !possibly.addresses.is_subset(unusable()) {
                    return true;
                }
                if !run.spend(segment.rules.len()) {
                    return true;
                }
            }
        }
    }
    false
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
    let sources = Sources::new(who.addresses(), Vec::new()).within(number);
    sources.addresses.is_subset(unusable())
}

/// Allow rules alone: a rule is spare where everyone it admits is admitted by another one too.
fn spare_in_union(run: &mut Run<'_>, live: &[u32]) -> Vec<u32> {
    let swept = run.take_swept();
    let spare = covered_by_others(run, &swept, live);
    if !run.spend(spare.len().saturating_mul(spare.len())) {
        return Vec::new();
    }
    let copies = copies(run, &spare);
    if copies.is_empty() {
        return spare;
    }
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
            let here: Vec<u32> = segment.rules.iter().map(|(i, _)| *i).filter(|i| among.binary_search(i).is_ok()).collect();
            if let [only] = here.as_slice() {
                needed.push(*only);
            } else if run.spend(here.len()) {
                needed_here(run, &here, *number, &mut needed);
            }
        }
    }
    sort_unique(&mut needed);
    // With the budget gone nothing is known to be spare.
    if run.exhausted() { Vec::new() } else { among.iter().copied().filter(|i| needed.binary_search(i).is_err()).collect() }
}

/// Adds the rules without which someone would not get in at a point.
fn needed_here(run: &Run<'_>, matching: &[u32], number: Option<u8>, needed: &mut Vec<u32>) {
    let here: Vec<(u32, &Who, bool, AddressSet)> =
        matching.iter().filter_map(|i| run.rule(*i).map(|(rule, who)| (*i, who, rule.doubt.is_none(), who.addresses()))).collect();
    let (mut v4, mut v6, mut symbols, mut unknowns) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for (_, who, _, addresses) in here.iter().filter(|(.., certain, _)| *certain) {
        v4.extend_from_slice(addresses.v4.runs());
        v6.extend_from_slice(addresses.v6.runs());
        symbols.extend_from_slice(&who.symbols);
        unknowns.extend_from_slice(&who.unknowns);
    }
    let twice = AddressSet { v4: covered_twice(&v4), v6: covered_twice(&v6) };
    // ICMP is IPv4's and ICMPv6 is IPv6's: the other family is no one.
    let everyone =
        (number == Some(58) || IntervalSet::from_runs(v4).is_full()) && (number == Some(1) || IntervalSet::from_runs(v6).is_full());
    for (i, who, certain, addresses) in here {
        let own = Sources::new(addresses, Vec::new()).within(number).addresses;
        // What is known by name only is admitted elsewhere where another rule has the same name.
        let again = |name: &u32, names: &[u32]| names.iter().filter(|other| *other == name).count() > 1;
        let named = who.symbols.iter().all(|name| again(name, &symbols)) && who.unknowns.iter().all(|name| again(name, &unknowns));
        // A rule in doubt adds possibilities; they add nothing only where everyone is in anyway.
        if !(own.is_subset(&twice) && (everyone || named && certain)) {
            needed.push(i);
        }
    }
}

/// The values that lie in at least two of the runs.
fn covered_twice<T: Bound>(runs: &[(T, T)]) -> IntervalSet<T> {
    let mut sorted = runs.to_vec();
    sort_by(&mut sorted, Ord::cmp);
    let mut twice = Vec::new();
    let mut reached: Option<T> = None;
    for (first, last) in sorted {
        match reached {
            Some(end) if first <= end => {
                twice.push((first, last.min(end)));
                reached = Some(end.max(last));
            }
            _ => reached = Some(last),
        }
    }
    IntervalSet::from_runs(twice)
}

/// Rules that interact: each is removed in turn, and what is admitted compared.
fn spare_by_removal(run: &mut Run<'_>, order: &[u32], live: &[u32], exposures: &[Exposure]) -> Vec<u32> {
    if run.exhausted() {
        return Vec::new();
    }
    let mut spare = copies(run, live);
    // The first of several copies is judged as if the others were not there.
    let kept: Vec<u32> = order.iter().copied().filter(|i| spare.binary_search(i).is_err()).collect();
    for removed in live.iter().filter(|i| kept.contains(i)) {
        let rest: Vec<u32> = kept.iter().copied().filter(|i| i != removed).collect();
        let without = run.both_ways(&rest);
        if run.exhausted() {
            break;
        }
        if same(&without, exposures) {
            spare.push(*removed);
        }
    }
    sort_unique(&mut spare);
    spare
}

/// Of rules that do the same, all but the first, ascending.
fn copies(run: &Run<'_>, candidates: &[u32]) -> Vec<u32> {
    let rules: Vec<(u32, &Rule)> = candidates.iter().filter_map(|i| Some((*i, run.rule(*i)?.0))).collect();
    rules
        .iter()
        .filter(|(i, rule)| rules.iter().take_while(|(j, _)| j < i).any(|(_, earlier)| earlier.same_effect(rule)))
        .map(|(i, _)| *i)
        .collect()
}

fn same(left: &[Exposure], right: &[Exposure]) -> bool {
    left.len() == right.len() && left.iter().zip(right).all(|(a, b)| a.admits_the_same(b))
}
