//! The network around security groups as the API and `az` print it: interfaces, and networks with their subnets (Azure REST
//! reference, the types of the same names). Ids are compared without regard to case, as the platform does.

use std::net::IpAddr;

use ipnet::IpNet;

use super::listing::{DEPTH, holds, walk};
use crate::document::Format;
use crate::formats::cx::Cx;
use crate::formats::value::Value;
use crate::formats::{Read, TreeReader};
use crate::model::topology::{Attachment, Border, Cloud, Fact, Interface, PublicAddress, PublicIp, Sku, Subnet};
use crate::space::AddressSet;

static INTERFACE_LIST: Format = Format { id: "azure-network-interfaces", title: "Azure network interfaces", from: "az network nic list" };
static ADDRESS_LIST: Format =
    Format { id: "azure-public-addresses", title: "Azure public IP addresses", from: "az network public-ip list" };
static NETWORK_LIST: Format = Format { id: "azure-virtual-networks", title: "Azure virtual networks", from: "az network vnet list" };

pub(in crate::formats) static INTERFACES: TreeReader =
    TreeReader { format: &INTERFACE_LIST, detect: |root| holds(root, is_interface), read: facts };
pub(in crate::formats) static NETWORKS: TreeReader =
    TreeReader { format: &NETWORK_LIST, detect: |root| holds(root, is_subnet), read: facts };

pub(in crate::formats) static ADDRESSES: TreeReader =
    TreeReader { format: &ADDRESS_LIST, detect: |root| holds(root, is_public_ip), read: facts };

/// Tells every fact that stands somewhere in a value.
pub(super) fn facts(root: &Value, cx: &mut Cx<'_>, emit: &mut dyn FnMut(Read)) {
    walk(root, DEPTH, &mut |value| {
        if is_interface(value) {
            interface(value, cx).into_iter().chain(inline_addresses(value, cx)).for_each(|fact| emit(Read::Fact(fact)));
        } else if is_subnet(value) {
            subnet(value, cx).into_iter().for_each(|fact| emit(Read::Fact(fact)));
        } else if is_public_ip(value) {
            public_ip(value, cx).into_iter().for_each(|fact| emit(Read::Fact(fact)));
        } else {
            return false;
        }
        true
    });
}

/// Where a group says that it stands.
pub(super) fn attachments(group: &Value, cx: &Cx<'_>, emit: &mut dyn FnMut(Read)) {
    let fields = fields(group);
    let Some(policy) = id(group) else { return };
    let subnets = fields.items_of("subnets").iter().filter_map(id).map(Border::Subnet);
    let interfaces = fields.items_of("networkInterfaces").iter().filter_map(id).map(Border::Interface);
    for to in subnets.chain(interfaces) {
        emit(Read::Fact(Fact::Attachment(Attachment { policy: policy.clone(), to, at: cx.place(group) })));
    }
}

/// The API has the fields under `properties`; `az` prints them beside the name.
fn fields(value: &Value) -> &Value {
    value.some("properties").unwrap_or(value)
}

fn id(value: &Value) -> Option<Box<str>> {
    let id = value.text_of("id").or_else(|| value.text())?;
    (!id.is_empty()).then(|| id.trim_end_matches('/').to_ascii_lowercase().into())
}

fn has_type(value: &Value, kind: &str) -> bool {
    let ends = |text: &str| text.to_ascii_lowercase().contains(&format!("/{kind}/"));
    value.text_of("type").is_some_and(|own| own.to_ascii_lowercase().ends_with(&format!("/{kind}")))
        || value.text_of("id").is_some_and(ends)
}

fn is_interface(value: &Value) -> bool {
    has_type(value, "networkinterfaces") && fields(value).get("ipConfigurations").is_some_and(Value::is_list)
}

fn is_subnet(value: &Value) -> bool {
    let fields = fields(value);
    has_type(value, "subnets") && (fields.get("addressPrefix").is_some() || fields.get("addressPrefixes").is_some())
}

fn is_public_ip(value: &Value) -> bool {
    has_type(value, "publicipaddresses") && fields(value).get("publicIPAllocationMethod").is_some()
}

fn public_ip(value: &Value, cx: &Cx<'_>) -> Option<Fact> {
    let sku = value.path(&["sku", "name"]).and_then(Value::text).and_then(Sku::read);
    Some(Fact::PublicIp(PublicIp { id: id(value)?, at: cx.place(value), sku }))
}

/// The public addresses of an interface that are written out where they are named, as the API does it when asked to.
fn inline_addresses(interface: &Value, cx: &Cx<'_>) -> Vec<Fact> {
    let addresses = configurations(interface).into_iter().filter_map(|one| one.some("publicIPAddress"));
    addresses.filter(|address| address.get("sku").is_some()).filter_map(|address| public_ip(address, cx)).collect()
}

fn configurations(interface: &Value) -> Vec<&Value> {
    fields(interface).items_of("ipConfigurations").iter().map(fields).collect()
}

fn interface(value: &Value, cx: &Cx<'_>) -> Option<Fact> {
    let own = fields(value);
    let configurations = configurations(value);
    let public_ips = configurations.iter().filter_map(|one| one.some("publicIPAddress").and_then(id)).collect();
    let has = |key: &str| configurations.iter().any(|one| !one.items_of(key).is_empty());
    let public = configurations.iter().any(|one| one.some("publicIPAddress").is_some());
    // A load balancer hands packets on with the sender's address.
    let balanced = ["loadBalancerBackendAddressPools", "loadBalancerInboundNatRules"].iter().any(|key| has(key));
    let addresses = configurations.iter().filter_map(|one| one.text_of("privateIPAddress")?.parse::<IpAddr>().ok());
    let groups = configurations.iter().flat_map(|one| one.items_of("applicationSecurityGroups"));
    let machine = own.some("virtualMachine").and_then(id);
    Some(Fact::Interface(Interface {
        cloud: Cloud::Azure,
        id: id(value)?,
        name: value.text_of("name").map(Into::into),
        carrier: machine.and_then(|id| id.rsplit('/').next().map(Into::into)),
        at: cx.place(value),
        network: None,
        subnet: configurations.iter().find_map(|one| one.some("subnet").and_then(id)),
        policies: own.some("networkSecurityGroup").and_then(id).into_iter().collect(),
        groups: groups.filter_map(|group| group.text_of("id")?.trim_end_matches('/').rsplit('/').next().map(Into::into)).collect(),
        more_groups: None,
        region: None,
        public_ips,
        addresses: AddressSet::from_nets(addresses.map(IpNet::from)),
        public: if balanced && !public { PublicAddress::Untold } else { public.into() },
    }))
}

/// A subnet, and the group that stands before it.
fn subnet(value: &Value, cx: &Cx<'_>) -> Vec<Fact> {
    let (own, Some(id_of)) = (fields(value), id(value)) else { return Vec::new() };
    let prefixes = own.items_of("addressPrefix").iter().chain(own.items_of("addressPrefixes"));
    let fact = Subnet {
        id: id_of.clone(),
        name: value.text_of("name").map(Into::into),
        at: cx.place(value),
        network: None,
        addresses: AddressSet::from_nets(prefixes.filter_map(|prefix| prefix.text()?.parse().ok())),
        gives_public: Some(false),
    };
    let group = own.some("networkSecurityGroup").and_then(id);
    let group = group.map(|policy| Fact::Attachment(Attachment { policy, to: Border::Subnet(id_of), at: cx.place(value) }));
    std::iter::once(Fact::Subnet(fact)).chain(group).collect()
}
