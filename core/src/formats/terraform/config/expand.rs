//! From blocks to resources: instances by `count` and `for_each`, nested and dynamic blocks.

use std::rc::Rc;

use super::evaluate::{Evaluator, Outer, Scope};
use super::names::{address, instance_address};
use crate::formats::terraform::Resource;
use crate::formats::value::{Kind, Value};
use crate::model::{Span, Unresolved};
use crate::syntax::hcl::{Block, Body, Expr, ExprKind};

/// The instances of a resource: key and value of each.
pub(super) type Instances = Vec<(Value, Value)>;

/// So many instances a resource or a dynamic block may have.
const INSTANCES: usize = 10_000;

impl Evaluator<'_> {
    /// The instances of a resource with their keys; `None` where there is one without a key, or how many is not known.
    pub(super) fn instances(&mut self, address: &str) -> Option<Rc<Instances>> {
        if let Some(known) = self.expanded.get(address) {
            return known.clone();
        }
        let block = self.block(address)?;
        let (module, _) = self.owner(address)?;
        let visiting = format!("{address}[*]");
        if self.visiting.contains(&visiting) {
            return None;
        }
        self.visiting.push(visiting);
        let instances = self.in_module(&module, |this| match (block.body.get("count"), block.body.get("for_each")) {
            (Some(count), _) => this.counted(count),
            (None, Some(collection)) => this.keyed(collection, true, None).ok(),
            (None, None) => None,
        });
        self.visiting.pop();
        let instances = instances.map(Rc::new);
        self.expanded.insert(address.to_owned(), instances.clone());
        instances
    }

    fn counted(&mut self, count: &Expr) -> Option<Instances> {
        let value = self.evaluate(count, None);
        // `count = var.create` with a truth value is refused by Terraform, and its meaning is plain all the same.
        let count = value.int().or_else(|| value.bool().map(i64::from))?;
        let limit = i64::try_from(INSTANCES).unwrap_or(i64::MAX);
        let price = usize::try_from(count.max(0)).unwrap_or(usize::MAX);
        if count > limit || !self.pay(price) {
            return None;
        }
        let index = |at: i64| Value::new(Kind::Int(at), value.span);
        Some((0..count).map(|at| (index(at), index(at))).collect())
    }

    /// The entries of a `for_each`: of a map its entries, of a set its items under themselves, of a list under their index.
    fn keyed(&mut self, collection: &Expr, set: bool, scope: Outer<'_>) -> Result<Instances, Unresolved> {
        let value = self.evaluate(collection, scope);
        if value.items().len().max(value.entries().len()) > INSTANCES {
            return Err(Unresolved {
                name: format!("more than {INSTANCES} instances").into(),
                would_settle: "the plan, which lists them".into(),
            });
        }
        let open = |kind: Kind| match kind {
            Kind::Unknown(missing) => missing,
            _ => Unresolved { name: "for_each".into(), would_settle: "the plan, which lists the instances".into() },
        };
        let set = value.is_list() && (set || matches!(&collection.kind, ExprKind::Call(call) if call.function == "toset"));
        let entries = self.entries(&value).map_err(open)?;
        Ok(entries.into_iter().map(|(key, value)| if set { (value.clone(), value) } else { (key, value) }).collect())
    }

    /// Does something as one instance of a resource would: with `each` and `count` bound.
    pub(super) fn within<R>(&mut self, base: &str, address: &str, act: impl FnOnce(&mut Self, Outer<'_>) -> R) -> R {
        let known = self.instances(base);
        self.pay(known.as_ref().map_or(1, |known| known.len()));
        let entry = known.as_ref().and_then(|entries| entries.iter().find(|(key, _)| instance_address(base, key) == address));
        match entry {
            Some((key, value)) => self.bound(key, value, act),
            None => self.open(base, act),
        }
    }

    /// Does something as an instance would of which neither key nor value is known.
    pub(super) fn open<R>(&mut self, base: &str, act: impl FnOnce(&mut Self, Outer<'_>) -> R) -> R {
        let span = Span::default();
        let open = match self.block(base).and_then(many) {
            Some(expr) => {
                let value = self.evaluate(expr, None);
                Value::new(self.stuck(&value, span), span)
            }
            None => self.missing("each.key".to_owned(), span),
        };
        self.bound(&open, &open, act)
    }

    pub(super) fn bound<R>(&mut self, key: &Value, value: &Value, act: impl FnOnce(&mut Self, Outer<'_>) -> R) -> R {
        let pair = |name: &str, value: &Value| (name.to_owned(), value.clone());
        let each = Value::new(Kind::Map(vec![pair("key", key), pair("value", value)]), key.span);
        let count = Value::new(Kind::Map(vec![pair("index", key)]), key.span);
        let count = Scope { name: "count", value: &count, outer: None };
        let each = Scope { name: "each", value: &each, outer: Some(&count) };
        act(self, Some(&each))
    }

    /// The resources that a block stands for; the second is what decides how many, where that is not known.
    pub(super) fn resources(&mut self, block: &Block) -> (Vec<Resource>, Option<Unresolved>) {
        let (Some(base), Some(kind)) = (address(block), block.labels.first()) else { return (Vec::new(), None) };
        let base = format!("{}{base}", self.here.path);
        let kind = if block.kind == "data" { format!("data.{kind}") } else { kind.clone() };
        let name = block.labels.get(1).cloned().unwrap_or_default();
        let resource =
            |address: String, arguments: Value| Resource { kind: kind.clone(), address, name: name.clone(), arguments, at: block.span };
        let Some(instances) = self.instances(&base) else {
            let open = self.how_many(block);
            let arguments = self.within(&base, &base, |this, scope| this.arguments(&block.body, block.span, scope));
            return (vec![resource(base, arguments)], open);
        };
        let mut resources = Vec::with_capacity(instances.len());
        for (key, value) in instances.iter() {
            let arguments = self.bound(key, value, |this, scope| this.arguments(&block.body, block.span, scope));
            resources.push(resource(instance_address(&base, key), arguments));
            if !self.pay(16) {
                break;
            }
        }
        (resources, None)
    }

    /// What decides how many instances a block has, where that is not known.
    pub(super) fn how_many(&mut self, block: &Block) -> Option<Unresolved> {
        many(block).map(|many| self.evaluate(many, None)).and_then(|value| value.missing().cloned())
    }

    /// Attributes and nested blocks as a map; the blocks of one kind are a list.
    fn arguments(&mut self, body: &Body, span: Span, scope: Outer<'_>) -> Value {
        let mut map: Vec<(String, Value)> = Vec::with_capacity(body.attributes.len());
        for attribute in &body.attributes {
            map.push((attribute.name.clone(), self.evaluate(&attribute.value, scope)));
        }
        for block in &body.blocks {
            match (block.kind.as_str(), block.labels.first()) {
                ("dynamic", Some(kind)) => self.dynamic(block, kind, scope, &mut map),
                (kind, _) => {
                    let value = self.arguments(&block.body, block.span, scope);
                    nest(&mut map, kind, value);
                }
            }
        }
        Value::new(Kind::Map(map), span)
    }

    fn dynamic(&mut self, block: &Block, kind: &str, scope: Outer<'_>, map: &mut Vec<(String, Value)>) {
        let content = block.body.blocks.iter().find(|inner| inner.kind == "content");
        let (Some(content), Some(collection)) = (content, block.body.get("for_each")) else { return };
        let iterator = match block.body.get("iterator").map(|name| self.spelled(name.span).trim_matches('"')) {
            Some(name) => name.to_owned(),
            None => kind.to_owned(),
        };
        let entries = self.keyed(collection, false, scope).unwrap_or_else(|missing| {
            // There may be any number of them; what one would say is what can be known.
            let open = Value::new(Kind::Unknown(missing), collection.span);
            vec![(open.clone(), open)]
        });
        for (key, value) in entries {
            let open = |value: &Value| match (&value.kind, value.to_text()) {
                (Kind::Unknown(_), _) | (_, Some(_)) => value.clone(),
                _ => Value::new(Kind::Null, value.span),
            };
            let pair = Value::new(Kind::Map(vec![("key".to_owned(), open(&key)), ("value".to_owned(), value)]), collection.span);
            let bound = Scope { name: &iterator, value: &pair, outer: scope };
            let content = self.arguments(&content.body, content.span, Some(&bound));
            nest(map, kind, content);
            if !self.pay(8) {
                return;
            }
        }
    }
}

fn many(block: &Block) -> Option<&Expr> {
    block.body.get("for_each").or_else(|| block.body.get("count"))
}

/// Adds a nested block to the others of its kind.
fn nest(map: &mut Vec<(String, Value)>, kind: &str, value: Value) {
    let span = value.span;
    let at = map.iter().position(|(name, _)| name == kind);
    match at.and_then(|at| map.get_mut(at)) {
        Some((_, Value { kind: Kind::List(items), .. })) => items.push(value),
        // In JSON a single block is no list.
        Some((_, single)) if single.is_map() => {
            let first = std::mem::replace(single, Value::new(Kind::Null, span));
            *single = Value::new(Kind::List(vec![first, value]), span);
        }
        _ => map.push((kind.to_owned(), Value::new(Kind::List(vec![value]), span))),
    }
}
