//! The big road: lists of groups are read one element at a time and let go.
//!
//! The visitor is generic over the deserialiser. Lists under a known key, and a list at the top, hand each element to the
//! caller in a tree that is reused; everything around them is small and is kept in one tree of its own.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use crate::syntax::{ChildOf, Clock, KeySeed, NodeId, NodeSeed, Tree, Value, same_key};

/// One element of a streamed list; or, once for a list without elements, the empty tree.
pub struct Element<'t, 'a> {
    /// The key of its list; empty for a list at the top.
    pub list: &'t str,
    /// The element, at the root.
    pub tree: &'t Tree<'a>,
    /// The text broke off inside it.
    pub cut: bool,
}

/// Keys whose lists are streamed, wherever only objects stand around them.
const STREAMED: [&str; 5] = ["SecurityGroups", "SecurityGroupRules", "Records", "configurationItems", "Events"];

/// Objects under these keys belong to templates and plans, in which a list of the same name is something else.
const TEMPLATES: [&str; 8] =
    ["Resources", "values", "planned_values", "prior_state", "resource_changes", "properties", "variables", "parameters"];

/// Whether what stands under a key is part of a template or a plan.
pub(super) fn is_of_template(key: &str) -> bool {
    TEMPLATES.iter().any(|name| same_key(key, name))
}

/// How many objects may stand around a streamed list: recorders commonly wrap a response in two or three.
const DEPTH: u32 = 4;

/// Reads a whole JSON value: streamed lists to the caller, the rest into a tree.
pub struct Envelope<'w, 'a, F> {
    rest: &'w mut Tree<'a>,
    scratch: &'w mut Tree<'a>,
    clock: &'w Clock,
    each: &'w mut F,
    place: Option<ChildOf>,
    key: Option<Cow<'a, str>>,
    depth: u32,
}

impl<'w, 'a, F: FnMut(Element<'_, 'a>)> Envelope<'w, 'a, F> {
    /// A seed for a value at the top. `rest` and `scratch` must be empty; `each` gets the elements.
    pub fn root(rest: &'w mut Tree<'a>, scratch: &'w mut Tree<'a>, clock: &'w Clock, each: &'w mut F) -> Self {
        Self { rest, scratch, clock, each, place: None, key: None, depth: 0 }
    }

    /// The seed that builds this value into the tree as it is.
    fn plain(self) -> NodeSeed<'w, 'a> {
        match self.place {
            None => NodeSeed::root(self.rest, self.clock),
            Some(place) => NodeSeed::child(self.rest, self.clock, place, self.key),
        }
    }
}

impl<'de, F: FnMut(Element<'_, 'de>)> DeserializeSeed<'de> for Envelope<'_, 'de, F> {
    type Value = NodeId;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<NodeId, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, F: FnMut(Element<'_, 'de>)> Visitor<'de> for Envelope<'_, 'de, F> {
    type Value = NodeId;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<NodeId, A::Error> {
        let Self { rest, scratch, clock, each, place, key, depth } = self;
        let parent = NodeSeed::open(rest, clock, place, key, Value::Map);
        let mut last = None;
        while let Some(key) = entries.next_key_seed(KeySeed)? {
            if STREAMED.iter().any(|name| same_key(&key, name)) {
                entries.next_value_seed(Elements { list: &key, scratch: &mut *scratch, clock, each: &mut *each })?;
                continue;
            }
            let place = ChildOf { parent, last };
            last = Some(if depth < DEPTH && !is_of_template(&key) {
                let inner = Envelope {
                    rest: &mut *rest,
                    scratch: &mut *scratch,
                    clock,
                    each: &mut *each,
                    place: Some(place),
                    key: Some(key),
                    depth: depth.saturating_add(1),
                };
                entries.next_value_seed(inner)?
            } else {
                entries.next_value_seed(NodeSeed::child(rest, clock, place, Some(key)))?
            });
        }
        NodeSeed::shut(rest, clock, parent);
        Ok(parent)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<NodeId, A::Error> {
        if self.place.is_some() {
            return self.plain().visit_seq(items);
        }
        let parent = NodeSeed::open(self.rest, self.clock, None, None, Value::List);
        Elements { list: "", scratch: self.scratch, clock: self.clock, each: self.each }.visit_seq(items)?;
        NodeSeed::shut(self.rest, self.clock, parent);
        Ok(parent)
    }

    fn visit_unit<E: Error>(self) -> Result<NodeId, E> {
        self.plain().visit_unit()
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<NodeId, E> {
        self.plain().visit_bool(value)
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<NodeId, E> {
        self.plain().visit_i64(value)
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<NodeId, E> {
        self.plain().visit_u64(value)
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<NodeId, E> {
        self.plain().visit_f64(value)
    }

    fn visit_borrowed_str<E: Error>(self, value: &'de str) -> Result<NodeId, E> {
        self.plain().visit_borrowed_str(value)
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<NodeId, E> {
        self.plain().visit_str(value)
    }

    fn visit_string<E: Error>(self, value: String) -> Result<NodeId, E> {
        self.plain().visit_string(value)
    }
}

/// The elements of one list, each handed over and let go.
struct Elements<'w, 'a, F> {
    list: &'w str,
    scratch: &'w mut Tree<'a>,
    clock: &'w Clock,
    each: &'w mut F,
}

impl<'de, F: FnMut(Element<'_, 'de>)> DeserializeSeed<'de> for Elements<'_, 'de, F> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, F: FnMut(Element<'_, 'de>)> Elements<'_, 'de, F> {
    /// Hands over what was built, also where the text broke off.
    fn hand_over<T, E>(&mut self, built: Result<T, E>) -> Result<T, E> {
        // A list that breaks off before its first element still tells what it was going to be.
        if self.scratch.root().is_some() || built.is_err() {
            (self.each)(Element { list: self.list, tree: self.scratch, cut: built.is_err() });
        }
        self.scratch.clear();
        built
    }
}

impl<'de, F: FnMut(Element<'_, 'de>)> Visitor<'de> for Elements<'_, 'de, F> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut items: A) -> Result<(), A::Error> {
        let mut any = false;
        loop {
            let element = items.next_element_seed(NodeSeed::root(self.scratch, self.clock));
            if self.hand_over(element)?.is_none() {
                break;
            }
            any = true;
        }
        if !any {
            (self.each)(Element { list: self.list, tree: self.scratch, cut: false });
        }
        Ok(())
    }

    /// A single object where a list was expected.
    fn visit_map<A: MapAccess<'de>>(mut self, entries: A) -> Result<(), A::Error> {
        let element = NodeSeed::root(self.scratch, self.clock).visit_map(entries);
        self.hand_over(element).map(|_| ())
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<(), E> {
        Ok(())
    }
}
