//! A range for replies that opens the services inside it.

use super::words::{add, ports, who};
use super::{Audit, Finding, Subject};
use crate::catalog::{Category, Severity};
use crate::model::Direction;
use crate::stateless::opened;
use crate::verdict::Verdict;

pub(super) static AUDIT: Audit = Audit { id: "open-return-range", document: include_str!("open_return_range.md"), check };

/// The kinds, as they are named, what people lose most by first.
const KINDS: [(Category, &str); 6] = [
    (Category::Database, "databases"),
    (Category::RemoteAdmin, "remote administration"),
    (Category::CacheQueue, "stores"),
    (Category::ContainerOrchestration, "cluster control"),
    (Category::DevTool, "development tools"),
    (Category::Web, "web consoles"),
];

fn check(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    let Some(found) = opened(subject.policy, subject.evaluation) else { return };
    let of = |(category, name): &(Category, &str)| {
        let ports: Vec<String> =
            found.entries.iter().filter(|entry| entry.category == *category).map(|entry| entry.first.to_string()).collect();
        (!ports.is_empty()).then(|| format!("{name} on {}", ports.join(", ")))
    };
    let named: Vec<String> = KINDS.iter().filter_map(of).collect();
    let message = format!(
        "the range for replies ({}) lets {} begin connections to {} at this layer; the security groups behind it must close them",
        ports(&found.returns, 6),
        who(subject, &found.sources),
        named.join("; ")
    );
    // As bad as what it opens; where that is told as secure this is a note.
    let within = |(first, last): (u16, u16)| found.returns.runs().iter().any(|(from, to)| first <= *to && *from <= last);
    let judged = subject.exposures(Direction::Ingress).filter(|(_, e, _)| e.includes_tcp(e.first) && within((e.first, e.last)));
    let worst = judged.max_by_key(|(_, _, judged)| judged.verdict).map(|(at, _, judged)| (at, judged.verdict));
    let (exposure, verdict) = worst.map_or((None, Verdict::Secure), |(at, verdict)| (Some(at), verdict.min(Verdict::Caution)));
    let severity = if verdict == Verdict::Secure { Severity::Info } else { Severity::Medium };
    findings.push(Finding { exposure, severity, verdict, fix: add(&found.denies), ..subject.note(&AUDIT, found.rules, message) });
}
