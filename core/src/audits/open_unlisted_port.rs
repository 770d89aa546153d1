//! A port that the catalog does not know, open to the internet or nearly so.

use super::open_all_ports::is_wide;
use super::{Audit, Finding, Subject, audience};
use crate::catalog::PortClass;
use crate::exposure::Protocols;
use crate::model::{Direction, Protocol};
use crate::verdict::{Scope, UNLISTED, Verdict};

pub(super) static AUDIT: Audit = Audit { id: "open-unlisted-port", document: include_str!("open_unlisted_port.md"), check };

fn check(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    for (at, exposure, judged) in subject.exposures(Direction::Ingress) {
        let Protocols::Number(number @ (6 | 17)) = exposure.protocols else { continue };
        let verdict = subject.judge.severity(UNLISTED, exposure);
        if judged.service.scope != Scope::Ports || is_wide(exposure) || !judged.service.unlisted || verdict == Verdict::Secure {
            continue;
        }
        let protocol = Protocol::Number(number);
        let message = if exposure.first == exposure.last {
            format!("{}/{protocol} is open to {}, and nothing is known to listen there", exposure.first, audience(judged))
        } else {
            format!(
                "{}-{}/{protocol} is open to {}, with ports for which no service is known",
                exposure.first,
                exposure.last,
                audience(judged)
            )
        };
        let why = format!("{} is a {}. {}", exposure.first, PortClass::of(exposure.first).describe(), AUDIT.doc().why);
        let message = subject.told(message);
        findings.push(Finding { severity: UNLISTED, verdict, message, why, ..subject.about(&AUDIT, at, exposure, judged) });
    }
}
