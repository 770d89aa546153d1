//! Terraform and OpenTofu configuration: HCL, evaluated as far as the text goes.

mod evaluate;
mod expand;
mod functions;
mod names;
mod operators;

use evaluate::Evaluator;
use names::Names;

use super::{Resource, names_firewall, read_resources};
use crate::document::Format;
use crate::formats::cx::{Cx, shown};
use crate::formats::{Read, TextReader};
use crate::model::Span;
use crate::syntax::hcl::{self, Block, Body, Broken, ExprKind};

static FORMAT: Format = Format { id: "terraform-configuration", title: "Terraform configuration", from: "the .tf files of a directory" };

pub(in crate::formats) static CONFIGURATION: TextReader = TextReader { format: &FORMAT, detect: hcl::looks_like, read };

/// Reads configuration; false where something in it was not judged.
fn read(text: &str, cx: &mut Cx<'_>, emit: &mut dyn FnMut(Read)) -> bool {
    let (file, broken) = hcl::parse(text);
    for Broken { message, at } in &broken {
        let start = u32::try_from(*at).unwrap_or(u32::MAX);
        let message = format!("this block can't be read as HCL: {message}; correct it, so that it is judged like the others");
        cx.error(Span { start, end: start.saturating_add(1) }, message);
    }
    let mut complete = broken.is_empty();
    let resources = evaluate(text, &file, cx);
    for block in &file.blocks {
        complete &= !calls_firewall(block, cx);
    }
    read_resources(&resources, cx, emit) && complete
}

fn evaluate(text: &str, file: &Body, cx: &mut Cx<'_>) -> Vec<Resource> {
    let mut evaluator = Evaluator::new(text, Names::of(file), cx.assumptions);
    let mut resources = Vec::new();
    for block in file.blocks.iter().filter(|block| matches!(block.kind.as_str(), "resource" | "data")) {
        let (mut found, open) = evaluator.resources(block);
        if let Some(open) = open.filter(|_| is_firewall(block)) {
            let message = format!("how many of these there are depends on {}; they are judged as one that exists", shown(&open.name));
            cx.warn(block.span, message);
        }
        resources.append(&mut found);
    }
    if evaluator.exhausted() {
        let message =
            "the expressions of this text come to more than can be evaluated here, so the rest of them is unknown; paste the plan";
        cx.error(Span { start: 0, end: 1 }, message);
    }
    resources
}

/// Whether a block calls a module that holds a firewall; that it calls one is told.
fn calls_firewall(block: &Block, cx: &mut Cx<'_>) -> bool {
    if block.kind != "module" {
        return false;
    }
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
    let holds = names_firewall(&source);
    if holds {
        cx.error(block.span, message);
    } else {
        cx.warn(block.span, message);
    }
    holds
}

fn is_firewall(block: &Block) -> bool {
    block.kind == "resource" && block.labels.first().is_some_and(|kind| names_firewall(kind))
}
