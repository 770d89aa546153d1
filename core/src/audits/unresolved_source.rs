//! A source whose value is not in the text, where it matters.

use super::{Audit, Finding, Subject};
use crate::model::{Direction, Peer, Rule};
use crate::verdict::{Verdict, is_unresolved};

pub(super) static AUDIT: Audit = Audit { id: "unresolved-source", document: include_str!("unresolved_source.md"), check };

fn check(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    for (at, exposure, judged) in subject.exposures(Direction::Ingress) {
        let Some((open, _)) = judged.if_open else { continue };
        // Where the certain part is as bad, what is unresolved changes nothing.
        if open <= Verdict::Secure || judged.verdict == Verdict::Dangerous {
            continue;
        }
        let of = |i: &u32| subject.policy.rules.get(usize::try_from(*i).ok()?);
        let rules: Vec<u32> = exposure.rules.iter().copied().filter(|i| of(i).is_some_and(is_unresolved)).collect();
        let mut names: Vec<String> = rules.iter().filter_map(|i| Some(name(of(i)?))).collect();
        names.dedup();
        let message =
            format!("who gets in by {} can't be told from this text; if it were everyone, this would be {open}", names.join(", "));
        findings.push(Finding { rules, message, ..subject.about(&AUDIT, at, exposure, judged) });
    }
}

fn name(rule: &Rule) -> String {
    match (&rule.doubt, &rule.peer) {
        (Some(doubt), _) => doubt.name.to_string(),
        (None, Peer::Unresolved(missing)) => missing.name.to_string(),
        (None, peer) => peer.to_string(),
    }
}
