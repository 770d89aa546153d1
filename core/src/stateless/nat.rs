//! What a NAT gateway needs of the ACL around its subnet: both legs of each connection pass it, there and back (AWS VPC User
//! Guide, "NAT gateways" and "Ephemeral ports": a NAT gateway uses ports 1024-65535).

use super::flows;
use crate::exposure::Evaluation;
use crate::model::{Direction, Policy};
use crate::space::{AddressSet, PortSet, public};

/// One way that packets take through the subnet of a NAT gateway.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leg {
    /// From the private subnets, with the request.
    RequestIn,
    /// To the internet, with the request.
    RequestOut,
    /// From the internet, with the reply.
    ReplyIn,
    /// To the private subnets, with the reply.
    ReplyOut,
}

/// A leg on which packets are dropped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// Which.
    pub leg: Leg,
    /// The ports that are dropped for some of the other ends.
    pub ports: PortSet,
    /// Those other ends.
    pub ends: AddressSet,
}

/// The legs of TCP connections that an ACL drops in the subnet of a NAT gateway; `clients` are the addresses of the subnets that
/// use it, and requests are those to port 443, which nobody commonly does without. `None` where the ACL is too intricate.
pub fn broken_legs(policy: &Policy, evaluation: &Evaluation<'_>, clients: &AddressSet) -> Option<Vec<Broken>> {
    let https = PortSet::run(443, 443);
    let gateway = PortSet::run(1024, u16::MAX);
    let internet = AddressSet { v4: public().v4.clone(), ..AddressSet::empty() };
    let legs = [
        (Leg::RequestIn, Direction::Ingress, clients, &https),
        (Leg::RequestOut, Direction::Egress, &internet, &https),
        (Leg::ReplyIn, Direction::Ingress, &internet, &gateway),
        (Leg::ReplyOut, Direction::Egress, clients, &gateway),
    ];
    let mut broken = Vec::new();
    for (leg, direction, ends, needed) in legs {
        let mut left = ends.clone();
        let (mut ports, mut dropped) = (PortSet::empty(), AddressSet::empty());
        for flow in flows(policy, evaluation, direction, 6, false)? {
            let here = flow.addresses.intersection(ends);
            let missing = needed.difference(&flow.ports);
            left = left.difference(&flow.addresses);
            if !here.is_empty() && !missing.is_empty() {
                ports = ports.union(&missing);
                dropped = dropped.union(&here);
            }
        }
        if !left.is_empty() {
            ports = needed.clone();
            dropped = dropped.union(&left);
        }
        if !dropped.is_empty() {
            broken.push(Broken { leg, ports, ends: dropped });
        }
    }
    Some(broken)
}
