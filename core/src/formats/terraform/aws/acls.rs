//! Network ACLs of the AWS provider, with their entries inline and as resources of their own.

use super::Policies;
use crate::formats::Read;
use crate::formats::aws::acl::Entry;
use crate::formats::aws::what::WhatFields;
use crate::formats::cx::{Cx, Field};
use crate::formats::terraform::Resource;
use crate::formats::value::{Kind, Value};
use crate::model::{Action, Direction, Peer, PolicyKind, Protocol, Rule};

/// Reads the ACLs; entries whose ACL is not here form one under the name they give it.
pub(super) fn read(resources: &[Resource], cx: &mut Cx<'_>, emit: &mut dyn FnMut(Read)) {
    let is_acl = |resource: &&Resource| matches!(resource.kind.as_str(), "aws_network_acl" | "aws_default_network_acl");
    let mut policies = Policies::new(PolicyKind::AwsNetworkAcl, "network_acl_id");
    for acl in resources.iter().filter(is_acl) {
        let rules = inline(acl, cx);
        policies.add(acl, rules, cx);
    }
    for rule in resources.iter().filter(|resource| resource.kind == "aws_network_acl_rule") {
        let egress = rule.arguments.get("egress").and_then(Value::bool).unwrap_or(false);
        let made = rule_of(&rule.arguments, egress, &ALONE, cx);
        let made = made.map(|made| Rule { address: Some(rule.address.as_str().into()), ..made });
        let at = policies.of(rule, cx);
        policies.attach(at, rule, made.into_iter().collect(), cx);
    }
    policies.emit(emit);
}

/// The entries inside the resource.
fn inline(acl: &Resource, cx: &mut Cx<'_>) -> Vec<Rule> {
    let mut rules: Vec<Rule> = Vec::new();
    for (name, egress) in [("ingress", false), ("egress", true)] {
        for fields in acl.arguments.items_of(name) {
            if let Kind::Unknown(missing) = &fields.kind {
                let direction = if egress { Direction::Egress } else { Direction::Ingress };
                rules.push(Rule::allow(direction, Peer::Unresolved(Box::new(missing.clone())), cx.place(fields)));
                continue;
            }
            rules.extend(rule_of(fields, egress, &INLINE, cx));
        }
    }
    rules
}

/// What the fields are called.
struct Names {
    number: &'static str,
    action: &'static str,
    /// Inside the resource a message type that is left out is 0, echo reply (provider documentation).
    icmp_zero: bool,
}

const INLINE: Names = Names { number: "rule_no", action: "action", icmp_zero: true };
const ALONE: Names = Names { number: "rule_number", action: "rule_action", icmp_zero: false };

/// A rule of an entry. Where the number is not known, an allow may come before everything and a deny behind everything.
fn rule_of(fields: &Value, egress: bool, names: &Names, cx: &mut Cx<'_>) -> Option<Rule> {
    let mut entry = entry(fields, egress, names);
    let Some(missing) = entry.number.missing().cloned() else { return entry.rule(cx) };
    entry.number = Field::Int(LAST);
    let mut rule = entry.rule(cx)?;
    if rule.action == Action::Allow {
        rule.priority = Some(0);
    }
    rule.doubt.get_or_insert(Box::new(missing));
    Some(rule)
}

/// The highest number that an entry may have (EC2 API reference, `NetworkAclEntry`).
const LAST: i64 = 32_766;

fn entry<'v>(fields: &'v Value, egress: bool, names: &Names) -> Entry<'v> {
    // A state writes what was left out as "".
    let some = |name: &str| fields.some(name).filter(|value| value.text() != Some(""));
    let protocol = some("protocol");
    let icmp = matches!(Field::from(protocol).protocol(), Some(Protocol::ICMP | Protocol::ICMPV6));
    let (from, to) = if icmp { (some("icmp_type"), some("icmp_code")) } else { (some("from_port"), some("to_port")) };
    let or_zero = |value: Option<&'v Value>| match value {
        None if icmp && names.icmp_zero => Field::Int(0),
        value => value.into(),
    };
    let cidr = some("cidr_block").or_else(|| some("ipv6_cidr_block"));
    Entry {
        what: WhatFields {
            protocol: protocol.into(),
            from: or_zero(from),
            to: or_zero(to),
            protocol_at: protocol.map_or(fields.span, |protocol| protocol.span),
            ports_at: from.map_or(fields.span, |from| from.span),
        },
        number: fields.get(names.number).into(),
        action: fields.get(names.action).into(),
        egress,
        cidr: cidr.into(),
        at: fields.span,
        cidr_at: cidr.map_or(fields.span, |cidr| cidr.span),
    }
}
