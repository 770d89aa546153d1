//! The subnet of a NAT gateway behind an ACL that drops a part of what the gateway carries.
//!
//! Where gateways stand is told beside the rules, so the review finds it; see [`crate::model::topology`].

use super::words::{ports, who};
use super::{Audit, Finding, Subject};
use crate::catalog::Severity;
use crate::stateless::{Leg, NatClient, broken_legs};
use crate::verdict::Verdict;

pub(crate) static AUDIT: Audit = Audit { id: "nat-subnet", document: include_str!("nat_subnet.md"), check: |_, _| {} };

/// So many kinds of packets are named; the others are counted.
const NAMED: usize = 8;

/// The finding about an ACL around a NAT gateway that `clients` use.
pub(crate) fn finding(subject: &Subject<'_>, clients: &[NatClient]) -> Option<Finding> {
    let broken = broken_legs(subject.policy, subject.evaluation, clients)?;
    let told: Vec<String> = broken
        .iter()
        .take(NAMED)
        .map(|broken| {
            let (what, way) = match broken.leg {
                Leg::RequestIn => ("requests", "from"),
                Leg::RequestOut => ("requests", "to"),
                Leg::ReplyIn => ("replies", "from"),
                Leg::ReplyOut => ("replies", "to"),
            };
            format!("{what} on {} {way} {}", ports(&broken.ports, broken.protocol), who(subject, &broken.ends))
        })
        .collect();
    if told.is_empty() {
        return None;
    }
    let more = match broken.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(", and {more} more like these"),
    };
    let message = format!("the NAT gateway in this subnet can't do its work: the ACL drops {}{more}", told.join(", and "));
    Some(Finding { severity: Severity::Medium, verdict: Verdict::Caution, ..subject.note(&AUDIT, Vec::new(), message) })
}
