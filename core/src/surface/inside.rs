//! What stands behind the ACLs of subnets: what gets through to their interfaces, and what their NAT gateways carry.

use std::collections::{HashMap, HashSet};

use super::build::{Network, network_of, subnet_key};
use super::names::{Key, Names, key};
use super::{Fetch, LayerKind, Members, Surface, SurfaceLayer, SurfaceStack};
use crate::exposure::{evaluate, evaluate_layers};
use crate::model::topology::{Attachment, Cloud, Fact, Interface, Subnet};
use crate::model::{Direction, Policy};
use crate::space::{AddressSet, IntervalSet, public};
use crate::stateless::{Inner, NatClient};

/// What stands behind ACLs, by the index of the policy.
#[derive(Debug, Default)]
pub(crate) struct Inside {
    /// What gets through to the interfaces behind each, where some were pasted.
    pub(crate) inner: HashMap<u32, Inner>,
    /// The subnets that use the NAT gateways behind it.
    pub(crate) clients: HashMap<u32, Vec<NatClient>>,
    /// The subnets around which a default ACL stands, by name; none is an unused one.
    pub(crate) defaults: HashMap<u32, Vec<Box<str>>>,
}

/// Finds out what stands behind each ACL.
pub(crate) fn inside(facts: &[Fact], names: &Names, surfaces: &[Surface], fetch: Fetch<'_>, members: &Members) -> Inside {
    let network = Network::of(facts);
    let through = through(&network, surfaces, fetch, members);
    let mut found = Inside { clients: clients(&network, names, &through, fetch), ..Inside::default() };
    for (subnet, inner) in &through {
        if let Some(acl) = policy_around(&network, *subnet, names) {
            found.inner.entry(acl).or_default().merge(inner);
        }
    }
    for (of, default) in &network.before_network {
        if let Some(acl) = names.get(&default.policy, default.at.document) {
            let uses =
                |subnet: &&&Subnet| network_of(subnet) == Some(*of) && policy_around(&network, subnet_key(subnet), names) == Some(acl);
            let known = network.subnets.values().filter(uses).map(|subnet| subnet.id.clone());
            let is_it = |one: &&Attachment| names.get(&one.policy, one.at.document) == Some(acl);
            let told = network.before_subnet.iter().filter(|(_, acls)| acls.iter().any(is_it)).map(|((_, subnet), _)| Box::from(*subnet));
            let used = found.defaults.entry(acl).or_default();
            used.extend(known.chain(told));
            crate::sorting::sort_unique(used);
        }
    }
    found
}

/// The ACL around a subnet, as an index.
fn policy_around(network: &Network<'_>, subnet: Key<'_>, names: &Names) -> Option<u32> {
    let around = network.acl_of(subnet)?;
    names.get(&around.policy, around.at.document)
}

/// What gets through to the interfaces of each subnet, as far as it crosses the subnet's border.
fn through<'n>(network: &'n Network<'_>, surfaces: &'n [Surface], fetch: Fetch<'_>, members: &Members) -> HashMap<Key<'n>, Inner> {
    let mut found: HashMap<Key<'_>, Inner> = HashMap::new();
    let around = |subnet: Key<'_>| network.subnets.get(&subnet).map(|subnet| subnet.addresses.clone()).unwrap_or_default();
    // A listing has thousands of interfaces with the same groups.
    let mut seen = HashSet::new();
    for surface in surfaces.iter().filter(|surface| surface.interface.cloud == Cloud::Aws) {
        let Some(subnet) = subnet_of(&surface.interface) else { continue };
        let layers: Vec<SurfaceLayer> = surface.layers.iter().filter(|layer| layer.kind != LayerKind::Subnet).cloned().collect();
        let own: Vec<_> = layers.iter().map(|layer| (layer.policies.clone(), layer.missing.clone())).collect();
        let place = layers.iter().any(|layer| layer.kind == LayerKind::Host).then(|| surface.interface.addresses.clone());
        if !seen.insert((subnet, own, place, surface.gate.perhaps_reachable.clone())) {
            continue;
        }
        let behind = Surface { layers, ..surface.clone() };
        let SurfaceStack { stack, .. } = SurfaceStack::of(&behind, fetch, members);
        let outside = AddressSet::full().difference(&around(subnet));
        let mut leaving = outside.clone();
        if surface.gate.is_without_ipv6() {
            leaving.v6 = IntervalSet::empty();
        }
        let entering = outside.intersection(&surface.gate.perhaps_reachable);
        found.entry(subnet).or_default().add(&stack, &evaluate_layers(&stack), [&entering, &leaving]);
    }
    for interface in network.interfaces.iter().filter(|interface| interface.cloud == Cloud::Aws) {
        let Some(subnet) = subnet_of(interface) else { continue };
        // An interface of the platform has no group and takes whatever comes.
        if interface.policies.is_empty() && !network.before_interface.contains_key(&key(&interface.id, interface.at.document)) {
            let outside = AddressSet::full().difference(&around(subnet));
            let inner = found.entry(subnet).or_default();
            inner.open(Direction::Ingress, &outside);
            inner.open(Direction::Egress, &outside);
        }
    }
    for gateway in &network.gateways {
        let clients = network.clients_of(*gateway).fold(AddressSet::empty(), |all, subnet| all.union(&subnet.addresses));
        if let Some(inner) = found.get_mut(gateway) {
            inner.open(Direction::Ingress, &clients);
            inner.open(Direction::Egress, &AddressSet { v4: public().v4.clone(), ..AddressSet::empty() });
        }
    }
    found
}

/// The subnets that use a NAT gateway in the same network, by the ACL around the gateway. A subnet whose addresses are not known
/// is left out.
fn clients(network: &Network<'_>, names: &Names, through: &HashMap<Key<'_>, Inner>, fetch: Fetch<'_>) -> HashMap<u32, Vec<NatClient>> {
    let mut found: HashMap<u32, Vec<NatClient>> = HashMap::new();
    let mut told = HashSet::new();
    for gateway in &network.gateways {
        let Some(around) = policy_around(network, *gateway, names) else { continue };
        let known = found.entry(around).or_default();
        for subnet in network.clients_of(*gateway).filter(|subnet| !subnet.addresses.is_empty()) {
            if !told.insert((around, subnet_key(subnet))) {
                continue;
            }
            let acl: Option<Policy> = policy_around(network, subnet_key(subnet), names).and_then(fetch);
            let evaluation = acl.as_ref().map(evaluate);
            let acl = acl.as_ref().zip(evaluation.as_ref());
            known.extend(NatClient::of(subnet.addresses.clone(), acl, through.get(&subnet_key(subnet))));
        }
    }
    found
}

/// The subnet of an interface, as its document means it.
fn subnet_of(interface: &Interface) -> Option<Key<'_>> {
    Some(key(interface.subnet.as_deref()?, interface.at.document))
}
