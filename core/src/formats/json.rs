//! A text that is one JSON value, read as a whole.

use serde::de::DeserializeSeed;

use super::recognise;
use super::value::Value;
use crate::syntax::json::{Error, Reader};
use crate::syntax::{Clock, NodeSeed, Tree};

/// The value of a text, also behind a prompt, and what is wrong with the text. What stands before a mistake is kept.
pub(super) fn value(text: &str) -> (Option<Value>, Option<Error>) {
    let clock = Clock::default();
    let mut tree = Tree::default();
    let Some(start) = recognise::next_json(text, 0) else {
        return (None, Some(Error { message: "there is no JSON here".to_owned(), at: 0 }));
    };
    let mut reader = Reader::new(text, start, &clock);
    let read = NodeSeed::root(&mut tree, &clock).deserialize(&mut reader);
    let wrong = read.err().or_else(|| {
        let rest = text.get(reader.position()..).unwrap_or_default();
        let line = rest.lines().find(|line| !recognise::is_terminal_noise(line))?;
        let at = text.len().saturating_sub(rest.len()).saturating_add(rest.find(line).unwrap_or_default());
        Some(Error { message: "more text follows the object".to_owned(), at: u32::try_from(at).unwrap_or(u32::MAX) })
    });
    (tree.root().map(Value::from_node), wrong)
}
