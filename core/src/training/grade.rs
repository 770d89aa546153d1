//! The three meters together, and what a change of the answer broke.

use serde::Serialize;

use super::excess::{Amount, excess};
use super::flows::flow;
use super::{Configuration, Exercise, FlowGrade, Surplus};
use crate::audits::{Finding, Subject};
use crate::formats::Assumptions;
use crate::report::{self, DocumentReport};
use crate::review::{Against, Input, Review, review_against};
use crate::verdict::{Verdict, grouped};

/// The identifier of this shape.
pub const GRADE_SCHEMA_ID: &str = "portcullis.grade/1";

/// The JSON Schema of a grade beside an earlier one.
pub const GRADE_SCHEMA: &str = include_str!("../../data/grade.schema.json");

/// So many pieces of excess are listed.
const LISTED: usize = 50;

/// How an answer does.
#[derive(Clone, Debug, Serialize)]
pub struct Grade {
    /// [`GRADE_SCHEMA_ID`].
    pub schema: &'static str,
    /// The exercise's id.
    pub exercise: String,
    /// Its title.
    pub title: String,
    /// Whether all three meters are full.
    pub passed: bool,
    /// In one sentence.
    pub said: String,
    /// The first meter.
    pub verdicts: Verdicts,
    /// The second.
    pub connectivity: Connectivity,
    /// The third.
    pub least_privilege: LeastPrivilege,
    /// The golf score, a decimal string: the excess of an answer that passes. Less is better.
    pub score: Option<String>,
    /// The answer as it was read, with its problems.
    pub documents: Vec<DocumentReport>,
}

/// Nothing dangerous, nothing unknown.
#[derive(Clone, Debug, Serialize)]
pub struct Verdicts {
    /// Whether the meter is full.
    pub full: bool,
    /// The verdict; null where there is nothing to judge.
    pub verdict: Option<&'static str>,
    /// In one sentence.
    pub said: String,
}

/// What has to pass does, what must not does not.
#[derive(Clone, Debug, Serialize)]
pub struct Connectivity {
    /// Whether the meter is full.
    pub full: bool,
    /// How many flows do what they should.
    pub passed: usize,
    /// In one sentence.
    pub said: String,
    /// Each flow, in the order of the exercise.
    pub flows: Vec<FlowGrade>,
}

/// Little more than what is needed.
#[derive(Clone, Debug, Serialize)]
pub struct LeastPrivilege {
    /// Whether the meter is full.
    pub full: bool,
    /// How much is tolerated.
    pub slack: u64,
    /// IPv4 addresses x ports.
    pub ipv4: u64,
    /// IPv6 /64s x ports, as a decimal string.
    pub ipv6_64s: String,
    /// Groups x ports.
    pub groups: u64,
    /// All of it, as a decimal string.
    pub total: String,
    /// In one sentence.
    pub said: String,
    /// The largest pieces first, at most fifty.
    pub excess: Vec<Surplus>,
}

/// Grades an answer: the documents of a learner, judged together, against the exercise's baseline and no other.
pub fn grade(exercise: &Exercise, answer: Vec<Input>) -> Grade {
    let own = answer.len();
    let review = reviewed(exercise, answer);
    let (verdicts, connectivity, least_privilege) =
        (verdicts(exercise, &review, own), connectivity(exercise, &review), least(exercise, &review));
    let passed = verdicts.full && connectivity.full && least_privilege.full;
    let lacking: Vec<&str> =
        [(verdicts.full, &verdicts.said), (connectivity.full, &connectivity.said), (least_privilege.full, &least_privilege.said)]
            .into_iter()
            .filter_map(|(full, said)| (!full).then_some(said.as_str()))
            .collect();
    let said = match lacking.as_slice() {
        [] => format!("solved, with an excess of {}", least_privilege.total),
        _ => format!("not yet: {}", lacking.join("; ")),
    };
    Grade {
        schema: GRADE_SCHEMA_ID,
        exercise: exercise.id.clone(),
        title: exercise.title.clone(),
        passed,
        said,
        score: passed.then(|| least_privilege.total.clone()),
        verdicts,
        connectivity,
        least_privilege,
        documents: report::documents(&review),
    }
}

/// What an answer mends and breaks beside an earlier one to the same exercise, each in a sentence.
pub fn regressions(before: &Grade, now: &Grade) -> Vec<String> {
    let pairs = || {
        before.connectivity.flows.iter().zip(&now.connectivity.flows).filter(|(old, new)| old.flow == new.flow && old.allow == new.allow)
    };
    let mended: Vec<&str> = pairs().filter(|(old, new)| !old.passed && new.passed).map(|(_, new)| new.flow.as_str()).collect();
    let broken = pairs().filter(|(old, new)| old.passed && !new.passed).map(|(_, new)| new);
    let start = match mended.as_slice() {
        [] => "what worked before is broken".to_owned(),
        [one] => format!("that fixed {one}"),
        [one, rest @ ..] => format!("that fixed {one} and {} more", rest.len()),
    };
    let but = if mended.is_empty() { ":" } else { ", but" };
    let told = |(flow, nth): (&FlowGrade, usize)| match (nth, flow.allow) {
        (0, true) => format!("{start}{but} {} no longer works", flow.flow),
        (0, false) => format!("{start}{but} {} is open again", flow.flow),
        (_, true) => format!("{} no longer works, either", flow.flow),
        (_, false) => format!("{} is open again, too", flow.flow),
    };
    broken.zip(0_usize..).map(told).collect()
}

/// The review of an answer, which is what its meters stand on. The exercise's baseline is the last of its documents.
pub(super) fn reviewed(exercise: &Exercise, answer: Vec<Input>) -> Review {
    let against = Against { baseline: exercise.baseline.as_ref().map(Configuration::input), today: exercise.today };
    review_against(answer, &Assumptions::new(), against, &mut |_| {})
}

fn verdicts(exercise: &Exercise, review: &Review, own: usize) -> Verdicts {
    let verdict = review.verdict();
    let settled =
        review.documents().iter().take(own).any(|document| document.format.is_some_and(|format| format.id == "portcullis-baseline"));
    let spoken = spoken(exercise, review);
    let full = !settled && spoken.is_none() && verdict.is_some_and(|verdict| verdict < exercise.forbid && verdict != Verdict::Unknown);
    let said = match verdict {
        _ if settled => "your own baseline approves nothing in an exercise; leave it out".to_owned(),
        None => "there is nothing to judge".to_owned(),
        Some(Verdict::Secure) if full => "everything here is secure".to_owned(),
        Some(verdict) if full => format!("nothing here is worse than {}", verdict.as_str()),
        Some(verdict) => match spoken {
            Some(told) if verdict < exercise.forbid => told,
            _ => worst(exercise, review, verdict).unwrap_or_else(|| format!("{}: {}", verdict.as_str(), report::summary(review).headline)),
        },
    };
    Verdicts { full, verdict: verdict.map(Verdict::as_str), said }
}

/// The finding that makes the verdict, with its line, and how many there are to mend beside it.
fn worst(exercise: &Exercise, review: &Review, verdict: Verdict) -> Option<String> {
    let key = review.findings().first().filter(|key| key.verdict == verdict)?;
    let (policy, nth) = (usize::try_from(key.policy).ok()?, usize::try_from(key.nth).ok()?);
    let told = |subject: &Subject<'_>, findings: &[Finding]| {
        let finding = report::finding(review, policy, subject, findings.get(nth)?);
        let line = finding.places.first().map(|at| format!(" (line {})", at.line)).unwrap_or_default();
        Some(format!("{}: {}{line}", verdict.as_str(), finding.message))
    };
    let told = review.look(policy, told)??;
    let counts = |own: Verdict| own >= exercise.forbid || own == Verdict::Unknown;
    let more = review.findings().iter().filter(|key| counts(key.verdict)).count().saturating_sub(1);
    Some(if more > 0 { format!("{told}; and {more} more to mend") } else { told })
}

/// What an audit says that has to fall silent.
fn spoken(exercise: &Exercise, review: &Review) -> Option<String> {
    let told = |findings: &[Finding]| {
        let own = findings.iter().find(|finding| exercise.silence.iter().any(|id| finding.audit.id == id))?;
        Some(format!("{} [{}]", own.message, own.audit.id))
    };
    (0..review.policies()).find_map(|index| review.look(index, |_, findings| told(findings))?)
}

fn connectivity(exercise: &Exercise, review: &Review) -> Connectivity {
    let flows: Vec<FlowGrade> = exercise.flows.iter().map(|own| flow(review, exercise, own)).collect();
    let passed = flows.iter().filter(|flow| flow.passed).count();
    let said = match flows.iter().find(|flow| !flow.passed) {
        None => format!("all {} flows do what they should", flows.len()),
        Some(first) => format!("{passed} of {} flows do what they should; {}", flows.len(), first.said),
    };
    Connectivity { full: passed == flows.len(), passed, said, flows }
}

fn least(exercise: &Exercise, review: &Review) -> LeastPrivilege {
    let (amount, mut list, exact) = excess(review, exercise);
    list.truncate(LISTED);
    let total = amount.total();
    let full = exact && total <= u128::from(exercise.slack);
    let number = |count: u128| u64::try_from(count).unwrap_or(u64::MAX);
    let said = match () {
        () if !exact => "a policy is too intricate to be measured; write it simpler".to_owned(),
        () if total == 0 => "nothing is allowed that nobody needs".to_owned(),
        () if full => format!("you allow {} that nobody needs, which is little enough", in_words(&amount)),
        () => format!("you allow {} that nobody needs; {} are tolerated", in_words(&amount), grouped(u128::from(exercise.slack))),
    };
    LeastPrivilege {
        full,
        slack: exercise.slack,
        ipv4: number(amount.v4),
        ipv6_64s: amount.v6.to_string(),
        groups: number(amount.groups),
        total: total.to_string(),
        said,
        excess: list,
    }
}

fn in_words(amount: &Amount) -> String {
    let parts = [(amount.v4, "IPv4 addresses"), (amount.v6, "IPv6 /64s"), (amount.groups, "groups")];
    let told = parts.into_iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{} {what} x ports", grouped(count)));
    told.collect::<Vec<_>>().join(" and ")
}
