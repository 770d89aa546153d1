//! Rules that are switched off.

use super::{Audit, Finding, Subject};
use crate::exposure::Effect;

pub(super) static AUDIT: Audit = Audit { id: "disabled-rule", document: include_str!("disabled_rule.md"), check };

fn check(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    let effects = subject.evaluation.effects.iter().zip(0_u32..);
    let rules: Vec<u32> = effects.filter(|(effect, i)| **effect == Effect::Disabled && subject.is_written(*i)).map(|(_, i)| i).collect();
    let message = match rules.len() {
        0 => return,
        1 => "this rule is switched off and does nothing".to_owned(),
        many => format!("{many} rules are switched off and do nothing"),
    };
    findings.push(subject.note(&AUDIT, rules, message));
}
