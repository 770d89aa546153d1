//! Pages of a review: what an interface shows of it, a piece at a time.

use std::collections::HashMap;

use serde::Serialize;

use super::build::{at, counts, document_report, exposure_report, finding, headline, policy, rule_verdict, unresolved};
use super::{At, Counts, DocumentReport, ExposureReport, FindingReport, RuleReport, UnresolvedReport, WitnessReport};
use crate::audits::{Audit, Finding, Subject};
use crate::exposure::{Alone, words};
use crate::review::Review;
use crate::sorting::sort_by_key;
use crate::verdict::Verdict;

/// A part of a longer list.
#[derive(Clone, Debug, Serialize)]
pub struct Page<T> {
    /// How long the whole list is.
    pub total: usize,
    /// The part.
    pub items: Vec<T>,
}

/// Everything but the lists.
#[derive(Clone, Debug, Serialize)]
pub struct Summary {
    /// The headline's verdict.
    pub verdict: Option<&'static str>,
    /// The headline in words.
    pub headline: String,
    /// Policies by verdict.
    pub counts: Counts,
    /// Findings by verdict; secure ones are notes.
    pub findings: Counts,
    /// The documents, each with its first hundred problems.
    pub documents: Vec<DocumentReport>,
    /// What is not in the texts.
    pub unresolved: Vec<UnresolvedReport>,
    /// Interfaces and subnets that are seen through all of their layers.
    pub surfaces: usize,
    /// How much was understood.
    pub judged: Understood,
}

/// How much was understood.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Understood {
    /// All rules.
    pub rules: u64,
    /// Those that depend on what is not in the text or was not understood.
    pub not_understood: usize,
}

/// One line about a policy.
#[derive(Clone, Debug, Serialize)]
pub struct PolicySummary {
    /// Its index in the review.
    pub index: usize,
    /// What kind of thing it is.
    pub kind: &'static str,
    /// What a person calls the kind.
    pub kind_title: &'static str,
    /// The platform's identifier.
    pub id: Option<String>,
    /// What people call it.
    pub name: Option<String>,
    /// The resource's name in a template or plan.
    pub address: Option<String>,
    /// Where it stands.
    pub at: At,
    /// The verdict.
    pub verdict: &'static str,
    /// One sentence.
    pub headline: String,
    /// How many rules it has.
    pub rules: usize,
}

/// A policy with everything about it.
#[derive(Clone, Debug, Serialize)]
pub struct PolicyPage {
    /// The line about it.
    #[serde(flatten)]
    pub summary: PolicySummary,
    /// What it admits.
    pub exposures: Vec<ExposureReport>,
    /// Its rules.
    pub rule_list: Vec<RuleReport>,
    /// Its findings, worst first.
    pub findings: Vec<IndexedFinding>,
}

/// A finding and its place among all.
#[derive(Clone, Debug, Serialize)]
pub struct IndexedFinding {
    /// Its place among all findings, worst first.
    pub index: usize,
    /// The finding.
    #[serde(flatten)]
    pub report: FindingReport,
}

/// The document of an audit.
#[derive(Clone, Debug, Serialize)]
pub struct AuditDoc {
    /// The audit.
    pub id: &'static str,
    /// What it finds.
    pub title: &'static str,
    /// Why it matters.
    pub why: &'static str,
    /// A configuration on which it fires.
    pub dangerous: &'static str,
    /// The same, mended.
    pub secure: &'static str,
    /// What both are written in: the ending of such a file's name.
    pub ending: &'static str,
    /// The approved architecture that has to stand beside both; empty where none has to.
    pub baseline: &'static str,
    /// What to do.
    pub fix: &'static str,
    /// Where to read on.
    pub references: Vec<&'static str>,
}

impl AuditDoc {
    /// The document of `audit`.
    pub fn of(audit: &'static Audit) -> Self {
        let doc = audit.doc();
        Self {
            id: audit.id,
            title: doc.title,
            why: doc.why,
            dangerous: doc.dangerous,
            secure: doc.secure,
            ending: doc.ending,
            baseline: doc.baseline,
            fix: doc.fix,
            references: doc.references.clone(),
        }
    }
}

/// A row of the table of open ports.
#[derive(Clone, Debug, Serialize)]
pub struct ListedPort {
    /// Index of the policy.
    pub policy: usize,
    /// The policy's identifier.
    pub policy_id: Option<String>,
    /// What people call the policy.
    pub policy_name: Option<String>,
    /// `ingress` or `egress`.
    pub direction: &'static str,
    /// As in the exposures.
    pub protocol: String,
    /// As in the exposures.
    pub ports: Option<String>,
    /// As in the exposures.
    pub icmp: Option<String>,
    /// As in the exposures.
    pub services: Vec<&'static str>,
    /// As in the exposures.
    pub reach: &'static str,
    /// As in the exposures.
    pub reach_text: String,
    /// As in the exposures.
    pub groups: Vec<String>,
    /// The verdict.
    pub verdict: &'static str,
    /// The deciding lines.
    pub places: Vec<At>,
    /// One packet that gets in.
    pub witness: Option<WitnessReport>,
}

/// A rule's mark beside the text.
#[derive(Clone, Debug, Serialize)]
pub struct Mark {
    /// Where.
    pub at: At,
    /// The verdict on what the rule lets through; null where it lets nothing through.
    pub verdict: Option<&'static str>,
    /// Index of the policy.
    pub policy: usize,
    /// Index of the rule in its policy.
    pub rule: u32,
    /// Index of the worst finding that the rule decides, in the order of [`findings`].
    pub finding: Option<usize>,
    /// What the rule does, in a sentence.
    pub label: String,
}

/// The summary of a review.
pub fn summary(review: &Review) -> Summary {
    let of = |verdict| review.findings().iter().filter(|key| key.verdict == verdict).count();
    let mut documents: Vec<DocumentReport> =
        review.documents().iter().zip(0_u32..).map(|(document, index)| document_report(review, document, index)).collect();
    documents.iter_mut().for_each(|document| document.problems.truncate(100));
    let policies = counts(review);
    Summary {
        verdict: review.verdict().map(Verdict::as_str),
        headline: super::words::headline(
            policies,
            review.surfaces().len(),
            review.documents().iter().filter(|document| !document.complete).count(),
        ),
        counts: policies,
        findings: Counts {
            dangerous: of(Verdict::Dangerous),
            unknown: of(Verdict::Unknown),
            caution: of(Verdict::Caution),
            secure: of(Verdict::Secure),
        },
        judged: Understood { rules: documents.iter().map(|document| document.rules).sum(), not_understood: review.not_understood() },
        documents,
        surfaces: review.surfaces().len(),
        unresolved: unresolved(review),
    }
}

/// Policies with a verdict (or all), worst first.
pub fn policies(review: &Review, verdict: Option<&str>, offset: usize, count: usize) -> Page<PolicySummary> {
    let ranked = Verdict::WORST_FIRST.into_iter().filter(|rank| verdict.is_none_or(|wanted| rank.as_str() == wanted));
    let chosen: Vec<usize> =
        ranked.flat_map(|rank| (0..review.policies()).filter(move |index| review.verdict_of(*index) == Some(rank))).collect();
    let one = |index: &usize| review.look(*index, |subject, findings| policy_summary(review, *index, subject, findings));
    Page { total: chosen.len(), items: chosen.iter().skip(offset).take(count).filter_map(one).collect() }
}

/// One policy with everything about it.
pub fn policy_page(review: &Review, index: usize) -> Option<PolicyPage> {
    let (summary, findings) = review.look(index, |subject, all| {
        let one = |(nth, own): (usize, &Finding)| {
            let report = finding(review, index, subject, own);
            Some(IndexedFinding { index: review.finding_index(index, nth)?, report })
        };
        (policy_summary(review, index, subject, all), all.iter().enumerate().filter_map(one).collect())
    })?;
    let whole = policy(review, index)?;
    Some(PolicyPage { summary, exposures: whole.exposures, rule_list: whole.rules, findings })
}

/// Findings with a verdict (or all), worst first.
pub fn findings(review: &Review, verdict: Option<&str>, offset: usize, count: usize) -> Page<IndexedFinding> {
    let wanted = |rank: Verdict| verdict.is_none_or(|wanted| rank.as_str() == wanted);
    let chosen = || review.findings().iter().enumerate().filter(|(_, key)| wanted(key.verdict));
    let asked: Vec<(usize, u32, u32)> = chosen().skip(offset).take(count).map(|(index, key)| (index, key.policy, key.nth)).collect();
    let keys: Vec<(u32, u32)> = asked.iter().map(|(_, policy, nth)| (*policy, *nth)).collect();
    let made = by_policy(review, &keys, |policy, subject, all, nth| Some(finding(review, policy, subject, all.get(nth)?)));
    let items = asked.iter().zip(made).filter_map(|((index, ..), report)| Some(IndexedFinding { index: *index, report: report? }));
    Page { total: chosen().count(), items: items.collect() }
}

/// Makes something of each `nth` thing of a policy. A policy is looked at once for all that is asked of it, since it may have
/// thousands of findings; the results have the order of the questions.
fn by_policy<T>(
    review: &Review,
    asked: &[(u32, u32)],
    make: impl Fn(usize, &Subject<'_>, &[Finding], usize) -> Option<T>,
) -> Vec<Option<T>> {
    let mut order: Vec<usize> = (0..asked.len()).collect();
    sort_by_key(&mut order, |at| asked.get(*at).map(|(policy, _)| *policy));
    let mut made: Vec<Option<T>> = asked.iter().map(|_| None).collect();
    for of_one in order.chunk_by(|a, b| asked.get(*a).map(|key| key.0) == asked.get(*b).map(|key| key.0)) {
        let policy = of_one.first().and_then(|at| usize::try_from(asked.get(*at)?.0).ok());
        let Some(policy) = policy else { continue };
        review.look(policy, |subject, findings| {
            for at in of_one {
                let nth = asked.get(*at).and_then(|(_, nth)| usize::try_from(*nth).ok());
                if let (Some(slot), Some(nth)) = (made.get_mut(*at), nth) {
                    *slot = make(policy, subject, findings, nth);
                }
            }
        });
    }
    made
}

/// Exposures with a verdict (or all), worst first.
pub fn ports(review: &Review, verdict: Option<&str>, offset: usize, count: usize) -> Page<ListedPort> {
    let chosen = || review.exposures().iter().filter(|key| verdict.is_none_or(|wanted| key.verdict.as_str() == wanted));
    let keys: Vec<(u32, u32)> = chosen().skip(offset).take(count).map(|key| (key.policy, key.nth)).collect();
    let made = by_policy(review, &keys, |index, subject, _, nth| {
        let exposure = exposure_report(subject, subject.evaluation.exposures.get(nth)?, subject.judgement.exposures.get(nth)?);
        let rule = |i: &u32| subject.policy.rules.get(usize::try_from(*i).ok()?);
        Some(ListedPort {
            policy: index,
            policy_id: subject.policy.id.as_deref().map(Into::into),
            policy_name: subject.policy.name.as_deref().map(Into::into),
            direction: exposure.direction,
            protocol: exposure.protocol,
            ports: exposure.ports,
            icmp: exposure.icmp,
            services: exposure.services,
            reach: exposure.reach,
            reach_text: exposure.reach_text,
            groups: exposure.groups,
            verdict: exposure.verdict,
            places: exposure.decided_by.iter().take(100).filter_map(|i| Some(at(review, rule(i)?.at))).collect(),
            witness: exposure.witness,
        })
    });
    Page { total: chosen().count(), items: made.into_iter().flatten().collect() }
}

/// The marks of the rules that stand in a document, in the order of their policies.
pub fn marks(review: &Review, document: u32, offset: usize, count: usize) -> Page<Mark> {
    let mut items: Vec<Mark> = Vec::new();
    let mut total = 0_usize;
    for index in 0..review.policies() {
        let rules = review.rules_in(index, document);
        let before = total;
        total = total.saturating_add(rules);
        if rules > 0 && items.len() < count && total > offset {
            let skip = offset.saturating_sub(before);
            let left = count.saturating_sub(items.len());
            items.extend(policy_marks(review, index).into_iter().filter(|mark| mark.at.document == document).skip(skip).take(left));
        }
    }
    Page { total, items }
}

fn policy_summary(review: &Review, index: usize, subject: &Subject<'_>, findings: &[Finding]) -> PolicySummary {
    PolicySummary {
        index,
        kind: subject.policy.kind.id(),
        kind_title: subject.policy.kind.title(),
        id: subject.policy.id.as_deref().map(Into::into),
        name: subject.policy.name.as_deref().map(Into::into),
        address: subject.policy.address.as_deref().map(Into::into),
        at: at(review, subject.policy.at),
        verdict: subject.judgement.verdict.as_str(),
        headline: headline(subject, findings),
        rules: subject.policy.rules.len(),
    }
}

fn policy_marks(review: &Review, index: usize) -> Vec<Mark> {
    let look = review.look(index, |subject, findings| {
        let mut alone = Alone::new(subject.policy);
        // Findings of one policy are sorted worst first.
        let mut worst: HashMap<u32, usize> = HashMap::new();
        for (finding, nth) in findings.iter().zip(0_usize..) {
            for rule in &finding.rules {
                worst.entry(*rule).or_insert(nth);
            }
        }
        let rules = subject.policy.rules.iter().zip(&subject.evaluation.effects).zip(0_u32..);
        let marked = rules.map(|((rule, effect), i)| {
            let admitted = if effect.matches_packets() { alone.admits(i) } else { Some(Vec::new()) };
            let nth = worst.get(&i).copied();
            let (protocol, ports, icmp) = words::rule(rule);
            let what = [Some(protocol), ports.or(icmp)].into_iter().flatten().collect::<Vec<_>>().join(" ");
            let way = if rule.direction == crate::model::Direction::Ingress { "from" } else { "to" };
            Mark {
                at: at(review, rule.at),
                verdict: admitted
                    .as_ref()
                    .is_none_or(|admitted| !admitted.is_empty())
                    .then(|| rule_verdict(subject, admitted.as_deref()).as_str()),
                policy: index,
                rule: i,
                finding: nth.and_then(|nth| review.finding_index(index, nth)),
                label: format!("{} {what} {way} {}", words::action(rule.action), rule.peer),
            }
        });
        marked.collect()
    });
    look.unwrap_or_default()
}
