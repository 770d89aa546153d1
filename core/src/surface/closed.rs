//! What an interface's own policies open and another layer closes, with the line that does it.

use std::net::{IpAddr, Ipv4Addr};

use super::{Fetch, LayerKind, Line, View};
use crate::exposure::{End, Exposure, Layer, Outcome, Packet, Stack, evaluate_layers, names_protocol};
use crate::model::Direction;
use crate::model::topology::Cloud;
use crate::space::{AddressSet, IntervalSet, documentation, public};
use crate::verdict::{Judged, Reach, UNPASTED, Verdict, deciding_rules, judge, telling_packet};

/// Something that the innermost layer opens to public sources and that does not get through.
#[derive(Clone, Debug)]
pub struct Closed {
    /// What that layer admits.
    pub exposure: Exposure,
    /// How bad that would be alone.
    pub alone: Judged,
    /// The lines that admit it there.
    pub admitted_by: Vec<Line>,
    /// The packet that was tried.
    pub packet: Packet,
    /// What stops it, the outermost first.
    pub closing: Vec<Closing>,
}

/// One thing that stops a packet.
#[derive(Clone, Debug)]
pub struct Closing {
    /// The layer and the deciding line; `None` for routes and missing addresses, or where no line admits the packet.
    pub line: Option<Line>,
    /// What stops it, as the object of "closed by".
    pub said: String,
}

impl Closed {
    /// Everything of a surface that only another layer keeps closed.
    pub fn all(view: &View<'_>, fetch: Fetch<'_>) -> Vec<Self> {
        let own = view
            .surface
            .layers
            .iter()
            .enumerate()
            .filter(|(_, layer)| layer.kind != LayerKind::Subnet || view.surface.interface.cloud != Cloud::Aws);
        own.flat_map(|(at, _)| Self::of_layer(view, at, fetch)).collect()
    }

    fn of_layer(view: &View<'_>, at: usize, fetch: Fetch<'_>) -> Vec<Self> {
        let Some(layer) = view.stack.stack.layers.get(at) else { return Vec::new() };
        let stack = alone(&view.stack.stack, layer);
        let evaluation = evaluate_layers(&stack);
        let judgement = judge(&stack.policy, &evaluation, None, None);
        let both = evaluation.exposures.iter().zip(&judgement.exposures);
        let inbound = both.filter(|(exposure, judged)| exposure.direction == Direction::Ingress && judged.reach >= Reach::Public);
        let mut closed = Vec::new();
        for (exposure, judged) in inbound {
            let Some(packet) = stopped(view, exposure, judged) else { continue };
            let closing = closing(view, &packet, Some(at), fetch);
            if closing.is_empty() {
                continue;
            }
            let lines = deciding_rules(&stack.policy, exposure, judged).into_iter().filter_map(|rule| view.stack.line(rule)).collect();
            closed.push(Self { exposure: exposure.clone(), alone: judged.clone(), admitted_by: lines, packet, closing });
        }
        closed
    }

    /// To whom that layer opens it, in words.
    pub fn audience(&self) -> String {
        match self.alone.reach {
            Reach::Unknown => UNPASTED.to_owned(),
            _ => self.alone.width.describe(),
        }
    }

    /// What stops it, as the object of "closed by".
    pub fn said(&self) -> String {
        let said: Vec<&str> = self.closing.iter().map(|one| one.said.as_str()).collect();
        match said.split_last() {
            Some((last, [])) => (*last).to_owned(),
            Some((last, before)) => format!("{} and by {last}", before.join(", by ")),
            None => String::new(),
        }
    }

    /// Whether it would be worse than caution without the other layers.
    pub fn matters(&self) -> bool {
        self.alone.verdict > Verdict::Caution
    }
}

/// One layer by itself, with every source before it.
fn alone(stack: &Stack, layer: &Layer) -> Stack {
    Stack {
        layers: vec![Layer { unfiltered: AddressSet::empty(), ..layer.clone() }],
        reachable: AddressSet::full(),
        perhaps_reachable: AddressSet::full(),
        ..stack.clone()
    }
}

/// A packet from public sources that an exposure of one layer admits and that does not get through all of them.
fn stopped(view: &View<'_>, exposure: &Exposure, judged: &Judged) -> Option<Packet> {
    let (protocol, port) = telling_packet(exposure, judged);
    let named = names_protocol(&view.stack.stack.policy, Direction::Ingress, protocol);
    // Whatever part of the protected end it goes to: what gets through to one of them is not stopped.
    let speaks = |other: &&Exposure| other.direction == Direction::Ingress && other.protocols.hold_for(Some(protocol), named);
    let through = view.evaluation.exposures.iter().filter(speaks).filter(|other| other.first <= port && port <= other.last);
    let mut left = exposure.possibly.addresses.intersection(&public().union(documentation()));
    // That there is no IPv6 address is worth telling only of what is open to nobody else.
    if view.surface.gate.is_without_ipv6() && !left.v4.is_empty() {
        left.v6 = IntervalSet::empty();
    }
    for through in through {
        left = left.difference(&through.possibly.addresses);
    }
    let source = crate::verdict::first_host(&left)?;
    Some(packet(source, protocol, port))
}

fn packet(source: IpAddr, protocol: u8, port: u16) -> Packet {
    let peer = End { address: Some(source), only_these: true, ..End::default() };
    Packet { direction: Direction::Ingress, protocol, port, peer, local: None }
}

/// What stops a packet; the layer `but` is not asked.
fn closing(view: &View<'_>, packet: &Packet, but: Option<usize>, fetch: Fetch<'_>) -> Vec<Closing> {
    let mut found = Vec::new();
    let gate = &view.surface.gate;
    if packet.peer.address.is_some_and(|address| !gate.perhaps_reachable.contains(address)) {
        found.extend(gate.reasons(packet.peer.address).into_iter().map(|said| Closing { line: None, said }));
    }
    for (at, layer) in view.stack.stack.layers.iter().enumerate().filter(|(at, _)| Some(*at) != but) {
        if packet.peer.address.is_some_and(|address| layer.unfiltered.contains(address)) {
            continue;
        }
        let fate = view.stack.stack.trace(layer, packet);
        if fate.outcome != Outcome::Denied {
            continue;
        }
        let line = fate.decided_by.and_then(|rule| view.stack.line(rule));
        let policies = view.surface.layers.get(at).map(|layer| layer.policies.as_slice()).unwrap_or_default();
        found.push(Closing { line, said: said(line, policies, fetch) });
    }
    found
}

/// A line as the object of "closed by".
fn said(line: Option<Line>, policies: &[u32], fetch: Fetch<'_>) -> String {
    if let Some((policy, rule)) = line.and_then(|line| line.rule)
        && let Some(policy) = fetch(policy)
    {
        let rule = usize::try_from(rule).ok().and_then(|at| policy.rules.get(at));
        let at = rule.and_then(|rule| rule.priority).map(|number| format!(" at rule {number}")).unwrap_or_default();
        return format!("{}{at}", policy.called());
    }
    let names: Vec<String> = policies.iter().filter_map(|policy| Some(fetch(*policy)?.called())).collect();
    match names.as_slice() {
        [] => "a layer without rules".to_owned(),
        names => format!("{}, which has no rule for it", names.join(" and ")),
    }
}

/// How many layers, routes and missing addresses included, stop a packet from the internet to what an exposure is about.
pub fn depth(view: &View<'_>, exposure: &Exposure, judged: &Judged, fetch: Fetch<'_>) -> usize {
    let (protocol, port) = telling_packet(exposure, judged);
    // Any address of the public space that nobody lists for itself.
    let anyone = packet(IpAddr::V4(Ipv4Addr::new(1, 0, 0, 1)), protocol, port);
    closing(view, &anyone, None, fetch).len()
}
