//! The audits: one check, one id, one file with its document beside it.
//!
//! The list is explicit. A test holds that every file is in it, that every document has its parts, and that the examples
//! in the documents do what they say.

mod admits_nobody;
mod approval_expired;
mod broad_public_source;
pub(crate) mod default_acl;
mod default_group;
mod denied_health_checks;
mod disabled_rule;
mod dns_transport;
mod doc;
mod dropped_replies;
mod duplicate_rule;
mod example_addresses;
mod frameworks;
mod http_redirect;
mod http_without_https;
mod ipv6_wider;
pub(crate) mod nat_subnet;
mod no_number_gaps;
mod not_evaluated;
mod open_all_ports;
mod open_all_protocols;
mod open_egress;
mod open_icmp;
mod open_protocol;
mod open_return_range;
mod open_unlisted_port;
mod path_mtu;
mod redundant_rule;
mod removable_rules;
mod self_reference;
mod services;
mod shadowed_rule;
pub(crate) mod tier_less_restricted;
mod unanswered_requests;
mod unapproved_exposure;
mod unresolved_source;
pub(crate) mod unused_acl;
mod weakened_deny;
mod words;

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::OnceLock;

use crate::baseline::Baseline;
use crate::catalog::{Entry, Severity};
use crate::exposure::{Evaluation, Exposure};
use crate::model::{Direction, Origin, Policy, Rule};
use crate::sorting::sort_by_key;
use crate::verdict::{Judge, Judged, Judgement, UNPASTED, Verdict, deciding_rules};

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
    &open_return_range::AUDIT,
    &ipv6_wider::AUDIT,
    &dropped_replies::AUDIT,
    &unanswered_requests::AUDIT,
    &denied_health_checks::AUDIT,
    &path_mtu::AUDIT,
    &dns_transport::AUDIT,
    &open_egress::AUDIT,
    &default_acl::AUDIT,
    &default_group::AUDIT,
    &tier_less_restricted::AUDIT,
    &self_reference::AUDIT,
    &weakened_deny::AUDIT,
    &shadowed_rule::AUDIT,
    &admits_nobody::AUDIT,
    &disabled_rule::AUDIT,
    &duplicate_rule::AUDIT,
    &redundant_rule::AUDIT,
    &removable_rules::AUDIT,
    &nat_subnet::AUDIT,
    &no_number_gaps::AUDIT,
    &unused_acl::AUDIT,
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
    /// The rules that decide exposures, as they are asked for: several audits speak of the same one.
    pub(crate) decided: RefCell<HashMap<usize, Vec<u32>>>,
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
    /// Its document, in parts; all are taken apart once.
    pub fn doc(&self) -> &'static Doc<'static> {
        static DOCS: OnceLock<Vec<Doc<'static>>> = OnceLock::new();
        static NONE: Doc<'static> = Doc::empty();
        let docs = DOCS.get_or_init(|| AUDITS.iter().map(|audit| Doc::read(audit.document)).collect());
        AUDITS.iter().zip(docs).find(|(audit, _)| audit.id == self.id).map_or(&NONE, |(_, doc)| doc)
    }
}

impl std::fmt::Debug for Audit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.id)
    }
}

/// Runs every audit over one policy; the findings are sorted, worst first. `across` are those that take several policies.
pub fn audit(subject: &Subject<'_>, across: impl IntoIterator<Item = Finding>) -> Vec<Finding> {
    let mut findings: Vec<Finding> = across.into_iter().collect();
    for audit in AUDITS {
        (audit.check)(subject, &mut findings);
    }
    worst_first(&mut findings);
    findings
}

/// Sorts findings. Those of one rank keep the order of the registry.
pub fn worst_first(findings: &mut Vec<Finding>) {
    sort_by_key(findings, |finding| std::cmp::Reverse((finding.verdict, finding.severity)));
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
        let find = || deciding_rules(self.policy, exposure, judged);
        Self::about_rules(audit, at, judged, self.decided.borrow_mut().entry(at).or_insert_with(find).clone())
    }

    /// The same, for certain rules.
    fn about_rules(audit: &'static Audit, at: usize, judged: &Judged, rules: Vec<u32>) -> Finding {
        Finding {
            audit,
            severity: judged.service.severity,
            verdict: judged.verdict,
            exposure: Some(at),
            service: None,
            rules,
            related: Vec::new(),
            message: String::new(),
            why: String::new(),
            fix: String::new(),
            frameworks: Vec::new(),
        }
    }

    /// The rule at an index.
    pub(crate) fn rule(&self, index: u32) -> Option<&'s Rule> {
        self.policy.rules.get(usize::try_from(index).ok()?)
    }

    /// Whether a rule stands in this policy's own text: what the platform adds by itself can't be changed there, and what a
    /// wider policy brings is told there.
    pub(crate) fn is_written(&self, index: u32) -> bool {
        self.rule(index).is_some_and(|rule| rule.origin == Origin::Written && !rule.inherited)
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
        Some(_) if judged.verdict == Verdict::Unknown => UNPASTED.to_owned(),
        Some((open, _)) if open == judged.verdict && judged.verdict > Verdict::Secure && judged.width.public_v4 == 0 => UNPASTED.to_owned(),
        _ => judged.width.describe(),
    }
}

#[cfg(test)]
mod tests;
