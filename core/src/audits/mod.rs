//! The audits: one check, one id, one file with its document beside it.
//!
//! The list is explicit. A test holds that every file is in it, that every document has its parts, and that the examples
//! in the documents do what they say.

mod admits_nobody;
mod approval_expired;
mod broad_public_source;
mod default_group;
mod doc;
mod example_addresses;
mod frameworks;
mod http_redirect;
mod http_without_https;
mod not_evaluated;
mod open_all_ports;
mod open_all_protocols;
mod open_egress;
mod open_icmp;
mod open_protocol;
mod open_unlisted_port;
mod redundant_rule;
mod self_reference;
mod services;
mod unapproved_exposure;
mod unresolved_source;

use crate::baseline::Baseline;
use crate::catalog::{Entry, Severity};
use crate::exposure::{Evaluation, Exposure};
use crate::model::{Direction, Policy};
use crate::sorting::sort_by_key;
use crate::verdict::{Judge, Judged, Judgement, Verdict, deciding_rules};

pub use doc::Doc;
pub use services::*;

/// One check.
pub struct Audit {
    /// The stable identifier.
    pub id: &'static str,
    pub(crate) document: &'static str,
    check: fn(&Subject<'_>, &mut Vec<Finding>),
}

/// Every audit, in the order in which findings of one verdict and severity are told.
pub static AUDITS: &[&Audit] = &[
    &open_all_protocols::AUDIT,
    &open_all_ports::AUDIT,
    &REMOTE_ADMIN,
    &DATABASE,
    &CACHE,
    &FILE_SHARE,
    &MESSAGE_BROKER,
    &DIRECTORY,
    &ORCHESTRATION,
    &DEV_TOOL,
    &LEGACY_PLAINTEXT,
    &AMPLIFIER,
    &INDUSTRIAL,
    &BACKDOOR,
    &OTHER_SERVICE,
    &http_without_https::AUDIT,
    &http_redirect::AUDIT,
    &open_unlisted_port::AUDIT,
    &open_icmp::AUDIT,
    &open_protocol::AUDIT,
    &broad_public_source::AUDIT,
    &open_egress::AUDIT,
    &default_group::AUDIT,
    &self_reference::AUDIT,
    &admits_nobody::AUDIT,
    &redundant_rule::AUDIT,
    &unapproved_exposure::AUDIT,
    &approval_expired::AUDIT,
    &unresolved_source::AUDIT,
    &example_addresses::AUDIT,
    &not_evaluated::AUDIT,
];

/// What an audit looks at: one policy with everything that is known about it.
pub struct Subject<'s> {
    /// The policy.
    pub policy: &'s Policy,
    /// What it admits.
    pub evaluation: &'s Evaluation<'s>,
    /// How bad that is.
    pub judgement: &'s Judgement,
    /// How bad anything else in the policy would be.
    pub judge: &'s Judge<'s>,
    /// What is open on purpose.
    pub baseline: &'s Baseline,
}

/// One audit firing at one place.
pub struct Finding {
    /// The audit.
    pub audit: &'static Audit,
    /// How bad the thing is that it found.
    pub severity: Severity,
    /// What it means here; `secure` is a note.
    pub verdict: Verdict,
    /// The exposure it speaks of, as an index into the evaluation's.
    pub exposure: Option<usize>,
    /// The service it speaks of, where it speaks of one.
    pub service: Option<&'static Entry>,
    /// The deciding rules, the most telling first.
    pub rules: Vec<u32>,
    /// Other rules that play a part.
    pub related: Vec<u32>,
    /// What: one sentence.
    pub message: String,
    /// Why: what goes wrong here; empty where the audit's document says it.
    pub why: String,
    /// What to do first here, before what the audit's document says.
    pub fix: String,
    /// Controls of frameworks that speak of it.
    pub frameworks: Vec<&'static str>,
}

impl Audit {
    /// Its document, in parts.
    pub fn doc(&self) -> Doc<'static> {
        Doc::read(self.document)
    }
}

impl std::fmt::Debug for Audit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.id)
    }
}

/// Runs every audit over one policy; the findings are sorted, worst first.
pub fn audit(subject: &Subject<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for audit in AUDITS {
        (audit.check)(subject, &mut findings);
    }
    // Stable, so that findings of one rank keep the order of the registry.
    sort_by_key(&mut findings, |finding| std::cmp::Reverse((finding.verdict, finding.severity)));
    findings
}

/// The audit with an id.
pub fn find(id: &str) -> Option<&'static Audit> {
    AUDITS.iter().copied().find(|audit| audit.id == id)
}

impl<'s> Subject<'s> {
    /// The exposures of one direction, with their place and judgement. What is approved is no audit's business.
    pub(crate) fn exposures(&self, direction: Direction) -> impl Iterator<Item = (usize, &'s Exposure, &'s Judged)> {
        let both = self.evaluation.exposures.iter().zip(&self.judgement.exposures).enumerate();
        let own = both.map(|(at, (exposure, judged))| (at, exposure, judged));
        own.filter(move |(_, exposure, judged)| exposure.direction == direction && !judged.is_approved())
    }

    /// A finding about one exposure; its words are still to be filled in.
    pub(crate) fn about(&self, audit: &'static Audit, at: usize, exposure: &Exposure, judged: &Judged) -> Finding {
        Finding {
            audit,
            severity: judged.service.severity,
            verdict: judged.verdict,
            exposure: Some(at),
            service: None,
            rules: deciding_rules(self.policy, exposure, judged),
            related: Vec::new(),
            message: String::new(),
            why: String::new(),
            fix: String::new(),
            frameworks: Vec::new(),
        }
    }

    /// A sentence about something open, as it holds for this kind of policy.
    pub(crate) fn told(&self, sentence: String) -> String {
        if self.policy.kind.is_outer_layer() {
            format!("{sentence} at this layer; the security groups behind it must close it")
        } else {
            sentence
        }
    }

    /// A note about some rules.
    pub(crate) fn note(&self, audit: &'static Audit, rules: Vec<u32>, message: String) -> Finding {
        Finding {
            audit,
            severity: Severity::Info,
            verdict: Verdict::Secure,
            exposure: None,
            service: None,
            rules,
            related: Vec::new(),
            message,
            why: String::new(),
            fix: String::new(),
            frameworks: Vec::new(),
        }
    }
}

/// Who can reach it, as the object of "is open to": with what is certain, or what it would be if it were open.
pub(crate) fn audience(judged: &Judged) -> String {
    match judged.if_open {
        Some(_) if judged.verdict == Verdict::Unknown => "sources that are not in the text".to_owned(),
        Some((open, _)) if open == judged.verdict && judged.verdict > Verdict::Secure && judged.width.public_v4 == 0 => {
            "sources that are not in the text".to_owned()
        }
        _ => judged.width.describe(),
    }
}

#[cfg(test)]
mod tests;
