//! The network around the policies as the CLI prints it: `describe-network-interfaces`, `describe-instances`,
//! `describe-subnets` and `describe-route-tables` (EC2 API reference, the types of the same names).

use std::net::IpAddr;

use ipnet::IpNet;

use crate::document::Format;
use crate::formats::cx::{Cx, Field};
use crate::formats::value::Value;
use crate::formats::{Read, TreeReader};
use crate::model::Peer;
use crate::model::topology::{Cloud, Fact, Interface, Nat, RouteTable, Subnet};
use crate::space::AddressSet;

static INTERFACE_LIST: Format =
    Format { id: "aws-network-interfaces", title: "AWS network interfaces", from: "aws ec2 describe-network-interfaces" };
static INSTANCE_LIST: Format = Format { id: "aws-instances", title: "AWS instances", from: "aws ec2 describe-instances" };
static SUBNET_LIST: Format = Format { id: "aws-subnets", title: "AWS subnets", from: "aws ec2 describe-subnets" };
static ROUTE_TABLE_LIST: Format = Format { id: "aws-route-tables", title: "AWS route tables", from: "aws ec2 describe-route-tables" };

pub(in crate::formats) static INTERFACES: TreeReader =
    TreeReader { format: &INTERFACE_LIST, detect: |root| has(root, "NetworkInterfaces", "NetworkInterfaceId"), read: interfaces };
pub(in crate::formats) static INSTANCES: TreeReader = TreeReader {
    format: &INSTANCE_LIST,
    detect: |root| !instances_of(root).is_empty() || root.get("Reservations").is_some(),
    read: instances,
};
pub(in crate::formats) static SUBNETS: TreeReader =
    TreeReader { format: &SUBNET_LIST, detect: |root| has(root, "Subnets", "SubnetId"), read: subnets };
pub(in crate::formats) static ROUTE_TABLES: TreeReader =
    TreeReader { format: &ROUTE_TABLE_LIST, detect: |root| has(root, "RouteTables", "RouteTableId"), read: route_tables };

/// Whether a value is a listing, or the list or the single element that `--query` takes out of one.
fn has(root: &Value, list: &str, id: &str) -> bool {
    root.get(list).is_some_and(Value::is_list) || listed(root, list).first().is_some_and(|first| first.get(id).is_some())
}

fn listed<'v>(root: &'v Value, list: &str) -> &'v [Value] {
    root.get(list).map_or_else(|| root.items(), Value::items)
}

fn interfaces(root: &Value, cx: &mut Cx<'_>, emit: &mut dyn FnMut(Read)) {
    for interface in listed(root, "NetworkInterfaces") {
        let subnet = interface.text_of("SubnetId");
        if let Some(subnet) = subnet.filter(|_| interface.text_of("InterfaceType") == Some("nat_gateway")) {
            emit(Read::Fact(Fact::Nat(Nat { subnet: subnet.into(), at: cx.place(interface) })));
            continue;
        }
        let machine = interface.path(&["Attachment", "InstanceId"]).and_then(Value::text);
        let name = tag(interface, "TagSet").or_else(|| interface.text_of("Description").filter(|text| !text.is_empty()));
        match read_interface(interface, machine, name, cx) {
            Some(read) => emit(Read::Fact(Fact::Interface(read))),
            None => not_read(interface, "network interface", "NetworkInterfaceId", cx),
        }
    }
}

fn instances(root: &Value, cx: &mut Cx<'_>, emit: &mut dyn FnMut(Read)) {
    for instance in instances_of(root) {
        let Some(id) = instance.text_of("InstanceId") else {
            not_read(instance, "instance", "InstanceId", cx);
            continue;
        };
        if instance.path(&["State", "Name"]).and_then(Value::text) == Some("terminated") {
            continue;
        }
        let name = tag(instance, "Tags");
        let own = instance.items_of("NetworkInterfaces");
        for interface in own {
            if let Some(read) = read_interface(interface, Some(id), name, cx) {
                emit(Read::Fact(Fact::Interface(read)));
            }
        }
        // A shortened listing says for the instance what its one interface would say.
        if own.is_empty() && instance.some("SecurityGroups").is_some() {
            emit(Read::Fact(Fact::Interface(Interface {
                cloud: Cloud::Aws,
                id: id.into(),
                name: name.map(Into::into),
                carrier: Some(id.into()),
                at: cx.place(instance),
                network: instance.text_of("VpcId").map(Into::into),
                subnet: instance.text_of("SubnetId").map(Into::into),
                policies: groups(instance.items_of("SecurityGroups")),
                groups: Vec::new(),
                more_groups: None,
                region: None,
                public_ips: Vec::new(),
                addresses: addresses([instance.some("PrivateIpAddress"), instance.some("Ipv6Address")].into_iter().flatten()),
                public: instance.some("PublicIpAddress").is_some().into(),
            })));
        }
    }
}

fn instances_of(root: &Value) -> Vec<&Value> {
    let reservations = root.get("Reservations").map_or_else(|| root.items(), Value::items);
    // A target pool of Google Cloud lists its instances, too.
    let ours = reservations.iter().filter(|own| own.text_of("kind").is_none_or(|kind| !kind.starts_with("compute#")));
    let inside = ours.flat_map(|reservation| reservation.items_of("Instances").iter());
    let alone =
        reservations.iter().flat_map(Value::items).filter(|value| value.get("InstanceId").is_some() && value.get("ImageId").is_some());
    inside.chain(alone).collect()
}

fn read_interface(value: &Value, machine: Option<&str>, name: Option<&str>, cx: &Cx<'_>) -> Option<Interface> {
    let id = value.text_of("NetworkInterfaceId")?;
    let private = value.items_of("PrivateIpAddresses").iter();
    let public = private.clone().any(|address| address.path(&["Association", "PublicIp"]).is_some());
    let v4 = private.filter_map(|address| address.some("PrivateIpAddress")).chain(value.some("PrivateIpAddress"));
    let v6 = value.items_of("Ipv6Addresses").iter().filter_map(|address| address.some("Ipv6Address"));
    Some(Interface {
        cloud: Cloud::Aws,
        id: id.into(),
        name: name.map(Into::into),
        carrier: machine.map(Into::into),
        at: cx.place(value),
        network: value.text_of("VpcId").map(Into::into),
        subnet: value.text_of("SubnetId").map(Into::into),
        policies: groups(value.items_of("Groups")),
        groups: Vec::new(),
        more_groups: None,
        region: None,
        public_ips: Vec::new(),
        addresses: addresses(v4.chain(v6)),
        public: (public || value.path(&["Association", "PublicIp"]).is_some()).into(),
    })
}

fn groups(list: &[Value]) -> Vec<Box<str>> {
    list.iter().filter_map(|group| group.text_of("GroupId").map(Into::into)).collect()
}

/// Single addresses; what is none is left out, since a policy is never judged by it.
fn addresses<'v>(values: impl Iterator<Item = &'v Value>) -> AddressSet {
    AddressSet::from_nets(values.filter_map(|value| value.text()?.parse::<IpAddr>().ok().map(IpNet::from)))
}

fn subnets(root: &Value, cx: &mut Cx<'_>, emit: &mut dyn FnMut(Read)) {
    for subnet in listed(root, "Subnets") {
        let Some(id) = subnet.text_of("SubnetId") else {
            not_read(subnet, "subnet", "SubnetId", cx);
            continue;
        };
        let v6 = subnet.items_of("Ipv6CidrBlockAssociationSet").iter().filter_map(|block| block.some("Ipv6CidrBlock"));
        let blocks: Vec<&Value> = subnet.some("CidrBlock").into_iter().chain(v6).collect();
        let fact = Subnet {
            id: id.into(),
            name: tag(subnet, "Tags").map(Into::into),
            at: cx.place(subnet),
            network: subnet.text_of("VpcId").map(Into::into),
            addresses: AddressSet::from_nets(blocks.into_iter().filter_map(|block| net(block, cx))),
            gives_public: subnet.get("MapPublicIpOnLaunch").and_then(Value::bool),
        };
        emit(Read::Fact(Fact::Subnet(fact)));
    }
}

fn route_tables(root: &Value, cx: &mut Cx<'_>, emit: &mut dyn FnMut(Read)) {
    for table in listed(root, "RouteTables") {
        let Some(id) = table.text_of("RouteTableId") else {
            not_read(table, "route table", "RouteTableId", cx);
            continue;
        };
        let associations = table.items_of("Associations");
        let mut routes = Vec::new();
        let mut open = false;
        for route in table.items_of("Routes") {
            let destination = route.some("DestinationCidrBlock").or_else(|| route.some("DestinationIpv6CidrBlock"));
            let target = target(route);
            match destination.map(|destination| net(destination, cx)) {
                Some(Some(net)) => routes.push((net, target)),
                Some(None) => open = true,
                // A prefix list's destinations are not here; inside, they don't matter.
                None => open |= target != Target::Inside,
            }
        }
        let fact = RouteTable {
            id: id.into(),
            at: cx.place(table),
            network: table.text_of("VpcId").map(Into::into),
            main: associations.iter().any(|one| one.get("Main").and_then(Value::bool) == Some(true)),
            subnets: associations.iter().filter_map(|one| one.text_of("SubnetId").map(Into::into)).collect(),
            internet: destinations(&routes, Target::Internet),
            elsewhere: destinations(&routes, Target::Elsewhere),
            to_nat: table.items_of("Routes").iter().any(|route| route.some("NatGatewayId").is_some()),
            open,
        };
        emit(Read::Fact(Fact::Routes(fact)));
    }
}

/// EC2 puts what names no group into the network's default one.
pub(in crate::formats) const DEFAULT_GROUP: &str = "the network's default security group";

/// Where a route leads, as far as inbound traffic from the internet is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::formats) enum Target {
    /// To an internet gateway: what is routed there can come in from there.
    Internet,
    /// To another network, which may pass the internet on.
    Elsewhere,
    /// Nowhere that the internet comes in from: the network itself, a NAT gateway, an egress-only gateway, a peer (a peering
    /// connection passes nothing on, VPC peering guide, "edge to edge routing"), or a target that was deleted.
    Inside,
}

fn target(route: &Value) -> Target {
    let has = |key: &str| route.some(key).is_some();
    let gateway = route.text_of("GatewayId").unwrap_or_default();
    if route.text_of("State") == Some("blackhole") {
        Target::Inside
    } else if gateway.starts_with("igw-") || has("CarrierGatewayId") {
        Target::Internet
    } else if gateway == "local" || has("NatGatewayId") || has("EgressOnlyInternetGatewayId") || has("VpcPeeringConnectionId") {
        Target::Inside
    } else {
        Target::Elsewhere
    }
}

/// The destinations whose most specific route leads to `target` (VPC user guide, "Route priority").
pub(in crate::formats) fn destinations(routes: &[(IpNet, Target)], target: Target) -> AddressSet {
    let mut widest_first: Vec<&(IpNet, Target)> = routes.iter().collect();
    crate::sorting::sort_by_key(&mut widest_first, |(net, _)| net.prefix_len());
    widest_first.into_iter().fold(AddressSet::empty(), |all, (net, leads)| {
        let own = AddressSet::from_nets([*net]);
        if *leads == target { all.union(&own) } else { all.difference(&own) }
    })
}

fn net(value: &Value, cx: &mut Cx<'_>) -> Option<IpNet> {
    match cx.cidr(Field::from(Some(value)), value) {
        Peer::Net(net) => Some(net),
        _ => None,
    }
}

/// The `Name` tag.
fn tag<'v>(value: &'v Value, tags: &str) -> Option<&'v str> {
    value.items_of(tags).iter().find(|tag| tag.text_of("Key") == Some("Name"))?.text_of("Value").filter(|name| !name.is_empty())
}

fn not_read(value: &Value, what: &str, key: &str, cx: &mut Cx<'_>) {
    cx.error(value, format!("this entry is no {what}, since it has no `{key}`, and was left out; paste it as the CLI prints it"));
}
