//! The group that everything joins that names no other.

use super::{Audit, Finding, Subject};
use crate::model::PolicyKind;

pub(super) static AUDIT: Audit = Audit { id: "default-group", document: include_str!("default_group.md"), check };

fn check(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    let policy = subject.policy;
    if policy.kind == PolicyKind::AwsSecurityGroup && policy.name.as_deref() == Some("default") && !policy.rules.is_empty() {
        let rules = (0..u32::try_from(policy.rules.len()).unwrap_or(u32::MAX)).collect();
        let message = "the default group has rules, and whatever is launched without a group of its own gets them".to_owned();
        findings.push(Finding { frameworks: vec!["CIS-AWS-5.4", "FSBP-EC2.2"], ..subject.note(&AUDIT, rules, message) });
    }
}
