//! Outbound requests whose replies a stateless filter drops on their way in.

use super::dropped_replies::{about, fates, for_whom};
use super::words::{ports, who};
use super::{Audit, Finding, Subject};
use crate::model::Direction;

pub(super) static AUDIT: Audit = Audit { id: "unanswered-requests", document: include_str!("unanswered_requests.md"), check };

fn check(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    for dropped in subject.judgement.dropped.iter().flatten().filter(|dropped| dropped.request == Direction::Egress) {
        if !dropped.needed {
            let message = format!(
                "replies to {} from {} on {} would be dropped, and nothing waits for them: no interface that was pasted behind this ACL \
                 lets such requests out",
                ports(&dropped.missing, dropped.protocol),
                who(subject, &dropped.peers()),
                ports(&dropped.services(), dropped.protocol)
            );
            findings.push(about(subject, &AUDIT, dropped, message));
            continue;
        }
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
