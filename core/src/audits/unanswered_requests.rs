//! Outbound requests whose replies a stateless filter drops on their way in.

use super::dropped_replies::{about, fates, for_whom};
use super::words::{ports, who};
use super::{Audit, Finding, Subject};
use crate::model::Direction;

pub(super) static AUDIT: Audit = Audit { id: "unanswered-requests", document: include_str!("unanswered_requests.md"), check };

fn check(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    for dropped in subject.judgement.dropped.iter().flatten().filter(|dropped| dropped.request == Direction::Egress) {
        let message = format!(
            "outbound connections to {} on {} hang{}: replies to {} are dropped, so of what runs in the subnet {}",
            who(subject, &dropped.peers()),
            ports(&dropped.services(), dropped.protocol),
            for_whom(dropped),
            ports(&dropped.missing, dropped.protocol),
            fates(dropped)
        );
        findings.push(about(subject, &AUDIT, dropped, message));
    }
}
