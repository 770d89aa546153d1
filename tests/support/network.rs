//! A small network of AWS: its documents as the CLI prints them, and the naive walk of one packet through addresses and routes, ACLs
//! and groups, written from the VPC user guide and sharing nothing with the core.

use std::net::Ipv4Addr;

use ipnet::Ipv4Net;
use portcullis_core::review::{Input, Review, review};
use portcullis_core::space::PortSet;
use proptest::prelude::*;
use serde_json::{Value, json};

/// Ends that are no interfaces.
pub const ADDRESSES: [Ipv4Addr; 6] = [
    Ipv4Addr::new(1, 1, 1, 1),
    Ipv4Addr::new(8, 8, 8, 8),
    Ipv4Addr::new(200, 1, 1, 1),
    Ipv4Addr::new(10, 0, 1, 77),
    Ipv4Addr::new(10, 0, 2, 200),
    Ipv4Addr::new(10, 9, 9, 9),
];
/// Ports at which rules begin or end, and their neighbours.
pub const PORTS: [u16; 9] = [0, 22, 23, 443, 1024, 3306, 3307, 40_000, 65_535];

/// Subnets with ACLs and routes, groups, and interfaces.
#[derive(Clone, Debug)]
pub struct World {
    /// Three of them.
    pub subnets: Vec<Subnet>,
    /// The lines of each.
    pub groups: Vec<Vec<GroupRule>>,
    /// Each with its index in its address.
    pub interfaces: Vec<Interface>,
}

/// A subnet.
#[derive(Clone, Debug)]
pub struct Subnet {
    /// To an internet gateway, a NAT gateway, or nowhere.
    pub route: u8,
    /// The lines of its ACL.
    pub acl: Vec<Entry>,
}

/// A line of an ACL.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Outbound.
    pub egress: bool,
    /// Its rule number, unique in its direction.
    pub number: u16,
    /// Whether it allows.
    pub allow: bool,
    /// 6, 17, or 255 for all.
    pub protocol: u8,
    /// First and last port.
    pub ports: (u16, u16),
    /// The other end.
    pub net: Ipv4Net,
}

/// A line of a group.
#[derive(Clone, Debug)]
pub struct GroupRule {
    /// Outbound.
    pub egress: bool,
    /// 6, 17, or 255 for all.
    pub protocol: u8,
    /// First and last port.
    pub ports: (u16, u16),
    /// The other end.
    pub peer: Peer,
}

/// Whom a line of a group is about.
#[derive(Clone, Debug)]
pub enum Peer {
    /// A prefix.
    Net(Ipv4Net),
    /// Members of a group.
    Group(usize),
}

/// An interface.
#[derive(Clone, Debug)]
pub struct Interface {
    /// The subnet it is in.
    pub subnet: usize,
    /// The groups on it.
    pub groups: Vec<usize>,
    /// Whether it has a public address.
    pub public: bool,
}

/// The address of an interface.
pub fn address(index: usize, interface: &Interface) -> Ipv4Addr {
    let octet = u8::try_from(index + 10).unwrap();
    Ipv4Addr::new(10, 0, u8::try_from(interface.subnet + 1).unwrap(), octet)
}

/// The addresses of a subnet.
pub fn cidr(subnet: usize) -> Ipv4Net {
    format!("10.0.{}.0/24", subnet + 1).parse().unwrap()
}

/// A prefix.
pub fn net() -> impl Strategy<Value = Ipv4Net> {
    let told = ["0.0.0.0/0", "0.0.0.0/0", "10.0.0.0/16", "10.0.1.0/24", "10.0.2.0/25", "10.0.1.10/32", "8.0.0.0/7", "128.0.0.0/1"];
    proptest::sample::select(told.to_vec()).prop_map(|net| net.parse().unwrap())
}

/// First and last port.
pub fn ports() -> impl Strategy<Value = (u16, u16)> {
    let port = proptest::sample::select(vec![0_u16, 22, 443, 1024, 3306, 40_000, 65_535]);
    (port.clone(), port).prop_map(|(a, b)| (a.min(b), a.max(b)))
}

/// tcp, udp, or all.
pub fn protocol() -> impl Strategy<Value = u8> {
    proptest::sample::select(vec![6_u8, 6, 6, 17, 255])
}

/// A small network.
pub fn world() -> impl Strategy<Value = World> {
    let entry = (any::<bool>(), 1_u16..6, any::<bool>(), protocol(), ports(), net())
        .prop_map(|(egress, number, allow, protocol, ports, net)| Entry { egress, number, allow, protocol, ports, net });
    let subnet = (0_u8..3, proptest::collection::vec(entry, 0..8)).prop_map(|(route, acl)| {
        // The numbers of one direction are unique.
        let mut seen = std::collections::HashSet::new();
        Subnet { route, acl: acl.into_iter().filter(|entry| seen.insert((entry.egress, entry.number))).collect() }
    });
    let peer = prop_oneof![2 => net().prop_map(Peer::Net), 1 => (0_usize..3).prop_map(Peer::Group)];
    let rule =
        (any::<bool>(), protocol(), ports(), peer).prop_map(|(egress, protocol, ports, peer)| GroupRule { egress, protocol, ports, peer });
    let group = proptest::collection::vec(rule, 0..5);
    let interface = (0_usize..3, proptest::collection::vec(0_usize..3, 1..3), any::<bool>()).prop_map(|(subnet, mut groups, public)| {
        groups.sort_unstable();
        groups.dedup();
        Interface { subnet, groups, public }
    });
    let parts =
        (proptest::collection::vec(subnet, 3..=3), proptest::collection::vec(group, 3..=3), proptest::collection::vec(interface, 2..5));
    parts.prop_map(|(subnets, groups, interfaces)| World { subnets, groups, interfaces })
}

/// The four documents, as the CLI prints them.
pub fn documents(world: &World) -> Vec<Input> {
    let number = |protocol: u8| if protocol == 255 { "-1".to_owned() } else { protocol.to_string() };
    let permission = |rule: &GroupRule| {
        let mut permission = json!({ "IpProtocol": number(rule.protocol), "FromPort": rule.ports.0, "ToPort": rule.ports.1 });
        match &rule.peer {
            Peer::Net(net) => permission["IpRanges"] = json!([{ "CidrIp": net.to_string() }]),
            Peer::Group(group) => permission["UserIdGroupPairs"] = json!([{ "GroupId": format!("sg-{group}") }]),
        }
        permission
    };
    let groups = world.groups.iter().enumerate().map(|(i, rules)| {
        let side = |egress: bool| -> Vec<Value> { rules.iter().filter(|rule| rule.egress == egress).map(permission).collect() };
        json!({ "GroupId": format!("sg-{i}"), "GroupName": format!("g{i}"), "IpPermissions": side(false), "IpPermissionsEgress": side(true) })
    });
    let acls = world.subnets.iter().enumerate().map(|(i, subnet)| {
        let entries = subnet.acl.iter().map(|entry| {
            let mut told = json!({
                "RuleNumber": entry.number, "Egress": entry.egress, "Protocol": number(entry.protocol),
                "RuleAction": if entry.allow { "allow" } else { "deny" }, "CidrBlock": entry.net.to_string(),
            });
            if entry.protocol != 255 {
                told["PortRange"] = json!({ "From": entry.ports.0, "To": entry.ports.1 });
            }
            told
        });
        json!({
            "NetworkAclId": format!("acl-{i}"), "VpcId": "vpc-1", "IsDefault": false,
            "Associations": [{ "SubnetId": format!("subnet-{i}") }], "Entries": entries.collect::<Vec<_>>(),
        })
    });
    let interfaces = world.interfaces.iter().enumerate().map(|(i, interface)| {
        let own = address(i, interface).to_string();
        let mut told = json!({
            "NetworkInterfaceId": format!("eni-{i}"), "VpcId": "vpc-1", "SubnetId": format!("subnet-{}", interface.subnet),
            "PrivateIpAddresses": [{ "PrivateIpAddress": own }],
            "Groups": interface.groups.iter().map(|group| json!({ "GroupId": format!("sg-{group}") })).collect::<Vec<_>>(),
        });
        if interface.public {
            told["Association"] = json!({ "PublicIp": "203.0.113.9" });
        }
        told
    });
    let subnets =
        (0..world.subnets.len()).map(|i| json!({ "SubnetId": format!("subnet-{i}"), "VpcId": "vpc-1", "CidrBlock": cidr(i).to_string() }));
    let tables = world.subnets.iter().enumerate().map(|(i, subnet)| {
        let mut routes = vec![json!({ "DestinationCidrBlock": "10.0.0.0/16", "GatewayId": "local" })];
        match subnet.route {
            0 => routes.push(json!({ "DestinationCidrBlock": "0.0.0.0/0", "GatewayId": "igw-1" })),
            1 => routes.push(json!({ "DestinationCidrBlock": "0.0.0.0/0", "NatGatewayId": "nat-1" })),
            _ => {}
        }
        json!({ "RouteTableId": format!("rtb-{i}"), "VpcId": "vpc-1", "Associations": [{ "SubnetId": format!("subnet-{i}") }], "Routes": routes })
    });
    let document = |name: &str, value: Value| Input { name: name.into(), bytes: value.to_string().into_bytes() };
    vec![
        document("groups", json!({ "SecurityGroups": groups.collect::<Vec<_>>() })),
        document("acls", json!({ "NetworkAcls": acls.collect::<Vec<_>>() })),
        document("interfaces", json!({ "NetworkInterfaces": interfaces.collect::<Vec<_>>() })),
        document("subnets", json!({ "Subnets": subnets.collect::<Vec<_>>() })),
        document("routes", json!({ "RouteTables": tables.collect::<Vec<_>>() })),
    ]
}

/// The other end of a packet: an address, and the groups of the interface that has it.
pub struct Other<'w> {
    /// Where it is.
    pub address: Ipv4Addr,
    /// The groups it is a member of.
    pub groups: &'w [usize],
}

/// Whether a line is about a packet.
pub fn speaks(own: u8, ports: (u16, u16), protocol: u8, port: u16) -> bool {
    own == 255 || own == protocol && ports.0 <= port && port <= ports.1
}

impl World {
    /// Whether the layers of an interface let a packet pass in one direction.
    pub fn passes(&self, index: usize, egress: bool, other: &Other<'_>, protocol: u8, port: u16) -> bool {
        let interface = &self.interfaces[index];
        let subnet = &self.subnets[interface.subnet];
        let is_public = !Ipv4Net::contains(&"10.0.0.0/8".parse().unwrap(), &other.address);
        if !egress && is_public && !(interface.public && subnet.route == 0) {
            return false;
        }
        let inside = cidr(interface.subnet).contains(&other.address);
        let mut entries: Vec<&Entry> = subnet.acl.iter().filter(|entry| entry.egress == egress).collect();
        entries.sort_by_key(|entry| entry.number);
        let first = entries.iter().find(|entry| speaks(entry.protocol, entry.ports, protocol, port) && entry.net.contains(&other.address));
        if !inside && !first.is_some_and(|entry| entry.allow) {
            return false;
        }
        let rules = interface.groups.iter().flat_map(|group| &self.groups[*group]).filter(|rule| rule.egress == egress);
        rules.into_iter().any(|rule| {
            speaks(rule.protocol, rule.ports, protocol, port)
                && match &rule.peer {
                    Peer::Net(net) => net.contains(&other.address),
                    Peer::Group(group) => other.groups.contains(group),
                }
        })
    }

    /// An interface as the other end.
    pub fn other(&self, index: usize) -> Other<'_> {
        let interface = &self.interfaces[index];
        Other { address: address(index, interface), groups: &interface.groups }
    }
}

/// The review of the five documents, in which nothing is missing.
pub fn reviewed(world: &World) -> Review {
    let review = review(documents(world), &mut |_| {});
    assert_eq!(review.surfaces().len(), world.interfaces.len());
    assert!(review.documents().iter().all(|document| document.complete), "{:?}", review.documents()[1].problems.kept());
    review
}

impl World {
    /// Whether the ACL of a subnet lets a packet pass.
    pub fn crosses(&self, subnet: usize, egress: bool, other: Ipv4Addr, protocol: u8, port: u16) -> bool {
        let mut entries: Vec<&Entry> = self.subnets[subnet].acl.iter().filter(|entry| entry.egress == egress).collect();
        entries.sort_by_key(|entry| entry.number);
        let first = entries.iter().find(|entry| speaks(entry.protocol, entry.ports, protocol, port) && entry.net.contains(&other));
        first.is_some_and(|entry| entry.allow)
    }

    /// Whether some interface of a subnet begins, or takes, such a connection; members of a group that nobody carries may be
    /// anywhere.
    pub fn wanted(&self, subnet: usize, egress: bool, other: Ipv4Addr, protocol: u8, port: u16) -> bool {
        let is_public = !Ipv4Net::contains(&"10.0.0.0/8".parse().unwrap(), &other);
        let there = |group: usize, at: Option<Ipv4Addr>| {
            self.interfaces.iter().enumerate().any(|(i, one)| one.groups.contains(&group) && at.is_none_or(|at| address(i, one) == at))
        };
        self.interfaces.iter().filter(|interface| interface.subnet == subnet).any(|interface| {
            let reached = egress || !is_public || interface.public && self.subnets[subnet].route == 0;
            let mut rules = interface.groups.iter().flat_map(|group| &self.groups[*group]).filter(|rule| rule.egress == egress);
            reached
                && rules.any(|rule| {
                    speaks(rule.protocol, rule.ports, protocol, port)
                        && match rule.peer {
                            Peer::Net(net) => net.contains(&other),
                            Peer::Group(group) => there(group, Some(other)) || !there(group, None),
                        }
                })
        })
    }

    /// The ports at which something holds, asked once between any two ports at which a rule begins or ends.
    pub fn ports(&self, holds: impl Fn(u16) -> bool) -> PortSet {
        let entries = self.subnets.iter().flat_map(|subnet| &subnet.acl).map(|entry| entry.ports);
        let rules = self.groups.iter().flatten().map(|rule| rule.ports);
        let mut starts: Vec<u16> = vec![0];
        for (first, last) in entries.chain(rules) {
            starts.extend([Some(first), last.checked_add(1)].into_iter().flatten());
        }
        starts.sort_unstable();
        starts.dedup();
        let ends: Vec<u16> = starts.iter().skip(1).map(|next| next - 1).chain([65_535]).collect();
        PortSet::from_runs(starts.into_iter().zip(ends).filter(|(first, _)| holds(*first)).collect())
    }
}
