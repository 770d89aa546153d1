//! What someone answers for: a thing that is open on purpose, as a baseline states it.

mod date;

pub use date::Date;

use super::{Direction, Place, Policy, Protocol};
use crate::space::{AddressSet, PortSet};

/// One thing that is open on purpose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Approval {
    /// A policy's id, name or address; `*` stands for any run of letters.
    pub policy: Box<str>,
    /// Which way.
    pub direction: Direction,
    /// Which protocol; any covers them all.
    pub protocol: Protocol,
    /// Which ports, or `type * 256 + code` for ICMP.
    pub ports: PortSet,
    /// Which addresses.
    pub sources: AddressSet,
    /// Which groups, tags or services, by the names that rules use.
    pub groups: Vec<Box<str>>,
    /// Why.
    pub justification: Box<str>,
    /// Who answers for it.
    pub owner: Option<Box<str>>,
    /// The last day on which it holds.
    pub review: Option<Date>,
    /// Where it stands.
    pub at: Place,
}

impl Approval {
    /// Whether it speaks of a policy.
    pub fn names(&self, policy: &Policy) -> bool {
        let called = [policy.id.as_deref(), policy.name.as_deref(), policy.address.as_deref()];
        called.into_iter().flatten().any(|name| fits(&self.policy, name)) || &*self.policy == "*"
    }

    /// The justification with its owner and review date, as it explains a verdict.
    pub fn because(&self) -> String {
        let owner = self.owner.as_deref().map(|owner| format!("owner {owner}"));
        let review = self.review.map(|date| format!("review by {date}"));
        let more: Vec<String> = owner.into_iter().chain(review).collect();
        if more.is_empty() { self.justification.to_string() } else { format!("{} ({})", self.justification, more.join(", ")) }
    }
}

/// Whether the whole of `name` fits a pattern in which `*` stands for any run of letters.
fn fits(pattern: &str, name: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = name.strip_prefix(parts.next().unwrap_or_default()) else { return false };
    let Some(last) = parts.next_back() else { return rest.is_empty() };
    for part in parts {
        // The first place where a part stands leaves the most to the others.
        let Some((_, behind)) = rest.split_once(part) else { return false };
        rest = behind;
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn patterns_fit_whole_names() {
        for (pattern, name, expected) in [
            ("web", "web", true),
            ("web", "web-1", false),
            ("web-*", "web-1", true),
            ("*-web", "a-web", true),
            ("*", "anything", true),
            ("a*b*c", "axxbyyc", true),
            ("a*b*c", "axxcyyb", false),
            ("a*a", "a", false),
            ("", "", true),
        ] {
            assert_eq!(fits(pattern, name), expected, "{pattern} {name}");
        }
    }
}
