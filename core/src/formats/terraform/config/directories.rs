//! Texts of one directory are one module: which texts belong together, and which directories are judged by themselves.

use std::collections::{HashMap, HashSet};

use super::modules::local_source;
use super::overrides;
use super::sources::{Text, Written, parse, values};
use crate::formats::cx::{Cx, shown};
use crate::formats::paths;
use crate::model::Span;
use crate::sorting::sort_by_key;
use crate::syntax::hcl::{Attribute, Body};

/// What the texts of one directory say together.
#[derive(Default)]
pub(super) struct Directory {
    /// Its path, without `.` and `..` as far as these can be resolved.
    pub(super) path: String,
    pub(super) body: Body,
    /// Files of values, in the order in which later ones win.
    pub(super) values: Vec<Values>,
}

/// A file of values for variables.
pub(super) struct Values {
    pub(super) file: String,
    /// Terraform reads it without being told to.
    pub(super) automatic: bool,
    pub(super) attributes: Vec<Attribute>,
    pub(super) at: Span,
}

impl Directory {
    /// Whether it is Terraform configuration, and no mere values.
    pub(super) fn is_module(&self) -> bool {
        !self.body.blocks.is_empty()
    }

    /// The names of its variables.
    fn declared(&self) -> HashSet<&str> {
        let variables = self.body.blocks.iter().filter(|block| block.kind == "variable");
        variables.filter_map(|block| block.labels.first()).map(String::as_str).collect()
    }

    /// The directories of the review that it calls.
    fn calls(&self, known: &HashMap<&str, usize>) -> Vec<usize> {
        let calls = self.body.blocks.iter().filter(|block| block.kind == "module");
        calls.filter_map(|call| known.get(local_source(call, &self.path)?.as_str()).copied()).collect()
    }
}

/// The directories of the texts, in the order of their first texts.
pub(super) fn of(texts: &[Text<'_>], cx: &mut Cx<'_>) -> Vec<Directory> {
    let mut directories: Vec<Directory> = Vec::new();
    let mut known: HashMap<String, usize> = HashMap::new();
    let mut later: Vec<(usize, &str, Body)> = Vec::new();
    for text in texts {
        let (path, file) = (paths::directory(text.name), paths::split(text.name).1);
        let at = *known.entry(path.clone()).or_insert(directories.len());
        if at == directories.len() {
            directories.push(Directory { path, ..Directory::default() });
        }
        let Some(directory) = directories.get_mut(at) else { continue };
        match text.written {
            Written::Values | Written::JsonValues => {
                let span = Span { start: text.from, end: text.from.saturating_add(1) };
                let attributes = values(text, cx);
                directory.values.push(Values { file: file.to_owned(), automatic: automatic(file) < OTHER, attributes, at: span });
            }
            Written::Blocks | Written::Json => {
                let mut body = parse(text, cx);
                if overrides::is_override(file) {
                    later.push((at, file, body));
                } else {
                    directory.body.attributes.append(&mut body.attributes);
                    directory.body.blocks.append(&mut body.blocks);
                }
            }
        }
    }
    sort_by_key(&mut later, |(at, file, _)| (*at, *file));
    for (at, _, body) in later {
        if let Some(directory) = directories.get_mut(at) {
            overrides::merge(&mut directory.body, body);
        }
    }
    directories.iter().for_each(|directory| twice(&directory.body, cx));
    lend_values(&mut directories);
    for directory in &mut directories {
        sort_by_key(&mut directory.values, |values| {
            let rank = automatic(&values.file);
            (rank, if rank == AUTO { values.file.clone() } else { String::new() })
        });
    }
    directories
}

/// Tells what is declared twice: two versions of one configuration are commonly pasted beside each other.
fn twice(body: &Body, cx: &mut Cx<'_>) {
    let mut known: HashSet<(&str, &[String])> = HashSet::new();
    for block in body.blocks.iter().filter(|block| ["resource", "data", "variable", "module"].contains(&block.kind.as_str())) {
        if !known.insert((&block.kind, &block.labels)) {
            let name = shown(&block.labels.join("."));
            let message =
                format!("`{name}` is declared twice in this directory, which Terraform refuses; who refers to it means the first");
            cx.warn(block.span, message);
        }
    }
}

/// Values that stand apart, as in `environments/live.tfvars`, belong to the only module that declares all of them.
fn lend_values(directories: &mut [Directory]) {
    let declared: Vec<(usize, HashSet<&str>)> = directories
        .iter()
        .enumerate()
        .filter(|(_, directory)| directory.is_module())
        .map(|(at, directory)| (at, directory.declared()))
        .collect();
    let takes = |values: &Values| {
        let declares = |names: &HashSet<&str>| values.attributes.iter().all(|value| names.contains(value.name.as_str()));
        let mut takers = declared.iter().filter(|(_, names)| declares(names)).map(|(at, _)| *at);
        takers.next().filter(|_| takers.next().is_none())
    };
    let apart = directories.iter().filter(|directory| !directory.is_module());
    // Beyond this nobody could say whose they are, either.
    let price = apart.flat_map(|directory| &directory.values).map(|values| values.attributes.len().saturating_mul(declared.len()));
    if price.fold(0_usize, usize::saturating_add) > LENT {
        return;
    }
    let takers: Vec<Vec<Option<usize>>> = directories
        .iter()
        .map(|directory| directory.values.iter().map(|values| takes(values).filter(|_| !directory.is_module())).collect())
        .collect();
    for (from, takers) in takers.into_iter().enumerate().filter(|(_, takers)| takers.iter().any(Option::is_some)) {
        let Some(values) = directories.get_mut(from).map(|directory| std::mem::take(&mut directory.values)) else { continue };
        for (values, to) in values.into_iter().zip(takers) {
            if let Some(directory) = directories.get_mut(to.unwrap_or(from)) {
                directory.values.push(Values { automatic: values.automatic && to.is_none(), ..values });
            }
        }
    }
}

/// So many comparisons of names are made to find out whose values stand apart.
const LENT: usize = 5_000_000;

/// The directories that are judged by themselves: those that no other one calls, and one of each circle.
pub(super) fn roots(directories: &[Directory]) -> Vec<&Directory> {
    let known: HashMap<&str, usize> = directories.iter().enumerate().map(|(at, directory)| (directory.path.as_str(), at)).collect();
    let calls: Vec<Vec<usize>> = directories.iter().map(|directory| directory.calls(&known)).collect();
    let called: HashSet<usize> =
        calls.iter().enumerate().flat_map(|(at, calls)| calls.iter().copied().filter(move |to| *to != at)).collect();
    let mut reached: HashSet<usize> = HashSet::new();
    let mut roots = Vec::new();
    let uncalled = (0..directories.len()).filter(|at| !called.contains(at));
    for at in uncalled.chain(0..directories.len()) {
        if reached.contains(&at) {
            continue;
        }
        roots.extend(directories.get(at).filter(|directory| directory.is_module()));
        let mut next = vec![at];
        while let Some(at) = next.pop() {
            if reached.insert(at) {
                next.extend(calls.get(at).into_iter().flatten());
            }
        }
    }
    roots
}

/// The rank of a file of values (Terraform, "Variable definition precedence"): what is loaded later wins.
fn automatic(file: &str) -> u8 {
    match file {
        "terraform.tfvars" => 0,
        "terraform.tfvars.json" => 1,
        _ if file.ends_with(".auto.tfvars") || file.ends_with(".auto.tfvars.json") => AUTO,
        _ => OTHER,
    }
}

const AUTO: u8 = 2;
/// Named on the command line, after all others.
const OTHER: u8 = 3;
