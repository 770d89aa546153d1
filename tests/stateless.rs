//! Stateless filters against a simulation: a connection is a packet there and a packet back, each asked of every rule.

use std::net::IpAddr;

use portcullis_core::audits::Finding;
use portcullis_core::exposure::evaluate;
use portcullis_core::model::{Action, Direction, Peer, Place, Policy, PolicyKind, Ports, Protocol, Rule};
use portcullis_core::space::{PortSet, unusable};
use portcullis_core::stateless::{CLIENTS, ClientKind, Dropped, Fate, Line, dropped, replies_among};
use portcullis_tests::ordered::{Packet, first_match};
use portcullis_tests::reviewed;
use proptest::prelude::*;
use proptest::test_runner::Config;
use serde_json::{Value, json};

const POLICIES: u32 = 300;

const NETS: [&str; 8] =
    ["0.0.0.0/0", "10.0.0.0/8", "10.0.0.0/16", "10.0.1.0/24", "198.51.100.0/24", "203.0.113.7/32", "::/0", "2001:db8::/32"];
/// One address of each part into which the prefixes cut the space.
const ADDRESSES: [&str; 8] = ["9.9.9.9", "10.200.0.1", "10.0.200.1", "10.0.1.9", "198.51.100.9", "203.0.113.7", "2600::1", "2001:db8::1"];
const RANGES: [(u16, u16); 8] =
    [(1024, 65_535), (32_768, 65_535), (49_152, 65_535), (32_768, 60_999), (1025, 5000), (0, 65_535), (30_000, 32_767), (3389, 3389)];

fn any_rule() -> impl Strategy<Value = Rule> {
    let port = proptest::sample::select(vec![22_u16, 53, 80, 443, 3306, 8080]).prop_map(|port| (port, port));
    let range = proptest::sample::select(RANGES.to_vec());
    let protocol = proptest::sample::select(vec![Protocol::TCP, Protocol::TCP, Protocol::TCP, Protocol::UDP, Protocol::Any]);
    let net = proptest::sample::select(NETS.to_vec());
    (any::<bool>(), protocol, prop_oneof![port, range], net, 0_u8..4).prop_map(|(egress, protocol, (first, last), net, action)| {
        let direction = if egress { Direction::Egress } else { Direction::Ingress };
        let mut rule = Rule::allow(direction, Peer::Net(net.parse().unwrap()), Place::default());
        (rule.protocol, rule.ports) = (protocol, Ports::Range(first, last));
        rule.action = if action == 0 { Action::Deny } else { Action::Allow };
        rule
    })
}

/// The rules by numbers that go up in small and large steps.
fn policy(rules: Vec<Rule>, steps: &[u32]) -> Policy {
    let mut number = 0;
    let numbered = rules.into_iter().zip(steps).map(|(rule, step)| {
        number += step;
        Rule { priority: Some(number), ..rule }
    });
    Policy {
        kind: PolicyKind::AwsNetworkAcl,
        id: None,
        name: None,
        address: None,
        at: Place::default(),
        rules: numbered.collect(),
        partial: false,
    }
}

fn passes(rules: &[Rule], direction: Direction, protocol: u8, selector: u16, other: IpAddr) -> bool {
    let egress = direction == Direction::Egress;
    first_match(rules, &Packet { egress, protocol, selector, source_port: 0, other, local: other })
}

const fn back(direction: Direction) -> Direction {
    match direction {
        Direction::Ingress => Direction::Egress,
        Direction::Egress => Direction::Ingress,
    }
}

/// The ports to which packets pass, asked once between any two ports at which a rule begins or ends.
fn open(rules: &[Rule], direction: Direction, protocol: u8, other: IpAddr) -> PortSet {
    let mut starts: Vec<u16> = vec![0];
    for rule in rules {
        if let Ports::Range(first, last) = rule.ports {
            starts.extend([Some(first), last.checked_add(1)].into_iter().flatten());
        }
    }
    starts.sort_unstable();
    starts.dedup();
    let ends = starts.iter().skip(1).map(|next| next - 1).chain([65_535]).collect::<Vec<_>>();
    let here = starts.iter().zip(ends).filter(|(first, _)| passes(rules, direction, protocol, **first, other));
    PortSet::from_runs(here.map(|(first, last)| (*first, last)).collect())
}

fn addresses() -> impl Iterator<Item = IpAddr> {
    ADDRESSES.iter().map(|address| address.parse().unwrap())
}

/// Ports of clients at the edges of their ranges and inside.
const CLIENT_PORTS: [u16; 16] =
    [1024, 1025, 3000, 3389, 5000, 5001, 30_000, 32_767, 32_768, 40_000, 49_151, 49_152, 60_999, 61_000, 65_000, 65_535];

fn simulate(policy: &Policy) -> Result<(), TestCaseError> {
    let found = dropped(policy, &evaluate(policy), None).expect("a small list");
    for told in &found {
        hang(policy, told)?;
        mended(policy, told)?;
    }
    for request in [Direction::Ingress, Direction::Egress] {
        for protocol in [6, 17] {
            for address in addresses() {
                let asked = open(&policy.rules, request, protocol, address);
                let services = asked.difference(&replies_among(&asked));
                let answered = open(&policy.rules, back(request), protocol, address);
                let of = |d: &&Dropped| d.request == request && d.protocol == protocol && d.peers().contains(address);
                let told: Vec<&Dropped> = found.iter().filter(of).collect();
                for (service, _) in services.runs() {
                    let about = told.iter().find(|d| d.asked.iter().any(|f| f.addresses.contains(address) && f.ports.contains(*service)));
                    for client in &CLIENTS {
                        let lost = client.ports().difference(&answered);
                        let hangs = lost.count() * 100 > client.ports().count();
                        let says = about.is_some_and(|told| told.fate(client) != Fate::Fine);
                        prop_assert_eq!(hangs, says, "{} {} {} {:?} of {:#?}", address, protocol, service, client, policy.rules);
                        if let Some(told) = about {
                            prop_assert_eq!(told.missing.intersection(&client.ports()), lost);
                        }
                    }
                }
            }
        }
    }
    Ok(())
}

/// Whoever is said to hang hangs, and nobody else.
fn hang(policy: &Policy, told: &Dropped) -> Result<(), TestCaseError> {
    for flow in &told.asked {
        for address in addresses().filter(|address| flow.addresses.contains(*address)) {
            for (service, last) in flow.ports.runs() {
                prop_assert!(passes(&policy.rules, told.request, told.protocol, *service, address));
                prop_assert!(passes(&policy.rules, told.request, told.protocol, *last, address));
            }
            for port in CLIENT_PORTS {
                let reply = passes(&policy.rules, back(told.request), told.protocol, port, address);
                prop_assert_eq!(reply, !told.missing.contains(port), "{} {} in {:#?} of {:#?}", address, port, told, policy.rules);
            }
        }
    }
    Ok(())
}

/// The proposed rules mend it and open nothing but what is missing.
fn mended(policy: &Policy, told: &Dropped) -> Result<(), TestCaseError> {
    prop_assert!(!told.mend.is_empty());
    let numbers: Vec<Option<u32>> = told.mend.iter().map(|line| line.number).collect();
    if numbers.contains(&None) {
        return Ok(());
    }
    let mut rules = policy.rules.clone();
    for line in &told.mend {
        let taken = rules.iter().any(|rule| rule.direction == line.direction && rule.priority == line.number);
        prop_assert!(!taken && line.direction == back(told.request), "{} of {:#?}", line, policy.rules);
        rules.push(rule_of(line));
    }
    let (first, last) = (told.mend[0].first, told.mend[0].last);
    for address in addresses() {
        let (before, after) =
            (open(&policy.rules, back(told.request), told.protocol, address), open(&rules, back(told.request), told.protocol, address));
        let opened = after.difference(&before);
        prop_assert!(before.is_subset(&after));
        if told.peers().contains(address) {
            prop_assert!(opened.is_subset(&told.missing), "{:?} at {} for {:#?}", opened, address, policy.rules);
            prop_assert!(PortSet::run(first, last).is_subset(&after), "{:?} is not mended in {:#?}", told, policy.rules);
        } else {
            prop_assert!(opened.is_empty() || unusable().contains(address), "{:?} at {} for {:#?}", opened, address, policy.rules);
        }
    }
    // Inbound nothing is opened for old systems or for gateways where a system in use hangs; else everyone is served.
    let served = |kind: ClientKind| {
        let whole =
            |client: &portcullis_core::stateless::Client| client.ports().intersection(&told.missing).is_subset(&PortSet::run(first, last));
        CLIENTS.iter().filter(|client| client.kind == kind).all(whole)
    };
    prop_assert!(served(ClientKind::Current));
    prop_assert!(told.request == Direction::Egress || served(ClientKind::Shared) && served(ClientKind::Old));
    Ok(())
}

fn rule_of(line: &Line) -> Rule {
    let mut rule = Rule::allow(line.direction, Peer::Net(line.net), Place::default());
    (rule.protocol, rule.ports) = (Protocol::Number(line.protocol), Ports::Range(line.first, line.last));
    (rule.priority, rule.action) = (line.number, line.action);
    rule
}

proptest! {
    #![proptest_config(Config { cases: POLICIES, failure_persistence: None, ..Config::default() })]

    #[test]
    fn clients_that_are_said_to_hang_hang_and_the_others_do_not(
        rules in proptest::collection::vec(any_rule(), 0..12),
        steps in proptest::collection::vec(proptest::sample::select(vec![1_u32, 1, 5, 10, 100]), 12),
    ) {
        simulate(&policy(rules, &steps))?;
    }
}

/// An ACL as `describe-network-acls` prints it, from shorthand: `in 100 allow tcp 443 0.0.0.0/0`.
fn acl(entries: &[&str]) -> String {
    let entry = |text: &&str| {
        let words: Vec<&str> = text.split(' ').collect();
        let [way, number, action, protocol, ports, net] = words[..] else { panic!("{text}") };
        let family = if net.contains(':') { "Ipv6CidrBlock" } else { "CidrBlock" };
        let number: u32 = number.parse().unwrap();
        let protocol = match protocol {
            "tcp" => "6",
            "udp" => "17",
            "icmp" => "1",
            _ => "-1",
        };
        let mut entry = json!({ "RuleNumber": number, "Egress": way == "out", "RuleAction": action, "Protocol": protocol, family: net });
        let (from, to) = ports.split_once('-').or_else(|| ports.split_once('/')).unwrap_or((ports, ports));
        if protocol == "1" {
            entry["IcmpTypeCode"] = json!({ "Type": from.parse::<i32>().unwrap(), "Code": to.parse::<i32>().unwrap() });
        } else if protocol != "-1" {
            entry["PortRange"] = json!({ "From": from.parse::<u16>().unwrap(), "To": to.parse::<u16>().unwrap() });
        }
        entry
    };
    let entries: Vec<Value> = entries.iter().map(entry).collect();
    json!({ "NetworkAcls": [{ "NetworkAclId": "acl-0a1b2c3d", "VpcId": "vpc-0a1b2c3d", "Entries": entries }] }).to_string()
}

/// What one audit says of an ACL: verdict, message, fix.
fn said(audit: &str, entries: &[&str]) -> Vec<(&'static str, String, String)> {
    let review = reviewed(acl(entries));
    assert_eq!(review.documents()[0].problems.errors(), 0);
    let of = |findings: &[Finding]| {
        let here = findings.iter().filter(|finding| finding.audit.id == audit);
        here.map(|finding| (finding.verdict.as_str(), finding.message.clone(), finding.fix.clone())).collect()
    };
    review.look(0, |_, findings| of(findings)).unwrap()
}

fn verdict(entries: &[&str]) -> &'static str {
    reviewed(acl(entries)).verdict().unwrap().as_str()
}

/// Web for everyone, administration for one office, and replies to the upper half of the ports.
const WEB_SUBNET: [&str; 9] = [
    "in 200 allow tcp 80 0.0.0.0/0",
    "in 210 allow tcp 443 0.0.0.0/0",
    "in 220 allow tcp 22 198.51.100.0/25",
    "in 230 allow tcp 3389 198.51.100.0/25",
    "in 240 allow tcp 32768-65535 0.0.0.0/0",
    "out 200 allow tcp 80 0.0.0.0/0",
    "out 210 allow tcp 443 0.0.0.0/0",
    "out 220 allow tcp 1024-65535 198.51.100.0/25",
    "out 240 allow tcp 32768-65535 0.0.0.0/0",
];

#[test]
fn a_web_subnet_with_half_of_the_return_range() {
    let told = said("dropped-replies", &WEB_SUBNET);
    assert_eq!(told.len(), 1, "{told:#?}");
    let (verdict, message, fix) = &told[0];
    assert_eq!(*verdict, "caution");
    assert_eq!(
        message,
        "connections from the whole IPv4 internet to 80, 443/tcp hang for some: replies to 1024-32767/tcp are dropped, so machines \
         with Windows Server 2003 and older (1025-5000) get no reply, load balancers, NAT gateways and Lambda functions (1024-65535) \
         miss some replies, Linux machines (32768-60999) and Windows and macOS machines (49152-65535) are fine"
    );
    assert_eq!(fix, "Add `outbound 250 allow tcp 1024-32767 to 0.0.0.0/0`.");
    let mended = [&WEB_SUBNET[..], &["out 250 allow tcp 1024-32767 0.0.0.0/0"]].concat();
    assert_eq!(said("dropped-replies", &mended), []);
    // Outbound, the systems in use get their replies: a note about gateways.
    assert_eq!(said("unanswered-requests", &WEB_SUBNET)[0].0, "secure");
    let range = &said("open-return-range", &WEB_SUBNET)[0].1;
    assert!(range.contains("32768-65535/tcp") && range.contains("the security groups behind it must close them"), "{range}");
}

#[test]
fn without_any_return_range_nobody_is_answered() {
    let entries = ["in 100 allow tcp 443 0.0.0.0/0", "in 110 allow tcp 443 ::/0"];
    let told = said("dropped-replies", &entries);
    assert_eq!(told.len(), 1);
    assert!(told[0].1.contains("the whole internet") && told[0].1.contains("get no reply") && !told[0].1.contains("are fine"), "{told:?}");
    assert_eq!(told[0].2, "Add `outbound 100 allow tcp 1024-65535 to 0.0.0.0/0`, `outbound 110 allow tcp 1024-65535 to ::/0`.");
    assert_eq!(verdict(&entries), "caution", "nothing is dangerous about it");
}

#[test]
fn ones_own_machines_need_the_range_of_one_system_in_use() {
    let inside = ["in 100 allow tcp 5432 10.0.1.0/24", "out 100 allow tcp 32768-60999 10.0.1.0/24"];
    assert_eq!(said("dropped-replies", &inside)[0].0, "secure");
    assert_eq!(verdict(&inside), "secure");
    let old = ["in 100 allow tcp 5432 10.0.1.0/24", "out 100 allow tcp 1025-5000 10.0.1.0/24"];
    assert_eq!(said("dropped-replies", &old)[0].0, "caution");
    assert_eq!(said("dropped-replies", &["in 100 allow tcp 5432 10.0.1.0/24", "out 100 allow tcp 1024-65535 10.0.1.0/24"]), []);
}

#[test]
fn a_deny_of_some_may_be_meant() {
    let entries = ["in 100 allow tcp 443 0.0.0.0/0", "out 90 deny all - 203.0.113.0/24", "out 100 allow tcp 1024-65535 0.0.0.0/0"];
    let told = said("dropped-replies", &entries);
    assert_eq!((told.len(), told[0].0), (1, "secure"));
    assert!(told[0].2.starts_with("If the deny is not meant") && told[0].2.contains("outbound 80 allow tcp 1024-65535 to 203.0.113.0/24"));
    // Single ports that are cut out of the range are no range.
    let cut = ["in 100 allow tcp 443 0.0.0.0/0", "out 90 deny tcp 3389 0.0.0.0/0", "out 100 allow tcp 1024-65535 0.0.0.0/0"];
    assert_eq!(said("dropped-replies", &cut), []);
}

#[test]
fn outbound_requests_need_a_way_back() {
    let asks = ["in 100 allow tcp 22 10.0.1.0/24", "out 100 allow tcp 443 10.0.2.0/24", "out 110 allow tcp 1024-65535 10.0.1.0/24"];
    let told = said("unanswered-requests", &asks);
    assert_eq!(told[0].0, "caution");
    assert_eq!(told[0].2, "Add `inbound 110 allow tcp 32768-65535 from 10.0.2.0/24`.", "no more than the systems in use need");
    // A rule for everything outbound is no wish to reach something.
    let all = ["in 100 allow tcp 22 10.0.1.0/24", "out 100 allow all - 0.0.0.0/0"];
    assert_eq!(said("unanswered-requests", &all)[0].0, "secure");
    assert_eq!(verdict(&all), "secure");
    // Both ends of IKE use the same port.
    let ike = ["in 100 allow udp 500 10.0.1.0/24", "out 100 allow udp 500 10.0.1.0/24"];
    assert_eq!((said("dropped-replies", &ike), said("unanswered-requests", &ike)), (Vec::new(), Vec::new()));
}

#[test]
fn what_a_return_range_opens_is_named_with_denies_before_it() {
    let entries = ["in 100 allow tcp 443 0.0.0.0/0", "in 110 allow tcp 1024-65535 0.0.0.0/0", "out 100 allow all - 0.0.0.0/0"];
    let told = said("open-return-range", &entries);
    assert_eq!(told[0].0, "caution");
    for port in ["3306", "3389", "5432", "6379", "8080", "9200", "27017"] {
        assert!(told[0].1.split([' ', ',', ';']).any(|word| word == port), "{port}: {told:#?}");
    }
    assert!(told[0].2.contains("`inbound 109 deny tcp 1433 from 0.0.0.0/0`, `inbound 108 deny tcp 1521 from 0.0.0.0/0`"), "{told:#?}");
    let inside = ["in 100 allow tcp 443 0.0.0.0/0", "in 110 allow tcp 1024-65535 10.0.0.0/24", "out 100 allow all - 0.0.0.0/0"];
    assert_eq!(said("open-return-range", &inside), []);
}

#[test]
fn health_checks_messages_names_and_families() {
    let denied = ["in 90 deny all - 10.0.0.0/16", "in 100 allow tcp 443 0.0.0.0/0", "out 100 allow tcp 1024-65535 0.0.0.0/0"];
    assert!(said("denied-health-checks", &denied)[0].1.contains("rule 90 denies it from 10.0.0.0/16"));
    assert_eq!(said("path-mtu", &denied)[0].2.matches("icmp 3/4").count(), 2);
    assert!(said("path-mtu", &denied)[0].1.contains("ICMP type 3 code 4 is dropped both ways"));
    assert!(said("path-mtu", &denied)[0].2.contains("`inbound 110 allow icmp 3/4 from 0.0.0.0/0`"));
    let one_way = [&denied[..], &["in 110 allow icmp 3/4 0.0.0.0/0"]].concat();
    assert!(said("path-mtu", &one_way)[0].1.contains("ICMP type 3 code 4 is dropped outbound"));
    assert_eq!(said("path-mtu", &["in 100 allow tcp 443 10.0.0.0/8", "out 100 allow tcp 1024-65535 10.0.0.0/8"]), []);
    let names = ["out 100 allow udp 53 203.0.113.53/32", "in 100 allow udp 1024-65535 203.0.113.53/32"];
    assert!(said("dns-transport", &names)[0].1.contains("over udp and not over tcp"));
    let twin = ["in 100 allow tcp 443 0.0.0.0/0", "in 101 allow all - ::/0", "out 100 allow all - 0.0.0.0/0", "out 101 allow all - ::/0"];
    assert_eq!(said("ipv6-wider", &twin).len(), 1, "outbound both are open");
    let stock = ["in 100 allow all - 0.0.0.0/0", "in 101 allow all - ::/0", "out 100 allow all - 0.0.0.0/0", "out 101 allow all - ::/0"];
    for audit in
        ["dropped-replies", "unanswered-requests", "path-mtu", "dns-transport", "ipv6-wider", "open-return-range", "no-number-gaps"]
    {
        assert_eq!(said(audit, &stock), [], "{audit}: a filter that passes everything drops nothing");
    }
}

#[test]
fn a_list_that_no_acl_could_hold_ends() {
    let mut entries: Vec<String> = Vec::new();
    for i in 0..800_u32 {
        let (port, a, b) = (i % 900 + 1, i / 256, i % 256);
        entries.push(format!("in {} allow tcp {port} 10.{a}.{b}.0/25", i + 1));
        entries.push(format!("out {} allow tcp {}-65535 10.{a}.{b}.0/25", i + 1, 1024 + i));
    }
    let told = said("dropped-replies", &entries.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(told.len(), 1);
    assert!(told[0].1.contains("too intricate"), "{told:?}");
}
