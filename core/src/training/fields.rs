//! The fields of an exercise's tables, each with its problem where it is not what it should be.

use super::prose::refusal;
use crate::document::{Document, Level};
use crate::model::Span;
use crate::syntax::toml::{Pair, Table, Value, tables};

/// So many of everything that an exercise lists.
pub(super) const LISTED: usize = 64;
/// A line of text has at most so many bytes.
pub(super) const LINE: usize = 400;
/// What the learner takes along, in characters: it fits below the title.
pub(super) const IDEA: usize = 80;

/// The text at hand.
pub(super) struct Reading {
    pub(super) document: Document,
}

impl Reading {
    pub(super) fn new(name: &str, bytes: Vec<u8>) -> Self {
        Self { document: Document::new(name, bytes) }
    }

    pub(super) fn problem(&mut self, at: Span, message: String) {
        self.document.problems.add(Level::Error, at, message);
    }

    /// The tables, and whether all of the text is TOML.
    pub(super) fn tables(&mut self) -> (Vec<Table>, bool) {
        let (tables, broken) = tables(&self.document.text);
        for error in &broken {
            self.problem(error.at, format!("this is no TOML ({}); mend it, until then no exercise here counts", error.message));
        }
        (tables, broken.is_empty())
    }

    pub(super) fn few(&mut self, table: &Table, count: usize, what: &str) -> bool {
        if count > LISTED {
            self.problem(table.at, format!("an exercise has at most {LISTED} {what}"));
        }
        count <= LISTED
    }

    pub(super) fn keys(&mut self, table: &Table, known: impl Fn(&str) -> bool, what: &str) {
        for (pair, nth) in table.pairs.iter().zip(0_usize..) {
            if !known(&pair.key) {
                self.problem(pair.key_at, format!("`{}` is no key of {what}", shown(&pair.key)));
            } else if table.pairs.iter().take(nth).any(|other| other.key == pair.key) {
                self.problem(pair.key_at, format!("`{}` was given before; keep one of the two", pair.key));
            }
        }
    }

    /// A line of text that has to be there.
    pub(super) fn text(&mut self, table: &Table, key: &str) -> Option<String> {
        let problem = match find(table, key).map(|pair| (&pair.value, pair.at)) {
            Some((Value::Text(text), at)) => match refusal(text, LINE) {
                None => return Some(text.trim().to_owned()),
                Some(why) => (at, format!("`{key}` {why}")),
            },
            Some((_, at)) => (at, format!("`{key}` is no text; write it in quotes")),
            None => (table.at, format!("`{key}` is missing")),
        };
        self.problem(problem.0, problem.1);
        None
    }

    /// The idea, which may be missing.
    pub(super) fn idea(&mut self, head: &Table) -> String {
        let Some(pair) = find(head, "idea") else { return String::new() };
        let idea = self.text(head, "idea").unwrap_or_default();
        if idea.chars().count() > IDEA {
            self.problem(pair.at, format!("`idea` has more than {IDEA} characters; make it shorter"));
        }
        idea
    }

    /// A list of words, which may be missing.
    pub(super) fn list(&mut self, table: &Table, key: &str) -> Vec<String> {
        let Some(pair) = find(table, key) else { return Vec::new() };
        let word = |value: &Value| match value {
            Value::Text(text) => refusal(text, LINE).is_none().then(|| text.clone()),
            _ => None,
        };
        let words = match &pair.value {
            Value::List(items) if items.len() <= LISTED => items.iter().map(|(value, _)| word(value)).collect(),
            _ => None,
        };
        words.unwrap_or_else(|| {
            self.problem(pair.at, format!("`{key}` has to be a list of at most {LISTED} words in quotes"));
            Vec::new()
        })
    }
}

/// The pair with a key.
pub(super) fn find<'t>(table: &'t Table, key: &str) -> Option<&'t Pair> {
    table.pairs.iter().find(|pair| pair.key == key)
}

/// A piece of the text for a sentence.
pub(super) fn shown(text: &str) -> String {
    text.chars().take(60).flat_map(char::escape_debug).collect()
}
