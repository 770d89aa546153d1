//! What a text of Terraform is, by its name and by what it says, and how it is read: blocks or values, in HCL or in JSON.

use super::json;
use crate::formats::cx::Cx;
use crate::formats::terraform::printed::is_printed;
use crate::model::Span;
use crate::syntax::hcl::{self, Attribute, Body, Broken, ExprKind};

/// How a text is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::formats) enum Written {
    /// Configuration in HCL, as in `main.tf`.
    Blocks,
    /// Configuration in JSON, as in `main.tf.json`.
    Json,
    /// Values of variables in HCL, as in `terraform.tfvars`.
    Values,
    /// Values of variables in JSON, as in `terraform.tfvars.json`.
    JsonValues,
}

/// A text of Terraform; those of a review are laid end to end.
pub(in crate::formats) struct Text<'t> {
    pub(in crate::formats) name: &'t str,
    pub(in crate::formats) text: &'t str,
    /// Where it begins.
    pub(in crate::formats) from: u32,
    pub(in crate::formats) written: Written,
}

/// How a document is written, if it is Terraform. A name tells most; what is pasted without one tells it by its first words.
pub(in crate::formats) fn written(name: &str, text: &str) -> Option<Written> {
    let name = name.to_ascii_lowercase();
    let named = |ends: &[&str]| ends.iter().any(|end| name.ends_with(end));
    let json = || text.trim_start().starts_with(['{', '[']);
    if named(&[".tfvars.json"]) {
        Some(Written::JsonValues)
    } else if named(&[".tf.json", ".tofu.json"]) {
        Some(Written::Json)
    } else if named(&[".tfvars"]) && !json() {
        Some(Written::Values)
    } else if named(&[".tf", ".tofu"]) && !json() || hcl::looks_like(text) && !is_printed(text) {
        Some(Written::Blocks)
    } else if json::is_configuration(text) {
        Some(Written::Json)
    } else {
        are_values(text).then_some(Written::Values)
    }
}

/// A text that is looked at for being nothing but values is no longer than this.
const VALUES: usize = 1 << 20;

/// Whether a text is assignments of literals and nothing else.
fn are_values(text: &str) -> bool {
    if text.len() > VALUES {
        return false;
    }
    let is_start = |line: &str| {
        let name = line.split_once('=').map(|(name, _)| name.trim());
        name.is_some_and(|name| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')))
    };
    let first = text.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with(['#', '/', '*']));
    if !first.is_some_and(is_start) {
        return false;
    }
    let (body, broken) = hcl::parse(text, 0);
    let literal = |value: &Attribute| is_literal(&value.value.kind);
    broken.is_empty() && body.blocks.is_empty() && !body.attributes.is_empty() && body.attributes.iter().all(literal)
}

fn is_literal(kind: &ExprKind) -> bool {
    match kind {
        ExprKind::Null | ExprKind::Bool(_) | ExprKind::Int(_) | ExprKind::Float(_) | ExprKind::Text(_) => true,
        ExprKind::List(items) => items.iter().all(|item| is_literal(&item.kind)),
        ExprKind::Object(entries) => entries.iter().all(|(_, value)| is_literal(&value.kind)),
        _ => false,
    }
}

/// Reads a text of configuration; what is broken in it is told.
pub(super) fn parse(text: &Text<'_>, cx: &mut Cx<'_>) -> Body {
    let (body, broken) = match text.written {
        Written::Json => json::body(text.text, text.from),
        _ => hcl::parse(text.text, start(text)),
    };
    tell(&broken, text.written, cx);
    body
}

/// Reads a text of values; what is broken in it, and what is no value, is told.
pub(super) fn values(text: &Text<'_>, cx: &mut Cx<'_>) -> Vec<Attribute> {
    let (body, broken) = match text.written {
        Written::JsonValues => json::values(text.text, text.from),
        _ => hcl::parse(text.text, start(text)),
    };
    tell(&broken, text.written, cx);
    if let Some(block) = body.blocks.first() {
        cx.not_judged(block.span, "a file of values has no blocks, so this one was not judged; put it into a .tf file");
    }
    body.attributes
}

fn start(text: &Text<'_>) -> usize {
    usize::try_from(text.from).unwrap_or(usize::MAX)
}

fn tell(broken: &[Broken], written: Written, cx: &mut Cx<'_>) {
    let (what, language) = match written {
        Written::Blocks => ("block", "HCL"),
        Written::Values => ("value", "HCL"),
        Written::Json => ("block", "JSON"),
        Written::JsonValues => ("value", "JSON"),
    };
    for Broken { message, at } in broken {
        let start = u32::try_from(*at).unwrap_or(u32::MAX);
        let message = format!("this {what} can't be read as {language}: {message}; correct it, so that it is judged like the others");
        cx.not_judged(Span { start, end: start.saturating_add(1) }, message);
    }
}
