//! What hands traffic from outside on to instances: forwarding rules, and what stands behind them, which is a pool, a service with
//! its groups, or a proxy that asks a URL map for the service (Compute API reference, `forwardingRules`, `targetPools`,
//! `targetInstances`, `targetHttpProxies` and their kin, `urlMaps`, `backendServices`; Terraform registry, the resources of the
//! same names).

use super::ends::{flat, label};
use super::names;
use crate::formats::cx::Cx;
use crate::formats::value::Value;
use crate::model::Span;
use crate::model::topology::{Fact, Front, Pool, Relay};
use crate::syntax::same_key;

/// A forwarding rule; none where it is for the inside of a network, or leads to a gateway or a service and not to instances.
pub(super) fn forwarding(fields: &Value, id: &str, at: Span, cx: &Cx<'_>) -> Option<Fact> {
    let scheme = fields.text_of("loadBalancingScheme").unwrap_or("EXTERNAL");
    if !scheme.to_ascii_uppercase().starts_with("EXTERNAL") {
        return None;
    }
    let to = ["target", "backendService"].iter().find_map(|key| fields.some(key)).and_then(link)?;
    let lower = to.to_ascii_lowercase();
    if ["vpngateway", "vpn_gateway", "serviceattachment", "service_attachment"].iter().any(|kind| lower.contains(kind)) {
        return None;
    }
    Some(Fact::Front(Front {
        name: fields.text_of("name").unwrap_or(id).into(),
        at: cx.place(at),
        region: names::region(fields).map(Into::into),
        to,
        all_ports: is_unlimited(fields),
        ports: ports(fields),
    }))
}

/// Whether every port is handed on; a value that is not in the text may limit them.
fn is_unlimited(fields: &Value) -> bool {
    let limits = ["portRange", "ports"].iter().flat_map(|key| fields.items_of(key)).next().is_some();
    let protocol = ["IPProtocol", "ipProtocol"].iter().find_map(|key| fields.some(key));
    let every = fields.some("allPorts").and_then(Value::bool) == Some(true);
    let any = protocol.and_then(Value::text) == Some("L3_DEFAULT");
    !limits && (every || any)
}

/// The ports of its address: listings write one as a range of itself.
fn ports(fields: &Value) -> Option<Box<str>> {
    let range = fields.some("portRange").or_else(|| fields.items_of("ports").first())?.to_text()?;
    match range.split_once('-') {
        Some((first, last)) if first == last => Some(first.into()),
        _ => Some(range.into()),
    }
}

/// A target pool or a target instance.
pub(super) fn pool(fields: &Value, id: &str, at: Span, cx: &Cx<'_>) -> Fact {
    let listed = ["instances", "instance"].into_iter().filter_map(|key| fields.some(key));
    let mut pool = empty(id, at, cx);
    for value in listed {
        pool.open |= value.missing().is_some();
        for one in flat(value) {
            pool.open |= one.missing().is_some();
            pool.instances.extend(link(one));
        }
    }
    Fact::Pool(pool)
}

/// A backend service, with what `group` says is in each of its groups; `None` where that was not followed.
pub(super) fn service(fields: &Value, id: &str, at: Span, group: &dyn Fn(&Value) -> Option<Members>, cx: &Cx<'_>) -> Fact {
    let mut pool = empty(id, at, cx);
    for backend in ["backend", "backends"].iter().flat_map(|key| fields.items_of(key)) {
        match backend.some("group").and_then(group) {
            Some(Members::Instances(names)) => pool.instances.extend(names.iter().map(|name| Box::from(names::path(name)))),
            Some(Members::Of(group)) => pool.onward.push(group),
            None => pool.open = true,
        }
    }
    Fact::Pool(pool)
}

/// What is in a group of backends.
pub(super) enum Members {
    /// These instances.
    Instances(Vec<String>),
    /// What another pool tells.
    Of(Box<str>),
}

/// A target proxy, which leads to a URL map or straight to a service. `kind` is the end of its type's name.
pub(super) fn proxy(fields: &Value, kind: &str, id: &str, at: Span, cx: &Cx<'_>) -> Fact {
    let to = ["urlMap", "service", "backendService"].into_iter().find_map(|key| fields.some(key));
    let mut pool = empty(id, at, cx);
    pool.relay = relay(kind);
    pool.onward.extend(to.and_then(link));
    pool.open = pool.onward.is_empty();
    Fact::Pool(pool)
}

/// What a proxy makes of connections, by its type's or its link's name.
pub(super) fn relay(kind: &str) -> Option<Relay> {
    let kind: String = kind.chars().filter(char::is_ascii_alphabetic).map(|letter| letter.to_ascii_lowercase()).collect();
    if !kind.contains("targethttp") && !kind.contains("targetgrpc") {
        return ["targettcpprox", "targetsslprox"].iter().any(|name| kind.contains(name)).then_some(Relay::Bytes);
    }
    Some(Relay::Requests)
}

/// A URL map, which leads to every service that it names, wherever in it.
pub(super) fn url_map(fields: &Value, id: &str, at: Span, cx: &Cx<'_>) -> Fact {
    let mut pool = empty(id, at, cx);
    services(fields, DEPTH, &mut pool);
    Fact::Pool(pool)
}

/// How deep the parts of a URL map may lie in each other.
const DEPTH: u32 = 12;

/// Collects the services of a URL map. Its tests send nothing anywhere, and a bucket has no instances.
fn services(value: &Value, depth: u32, pool: &mut Pool) {
    let Some(deeper) = depth.checked_sub(1) else {
        pool.open = true;
        return;
    };
    pool.open |= value.missing().is_some() || value.items().iter().any(|item| item.missing().is_some());
    for item in value.items() {
        for (key, inner) in item.entries().iter().filter(|(key, inner)| !inner.is_null() && !key.to_ascii_lowercase().starts_with("test")) {
            if ["defaultService", "service", "backendService"].iter().any(|name| same_key(key, name)) {
                match link(inner).filter(|_| inner.missing().is_none()) {
                    Some(to) if is_bucket(&to) => {}
                    Some(to) => pool.onward.push(to),
                    None => pool.open = true,
                }
            } else if inner.is_map() || inner.is_list() || inner.missing().is_some() && LEADING.iter().any(|name| same_key(key, name)) {
                services(inner, deeper, pool);
            }
        }
    }
}

/// The parts of a URL map that lead to services.
const LEADING: [&str; 8] =
    ["pathMatchers", "pathMatcher", "pathRules", "pathRule", "routeRules", "routeAction", "defaultRouteAction", "weightedBackendServices"];

fn is_bucket(link: &str) -> bool {
    link.contains("/backendBuckets/") || link.contains("compute_backend_bucket.")
}

/// The group of a link, however it names the project, which a listing writes as a number in some places: `zones/z/instanceGroups/g`.
pub(super) fn group(link: &str) -> Option<Box<str>> {
    let at = ["zones/", "regions/"].iter().find_map(|scope| link.find(scope))?;
    let (place, name) = link.get(at..)?.split_once("/instanceGroup")?;
    let name = name.strip_prefix("Managers/").or_else(|| name.strip_prefix("s/"))?;
    Some(format!("{place}/instanceGroups/{name}").into())
}

/// An instance in the group that its manager made it for.
pub(super) fn managed(group: Box<str>, instance: &str, at: Span, cx: &Cx<'_>) -> Fact {
    Fact::Pool(Pool { instances: vec![instance.into()], ..empty(&group, at, cx) })
}

/// A link from its projects on, or an address.
fn link(value: &Value) -> Option<Box<str>> {
    label(value).map(|name| names::path(&name).into())
}

fn empty(id: &str, at: Span, cx: &Cx<'_>) -> Pool {
    Pool { id: id.into(), at: cx.place(at), instances: Vec::new(), onward: Vec::new(), open: false, relay: None }
}
