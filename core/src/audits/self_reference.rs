//! A group that admits itself on every port: members reach each other, and so does whoever takes one of them over.

use super::{Audit, Finding, Subject};
use crate::model::{Action, Direction, Peer, Ports, Protocol};

pub(super) static AUDIT: Audit = Audit { id: "self-reference", document: include_str!("self_reference.md"), check };

fn check(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    let rules: Vec<u32> = subject
        .policy
        .rules
        .iter()
        .zip(0_u32..)
        .filter(|(rule, _)| {
            let itself = matches!(&rule.peer, Peer::Symbol(symbol) if subject.policy.is_self(symbol));
            let all = rule.protocol == Protocol::Any || matches!(rule.ports, Ports::All | Ports::Range(0 | 1, u16::MAX));
            rule.direction == Direction::Ingress && rule.action == Action::Allow && itself && all
        })
        .map(|(_, i)| i)
        .collect();
    if !rules.is_empty() {
        findings.push(subject.note(&AUDIT, rules, "members of this group reach each other on every port".to_owned()));
    }
}
