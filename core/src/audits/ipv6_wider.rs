//! IPv6 open where IPv4 is limited.

use super::{Audit, Finding, Subject};
use crate::catalog::Severity;
use crate::model::Direction;
use crate::stateless::wider_in_ipv6;
use crate::verdict::Verdict;

pub(super) static AUDIT: Audit = Audit { id: "ipv6-wider", document: include_str!("ipv6_wider.md"), check };

fn check(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    if !subject.policy.kind.is_stateless() {
        return;
    }
    for found in wider_in_ipv6(subject.policy, subject.evaluation) {
        let inbound = found.direction == Direction::Ingress;
        let (way, verdict, severity) =
            if inbound { ("inbound", Verdict::Caution, Severity::Medium) } else { ("outbound", Verdict::Secure, Severity::Info) };
        let message = format!("{way}, every TCP port is open to all of IPv6 while the rules for IPv4 limit it");
        findings.push(Finding { severity, verdict, related: found.beside, ..subject.note(&AUDIT, found.rules, message) });
    }
}
