//! Bicep's statements: parameters, variables, resources. Others are stepped over.

use super::expression::Reader;
use super::scan::Scanner;
use crate::formats::azure::template::expr::{Expr, Node};
use crate::model::Span;

/// A statement that is read.
pub(super) enum Statement<'t> {
    /// `param name type = default`.
    Parameter { name: &'t str, list: bool, default: Option<Node> },
    /// `var name = value`.
    Variable { name: &'t str, value: Node },
    /// `resource name 'type@version' = …`.
    Resource(Declared<'t>),
    /// `module name 'file' = …`: what it does is in another text.
    Module { name: &'t str, at: Span },
    /// One of those above that can't be read.
    Broken { what: &'static str, name: &'t str, at: Span },
}

/// A resource as it is declared.
pub(super) struct Declared<'t> {
    pub(super) name: &'t str,
    /// Its type without the version.
    pub(super) kind: String,
    pub(super) existing: bool,
    /// Its body, or a loop over it.
    pub(super) value: Node,
    pub(super) condition: Option<Node>,
    /// Resources inside it.
    pub(super) inner: Vec<Self>,
    pub(super) at: Span,
}

/// Shows every statement of a text.
pub(super) fn statements<'t>(text: &'t str, show: &mut dyn FnMut(Statement<'t>)) {
    let mut scan = Scanner::new(text);
    loop {
        scan.blank();
        if scan.is_done() {
            return;
        }
        let start = scan.at();
        let statement = statement(&mut scan);
        if let Some(statement) = statement {
            show(statement);
        }
        // What remains of the statement, or all of it if it could not be read.
        if scan.at() == start {
            scan.skip_statement();
        }
    }
}

fn statement<'t>(scan: &mut Scanner<'t>) -> Option<Statement<'t>> {
    let start = scan.at();
    let what = ["param", "var", "resource", "module"].into_iter().find(|word| scan.eat_word(word))?;
    scan.space();
    let Some(name) = scan.name() else {
        scan.go_to(start);
        return None;
    };
    scan.space();
    let read = match what {
        "param" => parameter(scan, name),
        "var" => value(scan).map(|value| Statement::Variable { name, value }),
        "resource" => declared(scan, name, start, 0).map(Statement::Resource),
        _ => Some(Statement::Module { name, at: scan.span(start) }),
    };
    let at = scan.span(start);
    scan.go_to(start);
    scan.skip_statement();
    Some(read.unwrap_or(Statement::Broken { what, name, at }))
}

/// `= value`.
fn value(scan: &mut Scanner<'_>) -> Option<Node> {
    // A variable may have a type since Bicep 0.30.
    if scan.name().is_some() {
        scan.eat("[]");
        scan.space();
    }
    scan.eat("=").then_some(())?;
    scan.blank();
    Reader { scan, depth: 0 }.expression()
}

fn parameter<'t>(scan: &mut Scanner<'t>, name: &'t str) -> Option<Statement<'t>> {
    let kind = scan.rest().split(['=', '\n']).next().unwrap_or_default().trim();
    let list = kind == "array" || kind.ends_with("[]");
    // The type may be a shape over several lines; the default follows it.
    let mut open = 0_u32;
    while let Some(letter) = scan.peek() {
        match letter {
            '=' if open == 0 => {
                return value(scan).map(|default| Statement::Parameter { name, list, default: Some(default) });
            }
            '\n' if open == 0 => break,
            '{' | '[' | '(' => open = open.saturating_add(1),
            '}' | ']' | ')' => open = open.saturating_sub(1),
            _ => {}
        }
        scan.next();
    }
    Some(Statement::Parameter { name, list, default: None })
}

/// A resource behind its name.
fn declared<'t>(scan: &mut Scanner<'t>, name: &'t str, start: usize, depth: u32) -> Option<Declared<'t>> {
    let kind = Reader { scan, depth }.expression()?;
    let Expr::Literal(crate::formats::value::Kind::Text(kind)) = kind.expr else { return None };
    let kind = kind.split('@').next().unwrap_or_default().to_owned();
    scan.space();
    let existing = scan.eat_word("existing");
    scan.space();
    scan.eat("=").then_some(())?;
    scan.blank();
    let condition = Reader { scan, depth }.condition()?;
    let body = scan.at();
    let value = Reader { scan, depth }.expression()?;
    let (end, at) = (scan.at(), scan.span(start));
    scan.go_to(body);
    let inner = inner(scan, end, depth);
    scan.go_to(end);
    Some(Declared { name, kind, existing, value, condition, inner, at })
}

/// How deep resources may be declared inside each other; types have fewer parts.
const NESTED: u32 = 8;

/// The resources declared directly in a body that ends at `end`.
fn inner<'t>(scan: &mut Scanner<'t>, end: usize, depth: u32) -> Vec<Declared<'t>> {
    let mut found = Vec::new();
    if depth >= NESTED || !scan.eat("{") {
        return found;
    }
    while scan.at() < end {
        scan.blank();
        let start = scan.at();
        if scan.eat_word("resource") {
            scan.space();
            let name = scan.name();
            scan.space();
            found.extend(name.and_then(|name| declared(scan, name, start, depth.saturating_add(1))));
            scan.go_to(start);
        }
        scan.skip_statement();
        if scan.at() == start {
            return found;
        }
    }
    found
}
