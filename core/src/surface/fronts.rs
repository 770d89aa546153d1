//! Instances of Google Cloud that need no address of their own to be reached, since a forwarding rule hands traffic on to them. The
//! rules of the network see the client's address then (Cloud Load Balancing documentation, passthrough Network Load Balancers);
//! behind a proxy they see the proxy's.

use std::collections::HashMap;

use crate::model::topology::{Cloud, Front, Interface, Pool, PublicAddress};

/// Forwarding rules, and what stands behind them.
#[derive(Default)]
pub(super) struct Fronts<'f> {
    fronts: Vec<&'f Front>,
    pools: HashMap<&'f str, &'f Pool>,
}

/// Whether traffic from outside is handed on to an instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fronted {
    /// All of it.
    Surely,
    /// Some of it, or that is not known.
    Perhaps,
}

impl<'f> Fronts<'f> {
    pub(super) fn add(&mut self, front: &'f Front) {
        self.fronts.push(front);
    }

    pub(super) fn add_pool(&mut self, pool: &'f Pool) {
        self.pools.insert(&pool.id, pool);
    }

    /// What stands before an instance without an address of its own; `assumed` says what was not followed.
    pub(super) fn before(&self, interface: &Interface, assumed: &mut Vec<String>) -> Option<Fronted> {
        if interface.cloud != Cloud::Gcp || interface.public != PublicAddress::No {
            return None;
        }
        let elsewhere = |front: &&&Front| front.region.is_some() && interface.region.is_some() && front.region != interface.region;
        let mut found = None;
        for front in self.fronts.iter().filter(|front| !elsewhere(front)) {
            let (name, id) = (&front.name, &interface.id);
            let pool = self.pools.get(&*front.to);
            if pool.is_some_and(|pool| pool.instances.iter().any(|instance| is(interface, instance))) {
                if front.all_ports {
                    return Some(Fronted::Surely);
                }
                assumed
                    .push(format!("the forwarding rule {name} hands some ports on to {id} from the internet; all are taken for possible"));
            } else if pool.is_none_or(|pool| pool.open) {
                assumed.push(format!(
                    "what stands behind the forwarding rule {name} was not followed; it may hand traffic from the internet on to {id}"
                ));
            } else {
                continue;
            }
            found = Some(Fronted::Perhaps);
        }
        found
    }
}

/// Whether an instance is called so: by its identifier, its address, or its name at the end of a link.
fn is(interface: &Interface, called: &str) -> bool {
    let last = called.rsplit('/').next().unwrap_or(called);
    let whole = [Some(&interface.id), interface.carrier.as_ref()].into_iter().flatten().any(|own| **own == *called);
    whole || interface.name.as_deref() == Some(last)
}
