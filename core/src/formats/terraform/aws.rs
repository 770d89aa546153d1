//! Firewall resources of the AWS provider.
//!
//! What is particular to it (provider documentation): a group without `egress` has none, since Terraform removes the rule
//! that EC2 adds; `aws_default_security_group` and `aws_default_network_acl` take over what exists and clear it first.

mod acls;
mod lists;
mod network;
mod peers;
mod rules;

use std::collections::HashMap;

use lists::Lists;

use super::Resource;
use crate::formats::Read;
use crate::formats::cx::Cx;
use crate::formats::value::{Kind, Value};
use crate::model::{Direction, Policy, PolicyKind, Rule};

pub(super) fn read(resources: &[Resource], cx: &mut Cx<'_>, emit: &mut dyn FnMut(Read)) {
    let lists = Lists::of(resources, cx, emit);
    groups(resources, &lists, cx, emit);
    acls::read(resources, cx, emit);
    network::read(resources, cx, emit);
}

fn groups(resources: &[Resource], lists: &Lists, cx: &mut Cx<'_>, emit: &mut dyn FnMut(Read)) {
    let is_group = |resource: &&Resource| matches!(resource.kind.as_str(), "aws_security_group" | "aws_default_security_group");
    let mut policies = Policies::new(PolicyKind::AwsSecurityGroup, "security_group_id");
    for group in resources.iter().filter(is_group) {
        let own = group.arguments.text_of("id").unwrap_or(&group.address);
        let mut made: Vec<Rule> = Vec::new();
        for (name, direction) in [("ingress", Direction::Ingress), ("egress", Direction::Egress)] {
            for fields in group.arguments.items_of(name) {
                made.append(&mut rules::block(fields, direction, own, lists, cx));
            }
        }
        policies.add(group, made, cx);
    }
    let is_rule = |resource: &&Resource| {
        matches!(
            resource.kind.as_str(),
            "aws_security_group_rule" | "aws_vpc_security_group_ingress_rule" | "aws_vpc_security_group_egress_rule"
        )
    };
    for rule in resources.iter().filter(is_rule) {
        let at = policies.of(rule, cx);
        let own = policies.name(at);
        let made = rules::resource(rule, &own, lists, cx);
        policies.attach(at, rule, made, cx);
    }
    policies.emit(emit);
}

/// Policies that rules of their own can be attached to.
struct Policies {
    kind: PolicyKind,
    /// The argument of a rule that says what it belongs to.
    owner: &'static str,
    policies: Vec<Policy>,
    /// Where each of them is, by address and by id.
    named: HashMap<String, usize>,
    /// So many of them are resources; the others are parts of something that is not in the text.
    whole: usize,
}

impl Policies {
    fn new(kind: PolicyKind, owner: &'static str) -> Self {
        Self { kind, owner, policies: Vec::new(), named: HashMap::new(), whole: 0 }
    }

    /// Adds a resource with the rules inside it; all of them come before the first rule is attached.
    fn add(&mut self, resource: &Resource, rules: Vec<Rule>, cx: &Cx<'_>) {
        let text = |name: &str| resource.arguments.text_of(name).filter(|text| !text.is_empty());
        let tag = resource.arguments.path(&["tags", "Name"]).and_then(Value::text);
        let default = (resource.kind == "aws_default_security_group").then_some("default");
        self.push(Policy {
            kind: self.kind,
            id: text("id").map(Into::into),
            name: text("name").or(default).or(tag).map(Into::into),
            address: Some(resource.address.as_str().into()),
            at: cx.place(resource.at),
            rules,
            partial: false,
        });
        self.whole = self.policies.len();
    }

    fn push(&mut self, policy: Policy) -> usize {
        let at = self.policies.len();
        for name in [&policy.address, &policy.id].into_iter().flatten() {
            self.named.entry(name.to_string()).or_insert(at);
        }
        self.policies.push(policy);
        at
    }

    /// The policy that a rule belongs to; one that is not in the text is made, and says that it is a part.
    fn of(&mut self, rule: &Resource, cx: &mut Cx<'_>) -> usize {
        let (name, is_id) = match rule.arguments.some(self.owner).map(|value| &value.kind) {
            Some(Kind::Text(id)) => (id.as_str(), true),
            Some(Kind::Reference(address)) => (address.as_str(), false),
            // One name that is not known stands for one thing.
            Some(Kind::Unknown(missing)) => (&*missing.name, false),
            _ => (rule.address.as_str(), false),
        };
        if let Some(at) = self.named.get(name) {
            return *at;
        }
        cx.warn(rule.at, "the other rules of what this rule belongs to are not in this text; paste them along for the whole picture");
        let (id, address) = if is_id { (Some(name.into()), None) } else { (None, Some(name.into())) };
        let at = cx.place(rule.at);
        self.push(Policy { kind: self.kind, id, name: None, address, at, rules: Vec::new(), partial: true })
    }

    /// What peers would call a policy.
    fn name(&self, at: usize) -> String {
        let policy = self.policies.get(at);
        policy.and_then(|policy| policy.id.as_deref().or(policy.address.as_deref())).unwrap_or_default().to_owned()
    }

    fn attach(&mut self, at: usize, from: &Resource, rules: Vec<Rule>, cx: &mut Cx<'_>) {
        let Some(policy) = self.policies.get_mut(at) else { return };
        if policy.id.is_some() {
            // Once applied, the resource shows all of its rules, also those that were made beside it.
            let same = |known: &Rule, rule: &Rule| rule.priority == known.priority && rule.same_effect(known);
            policy.rules.retain(|known| known.address.is_some() || !rules.iter().any(|rule| same(known, rule)));
        } else if at < self.whole && inside(policy).any(|own| rules.iter().any(|rule| rule.direction == own.direction)) {
            // Provider documentation: both ways at once overwrite each other.
            cx.warn(from.at, "rules inside the resource and rules beside it overwrite each other when applied; both are judged here");
        }
        policy.rules.extend(rules);
    }

    fn emit(self, emit: &mut dyn FnMut(Read)) {
        self.policies.into_iter().for_each(|policy| emit(Read::Policy { policy, again: None }));
    }
}

/// The rules inside the resource; those beside it come after them.
fn inside(policy: &Policy) -> impl Iterator<Item = &Rule> {
    policy.rules.iter().take_while(|rule| rule.address.is_none())
}
