//! `AWS::EC2::NetworkAcl` and its entries, which stand on their own.

use std::borrow::Cow;
use std::collections::HashMap;

use super::evaluate::Evaluator;
use super::peer::address;
use crate::formats::aws::acl::Entry;
use crate::formats::aws::what::WhatFields;
use crate::formats::cx::{Cx, Field, shown};
use crate::formats::value::{Kind, Value};
use crate::model::{Policy, PolicyKind, Protocol, Rule};

/// Reads the network ACLs of a template, each with its entries.
pub(super) fn read(evaluator: &mut Evaluator<'_, '_, '_>) -> Vec<Policy> {
    let template = evaluator.template;
    let (mut policies, mut by_name) = (Vec::new(), HashMap::new());
    for resource in template.resources.iter().filter(|resource| resource.kind == "AWS::EC2::NetworkAcl") {
        let Some(before) = evaluator.enter(resource) else { continue };
        by_name.insert(resource.name.to_owned(), policies.len());
        policies.push(Policy { address: Some(resource.name.into()), ..empty(resource.value, evaluator.cx) });
        evaluator.leave(before);
    }
    for resource in template.resources.iter().filter(|resource| resource.kind == "AWS::EC2::NetworkAclEntry") {
        let Some(properties) = resource.properties() else {
            evaluator.cx.warn(resource.value, format!("the entry `{}` has no properties and does nothing", shown(resource.name)));
            continue;
        };
        let Some(before) = evaluator.enter(resource) else { continue };
        for way in evaluator.items(properties) {
            let (key, id, name) = match way.value.some("NetworkAclId").map(|id| id.kind.clone()) {
                Some(Kind::Reference(name)) => (name.clone(), None, Some(name)),
                Some(Kind::Text(id)) => (id.clone(), Some(id), None),
                Some(Kind::Unknown(missing)) => (missing.name.to_string(), None, Some(missing.name.to_string())),
                _ => (format!("\0{}", resource.name), None, None),
            };
            let at = *by_name.entry(key).or_insert_with(|| {
                let address = (id.is_none() && name.is_none()).then(|| resource.name.into());
                let (id, name) = (id.map(Into::into), name.map(Into::into));
                policies.push(Policy { id, name, address, partial: true, ..empty(resource.value, evaluator.cx) });
                policies.len().saturating_sub(1)
            });
            let mut rules = rules(&way.value, evaluator.cx);
            for rule in &mut rules {
                rule.address = Some(resource.name.into());
                rule.doubt = rule.doubt.take().or_else(|| way.doubt.clone().map(Box::new));
            }
            if let Some(policy) = policies.get_mut(at) {
                policy.rules.extend(rules);
            }
        }
        evaluator.leave(before);
    }
    policies
}

fn empty(value: &Value, cx: &Cx<'_>) -> Policy {
    Policy { kind: PolicyKind::AwsNetworkAcl, id: None, name: None, address: None, at: cx.place(value), rules: Vec::new(), partial: false }
}

/// The rules of one entry: one for each family it names, and for each direction where that is open.
fn rules(value: &Value, cx: &mut Cx<'_>) -> Vec<Rule> {
    if let Some(missing) = value.missing() {
        cx.not_judged(value, format!("this entry depends on `{}`, which is not in the text; it was not judged", shown(&missing.name)));
        return Vec::new();
    }
    let protocol = value.some("Protocol");
    let icmp = matches!(Field::from(protocol).protocol(), Some(Protocol::ICMP | Protocol::ICMPV6));
    let (from, to) = if icmp {
        (value.path(&["Icmp", "Type"]), value.path(&["Icmp", "Code"]))
    } else {
        (value.path(&["PortRange", "From"]), value.path(&["PortRange", "To"]))
    };
    let what = WhatFields {
        protocol: protocol.into(),
        from: from.into(),
        to: to.into(),
        protocol_at: protocol.map_or(value.span, |protocol| protocol.span),
        ports_at: from.map_or(value.span, |from| from.span),
    };
    let egress = value.some("Egress");
    let open = egress.and_then(Value::missing);
    let directions = match (open, egress.and_then(Value::bool)) {
        (Some(_), _) => vec![false, true],
        (None, egress) => vec![egress.unwrap_or(false)],
    };
    let families = ["CidrBlock", "Ipv6CidrBlock"].iter().flat_map(|key| value.items_of(key));
    let families: Vec<Option<Cow<'_, Value>>> = families.map(|cidr| Some(address(cidr))).collect();
    let families = if families.is_empty() { vec![None] } else { families };
    let mut rules = Vec::new();
    for (egress, cidr) in directions.iter().flat_map(|egress| families.iter().map(move |cidr| (*egress, cidr.as_deref()))) {
        let entry = Entry {
            what,
            number: value.get("RuleNumber").into(),
            action: value.get("RuleAction").into(),
            egress,
            cidr: cidr.into(),
            at: value.span,
            cidr_at: cidr.map_or(value.span, |cidr| cidr.span),
        };
        let rule = entry.rule(cx);
        rules.extend(rule.map(|rule| Rule { doubt: rule.doubt.or_else(|| open.cloned().map(Box::new)), ..rule }));
    }
    rules
}
