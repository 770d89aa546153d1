//! ARM templates: JSON with expressions, also inside the envelopes that exports, Blueprint artifacts and policies put around
//! them.

use super::eval::{Eval, Scope, Slot, What, given};
use super::expr::Expr;
use super::network::{fields_of, is_network};
use super::parse;
use super::resources::{Resource, Resources, is_read};
use crate::document::Format;
use crate::formats::cx::{Cx, shown};
use crate::formats::value::{Kind, Value};
use crate::formats::{Read, TreeReader};

static FORMAT: Format = Format { id: "azure-template", title: "Azure Resource Manager template", from: "az group export" };

pub(in crate::formats) static TEMPLATES: TreeReader = TreeReader {
    format: &FORMAT,
    detect: |root| {
        let mut found = false;
        templates(root, None, ENVELOPES, &mut |_, _| found = true);
        found
    },
    read,
};

/// How many objects and lists may stand around a template.
const ENVELOPES: u32 = 10;
/// How many deployments may be nested in each other.
const DEPLOYMENTS: u32 = 8;
const DEPLOYMENT: &str = "microsoft.resources/deployments";

fn read(root: &Value, cx: &mut Cx<'_>, emit: &mut dyn FnMut(Read)) {
    let eval = Eval::new(cx.assumptions);
    let mut found: Vec<(&Value, Option<&Value>)> = Vec::new();
    templates(root, None, ENVELOPES, &mut |template, parameters| found.push((template, parameters)));
    for (template, parameters) in found {
        let scope = scope(template, &|name| given(name, cx).or_else(|| beside(name, parameters, &eval, &Scope::default())));
        let mut walk = Walk { eval: &eval, resources: Resources::default() };
        walk.template(template, &scope, DEPLOYMENTS, cx);
        walk.resources.finish(cx, emit);
    }
}

/// Shows every template in a value, with the parameters that stand beside it.
fn templates<'v>(value: &'v Value, parameters: Option<&'v Value>, depth: u32, show: &mut dyn FnMut(&'v Value, Option<&'v Value>)) {
    if is_template(value) {
        return show(value, parameters);
    }
    let Some(deeper) = depth.checked_sub(1) else { return };
    let beside = value.some("parameters");
    value.entries().iter().for_each(|(_, entry)| templates(entry, beside, deeper, show));
    if value.is_list() {
        value.items().iter().for_each(|item| templates(item, None, deeper, show));
    }
}

fn is_template(value: &Value) -> bool {
    let schema = value.text_of("$schema").map(str::to_ascii_lowercase);
    if schema.is_some_and(|schema| schema.contains("deploymenttemplate.json")) {
        return true;
    }
    let resource =
        |resource: &Value| resource.get("apiVersion").is_some() && resource.text_of("type").is_some_and(|kind| kind.contains('/'));
    let listed = value.get("resources").is_some_and(|list| each(list).any(|(_, item)| resource(item)));
    listed && (value.get("contentVersion").is_some() || value.text_of("type").is_none())
}

/// Resources of a list, or of a map with their symbolic names.
fn each(resources: &Value) -> impl Iterator<Item = (Option<&str>, &Value)> {
    let listed: &[Value] = if resources.is_list() { resources.items() } else { &[] };
    listed.iter().map(|item| (None, item)).chain(resources.entries().iter().map(|(name, item)| (Some(&**name), item)))
}

/// The names of a template's parameters, if a value is one or holds one.
pub(in crate::formats::azure) fn declared(root: &Value) -> Option<Vec<String>> {
    let mut declared = None;
    templates(root, None, ENVELOPES, &mut |template, _| {
        let names = || template.get("parameters").into_iter().flat_map(Value::entries).map(|(name, _)| name.clone()).collect();
        declared.get_or_insert_with(names);
    });
    declared
}

/// A parameter that is given beside the template, evaluated where it is given.
fn beside(name: &str, given: Option<&Value>, eval: &Eval<'_>, outer: &Scope) -> Option<What> {
    let value = given?.get(name)?.get("value")?;
    Some(What::Given(eval.value(&parse::node(value), outer)))
}

/// The parameters and variables of a template.
fn scope(template: &Value, given: &dyn Fn(&str) -> Option<What>) -> Scope {
    let mut scope = Scope::default();
    for (name, parameter) in template.get("parameters").map(Value::entries).unwrap_or_default() {
        let what = match (given(name), parameter.get("defaultValue")) {
            (Some(given), _) => given,
            (None, Some(value)) => What::written(parse::node(value)),
            (None, None) => What::Missing,
        };
        let list = parameter.text_of("type").is_some_and(|kind| kind.eq_ignore_ascii_case("array"));
        let settle = format!("a value for the parameter {name}");
        scope.define("parameters", name, Slot { spelled: format!("parameters('{name}')"), settle, list, what });
    }
    let variables = template.get("variables").map(parse::node);
    if let Some(Expr::Map(entries)) = variables.map(|variables| variables.expr) {
        for (key, node) in entries {
            let Expr::Literal(Kind::Text(name)) = key.expr else { continue };
            let settle = format!("a value for the variable {name}");
            let slot = Slot { spelled: format!("variables('{name}')"), settle, list: false, what: What::written(node) };
            scope.define("variables", &name, slot);
        }
    }
    scope
}

struct Walk<'e> {
    eval: &'e Eval<'e>,
    resources: Resources,
}

/// What a resource stands in.
struct Parent {
    kind: String,
    name: String,
    address: String,
}

impl Walk<'_> {
    fn template(&mut self, template: &Value, scope: &Scope, left: u32, cx: &mut Cx<'_>) {
        let Some(resources) = template.get("resources") else { return };
        for (symbol, resource) in each(resources) {
            self.resource(symbol, resource, None, scope, left, cx);
        }
    }

    /// A resource, as often as its `copy` says.
    fn resource(&mut self, symbol: Option<&str>, resource: &Value, parent: Option<&Parent>, scope: &Scope, left: u32, cx: &mut Cx<'_>) {
        let own = resource.text_of("type").unwrap_or_default();
        let kind = match parent {
            // Inside its parent the type may be short.
            Some(parent) if !own.contains('.') => format!("{}/{own}", parent.kind),
            _ => own.to_owned(),
        };
        let lower = kind.to_ascii_lowercase();
        if !(is_read(&lower) || lower == DEPLOYMENT) || resource.get("existing").and_then(Value::bool) == Some(true) {
            return;
        }
        let Some((copy, count)) = resource.some("copy").and_then(|copy| Some((copy, copy.get("count")?))) else {
            return self.instance(symbol, resource, &kind, parent, scope, left, cx);
        };
        let index = parse::index_name(copy.text_of("name").unwrap_or_default());
        let turns = self.eval.turns(&parse::node(count), scope);
        let turns = turns.unwrap_or_else(|unknown| {
            cx.warn(copy, "how often this resource is copied is not known or more than 10,000 times; one of the copies is judged");
            vec![(unknown.clone(), unknown)]
        });
        for (_, turn) in turns {
            scope.with(vec![(index.clone(), turn)], || self.instance(symbol, resource, &kind, parent, scope, left, cx));
        }
    }

    #[expect(clippy::too_many_arguments, reason = "the turn of a loop needs all that the resource needs")]
    fn instance(
        &mut self,
        symbol: Option<&str>,
        resource: &Value,
        kind: &str,
        parent: Option<&Parent>,
        scope: &Scope,
        left: u32,
        cx: &mut Cx<'_>,
    ) {
        let condition = resource.some("condition").map(|condition| self.eval.value(&parse::node(condition), scope));
        if condition.as_ref().and_then(Value::bool) == Some(false) {
            return;
        }
        let doubt = condition.as_ref().and_then(Value::missing).cloned();
        let lower = kind.to_ascii_lowercase();
        if lower == DEPLOYMENT {
            return self.deployment(resource, scope, left, cx);
        }
        let raw = resource.text_of("name").unwrap_or_default();
        let own = resource.get("name").map(|name| self.eval.spelled(&parse::node(name), scope)).unwrap_or_default();
        let short = parent.filter(|_| !resource.text_of("type").unwrap_or_default().contains('.'));
        let name = short.map_or_else(|| own.clone(), |parent| format!("{}/{own}", parent.name));
        let address = match (symbol, short) {
            // Copies are told apart by what their names come to.
            _ if resource.some("copy").is_some() => addressed(kind, &name),
            (Some(symbol), _) => symbol.to_owned(),
            (None, Some(parent)) => format!("{}/{}/{raw}", parent.address, kind.rsplit('/').next().unwrap_or_default()),
            (None, None) => addressed(kind, raw),
        };
        let fields = fields_of(&lower);
        let properties = resource.get(fields).map(|properties| self.eval.value(&parse::node(properties), scope));
        let properties = properties.unwrap_or_else(|| Value::new(Kind::Map(Vec::new()), resource.span));
        let spelled = resource.get(fields).filter(|_| is_network(&lower));
        let spelled = spelled.map(|properties| self.eval.spelled_value(&parse::node(properties), scope));
        let spelled = spelled.unwrap_or_else(|| Value::new(Kind::Null, resource.span));
        let here = Parent { kind: kind.to_owned(), name: name.clone(), address: address.clone() };
        self.resources.add(&lower, Resource { name, address, properties, spelled, at: resource.span, doubt }, cx);
        for (symbol, child) in resource.get("resources").into_iter().flat_map(each) {
            self.resource(symbol, child, Some(&here), scope, left, cx);
        }
    }

    /// A template inside the template; by default its expressions are evaluated outside of it.
    fn deployment(&mut self, resource: &Value, scope: &Scope, left: u32, cx: &mut Cx<'_>) {
        let Some(properties) = resource.get("properties") else { return };
        let Some(template) = properties.get("template").filter(|template| template.is_map()) else {
            let name = shown(resource.text_of("name").unwrap_or_default());
            cx.not_judged(
                resource,
                format!("the template of the deployment `{name}` is not in the text and was not judged; paste it, too"),
            );
            return;
        };
        let Some(left) = left.checked_sub(1) else {
            cx.not_judged(resource, "deployments are nested too deeply here, and this one was not judged; paste its template by itself");
            return;
        };
        let inner = properties.path(&["expressionEvaluationOptions", "scope"]).and_then(Value::text);
        if inner.is_some_and(|scope| scope.eq_ignore_ascii_case("inner")) {
            let scope = self::scope(template, &|name| beside(name, properties.get("parameters"), self.eval, scope));
            self.template(template, &scope, left, cx);
        } else {
            self.template(template, scope, left, cx);
        }
    }
}

/// Type and name as a resource id has them, `…/networkSecurityGroups/web/securityRules/ssh`; a name that is an expression
/// stands behind its type as it is.
fn addressed(kind: &str, name: &str) -> String {
    let (types, names): (Vec<&str>, Vec<&str>) = (kind.split('/').skip(1).collect(), name.split('/').collect());
    if name.starts_with('[') || types.len() != names.len() {
        return format!("{kind}/{name}");
    }
    let mut address = kind.split('/').next().unwrap_or_default().to_owned();
    for (kind, name) in types.iter().zip(names) {
        address.extend(["/", kind, "/", name]);
    }
    address
}
