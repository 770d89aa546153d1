//! Terraform's functions, as far as addresses, ports and lists are made with them. A function that is not here is unknown
//! under the text of its call.

mod cidr;
mod collections;
mod text;

pub(in crate::formats::terraform) use self::text::decode;
use super::evaluate::{Evaluator, Outer};
use crate::formats::value::{Kind, Value};
use crate::model::Span;
use crate::syntax::hcl::Call;

/// Calls a function.
pub(super) fn call(evaluator: &mut Evaluator<'_>, call: &Call, span: Span, scope: Outer<'_>) -> Kind {
    match call.function.as_str() {
        "try" | "can" => attempt(evaluator, call, span, scope),
        name => {
            let mut arguments: Vec<Value> = call.arguments.iter().map(|argument| evaluator.evaluate(argument, scope)).collect();
            if call.spread {
                match arguments.pop().map(|last| last.kind) {
                    Some(Kind::List(items)) => arguments.extend(items),
                    Some(kind @ Kind::Unknown(_)) => return kind,
                    _ => return evaluator.fail(span).kind,
                }
            }
            apply(evaluator, name, arguments, span)
        }
    }
}

/// `try` is its first argument that has a value, `can` whether its argument has one.
fn attempt(evaluator: &mut Evaluator<'_>, call: &Call, span: Span, scope: Outer<'_>) -> Kind {
    for argument in &call.arguments {
        let before = evaluator.failures;
        let value = evaluator.evaluate(argument, scope);
        let failed = evaluator.failures > before;
        evaluator.failures = before;
        match (call.function.as_str(), &value.kind) {
            ("can", Kind::Unknown(_)) if !failed => return value.kind,
            ("can", _) => return Kind::Bool(!failed),
            (_, _) if !failed => return value.kind,
            _ => {}
        }
    }
    evaluator.fail(span).kind
}

fn apply(evaluator: &mut Evaluator<'_>, name: &str, arguments: Vec<Value>, span: Span) -> Kind {
    // These look at each argument by itself: one that is not known leaves the others known.
    match name {
        "concat" | "setunion" | "flatten" | "distinct" | "toset" | "tolist" | "compact" | "coalesce" | "sensitive" | "nonsensitive"
        | "ephemeralasnull" => {}
        _ => {
            if let Some(open) = arguments.iter().find(|argument| argument.missing().is_some()) {
                return open.kind.clone();
            }
        }
    }
    let result = collections::apply(evaluator, name, &arguments, span)
        .or_else(|| text::apply(evaluator, name, &arguments, span))
        .or_else(|| cidr::apply(name, &arguments, span));
    match result {
        Some(kind) => kind,
        None => {
            // Something inside is not known yet; that is the reason, and not the function.
            match arguments.iter().find_map(open_inside) {
                Some(open) => evaluator.stuck(open, span),
                None => evaluator.fail(span).kind,
            }
        }
    }
}

/// Something in a list or map that has no text of its own.
fn open_inside(value: &Value) -> Option<&Value> {
    match &value.kind {
        Kind::Unknown(_) | Kind::Reference(_) => Some(value),
        Kind::List(items) => items.iter().find_map(open_inside),
        Kind::Map(entries) => entries.iter().find_map(|(_, value)| open_inside(value)),
        _ => None,
    }
}

/// The `at`th argument as text.
fn words(arguments: &[Value], at: usize) -> Option<String> {
    arguments.get(at)?.to_text()
}

fn list(items: Vec<Value>) -> Kind {
    Kind::List(items)
}
