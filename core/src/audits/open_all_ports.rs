//! Every port of TCP or of UDP is open.

use super::{Audit, Finding, Subject, audience, frameworks};
use crate::catalog::Severity;
use crate::exposure::Protocols;
use crate::model::{Direction, Protocol};
use crate::verdict::{Scope, Verdict};

pub(super) static AUDIT: Audit = Audit { id: "open-all-ports", document: include_str!("open_all_ports.md"), check };

fn check(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    for (at, exposure, judged) in subject.exposures(Direction::Ingress) {
        let Protocols::Number(number) = exposure.protocols else { continue };
        if judged.service.scope == Scope::AllPorts && judged.verdict > Verdict::Secure {
            let protocol = Protocol::Number(number);
            findings.push(Finding {
                severity: Severity::Critical,
                message: format!("every {protocol} port is open to {}", audience(judged)),
                frameworks: frameworks::of(AUDIT.id, exposure, judged, &judged.service.entries),
                ..subject.about(&AUDIT, at, exposure, judged)
            });
        }
    }
}
