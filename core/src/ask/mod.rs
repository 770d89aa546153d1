//! Questions about single flows: does this packet get from here to there, which line decides, and does the reply come back?
//!
//! Everything stands on [`crate::exposure`]: sets of sources on what the layers admit together, the deciding lines on one
//! packet sent through each layer.

mod nearest;
mod party;
mod question;
mod reply;
mod way;

pub use party::{Party, names};
pub use question::Question;
pub use reply::Reply;
pub use way::{Fate, Passed, Side, Step, Way};

use crate::review::Review;

/// So many ways are looked at; a group may be on thousands of interfaces.
const WAYS: usize = 100;

/// The answer to a question.
#[derive(Clone, Debug)]
pub struct Answer {
    /// What was asked.
    pub question: Question,
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

/// Answers a question about the documents of a review.
///
/// # Errors
///
/// One sentence, where the question can't be read or names something that is not in the documents.
pub fn ask(review: &Review, question: &str) -> Result<Answer, String> {
    let question = Question::read(question)?;
    let sources = Party::find(review, &question.source)?;
    let destinations = Party::find(review, &question.destination)?;
    if sources.iter().chain(&destinations).all(|party| matches!(party, Party::Addresses(..))) {
        return Err(
            "neither end is in the documents, so no policy decides this; name a group, an interface or one of its addresses".to_owned()
        );
    }
    let pairs = sources.iter().flat_map(|source| destinations.iter().map(move |destination| (source, destination)));
    let apart: Vec<(&Party, &Party)> = pairs.filter(|(source, destination)| source != destination || sources.len() == 1).collect();
    let ways: Vec<Way> = apart.iter().take(WAYS).map(|(source, destination)| Way::of(review, source, destination, &question)).collect();
    let fate = Fate::together(ways.iter().map(|way| way.fate));
    let suggestion = ways.iter().find(|way| way.fate == Fate::Denied).and_then(|way| nearest::suggestion(review, way, &question));
    let said = said(&question, fate, &ways);
    Ok(Answer { question, fate, said, more: apart.len().saturating_sub(ways.len()), ways, suggestion })
}

fn said(question: &Question, fate: Fate, ways: &[Way]) -> String {
    let service = way::service(question);
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
