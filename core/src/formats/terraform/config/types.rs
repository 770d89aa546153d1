//! The types of variables, as far as they change a value: attributes that may be left out (Terraform, "Optional object type
//! attributes").

use super::evaluate::Evaluator;
use crate::formats::value::{Kind, Value};
use crate::syntax::hcl::{Call, Expr, ExprKind};

impl Evaluator<'_> {
    /// A value with what its type fills in; the syntax bounds how deep a type is.
    pub(super) fn filled(&mut self, value: Value, kind: &Expr) -> Value {
        let ExprKind::Call(call) = &kind.kind else { return value };
        let Some(inner) = call.arguments.first().filter(|_| self.pay(1)) else { return value };
        let span = value.span;
        match (call.function.as_str(), value.kind, &inner.kind) {
            ("optional", kind, _) => self.filled(Value::new(kind, span), inner),
            ("list" | "set", Kind::List(items), _) => {
                let items = items.into_iter().map(|item| self.filled(item, inner)).collect();
                Value::new(Kind::List(items), span)
            }
            ("map", Kind::Map(entries), _) => {
                let entries = entries.into_iter().map(|(key, value)| (key, self.filled(value, inner))).collect();
                Value::new(Kind::Map(entries), span)
            }
            ("object", Kind::Map(mut entries), ExprKind::Object(attributes)) => {
                for (name, kind) in attributes {
                    let ExprKind::Text(name) = &name.kind else { continue };
                    let at = entries.iter().position(|(known, value)| known == name && !value.is_null());
                    match at.and_then(|at| entries.get_mut(at)) {
                        Some((_, value)) => {
                            let given = std::mem::replace(value, Value::new(Kind::Null, span));
                            *value = self.filled(given, kind);
                        }
                        None => {
                            if let Some(default) = optional(kind) {
                                let value = default.map_or(Value::new(Kind::Null, span), |default| self.evaluate(default, None));
                                entries.push((name.clone(), self.filled(value, kind)));
                            }
                        }
                    }
                }
                Value::new(Kind::Map(entries), span)
            }
            (_, kind, _) => Value::new(kind, span),
        }
    }
}

/// The default of an attribute that may be left out, where it has one.
fn optional(kind: &Expr) -> Option<Option<&Expr>> {
    match &kind.kind {
        ExprKind::Call(call) => match call.as_ref() {
            Call { function, arguments, .. } if function == "optional" => Some(arguments.get(1)),
            _ => None,
        },
        _ => None,
    }
}
