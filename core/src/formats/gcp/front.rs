//! What hands traffic from outside on to instances: forwarding rules, and the pools and services behind them (Compute API reference,
//! `forwardingRules`, `targetPools`, `targetInstances`, `backendServices`; Terraform registry, the resources of the same names).

use super::ends::{flat, label};
use super::names;
use crate::formats::cx::Cx;
use crate::formats::value::Value;
use crate::model::Span;
use crate::model::topology::{Fact, Front, Pool};

/// A forwarding rule; none where it is for the inside of a network, or leads to a gateway or a service and not to instances.
pub(super) fn forwarding(fields: &Value, id: &str, at: Span, cx: &Cx<'_>) -> Option<Fact> {
    let scheme = fields.text_of("loadBalancingScheme").unwrap_or("EXTERNAL");
    if !scheme.to_ascii_uppercase().starts_with("EXTERNAL") {
        return None;
    }
    let to = ["target", "backendService"].iter().find_map(|key| fields.some(key)).and_then(label)?;
    let to = names::path(&to).to_owned();
    let lower = to.to_ascii_lowercase();
    if ["vpngateway", "vpn_gateway", "serviceattachment", "service_attachment"].iter().any(|kind| lower.contains(kind)) {
        return None;
    }
    Some(Fact::Front(Front {
        name: fields.text_of("name").unwrap_or(id).into(),
        at: cx.place(at),
        region: names::region(fields).map(Into::into),
        to: to.into(),
        all_ports: is_unlimited(fields),
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

/// A target pool or a target instance.
pub(super) fn pool(fields: &Value, id: &str, at: Span, cx: &Cx<'_>) -> Fact {
    let listed = ["instances", "instance"].into_iter().filter_map(|key| fields.some(key));
    let (mut instances, mut open) = (Vec::new(), false);
    for value in listed {
        open |= value.missing().is_some();
        for one in flat(value) {
            open |= one.missing().is_some();
            instances.extend(label(one).map(|name| Box::from(names::path(&name))));
        }
    }
    Fact::Pool(Pool { id: id.into(), at: cx.place(at), instances, open })
}

/// A backend service, with what `group` says is in each of its groups; `None` where that was not followed.
pub(super) fn service(fields: &Value, id: &str, at: Span, group: &dyn Fn(&Value) -> Option<Vec<String>>, cx: &Cx<'_>) -> Fact {
    let (mut instances, mut open) = (Vec::new(), false);
    for backend in ["backend", "backends"].iter().flat_map(|key| fields.items_of(key)) {
        match backend.some("group").and_then(group) {
            Some(names) => instances.extend(names.iter().map(|name| Box::from(names::path(name)))),
            None => open = true,
        }
    }
    Fact::Pool(Pool { id: id.into(), at: cx.place(at), instances, open })
}
