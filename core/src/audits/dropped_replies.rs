//! Services whose replies a stateless filter drops on their way out.

use super::words::{add, ports, who};
use super::{Audit, Finding, Subject};
use crate::catalog::Severity;
use crate::model::Direction;
use crate::stateless::{CLIENTS, Client, Dropped, Fate};
use crate::verdict::{Verdict, unanswered};

pub(super) static AUDIT: Audit = Audit { id: "dropped-replies", document: include_str!("dropped_replies.md"), check };

fn check(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    if subject.judgement.dropped.is_none() {
        let message = "this list is too intricate to tell which replies pass; nothing is said of them".to_owned();
        findings.push(subject.note(&AUDIT, Vec::new(), message));
    }
    for dropped in subject.judgement.dropped.iter().flatten().filter(|dropped| dropped.request == Direction::Ingress) {
        if !dropped.needed {
            let message = format!(
                "replies to {} for connections from {} to {} would be dropped, and nothing waits for them: no interface that was pasted \
                 behind this ACL admits these connections",
                ports(&dropped.missing, dropped.protocol),
                who(subject, &dropped.peers()),
                ports(&dropped.services(), dropped.protocol)
            );
            findings.push(about(subject, &AUDIT, dropped, message));
            continue;
        }
        let message = format!(
            "connections from {} to {} hang{}: replies to {} are dropped, so {}",
            who(subject, &dropped.peers()),
            ports(&dropped.services(), dropped.protocol),
            for_whom(dropped),
            ports(&dropped.missing, dropped.protocol),
            fates(dropped)
        );
        findings.push(about(subject, &AUDIT, dropped, message));
    }
}

/// A finding about requests without replies.
pub(super) fn about(subject: &Subject<'_>, audit: &'static Audit, dropped: &Dropped, message: String) -> Finding {
    let verdict = unanswered(dropped);
    let severity = if verdict == Verdict::Secure { Severity::Info } else { Severity::Medium };
    let meant = if dropped.on_purpose { "If the deny is not meant to cut these off: " } else { "" };
    let fix = if dropped.mend.is_empty() { String::new() } else { format!("{meant}{}", add(&dropped.mend)) };
    Finding { severity, verdict, related: dropped.denies.clone(), fix, ..subject.note(audit, dropped.rules.clone(), message) }
}

/// Where somebody is fine, it hangs for the others only.
pub(super) fn for_whom(dropped: &Dropped) -> &'static str {
    if CLIENTS.iter().any(|client| dropped.fate(client) == Fate::Fine) { " for some" } else { "" }
}

/// What each kind of client gets, the worst first.
pub(super) fn fates(dropped: &Dropped) -> String {
    let named = |fate: Fate| -> Vec<String> {
        let with = |client: &&Client| dropped.fate(client) == fate;
        CLIENTS.iter().filter(with).map(|client| format!("{} ({}-{})", client.name, client.first, client.last)).collect()
    };
    let told = [(Fate::Nothing, "get no reply"), (Fate::Some, "miss some replies"), (Fate::Fine, "are fine")];
    let parts: Vec<String> = told
        .into_iter()
        .filter_map(|(fate, what)| {
            let names = named(fate);
            (!names.is_empty()).then(|| format!("{} {what}", names.join(" and ")))
        })
        .collect();
    parts.join(", ")
}
