//! Firewall resources of Terraform's Google provider, put together by network and policy, and the instances in these networks.
//!
//! Terraform registry, provider `google`: `google_compute_firewall`, `google_compute_network_firewall_policy_rule` and their kin.

use std::collections::HashMap;

use super::estate::{Estate, FirewallPolicy, Tier};
use super::instance::{self, Naming};
use super::listing::policies_first;
use super::names::{self, Name};
use super::placed::{Head, Placed};
use super::{firewall, front, policy_rule};
use crate::formats::Read;
use crate::formats::cx::Cx;
use crate::formats::value::{Kind, Value};
use crate::model::Span;
use crate::model::topology::{Fact, Subnet};
use crate::space::AddressSet;

/// A resource of the provider.
pub(in crate::formats) struct Google<'v> {
    /// Its type without the provider's prefix, such as `firewall`.
    pub(in crate::formats) kind: &'v str,
    pub(in crate::formats) address: &'v str,
    /// Its local name.
    pub(in crate::formats) label: &'v str,
    pub(in crate::formats) fields: &'v Value,
    pub(in crate::formats) at: Span,
}

/// Reads all of them: what belongs together may stand anywhere.
pub(in crate::formats) fn read(resources: &[Google<'_>], cx: &mut Cx<'_>, emit: &mut dyn FnMut(Read)) {
    let mut estate = Estate::default();
    let by_address: HashMap<&str, &Google<'_>> = resources.iter().map(|resource| (resource.address, resource)).collect();
    let mut policy_of: HashMap<String, usize> = HashMap::new();
    for resource in resources {
        if resource.kind == "network" {
            let name = own_name(resource, "name");
            let at = estate.network(Some(name));
            if let Some(network) = estate.network_mut(at) {
                network.address = Some(resource.address.to_owned());
                network.at = Some(cx.place(resource.at));
                network.policies_first = policies_first(resource.fields);
            }
        } else if resource.kind.ends_with("firewall_policy") || resource.kind.ends_with("firewall_policy_with_rules") {
            let rules = resource.fields.items_of("rule").iter().flat_map(|rule| {
                let name = rule.text_of("ruleName");
                policy_rule::read(rule, Head { name, address: Some(resource.address), at: rule.span }, cx)
            });
            let rules = rules.collect();
            policy_of.insert(resource.address.to_owned(), estate.policies.len());
            let name = own_name(resource, if resource.kind.starts_with("firewall") { "shortName" } else { "name" }).name;
            policy_of.entry(name.clone()).or_insert(estate.policies.len());
            estate.policies.push(of_resource(resource, Some(name), rules, cx));
        }
    }
    for resource in resources {
        let head =
            Head { name: resource.fields.text_of("name").or(Some(resource.label)), address: Some(resource.address), at: resource.at };
        if resource.kind == "firewall" {
            let name = referred(resource.fields.some("network"), &by_address).unwrap_or_else(|| Name::new("default", ""));
            let network = estate.network(Some(name));
            let rules = firewall::read(resource.fields, head, cx);
            estate.add(network, rules);
        } else if resource.kind.ends_with("firewall_policy_rule") {
            let head = Head { name: resource.fields.text_of("ruleName").or(Some(resource.label)), ..head };
            let rules = policy_rule::read(resource.fields, head, cx);
            let key = policy_key(resource.fields);
            match key.as_ref().and_then(|key| policy_of.get(key)).and_then(|at| estate.policies.get_mut(*at)) {
                Some(policy) => policy.rules.extend(rules),
                None => {
                    policy_of.insert(key.clone().unwrap_or_default(), estate.policies.len());
                    let name = key.unwrap_or_else(|| resource.address.to_owned());
                    estate.policies.push(of_resource(resource, Some(name), rules, cx));
                }
            }
        } else if let Some(fact) = fronting(resource, &by_address, cx) {
            emit(Read::Fact(fact));
        } else if resource.kind == "subnetwork" {
            emit(Read::Fact(Fact::Subnet(subnet(resource, &by_address, cx))));
        } else if ["instance", "instance_template", "region_instance_template"].contains(&resource.kind) {
            let naming = Naming {
                network: &|value| value.and_then(|value| referred(Some(value), &by_address)),
                subnet: &|value| subnet_name(value),
            };
            instance::read(resource.fields, id(resource), true, &naming, head, cx, emit);
        } else if resource.kind.ends_with("network_firewall_policy_association") {
            let Some(name) = referred(resource.fields.some("attachmentTarget"), &by_address) else { continue };
            let network = estate.network(Some(name));
            let policy = policy_key(resource.fields).and_then(|key| policy_of.get(&key).copied());
            if let Some(policy) = policy.and_then(|at| estate.policies.get_mut(at)) {
                policy.networks.push(network);
            }
        }
    }
    // A policy that is only declared has nothing to judge.
    estate.policies.retain(|policy| !policy.rules.is_empty());
    estate.emit(cx, emit);
}

/// A forwarding rule, or what stands behind one.
fn fronting(resource: &Google<'_>, by_address: &HashMap<&str, &Google<'_>>, cx: &Cx<'_>) -> Option<Fact> {
    let (fields, at) = (resource.fields, resource.at);
    match resource.kind {
        "forwarding_rule" | "global_forwarding_rule" => front::forwarding(fields, id(resource), at, cx),
        "target_pool" | "target_instance" => Some(front::pool(fields, id(resource), at, cx)),
        "backend_service" | "region_backend_service" => {
            Some(front::service(fields, id(resource), at, &|group| in_group(group, by_address), cx))
        }
        "url_map" | "region_url_map" => Some(front::url_map(fields, id(resource), at, cx)),
        kind if kind.ends_with("_proxy") && front::relay(kind).is_some() => Some(front::proxy(fields, kind, id(resource), at, cx)),
        _ => None,
    }
}

/// The instances in a group of the text, or the template that its manager makes them after; none are in a group of endpoints that
/// are outside of the network or have no servers (Cloud Load Balancing documentation, "Network endpoint groups overview").
fn in_group(group: &Value, by_address: &HashMap<&str, &Google<'_>>) -> Option<front::Members> {
    let address = super::ends::label(group)?;
    // Once it exists it is called by its link.
    let called = |resource: &&&Google<'_>| {
        ["selfLink", "instanceGroup", "id"].iter().any(|key| resource.fields.text_of(key).is_some_and(|link| link == address))
    };
    let group = by_address.get(address.as_str()).or_else(|| by_address.values().find(called))?;
    let lists: Vec<&Value> = match group.kind {
        "instance_group" => group.fields.some("instances").into_iter().collect(),
        "instance_group_manager" | "region_instance_group_manager" => {
            group.fields.items_of("version").iter().filter_map(|version| version.some("instanceTemplate")).collect()
        }
        "global_network_endpoint_group" | "region_network_endpoint_group" => return Some(front::Members::Instances(Vec::new())),
        "network_endpoint_group" => endpoints(group.address, by_address),
        _ => return None,
    };
    if lists.is_empty() {
        return None;
    }
    let items = lists.iter().flat_map(|list| if list.missing().is_some() { vec![*list] } else { super::ends::flat(list) });
    let names = items.map(|one| if one.missing().is_some() { None } else { super::ends::label(one) });
    names.collect::<Option<_>>().map(front::Members::Instances)
}

/// The instances of the endpoints that a text adds to a group.
fn endpoints<'v>(group: &str, by_address: &HashMap<&str, &Google<'v>>) -> Vec<&'v Value> {
    let of = by_address.values().filter(|resource| {
        let named = resource.fields.some("networkEndpointGroup").and_then(super::ends::label);
        resource.kind.starts_with("network_endpoint") && named.as_deref() == Some(group)
    });
    of.flat_map(|resource| resource.fields.some("instance").into_iter().chain(each_instance(resource.fields))).collect()
}

fn each_instance(fields: &Value) -> impl Iterator<Item = &Value> {
    fields.items_of("networkEndpoints").iter().map(|endpoint| endpoint.some("instance").unwrap_or(endpoint))
}

/// What others call a resource: its id once it exists, else its address.
fn id<'v>(resource: &Google<'v>) -> &'v str {
    resource.fields.text_of("id").filter(|id| !id.is_empty()).unwrap_or(resource.address)
}

/// What an interface calls its subnet: an address, or a link from its projects on.
fn subnet_name(value: &Value) -> Option<String> {
    super::ends::label(value).map(|name| names::path(&name).to_owned())
}

fn subnet(resource: &Google<'_>, by_address: &HashMap<&str, &Google<'_>>, cx: &Cx<'_>) -> Subnet {
    let ranges = ["ipCidrRange", "externalIpv6Prefix", "ipv6CidrRange"].iter().filter_map(|key| resource.fields.text_of(key)?.parse().ok());
    Subnet {
        id: id(resource).into(),
        name: resource.fields.text_of("name").map(Into::into),
        at: cx.place(resource.at),
        network: resource.fields.some("network").and_then(|network| referred(Some(network), by_address)).map(|name| name.path().into()),
        addresses: AddressSet::from_nets(ranges),
        gives_public: Some(false),
    }
}

fn of_resource(resource: &Google<'_>, name: Option<String>, rules: Vec<Placed>, cx: &Cx<'_>) -> FirewallPolicy {
    let tier = if resource.kind.starts_with("region") {
        Tier::Regional
    } else if resource.kind.starts_with("network") {
        Tier::Global
    } else {
        Tier::Hierarchical(0)
    };
    let region = names::region(resource.fields);
    FirewallPolicy {
        name,
        address: Some(resource.address.to_owned()),
        at: cx.place(resource.at),
        tier,
        region,
        rules,
        networks: Vec::new(),
    }
}

/// What a resource is called: its name where the text says it, else its address.
fn own_name(resource: &Google<'_>, key: &str) -> Name {
    match resource.fields.text_of(key) {
        Some(name) => Name::new(name, ""),
        None => Name { project: String::new(), name: resource.address.to_owned() },
    }
}

/// The network that a field names. A reference to a resource of the text is that resource, whichever attribute it asks for.
fn referred(value: Option<&Value>, by_address: &HashMap<&str, &Google<'_>>) -> Option<Name> {
    if let Some(Kind::Reference(address)) = value.map(|value| &value.kind) {
        let known = by_address.get(address.as_str()).filter(|resource| resource.kind == "network");
        return Some(known.map_or_else(|| Name { project: String::new(), name: address.clone() }, |resource| own_name(resource, "name")));
    }
    // The project is left out: a network is named by its address, its link or its name in one text, and it is the same one.
    Name::of(value, "").map(|name| Name { project: String::new(), ..name })
}

/// What a rule or an association calls its policy: an address, or the last part of a link.
fn policy_key(fields: &Value) -> Option<String> {
    Name::of(fields.some("firewallPolicy"), "").map(|name| name.name)
}
