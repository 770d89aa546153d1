//! The files of an exercise: what is mended, what passes, and the baseline beside them.

use super::fields::{LISTED, Reading, find};
use super::prose::refusal;
use super::{Configuration, Parts};
use crate::baseline::Date;
use crate::model::Span;
use crate::syntax::toml::{Table, Value};

/// A story, or what comes after.
const STORY: usize = 4_000;
/// A configuration.
pub(super) const CONFIGURATION: usize = 256 << 10;
/// So many of them.
pub(super) const FILES: usize = 8;

/// What stands beside the TOML in a folder, and in it in a pack.
#[derive(Default)]
pub(super) struct Texts {
    pub(super) id: String,
    pub(super) story: String,
    pub(super) lesson: String,
    pub(super) start: Vec<Configuration>,
    pub(super) solution: Vec<Configuration>,
    pub(super) baseline: Option<Configuration>,
}

impl Texts {
    /// Those of a folder, whose README was taken apart.
    pub(super) fn of(parts: Parts<'_>, (story, lesson): (String, String)) -> Self {
        let all = |files: &[(&str, &str)]| files.iter().map(|(name, text)| configuration(name, text)).collect();
        Self {
            id: parts.id.to_owned(),
            story,
            lesson,
            start: all(parts.start),
            solution: all(parts.solution),
            baseline: parts.baseline.map(baseline),
        }
    }
}

fn configuration(name: &str, text: &str) -> Configuration {
    Configuration { name: name.to_owned(), text: text.to_owned() }
}

fn baseline(text: &str) -> Configuration {
    configuration("baseline.toml", text)
}

impl Reading {
    /// The texts in a pack: those of one file in the head, those of more in `[[exercise.file]]` tables.
    pub(super) fn texts(&mut self, head: &Table, rest: &[&Table]) -> Texts {
        let mut texts = Texts {
            id: raw(head, "id"),
            story: raw(head, "story").trim().to_owned(),
            lesson: raw(head, "lesson").trim().to_owned(),
            baseline: find(head, "baseline").map(|_| baseline(&raw(head, "baseline"))),
            ..Texts::default()
        };
        for table in std::iter::once(head).chain(rest.iter().copied().filter(|table| table.name == "exercise.file")) {
            if table.listed && table.name == "exercise.file" {
                self.keys(table, |key| matches!(key, "file" | "start" | "solution"), "a file");
            } else if ["file", "start", "solution"].iter().all(|key| find(table, key).is_none()) {
                continue;
            }
            let file = raw(table, "file");
            texts.start.push(configuration(&file, &raw(table, "start")));
            if find(table, "solution").is_some() {
                texts.solution.push(configuration(&file, &raw(table, "solution")));
            }
        }
        texts
    }

    /// Tells what is wrong with them.
    pub(super) fn check(&mut self, at: Span, texts: &Texts) {
        self.short_name(at, "id", &texts.id);
        if let Some(why) = refusal(&texts.story, STORY) {
            self.problem(at, format!("the story {why}"));
        }
        if let Some(why) = refusal(&texts.lesson, STORY).filter(|_| !texts.lesson.is_empty()) {
            self.problem(at, format!("the lesson {why}"));
        }
        if texts.start.is_empty() || texts.start.len() > FILES {
            self.problem(at, format!("there have to be a `file` and a `start` to mend, and at most {FILES} of them"));
        }
        let all = [("the start", &texts.start), ("the solution", &texts.solution)];
        for (what, file) in all.into_iter().flat_map(|(what, files)| files.iter().take(FILES).map(move |file| (what, file))) {
            if file.text.is_empty() || file.text.len() > CONFIGURATION {
                self.problem(at, format!("{what} is empty or has more than {CONFIGURATION} bytes"));
            }
        }
        for (file, nth) in texts.start.iter().take(FILES).zip(0_usize..) {
            self.short_name(at, "file", &file.name);
            if texts.start.iter().take(nth).any(|other| other.name == file.name) {
                self.problem(at, format!("two files are called `{}`; each has its own name", super::fields::shown(&file.name)));
            }
        }
        let names = |files: &[Configuration]| files.iter().map(|file| file.name.clone()).collect::<Vec<_>>();
        if !texts.solution.is_empty() && names(&texts.solution) != names(&texts.start) {
            self.problem(at, "some files have a `solution` and others have none; give all or none".to_owned());
        }
        if texts.baseline.as_ref().is_some_and(|file| file.text.len() > CONFIGURATION || file.text.trim().is_empty()) {
            self.problem(at, format!("the baseline is empty or has more than {CONFIGURATION} bytes"));
        }
    }

    /// The day on which approvals have to hold.
    pub(super) fn today(&mut self, head: &Table) -> Option<Date> {
        let pair = find(head, "today")?;
        let found = match &pair.value {
            Value::Text(text) | Value::Bare(text) => text.parse().ok(),
            Value::List(_) | Value::Odd => None,
        };
        if found.is_none() {
            self.problem(pair.at, "`today` is no date; write a day as 2030-12-31".to_owned());
        }
        found
    }

    fn short_name(&mut self, at: Span, what: &str, text: &str) {
        if !is_short_name(text) {
            self.problem(at, format!("`{what}` has to be a short name of letters, digits, `-`, `_` and `.`"));
        }
    }
}

/// Whether a text can be the name of an exercise or a file.
pub(super) fn is_short_name(text: &str) -> bool {
    let allowed = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-' | '_');
    !text.is_empty() && text.len() <= LISTED && text.chars().all(allowed) && !text.starts_with(['.', '-'])
}

fn raw(table: &Table, key: &str) -> String {
    match find(table, key).map(|pair| &pair.value) {
        Some(Value::Text(text)) => text.clone(),
        _ => String::new(),
    }
}
