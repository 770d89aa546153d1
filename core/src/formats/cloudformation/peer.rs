//! One rule of a security group, inline or on its own: every peer it names becomes a rule of the model. CloudFormation wants
//! one peer per rule; of several, none is passed over.

use crate::formats::aws::what::{What, WhatFields};
use crate::formats::cx::{Cx, Field, shown, unresolved};
use crate::formats::value::{Kind, Value};
use crate::model::{Direction, Peer, Rule, Symbol, SymbolKind, Unresolved};

/// Reads a rule's fields.
pub(super) fn read(rule: &Value, direction: Direction, cx: &mut Cx<'_>) -> Vec<Rule> {
    if !rule.is_map() {
        let missing = rule.missing().cloned().unwrap_or_else(|| {
            cx.error(rule, "a rule was expected here; it counts as unknown");
            Unresolved { name: "a rule that could not be read".into(), would_settle: "a rule with a protocol, ports and a peer".into() }
        });
        return vec![Rule::allow(direction, Peer::Unresolved(Box::new(missing)), cx.place(rule))];
    }
    let what = What::read(fields(rule), cx);
    let mut peers = Vec::new();
    for cidr in ["CidrIp", "CidrIpv6"].iter().filter_map(|key| rule.some(key)) {
        // A parameter may hold several.
        if let (Kind::List(items), false) = (&cidr.kind, cidr.items().is_empty()) {
            peers.extend(items.iter().map(|item| (address(item, cx), cidr)));
        } else {
            peers.push((address(cidr, cx), cidr));
        }
    }
    for list in ["SourcePrefixListId", "DestinationPrefixListId"].iter().filter_map(|key| rule.some(key)) {
        peers.push((prefix_list(list, cx), list));
    }
    for group in ["SourceSecurityGroupId", "DestinationSecurityGroupId", "SourceSecurityGroupName"].iter().filter_map(|key| rule.some(key))
    {
        peers.push((member(group, rule.text_of("SourceSecurityGroupOwnerId"), cx), group));
    }
    if peers.is_empty() {
        cx.warn(rule, "this rule names no source or destination, so CloudFormation adds no rule for it");
        peers.push((Peer::Nobody("no peer named".into()), rule));
    }
    let description = rule.text_of("Description").filter(|text| !text.trim().is_empty());
    let make = |(peer, at): (Peer, &Value)| {
        let mut made = what.rule(direction, peer, at, cx);
        made.description = description.map(Into::into);
        made
    };
    peers.into_iter().map(make).collect()
}

fn fields(rule: &Value) -> WhatFields<'_> {
    let protocol = rule.some("IpProtocol");
    let ports_at = rule.some("FromPort").or_else(|| rule.some("ToPort")).map_or(rule.span, |port| port.span);
    WhatFields {
        protocol: protocol.into(),
        from: rule.get("FromPort").into(),
        to: rule.get("ToPort").into(),
        protocol_at: protocol.map_or(rule.span, |protocol| protocol.span),
        ports_at,
    }
}

fn address(value: &Value, cx: &mut Cx<'_>) -> Peer {
    match &value.kind {
        Kind::Reference(name) => {
            let name = shown(name);
            unresolved(&format!("!Ref {name}"), &format!("the address of `{name}` once it exists"))
        }
        _ => cx.cidr(Field::from(Some(value)), value),
    }
}

/// Its entries may stand in the same template, under its logical id.
fn prefix_list(value: &Value, cx: &mut Cx<'_>) -> Peer {
    let id = match &value.kind {
        Kind::Reference(name) => name,
        Kind::Text(id) => id,
        Kind::Unknown(missing) => return Peer::Unresolved(Box::new(missing.clone())),
        _ => {
            cx.error(value, "a prefix list id such as \"pl-0123456789abcdef0\" was expected here; the rule counts as unknown");
            return unresolved("a prefix list", "its id");
        }
    };
    let id = shown(id);
    let settles = if id.starts_with("pl-") {
        format!("the entries of {id} (aws ec2 get-managed-prefix-list-entries --prefix-list-id {id})")
    } else {
        format!("the entries of the prefix list `{id}`")
    };
    unresolved(&id, &settles)
}

/// Whatever an open name comes to, what stands in this field is a group.
fn member(value: &Value, owner: Option<&str>, cx: &mut Cx<'_>) -> Peer {
    let id = match &value.kind {
        Kind::Reference(name) => name,
        Kind::Text(id) => id,
        Kind::Unknown(missing) => &*missing.name,
        _ => {
            cx.error(value, "the id of a security group was expected here; the rule counts as unknown");
            return unresolved("a group without an id", "the group's id");
        }
    };
    Peer::Symbol(Box::new(Symbol { kind: SymbolKind::Group, id: id.into(), account: owner.map(Into::into) }))
}
