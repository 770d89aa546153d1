//! Requests that are let through and whose replies are not.

use super::clients::{CLIENTS, Client, ClientKind, any_client, replies_among};
use super::flows::{Flow, flows};
use super::inner::{Inner, cut};
use super::mend::{Line, Numbers, allow, ports_of};
use crate::exposure::{Evaluation, addresses};
use crate::model::{Action, Direction, Policy, Protocol, Rule};
use crate::sorting::sort_unique;
use crate::space::{AddressSet, PortSet, documentation, public, unusable};

/// Requests whose replies are dropped, all for the same ports of the clients.
#[derive(Clone, Debug)]
pub struct Dropped {
    /// Which way the request goes.
    pub request: Direction,
    /// TCP or UDP.
    pub protocol: u8,
    /// The other ends, each with the ports that are asked for: what passes for certain one way.
    pub asked: Vec<Flow>,
    /// The clients' ports to which no reply passes, whatever is unresolved.
    pub missing: PortSet,
    /// Whether the layers behind the filter admit the requests, as far as they were pasted. Where they never do, nothing waits
    /// for the replies.
    pub needed: bool,
    /// Whether only denies of single networks stand in the way, which somebody may have meant.
    pub on_purpose: bool,
    /// The rules that let the requests pass.
    pub rules: Vec<u32>,
    /// The denies that stop replies; without any the end of the list does.
    pub denies: Vec<u32>,
    /// The fewest rules that mend it, and open nothing but replies.
    pub mend: Vec<Line>,
}

/// What one kind of client gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Every reply, or all but those to a few ports that were cut out of the range: at most one in a hundred.
    Fine,
    /// Some replies: connections hang now and then.
    Some,
    /// None.
    Nothing,
}

impl Dropped {
    /// The other ends.
    pub fn peers(&self) -> AddressSet {
        self.asked.iter().fold(AddressSet::empty(), |all, flow| all.union(&flow.addresses))
    }

    /// The ports that are asked for.
    pub fn services(&self) -> PortSet {
        self.asked.iter().fold(PortSet::empty(), |all, flow| all.union(&flow.ports))
    }

    /// What a kind of client gets.
    pub fn fate(&self, client: &Client) -> Fate {
        let own = client.ports();
        let lost = own.intersection(&self.missing);
        if lost.count().saturating_mul(100) <= own.count() {
            Fate::Fine
        } else if lost == own {
            Fate::Nothing
        } else {
            Fate::Some
        }
    }

    /// Whether it calls for caution. Clients on the internet can be anything. Of one's own machines it is enough when one
    /// system that is in use gets its replies, since nobody runs all of them. Outbound, a rule for everything is no wish to
    /// reach something.
    pub fn matters(&self) -> bool {
        let hangs = |client: &Client| self.fate(client) != Fate::Fine;
        let of = |kind: ClientKind| CLIENTS.iter().filter(move |client| client.kind == kind);
        let peers = self.peers();
        let strangers = peers.intersects(public()) || peers.intersects(documentation());
        let hurt = if self.request == Direction::Ingress && strangers {
            of(ClientKind::Current).chain(of(ClientKind::Shared)).any(hangs)
        } else {
            of(ClientKind::Current).all(hangs)
        };
        let wished = self.request == Direction::Ingress || self.services().count() < MANY;
        hurt && wished && self.needed && !self.on_purpose
    }
}

/// From so many ports on a rule is for everything, not for a service.
const MANY: u128 = 1_000;

/// Services whose both ends use the same port, so that no client's range is needed: DHCP, which a network ACL does not see
/// anyway (RFC 2131, RFC 8415), and IKE (RFC 7296, section 2).
const SAME_PORT: [u16; 6] = [67, 68, 500, 546, 547, 4500];

/// Every request, in and out, whose replies are dropped for some kind of client. `inner` is what the layers behind the policy let
/// through, where their interfaces were pasted. Nothing is said of a policy that is not stateless, or of which the text shows
/// only a part. `None` where the work would not be bounded.
pub fn dropped(policy: &Policy, evaluation: &Evaluation<'_>, inner: Option<&Inner>) -> Option<Vec<Dropped>> {
    let mut found = Vec::new();
    if !policy.kind.is_stateless() || policy.partial || evaluation.exhausted {
        return Some(found);
    }
    for (request, reply) in [(Direction::Ingress, Direction::Egress), (Direction::Egress, Direction::Ingress)] {
        let mut numbers = Numbers::of(policy, reply);
        for protocol in [6, 17] {
            let asked = flows(policy, evaluation, request, protocol, true)?;
            let answered = flows(policy, evaluation, reply, protocol, false)?;
            let settled = flows(policy, evaluation, reply, protocol, true)?;
            let behind = inner.and_then(|inner| inner.flows(request, protocol)).and_then(|behind| cut(&asked, &behind));
            let asked = behind.unwrap_or_else(|| asked.into_iter().map(unknown_behind).collect());
            for ((missing, needed), asked) in unanswered(protocol, &asked, &answered) {
                let mut one = Dropped {
                    request,
                    protocol,
                    asked,
                    missing,
                    needed,
                    on_purpose: false,
                    rules: Vec::new(),
                    denies: Vec::new(),
                    mend: Vec::new(),
                };
                if CLIENTS.iter().all(|client| one.fate(client) == Fate::Fine) {
                    continue;
                }
                explain(policy, evaluation, &mut one);
                if needed {
                    one.mend = mend(policy, &mut numbers, &one, &settled);
                }
                found.push(one);
            }
        }
    }
    Some(found)
}

/// A flow of which nobody knows what the layers behind it admit: it may be everything.
fn unknown_behind(flow: Flow) -> (AddressSet, PortSet, PortSet) {
    (flow.addresses, flow.ports, PortSet::full())
}

/// What is told together: the ports that are missing, and whether something behind the filter waits for them.
type Alike = (PortSet, bool);

/// The requests without replies, by the ports that are missing; what is needed comes first. Of each request the other ends, the
/// ports that pass and those that pass behind the filter are known.
fn unanswered(protocol: u8, asked: &[(AddressSet, PortSet, PortSet)], answered: &[Flow]) -> Vec<(Alike, Vec<Flow>)> {
    let mut found: Vec<(Alike, Vec<Flow>)> = Vec::new();
    let same_port = if protocol == 17 { PortSet::from_runs(SAME_PORT.map(|port| (port, port)).to_vec()) } else { PortSet::empty() };
    let services = |open: &PortSet| open.difference(&replies_among(open)).difference(&same_port);
    for needed in [true, false] {
        for (addresses, ports, behind) in asked {
            let services = if needed { services(&ports.intersection(behind)) } else { services(ports).difference(behind) };
            let mut left = addresses.difference(unusable());
            if services.is_empty() {
                continue;
            }
            let mut add = |missing: PortSet, addresses: AddressSet| {
                if missing.is_empty() || addresses.is_empty() {
                    return;
                }
                let flow = Flow { addresses, ports: services.clone() };
                match found.iter_mut().find(|(known, _)| *known == (missing.clone(), needed)) {
                    Some((_, flows)) => flows.push(flow),
                    None => found.push(((missing, needed), vec![flow])),
                }
            };
            for answer in answered {
                add(any_client().difference(&answer.ports), left.intersection(&answer.addresses));
                left = left.difference(&answer.addresses);
            }
            add(any_client(), left);
        }
    }
    found
}

/// Fills in which rules play a part.
fn explain(policy: &Policy, evaluation: &Evaluation<'_>, dropped: &mut Dropped) {
    let (peers, services) = (dropped.peers(), dropped.services());
    let speaks = |rule: &Rule| rule.protocol == Protocol::Any || rule.protocol == Protocol::Number(dropped.protocol);
    let live =
        policy.rules.iter().zip(&evaluation.effects).zip(0_u32..).filter(|((rule, effect), _)| effect.matches_packets() && speaks(rule));
    let mut by_denies = AddressSet::empty();
    for ((rule, _), i) in live {
        let theirs = addresses(&rule.peer);
        let asks = rule.direction == dropped.request;
        let touches = ports_of(rule).intersects(if asks { &services } else { &dropped.missing }) && theirs.intersects(&peers);
        match rule.action {
            Action::Allow if asks && touches => dropped.rules.push(i),
            Action::Deny if !asks && touches => {
                dropped.denies.push(i);
                let everyone = theirs.v4.is_full() || theirs.v6.is_full();
                if !everyone && dropped.missing.is_subset(&ports_of(rule)) {
                    by_denies = by_denies.union(&theirs);
                }
            }
            _ => {}
        }
    }
    sort_unique(&mut dropped.rules);
    let admitted = policy.rules.iter().zip(0_u32..).filter(|(_, i)| dropped.rules.binary_search(i).is_ok());
    let everyone_asking = admitted.fold(AddressSet::empty(), |all, (rule, _)| all.union(&addresses(&rule.peer)));
    dropped.on_purpose = peers.is_subset(&by_denies) && !everyone_asking.difference(unusable()).is_subset(&by_denies);
}

/// The rules that let the replies pass: outbound to whatever port a client may have; inbound, where each port that is opened
/// is one more that can be reached, to those of the systems in use where these get none.
fn mend(policy: &Policy, numbers: &mut Numbers, dropped: &Dropped, settled: &[Flow]) -> Vec<Line> {
    let current = CLIENTS.iter().filter(|client| client.kind == ClientKind::Current);
    let current = current.fold(PortSet::empty(), |all, client| all.union(&client.ports()));
    let mut missing = dropped.missing.clone();
    if dropped.request == Direction::Egress && missing.intersects(&current) {
        missing = missing.intersection(&current);
    }
    let (Some((first, _)), Some((_, last))) = (missing.runs().first(), missing.runs().last()) else { return Vec::new() };
    let ports = PortSet::run(*first, *last);
    let open = settled.iter().filter(|flow| ports.is_subset(&flow.ports));
    let free = open.fold(AddressSet::empty(), |all, flow| all.union(&flow.addresses));
    // Nobody is where nobody can be, so a rule may name such addresses where that makes it shorter.
    let free = free.union(unusable());
    allow(policy, numbers, dropped.protocol, (*first, *last), &dropped.peers(), &free)
}
