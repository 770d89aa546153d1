//! HCL, the language of Terraform and OpenTofu: text to blocks and expressions with spans.
//!
//! The grammar is that of HCL's native syntax (HashiCorp's specification of it). `reader` is the place in the text, `body`,
//! `expression`, `value` and `template` are the parts of the grammar, `recover` reads a whole file and goes on after what is
//! broken. How deep things stand in each other and how many operators follow each other is bounded, so that hostile text
//! can't overflow the stack; the time is linear in the length of the text.

mod body;
mod directives;
mod expression;
mod indent;
#[cfg(test)]
mod oracle;
mod reader;
mod recover;
mod template;
#[cfg(test)]
mod tests;
mod value;

pub(crate) use recover::{Broken, looks_like, parse, template};

use crate::model::Span;

/// What stands between the braces of a block, or in a file.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Body {
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) blocks: Vec<Block>,
}

/// `name = value`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Attribute {
    pub(crate) name: String,
    pub(crate) value: Expr,
}

/// `kind "label" { body }`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Block {
    pub(crate) kind: String,
    pub(crate) labels: Vec<String>,
    pub(crate) body: Body,
    pub(crate) span: Span,
}

/// An expression.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Expr {
    pub(crate) span: Span,
    pub(crate) kind: ExprKind,
}

/// What an expression is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum ExprKind {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(String),
    List(Vec<Expr>),
    /// Keys that are bare words are text.
    Object(Vec<(Expr, Expr)>),
    Template(Vec<Part>),
    /// The first word of a name, such as `var` in `var.x`.
    Name(String),
    /// Attributes, indexes and splats behind a value.
    Traverse(Box<Expr>, Vec<Step>),
    /// `if ? then : otherwise`.
    Choose(Box<[Expr; 3]>),
    Call(Box<Call>),
    Not(Box<Expr>),
    Negate(Box<Expr>),
    Binary(Operator, Box<[Expr; 2]>),
    For(Box<For>),
}

/// A step of a traversal.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Step {
    Attribute(String),
    Index(Expr),
    /// `[*]`: everything that follows is done with every item.
    Splat,
    /// `.*`: the attributes that follow are taken from every item.
    AttributeSplat,
}

/// A function call.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Call {
    pub(crate) function: String,
    pub(crate) arguments: Vec<Expr>,
    /// The last argument is a list of arguments: `f(list...)`.
    pub(crate) spread: bool,
}

/// `[for key, value in collection : result if condition]`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct For {
    pub(crate) each: Each,
    /// The key of each entry, where a map is made.
    pub(crate) key: Option<Expr>,
    pub(crate) result: Expr,
    pub(crate) condition: Option<Expr>,
    /// `...`: entries with one key are gathered into a list.
    pub(crate) grouped: bool,
}

/// What a loop goes over, and the names of its variables.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Each {
    pub(crate) key: Option<String>,
    pub(crate) value: String,
    pub(crate) collection: Expr,
}

/// A piece of a template.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Part {
    Literal(String),
    Value(Expr),
    If(Box<Expr>, Vec<Self>, Vec<Self>),
    For(Box<Each>, Vec<Self>),
}

/// An operator between two operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operator {
    Equal,
    Unequal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Plus,
    Minus,
    Times,
    Divide,
    Remainder,
    And,
    Or,
}

impl Body {
    /// The value of an attribute.
    pub(crate) fn get(&self, name: &str) -> Option<&Expr> {
        self.attributes.iter().find(|attribute| attribute.name == name).map(|attribute| &attribute.value)
    }
}
