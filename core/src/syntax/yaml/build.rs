//! The tree, built from the parser's events without recursion.

use std::borrow::Cow;
use std::ops::Range;

use granit_parser::{ScalarStyle, Span as ParserSpan, Tag};

use super::{scalar, tag};
use crate::model::Span;
use crate::syntax::build::Keys;
use crate::syntax::json::{Error, MAX_DEPTH};
use crate::syntax::tree::{Duplicate, Link, NodeId, Tree, Value};

/// How many values the aliases of a text may expand to.
const MAX_COPIED: usize = 100_000;

/// Where a value stands, and what is said about it before it begins.
pub(super) struct Mark {
    range: Range<usize>,
    tag_start: usize,
    anchor: usize,
    tag: Option<Kind>,
}

/// What a tag says.
enum Kind {
    /// One of YAML's own types.
    Core(String),
    /// A function or something else that is no plain value: the key of its long form.
    Long(Cow<'static, str>),
}

impl Mark {
    pub(super) fn new(range: Range<usize>, anchor: usize, tag: Option<&Tag>, span: &ParserSpan) -> Self {
        let tag_start = span.tag_start().and_then(|mark| mark.byte_offset()).unwrap_or(range.start);
        let tag = tag.map(|tag| match tag.core_suffix() {
            Some(core) => Kind::Core(core.to_owned()),
            // A lone `!` makes a scalar text.
            None if tag.original() == "!" => Kind::Core("str".to_owned()),
            None => Kind::Long(tag::long(&tag.original())),
        });
        Self { range, tag_start, anchor, tag }
    }
}

/// A list or a map under construction.
struct Open<'a> {
    id: NodeId,
    /// The map around it that a tag made.
    wrapper: Option<NodeId>,
    last: Option<NodeId>,
    is_map: bool,
    key: Option<Cow<'a, str>>,
    keys: Keys<'a>,
    /// Maps whose entries count where this one has none: YAML 1.1's `<<`.
    merged: Vec<NodeId>,
}

pub(super) struct Builder<'a> {
    text: &'a str,
    base: u32,
    done: Vec<Tree<'a>>,
    tree: Tree<'a>,
    open: Vec<Open<'a>>,
    depth: u32,
    anchors: Vec<(usize, NodeId)>,
    copied: usize,
    /// The byte behind the last token.
    end: usize,
}

impl<'a> Builder<'a> {
    pub(super) fn new(text: &'a str, base: u32) -> Self {
        Self { text, base, done: Vec::new(), tree: Tree::default(), open: Vec::new(), depth: 0, anchors: Vec::new(), copied: 0, end: 0 }
    }

    pub(super) fn scalar(&mut self, text: Cow<'a, str>, style: ScalarStyle, mark: Mark) {
        let range = match style {
            // The parser's place of a block text runs into the indentation of the next line.
            ScalarStyle::Literal | ScalarStyle::Folded => {
                let block = self.text.get(mark.range.clone()).unwrap_or_default();
                mark.range.start..mark.range.start.saturating_add(block.trim_end().len())
            }
            _ => mark.range.clone(),
        };
        self.end = self.end.max(range.end);
        if let Some(open) = self.open.last_mut()
            && open.is_map
            && open.key.is_none()
        {
            open.key = Some(text);
            return;
        }
        let function = match mark.tag {
            Some(Kind::Long(function)) => function,
            tag => {
                let value = match tag {
                    Some(Kind::Core(core)) => scalar::tagged(text, &core),
                    _ if style == ScalarStyle::Plain => scalar::plain(text),
                    _ => Value::Text(text),
                };
                let id = self.put(value, self.span(range.start, range.end));
                return self.anchor(mark.anchor, id);
            }
        };
        let whole = self.span(mark.tag_start, range.end);
        let wrapper = self.put(Value::Map, whole);
        self.anchor(mark.anchor, wrapper);
        let span = self.span(range.start, range.end);
        // `!GetAtt a.b` names a resource and its attribute, the part behind the first dot.
        match (&*function, split(&text)) {
            ("Fn::GetAtt", Some((resource, attribute))) => {
                let list = self.tree.push(Link::FirstOf(wrapper), Some(function), span, Value::List);
                let first = self.tree.push(Link::FirstOf(list), None, span, Value::Text(resource.to_owned().into()));
                self.tree.push(Link::After(first), None, span, Value::Text(attribute.to_owned().into()));
            }
            _ => {
                let value = if style == ScalarStyle::Plain { scalar::plain(text) } else { Value::Text(text) };
                self.tree.push(Link::FirstOf(wrapper), Some(function), span, value);
            }
        }
    }

    pub(super) fn open(&mut self, is_map: bool, mark: Mark) -> Result<(), Error> {
        if self.open.last().is_some_and(|open| open.is_map && open.key.is_none()) {
            return Err(self.error(mark.range.start, "a key here is a list or a map itself; if this is a template, render it first"));
        }
        self.end = self.end.max(mark.range.end);
        self.deeper(mark.range.start)?;
        let value = if is_map { Value::Map } else { Value::List };
        let span = self.span(mark.range.start, mark.range.end);
        let (wrapper, id) = match mark.tag {
            Some(Kind::Long(function)) => {
                self.deeper(mark.range.start)?;
                let wrapper = self.put(Value::Map, self.span(mark.tag_start, mark.range.end));
                (Some(wrapper), self.tree.push(Link::FirstOf(wrapper), Some(function), span, value))
            }
            _ => (None, self.put(value, span)),
        };
        self.anchor(mark.anchor, wrapper.unwrap_or(id));
        self.open.push(Open { id, wrapper, last: None, is_map, key: None, keys: Keys::default(), merged: Vec::new() });
        Ok(())
    }

    pub(super) fn close(&mut self, range: &Range<usize>) -> Result<(), Error> {
        // A block's end is told where the next token begins, which may be far below it.
        if !range.is_empty() {
            self.end = self.end.max(range.end);
        }
        let Some(mut open) = self.open.pop() else { return Ok(()) };
        self.depth = self.depth.saturating_sub(if open.wrapper.is_some() { 2 } else { 1 });
        for merged in std::mem::take(&mut open.merged) {
            self.merge(&mut open, merged)?;
        }
        let end = self.place(self.end);
        self.tree.set_end(open.id, end);
        if let Some(wrapper) = open.wrapper {
            self.tree.set_end(wrapper, end);
        }
        Ok(())
    }

    pub(super) fn alias(&mut self, anchor: usize, range: &Range<usize>) -> Result<(), Error> {
        self.end = self.end.max(range.end);
        // Anchors are numbered in the order of the text.
        let at = self.anchors.partition_point(|(known, _)| *known < anchor);
        let Some(&(_, target)) = self.anchors.get(at).filter(|(known, _)| *known == anchor) else {
            return Err(self.error(range.start, "this alias names a key, which nothing here needs; write the text out"));
        };
        if self.open.iter().any(|open| open.id == target || open.wrapper == Some(target)) {
            return Err(self.error(range.start, "this alias stands inside what it names, so it has no end; write the value out"));
        }
        match self.open.last_mut() {
            Some(open) if open.is_map && open.key.is_none() => match self.tree.parts(target).map(|parts| parts.value) {
                Some(Value::Text(text)) => {
                    open.key = Some(text);
                    Ok(())
                }
                _ => Err(self.error(range.start, "a key here is no text; write it out")),
            },
            Some(open) if open.key.as_deref() == Some(MERGE) => {
                open.key = None;
                open.merged.push(target);
                Ok(())
            }
            _ => {
                let (link, key) = self.next_place();
                let id = self.copy(target, link, key, self.depth, range.start)?;
                self.placed(id);
                Ok(())
            }
        }
    }

    pub(super) fn end_document(&mut self) {
        if self.tree.root().is_some() {
            self.done.push(std::mem::take(&mut self.tree));
        }
        self.anchors.clear();
        self.open.clear();
        self.depth = 0;
    }

    pub(super) fn finish(mut self) -> (Vec<Tree<'a>>, Option<Error>) {
        self.end_document();
        (self.done, None)
    }

    /// What was read so far, and what ended it. The document at hand is the last, even if nothing of it was read.
    pub(super) fn broken(mut self, error: Error) -> (Vec<Tree<'a>>, Option<Error>) {
        let end = self.place(self.end);
        for open in std::mem::take(&mut self.open) {
            open.wrapper.into_iter().chain([open.id]).for_each(|id| self.tree.set_end(id, end));
        }
        self.done.push(self.tree);
        (self.done, Some(error))
    }

    fn place(&self, at: usize) -> u32 {
        self.base.saturating_add(u32::try_from(at).unwrap_or(u32::MAX))
    }

    fn span(&self, start: usize, end: usize) -> Span {
        Span { start: self.place(start), end: self.place(end) }
    }

    fn error(&self, at: usize, message: impl Into<String>) -> Error {
        Error { message: message.into(), at: self.place(at) }
    }

    fn deeper(&mut self, at: usize) -> Result<(), Error> {
        if self.depth >= MAX_DEPTH {
            return Err(self.error(at, format!("values are nested deeper than {MAX_DEPTH} levels here; no configuration is")));
        }
        self.depth = self.depth.saturating_add(1);
        Ok(())
    }

    fn anchor(&mut self, anchor: usize, id: NodeId) {
        if anchor != 0 {
            self.anchors.push((anchor, id));
        }
    }

    /// Where the next value hangs, and its key.
    fn next_place(&mut self) -> (Link, Option<Cow<'a, str>>) {
        match self.open.last_mut() {
            None => (Link::Root, None),
            Some(open) => match open.key.take() {
                // What is merged hangs nowhere: its entries are copied when the map ends.
                Some(key) if key == MERGE => (Link::Root, Some(key)),
                key => (open.last.map_or(Link::FirstOf(open.id), Link::After), key),
            },
        }
    }

    /// Remembers a value that was hung there.
    fn placed(&mut self, id: NodeId) {
        let Some(parts) = self.tree.parts(id) else { return };
        let Some(open) = self.open.last_mut() else { return };
        match parts.key {
            Some(key) if key == MERGE && open.is_map => open.merged.push(id),
            Some(key) => {
                open.last = Some(id);
                if open.keys.seen(key.clone()) {
                    self.tree.duplicates.push(Duplicate { key: key.into_owned(), span: parts.span });
                }
            }
            None => open.last = Some(id),
        }
    }

    fn put(&mut self, value: Value<'a>, span: Span) -> NodeId {
        let (link, key) = self.next_place();
        let id = self.tree.push(link, key, span, value);
        self.placed(id);
        id
    }

    /// Counts what aliases make; beyond the budget the reading ends.
    fn charge(&mut self, cost: usize, at: usize) -> Result<(), Error> {
        self.copied = self.copied.saturating_add(cost);
        if self.copied > MAX_COPIED {
            return Err(self.error(at, format!("the aliases of this text expand to more than {MAX_COPIED} values; write them out")));
        }
        Ok(())
    }

    /// Copies a value with everything beneath it. Its place stays where it was written: that is the text to change.
    fn copy(&mut self, from: NodeId, link: Link, key: Option<Cow<'a, str>>, depth: u32, at: usize) -> Result<NodeId, Error> {
        if depth > MAX_DEPTH {
            return Err(self.error(at, format!("aliases nest deeper than {MAX_DEPTH} levels here; no configuration does")));
        }
        let Some(parts) = self.tree.parts(from) else { return Ok(from) };
        // Text that was unescaped is copied, too; other text is only pointed at.
        let length = if let Value::Text(Cow::Owned(text)) = &parts.value { text.len() } else { 0 };
        self.charge((length / 64).saturating_add(1), at)?;
        let id = self.tree.push(link, key, parts.span, parts.value);
        let (mut child, mut last) = (parts.first, None);
        while let Some(inner) = child {
            let Some(parts) = self.tree.parts(inner) else { break };
            let link = last.map_or(Link::FirstOf(id), Link::After);
            last = Some(self.copy(inner, link, parts.key, depth.saturating_add(1), at)?);
            child = parts.next;
        }
        Ok(id)
    }

    /// Adds the entries of a merged map, or of each map of a merged list, that the map does not have itself.
    fn merge(&mut self, open: &mut Open<'a>, from: NodeId) -> Result<(), Error> {
        let Some(parts) = self.tree.parts(from) else { return Ok(()) };
        let at = usize::try_from(parts.span.start.saturating_sub(self.base)).unwrap_or_default();
        let mut child = parts.first;
        while let Some(inner) = child {
            let Some(entry) = self.tree.parts(inner) else { break };
            child = entry.next;
            self.charge(1, at)?;
            match (&parts.value, entry.key) {
                (Value::List, _) if entry.value == Value::Map => self.merge(open, inner)?,
                (Value::Map, Some(key)) if !open.keys.has(&key) => {
                    open.keys.seen(key.clone());
                    let link = open.last.map_or(Link::FirstOf(open.id), Link::After);
                    open.last = Some(self.copy(inner, link, Some(key), self.depth.saturating_add(1), at)?);
                }
                _ => {}
            }
        }
        Ok(())
    }
}

/// The key under which YAML 1.1 merges maps.
const MERGE: &str = "<<";

fn split(text: &str) -> Option<(&str, &str)> {
    text.split_once('.').filter(|(resource, attribute)| !resource.is_empty() && !attribute.is_empty())
}
