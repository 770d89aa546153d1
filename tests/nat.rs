//! The ACL around a NAT gateway against a walk along the four legs of single connections.

use std::net::IpAddr;

use portcullis_core::exposure::{Layer, Stack, evaluate, evaluate_layers};
use portcullis_core::model::{Action, Direction, Order, Peer, Place, Policy, PolicyKind, Ports, Protocol, Rule};
use portcullis_core::review::{Input, review};
use portcullis_core::space::{AddressSet, PortSet};
use portcullis_core::stateless::{Broken, Inner, Leg, NatClient, broken_legs, replies_among};
use portcullis_tests::ordered::{Packet, first_match};
use proptest::prelude::*;
use proptest::test_runner::Config;
use serde_json::json;

const NETWORKS: u32 = 300;
const INSIDE: &str = "10.0.2.0/24";
const NETS: [&str; 7] = ["0.0.0.0/0", "0.0.0.0/0", "10.0.0.0/16", "10.0.2.0/24", "8.0.0.0/7", "1.0.0.0/8", "200.1.1.1/32"];
/// One public address of each part into which the prefixes cut the space.
const OUTSIDE: [&str; 4] = ["9.9.9.9", "1.1.1.1", "200.1.1.1", "130.1.1.1"];

fn any_rule() -> impl Strategy<Value = Rule> {
    let port = proptest::sample::select(vec![25_u16, 53, 80, 443, 8080]).prop_map(|port| (port, port));
    let range = proptest::sample::select(vec![(1024_u16, 65_535_u16), (32_768, 65_535), (0, 65_535), (400, 500), (1024, 9000)]);
    let protocol = proptest::sample::select(vec![Protocol::TCP, Protocol::TCP, Protocol::UDP, Protocol::Any]);
    let net = proptest::sample::select(NETS.to_vec());
    (any::<bool>(), protocol, prop_oneof![port, range], net, 0_u8..4).prop_map(|(egress, protocol, (first, last), net, action)| {
        let direction = if egress { Direction::Egress } else { Direction::Ingress };
        let mut rule = Rule::allow(direction, Peer::Net(net.parse().unwrap()), Place::default());
        (rule.protocol, rule.ports) = (protocol, Ports::Range(first, last));
        rule.action = if action == 0 { Action::Deny } else { Action::Allow };
        rule
    })
}

fn policy(kind: PolicyKind, rules: Vec<Rule>) -> Policy {
    let allows = |rule: &Rule| kind != PolicyKind::AwsSecurityGroup || rule.action == Action::Allow;
    let numbered = rules.into_iter().filter(allows).zip(1_u32..).map(|(rule, number)| Rule { priority: Some(number), ..rule });
    Policy { kind, id: None, name: None, address: None, at: Place::default(), rules: numbered.collect(), partial: false }
}

fn passes(policy: &Policy, egress: bool, protocol: u8, selector: u16, other: IpAddr) -> bool {
    first_match(&policy.rules, &Packet { egress, protocol, selector, source_port: 0, other, local: other })
}

/// The ports to which packets pass, asked at every port that can make a difference.
fn open(policy: &Policy, egress: bool, protocol: u8, other: IpAddr) -> PortSet {
    let mut starts = vec![0, 25, 26, 53, 54, 80, 81, 400, 443, 444, 501, 1024, 8080, 8081, 9001, 32_768];
    starts.sort_unstable();
    let ends = starts.iter().skip(1).map(|next| next - 1).chain([65_535]).collect::<Vec<u16>>();
    let here = starts.iter().zip(ends).filter(|(first, _)| passes(policy, egress, protocol, **first, other));
    PortSet::from_runs(here.map(|(first, last)| (*first, last)).collect())
}

/// What one group lets through behind an ACL.
fn inner_of(group: &Policy) -> Inner {
    let rules = (0..u32::try_from(group.rules.len()).unwrap()).collect();
    let stack = Stack {
        policy: group.clone(),
        layers: vec![Layer { rules, order: Order::Union, unfiltered: AddressSet::empty() }],
        reachable: AddressSet::full(),
        perhaps_reachable: AddressSet::full(),
        members: Default::default(),
    };
    let mut inner = Inner::default();
    let outside = AddressSet::full().difference(&AddressSet::from_nets([INSIDE.parse().unwrap()]));
    inner.add(&stack, &evaluate_layers(&stack), [&outside, &outside]);
    inner
}

proptest! {
    #![proptest_config(Config { cases: NETWORKS, failure_persistence: None, ..Config::default() })]

    #[test]
    fn a_leg_is_broken_where_a_packet_of_a_connection_that_is_let_out_is_dropped(
        gateway in proptest::collection::vec(any_rule(), 0..8),
        acl in proptest::option::of(proptest::collection::vec(any_rule(), 0..8)),
        group in proptest::option::of(proptest::collection::vec(any_rule(), 0..4)),
    ) {
        let gateway = policy(PolicyKind::AwsNetworkAcl, gateway);
        let acl = acl.map(|rules| policy(PolicyKind::AwsNetworkAcl, rules));
        let group = group.map(|rules| policy(PolicyKind::AwsSecurityGroup, rules));
        let evaluation = acl.as_ref().map(evaluate);
        let inner = group.as_ref().map(inner_of);
        let inside = AddressSet::from_nets([INSIDE.parse().unwrap()]);
        let client = NatClient::of(inside, acl.as_ref().zip(evaluation.as_ref()), inner.as_ref()).unwrap();
        let broken = broken_legs(&gateway, &evaluate(&gateway), &[client]).unwrap();
        let machine: IpAddr = "10.0.2.9".parse().unwrap();
        for protocol in [6, 17] {
            let told = |leg: Leg, end: IpAddr| {
                let here = broken.iter().filter(|one: &&Broken| one.leg == leg && one.protocol == protocol && one.ends.contains(end));
                here.fold(PortSet::empty(), |all, one| all.union(&one.ports))
            };
            let (mut asked, mut heard) = (PortSet::empty(), PortSet::empty());
            for end in OUTSIDE.map(|end| end.parse::<IpAddr>().unwrap()) {
                let passing = |policy: Option<&Policy>, egress| policy.map_or_else(PortSet::full, |own| open(own, egress, protocol, end));
                // A group admits where any rule does.
                let out = passing(acl.as_ref(), true).intersection(&passing(group.as_ref(), true));
                let mut services = out.difference(&replies_among(&out));
                if services.count() >= 1_000 {
                    let https = if protocol == 6 { PortSet::run(443, 443) } else { PortSet::empty() };
                    services = services.intersection(&https);
                }
                prop_assert_eq!(told(Leg::RequestOut, end), services.difference(&open(&gateway, true, protocol, end)));
                let replies = if services.is_empty() { PortSet::empty() } else { PortSet::run(1024, 65_535) };
                prop_assert_eq!(told(Leg::ReplyIn, end), replies.difference(&open(&gateway, false, protocol, end)));
                heard = heard.union(&passing(acl.as_ref(), false).intersection(&replies));
                asked = asked.union(&services);
            }
            prop_assert_eq!(told(Leg::RequestIn, machine), asked.difference(&open(&gateway, false, protocol, machine)));
            prop_assert_eq!(told(Leg::ReplyOut, machine), heard.difference(&open(&gateway, true, protocol, machine)));
        }
    }
}

/// A gateway in a subnet of its own, and a private subnet behind an ACL that lets out mail, names and HTTPS.
fn network(gateway: &[(&str, bool, &str, u16, u16)]) -> String {
    let entries = |rules: &[(&str, bool, &str, u16, u16)]| -> Vec<serde_json::Value> {
        let numbered = rules.iter().zip(100..);
        numbered
            .map(|((protocol, egress, net, first, last), number)| {
                json!({ "RuleNumber": number, "Egress": egress, "Protocol": protocol, "RuleAction": "allow", "CidrBlock": net,
                        "PortRange": { "From": first, "To": last } })
            })
            .collect()
    };
    let acl = |id: &str, subnet: &str, rules: &[(&str, bool, &str, u16, u16)]| {
        json!({ "NetworkAclId": id, "VpcId": "vpc-1", "IsDefault": false, "Associations": [{ "SubnetId": subnet }],
                "Entries": entries(rules) })
    };
    let out = [
        ("6", true, "0.0.0.0/0", 443, 443),
        ("6", true, "198.51.100.25/32", 587, 587),
        ("17", true, "0.0.0.0/0", 53, 53),
        ("6", false, "0.0.0.0/0", 32_768, 60_999),
        ("17", false, "0.0.0.0/0", 32_768, 60_999),
    ];
    let subnet = |id: &str, net: &str| json!({ "SubnetId": id, "VpcId": "vpc-1", "CidrBlock": net });
    let documents = [
        json!({ "NetworkAcls": [acl("acl-nat", "subnet-1", gateway), acl("acl-private", "subnet-2", &out)] }),
        json!({ "NetworkInterfaces": [{ "NetworkInterfaceId": "eni-1", "InterfaceType": "nat_gateway", "VpcId": "vpc-1",
                                        "SubnetId": "subnet-1", "Groups": [] }] }),
        json!({ "Subnets": [subnet("subnet-1", "10.0.1.0/24"), subnet("subnet-2", "10.0.2.0/24")] }),
        json!({ "RouteTables": [{ "RouteTableId": "rtb-1", "VpcId": "vpc-1", "Associations": [{ "SubnetId": "subnet-2" }],
                                  "Routes": [{ "DestinationCidrBlock": "0.0.0.0/0", "NatGatewayId": "nat-1" }] }] }),
    ];
    documents.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

fn said(gateway: &[(&str, bool, &str, u16, u16)]) -> Option<String> {
    let review = review(vec![Input { name: "network".into(), bytes: network(gateway).into_bytes() }], &mut |_| {});
    let at = (0..review.policies()).find(|at| review.policy(*at).unwrap().id.as_deref() == Some("acl-nat")).unwrap();
    let told = |findings: &[portcullis_core::audits::Finding]| {
        findings.iter().find(|finding| finding.audit.id == "nat-subnet").map(|finding| finding.message.clone())
    };
    review.look(at, |_, findings| told(findings)).unwrap()
}

#[test]
fn what_the_private_subnets_let_out_has_to_pass_the_gateways_acl() {
    let inside = INSIDE;
    let web = [
        ("6", false, inside, 443, 443),
        ("6", true, "0.0.0.0/0", 443, 443),
        ("6", false, "0.0.0.0/0", 1024, 65_535),
        ("6", true, inside, 32_768, 60_999),
    ];
    let told = said(&web).unwrap();
    // HTTPS passes there and back; the replies need only the ports that the private subnet takes them at.
    let mail = ["requests on 587/tcp from 10.0.2.0/24", "requests on 587/tcp to 198.51.100.25/32"];
    for part in mail.into_iter().chain(["requests on 53/udp from 10.0.2.0/24", "replies on 32768-60999/udp to 10.0.2.0/24"]) {
        assert!(told.contains(part), "{part}: {told}");
    }
    assert!(!told.contains("443") && !told.contains("replies on 1024-65535/tcp"), "{told}");
    let names = [("17", false, inside, 53, 53), ("17", true, "0.0.0.0/0", 53, 53)];
    let back = [("17", false, "0.0.0.0/0", 1024, 65_535), ("17", true, inside, 1024, 65_535)];
    let post = [("6", false, inside, 587, 587), ("6", true, "198.51.100.0/24", 587, 587)];
    assert_eq!(said(&[&web[..], &names[..], &back[..], &post[..]].concat()), None);
}
