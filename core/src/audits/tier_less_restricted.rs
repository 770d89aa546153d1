//! A tier that admits more than the tier before it: whoever is kept out there comes in here.
//!
//! It takes all policies together, so the review finds it once they are judged; see [`crate::tiers`].

use super::{Audit, Finding, Subject};
use crate::catalog::Severity;
use crate::verdict::Verdict;

pub(crate) static AUDIT: Audit = Audit { id: "tier-less-restricted", document: include_str!("tier_less_restricted.md"), check: |_, _| {} };

/// The finding about an exposure that admits the members of `before`, and more than that policy itself admits.
pub(crate) fn finding(subject: &Subject<'_>, exposure: usize, before: &str) -> Option<Finding> {
    let (about, judged) = (subject.evaluation.exposures.get(exposure)?, subject.judgement.exposures.get(exposure)?);
    let services: Vec<&str> = judged.service.entries.iter().take(2).map(|entry| entry.name).collect();
    let services = if services.is_empty() { "what listens here".to_owned() } else { services.join(" and ") };
    let message = format!("{services} is open to {}, which is more than {before}, the tier before it, is open to", judged.width.describe());
    Some(Finding {
        severity: Severity::Medium,
        verdict: judged.verdict.max(Verdict::Caution),
        message,
        ..subject.about(&AUDIT, exposure, about, judged)
    })
}
