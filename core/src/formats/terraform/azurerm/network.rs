//! The network around security groups in the Azure provider: interfaces, subnets, and which group stands before which
//! (provider documentation of the resources named here).

use std::collections::HashMap;
use std::net::IpAddr;

use ipnet::IpNet;

use crate::formats::Read;
use crate::formats::cx::Cx;
use crate::formats::terraform::Resource;
use crate::formats::value::{Kind, Value};
use crate::model::topology::{Attachment, Border, Cloud, Fact, Interface, PublicAddress, PublicIp, Sku, Subnet};
use crate::space::AddressSet;

/// Tells the facts that the resources hold.
pub(super) fn read(resources: &[Resource], cx: &Cx<'_>, emit: &mut dyn FnMut(Read)) {
    let of = |kind: &'static str| resources.iter().filter(move |resource| resource.kind == kind);
    // Associations are resources of their own.
    let mut groups: HashMap<String, Vec<Box<str>>> = HashMap::new();
    for one in of("azurerm_network_interface_application_security_group_association") {
        let (interface, group) = (name(&one.arguments, "network_interface_id"), name(&one.arguments, "application_security_group_id"));
        if let (Some(interface), Some(group)) = (interface, group) {
            groups.entry(interface).or_default().push(short(&group).into());
        }
    }
    let balanced = ["azurerm_network_interface_backend_address_pool_association", "azurerm_network_interface_nat_rule_association"];
    let balanced: Vec<String> = balanced.into_iter().flat_map(of).filter_map(|one| name(&one.arguments, "network_interface_id")).collect();
    for (kind, key) in [
        ("azurerm_network_interface_security_group_association", "network_interface_id"),
        ("azurerm_subnet_network_security_group_association", "subnet_id"),
    ] {
        for one in of(kind) {
            let (Some(policy), Some(to)) = (name(&one.arguments, "network_security_group_id"), name(&one.arguments, key)) else { continue };
            let to = if key == "subnet_id" { Border::Subnet(to.into()) } else { Border::Interface(to.into()) };
            emit(Read::Fact(Fact::Attachment(Attachment { policy: policy.into(), to, at: cx.place(one.at) })));
        }
    }
    for resource in of("azurerm_subnet") {
        let prefixes = ["address_prefixes", "address_prefix"].iter().flat_map(|key| resource.arguments.items_of(key));
        let fact = Subnet {
            id: own_name(resource).into(),
            name: resource.arguments.text_of("name").map(Into::into),
            at: cx.place(resource.at),
            network: None,
            addresses: AddressSet::from_nets(prefixes.filter_map(|prefix| prefix.text()?.parse().ok())),
            gives_public: Some(false),
        };
        emit(Read::Fact(Fact::Subnet(fact)));
    }
    for resource in of("azurerm_public_ip") {
        // Without one it depends on the version of the provider.
        let sku = resource.arguments.text_of("sku").and_then(Sku::read);
        emit(Read::Fact(Fact::PublicIp(PublicIp { id: own_name(resource).into(), at: cx.place(resource.at), sku })));
    }
    for resource in of("azurerm_network_interface") {
        let own = own_name(resource);
        let configurations = resource.arguments.items_of("ip_configuration");
        let public = configurations.iter().any(|one| name(one, "public_ip_address_id").is_some());
        let public_ips = configurations.iter().filter_map(|one| name(one, "public_ip_address_id")).map(Into::into).collect();
        let open = balanced.contains(&own);
        let addresses = configurations.iter().filter_map(|one| one.text_of("private_ip_address")?.parse::<IpAddr>().ok());
        let fact = Interface {
            cloud: Cloud::Azure,
            groups: groups.remove(&own).unwrap_or_default(),
            name: resource.arguments.text_of("name").map(Into::into),
            carrier: None,
            at: cx.place(resource.at),
            network: None,
            subnet: configurations.iter().find_map(|one| name(one, "subnet_id")).map(Into::into),
            policies: name(&resource.arguments, "network_security_group_id").map(Into::into).into_iter().collect(),
            addresses: AddressSet::from_nets(addresses.map(IpNet::from)),
            more_groups: None,
            region: None,
            public_ips,
            public: if open && !public { PublicAddress::Untold } else { public.into() },
            id: own.into(),
        };
        emit(Read::Fact(Fact::Interface(fact)));
    }
}

/// What others call a resource: its id once it exists, else its address.
fn own_name(resource: &Resource) -> String {
    let id = resource.arguments.text_of("id").filter(|id| !id.is_empty());
    id.map_or_else(|| resource.address.clone(), str::to_ascii_lowercase)
}

/// What an argument names: an id, a resource, or something that is not in the text.
fn name(fields: &Value, key: &str) -> Option<String> {
    match &fields.get(key)?.kind {
        Kind::Text(id) => Some(id.to_ascii_lowercase()).filter(|id| !id.is_empty()),
        Kind::Reference(address) => Some(address.clone()),
        Kind::Unknown(missing) => Some(missing.name.to_string()),
        _ => None,
    }
}

/// The name at the end of an id, as rules use it; an address stays as it is.
fn short(id: &str) -> &str {
    if id.starts_with('/') { id.rsplit('/').next().unwrap_or(id) } else { id }
}
