//! What an element of a listing is, told by its keys alone.

use super::group;
use crate::syntax::{NodeRef, Value as Node};

/// What an element is, by its keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    Group,
    Row,
    Permission,
    ConfigItem,
    Event,
    /// A CloudTrail event as a string inside a look-up result.
    EventText,
    /// A group named without its rules.
    NameOnly,
    /// Renamed columns of a `--query`, or lists of permissions.
    Projection,
    Unknown,
}

/// What an object is, by its keys.
pub(super) fn shape(node: NodeRef<'_, '_>) -> Shape {
    match node.value() {
        Node::Map => {}
        // `[id, permissions]` is what `--query 'SecurityGroups[*].[GroupId,IpPermissions]'` prints.
        Node::List if group::is_tuple(node) => return Shape::Projection,
        _ => return Shape::Unknown,
    }
    let has = |name: &str| node.get(name).is_some();
    if has("IpPermissions") || has("IpPermissionsEgress") {
        return if has("eventName") { Shape::Event } else { Shape::Group };
    }
    // Listings are long, so what they are made of is asked first.
    if is_for_others(node) {
        return Shape::Unknown;
    }
    if has("CloudTrailEvent") {
        return Shape::EventText;
    }
    if has("eventName") || has("eventSource") {
        return Shape::Event;
    }
    if has("configuration") && (has("resourceType") || has("configurationItemStatus") || has("resourceId")) {
        return Shape::ConfigItem;
    }
    if has("IpProtocol") {
        let row = has("IsEgress") || has("SecurityGroupRuleId") || has("CidrIpv4") || has("ReferencedGroupInfo");
        return if row { Shape::Row } else { Shape::Permission };
    }
    if group::is_projection(node) {
        return Shape::Projection;
    }
    if has("GroupId") && !has("SecurityGroups") && !has("Attachment") {
        return Shape::NameOnly;
    }
    Shape::Unknown
}

/// Whether something known stands in a value, at most `depth` levels down.
pub(super) fn holds_something(node: NodeRef<'_, '_>, depth: u32) -> bool {
    let deeper = |child| depth > 1 && holds_something(child, depth.saturating_sub(1));
    !is_for_others(node) && node.children().any(|child| shape(child) != Shape::Unknown || deeper(child))
}

/// Whether an object is for another reader: a rule of Google Cloud, firewall or forwarding, whose protocols have the same key as those
/// of a permission, or a part of the network, which names groups without being one.
pub(super) fn is_for_others(node: NodeRef<'_, '_>) -> bool {
    let google = ["allowed", "denied", "allow", "deny", "layer4Configs"];
    let network = ["NetworkInterfaceId", "ReservationId", "RouteTableId"];
    node.get("kind").and_then(|kind| kind.text()).is_some_and(|kind| kind.starts_with("compute#"))
        || node.get("loadBalancingScheme").is_some()
        || google.iter().any(|key| node.get(key).is_some_and(|list| list.is_list() || list.is_map()))
        || network.iter().any(|key| node.get(key).is_some_and(|id| id.text().is_some()))
        || node.get("InstanceId").is_some() && node.get("ImageId").is_some()
}

/// Whether a string is JSON itself, as in AWS Config's advanced queries.
pub(super) fn holds_json(node: NodeRef<'_, '_>) -> bool {
    node.text().is_some_and(|text| text.trim_start().starts_with('{'))
}

/// The items of a list, however it is written: a list, CloudTrail's `{"items": [...]}`, a single object, or null.
pub(super) fn items<'t, 'a>(node: Option<NodeRef<'t, 'a>>) -> Vec<NodeRef<'t, 'a>> {
    match node {
        None => Vec::new(),
        Some(node) if node.is_null() => Vec::new(),
        Some(node) if node.is_list() => node.children().collect(),
        Some(node) if node.is_map() => match node.get("items").or_else(|| node.get("item")) {
            Some(inner) => items(Some(inner)),
            None if node.children().next().is_none() => Vec::new(),
            None => vec![node],
        },
        Some(node) => vec![node],
    }
}
