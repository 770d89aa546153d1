//! Messages about connections that have to pass beside them.

use super::flows::flows;
use super::mend::{Line, Numbers, allow};
use crate::exposure::Evaluation;
use crate::model::{Direction, Policy};
use crate::space::{AddressSet, IntervalSet, public};

/// A message that routers on the internet send, and that is dropped in one direction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Silenced {
    /// Which way it would go.
    pub direction: Direction,
    /// ICMP or ICMPv6.
    pub protocol: u8,
    /// Whether the message of traceroute is dropped there as well.
    pub traceroute_too: bool,
    /// The rules that let it pass.
    pub mend: Vec<Line>,
}

/// ICMP, its "fragmentation needed" (RFC 792, RFC 1191), and its "time to live exceeded".
const V4: (u8, u16, u16) = (1, u16::from_be_bytes([3, 4]), u16::from_be_bytes([11, 0]));
/// ICMPv6, its "packet too big" (RFC 8201), and its "hop limit exceeded".
const V6: (u8, u16, u16) = (58, u16::from_be_bytes([2, 0]), u16::from_be_bytes([3, 0]));

/// The directions in which path-MTU discovery fails, for each family in which TCP connections with public addresses pass.
pub fn silenced(policy: &Policy, evaluation: &Evaluation<'_>) -> Vec<Silenced> {
    let mut found = Vec::new();
    if !policy.kind.is_stateless() || policy.partial || evaluation.exhausted {
        return found;
    }
    let v4 = AddressSet { v4: public().v4.clone(), v6: IntervalSet::empty() };
    let v6 = AddressSet { v4: IntervalSet::empty(), v6: public().v6.clone() };
    for ((protocol, too_big, exceeded), family) in [(V4, v4), (V6, v6)] {
        let talks = [Direction::Ingress, Direction::Egress].into_iter().filter_map(|way| flows(policy, evaluation, way, 6, true));
        if !talks.flatten().any(|flow| flow.addresses.intersects(&family)) {
            continue;
        }
        for direction in [Direction::Ingress, Direction::Egress] {
            let (Some(possible), Some(certain)) =
                (flows(policy, evaluation, direction, protocol, false), flows(policy, evaluation, direction, protocol, true))
            else {
                continue;
            };
            let left = |message: u16| {
                let pass = possible.iter().filter(|flow| flow.ports.contains(message));
                pass.fold(family.clone(), |left, flow| left.difference(&flow.addresses))
            };
            let missing = left(too_big);
            if missing.is_empty() {
                continue;
            }
            let open = certain.iter().filter(|flow| flow.ports.contains(too_big));
            // The message is harmless from wherever it comes, so the rule may name everyone.
            let mut free = open.fold(AddressSet::full().difference(&family), |all, flow| all.union(&flow.addresses));
            (free.v4, free.v6) = if protocol == 1 { (free.v4, IntervalSet::empty()) } else { (IntervalSet::empty(), free.v6) };
            let mend = allow(policy, &mut Numbers::of(policy, direction), protocol, (too_big, too_big), &missing, &free);
            found.push(Silenced { direction, protocol, traceroute_too: !left(exceeded).is_empty(), mend });
        }
    }
    found
}
