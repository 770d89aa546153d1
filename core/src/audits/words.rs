//! How findings name rules, addresses and ports.

use super::Subject;
use crate::exposure::Sources;
use crate::model::{Policy, Protocol, Rule};
use crate::space::{AddressSet, PortSet, unusable};
use crate::stateless::{Line, cover};

/// So many rules are named; the others are counted.
const NAMED: usize = 12;

/// Rules by what people call them: `rule 100`, `rules 100, 110 and 2 more`.
pub(super) fn listed(policy: &Policy, rules: &[u32]) -> String {
    let of = |i: &u32| policy.rules.get(usize::try_from(*i).ok()?);
    let names: Vec<String> = rules.iter().take(NAMED).filter_map(|i| of(i).map(name)).collect();
    let more = rules.len().saturating_sub(NAMED);
    let numbered = rules.iter().filter_map(of).all(|rule| rule.name.is_none() && rule.priority.is_some());
    let word = match (numbered, rules.len()) {
        (false, _) => "",
        (true, 1) => "rule ",
        (true, _) => "rules ",
    };
    let list = match names.as_slice() {
        _ if more > 0 => format!("{} and {more} more", names.join(", ")),
        [rest @ .., last] if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => names.concat(),
    };
    format!("{word}{list}")
}

/// Its name, else its number, else its identifier or address, else what it speaks of.
fn name(rule: &Rule) -> String {
    match (rule.name.as_deref(), rule.priority, rule.id.as_deref().or(rule.address.as_deref())) {
        (Some(name), ..) => format!("`{name}`"),
        (None, Some(number), _) => number.to_string(),
        (None, None, Some(id)) => format!("`{id}`"),
        (None, None, None) => format!("the rule for {} and {}", rule.protocol, rule.peer),
    }
}

/// Addresses: as prefixes where these are few, else by their width.
pub(super) fn who(subject: &Subject<'_>, peers: &AddressSet) -> String {
    let width = subject.judge.width(&Sources::new(peers.clone(), Vec::new()));
    let few = !width.is_internet_v4() && !width.is_internet_v6();
    match cover(peers, unusable()).as_slice() {
        nets @ ([_] | [_, _] | [_, _, _]) if few => nets.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
        _ => width.describe(),
    }
}

/// Ports with their protocol: `22, 80-90/tcp`, at most a few.
pub(super) fn ports(set: &PortSet, protocol: u8) -> String {
    let one = |(first, last): &(u16, u16)| if first == last { first.to_string() } else { format!("{first}-{last}") };
    let runs: Vec<String> = set.runs().iter().take(NAMED).map(one).collect();
    let more = if set.runs().len() > NAMED { " and more" } else { "" };
    format!("{}{more}/{}", runs.join(", "), Protocol::Number(protocol))
}

/// The advice to add rules.
pub(super) fn add(lines: &[Line]) -> String {
    let told: Vec<String> = lines.iter().take(NAMED).map(|line| format!("`{line}`")).collect();
    let more = match lines.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(", and {more} more like them"),
    };
    match lines {
        [] => String::new(),
        [_] => format!("Add {}.", told.concat()),
        _ => format!("Add {}{more}.", told.join(", ")),
    }
}
