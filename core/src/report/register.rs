//! The register of public ports: what is open to public addresses, why, who answers for it, and until when.

use serde::{Serialize, Serializer};

use super::{At, at};
use crate::audits::Subject;
use crate::exposure::{Exposure, words};
use crate::model::Direction;
use crate::review::Review;
use crate::verdict::Judged;

/// Prefixes and services listed in one row.
const LISTED: usize = 50;

/// A run of ports that is open to public addresses.
#[derive(Clone, Debug, Serialize)]
pub struct RegisterRow {
    /// Index of the policy.
    pub policy: usize,
    /// What kind of thing the policy is.
    pub policy_kind: &'static str,
    /// The policy's identifier.
    pub policy_id: Option<String>,
    /// What people call the policy.
    pub policy_name: Option<String>,
    /// The resource's name in a template or plan.
    pub policy_address: Option<String>,
    /// As in the exposures.
    pub protocol: String,
    /// As in the exposures.
    pub ports: Option<String>,
    /// As in the exposures.
    pub icmp: Option<String>,
    /// As in the exposures.
    pub services: Vec<&'static str>,
    /// Prefixes, groups and services that get in for certain, at most fifty.
    pub sources: Vec<String>,
    /// How many there are.
    pub source_count: usize,
    /// As in the exposures.
    pub reach: &'static str,
    /// As in the exposures.
    pub reach_text: String,
    /// The verdict.
    pub verdict: &'static str,
    /// Why it is open; null where nobody says so.
    pub justification: Option<String>,
    /// Who says so: `baseline`, `description` (of the rules, which changes no verdict) or `none`.
    pub justified_by: &'static str,
    /// Who answers for it.
    pub owner: Option<String>,
    /// The day until which it is approved.
    pub review: Option<String>,
    /// Whether that day has passed.
    pub expired: bool,
    /// The deciding lines.
    pub places: Vec<At>,
}

/// The whole register, in the order of the texts.
pub fn register(review: &Review) -> Vec<RegisterRow> {
    (0..review.policies()).flat_map(|index| rows(review, index)).collect()
}

/// The register, serialised policy by policy.
pub struct EachRow<'r>(pub(super) &'r Review);

impl Serialize for EachRow<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq((0..self.0.policies()).flat_map(|index| rows(self.0, index)))
    }
}

fn rows(review: &Review, index: usize) -> Vec<RegisterRow> {
    let of = |subject: &Subject<'_>| {
        let both = subject.evaluation.exposures.iter().zip(&subject.judgement.exposures);
        let public = both.filter(|(exposure, judged)| exposure.direction == Direction::Ingress && judged.is_public());
        public.map(|(exposure, judged)| row(review, index, subject, exposure, judged)).collect()
    };
    review.look(index, |subject, _| of(subject)).unwrap_or_default()
}

fn row(review: &Review, index: usize, subject: &Subject<'_>, exposure: &Exposure, judged: &Judged) -> RegisterRow {
    let policy = subject.policy;
    let (protocol, ports, icmp) = words::service(exposure);
    let nets = exposure.surely.addresses.to_nets();
    let symbol = |i: &u32| subject.evaluation.symbols.get(usize::try_from(*i).ok()?).map(|symbol| symbol.id.to_string());
    let symbols: Vec<String> = exposure.surely.symbols.iter().filter_map(symbol).collect();
    let source_count = nets.len().saturating_add(symbols.len());
    let sources = nets.iter().map(ToString::to_string).chain(symbols).take(LISTED).collect();
    let rules = || exposure.rules.iter().filter_map(|i| policy.rules.get(usize::try_from(*i).ok()?));
    let approvals: Vec<_> = judged.approved.iter().flat_map(|own| &own.by).filter_map(|i| subject.baseline.approval(*i)).collect();
    let (justification, justified_by) = if approvals.is_empty() {
        let mut told: Vec<&str> =
            rules().filter_map(|rule| rule.description.as_deref()).map(str::trim).filter(|text| !text.is_empty()).collect();
        told.dedup();
        if told.is_empty() { (None, "none") } else { (Some(told.join("; ")), "description") }
    } else {
        (Some(joined(approvals.iter().map(|own| own.justification.to_string()))), "baseline")
    };
    let owner = joined(approvals.iter().filter_map(|own| own.owner.as_deref().map(str::to_owned)));
    RegisterRow {
        policy: index,
        policy_kind: policy.kind.id(),
        policy_id: policy.id.as_deref().map(Into::into),
        policy_name: policy.name.as_deref().map(Into::into),
        policy_address: policy.address.as_deref().map(Into::into),
        protocol,
        ports,
        icmp,
        services: judged.service.entries.iter().take(LISTED).map(|entry| entry.service).collect(),
        sources,
        source_count,
        reach: judged.reach.as_str(),
        reach_text: judged.audience(),
        verdict: judged.verdict.as_str(),
        justification,
        justified_by,
        owner: Some(owner).filter(|owner| !owner.is_empty()),
        // Of several the first day counts.
        review: approvals.iter().filter_map(|own| own.review).min().map(|date| date.to_string()),
        expired: judged.approved.as_ref().is_some_and(|own| own.expired),
        places: rules().take(100).map(|rule| at(review, rule.at)).collect(),
    }
}

fn joined(texts: impl Iterator<Item = String>) -> String {
    let mut texts: Vec<String> = texts.collect();
    texts.dedup();
    texts.join("; ")
}
