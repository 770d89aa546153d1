//! Something that is open to public addresses and not in the approved architecture, where there is one.

use super::{Audit, Finding, Subject, audience};
use crate::catalog::Severity;
use crate::exposure::Protocols;
use crate::exposure::words;
use crate::model::{Direction, Protocol};
use crate::verdict::Verdict;

pub(super) static AUDIT: Audit = Audit { id: "unapproved-exposure", document: include_str!("unapproved_exposure.md"), check };

fn check(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    if !subject.baseline.given {
        return;
    }
    for (at, exposure, judged) in subject.exposures(Direction::Ingress) {
        // An approval that has expired is told by its own audit.
        if !judged.is_public() || judged.approved.is_some() {
            continue;
        }
        let what = match exposure.protocols {
            Protocols::All => "every protocol".to_owned(),
            Protocols::Other => "every protocol that no rule names".to_owned(),
            Protocols::Number(number) => {
                let (_, ports, messages) = words::service(exposure);
                [ports.or(messages), Some(Protocol::Number(number).to_string())].into_iter().flatten().collect::<Vec<_>>().join("/")
            }
        };
        let message = subject.told(format!("{what} is open to {} and is not in the approved architecture", audience(judged)));
        findings.push(Finding { severity: severity(judged.verdict), message, ..subject.about(&AUDIT, at, exposure, judged) });
    }
}

/// The finding weighs what the exposure does.
pub(super) const fn severity(verdict: Verdict) -> Severity {
    match verdict {
        Verdict::Dangerous => Severity::High,
        Verdict::Unknown | Verdict::Caution => Severity::Medium,
        Verdict::Secure => Severity::Low,
    }
}
