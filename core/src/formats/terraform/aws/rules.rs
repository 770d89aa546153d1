//! Rules of security groups: the nested blocks of a group, and the resources that are one rule each.

use super::lists::Lists;
use super::peers;
use crate::formats::aws::what::{What, WhatFields};
use crate::formats::cx::Cx;
use crate::formats::terraform::Resource;
use crate::formats::value::{Kind, Value};
use crate::model::{Direction, Origin, Peer, Rule, Symbol, SymbolKind};

/// A rule as the provider writes it: several peers under one protocol and port range.
pub(super) struct Written<'v> {
    pub(super) fields: &'v Value,
    pub(super) direction: Direction,
    /// The group that the rule is part of, as peers would name it.
    pub(super) own: &'v str,
    /// The address, where the rule is a resource of its own.
    pub(super) address: Option<&'v str>,
    pub(super) protocol: &'static str,
}

/// An `ingress` or `egress` block of a group.
pub(super) fn block(fields: &Value, direction: Direction, own: &str, lists: &Lists, cx: &mut Cx<'_>) -> Vec<Rule> {
    if let Kind::Unknown(missing) = &fields.kind {
        return vec![Rule::allow(direction, Peer::Unresolved(Box::new(missing.clone())), cx.place(fields))];
    }
    if !fields.is_map() {
        cx.error(fields, "a rule with a protocol, ports and peers was expected here; it counts as unknown");
        let missing = crate::formats::cx::unresolved("a rule that could not be read", "a rule with a protocol, ports and peers");
        return vec![Rule::allow(direction, missing, cx.place(fields))];
    }
    Written { fields, direction, own, address: None, protocol: "protocol" }.rules(lists, cx)
}

/// A resource that is one rule: `aws_security_group_rule` or one of the newer pair.
pub(super) fn resource(rule: &Resource, own: &str, lists: &Lists, cx: &mut Cx<'_>) -> Vec<Rule> {
    let fields = &rule.arguments;
    let (direction, protocol) = match rule.kind.as_str() {
        "aws_vpc_security_group_ingress_rule" => (Direction::Ingress, "ip_protocol"),
        "aws_vpc_security_group_egress_rule" => (Direction::Egress, "ip_protocol"),
        _ => (direction(fields, cx), "protocol"),
    };
    Written { fields, direction, own, address: Some(&rule.address), protocol }.rules(lists, cx)
}

fn direction(fields: &Value, cx: &mut Cx<'_>) -> Direction {
    match fields.text_of("type") {
        Some(word) if word.eq_ignore_ascii_case("egress") => Direction::Egress,
        Some(word) if word.eq_ignore_ascii_case("ingress") => Direction::Ingress,
        _ => {
            cx.error(fields, "this rule's `type` is neither ingress nor egress; it is judged as ingress");
            Direction::Ingress
        }
    }
}

impl Written<'_> {
    fn rules(&self, lists: &Lists, cx: &mut Cx<'_>) -> Vec<Rule> {
        let what = self.what(cx);
        let mut rules = Vec::new();
        let mut push = |peer: Peer, at: &Value, cx: &Cx<'_>| {
            // A plan that leaves out all that does not change leaves out every kind of peer.
            if matches!(peer, Peer::Unresolved(_)) && rules.iter().any(|known: &Rule| known.peer == peer) {
                return;
            }
            let mut rule = what.rule(self.direction, peer, at, cx);
            let text = |name: &str| self.fields.text_of(name).filter(|text| !text.trim().is_empty());
            rule.description = text("description").map(Into::into);
            rule.address = self.address.map(Into::into);
            rule.id = text("security_group_rule_id").map(Into::into);
            // Terraform removes the egress that EC2 adds by itself: what is here was written.
            rule.origin = Origin::Written;
            rules.push(rule);
        };
        // A state writes what was left out as "".
        let peers_of = |name: &str| self.fields.items_of(name).iter().filter(|item| item.text() != Some(""));
        for name in ["cidr_blocks", "ipv6_cidr_blocks", "cidr_ipv4", "cidr_ipv6"] {
            for item in peers_of(name) {
                push(peers::cidr(item, cx), item, cx);
            }
        }
        for name in ["prefix_list_ids", "prefix_list_id"] {
            for item in peers_of(name) {
                push(peers::prefix_list(item, lists, cx), item, cx);
            }
        }
        for name in ["security_groups", "source_security_group_id", "referenced_security_group_id"] {
            for item in peers_of(name) {
                push(peers::group(item, cx), item, cx);
            }
        }
        if let Some(own) = self.fields.get("self") {
            // Not known is as wide as the group at most.
            if own.bool().unwrap_or(own.missing().is_some()) {
                let symbol = Symbol { kind: SymbolKind::Group, id: self.own.into(), account: None };
                push(Peer::Symbol(Box::new(symbol)), own, cx);
            }
        }
        if rules.is_empty() {
            cx.warn(self.fields, "this rule names no source or destination, so it admits nobody");
            let mut rule = what.rule(self.direction, Peer::Nobody("no peer named".into()), self.fields, cx);
            rule.address = self.address.map(Into::into);
            rules.push(rule);
        }
        rules
    }

    fn what(&self, cx: &mut Cx<'_>) -> What {
        let at = |name: &str| self.fields.some(name).unwrap_or(self.fields).span;
        let fields = WhatFields {
            protocol: self.fields.get(self.protocol).into(),
            from: self.fields.get("from_port").into(),
            to: self.fields.get("to_port").into(),
            protocol_at: at(self.protocol),
            ports_at: at("from_port"),
        };
        What::read(fields, cx)
    }
}
