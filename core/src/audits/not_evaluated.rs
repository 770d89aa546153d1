//! A policy that took more work than any real one does.

use super::{Audit, Finding, Subject};
use crate::catalog::Severity;
use crate::verdict::Verdict;

pub(super) static AUDIT: Audit = Audit { id: "not-evaluated", document: include_str!("not_evaluated.md"), check };

fn check(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    if subject.evaluation.exhausted {
        let message =
            "this group is too intricate to be evaluated exactly within the work that one group may cost, so it is unknown".to_owned();
        findings.push(Finding { severity: Severity::Medium, verdict: Verdict::Unknown, ..subject.note(&AUDIT, Vec::new(), message) });
    }
}
