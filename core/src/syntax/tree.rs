//! A tree of values with spans, in one flat arena that is reused from one group to the next.

use std::borrow::Cow;

use crate::model::Span;

/// A node's index in its tree.
pub type NodeId = u32;

/// Marks the absence of a node.
const NONE: NodeId = u32::MAX;

/// A value of the text.
#[derive(Clone, Debug, PartialEq)]
pub enum Value<'a> {
    /// Nothing.
    Null,
    /// True or false.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Any other number.
    Float(f64),
    /// Text, borrowed where it has no escapes.
    Text(Cow<'a, str>),
    /// A list; the children are its items.
    List,
    /// A map; the children carry keys.
    Map,
}

#[derive(Clone, Debug)]
struct Node<'a> {
    key: Option<Cow<'a, str>>,
    span: Span,
    value: Value<'a>,
    first_child: NodeId,
    next: NodeId,
}

/// A key that stands twice in one map.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Duplicate {
    /// The key.
    pub key: String,
    /// Where its value stands again.
    pub span: Span,
}

/// The arena.
#[derive(Clone, Debug, Default)]
pub struct Tree<'a> {
    nodes: Vec<Node<'a>>,
    /// Keys that stand twice in one map; the last one counts.
    pub duplicates: Vec<Duplicate>,
}

/// Where a new node is hung.
#[derive(Clone, Copy, Debug)]
pub(super) enum Link {
    /// It is the root.
    Root,
    /// It is the first child.
    FirstOf(NodeId),
    /// It follows a sibling.
    After(NodeId),
}

/// What a node is made of.
pub(super) struct Parts<'a> {
    pub(super) key: Option<Cow<'a, str>>,
    pub(super) span: Span,
    pub(super) value: Value<'a>,
    pub(super) first: Option<NodeId>,
    pub(super) next: Option<NodeId>,
}

impl<'a> Tree<'a> {
    /// Forgets everything and keeps the memory.
    pub fn clear(&mut self) {
        self.nodes.clear();
        self.duplicates.clear();
    }

    /// The first node that was built, if any.
    pub fn root(&self) -> Option<NodeRef<'_, 'a>> {
        (!self.nodes.is_empty()).then_some(NodeRef { tree: self, id: 0 })
    }

    /// Hangs a new node at once, so that a tree cut off by an error is still a tree.
    pub(super) fn push(&mut self, link: Link, key: Option<Cow<'a, str>>, span: Span, value: Value<'a>) -> NodeId {
        let id = NodeId::try_from(self.nodes.len()).unwrap_or(NONE);
        self.nodes.push(Node { key, span, value, first_child: NONE, next: NONE });
        match link {
            Link::Root => {}
            Link::FirstOf(parent) => self.edit(parent, |node| node.first_child = id),
            Link::After(sibling) => self.edit(sibling, |node| node.next = id),
        }
        id
    }

    pub(super) fn set_end(&mut self, id: NodeId, end: u32) {
        self.edit(id, |node| node.span.end = end);
    }

    /// A node's own key, place and value, and where its first child and its next sibling are.
    pub(super) fn parts(&self, id: NodeId) -> Option<Parts<'a>> {
        let node = self.node(id)?;
        let there = |id: NodeId| (id != NONE).then_some(id);
        let (first, next) = (there(node.first_child), there(node.next));
        Some(Parts { key: node.key.clone(), span: node.span, value: node.value.clone(), first, next })
    }

    fn edit(&mut self, id: NodeId, change: impl FnOnce(&mut Node<'a>)) {
        if let Some(node) = usize::try_from(id).ok().and_then(|at| self.nodes.get_mut(at)) {
            change(node);
        }
    }

    #[inline(always)]
    fn node(&self, id: NodeId) -> Option<&Node<'a>> {
        self.nodes.get(usize::try_from(id).ok()?)
    }
}

/// One node, to be read.
#[derive(Clone, Copy)]
pub struct NodeRef<'t, 'a> {
    tree: &'t Tree<'a>,
    id: NodeId,
}

impl<'t, 'a> NodeRef<'t, 'a> {
    /// Its value.
    pub fn value(self) -> &'t Value<'a> {
        self.tree.node(self.id).map_or(&Value::Null, |node| &node.value)
    }

    /// Where it stands.
    pub fn span(self) -> Span {
        self.tree.node(self.id).map(|node| node.span).unwrap_or_default()
    }

    /// Its key, inside a map.
    pub fn key(self) -> Option<&'t str> {
        self.tree.node(self.id)?.key.as_deref()
    }

    /// Items of a list or entries of a map, in order; none for other values.
    pub fn children(self) -> impl Iterator<Item = Self> {
        let child = |id: NodeId| self.tree.node(id).map(|_| NodeRef { tree: self.tree, id });
        let first = self.tree.node(self.id).and_then(|node| child(node.first_child));
        std::iter::successors(first, move |node| node.tree.node(node.id).and_then(|node| child(node.next)))
    }

    /// The entry of a map under `name`. Letter case and underscores don't matter, since one API is printed as
    /// `IpPermissions`, `ipPermissions` and `ip_permissions`; of several the last counts.
    pub fn get(self, name: &str) -> Option<Self> {
        if !self.is_map() {
            return None;
        }
        // By hand, since every reader asks for every field this way.
        let (mut found, mut next) = (None, self.tree.node(self.id)?.first_child);
        while let Some(node) = self.tree.node(next) {
            if node.key.as_ref().is_some_and(|key| same_key(key, name)) {
                found = Some(Self { tree: self.tree, id: next });
            }
            next = node.next;
        }
        found
    }

    /// The entry under `name`, unless it is null.
    pub fn some(self, name: &str) -> Option<Self> {
        self.get(name).filter(|node| !node.is_null())
    }

    /// The text, where it is text.
    pub fn text(self) -> Option<&'t str> {
        match self.value() {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The text of the entry under `name`.
    pub fn text_of(self, name: &str) -> Option<&'t str> {
        self.get(name)?.text()
    }

    /// A whole number, also where it is written as text.
    pub fn int(self) -> Option<i64> {
        match self.value() {
            Value::Int(int) => Some(*int),
            Value::Text(text) => text.trim().parse().ok(),
            _ => None,
        }
    }

    /// Whether it is null.
    pub fn is_null(self) -> bool {
        matches!(self.value(), Value::Null)
    }

    /// Whether it is a map.
    pub fn is_map(self) -> bool {
        matches!(self.value(), Value::Map)
    }

    /// Whether it is a list.
    pub fn is_list(self) -> bool {
        matches!(self.value(), Value::List)
    }
}

/// Whether two keys name the same field: letter case and underscores apart.
pub(crate) fn same_key(key: &str, name: &str) -> bool {
    // Nearly every comparison ends here: maps are searched key by key.
    match (key.as_bytes(), name.as_bytes()) {
        ([a, ..], [b, ..]) if a.eq_ignore_ascii_case(b) && key.len() >= name.len() => {}
        (key, name) => return key.is_empty() && name.is_empty(),
    }
    if key.len() == name.len() {
        return key.eq_ignore_ascii_case(name);
    }
    key.bytes().filter(|byte| *byte != b'_').map(|byte| byte.to_ascii_lowercase()).eq(name.bytes().map(|byte| byte.to_ascii_lowercase()))
}
