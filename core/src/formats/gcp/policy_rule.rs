//! Rules of firewall policies: hierarchical, global network and regional network ones.
//!
//! Compute API reference, `firewallPolicies`, and the Cloud NGFW documentation, "Firewall policy rules": a source is any of
//! ranges, secure tags, address groups, domain names, regions and threat lists; the network type narrows them all.

use super::placed::{Common, Head, Part, Placed, Target, direction, missing, open, placed, unknown_what};
use super::what::{everything, whats};
use super::{ends, names};
use crate::formats::cx::{Cx, Field, shown};
use crate::formats::value::Value;
use crate::model::{Action, Direction, Peer, Unresolved};

/// Whether a value is one.
pub(super) fn is_rule(value: &Value) -> bool {
    let Some(matches) = value.get("match").and_then(|matches| matches.items().first()) else { return false };
    let matches = matches.some("config").unwrap_or(matches);
    ["layer4Configs", "layer4Config", "srcIpRanges", "destIpRanges"].iter().any(|key| matches.get(key).is_some())
}

/// The rules that one of them comes to: one for each protocol.
pub(super) fn read(fields: &Value, head: Head<'_>, cx: &mut Cx<'_>) -> Vec<Placed> {
    let empty = Value::new(crate::formats::value::Kind::Null, head.at);
    let outer = fields.some("match").and_then(|matches| matches.items().first()).unwrap_or(&empty);
    // The first hierarchical policies kept their conditions one level deeper.
    let matches = outer.some("config").unwrap_or(outer);
    let (action, odd) = action(fields, cx);
    let mut common = common(fields, matches, head, cx);
    common.doubt = common.doubt.or(outer.missing().map(|missing| Box::new(missing.clone()))).or(odd);
    let configs = ["layer4Configs", "layer4Config"].into_iter().find_map(|key| matches.some(key));
    let mut whats = configs.map(|list| whats(list, cx)).unwrap_or_default();
    if whats.is_empty() && outer.is_null() {
        cx.error(head.at, "this rule has no `match`, so it is not known what it is about; it counts as unknown");
        whats.push(unknown_what("a rule without `match`", "the addresses and ports that the rule matches"));
    } else if whats.is_empty() {
        whats.push(everything());
    }
    let mut rules: Vec<Placed> = whats.into_iter().map(|what| placed(fields, head, &common, what, action, cx)).collect();
    prioritise(&mut rules, fields, head, cx);
    let tags = some_of(fields, ["targetSecureTags", "targetSecureTag"]);
    let ignored = tags.is_some_and(|tags| !ends::flat(tags).is_empty()) && ends::effective_tags(tags).is_empty();
    rules.iter_mut().for_each(|rule| rule.rule.disabled |= ignored);
    rules
}

fn prioritise(rules: &mut [Placed], fields: &Value, head: Head<'_>, cx: &mut Cx<'_>) {
    let value = fields.some("priority");
    let priority = value.and_then(Value::int).and_then(|number| u32::try_from(number).ok());
    if priority.is_none() && value.is_none_or(|value| value.missing().is_none()) {
        cx.error(
            value.map_or(head.at, |value| value.span),
            "a rule of a firewall policy needs a priority, a number from 0 up; it counts as unknown",
        );
    }
    let doubt = || value.map_or_else(|| missing("the priority of the rule", "a priority"), |value| open(value, "the priority of the rule"));
    for Placed { rule, .. } in rules.iter_mut() {
        rule.priority = priority;
        if priority.is_none() {
            rule.doubt = rule.doubt.take().or_else(|| Some(doubt()));
        }
    }
}

fn action(fields: &Value, cx: &mut Cx<'_>) -> (Action, Option<Box<Unresolved>>) {
    let Some(value) = fields.some("action") else {
        cx.error(fields, "this rule has no action; write allow, deny or goto_next; it counts as unknown");
        return (Action::Allow, Some(missing("a rule without an action", "allow, deny or goto_next")));
    };
    let Field::Text(word) = Field::from(Some(value)) else { return (Action::Allow, Some(open(value, "the action of the rule"))) };
    match word.to_ascii_lowercase().as_str() {
        // What is sent to inspection is let through unless it looks like an attack.
        "allow" | "apply_security_profile_group" => (Action::Allow, None),
        "deny" => (Action::Deny, None),
        "goto_next" => (Action::Next, None),
        _ => {
            cx.error(value, format!("`{}` is no action; write allow, deny or goto_next; the rule counts as unknown", shown(word)));
            (Action::Allow, Some(missing("an action that is not known", "allow, deny or goto_next")))
        }
    }
}

fn common(fields: &Value, matches: &Value, head: Head<'_>, cx: &mut Cx<'_>) -> Common {
    let (direction, mut doubt) = direction(fields, cx);
    let side = |names: [&str; 4]| -> Vec<Peer> {
        let [groups, domains, regions, threats] = names;
        let lists = [
            ends::opaque(matches.some(groups), "", "the address group"),
            ends::opaque(matches.some(domains), "", "the domain name"),
            ends::opaque(matches.some(regions), "region ", "the region"),
            ends::opaque(matches.some(threats), "threat list ", "the threat list"),
        ];
        lists.into_iter().flatten().collect()
    };
    let (sources, destinations) = (matches.some("srcIpRanges"), matches.some("destIpRanges"));
    let (mut from, mut to) = (ends::ranges(sources, cx), ends::ranges(destinations, cx));
    from.extend(side(["srcAddressGroups", "srcFqdns", "srcRegionCodes", "srcThreatIntelligences"]));
    to.extend(side(["destAddressGroups", "destFqdns", "destRegionCodes", "destThreatIntelligences"]));
    let (peers, own, written) = match direction {
        Direction::Ingress => {
            let tags = some_of(matches, ["srcSecureTags", "srcSecureTag"]);
            let living: Vec<Value> = ends::effective_tags(tags).into_iter().cloned().collect();
            let all_gone = living.is_empty() && tags.is_some_and(|tags| !ends::flat(tags).is_empty());
            from.extend(
                tags.map(|tags| Value::new(crate::formats::value::Kind::List(living), tags.span))
                    .iter()
                    .flat_map(|living| ends::members(Some(living))),
            );
            let kind = some_of(matches, ["srcNetworkType", "srcNetworkContext"]).or_else(|| matches.some("srcNetworkScope"));
            // With all of its tags gone the rule has no source left, which is not the same as having named none.
            let peers = if from.is_empty() && all_gone { from } else { ends::of_network_type(from, kind, matches.some("srcNetworks"), cx) };
            (peers, to, sources.or(tags))
        }
        Direction::Egress => {
            let kind = some_of(matches, ["destNetworkType", "destNetworkContext"]).or_else(|| matches.some("destNetworkScope"));
            (ends::of_network_type(to, kind, None, cx), from, destinations)
        }
    };
    let (local, unknown) = ends::local(&own, &peers);
    doubt = doubt.or(unknown);
    Common { direction, peers, local, at: written.map_or(head.at, |value| value.span), doubt, targets: targets(fields) }
}

/// Whom the rule protects: in these networks (hierarchical policies), and any of these tags or service accounts.
fn targets(fields: &Value) -> Vec<Target> {
    let tags = ends::labels(some_of(fields, ["targetSecureTags", "targetSecureTag"])).into_iter().map(|tag| format!("secure tag {tag}"));
    let accounts = ends::labels(fields.some("targetServiceAccounts")).into_iter().map(|account| format!("service account {account}"));
    let mut who: Vec<Part> = tags.chain(accounts).map(Part::Members).collect();
    if fields.text_of("targetType").is_some_and(|kind| kind.eq_ignore_ascii_case("INTERNAL_MANAGED_LB")) {
        who = vec![Part::Members("internal load balancers".to_owned())];
    }
    let network = |link: &String| Part::Network(names::last(link).to_owned());
    let within = either(ends::labels(fields.some("targetResources")).iter().map(network).collect());
    let who = either(who);
    within.iter().flat_map(|network| who.iter().map(|who| [network.as_slice(), who].concat())).collect()
}

/// Any of some parts, and everything where there are none.
fn either(parts: Vec<Part>) -> Vec<Target> {
    if parts.is_empty() { vec![Target::new()] } else { parts.into_iter().map(|part| vec![part]).collect() }
}

fn some_of<'v>(fields: &'v Value, names: [&str; 2]) -> Option<&'v Value> {
    names.into_iter().find_map(|name| fields.some(name))
}
