//! `IpPermission`: one protocol and port range, and every peer it names. Each peer becomes a rule of its own, as AWS counts
//! them.

use super::items;
use super::what::{What, WhatFields};
use crate::formats::cut_off;
use crate::formats::cx::{Cx, shown, unresolved};
use crate::model::{Direction, Origin, Peer, Rule, Symbol, SymbolKind, Unresolved};
use crate::syntax::NodeRef;

/// Reads a permission into rules.
pub(super) fn read(node: NodeRef<'_, '_>, direction: Direction, cx: &mut Cx<'_>, rules: &mut Vec<Rule>) {
    if !node.is_map() {
        cx.error(node, "a permission was expected here; it counts as unknown");
        rules.push(not_understood(direction, node, cx, "a permission"));
        return;
    }
    let what = what(node, cx);
    let before = rules.len();
    // AWS Config prints IPv4 ranges twice: as strings under `ipRanges` and as objects under `ipv4Ranges`.
    let objects = items(node.get("ipv4Ranges"));
    let strings = items(node.get("IpRanges")).into_iter().filter(|range| objects.is_empty() || range.text().is_none());
    for range in strings.chain(objects.iter().copied()).chain(items(node.get("Ipv6Ranges"))) {
        let cidr = ["CidrIp", "CidrIpv6", "CidrIpv4"].iter().find_map(|key| range.some(key)).unwrap_or(range);
        push(&what, direction, cx.cidr(Some(cidr).into(), cidr), range, cidr, cx, rules);
    }
    // The flat fields of older calls: one range beside the ports.
    for cidr in ["CidrIp", "CidrIpv6"].iter().filter_map(|key| node.some(key)) {
        push(&what, direction, cx.cidr(Some(cidr).into(), cidr), node, cidr, cx, rules);
    }
    for list in items(node.get("PrefixListIds")) {
        let id = list.some("PrefixListId").unwrap_or(list);
        push(&what, direction, prefix_list(id, cx), list, id, cx, rules);
    }
    for pair in items(node.get("UserIdGroupPairs")).into_iter().chain(items(node.get("groups"))) {
        let (peer, at) = group(pair, cx);
        push(&what, direction, peer, pair, at, cx, rules);
    }
    if rules.len() == before {
        cx.warn(node, "this permission names no source or destination, so it admits nobody");
        rules.push(what.rule(direction, Peer::Nobody("no peer named".into()), node, cx));
    }
}

fn push(what: &What, direction: Direction, peer: Peer, holder: NodeRef<'_, '_>, at: NodeRef<'_, '_>, cx: &Cx<'_>, rules: &mut Vec<Rule>) {
    let mut rule = what.rule(direction, peer, at, cx);
    rule.description = description(holder);
    rule.origin = origin(&rule);
    rules.push(rule);
}

/// The description of a rule, where there is one.
pub(super) fn description(node: NodeRef<'_, '_>) -> Option<Box<str>> {
    node.text_of("Description").filter(|text| !text.trim().is_empty()).map(Into::into)
}

/// A new group comes with everything outbound allowed (VPC user guide); whoever writes that by hand tends to describe it.
pub(super) fn origin(rule: &Rule) -> Origin {
    let stock = rule.direction == Direction::Egress && rule.is_allow_all() && rule.description.is_none();
    if stock { Origin::Stock } else { Origin::Written }
}

/// Protocol and ports of a permission or a row.
pub(super) fn what(node: NodeRef<'_, '_>, cx: &mut Cx<'_>) -> What {
    let ports_at = node.some("FromPort").or_else(|| node.some("ToPort")).unwrap_or(node).span();
    let fields = WhatFields {
        protocol: node.get("IpProtocol").into(),
        from: node.get("FromPort").into(),
        to: node.get("ToPort").into(),
        protocol_at: node.some("IpProtocol").unwrap_or(node).span(),
        ports_at,
    };
    What::read(fields, cx)
}

/// A rule of which nothing was understood.
pub(super) fn not_understood(direction: Direction, node: NodeRef<'_, '_>, cx: &Cx<'_>, what: &str) -> Rule {
    let missing =
        Unresolved { name: format!("{what} that could not be read").into(), would_settle: "a rule as the EC2 API prints it".into() };
    Rule::allow(direction, Peer::Unresolved(Box::new(missing)), cx.place(node))
}

/// A prefix list: its entries are not in the text.
pub(super) fn prefix_list(node: NodeRef<'_, '_>, cx: &mut Cx<'_>) -> Peer {
    match node.text() {
        Some(id) => {
            unresolved(&shown(id), &format!("the entries of {0} (aws ec2 get-managed-prefix-list-entries --prefix-list-id {0})", shown(id)))
        }
        None => {
            cx.error(node, "a prefix list id such as \"pl-0123456789abcdef0\" was expected here; the rule counts as unknown");
            unresolved("a prefix list", "its id")
        }
    }
}

/// A referenced group, and the node that names it.
pub(super) fn group<'t, 'a>(pair: NodeRef<'t, 'a>, cx: &mut Cx<'_>) -> (Peer, NodeRef<'t, 'a>) {
    let named = pair.some("GroupId").or_else(|| pair.some("GroupName")).unwrap_or(pair);
    let Some(id) = named.text() else {
        cx.error(pair, "a referenced group needs its `GroupId`; the rule counts as unknown");
        return (unresolved("a group without an id", "the group's id"), pair);
    };
    // A reference over a peering that is gone is stale and matches nothing (EC2, DescribeStaleSecurityGroups).
    if let Some(status @ ("deleted" | "rejected" | "expired" | "failed")) = pair.text_of("PeeringStatus") {
        cx.warn(named, format!("the peering behind `{}` is {status}, so this rule is stale and admits nobody", shown(id)));
        return (Peer::Nobody(id.into()), named);
    }
    (Peer::Symbol(Box::new(Symbol { kind: SymbolKind::Group, id: id.into(), account: pair.text_of("UserId").map(Into::into) })), named)
}

impl Cx<'_> {
    /// Stands for the rules behind the place where the text broke off.
    pub(super) fn cut_off(&self, node: NodeRef<'_, '_>) -> Rule {
        Rule::allow(Direction::Ingress, Peer::Unresolved(Box::new(cut_off())), self.place(node))
    }
}
