//! Which earlier rules decide the packets of a rule before it can.

use super::effects::Effect;
use super::fold::Fit;
use super::points::Points;
use super::selection::Selection;
use super::sweep::Run;
use crate::model::{Action, Rule};
use crate::sorting::sort_by_key;
use crate::space::{AddressSet, unusable};

/// A rule some of whose packets are decided before it, against its intent or without need.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overruled {
    /// The rule.
    pub rule: u32,
    /// The rules that decide before it, in deciding order.
    pub by: Vec<u32>,
    /// One of them that matches exactly the same packets and does the opposite.
    pub opposite: Option<u32>,
    /// Whether no packet is left for it.
    pub wholly: bool,
    /// For a deny, the addresses whose packets earlier allow rules let pass.
    pub leaks: AddressSet,
}

/// The rules of `order` that are shadowed, and the denies that earlier allows weaken. An allow for some of those against whom
/// denies stand is an exception to them, as ordered rules are meant to be written, and weakens nothing.
pub(super) fn overruled(run: &mut Run<'_>, points: &Points, order: &[u32], effects: &[Effect]) -> Vec<Overruled> {
    let mut found = Vec::new();
    let all = 0..u32::try_from(run.policy.rules.len()).unwrap_or(u32::MAX);
    let selections: Vec<Selection<'_>> = all.filter_map(|i| run.rule(i)).map(|(rule, who)| Selection::of(rule, who)).collect();
    for index in order {
        let effect = usize::try_from(*index).ok().and_then(|at| effects.get(at)).copied();
        let Some((rule, _)) = run.rule(*index) else { continue };
        let shadowed = effect == Some(Effect::Shadowed);
        let weakened = rule.action == Action::Deny && effect.is_some_and(Effect::matches_packets);
        if rule.inherited || !shadowed && !weakened {
            continue;
        }
        let Some(told) = before(run, points, &selections, *index) else { continue };
        if run.exhausted() {
            break;
        }
        if shadowed || !told.leaks.is_empty() {
            let mut by = told.by;
            sort_by_key(&mut by, |i| order.iter().position(|other| other == i));
            found.push(Overruled { wholly: shadowed, by, ..told });
        }
    }
    found
}

/// Who decides the packets of a rule before it.
fn before(run: &mut Run<'_>, points: &Points, selections: &[Selection<'_>], index: u32) -> Option<Overruled> {
    let (mut by, mut leaks) = (Vec::new(), AddressSet::empty());
    let selection = |i: u32| usize::try_from(i).ok().and_then(|i| selections.get(i));
    let ((own, _), mine) = (run.rule(index)?, selection(index)?);
    for point in points.at(index) {
        if !run.spend_on(&point.rules) {
            return None;
        }
        // The deny together with those that stand beside it; one that contains it is there for other reasons.
        let beside = |i: u32, deny: &Selection<'_>| i == index || !mine.addresses.is_subset(&deny.addresses);
        let denies = point.rules.iter().filter(|(i, fit)| *fit == Fit::Yes && run.rule(*i).is_some_and(|(rule, _)| is_deny(rule)));
        let denied = denies
            .filter_map(|(i, _)| selection(*i).filter(|deny| beside(*i, deny)))
            .fold(AddressSet::empty(), |all, deny| all.union(&deny.addresses));
        let mut left = mine.addresses.clone();
        // What a layer left to the next one none of its later rules decides.
        let (mut layer, mut passed) = (None, AddressSet::empty());
        for (i, fit) in point.rules.iter().take_while(|(i, _)| *i != index) {
            let (Some((rule, _)), Some(theirs)) = (run.rule(*i), selection(*i)) else { continue };
            // What may not match decides nothing for certain, and what an earlier allow admits a later one would as well.
            let certain = *fit == Fit::Yes && rule.doubt.is_none();
            let passed_over = rule.action == Action::Next && rule.layer != own.layer;
            let agrees = own.action == Action::Allow && rule.action == Action::Allow;
            if layer != Some(rule.layer) {
                (layer, passed) = (Some(rule.layer), AddressSet::empty());
            }
            if certain && passed_over {
                passed = passed.union(&theirs.addresses);
            }
            if !certain || passed_over || agrees {
                continue;
            }
            let hit = left.intersection(&theirs.addresses).difference(&passed);
            if hit.is_subset(unusable()) && !theirs.shares_a_name(mine) {
                continue;
            }
            // Where these stand against everyone whom the allow names it is an exception to them, unless it is the same.
            let exception = theirs != mine && theirs.addresses.is_subset(&denied);
            if rule.action == Action::Allow && !exception {
                leaks = leaks.union(&hit.difference(unusable()));
            }
            if !by.contains(i) {
                by.push(*i);
            }
            left = left.difference(&hit);
        }
    }
    let contradicts = |i: &u32| run.rule(*i).is_some_and(|(rule, _)| rule.action != own.action) && selection(*i) == Some(mine);
    let opposite = by.iter().copied().find(contradicts);
    Some(Overruled { rule: index, by, opposite, wholly: false, leaks })
}

fn is_deny(rule: &Rule) -> bool {
    rule.action == Action::Deny && rule.doubt.is_none()
}
