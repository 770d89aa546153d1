//! The network around the groups of a template: subnets with the group before each, and interfaces (Azure resource reference,
//! the types named here). Templates name resources by id, by name or by symbol; all come down to one name here.

use std::collections::HashMap;
use std::net::IpAddr;

use ipnet::IpNet;

use super::resources::{GROUP, Resource};
use crate::formats::Read;
use crate::formats::cx::Cx;
use crate::formats::value::{Kind, Value};
use crate::model::Span;
use crate::model::topology::{Attachment, Border, Cloud, Fact, Interface, PublicAddress, PublicIp, Sku, Subnet};
use crate::space::AddressSet;

pub(in crate::formats::azure) const NETWORK: &str = "microsoft.network/virtualnetworks";
pub(in crate::formats::azure) const SUBNET: &str = "microsoft.network/virtualnetworks/subnets";
pub(in crate::formats::azure) const INTERFACE: &str = "microsoft.network/networkinterfaces";
pub(in crate::formats::azure) const MACHINE: &str = "microsoft.compute/virtualmachines";
pub(in crate::formats::azure) const SCALE_SET: &str = "microsoft.compute/virtualmachinescalesets";

pub(in crate::formats::azure) const PUBLIC_IP: &str = "microsoft.network/publicipaddresses";

/// Whether a type, in lower case, is of the network around groups.
pub(in crate::formats::azure) fn is_network(kind: &str) -> bool {
    [NETWORK, SUBNET, INTERFACE, MACHINE, SCALE_SET, PUBLIC_IP].contains(&kind)
}

/// Where resources of a type have what is read of them: the SKU stands beside the properties.
pub(in crate::formats::azure) fn fields_of(kind: &str) -> &'static str {
    if kind == PUBLIC_IP { "sku" } else { "properties" }
}

/// What resources are called.
#[derive(Default)]
pub(super) struct Names {
    /// Type and name of each, by the symbol or address that the template has for it.
    by_address: HashMap<String, String>,
    /// The addresses of the groups, by type and name.
    groups: HashMap<String, String>,
}

impl Names {
    /// Makes a resource known.
    pub(super) fn add(&mut self, kind: &str, name: &str, address: &str) {
        let one = named(kind, name);
        if kind == GROUP {
            self.groups.entry(one.clone()).or_insert_with(|| address.to_owned());
        }
        self.by_address.insert(address.to_owned(), one);
    }

    /// The one name of the resource that a value refers to.
    fn of(&self, value: &Value) -> Option<String> {
        let id = if value.is_map() { value.some("id")? } else { value };
        match &id.kind {
            Kind::Reference(symbol) => Some(self.by_address.get(symbol).unwrap_or(symbol).clone()),
            Kind::Text(text) => Some(self.of_text(text)).filter(|name| !name.is_empty()),
            Kind::Unknown(missing) => Some(missing.name.to_string()),
            _ => None,
        }
    }

    fn of_text(&self, text: &str) -> String {
        let text = text.trim_end_matches('/');
        let lower = text.to_ascii_lowercase();
        // The id of something that exists.
        if lower.starts_with("/subscriptions/") {
            return lower;
        }
        if let Some(at) = lower.find("microsoft.network/") {
            let rest = lower.get(at..).unwrap_or_default();
            let parts: Vec<&str> = rest.split('/').collect();
            return match parts.as_slice() {
                [_, "virtualnetworks", "subnets", network, subnet] | [_, "virtualnetworks", network, "subnets", subnet] => {
                    named(SUBNET, &format!("{network}/{subnet}"))
                }
                [provider, kind, name @ ..] => named(&format!("{provider}/{kind}"), &name.join("/")),
                _ => lower,
            };
        }
        // `'${network.id}/subnets/front'`.
        if let Some((symbol, subnet)) = text.split_once("/subnets/")
            && let Some(network) = self.by_address.get(symbol).and_then(|name| name.rsplit('/').next())
        {
            return named(SUBNET, &format!("{network}/{subnet}"));
        }
        text.to_owned()
    }

    /// A group as its policy is called, if it is in the template.
    fn group(&self, value: &Value) -> Option<Box<str>> {
        let name = self.of(value)?;
        Some(self.groups.get(&name).cloned().unwrap_or(name).into())
    }
}

/// The one name of a resource: the last part of its type, and its name with those of its parents.
fn named(kind: &str, name: &str) -> String {
    format!("{}/{}", kind.rsplit('/').next().unwrap_or(kind), name.to_ascii_lowercase())
}

/// Tells the facts that resources hold.
pub(super) fn read(resources: &[(String, Resource)], names: &Names, cx: &Cx<'_>, emit: &mut dyn FnMut(Read)) {
    let of = |kind: &'static str| resources.iter().filter(move |(own, _)| own == kind).map(|(_, resource)| resource);
    let mut machines: HashMap<String, &str> = HashMap::new();
    for machine in of(MACHINE) {
        for interface in machine.spelled.path(&["networkProfile", "networkInterfaces"]).map(Value::items).unwrap_or_default() {
            machines.extend(names.of(interface).map(|name| (name, machine.name.as_str())));
        }
    }
    let mut told: Vec<Fact> = Vec::new();
    for network in of(NETWORK) {
        for one in network.spelled.items_of("subnets") {
            let Some(own) = one.text_of("name") else { continue };
            let fields = one.some("properties").unwrap_or(one);
            subnet(&format!("{}/{own}", network.name), fields, one.span, names, cx, &mut told);
        }
    }
    for own in of(SUBNET) {
        subnet(&own.name, &own.spelled, own.at, names, cx, &mut told);
    }
    for own in of(INTERFACE) {
        let carrier = machines.get(&named(INTERFACE, &own.name)).copied();
        told.push(interface(&own.address, &own.name, carrier, (&own.properties, &own.spelled), own.at, names, cx));
    }
    for set in of(SCALE_SET) {
        let path = ["virtualMachineProfile", "networkProfile", "networkInterfaceConfigurations"];
        let both = [&set.properties, &set.spelled].map(|fields| fields.path(&path).map(Value::items).unwrap_or_default());
        let [settled, spelled] = both;
        for (one, spelled) in settled.iter().zip(spelled) {
            let id = format!("{}/{}", set.address, spelled.text_of("name").unwrap_or_default());
            let fields = (one.some("properties").unwrap_or(one), spelled.some("properties").unwrap_or(spelled));
            told.push(interface(&id, &set.name, Some(&set.name), fields, set.at, names, cx));
            let own = configurations(fields.0).into_iter().filter_map(|one| one.some("publicIPAddressConfiguration"));
            told.extend(own.take(1).filter_map(|own| Some(public_ip(&of_instances(&id), own.some("sku")?, set.at, cx))));
        }
    }
    for own in of(PUBLIC_IP) {
        told.push(public_ip(&named(PUBLIC_IP, &own.name), &own.properties, own.at, cx));
    }
    told.into_iter().for_each(|fact| emit(Read::Fact(fact)));
}

fn public_ip(id: &str, sku: &Value, at: Span, cx: &Cx<'_>) -> Fact {
    Fact::PublicIp(PublicIp { id: id.into(), at: cx.place(at), sku: sku.text_of("name").and_then(Sku::read) })
}

/// A subnet, and the group that stands before it.
fn subnet(name: &str, fields: &Value, at: Span, names: &Names, cx: &Cx<'_>, told: &mut Vec<Fact>) {
    let id: Box<str> = named(SUBNET, name).into();
    let prefixes = || ["addressPrefix", "addressPrefixes"].iter().flat_map(|key| fields.items_of(key));
    let nets: Option<Vec<IpNet>> = prefixes().map(|prefix| prefix.text()?.parse().ok()).collect();
    told.push(Fact::Subnet(Subnet {
        id: id.clone(),
        name: name.rsplit('/').next().map(Into::into),
        at: cx.place(at),
        network: None,
        // Part of its addresses would be taken for all of them.
        addresses: AddressSet::from_nets(nets.unwrap_or_default()),
        gives_public: Some(false),
    }));
    if let Some(policy) = fields.some("networkSecurityGroup").and_then(|group| names.group(group)) {
        told.push(Fact::Attachment(Attachment { policy, to: Border::Subnet(id), at: cx.place(at) }));
    }
}

/// An interface; of its fields the second have their missing values spelled out, as names have them.
fn interface(
    id: &str,
    name: &str,
    carrier: Option<&str>,
    (fields, spelled): (&Value, &Value),
    at: Span,
    names: &Names,
    cx: &Cx<'_>,
) -> Fact {
    let own = configurations(fields);
    let apart = configurations(spelled).into_iter().filter_map(|one| names.of(one.some("publicIPAddress")?)).map(Into::into);
    let inside = own.iter().filter(|one| one.some("publicIPAddressConfiguration").is_some()).map(|_| of_instances(id).into());
    let public_ips = apart.chain(inside).collect();
    let addresses = own.iter().filter_map(|one| one.text_of("privateIPAddress")?.parse::<IpAddr>().ok());
    let groups = own.iter().flat_map(|one| one.items_of("applicationSecurityGroups"));
    Fact::Interface(Interface {
        cloud: Cloud::Azure,
        id: id.into(),
        name: Some(name.into()),
        carrier: carrier.map(Into::into),
        at: cx.place(at),
        network: None,
        subnet: configurations(spelled).iter().find_map(|one| names.of(one.some("subnet")?)).map(Into::into),
        policies: spelled.some("networkSecurityGroup").and_then(|group| names.group(group)).into_iter().collect(),
        groups: groups.filter_map(application_group).collect(),
        more_groups: None,
        region: None,
        public_ips,
        addresses: AddressSet::from_nets(addresses.map(IpNet::from)),
        public: own.iter().map(|one| public(one)).max().unwrap_or(PublicAddress::Untold),
    })
}

fn configurations(fields: &Value) -> Vec<&Value> {
    fields.items_of("ipConfigurations").iter().map(|one| one.some("properties").unwrap_or(one)).collect()
}

/// What the public addresses of a scale set's instances are called here; they have no resource of their own.
fn of_instances(interface: &str) -> String {
    format!("{interface}/public address")
}

fn public(configuration: &Value) -> PublicAddress {
    let own = ["publicIPAddress", "publicIPAddressConfiguration"].iter().find_map(|key| configuration.some(key));
    // A load balancer hands packets on with the sender's address.
    let balanced =
        ["loadBalancerBackendAddressPools", "loadBalancerInboundNatRules"].iter().any(|key| !configuration.items_of(key).is_empty());
    let open = configuration.missing().is_some() || own.is_some_and(|own| own.missing().is_some());
    if own.is_some() && !open {
        PublicAddress::Yes
    } else if open || balanced {
        PublicAddress::Untold
    } else {
        PublicAddress::No
    }
}

/// An application security group as rules name it: by the name at the end of its id, or by its symbol.
fn application_group(group: &Value) -> Option<Box<str>> {
    let id = group.some("id").unwrap_or(group);
    match &id.kind {
        Kind::Text(id) => id.trim_end_matches('/').rsplit('/').next().map(Into::into),
        Kind::Reference(symbol) => Some(symbol.as_str().into()),
        Kind::Unknown(missing) => Some(missing.name.clone()),
        _ => None,
    }
}
