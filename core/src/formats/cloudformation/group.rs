//! `AWS::EC2::SecurityGroup` with its inline rules, and the rules that stand on their own (CloudFormation template reference).

use std::collections::HashMap;

use super::evaluate::Evaluator;
use super::peer;
use super::template::Resource;
use super::ways::Way;
use crate::formats::cx::shown;
use crate::formats::value::Kind;
use crate::model::{Direction, Origin, Peer, Policy, PolicyKind, Rule};

/// Reads the groups of a template, each with all of its rules.
pub(super) fn read(evaluator: &mut Evaluator<'_, '_, '_>) -> Vec<Policy> {
    let mut groups = Groups::default();
    let template = evaluator.template;
    for resource in template.resources.iter().filter(|resource| resource.kind == "AWS::EC2::SecurityGroup") {
        if let Some(before) = evaluator.enter(resource) {
            groups.add(resource, evaluator);
            evaluator.leave(before);
        }
    }
    for resource in &template.resources {
        let direction = match resource.kind {
            "AWS::EC2::SecurityGroupIngress" => Direction::Ingress,
            "AWS::EC2::SecurityGroupEgress" => Direction::Egress,
            _ => continue,
        };
        if let Some(before) = evaluator.enter(resource) {
            groups.attach(resource, direction, evaluator);
            evaluator.leave(before);
        }
    }
    groups.policies
}

#[derive(Default)]
struct Groups {
    policies: Vec<Policy>,
    /// By logical id, by name, and by whatever else a rule calls its group.
    by_name: HashMap<String, usize>,
}

impl Groups {
    fn add(&mut self, resource: &Resource<'_>, evaluator: &mut Evaluator<'_, '_, '_>) {
        let name = resource.property("GroupName").map(|name| evaluator.quietly(name)).and_then(|name| name.to_text());
        let mut rules = Vec::new();
        for (key, direction) in [("SecurityGroupIngress", Direction::Ingress), ("SecurityGroupEgress", Direction::Egress)] {
            let ways = resource.property(key).map(|raw| evaluator.items(raw)).unwrap_or_default();
            let sure = ways.iter().any(|way| way.conditions == evaluator.taken.len());
            rules.extend(ways.into_iter().flat_map(|way| rules_of(way, direction, evaluator)));
            if direction == Direction::Egress && !sure {
                rules.push(implied_egress(resource, rules.iter().any(|rule| rule.direction == direction), evaluator));
            }
        }
        let at = self.policies.len();
        self.by_name.insert(resource.name.to_owned(), at);
        if let Some(name) = &name {
            self.by_name.entry(name.clone()).or_insert(at);
        }
        self.policies.push(Policy {
            kind: PolicyKind::AwsSecurityGroup,
            id: None,
            name: name.map(Into::into),
            address: Some(resource.name.into()),
            at: evaluator.cx.place(resource.value),
            rules,
            partial: false,
        });
    }

    fn attach(&mut self, resource: &Resource<'_>, direction: Direction, evaluator: &mut Evaluator<'_, '_, '_>) {
        let Some(properties) = resource.properties() else {
            evaluator.cx.warn(resource.value, format!("the rule `{}` has no properties and does nothing", shown(resource.name)));
            return;
        };
        for way in evaluator.items(properties) {
            let of = ["GroupId", "GroupName"].iter().find_map(|key| way.value.some(key)).map(|group| group.kind.clone());
            let at = self.owner(of, resource, evaluator);
            let mut rules = rules_of(way, direction, evaluator);
            rules.iter_mut().for_each(|rule| rule.address = Some(resource.name.into()));
            if let Some(policy) = self.policies.get_mut(at) {
                policy.rules.extend(rules);
            }
        }
    }

    /// The policy a rule belongs to: its group in the template, else one under the name that the rule has for the group.
    fn owner(&mut self, group: Option<Kind>, resource: &Resource<'_>, evaluator: &mut Evaluator<'_, '_, '_>) -> usize {
        let (key, id, name) = match group {
            Some(Kind::Reference(name)) => (name.clone(), None, Some(name)),
            Some(Kind::Text(id)) => (id.clone(), Some(id), None),
            Some(Kind::Unknown(missing)) => (missing.name.to_string(), None, Some(missing.name.to_string())),
            _ => {
                evaluator.cx.error(resource.value, "this rule does not say which group it belongs to; it is judged by itself");
                (format!("\0{}", resource.name), None, None)
            }
        };
        if let Some(at) = self.by_name.get(&key) {
            return *at;
        }
        let at = self.policies.len();
        self.by_name.insert(key, at);
        self.policies.push(Policy {
            kind: PolicyKind::AwsSecurityGroup,
            // Without any name for the group the rule lends it its own.
            address: (id.is_none() && name.is_none()).then(|| resource.name.into()),
            id: id.map(Into::into),
            name: name.map(Into::into),
            at: evaluator.cx.place(resource.value),
            rules: Vec::new(),
            partial: true,
        });
        at
    }
}

fn rules_of(way: Way, direction: Direction, evaluator: &mut Evaluator<'_, '_, '_>) -> Vec<Rule> {
    let Way { value, doubt, .. } = way;
    let mut rules = peer::read(&value, direction, evaluator.cx);
    if let Some(doubt) = doubt {
        for rule in rules.iter_mut().filter(|rule| rule.doubt.is_none()) {
            rule.doubt = Some(Box::new(doubt.clone()));
        }
    }
    rules
}

/// A group without outbound rules gets one for everything (template reference, `SecurityGroupEgress`). `perhaps` says that an
/// open condition could still give it some.
fn implied_egress(resource: &Resource<'_>, perhaps: bool, evaluator: &Evaluator<'_, '_, '_>) -> Rule {
    let mut rule = Rule::allow(Direction::Egress, Peer::Any, evaluator.cx.place(resource.value));
    rule.origin = Origin::Implied;
    let open = evaluator.doubt();
    rule.doubt = open.map(Box::new);
    if perhaps && rule.doubt.is_none() {
        let missing = crate::model::Unresolved {
            name: "whether any outbound rule is made".into(),
            would_settle: "values for the parameters of the conditions".into(),
        };
        rule.doubt = Some(Box::new(missing));
    }
    rule
}
