//! What can get to an interface at all, whatever the rules say: public addresses and routes.

use std::net::IpAddr;

use super::fronts::front_ends;
use crate::model::topology::{Cloud, Interface, PublicAddress, RouteTable, Subnet};
use crate::space::{AddressSet, IntervalSet, documentation, public};

/// Which sources can get to an interface.
#[derive(Clone, Debug)]
pub struct Gate {
    /// For certain.
    pub reachable: AddressSet,
    /// Perhaps; a superset.
    pub perhaps_reachable: AddressSet,
    /// Why the internet can't, as objects of "closed by"; none where it can.
    pub closed: Vec<String>,
    /// Front ends of the provider let the internet in, as requests of their own.
    pub answered: bool,
}

impl Gate {
    /// Works out the gate of an interface. What is not known is assumed open, and `assumed` says it.
    pub(super) fn of(interface: &Interface, subnet: Option<&Subnet>, routes: Option<&RouteTable>, assumed: &mut Vec<String>) -> Self {
        let mut closed = Vec::new();
        let subnet_id = interface.subnet.as_deref().unwrap_or("its subnet");
        let outside = public().union(documentation());
        let without_v6 = has_no_ipv6(interface, subnet);
        let mut routable = outside.clone();
        if without_v6 {
            routable.v6 = IntervalSet::empty();
        }
        let mut surely = routable.clone();
        let mut perhaps = routable.clone();
        let by_subnet = || subnet.and_then(|subnet| subnet.gives_public).map_or(PublicAddress::Untold, PublicAddress::from);
        match if interface.public == PublicAddress::BySubnet { by_subnet() } else { interface.public } {
            PublicAddress::Yes => {}
            PublicAddress::No => {
                surely.v4 = IntervalSet::empty();
                perhaps.v4 = IntervalSet::empty();
                closed.push("the lack of a public IPv4 address".to_owned());
            }
            PublicAddress::BySubnet | PublicAddress::Untold => {
                assumed.push(format!("whether {} has a public IPv4 address is not in the texts; it is assumed to have one", interface.id))
            }
        }
        match routes {
            // There a public address is enough; a route to somewhere else bends what leaves, not what comes in.
            None if interface.cloud != Cloud::Aws => {}
            Some(table) if !table.open => {
                let before = surely.clone();
                surely = surely.intersection(&table.internet);
                // What another network passes on needs no public address here.
                perhaps = surely.union(&routable.intersection(&table.elsewhere));
                // They close by themselves, or what a missing public address leaves.
                let lead_nowhere = !routable.intersects(&table.internet.union(&table.elsewhere));
                if lead_nowhere || perhaps.is_empty() && !before.is_empty() {
                    closed.push(format!("the lack of a route from {subnet_id} to an internet gateway ({})", table.id));
                }
            }
            Some(table) => assumed
                .push(format!("some routes of {} lead to what is not in the texts; they are assumed to admit the internet", table.id)),
            None => assumed.push(format!("the routes of {subnet_id} were not pasted; it is assumed to face the internet")),
        }
        perhaps = perhaps.union(&surely);
        // Everything that is not public comes over private ways, which are not known here.
        let inside = AddressSet::full().difference(&outside);
        let mut gate = Self { reachable: surely.union(&inside), perhaps_reachable: perhaps.union(&inside), closed, answered: false };
        if without_v6 {
            gate.reachable.v6 = IntervalSet::empty();
            gate.perhaps_reachable.v6 = IntervalSet::empty();
        }
        gate
    }
}

impl Gate {
    /// Lets the internet in perhaps, over IPv4.
    pub(super) fn doubt(&mut self) {
        let outside = AddressSet { v4: public().union(documentation()).v4, ..AddressSet::empty() };
        self.perhaps_reachable = self.perhaps_reachable.union(&outside);
        self.closed.clear();
    }

    /// Lets front ends in, which answer the internet at these doors.
    pub(super) fn answer(&mut self, doors: &str) {
        let front_ends = front_ends();
        self.reachable = self.reachable.union(&front_ends);
        self.perhaps_reachable = self.perhaps_reachable.union(&front_ends);
        self.answered = true;
        let said = format!("; the internet gets no further than to Google's front ends, which answer at {doors} and send it requests");
        self.closed.iter_mut().take(1).for_each(|why| why.push_str(&said));
    }

    /// Closes it to the internet, for a reason that is the object of "closed by".
    pub(super) fn close(&mut self, why: &str) {
        let inside = AddressSet::full().difference(&public().union(documentation()));
        self.reachable = self.reachable.intersection(&inside);
        self.perhaps_reachable = self.perhaps_reachable.intersection(&inside);
        self.closed.push(why.to_owned());
    }

    /// Whether there is no IPv6 address, so that no packet of that family can get here.
    pub fn is_without_ipv6(&self) -> bool {
        self.perhaps_reachable.v6.is_empty()
    }

    /// What stops a packet from there that can't get here, as objects of "closed by".
    pub fn reasons(&self, from: Option<IpAddr>) -> Vec<String> {
        if self.is_without_ipv6() && from.is_some_and(|from| from.is_ipv6()) {
            return vec!["the lack of an IPv6 address".to_owned()];
        }
        if self.closed.is_empty() { vec!["the lack of a route from there".to_owned()] } else { self.closed.clone() }
    }
}

/// Whether it is known to have no IPv6 address: its addresses are known, or those of its subnet, and none is of that family.
fn has_no_ipv6(interface: &Interface, subnet: Option<&Subnet>) -> bool {
    let without = |set: &AddressSet| set.v6.is_empty() && !set.v4.is_empty();
    without(&interface.addresses) || interface.addresses.is_empty() && subnet.is_some_and(|subnet| without(&subnet.addresses))
}
