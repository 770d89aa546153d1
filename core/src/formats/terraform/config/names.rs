//! What names stand for: `var.x`, `local.x`, resources, data sources and modules.

use std::collections::HashMap;
use std::rc::Rc;

use super::evaluate::{DEPTH, Evaluator, Outer, is_shallow, moved, size};
use super::modules::without_key;
use crate::formats::value::{Kind, Value};
use crate::model::Span;
use crate::syntax::hcl::{Block, Body, Expr, ExprKind, Step};

/// Where the names of one directory are written.
pub(super) struct Names<'t> {
    pub(super) directory: &'t str,
    pub(super) blocks: &'t [Block],
    pub(super) variables: HashMap<&'t str, &'t Body>,
    locals: HashMap<&'t str, &'t Expr>,
    pub(super) outputs: HashMap<&'t str, &'t Expr>,
    /// Resources, data sources and calls of modules by address without instance keys.
    pub(super) resources: HashMap<String, &'t Block>,
}

impl<'t> Names<'t> {
    pub(super) fn of(directory: &'t str, file: &'t Body) -> Self {
        let mut names = Self {
            directory,
            blocks: &file.blocks,
            variables: HashMap::new(),
            locals: HashMap::new(),
            outputs: HashMap::new(),
            resources: HashMap::new(),
        };
        for block in &file.blocks {
            match (block.kind.as_str(), block.labels.as_slice()) {
                ("variable", [name, ..]) => {
                    names.variables.entry(name).or_insert(&block.body);
                }
                ("locals", _) => {
                    names.locals.extend(block.body.attributes.iter().map(|local| (local.name.as_str(), &local.value)));
                }
                ("output", [name, ..]) => {
                    if let Some(value) = block.body.get("value") {
                        names.outputs.entry(name).or_insert(value);
                    }
                }
                ("resource" | "data" | "module", [..]) => {
                    if let Some(address) = address(block) {
                        names.resources.entry(address).or_insert(block);
                    }
                }
                _ => {}
            }
        }
        names
    }
}

/// The address of a block in its module, without instance keys.
pub(super) fn address(block: &Block) -> Option<String> {
    match (block.kind.as_str(), block.labels.as_slice()) {
        ("module", [name, ..]) => Some(format!("module.{name}")),
        ("data", [kind, name, ..]) => Some(format!("data.{kind}.{name}")),
        (_, [kind, name, ..]) => Some(format!("{kind}.{name}")),
        _ => None,
    }
}

/// Attributes that are nothing but another way to say which resource is meant.
const IDENTITY: [&str; 10] = [
    "id",
    "arn",
    "name",
    "self_link",
    "self_link_unique",
    "group_id",
    "instance_group",
    "security_group_id",
    "email",
    "network_security_group_id",
];

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
            ("data", Some(kind), Some(name)) => (self.resource(&format!("data.{kind}.{name}"), start.span), rest(2)),
            ("module", Some(name), _) if self.is_here(name) => (self.resource(&format!("module.{name}"), start.span), rest(1)),
            ("path" | "terraform" | "self" | "each" | "count", ..) => {
                return self.missing(self.spelled(whole.span).to_owned(), whole.span).kind;
            }
            ("var" | "local" | "data" | "module", ..) | (_, None, _) => return self.nameless(whole.span),
            (kind, Some(name), _) => (self.resource(&format!("{kind}.{name}"), start.span), rest(1)),
        };
        let open = value.missing().is_some();
        let value = self.part(&value, rest, whole.span, scope);
        match &value.kind {
            // A part of something unknown is called what the text calls it.
            Kind::Unknown(_) if open && !rest.is_empty() => self.nameless(whole.span),
            _ => moved(&value, whole.span).kind,
        }
    }

    /// Something that is called what the text calls it, in the module at hand.
    fn nameless(&self, span: Span) -> Kind {
        self.missing(format!("{}{}", self.here.path, self.spelled(span)), span).kind
    }

    /// Whether a module of the one at hand is in the review.
    fn is_here(&self, name: &str) -> bool {
        self.here.names.resources.get(&format!("module.{name}")).is_some_and(|call| self.called(call).is_some())
    }

    /// Something the text does not say, unless the person gave a value for it.
    pub(super) fn missing(&self, name: String, span: Span) -> Value {
        if let Some(assumed) = self.assumptions.get(&name) {
            return assumption(assumed, span);
        }
        let local = self.owner(&name).map_or(name.as_str(), |(_, local)| local);
        let would_settle = match local.split('.').next() {
            Some("var") => format!("a value for {name}: a default, a line of a tfvars file, or a plan"),
            Some("data") => format!("what {name} looks up, as a plan or a state shows it"),
            Some("module") => format!("what {name} is, as a plan or a state shows it"),
            _ => format!("the value of {name}, as a plan or a state shows it"),
        };
        Value::unknown(name, would_settle, span)
    }

    /// A variable or a local, found once.
    fn named(&mut self, root: &str, name: &str, span: Span) -> Rc<Value> {
        let full = format!("{}{root}.{name}", self.here.path);
        if let Some(value) = self.found.get(&full) {
            return Rc::clone(value);
        }
        if self.assumptions.contains_key(&full) || self.visiting.contains(&full) {
            return Rc::new(self.missing(full, span));
        }
        self.visiting.push(full.clone());
        let value = if root == "var" {
            self.variable(name)
        } else {
            self.here.names.locals.get(name).copied().map(|expr| self.evaluate(expr, None))
        };
        self.visiting.pop();
        match value {
            Some(value) => self.keep(full, value, span),
            None => Rc::new(self.missing(full, span)),
        }
    }

    /// Remembers what a name stands for.
    pub(super) fn keep(&mut self, full: String, value: Value, span: Span) -> Rc<Value> {
        let value = Rc::new(if is_shallow(&value, DEPTH) { value } else { self.fail(span) });
        self.found.insert(full, Rc::clone(&value));
        value
    }

    /// A resource or a module of the module at hand: itself, or its instances by index or key.
    fn resource(&mut self, local: &str, span: Span) -> Rc<Value> {
        let address = format!("{}{local}", self.here.path);
        Rc::new(match self.instances(&address) {
            Some(keys) => {
                if !self.pay(keys.len()) {
                    return Rc::new(self.fail(span));
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
        })
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
            && self.block(address).is_none()
        {
            return Value::new(self.nameless(span), span);
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
        let owner = self.owner(&address);
        if owner.as_ref().is_some_and(|(_, local)| local.starts_with("module.")) {
            return self.output(&address, name, span);
        }
        if IDENTITY.contains(&name) {
            return Value::new(Kind::Reference(address), span);
        }
        let full = format!("{address}.{name}");
        let Some((module, local)) = owner else { return self.missing(full, span) };
        let local = without_key(local);
        let expr = module.names.resources.get(local).and_then(|block| block.body.get(name));
        let Some(expr) = expr.filter(|_| !self.visiting.contains(&full)) else { return self.missing(full, span) };
        self.visiting.push(full);
        let base = format!("{}{local}", module.path);
        let value = self.in_module(&module, |this| this.within(&base, &address, |this, scope| this.evaluate(expr, scope)));
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
            (Kind::Reference(address), _) if self.block(&address).is_some_and(|_| !address.ends_with(']')) => {
                Value::new(Kind::Reference(address), span)
            }
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
