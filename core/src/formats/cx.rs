//! What a reader of a format needs to know of its document, and the fields that every format has.

use std::collections::HashMap;

use ipnet::IpNet;

use super::value::{Kind, Value};
use crate::document::{Level, Problems};
use crate::model::{Peer, Place, Protocol, Span, Unresolved, protocol_number};
use crate::syntax::{NodeRef, Value as Node};

/// Values that the person gave for names that the text leaves open, such as `var.admin_cidr`.
pub type Assumptions = HashMap<String, String>;

/// The document at hand.
pub(super) struct Cx<'c> {
    pub(super) document: u32,
    pub(super) problems: &'c mut Problems,
    /// Texts that are read together with it: a span behind its end is in one of them.
    pub(super) joined: &'c mut [Joined],
    /// Values that such a text gives for the parameters of a template, by name in lower case.
    pub(super) parameters: Option<&'c HashMap<String, Value>>,
    /// Everything stands here: the JSON was inside a string of another JSON.
    pub(super) fixed: Option<Span>,
    pub(super) assumptions: &'c Assumptions,
}

/// A text that is read together with others: it is laid behind them, end to end.
pub(super) struct Joined {
    pub(super) document: u32,
    /// Where it begins.
    pub(super) from: u32,
    pub(super) problems: Problems,
}

impl<'c> Cx<'c> {
    /// A document that is read by itself.
    pub(super) const fn new(document: u32, problems: &'c mut Problems, assumptions: &'c Assumptions) -> Self {
        Self { document, problems, joined: &mut [], parameters: None, fixed: None, assumptions }
    }

    pub(super) fn span(&self, of: impl Into<Span>) -> Span {
        self.fixed.unwrap_or_else(|| of.into())
    }

    pub(super) fn place(&self, of: impl Into<Span>) -> Place {
        let span = self.span(of);
        match self.nth(span).and_then(|at| self.joined.get(at)) {
            Some(text) => Place { document: text.document, span: behind(span, text.from) },
            None => Place { document: self.document, span },
        }
    }

    /// Which of the joined texts a span is in; none where it is in the document itself.
    fn nth(&self, span: Span) -> Option<usize> {
        self.joined.partition_point(|text| text.from <= span.start).checked_sub(1)
    }

    /// The problems of the text that a span is in, and the span there.
    fn told(&mut self, at: impl Into<Span>) -> (&mut Problems, Span) {
        let span = self.span(at);
        match self.nth(span).and_then(|at| self.joined.get_mut(at)) {
            Some(text) => (&mut text.problems, behind(span, text.from)),
            None => (self.problems, span),
        }
    }

    /// Read the way the platform would, and worth knowing.
    pub(super) fn warn(&mut self, at: impl Into<Span>, message: impl Into<String>) {
        let (problems, span) = self.told(at);
        problems.add(Level::Warning, span, message);
    }

    /// Not understood; the caller makes what depends on it unknown.
    pub(super) fn error(&mut self, at: impl Into<Span>, message: impl Into<String>) {
        let (problems, span) = self.told(at);
        problems.add(Level::Error, span, message);
    }

    /// Not read at all, and no policy stands for it: the document is unknown at best.
    pub(super) fn not_judged(&mut self, at: impl Into<Span>, message: impl Into<String>) {
        let (problems, span) = self.told(at);
        problems.add(Level::Error, span, message);
        problems.leave_out();
    }

    /// Something about what already has its place.
    pub(super) fn tell(&mut self, level: Level, at: Place, message: impl Into<String>) {
        let joined = self.joined.iter_mut().find(|text| text.document == at.document);
        joined.map_or(&mut *self.problems, |text| &mut text.problems).add(level, at.span, message);
    }

    /// A CIDR or an address, as the clouds read it: host bits are cleared.
    pub(super) fn cidr(&mut self, field: Field<'_>, at: impl Into<Span>) -> Peer {
        let at = at.into();
        let text = match field {
            Field::Text(text) => text.trim(),
            Field::Unknown(missing) => return Peer::Unresolved(Box::new(missing.clone())),
            Field::Absent | Field::Int(_) | Field::Odd => {
                self.error(at, "a CIDR such as \"10.0.0.0/8\" was expected here; the rule counts as unknown");
                return unresolved("a source that is no CIDR", "a CIDR such as 10.0.0.0/8");
            }
        };
        let parsed = text.parse::<IpNet>().ok().or_else(|| text.parse::<std::net::IpAddr>().ok().map(IpNet::from));
        let Some(net) = parsed else {
            let text = shown(text);
            self.error(at, format!("`{text}` is no CIDR; write an address and a prefix length, such as 10.0.0.0/8"));
            return unresolved(&text, "a CIDR such as 10.0.0.0/8");
        };
        let canonical = net.trunc();
        if canonical != net {
            let size = if net.prefix_len() == 0 { ", which is every address" } else { "" };
            self.warn(at, format!("`{}` has bits beyond its prefix length and is read as {canonical}{size}", shown(text)));
        }
        Peer::Net(canonical)
    }
}

/// A field of a rule, from a tree or from an evaluated value.
#[derive(Clone, Copy, Debug)]
pub(super) enum Field<'v> {
    Absent,
    Int(i64),
    Text(&'v str),
    /// Something else: a list, a map, a truth value.
    Odd,
    /// The text does not say.
    Unknown(&'v Unresolved),
}

impl<'v> Field<'v> {
    /// A whole number, also where it is written as text.
    pub(super) fn int(self) -> Option<i64> {
        match self {
            Self::Int(int) => Some(int),
            Self::Text(text) => text.trim().parse().ok(),
            _ => None,
        }
    }

    /// What is missing, where it is unknown.
    pub(super) const fn missing(self) -> Option<&'v Unresolved> {
        match self {
            Self::Unknown(missing) => Some(missing),
            _ => None,
        }
    }

    /// An IP protocol by name or number; `-1`, `all`, `any` and `*` are every protocol.
    pub(super) fn protocol(self) -> Option<Protocol> {
        if let Some(number) = self.int() {
            return if number == -1 { Some(Protocol::Any) } else { u8::try_from(number).ok().map(Protocol::Number) };
        }
        let Self::Text(name) = self else { return None };
        let name = name.trim();
        let any = ["all", "any", "*"].iter().any(|word| name.eq_ignore_ascii_case(word));
        if any { Some(Protocol::Any) } else { protocol_number(name).map(Protocol::Number) }
    }
}

impl<'t> From<Option<NodeRef<'t, '_>>> for Field<'t> {
    fn from(node: Option<NodeRef<'t, '_>>) -> Self {
        match node.map(NodeRef::value) {
            None | Some(Node::Null) => Self::Absent,
            Some(Node::Int(int)) => Self::Int(*int),
            Some(Node::Text(text)) if text.trim().is_empty() => Self::Absent,
            Some(Node::Text(text)) => Self::Text(text),
            // 443.0 is how some tools print 443.
            Some(Node::Float(float)) => format!("{float}").parse().map_or(Self::Odd, Self::Int),
            Some(Node::Bool(_) | Node::List | Node::Map) => Self::Odd,
        }
    }
}

impl<'v> From<Option<&'v Value>> for Field<'v> {
    fn from(value: Option<&'v Value>) -> Self {
        match value.map(|value| &value.kind) {
            None | Some(Kind::Null) => Self::Absent,
            Some(Kind::Int(int)) => Self::Int(*int),
            Some(Kind::Text(text)) if text.trim().is_empty() => Self::Absent,
            Some(Kind::Text(text)) => Self::Text(text),
            Some(Kind::Float(float)) => format!("{float}").parse().map_or(Self::Odd, Self::Int),
            Some(Kind::Unknown(missing)) => Self::Unknown(missing),
            Some(Kind::Bool(_) | Kind::List(_) | Kind::Map(_) | Kind::Reference(_)) => Self::Odd,
        }
    }
}

impl From<NodeRef<'_, '_>> for Span {
    fn from(node: NodeRef<'_, '_>) -> Self {
        node.span()
    }
}

impl From<&Value> for Span {
    fn from(value: &Value) -> Self {
        value.span
    }
}

/// A span as the text has it that begins at byte `from`.
const fn behind(span: Span, from: u32) -> Span {
    Span { start: span.start.saturating_sub(from), end: span.end.saturating_sub(from) }
}

/// A peer that could be anyone.
pub(super) fn unresolved(name: &str, would_settle: &str) -> Peer {
    Peer::Unresolved(Box::new(Unresolved { name: name.into(), would_settle: would_settle.into() }))
}

/// Text of the document as a message shows it: short, and without control characters.
pub(super) fn shown(text: &str) -> String {
    let mut shown: String = text.chars().take(60).filter(|letter| !letter.is_control()).collect();
    if text.chars().nth(60).is_some() {
        shown.push('…');
    }
    shown
}
