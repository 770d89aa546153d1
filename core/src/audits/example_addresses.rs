//! Addresses that are set aside for examples.

use super::{Audit, Finding, Subject};
use crate::space::documentation;
use crate::verdict::addresses;

pub(super) static AUDIT: Audit = Audit { id: "example-addresses", document: include_str!("example_addresses.md"), check };

fn check(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    let example = |peer| {
        let set = addresses(peer);
        !set.is_empty() && set.is_subset(documentation())
    };
    let rules: Vec<u32> = subject.policy.rules.iter().zip(0_u32..).filter(|(rule, _)| example(&rule.peer)).map(|(_, i)| i).collect();
    if !rules.is_empty() {
        let message = "these are example addresses, set aside for documentation; they are judged as if they were public".to_owned();
        findings.push(subject.note(&AUDIT, rules, message));
    }
}
