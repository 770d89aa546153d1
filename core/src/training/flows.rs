//! The second meter: each flow is asked, and a failing one is told with its reason and the line that decides.

use std::net::IpAddr;

use ipnet::IpNet;
use serde::Serialize;

use super::{Exercise, Extent, Flow, Zone};
use crate::ask::{Answer, Fate, Way, ask};
use crate::model::Action;
use crate::report::{self, LineOf, StepReport};
use crate::review::Review;
use crate::space::{AddressSet, public};
use crate::verdict::first_host;

/// What became of a flow.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FlowGrade {
    /// The flow, as the exercise writes it.
    pub flow: String,
    /// Whether it has to pass.
    pub allow: bool,
    /// Why it has to pass, or must not.
    pub because: String,
    /// Whether it does what it should.
    pub passed: bool,
    /// What it does, in one sentence, with its reason.
    pub said: String,
    /// The question that shows it, ready to be asked.
    pub question: String,
    /// The line that decides; null where no line allows it, or nothing is wrong.
    pub decided_by: Option<Deciding>,
}

/// A line, and where people find it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Deciding {
    /// Index of the policy.
    pub policy: u32,
    /// Index of the rule in it.
    pub rule: u32,
    /// Index of the document.
    pub document: u32,
    /// Line, from 1.
    pub line: u32,
    /// Column in UTF-16 units, from 1.
    pub column: u32,
}

/// Client ports that current systems use, all together: Linux takes 32768 to 60999 (ip-sysctl), others 49152 and up (RFC 6335,
/// section 6).
const CLIENTS: (u16, u16) = (32_768, 65_535);

/// Asks one flow.
pub(super) fn flow(review: &Review, exercise: &Exercise, flow: &Flow) -> FlowGrade {
    let said = flow.said();
    let grade = |passed: bool, said: String, question: String, decided_by| FlowGrade {
        flow: flow.said(),
        allow: flow.allow,
        because: flow.because.clone(),
        passed,
        said,
        question,
        decided_by,
    };
    let (Some(source), Some(destination)) = (exercise.zone(&flow.source), exercise.zone(&flow.destination)) else {
        return grade(false, format!("{said} can't be asked: an end of it is no zone"), String::new(), None);
    };
    let spared = exercise.inside(source).union(&exercise.inside(destination));
    let mut shown = String::new();
    for from in names(source) {
        for to in names(destination) {
            let question = format!("{from} -> {to} {}", flow.service);
            let answer = match ask(review, &question) {
                Ok(answer) => answer,
                Err(sentence) => return grade(false, format!("{said} can't be asked: {sentence}"), question, None),
            };
            if let Some(Wrong { does, why, question, at }) = wrong(review, flow, &answer, &spared, &question) {
                return grade(false, format!("{said} {does}: {why}"), question, at);
            }
            shown = question;
        }
    }
    let does = if flow.allow { "gets through" } else { "does not get through" };
    grade(true, format!("{said} {does}, as it should"), shown, None)
}

/// What a question calls a zone: several prefixes are several questions.
fn names(zone: &Zone) -> Vec<String> {
    match &zone.extent {
        Extent::Internet(_) => vec!["internet".to_owned()],
        Extent::Addresses(nets) => nets.iter().map(ToString::to_string).collect(),
        Extent::Group(name) => vec![name.clone()],
    }
}

/// What an answer is that it should not be.
struct Wrong {
    /// What becomes of the flow, in words.
    does: &'static str,
    why: String,
    /// The question that shows it.
    question: String,
    /// The deciding line.
    at: Option<Deciding>,
}

/// Why an answer is not what it should be; `None` where it is.
fn wrong(review: &Review, flow: &Flow, answer: &Answer, spared: &AddressSet, question: &str) -> Option<Wrong> {
    let does = if flow.allow { "does not get through" } else { "gets through and must not" };
    let told = |why: String| Some(Wrong { does, why, question: question.to_owned(), at: None });
    if answer.more_runs > 0 || answer.runs.iter().any(|run| run.more > 0) {
        return told("there are too many ways to look at all of them".to_owned());
    }
    let asked = asked(&answer.question.source).union(&asked(&answer.question.destination));
    let ways = || answer.runs.iter().flat_map(|run| &run.ways);
    let way = ways().find(|way| if flow.allow { !passes(way, flow, &asked, spared) } else { !stops(way, spared) })?;
    if way.fate == Fate::Unknown {
        let does = if flow.allow { "may not get through" } else { "may get through and must not" };
        let (why, at) = unknown(review, answer, way);
        return Some(Wrong { does, at, ..told(why)? });
    }
    if flow.allow && way.fate == Fate::Allowed {
        return told(way.reply.said.clone());
    }
    // Of a part that gets through, one packet shows the line.
    let part = way.admitted.as_ref().filter(|_| !flow.allow && way.fate == Fate::Partly).map(|set| set.difference(spared));
    let (answer, question) = match part.as_ref().and_then(first_host).and_then(|host| single(question, host)) {
        Some(question) => (ask(review, &question).unwrap_or_else(|_| answer.clone()), question),
        None => (answer.clone(), question.to_owned()),
    };
    let told = report::answer(review, &answer);
    let ways = told.ways.iter().find(|way| way.fate == if flow.allow { "denied" } else { "allowed" }).or(told.ways.first());
    let outcome = if flow.allow { "denied" } else { "allowed" };
    // The last layer is the one that the destination's owner looks after.
    let step = ways.and_then(|way| way.steps.iter().rfind(|step| step.outcome == outcome));
    let (why, at) = match (step, step.and_then(|step| step.decided_by.as_ref())) {
        (Some(step), Some(line)) => {
            let verb = if flow.allow { "stops" } else { "allows" };
            (format!("line {} {verb} it, in {}", line.at.line, step.said), Some(deciding(line)))
        }
        (Some(step), None) if flow.allow => (unanswered(step, told.suggestion.as_deref()), None),
        _ => (told.said.clone(), None),
    };
    Some(Wrong { does, why, question, at })
}

/// Why nobody can tell, and the line that may decide.
fn unknown(review: &Review, answer: &Answer, way: &Way) -> (String, Option<Deciding>) {
    let mut policies = way.steps.iter().flat_map(|step| &step.policies).filter_map(|at| usize::try_from(*at).ok());
    let intricate = |at: usize| review.look(at, |subject, _| subject.evaluation.exhausted) == Some(true);
    if policies.any(intricate) {
        return ("a policy on the way is too intricate to be evaluated; write it simpler".to_owned(), None);
    }
    let depends = "depends on what is not in the configuration";
    let told = report::answer(review, answer);
    let steps = told.ways.iter().filter(|way| way.fate == "unknown").flat_map(|way| way.steps.iter().rev());
    match steps.filter_map(|step| Some((step, step.perhaps.first()?))).next() {
        Some((step, line)) => {
            let policy = usize::try_from(line.policy).ok().and_then(|at| review.policy(at));
            let rule = policy.as_ref().zip(usize::try_from(line.rule).ok()).and_then(|(policy, at)| policy.rules.get(at));
            let does = match rule.map(|rule| rule.action) {
                Some(Action::Allow) => "allows it",
                Some(Action::Next) => "passes it on",
                Some(Action::Deny) | None => "denies it",
            };
            (format!("whether line {} {does}, in {}, {depends}", line.at.line, step.said), Some(deciding(line)))
        }
        None => (format!("that {depends}"), None),
    }
}

/// The addresses that an end of a question is; none where it is a name.
fn asked(end: &str) -> AddressSet {
    match end.parse::<IpNet>() {
        Ok(net) => AddressSet::from_nets([net]),
        Err(_) if end == "internet" => public().clone(),
        Err(_) => AddressSet::empty(),
    }
}

/// Whether a flow that has to pass does, its replies included.
fn passes(way: &Way, flow: &Flow, asked: &AddressSet, spared: &AddressSet) -> bool {
    let replies = || {
        let (first, last) = CLIENTS;
        way.reply.said.is_empty() || !matches!(flow.protocol, 6 | 17) || way.reply.passes.iter().any(|run| run.0 <= first && last <= run.1)
    };
    let whole = match (way.fate, &way.admitted) {
        (Fate::Allowed, _) => true,
        // What is missing belongs to a narrower zone.
        (Fate::Partly, Some(admitted)) => asked.difference(spared).is_subset(admitted),
        _ => false,
    };
    whole && replies()
}

/// Whether a flow that must not pass does not.
fn stops(way: &Way, spared: &AddressSet) -> bool {
    match (way.fate, &way.admitted) {
        (Fate::Denied, _) => true,
        // What gets through belongs to a narrower zone.
        (Fate::Partly | Fate::Allowed, Some(admitted)) => admitted.is_subset(spared),
        _ => false,
    }
}

/// The question about one address of a set: at most one end of a flow is addresses.
fn single(question: &str, host: IpAddr) -> Option<String> {
    let (source, rest) = question.split_once(" -> ")?;
    let (destination, service) = rest.rsplit_once(' ')?;
    let is_outside = |name: &str| name == "internet" || name.parse::<IpNet>().is_ok();
    Some(if is_outside(source) { format!("{host} -> {destination} {service}") } else { format!("{source} -> {host} {service}") })
}

fn unanswered(step: &StepReport, suggestion: Option<&str>) -> String {
    match (step.layer, suggestion) {
        (Some(_), Some(suggestion)) => suggestion.to_owned(),
        (Some(_), None) => format!("no line allows it in {}", step.said),
        (None, _) => step.said.clone(),
    }
}

const fn deciding(line: &LineOf) -> Deciding {
    Deciding { policy: line.policy, rule: line.rule, document: line.at.document, line: line.at.line, column: line.at.column }
}
