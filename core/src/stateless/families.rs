//! IPv6 left open where IPv4 is limited: the twin that nobody thought of.

use super::flows::{Flow, flows};
use super::mend::ports_of;
use crate::exposure::{Evaluation, addresses};
use crate::model::{Action, Direction, Policy, Protocol, Rule};
use crate::space::{PortSet, public};

/// A direction in which IPv6 is open as a whole and IPv4 is not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wider {
    /// Which way.
    pub direction: Direction,
    /// The rules that open IPv6.
    pub rules: Vec<u32>,
    /// The rules that limit IPv4.
    pub beside: Vec<u32>,
}

/// The directions in which every TCP port is open to all of public IPv6, while rules for IPv4 leave something closed.
pub fn wider_in_ipv6(policy: &Policy, evaluation: &Evaluation<'_>) -> Vec<Wider> {
    let mut found = Vec::new();
    if policy.partial {
        return found;
    }
    for direction in [Direction::Ingress, Direction::Egress] {
        let (Some(certain), Some(possible)) =
            (flows(policy, evaluation, direction, 6, true), flows(policy, evaluation, direction, 6, false))
        else {
            continue;
        };
        let whole = |flow: &&Flow| PortSet::run(1, u16::MAX).is_subset(&flow.ports);
        let v6 = certain.iter().filter(whole).any(|flow| public().v6.is_subset(&flow.addresses.v6));
        let v4 = possible.iter().filter(whole).any(|flow| public().v4.is_subset(&flow.addresses.v4));
        let live = || policy.rules.iter().zip(&evaluation.effects).zip(0_u32..);
        let of = |pick: &dyn Fn(&Rule) -> bool| -> Vec<u32> {
            let here = live().filter(|((rule, effect), _)| rule.direction == direction && effect.matches_packets() && pick(rule));
            here.map(|(_, i)| i).collect()
        };
        let beside = of(&|rule| !addresses(&rule.peer).v4.is_empty());
        if v6 && !v4 && !beside.is_empty() {
            let tcp = |protocol| matches!(protocol, Protocol::Any | Protocol::TCP);
            let opens = |rule: &Rule| {
                rule.action == Action::Allow
                    && tcp(rule.protocol)
                    && ports_of(rule).intersects(&PortSet::run(1, u16::MAX))
                    && addresses(&rule.peer).v6.intersects(&public().v6)
            };
            found.push(Wider { direction, rules: of(&opens), beside });
        }
    }
    found
}
