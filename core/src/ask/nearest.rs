//! What would let a denied packet through: the line that comes nearest, and what about it does not fit.

use super::Point;
use super::way::{Side, Step, Way, service};
use crate::exposure::{Mismatch, Outcome};
use crate::model::{Action, Policy, Ports, Rule};
use crate::review::Review;

/// The nearest line of the first layer that denies, in one sentence.
pub(super) fn suggestion(review: &Review, way: &Way, question: &Point) -> Option<String> {
    let step = way.steps.iter().find(|step| step.outcome == Outcome::Denied)?;
    if step.kind.is_none() {
        return Some(format!("no rule would help: what stops it is {}", step.said));
    }
    let other = match step.side {
        Side::Entering => format!("from {}", way.source),
        Side::Leaving => format!("to {}", way.destination),
    };
    let service = service(question);
    if let Some((policy, rule)) = step.decided_by {
        let at = review.policy(index(policy)?)?.rules.get(index(rule)?)?.priority;
        let at = at.map(|number| format!("rule {number}")).unwrap_or_else(|| "a rule".to_owned());
        return Some(format!("{at} of {} denies it; an allow for {service} {other} would have to come before it", step.said));
    }
    let nearest = nearest(review, step, question);
    let none = format!("no line of {} admits {service} {other}", step.said);
    Some(match nearest {
        Some((policy, rule, why)) => {
            let called = rule
                .id
                .as_deref()
                .or(rule.name.as_deref())
                .or(rule.address.as_deref())
                .map(|name| format!(" ({name})"))
                .unwrap_or_default();
            let off = if why == Mismatch::Disabled { ", and it is switched off" } else { "" };
            let what = format!("it admits {} {} {}{off}", words(&rule), if step.side == Side::Entering { "from" } else { "to" }, rule.peer);
            let at = rule.priority.map(|number| format!("rule {number}")).unwrap_or_else(|| "a line".to_owned());
            format!("{none}; nearest is {at} of {}{called}: {what}", policy.label())
        }
        None => none,
    })
}

/// Of the lines that did not match the one that needs the smallest change: the sources before the ports before the protocol.
fn nearest(review: &Review, step: &Step, question: &Point) -> Option<(Policy, Rule, Mismatch)> {
    let rank = |why: Mismatch| match why {
        Mismatch::Disabled => 0,
        Mismatch::Peer => 1,
        Mismatch::Ports => 2,
        Mismatch::Protocol => 3,
        Mismatch::Local | Mismatch::PassedOn => 4,
    };
    let mut best: Option<((u8, u32), Policy, Rule, Mismatch)> = None;
    for passed in &step.passed {
        let Some(policy) = index(passed.policy).and_then(|at| review.policy(at)) else { continue };
        let Some(rule) = index(passed.rule).and_then(|at| policy.rules.get(at)).filter(|rule| rule.action == Action::Allow) else {
            continue;
        };
        // Of lines about other ports the one that comes nearest by number.
        let away = match &rule.ports {
            Ports::Range(first, last) => u32::from(question.port.abs_diff(*first).min(question.port.abs_diff(*last))),
            _ => 0,
        };
        let key = (rank(passed.why), away);
        if best.as_ref().is_none_or(|(before, ..)| key < *before) {
            let rule = rule.clone();
            best = Some((key, policy.into_owned(), rule, passed.why));
        }
    }
    best.map(|(_, policy, rule, why)| (policy, rule, why))
}

/// What a rule is about.
fn words(rule: &Rule) -> String {
    match &rule.ports {
        Ports::Range(first, last) if first == last => format!("{first}/{}", rule.protocol),
        Ports::Range(first, last) => format!("{first}-{last}/{}", rule.protocol),
        _ => format!("{} traffic", rule.protocol),
    }
}

fn index(at: u32) -> Option<usize> {
    usize::try_from(at).ok()
}
