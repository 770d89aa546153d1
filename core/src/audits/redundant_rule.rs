//! Rules whose removal, alone, would change nothing.

use super::{Audit, Finding, Subject};
use crate::exposure::Effect;

pub(super) static AUDIT: Audit = Audit { id: "redundant-rule", document: include_str!("redundant_rule.md"), check };

fn check(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    let effects = subject.evaluation.effects.iter().zip(0_u32..);
    // A repetition is told as one.
    let copy = |i: u32| subject.evaluation.copies.iter().any(|(copy, _)| *copy == i);
    let rules: Vec<u32> =
        effects.filter(|(effect, i)| **effect == Effect::Redundant && subject.is_written(*i) && !copy(*i)).map(|(_, i)| i).collect();
    let message = match rules.len() {
        0 => return,
        1 => "this rule changes nothing: without it the same packets pass".to_owned(),
        many => format!("{many} rules change nothing, each by itself: without one of them the same packets pass"),
    };
    findings.push(subject.note(&AUDIT, rules, message));
}
