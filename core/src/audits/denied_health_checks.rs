//! Denies that shut a load balancer's own addresses out of a public service.

use super::words::{listed, ports, who};
use super::{Audit, Finding, Subject};
use crate::stateless::unchecked;

pub(super) static AUDIT: Audit = Audit { id: "denied-health-checks", document: include_str!("denied_health_checks.md"), check };

fn check(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    if !subject.policy.kind.is_stateless() {
        return;
    }
    let Some(found) = unchecked(subject.policy, subject.evaluation) else { return };
    let message = format!(
        "the internet may reach {} while {} from {}: if a load balancer in this network sends here, its requests and its health checks stop",
        ports(&found.services, 6),
        format_args!("{} {} it", listed(subject.policy, &found.denies), if found.denies.len() == 1 { "denies" } else { "deny" }),
        who(subject, &found.sources)
    );
    findings.push(subject.note(&AUDIT, found.denies, message));
}
