//! Instances and instance templates: which networks they are in, what firewall rules may choose them by, and whether they have
//! external addresses (Compute API reference, `instances`; Terraform registry, `google_compute_instance`).

use std::net::IpAddr;

use ipnet::IpNet;

use super::ends;
use super::names::{self, Name};
use super::placed::Head;
use crate::formats::Read;
use crate::formats::cx::{Cx, shown};
use crate::formats::value::Value;
use crate::model::Unresolved;
use crate::model::topology::{Cloud, Fact, Interface, PublicAddress};
use crate::space::AddressSet;

/// How a text names networks and subnets.
pub(super) struct Naming<'n> {
    pub(super) network: &'n dyn Fn(Option<&Value>) -> Option<Name>,
    pub(super) subnet: &'n dyn Fn(&Value) -> Option<String>,
}

/// Whether a value is an instance: projections leave out its `kind`.
pub(super) fn is_instance(value: &Value) -> bool {
    let says = |interface: &Value| ["network", "subnetwork", "networkIP"].iter().any(|key| interface.get(key).is_some());
    value.get("networkInterfaces").is_some_and(Value::is_list) && value.items_of("networkInterfaces").first().is_some_and(says)
}

/// Tells the interfaces of an instance, or of those that a template makes. `whole` says that a list that is not there is empty.
pub(super) fn read(fields: &Value, id: &str, whole: bool, naming: &Naming<'_>, head: Head<'_>, cx: &Cx<'_>, emit: &mut dyn FnMut(Read)) {
    let lists = ["networkInterfaces", "networkInterface"].into_iter().find_map(|key| fields.some(key));
    let own = lists.map(Value::items).unwrap_or_default();
    let (groups, more_groups) = groups(fields, id, whole);
    let zone = fields.some("zone").and_then(ends::label).map(|zone| names::last(&zone).to_owned());
    let region =
        zone.as_deref().and_then(|zone| zone.rsplit_once('-')).map(|(region, _)| region.to_owned()).or_else(|| names::region(fields));
    for (interface, nth) in own.iter().zip(0_usize..) {
        let network = ["network", "networkRef"].into_iter().find_map(|key| (naming.network)(interface.some(key)));
        let subnet = ["subnetwork", "subnetworkRef"].into_iter().find_map(|key| (naming.subnet)(interface.some(key)?));
        let called = interface.text_of("name").map_or_else(|| format!("nic{nth}"), str::to_owned);
        emit(Read::Fact(Fact::Interface(Interface {
            cloud: Cloud::Gcp,
            id: if own.len() > 1 { format!("{id}/{called}").into() } else { id.into() },
            name: head.name.map(Into::into),
            carrier: (own.len() > 1).then(|| id.into()),
            at: cx.place(head.at),
            network: network.map(|network| network.path().into()),
            subnet: subnet.map(Into::into),
            policies: Vec::new(),
            groups: groups.clone(),
            more_groups: more_groups.clone(),
            region: region.as_deref().map(Into::into),
            public_ips: Vec::new(),
            addresses: addresses(interface),
            public: public(interface),
        })));
    }
}

/// Tags and service accounts, and what is missing to know all of them.
fn groups(fields: &Value, id: &str, whole: bool) -> (Vec<Box<str>>, Option<Box<Unresolved>>) {
    let open = |what: &str| {
        Some(Unresolved { name: format!("{what} of {}", shown(id)).into(), would_settle: format!("{what} of {}", shown(id)).into() })
    };
    let tags = fields.some("tags");
    let tags = tags.map(|tags| if tags.is_map() { tags.get("items") } else { Some(tags) });
    let accounts = ["serviceAccounts", "serviceAccount"].into_iter().find_map(|key| fields.some(key));
    let (mut found, mut missing) = (Vec::new(), None);
    match tags {
        Some(list) => {
            for tag in list.map(ends::flat).unwrap_or_default() {
                missing = missing.or_else(|| tag.missing().cloned());
                found.extend(ends::label(tag));
            }
        }
        None => missing = open("the tags").filter(|_| !whole),
    }
    for account in accounts.map(ends::flat).unwrap_or_default() {
        let email = account.some("email").filter(|email| email.text() != Some(""));
        match account.missing().or_else(|| email.and_then(Value::missing)) {
            Some(open) => missing = missing.or_else(|| Some(open.clone())),
            // Without one it is the default account of the project, whose number is not in the text.
            None if email.is_none() => missing = missing.or_else(|| open("the service account")),
            None => {}
        }
        found.extend(email.and_then(ends::label));
    }
    if accounts.is_none() && !whole {
        missing = missing.or_else(|| open("the service accounts"));
    }
    (found.into_iter().map(Into::into).collect(), missing.map(Box::new))
}

/// Its internal addresses, and IPv6 ones of either kind.
fn addresses(interface: &Value) -> AddressSet {
    let external = ["ipv6AccessConfigs", "ipv6AccessConfig"].iter().flat_map(|key| interface.items_of(key));
    let external = external.filter_map(|config| config.some("externalIpv6"));
    let own = ["networkIP", "ipv6Address"].iter().filter_map(|key| interface.some(key));
    AddressSet::from_nets(own.chain(external).filter_map(|value| value.text()?.parse::<IpAddr>().ok().map(IpNet::from)))
}

/// An access configuration is what gives it an external address, also while it is stopped and has none.
fn public(interface: &Value) -> PublicAddress {
    if interface.missing().is_some() {
        return PublicAddress::Untold;
    }
    let mut configs = ["accessConfigs", "accessConfig"].iter().flat_map(|key| interface.items_of(key)).peekable();
    if configs.peek().is_none() {
        return PublicAddress::No;
    }
    if configs.all(|config| config.missing().is_some()) { PublicAddress::Untold } else { PublicAddress::Yes }
}
