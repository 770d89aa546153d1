//! Files of values for the parameters of a template: `deploymentParameters.json`, and Bicep's `.bicepparam` as far as
//! literals carry. What a key vault holds is not in them.

use std::collections::HashSet;

use super::bicep;
use super::template::arm;
use crate::document::Format;
use crate::formats::value::{Kind, Value};
use crate::formats::{json, paths};

pub(in crate::formats) static PARAMETERS: Format =
    Format { id: "azure-parameters", title: "Azure deployment parameters", from: "the parameters file of a deployment" };

/// A text that is looked at for being one is no longer than this, and one that is looked at for being a template no longer
/// than that.
const LONGEST: usize = 1 << 20;
const LONGEST_TEMPLATE: usize = 16 << 20;

/// What a file of values says.
pub(in crate::formats) struct Given {
    /// The values by name, as a map; what the file does not say is unknown.
    pub(in crate::formats) values: Value,
    /// The file of the template, where this one names it.
    using: Option<String>,
}

/// Reads a file of values, if a text is one.
pub(in crate::formats) fn read(name: &str, text: &str) -> Option<Given> {
    if text.len() > LONGEST {
        return None;
    }
    if name.to_ascii_lowercase().ends_with(".bicepparam") || bicep::parameters::detect(text) {
        let (values, using) = bicep::parameters::read(text);
        return Some(Given { values, using });
    }
    if !text.contains("\"contentVersion\"") || !text.contains("\"parameters\"") {
        return None;
    }
    let root = json::value(text).0?;
    let schema = root.text_of("$schema").is_some_and(|schema| schema.to_ascii_lowercase().contains("deploymentparameters.json"));
    let parameters = root.get("parameters")?;
    let given = |value: &Value| value.get("value").is_some() || value.get("reference").is_some() || value.get("expression").is_some();
    let all = parameters.entries().iter().all(|(_, value)| given(value));
    let alone = root.get("contentVersion").is_some() && root.get("resources").is_none() && all && !parameters.entries().is_empty();
    (schema || alone).then(|| Given { values: values(parameters), using: None })
}

fn values(parameters: &Value) -> Value {
    let value = |(name, given): &(String, Value)| {
        let unknown = || Value::unknown(name.clone(), format!("a value for the parameter {name}"), given.span);
        (name.clone(), given.get("value").cloned().unwrap_or_else(unknown))
    };
    Value::new(Kind::Map(parameters.entries().iter().map(value).collect()), parameters.span)
}

/// A template.
pub(in crate::formats) struct Template {
    /// Its document.
    pub(in crate::formats) at: usize,
    path: String,
    directory: String,
    /// The names of its parameters, in lower case.
    declared: HashSet<String>,
}

impl Template {
    /// The `at`th document, if it is a template.
    pub(in crate::formats) fn of(at: usize, name: &str, text: &str) -> Option<Self> {
        let declared = if text.len() > LONGEST_TEMPLATE {
            return None;
        } else if (super::BICEP.detect)(text) {
            bicep::parameters::declared(text)
        } else {
            arm::declared(&json::value(text).0?)?
        };
        let declared = declared.into_iter().map(|name| name.to_ascii_lowercase()).collect();
        Some(Self { at, path: paths::beside("", name), directory: paths::directory(name), declared })
    }
}

impl Given {
    /// The document of the template that the values belong to: the one that is named, the only one of the directory, or the
    /// only one that declares all of the names.
    pub(in crate::formats) fn template(&self, name: &str, templates: &[Template]) -> Option<usize> {
        let (directory, file) = paths::split(name);
        let named: Vec<String> = match (&self.using, stem(file)) {
            (Some(using), _) => vec![paths::beside(directory, using)],
            (None, Some(stem)) => ["json", "bicep"].iter().map(|end| paths::beside(directory, &format!("{stem}.{end}"))).collect(),
            (None, None) => Vec::new(),
        };
        let only = |wanted: &dyn Fn(&Template) -> bool| {
            let mut found = templates.iter().filter(|template| wanted(template)).map(|template| template.at);
            found.next().filter(|_| found.next().is_none())
        };
        let directory = paths::directory(name);
        let names: Vec<String> = self.values.entries().iter().map(|(name, _)| name.to_ascii_lowercase()).collect();
        only(&|template| named.contains(&template.path))
            .or_else(|| only(&|template| template.directory == directory))
            .or_else(|| only(&|template| !names.is_empty() && names.iter().all(|name| template.declared.contains(name))))
    }
}

/// `x` of `x.parameters.json`, `x.parameters.live.json` and `x.bicepparam`.
fn stem(file: &str) -> Option<&str> {
    let lower = file.to_ascii_lowercase();
    let end = [".parameters", ".bicepparam"].iter().filter_map(|end| lower.find(end)).min()?;
    file.get(..end).filter(|stem| !stem.is_empty())
}
