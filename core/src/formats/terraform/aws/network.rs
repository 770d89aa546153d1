//! The network around the policies in the AWS provider: subnets, routes, and what has interfaces (provider documentation of
//! the resources named here).

use std::collections::HashMap;
use std::net::IpAddr;

use ipnet::IpNet;

use crate::formats::Read;
use crate::formats::aws::network::{DEFAULT_GROUP, Target, destinations};
use crate::formats::cx::Cx;
use crate::formats::terraform::Resource;
use crate::formats::value::{Kind, Value};
use crate::model::topology::{Attachment, Border, Cloud, Fact, Interface, Nat, PublicAddress, RouteTable, Subnet};
use crate::space::AddressSet;

/// Tells the facts that the resources hold.
pub(super) fn read(resources: &[Resource], cx: &Cx<'_>, emit: &mut dyn FnMut(Read)) {
    let network = Network::of(resources);
    for resource in resources {
        match resource.kind.as_str() {
            "aws_subnet" | "aws_default_subnet" => emit(Read::Fact(Fact::Subnet(subnet(resource, cx)))),
            "aws_nat_gateway" => {
                if let Some(subnet) = resource.arguments.get("subnet_id").and_then(name) {
                    emit(Read::Fact(Fact::Nat(Nat { subnet: subnet.into(), at: cx.place(resource.at) })));
                }
            }
            "aws_route_table" | "aws_default_route_table" => emit(Read::Fact(Fact::Routes(network.routes(resource, cx)))),
            "aws_network_acl" | "aws_default_network_acl" | "aws_network_acl_association" => {
                borders(resource, cx).into_iter().for_each(|one| emit(Read::Fact(Fact::Attachment(one))));
            }
            _ => network.interfaces(resource, cx).into_iter().for_each(|one| emit(Read::Fact(Fact::Interface(one)))),
        }
    }
}

/// What resources say about each other.
struct Network<'r> {
    resources: HashMap<&'r str, &'r Resource>,
    /// Routes of their own and associations, by the name of their table.
    routes: HashMap<String, Vec<&'r Value>>,
    associated: HashMap<String, Vec<String>>,
    main: Vec<String>,
    /// What an elastic address belongs to.
    elastic: Vec<String>,
}

impl<'r> Network<'r> {
    fn of(resources: &'r [Resource]) -> Self {
        let mut network = Self {
            resources: resources.iter().map(|resource| (resource.address.as_str(), resource)).collect(),
            routes: HashMap::new(),
            associated: HashMap::new(),
            main: Vec::new(),
            elastic: Vec::new(),
        };
        for resource in resources {
            let fields = &resource.arguments;
            let table = fields.get("route_table_id").and_then(name);
            match (resource.kind.as_str(), table) {
                ("aws_route", Some(table)) => network.routes.entry(table).or_default().push(fields),
                ("aws_route_table_association", Some(table)) => {
                    network.associated.entry(table).or_default().extend(fields.get("subnet_id").and_then(name));
                }
                ("aws_main_route_table_association", Some(table)) => network.main.push(table),
                ("aws_eip" | "aws_eip_association", _) => {
                    let carriers = ["instance", "instance_id", "network_interface", "network_interface_id"];
                    network.elastic.extend(carriers.iter().filter_map(|key| name(fields.get(key)?)));
                }
                _ => {}
            }
        }
        network
    }

    fn routes(&self, table: &Resource, cx: &Cx<'_>) -> RouteTable {
        let names = [Some(table.address.clone()), table.arguments.text_of("id").map(str::to_owned)];
        let named = || names.iter().flatten();
        let inline = table.arguments.items_of("route").iter();
        let apart = named().filter_map(|name| self.routes.get(name)).flatten().copied();
        let (mut routes, mut open, mut to_nat) = (Vec::new(), false, false);
        for route in inline.chain(apart) {
            to_nat |= route.some("nat_gateway_id").is_some_and(|gateway| gateway.text() != Some(""));
            let keys = ["cidr_block", "destination_cidr_block", "ipv6_cidr_block", "destination_ipv6_cidr_block"];
            let to = keys.iter().find_map(|key| route.some(key).filter(|value| value.text() != Some("")));
            let target = target(route);
            match (to.and_then(Value::text).and_then(|text| text.parse::<IpNet>().ok()), target) {
                (Some(net), Some(target)) => routes.push((net, target)),
                _ => open = true,
            }
        }
        RouteTable {
            id: own_name(table),
            at: cx.place(table.at),
            network: table.arguments.get("vpc_id").and_then(name).map(Into::into),
            main: table.kind == "aws_default_route_table" || named().any(|name| self.main.contains(name)),
            subnets: named().filter_map(|name| self.associated.get(name)).flatten().map(|name| name.as_str().into()).collect(),
            internet: destinations(&routes, Target::Internet),
            elsewhere: destinations(&routes, Target::Elsewhere),
            to_nat,
            open,
        }
    }

    /// The interfaces that a resource has: one for each subnet it may be in.
    fn interfaces(&self, resource: &Resource, cx: &Cx<'_>) -> Vec<Interface> {
        let fields = &resource.arguments;
        let flag = |key: &str, otherwise: PublicAddress| match fields.some(key) {
            Some(value) => value.bool().map_or(PublicAddress::Untold, PublicAddress::from),
            None => otherwise,
        };
        let awsvpc = fields.items_of("network_configuration").first();
        let (groups, subnets, public) = match resource.kind.as_str() {
            // An interface of its own carries the groups; the instance only names it.
            "aws_instance" if !fields.items_of("network_interface").is_empty() => return Vec::new(),
            "aws_instance" => {
                let known = fields.text_of("public_ip").map(|address| PublicAddress::from(!address.is_empty()));
                let public = known.unwrap_or_else(|| flag("associate_public_ip_address", PublicAddress::BySubnet));
                (names(fields, "vpc_security_group_ids"), names(fields, "subnet_id"), public)
            }
            "aws_network_interface" => (names(fields, "security_groups"), names(fields, "subnet_id"), PublicAddress::No),
            "aws_lb" | "aws_alb" | "aws_elb" => {
                let public = match flag("internal", PublicAddress::No) {
                    PublicAddress::Yes => PublicAddress::No,
                    PublicAddress::No => PublicAddress::Yes,
                    open => open,
                };
                (names(fields, "security_groups"), names(fields, "subnets"), public)
            }
            "aws_db_instance" | "aws_rds_cluster_instance" => {
                let public = flag("publicly_accessible", PublicAddress::No);
                let subnets = self.behind(fields, "db_subnet_group_name");
                (names(fields, "vpc_security_group_ids"), subnets, public)
            }
            "aws_rds_cluster" => (names(fields, "vpc_security_group_ids"), self.behind(fields, "db_subnet_group_name"), PublicAddress::No),
            "aws_elasticache_cluster" | "aws_elasticache_replication_group" => {
                (names(fields, "security_group_ids"), self.behind(fields, "subnet_group_name"), PublicAddress::No)
            }
            "aws_ecs_service" => match awsvpc {
                Some(own) => {
                    let public = own.get("assign_public_ip").and_then(Value::bool) == Some(true);
                    (names(own, "security_groups"), names(own, "subnets"), public.into())
                }
                None => return Vec::new(),
            },
            _ => return Vec::new(),
        };
        let has_elastic =
            [Some(resource.address.as_str()), fields.text_of("id")].into_iter().flatten().any(|id| self.elastic.iter().any(|of| of == id));
        let public = if has_elastic { PublicAddress::Yes } else { public };
        let addresses = ["private_ip", "private_ips", "ipv6_addresses"].iter().flat_map(|key| fields.items_of(key));
        let addresses = AddressSet::from_nets(addresses.filter_map(|value| value.text()?.parse::<IpAddr>().ok().map(IpNet::from)));
        let interface = |subnet: Option<&String>, many: bool| Interface {
            cloud: Cloud::Aws,
            id: match subnet.filter(|_| many) {
                Some(subnet) => format!("{} in {subnet}", own_name(resource)).into(),
                None => own_name(resource),
            },
            name: fields.path(&["tags", "Name"]).and_then(Value::text).or_else(|| fields.text_of("name")).map(Into::into),
            carrier: None,
            at: cx.place(resource.at),
            network: None,
            subnet: subnet.map(|subnet| subnet.as_str().into()),
            policies: if groups.is_empty() { vec![DEFAULT_GROUP.into()] } else { groups.iter().map(|name| name.as_str().into()).collect() },
            groups: Vec::new(),
            more_groups: None,
            region: None,
            public_ips: Vec::new(),
            addresses: addresses.clone(),
            public,
        };
        match subnets.as_slice() {
            [] => vec![interface(None, false)],
            subnets => subnets.iter().map(|subnet| interface(Some(subnet), subnets.len() > 1)).collect(),
        }
    }

    /// The subnets of the subnet group that an argument names.
    fn behind(&self, fields: &Value, key: &str) -> Vec<String> {
        let group = fields.get(key).and_then(name);
        let group = group.and_then(|group| self.resources.get(group.as_str()).copied());
        group.map(|group| names(&group.arguments, "subnet_ids")).unwrap_or_default()
    }
}

fn subnet(resource: &Resource, cx: &Cx<'_>) -> Subnet {
    let fields = &resource.arguments;
    let blocks = ["cidr_block", "ipv6_cidr_block"].iter().filter_map(|key| fields.text_of(key)?.parse::<IpNet>().ok());
    let gives = fields.get("map_public_ip_on_launch");
    let open = gives.is_some_and(|gives| gives.missing().is_some());
    Subnet {
        id: own_name(resource),
        name: fields.path(&["tags", "Name"]).and_then(Value::text).map(Into::into),
        at: cx.place(resource.at),
        network: fields.get("vpc_id").and_then(name).map(Into::into),
        addresses: AddressSet::from_nets(blocks),
        // A default subnet gives public addresses unless it is told not to.
        gives_public: (!open).then(|| gives.and_then(Value::bool).unwrap_or(resource.kind == "aws_default_subnet")),
    }
}

/// Where an ACL stands.
fn borders(resource: &Resource, cx: &Cx<'_>) -> Vec<Attachment> {
    let fields = &resource.arguments;
    let (policy, subnets) = match resource.kind.as_str() {
        "aws_network_acl_association" => (fields.get("network_acl_id").and_then(name).map(Into::into), names(fields, "subnet_id")),
        _ => (Some(own_name(resource)), names(fields, "subnet_ids")),
    };
    let Some(policy) = policy else { return Vec::new() };
    let default = (resource.kind == "aws_default_network_acl").then(|| {
        let network = fields.get("vpc_id").and_then(name).or_else(|| {
            let of = fields.get("default_network_acl_id").and_then(name)?;
            Some(of.strip_suffix(".default_network_acl_id").map(str::to_owned).unwrap_or(of))
        });
        network.map(|network| Border::Network(network.into()))
    });
    let subnets = subnets.into_iter().map(|subnet| Border::Subnet(subnet.into()));
    subnets.chain(default.flatten()).map(|to| Attachment { policy: Box::clone(&policy), to, at: cx.place(resource.at) }).collect()
}

/// Where a route leads; `None` where that is not known.
fn target(route: &Value) -> Option<Target> {
    let has = |key: &str| route.some(key).is_some_and(|value| value.text() != Some(""));
    if has("nat_gateway_id") || has("egress_only_gateway_id") || has("vpc_peering_connection_id") {
        return Some(Target::Inside);
    }
    if has("carrier_gateway_id") {
        return Some(Target::Internet);
    }
    match route.some("gateway_id").map(|gateway| &gateway.kind) {
        Some(Kind::Reference(address)) if address.contains("aws_internet_gateway.") => Some(Target::Internet),
        Some(Kind::Reference(address)) if address.contains("aws_egress_only_internet_gateway.") => Some(Target::Inside),
        Some(Kind::Text(id)) if id.starts_with("igw-") => Some(Target::Internet),
        Some(Kind::Text(id)) if id == "local" => Some(Target::Inside),
        Some(Kind::Text(id)) if id.is_empty() => Some(Target::Elsewhere),
        Some(Kind::Reference(_) | Kind::Text(_)) => Some(Target::Elsewhere),
        Some(_) => None,
        None => Some(Target::Elsewhere),
    }
}

/// What others call a resource: its id once it exists, else its address.
fn own_name(resource: &Resource) -> Box<str> {
    resource.arguments.text_of("id").filter(|id| !id.is_empty()).unwrap_or(&resource.address).into()
}

/// What a value names: an id, a resource, or something that is not in the text.
fn name(value: &Value) -> Option<String> {
    match &value.kind {
        Kind::Text(id) => Some(id.clone()).filter(|id| !id.is_empty()),
        Kind::Reference(address) => Some(address.clone()),
        Kind::Unknown(missing) => Some(missing.name.to_string()),
        _ => None,
    }
}

fn names(fields: &Value, key: &str) -> Vec<String> {
    fields.items_of(key).iter().filter_map(name).collect()
}
