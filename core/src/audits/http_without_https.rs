//! Port 80 open to the internet without 443: everything travels in the clear.

use super::{Audit, Finding, Subject, audience};
use crate::catalog::Severity;
use crate::model::Direction;
use crate::verdict::Reason;

pub(super) static AUDIT: Audit = Audit { id: "http-without-https", document: include_str!("http_without_https.md"), check };

fn check(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    for (at, exposure, judged) in subject.exposures(Direction::Ingress) {
        if judged.reason == Reason::HttpAlone {
            findings.push(Finding {
                severity: Severity::Medium,
                message: format!("HTTP (80/tcp) is open to {} while 443 is not open to at least the same sources", audience(judged)),
                ..subject.about(&AUDIT, at, exposure, judged)
            });
        }
    }
}
