//! A range for replies that opens the services inside it.

use super::words::{add, ports, who};
use super::{Audit, Finding, Subject};
use crate::catalog::Severity;
use crate::model::Direction;
use crate::sorting::sort_by_key;
use crate::stateless::opened;
use crate::verdict::Verdict;

pub(super) static AUDIT: Audit = Audit { id: "open-return-range", document: include_str!("open_return_range.md"), check };

/// So many services are named; the others are counted.
const NAMED: usize = 10;

fn check(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    let Some(found) = opened(subject.policy, subject.evaluation) else { return };
    let mut entries = found.entries.clone();
    sort_by_key(&mut entries, |entry| (std::cmp::Reverse(entry.severity), entry.first));
    let named: Vec<String> = entries.iter().take(NAMED).map(|entry| format!("{} ({})", entry.name, entry.first)).collect();
    let more = match entries.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let message = format!(
        "the range for replies ({}) lets {} begin connections to {}{more} at this layer; the security groups behind it must close them",
        ports(&found.returns, 6),
        who(subject, &found.sources),
        named.join(", ")
    );
    // As bad as what it opens; where that is told as secure this is a note.
    let within = |(first, last): (u16, u16)| found.returns.runs().iter().any(|(from, to)| first <= *to && *from <= last);
    let judged = subject.exposures(Direction::Ingress).filter(|(_, e, _)| e.includes_tcp(e.first) && within((e.first, e.last)));
    let worst = judged.max_by_key(|(_, _, judged)| judged.verdict).map(|(at, _, judged)| (at, judged.verdict));
    let (exposure, verdict) = worst.map_or((None, Verdict::Secure), |(at, verdict)| (Some(at), verdict.min(Verdict::Caution)));
    let severity = if verdict == Verdict::Secure { Severity::Info } else { Severity::Medium };
    findings.push(Finding { exposure, severity, verdict, fix: add(&found.denies), ..subject.note(&AUDIT, found.rules, message) });
}
