//! What an expression comes to. What the text does not say stays unknown under the name it has there; an operation with
//! something unknown is unknown for the same reason.
//!
//! Hostile text can't make it run away: the depth of evaluation is bounded, and every step and every copied value is paid
//! for from one purse.

use std::collections::HashMap;
use std::rc::Rc;

use super::expand::Instances;
use super::functions;
use super::modules::{Directories, Module};
use super::operators;
use super::sources::Text;
use crate::formats::cx::{Assumptions, shown};
use crate::formats::value::{Kind, Value};
use crate::model::Span;
use crate::syntax::hcl::{Each, Expr, ExprKind, For, Operator, Part};

/// The names that a loop, a dynamic block or an instance brings along.
#[derive(Clone, Copy)]
pub(super) struct Scope<'s> {
    pub(super) name: &'s str,
    pub(super) value: &'s Value,
    pub(super) outer: Option<&'s Self>,
}

pub(super) type Outer<'s> = Option<&'s Scope<'s>>;

/// Evaluates the expressions of one root module.
pub(super) struct Evaluator<'t> {
    texts: &'t [Text<'t>],
    pub(super) directories: &'t Directories<'t>,
    /// The module whose names count.
    pub(super) here: Rc<Module<'t>>,
    /// Those that were called so far, by what stands before their addresses; the root stands before nothing.
    pub(super) modules: HashMap<String, Rc<Module<'t>>>,
    pub(super) assumptions: &'t Assumptions,
    /// Values of variables, locals and outputs that were already found.
    pub(super) found: HashMap<String, Rc<Value>>,
    /// Instances of resources by address, where they are known.
    pub(super) expanded: HashMap<String, Option<Rc<Instances>>>,
    /// What is being found just now: a name that needs itself has no value.
    pub(super) visiting: Vec<String>,
    /// How many expressions turned out to be impossible; `try` and `can` look at it.
    pub(super) failures: u32,
    depth: u32,
    /// What is left to be spent.
    purse: usize,
}

/// How deep expressions may stand in each other, across all names.
pub(super) const DEPTH: u32 = 128;

impl<'t> Evaluator<'t> {
    pub(super) fn new(texts: &'t [Text<'t>], directories: &'t Directories<'t>, root: Rc<Module<'t>>, assumptions: &'t Assumptions) -> Self {
        // A plain text costs less than its length; the rest is for loops.
        let purse = texts.iter().fold(400_000_usize, |purse, text| purse.saturating_add(text.text.len()));
        Self {
            texts,
            directories,
            modules: HashMap::from([(String::new(), Rc::clone(&root))]),
            here: root,
            assumptions,
            found: HashMap::new(),
            expanded: HashMap::new(),
            visiting: Vec::new(),
            failures: 0,
            depth: 0,
            purse,
        }
    }

    /// Pays for work; false where nothing is left.
    pub(super) fn pay(&mut self, price: usize) -> bool {
        self.purse = self.purse.saturating_sub(price);
        self.purse > 0
    }

    /// Whether everything was paid for.
    pub(super) const fn exhausted(&self) -> bool {
        self.purse == 0
    }

    pub(super) fn evaluate(&mut self, expr: &Expr, scope: Outer<'_>) -> Value {
        if !self.pay(1) {
            return self.fail(expr.span);
        }
        let kind = self.deeper(|this| this.kind(expr, scope));
        kind.map_or_else(|| self.fail(expr.span), |kind| Value::new(kind, expr.span))
    }

    /// Does something one level deeper, unless that is too deep.
    pub(super) fn deeper<R>(&mut self, act: impl FnOnce(&mut Self) -> R) -> Option<R> {
        if self.depth >= DEPTH {
            return None;
        }
        self.depth = self.depth.saturating_add(1);
        let done = act(self);
        self.depth = self.depth.saturating_sub(1);
        Some(done)
    }

    fn kind(&mut self, expr: &Expr, scope: Outer<'_>) -> Kind {
        match &expr.kind {
            ExprKind::Null => Kind::Null,
            ExprKind::Bool(value) => Kind::Bool(*value),
            ExprKind::Int(value) => Kind::Int(*value),
            ExprKind::Float(value) => Kind::Float(*value),
            ExprKind::Text(text) => Kind::Text(text.clone()),
            ExprKind::List(items) => Kind::List(items.iter().map(|item| self.evaluate(item, scope)).collect()),
            ExprKind::Object(entries) => self.object(entries, scope),
            ExprKind::Template(parts) => self.template(parts, expr.span, scope),
            ExprKind::Name(_) => self.traverse(expr, expr, &[], scope),
            ExprKind::Traverse(start, steps) => self.traverse(expr, start, steps, scope),
            ExprKind::Choose(parts) => self.choose(parts, scope),
            ExprKind::Call(call) => functions::call(self, call, expr.span, scope),
            ExprKind::Not(operand) => {
                let operand = self.evaluate(operand, scope);
                operand.bool().map_or_else(|| self.stuck(&operand, expr.span), |value| Kind::Bool(!value))
            }
            ExprKind::Negate(operand) => {
                let operand = self.evaluate(operand, scope);
                operators::negate(&operand).unwrap_or_else(|| self.stuck(&operand, expr.span))
            }
            ExprKind::Binary(operator, operands) => self.binary(*operator, operands, expr.span, scope),
            ExprKind::For(loops) => self.loops(loops, expr.span, scope),
        }
    }

    fn object(&mut self, entries: &[(Expr, Expr)], scope: Outer<'_>) -> Kind {
        let mut map = Vec::with_capacity(entries.len());
        for (key, value) in entries {
            let key = self.evaluate(key, scope);
            let Some(name) = key.to_text() else { return self.stuck(&key, key.span) };
            map.push((name, self.evaluate(value, scope)));
        }
        Kind::Map(map)
    }

    fn choose(&mut self, parts: &[Expr; 3], scope: Outer<'_>) -> Kind {
        let [condition, then, otherwise] = parts;
        let condition = self.evaluate(condition, scope);
        match condition.bool() {
            Some(true) => self.evaluate(then, scope).kind,
            Some(false) => self.evaluate(otherwise, scope).kind,
            None => {
                // What is not known makes no difference where both ways lead to the same.
                let (then, otherwise) = (self.evaluate(then, scope), self.evaluate(otherwise, scope));
                if then.same(&otherwise) { then.kind } else { self.stuck(&condition, condition.span) }
            }
        }
    }

    fn binary(&mut self, operator: Operator, operands: &[Expr; 2], span: Span, scope: Outer<'_>) -> Kind {
        let [left, right] = operands;
        let left = self.evaluate(left, scope);
        // One side may decide alone, whatever the other is.
        match (operator, left.bool()) {
            (Operator::And, Some(false)) => return Kind::Bool(false),
            (Operator::Or, Some(true)) => return Kind::Bool(true),
            _ => {}
        }
        let right = self.evaluate(right, scope);
        match (operator, right.bool()) {
            (Operator::And, Some(false)) => return Kind::Bool(false),
            (Operator::Or, Some(true)) => return Kind::Bool(true),
            _ => {}
        }
        if let Some(open) = [&left, &right].into_iter().find(|side| matches!(side.kind, Kind::Unknown(_) | Kind::Reference(_))) {
            return self.stuck(open, span);
        }
        operators::binary(operator, &left, &right).unwrap_or_else(|| self.fail(span).kind)
    }

    /// The entries of a collection as key and value; `Err` is what stands for a collection that is not known.
    pub(super) fn entries(&mut self, collection: &Value) -> Result<Vec<(Value, Value)>, Kind> {
        let span = collection.span;
        if !self.pay(size(collection)) {
            return Err(self.fail(span).kind);
        }
        match &collection.kind {
            Kind::List(items) => {
                let index = |at: usize| Value::new(Kind::Int(i64::try_from(at).unwrap_or(i64::MAX)), span);
                Ok(items.iter().enumerate().map(|(at, item)| (index(at), item.clone())).collect())
            }
            Kind::Map(entries) => {
                let key = |key: &String, value: &Value| Value::new(Kind::Text(key.clone()), value.span);
                Ok(in_order(entries).into_iter().map(|(name, value)| (key(name, value), value.clone())).collect())
            }
            Kind::Null => Ok(Vec::new()),
            _ => Err(self.stuck(collection, span)),
        }
    }

    /// Does something for each entry of a loop that its names are bound to.
    fn each(&mut self, each: &Each, scope: Outer<'_>, mut act: impl FnMut(&mut Self, Outer<'_>) -> Result<(), Kind>) -> Result<(), Kind> {
        let collection = self.evaluate(&each.collection, scope);
        for (key, value) in self.entries(&collection)? {
            if !self.pay(1) {
                return Err(self.fail(collection.span).kind);
            }
            let value = Scope { name: &each.value, value: &value, outer: scope };
            let key = each.key.as_deref().map(|name| Scope { name, value: &key, outer: Some(&value) });
            act(self, Some(key.as_ref().unwrap_or(&value)))?;
        }
        Ok(())
    }

    fn loops(&mut self, loops: &For, span: Span, scope: Outer<'_>) -> Kind {
        let (mut items, mut map): (Vec<Value>, Vec<(String, Value)>) = (Vec::new(), Vec::new());
        let done = self.each(&loops.each, scope, |this, scope| {
            if let Some(condition) = &loops.condition {
                let condition = this.evaluate(condition, scope);
                match condition.bool() {
                    Some(true) => {}
                    Some(false) => return Ok(()),
                    None => return Err(this.stuck(&condition, span)),
                }
            }
            let Some(key) = &loops.key else {
                items.push(this.evaluate(&loops.result, scope));
                return Ok(());
            };
            let key = this.evaluate(key, scope);
            let Some(name) = key.to_text() else { return Err(this.stuck(&key, span)) };
            let value = this.evaluate(&loops.result, scope);
            let at = map.iter().position(|(known, _)| *known == name);
            match at.and_then(|at| map.get_mut(at)) {
                Some((_, Value { kind: Kind::List(group), .. })) if loops.grouped => group.push(value),
                Some((_, known)) => *known = value,
                None if loops.grouped => map.push((name, Value::new(Kind::List(vec![value]), span))),
                None => map.push((name, value)),
            }
            // The search for the key is work, too.
            this.pay(map.len() / 32);
            Ok(())
        });
        match done {
            Err(open) => open,
            Ok(()) if loops.key.is_some() => Kind::Map(map),
            Ok(()) => Kind::List(items),
        }
    }

    fn template(&mut self, parts: &[Part], span: Span, scope: Outer<'_>) -> Kind {
        // `"${x}"` is x itself, whatever it is.
        if let [Part::Value(only)] = parts {
            return self.evaluate(only, scope).kind;
        }
        let mut text = String::new();
        match self.write(parts, &mut text, span, scope) {
            Ok(()) => Kind::Text(text),
            Err(open) => open,
        }
    }

    fn write(&mut self, parts: &[Part], text: &mut String, span: Span, scope: Outer<'_>) -> Result<(), Kind> {
        let done = self.deeper(|this| parts.iter().try_for_each(|part| this.write_part(part, text, span, scope)));
        done.unwrap_or_else(|| Err(self.fail(span).kind))
    }

    fn write_part(&mut self, part: &Part, text: &mut String, span: Span, scope: Outer<'_>) -> Result<(), Kind> {
        match part {
            Part::Literal(literal) => text.push_str(literal),
            Part::Value(expr) => {
                let value = self.evaluate(expr, scope);
                let Some(piece) = value.to_text() else { return Err(self.stuck(&value, span)) };
                if !self.pay(piece.len() / 32) {
                    return Err(self.fail(span).kind);
                }
                text.push_str(&piece);
            }
            Part::If(condition, then, otherwise) => {
                let condition = self.evaluate(condition, scope);
                let Some(chosen) = condition.bool() else { return Err(self.stuck(&condition, span)) };
                self.write(if chosen { then } else { otherwise }, text, span, scope)?;
            }
            Part::For(each, body) => self.each(each, scope, |this, scope| this.write(body, text, span, scope))?,
        }
        Ok(())
    }

    /// What an operation comes to whose operand is not a value it can work with: unknown for the operand's reason, or
    /// impossible.
    pub(super) fn stuck(&mut self, operand: &Value, span: Span) -> Kind {
        match &operand.kind {
            Kind::Unknown(missing) => Kind::Unknown(missing.clone()),
            Kind::Reference(address) => self.missing(address.clone(), operand.span).kind,
            _ => self.fail(span).kind,
        }
    }

    /// An expression that has no value.
    pub(super) fn fail(&mut self, span: Span) -> Value {
        self.failures = self.failures.saturating_add(1);
        let text = shown(self.spelled(span));
        Value::unknown(text, "an expression that can be evaluated, or the plan, which shows its value", span)
    }

    /// The text of an expression, on one line.
    pub(super) fn spelled(&self, span: Span) -> &'t str {
        let nth = self.texts.partition_point(|text| text.from <= span.start).checked_sub(1);
        let Some(text) = nth.and_then(|at| self.texts.get(at)) else { return "" };
        let byte = |at: u32| usize::try_from(at.saturating_sub(text.from)).unwrap_or(usize::MAX);
        let text = text.text.get(byte(span.start)..byte(span.end)).unwrap_or_default();
        text.lines().next().unwrap_or_default()
    }
}

/// The entries of a map in the order of their keys, in which Terraform goes over them.
pub(super) fn in_order(entries: &[(String, Value)]) -> Vec<&(String, Value)> {
    let mut entries: Vec<&(String, Value)> = entries.iter().collect();
    crate::sorting::sort_by(&mut entries, |(one, _), (other, _)| one.cmp(other));
    entries
}

/// What copying a value costs.
pub(super) fn size(value: &Value) -> usize {
    match &value.kind {
        Kind::Text(text) => text.len() / 32,
        Kind::List(items) => items.iter().map(|item| size(item).saturating_add(1)).sum(),
        Kind::Map(entries) => entries.iter().map(|(key, value)| (key.len() / 32).saturating_add(size(value)).saturating_add(1)).sum(),
        _ => 0,
    }
}

/// Whether a value is nested no deeper than an expression may be: what has a name can be nested further by the next name.
pub(super) fn is_shallow(value: &Value, levels: u32) -> bool {
    let inner = |value: &Value| levels.checked_sub(1).is_some_and(|levels| is_shallow(value, levels));
    match &value.kind {
        Kind::List(items) => items.iter().all(inner),
        Kind::Map(entries) => entries.iter().all(|(_, value)| inner(value)),
        _ => true,
    }
}

/// The same value, standing where it is used instead of where it was written.
pub(super) fn moved(value: &Value, span: Span) -> Value {
    let kind = match &value.kind {
        Kind::List(items) => Kind::List(items.iter().map(|item| moved(item, span)).collect()),
        Kind::Map(entries) => Kind::Map(entries.iter().map(|(key, value)| (key.clone(), moved(value, span))).collect()),
        kind => kind.clone(),
    };
    Value::new(kind, span)
}
