//! Names that are asked for over one transport only.

use super::words::who;
use super::{Audit, Finding, Subject};
use crate::model::Protocol;
use crate::stateless::one_transport;

pub(super) static AUDIT: Audit = Audit { id: "dns-transport", document: include_str!("dns_transport.md"), check };

fn check(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    if !subject.policy.kind.is_stateless() || subject.policy.partial {
        return;
    }
    let Some(found) = one_transport(subject.policy, subject.evaluation) else { return };
    let message = format!(
        "DNS passes to {} over {} and not over {}: answers that need the other transport are lost",
        who(subject, &found.resolvers),
        Protocol::Number(found.open),
        Protocol::Number(found.closed)
    );
    findings.push(subject.note(&AUDIT, Vec::new(), message));
}
