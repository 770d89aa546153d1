//! From text to policies. One file per format; the list of formats is explicit, since link-time registration does not
//! work in wasm.

mod aws;
mod recognise;
mod stream;

use crate::document::{Document, Format, Level};
use crate::model::{Policy, Span, Unresolved};
use crate::syntax::json::{Error, Reader};
use crate::syntax::{Clock, Tree};

pub use stream::{Element, Envelope};

/// Every format, in the order in which they are described to people.
pub const FORMATS: &[&Format] =
    &[&aws::SECURITY_GROUPS, &aws::SECURITY_GROUP_RULES, &aws::IP_PERMISSIONS, &aws::CONFIG_ITEMS, &aws::CLOUDTRAIL];

/// A policy as it was read.
pub struct Read {
    /// The policy.
    pub policy: Policy,
    /// Where it can be read again by itself, so that it need not be kept.
    pub again: Option<Span>,
}

/// Reads a document: policies go to `emit` as soon as they are complete, problems into the document. `progress` is told
/// how many bytes are done.
pub fn read(document: &mut Document, index: u32, progress: &mut dyn FnMut(u32), emit: &mut dyn FnMut(Read)) {
    let text = std::mem::take(&mut document.text);
    let mut problems = std::mem::take(&mut document.problems);
    if let Some(what) = recognise::not_text(&text) {
        problems.add(Level::Error, Span::default(), what);
        document.complete = false;
    } else {
        let mut reading = aws::Reading::new(index, &mut problems, emit);
        let complete = json_documents(&text, &mut reading, progress);
        let (format, all_judged) = reading.finish();
        document.format = format;
        document.complete = complete && all_judged;
        if document.format.is_none() {
            document.complete = false;
            if problems.errors() == 0 {
                problems.add(Level::Error, recognise::start(&text), recognise::unknown(&text));
            }
        }
    }
    document.text = text;
    document.problems = problems;
}

/// Reads one policy again that [`read`] said can be read by itself.
pub fn read_again(document: &Document, index: u32, span: Span) -> Option<Policy> {
    let clock = Clock::default();
    let mut reader = Reader::new(&document.text, usize::try_from(span.start).ok()?, &clock);
    let mut tree = Tree::default();
    // A tree cut off by an error is what was read the first time, too.
    let cut = serde::de::DeserializeSeed::deserialize(crate::syntax::NodeSeed::root(&mut tree, &clock), &mut reader).is_err();
    let mut ignored = crate::document::Problems::default();
    aws::read_group_again(tree.root()?, index, cut, &mut ignored)
}

/// Reads the JSON values of a text one after the other: pages of one listing are commonly concatenated, and a shell
/// prompt often stands before them. Whether all could be read.
fn json_documents(text: &str, reading: &mut aws::Reading<'_>, progress: &mut dyn FnMut(u32)) -> bool {
    let clock = Clock::default();
    let (mut rest, mut scratch) = (Tree::default(), Tree::default());
    let mut from = 0_usize;
    while let Some(start) = recognise::next_json(text, from) {
        reading.passed_over(text, from, start);
        rest.clear();
        scratch.clear();
        let mut reader = Reader::new(text, start, &clock);
        let mut each = |element: Element<'_, '_>| {
            reading.element(&element);
            progress(clock.end.get());
        };
        let envelope = Envelope::root(&mut rest, &mut scratch, &clock, &mut each);
        let outcome = serde::de::DeserializeSeed::deserialize(envelope, &mut reader);
        let tolerated = std::mem::take(&mut reader.tolerated);
        from = reader.position();
        for Error { message, at } in tolerated {
            reading.warn(Span { start: at, end: at.saturating_add(1) }, message);
        }
        if let Some(root) = rest.root() {
            reading.remainder(root, outcome.is_err());
        }
        reading.duplicates(&rest);
        if let Err(Error { message, at }) = outcome {
            reading.broken(Span { start: at, end: at.saturating_add(1) }, message);
            return false;
        }
    }
    reading.passed_over(text, from, text.len());
    true
}

/// What stands for the part of a text that was never read: it could admit anything.
fn cut_off() -> Unresolved {
    Unresolved {
        name: "the part that could not be read".into(),
        would_settle: "the whole text, so that all of its rules can be read".into(),
    }
}
