//! Documents that are read together, since they speak of each other: the files of a Terraform configuration.
//!
//! Their texts are laid end to end, each read by itself, so that a span says in which of them it is.

use super::cx::{Cx, Joined};
use super::terraform::config::{self, Text, Written};
use super::{Assumptions, Read, recognise};
use crate::document::{Document, Problems};

/// Which documents of a review are read together.
pub struct Together {
    /// The texts of Terraform, in the order of the review.
    terraform: Vec<(usize, Written)>,
}

impl Together {
    /// Looks at the documents of a review.
    pub fn of(documents: &[Document]) -> Self {
        let written = |document: &Document| {
            // In a directory, a file may be empty.
            let is_text = document.text.trim().is_empty() || recognise::not_text(&document.text).is_none();
            if is_text { config::written(&document.name, &document.text) } else { None }
        };
        let terraform = documents.iter().enumerate().filter_map(|(at, document)| Some((at, written(document)?))).collect();
        Self { terraform }
    }

    /// Reads the `at`th document: policies go to `emit` as soon as they are complete, problems into the document. With the
    /// first of several that belong together all of them are read. `progress` is told how many bytes of the document are
    /// done.
    pub fn read(
        &self,
        documents: &mut [Document],
        at: usize,
        assumptions: &Assumptions,
        progress: &mut dyn FnMut(u32),
        emit: &mut dyn FnMut(Read),
    ) {
        if self.terraform.first().is_some_and(|(first, _)| *first == at) {
            self.terraform(documents, assumptions, emit);
        } else if let Some(document) = documents.get_mut(at).filter(|_| !self.terraform.iter().any(|(other, _)| *other == at)) {
            super::read(document, index(at), assumptions, progress, emit);
        }
    }

    fn terraform(&self, documents: &mut [Document], assumptions: &Assumptions, emit: &mut dyn FnMut(Read)) {
        let taken: Vec<(String, Problems)> = self.terraform.iter().filter_map(|(at, _)| Some(take(documents.get_mut(*at)?))).collect();
        let (mut texts, mut joined) = (Vec::with_capacity(taken.len()), Vec::with_capacity(taken.len()));
        let (mut from, mut bodies) = (0_u32, Vec::with_capacity(taken.len()));
        for ((at, _), (text, problems)) in self.terraform.iter().zip(taken) {
            joined.push(Joined { document: index(*at), from, problems });
            // What stands at the end of a text is not yet in the next one.
            from = from.saturating_add(u32::try_from(text.len()).unwrap_or(u32::MAX)).saturating_add(1);
            bodies.push(text);
        }
        for (((at, written), text), part) in self.terraform.iter().zip(&bodies).zip(&joined) {
            let name = documents.get(*at).map_or("", |document| &document.name);
            texts.push(Text { name, text, from: part.from, written: *written });
        }
        if let Some((first, others)) = joined.split_first_mut() {
            let mut cx = Cx { joined: others, ..Cx::new(first.document, &mut first.problems, assumptions) };
            config::read(&texts, &mut cx, emit);
        }
        drop(texts);
        for (((at, written), text), part) in self.terraform.iter().zip(bodies).zip(joined) {
            let Some(document) = documents.get_mut(*at) else { continue };
            document.complete &= !part.problems.left_something_out();
            document.format = Some(written.format());
            document.text = text;
            document.problems = part.problems;
        }
    }
}

/// A document's text and what was said about it so far.
fn take(document: &mut Document) -> (String, Problems) {
    (std::mem::take(&mut document.text), std::mem::take(&mut document.problems))
}

fn index(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}
