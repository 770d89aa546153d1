//! The evaluator of templates: as far as literals and default values carry. What is left is unknown, under the name that the
//! text gives it.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;

use super::expr::{Expr, Loop, Node};
use super::functions;
use crate::formats::cx::{Assumptions, Cx};
use crate::formats::value::{Kind, Value};
use crate::model::Span;

/// How deep expressions and definitions may be nested; a browser's stack is small.
const DEPTH: u32 = 64;
/// How many values one text may come to.
const BUDGET: u32 = 500_000;
/// How many turns a loop may take.
pub(in crate::formats::azure) const TURNS: usize = 10_000;

/// What is the same for a whole text.
pub(in crate::formats::azure) struct Eval<'a> {
    assumptions: &'a Assumptions,
    left: Cell<u32>,
    /// Missing values are spelled out as text: names of resources are compared also where they are not known.
    spelling: Cell<bool>,
}

/// The names of a template.
#[derive(Default)]
pub(in crate::formats::azure) struct Scope {
    slot_of: HashMap<String, usize>,
    slots: Vec<Slot>,
    /// Names of loops, innermost last.
    locals: RefCell<Vec<(String, Value)>>,
}

/// What stands behind a name.
pub(in crate::formats::azure) struct Slot {
    /// How the text spells the name where it is used.
    pub(in crate::formats::azure) spelled: String,
    /// What would settle it if it is missing.
    pub(in crate::formats::azure) settle: String,
    /// A list is expected: an assumption with commas is one.
    pub(in crate::formats::azure) list: bool,
    pub(in crate::formats::azure) what: What,
}

/// What a name stands for.
pub(in crate::formats::azure) enum What {
    /// A value from outside.
    Given(Value),
    /// An expression, evaluated when it is first asked for.
    Written { node: Node, busy: Cell<bool>, done: RefCell<[Option<Value>; 2]> },
    /// A resource, with the expression of its name.
    Resource(Option<Node>),
    /// The text does not say.
    Missing,
}

impl What {
    /// An expression.
    pub(in crate::formats::azure) fn written(node: Node) -> Self {
        Self::Written { node, busy: Cell::new(false), done: RefCell::default() }
    }
}

/// What a file of values gives for a parameter; the person's word counts more.
pub(in crate::formats::azure) fn given(name: &str, cx: &Cx<'_>) -> Option<What> {
    let value = cx.parameters?.get(&name.to_ascii_lowercase())?;
    let assumed = [name, &format!("parameters('{name}')")].iter().any(|spelled| cx.assumptions.contains_key(*spelled));
    Some(if assumed || value.missing().is_some() { What::Missing } else { What::Given(value.clone()) })
}

impl Scope {
    /// Adds a name. Kinds of names are kept apart by a prefix, and letter case does not matter.
    pub(in crate::formats::azure) fn define(&mut self, prefix: &str, name: &str, slot: Slot) {
        self.slot_of.insert(key(prefix, name), self.slots.len());
        self.slots.push(slot);
    }

    fn slot(&self, prefix: &str, name: &str) -> Option<&Slot> {
        self.slots.get(*self.slot_of.get(&key(prefix, name))?)
    }

    /// Runs with more names, as a turn of a loop has them.
    pub(in crate::formats::azure) fn with<R>(&self, names: Vec<(String, Value)>, run: impl FnOnce() -> R) -> R {
        let before = self.locals.borrow().len();
        self.locals.borrow_mut().extend(names.into_iter().filter(|(name, _)| !name.is_empty()));
        let result = run();
        self.locals.borrow_mut().truncate(before);
        result
    }

    fn local(&self, name: &str) -> Option<Value> {
        self.locals.borrow().iter().rev().find(|(known, _)| known == name).map(|(_, value)| value.clone())
    }

    /// The number of the outermost turn.
    fn outermost_index(&self) -> Option<Value> {
        self.locals.borrow().iter().find(|(name, _)| name.starts_with("copyIndex:")).map(|(_, value)| value.clone())
    }
}

fn key(prefix: &str, name: &str) -> String {
    format!("{prefix}/{}", name.to_ascii_lowercase())
}

impl<'a> Eval<'a> {
    pub(in crate::formats::azure) const fn new(assumptions: &'a Assumptions) -> Self {
        Self { assumptions, left: Cell::new(BUDGET), spelling: Cell::new(false) }
    }

    /// What an expression comes to.
    pub(in crate::formats::azure) fn value(&self, node: &Node, scope: &Scope) -> Value {
        self.eval(node, scope, DEPTH)
    }

    /// A name as text, with what is missing in it spelled as the text spells it.
    pub(in crate::formats::azure) fn spelled(&self, node: &Node, scope: &Scope) -> String {
        let before = self.spelling.replace(true);
        let value = self.eval(node, scope, DEPTH);
        self.spelling.set(before);
        functions::as_text(&value).unwrap_or_else(|| node.spelled())
    }

    /// A value with what is missing in it spelled as the text spells it, so that names in it can be compared.
    pub(in crate::formats::azure) fn spelled_value(&self, node: &Node, scope: &Scope) -> Value {
        let before = self.spelling.replace(true);
        let value = self.eval(node, scope, DEPTH);
        self.spelling.set(before);
        value
    }

    /// The turns of a loop, or what is missing to know them.
    pub(in crate::formats::azure) fn turns(&self, over: &Node, scope: &Scope) -> Result<Vec<(Value, Value)>, Value> {
        self.turns_at(over, scope, DEPTH)
    }

    /// A value that the text does not say, unless the person said it.
    pub(in crate::formats::azure) fn missing(&self, spelled: String, settle: &str, list: bool, span: Span) -> Value {
        match self.assumptions.get(&spelled) {
            Some(given) if list => {
                let items = given.split(',').map(|part| Value::new(Kind::Text(part.trim().to_owned()), span)).collect();
                Value::new(Kind::List(items), span)
            }
            Some(given) => Value::new(Kind::Text(given.clone()), span),
            None if self.spelling.get() => Value::new(Kind::Text(spelled), span),
            None => Value::unknown(spelled, settle, span),
        }
    }

    fn spend(&self, steps: usize) -> bool {
        self.left.set(self.left.get().saturating_sub(u32::try_from(steps).unwrap_or(u32::MAX)));
        self.left.get() > 0
    }

    fn eval(&self, node: &Node, scope: &Scope, depth: u32) -> Value {
        let span = node.span;
        let Some(depth) = depth.checked_sub(1).filter(|_| self.spend(1)) else {
            return self.missing(
                "an expression that is too large to evaluate".to_owned(),
                "a template with less nesting and repetition",
                false,
                span,
            );
        };
        let mut value = match &node.expr {
            Expr::Literal(kind) => Value::new(kind.clone(), span),
            Expr::List(items) => Value::new(Kind::List(items.iter().map(|item| self.eval(item, scope, depth)).collect()), span),
            Expr::Map(entries) => {
                let entry = |(key, value): &(Node, Node)| {
                    let key = match &key.expr {
                        Expr::Literal(Kind::Text(key)) => key.clone(),
                        _ => self.spelled(key, scope),
                    };
                    (key, self.eval(value, scope, depth))
                };
                Value::new(Kind::Map(entries.iter().map(entry).collect()), span)
            }
            Expr::Name(name) => self.name(name, node, scope, depth),
            Expr::Property(base, name) => self.property(base, name, node, scope, depth),
            Expr::Index(base, key) => self.index(base, key, node, scope, depth),
            Expr::Loop(turns) => self.repeat(turns, scope, depth),
            Expr::Call(name, arguments) => self.call(&name.to_ascii_lowercase(), arguments, node, scope, depth),
        };
        value.span = span;
        value
    }

    /// What stands behind a name; without the names of the loops around the place that uses it.
    fn defined(&self, slot: &Slot, name: &str, span: Span, scope: &Scope, depth: u32) -> Value {
        match &slot.what {
            What::Given(value) => value.clone(),
            What::Resource(_) => Value::new(Kind::Reference(name.to_owned()), span),
            What::Missing => self.missing(slot.spelled.clone(), &slot.settle, slot.list, span),
            What::Written { node, busy, done } => {
                if self.assumptions.contains_key(&slot.spelled) {
                    return self.missing(slot.spelled.clone(), &slot.settle, slot.list, span);
                }
                let mode = usize::from(self.spelling.get());
                if let Some(value) = done.borrow().get(mode).and_then(Option::as_ref) {
                    self.spend(weight(value));
                    return value.clone();
                }
                if busy.replace(true) {
                    return self.missing(slot.spelled.clone(), "a definition that does not refer to itself", false, span);
                }
                let locals = scope.locals.take();
                let value = self.eval(node, scope, depth);
                *scope.locals.borrow_mut() = locals;
                busy.set(false);
                self.spend(weight(&value));
                if let Some(kept) = done.borrow_mut().get_mut(mode) {
                    *kept = Some(value.clone());
                }
                value
            }
        }
    }

    fn name(&self, name: &str, node: &Node, scope: &Scope, depth: u32) -> Value {
        if let Some(local) = scope.local(name) {
            return local;
        }
        match scope.slot("name", name) {
            Some(slot) => self.defined(slot, name, node.span, scope, depth),
            None => self.missing(name.to_owned(), &format!("a definition of {name}"), false, node.span),
        }
    }

    fn property(&self, base: &Node, name: &str, node: &Node, scope: &Scope, depth: u32) -> Value {
        let value = self.eval(base, scope, depth);
        if let Kind::Reference(resource) = &value.kind {
            let symbol = resource.split('[').next().unwrap_or_default();
            match (name, scope.slot("name", symbol).map(|slot| &slot.what)) {
                ("id", _) => return value,
                ("name", Some(What::Resource(Some(own)))) => return self.eval(own, scope, depth),
                _ => {}
            }
        }
        match value.get(name) {
            Some(found) => found.clone(),
            None => self.missing(node.spelled(), &format!("a value for {}", node.spelled()), false, node.span),
        }
    }

    fn index(&self, base: &Node, key: &Node, node: &Node, scope: &Scope, depth: u32) -> Value {
        let (value, key) = (self.eval(base, scope, depth), self.eval(key, scope, depth));
        let found = match (&value.kind, &key.kind) {
            // One of several resources of a loop.
            (Kind::Reference(symbol), Kind::Int(at)) => return Value::new(Kind::Reference(format!("{symbol}[{at}]")), node.span),
            (Kind::Reference(_), _) => Some(&value),
            (Kind::List(items), Kind::Int(at)) => usize::try_from(*at).ok().and_then(|at| items.get(at)),
            (Kind::Map(_), Kind::Text(name)) => value.get(name),
            _ => None,
        };
        match found {
            Some(found) => found.clone(),
            None => self.missing(node.spelled(), &format!("a value for {}", node.spelled()), false, node.span),
        }
    }

    fn turns_at(&self, over: &Node, scope: &Scope, depth: u32) -> Result<Vec<(Value, Value)>, Value> {
        let value = self.eval(over, scope, depth);
        let span = over.span;
        let number = |at: usize| Value::new(Kind::Int(i64::try_from(at).unwrap_or(i64::MAX)), span);
        let count = match &value.kind {
            Kind::Unknown(_) => return Err(value),
            Kind::List(items) => items.len(),
            _ => value.int().and_then(|count| usize::try_from(count).ok()).unwrap_or(usize::MAX),
        };
        if count > TURNS {
            let name = format!("a loop over {}", over.spelled());
            return Err(Value::unknown(name, format!("a list, or a number of copies from 0 to {TURNS}"), span));
        }
        let item = |at: usize| value.items().get(at).filter(|_| value.is_list()).cloned().unwrap_or_else(|| number(at));
        Ok((0..count).map(|at| (item(at), number(at))).collect())
    }

    fn repeat(&self, turns: &Loop, scope: &Scope, depth: u32) -> Value {
        let rounds = match self.turns_at(&turns.over, scope, depth) {
            Ok(rounds) => rounds,
            Err(unknown) => return unknown,
        };
        let mut items = Vec::new();
        for (item, index) in rounds {
            let names = vec![(turns.item.clone(), item), (turns.index.clone(), index)];
            let value = scope.with(names, || {
                let leave_out = turns.condition.as_ref().is_some_and(|condition| self.eval(condition, scope, depth).bool() == Some(false));
                (!leave_out).then(|| self.eval(&turns.body, scope, depth))
            });
            items.extend(value);
            if self.left.get() == 0 {
                break;
            }
        }
        Value::new(Kind::List(items), turns.body.span)
    }

    fn call(&self, name: &str, arguments: &[Node], node: &Node, scope: &Scope, depth: u32) -> Value {
        let eval = |at: usize| arguments.get(at).map(|argument| self.eval(argument, scope, depth));
        let literal = |at: usize| arguments.get(at).and_then(|argument| self.eval(argument, scope, depth).text().map(str::to_owned));
        match name {
            "parameters" | "variables" => {
                let named = literal(0).and_then(|own| Some((scope.slot(name, &own)?, own)));
                if let Some((slot, own)) = named {
                    return self.defined(slot, &own, node.span, scope, depth);
                }
            }
            "copyindex" => {
                let (index, offset) = match eval(0) {
                    Some(value) if value.text().is_some() => {
                        let name = super::parse::index_name(value.text().unwrap_or_default());
                        (scope.local(&name), eval(1))
                    }
                    offset => (scope.outermost_index(), offset),
                };
                match index {
                    Some(index) => {
                        let offset = offset.as_ref().and_then(Value::int).unwrap_or_default();
                        let Some(number) = index.int().and_then(|index| index.checked_add(offset)) else { return index };
                        return Value::new(Kind::Int(number), node.span);
                    }
                    None => return self.missing(node.spelled(), "the loop it belongs to", false, node.span),
                }
            }
            "if" => {
                let condition = eval(0).unwrap_or_else(|| Value::new(Kind::Null, node.span));
                match condition.bool() {
                    Some(true) => return eval(1).unwrap_or(condition),
                    Some(false) => return eval(2).unwrap_or(condition),
                    None => {}
                }
                if let (Some(yes), Some(no)) = (eval(1), eval(2))
                    && functions::same(&yes, &no)
                {
                    return yes;
                }
                if condition.missing().is_some() {
                    return condition;
                }
            }
            "and" | "or" => {
                let decides = name == "or";
                let mut open = None;
                for argument in arguments {
                    let value = self.eval(argument, scope, depth);
                    match value.bool() {
                        Some(bool) if bool == decides => return value,
                        Some(_) => {}
                        None => open = Some(value),
                    }
                }
                return open.filter(|value| value.missing().is_some()).unwrap_or_else(|| Value::new(Kind::Bool(!decides), node.span));
            }
            _ => {
                let values: Vec<Value> = arguments.iter().map(|argument| self.eval(argument, scope, depth)).collect();
                self.spend(values.iter().map(weight).sum());
                if let Some(value) = functions::call(name, &values, node.span) {
                    return value;
                }
                if let Some(unknown) = values.into_iter().find(|value| value.missing().is_some()) {
                    return unknown;
                }
            }
        }
        self.missing(node.spelled(), &format!("the value of {}", node.spelled()), false, node.span)
    }
}

/// How many values a value consists of.
fn weight(value: &Value) -> usize {
    let inside = match &value.kind {
        Kind::List(items) => items.iter().map(weight).sum(),
        Kind::Map(entries) => entries.iter().map(|(_, value)| weight(value)).sum(),
        Kind::Text(text) => text.len() / 64,
        _ => 0_usize,
    };
    inside.saturating_add(1)
}
