//! Bicep, as far as literals and default values carry.
//!
//! It says what an ARM template says, so it comes down to the same expressions and the same evaluator.

mod expression;
pub(super) mod parameters;
mod scan;
mod statement;

use super::template::eval::{Eval, Scope, Slot, What, given};
use super::template::expr::{Expr, Node};
use super::template::network::{fields_of, is_network};
use super::template::resources::{Resource, Resources, is_read};
use crate::document::Format;
use crate::formats::cx::{Cx, shown};
use crate::formats::value::{Kind, Value};
use crate::formats::{Read, TextReader};
use statement::{Declared, Statement, statements};

static FORMAT: Format = Format { id: "azure-bicep", title: "Bicep", from: "a .bicep file, or az bicep decompile" };

pub(in crate::formats) static BICEP: TextReader = TextReader { format: &FORMAT, detect, read };

/// How much of a text is looked at to see what it is.
const LOOKED_AT: usize = 262_144;

/// A line such as `resource web 'Microsoft.Network/…@2023-01-01' = {`.
fn detect(text: &str) -> bool {
    let end = (0..=LOOKED_AT.min(text.len())).rev().find(|end| text.is_char_boundary(*end)).unwrap_or_default();
    text.get(..end).unwrap_or_default().lines().any(|line| {
        let mut words = line.split_whitespace();
        matches!(words.next(), Some("resource" | "module")) && words.nth(1).is_some_and(|word| word.starts_with('\'')) && line.contains('=')
    })
}

/// Reads a text; whether all of it was understood that counts.
fn read(text: &str, cx: &mut Cx<'_>, emit: &mut dyn FnMut(Read)) -> bool {
    let mut scope = Scope::default();
    let mut resources: Vec<Declared<'_>> = Vec::new();
    let mut complete = true;
    statements(text, &mut |statement| match statement {
        Statement::Parameter { name, list, default } => {
            let what = match given(name, cx) {
                Some(given) => given,
                None => default.map_or(What::Missing, What::written),
            };
            define(&mut scope, name, format!("a value for the parameter {name}"), list, what);
        }
        Statement::Variable { name, value } => {
            define(&mut scope, name, format!("a value for the variable {name}"), false, What::written(value));
        }
        Statement::Resource(resource) => resources.push(resource),
        Statement::Module { name, at } => {
            cx.not_judged(at, format!("the file of the module `{}` is not in the text and was not judged; paste it, too", shown(name)));
        }
        Statement::Broken { what, name, at } => {
            cx.error(at, format!("`{what} {}` can't be read here; check its brackets and quotes", shown(name)));
            complete = false;
        }
    });
    for resource in &resources {
        resource.define(&mut scope);
    }
    let eval = Eval::new(cx.assumptions);
    let mut found = Resources::default();
    for resource in &resources {
        resource.add(None, &eval, &scope, &mut found, cx);
    }
    found.finish(cx, emit);
    complete
}

fn define(scope: &mut Scope, name: &str, settle: String, list: bool, what: What) {
    scope.define("name", name, Slot { spelled: name.to_owned(), settle, list, what });
}

/// What a resource stands in: its name there, and its type.
struct Parent<'p> {
    symbol: &'p str,
    kind: &'p str,
}

impl Declared<'_> {
    /// The body, also where it is repeated.
    fn body(&self) -> &Node {
        match &self.value.expr {
            Expr::Loop(turns) => &turns.body,
            _ => &self.value,
        }
    }

    fn property(&self, name: &str) -> Option<&Node> {
        let Expr::Map(entries) = &self.body().expr else { return None };
        entries.iter().find(|(key, _)| matches!(&key.expr, Expr::Literal(Kind::Text(key)) if key == name)).map(|(_, value)| value)
    }

    /// Makes it known to expressions, with what is inside it.
    fn define(&self, scope: &mut Scope) {
        define(scope, self.name, String::new(), false, What::Resource(self.property("name").cloned()));
        self.inner.iter().for_each(|inner| inner.define(scope));
    }

    /// Evaluates it, as often as it is repeated.
    fn add(&self, parent: Option<&Parent<'_>>, eval: &Eval<'_>, scope: &Scope, found: &mut Resources, cx: &mut Cx<'_>) {
        let kind = match parent {
            Some(parent) if !self.kind.contains('.') => format!("{}/{}", parent.kind, self.kind),
            _ => self.kind.clone(),
        };
        let Expr::Loop(turns) = &self.value.expr else {
            return self.instance(&kind, None, self.condition.as_ref(), parent, eval, scope, found, cx);
        };
        if !is_read(&kind.to_ascii_lowercase()) {
            return;
        }
        let rounds = eval.turns(&turns.over, scope).unwrap_or_else(|unknown| {
            cx.warn(self.at, "how often this resource is repeated is not known or more than 10,000 times; one of them is judged");
            vec![(unknown.clone(), unknown)]
        });
        for (at, (item, index)) in rounds.into_iter().enumerate() {
            let names = vec![(turns.item.clone(), item), (turns.index.clone(), index)];
            scope.with(names, || self.instance(&kind, Some(at), turns.condition.as_ref(), parent, eval, scope, found, cx));
        }
    }

    #[expect(clippy::too_many_arguments, reason = "the turn of a loop needs all that the resource needs")]
    fn instance(
        &self,
        kind: &str,
        turn: Option<usize>,
        condition: Option<&Node>,
        parent: Option<&Parent<'_>>,
        eval: &Eval<'_>,
        scope: &Scope,
        found: &mut Resources,
        cx: &mut Cx<'_>,
    ) {
        let condition = condition.map(|condition| eval.value(condition, scope));
        if condition.as_ref().and_then(Value::bool) == Some(false) {
            return;
        }
        let lower = kind.to_ascii_lowercase();
        if is_read(&lower) {
            let own = self.property("name").map(|name| eval.spelled(name, scope)).unwrap_or_default();
            let outer = match (self.property("parent"), parent) {
                (Some(parent), _) => Some(Node { expr: Expr::Property(Box::new(parent.clone()), "name".to_owned()), span: parent.span }),
                (None, Some(parent)) => {
                    let symbol = Node { expr: Expr::Name(parent.symbol.to_owned()), span: self.at };
                    Some(Node { expr: Expr::Property(Box::new(symbol), "name".to_owned()), span: self.at })
                }
                (None, None) => None,
            };
            let name = outer.map_or_else(|| own.clone(), |outer| format!("{}/{own}", eval.spelled(&outer, scope)));
            let address = turn.map_or_else(|| self.name.to_owned(), |turn| format!("{}[{turn}]", self.name));
            if self.existing {
                found.name(&lower, &name, &address);
            } else {
                let properties = self.property(fields_of(&lower));
                let spelled = properties.filter(|_| is_network(&lower)).map(|properties| eval.spelled_value(properties, scope));
                let resource = Resource {
                    name,
                    address,
                    properties: properties
                        .map_or_else(|| Value::new(Kind::Map(Vec::new()), self.at), |properties| eval.value(properties, scope)),
                    spelled: spelled.unwrap_or_else(|| Value::new(Kind::Null, self.at)),
                    at: self.at,
                    doubt: condition.as_ref().and_then(Value::missing).cloned(),
                };
                found.add(&lower, resource, cx);
            }
        }
        let here = Parent { symbol: self.name, kind };
        self.inner.iter().for_each(|inner| inner.add(Some(&here), eval, scope, found, cx));
    }
}
