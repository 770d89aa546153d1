//! Interfaces behind all of their layers, questions about flows between them, and the replies they wait for, against a naive walk: one packet at a
//! time, through addresses and routes, ACLs and groups, written from the VPC user guide and sharing nothing with the core.

use std::net::{IpAddr, Ipv4Addr};

use ipnet::Ipv4Net;
use portcullis_core::ask::{Fate, ask};
use portcullis_core::exposure::{Evaluation, Exposure, Protocols};
use portcullis_core::model::Direction;
use portcullis_core::review::{Input, Review, review};
use portcullis_core::space::PortSet;
use portcullis_core::stateless::{CLIENTS, replies_among};
use proptest::prelude::*;
use proptest::test_runner::Config;
use serde_json::{Value, json};

const NETWORKS: u32 = 100;
const PACKETS: usize = 100;

#[derive(Clone, Debug)]
struct World {
    subnets: Vec<Subnet>,
    groups: Vec<Vec<GroupRule>>,
    interfaces: Vec<Interface>,
}

#[derive(Clone, Debug)]
struct Subnet {
    /// To an internet gateway, a NAT gateway, or nowhere.
    route: u8,
    acl: Vec<Entry>,
}

#[derive(Clone, Debug)]
struct Entry {
    egress: bool,
    number: u16,
    allow: bool,
    protocol: u8,
    ports: (u16, u16),
    net: Ipv4Net,
}

#[derive(Clone, Debug)]
struct GroupRule {
    egress: bool,
    protocol: u8,
    ports: (u16, u16),
    peer: Peer,
}

#[derive(Clone, Debug)]
enum Peer {
    Net(Ipv4Net),
    Group(usize),
}

#[derive(Clone, Debug)]
struct Interface {
    subnet: usize,
    groups: Vec<usize>,
    public: bool,
}

fn address(index: usize, interface: &Interface) -> Ipv4Addr {
    let octet = u8::try_from(index + 10).unwrap();
    Ipv4Addr::new(10, 0, u8::try_from(interface.subnet + 1).unwrap(), octet)
}

fn cidr(subnet: usize) -> Ipv4Net {
    format!("10.0.{}.0/24", subnet + 1).parse().unwrap()
}

fn net() -> impl Strategy<Value = Ipv4Net> {
    let told = ["0.0.0.0/0", "0.0.0.0/0", "10.0.0.0/16", "10.0.1.0/24", "10.0.2.0/25", "10.0.1.10/32", "8.0.0.0/7", "128.0.0.0/1"];
    proptest::sample::select(told.to_vec()).prop_map(|net| net.parse().unwrap())
}

fn ports() -> impl Strategy<Value = (u16, u16)> {
    let port = proptest::sample::select(vec![0_u16, 22, 443, 1024, 3306, 40_000, 65_535]);
    (port.clone(), port).prop_map(|(a, b)| (a.min(b), a.max(b)))
}

/// tcp, udp, or all.
fn protocol() -> impl Strategy<Value = u8> {
    proptest::sample::select(vec![6_u8, 6, 6, 17, 255])
}

fn world() -> impl Strategy<Value = World> {
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
fn documents(world: &World) -> Vec<Input> {
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
struct Other<'w> {
    address: Ipv4Addr,
    groups: &'w [usize],
}

fn speaks(own: u8, ports: (u16, u16), protocol: u8, port: u16) -> bool {
    own == 255 || own == protocol && ports.0 <= port && port <= ports.1
}

impl World {
    /// Whether the layers of an interface let a packet pass in one direction.
    fn passes(&self, index: usize, egress: bool, other: &Other<'_>, protocol: u8, port: u16) -> bool {
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

    fn other(&self, index: usize) -> Other<'_> {
        let interface = &self.interfaces[index];
        Other { address: address(index, interface), groups: &interface.groups }
    }
}

/// Whether an evaluation admits a packet.
fn admitted(evaluation: &Evaluation<'_>, rules_name: bool, egress: bool, other: &Other<'_>, protocol: u8, port: u16) -> (bool, bool) {
    let direction = if egress { Direction::Egress } else { Direction::Ingress };
    let here = |exposure: &&Exposure| exposure.direction == direction && exposure.first <= port && port <= exposure.last;
    let speaks = |exposure: &&Exposure| match exposure.protocols {
        Protocols::All => true,
        Protocols::Other => !rules_name,
        Protocols::Number(number) => number == protocol,
    };
    let holds = |sources: &portcullis_core::exposure::Sources| {
        let member = sources.symbols.iter().any(|symbol| {
            let id = &evaluation.symbols[usize::try_from(*symbol).unwrap()].id;
            other.groups.iter().any(|group| **id == *format!("sg-{group}"))
        });
        member || sources.addresses.contains(IpAddr::V4(other.address))
    };
    let found: Vec<&Exposure> = evaluation.exposures.iter().filter(here).filter(speaks).collect();
    (found.iter().any(|exposure| holds(&exposure.surely)), found.iter().any(|exposure| holds(&exposure.possibly)))
}

fn reviewed(world: &World) -> Review {
    let review = review(documents(world), &mut |_| {});
    assert_eq!(review.surfaces().len(), world.interfaces.len());
    assert!(review.documents().iter().all(|document| document.complete), "{:?}", review.documents()[1].problems.kept());
    review
}

impl World {
    /// Whether the ACL of a subnet lets a packet pass.
    fn crosses(&self, subnet: usize, egress: bool, other: Ipv4Addr, protocol: u8, port: u16) -> bool {
        let mut entries: Vec<&Entry> = self.subnets[subnet].acl.iter().filter(|entry| entry.egress == egress).collect();
        entries.sort_by_key(|entry| entry.number);
        let first = entries.iter().find(|entry| speaks(entry.protocol, entry.ports, protocol, port) && entry.net.contains(&other));
        first.is_some_and(|entry| entry.allow)
    }

    /// Whether some interface of a subnet begins, or takes, such a connection; members of a group that nobody carries may be
    /// anywhere.
    fn wanted(&self, subnet: usize, egress: bool, other: Ipv4Addr, protocol: u8, port: u16) -> bool {
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
    fn ports(&self, holds: impl Fn(u16) -> bool) -> PortSet {
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

const ADDRESSES: [Ipv4Addr; 6] = [
    Ipv4Addr::new(1, 1, 1, 1),
    Ipv4Addr::new(8, 8, 8, 8),
    Ipv4Addr::new(200, 1, 1, 1),
    Ipv4Addr::new(10, 0, 1, 77),
    Ipv4Addr::new(10, 0, 2, 200),
    Ipv4Addr::new(10, 9, 9, 9),
];
const PORTS: [u16; 9] = [0, 22, 23, 443, 1024, 3306, 3307, 40_000, 65_535];

proptest! {
    #![proptest_config(Config { cases: NETWORKS, failure_persistence: None, ..Config::default() })]

    #[test]
    fn what_passes_all_layers_is_what_a_walk_through_them_says(
        world in world(),
        seeds in proptest::collection::vec((any::<bool>(), 0_usize..10, 0_usize..9, any::<bool>(), 0_usize..5), PACKETS),
    ) {
        let review = reviewed(&world);
        for (egress, from, port, udp, to) in seeds {
            let (to, protocol, port) = (to % world.interfaces.len(), if udp { 17 } else { 6 }, PORTS[port]);
            let other = match ADDRESSES.get(from) {
                Some(address) => Other { address: *address, groups: &[] },
                None => world.other((from - ADDRESSES.len()) % world.interfaces.len()),
            };
            let expected = world.passes(to, egress, &other, protocol, port);
            let (surely, possibly) = review.look_at_surface(to, |view, _| {
                let names = view.stack.stack.policy.rules.iter().any(|rule| {
                    rule.protocol == portcullis_core::model::Protocol::Number(protocol) && (rule.direction == Direction::Egress) == egress
                });
                admitted(view.evaluation, names, egress, &other, protocol, port)
            }).unwrap();
            prop_assert!(surely <= expected && expected <= possibly, "{surely} {expected} {possibly}: {protocol}/{port} {} {to}", other.address);
            prop_assert_eq!(surely, expected, "everything is pasted, so everything is certain: {}/{} {}", protocol, port, other.address);
        }
    }

    #[test]
    fn answers_are_what_a_walk_through_both_ends_says(
        world in world(),
        seeds in proptest::collection::vec((0_usize..10, 0_usize..9, any::<bool>(), 0_usize..10), PACKETS),
    ) {
        let review = reviewed(&world);
        for (from, port, udp, to) in seeds {
            let (protocol, port) = (if udp { 17 } else { 6 }, PORTS[port]);
            let end = |at: usize| at.checked_sub(ADDRESSES.len()).map(|at| at % world.interfaces.len());
            let (source, destination) = (end(from), end(to));
            if source.is_none() && destination.is_none() || source == destination {
                continue;
            }
            let other = |end: Option<usize>, at: usize| match end {
                Some(interface) => world.other(interface),
                None => Other { address: ADDRESSES[at], groups: &[] },
            };
            let leaves = source.is_none_or(|source| world.passes(source, true, &other(destination, to), protocol, port));
            let enters = destination.is_none_or(|destination| world.passes(destination, false, &other(source, from), protocol, port));
            let name = |end: Option<usize>, at: usize| end.map_or_else(|| ADDRESSES[at].to_string(), |interface| format!("eni-{interface}"));
            let question = format!("{} -> {} {}/{port}", name(source, from), name(destination, to), if udp { "udp" } else { "tcp" });
            let answer = ask(&review, &question).unwrap();
            // A private address that nobody pasted may be a member of a group that nobody pasted an interface of.
            let stranger = |end: Option<usize>, at: usize| end.is_none() && ADDRESSES[at].is_private();
            let carried = (0..world.groups.len()).all(|group| world.interfaces.iter().any(|one| one.groups.contains(&group)));
            if answer.fate == Fate::Unknown && !carried && (stranger(source, from) || stranger(destination, to)) {
                continue;
            }
            let expected = if leaves && enters { Fate::Allowed } else { Fate::Denied };
            prop_assert_eq!(answer.fate, expected, "{}: {:#?}", question, answer.runs[0].ways);
            // The steps tell the same story as the sets.
            let denied = answer.runs[0].ways.iter().all(|way| way.steps.iter().any(|step| step.outcome == portcullis_core::exposure::Outcome::Denied));
            prop_assert_eq!(denied, expected == Fate::Denied, "{}: {:#?}", question, answer.runs[0].ways);
        }
    }

    #[test]
    fn replies_are_asked_for_where_an_interface_behind_the_acl_wants_them(world in world()) {
        let review = reviewed(&world);
        for subnet in 0..world.subnets.len() {
            let name = format!("acl-{subnet}");
            let at = (0..review.policies()).find(|at| review.policy(*at).unwrap().id.as_deref() == Some(&name)).unwrap();
            let found = review.look(at, |subject, _| subject.judgement.dropped.clone().unwrap()).unwrap();
            let known = world.interfaces.iter().any(|interface| interface.subnet == subnet);
            let ends = ADDRESSES.into_iter().chain(world.interfaces.iter().enumerate().map(|(i, one)| address(i, one)));
            for (end, egress, protocol) in ends.flat_map(|end| [(end, false, 6), (end, true, 6), (end, false, 17), (end, true, 17)]) {
                let asked = world.ports(|port| world.crosses(subnet, egress, end, protocol, port));
                let outside = !cidr(subnet).contains(&end);
                let behind = world.ports(|port| !known || outside && world.wanted(subnet, egress, end, protocol, port));
                let passing = asked.intersection(&behind);
                let needed = passing.difference(&replies_among(&passing));
                let idle = asked.difference(&replies_among(&asked)).difference(&behind);
                let answered = world.ports(|port| world.crosses(subnet, !egress, end, protocol, port));
                let hangs = CLIENTS.iter().any(|client| {
                    client.ports().difference(&answered).count() * 100 > client.ports().count()
                });
                let direction = if egress { Direction::Egress } else { Direction::Ingress };
                let told = |needed: bool| {
                    let here = found.iter().filter(|told| (told.request, told.protocol, told.needed) == (direction, protocol, needed));
                    let flows = here.flat_map(|told| &told.asked).filter(|flow| flow.addresses.contains(end.into()));
                    flows.fold(PortSet::empty(), |all, flow| all.union(&flow.ports))
                };
                let expected = |set: PortSet| if hangs { set } else { PortSet::empty() };
                // DHCP and IKE use one port at both ends.
                let same = [67, 68, 500, 546, 547, 4500].map(|port| (port, port)).to_vec();
                let same = PortSet::from_runs(if protocol == 17 { same } else { Vec::new() });
                prop_assert_eq!(told(true), expected(needed.difference(&same)), "{} {} {} of {:#?}", end, direction as u8, protocol, found);
                prop_assert_eq!(told(false), expected(idle.difference(&same)), "{} {} {} of {:#?}", end, direction as u8, protocol, found);
            }
            for told in &found {
                prop_assert!(told.needed || !told.matters() && told.mend.is_empty());
            }
        }
    }

    #[test]
    fn a_range_is_answered_as_each_of_its_ports(
        world in world(),
        seeds in proptest::collection::vec((0_usize..10, 0_usize..10, ports(), any::<bool>()), 10),
    ) {
        let review = reviewed(&world);
        for (from, to, (first, last), everything) in seeds {
            let name = |at: usize| match at.checked_sub(ADDRESSES.len()) {
                Some(at) => format!("eni-{}", at % world.interfaces.len()),
                None => ADDRESSES[at].to_string(),
            };
            let (from, to) = (name(from), name(to));
            if !from.starts_with("eni") && !to.starts_with("eni") || from == to {
                continue;
            }
            let asked = if everything { "any".to_owned() } else { format!("tcp/{first}-{last},udp/53,{first}") };
            let answer = ask(&review, &format!("{from} -> {to} {asked}")).unwrap();
            prop_assert_eq!(answer.more_runs, 0);
            let mut before: Option<(Option<u8>, u16)> = None;
            for run in &answer.runs {
                if let Some((protocol, last)) = &before {
                    prop_assert!(*protocol != run.protocol || *last < run.first, "runs are in order and apart");
                }
                before = Some((run.protocol, run.last));
                for port in PORTS.into_iter().chain([run.first, run.last]).filter(|port| run.first <= *port && *port <= run.last) {
                    let service = match run.protocol {
                        Some(6) => format!("tcp/{port}"),
                        Some(17) => format!("udp/{port}"),
                        Some(_) => continue,
                        None => "47".to_owned(),
                    };
                    let point = ask(&review, &format!("{from} -> {to} {service}")).unwrap();
                    prop_assert_eq!(point.fate, run.fate, "{} -> {} {}: {:#?}", from, to, service, answer.said);
                }
            }
            let covered = |protocol: u8| {
                let own = answer.runs.iter().filter(|run| run.protocol == Some(protocol)).map(|run| (run.first, run.last));
                PortSet::from_runs(own.collect())
            };
            if everything {
                prop_assert!(covered(6).is_full() && covered(17).is_full() && answer.runs.iter().any(|run| run.protocol.is_none()));
            } else {
                let udp = PortSet::from_runs(vec![(53, 53), (first, first)]);
                prop_assert!(covered(6) == PortSet::run(first, last) && covered(17) == udp);
            }
        }
    }
}
