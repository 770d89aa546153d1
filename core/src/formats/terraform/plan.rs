//! `terraform show -json` of a plan or a state: resources with their values, in modules within modules.

use std::collections::HashMap;

use super::{Resource, read_resources};
use crate::document::Format;
use crate::formats::cx::Cx;
use crate::formats::value::{Kind, Value};
use crate::formats::{Read, TreeReader};

static FORMAT: Format = Format { id: "terraform-plan", title: "Terraform plan", from: "terraform show -json plan.out" };

pub(in crate::formats) static PLAN: TreeReader = TreeReader { format: &FORMAT, detect, read };

fn detect(root: &Value) -> bool {
    root.path(&["planned_values", "root_module"]).is_some()
        || (root.get("planned_values").is_some() && root.get("terraform_version").is_some())
        || (root.get("resource_changes").is_some() && root.get("format_version").is_some())
}

fn read(root: &Value, cx: &mut Cx<'_>, emit: &mut dyn FnMut(Read)) {
    let plan = Plan::of(root);
    let mut resources = Vec::new();
    if let Some(module) = root.path(&["planned_values", "root_module"]) {
        plan.module(module, 0, &mut resources);
    }
    if let Some(module) = root.path(&["prior_state", "values", "root_module"]) {
        plan.looked_up(module, 0, &mut resources);
    }
    read_resources(&resources, cx, emit);
}

/// The resources of a module and of those inside it, as `terraform show -json` of a state prints them.
pub(super) fn shown_values(module: &Value, resources: &mut Vec<Resource>) {
    Plan::default().module(module, 0, resources);
}

/// What stands beside the planned values.
#[derive(Default)]
struct Plan<'v> {
    /// What is known only after apply, by address.
    open: HashMap<&'v str, &'v Value>,
    /// The arguments of the configuration, by address without keys.
    written: HashMap<String, &'v Value>,
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
            plan.configured(module, "", 0);
        }
        plan
    }

    fn configured(&mut self, module: &'v Value, prefix: &str, depth: u32) {
        for resource in module.items_of("resources") {
            if let (Some(address), Some(expressions)) = (resource.text_of("address"), resource.get("expressions")) {
                self.written.insert(format!("{prefix}{address}"), expressions);
            }
        }
        for (name, call) in module.get("module_calls").map(Value::entries).unwrap_or_default() {
            if let Some(inner) = call.get("module").filter(|_| depth < DEPTH) {
                self.configured(inner, &format!("{prefix}module.{name}."), depth.saturating_add(1));
            }
        }
    }

    fn module(&self, module: &Value, depth: u32, resources: &mut Vec<Resource>) {
        resources.extend(module.items_of("resources").iter().filter_map(|resource| self.resource(resource)));
        if depth < DEPTH {
            for inner in module.items_of("child_modules") {
                self.module(inner, depth.saturating_add(1), resources);
            }
        }
    }

    /// Data sources of the state before: what they looked up is known, and planned values don't repeat it.
    fn looked_up(&self, module: &Value, depth: u32, resources: &mut Vec<Resource>) {
        let data = module.items_of("resources").iter().filter(|resource| resource.text_of("mode") == Some("data"));
        resources.extend(data.filter_map(|resource| self.resource(resource)));
        if depth < DEPTH {
            for inner in module.items_of("child_modules") {
                self.looked_up(inner, depth.saturating_add(1), resources);
            }
        }
    }

    fn resource(&self, resource: &Value) -> Option<Resource> {
        let (kind, address) = (resource.text_of("type")?, resource.text_of("address")?);
        let mut arguments = resource.get("values").cloned().unwrap_or_else(|| Value::new(Kind::Map(Vec::new()), resource.span));
        if let Some(open) = self.open.get(address) {
            let written = self.written.get(&without_keys(address)).copied();
            let module = address.rfind("module.").map_or("", |at| {
                let rest = address.get(at..).unwrap_or_default();
                let name = rest.match_indices('.').nth(1).map_or(0, |(dot, _)| dot.saturating_add(1));
                address.get(..at.saturating_add(name)).unwrap_or_default()
            });
            reveal(&mut arguments, open, written, &Open { address, module }, 0);
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
}

/// Whose value is not known until apply.
struct Open<'v> {
    address: &'v str,
    /// The module it stands in, with a dot behind, as references inside it are relative to it.
    module: &'v str,
}

/// Puts what is known only after apply where planned values leave it out: as the reference the configuration has there, else
/// as unknown.
fn reveal(value: &mut Value, open: &Value, written: Option<&Value>, of: &Open<'_>, depth: u32) {
    if depth > DEPTH {
        return;
    }
    let span = value.span;
    match (&mut value.kind, &open.kind) {
        (_, Kind::Bool(true)) => *value = Value::new(of.unknown(written), span),
        (Kind::Map(entries), Kind::Map(unknown)) => {
            for (name, open) in unknown {
                let written = written.and_then(|written| written.get(name));
                match entries.iter_mut().find(|(known, _)| known == name) {
                    Some((_, value)) => reveal(value, open, written, of, depth.saturating_add(1)),
                    None if open.bool() == Some(true) => entries.push((name.clone(), Value::new(of.unknown(written), span))),
                    None => {}
                }
            }
        }
        (Kind::List(items), Kind::List(unknown)) => {
            for (at, open) in unknown.iter().enumerate() {
                // Blocks are listed in the configuration, too; a list of values has one expression for all of it.
                let written = match written.map(|written| &written.kind) {
                    Some(Kind::List(blocks)) => blocks.get(at),
                    _ => written,
                };
                match items.get_mut(at) {
                    Some(item) => reveal(item, open, written, of, depth.saturating_add(1)),
                    None if open.bool() == Some(true) => items.push(Value::new(of.unknown(written), span)),
                    None => {}
                }
            }
        }
        _ => {}
    }
}

impl Open<'_> {
    fn unknown(&self, written: Option<&Value>) -> Kind {
        let references = written.map(|written| written.items_of("references")).unwrap_or_default();
        let first = references.first().and_then(Value::text);
        // `aws_security_group.lb.id` and `aws_security_group.lb` stand there, the longer first.
        let resource =
            first.filter(|name| !["var.", "local.", "each.", "count.", "module.", "path."].iter().any(|not| name.starts_with(not)));
        match (resource, first) {
            (Some(name), _) => Kind::Reference(format!("{}{}", self.module, without_attribute(name))),
            (None, named) => {
                let name = named.map_or_else(|| self.address.to_owned(), |name| format!("{}{name}", self.module));
                Value::unknown(name, "the plan's values after apply, as the state shows them", Default::default()).kind
            }
        }
    }
}

/// The address of the resource in a reference to one of its attributes: `type.name`, with a key and with `data.` before.
fn without_attribute(reference: &str) -> &str {
    let parts = if reference.starts_with("data.") { 3 } else { 2 };
    let mut inside = false;
    let mut dots = 0;
    for (at, byte) in reference.bytes().enumerate() {
        match byte {
            b'[' => inside = true,
            b']' => inside = false,
            b'.' if !inside => {
                dots = dots.max(0_i32).saturating_add(1);
                if dots == parts {
                    return reference.get(..at).unwrap_or(reference);
                }
            }
            _ => {}
        }
    }
    reference
}

/// An address as the configuration has it: without the keys of instances.
fn without_keys(address: &str) -> String {
    let mut inside = false;
    let keep = |letter: &char| {
        inside = (inside || *letter == '[') && *letter != ']';
        !inside && *letter != ']'
    };
    address.chars().filter(keep).collect()
}
