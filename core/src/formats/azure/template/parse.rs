//! ARM's JSON as expressions: strings in brackets are parsed, `copy` becomes a loop.
//!
//! Grammar: Azure Resource Manager, template syntax and expressions; a string that begins with `[[` is a literal `[`.

use super::expr::{Expr, Loop, Node};
use crate::formats::value::{Kind, Value};
use crate::model::Span;

/// How deep calls may be nested.
const DEPTH: u32 = 64;

/// A value of a template.
pub(super) fn node(value: &Value) -> Node {
    let span = value.span;
    let expr = match &value.kind {
        Kind::Text(text) => return text_node(text, span),
        Kind::List(items) => Expr::List(items.iter().map(node).collect()),
        Kind::Map(entries) => Expr::Map(entries.iter().flat_map(|(key, value)| entry(key, value, span)).collect()),
        scalar => Expr::Literal(scalar.clone()),
    };
    Node { expr, span }
}

/// Text, which may be an expression. One that can't be read is a call of an unknown function.
pub(super) fn text_node(text: &str, span: Span) -> Node {
    let inner = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    match inner {
        Some(inner) if !inner.starts_with('[') => parse(inner, span).unwrap_or_else(|| Node::call(inner, Vec::new(), span)),
        _ => Node::text(text.strip_prefix('[').filter(|rest| rest.starts_with('[')).unwrap_or(text), span),
    }
}

/// What the body of a `copy` calls the number of its turn.
pub(super) fn index_name(copy: &str) -> String {
    format!("copyIndex:{}", copy.to_ascii_lowercase())
}

/// An entry of a map; `copy` beside other properties makes one property for each of its elements.
fn entry(key: &str, value: &Value, span: Span) -> Vec<(Node, Node)> {
    let copies = value.items();
    if !key.eq_ignore_ascii_case("copy") || copies.is_empty() || !copies.iter().all(|copy| copy.get("input").is_some()) {
        return vec![(text_node(key, span), node(value))];
    }
    copies.iter().filter_map(copied).collect()
}

fn copied(copy: &Value) -> Option<(Node, Node)> {
    let name = copy.text_of("name")?;
    let turns = Loop {
        over: node(copy.get("count")?),
        item: String::new(),
        index: index_name(name),
        condition: None,
        body: node(copy.get("input")?),
    };
    Some((Node::text(name, copy.span), Node { expr: Expr::Loop(Box::new(turns)), span: copy.span }))
}

fn parse(text: &str, span: Span) -> Option<Node> {
    let mut parser = Parser { rest: text, span, depth: 0 };
    let node = parser.expression()?;
    parser.rest.trim().is_empty().then_some(node)
}

struct Parser<'t> {
    rest: &'t str,
    span: Span,
    depth: u32,
}

impl Parser<'_> {
    fn expression(&mut self) -> Option<Node> {
        self.depth = self.depth.checked_add(1).filter(|depth| *depth <= DEPTH)?;
        let mut node = self.primary()?;
        let depth = self.depth;
        loop {
            if self.eat('.') {
                let name = self.identifier()?;
                node = Node { expr: Expr::Property(Box::new(node), name), span: self.span };
            } else if self.eat('[') {
                let key = self.expression()?;
                self.eat(']').then_some(())?;
                node = Node { expr: Expr::Index(Box::new(node), Box::new(key)), span: self.span };
            } else {
                break;
            }
            // Each step is one more level of the tree.
            self.depth = self.depth.checked_add(1).filter(|depth| *depth <= DEPTH)?;
        }
        self.depth = depth.saturating_sub(1);
        Some(node)
    }

    fn primary(&mut self) -> Option<Node> {
        self.rest = self.rest.trim_start();
        if self.eat('\'') {
            return self.string();
        }
        if self.rest.starts_with(|letter: char| letter.is_ascii_digit() || letter == '-') {
            let end = self.rest.char_indices().skip(1).find(|(_, letter)| !letter.is_ascii_digit()).map_or(self.rest.len(), |(at, _)| at);
            let (number, rest) = self.rest.split_at_checked(end)?;
            self.rest = rest;
            return Some(Node::literal(Kind::Int(number.parse().ok()?), self.span));
        }
        let name = self.identifier()?;
        if !self.eat('(') {
            return None;
        }
        let mut arguments = Vec::new();
        while !self.eat(')') {
            arguments.push(self.expression()?);
            if !self.eat(',') {
                self.eat(')').then_some(())?;
                break;
            }
        }
        Some(Node::call(&name, arguments, self.span))
    }

    /// The rest of a string; two quotes are one.
    fn string(&mut self) -> Option<Node> {
        let mut text = String::new();
        loop {
            let (part, rest) = self.rest.split_once('\'')?;
            text.push_str(part);
            self.rest = rest;
            match rest.strip_prefix('\'') {
                Some(more) => {
                    text.push('\'');
                    self.rest = more;
                }
                None => return Some(Node::text(text, self.span)),
            }
        }
    }

    fn identifier(&mut self) -> Option<String> {
        self.rest = self.rest.trim_start();
        let end = self.rest.find(|letter: char| !letter.is_alphanumeric() && letter != '_').unwrap_or(self.rest.len());
        let (name, rest) = self.rest.split_at_checked(end).filter(|(name, _)| !name.is_empty())?;
        self.rest = rest;
        Some(name.to_owned())
    }

    fn eat(&mut self, wanted: char) -> bool {
        match self.rest.trim_start().strip_prefix(wanted) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn spelled(text: &str) -> String {
        text_node(text, Span::default()).spelled()
    }

    #[test]
    fn expressions_are_parsed() {
        assert_eq!(spelled("[concat(parameters('x'),  '/32')]"), "concat(parameters('x'), '/32')");
        assert_eq!(spelled("[variables('a').b[0].c]"), "variables('a').b[0].c");
        assert_eq!(spelled("[parameters('a')[copyIndex('n', 1)]]"), "parameters('a')[copyIndex('n', 1)]");
        assert_eq!(spelled("[format('it''s {0}', -3)]"), "format('it's {0}', -3)");
        assert_eq!(spelled("plain"), "'plain'");
        assert_eq!(spelled("[[literal]"), "'[literal]'");
        assert_eq!(spelled("[]"), "()");
    }

    #[test]
    fn nesting_is_bounded() {
        let deep = format!("[{}1{}]", "not(".repeat(10_000), ")".repeat(10_000));
        assert!(matches!(text_node(&deep, Span::default()).expr, Expr::Call(_, arguments) if arguments.is_empty()));
    }
}
