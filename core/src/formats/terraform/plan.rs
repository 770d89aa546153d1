//! `terraform show -json` of a plan: what there will be, with the unknown parts named by the configuration.

mod references;

use std::collections::HashMap;

use references::Configuration;

use super::{Resource, read_resources};
use crate::document::Format;
use crate::formats::cx::Cx;
use crate::formats::value::{Kind, Value};
use crate::formats::{Read, TreeReader};

static FORMAT: Format = Format { id: "terraform-plan", title: "Terraform plan", from: "terraform show -json plan.out" };

pub(in crate::formats) static PLAN: TreeReader = TreeReader { format: &FORMAT, detect, read };

fn detect(root: &Value) -> bool {
    root.path(&["planned_values", "root_module"]).is_some()
        || (root.get("terraform_version").is_some() && (root.get("planned_values").is_some() || root.get("resource_changes").is_some()))
}

fn read(root: &Value, cx: &mut Cx<'_>, emit: &mut dyn FnMut(Read)) {
    let plan = Plan::of(root);
    let mut resources = Vec::new();
    match root.path(&["planned_values", "root_module"]) {
        Some(module) => plan.module(module, &|_| true, 0, &mut resources),
        // Tools that cut plans down keep the changes.
        None => resources.extend(root.items_of("resource_changes").iter().filter_map(|change| plan.changed(change))),
    }
    // What data sources looked up is known, and planned values don't repeat it.
    if let Some(module) = root.path(&["prior_state", "values", "root_module"]) {
        plan.module(module, &|resource| resource.text_of("mode") == Some("data"), 0, &mut resources);
    }
    read_resources(&resources, cx, emit);
}

/// The resources of a module and of those inside it, as `terraform show -json` of a state prints them.
pub(super) fn shown_values(module: &Value, resources: &mut Vec<Resource>) {
    Plan::default().module(module, &|_| true, 0, resources);
}

/// What stands beside the planned values.
#[derive(Default)]
struct Plan<'v> {
    /// What is known only after apply, by address.
    open: HashMap<&'v str, &'v Value>,
    configuration: Configuration<'v>,
}

/// Modules may stand so deep in each other; the reader of the text bounds it, too.
const DEPTH: u32 = 64;

impl<'v> Plan<'v> {
    fn of(root: &'v Value) -> Self {
        let mut plan = Self::default();
        for change in root.items_of("resource_changes") {
            if let (Some(address), Some(open)) = (change.text_of("address"), change.path(&["change", "after_unknown"])) {
                plan.open.insert(address, open);
            }
        }
        if let Some(module) = root.path(&["configuration", "root_module"]) {
            plan.configuration = Configuration::of(module);
        }
        plan
    }

    fn module(&self, module: &Value, wanted: &dyn Fn(&Value) -> bool, depth: u32, resources: &mut Vec<Resource>) {
        let listed = module.items_of("resources").iter().filter(|resource| wanted(resource));
        resources.extend(listed.filter_map(|resource| self.resource(resource, resource.get("values"))));
        if depth < DEPTH {
            for inner in module.items_of("child_modules") {
                self.module(inner, wanted, depth.saturating_add(1), resources);
            }
        }
    }

    /// A resource of the list of changes, unless it will be gone.
    fn changed(&self, change: &Value) -> Option<Resource> {
        let after = change.path(&["change", "after"])?;
        self.resource(change, Some(after))
    }

    fn resource(&self, resource: &Value, values: Option<&Value>) -> Option<Resource> {
        let (kind, address) = (resource.text_of("type")?, resource.text_of("address")?);
        let mut arguments = values.cloned().unwrap_or_else(|| Value::new(Kind::Map(Vec::new()), resource.span));
        if let Some(open) = self.open.get(address) {
            self.reveal_all(&mut arguments, open, address);
        }
        let data = resource.text_of("mode") == Some("data");
        Some(Resource {
            kind: if data { format!("data.{kind}") } else { kind.to_owned() },
            address: address.to_owned(),
            name: resource.text_of("name").unwrap_or_default().to_owned(),
            arguments,
            at: resource.span,
        })
    }

    /// Puts what is known only after apply where planned values leave it out.
    fn reveal_all(&self, arguments: &mut Value, open: &Value, address: &str) {
        let written = self.configuration.expressions(address);
        let unknown = |written: Option<&Value>| self.configuration.unknown(written, address);
        let Kind::Map(entries) = &mut arguments.kind else { return };
        for (name, open) in open.entries() {
            let expression = written.and_then(|written| written.get(name));
            match entries.iter_mut().find(|(known, _)| known == name) {
                Some((_, value)) => reveal(value, open, expression, &unknown, 0),
                // What the configuration does not write the provider fills in: an id, and no rules.
                None if written.is_some() && expression.is_none() => {}
                None if open.bool() == Some(true) => entries.push((name.clone(), Value::new(unknown(expression), arguments.span))),
                None => {}
            }
        }
    }
}

fn reveal(value: &mut Value, open: &Value, written: Option<&Value>, unknown: &dyn Fn(Option<&Value>) -> Kind, depth: u32) {
    let span = value.span;
    match (&mut value.kind, &open.kind) {
        (_, Kind::Bool(true)) => *value = Value::new(unknown(written), span),
        (Kind::Map(entries), Kind::Map(fields)) if depth < DEPTH => {
            for (name, open) in fields {
                let written = written.and_then(|written| written.get(name).or_else(|| names_one_thing(written).then_some(written)));
                match entries.iter_mut().find(|(known, _)| known == name) {
                    Some((_, value)) => reveal(value, open, written, unknown, depth.saturating_add(1)),
                    None if open.bool() == Some(true) => entries.push((name.clone(), Value::new(unknown(written), span))),
                    None => {}
                }
            }
        }
        (Kind::List(items), Kind::List(fields)) if depth < DEPTH => {
            for (at, open) in fields.iter().enumerate() {
                // Blocks are listed in the configuration, too; a list of values has one expression for all of it.
                let written = match written.map(|written| &written.kind) {
                    Some(Kind::List(blocks)) => blocks.get(at),
                    _ => written,
                };
                match items.get_mut(at) {
                    Some(item) => reveal(item, open, written, unknown, depth.saturating_add(1)),
                    None if open.bool() == Some(true) => items.push(Value::new(unknown(written), span)),
                    None => {}
                }
            }
        }
        _ => {}
    }
}

/// Whether an expression names one resource only. Blocks that the provider declares as attributes, such as the routes of a table,
/// have one expression for all of their fields, so what is unknown inside can be nothing else.
fn names_one_thing(written: &Value) -> bool {
    let names: Vec<&str> = written.items_of("references").iter().filter_map(Value::text).collect();
    let Some(shortest) = names.iter().min_by_key(|name| name.len()) else { return false };
    names.iter().all(|name| name.strip_prefix(shortest).is_some_and(|rest| rest.is_empty() || rest.starts_with('.')))
}
