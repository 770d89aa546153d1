//! CloudTrail events that change a group: what the change itself admits. The rest of the group is not in the text.

use super::{empty, items, permission, row};
use crate::formats::cx::{Cx, shown};
use crate::model::{Direction, Policy};
use crate::syntax::NodeRef;

/// Reads an event, bare or inside EventBridge's `detail`; `None` where it adds no rules.
pub(super) fn read(node: NodeRef<'_, '_>, cx: &mut Cx<'_>) -> Option<Policy> {
    let name = node.text_of("eventName").unwrap_or_default();
    let (direction, adds) = match name {
        "AuthorizeSecurityGroupIngress" => (Direction::Ingress, true),
        "AuthorizeSecurityGroupEgress" => (Direction::Egress, true),
        "ModifySecurityGroupRules" => (Direction::Ingress, true),
        "RevokeSecurityGroupIngress" | "RevokeSecurityGroupEgress" | "CreateSecurityGroup" | "DeleteSecurityGroup" => {
            (Direction::Ingress, false)
        }
        // A trail holds every kind of event; only other changes of firewalls are missed.
        _ => {
            let message = format!("the event `{}` is no change of a security group's rules and was not judged", shown(name));
            if ["NetworkAcl", "SecurityGroup", "Firewall"].iter().any(|word| name.contains(word)) {
                cx.error(node, message);
            } else {
                cx.warn(node, message);
            }
            return None;
        }
    };
    if !adds {
        cx.warn(node, format!("`{name}` adds no rules, so there is nothing to judge"));
        return None;
    }
    if let Some(code) = node.text_of("errorCode") {
        cx.warn(node, format!("this call failed with `{}`, so it changed nothing", shown(code)));
        return None;
    }
    let mut policy = empty(cx.document, cx.place(node));
    policy.partial = true;
    let request = node.some("requestParameters")?;
    if name == "ModifySecurityGroupRules" {
        modified(request, &mut policy, cx);
        return Some(policy);
    }
    policy.id = request.text_of("groupId").map(Into::into);
    policy.name = request.text_of("groupName").map(Into::into);
    let listed = items(request.get("ipPermissions"));
    if listed.is_empty() && request.get("ipProtocol").is_some() {
        permission::read(request, direction, cx, &mut policy.rules);
    }
    for item in listed {
        permission::read(item, direction, cx, &mut policy.rules);
    }
    Some(policy)
}

/// `ModifySecurityGroupRules` nests the new form of each rule, and does not say its direction.
fn modified(request: NodeRef<'_, '_>, policy: &mut Policy, cx: &mut Cx<'_>) {
    let request = request.some("ModifySecurityGroupRulesRequest").unwrap_or(request);
    policy.id = request.text_of("GroupId").map(Into::into);
    for item in items(request.get("SecurityGroupRule")) {
        let inner = item.some("SecurityGroupRule").unwrap_or(item);
        let mut rules = row::read(inner, false, cx);
        for rule in &mut rules {
            rule.id = item.text_of("SecurityGroupRuleId").map(Into::into);
        }
        policy.rules.extend(rules);
    }
}
