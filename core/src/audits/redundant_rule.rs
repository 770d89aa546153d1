//! Rules whose removal, alone, would change nothing.

use super::{Audit, Finding, Subject};
use crate::exposure::Effect;

pub(super) static AUDIT: Audit = Audit { id: "redundant-rule", document: include_str!("redundant_rule.md"), check };

fn check(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    let rules: Vec<u32> =
        subject.evaluation.effects.iter().zip(0_u32..).filter(|(effect, _)| **effect == Effect::Redundant).map(|(_, i)| i).collect();
    let message = match rules.len() {
        0 => return,
        1 => "this rule changes nothing: what it admits is admitted without it".to_owned(),
        many => format!("{many} rules change nothing, each by itself: what one admits is admitted without it"),
    };
    findings.push(subject.note(&AUDIT, rules, message));
}
