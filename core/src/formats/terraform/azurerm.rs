//! Firewall resources of the Azure provider: groups with blocks of rules, and rules that stand alone.

use super::Resource;
use crate::formats::Read;
use crate::formats::azure::Group;
use crate::formats::cx::Cx;
use crate::formats::value::{Kind, Value};

pub(super) fn read(resources: &[Resource], cx: &mut Cx<'_>, emit: &mut dyn FnMut(Read)) {
    let of = |kind: &'static str| resources.iter().filter(move |resource| resource.kind == kind);
    let owners: Vec<&Resource> = of("azurerm_network_security_group").collect();
    let mut groups: Vec<Group> = owners
        .iter()
        .map(|resource| Group::read(&resource.arguments, cx).standing_at(cx.place(resource.at)).addressed(&resource.address))
        .collect();
    // Rules whose group is not in the text, by the name they give it.
    let mut others: Vec<(String, Group)> = Vec::new();
    for resource in of("azurerm_network_security_rule") {
        let (rule, address) = (&resource.arguments, Some(&*resource.address));
        let owner = rule.get("network_security_group_name");
        if let Some(group) = owner.and_then(|owner| position(owner, rule, &owners)).and_then(|at| groups.get_mut(at)) {
            group.rule(rule, address, None, cx);
            continue;
        }
        let name = match owner.map(|owner| &owner.kind) {
            Some(Kind::Text(name) | Kind::Reference(name)) => name.clone(),
            Some(Kind::Unknown(missing)) => missing.name.to_string(),
            _ => resource.address.clone(),
        };
        let at = match others.iter().position(|(known, _)| *known == name) {
            Some(at) => at,
            None => {
                cx.warn(resource.at, "the group of this rule is not in the text, so its other rules are not known; paste them, too");
                let group = Group::new(Some(&name), cx.place(resource.at)).partial();
                others.push((name, group));
                others.len().saturating_sub(1)
            }
        };
        if let Some((_, group)) = others.get_mut(at) {
            group.rule(rule, address, None, cx);
        }
    }
    for group in groups.into_iter().chain(others.into_iter().map(|(_, group)| group)) {
        let policy = group.finish(cx);
        emit(Read::Policy { policy, again: None });
    }
}

/// Which of the groups a rule names: by reference, or by a name, which is one group's in each resource group.
fn position(owner: &Value, rule: &Value, owners: &[&Resource]) -> Option<usize> {
    match &owner.kind {
        Kind::Reference(reference) => {
            let exact = owners.iter().position(|resource| resource.address == *reference);
            exact.or_else(|| owners.iter().position(|resource| refers_to(reference, &resource.address)))
        }
        Kind::Text(name) => {
            let named = |resource: &&Resource| resource.arguments.text_of("name").is_some_and(|own| own.eq_ignore_ascii_case(name));
            let home = |value: &Value| value.some("resource_group_name").map(|value| value.kind.clone());
            let both = owners.iter().position(|resource| named(resource) && home(&resource.arguments) == home(rule));
            both.or_else(|| owners.iter().position(named))
        }
        // Two values that are missing under one name are the same value.
        Kind::Unknown(missing) => owners
            .iter()
            .position(|resource| resource.arguments.get("name").and_then(Value::missing).is_some_and(|own| own.name == missing.name)),
        _ => None,
    }
}

/// Whether a reference such as `azurerm_network_security_group.web.name` means the resource at an address, of which there
/// may be several instances.
fn refers_to(reference: &str, address: &str) -> bool {
    let rest = |whole: &str, part: &str| whole.strip_prefix(part).is_some_and(|rest| rest.starts_with(['.', '[']));
    rest(reference, address) || rest(address, reference)
}
