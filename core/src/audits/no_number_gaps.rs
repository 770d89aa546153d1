//! Numbers without room between them.

use super::words::listed;
use super::{Audit, Finding, Subject};
use crate::model::Direction;
use crate::stateless::without_gaps;

pub(super) static AUDIT: Audit = Audit { id: "no-number-gaps", document: include_str!("no_number_gaps.md"), check };

fn check(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    if !subject.policy.kind.is_stateless() {
        return;
    }
    for (direction, way) in [(Direction::Ingress, "inbound"), (Direction::Egress, "outbound")] {
        let rules = without_gaps(subject.policy, direction);
        if !rules.is_empty() {
            let message = format!("the {way} {} leave no number free between them", listed(subject.policy, &rules));
            findings.push(subject.note(&AUDIT, rules, message));
        }
    }
}
