//! VPC firewall rules, from the API, templates, plans and playbooks alike.
//!
//! Compute API reference, `firewalls`: the lowest priority decides and of equal ones a deny; a source is any of the ranges,
//! tags or service accounts; without any of them the rule is for everyone.

use super::ends;
use super::placed::{Common, Head, Part, Placed, Target, direction, open, placed, unknown_what};
use super::what::whats;
use crate::formats::cx::Cx;
use crate::formats::value::Value;
use crate::model::{Action, Direction, Peer};

/// What the API takes where no priority is given.
const PRIORITY: u32 = 1_000;

/// The rules of one firewall resource: one for each protocol that it allows or denies.
pub(super) fn read(fields: &Value, head: Head<'_>, cx: &mut Cx<'_>) -> Vec<Placed> {
    let common = common(fields, head, cx);
    let mut rules = Vec::new();
    for (action, list) in [(Action::Allow, some_of(fields, ["allowed", "allow"])), (Action::Deny, some_of(fields, ["denied", "deny"]))] {
        let whats = list.map(|list| whats(list, cx)).unwrap_or_default();
        rules.extend(whats.into_iter().map(|what| placed(fields, head, &common, what, action, cx)));
    }
    let denies = rules.iter().filter(|rule| rule.rule.action == Action::Deny).count();
    if rules.is_empty() {
        cx.error(head.at, "this rule neither allows nor denies anything; give it `allow` or `deny` with a protocol; it counts as unknown");
        let what = unknown_what("a rule without `allow` and `deny`", "what the rule allows or denies");
        rules.push(placed(fields, head, &common, what, Action::Allow, cx));
    } else if denies > 0 && denies < rules.len() {
        cx.warn(head.at, "this rule both allows and denies, which Google Cloud refuses; it is read as two rules");
    }
    prioritise(&mut rules, fields, cx);
    rules
}

fn prioritise(rules: &mut [Placed], fields: &Value, cx: &mut Cx<'_>) {
    let (mut priority, mut doubt) = (Some(PRIORITY), None);
    if let Some(value) = fields.some("priority").filter(|value| value.text() != Some("")) {
        priority = value.int().and_then(|number| u32::try_from(number).ok()).filter(|number| *number <= u32::from(u16::MAX));
        if priority.is_none() {
            if value.missing().is_none() {
                cx.error(value, "a priority is a number from 0 to 65535; the rule counts as unknown");
            }
            doubt = Some(open(value, "the priority of the rule"));
        }
    }
    for Placed { rule, .. } in rules {
        rule.priority = priority;
        rule.doubt = rule.doubt.take().or_else(|| doubt.clone());
    }
}

fn common(fields: &Value, head: Head<'_>, cx: &mut Cx<'_>) -> Common {
    let (direction, mut doubt) = direction(fields, cx);
    let (sources, destinations) = (fields.some("sourceRanges"), fields.some("destinationRanges"));
    let (from, to) = (ends::ranges(sources, cx), ends::ranges(destinations, cx));
    let (peers, own, written) = match direction {
        Direction::Ingress => {
            let mut peers = from;
            let named = [fields.some("sourceTags"), fields.some("sourceServiceAccounts")];
            for list in named {
                let members = ends::members(list);
                // Beside ranges a list of tags adds instances at most, whatever is in it.
                let filtered = !peers.is_empty();
                peers.extend(members.into_iter().filter(|member| !(filtered && matches!(member, Peer::Unresolved(_)))));
            }
            if peers.is_empty() {
                peers = ends::everyone_beside(&to);
            }
            (peers, to, sources.or_else(|| named.into_iter().flatten().next()))
        }
        Direction::Egress => (if to.is_empty() { ends::everyone_beside(&from) } else { to }, from, destinations),
    };
    let (local, unknown) = ends::local(&own, &peers);
    doubt = doubt.or(unknown);
    Common { direction, peers, local, at: written.map_or(head.at, |value| value.span), doubt, targets: targets(fields) }
}

/// Whom the rule protects; no tags and no service accounts is every instance.
fn targets(fields: &Value) -> Vec<Target> {
    let tags = ends::labels(fields.some("targetTags")).into_iter().map(|tag| vec![Part::Members(format!("tag {tag}"))]);
    let accounts = ends::labels(fields.some("targetServiceAccounts"))
        .into_iter()
        .map(|account| vec![Part::Members(format!("service account {account}"))]);
    let targets: Vec<Target> = tags.chain(accounts).collect();
    if targets.is_empty() { vec![Target::new()] } else { targets }
}

fn some_of<'v>(fields: &'v Value, names: [&str; 2]) -> Option<&'v Value> {
    names.into_iter().find_map(|name| fields.some(name).filter(|list| !ends::flat(list).is_empty()))
}
