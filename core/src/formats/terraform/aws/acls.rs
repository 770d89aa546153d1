//! Network ACLs of the AWS provider, with their entries inline and as resources of their own.

use super::attached;
use crate::formats::Read;
use crate::formats::aws::acl::Entry;
use crate::formats::aws::what::WhatFields;
use crate::formats::cx::{Cx, Field};
use crate::formats::terraform::Resource;
use crate::formats::value::{Kind, Value};
use crate::model::{Policy, PolicyKind, Protocol, Rule};

/// Reads the ACLs; entries whose ACL is not here form one under the name they give it.
pub(super) fn read(resources: &[Resource], cx: &mut Cx<'_>, emit: &mut dyn FnMut(Read)) {
    let is_acl = |resource: &&Resource| matches!(resource.kind.as_str(), "aws_network_acl" | "aws_default_network_acl");
    let mut policies: Vec<Policy> = resources.iter().filter(is_acl).map(|acl| inline(acl, cx)).collect();
    let listed = policies.len();
    for rule in resources.iter().filter(|resource| resource.kind == "aws_network_acl_rule") {
        let entry = entry(&rule.arguments, rule.arguments.get("egress").and_then(Value::bool).unwrap_or(false), &NAMES_ALONE);
        let Some(mut made) = entry.rule(cx) else { continue };
        made.address = Some(rule.address.as_str().into());
        attached(&mut policies, rule, "network_acl_id", PolicyKind::AwsNetworkAcl, cx, |policy, at, cx| {
            if at < listed && policy.rules.iter().any(|rule| rule.address.is_none()) {
                mixed(rule, cx);
            }
            policy.rules.push(made);
        });
    }
    policies.into_iter().for_each(|policy| emit(Read::Policy { policy, again: None }));
}

/// The provider's documentation: both ways at once overwrite each other.
pub(super) fn mixed(rule: &Resource, cx: &mut Cx<'_>) {
    cx.warn(rule.at, "rules inside the resource and rules beside it overwrite each other when applied; both are judged here");
}

fn inline(acl: &Resource, cx: &mut Cx<'_>) -> Policy {
    let mut rules: Vec<Rule> = Vec::new();
    for (name, egress) in [("ingress", false), ("egress", true)] {
        for fields in acl.arguments.items_of(name) {
            if let Kind::Unknown(missing) = &fields.kind {
                let direction = if egress { crate::model::Direction::Egress } else { crate::model::Direction::Ingress };
                rules.push(Rule::allow(direction, crate::model::Peer::Unresolved(Box::new(missing.clone())), cx.place(fields)));
                continue;
            }
            rules.extend(entry(fields, egress, &NAMES_INLINE).rule(cx));
        }
    }
    super::policy(acl, PolicyKind::AwsNetworkAcl, rules, cx)
}

/// What the fields are called.
struct Names {
    number: &'static str,
    action: &'static str,
    /// Inside the resource a message type that is left out is 0, echo reply (provider documentation).
    icmp_zero: bool,
}

const NAMES_INLINE: Names = Names { number: "rule_no", action: "action", icmp_zero: true };
const NAMES_ALONE: Names = Names { number: "rule_number", action: "rule_action", icmp_zero: false };

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
