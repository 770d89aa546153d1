//! What a template's expressions come to: the evaluated tree that the readers of resources share.
//!
//! A template names things (`Ref`, `var.x`, `[parameters('x')]`). Its format evaluates them as far as literals carry; what is
//! left is either a reference to another resource of the same text, or unknown, with a name and what would settle it.

use std::collections::HashMap;

use crate::model::{Span, Unresolved};
use crate::syntax::{NodeRef, Value as Node, same_key};

/// A value with its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Value {
    /// Where it stands: the expression it came from.
    pub span: Span,
    /// What it is.
    pub kind: Kind,
}

/// What a value is.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// Nothing, or left out.
    Null,
    /// True or false.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Any other number.
    Float(f64),
    /// Text.
    Text(String),
    /// A list.
    List(Vec<Value>),
    /// A map, in the order of the text.
    Map(Vec<(String, Value)>),
    /// A resource of the same text, by its address there, such as `aws_security_group.web` or a logical id.
    Reference(String),
    /// Something the text does not say.
    Unknown(Unresolved),
}

/// The key of a map's last entry where a text counts the other entries and leaves them out; its value is unknown, and so is whatever
/// is looked for in vain.
pub(super) const REST: &str = "(the rest)";

const NOTHING: Value = Value::new(Kind::Null, Span { start: 0, end: 0 });

impl Value {
    /// A value at a place.
    pub const fn new(kind: Kind, span: Span) -> Self {
        Self { span, kind }
    }

    /// Something the text does not say.
    pub fn unknown(name: impl Into<String>, would_settle: impl Into<String>, span: Span) -> Self {
        let missing = Unresolved { name: name.into().into(), would_settle: would_settle.into().into() };
        Self::new(Kind::Unknown(missing), span)
    }

    /// A tree as it stands, without any evaluation. The reader of the text bounds its depth.
    pub fn from_node(node: NodeRef<'_, '_>) -> Self {
        let kind = match node.value() {
            Node::Null => Kind::Null,
            Node::Bool(value) => Kind::Bool(*value),
            Node::Int(value) => Kind::Int(*value),
            Node::Float(value) => Kind::Float(*value),
            Node::Text(text) => Kind::Text(text.clone().into_owned()),
            Node::List => Kind::List(node.children().map(Self::from_node).collect()),
            Node::Map => {
                Kind::Map(node.children().map(|child| (child.key().unwrap_or_default().to_owned(), Self::from_node(child))).collect())
            }
        };
        Self::new(kind, node.span())
    }

    /// Whether two values are equal, wherever they stand; the order of a map does not matter.
    pub fn same(&self, other: &Self) -> bool {
        match (&self.kind, &other.kind) {
            (Kind::List(ones), Kind::List(others)) => {
                ones.len() == others.len() && ones.iter().zip(others).all(|(one, other)| one.same(other))
            }
            (Kind::Map(ones), Kind::Map(others)) => {
                let others: HashMap<&str, &Self> = others.iter().map(|(key, other)| (key.as_str(), other)).collect();
                ones.len() == others.len() && ones.iter().all(|(key, one)| others.get(key.as_str()).is_some_and(|other| one.same(other)))
            }
            (one, other) => one == other,
        }
    }

    /// The same value in a text that begins at byte `by`.
    pub fn shifted(mut self, by: u32) -> Self {
        self.span = Span { start: self.span.start.saturating_add(by), end: self.span.end.saturating_add(by) };
        match &mut self.kind {
            Kind::List(items) => items.iter_mut().for_each(|item| *item = std::mem::replace(item, NOTHING).shifted(by)),
            Kind::Map(entries) => entries.iter_mut().for_each(|(_, value)| *value = std::mem::replace(value, NOTHING).shifted(by)),
            _ => {}
        }
        self
    }

    /// The text of a plain value: text itself, and numbers and truth values as templates write them into text.
    pub fn to_text(&self) -> Option<String> {
        match &self.kind {
            Kind::Text(text) => Some(text.clone()),
            Kind::Int(int) => Some(int.to_string()),
            Kind::Float(float) => Some(float.to_string()),
            Kind::Bool(value) => Some(value.to_string()),
            _ => None,
        }
    }

    /// The entry of a map under `name`; letter case and underscores don't matter, and of several the last counts.
    pub fn get(&self, name: &str) -> Option<&Self> {
        let entries = self.entries();
        let rest = entries.last().filter(|(key, _)| key == REST);
        entries.iter().rev().find(|(key, _)| same_key(key, name)).or(rest).map(|(_, value)| value)
    }

    /// The entry under `name`, unless it is null.
    pub fn some(&self, name: &str) -> Option<&Self> {
        self.get(name).filter(|value| !value.is_null())
    }

    /// The entry at the end of a path of names, unless it is null.
    pub fn path(&self, path: &[&str]) -> Option<&Self> {
        path.iter().try_fold(self, |value, name| value.some(name))
    }

    /// The text, where it is text.
    pub fn text(&self) -> Option<&str> {
        match &self.kind {
            Kind::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The text of the entry under `name`.
    pub fn text_of(&self, name: &str) -> Option<&str> {
        self.get(name)?.text()
    }

    /// A whole number, also where it is written as text or as `22.0`.
    pub fn int(&self) -> Option<i64> {
        match &self.kind {
            Kind::Int(int) => Some(*int),
            Kind::Text(text) => text.trim().parse().ok(),
            Kind::Float(float) => format!("{float}").parse().ok(),
            _ => None,
        }
    }

    /// A truth value, also where it is written as text.
    pub fn bool(&self) -> Option<bool> {
        match &self.kind {
            Kind::Bool(value) => Some(*value),
            Kind::Text(text) if text.eq_ignore_ascii_case("true") => Some(true),
            Kind::Text(text) if text.eq_ignore_ascii_case("false") => Some(false),
            _ => None,
        }
    }

    /// The entries of a map; none for other values.
    pub fn entries(&self) -> &[(String, Self)] {
        match &self.kind {
            Kind::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The items of a list; a single value counts as a list of one, and null as an empty one.
    pub fn items(&self) -> &[Self] {
        match &self.kind {
            Kind::List(items) => items,
            Kind::Null => &[],
            _ => std::slice::from_ref(self),
        }
    }

    /// The items of the entry under `name`.
    pub fn items_of(&self, name: &str) -> &[Self] {
        self.get(name).map(Self::items).unwrap_or_default()
    }

    /// Whether it is null.
    pub const fn is_null(&self) -> bool {
        matches!(self.kind, Kind::Null)
    }

    /// Whether it is a map.
    pub const fn is_map(&self) -> bool {
        matches!(self.kind, Kind::Map(_))
    }

    /// Whether it is a list.
    pub const fn is_list(&self) -> bool {
        matches!(self.kind, Kind::List(_))
    }

    /// What is missing, where it is unknown.
    pub const fn missing(&self) -> Option<&Unresolved> {
        match &self.kind {
            Kind::Unknown(missing) => Some(missing),
            _ => None,
        }
    }
}
