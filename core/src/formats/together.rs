//! Documents that are read together, since they speak of each other: the files of a Terraform configuration, and a template
//! of Azure with the values of its parameters.
//!
//! Their texts are laid end to end, each read by itself, so that a span says in which of them it is.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::azure::parameters::{self, PARAMETERS, Template};
use super::cx::{Cx, Joined, shown};
use super::terraform::config::{self, Text, Written};
use super::value::Value;
use super::{Assumptions, Read, paths, recognise};
use crate::document::{Document, Level};
use crate::model::Span;

/// Which documents of a review are read together.
pub struct Together {
    /// The texts of Terraform, in the order of the review.
    terraform: Vec<(usize, Written)>,
    parameters: Vec<Parameters>,
}

/// Values for the parameters of a template.
struct Parameters {
    at: usize,
    values: Value,
    /// The document that is the template.
    template: Option<usize>,
}

/// What stands beside a document for its parameters.
pub(super) struct Given<'g> {
    pub(super) joined: &'g mut [Joined],
    pub(super) values: Option<&'g HashMap<String, Value>>,
}

impl Together {
    /// Looks at the documents of a review, but for those `apart` from them, ascending.
    pub fn of(documents: &[Document], apart: &[usize]) -> Self {
        let written = |document: &Document| {
            // In a directory, a file may be empty.
            let is_text = document.text.trim().is_empty() || recognise::not_text(&document.text).is_none();
            if is_text { config::written(&document.name, &document.text) } else { None }
        };
        let others = || documents.iter().enumerate().filter(|(at, _)| apart.binary_search(at).is_err());
        let terraform: Vec<(usize, Written)> = others().filter_map(|(at, document)| Some((at, written(document)?))).collect();
        let others = || others().filter(|(at, _)| !holds(&terraform, *at));
        let given: Vec<_> = others().filter_map(|(at, own)| Some((at, parameters::read(&own.name, &own.text)?))).collect();
        let is_given = |at: usize| given.binary_search_by_key(&at, |(at, _)| *at).is_ok();
        // Templates are looked for only where there is something for them.
        let templates = others().filter(|(at, _)| !given.is_empty() && !is_given(*at));
        let templates: Vec<Template> = templates.filter_map(|(at, own)| Template::of(at, &own.name, &own.text)).collect();
        let parameters = given.into_iter().map(|(at, given)| {
            let name = documents.get(at).map_or("", |document| &document.name);
            Parameters { at, template: given.template(name, &templates), values: given.values }
        });
        let parameters = parameters.collect();
        Self { terraform, parameters }
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
            return self.terraform(documents, assumptions, emit);
        }
        if holds(&self.terraform, at) {
            return;
        }
        if let Some(own) = self.parameters.iter().find(|own| own.at == at) {
            return own.alone(documents);
        }
        let (mut joined, values) = self.given(documents, at);
        let Some(document) = documents.get_mut(at) else { return };
        let given = Given { joined: &mut joined, values: values.as_ref() };
        super::read(document, index(at), given, assumptions, progress, emit);
        give_back(documents, joined);
    }

    fn terraform(&self, documents: &mut [Document], assumptions: &Assumptions, emit: &mut dyn FnMut(Read)) {
        let mut from = 0_u32;
        let mut joined: Vec<Joined> = self.terraform.iter().filter_map(|(at, _)| lay(documents, *at, &mut from)).collect();
        let document = |at: usize| documents.get(at).map(|document| (document.name.as_str(), document.text.as_str()));
        let texts = self.terraform.iter().zip(&joined).filter_map(|((at, written), part)| {
            let (name, text) = document(*at)?;
            Some(Text { name, text, from: part.from, written: *written })
        });
        let texts: Vec<Text<'_>> = texts.collect();
        if let Some((first, others)) = joined.split_first_mut() {
            let mut cx = Cx { joined: others, ..Cx::new(first.document, &mut first.problems, assumptions) };
            config::read(&texts, &mut cx, emit);
        }
        give_back(documents, joined);
        for (at, written) in &self.terraform {
            if let Some(document) = documents.get_mut(*at) {
                document.format = Some(written.format());
            }
        }
    }

    /// The values that are given for a template, and the documents in which they stand; of two the later counts.
    fn given(&self, documents: &mut [Document], at: usize) -> (Vec<Joined>, Option<HashMap<String, Value>>) {
        let length = documents.get(at).map_or(0, |document| document.text.len());
        let mut from = u32::try_from(length).unwrap_or(u32::MAX).saturating_add(1);
        let mut joined: Vec<Joined> = Vec::new();
        let mut values: HashMap<String, Value> = HashMap::new();
        for own in self.parameters.iter().filter(|own| own.template == Some(at)) {
            let Some(mut part) = lay(documents, own.at, &mut from) else { continue };
            let file = documents.get(own.at).map_or("", |document| paths::split(&document.name).1);
            for (name, value) in own.values.entries() {
                let value = value.clone().shifted(part.from);
                let known = match values.entry(name.to_ascii_lowercase()) {
                    Entry::Occupied(known) => known.into_mut(),
                    Entry::Vacant(free) => {
                        free.insert(value);
                        continue;
                    }
                };
                if !known.same(&value) {
                    let at = value.span;
                    let at = Span { start: at.start.saturating_sub(part.from), end: at.end.saturating_sub(part.from) };
                    let message = format!(
                        "another file gives `{}` another value, and the one in `{}` is used; leave out what is not meant",
                        shown(name),
                        shown(file)
                    );
                    part.problems.add(Level::Warning, at, message);
                }
                *known = value;
            }
            joined.push(part);
        }
        let values = (!joined.is_empty()).then_some(values);
        (joined, values)
    }
}

impl Parameters {
    /// What a file of values is by itself; its values are read with the template.
    fn alone(&self, documents: &mut [Document]) {
        let Some(document) = documents.get_mut(self.at) else { return };
        document.format = Some(&PARAMETERS);
        if self.template.is_none() {
            let message = "these are values for the parameters of an Azure template that is not here; paste the template along";
            document.problems.add(Level::Warning, recognise::start(&document.text), message);
        }
    }
}

fn holds(terraform: &[(usize, Written)], at: usize) -> bool {
    terraform.binary_search_by_key(&at, |(at, _)| *at).is_ok()
}

/// Lays a document behind those before it.
fn lay(documents: &mut [Document], at: usize, from: &mut u32) -> Option<Joined> {
    let document = documents.get_mut(at)?;
    let part = Joined { document: index(at), from: *from, problems: std::mem::take(&mut document.problems) };
    // What stands at the end of a text is not yet in the next one.
    *from = from.saturating_add(u32::try_from(document.text.len()).unwrap_or(u32::MAX)).saturating_add(1);
    Some(part)
}

/// Gives the documents what was said about them.
fn give_back(documents: &mut [Document], joined: Vec<Joined>) {
    for part in joined {
        if let Some(document) = usize::try_from(part.document).ok().and_then(|at| documents.get_mut(at)) {
            document.complete &= !part.problems.left_something_out();
            document.problems = part.problems;
        }
    }
}

fn index(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}
