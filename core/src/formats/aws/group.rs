//! A security group: `describe-security-groups`, AWS Config's configuration, and renamed columns of a `--query`.

use super::{empty, items, permission};
use crate::formats::cx::Cx;
use crate::formats::stream;
use crate::model::{Direction, Policy};
use crate::syntax::NodeRef;

/// Reads a group. `cut` says that the text broke off inside it.
pub(super) fn read(node: NodeRef<'_, '_>, cut: bool, cx: &mut Cx<'_>) -> Policy {
    let mut policy = empty(cx.document, cx.place(node));
    policy.id = node.text_of("GroupId").map(Into::into);
    policy.name = node.text_of("GroupName").or_else(|| name_tag(node)).map(Into::into);
    for (key, direction) in [("IpPermissions", Direction::Ingress), ("IpPermissionsEgress", Direction::Egress)] {
        for item in items(node.get(key)) {
            permission::read(item, direction, cx, &mut policy.rules);
        }
    }
    // A call's own parameters and change requests show the rules they add, not the group.
    policy.partial = node.get("IpPermissionsEgress").is_none() && node.get("GroupName").is_none();
    if cut {
        policy.rules.push(cx.cut_off(node));
    }
    policy
}

/// Whether an object is a group under other column names: some column lists permissions.
pub(super) fn is_projection(node: NodeRef<'_, '_>) -> bool {
    // A whole listing is one, too, but of rows.
    let is_listing = |cell: NodeRef<'_, '_>| cell.key().is_some_and(stream::is_streamed);
    node.is_map() && node.children().any(|cell| is_permission_list(cell) && !is_listing(cell))
}

/// Whether a list is `[id, permissions]`.
pub(super) fn is_tuple(node: NodeRef<'_, '_>) -> bool {
    node.is_list() && node.children().any(is_permission_list) && node.children().any(|cell| cell.text().is_some())
}

/// Reads renamed columns: permissions by their shape, their direction by the column's name, the id by its form.
pub(super) fn read_projection(node: NodeRef<'_, '_>, cut: bool, cx: &mut Cx<'_>) -> Policy {
    let mut policy = empty(cx.document, cx.place(node));
    let mut lists = 0_u32;
    for cell in node.children() {
        if is_permission_list(cell) {
            let direction = match cell.key() {
                Some(key) if outbound(key) => Direction::Egress,
                Some(_) => Direction::Ingress,
                // Without a name the first list is taken for the inbound one, as the API orders them.
                None if lists == 0 => Direction::Ingress,
                None => Direction::Egress,
            };
            if cell.key().is_none_or(|key| !outbound(key) && !inbound(key)) {
                let side = if direction == Direction::Ingress { "inbound" } else { "outbound" };
                cx.warn(cell, format!("these permissions don't say their direction; they are judged as {side}"));
            }
            lists = lists.saturating_add(1);
            items(Some(cell)).into_iter().for_each(|item| permission::read(item, direction, cx, &mut policy.rules));
        } else if let Some(text) = cell.text() {
            if text.starts_with("sg-") && policy.id.is_none() {
                policy.id = Some(text.into());
            } else if policy.name.is_none() {
                policy.name = Some(text.into());
            }
        }
    }
    policy.partial = lists < 2;
    if cut {
        policy.rules.push(cx.cut_off(node));
    }
    policy
}

fn is_permission_list(node: NodeRef<'_, '_>) -> bool {
    node.is_list() && node.children().next().is_some_and(|first| first.get("IpProtocol").is_some())
}

fn outbound(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    key.contains("egress") || key.contains("out")
}

fn inbound(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    key.contains("ingress") || key.contains("in")
}

/// The `Name` tag, for groups that have no other name.
fn name_tag<'t>(node: NodeRef<'t, '_>) -> Option<&'t str> {
    let tags = items(node.get("Tags"));
    let tag = tags.iter().find(|tag| tag.text_of("Key") == Some("Name"))?;
    tag.text_of("Value")
}
