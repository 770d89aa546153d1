//! ICMP beyond echo and the errors that a network needs.

use super::{Audit, Finding, Subject, audience};
use crate::exposure::Protocols;
use crate::model::{Direction, Protocol};
use crate::verdict::{Reason, Scope, Verdict, deciding_rules};

pub(super) static AUDIT: Audit = Audit { id: "open-icmp", document: include_str!("open_icmp.md"), check };

fn check(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    for (at, exposure, judged) in subject.exposures(Direction::Ingress) {
        let Protocols::Number(number @ (1 | 58)) = exposure.protocols else { continue };
        if judged.reason == Reason::IcmpAsAWhole {
            let rules = deciding_rules(subject.policy, exposure, judged);
            let message = format!("all of ICMP is open to {}, since this platform can't name single types", audience(judged));
            findings.push(Finding { exposure: Some(at), ..subject.note(&AUDIT, rules, message) });
        }
        if judged.verdict == Verdict::Secure {
            continue;
        }
        let what = match judged.service.scope {
            Scope::AllMessages => "every message type of",
            Scope::Redirects => "the redirect message of",
            _ => "messages that hosts don't need of",
        };
        let name = if Protocol::Number(number) == Protocol::ICMP { "ICMP" } else { "ICMPv6" };
        findings.push(Finding {
            message: format!("{what} {name} is open to {}", audience(judged)),
            ..subject.about(&AUDIT, at, exposure, judged)
        });
    }
}
