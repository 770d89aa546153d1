//! Instances of Google Cloud behind the rules that choose them, against a naive walk: one packet at a time through all rules of
//! the network, written from the Cloud NGFW documentation and sharing nothing with the core.

use std::net::{IpAddr, Ipv4Addr};

use ipnet::Ipv4Net;
use portcullis_core::exposure::{Exposure, Protocols, Sources};
use portcullis_core::model::Direction;
use portcullis_core::review::{Input, review};
use proptest::prelude::*;
use proptest::test_runner::Config;
use serde_json::{Value, json};

const TAGS: [&str; 3] = ["web", "app", "db"];
const PORTS: [u16; 5] = [22, 80, 443, 3306, 8080];
const ADDRESSES: [Ipv4Addr; 4] =
    [Ipv4Addr::new(1, 1, 1, 1), Ipv4Addr::new(200, 1, 1, 1), Ipv4Addr::new(10, 0, 1, 77), Ipv4Addr::new(10, 9, 9, 9)];

#[derive(Clone, Debug)]
struct Rule {
    priority: u16,
    allow: bool,
    ports: (u16, u16),
    nets: Vec<Ipv4Net>,
    sources: Vec<usize>,
    targets: Vec<usize>,
}

#[derive(Clone, Debug)]
struct Instance {
    tags: Vec<usize>,
    public: bool,
}

fn address(index: usize) -> Ipv4Addr {
    Ipv4Addr::new(10, 0, 1, u8::try_from(index + 10).unwrap())
}

fn tags(most: usize) -> impl Strategy<Value = Vec<usize>> {
    proptest::sample::subsequence(vec![0, 1, 2], 0..=most)
}

fn rule() -> impl Strategy<Value = Rule> {
    let nets = ["0.0.0.0/0", "10.0.0.0/8", "10.0.1.0/26", "128.0.0.0/1", "1.0.0.0/8"].map(|net| net.parse().unwrap());
    let port = || proptest::sample::select(PORTS.to_vec());
    let parts = (1_u16..5, any::<bool>(), port(), port(), proptest::sample::subsequence(nets.to_vec(), 0..3), tags(2), tags(2));
    parts.prop_map(|(priority, allow, a, b, nets, sources, targets)| Rule {
        priority,
        allow,
        ports: (a.min(b), a.max(b)),
        nets,
        sources,
        targets,
    })
}

fn documents(rules: &[Rule], instances: &[Instance]) -> Vec<Input> {
    let network = "https://www.googleapis.com/compute/v1/projects/shop/global/networks/front";
    let named = |tags: &[usize]| tags.iter().map(|tag| TAGS[*tag]).collect::<Vec<_>>();
    let rules = rules.iter().zip(0_usize..).map(|(rule, i)| {
        let what = json!([{ "IPProtocol": "tcp", "ports": [format!("{}-{}", rule.ports.0, rule.ports.1)] }]);
        let mut told = json!({ "kind": "compute#firewall", "name": format!("r{i}"), "network": network, "direction": "INGRESS", "priority": rule.priority });
        told[if rule.allow { "allowed" } else { "denied" }] = what;
        let nets: Vec<String> = rule.nets.iter().map(ToString::to_string).collect();
        for (key, list) in [("sourceRanges", json!(nets)), ("sourceTags", json!(named(&rule.sources))), ("targetTags", json!(named(&rule.targets)))] {
            if list != json!([]) {
                told[key] = list;
            }
        }
        told
    });
    let instances = instances.iter().zip(0_usize..).map(|(instance, i)| {
        let mut interface = json!({ "name": "nic0", "network": network, "networkIP": address(i).to_string() });
        if instance.public {
            interface["accessConfigs"] = json!([{ "natIP": "203.0.113.9" }]);
        }
        json!({ "kind": "compute#instance", "id": i.to_string(), "name": format!("vm-{i}"), "tags": { "items": named(&instance.tags) }, "networkInterfaces": [interface] })
    });
    let document = |name: &str, list: Vec<Value>| Input { name: name.into(), bytes: json!(list).to_string().into_bytes() };
    vec![document("rules", rules.collect()), document("instances", instances.collect())]
}

/// Whether a packet gets in: the lowest number decides, of equal ones a deny; without any rule nothing does.
fn passes(rules: &[Rule], to: &Instance, from: Ipv4Addr, its_tags: &[usize], port: u16) -> bool {
    let is_private = Ipv4Net::contains(&"10.0.0.0/8".parse().unwrap(), &from);
    if !is_private && !to.public {
        return false;
    }
    let meets = |rule: &&Rule| {
        let chosen = rule.targets.is_empty() || rule.targets.iter().any(|tag| to.tags.contains(tag));
        let anyone = rule.nets.is_empty() && rule.sources.is_empty();
        let named = rule.nets.iter().any(|net| net.contains(&from)) || rule.sources.iter().any(|tag| its_tags.contains(tag));
        chosen && (anyone || named) && rule.ports.0 <= port && port <= rule.ports.1
    };
    rules.iter().filter(meets).min_by_key(|rule| (rule.priority, rule.allow)).is_some_and(|rule| rule.allow)
}

proptest! {
    #![proptest_config(Config { cases: 200, failure_persistence: None, ..Config::default() })]

    #[test]
    fn what_gets_in_is_what_a_walk_through_all_rules_says(
        rules in proptest::collection::vec(rule(), 1..8),
        instances in proptest::collection::vec((tags(3), any::<bool>()).prop_map(|(tags, public)| Instance { tags, public }), 2..5),
    ) {
        let review = review(documents(&rules, &instances), &mut |_| {});
        prop_assert_eq!(review.surfaces().len(), instances.len());
        prop_assert!(review.surfaces().iter().all(portcullis_core::surface::Surface::is_complete));
        let strangers = ADDRESSES.iter().map(|address| (*address, &[][..]));
        let inside = instances.iter().zip(0_usize..).map(|(own, i)| (address(i), &own.tags[..]));
        let packets: Vec<(Ipv4Addr, &[usize], u16)> =
            strangers.chain(inside).flat_map(|(from, tags)| PORTS.map(|port| (from, tags, port))).collect();
        for (to, at) in instances.iter().zip(0_usize..) {
            for (from, its_tags, port) in &packets {
                let expected = passes(&rules, to, *from, its_tags, *port);
                let (surely, possibly) = review.look_at_surface(at, |view, _| {
                    let here = |exposure: &&Exposure| {
                        let speaks = exposure.protocols == Protocols::All || exposure.protocols == Protocols::Number(6);
                        speaks && exposure.direction == Direction::Ingress && exposure.first <= *port && *port <= exposure.last
                    };
                    let holds = |sources: &Sources| {
                        let id = |symbol: &u32| &*view.evaluation.symbols[usize::try_from(*symbol).unwrap()].id;
                        sources.addresses.contains(IpAddr::V4(*from)) || sources.symbols.iter().any(|symbol| its_tags.iter().any(|tag| TAGS[*tag] == id(symbol)))
                    };
                    let found: Vec<&Exposure> = view.evaluation.exposures.iter().filter(here).collect();
                    (found.iter().any(|own| holds(&own.surely)), found.iter().any(|own| holds(&own.possibly)))
                }).unwrap();
                prop_assert!(surely <= expected && expected <= possibly, "{surely} {expected} {possibly}: {from} {port} vm-{at}");
                // Without tags as sources everything is certain.
                if rules.iter().all(|rule| rule.sources.is_empty()) {
                    prop_assert_eq!(surely, possibly);
                }
            }
        }
    }
}
