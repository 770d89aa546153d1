//! Every port of TCP or of UDP is open, or so many that naming each service would hide the point.

use super::{Audit, Finding, Subject, audience, frameworks};
use crate::catalog::{Entry, Severity};
use crate::exposure::{Exposure, Protocols};
use crate::model::{Direction, Protocol};
use crate::sorting::sort_by_key;
use crate::verdict::{Scope, Verdict, grouped};

pub(super) static AUDIT: Audit = Audit { id: "open-all-ports", document: include_str!("open_all_ports.md"), check };

/// From so many ports on a run is told as one thing, not service by service.
pub(super) fn is_wide(exposure: &Exposure) -> bool {
    const MANY: u32 = 10_000;
    matches!(exposure.protocols, Protocols::Number(6 | 17)) && exposure.length() >= MANY
}

fn check(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    for (at, exposure, judged) in subject.exposures(Direction::Ingress) {
        let Protocols::Number(number) = exposure.protocols else { continue };
        if !is_wide(exposure) || judged.verdict == Verdict::Secure {
            continue;
        }
        let protocol = Protocol::Number(number);
        let who = audience(judged);
        let what = if judged.service.scope == Scope::AllPorts {
            format!("every {protocol} port is open to {who}")
        } else {
            let ports = grouped(u128::from(exposure.length()));
            format!("{ports} {protocol} ports ({}-{}) are open to {who}, {}", exposure.first, exposure.last, among(&judged.service.entries))
        };
        findings.push(Finding {
            severity: Severity::Critical,
            message: subject.told(what),
            frameworks: frameworks::of(AUDIT.id, subject.policy.kind, exposure, judged, &judged.service.entries),
            ..subject.about(&AUDIT, at, exposure, judged)
        });
    }
}

/// The worst of the services, and how many more there are.
fn among(entries: &[&'static Entry]) -> String {
    const NAMED: usize = 3;
    let mut worst: Vec<&&Entry> = entries.iter().collect();
    sort_by_key(&mut worst, |entry| std::cmp::Reverse(entry.severity));
    let named: Vec<String> = worst.iter().take(NAMED).map(|entry| format!("{} ({})", entry.name, entry.first)).collect();
    match entries.len().saturating_sub(NAMED) {
        0 if named.is_empty() => "and no service is known there".to_owned(),
        0 => format!("among them {}", named.join(", ")),
        more => format!("among them {} and {more} more services", named.join(", ")),
    }
}
