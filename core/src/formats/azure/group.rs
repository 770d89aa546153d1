//! A network security group put together: its own rules, those that stand elsewhere in the text, and the six that every
//! group has.

use std::ops::Range;

use super::rule::{self, Open};
use crate::formats::cx::Cx;
use crate::formats::value::{Kind, Value};
use crate::model::{Action, Direction, Origin, Place, Policy, PolicyKind, Rule, Span, Unresolved};
use crate::sorting::sort_by_key;

/// A group to which rules are added.
pub(in crate::formats) struct Group {
    policy: Policy,
    /// Direction, priority and place of each written rule.
    taken: Vec<(Direction, u32, Span)>,
    /// Rules whose priority is not known, and their places.
    open: Vec<(Range<usize>, Open, Span)>,
}

impl Group {
    /// A group without rules.
    pub(in crate::formats) fn new(name: Option<&str>, at: Place) -> Self {
        let policy = Policy {
            kind: PolicyKind::AzureNetworkSecurityGroup,
            id: None,
            name: name.filter(|name| !name.is_empty()).map(Into::into),
            address: None,
            at,
            rules: Vec::new(),
            partial: false,
        };
        Self { policy, taken: Vec::new(), open: Vec::new() }
    }

    /// A group as the API has it, with its fields under `properties` or beside its name.
    pub(in crate::formats) fn read(value: &Value, cx: &mut Cx<'_>) -> Self {
        let fields = value.some("properties").unwrap_or(value);
        let name = value.some("name").or_else(|| fields.some("name"));
        let name = name.and_then(|name| name.text().or_else(|| name.missing().map(|missing| &*missing.name)));
        let mut group = Self::new(name, cx.place(value));
        group.policy.id = value.text_of("id").filter(|id| !id.is_empty()).map(Into::into);
        if let Kind::Unknown(missing) = &fields.kind {
            group.unknown(missing, fields.span, cx);
        }
        // `security_rule` is Terraform's name for it.
        for list in ["securityRules", "securityRule"].iter().filter_map(|key| fields.some(key)) {
            group.rules(list, cx);
        }
        let written = group.policy.rules.len();
        if let Some(list) = fields.some("defaultSecurityRules") {
            group.rules(list, cx);
        }
        group.policy.rules.iter_mut().skip(written).for_each(|rule| rule.origin = Origin::Stock);
        group
    }

    /// How the text that names it spells it.
    pub(in crate::formats) fn addressed(mut self, address: &str) -> Self {
        self.policy.address = Some(address.into());
        self
    }

    /// The text shows only a part of its rules.
    pub(in crate::formats) const fn partial(mut self) -> Self {
        self.policy.partial = true;
        self
    }

    /// Where it stands, if not where its fields do.
    pub(in crate::formats) const fn standing_at(mut self, at: Place) -> Self {
        self.policy.at = at;
        self
    }

    /// The platform's identifier.
    pub(in crate::formats) fn with_id(mut self, id: Option<&str>) -> Self {
        self.policy.id = id.map(Into::into);
        self
    }

    /// What people call it.
    pub(in crate::formats) fn name(&self) -> Option<&str> {
        self.policy.name.as_deref()
    }

    /// A list of rules.
    pub(in crate::formats) fn rules(&mut self, list: &Value, cx: &mut Cx<'_>) {
        if let Kind::Unknown(missing) = &list.kind {
            return self.unknown(missing, list.span, cx);
        }
        for item in list.items() {
            // A list put together from lists.
            if item.is_list() {
                item.items().iter().filter(|item| !item.is_list()).for_each(|item| self.rule(item, None, None, cx));
            } else {
                self.rule(item, None, None, cx);
            }
        }
    }

    /// One rule; `address` where it is a resource of its own, `doubt` where it may not exist.
    pub(in crate::formats) fn rule(&mut self, value: &Value, address: Option<&str>, doubt: Option<&Unresolved>, cx: &mut Cx<'_>) {
        let (rules, open) = rule::read(value, cx);
        let first = self.policy.rules.len();
        match (open, rules.first().and_then(|rule| Some((rule.direction, rule.priority?)))) {
            (Some(open), _) => self.open.push((first..first.saturating_add(rules.len()), open, cx.span(value))),
            (None, Some((direction, priority))) => self.taken.push((direction, priority, cx.span(value))),
            (None, None) => {}
        }
        self.policy.rules.extend(rules.into_iter().map(|mut rule| {
            rule.address = address.map(Into::into);
            rule.doubt = rule.doubt.or_else(|| doubt.map(|missing| Box::new(missing.clone())));
            rule
        }));
    }

    fn unknown(&mut self, missing: &Unresolved, at: Span, cx: &Cx<'_>) {
        self.policy.rules.extend(rule::could_be_anything(missing, at, cx));
    }

    /// Makes the rules uncertain whose order is not known, unless it can't matter: where all written rules of a direction say
    /// the same, they stand before the rules that every group has in any order.
    fn order(&mut self, cx: &mut Cx<'_>) {
        if self.open.is_empty() {
            return;
        }
        let written = || self.policy.rules.iter().filter(|rule| rule.origin == Origin::Written);
        let agree = |direction: Direction| {
            let mut rules = written().filter(|rule| rule.direction == direction);
            let first = rules.clone().next().map(|rule| rule.action);
            rules.all(|rule| Some(rule.action) == first && rule.doubt.is_none())
        };
        let (inbound, outbound) = (agree(Direction::Ingress), agree(Direction::Egress));
        for (range, Open { missing, wrong }, at) in std::mem::take(&mut self.open) {
            let rules = self.policy.rules.get_mut(range).unwrap_or_default();
            let settled = rules
                .iter()
                .all(|rule| rule.origin == Origin::Written && if rule.direction == Direction::Ingress { inbound } else { outbound });
            if !settled {
                rules.iter_mut().filter(|rule| rule.doubt.is_none()).for_each(|rule| rule.doubt = Some(Box::new(missing.clone())));
            }
            match wrong {
                Some(wrong) if settled => {
                    cx.warn(at, format!("{wrong}; it is judged all the same, since all rules of its direction say the same"));
                }
                Some(wrong) => cx.error(at, format!("{wrong}; the rule counts as unknown")),
                None => {}
            }
        }
    }

    /// The policy, with the rules that every group has and that templates never show.
    pub(in crate::formats) fn finish(mut self, cx: &mut Cx<'_>) -> Policy {
        self.order(cx);
        sort_by_key(&mut self.taken, |(direction, priority, at)| (*direction, *priority, at.start));
        let mut rest = self.taken.iter();
        while let Some((direction, priority, _)) = rest.next() {
            if let Some((_, _, at)) = rest.as_slice().first().filter(|next| (next.0, next.1) == (*direction, *priority)) {
                cx.warn(
                    *at,
                    format!("the priority {priority} is taken by another rule of this direction; Azure will refuse one of the two"),
                );
            }
        }
        let mut policy = self.policy;
        for default in DEFAULTS {
            let there = |rule: &Rule| rule.direction == default.direction && rule.priority == Some(default.priority);
            if !policy.rules.iter().any(there) {
                policy.rules.push(default.rule(policy.at));
            }
        }
        policy
    }
}

/// A rule that every group has and no one can remove (Azure, default security rules).
struct Default {
    name: &'static str,
    direction: Direction,
    priority: u32,
    action: Action,
    peer: &'static str,
}

impl Default {
    fn rule(&self, at: Place) -> Rule {
        let peer = super::tags::peer(self.peer).unwrap_or(crate::model::Peer::Any);
        let mut rule = Rule::allow(self.direction, peer, at);
        rule.name = Some(self.name.into());
        rule.priority = Some(self.priority);
        rule.action = self.action;
        rule.origin = Origin::Implied;
        rule
    }
}

const fn default(name: &'static str, direction: Direction, priority: u32, action: Action, peer: &'static str) -> Default {
    Default { name, direction, priority, action, peer }
}

/// Their other sides are the virtual network or anything, which is whatever the group is attached to.
const DEFAULTS: [Default; 6] = [
    default("AllowVnetInBound", Direction::Ingress, 65_000, Action::Allow, "VirtualNetwork"),
    default("AllowAzureLoadBalancerInBound", Direction::Ingress, 65_001, Action::Allow, "AzureLoadBalancer"),
    default("DenyAllInBound", Direction::Ingress, 65_500, Action::Deny, "*"),
    default("AllowVnetOutBound", Direction::Egress, 65_000, Action::Allow, "VirtualNetwork"),
    default("AllowInternetOutBound", Direction::Egress, 65_001, Action::Allow, "Internet"),
    default("DenyAllOutBound", Direction::Egress, 65_500, Action::Deny, "*"),
];
