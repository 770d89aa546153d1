//! An input of several parts: documents with names, values that are assumed, a question. One text holds them all, so that
//! the mutator can move lines from part to part.
//!
//! A line `=== name` begins a document, `=== ? question` is a question, `=== NAME=VALUE` assumes a value, `=== after` ends
//! the documents before a change. What stands before the first such line is a document that was pasted.

use portcullis_core::formats::Assumptions;
use portcullis_core::review::{Against, Input, Review, review_against};

/// The parts of an input.
#[derive(Default)]
pub struct Bundle {
    pub documents: Vec<Input>,
    /// Those after the change, where there is one.
    pub after: Option<Vec<Input>>,
    pub assumed: Assumptions,
    pub questions: Vec<String>,
}

/// How a line begins that says what the next part is.
pub const MARK: &str = "=== ";
/// More parts than these only cost time.
const PARTS: usize = 12;

impl Bundle {
    /// Takes bytes apart.
    pub fn of(bytes: &[u8]) -> Self {
        let mut bundle = Self::default();
        let mut open = Input { name: "pasted".to_owned(), bytes: Vec::new() };
        for line in bytes.split_inclusive(|byte| *byte == b'\n') {
            let mark = line.strip_prefix(MARK.as_bytes()).and_then(|rest| std::str::from_utf8(rest).ok()).map(str::trim);
            match mark {
                Some(question) if question.starts_with('?') => bundle.questions.push(question[1..].trim().to_owned()),
                Some("after") if bundle.after.is_none() => {
                    bundle.push(open);
                    bundle.after = Some(Vec::new());
                    open = Input::default();
                }
                Some(name) => match name.split_once('=') {
                    Some((name, value)) => drop(bundle.assumed.insert(name.trim().to_owned(), value.trim().to_owned())),
                    None => {
                        bundle.push(open);
                        open = Input { name: name.to_owned(), bytes: Vec::new() };
                    }
                },
                None => open.bytes.extend_from_slice(line),
            }
        }
        bundle.push(open);
        bundle.questions.truncate(PARTS);
        bundle
    }

    fn push(&mut self, input: Input) {
        let documents = self.after.as_mut().unwrap_or(&mut self.documents);
        if !input.bytes.is_empty() && documents.len() < PARTS {
            documents.push(input);
        }
    }

    /// Reviews documents with the values that are assumed.
    pub fn review(&self, documents: Vec<Input>) -> Review {
        let today = "2030-06-15".parse().ok();
        review_against(documents, &self.assumed, Against { baseline: None, today }, &mut |_| {})
    }

    /// The texts, each with its name.
    pub fn texts(&self) -> Vec<(String, String)> {
        let text = |input: &Input| (input.name.clone(), String::from_utf8_lossy(&input.bytes).into_owned());
        self.documents.iter().map(text).collect()
    }
}
