//! The ACL that every subnet has which names no other, as the platform made it: it lets everything through.
//!
//! Which subnets use it stands beside the rules, so the review finds it; see [`crate::model::topology`].

use super::{Audit, Finding, Subject};
use crate::catalog::Severity;
use crate::exposure::{Exposure, Protocols};
use crate::model::Direction;

pub(crate) static AUDIT: Audit = Audit { id: "default-acl", document: include_str!("default_acl.md"), check: |_, _| {} };

/// So many subnets are named; the others are counted.
const NAMED: usize = 3;

/// The note about a default ACL that lets all of IPv4 through both ways; `subnets` are those that use it, by name.
pub(crate) fn finding(subject: &Subject<'_>, subnets: &[Box<str>]) -> Option<Finding> {
    let exposures = &subject.evaluation.exposures;
    let whole = |exposure: &Exposure| {
        exposure.protocols == Protocols::All && exposure.is_whole() && exposure.surely.addresses.v4.is_full() && !exposure.rules.is_empty()
    };
    let open = |direction| exposures.iter().find(|exposure| exposure.direction == direction && whole(exposure));
    let (inbound, outbound) = (open(Direction::Ingress)?, open(Direction::Egress)?);
    let rules = inbound.rules.iter().chain(&outbound.rules).copied().collect();
    let named = || subnets.iter().take(NAMED).map(|subnet| &**subnet).collect::<Vec<_>>().join(", ");
    let filtered = match (subnets.len(), subnets.len().saturating_sub(NAMED)) {
        (0, _) => "whatever subnet has no ACL of its own gets it".to_owned(),
        (1, _) => format!("{} uses it, so nothing is filtered at its border", named()),
        (_, 0) => format!("{} use it, so nothing is filtered at their borders", named()),
        (_, more) => format!("{} and {more} more subnets use it, so nothing is filtered at their borders", named()),
    };
    let message = format!("this default network ACL still lets everything through, both ways; {filtered}");
    Some(Finding { severity: Severity::Low, ..subject.note(&AUDIT, rules, message) })
}
