//! A ruleset put together as one policy of both families.
//!
//! A family of which nothing was pasted is unknown: the kernel filters each by rules of its own, and lets in what no rule
//! speaks of.

use super::chains::Ruleset;
use super::flatten::flatten;
use super::matches::{Match, V4, V6, family};
use crate::formats::cx::Cx;
use crate::model::{Direction, Local, Origin, Place, Policy, PolicyKind, Rule, Span, Unresolved};
use crate::sorting::sort_unique;
use crate::space::{AddressSet, PortSet};

/// What a text is called and does not show.
pub(super) struct Frame<'f> {
    /// The policy's name.
    pub(super) name: String,
    /// Where it stands.
    pub(super) at: Span,
    /// How the rules of a family that was not pasted are called, IPv4 first, such as `the IPv4 rules (iptables-save)`.
    pub(super) missing: [&'f str; 2],
}

/// The policy of a ruleset.
pub(super) fn policy(ruleset: &Ruleset, frame: Frame<'_>, cx: &mut Cx<'_>) -> Policy {
    let (mut rules, seen) = flatten(ruleset, Direction::Ingress, cx);
    let (outgoing, seen_out) = flatten(ruleset, Direction::Egress, cx);
    rules.extend(outgoing);
    for (which, missing) in [V4, V6].into_iter().zip(frame.missing) {
        let all = family(which);
        if !seen.intersects(&all) {
            cx.warn(frame.at, format!("{missing} were not pasted, so what comes in there is unknown"));
            let missing = Unresolved { name: missing.into(), would_settle: missing.into() };
            // Where incoming packets are filtered and outgoing ones by no chain, these go out.
            rules.extend(whole(&all, Direction::Ingress, Some(missing.clone()), cx.place(frame.at)));
            rules.extend(whole(&all.difference(&seen_out), Direction::Egress, Some(missing), cx.place(frame.at)));
        } else {
            rules.extend(whole(&all.difference(&seen_out), Direction::Egress, None, cx.place(frame.at)));
        }
    }
    number(&mut rules);
    bound(&mut rules, frame.at, cx);
    Policy {
        kind: PolicyKind::HostFirewall,
        id: None,
        name: Some(frame.name.into()),
        address: None,
        at: cx.place(frame.at),
        rules,
        partial: false,
    }
}

/// Rules that let everything of some families pass, in a layer behind all others.
fn whole(families: &AddressSet, direction: Direction, doubt: Option<Unresolved>, at: Place) -> Vec<Rule> {
    let everything = Match { doubt, ..Match::all(families.clone()) };
    let mut rules = if families.is_empty() { Vec::new() } else { everything.rules(direction, at) };
    for rule in &mut rules {
        rule.layer = u16::MAX;
        rule.origin = Origin::Stock;
    }
    rules
}

/// The running number of each rule is its priority. One line that makes several rules can't be removed rule by rule, so none
/// of them is told to be spare.
pub(super) fn number(rules: &mut [Rule]) {
    let mut places: Vec<Span> = rules.iter().map(|rule| rule.at.span).collect();
    sort_unique(&mut places);
    let mut times: Vec<u32> = vec![0; places.len()];
    let slot = |span: &Span| places.binary_search(span).ok();
    for rule in rules.iter() {
        if let Some(count) = slot(&rule.at.span).and_then(|at| times.get_mut(at)) {
            *count = count.saturating_add(1);
        }
    }
    for (rule, number) in rules.iter_mut().zip(1_u32..) {
        rule.priority = Some(number);
        let several = slot(&rule.at.span).and_then(|at| times.get(at)).is_some_and(|count| *count > 1);
        if several && rule.origin == Origin::Written {
            rule.origin = Origin::Implied;
        }
    }
}

/// How many different own addresses, and sets of source ports, rules may ask for: each is a part of its own to be judged.
const PARTS: usize = 100;

/// Beyond the bound a rule is in doubt: it matches at most what it would without that condition.
fn bound(rules: &mut [Rule], at: Span, cx: &mut Cx<'_>) {
    let mut locals: Vec<AddressSet> = Vec::new();
    let mut ports: Vec<PortSet> = Vec::new();
    let mut beyond = false;
    for rule in rules {
        let missing =
            || Some(Box::new(Unresolved { name: "a condition beyond the first hundred".into(), would_settle: "fewer of them".into() }));
        if let Local::Addresses(set) = &rule.local
            && !known(&mut locals, set)
        {
            (rule.local, rule.doubt, beyond) = (Local::Any, missing(), true);
        }
        if let Some(set) = &rule.source_ports
            && !known(&mut ports, set)
        {
            (rule.source_ports, rule.doubt, beyond) = (None, missing(), true);
        }
    }
    if beyond {
        cx.error(at, "these rules ask for more than a hundred addresses of the host or source ports; the rest of them counts as unknown");
    }
}

/// Whether a set is among the first hundred.
fn known<T: PartialEq + Clone>(sets: &mut Vec<T>, set: &T) -> bool {
    if sets.contains(set) {
        return true;
    }
    let room = sets.len() < PARTS;
    if room {
        sets.push(set.clone());
    }
    room
}
