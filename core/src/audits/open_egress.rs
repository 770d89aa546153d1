//! Everything outbound: a note where it is the platform's default, caution where it was written by hand beside data.

use super::{Audit, Finding, Subject};
use crate::catalog::Severity;
use crate::model::Direction;
use crate::verdict::{Reason, Verdict};

pub(super) static AUDIT: Audit = Audit { id: "open-egress", document: include_str!("open_egress.md"), check };

fn check(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    let rules: Vec<u32> = subject
        .policy
        .rules
        .iter()
        .zip(&subject.evaluation.effects)
        .zip(0_u32..)
        .filter(|((rule, effect), _)| {
            rule.direction == Direction::Egress && rule.is_allow_all() && effect.matches_packets() && !rule.inherited
        })
        .map(|(_, i)| i)
        .collect();
    let judged =
        subject.exposures(Direction::Egress).find(|(_, _, judged)| matches!(judged.reason, Reason::EgressFromData | Reason::EgressStock));
    // An approval of what these rules open is told with the exposure.
    let approved = subject.judgement.exposures.iter().any(|judged| judged.reason == Reason::EgressFromData && judged.is_approved());
    if rules.is_empty() || approved {
        return;
    }
    match judged {
        Some((at, _, judged)) if judged.verdict > Verdict::Secure => findings.push(Finding {
            severity: Severity::Medium,
            verdict: judged.verdict,
            exposure: Some(at),
            ..subject.note(&AUDIT, rules, "everything outbound is allowed by hand in a group that serves data".to_owned())
        }),
        found => findings.push(Finding {
            exposure: found.map(|(at, ..)| at),
            ..subject.note(&AUDIT, rules, "everything outbound is allowed, as the platform does by default".to_owned())
        }),
    }
}
