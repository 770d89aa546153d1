//! What a NAT gateway needs of the ACL around its subnet: both legs of each connection pass it, there and back (AWS VPC User
//! Guide, "NAT gateways" and "Ephemeral ports": a NAT gateway uses ports 1024-65535).

use super::clients::{any_client, replies_among};
use super::flows::{Flow, disjoint, flows};
use super::inner::{Inner, TRANSPORTS, cut};
use crate::exposure::Evaluation;
use crate::model::{Direction, Policy};
use crate::space::{AddressSet, PortSet, documentation, public};

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
    /// TCP or UDP.
    pub protocol: u8,
    /// The ports that are dropped for all of the other ends.
    pub ports: PortSet,
    /// Those other ends.
    pub ends: AddressSet,
}

/// A subnet whose machines reach the internet through a NAT gateway.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NatClient {
    /// Its addresses.
    pub addresses: AddressSet,
    /// What it asks for on the internet, with the protocol.
    pub asks: Vec<(u8, Flow)>,
    /// Its own ports to which it takes the replies, with the protocol.
    pub takes: Vec<(u8, PortSet)>,
}

/// From so many ports on a rule is for everything, not for a service.
const MANY: u128 = 1_000;

impl NatClient {
    /// A subnet with what is let out of it for certain: by its ACL, and by what stands behind that, as far as they were pasted.
    /// A subnet that lets everything out asks for HTTPS, which nobody commonly does without. `None` where the work would not be
    /// bounded.
    pub fn of(addresses: AddressSet, acl: Option<(&Policy, &Evaluation<'_>)>, inner: Option<&Inner>) -> Option<Self> {
        // People paste and teach with documentation addresses.
        let internet = AddressSet { v4: public().v4.union(&documentation().v4), ..AddressSet::empty() };
        let everything = || vec![Flow { addresses: internet.clone(), ports: PortSet::full() }];
        let (mut asks, mut takes) = (Vec::new(), Vec::new());
        for protocol in TRANSPORTS {
            let passing = |direction, certain| match acl {
                Some((policy, evaluation)) => flows(policy, evaluation, direction, protocol, certain),
                None => Some(everything()),
            };
            let out = passing(Direction::Egress, true)?;
            let behind = inner.map_or_else(|| Some(everything()), |inner| inner.flows(Direction::Egress, protocol))?;
            let mut reached = AddressSet::empty();
            for (ends, ports, behind) in cut(&out, &behind)? {
                let ends = ends.intersection(&internet);
                let open = ports.intersection(&behind);
                let mut services = open.difference(&replies_among(&open));
                if services.count() >= MANY {
                    let https = if protocol == 6 { PortSet::run(443, 443) } else { PortSet::empty() };
                    services = services.intersection(&https);
                }
                if !ends.is_empty() && !services.is_empty() {
                    reached = reached.union(&ends);
                    asks.push((protocol, Flow { addresses: ends, ports: services }));
                }
            }
            let back = passing(Direction::Ingress, false)?;
            let heard = back.iter().filter(|flow| flow.addresses.intersects(&reached));
            let ports = heard.fold(PortSet::empty(), |all, flow| all.union(&flow.ports)).intersection(&any_client());
            if !ports.is_empty() {
                takes.push((protocol, ports));
            }
        }
        Some(Self { addresses, asks, takes })
    }
}

/// Ports that have to pass, and the other ends for which they do.
type Needed<'n> = (&'n PortSet, &'n AddressSet);

/// The legs of connections that an ACL drops, under every resolution, in the subnet of a NAT gateway that `clients` use. `None`
/// where it is too intricate to tell.
pub fn broken_legs(policy: &Policy, evaluation: &Evaluation<'_>, clients: &[NatClient]) -> Option<Vec<Broken>> {
    let mut broken = Vec::new();
    for protocol in TRANSPORTS {
        let asks = || clients.iter().flat_map(|client| client.asks.iter().map(move |ask| (client, ask)));
        let asks = || asks().filter(|(_, (own, _))| *own == protocol).map(|(client, (_, flow))| (client, flow));
        let takes = clients.iter().flat_map(|client| client.takes.iter().map(move |take| (client, take)));
        let takes = takes.filter(|(_, (own, _))| *own == protocol);
        let gateway = any_client();
        let legs: [(Leg, Direction, Vec<Needed<'_>>); 4] = [
            (Leg::RequestIn, Direction::Ingress, asks().map(|(client, flow)| (&flow.ports, &client.addresses)).collect()),
            (Leg::RequestOut, Direction::Egress, asks().map(|(_, flow)| (&flow.ports, &flow.addresses)).collect()),
            (Leg::ReplyIn, Direction::Ingress, asks().map(|(_, flow)| (&gateway, &flow.addresses)).collect()),
            (Leg::ReplyOut, Direction::Egress, takes.map(|(client, (_, ports))| (ports, &client.addresses)).collect()),
        ];
        for (leg, direction, needed) in legs {
            let passing = flows(policy, evaluation, direction, protocol, false)?;
            let runs: Vec<((u16, u16), &AddressSet)> =
                needed.iter().flat_map(|(ports, ends)| ports.runs().iter().map(|run| (*run, *ends))).collect();
            let mut dropped: Vec<Broken> = Vec::new();
            for (ends, ports, open) in cut(&disjoint(&runs)?, &passing)? {
                let ports = ports.difference(&open);
                match dropped.iter_mut().find(|known| known.ports == ports) {
                    _ if ports.is_empty() => {}
                    Some(known) => known.ends = known.ends.union(&ends),
                    None => dropped.push(Broken { leg, protocol, ports, ends }),
                }
            }
            broken.append(&mut dropped);
        }
    }
    Some(broken)
}
