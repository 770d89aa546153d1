//! Names that are asked for over one transport only.

use super::flows::{Flow, flows};
use crate::exposure::Evaluation;
use crate::model::{Direction, Policy};
use crate::space::{AddressSet, documentation, public};

/// Outside resolvers that can be reached over one transport and not over the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OneTransport {
    /// The transport that passes.
    pub open: u8,
    /// The one that does not.
    pub closed: u8,
    /// The resolvers, public ones.
    pub resolvers: AddressSet,
}

const DNS: u16 = 53;
/// From so many ports on a rule is for everything, not for names.
const MANY: u128 = 1_000;

/// The public addresses to which DNS passes over one transport only: an answer that does not fit is asked for again over TCP
/// (RFC 7766). The resolver of the VPC is not filtered by network ACLs, so it needs none of this (AWS VPC User Guide).
pub fn one_transport(policy: &Policy, evaluation: &Evaluation<'_>) -> Option<OneTransport> {
    let outside = public().union(documentation());
    let asked = |flow: &&Flow| flow.ports.contains(DNS) && flow.ports.count() < MANY;
    let reached = |protocol: u8, certain: bool, pick: &dyn Fn(&&Flow) -> bool| {
        let found = flows(policy, evaluation, Direction::Egress, protocol, certain)?;
        Some(found.iter().filter(pick).fold(AddressSet::empty(), |all, flow| all.union(&flow.addresses)).intersection(&outside))
    };
    [(17, 6), (6, 17)].into_iter().find_map(|(open, closed)| {
        let resolvers = reached(open, true, &asked)?.difference(&reached(closed, false, &|flow| flow.ports.contains(DNS))?);
        (!resolvers.is_empty()).then_some(OneTransport { open, closed, resolvers })
    })
}
