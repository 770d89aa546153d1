//! Rules that never decide, since others decide before them.

use super::words::listed;
use super::{Audit, Finding, Subject};
use crate::model::Action;

pub(super) static AUDIT: Audit = Audit { id: "shadowed-rule", document: include_str!("shadowed_rule.md"), check };

fn check(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    for told in subject.evaluation.overruled.iter().filter(|told| told.wholly && subject.is_written(told.rule)) {
        let copy = subject.evaluation.copies.iter().any(|(copy, _)| *copy == told.rule);
        // A repetition, and a deny that lets packets through, are told as what they are.
        if copy || !told.leaks.is_empty() {
            continue;
        }
        let by = listed(subject.policy, &told.by);
        let verb = if told.by.len() == 1 { "s" } else { "" };
        let message = match (told.opposite, subject.rule(told.rule).map(|rule| rule.action)) {
            (Some(opposite), _) => {
                let opposite = listed(subject.policy, &[opposite]);
                format!("this rule contradicts {opposite}, which matches exactly the same packets and decides before it")
            }
            (None, Some(Action::Allow)) => format!("this allow rule admits nobody: {by} stop{verb} all of its packets before it"),
            (None, _) => format!("this rule never decides: {by} decide{verb} on all of its packets before it"),
        };
        findings.push(Finding { related: told.by.clone(), ..subject.note(&AUDIT, vec![told.rule], message) });
    }
}
