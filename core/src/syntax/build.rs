//! The tree, built from any serde deserialiser.
//!
//! Our own tolerant reader tells positions through a [`Clock`]; over serde_json the same visitor builds the same tree
//! without spans, which makes serde_json its oracle.

use std::borrow::Cow;
use std::cell::Cell;
use std::collections::HashSet;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::tree::{Duplicate, Link, NodeId, Tree, Value};
use crate::model::Span;

/// Where the reader is: it sets `start` before it hands over a value, and `end` behind the last token it took.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    /// First byte of the value at hand.
    pub start: Cell<u32>,
    /// The byte behind the last token.
    pub end: Cell<u32>,
}

/// Builds one value, with all beneath it, into a tree.
pub struct NodeSeed<'t, 'a> {
    tree: &'t mut Tree<'a>,
    clock: &'t Clock,
    link: Link,
    key: Option<Cow<'a, str>>,
}

impl<'t, 'a> NodeSeed<'t, 'a> {
    /// A seed for the root of an empty tree.
    pub fn root(tree: &'t mut Tree<'a>, clock: &'t Clock) -> Self {
        Self { tree, clock, link: Link::Root, key: None }
    }

    pub(crate) fn child(tree: &'t mut Tree<'a>, clock: &'t Clock, place: ChildOf, key: Option<Cow<'a, str>>) -> Self {
        let link = place.last.map_or(Link::FirstOf(place.parent), Link::After);
        Self { tree, clock, link, key }
    }

    /// Opens a list or a map that the caller fills.
    pub(crate) fn open(tree: &mut Tree<'a>, clock: &Clock, place: Option<ChildOf>, key: Option<Cow<'a, str>>, value: Value<'a>) -> NodeId {
        let link = place.map_or(Link::Root, |place| place.last.map_or(Link::FirstOf(place.parent), Link::After));
        tree.push(link, key, Span { start: clock.start.get(), end: clock.end.get() }, value)
    }

    /// Ends what [`NodeSeed::open`] began.
    pub(crate) fn shut(tree: &mut Tree<'a>, clock: &Clock, id: NodeId) {
        tree.set_end(id, clock.end.get());
    }

    fn leaf(self, value: Value<'a>) -> NodeId {
        let span = Span { start: self.clock.start.get(), end: self.clock.end.get() };
        self.tree.push(self.link, self.key, span, value)
    }
}

/// A parent under construction, and its newest child.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ChildOf {
    pub(crate) parent: NodeId,
    pub(crate) last: Option<NodeId>,
}

impl<'de> DeserializeSeed<'de> for NodeSeed<'_, 'de> {
    type Value = NodeId;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<NodeId, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for NodeSeed<'_, 'de> {
    type Value = NodeId;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E: Error>(self) -> Result<NodeId, E> {
        Ok(self.leaf(Value::Null))
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<NodeId, E> {
        Ok(self.leaf(Value::Bool(value)))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<NodeId, E> {
        Ok(self.leaf(Value::Int(value)))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<NodeId, E> {
        let value = i64::try_from(value).map_or_else(|_| Value::Text(value.to_string().into()), Value::Int);
        Ok(self.leaf(value))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<NodeId, E> {
        Ok(self.leaf(Value::Float(value)))
    }

    fn visit_borrowed_str<E: Error>(self, value: &'de str) -> Result<NodeId, E> {
        Ok(self.leaf(Value::Text(Cow::Borrowed(value))))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<NodeId, E> {
        self.visit_string(value.to_owned())
    }

    fn visit_string<E: Error>(self, value: String) -> Result<NodeId, E> {
        Ok(self.leaf(Value::Text(Cow::Owned(value))))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<NodeId, A::Error> {
        let (tree, clock) = (self.tree, self.clock);
        let span = Span { start: clock.start.get(), end: clock.end.get() };
        let parent = tree.push(self.link, self.key, span, Value::List);
        let mut last = None;
        while let Some(id) = items.next_element_seed(NodeSeed::child(tree, clock, ChildOf { parent, last }, None))? {
            last = Some(id);
        }
        tree.set_end(parent, clock.end.get());
        Ok(parent)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<NodeId, A::Error> {
        let (tree, clock) = (self.tree, self.clock);
        let span = Span { start: clock.start.get(), end: clock.end.get() };
        let parent = tree.push(self.link, self.key, span, Value::Map);
        let mut last = None;
        let mut keys = Keys::default();
        while let Some(key) = entries.next_key_seed(KeySeed)? {
            let again = keys.seen(key.clone());
            let name = again.then(|| key.clone().into_owned());
            last = Some(entries.next_value_seed(NodeSeed::child(tree, clock, ChildOf { parent, last }, Some(key)))?);
            if let Some(key) = name {
                let span = Span { start: clock.start.get(), end: clock.end.get() };
                tree.duplicates.push(Duplicate { key, span });
            }
        }
        tree.set_end(parent, clock.end.get());
        Ok(parent)
    }
}

/// The key of a map entry, borrowed where it has no escapes.
pub(crate) struct KeySeed;

impl<'de> DeserializeSeed<'de> for KeySeed {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Cow<'de, str>, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for KeySeed {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key in quotes")
    }

    fn visit_borrowed_str<E: Error>(self, value: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(value))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(value.to_owned()))
    }
}

/// The keys of one map so far. Maps of real configurations are small, hostile ones are not.
#[derive(Default)]
pub(super) struct Keys<'a> {
    few: Vec<Cow<'a, str>>,
    many: HashSet<Cow<'a, str>>,
}

impl<'a> Keys<'a> {
    const FEW: usize = 16;

    /// Whether a key is there.
    pub(super) fn has(&self, key: &str) -> bool {
        self.few.iter().any(|known| known == key) || self.many.contains(key)
    }

    /// Adds a key; whether it was there.
    pub(super) fn seen(&mut self, key: Cow<'a, str>) -> bool {
        if self.has(&key) {
            return true;
        }
        if self.few.len() < Self::FEW {
            self.few.push(key);
        } else {
            self.many.insert(key);
        }
        false
    }
}
