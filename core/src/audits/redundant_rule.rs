//! Rules whose removal, alone, would change nothing.

use super::{Audit, Finding, Subject};
use crate::exposure::Effect;
use crate::model::{Origin, Rule};

pub(super) static AUDIT: Audit = Audit { id: "redundant-rule", document: include_str!("redundant_rule.md"), check };

fn check(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    // What the platform adds by itself can't be removed.
    let written = |rule: &Rule| rule.origin == Origin::Written && !rule.inherited;
    let rules: Vec<u32> = subject
        .policy
        .rules
        .iter()
        .zip(&subject.evaluation.effects)
        .zip(0_u32..)
        .filter(|((rule, effect), _)| **effect == Effect::Redundant && written(rule))
        .map(|(_, i)| i)
        .collect();
    let message = match rules.len() {
        0 => return,
        1 => "this rule changes nothing: what it admits is admitted without it".to_owned(),
        many => format!("{many} rules change nothing, each by itself: what one admits is admitted without it"),
    };
    findings.push(subject.note(&AUDIT, rules, message));
}
