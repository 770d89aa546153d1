//! Rules that repeat an earlier one.

use super::words::listed;
use super::{Audit, Finding, Subject};

pub(super) static AUDIT: Audit = Audit { id: "duplicate-rule", document: include_str!("duplicate_rule.md"), check };

fn check(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    let written: Vec<(u32, u32)> = subject.evaluation.copies.iter().copied().filter(|(copy, _)| subject.is_written(*copy)).collect();
    let mut firsts: Vec<u32> = Vec::new();
    for (_, first) in &written {
        if !firsts.contains(first) {
            firsts.push(*first);
        }
    }
    for first in firsts {
        let copies: Vec<u32> = written.iter().filter(|(_, other)| *other == first).map(|(copy, _)| *copy).collect();
        let original = listed(subject.policy, &[first]);
        let message = match copies.len() {
            1 => format!("this rule repeats {original}: it matches exactly the same packets and does the same with them"),
            many => format!("{many} rules repeat {original}: they match exactly the same packets and do the same with them"),
        };
        findings.push(Finding { related: vec![first], ..subject.note(&AUDIT, copies, message) });
    }
}
