//! Questions about single flows: does this packet get from here to there, which line decides, and does the reply come back?
//!
//! Everything stands on [`crate::exposure`]: sets of sources on what the layers admit together, the deciding lines on one
//! packet sent through each layer.

mod member;
mod nearest;
mod party;
mod question;
mod reply;
mod runs;
mod service;
mod way;

pub use member::Member;
pub use party::{Party, names};
pub use question::{Point, Question};
pub use reply::Reply;
pub use service::Service;
pub use way::{Fate, Passed, Side, Step, Way};

use crate::exposure::words;
use crate::model::Protocol;
use crate::review::Review;

/// So many ways are looked at; a group may be on thousands of interfaces.
const WAYS: usize = 100;

/// So many ways are looked at for all ports of a question together.
const LOOKS: usize = 1_000;

/// The answer to a question.
#[derive(Clone, Debug)]
pub struct Answer {
    /// What was asked.
    pub question: Question,
    /// All ports and ways together.
    pub fate: Fate,
    /// In one sentence.
    pub said: String,
    /// The answer for each run of ports; one where one port was asked about.
    pub runs: Vec<Run>,
    /// How many runs more there may be, at whose ports rules begin or end and that were not looked at.
    pub more_runs: usize,
    /// Who is behind ends that have no addresses here, as sentences.
    pub notes: Vec<String>,
}

/// A run of ports with the same answer.
#[derive(Clone, Debug)]
pub struct Run {
    /// The protocol; `None` is every one that no rule names.
    pub protocol: Option<u8>,
    /// The first port, or the first `type * 256 + code`.
    pub first: u16,
    /// The last one, inclusive.
    pub last: u16,
    /// All ways together.
    pub fate: Fate,
    /// In one sentence.
    pub said: String,
    /// From each source to each destination that was meant.
    pub ways: Vec<Way>,
    /// How many more there are that were not looked at.
    pub more: usize,
    /// What would let it through, where it is denied.
    pub suggestion: Option<String>,
}

impl Answer {
    /// The run that tells most: the first that gets through, else the first.
    pub fn telling(&self) -> Option<&Run> {
        let through = |run: &&Run| matches!(run.fate, Fate::Allowed | Fate::Partly);
        self.runs.iter().find(through).or_else(|| self.runs.first())
    }
}

/// Answers a question about the documents of a review.
///
/// # Errors
///
/// One sentence, where the question can't be read or names something that is not in the documents.
pub fn ask(review: &Review, question: &str) -> Result<Answer, String> {
    let question = Question::read(question)?;
    let sources = Party::find(review, &question.source)?;
    let destinations = Party::find(review, &question.destination)?;
    if sources.iter().chain(&destinations).all(Party::is_outside) {
        return Err(
            "neither end is in the documents, so no policy decides this; name a group, an interface or one of its addresses".to_owned()
        );
    }
    let pairs = sources.iter().flat_map(|source| destinations.iter().map(move |destination| (source, destination)));
    let apart: Vec<(&Party, &Party)> = pairs.filter(|(source, destination)| source != destination || sources.len() == 1).collect();
    let looked: Vec<(&Party, &Party)> = apart.iter().take(WAYS).copied().collect();
    let more = apart.len().saturating_sub(looked.len());
    let ends: Vec<Party> = looked.iter().flat_map(|(source, destination)| [*source, *destination]).cloned().collect();
    let spans = runs::spans(review, &ends, &question);
    let most = LOOKS.checked_div(looked.len()).unwrap_or(LOOKS).max(1);
    let mut found: Vec<(runs::Span, Vec<Way>)> = Vec::new();
    for span in spans.iter().take(most) {
        let ways: Vec<Way> = looked.iter().map(|(source, destination)| Way::of(review, source, destination, &span.point)).collect();
        match found.last_mut() {
            Some((open, before))
                if open.protocol == span.protocol && open.last.checked_add(1) == Some(span.first) && runs::same(before, &ways) =>
            {
                open.last = span.last;
            }
            _ => found.push((*span, ways)),
        }
    }
    let runs: Vec<Run> = found.into_iter().map(|(span, ways)| run(review, &question, span, ways, more)).collect();
    let more_runs = spans.len().saturating_sub(most);
    let unseen = (more_runs > 0).then_some(Fate::Unknown);
    let fate = Fate::together(runs.iter().map(|run| run.fate).chain(unseen));
    let said = match runs.as_slice() {
        [only] if more_runs == 0 => only.said.clone(),
        several => together(&question, fate, several, more_runs),
    };
    let notes = sources.iter().chain(&destinations).filter_map(Party::note).collect();
    Ok(Answer { question, fate, said, runs, more_runs, notes })
}

fn run(review: &Review, question: &Question, span: runs::Span, ways: Vec<Way>, more: usize) -> Run {
    let fate = Fate::together(ways.iter().map(|way| way.fate));
    let runs::Span { protocol, first, last, point } = span;
    let denied = ways.iter().find(|way| way.fate == Fate::Denied).filter(|_| protocol.is_some());
    let suggestion = denied.and_then(|way| nearest::suggestion(review, way, &point));
    let service = if protocol.is_some() && first == last { way::service(&point) } else { service(protocol, first, last) };
    Run { said: said(question, &service, fate, &ways), protocol, first, last, fate, ways, more, suggestion }
}

/// A run of ports with its protocol, as people say it.
fn service(protocol: Option<u8>, first: u16, last: u16) -> String {
    let Some(number) = protocol else { return "every other protocol".to_owned() };
    let name = Protocol::Number(number).to_string();
    let (ports, icmp) = words::selected(number, first, last);
    words::named(&name, ports.as_deref(), icmp.as_deref())
}

fn said(question: &Question, service: &str, fate: Fate, ways: &[Way]) -> String {
    let (from, to) = (&question.source, &question.destination);
    let through = ways.iter().filter(|way| way.fate == Fate::Allowed).count();
    match fate {
        Fate::Allowed => format!("allowed: {from} reaches {to} on {service}"),
        Fate::Denied => format!("denied: {from} does not reach {to} on {service}"),
        Fate::Partly if ways.len() > 1 => format!("partly: {from} reaches {to} on {service} in {through} of {} ways", ways.len()),
        Fate::Partly => format!("partly: some of {from} reaches {to} on {service}"),
        Fate::Unknown => format!("unknown: whether {from} reaches {to} on {service} depends on what is not in the documents"),
    }
}

/// Several runs in one sentence.
fn together(question: &Question, fate: Fate, runs: &[Run], more: usize) -> String {
    const NAMED: usize = 6;
    let (from, to) = (&question.source, &question.destination);
    let list = |wanted: Fate| {
        let here: Vec<String> =
            runs.iter().filter(|run| run.fate == wanted).map(|run| service(run.protocol, run.first, run.last)).collect();
        let named = here.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", ");
        match here.len().saturating_sub(NAMED) {
            _ if here.is_empty() => None,
            0 => Some(named),
            rest => Some(format!("{named} and {rest} more")),
        }
    };
    let parts = [
        list(Fate::Allowed).map(|list| format!("{from} reaches {to} on {list}")),
        list(Fate::Partly).map(|list| format!("some of {from} reaches {to} on {list}")),
        list(Fate::Unknown).map(|list| format!("whether it does on {list} depends on what is not in the documents")),
        list(Fate::Denied).map(|list| format!("{from} does not reach {to} on {list}")),
        (more > 0).then(|| format!("{more} runs of ports more were not looked at")),
    ];
    format!("{}: {}", fate.as_str(), parts.into_iter().flatten().collect::<Vec<_>>().join("; "))
}
