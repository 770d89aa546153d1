//! `.bicepparam`: values for the parameters of a Bicep file, which `using` names.

use super::super::template::eval::{Eval, Scope, What};
use super::super::template::expr::{Expr, Node};
use super::define;
use super::statement::{Statement, statements};
use crate::formats::cx::Assumptions;
use crate::formats::value::{Kind, Value};
use crate::model::Span;

/// Whether a text begins as only such files do.
pub(in crate::formats::azure) fn detect(text: &str) -> bool {
    let first = text.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with(['/', '*']));
    first.is_some_and(|line| line.starts_with("using '") || line == "using none")
}

/// The values, as far as they can be evaluated, and the path of the template.
pub(in crate::formats::azure) fn read(text: &str) -> (Value, Option<String>) {
    let mut scope = Scope::default();
    let mut names: Vec<(String, Span)> = Vec::new();
    statements(text, &mut |statement| match statement {
        Statement::Parameter { name, list, default: Some(value) } => {
            names.push((name.to_owned(), value.span));
            define(&mut scope, name, format!("a value for the parameter {name}"), list, What::written(value));
        }
        Statement::Variable { name, value } => {
            define(&mut scope, name, format!("a value for the variable {name}"), false, What::written(value));
        }
        _ => {}
    });
    let assumptions = Assumptions::default();
    let eval = Eval::new(&assumptions);
    let value = |(name, span): (String, Span)| {
        let value = eval.value(&Node { expr: Expr::Name(name.clone()), span }, &scope);
        (name, value)
    };
    let values = Value::new(Kind::Map(names.into_iter().map(value).collect()), Span::default());
    let using = text.lines().find_map(|line| line.trim().strip_prefix("using '")?.split('\'').next());
    (values, using.map(str::to_owned))
}

/// The names of the parameters that a Bicep file declares.
pub(in crate::formats::azure) fn declared(text: &str) -> Vec<String> {
    let mut names = Vec::new();
    statements(text, &mut |statement| {
        if let Statement::Parameter { name, .. } = statement {
            names.push(name.to_owned());
        }
    });
    names
}
