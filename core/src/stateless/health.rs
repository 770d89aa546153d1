//! Private addresses shut out of a public service: a load balancer's own addresses are among them.

use super::clients::replies_among;
use super::flows::flows;
use super::mend::ports_of;
use crate::exposure::{Evaluation, addresses};
use crate::model::{Action, Direction, Policy, Protocol, Rule};
use crate::space::{AddressSet, PortSet, private, public};

/// Services that the internet may reach and private addresses may not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unchecked {
    /// The ports.
    pub services: PortSet,
    /// The private addresses that a deny shuts out.
    pub sources: AddressSet,
    /// The denies.
    pub denies: Vec<u32>,
}

/// The TCP services that at least half of the public IPv4 space may reach for certain and that denies close to private
/// addresses. A load balancer sends its requests and its health checks from private addresses of its subnets.
pub fn unchecked(policy: &Policy, evaluation: &Evaluation<'_>) -> Option<Unchecked> {
    let certain = flows(policy, evaluation, Direction::Ingress, 6, true)?;
    let possible = flows(policy, evaluation, Direction::Ingress, 6, false)?;
    let internet = certain.iter().filter(|flow| flow.addresses.intersection(public()).count_v4().saturating_mul(2) >= public().count_v4());
    let services = internet.fold(PortSet::empty(), |all, flow| all.union(&flow.ports.difference(&replies_among(&flow.ports))));
    if services.is_empty() {
        return None;
    }
    let served = possible.iter().filter(|flow| services.is_subset(&flow.ports));
    let closed = served.fold(private().clone(), |left, flow| left.difference(&flow.addresses));
    let speaks = |rule: &Rule| {
        rule.direction == Direction::Ingress
            && rule.action == Action::Deny
            && matches!(rule.protocol, Protocol::Any | Protocol::TCP)
            && ports_of(rule).intersects(&services)
            && addresses(&rule.peer).intersects(&closed)
    };
    let live = policy.rules.iter().zip(&evaluation.effects).zip(0_u32..);
    let denies: Vec<(u32, &Rule)> =
        live.filter(|((rule, effect), _)| effect.matches_packets() && speaks(rule)).map(|((rule, _), i)| (i, rule)).collect();
    let denied = denies.iter().fold(AddressSet::empty(), |all, (_, rule)| all.union(&addresses(&rule.peer)));
    let mut sources = denied.intersection(&closed);
    // The measure was taken in IPv4.
    sources.v6 = crate::space::IntervalSet::empty();
    if sources.is_empty() {
        return None;
    }
    Some(Unchecked { services, sources, denies: denies.into_iter().map(|(i, _)| i).collect() })
}
