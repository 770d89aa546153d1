//! Instances of Google Cloud that need no address of their own to be reached, since a forwarding rule hands traffic on to them. The
//! rules of the network see the client's address then (Cloud Load Balancing documentation, passthrough Network Load Balancers);
//! behind a proxy they see the proxy's, which of a global one is Google's front ends and of a regional one is in the network
//! ("Firewall rules" of proxy Network Load Balancers and Application Load Balancers).

use std::collections::{HashMap, HashSet};

use crate::model::topology::{Cloud, Front, Interface, Pool, PublicAddress, Relay};
use crate::model::{Peer, Unresolved};
use crate::space::AddressSet;

/// From where Google's front ends connect to what stands behind them (Cloud Load Balancing documentation, "Firewall rules").
const FRONT_ENDS: [&str; 2] = ["130.211.0.0/22", "35.191.0.0/16"];

/// The same as a set.
pub(super) fn front_ends() -> AddressSet {
    AddressSet::from_nets(FRONT_ENDS.iter().filter_map(|net| net.parse().ok()))
}

/// Whether a peer has addresses of front ends.
pub(super) fn has_front_ends(peer: &Peer) -> bool {
    matches!(peer, Peer::Any) || any_set(peer, &|set| set.intersects(&front_ends()))
}

/// Whether a peer names front ends, and not only everyone.
pub(crate) fn names_front_ends(peer: &Peer) -> bool {
    any_set(peer, &|set| !set.is_empty() && set.is_subset(&front_ends()))
}

fn any_set(peer: &Peer, test: &dyn Fn(&AddressSet) -> bool) -> bool {
    match peer {
        Peer::Net(net) => test(&AddressSet::from_nets([*net])),
        Peer::Named(named) => test(&named.set),
        Peer::Union(peers) => peers.iter().any(|peer| any_set(peer, test)),
        _ => false,
    }
}

/// Forwarding rules, and what stands behind them.
#[derive(Default)]
pub(super) struct Fronts<'f> {
    fronts: Vec<&'f Front>,
    pools: HashMap<&'f str, Vec<&'f Pool>>,
}

/// How traffic from outside gets to an instance without a public address of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fronted {
    /// As requests that front ends make, at these doors.
    Answered(String),
    /// All of it as it came.
    Surely,
    /// Some of it, or that is not known.
    Perhaps,
}

/// What stands before one interface.
#[derive(Default)]
pub(super) struct Before {
    /// What it means for one without a public address.
    pub(super) fronted: Option<Fronted>,
    /// For whom front ends perhaps speak that pass on whatever clients send.
    pub(super) speaks: Option<Unresolved>,
}

/// Where a forwarding rule leads.
struct Way {
    /// To the instance that was asked about.
    hit: bool,
    /// To something that is not in the texts.
    open: bool,
    relay: Option<Relay>,
}

impl<'f> Fronts<'f> {
    pub(super) fn add(&mut self, front: &'f Front) {
        self.fronts.push(front);
    }

    pub(super) fn add_pool(&mut self, pool: &'f Pool) {
        self.pools.entry(&pool.id).or_default().push(pool);
    }

    /// What stands before an instance; `assumed` says what was not followed.
    pub(super) fn before(&self, interface: &Interface, assumed: &mut Vec<String>) -> Before {
        let mut found = Before::default();
        if interface.cloud != Cloud::Gcp {
            return found;
        }
        let elsewhere = |front: &&&Front| front.region.is_some() && interface.region.is_some() && front.region != interface.region;
        let (mut doors, mut surely, mut perhaps) = (Vec::new(), false, false);
        for front in self.fronts.iter().filter(|front| !elsewhere(front)) {
            let way = self.follow(front, interface);
            if !way.hit && !way.open {
                continue;
            }
            let (name, id) = (&front.name, &interface.id);
            let relays = way.relay == Some(Relay::Bytes);
            if relays {
                found.speaks = found.speaks.or_else(|| Some(speaks(front)));
            } else if interface.public != PublicAddress::No {
                continue;
            }
            match way.relay {
                _ if !way.hit => assumed.push(format!(
                    "what stands behind the forwarding rule {name} was not followed; it may hand traffic from the internet on to {id}"
                )),
                Some(Relay::Requests) => {
                    doors.push(door(front));
                    continue;
                }
                Some(Relay::Bytes) => assumed.push(format!(
                    "the forwarding rule {name} hands connections on to {id} through front ends of Google's, so what its rules admit from \
                     these may be open to the internet"
                )),
                None if front.all_ports => {
                    surely = true;
                    continue;
                }
                None => assumed
                    .push(format!("the forwarding rule {name} hands some ports on to {id} from the internet; all are taken for possible")),
            }
            perhaps = true;
        }
        if interface.public == PublicAddress::No {
            let answered = (!doors.is_empty()).then(|| Fronted::Answered(doors.join(" and ")));
            found.fronted = match (surely, perhaps) {
                (true, _) => Some(Fronted::Surely),
                (false, true) => Some(Fronted::Perhaps),
                _ => answered,
            };
        }
        found
    }

    /// Walks from a forwarding rule through everything that its traffic is handed on to.
    fn follow(&self, front: &'f Front, interface: &Interface) -> Way {
        let mut way = Way { hit: false, open: false, relay: relay_of(&front.to) };
        let (mut seen, mut next) = (HashSet::new(), vec![&*front.to]);
        while let Some(id) = next.pop().filter(|_| !way.hit) {
            if !seen.insert(id) {
                continue;
            }
            let pools = self.pools.get(id).map(Vec::as_slice).unwrap_or_default();
            way.open |= pools.is_empty();
            for pool in pools {
                way.open |= pool.open;
                way.relay = way.relay.max(pool.relay);
                way.hit |= pool.instances.iter().any(|instance| is(interface, instance));
                next.extend(pool.onward.iter().map(|id| &**id));
            }
        }
        way
    }
}

/// What a link that leads to nothing in the texts says of its end.
fn relay_of(to: &str) -> Option<Relay> {
    let kind: String = to.chars().filter(|letter| *letter != '_').map(|letter| letter.to_ascii_lowercase()).collect();
    ["targettcpprox", "targetsslprox"].iter().any(|name| kind.contains(name)).then_some(Relay::Bytes)
}

/// Where the internet knocks, in words.
fn door(front: &Front) -> String {
    match &front.ports {
        Some(ports) => format!("{ports}/tcp of the forwarding rule {}", front.name),
        None => format!("the forwarding rule {}", front.name),
    }
}

fn speaks(front: &Front) -> Unresolved {
    Unresolved {
        name: format!("who comes through the forwarding rule {}", front.name).into(),
        would_settle: format!("what stands behind the forwarding rule {}, and to which ports it connects", front.name).into(),
    }
}

/// Whether an instance is called so: by its identifier, its address, or its name at the end of a link.
fn is(interface: &Interface, called: &str) -> bool {
    let last = called.rsplit('/').next().unwrap_or(called);
    let whole = [Some(&interface.id), interface.carrier.as_ref()].into_iter().flatten().any(|own| **own == *called);
    whole || interface.name.as_deref() == Some(last)
}
