//! Names of networks and policies, which the API spells as URLs, templates as references.

use crate::formats::value::{Kind, Value};

/// A network or policy: what it is called, and in which project where the text says so.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Name {
    pub(super) project: String,
    pub(super) name: String,
}

impl Name {
    /// From a URL, a reference or a plain name; `project` where the name itself has none.
    pub(super) fn new(text: &str, project: &str) -> Self {
        let own = project_of(text);
        Self { project: if own.is_empty() { project } else { own }.to_owned(), name: last(text).to_owned() }
    }

    /// With its project, where that is known.
    pub(super) fn path(&self) -> String {
        if self.project.is_empty() { self.name.clone() } else { format!("{}/{}", self.project, self.name) }
    }

    /// From a field; the name of what is not in the text is what the text calls it.
    pub(super) fn of(value: Option<&Value>, project: &str) -> Option<Self> {
        super::ends::label(value?).filter(|text| !text.is_empty()).map(|text| match value.map(|value| &value.kind) {
            Some(Kind::Unknown(_) | Kind::Reference(_)) => Self { project: project.to_owned(), name: text },
            _ => Self::new(&text, project),
        })
    }
}

/// The last part of a URL: `default` of `https://www.googleapis.com/compute/v1/projects/p/global/networks/default`. Of Deployment
/// Manager's `$(ref.net.selfLink)` the resource's name.
pub(super) fn last(text: &str) -> &str {
    if let Some(reference) = text.trim().strip_prefix("$(ref.") {
        return reference.split(['.', ')']).next().unwrap_or(reference);
    }
    text.trim_end_matches('/').rsplit('/').next().unwrap_or(text)
}

/// A URL from its projects on.
pub(super) fn path(text: &str) -> &str {
    text.find("projects/").and_then(|at| text.get(at..)).unwrap_or(text)
}

/// The project in a URL, or nothing.
pub(super) fn project_of(text: &str) -> &str {
    let after = text.split_once("projects/").map(|(_, after)| after);
    after.and_then(|after| after.split_once('/')).map_or("", |(project, _)| project)
}

/// The project of an object: of its own address, else where it says so.
pub(super) fn project<'v>(fields: &'v Value, outer: Option<&'v str>) -> &'v str {
    let links = [fields.text_of("selfLink"), outer, fields.text_of("network")];
    let found = links.into_iter().flatten().map(project_of).find(|project| !project.is_empty());
    found.or_else(|| fields.text_of("project")).unwrap_or_default()
}

/// The region of an object, where it has one.
pub(super) fn region(fields: &Value) -> Option<String> {
    let link = fields.text_of("selfLink").and_then(|link| link.split_once("/regions/")).map(|(_, rest)| rest);
    let linked = link.map(|rest| rest.split('/').next().unwrap_or(rest).to_owned());
    linked.or_else(|| fields.some("region").and_then(super::ends::label).map(|region| last(&region).to_owned()))
}
