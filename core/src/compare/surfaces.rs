//! What opens and closes at interfaces, through all of their layers: an ACL that is loosened before a closed group opens nothing, and
//! a group that is put on another interface opens something although no rule changed.

use std::collections::HashSet;

use serde::Serialize;

use super::difference::{Run, gained};
use super::matching::Match;
use super::names::Names;
use super::report::{Change, PolicyChange, change};
use super::side::Side;
use super::{Reviews, words};
use crate::model::topology::is_local;
use crate::report::{At, LineOf, at};
use crate::review::Review;
use crate::surface::{Surface, SurfaceStack};

/// An interface on one side.
#[derive(Clone, Debug, Serialize)]
pub struct SurfaceReference {
    /// Its index in the review of its side.
    pub surface: usize,
    /// Its identifier, or its address in a template.
    pub id: String,
    /// Where it stands; the document is one of its side.
    pub at: At,
    /// The verdict on all of it.
    pub verdict: &'static str,
}

/// What changes at an interface.
#[derive(Clone, Debug, Serialize)]
pub struct SurfaceChange {
    /// What it is called, after where it is there.
    pub label: String,
    /// `changed`, `new` or `gone`.
    pub status: &'static str,
    /// Why, in a sentence.
    pub message: String,
    /// Why the comparison may be incomplete; null where it is exact.
    pub not_compared: Option<String>,
    /// Before.
    pub before: Option<SurfaceReference>,
    /// After.
    pub after: Option<SurfaceReference>,
    /// What opens; `rules` are indices into `lines_after`.
    pub opens: Vec<Change>,
    /// What closes; `rules` are indices into `lines_before`.
    pub closes: Vec<Change>,
    /// The lines that admit what closes.
    pub lines_before: Vec<LineOf>,
    /// The lines that admit what opens.
    pub lines_after: Vec<LineOf>,
}

/// Interfaces that were pasted on both sides.
pub(super) struct AtInterfaces {
    /// How many were compared.
    pub(super) compared: usize,
    /// Those at which something changes.
    pub(super) changes: Vec<SurfaceChange>,
}

/// Compares the interfaces; none where one side has none, since nothing is known of its layers then.
pub(super) fn at_interfaces(reviews: &Reviews<'_>, matches: &[Match], told: &[PolicyChange]) -> AtInterfaces {
    let (old, new) = (reviews.before.surfaces(), reviews.after.surfaces());
    if old.is_empty() || new.is_empty() {
        return AtInterfaces { compared: 0, changes: Vec::new() };
    }
    let pairs = pairs(old, new);
    let changes = pairs.iter().filter_map(|pair| one(reviews, matches, told, *pair));
    AtInterfaces { compared: pairs.len(), changes: changes.collect() }
}

/// Whether all interfaces that a policy stands before were pasted with all of their layers, so that they tell what it opens.
pub(super) fn decide_for(review: &Review, policy: usize) -> bool {
    let index = u32::try_from(policy).ok();
    let of = |surface: &&Surface| surface.layers.iter().flat_map(|layer| &layer.policies).any(|own| Some(*own) == index);
    let mut own = review.surfaces().iter().filter(of).peekable();
    own.peek().is_some() && own.all(Surface::is_complete)
}

type Pair = (Option<usize>, Option<usize>);

/// Which interface is which: by identifier, else by a name that only one on each side has; what is gone comes last.
fn pairs(old: &[Surface], new: &[Surface]) -> Vec<Pair> {
    let mut taken: HashSet<usize> = HashSet::new();
    let mut found: Vec<Pair> = new.iter().enumerate().map(|(at, _)| (None, Some(at))).collect();
    let mut known: std::collections::HashMap<&str, Vec<usize>> = std::collections::HashMap::new();
    for (at, surface) in old.iter().enumerate().rev() {
        known.entry(&*surface.interface.id).or_default().push(at);
    }
    for (pair, surface) in found.iter_mut().zip(new) {
        pair.0 = known.get_mut(&*surface.interface.id).and_then(Vec::pop);
        taken.extend(pair.0);
    }
    let alone = |list: &[Surface], name: &str| {
        let mut with = list.iter().enumerate().filter(|(_, surface)| surface.interface.name.as_deref() == Some(name));
        with.next().filter(|_| with.next().is_none()).map(|(at, _)| at)
    };
    let left: Vec<&str> =
        old.iter().enumerate().filter(|(at, _)| !taken.contains(at)).filter_map(|(_, own)| own.interface.name.as_deref()).collect();
    for (pair, surface) in found.iter_mut().zip(new).filter(|(pair, _)| pair.0.is_none()) {
        let name = surface.interface.name.as_deref().filter(|name| left.contains(name));
        let other = name.filter(|name| alone(new, name).is_some()).and_then(|name| alone(old, name)).filter(|at| !taken.contains(at));
        pair.0 = other;
        taken.extend(other);
    }
    found.extend((0..old.len()).filter(|at| !taken.contains(at)).map(|at| (Some(at), None)));
    found
}

fn one(reviews: &Reviews<'_>, matches: &[Match], told: &[PolicyChange], (before, after): Pair) -> Option<SurfaceChange> {
    let (review_before, review_after) = (reviews.before, reviews.after);
    let old_stack = before.and_then(|at| review_before.stack_of(at));
    let new_stack = after.and_then(|at| review_after.stack_of(at));
    if let (Some(old), Some(new)) = (&old_stack, &new_stack)
        && old.stack.admits_alike(&new.stack)
    {
        return None;
    }
    let [old_words, new_words] = &reviews.referred;
    let mut names = Names::default();
    let mut old = old_stack.as_ref().map(|own| Side::at_interface(&own.stack, &mut names, old_words));
    let mut new = new_stack.as_ref().map(|own| Side::at_interface(&own.stack, &mut names, new_words));
    // Members that were pasted are compared by their addresses.
    let known = [&old, &new].map(|side| side.as_ref().map(Side::members_known).unwrap_or_default());
    let kept = known.iter().flat_map(|(_, open)| open.iter().copied()).collect();
    if let (Some(old), Some(new)) = (&mut old, &mut new) {
        old.spell_out_members(&kept);
        new.spell_out_members(&kept);
    }
    let approvals = new_stack.as_ref().map(|own| {
        let baseline = review_after.baseline();
        (baseline, baseline.named(|approval| own.called.iter().any(|policy| approval.names(policy))))
    });
    let mut gains = |from: &Option<Side<'_>>, to: &Option<Side<'_>>, approvals| {
        let Some(to) = to else { return Vec::new() };
        // They are spelled out where there are two sides.
        names.know(if from.is_some() { to.members_known().0 } else { Vec::new() });
        gained(from.as_ref(), to, None, &names, approvals)
    };
    let opens = gains(&old, &new, approvals);
    let closes = gains(&new, &old, None);
    let surfaces = (before.and_then(|at| review_before.surfaces().get(at)), after.and_then(|at| review_after.surfaces().get(at)));
    let exhausted = [&old, &new].into_iter().flatten().any(|side| side.evaluation.exhausted);
    let not_compared = not_compared(surfaces, exhausted);
    if opens.is_empty() && closes.is_empty() && !exhausted {
        return None;
    }
    let (opens, lines_after) = changes("open", &opens, new.as_ref(), new_stack.as_ref(), review_after);
    let (closes, lines_before) = changes("close", &closes, old.as_ref(), old_stack.as_ref(), review_before);
    let status = match surfaces {
        (None, _) => "new",
        (_, None) => "gone",
        _ => "changed",
    };
    Some(SurfaceChange {
        label: surfaces.1.or(surfaces.0)?.label(),
        status,
        message: match surfaces {
            (Some(old), Some(new)) => words::causes(&causes(reviews, matches, told, old, new)),
            (None, _) => "this interface is new: what gets through its layers opens".to_owned(),
            (_, None) => "this interface is gone: what got through its layers is closed".to_owned(),
        },
        not_compared,
        before: surfaces.0.zip(before).map(|(surface, at)| reference(review_before, at, surface)),
        after: surfaces.1.zip(after).map(|(surface, at)| reference(review_after, at, surface)),
        opens,
        closes,
        lines_before,
        lines_after,
    })
}

fn reference(review: &Review, surface: usize, own: &Surface) -> SurfaceReference {
    SurfaceReference { surface, id: own.interface.id.to_string(), at: at(review, own.at()), verdict: own.verdict.as_str() }
}

/// Why more or less may change than is told. What is assumed on one side only may be what makes the difference.
fn not_compared((old, new): (Option<&Surface>, Option<&Surface>), exhausted: bool) -> Option<String> {
    if exhausted {
        return Some("it is too intricate to evaluate exactly, so more may open or close than is told here".to_owned());
    }
    let (old, new) = (old?, new?);
    let only = |own: &Surface, other: &Surface, when: &str| {
        own.assumed.iter().find(|said| !other.assumed.contains(said)).map(|said| format!("{when}, {said}"))
    };
    only(old, new, "before").or_else(|| only(new, old, "after"))
}

fn changes(verb: &str, runs: &[Run], side: Option<&Side<'_>>, stack: Option<&SurfaceStack>, review: &Review) -> (Vec<Change>, Vec<LineOf>) {
    let (Some(side), Some(stack)) = (side, stack) else { return (Vec::new(), Vec::new()) };
    let mut lines: Vec<LineOf> = Vec::new();
    let told = runs.iter().map(|run| {
        let mut told = change(verb, run, side, review, verb == "close");
        let own = told.rules.iter().filter_map(|i| Some((stack.line(*i)?.rule?, side.rule(*i)?.at)));
        let indices = own.filter_map(|((policy, rule), place)| {
            let known = lines.iter().position(|line| (line.policy, line.rule) == (policy, rule));
            let index = known.unwrap_or_else(|| {
                lines.push(LineOf { policy, rule, at: at(review, place) });
                lines.len().saturating_sub(1)
            });
            u32::try_from(index).ok()
        });
        told.rules = indices.collect();
        told
    });
    (told.collect(), lines)
}

/// What is different about an interface, as clauses.
fn causes(reviews: &Reviews<'_>, matches: &[Match], told: &[PolicyChange], old: &Surface, new: &Surface) -> Vec<String> {
    let mut causes = Vec::new();
    let policies = |surface: &Surface| -> Vec<u32> { surface.layers.iter().flat_map(|layer| layer.policies.iter().copied()).collect() };
    let (were, are) = (policies(old), policies(new));
    let is = |side: Option<usize>, list: &[u32]| side.and_then(|at| u32::try_from(at).ok()).is_some_and(|at| list.contains(&at));
    for own in matches {
        let called = || match (own.after, own.before) {
            (Some(at), _) => reviews.after.policy(at).map(|policy| policy.called()),
            (None, at) => at.and_then(|at| reviews.before.policy(at)).map(|policy| policy.called()),
        };
        let Some(said) = (match (is(own.before, &were), is(own.after, &are)) {
            (false, true) => called().map(|policy| format!("{policy} stands before it now")),
            (true, false) => called().map(|policy| format!("{policy} no longer stands before it")),
            (true, true) => {
                let changed =
                    |change: &PolicyChange| change.after.as_ref().map(|after| after.policy) == own.after && change.status == "changed";
                if told.iter().any(changed) { called().map(|policy| format!("{policy} changed")) } else { None }
            }
            (false, false) => None,
        }) else {
            continue;
        };
        causes.push(said);
    }
    let gates = |own: &Surface, other: &Surface, when: &str| -> Vec<String> {
        own.gate.closed.iter().filter(|said| !other.gate.closed.contains(said)).map(|said| format!("{when} closed by {said}")).collect()
    };
    causes.extend(gates(old, new, "it is no longer"));
    causes.extend(gates(new, old, "it is now"));
    if old.within != new.within && !is_local(&new.interface.id) {
        causes.push("its addresses changed".to_owned());
    }
    causes
}
