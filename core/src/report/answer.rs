//! The answer to a question as plain data.

use serde::Serialize;

use super::At;
use super::build::at;
use crate::ask::{Answer, Run, Service, Side, Step, Way};
use crate::exposure::{Mismatch, Outcome, Sources, words};
use crate::model::Protocol;
use crate::review::Review;
use crate::space::AddressSet;
use crate::verdict::Width;

/// The identifier of this shape.
pub const ANSWER_SCHEMA_ID: &str = "portcullis.answer/1";

/// The JSON Schema of an answer.
pub const ANSWER_SCHEMA: &str = include_str!("../../data/answer.schema.json");

/// An answer.
#[derive(Clone, Debug, Serialize)]
pub struct AnswerReport {
    /// [`ANSWER_SCHEMA_ID`].
    pub schema: &'static str,
    /// Where from, as it was asked.
    pub source: String,
    /// Where to.
    pub destination: String,
    /// The protocol's name or number; of several the names with commas, and `any` for every one.
    pub protocol: String,
    /// The destination port; null where the protocol has none, or where several were asked about.
    pub port: Option<u16>,
    /// ICMP `type/code`.
    pub icmp: Option<String>,
    /// `allowed`, `denied`, `partly` or `unknown`.
    pub fate: &'static str,
    /// In one sentence.
    pub said: String,
    /// What would let it through; of several runs of ports that of the one whose ways are shown.
    pub suggestion: Option<String>,
    /// From each source to each destination; of several runs of ports for the first that gets through, else for the first.
    pub ways: Vec<WayReport>,
    /// How many ways more there are.
    pub more: usize,
    /// The answer for each run of ports; one where one port was asked about.
    pub runs: Vec<RunReport>,
    /// How many runs more were not looked at.
    pub more_runs: usize,
    /// Who is behind ends that have no addresses in the documents, such as service tags; as sentences.
    pub notes: Vec<String>,
}

/// A run of ports with the same answer.
#[derive(Clone, Debug, Serialize)]
pub struct RunReport {
    /// The protocol's name or number; `other` is every one that no rule names.
    pub protocol: String,
    /// `443`, `8000-8010` or `all`; null where the protocol has no ports.
    pub ports: Option<String>,
    /// ICMP `type/code`, from and to; null for other protocols.
    pub icmp: Option<String>,
    /// As of the answer.
    pub fate: &'static str,
    /// In one sentence.
    pub said: String,
    /// What would let it through.
    pub suggestion: Option<String>,
    /// From each source to each destination; empty where the answer has one run, whose ways are the answer's.
    pub ways: Vec<WayReport>,
}

/// One way.
#[derive(Clone, Debug, Serialize)]
pub struct WayReport {
    /// From where.
    pub source: String,
    /// To where.
    pub destination: String,
    /// As of the answer.
    pub fate: &'static str,
    /// The other end's address in the packet whose steps are shown; null where only its groups are known.
    pub address: Option<String>,
    /// Of a set of addresses, the part that gets through: at most twenty prefixes.
    pub admitted: Option<Vec<String>>,
    /// That part in words.
    pub admitted_text: Option<String>,
    /// The layers it meets, in their order.
    pub steps: Vec<StepReport>,
    /// What becomes of the replies; empty where every layer remembers connections.
    pub reply: String,
    /// The client's ports to which replies come back, such as `32768-60999`.
    pub reply_ports: Vec<String>,
}

/// One layer.
#[derive(Clone, Debug, Serialize)]
pub struct StepReport {
    /// `leaving` or `entering`.
    pub side: &'static str,
    /// `subnet`, `interface`, `host`; null for routes and public addresses.
    pub layer: Option<&'static str>,
    /// What it is.
    pub said: String,
    /// `allowed`, `denied` or `unknown`.
    pub outcome: &'static str,
    /// The deciding line; null where no line admits the packet.
    pub decided_by: Option<LineOf>,
    /// Lines that may decide.
    pub perhaps: Vec<LineOf>,
    /// Lines that did not match.
    pub passed: Vec<PassedReport>,
}

/// A rule by its place in the review.
#[derive(Clone, Debug, Serialize)]
pub struct LineOf {
    /// Index of the policy.
    pub policy: u32,
    /// Index of the rule in it.
    pub rule: u32,
    /// Where it stands.
    pub at: At,
}

/// A line that did not match.
#[derive(Clone, Debug, Serialize)]
pub struct PassedReport {
    /// The line.
    #[serde(flatten)]
    pub line: LineOf,
    /// Why not.
    pub why: &'static str,
}

/// So many lines that did not match are listed for a layer.
const PASSED: usize = 200;

/// An answer as data.
pub fn answer(review: &Review, answer: &Answer) -> AnswerReport {
    let question = &answer.question;
    let telling = answer.telling();
    let single = match answer.runs.as_slice() {
        [run] if run.first == run.last && answer.more_runs == 0 => run.protocol.map(|protocol| (protocol, run.first)),
        _ => None,
    };
    let name = |service: &Service| service.protocol.map_or_else(|| "any".to_owned(), |number| Protocol::Number(number).to_string());
    let names: Vec<String> = question.services.iter().map(name).collect();
    let several = answer.runs.len() > 1;
    AnswerReport {
        schema: ANSWER_SCHEMA_ID,
        source: question.source.clone(),
        destination: question.destination.clone(),
        protocol: names.join(", "),
        port: single.filter(|(protocol, _)| matches!(protocol, 6 | 17 | 132)).map(|(_, port)| port),
        icmp: single.filter(|(protocol, _)| matches!(protocol, 1 | 58)).map(|(_, port)| {
            let [kind, code] = port.to_be_bytes();
            format!("{kind}/{code}")
        }),
        fate: answer.fate.as_str(),
        said: answer.said.clone(),
        suggestion: telling.and_then(|run| run.suggestion.clone()),
        ways: telling.map(|run| ways(review, run)).unwrap_or_default(),
        more: telling.map(|run| run.more).unwrap_or_default(),
        runs: answer.runs.iter().map(|run| run_report(review, run, several)).collect(),
        more_runs: answer.more_runs,
        notes: answer.notes.clone(),
    }
}

fn ways(review: &Review, run: &Run) -> Vec<WayReport> {
    run.ways.iter().map(|way| way_report(review, way)).collect()
}

fn run_report(review: &Review, run: &Run, several: bool) -> RunReport {
    let (ports, icmp) = run.protocol.map(|number| words::selected(number, run.first, run.last)).unwrap_or_default();
    RunReport {
        protocol: run.protocol.map_or_else(|| "other".to_owned(), |number| Protocol::Number(number).to_string()),
        ports,
        icmp,
        fate: run.fate.as_str(),
        said: run.said.clone(),
        suggestion: run.suggestion.clone(),
        ways: if several { ways(review, run) } else { Vec::new() },
    }
}

fn way_report(review: &Review, way: &Way) -> WayReport {
    let ports = way.reply.passes.iter().map(|(first, last)| crate::exposure::words::ports(*first, *last));
    WayReport {
        source: way.source.clone(),
        destination: way.destination.clone(),
        fate: way.fate.as_str(),
        address: way.packet.peer.address.map(|address| address.to_string()),
        admitted: way.admitted.as_ref().map(|set| set.to_nets().iter().take(20).map(ToString::to_string).collect()),
        admitted_text: way
            .admitted
            .as_ref()
            .map(|set| Width::of(&Sources::new(set.clone(), Vec::new()), &[], &AddressSet::empty()).describe()),
        steps: way.steps.iter().map(|step| step_report(review, step)).collect(),
        reply: way.reply.said.clone(),
        reply_ports: if way.reply.said.is_empty() { Vec::new() } else { ports.collect() },
    }
}

fn step_report(review: &Review, step: &Step) -> StepReport {
    let line = |(policy, rule): (u32, u32)| line(review, policy, rule);
    StepReport {
        side: match step.side {
            Side::Leaving => "leaving",
            Side::Entering => "entering",
        },
        layer: step.kind.map(crate::surface::LayerKind::as_str),
        said: step.said.clone(),
        outcome: match step.outcome {
            Outcome::Allowed => "allowed",
            Outcome::Denied => "denied",
            Outcome::Unknown => "unknown",
        },
        decided_by: step.decided_by.and_then(line),
        perhaps: step.perhaps.iter().copied().filter_map(line).collect(),
        passed: step
            .passed
            .iter()
            .take(PASSED)
            .filter_map(|passed| Some(PassedReport { line: line((passed.policy, passed.rule))?, why: why(passed.why) }))
            .collect(),
    }
}

fn line(review: &Review, policy: u32, rule: u32) -> Option<LineOf> {
    let place = review.policy(usize::try_from(policy).ok()?)?.rules.get(usize::try_from(rule).ok()?)?.at;
    Some(LineOf { policy, rule, at: at(review, place) })
}

const fn why(mismatch: Mismatch) -> &'static str {
    match mismatch {
        Mismatch::Disabled => "it is switched off",
        Mismatch::Protocol => "it is about another protocol",
        Mismatch::Ports => "it is about other ports or messages",
        Mismatch::Peer => "it is about another end",
        Mismatch::Local => "it is about another part of what is protected",
        Mismatch::PassedOn => "an earlier rule left the packet to the next layer",
    }
}
