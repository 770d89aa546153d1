//! From a review to the report.

use serde::{Serialize, Serializer};

use super::*;
use crate::audits::{Finding, Subject};
use crate::catalog::Entry;
use crate::document::Document;
use crate::exposure::{Alone, Effect, Exposure, Sources, words};
use crate::model::{Action, Place, Rule};
use crate::review::Review;
use crate::verdict::{Judged, Reason, Verdict, deciding_rules, witness};

/// Services named in one exposure; all ports have some two hundred.
const SERVICES: usize = 50;

/// The whole report of a review.
pub fn report(review: &Review) -> Report<'_> {
    Report {
        schema: SCHEMA_ID,
        tool: Tool::this(),
        verdict: review.verdict().map(Verdict::as_str),
        counts: counts(review),
        documents: documents(review),
        unresolved: unresolved(review),
        policies: EachPolicy(review),
        surfaces: super::surfaces::EachSurface(review),
        tiers: tiers(review),
        findings: EachFinding(review),
        register: EachRow(review),
    }
}

/// One policy of a review.
pub fn policy(review: &Review, index: usize) -> Option<PolicyReport> {
    review.look(index, |subject, findings| policy_report(review, subject, findings))
}

/// One finding of a policy.
pub fn finding(review: &Review, index: usize, subject: &Subject<'_>, finding: &Finding) -> FindingReport {
    let doc = finding.audit.doc();
    let about = finding.exposure.and_then(|at| Some((subject.evaluation.exposures.get(at)?, subject.judgement.exposures.get(at)?)));
    let rule = |i: &u32| subject.policy.rules.get(usize::try_from(*i).ok()?);
    let mut places: Vec<At> = finding.rules.iter().take(100).filter_map(|i| Some(at(review, rule(i)?.at))).collect();
    if places.is_empty() {
        places.push(at(review, subject.policy.at));
    }
    FindingReport {
        audit: finding.audit.id,
        title: doc.title,
        severity: finding.severity.as_str(),
        verdict: finding.verdict.as_str(),
        policy: index,
        policy_id: subject.policy.id.as_deref().map(Into::into),
        policy_name: subject.policy.name.as_deref().map(Into::into),
        direction: about.map(|(exposure, _)| words::direction(exposure.direction)),
        rules: finding.rules.clone(),
        related: finding.related.clone(),
        message: finding.message.clone(),
        why: if finding.why.is_empty() { doc.why.to_owned() } else { finding.why.clone() },
        // What the document adds is about AWS.
        fix: match (finding.fix.is_empty(), subject.policy.kind.is_aws()) {
            (true, _) => doc.fix.to_owned(),
            (false, true) => format!("{} {}", finding.fix, doc.fix),
            (false, false) => finding.fix.clone(),
        },
        places,
        frameworks: finding.frameworks.clone(),
        references: doc.references.clone(),
        // A packet that another layer stops proves nothing.
        witness: about
            .filter(|(_, judged)| !matches!(judged.reason, Reason::OtherLayers(_)))
            .and_then(|(exposure, judged)| witness_report(subject, exposure, judged, finding.service)),
        because: about.map(|(_, judged)| judged.because()),
        cell: about.and_then(|(_, judged)| CellReport::of(judged.reason.cell()?)),
    }
}

/// The policies, serialised one after the other.
pub struct EachPolicy<'r>(&'r Review);

impl Serialize for EachPolicy<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq((0..self.0.policies()).filter_map(|index| policy(self.0, index)))
    }
}

/// The findings, serialised policy by policy.
pub struct EachFinding<'r>(&'r Review);

impl Serialize for EachFinding<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let of = |index| {
            let all = |subject: &Subject<'_>, findings: &[Finding]| {
                findings.iter().map(|f| finding(self.0, index, subject, f)).collect::<Vec<_>>()
            };
            self.0.look(index, all).unwrap_or_default()
        };
        serializer.collect_seq((0..self.0.policies()).flat_map(of))
    }
}

pub(super) fn counts(review: &Review) -> Counts {
    Counts {
        dangerous: review.count(Verdict::Dangerous),
        unknown: review.count(Verdict::Unknown),
        caution: review.count(Verdict::Caution),
        secure: review.count(Verdict::Secure),
    }
}

/// The documents of a review, each with its problems.
pub fn documents(review: &Review) -> Vec<DocumentReport> {
    review.documents().iter().zip(0_u32..).map(|(document, index)| document_report(review, document, index)).collect()
}

/// The problems of a document that is no part of a review, such as a pack of exercises.
pub fn problems(document: &Document) -> Vec<ProblemReport> {
    let told = |problem: &crate::document::Problem| ProblemReport {
        level: problem.level.as_str(),
        message: problem.message.clone(),
        at: at_in(Some(document), Place { document: 0, span: problem.span }),
    };
    document.problems.kept().iter().map(told).collect()
}

pub(super) fn document_report(review: &Review, document: &Document, index: u32) -> DocumentReport {
    let (policies, rules) = review.size_of(index);
    let problem = |problem: &crate::document::Problem| ProblemReport {
        level: problem.level.as_str(),
        message: problem.message.clone(),
        at: at(review, Place { document: index, span: problem.span }),
    };
    DocumentReport {
        name: document.name.clone(),
        format: document.format.map(|format| format.id),
        format_title: document.format.map(|format| format.title),
        bytes: document.bytes,
        policies,
        rules,
        facts: review.facts_of(index),
        problem_count: document.problems.total(),
        problems: document.problems.kept().iter().map(problem).collect(),
    }
}

pub(super) fn unresolved(review: &Review) -> Vec<UnresolvedReport> {
    let told = |missing: &crate::review::Missing| UnresolvedReport {
        name: missing.what.name.to_string(),
        at: at(review, missing.at),
        would_settle: missing.what.would_settle.to_string(),
    };
    review.missing().iter().map(told).collect()
}

/// A place as people and editors count.
pub(crate) fn at(review: &Review, place: Place) -> At {
    at_in(usize::try_from(place.document).ok().and_then(|at| review.documents().get(at)), place)
}

fn at_in(document: Option<&Document>, place: Place) -> At {
    let of = |byte| document.map_or(crate::document::Position { line: 1, column: 1 }, |document| document.position(byte));
    let (start, end) = (of(place.span.start), of(place.span.end.max(place.span.start)));
    At { document: place.document, line: start.line, column: start.column, end_line: end.line, end_column: end.column }
}

pub(super) fn headline(subject: &Subject<'_>, findings: &[Finding]) -> String {
    let verdict = subject.judgement.verdict;
    match findings.iter().find(|finding| finding.verdict == verdict && verdict > Verdict::Secure) {
        Some(worst) => worst.message.clone(),
        None if subject.policy.rules.is_empty() => "it has no rules, so it admits nobody".to_owned(),
        None => super::words::quiet(verdict).to_owned(),
    }
}

pub(super) fn exposure_report(subject: &Subject<'_>, exposure: &Exposure, judged: &Judged) -> ExposureReport {
    let (protocol, ports, icmp) = words::service(exposure);
    ExposureReport {
        direction: words::direction(exposure.direction),
        protocol,
        ports,
        services: judged.service.entries.iter().take(SERVICES).map(|entry| entry.service).collect(),
        icmp,
        local: exposure.local.to_string(),
        reach: judged.reach.as_str(),
        reach_text: judged.audience(),
        ipv4: judged.width.public_v4,
        ipv6_64s: judged.width.public_v6.to_string(),
        groups: groups(subject, &exposure.possibly),
        verdict: judged.verdict.as_str(),
        if_open: judged.if_open.map(|(verdict, reach)| IfOpen { verdict: verdict.as_str(), reach: reach.as_str() }),
        decided_by: deciding_rules(subject.policy, exposure, judged),
        witness: witness_report(subject, exposure, judged, None),
        because: judged.because(),
        cell: judged.reason.cell().and_then(CellReport::of),
    }
}

/// The verdict on what a rule lets through, beside the rest of its policy; unknown where that could not be told.
pub(super) fn rule_verdict(subject: &Subject<'_>, admitted: Option<&[Exposure]>) -> Verdict {
    let Some(admitted) = admitted else { return Verdict::Unknown };
    let judged = admitted.iter().map(|exposure| subject.judge.exposure(exposure).verdict);
    judged.max().unwrap_or(Verdict::Secure)
}

fn policy_report(review: &Review, subject: &Subject<'_>, findings: &[Finding]) -> PolicyReport {
    let policy = subject.policy;
    let both = subject.evaluation.exposures.iter().zip(&subject.judgement.exposures);
    let mut alone = Alone::new(policy);
    let rules = policy.rules.iter().zip(&subject.evaluation.effects).zip(0_u32..);
    PolicyReport {
        kind: policy.kind.id(),
        kind_title: policy.kind.title(),
        id: policy.id.as_deref().map(Into::into),
        name: policy.name.as_deref().map(Into::into),
        address: policy.address.as_deref().map(Into::into),
        at: at(review, policy.at),
        verdict: subject.judgement.verdict.as_str(),
        headline: headline(subject, findings),
        partial: policy.partial,
        exposures: both.map(|(exposure, judged)| exposure_report(subject, exposure, judged)).collect(),
        rules: rules.map(|((rule, effect), i)| rule_report(review, subject, rule, *effect, alone.admits(i).as_deref())).collect(),
    }
}

fn rule_report(review: &Review, subject: &Subject<'_>, rule: &Rule, effect: Effect, admitted: Option<&[Exposure]>) -> RuleReport {
    let (protocol, ports, icmp) = words::rule(rule);
    let admitted = if effect.matches_packets() { admitted } else { Some(&[][..]) };
    let admits = admitted.unwrap_or_default().iter().map(|exposure| {
        let (protocol, ports, icmp) = words::service(exposure);
        let reach = subject.judge.exposure(exposure).reach.as_str();
        Admits { protocol, ports, icmp, reach }
    });
    RuleReport {
        id: rule.id.as_deref().map(Into::into),
        name: rule.name.as_deref().map(Into::into),
        address: rule.address.as_deref().map(Into::into),
        description: rule.description.as_deref().map(Into::into),
        priority: rule.priority,
        at: at(review, rule.at),
        direction: words::direction(rule.direction),
        action: words::action(rule.action),
        protocol,
        ports,
        icmp,
        peer: rule.peer.to_string(),
        effect: effect.as_str(),
        admits: admits.collect(),
        verdict: (rule.action == Action::Allow).then(|| rule_verdict(subject, admitted).as_str()),
    }
}

fn groups(subject: &Subject<'_>, sources: &Sources) -> Vec<String> {
    let symbol = |i: &u32| subject.evaluation.symbols.get(usize::try_from(*i).ok()?).map(|symbol| symbol.id.to_string());
    sources.symbols.iter().filter_map(symbol).collect()
}

fn witness_report(subject: &Subject<'_>, exposure: &Exposure, judged: &Judged, about: Option<&Entry>) -> Option<WitnessReport> {
    let packet = witness(subject.evaluation, exposure, judged, about)?;
    Some(WitnessReport {
        source: packet.source,
        protocol: packet.protocol,
        port: packet.port,
        icmp: packet.icmp.map(|(kind, code)| format!("{kind}/{code}")),
    })
}
