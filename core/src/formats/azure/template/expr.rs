//! What a template says before it is evaluated: one tree for ARM's JSON and for Bicep.

use crate::formats::value::Kind;
use crate::model::Span;

/// An expression with its place.
#[derive(Clone, Debug)]
pub(in crate::formats::azure) struct Node {
    pub(in crate::formats::azure) expr: Expr,
    pub(in crate::formats::azure) span: Span,
}

/// What it is.
#[derive(Clone, Debug)]
pub(in crate::formats::azure) enum Expr {
    /// Null, a truth value, a number or text.
    Literal(Kind),
    /// A list.
    List(Vec<Node>),
    /// A map; in Bicep keys can be expressions.
    Map(Vec<(Node, Node)>),
    /// A function with its arguments; Bicep's operators and interpolated strings are functions, too.
    Call(String, Vec<Node>),
    /// A bare name, as Bicep has them.
    Name(String),
    /// `x.y`.
    Property(Box<Node>, String),
    /// `x[y]`.
    Index(Box<Node>, Box<Node>),
    /// One value for each turn.
    Loop(Box<Loop>),
}

/// A loop: ARM's `copy`, Bicep's `for`.
#[derive(Clone, Debug)]
pub(in crate::formats::azure) struct Loop {
    /// How often, or over which list.
    pub(in crate::formats::azure) over: Node,
    /// What the body calls the item; empty where it has none.
    pub(in crate::formats::azure) item: String,
    /// What the body calls the number of the turn; empty where it has none.
    pub(in crate::formats::azure) index: String,
    /// Turns for which this is false are left out.
    pub(in crate::formats::azure) condition: Option<Node>,
    /// The value.
    pub(in crate::formats::azure) body: Node,
}

impl Node {
    /// A scalar.
    pub(in crate::formats::azure) const fn literal(kind: Kind, span: Span) -> Self {
        Self { expr: Expr::Literal(kind), span }
    }

    /// Text.
    pub(in crate::formats::azure) fn text(text: impl Into<String>, span: Span) -> Self {
        Self::literal(Kind::Text(text.into()), span)
    }

    /// A call.
    pub(in crate::formats::azure) fn call(name: &str, arguments: Vec<Self>, span: Span) -> Self {
        Self { expr: Expr::Call(name.to_owned(), arguments), span }
    }

    /// The expression as a template spells it, so that people find it.
    pub(in crate::formats::azure) fn spelled(&self) -> String {
        let mut out = String::new();
        self.spell(&mut out);
        out
    }

    fn spell(&self, out: &mut String) {
        // Names are shown to people; beyond this no one reads them.
        const LONGEST: usize = 200;
        if out.len() > LONGEST {
            return;
        }
        match &self.expr {
            Expr::Literal(Kind::Text(text)) => {
                out.push('\'');
                out.push_str(text);
                out.push('\'');
            }
            Expr::Literal(Kind::Int(int)) => out.push_str(&int.to_string()),
            Expr::Literal(Kind::Bool(bool)) => out.push_str(if *bool { "true" } else { "false" }),
            Expr::Literal(_) => out.push_str("null"),
            Expr::Name(name) => out.push_str(name),
            Expr::Property(base, name) => {
                base.spell(out);
                out.push('.');
                out.push_str(name);
            }
            Expr::Index(base, key) => {
                base.spell(out);
                out.push('[');
                key.spell(out);
                out.push(']');
            }
            Expr::Call(name, arguments) => {
                out.push_str(name);
                out.push('(');
                for (i, argument) in arguments.iter().enumerate() {
                    if i > 0 {
                        out.push_str(", ");
                    }
                    argument.spell(out);
                }
                out.push(')');
            }
            Expr::List(_) => out.push_str("[…]"),
            Expr::Map(_) => out.push_str("{…}"),
            Expr::Loop(_) => out.push_str("a loop"),
        }
    }
}
