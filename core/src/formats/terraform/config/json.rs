//! The JSON spelling of configuration (Terraform, "JSON Configuration Syntax"): objects stand for blocks, and strings are
//! templates.

use crate::formats::value::{Kind, Value};
use crate::formats::{json, recognise};
use crate::model::Span;
use crate::syntax::hcl::{self, Attribute, Block, Body, Broken, Call, Expr, ExprKind};
use crate::syntax::json::Error;

/// The blocks at the top, and how many labels each has.
const TOP: [(&str, usize); 13] = [
    ("resource", 2),
    ("data", 2),
    ("ephemeral", 2),
    ("variable", 1),
    ("module", 1),
    ("output", 1),
    ("provider", 1),
    ("check", 1),
    ("locals", 0),
    ("terraform", 0),
    ("moved", 0),
    ("import", 0),
    ("removed", 0),
];

/// Whether a text without a telling name is configuration in JSON: its first key is that of a block, and it names a resource,
/// a module or a variable.
pub(super) fn is_configuration(text: &str) -> bool {
    let Some(start) = recognise::next_json(text, 0) else { return false };
    let first = text.get(start..).unwrap_or_default().trim_start_matches(|letter: char| letter.is_whitespace() || "[{".contains(letter));
    let key = first.strip_prefix('"').and_then(|rest| rest.split('"').next());
    // Most JSON is something else, and some of it is large.
    if !key.is_some_and(|key| key == COMMENT || is_top(key)) {
        return false;
    }
    let (Some(root), _) = read(text, 0) else { return false };
    let known = objects(&root).all(|(key, _)| key == COMMENT || is_top(key));
    known && objects(&root).any(|(key, value)| tells(key, value))
}

fn is_top(key: &str) -> bool {
    TOP.iter().any(|(name, _)| *name == key)
}

/// Whether an entry at the top is written as only Terraform has it.
fn tells(key: &str, value: &Value) -> bool {
    match key {
        "resource" | "data" => {
            objects(value).any(|(kind, named)| kind.contains('_') && objects(named).any(|(_, body)| body.is_map() || body.is_list()))
        }
        "module" => objects(value).any(|(_, call)| call.get("source").is_some()),
        "variable" => objects(value).any(|(_, variable)| variable.is_map()),
        _ => false,
    }
}

/// Property names that are comments.
const COMMENT: &str = "//";

/// Reads configuration that begins at byte `from`.
pub(super) fn body(text: &str, from: u32) -> (Body, Vec<Broken>) {
    let (root, mut broken) = read(text, from);
    let mut body = Body::default();
    for (key, value) in root.iter().flat_map(objects) {
        match TOP.iter().find(|(name, _)| *name == key) {
            Some((_, labels)) => blocks(key, value, *labels, &mut Vec::new(), &mut body.blocks),
            None if key == COMMENT => {}
            None => {
                let at = usize::try_from(value.span.start).unwrap_or(usize::MAX);
                broken.push(Broken { message: format!("`{}` is no block of a configuration", crate::formats::cx::shown(key)), at });
            }
        }
    }
    (body, broken)
}

/// Reads values of variables that begin at byte `from`. These are literals.
pub(super) fn values(text: &str, from: u32) -> (Body, Vec<Broken>) {
    let (root, broken) = read(text, from);
    let entries = root.iter().flat_map(objects);
    let attributes = entries.map(|(name, value)| Attribute { name: name.to_owned(), value: literal(value) }).collect();
    (Body { attributes, blocks: Vec::new() }, broken)
}

/// The JSON of a text that begins at byte `from`.
fn read(text: &str, from: u32) -> (Option<Value>, Vec<Broken>) {
    let (root, wrong) = json::value(text);
    let at = |at: u32| usize::try_from(at.saturating_add(from)).unwrap_or(usize::MAX);
    let broken = wrong.into_iter().map(|Error { message, at: byte }| Broken { message, at: at(byte) }).collect();
    (root.map(|root| root.shifted(from)), broken)
}

/// The entries of an object, or of all objects of a list.
fn objects(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    value.items().iter().flat_map(|item| item.entries().iter().map(|(key, value)| (key.as_str(), value)))
}

/// The blocks of one type: below it stand its labels, then the body or a list of bodies.
fn blocks(kind: &str, value: &Value, labels: usize, named: &mut Vec<String>, found: &mut Vec<Block>) {
    let Some(left) = labels.checked_sub(1) else {
        let bodies = value.items().iter().filter(|body| body.is_map());
        found.extend(bodies.map(|body| block(kind, named.clone(), body)));
        return;
    };
    for (label, inner) in objects(value).filter(|(label, _)| *label != COMMENT) {
        named.push(label.to_owned());
        blocks(kind, inner, left, named, found);
        named.pop();
    }
}

fn block(kind: &str, labels: Vec<String>, value: &Value) -> Block {
    let mut body = Body::default();
    for (name, value) in value.entries().iter().filter(|(name, _)| name != COMMENT) {
        match name.as_str() {
            "dynamic" => blocks("dynamic", value, 1, &mut Vec::new(), &mut body.blocks),
            "content" if kind == "dynamic" => blocks("content", value, 0, &mut Vec::new(), &mut body.blocks),
            "default" if kind == "variable" => body.attributes.push(Attribute { name: name.clone(), value: literal(value) }),
            _ if value.items().iter().any(|item| item.entries().iter().any(|(key, _)| key == "dynamic")) => {
                blocks(name, value, 0, &mut Vec::new(), &mut body.blocks);
            }
            _ => body.attributes.push(Attribute { name: name.clone(), value: expression(value) }),
        }
    }
    Block { kind: kind.to_owned(), labels, body, span: value.span }
}

/// A value whose strings and keys are templates.
fn expression(value: &Value) -> Expr {
    convert(value, &template)
}

/// A value whose strings are what they are.
fn literal(value: &Value) -> Expr {
    convert(value, &|text, _| ExprKind::Text(text.to_owned()))
}

fn convert(value: &Value, text: &dyn Fn(&str, Span) -> ExprKind) -> Expr {
    let kind = match &value.kind {
        Kind::Bool(value) => ExprKind::Bool(*value),
        Kind::Int(value) => ExprKind::Int(*value),
        Kind::Float(value) => ExprKind::Float(*value),
        Kind::Text(words) => text(words, value.span),
        Kind::List(items) => ExprKind::List(items.iter().map(|item| convert(item, text)).collect()),
        Kind::Map(entries) => {
            let key = |key: &str, at: Span| Expr { span: at, kind: text(key, Span { start: at.start, end: at.start }) };
            let entries = entries.iter().filter(|(name, _)| name != COMMENT);
            ExprKind::Object(entries.map(|(name, value)| (key(name, value.span), convert(value, text))).collect())
        }
        Kind::Null | Kind::Reference(_) | Kind::Unknown(_) => ExprKind::Null,
    };
    Expr { span: value.span, kind }
}

fn template(text: &str, span: Span) -> ExprKind {
    if !text.contains("${") && !text.contains("%{") {
        return ExprKind::Text(text.to_owned());
    }
    // A template that can't be read has no value, as a call of a function that does not exist.
    let nothing = || ExprKind::Call(Box::new(Call { function: String::new(), arguments: Vec::new(), spread: false }));
    hcl::template(text, span).unwrap_or_else(nothing)
}
