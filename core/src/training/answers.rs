//! What a learner hands in, and keeps as progress: one JSON file of [`ANSWERS_SCHEMA_ID`].
//!
//! It is untrusted. What is wrong in it is told with its place and left out, and the rest is kept. What it claims to have solved
//! is worth nothing until it was graded again.

use serde::Serialize;
use serde::de::DeserializeSeed;

use super::Configuration;
use super::fields::{LINE, shown};
use super::files::{CONFIGURATION, FILES, is_short_name};
use super::prose::refusal;
use crate::document::{Document, Level};
use crate::model::Span;
use crate::syntax::json::Reader;
use crate::syntax::{Clock, NodeRef, NodeSeed, Tree};

/// The identifier of this shape.
pub const ANSWERS_SCHEMA_ID: &str = "portcullis.answers/1";

/// The JSON Schema of a file of answers.
pub const ANSWERS_SCHEMA: &str = include_str!("../../data/answers.schema.json");

/// A file has at most so many bytes.
const BYTES: usize = 8 << 20;
/// So many exercises.
const EXERCISES: usize = 256;

/// A learner's answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Answers {
    /// [`ANSWERS_SCHEMA_ID`].
    pub schema: &'static str,
    /// Who that is, in the learner's own words.
    pub learner: Option<String>,
    /// What the instructor's pack is called; null for the project's exercises.
    pub pack: Option<String>,
    /// One entry for each exercise that was begun.
    pub exercises: Vec<Solved>,
}

/// How far a learner came with an exercise.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Solved {
    /// The exercise's id.
    pub id: String,
    /// Whether the learner's own copy says so.
    pub solved: bool,
    /// How many hints were looked at.
    pub hints: u64,
    /// The least excess so far.
    pub score: Option<u64>,
    /// Whether the solution was looked at.
    pub shown_solution: bool,
    /// The files as the learner left them; null where nothing was written.
    pub answer: Option<Vec<Configuration>>,
}

/// What was read, with the problems in the document.
#[derive(Debug)]
pub struct AnswersRead {
    /// The text and what is wrong with it.
    pub document: Document,
    /// What is right.
    pub answers: Answers,
}

impl Default for Answers {
    fn default() -> Self {
        Self { schema: ANSWERS_SCHEMA_ID, learner: None, pack: None, exercises: Vec::new() }
    }
}

impl Answers {
    /// As a file.
    pub fn write(&self) -> String {
        // Texts and numbers always have a JSON.
        serde_json::to_string_pretty(self).map(|text| text + "\n").unwrap_or_default()
    }
}

/// Reads a file of answers. `name` is what the person calls it.
pub fn answers(name: &str, bytes: Vec<u8>) -> AnswersRead {
    let too_large = bytes.len() > BYTES;
    let mut reading = Reading { document: Document::new(name, if too_large { Vec::new() } else { bytes }) };
    if too_large {
        reading.problem(Span::default(), format!("this file has more than {BYTES} bytes, so nothing of it is read"));
        return AnswersRead { document: reading.document, answers: Answers::default() };
    }
    let text = std::mem::take(&mut reading.document.text);
    let clock = Clock::default();
    let mut tree = Tree::default();
    let mut reader = Reader::new(&text, 0, &clock);
    if let Err(error) = NodeSeed::root(&mut tree, &clock).deserialize(&mut reader) {
        let at = Span { start: error.at, end: error.at };
        reading.problem(at, format!("this is no JSON ({}); export the answers again, what stands before is read", error.message));
    }
    let answers = match tree.root().filter(|root| root.is_map()) {
        Some(root) => reading.answers(root),
        None => {
            reading.problem(Span::default(), format!("these are no answers; they are an object with \"schema\": \"{ANSWERS_SCHEMA_ID}\""));
            Answers::default()
        }
    };
    drop(tree);
    reading.document.text = text;
    AnswersRead { document: reading.document, answers }
}

struct Reading {
    document: Document,
}

impl Reading {
    fn problem(&mut self, at: Span, message: String) {
        self.document.problems.add(Level::Error, at, message);
    }

    fn answers(&mut self, root: NodeRef<'_, '_>) -> Answers {
        let mut answers = Answers::default();
        if root.text_of("schema") != Some(ANSWERS_SCHEMA_ID) {
            let at = root.get("schema").unwrap_or(root).span();
            self.problem(at, format!("`schema` is not \"{ANSWERS_SCHEMA_ID}\", so nothing here is read; export the answers again"));
            return answers;
        }
        self.keys(root, &["schema", "learner", "pack", "exercises"], "answers");
        answers.learner = root.some("learner").and_then(|node| self.line(node, "learner"));
        answers.pack = root.some("pack").and_then(|node| self.line(node, "pack"));
        let list = root.get("exercises").filter(|list| list.is_list());
        if list.is_none() {
            self.problem(root.get("exercises").unwrap_or(root).span(), "`exercises` has to be a list".to_owned());
        }
        for (item, nth) in list.into_iter().flat_map(NodeRef::children).zip(0_usize..) {
            if nth >= EXERCISES {
                self.problem(item.span(), format!("there are more than {EXERCISES} exercises; the rest is left out"));
                break;
            }
            let Some(solved) = self.solved(item) else { continue };
            if answers.exercises.iter().any(|other| other.id == solved.id) {
                self.problem(item.span(), format!("`{}` is answered a second time; the first one counts", solved.id));
            } else {
                answers.exercises.push(solved);
            }
        }
        answers
    }

    fn solved(&mut self, item: NodeRef<'_, '_>) -> Option<Solved> {
        let Some(id) = item.text_of("id").filter(|id| is_short_name(id)) else {
            self.problem(item.get("id").unwrap_or(item).span(), "this entry has no `id` of an exercise, so it is left out".to_owned());
            return None;
        };
        self.keys(item, &["id", "solved", "hints", "score", "shown_solution", "answer"], "an exercise's answer");
        Some(Solved {
            id: id.to_owned(),
            solved: self.flag(item, "solved"),
            hints: self.number(item, "hints").unwrap_or_default(),
            score: self.number(item, "score"),
            shown_solution: self.flag(item, "shown_solution"),
            answer: item.some("answer").and_then(|node| self.files(node)),
        })
    }

    /// All files, or none: half an answer is another answer.
    fn files(&mut self, node: NodeRef<'_, '_>) -> Option<Vec<Configuration>> {
        let files: Vec<Option<Configuration>> = node.children().take(FILES.saturating_add(1)).map(|file| self.file(file)).collect();
        if !node.is_list() || files.is_empty() || files.len() > FILES {
            self.problem(node.span(), format!("`answer` has to be a list of at most {FILES} files, so it is left out"));
            return None;
        }
        files.into_iter().collect()
    }

    fn file(&mut self, file: NodeRef<'_, '_>) -> Option<Configuration> {
        let name = file.text_of("name").filter(|name| refusal(name, LINE).is_none());
        let text = file.text_of("text").filter(|text| text.len() <= CONFIGURATION);
        if name.is_none() {
            self.problem(
                file.get("name").unwrap_or(file).span(),
                "a file of this answer has no `name`, so the answer is left out".to_owned(),
            );
        }
        if text.is_none() {
            let at = file.get("text").unwrap_or(file).span();
            self.problem(at, format!("a file of this answer has no `text` of at most {CONFIGURATION} bytes, so the answer is left out"));
        }
        Some(Configuration { name: name?.to_owned(), text: text?.to_owned() })
    }

    fn keys(&mut self, map: NodeRef<'_, '_>, known: &[&str], what: &str) {
        for child in map.children() {
            let key = child.key().unwrap_or_default();
            if !known.contains(&key) {
                self.problem(child.span(), format!("`{}` is no key of {what}, so it is left out", shown(key)));
            }
        }
    }

    fn line(&mut self, node: NodeRef<'_, '_>, key: &str) -> Option<String> {
        let refused = match node.text() {
            Some(text) => refusal(text, LINE),
            None => Some("is no text; write it in quotes".to_owned()),
        };
        match (refused, node.text()) {
            (None, Some(text)) => Some(text.trim().to_owned()),
            (why, _) => {
                self.problem(node.span(), format!("`{key}` {}", why.unwrap_or_default()));
                None
            }
        }
    }

    fn flag(&mut self, item: NodeRef<'_, '_>, key: &str) -> bool {
        match item.some(key).map(|node| (node.value(), node.span())) {
            None => false,
            Some((crate::syntax::Value::Bool(value), _)) => *value,
            Some((_, at)) => {
                self.problem(at, format!("`{key}` is neither true nor false, so it counts as false"));
                false
            }
        }
    }

    fn number(&mut self, item: NodeRef<'_, '_>, key: &str) -> Option<u64> {
        let node = item.some(key)?;
        let found = node.int().and_then(|number| u64::try_from(number).ok());
        if found.is_none() {
            self.problem(node.span(), format!("`{key}` is no whole number, so it is left out"));
        }
        found
    }
}

#[cfg(test)]
mod tests;
