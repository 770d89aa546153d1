//! Everything is open: every protocol, every port.

use super::{Audit, Finding, Subject, audience, frameworks};
use crate::catalog::Severity;
use crate::model::Direction;
use crate::verdict::{Scope, Verdict};

pub(super) static AUDIT: Audit = Audit { id: "open-all-protocols", document: include_str!("open_all_protocols.md"), check };

fn check(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    for (at, exposure, judged) in subject.exposures(Direction::Ingress) {
        if judged.service.scope == Scope::AllProtocols && judged.verdict > Verdict::Secure {
            findings.push(Finding {
                severity: Severity::Critical,
                message: subject.told(format!("every port of every protocol is open to {}", audience(judged))),
                frameworks: frameworks::of(AUDIT.id, subject.policy.kind, exposure, judged, &[]),
                ..subject.about(&AUDIT, at, exposure, judged)
            });
        }
    }
}
