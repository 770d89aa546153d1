//! Protocols without ports: tunnels carry what the port filter would stop.

use super::{Audit, Finding, Subject, audience};
use crate::exposure::Protocols;
use crate::model::{Direction, Protocol};
use crate::verdict::{Scope, Verdict, portless};

pub(super) static AUDIT: Audit = Audit { id: "open-protocol", document: include_str!("open_protocol.md"), check };

fn check(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    for (at, exposure, judged) in subject.exposures(Direction::Ingress) {
        if judged.service.scope != Scope::Protocol || judged.verdict == Verdict::Secure {
            continue;
        }
        let what = match exposure.protocols {
            Protocols::Number(number) => match portless(number) {
                Some((name, _)) => format!("protocol {number} ({name})"),
                None => format!("protocol {}", Protocol::Number(number)),
            },
            _ => "every protocol that no rule names".to_owned(),
        };
        findings
            .push(Finding { message: format!("{what} is open to {}", audience(judged)), ..subject.about(&AUDIT, at, exposure, judged) });
    }
}
