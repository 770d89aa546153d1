//! A row of `describe-security-group-rules`, and of what the authorise calls answer: exactly one peer.

use super::permission;
use crate::formats::cx::Cx;
use crate::model::{Direction, Peer, Rule};
use crate::syntax::{NodeRef, Value};

/// Reads a row into one rule, or two where the text broke off inside it.
pub(super) fn read(node: NodeRef<'_, '_>, cut: bool, cx: &mut Cx<'_>) -> Vec<Rule> {
    let direction = match node.get("IsEgress").map(NodeRef::value) {
        Some(Value::Bool(true)) => Direction::Egress,
        Some(Value::Bool(false)) => Direction::Ingress,
        Some(Value::Text(text)) if text.eq_ignore_ascii_case("true") => Direction::Egress,
        Some(Value::Text(text)) if text.eq_ignore_ascii_case("false") => Direction::Ingress,
        _ => {
            cx.warn(node, "this rule does not say whether it is outbound (`IsEgress`); it is judged as inbound");
            Direction::Ingress
        }
    };
    let what = permission::what(node, cx);
    let mut rules: Vec<Rule> = peers(node, cx).into_iter().map(|(peer, at)| what.rule(direction, peer, at, cx)).collect();
    if rules.is_empty() {
        cx.warn(node, "this rule names no source or destination, so it admits nobody");
        rules.push(what.rule(direction, Peer::Nobody("no peer named".into()), node, cx));
    }
    for rule in &mut rules {
        rule.id = node.text_of("SecurityGroupRuleId").map(Into::into);
        rule.description = permission::description(node);
        rule.origin = permission::origin(rule);
    }
    if cut {
        rules.push(cx.cut_off(node));
    }
    rules
}

fn peers<'t, 'a>(node: NodeRef<'t, 'a>, cx: &mut Cx<'_>) -> Vec<(Peer, NodeRef<'t, 'a>)> {
    let mut peers = Vec::new();
    for cidr in ["CidrIpv4", "CidrIpv6", "CidrIp"].iter().filter_map(|key| node.some(key)) {
        peers.push((cx.cidr(Some(cidr).into(), cidr), cidr));
    }
    if let Some(list) = node.some("PrefixListId") {
        peers.push((permission::prefix_list(list, cx), list));
    }
    if let Some(info) = node.some("ReferencedGroupInfo") {
        peers.push(permission::group(info, cx));
    }
    if let Some(id) = node.some("ReferencedGroupId") {
        peers.push(permission::group(id, cx));
    }
    peers
}
