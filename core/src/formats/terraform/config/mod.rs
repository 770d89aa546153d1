//! Terraform and OpenTofu configuration: HCL and its JSON spelling, evaluated as far as the texts of the review go.

mod directories;
mod evaluate;
mod expand;
mod functions;
mod json;
mod modules;
mod names;
mod operators;
mod overrides;
mod sources;
mod types;
mod values;

use std::collections::HashSet;
use std::rc::Rc;

use directories::Directory;
use evaluate::Evaluator;
use modules::{Directories, Module, Refused};
use names::{Names, address, instance_address};

pub(super) use functions::decode;
pub(in crate::formats) use sources::{Text, Written, written};

use super::{Resource, names_firewall, read_resources};
use crate::document::Format;
use crate::formats::Read;
use crate::formats::cx::{Cx, shown};
use crate::formats::value::Value;
use crate::model::Span;
use crate::syntax::hcl::{Block, ExprKind};

pub(in crate::formats) static CONFIGURATION: Format =
    Format { id: "terraform-configuration", title: "Terraform configuration", from: "the .tf files of a directory" };

pub(in crate::formats) static VARIABLES: Format =
    Format { id: "terraform-variables", title: "Terraform variable values", from: "a .tfvars file" };

impl Written {
    /// What a person calls it.
    pub(in crate::formats) fn format(self) -> &'static Format {
        match self {
            Self::Blocks | Self::Json => &CONFIGURATION,
            Self::Values | Self::JsonValues => &VARIABLES,
        }
    }
}

/// Reads the texts of a review: those of one directory are one module, and a directory that another one calls is judged where
/// it is called.
pub(in crate::formats) fn read(texts: &[Text<'_>], cx: &mut Cx<'_>, emit: &mut dyn FnMut(Read)) {
    let directories = directories::of(texts, cx);
    let names: Directories<'_> =
        directories.iter().map(|directory| (directory.path.as_str(), Rc::new(Names::of(&directory.path, &directory.body)))).collect();
    let roots = directories::roots(&directories);
    for root in &roots {
        if let Some(own) = names.get(root.path.as_str()) {
            let module = Module::root(Rc::clone(own), values::assigned(root));
            let mut evaluator = Evaluator::new(texts, &names, module, cx.assumptions);
            judge(root, &mut evaluator, cx, emit);
        }
    }
    let roots: HashSet<&str> = roots.iter().map(|root| root.path.as_str()).collect();
    directories.iter().filter(|directory| !roots.contains(directory.path.as_str())).for_each(|directory| values::unused(directory, cx));
}

fn judge(root: &Directory, evaluator: &mut Evaluator<'_>, cx: &mut Cx<'_>, emit: &mut dyn FnMut(Read)) {
    let mut walk = Walk { evaluator, resources: Vec::new(), told: HashSet::new() };
    walk.module(cx);
    let resources = walk.resources;
    if evaluator.exhausted() {
        let at = root.body.blocks.first().map_or(0, |block| block.span.start);
        let message =
            "the expressions of this text come to more than can be evaluated here, so the rest of them is unknown; paste the plan";
        cx.error(Span { start: at, end: at.saturating_add(1) }, message);
    }
    values::compare(root, evaluator, cx);
    read_resources(&resources, cx, emit);
}

/// The way through a module and those that it calls.
struct Walk<'e, 't> {
    evaluator: &'e mut Evaluator<'t>,
    resources: Vec<Resource>,
    /// Blocks about which something was said: a module that is called twice has them twice.
    told: HashSet<Span>,
}

impl Walk<'_, '_> {
    /// The resources of the module at hand. Modules in modules are bounded by the evaluator.
    fn module(&mut self, cx: &mut Cx<'_>) {
        for block in self.evaluator.here.names.blocks {
            match block.kind.as_str() {
                "resource" | "data" => {
                    let (mut found, open) = self.evaluator.resources(block);
                    if let Some(open) = open.filter(|_| is_firewall(block)) {
                        self.how_many(block, &open.name, cx);
                    }
                    self.resources.append(&mut found);
                }
                "module" => self.call(block, cx),
                _ => {}
            }
        }
    }

    fn call(&mut self, block: &Block, cx: &mut Cx<'_>) {
        let Some(local) = address(block).filter(|_| self.evaluator.called(block).is_some()) else {
            if self.told.insert(block.span) {
                elsewhere(block, cx);
            }
            return;
        };
        let base = format!("{}{local}", self.evaluator.here.path);
        let before = self.resources.len();
        let Some(instances) = self.evaluator.instances(&base) else {
            let open = self.evaluator.how_many(block);
            self.instance(&base, None, block, cx);
            let firewall = self.resources.iter().skip(before).any(|resource| names_firewall(&resource.kind));
            if let Some(open) = open.filter(|_| firewall) {
                self.how_many(block, &open.name, cx);
            }
            return;
        };
        for bound in instances.iter() {
            self.instance(&instance_address(&base, &bound.0), Some(bound), block, cx);
        }
    }

    fn instance(&mut self, address: &str, bound: Option<&(Value, Value)>, block: &Block, cx: &mut Cx<'_>) {
        let message = match self.evaluator.enter(address, bound) {
            Ok(module) => {
                let before = std::mem::replace(&mut self.evaluator.here, module);
                self.module(cx);
                self.evaluator.here = before;
                return;
            }
            Err(Refused::Cycle) => "this module calls one that it stands in, which has no end, and was not judged; correct its source",
            Err(Refused::TooMany) => "modules call each other too deeply or too often here, and this one was not judged; paste the plan",
        };
        if self.told.insert(block.span) {
            cx.not_judged(block.span, message);
        }
    }

    fn how_many(&mut self, block: &Block, open: &str, cx: &mut Cx<'_>) {
        if self.told.insert(block.span) {
            let message = format!("how many of these there are depends on {}; they are judged as one that exists", shown(open));
            cx.warn(block.span, message);
        }
    }
}

/// Tells that a module is called which is not in the review.
fn elsewhere(block: &Block, cx: &mut Cx<'_>) {
    let name = block.labels.first().map(String::as_str).unwrap_or_default();
    let source = match block.body.get("source").map(|source| &source.kind) {
        Some(ExprKind::Text(source)) => shown(source),
        _ => "elsewhere".to_owned(),
    };
    let message = format!(
        "the resources of module `{}` come from {source} and are not in this text; paste the plan (terraform show -json) to have them judged",
        shown(name)
    );
    // Most modules hold no firewall; one that is called after one does.
    if names_firewall(&source) {
        cx.not_judged(block.span, message);
    } else {
        cx.warn(block.span, message);
    }
}

fn is_firewall(block: &Block) -> bool {
    block.kind == "resource" && block.labels.first().is_some_and(|kind| names_firewall(kind))
}
