//! What names stand for: `var.x`, `local.x`, resources, data sources and modules.

use std::collections::HashMap;
use std::rc::Rc;

use super::evaluate::{DEPTH, Evaluator, Outer, is_shallow, moved, size};
use crate::formats::value::{Kind, Value};
use crate::model::Span;
use crate::syntax::hcl::{Block, Body, Expr, ExprKind, Step};

/// Where the names of one text are written.
#[derive(Default)]
pub(super) struct Names<'t> {
    /// Defaults of variables, and values assigned as in a tfvars file, which win.
    variables: HashMap<&'t str, &'t Expr>,
    locals: HashMap<&'t str, &'t Expr>,
    /// Resources and data sources by address without instance keys.
    pub(super) resources: HashMap<String, &'t Block>,
}

impl<'t> Names<'t> {
    pub(super) fn of(file: &'t Body) -> Self {
        let mut names = Self::default();
        for block in &file.blocks {
            match (block.kind.as_str(), block.labels.as_slice()) {
                ("variable", [name, ..]) => {
                    if let Some(default) = block.body.get("default") {
                        names.variables.entry(name).or_insert(default);
                    }
                }
                ("locals", _) => {
                    names.locals.extend(block.body.attributes.iter().map(|local| (local.name.as_str(), &local.value)));
                }
                ("resource" | "data", [..]) => {
                    if let Some(address) = address(block) {
                        names.resources.entry(address).or_insert(block);
                    }
                }
                _ => {}
            }
        }
        names.variables.extend(file.attributes.iter().map(|assigned| (assigned.name.as_str(), &assigned.value)));
        names
    }
}

/// The address of a resource's or data source's block, without instance keys.
pub(super) fn address(block: &Block) -> Option<String> {
    let [kind, name, ..] = block.labels.as_slice() else { return None };
    Some(if block.kind == "data" { format!("data.{kind}.{name}") } else { format!("{kind}.{name}") })
}

/// Attributes that are nothing but another way to say which resource is meant.
const IDENTITY: [&str; 8] = ["id", "arn", "name", "self_link", "group_id", "security_group_id", "email", "network_security_group_id"];

impl Evaluator<'_> {
    /// A name with everything behind it.
    pub(super) fn traverse(&mut self, whole: &Expr, start: &Expr, steps: &[Step], scope: Outer<'_>) -> Kind {
        let ExprKind::Name(root) = &start.kind else {
            let start = self.evaluate(start, scope);
            return self.follow(start, steps, whole.span, scope).kind;
        };
        let bound = std::iter::successors(scope, |scope| scope.outer).find(|bound| bound.name == root);
        if let Some(value) = bound.map(|bound| bound.value) {
            return self.part(value, steps, whole.span, scope).kind;
        }
        let named = |at: usize| match steps.get(at) {
            Some(Step::Attribute(name)) => Some(name.as_str()),
            _ => None,
        };
        let rest = |from: usize| steps.get(from..).unwrap_or_default();
        let (value, rest) = match (root.as_str(), named(0), named(1)) {
            ("var" | "local", Some(name), _) => (self.named(root, name, start.span), rest(1)),
            ("data", Some(kind), Some(name)) => (Rc::new(self.resource(format!("data.{kind}.{name}"), start.span)), rest(2)),
            ("var" | "local" | "data" | "module" | "path" | "terraform" | "self" | "each" | "count", ..) | (_, None, _) => {
                return self.missing(self.spelled(whole.span).to_owned(), whole.span).kind;
            }
            (kind, Some(name), _) => (Rc::new(self.resource(format!("{kind}.{name}"), start.span)), rest(1)),
        };
        let open = value.missing().is_some();
        let value = self.part(&value, rest, whole.span, scope);
        match &value.kind {
            // A part of something unknown is called what the text calls it.
            Kind::Unknown(_) if open && !rest.is_empty() => self.missing(self.spelled(whole.span).to_owned(), whole.span).kind,
            _ => moved(&value, whole.span).kind,
        }
    }

    /// Something the text does not say, unless the person gave a value for it.
    pub(super) fn missing(&self, name: String, span: Span) -> Value {
        if let Some(assumed) = self.assumptions.get(&name) {
            return assumption(assumed, span);
        }
        let would_settle = match name.split('.').next() {
            Some("var") => format!("a value for {name}: a default, a line of a tfvars file, or a plan"),
            Some("data") => format!("what {name} looks up, as a plan or a state shows it"),
            Some("module") => format!("what {name} is, as a plan or a state shows it"),
            _ => format!("the value of {name}, as a plan or a state shows it"),
        };
        Value::unknown(name, would_settle, span)
    }

    /// A variable or a local, found once.
    fn named(&mut self, root: &str, name: &str, span: Span) -> Rc<Value> {
        let full = format!("{root}.{name}");
        if let Some(value) = self.found.get(&full) {
            return Rc::clone(value);
        }
        let written = if root == "var" { self.names.variables.get(name) } else { self.names.locals.get(name) };
        let value = match written.copied() {
            Some(expr) if !self.assumptions.contains_key(&full) && !self.visiting.contains(&full) => {
                self.visiting.push(full.clone());
                let value = self.evaluate(expr, None);
                self.visiting.pop();
                if is_shallow(&value, DEPTH) { value } else { self.fail(span) }
            }
            _ => return Rc::new(self.missing(full, span)),
        };
        let value = Rc::new(value);
        self.found.insert(full, Rc::clone(&value));
        value
    }

    /// A resource: itself, or its instances by index or key.
    fn resource(&mut self, address: String, span: Span) -> Value {
        match self.instances(&address) {
            Some(keys) => {
                if !self.pay(keys.len()) {
                    return self.fail(span);
                }
                let instance = |key: &Value| Value::new(Kind::Reference(instance_address(&address, key)), span);
                let counted = keys.iter().all(|(key, _)| matches!(key.kind, Kind::Int(_)));
                let kind = if counted {
                    Kind::List(keys.iter().map(|(key, _)| instance(key)).collect())
                } else {
                    Kind::Map(keys.iter().map(|(key, _)| (key.to_text().unwrap_or_default(), instance(key))).collect())
                };
                Value::new(kind, span)
            }
            None => Value::new(Kind::Reference(address), span),
        }
    }

    /// Follows steps from a value that is only looked at: most take one field of a large one, and only that is copied.
    fn part(&mut self, value: &Value, steps: &[Step], span: Span, scope: Outer<'_>) -> Value {
        let (mut value, mut rest) = (value, steps);
        while let Some((step, after)) = rest.split_first() {
            let key = match (step, &value.kind) {
                (Step::Attribute(name), Kind::Map(_)) => Value::new(Kind::Text(name.clone()), span),
                (Step::Index(index), Kind::Map(_)) => self.evaluate(index, scope),
                _ => break,
            };
            let key = key.to_text();
            let Some((_, inner)) = value.entries().iter().rev().find(|(name, _)| Some(name) == key.as_ref()) else { break };
            (value, rest) = (inner, after);
        }
        if self.pay(size(value)) { self.follow(value.clone(), rest, span, scope) } else { self.fail(span) }
    }

    fn follow(&mut self, start: Value, steps: &[Step], span: Span, scope: Outer<'_>) -> Value {
        let mut value = start;
        let mut rest = steps;
        while let Some((step, after)) = rest.split_first() {
            rest = after;
            value = match step {
                Step::Attribute(name) => self.attribute(value, name, span),
                Step::Index(index) => {
                    let index = self.evaluate(index, scope);
                    self.index(value, &index, span)
                }
                Step::Splat => return self.splat(&value, after, span, scope),
                Step::AttributeSplat => {
                    let attributes = after.iter().take_while(|step| matches!(step, Step::Attribute(_))).count();
                    let (inside, outside) = after.split_at_checked(attributes).unwrap_or((after, &[]));
                    rest = outside;
                    self.splat(&value, inside, span, scope)
                }
            };
        }
        value
    }

    fn splat(&mut self, value: &Value, steps: &[Step], span: Span, scope: Outer<'_>) -> Value {
        // Whether a resource that is not in the text has one instance or several is not known either.
        if let Kind::Reference(address) = &value.kind
            && !self.names.resources.contains_key(address)
        {
            return self.missing(self.spelled(span).to_owned(), span);
        }
        if value.missing().is_some() {
            return value.clone();
        }
        if !self.pay(size(value)) {
            return self.fail(span);
        }
        let items = value.items().to_vec();
        let followed = self.deeper(|this| items.into_iter().map(|item| this.follow(item, steps, span, scope)).collect());
        followed.map_or_else(|| self.fail(span), |items| Value::new(Kind::List(items), span))
    }

    fn attribute(&mut self, value: Value, name: &str, span: Span) -> Value {
        match value.kind {
            Kind::Map(entries) => match entries.into_iter().rev().find(|(key, _)| key == name) {
                Some((_, value)) => value,
                None => self.fail(span),
            },
            Kind::Reference(address) => self.attribute_of(address, name, span),
            Kind::Unknown(_) => value,
            _ => self.fail(span),
        }
    }

    /// An attribute of a resource: which resource it is, what its block says, or unknown.
    fn attribute_of(&mut self, address: String, name: &str, span: Span) -> Value {
        if IDENTITY.contains(&name) {
            return Value::new(Kind::Reference(address), span);
        }
        let full = format!("{address}.{name}");
        let base = address.split('[').next().unwrap_or_default();
        let Some(block) = self.names.resources.get(base).copied() else { return self.missing(full, span) };
        let Some(expr) = block.body.get(name) else { return self.missing(full, span) };
        if self.visiting.contains(&full) {
            return self.missing(full, span);
        }
        self.visiting.push(full);
        let base = base.to_owned();
        let value = self.within(&base, &address, |this, scope| this.evaluate(expr, scope));
        self.visiting.pop();
        value
    }

    fn index(&mut self, value: Value, index: &Value, span: Span) -> Value {
        match (value.kind, &index.kind) {
            (kind, Kind::Unknown(_) | Kind::Reference(_)) if !matches!(kind, Kind::Unknown(_)) => Value::new(self.stuck(index, span), span),
            (Kind::List(items), _) => {
                let at = index.int().and_then(|at| usize::try_from(at).ok());
                // One unknown item may stand for any number of them.
                let before = at.and_then(|at| items.iter().take(at).find(|item| item.missing().is_some()).cloned());
                match before.or_else(|| at.and_then(|at| items.into_iter().nth(at))) {
                    Some(item) => item,
                    None => self.fail(span),
                }
            }
            (Kind::Map(entries), _) => {
                let key = index.to_text();
                match entries.into_iter().rev().find(|(name, _)| Some(name) == key.as_ref()) {
                    Some((_, value)) => value,
                    None => self.fail(span),
                }
            }
            // How many instances there are is not known: the one that is in the text stands for all.
            (Kind::Reference(address), _) if self.names.resources.contains_key(&address) => Value::new(Kind::Reference(address), span),
            (Kind::Reference(address), _) => Value::new(Kind::Reference(instance_address(&address, index)), span),
            (kind @ Kind::Unknown(_), _) => Value::new(kind, span),
            _ => self.fail(span),
        }
    }
}

/// The address of one instance.
pub(super) fn instance_address(address: &str, key: &Value) -> String {
    match &key.kind {
        Kind::Int(index) => format!("{address}[{index}]"),
        _ => format!("{address}[\"{}\"]", key.to_text().unwrap_or_default()),
    }
}

/// A value as a person gives it on a command line: a word, or several with commas.
fn assumption(text: &str, span: Span) -> Value {
    let word = |word: &str| {
        let word = word.trim().trim_matches('"');
        Value::new(Kind::Text(word.to_owned()), span)
    };
    let inner = text.trim().strip_prefix('[').and_then(|text| text.strip_suffix(']'));
    match inner.unwrap_or(text) {
        list if inner.is_some() || list.contains(',') => {
            Value::new(Kind::List(list.split(',').filter(|item| !item.trim().is_empty()).map(word).collect()), span)
        }
        one => word(one),
    }
}
