//! What the API, the CLI, PowerShell and the SDKs print: groups, rules alone, and the effective rules of an interface.

use super::group::Group;
use super::network;
use super::rule::is_rule;
use crate::document::Format;
use crate::formats::cx::{Cx, shown};
use crate::formats::value::Value;
use crate::formats::{Read, TreeReader};
use crate::model::Policy;

static GROUPS_FORMAT: Format =
    Format { id: "azure-network-security-groups", title: "Azure network security groups", from: "az network nsg list" };
static RULES_FORMAT: Format =
    Format { id: "azure-security-rules", title: "Azure security rules", from: "az network nsg rule list --nsg-name NAME" };
static EFFECTIVE_FORMAT: Format =
    Format { id: "azure-effective-rules", title: "Azure effective security rules", from: "az network nic list-effective-nsg" };

pub(in crate::formats) static GROUPS: TreeReader =
    TreeReader { format: &GROUPS_FORMAT, detect: |root| holds(root, is_group), read: read_groups };
pub(in crate::formats) static RULES: TreeReader =
    TreeReader { format: &RULES_FORMAT, detect: |root| holds(root, is_rule), read: read_rules };
pub(in crate::formats) static EFFECTIVE: TreeReader =
    TreeReader { format: &EFFECTIVE_FORMAT, detect: |root| holds(root, is_effective), read: read_effective };

/// How many lists and objects may stand around what is read: `value`, `data`, a recorder's envelope.
pub(super) const DEPTH: u32 = 8;

/// Whether something stands somewhere in a value.
pub(super) fn holds(root: &Value, is: fn(&Value) -> bool) -> bool {
    let mut found = false;
    walk(root, DEPTH, &mut |value| {
        found = found || is(value);
        found
    });
    found
}

/// Shows the objects of a value to `visit`, from the outside in; what it answers yes to is not looked into.
pub(super) fn walk(value: &Value, depth: u32, visit: &mut dyn FnMut(&Value) -> bool) {
    if value.is_map() && visit(value) {
        return;
    }
    let Some(deeper) = depth.checked_sub(1) else { return };
    if value.is_list() {
        value.items().iter().for_each(|item| walk(item, deeper, visit));
    }
    value.entries().iter().for_each(|(_, entry)| walk(entry, deeper, visit));
}

fn is_group(value: &Value) -> bool {
    let fields = value.some("properties").unwrap_or(value);
    let own_type = value.text_of("type").is_some_and(|kind| kind.eq_ignore_ascii_case("Microsoft.Network/networkSecurityGroups"));
    own_type || fields.get("securityRules").is_some() || fields.get("defaultSecurityRules").is_some()
}

fn is_effective(value: &Value) -> bool {
    value.get("effectiveSecurityRules").is_some()
}

fn read_groups(root: &Value, cx: &mut Cx<'_>, emit: &mut dyn FnMut(Read)) {
    walk(root, DEPTH, &mut |value| {
        if !is_group(value) {
            return false;
        }
        network::attachments(value, cx, emit);
        let policy = Group::read(value, cx).finish(cx);
        emit(Read::Policy { policy, again: None });
        true
    });
    // Inventories list the network beside its groups.
    network::facts(root, cx, emit);
    strangers(root, is_group, "network security group", cx);
}

/// Entries of the outermost list in which nothing was found. Other resources are listed beside groups by inventories.
fn strangers(root: &Value, is: fn(&Value) -> bool, what: &str, cx: &mut Cx<'_>) {
    if !root.is_list() {
        return;
    }
    for item in root.items() {
        let other = item.text_of("type").is_some_and(|kind| kind.contains('/')) && !is(item);
        if !other && !holds(item, is) {
            cx.not_judged(item, format!("this entry is no {what} and was not judged; remove it, or paste it by itself"));
        }
    }
}

/// Rules without their group: the id of each says which it is.
fn read_rules(root: &Value, cx: &mut Cx<'_>, emit: &mut dyn FnMut(Read)) {
    let mut groups: Vec<(Option<String>, Group)> = Vec::new();
    let alone = root.is_map() && is_rule(root);
    walk(root, DEPTH, &mut |value| {
        if !is_rule(value) {
            return false;
        }
        let id = group_id(value);
        if !groups.iter().any(|(known, _)| *known == id) {
            let name = id.as_deref().and_then(|id| id.rsplit('/').next()).unwrap_or("rules without a group");
            let group = Group::new(Some(name), cx.place(value)).with_id(id.as_deref());
            groups.push((id.clone(), if alone { group.partial() } else { group }));
        }
        if let Some((_, group)) = groups.iter_mut().find(|(known, _)| *known == id) {
            group.rule(value, None, None, cx);
        }
        true
    });
    for (_, group) in groups {
        let policy = group.finish(cx);
        emit(Read::Policy { policy, again: None });
    }
    strangers(root, is_rule, "security rule", cx);
}

/// The id of the group in the id of its rule.
fn group_id(rule: &Value) -> Option<String> {
    let id = rule.text_of("id")?;
    let lists = ["/securityRules/", "/defaultSecurityRules/"];
    let at = lists.iter().find_map(|list| id.to_ascii_lowercase().rfind(&list.to_ascii_lowercase()))?;
    id.get(..at).map(str::to_owned)
}

/// The groups that apply to one interface, with the rules as Azure applies them.
fn read_effective(root: &Value, cx: &mut Cx<'_>, emit: &mut dyn FnMut(Read)) {
    walk(root, DEPTH, &mut |value| {
        if !is_effective(value) {
            return false;
        }
        if let Some(manager) = value.path(&["association", "networkManager", "id"]).and_then(Value::text) {
            let manager = shown(manager.rsplit('/').next().unwrap_or_default());
            cx.not_judged(
                value,
                format!(
                    "the admin rules of the network manager `{manager}` come before these groups and are not judged; compare them by hand"
                ),
            );
            return true;
        }
        let policy = effective(value, cx);
        emit(Read::Policy { policy, again: None });
        true
    });
}

fn effective(value: &Value, cx: &mut Cx<'_>) -> Policy {
    let id = value.some("networkSecurityGroup").and_then(|group| group.text_of("id").or_else(|| group.text()));
    let name = id.and_then(|id| id.rsplit('/').next());
    let mut group = Group::new(name, cx.place(value)).with_id(id);
    if let Some(rules) = value.get("effectiveSecurityRules") {
        group.rules(rules, cx);
    }
    group.finish(cx)
}
