//! The answer to a question as plain data.

use serde::Serialize;

use super::At;
use super::build::at;
use crate::ask::{Answer, Side, Step, Way};
use crate::exposure::{Mismatch, Outcome, Sources};
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
    /// The protocol's name or number.
    pub protocol: String,
    /// The destination port; null where the protocol has none.
    pub port: Option<u16>,
    /// ICMP `type/code`.
    pub icmp: Option<String>,
    /// `allowed`, `denied`, `partly` or `unknown`.
    pub fate: &'static str,
    /// In one sentence.
    pub said: String,
    /// What would let it through.
    pub suggestion: Option<String>,
    /// From each source to each destination.
    pub ways: Vec<WayReport>,
    /// How many ways more there are.
    pub more: usize,
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
    let [kind, code] = question.port.to_be_bytes();
    AnswerReport {
        schema: ANSWER_SCHEMA_ID,
        source: question.source.clone(),
        destination: question.destination.clone(),
        protocol: Protocol::Number(question.protocol).to_string(),
        port: matches!(question.protocol, 6 | 17 | 132).then_some(question.port),
        icmp: matches!(question.protocol, 1 | 58).then(|| format!("{kind}/{code}")),
        fate: answer.fate.as_str(),
        said: answer.said.clone(),
        suggestion: answer.suggestion.clone(),
        ways: answer.ways.iter().map(|way| way_report(review, way)).collect(),
        more: answer.more,
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
