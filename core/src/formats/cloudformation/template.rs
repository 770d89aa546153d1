//! The sections of a template, by name. Names of a template are exact: `Web` and `web` are two resources.

use std::collections::HashMap;

use crate::formats::value::{Kind, Value};
use crate::model::Span;

/// A template's sections.
pub(super) struct Template<'v> {
    pub(super) parameters: HashMap<&'v str, &'v Value>,
    pub(super) mappings: HashMap<&'v str, &'v Value>,
    pub(super) conditions: HashMap<&'v str, &'v Value>,
    pub(super) resources: Vec<Resource<'v>>,
    by_name: HashMap<&'v str, usize>,
    /// A transform that adds what another file holds.
    pub(super) including: Option<Span>,
}

/// A resource as it is written.
#[derive(Clone, Copy)]
pub(super) struct Resource<'v> {
    pub(super) name: &'v str,
    pub(super) kind: &'v str,
    pub(super) value: &'v Value,
}

impl<'v> Resource<'v> {
    /// A property as it is written.
    pub(super) fn property(&self, name: &str) -> Option<&'v Value> {
        self.value.path(&["Properties", name])
    }

    /// Its properties as they are written.
    pub(super) fn properties(&self) -> Option<&'v Value> {
        self.value.some("Properties")
    }
}

impl<'v> Template<'v> {
    pub(super) fn new(body: &'v Value) -> Self {
        let section = |name: &str| body.get(name).map(Value::entries).unwrap_or_default();
        let named = |name: &str| section(name).iter().map(|(key, value)| (&**key, value)).collect();
        let mut resources: Vec<Resource<'v>> = Vec::new();
        let mut by_name = HashMap::new();
        let mut including = None;
        for (name, value) in section("Resources") {
            if name == "Fn::Transform" {
                including = Some(value.span);
                continue;
            }
            let resource = Resource { name, kind: value.text_of("Type").unwrap_or_default(), value };
            match by_name.get(&**name).and_then(|at: &usize| resources.get_mut(*at)) {
                // Of a name that stands twice the last counts.
                Some(before) => *before = resource,
                None => {
                    by_name.insert(&**name, resources.len());
                    resources.push(resource);
                }
            }
        }
        Self {
            parameters: named("Parameters"),
            mappings: named("Mappings"),
            conditions: named("Conditions"),
            resources,
            by_name,
            including,
        }
    }

    pub(super) fn resource(&self, name: &str) -> Option<&Resource<'v>> {
        self.resources.get(*self.by_name.get(name)?)
    }
}

/// The template in a value: itself, or what `aws cloudformation get-template` wraps around it.
pub(super) fn body(root: &Value) -> Option<&Value> {
    let is_template = |value: &Value| {
        let resources = value.get("Resources").map(Value::entries).unwrap_or_default();
        let kinds = ["AWS::", "Custom::", "Alexa::"];
        let known = |value: &Value| value.text_of("Type").is_some_and(|kind| kinds.iter().any(|prefix| kind.starts_with(prefix)));
        matches!(value.kind, Kind::Map(_))
            && (value.get("AWSTemplateFormatVersion").is_some() || resources.iter().any(|(_, value)| known(value)))
    };
    [Some(root), root.get("TemplateBody")].into_iter().flatten().find(|value| is_template(value))
}
