//! Before and after: what a change opens and what it closes, exactly.
//!
//! Two reviews are compared by what their policies admit and never by their text, so that a policy in other words is equal.
//! Policies are matched by kind and id, else address, else name. What only one side has opens or closes all that it admits.
//! Where both sides have interfaces, what gets through all of their layers is compared, too.

mod difference;
mod matching;
mod names;
mod report;
mod side;
mod surfaces;
mod words;

use std::borrow::Cow;

use crate::model::{Direction, Origin, Peer, Policy, PolicyKind, Rule};
use crate::review::Review;

use difference::{Approvals, Run, gained};
use matching::{By, Match, Referred, identities, matched, referred};
use names::Names;
use side::Side;

pub use report::{Change, Comparison, Counts, PolicyChange, PolicyReference};
pub use surfaces::{SurfaceChange, SurfaceReference};

/// The identifier of the output's shape.
pub const SCHEMA_ID: &str = "portcullis.compare/1";

/// The JSON Schema of the output.
pub const SCHEMA: &str = include_str!("../../data/compare.schema.json");

/// How many pairs of left-over policies are asked whether one is the other under a new name.
const RENAMES_TRIED: usize = 4_096;

/// Compares two reviews; what the baseline of `after` approves of what opens is told as that. The places of what opens are in the documents of `after`, of what closes in those of `before`.
pub fn compare(before: &Review, after: &Review) -> Comparison {
    let (old, new) = (identities(before), identities(after));
    let mut matches = matched(&old, &new);
    let mut reviews = Reviews { before, after, referred: Default::default() };
    reviews.refer(&old, &new, &matches);
    let candidates: Vec<(usize, usize)> = renames(&old, &new, &matches);
    let mut same: Vec<(usize, usize)> = Vec::new();
    for (gone, new) in candidates {
        let pair = Match { before: Some(gone), after: Some(new), by: Some(By::Exposures) };
        let told = reviews.differences(&pair, |both, found| !found.exhausted && found.is_empty() && admits_someone(both));
        if told == Some(true) {
            same.push((gone, new));
        }
    }
    // Of several that admit the same any is as good as another, where both sides have as many.
    let paired = |(gone, new): &&(usize, usize)| {
        let news: Vec<usize> = same.iter().filter(|(own, _)| own == gone).map(|(_, new)| *new).collect();
        let gones: Vec<usize> = same.iter().filter(|(_, own)| own == new).map(|(gone, _)| *gone).collect();
        news.len() == gones.len() && news.iter().position(|own| own == new) == gones.iter().position(|own| own == gone)
    };
    for (gone, new) in same.iter().filter(paired) {
        matches.retain(|own| own.before != Some(*gone));
        if let Some(own) = matches.iter_mut().find(|own| own.after == Some(*new)) {
            (own.before, own.by) = (Some(*gone), Some(By::Exposures));
        }
    }
    reviews.refer(&old, &new, &matches);
    let told = matches.iter().filter_map(|pair| reviews.differences(pair, |both, found| report::policy(&reviews, pair, both, &found))?);
    let mut told: Vec<PolicyChange> = told.collect();
    let interfaces = surfaces::at_interfaces(&reviews, &matches, &told);
    if interfaces.compared > 0 {
        for policy in &mut told {
            policy.at_interfaces = policy.after.as_ref().is_some_and(|own| surfaces::decide_for(after, own.policy));
            if policy.at_interfaces && !policy.opens.is_empty() {
                policy.message.push_str("; all of its interfaces are here, and what opens there is told with them");
            }
        }
    }
    Comparison::of(before, after, matches.len(), told, interfaces)
}

/// The two reviews, and what symbols in them refer to.
struct Reviews<'r> {
    before: &'r Review,
    after: &'r Review,
    referred: [Referred; 2],
}

/// A policy on both sides, as far as it is there.
struct Both<'b, 'p> {
    before: Option<&'b Side<'p>>,
    after: Option<&'b Side<'p>>,
}

/// What a pair of policies gains and loses.
struct Differences {
    opens: Vec<Run>,
    closes: Vec<Run>,
    /// One of the two was too intricate to evaluate, so there may be more.
    exhausted: bool,
}

impl Differences {
    const fn is_empty(&self) -> bool {
        self.opens.is_empty() && self.closes.is_empty()
    }
}

impl Reviews<'_> {
    fn refer(&mut self, old: &[Option<matching::Identity>], new: &[Option<matching::Identity>], matches: &[Match]) {
        self.referred = [referred(old, matches, |own| own.before), referred(new, matches, |own| own.after)];
    }

    fn approvals(&self, policy: &Policy) -> Approvals<'_> {
        (self.after.baseline(), self.after.baseline().of(policy))
    }

    fn differences<R>(&self, pair: &Match, look: impl FnOnce(&Both<'_, '_>, Differences) -> R) -> Option<R> {
        let [old_words, new_words] = &self.referred;
        let mut old = pair.before.and_then(|index| self.before.policy(index));
        let mut new = pair.after.and_then(|index| self.after.policy(index));
        // Most of a large listing stays as it is.
        if let (Some(old), Some(new), Some(By::Id)) = (&old, &new, pair.by)
            && unchanged(old, new)
        {
            return None;
        }
        if let (Some(old), Some(new)) = (&mut old, &mut new) {
            share_families(old, new);
        }
        // What is told of a wider policy is told there; here it counts on both sides.
        let (old, old_wider) = old.map(apart).unzip();
        let (new, new_wider) = new.map(apart).unzip();
        let mut names = Names::default();
        let before = old.as_deref().map(|policy| Side::new(policy, &mut names, old_words));
        let after = new.as_deref().map(|policy| Side::new(policy, &mut names, new_words));
        let wide_before = old_wider.as_ref().and_then(Option::as_ref).map(|policy| Side::new(policy, &mut names, old_words));
        let wide_after = new_wider.as_ref().and_then(Option::as_ref).map(|policy| Side::new(policy, &mut names, new_words));
        let ways = [
            (before.as_ref(), after.as_ref(), &wide_before, &wide_after, after.as_ref().map(|side| self.approvals(side.policy))),
            (after.as_ref(), before.as_ref(), &wide_after, &wide_before, None),
        ];
        let [opens, closes] = ways.map(|(from, to, wide_from, wide_to, approvals)| match (from, to) {
            (_, None) => Vec::new(),
            (Some(from), Some(to)) => gained(Some(from), to, wide_from.as_ref().zip(wide_to.as_ref()), &names, approvals),
            // What a target adds to its network, which was there and stays.
            (None, Some(to)) => gained(wide_to.as_ref(), to, None, &names, approvals),
        });
        let sides = [before.as_ref(), after.as_ref()];
        let exhausted = sides.into_iter().flatten().any(|side| side.evaluation.exhausted);
        Some(look(&Both { before: before.as_ref(), after: after.as_ref() }, Differences { opens, closes, exhausted }))
    }
}

/// A policy with its inherited rules as its own, and the wider policy that they are, where there is one.
fn apart(policy: Cow<'_, Policy>) -> (Cow<'_, Policy>, Option<Policy>) {
    if !policy.rules.iter().any(|rule| rule.inherited) {
        return (policy, None);
    }
    let mut whole = policy.into_owned();
    let mut wider = whole.clone();
    wider.rules.retain(|rule| rule.inherited);
    whole.rules.iter_mut().chain(&mut wider.rules).for_each(|rule| rule.inherited = false);
    (Cow::Owned(whole), Some(wider))
}

/// What Google implies for a network it implies for each family that the network has. Its rules tell which those are, so what one
/// side tells holds for the other, too: the network is the same.
fn share_families<'p>(old: &mut Cow<'p, Policy>, new: &mut Cow<'p, Policy>) {
    let both = [&*old, &*new].map(|policy| policy.rules.iter().any(|rule| is_implied_way_out(policy.kind, rule) && rule.peer == Peer::Any));
    for (policy, missing) in [(old, both == [false, true]), (new, both == [true, false])] {
        if missing {
            let kind = policy.kind;
            let implied = policy.to_mut().rules.iter_mut().filter(|rule| is_implied_way_out(kind, rule));
            implied.for_each(|rule| rule.peer = Peer::Any);
        }
    }
}

fn is_implied_way_out(kind: PolicyKind, rule: &Rule) -> bool {
    (kind, rule.origin, rule.direction) == (PolicyKind::GcpFirewall, Origin::Implied, Direction::Egress)
}

/// Whether both have the same rules in the same order.
fn unchanged(old: &Policy, new: &Policy) -> bool {
    let same = |(a, b): (&Rule, &Rule)| a.same_effect(b) && a.priority == b.priority && a.inherited == b.inherited && a.origin == b.origin;
    old.rules.len() == new.rules.len() && old.rules.iter().zip(&new.rules).all(same)
}

/// Pairs of policies without a match that may be one under two names.
fn renames(old: &[Option<matching::Identity>], new: &[Option<matching::Identity>], matches: &[Match]) -> Vec<(usize, usize)> {
    let gone: Vec<usize> = matches.iter().filter(|own| own.after.is_none()).filter_map(|own| own.before).collect();
    let added: Vec<usize> = matches.iter().filter(|own| own.before.is_none()).filter_map(|own| own.after).collect();
    if gone.len().saturating_mul(added.len()) > RENAMES_TRIED {
        return Vec::new();
    }
    let kind = |list: &[Option<matching::Identity>], index: usize| list.get(index).and_then(Option::as_ref).map(|own| own.kind);
    let pairs = gone.iter().flat_map(|gone| added.iter().map(|added| (*gone, *added)));
    pairs.filter(|(gone, added)| kind(old, *gone) == kind(new, *added)).collect()
}

fn admits_someone(both: &Both<'_, '_>) -> bool {
    [both.before, both.after].into_iter().flatten().all(|side| !side.evaluation.exposures.is_empty())
}
