//! Which rules can go together.

use super::effects::Effect;
use super::points::Points;
use super::sweep::Run;
use crate::model::{Origin, Rule};

/// A largest set of written rules without which everyone still gets in who did, and no one else: taken one at a time, the
/// last to decide first, each proved at every point at which it matches. No rule that stays could go as well. Ascending;
/// empty where the budget does not suffice for the proof.
///
/// `order` is the rules that come into question, as they decide, and `points` has every point at which one of them matches.
pub(super) fn removable(run: &mut Run<'_>, points: &Points, order: &[u32], effects: &[Effect]) -> Vec<u32> {
    let effect = |i: u32| usize::try_from(i).ok().and_then(|at| effects.get(at)).copied();
    // What the platform adds by itself can't be removed, and what a wider policy brings is told there.
    let written = |rule: &Rule| rule.origin == Origin::Written && !rule.inherited;
    let ours: Vec<u32> = order.iter().rev().copied().filter(|i| run.rule(*i).is_some_and(|(rule, _)| written(rule))).collect();
    let (mut gone, asked): (Vec<u32>, Vec<u32>) =
        ours.into_iter().partition(|i| matches!(effect(*i), Some(Effect::Dead | Effect::Disabled)));
    crate::sorting::sort_unique(&mut gone);
    // Where no rule can go by itself no two can.
    if asked.iter().all(|i| effect(*i) == Some(Effect::InEffect)) {
        return gone;
    }
    // A rule may be needed only for packets that an earlier one leaves to it, which goes later, so whoever stayed is asked
    // again until nothing changes.
    loop {
        let before = gone.len();
        for i in &asked {
            if let Err(at) = gone.binary_search(i)
                && points.same_without(run, *i, &gone)
            {
                gone.insert(at, *i);
            }
        }
        if run.exhausted() {
            return Vec::new();
        }
        if gone.len() == before {
            return gone;
        }
    }
}
