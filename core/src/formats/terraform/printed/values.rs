//! The values of a printed resource.

use super::lines::HIDDEN;
use crate::formats::value::{Kind, REST, Value};
use crate::model::Span;
use crate::syntax::hcl::{Body, Expr, ExprKind};

/// Attributes and nested blocks as a map; the blocks of one kind are a list. `path` is what they are called, such as
/// `aws_security_group.web`.
pub(super) fn arguments(body: &Body, span: Span, path: &str) -> Value {
    let mut map: Vec<(String, Value)> = Vec::with_capacity(body.attributes.len());
    let mut rest = None;
    for attribute in &body.attributes {
        if is_hidden(&attribute.value) {
            rest = Some(left_out(path, attribute.value.span));
        } else {
            map.push((attribute.name.clone(), value(&attribute.value, &format!("{path}.{}", attribute.name))));
        }
    }
    for block in &body.blocks {
        let inner = arguments(&block.body, block.span, &format!("{path}.{}", block.kind));
        match map.iter_mut().find(|(kind, _)| *kind == block.kind) {
            Some((_, Value { kind: Kind::List(blocks), .. })) => blocks.push(inner),
            _ => map.push((block.kind.clone(), Value::new(Kind::List(vec![inner]), block.span))),
        }
    }
    map.extend(rest.map(|rest| (REST.to_owned(), rest)));
    Value::new(Kind::Map(map), span)
}

/// The reader of the text bounds how deep values stand in each other.
fn value(expr: &Expr, path: &str) -> Value {
    let kind = match &expr.kind {
        ExprKind::Null => Kind::Null,
        ExprKind::Bool(value) => Kind::Bool(*value),
        ExprKind::Int(int) => Kind::Int(*int),
        ExprKind::Float(float) => Kind::Float(*float),
        ExprKind::Text(text) => Kind::Text(text.clone()),
        ExprKind::Negate(number) => match value(number, path).kind {
            Kind::Int(int) => Kind::Int(int.saturating_neg()),
            other => other,
        },
        ExprKind::List(items) => Kind::List(items.iter().map(|item| value(item, path)).collect()),
        ExprKind::Object(entries) => {
            let known = entries.iter().filter(|(_, value)| !is_hidden(value));
            let mut map: Vec<(String, Value)> = known
                .filter_map(|(key, inner)| match &key.kind {
                    ExprKind::Text(key) => Some((key.clone(), value(inner, &format!("{path}.{key}")))),
                    _ => None,
                })
                .collect();
            let rest = entries.iter().find(|(_, value)| is_hidden(value));
            map.extend(rest.map(|(_, rest)| (REST.to_owned(), left_out(path, rest.span))));
            Kind::Map(map)
        }
        ExprKind::Name(name) if name == HIDDEN => return left_out(path, expr.span),
        _ => return Value::unknown(path, format!("the value of {path}, as the state after apply shows it"), expr.span),
    };
    Value::new(kind, expr.span)
}

fn is_hidden(expr: &Expr) -> bool {
    matches!(&expr.kind, ExprKind::Name(name) if name == HIDDEN)
}

/// What a plan counts and does not print.
fn left_out(path: &str, span: Span) -> Value {
    Value::unknown(format!("what does not change in {path}"), "what `terraform show -json` prints of the plan", span)
}
