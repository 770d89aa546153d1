//! From facts to surfaces: which layers stand before which interface.

use std::collections::{HashMap, HashSet};

use super::fronts::{Fronted, Fronts};
use super::instances::Targets;
use super::names::{Key, Names, key};
use super::{Closed, Fetch, Gate, LayerKind, Members, Surface, SurfaceLayer};
use crate::baseline::Baseline;
use crate::exposure::Extent;
use crate::model::Direction;
use crate::model::topology::{Attachment, Border, Cloud, Fact, Interface, PublicAddress, RouteTable, Sku, Subnet};
use crate::sorting::sort_unique;
use crate::space::{AddressSet, documentation, public};
use crate::verdict::{Behind, Verdict};

/// The firewall of a machine. Its rules don't say which machine it is.
pub(crate) struct Host {
    /// The policy.
    pub(crate) policy: u32,
    /// The name of its document, which is commonly the machine's.
    pub(crate) document: String,
}

/// Puts the facts of all documents together. The verdicts of the surfaces are worked out, too.
pub(crate) fn build(facts: &[Fact], names: &Names, hosts: &[Host], fetch: Fetch<'_>, baseline: &Baseline) -> (Vec<Surface>, Members) {
    let network = Network::of(facts);
    let members = network.members();
    let mut surfaces: Vec<Surface> = network.interfaces.iter().filter_map(|interface| network.surface(interface, names)).collect();
    for host in hosts {
        network.stand(host, &mut surfaces);
    }
    for surface in &mut surfaces {
        let (verdict, open, closed_by) = surface.look(fetch, &members, baseline, |view| {
            let both = view.evaluation.exposures.iter().zip(&view.judgement.exposures);
            let bad = both.filter(|(exposure, judged)| exposure.direction == Direction::Ingress && judged.verdict > Verdict::Secure);
            let open = bad.map(|(exposure, judged)| (judged.verdict, exposure.protocols, exposure.first, exposure.last)).collect();
            let closed = Closed::all(view, fetch).into_iter().find(Closed::matters);
            let said = closed.map(|closed| closed.said());
            (view.judgement.verdict, open, said)
        });
        (surface.verdict, surface.open, surface.closed_by) = (verdict, open, closed_by);
    }
    (surfaces, members)
}

/// What the surfaces leave of each policy that stands before them, where every one of them was pasted with all of its layers.
pub(crate) fn behind(surfaces: &[Surface]) -> HashMap<u32, Behind> {
    let mut left: HashMap<u32, Option<Behind>> = HashMap::new();
    let of = surfaces.iter().flat_map(|surface| surface.layers.iter().map(move |layer| (surface, layer)));
    for (surface, layer) in of {
        // Behind an outer layer the policies of the interface have the last word, so what they close is closed as it should be.
        let outer = layer.kind == LayerKind::Subnet && surface.interface.cloud == Cloud::Aws;
        let closed = if outer { Verdict::Secure } else { Verdict::Caution };
        let open =
            surface.open.iter().filter(|(verdict, ..)| *verdict > closed).map(|(_, protocols, first, last)| (*protocols, *first, *last));
        let said = if outer { Some("they do at every interface that was pasted".to_owned()) } else { surface.closed_by.clone() };
        for policy in &layer.policies {
            let entry = left.entry(*policy).or_insert_with(|| Some(Behind { closed, open: Vec::new(), said: String::new() }));
            if !surface.is_complete() {
                *entry = None;
            }
            let Some(behind) = entry else { continue };
            behind.open.extend(open.clone());
            if let Some(said) = said.as_ref().filter(|_| behind.said.is_empty()) {
                behind.said = if outer { said.clone() } else { format!("closed only by {said}") };
            }
        }
    }
    left.into_iter().filter_map(|(policy, behind)| Some((policy, behind.filter(|behind| !behind.said.is_empty())?))).collect()
}

/// The facts by name. An interface that is told twice, as by its own listing and by its instance's, is one.
#[derive(Default)]
pub(super) struct Network<'f> {
    pub(super) interfaces: Vec<Interface>,
    pub(super) subnets: HashMap<Key<'f>, &'f Subnet>,
    routes: HashMap<Key<'f>, &'f RouteTable>,
    main_routes: HashMap<Key<'f>, &'f RouteTable>,
    pub(super) before_subnet: HashMap<Key<'f>, Vec<&'f Attachment>>,
    pub(super) before_interface: HashMap<Key<'f>, Vec<&'f Attachment>>,
    pub(super) before_network: HashMap<Key<'f>, &'f Attachment>,
    targets: Targets<'f>,
    pub(super) gateways: Vec<Key<'f>>,
    public_ips: HashMap<Key<'f>, Sku>,
    fronts: Fronts<'f>,
    /// Networks whose default ACL admits everything.
    open_networks: HashSet<Key<'f>>,
}

pub(super) fn subnet_key(subnet: &Subnet) -> Key<'_> {
    key(&subnet.id, subnet.at.document)
}

pub(super) fn network_of(subnet: &Subnet) -> Option<Key<'_>> {
    Some(key(subnet.network.as_deref()?, subnet.at.document))
}

impl<'f> Network<'f> {
    pub(super) fn of(facts: &'f [Fact]) -> Self {
        let mut network = Self::default();
        let mut known: HashMap<Key<'_>, usize> = HashMap::new();
        for fact in facts {
            let here = |name: &'f str| key(name, fact.at().document);
            match fact {
                Fact::Interface(interface) => match known.get(&here(&interface.id)).and_then(|at| network.interfaces.get_mut(*at)) {
                    Some(before) => complete(before, interface),
                    None => {
                        known.insert(here(&interface.id), network.interfaces.len());
                        network.interfaces.push(interface.clone());
                    }
                },
                Fact::Subnet(subnet) => {
                    network.subnets.insert(here(&subnet.id), subnet);
                }
                Fact::Routes(table) => {
                    for subnet in &table.subnets {
                        network.routes.insert(here(subnet), table);
                    }
                    if let Some(of) = table.network.as_deref().filter(|_| table.main) {
                        network.main_routes.insert(here(of), table);
                    }
                }
                Fact::Front(front) => network.fronts.add(front),
                Fact::Pool(pool) => network.fronts.add_pool(pool),
                Fact::PublicIp(address) => network.public_ips.extend(address.sku.map(|sku| (here(&address.id), sku))),
                Fact::Nat(gateway) => network.gateways.push(here(&gateway.subnet)),
                Fact::Attachment(attachment) => match &attachment.to {
                    Border::Subnet(id) => network.before_subnet.entry(here(id)).or_default().push(attachment),
                    Border::Interface(id) => network.before_interface.entry(here(id)).or_default().push(attachment),
                    Border::Network(id) => {
                        network.before_network.insert(here(id), attachment);
                    }
                    Border::OpenNetwork(id) => {
                        network.open_networks.insert(here(id));
                    }
                    Border::Instances(to) => network.targets.add(attachment, to),
                    Border::Nowhere => {}
                },
            }
        }
        network
    }

    /// The ACL around a subnet of AWS, which has exactly one: its own, else its network's.
    pub(super) fn acl_of(&self, subnet: Key<'_>) -> Option<&'f Attachment> {
        let own = self.before_subnet.get(&subnet).and_then(|acls| acls.first());
        own.or_else(|| self.before_network.get(&network_of(self.subnets.get(&subnet)?)?)).copied()
    }

    /// The other subnets of the network of a NAT gateway that reach the internet through one.
    pub(super) fn clients_of(&self, gateway: Key<'f>) -> impl Iterator<Item = &'f Subnet> {
        let of = self.subnets.get(&gateway).and_then(|subnet| network_of(subnet));
        let uses = move |other: &&'f Subnet| {
            let own = self.routes.get(&subnet_key(other)).or_else(|| self.main_routes.get(&network_of(other)?));
            subnet_key(other) != gateway && network_of(other) == of && own.is_some_and(|table| table.to_nat)
        };
        self.subnets.values().copied().filter(uses)
    }

    /// Where each group's members are, if that is known of all that were pasted.
    fn members(&self) -> Members {
        let mut members: HashMap<Box<str>, Option<Extent>> = HashMap::new();
        let open_tags = self.interfaces.iter().any(|interface| interface.more_groups.is_some());
        for interface in &self.interfaces {
            let wider = interface.addresses.is_empty();
            let subnet = interface.subnet.as_deref().and_then(|id| self.subnets.get(&key(id, interface.at.document)));
            let addresses = if wider { subnet.map(|subnet| &subnet.addresses) } else { Some(&interface.addresses) };
            let addresses = addresses.filter(|set| !set.is_empty());
            // Whoever may have any tag leaves it open who has which.
            let addresses = addresses.filter(|_| interface.cloud != Cloud::Gcp || !open_tags);
            for group in interface.memberships() {
                let known = members.entry(group.clone()).or_insert_with(|| Some(Extent::default()));
                *known = known
                    .take()
                    .zip(addresses)
                    .map(|(known, more)| Extent { addresses: known.addresses.union(more), wider: known.wider || wider });
            }
        }
        members.into_iter().filter_map(|(group, extent)| Some((group, extent?))).collect()
    }

    /// Puts a host's firewall behind the interfaces of the machine that its document is named after, or of the only machine.
    fn stand(&self, host: &Host, surfaces: &mut [Surface]) {
        let file = host.document.rsplit(['/', '\\']).next().unwrap_or_default();
        let called = |name: &str| file == name || file.strip_prefix(name).is_some_and(|rest| rest.starts_with('.'));
        let machine = |interface: &Interface| interface.carrier.clone().unwrap_or_else(|| interface.id.clone());
        let named = |interface: &Interface| {
            let names = [Some(&interface.id), interface.name.as_ref(), interface.carrier.as_ref()];
            names.into_iter().flatten().any(|name| called(name))
        };
        let only = self.interfaces.iter().all(|other| self.interfaces.first().is_some_and(|first| machine(first) == machine(other)));
        for surface in surfaces.iter_mut().filter(|surface| only || named(&surface.interface)) {
            let unfiltered = AddressSet::empty();
            surface.layers.push(SurfaceLayer {
                kind: LayerKind::Host,
                policies: vec![host.policy],
                perhaps: Vec::new(),
                missing: Vec::new(),
                unfiltered,
            });
        }
    }

    fn surface(&self, interface: &Interface, names: &Names) -> Option<Surface> {
        let document = interface.at.document;
        let subnet_id = interface.subnet.as_deref();
        let subnet_key = subnet_id.map(|id| key(id, document));
        let subnet = subnet_key.and_then(|id| self.subnets.get(&id)).copied();
        let network = interface.network.as_deref().map(|id| key(id, document)).or_else(|| network_of(subnet?));
        let mut assumed = Vec::new();
        let mut layers = match interface.cloud {
            Cloud::Gcp => vec![self.targets.layer(interface, network.map(|(_, name)| name), names, &mut assumed)],
            _ => self.layers(interface, subnet_key, subnet, network, names, &mut assumed),
        };
        if layers.is_empty() && interface.cloud == Cloud::Aws {
            return None;
        }
        let sku = self.sku_of(interface);
        let unguarded = layers.is_empty();
        if unguarded {
            layers.push(without_group(interface, subnet, subnet_id, sku, &mut assumed));
        }
        let own_routes = subnet_key.and_then(|id| self.routes.get(&id));
        let routes = own_routes.or_else(|| network.and_then(|network| self.main_routes.get(&network))).copied();
        let before = self.fronts.before(interface, &mut assumed);
        let mut gate = match before.fronted {
            Some(Fronted::Surely) => Gate::of(&Interface { public: PublicAddress::Yes, ..interface.clone() }, subnet, routes, &mut assumed),
            _ => Gate::of(interface, subnet, routes, &mut assumed),
        };
        match before.fronted {
            Some(Fronted::Perhaps) => gate.doubt(),
            Some(Fronted::Answered(doors)) => gate.answer(&doors),
            Some(Fronted::Surely) | None => {}
        }
        if unguarded && subnet.is_some() && sku == Some(Sku::Standard) {
            gate.close("the Standard SKU of its public address, which only a network security group opens");
        }
        let around = subnet.map(|subnet| subnet.addresses.clone()).filter(|_| interface.addresses.is_empty());
        let within = around.unwrap_or_else(|| interface.addresses.clone());
        Some(Surface {
            interface: interface.clone(),
            within,
            layers,
            gate,
            speaks: before.speaks,
            assumed,
            verdict: Verdict::Unknown,
            open: Vec::new(),
            closed_by: None,
        })
    }

    /// The kind of an interface's public addresses, where it is known of all; a basic one among them is open.
    fn sku_of(&self, interface: &Interface) -> Option<Sku> {
        let of = |id: &str| self.public_ips.get(&key(id, interface.at.document)).copied();
        let skus: Vec<Sku> = interface.public_ips.iter().map(|id| of(id)).collect::<Option<_>>()?;
        if skus.contains(&Sku::Basic) { Some(Sku::Basic) } else { skus.first().copied() }
    }

    /// The layers of AWS and Azure, where policies stand around subnets and on interfaces.
    fn layers(
        &self,
        interface: &Interface,
        subnet_key: Option<Key<'_>>,
        subnet: Option<&Subnet>,
        network: Option<Key<'_>>,
        names: &Names,
        assumed: &mut Vec<String>,
    ) -> Vec<SurfaceLayer> {
        let document = interface.at.document;
        let own = self.before_interface.get(&key(&interface.id, document)).into_iter().flatten();
        let mut on_interface: Vec<(&str, u32)> = interface.policies.iter().map(|id| (&**id, document)).collect();
        on_interface.extend(
            own.map(|one| (&*one.policy, one.at.document)).filter(|(id, _)| !interface.policies.iter().any(|known| **known == **id)),
        );
        // What has no group is a gateway of the platform, such as a NAT gateway, and lets nothing in by itself.
        if interface.cloud == Cloud::Aws && on_interface.is_empty() {
            return Vec::new();
        }
        let around: &[&Attachment] = match subnet_key.and_then(|id| self.before_subnet.get(&id)) {
            Some(attachments) => attachments,
            None => network.and_then(|network| self.before_network.get(&network)).map(std::slice::from_ref).unwrap_or_default(),
        };
        let mut on_subnet: Vec<(&str, u32)> = around.iter().map(|one| (&*one.policy, one.at.document)).collect();
        // A policy and its subnet may both tell of each other.
        sort_unique(&mut on_subnet);
        on_subnet.dedup_by_key(|(name, _)| *name);
        let mut layers = Vec::new();
        if !on_subnet.is_empty() {
            // Traffic inside a subnet does not cross its border (VPC user guide, "Network ACLs"); an NSG meets it all the same.
            let inside = subnet.map(|subnet| subnet.addresses.clone()).filter(|_| interface.cloud == Cloud::Aws);
            layers.push(layer(LayerKind::Subnet, &on_subnet, names, inside.unwrap_or_default()));
        } else if network.is_some_and(|network| self.open_networks.contains(&network)) {
            // It is known that nothing is filtered there.
        } else if interface.cloud == Cloud::Aws {
            let subnet = subnet_key.map_or("its subnet", |(_, name)| name);
            assumed.push(format!("the ACL of {subnet} was not pasted, so it is assumed open"));
        } else if subnet.is_none() {
            let subnet = subnet_key.and_then(|(_, id)| id.rsplit('/').next()).unwrap_or("its subnet");
            assumed.push(format!("whether a network security group stands before {subnet} is not in the texts; it is assumed open"));
        }
        if !on_interface.is_empty() {
            layers.push(layer(LayerKind::Interface, &on_interface, names, AddressSet::empty()));
        }
        layers
    }
}

/// What stands for the groups of an interface of Azure that has none. Where its subnet was pasted without one, too, everything is
/// admitted but what the SKU of the public address closes; see [`Sku`].
fn without_group(
    interface: &Interface,
    subnet: Option<&Subnet>,
    subnet_id: Option<&str>,
    sku: Option<Sku>,
    assumed: &mut Vec<String>,
) -> SurfaceLayer {
    let at = subnet_id.and_then(|id| id.rsplit('/').next()).unwrap_or("its subnet");
    let outside = public().union(documentation());
    let all = format!("no network security group: everything is admitted, since neither {} nor {at} has one", interface.id);
    let (kind, missing, unfiltered) = match (subnet, sku) {
        (Some(_), Some(Sku::Basic)) => {
            assumed.push(format!("{all}; its public address is of the Basic SKU, which is open without a group"));
            (LayerKind::Interface, None, AddressSet::full())
        }
        // The gate closes it to the internet.
        (Some(_), Some(Sku::Standard)) => {
            assumed.push(format!("{all}; its public address is of the Standard SKU, which is closed to the internet without a group"));
            (LayerKind::Interface, None, AddressSet::full())
        }
        (Some(_), None) => {
            assumed.push(format!(
                "{all}; whether that holds for the internet depends on the SKU of the public address, of which a standard one is closed \
                 without a group"
            ));
            (LayerKind::Interface, Some("the SKU of the public address"), AddressSet::full().difference(&outside))
        }
        (None, _) => (LayerKind::Subnet, Some("a network security group"), AddressSet::empty()),
    };
    SurfaceLayer { kind, policies: Vec::new(), perhaps: Vec::new(), missing: missing.into_iter().map(Into::into).collect(), unfiltered }
}

fn layer(kind: LayerKind, called: &[(&str, u32)], names: &Names, unfiltered: AddressSet) -> SurfaceLayer {
    let policies = called.iter().filter_map(|(name, document)| names.get(name, *document)).collect();
    let missing = called.iter().filter(|(name, document)| names.get(name, *document).is_none()).map(|(name, _)| (*name).into()).collect();
    SurfaceLayer { kind, policies, perhaps: Vec::new(), missing, unfiltered }
}

/// Adds to an interface what another text says about it.
fn complete(known: &mut Interface, more: &Interface) {
    let fill = |known: &mut Option<Box<str>>, more: &Option<Box<str>>| {
        if known.is_none() {
            known.clone_from(more);
        }
    };
    fill(&mut known.name, &more.name);
    fill(&mut known.carrier, &more.carrier);
    fill(&mut known.network, &more.network);
    fill(&mut known.subnet, &more.subnet);
    known.policies.extend(more.policies.iter().filter(|id| !known.policies.contains(id)).cloned().collect::<Vec<_>>());
    known.groups.extend(more.groups.iter().filter(|id| !known.groups.contains(id)).cloned().collect::<Vec<_>>());
    known.addresses = known.addresses.union(&more.addresses);
    known.public = known.public.max(more.public);
    known.public_ips.extend(more.public_ips.iter().filter(|id| !known.public_ips.contains(id)).cloned().collect::<Vec<_>>());
}
