//! Rules that can go together.

use super::words::listed;
use super::{Audit, Finding, Subject};

pub(super) static AUDIT: Audit = Audit { id: "removable-rules", document: include_str!("removable_rules.md"), check };

fn check(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    let rules = subject.evaluation.removable.clone();
    // What there is to say of a single one says the finding about it.
    if rules.len() > 1 {
        let message = format!("{} rules can go without changing what is open: {}", rules.len(), listed(subject.policy, &rules));
        findings.push(subject.note(&AUDIT, rules, message));
    }
}
