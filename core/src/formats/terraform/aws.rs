//! Firewall resources of the AWS provider.
//!
//! What is particular to it (provider documentation): a group without `egress` has none, since Terraform removes the rule
//! that EC2 adds; `aws_default_security_group` and `aws_default_network_acl` take over what exists and clear it first.

mod acls;
mod lists;
mod peers;
mod rules;

use lists::{Lists, is_reference};

use super::Resource;
use crate::formats::Read;
use crate::formats::cx::Cx;
use crate::formats::value::{Kind, Value};
use crate::model::{Direction, Policy, PolicyKind, Rule};

pub(super) fn read(resources: &[Resource], cx: &mut Cx<'_>, emit: &mut dyn FnMut(Read)) {
    let lists = Lists::of(resources, cx, emit);
    groups(resources, &lists, cx, emit);
    acls::read(resources, cx, emit);
}

fn groups(resources: &[Resource], lists: &Lists, cx: &mut Cx<'_>, emit: &mut dyn FnMut(Read)) {
    let is_group = |resource: &&Resource| matches!(resource.kind.as_str(), "aws_security_group" | "aws_default_security_group");
    let mut policies: Vec<Policy> = Vec::new();
    for group in resources.iter().filter(is_group) {
        let own = group.arguments.text_of("id").unwrap_or(&group.address);
        let mut made: Vec<Rule> = Vec::new();
        for (name, direction) in [("ingress", Direction::Ingress), ("egress", Direction::Egress)] {
            for fields in group.arguments.items_of(name) {
                made.append(&mut rules::block(fields, direction, own, lists, cx));
            }
        }
        policies.push(policy(group, PolicyKind::AwsSecurityGroup, made, cx));
    }
    let listed = policies.len();
    let is_rule = |resource: &&Resource| {
        matches!(
            resource.kind.as_str(),
            "aws_security_group_rule" | "aws_vpc_security_group_ingress_rule" | "aws_vpc_security_group_egress_rule"
        )
    };
    for rule in resources.iter().filter(is_rule) {
        attached(&mut policies, rule, "security_group_id", PolicyKind::AwsSecurityGroup, cx, |policy, at, cx| {
            let own = policy.id.as_deref().or(policy.address.as_deref()).unwrap_or_default().to_owned();
            if at < listed && policy.rules.iter().any(|rule| rule.address.is_none()) {
                acls::mixed(rule, cx);
            }
            policy.rules.append(&mut rules::resource(rule, &own, lists, cx));
        });
    }
    policies.into_iter().for_each(|policy| emit(Read::Policy { policy, again: None }));
}

/// A policy of a resource.
fn policy(resource: &Resource, kind: PolicyKind, rules: Vec<Rule>, cx: &Cx<'_>) -> Policy {
    let text = |name: &str| resource.arguments.text_of(name).filter(|text| !text.is_empty());
    let tag = resource.arguments.path(&["tags", "Name"]).and_then(Value::text);
    let default = (resource.kind == "aws_default_security_group").then_some("default");
    Policy {
        kind,
        id: text("id").map(Into::into),
        name: text("name").or(default).or(tag).map(Into::into),
        address: Some(resource.address.as_str().into()),
        at: cx.place(resource.at),
        rules,
        partial: false,
    }
}

/// Finds the policy that a rule of its own belongs to, or makes one that says it is a part of something that is not here.
fn attached(
    policies: &mut Vec<Policy>,
    rule: &Resource,
    owner: &str,
    kind: PolicyKind,
    cx: &mut Cx<'_>,
    add: impl FnOnce(&mut Policy, usize, &mut Cx<'_>),
) {
    let value = rule.arguments.some(owner);
    let belongs = |policy: &Policy| is_reference(value, policy.address.as_deref().unwrap_or_default(), policy.id.as_deref());
    let at = policies.iter().position(belongs).unwrap_or_else(|| {
        let mut part = policy(rule, kind, Vec::new(), cx);
        part.partial = true;
        part.name = None;
        (part.id, part.address) = match value.map(|value| &value.kind) {
            Some(Kind::Reference(address)) => (None, Some(address.as_str().into())),
            Some(Kind::Text(id)) => (Some(id.as_str().into()), None),
            Some(Kind::Unknown(missing)) => (None, Some(missing.name.clone())),
            _ => (None, Some(rule.address.as_str().into())),
        };
        cx.warn(rule.at, "the other rules of what this rule belongs to are not in this text; paste them along for the whole picture");
        policies.push(part);
        policies.len().saturating_sub(1)
    });
    if let Some(policy) = policies.get_mut(at) {
        add(policy, at, cx);
    }
}
