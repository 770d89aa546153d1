//! Where Google Cloud's firewall objects lie in a value: in listings, pages, asset exports, Config Connector objects,
//! Deployment Manager resources and Ansible tasks; and instances beside them.

use super::{instance, policy_rule};
use crate::formats::value::Value;

/// How deep wrappers may lie in each other.
const DEPTH: u32 = 12;

/// What an object is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A VPC firewall rule.
    Firewall,
    /// A firewall policy with its rules.
    Policy,
    /// A rule of a firewall policy by itself.
    PolicyRule,
    /// A network, which may say in which order its rules are evaluated.
    Network,
    /// An instance.
    Instance,
    /// What instances are made after.
    Template,
    /// A forwarding rule.
    Front,
    /// A target pool or a target instance.
    Pool,
    /// A backend service.
    Service,
    /// A target proxy.
    Proxy,
    /// A URL map.
    UrlMap,
    /// The firewalls that are in effect in one network, in their layers.
    Effective,
    /// It is Google Cloud's, and has nothing to do with firewalls.
    Other,
    /// An asset without its data.
    Bare,
}

/// An object, and what its wrapper says of it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Found<'v> {
    pub(super) kind: Kind,
    pub(super) fields: &'v Value,
    /// Its name, or the address of its asset, where the wrapper has one.
    pub(super) name: Option<&'v str>,
    /// The whole of it.
    pub(super) whole: &'v Value,
}

/// Every object in a value.
pub(super) fn find(value: &Value) -> Vec<Found<'_>> {
    let mut found = Vec::new();
    walk(value, DEPTH, &mut found);
    found
}

fn walk<'v>(value: &'v Value, depth: u32, found: &mut Vec<Found<'v>>) {
    let Some(deeper) = depth.checked_sub(1) else { return };
    if value.is_list() {
        return value.items().iter().for_each(|item| walk(item, deeper, found));
    }
    if !value.is_map() {
        return;
    }
    if let Some(object) = object(value) {
        return found.push(object);
    }
    for (key, child) in value.entries() {
        let module = key.rsplit('.').next().unwrap_or(key);
        if module == "gcp_compute_firewall" {
            found.push(Found { kind: Kind::Firewall, fields: child, name: None, whole: child });
        } else if WRAPPERS.iter().any(|wrapper| module.eq_ignore_ascii_case(wrapper)) {
            walk(child, deeper, found);
        }
    }
}

/// Keys under which listings, playbooks and recorders keep objects.
const WRAPPERS: [&str; 14] = [
    "items",
    "firewalls",
    "instances",
    "firewallPolicies",
    "resources",
    "results",
    "result",
    "response",
    "tasks",
    "pre_tasks",
    "post_tasks",
    "block",
    "assets",
    "assetsList",
];

/// What an object is, where it is one by itself.
fn object(value: &Value) -> Option<Found<'_>> {
    let found = |kind, fields, name| Some(Found { kind, fields, name, whole: value });
    if let Some(kind) = value.text_of("assetType") {
        let data = value.path(&["resource", "data"]).filter(|data| data.is_map());
        let kind = of_type(kind)?;
        return match data {
            Some(data) => found(kind, data, value.text_of("name")),
            None => found(if kind == Kind::Other { Kind::Other } else { Kind::Bare }, value, None),
        };
    }
    let kind = value.text_of("kind").unwrap_or_default();
    if kind.starts_with("Compute") && value.text_of("apiVersion").is_some_and(|version| version.contains("cnrm.cloud.google.com")) {
        let fields = value.some("spec").filter(|spec| spec.is_map()).unwrap_or(value);
        let name = value.path(&["metadata", "name"]).and_then(Value::text);
        return found(of_type(kind)?, fields, name);
    }
    if let Some(kind) = kind.strip_prefix("compute#").filter(|kind| !kind.ends_with("List")) {
        return found(of_type(kind)?, value, None);
    }
    if let (Some(kind), Some(properties)) = (value.text_of("type"), value.some("properties").filter(|properties| properties.is_map()))
        && (kind.starts_with("compute.") || kind.starts_with("gcp-types/compute"))
    {
        return found(of_type(kind)?, properties, value.text_of("name"));
    }
    if ["firewallPolicys", "organizationFirewalls"].iter().any(|key| value.get(key).is_some()) {
        return found(Kind::Effective, value, None);
    }
    if is_firewall(value) {
        return found(Kind::Firewall, value, None);
    }
    if instance::is_instance(value) {
        return found(Kind::Instance, value, None);
    }
    if policy_rule::is_rule(value) {
        return found(Kind::PolicyRule, value, None);
    }
    let rules = value.items_of("rules");
    let policy = rules.first().is_some_and(policy_rule::is_rule);
    if policy { found(Kind::Policy, value, None) } else { None }
}

/// By the last part of a type's name: `compute.googleapis.com/FirewallPolicy`, `ComputeFirewall`, `compute.v1.firewall`,
/// `gcp-types/compute-v1:networkFirewallPolicies`.
fn of_type(kind: &str) -> Option<Kind> {
    let last = kind.rsplit(['/', '.', ':', '#']).next().unwrap_or(kind).to_ascii_lowercase();
    let last = last.strip_prefix("compute").unwrap_or(&last);
    Some(match last {
        "firewall" | "firewalls" => Kind::Firewall,
        "network" | "networks" => Kind::Network,
        "instance" | "instances" => Kind::Instance,
        "instancetemplate" | "instancetemplates" | "regioninstancetemplates" => Kind::Template,
        "forwardingrule" | "forwardingrules" | "globalforwardingrule" | "globalforwardingrules" => Kind::Front,
        "targetpool" | "targetpools" | "targetinstance" | "targetinstances" => Kind::Pool,
        "backendservice" | "backendservices" | "regionbackendservices" => Kind::Service,
        "urlmap" | "urlmaps" | "regionurlmaps" => Kind::UrlMap,
        _ if super::front::relay(last).is_some() => Kind::Proxy,
        _ if last.ends_with("firewallpolicy") || last.ends_with("firewallpolicies") => Kind::Policy,
        _ if last.ends_with("firewallpolicyrule") => Kind::PolicyRule,
        _ => Kind::Other,
    })
}

/// A rule without its `kind`, as projections, `spec` blocks and module results print one.
fn is_firewall(value: &Value) -> bool {
    let list = ["allowed", "denied", "allow", "deny"].into_iter().find_map(|key| value.some(key));
    let Some(list) = list else { return false };
    let says = |keys: &[&str]| keys.iter().any(|key| value.get(key).is_some());
    let about = says(&["sourceRanges", "sourceTags", "targetTags", "destinationRanges", "sourceServiceAccounts", "targetServiceAccounts"]);
    let protocol = |entry: &Value| ["IPProtocol", "protocol"].iter().any(|key| entry.get(key).is_some());
    about || list.items().first().is_some_and(protocol)
}

/// Whether a value is one of Google Cloud's listings, also an empty one.
pub(super) fn is_listing(value: &Value) -> bool {
    value.text_of("kind").is_some_and(|kind| kind.starts_with("compute#firewall"))
}
