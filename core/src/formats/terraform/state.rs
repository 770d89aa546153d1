//! States: `terraform.tfstate` in versions 3 and 4, and `terraform show -json` of one.

use super::plan::shown_values;
use super::{Resource, read_resources};
use crate::document::Format;
use crate::formats::cx::Cx;
use crate::formats::value::{Kind, Value};
use crate::formats::{Read, TreeReader};

static FORMAT: Format = Format { id: "terraform-state", title: "Terraform state", from: "terraform show -json, or terraform state pull" };

pub(in crate::formats) static STATE: TreeReader = TreeReader { format: &FORMAT, detect, read };

fn detect(root: &Value) -> bool {
    let file = root.get("version").is_some() && (root.get("lineage").is_some() || root.get("serial").is_some());
    file && (root.get("resources").is_some() || root.get("modules").is_some())
        || root.path(&["values", "root_module"]).is_some()
        || (root.get("format_version").is_some() && root.get("terraform_version").is_some() && root.get("planned_values").is_none())
}

fn read(root: &Value, cx: &mut Cx<'_>, emit: &mut dyn FnMut(Read)) {
    let mut resources = Vec::new();
    if let Some(module) = root.path(&["values", "root_module"]) {
        shown_values(module, &mut resources);
    }
    root.items_of("resources").iter().for_each(|resource| instances(resource, &mut resources));
    root.items_of("modules").iter().for_each(|module| flat_module(module, &mut resources));
    read_resources(&resources, cx, emit);
}

/// Version 4: a resource with its instances.
fn instances(resource: &Value, resources: &mut Vec<Resource>) {
    let (Some(kind), Some(name)) = (resource.text_of("type"), resource.text_of("name")) else { return };
    let data = resource.text_of("mode") == Some("data");
    let module = resource.text_of("module").map(|module| format!("{module}.")).unwrap_or_default();
    let kind = if data { format!("data.{kind}") } else { kind.to_owned() };
    for instance in resource.items_of("instances") {
        let key = match instance.get("index_key").map(|key| &key.kind) {
            Some(Kind::Int(index)) => format!("[{index}]"),
            Some(Kind::Text(key)) => format!("[\"{key}\"]"),
            _ => String::new(),
        };
        // Before Terraform 0.12 attributes are flat, as in version 3.
        let arguments = match (instance.get("attributes"), instance.get("attributes_flat")) {
            (Some(attributes), _) => attributes.clone(),
            (None, Some(flat)) => nested(flat),
            (None, None) => continue,
        };
        resources.push(Resource {
            kind: kind.clone(),
            address: format!("{module}{kind}.{name}{key}"),
            name: name.to_owned(),
            arguments,
            at: instance.span,
        });
    }
}

/// Version 3: a module's resources under `type.name.index`, with flat attributes.
fn flat_module(module: &Value, resources: &mut Vec<Resource>) {
    let path: String = module.items_of("path").iter().skip(1).filter_map(Value::text).map(|name| format!("module.{name}.")).collect();
    for (key, resource) in module.get("resources").map(Value::entries).unwrap_or_default() {
        let (Some(kind), Some(attributes)) = (resource.text_of("type"), resource.path(&["primary", "attributes"])) else { continue };
        let (data, plain) = key.strip_prefix("data.").map_or(("", key.as_str()), |plain| ("data.", plain));
        let mut parts = plain.split('.');
        let name = parts.nth(1).unwrap_or_default();
        let index = parts.next().map(|index| format!("[{index}]")).unwrap_or_default();
        resources.push(Resource {
            kind: format!("{data}{kind}"),
            address: format!("{path}{data}{kind}.{name}{index}"),
            name: name.to_owned(),
            arguments: nested(attributes),
            at: resource.span,
        });
    }
}

/// Flat attributes as a tree: `ingress.#` is a length, `ingress.123.from_port` a field of an item, `tags.%` the size of a map.
fn nested(flat: &Value) -> Value {
    let pairs: Vec<(&str, &Value)> = flat.entries().iter().map(|(key, value)| (key.as_str(), value)).collect();
    tree(&pairs, flat, 0)
}

/// Flat keys are never nested deeper by any provider.
const DEPTH: u32 = 16;

fn tree(pairs: &[(&str, &Value)], whole: &Value, depth: u32) -> Value {
    let mut names: Vec<(&str, Vec<(&str, &Value)>)> = Vec::new();
    let mut map: Vec<(String, Value)> = Vec::new();
    let (mut list, mut last): (bool, Option<usize>) = (false, None);
    for (key, value) in pairs {
        match key.split_once('.') {
            None if *key == "#" => list = true,
            None if *key == "%" => {}
            None => map.push(((*key).to_owned(), (*value).clone())),
            Some((name, rest)) => {
                // Keys are sorted, so those of one item stand together.
                let at = last.filter(|at| names.get(*at).is_some_and(|(known, _)| *known == name));
                let at = at.or_else(|| names.iter().position(|(known, _)| *known == name)).unwrap_or_else(|| {
                    names.push((name, Vec::new()));
                    names.len().saturating_sub(1)
                });
                last = Some(at);
                if let Some((_, inside)) = names.get_mut(at) {
                    inside.push((rest, value));
                }
            }
        }
    }
    if depth < DEPTH {
        for (name, inside) in names {
            let value = tree(&inside, whole, depth.saturating_add(1));
            map.push((name.to_owned(), value));
        }
    }
    let span = map.first().map_or(whole.span, |(_, first)| first.span);
    let kind = if list { Kind::List(map.into_iter().map(|(_, value)| value).collect()) } else { Kind::Map(map) };
    Value::new(kind, span)
}
