//! Host firewalls against an interpreter that walks chains packet by packet, as iptables(8) says the kernel does, over the texts
//! of iptables-save and nft.

use std::fmt::Write;
use std::net::Ipv4Addr;

use ipnet::Ipv4Net;
use portcullis_core::exposure::{Exposure, Protocols};
use portcullis_core::model::{Direction, Local, Policy, Protocol};
use portcullis_tests::reviewed;
use proptest::prelude::*;
use proptest::test_runner::Config;
use serde_json::{Value, json};

/// 250 rulesets of 100 packets each, in each of the three properties: 75,000 packets a run.
const RULESETS: u32 = 250;
const PACKETS: usize = 100;

/// What a rule does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Target {
    Accept,
    Drop,
    Reject,
    Return,
    Log,
    Jump(usize),
    Goto(usize),
}

/// What a rule asks beside addresses and ports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Extra {
    Nothing,
    New,
    Established,
    Loopback,
    NotLoopback,
    /// Nobody but the kernel can tell; the number tells which of them.
    Unknown(usize),
}

/// Protocol, destination ports with their negation, and source ports.
type Service = (u8, Option<(bool, u16, u16)>, Option<(u16, u16)>);

/// A rule of the little language.
#[derive(Clone, Debug)]
struct Rule {
    source: Option<(bool, Ipv4Net)>,
    destination: Option<Ipv4Net>,
    service: Option<Service>,
    extra: Extra,
    target: Target,
}

/// Chains; the first ones are hooked, and each may call those behind it.
#[derive(Clone, Debug)]
struct Ruleset {
    /// Whether the policy of each hooked chain accepts.
    hooked: Vec<bool>,
    chains: Vec<Vec<Rule>>,
}

#[derive(Clone, Debug)]
struct Packet {
    protocol: u8,
    port: u16,
    source_port: u16,
    source: Ipv4Addr,
    destination: Ipv4Addr,
}

const CHAINS: usize = 5;
const SOURCES: [&str; 7] = ["0.0.0.0/0", "0.0.0.0/1", "10.0.0.0/8", "10.0.0.0/9", "10.1.2.3/32", "203.0.113.0/24", "198.51.100.7/32"];
const DESTINATIONS: [&str; 3] = ["192.0.2.0/24", "192.0.2.0/25", "192.0.2.10/32"];
const PORTS: [u16; 8] = [0, 22, 23, 80, 443, 1024, 8080, 65_535];

fn net(text: &str) -> Ipv4Net {
    text.parse().unwrap()
}

fn any_rule(chain: usize, hooks: usize, unknown: bool) -> impl Strategy<Value = Rule> {
    let port = || proptest::sample::select(PORTS.to_vec());
    let run = move || (port(), port()).prop_map(|(a, b)| (a.min(b), a.max(b)));
    let source =
        proptest::option::of((0_u8..4, proptest::sample::select(SOURCES.to_vec())).prop_map(|(bang, text)| (bang == 0, net(text))));
    let destination = proptest::option::weighted(0.15, proptest::sample::select(DESTINATIONS.to_vec()).prop_map(net));
    let ported =
        (proptest::sample::select(vec![6_u8, 6, 17]), proptest::option::of((0_u8..5, run())), proptest::option::weighted(0.1, run()))
            .prop_map(|(protocol, ports, from)| (protocol, ports.map(|(bang, (a, b))| (bang == 0, a, b)), from));
    let service = proptest::option::weighted(0.7, prop_oneof![6 => ported, 1 => Just((47_u8, None, None))]);
    let mut extras = vec![Extra::Nothing; 7];
    extras.extend([Extra::New, Extra::Established, Extra::Loopback, Extra::NotLoopback]);
    if unknown {
        extras.extend((0..3).map(Extra::Unknown));
    }
    let first = (chain + 1).max(hooks);
    let mut targets =
        vec![Target::Accept, Target::Accept, Target::Drop, Target::Drop, Target::Reject, Target::Return, Target::Return, Target::Log];
    for called in first..CHAINS {
        targets.extend([Target::Jump(called), Target::Goto(called)]);
    }
    (source, destination, service, proptest::sample::select(extras), proptest::sample::select(targets))
        .prop_map(|(source, destination, service, extra, target)| Rule { source, destination, service, extra, target })
}

fn any_ruleset(hooks: usize, unknown: bool) -> impl Strategy<Value = Ruleset> {
    let chains: Vec<_> = (0..CHAINS).map(|chain| proptest::collection::vec(any_rule(chain, hooks, unknown), 0..5)).collect();
    (proptest::collection::vec(any::<bool>(), hooks), chains).prop_map(|(hooked, chains)| Ruleset { hooked, chains })
}

/// What became of a packet in a chain.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Accepted,
    Dropped,
    Back,
}

/// `known` says which of the unknown conditions hold.
fn matches(rule: &Rule, packet: &Packet, known: usize) -> bool {
    let source = rule.source.is_none_or(|(bang, net)| net.contains(&packet.source) != bang);
    let destination = rule.destination.is_none_or(|net| net.contains(&packet.destination));
    let service = rule.service.is_none_or(|(protocol, ports, from)| {
        protocol == packet.protocol
            && ports.is_none_or(|(bang, first, last)| (first..=last).contains(&packet.port) != bang)
            && from.is_none_or(|(first, last)| (first..=last).contains(&packet.source_port))
    });
    let extra = match rule.extra {
        Extra::Nothing | Extra::New | Extra::NotLoopback => true,
        Extra::Established | Extra::Loopback => false,
        Extra::Unknown(number) => known >> number & 1 == 1,
    };
    source && destination && service && extra
}

fn walk(ruleset: &Ruleset, chain: usize, packet: &Packet, known: usize) -> Outcome {
    for rule in &ruleset.chains[chain] {
        if !matches(rule, packet, known) {
            continue;
        }
        match rule.target {
            Target::Accept => return Outcome::Accepted,
            Target::Drop | Target::Reject => return Outcome::Dropped,
            Target::Return => return Outcome::Back,
            Target::Log => {}
            Target::Jump(called) => match walk(ruleset, called, packet, known) {
                Outcome::Back => {}
                decided => return decided,
            },
            Target::Goto(called) => return walk(ruleset, called, packet, known),
        }
    }
    Outcome::Back
}

/// A packet has to pass every hooked chain. Source ports are projected out: admitted is who gets in from some.
fn admitted(ruleset: &Ruleset, packet: &Packet, known: usize) -> bool {
    let passes = |packet: &Packet| {
        ruleset.hooked.iter().enumerate().all(|(chain, policy)| match walk(ruleset, chain, packet, known) {
            Outcome::Accepted => true,
            Outcome::Dropped => false,
            Outcome::Back => *policy,
        })
    };
    let edges = PORTS.iter().flat_map(|port| [port.saturating_sub(1), *port, port.saturating_add(1)]);
    edges.into_iter().any(|source_port| passes(&Packet { source_port, ..packet.clone() }))
}

fn iptables(ruleset: &Ruleset) -> String {
    let name = |chain: usize| if chain == 0 { "INPUT".to_owned() } else { format!("c{chain}") };
    let mut text = "# Generated by iptables-save v1.8.9 (nf_tables)\n*filter\n".to_owned();
    let policy = if ruleset.hooked[0] { "ACCEPT" } else { "DROP" };
    writeln!(text, ":INPUT {policy} [0:0]\n:FORWARD DROP [0:0]\n:OUTPUT ACCEPT [12:3456]").unwrap();
    (1..CHAINS).for_each(|chain| writeln!(text, ":{} - [0:0]", name(chain)).unwrap());
    for (chain, rules) in ruleset.chains.iter().enumerate() {
        for rule in rules {
            write!(text, "-A {}", name(chain)).unwrap();
            if let Some((bang, net)) = rule.source {
                write!(text, "{} -s {net}", if bang { " !" } else { "" }).unwrap();
            }
            if let Some(net) = rule.destination {
                write!(text, " -d {net}").unwrap();
            }
            if let Some((protocol, ports, from)) = rule.service {
                let label = match protocol {
                    6 => "tcp",
                    17 => "udp",
                    _ => "gre",
                };
                write!(text, " -p {label}").unwrap();
                if let Some((bang, first, last)) = ports {
                    let bang = if bang { " !" } else { "" };
                    // Two spellings of one run.
                    match first % 2 {
                        0 => write!(text, " -m {label}{bang} --dport {first}:{last}").unwrap(),
                        _ => write!(text, " -m multiport{bang} --dports {first}:{last},{first}").unwrap(),
                    }
                }
                if let Some((first, last)) = from {
                    write!(text, " -m {label} --sport {first}:{last}").unwrap();
                }
            }
            match rule.extra {
                Extra::Nothing => {}
                Extra::New => text.push_str(" -m conntrack --ctstate NEW"),
                Extra::Established => text.push_str(" -m state --state RELATED,ESTABLISHED"),
                Extra::Loopback => text.push_str(" -i lo"),
                Extra::NotLoopback => text.push_str(" ! -i lo"),
                Extra::Unknown(number) => write!(text, " -m string --algo bm --string \"x {number} -j ACCEPT\"").unwrap(),
            }
            match rule.target {
                Target::Accept => text.push_str(" -j ACCEPT\n"),
                Target::Drop => text.push_str(" -j DROP\n"),
                Target::Reject => text.push_str(" -j REJECT --reject-with icmp-port-unreachable\n"),
                Target::Return => text.push_str(" -j RETURN\n"),
                Target::Log => text.push_str(" -j LOG --log-prefix \"-A INPUT -j ACCEPT \"\n"),
                Target::Jump(called) => writeln!(text, " -j {}", name(called)).unwrap(),
                Target::Goto(called) => writeln!(text, " -g {}", name(called)).unwrap(),
            }
        }
    }
    text.push_str("COMMIT\n");
    text
}

fn nft(ruleset: &Ruleset) -> String {
    let mut all = vec![json!({ "metainfo": { "version": "1.0.6" } }), json!({ "table": { "family": "inet", "name": "t" } })];
    let is = |left: Value, op: &str, right: Value| json!({ "match": { "op": op, "left": left, "right": right } });
    let payload = |protocol: &str, field: &str| json!({ "payload": { "protocol": protocol, "field": field } });
    let op = |bang: bool| if bang { "!=" } else { "==" };
    for (chain, rules) in ruleset.chains.iter().enumerate() {
        let mut made = json!({ "family": "inet", "table": "t", "name": format!("c{chain}"), "handle": chain });
        if let Some(policy) = ruleset.hooked.get(chain) {
            made["type"] = "filter".into();
            made["hook"] = "input".into();
            // The later in the text, the earlier it is walked.
            made["prio"] = json!(10 * chain);
            made["policy"] = if *policy { "accept" } else { "drop" }.into();
        }
        all.push(json!({ "chain": made }));
        for (handle, rule) in rules.iter().enumerate() {
            let mut expr = Vec::new();
            if let Some((bang, net)) = rule.source {
                let prefix = json!({ "prefix": { "addr": net.network().to_string(), "len": net.prefix_len() } });
                let single = json!(net.network().to_string());
                expr.push(is(payload("ip", "saddr"), op(bang), if net.prefix_len() == 32 { single } else { prefix }));
            }
            if let Some(net) = rule.destination {
                let range = json!({ "range": [net.network().to_string(), net.broadcast().to_string()] });
                expr.push(is(payload("ip", "daddr"), "==", json!({ "set": [range] })));
            }
            if let Some((protocol, ports, from)) = rule.service {
                let label = match protocol {
                    6 => "tcp",
                    17 => "udp",
                    _ => "gre",
                };
                if ports.is_none() && from.is_none() {
                    expr.push(is(json!({ "meta": { "key": "l4proto" } }), "==", json!(label)));
                }
                if let Some((bang, first, last)) = ports {
                    expr.push(is(payload(label, "dport"), op(bang), json!({ "range": [first, last] })));
                }
                if let Some((first, last)) = from {
                    expr.push(is(payload(label, "sport"), "==", json!({ "set": [{ "range": [first, last] }, first] })));
                }
            }
            let iifname = json!({ "meta": { "key": "iifname" } });
            match rule.extra {
                Extra::Nothing => {}
                Extra::New => expr.push(is(json!({ "ct": { "key": "state" } }), "in", json!("new"))),
                Extra::Established => expr.push(is(json!({ "ct": { "key": "state" } }), "in", json!(["established", "related"]))),
                Extra::Loopback => expr.push(is(iifname, "==", json!("lo"))),
                Extra::NotLoopback => expr.push(is(iifname, "!=", json!("lo"))),
                Extra::Unknown(number) => expr.push(is(json!({ "meta": { "key": "mark" } }), "==", json!(number))),
            }
            expr.push(json!({ "counter": { "packets": 0, "bytes": 0 } }));
            let target = |called: usize| json!({ "target": format!("c{called}") });
            expr.push(match rule.target {
                Target::Accept => json!({ "accept": null }),
                Target::Drop => json!({ "drop": null }),
                Target::Reject => json!({ "reject": { "type": "tcp reset" } }),
                Target::Return => json!({ "return": null }),
                Target::Log => json!({ "log": { "prefix": "accept " } }),
                Target::Jump(called) => json!({ "jump": target(called) }),
                Target::Goto(called) => json!({ "goto": target(called) }),
            });
            all.push(json!({ "rule": { "family": "inet", "table": "t", "chain": format!("c{chain}"), "handle": handle, "expr": expr } }));
        }
    }
    json!({ "nftables": all }).to_string()
}

/// Whether the exposures of a policy admit a packet, for certain and perhaps, and whether they speak of its destination: a part of
/// the host that is told nothing of is either closed, or treated like everything else.
fn told(policy: &Policy, exposures: &[Exposure], packet: &Packet) -> (bool, bool, bool) {
    let incoming = || policy.rules.iter().filter(|rule| rule.direction == Direction::Ingress);
    let named = incoming().any(|rule| rule.protocol == Protocol::Number(packet.protocol));
    let exposures: Vec<&Exposure> = exposures.iter().filter(|e| e.direction == Direction::Ingress).collect();
    let own = |local: &Local| matches!(local, Local::Addresses(set) if set.contains(packet.destination.into()));
    let apart = exposures.iter().any(|e| own(&e.local));
    let speaks_of_it = apart || !incoming().any(|rule| own(&rule.local));
    let here = |local: &Local| if apart { own(local) } else { *local == Local::Any };
    let speaks = |e: &&&Exposure| match e.protocols {
        Protocols::All => true,
        Protocols::Other => !named,
        Protocols::Number(number) => number == packet.protocol && e.first <= packet.port && packet.port <= e.last,
    };
    let there = |surely: bool| {
        exposures.iter().filter(|e| here(&e.local)).filter(speaks).any(|e| {
            let sources = if surely { &e.surely } else { &e.possibly };
            sources.addresses.contains(packet.source.into())
        })
    };
    (there(true), there(false), speaks_of_it)
}

fn packets(seeds: &[(u8, u8, u8, u8)]) -> Vec<Packet> {
    let edges = |text: &&str| {
        let (first, last) = (u32::from(net(text).network()), u32::from(net(text).broadcast()));
        [first.wrapping_sub(1), first, last, last.wrapping_add(1)].map(Ipv4Addr::from)
    };
    let sources: Vec<Ipv4Addr> = SOURCES.iter().flat_map(edges).collect();
    let destinations: Vec<Ipv4Addr> = DESTINATIONS.iter().flat_map(edges).collect();
    let ports: Vec<u16> = PORTS.iter().flat_map(|port| [port.saturating_sub(1), *port, port.saturating_add(1)]).collect();
    let one = |&(protocol, port, source, destination): &(u8, u8, u8, u8)| Packet {
        protocol: [6, 6, 6, 17, 47, 50][usize::from(protocol) % 6],
        port: ports[usize::from(port) % ports.len()],
        source_port: 0,
        source: sources[usize::from(source) % sources.len()],
        destination: destinations[usize::from(destination) % destinations.len()],
    };
    seeds.iter().map(one).collect()
}

fn check(text: &str, ruleset: &Ruleset, seeds: &[(u8, u8, u8, u8)]) -> Result<(), TestCaseError> {
    let review = reviewed(text);
    prop_assert_eq!(review.policies(), 1, "{}", text);
    let outcome = review.look(0, |subject, _| {
        let policy = subject.policy;
        prop_assert!(!subject.evaluation.exhausted, "{}", text);
        for packet in packets(seeds) {
            let (surely, possibly, speaks_of_it) = told(policy, &subject.evaluation.exposures, &packet);
            let truths: Vec<bool> = (0..8).map(|known| admitted(ruleset, &packet, known)).collect();
            let (always, ever) = (truths.iter().all(|truth| *truth), truths.iter().any(|truth| *truth));
            let unknown = ruleset.chains.iter().flatten().any(|rule| matches!(rule.extra, Extra::Unknown(_)));
            if speaks_of_it && !unknown {
                prop_assert_eq!((surely, possibly), (always, always), "{:?} under\n{}\n{:#?}", packet, text, policy.rules);
            }
            prop_assert!(!surely || always || !speaks_of_it, "too much for certain: {:?} under\n{}\n{:#?}", packet, text, policy.rules);
            prop_assert!(!ever || possibly, "too little perhaps: {:?} under\n{}\n{:#?}", packet, text, policy.rules);
        }
        Ok(())
    });
    outcome.unwrap()
}

fn seeds() -> impl Strategy<Value = Vec<(u8, u8, u8, u8)>> {
    proptest::collection::vec(any::<(u8, u8, u8, u8)>(), PACKETS)
}

proptest! {
    #![proptest_config(Config { cases: RULESETS, failure_persistence: None, ..Config::default() })]

    #[test]
    fn chains_of_iptables(ruleset in any_ruleset(1, false), seeds in seeds()) {
        check(&iptables(&ruleset), &ruleset, &seeds)?;
    }

    #[test]
    fn chains_of_nftables_under_several_hooks((ruleset, seeds) in (1_usize..=3).prop_flat_map(|hooks| (any_ruleset(hooks, false), seeds()))) {
        check(&nft(&ruleset), &ruleset, &seeds)?;
    }

    #[test]
    fn what_is_unknown_is_bounded_from_both_sides(ruleset in any_ruleset(1, true), seeds in seeds()) {
        check(&iptables(&ruleset), &ruleset, &seeds)?;
        check(&nft(&ruleset), &ruleset, &seeds)?;
    }
}
