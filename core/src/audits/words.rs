//! How findings name rules.

use crate::model::{Policy, Rule};

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
