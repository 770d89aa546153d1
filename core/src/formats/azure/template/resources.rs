//! The resources of a template, brought together: groups, rules that stand apart from their group, and the network around them.

use super::network::{self, Names, is_network};
use crate::formats::Read;
use crate::formats::azure::Group;
use crate::formats::cx::Cx;
use crate::formats::value::{Kind, Value};
use crate::model::{Span, Unresolved};

/// What the resources are called in types, in lower case.
pub(in crate::formats::azure) const GROUP: &str = "microsoft.network/networksecuritygroups";
pub(in crate::formats::azure) const RULE: &str = "microsoft.network/networksecuritygroups/securityrules";

/// One resource, evaluated.
pub(in crate::formats::azure) struct Resource {
    /// Its name with that of its parent, as `web/ssh`; what is missing in it is spelled out.
    pub(in crate::formats::azure) name: String,
    /// How the template names it.
    pub(in crate::formats::azure) address: String,
    /// Its properties.
    pub(in crate::formats::azure) properties: Value,
    /// The same with what is missing spelled out; of the network around groups only, null for others.
    pub(in crate::formats::azure) spelled: Value,
    /// Where it stands.
    pub(in crate::formats::azure) at: Span,
    /// Why it may not exist.
    pub(in crate::formats::azure) doubt: Option<Unresolved>,
}

/// Whether resources of a type, in lower case, are read.
pub(in crate::formats::azure) fn is_read(kind: &str) -> bool {
    kind == GROUP || kind == RULE || is_network(kind)
}

/// The resources so far.
#[derive(Default)]
pub(in crate::formats::azure) struct Resources {
    groups: Vec<Group>,
    rules: Vec<Resource>,
    /// The network around them, each with its type.
    network: Vec<(String, Resource)>,
    names: Names,
}

impl Resources {
    /// Adds one, if it is of a kind that counts.
    pub(in crate::formats::azure) fn add(&mut self, kind: &str, resource: Resource, cx: &mut Cx<'_>) {
        self.name(kind, &resource.name, &resource.address);
        if is_network(kind) {
            self.network.push((kind.to_owned(), resource));
        } else if kind == GROUP {
            // Whether a group exists changes nothing about what it would admit.
            let group = Group::read(&resource.value(), cx).addressed(&resource.address);
            self.groups.push(group);
        } else if kind == RULE {
            self.rules.push(resource);
        }
    }

    /// Tells what a resource is called, also one that exists outside of the template.
    pub(in crate::formats::azure) fn name(&mut self, kind: &str, name: &str, address: &str) {
        self.names.add(kind, name, address);
    }

    /// Gives the rules to their groups, and hands over the policies.
    pub(in crate::formats::azure) fn finish(mut self, cx: &mut Cx<'_>, emit: &mut dyn FnMut(Read)) {
        network::read(&self.network, &self.names, cx, emit);
        let mut others: Vec<(String, Group)> = Vec::new();
        for rule in self.rules {
            let owner = rule.owner().to_owned();
            let (value, address, doubt) = (rule.value(), Some(&*rule.address), rule.doubt.as_ref());
            let mut found = false;
            // Alternatives of one group share a name: a rule belongs to whichever is deployed.
            for group in self.groups.iter_mut().filter(|group| group.name().is_some_and(|name| name.eq_ignore_ascii_case(&owner))) {
                group.rule(&value, address, doubt, cx);
                found = true;
            }
            if found {
                continue;
            }
            if !others.iter().any(|(known, _)| known.eq_ignore_ascii_case(&owner)) {
                cx.warn(rule.at, "the group of this rule is not in the text, so its other rules are not known; paste them, too");
                let group = Group::new(Some(&owner), cx.place(rule.at)).addressed(&rule.address).partial();
                others.push((owner.clone(), group));
            }
            if let Some((_, group)) = others.iter_mut().find(|(known, _)| known.eq_ignore_ascii_case(&owner)) {
                group.rule(&value, address, doubt, cx);
            }
        }
        for group in self.groups.into_iter().chain(others.into_iter().map(|(_, group)| group)) {
            let policy = group.finish(cx);
            emit(Read::Policy { policy, again: None });
        }
    }
}

impl Resource {
    /// The name of its parent.
    fn owner(&self) -> &str {
        self.name.rsplit_once('/').map_or("", |(owner, _)| owner)
    }

    /// As the API has it.
    fn value(&self) -> Value {
        let name = self.name.rsplit('/').next().unwrap_or_default().to_owned();
        let name = Value::new(Kind::Text(name), self.at);
        let entries = vec![("name".to_owned(), name), ("properties".to_owned(), self.properties.clone())];
        Value::new(Kind::Map(entries), self.at)
    }
}
