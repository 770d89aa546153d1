//! Denies that come after a rule which admits their packets.

use super::words::listed;
use super::{Audit, Finding, Subject};
use crate::catalog::Severity;
use crate::exposure::Sources;
use crate::model::{Action, Direction};
use crate::verdict::{Verdict, leak};

pub(super) static AUDIT: Audit = Audit { id: "weakened-deny", document: include_str!("weakened_deny.md"), check };

fn check(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    for told in subject.evaluation.overruled.iter().filter(|told| !told.leaks.is_empty()) {
        let Some(rule) = subject.rule(told.rule) else { continue };
        let admit = |i: &u32| subject.rule(*i).is_some_and(|rule| rule.action == Action::Allow);
        let by: Vec<u32> = told.by.iter().copied().filter(admit).collect();
        let who = subject.judge.width(&Sources::new(told.leaks.clone(), Vec::new())).describe();
        let what = if told.wholly { "stops nothing" } else { "stops less than it says" };
        let way = if rule.direction == Direction::Ingress { "from" } else { "to" };
        let verb = if by.len() == 1 { "lets" } else { "let" };
        let message = format!("this deny {what}: {} {verb} its packets {way} {who} pass before it", listed(subject.policy, &by));
        let verdict = leak(rule.direction, told);
        let severity = if verdict == Verdict::Secure { Severity::Info } else { Severity::Medium };
        findings.push(Finding { severity, verdict, related: by, ..subject.note(&AUDIT, vec![told.rule], message) });
    }
}
