//! What the evaluator says of small policies, written out.

use super::*;
use crate::model::{Origin, Peer, Place, PolicyKind, Ports, Protocol, Rule, SymbolKind, Unresolved};

#[track_caller]
fn rule(text: &str) -> Rule {
    // "[-] tcp 22-25 10.0.0.0/8": a minus for deny, "@name" for a group, "?name" for something unresolved
    let mut words = text.split(' ').peekable();
    let deny = words.next_if_eq(&"-").is_some();
    let (protocol, ports, peer) = (words.next().unwrap(), words.next().unwrap(), words.next().unwrap());
    let peer = match peer.split_at(1) {
        ("@", id) => Peer::Symbol(Box::new(Symbol { kind: SymbolKind::Group, id: id.into(), account: None })),
        ("?", name) => Peer::Unresolved(Box::new(Unresolved { name: name.into(), would_settle: name.into() })),
        _ => Peer::Net(peer.parse::<ipnet::IpNet>().unwrap().trunc()),
    };
    let mut rule = Rule::allow(Direction::Ingress, peer, Place::default());
    rule.action = if deny { Action::Deny } else { Action::Allow };
    rule.protocol = match protocol {
        "all" => Protocol::Any,
        name => Protocol::Number(crate::model::protocol_number(name).unwrap()),
    };
    rule.ports = match ports.split_once('-') {
        _ if ports == "all" => Ports::All,
        Some((first, last)) => Ports::Range(first.parse().unwrap(), last.parse().unwrap()),
        None => Ports::Range(ports.parse().unwrap(), ports.parse().unwrap()),
    };
    rule.origin = Origin::Written;
    rule
}

fn policy(rules: &[&str]) -> Policy {
    let denies = rules.iter().any(|rule| rule.starts_with("- "));
    Policy {
        // Rules with a deny among them are ordered; without numbers they decide in the order of the text.
        kind: if denies { PolicyKind::AwsNetworkAcl } else { PolicyKind::AwsSecurityGroup },
        id: Some("sg-0".into()),
        name: None,
        address: None,
        at: Place::default(),
        rules: rules.iter().map(|text| rule(text)).collect(),
        partial: false,
    }
}

/// One line an exposure: protocol, ports, sure sources, and possible ones where they differ.
fn told(rules: &[&str]) -> Vec<String> {
    let policy = policy(rules);
    let evaluation = evaluate(&policy);
    let name = |sources: &Sources| {
        let nets = sources.addresses.to_nets().into_iter().map(|net| net.to_string());
        let symbols = sources.symbols.iter().map(|i| format!("@{}", evaluation.symbols[*i as usize].id));
        let all: Vec<String> = nets.chain(symbols).collect();
        if sources.addresses.is_full() { "anyone".to_owned() } else { all.join(" ") }
    };
    let line = |e: &Exposure| {
        let protocol = match e.protocols {
            Protocols::All => "all".to_owned(),
            Protocols::Other => "other".to_owned(),
            Protocols::Number(number) => Protocol::Number(number).to_string(),
        };
        let maybe = if e.is_certain() { String::new() } else { format!(" perhaps {}", name(&e.possibly)) };
        format!("{protocol} {}-{} {}{maybe}", e.first, e.last, name(&e.surely)).trim().replace("  ", " ")
    };
    evaluation.exposures.iter().map(line).collect()
}

fn effects(rules: &[&str]) -> Vec<&'static str> {
    evaluate(&policy(rules)).effects.into_iter().map(Effect::as_str).collect()
}

#[test]
fn the_union_decides_not_a_rule() {
    assert_eq!(told(&["tcp 22 0.0.0.0/1", "tcp 22 128.0.0.0/1"]), ["tcp 22-22 0.0.0.0/0"]);
    assert_eq!(told(&["tcp 20-22 10.0.0.0/8", "tcp 23-25 10.0.0.0/8"]), ["tcp 20-25 10.0.0.0/8"]);
    assert_eq!(told(&["tcp 22 11.0.0.0/0"]), ["tcp 22-22 0.0.0.0/0"]);
}

#[test]
fn all_protocols_are_said_once_and_differences_apart() {
    assert_eq!(told(&["all all 10.0.0.0/8"]), ["all 0-65535 10.0.0.0/8"]);
    assert_eq!(told(&["all all 10.0.0.0/8", "tcp 22 10.0.0.0/9"]), ["all 0-65535 10.0.0.0/8"]);
    assert_eq!(told(&["all all 10.0.0.0/8", "tcp 22 11.0.0.0/8"]), ["all 0-65535 10.0.0.0/8", "tcp 22-22 10.0.0.0/7"],);
}

#[test]
fn a_deny_before_is_subtracted_and_all_is_no_longer_all() {
    assert_eq!(
        told(&["- tcp 22 0.0.0.0/0", "all all 0.0.0.0/0"]),
        ["other 0-65535 0.0.0.0/0", "tcp 0-21 0.0.0.0/0", "tcp 23-65535 0.0.0.0/0"]
    );
    assert_eq!(told(&["- tcp 22 10.0.0.0/8", "tcp 22 10.0.0.0/7"]), ["tcp 22-22 11.0.0.0/8"]);
}

#[test]
fn unresolved_allows_are_possible_and_unresolved_denies_take_certainty() {
    assert_eq!(told(&["tcp 22 10.0.0.0/8", "tcp 22 ?pl-1"]), ["tcp 22-22 10.0.0.0/8 perhaps anyone"]);
    assert_eq!(told(&["- tcp 22 ?pl-1", "tcp 22 10.0.0.0/8"]), ["tcp 22-22 perhaps 10.0.0.0/8"]);
}

#[test]
fn symbols_are_beside_the_addresses() {
    assert_eq!(told(&["tcp 22 @sg-a", "tcp 22 10.0.0.0/8", "tcp 22 @sg-a"]), ["tcp 22-22 10.0.0.0/8 @sg-a"]);
    // some member may be among the denied addresses
    assert_eq!(told(&["- tcp 22 10.0.0.0/8", "tcp 22 @sg-a"]), ["tcp 22-22 perhaps @sg-a"]);
    assert_eq!(told(&["- tcp 22 @sg-a", "tcp 22 10.0.0.0/8"]), ["tcp 22-22 perhaps 10.0.0.0/8"]);
    assert_eq!(told(&["- tcp 22 0.0.0.0/0", "- tcp 22 ::/0", "tcp 22 @sg-a"]), Vec::<String>::new());
}

#[test]
fn icmp_stays_in_its_family() {
    assert_eq!(told(&["icmp all ::/0", "icmpv6 all 0.0.0.0/0"]), Vec::<String>::new());
    assert_eq!(effects(&["icmp all ::/0", "icmpv6 all 0.0.0.0/0"]), ["dead", "dead"]);
    assert_eq!(told(&["all all 0.0.0.0/0", "all all ::/0", "icmp all 10.0.0.0/8"]), ["all 0-65535 anyone"]);
}

#[test]
fn source_ports_are_projected_out() {
    let mut rules = policy(&["- tcp 22 0.0.0.0/0", "- tcp 22 0.0.0.0/0", "tcp 22 0.0.0.0/0"]);
    rules.rules[0].source_ports = Some(Box::new(crate::space::PortSet::run(0, 1023)));
    rules.rules[1].source_ports = Some(Box::new(crate::space::PortSet::run(1024, 65_534)));
    assert_eq!(evaluate(&rules).exposures.len(), 1, "port 65,535 is left");
    rules.rules[1].source_ports = Some(Box::new(crate::space::PortSet::run(1024, 65_535)));
    assert_eq!(evaluate(&rules).exposures, [], "together the denies cover every source port");
}

#[test]
fn local_ends_are_told_apart_only_where_they_differ() {
    let mut rules = policy(&["tcp 22 10.0.0.0/8", "tcp 443 0.0.0.0/0"]);
    rules.rules[0].local = Local::Addresses(Box::new(crate::space::AddressSet::from_nets(["192.168.0.1/32".parse().unwrap()])));
    let locals: Vec<(u16, bool)> = evaluate(&rules).exposures.iter().map(|e| (e.first, e.local == Local::Any)).collect();
    assert_eq!(locals, [(443, true), (22, false), (443, false)]);
    rules.rules[0].local = Local::Any;
    assert!(evaluate(&rules).exposures.iter().all(|e| e.local == Local::Any));
}

#[test]
fn a_closed_part_of_the_local_end_is_told_as_closed_and_its_deny_is_needed() {
    let mut rules = policy(&["- all all 0.0.0.0/0", "tcp 443 0.0.0.0/0", "- all all 10.0.0.0/8"]);
    let one = Local::Addresses(Box::new(crate::space::AddressSet::from_nets(["192.168.0.1/32".parse().unwrap()])));
    rules.rules[0].local = one.clone();
    let evaluation = evaluate(&rules);
    let lines: Vec<(bool, bool)> = evaluation.exposures.iter().map(|e| (e.local == one, e.is_closed())).collect();
    assert_eq!(lines, [(false, false), (true, true)]);
    assert_eq!(evaluation.effects, [Effect::InEffect, Effect::InEffect, Effect::Redundant]);
    assert!(Alone::new(&rules).admits(1).unwrap().iter().all(|e| !e.is_closed()), "a rule lets through what it does, not what it does not");
    rules.rules.remove(1);
    assert_eq!(evaluate(&rules).exposures, [], "where everything is closed there is nothing to tell apart");
}

#[test]
fn a_rule_for_everything_is_redundant_where_the_parts_are_everything() {
    let mut rules = policy(&["- all all 192.0.2.0/24", "tcp 443 0.0.0.0/0", "tcp 443 0.0.0.0/0", "tcp 443 0.0.0.0/0"]);
    for (rule, net) in rules.rules.iter_mut().skip(1).zip(["0.0.0.0/0", "::/0"]) {
        rule.local = Local::Addresses(Box::new(crate::space::AddressSet::from_nets([net.parse().unwrap()])));
    }
    assert_eq!(evaluate(&rules).effects[3], Effect::Redundant);
    rules.rules.remove(2);
    assert_eq!(evaluate(&rules).effects[1..], [Effect::Redundant, Effect::InEffect], "IPv6 is left to it");
}

#[test]
fn what_each_rule_does() {
    assert_eq!(effects(&["tcp 22 10.0.0.0/8", "tcp 22 10.1.0.0/16"]), ["in-effect", "redundant"]);
    assert_eq!(effects(&["tcp 22 10.0.0.0/8", "tcp 22 10.9.9.9/8"]), ["in-effect", "redundant"]);
    assert_eq!(effects(&["tcp 22 10.0.0.0/8", "tcp 22 10.0.0.0/8", "tcp 22 0.0.0.0/0"]), ["redundant", "redundant", "in-effect"]);
    assert_eq!(effects(&["tcp 22 10.0.0.0/9", "tcp 22 10.128.0.0/9", "tcp 0-65535 10.0.0.0/8"]), ["redundant", "redundant", "in-effect"]);
    // each alone is spare; together they are not
    assert_eq!(effects(&["tcp 22 0.0.0.0/1", "tcp 22 128.0.0.0/1", "tcp 22 0.0.0.0/0"]), ["redundant"; 3]);
    assert_eq!(effects(&["all all 10.0.0.0/8", "udp 53 10.0.0.0/8"]), ["in-effect", "redundant"]);
    assert_eq!(effects(&["tcp 22 127.0.0.0/8", "tcp 30-20 10.0.0.0/8"]), ["dead", "dead"]);
    assert_eq!(effects(&["tcp 22 @a", "tcp 22 @a", "tcp 22 @b"]), ["in-effect", "redundant", "in-effect"]);
    assert_eq!(effects(&["- tcp 22 10.0.0.0/8", "tcp 22 10.1.0.0/16", "tcp 22 11.0.0.0/8"]), ["in-effect", "shadowed", "in-effect"]);
}

#[test]
fn what_is_decided_before_is_shadowed() {
    assert_eq!(
        effects(&["tcp 22 10.0.0.0/8", "- tcp 22 10.1.0.0/16", "- all all 0.0.0.0/0", "udp 53 0.0.0.0/0"]),
        ["in-effect", "shadowed", "in-effect", "shadowed"]
    );
    assert_eq!(effects(&["- tcp 22 0.0.0.0/1", "- tcp 22 128.0.0.0/1", "tcp 22 0.0.0.0/0"]), ["in-effect", "in-effect", "shadowed"]);
    // a value that is not in the text may leave something
    assert_eq!(effects(&["- tcp 22 ?pl-1", "tcp 22 10.0.0.0/8"]), ["in-effect", "in-effect"]);
}

#[test]
fn numbers_decide_and_not_the_order_of_the_text() {
    let mut policy = policy(&["- tcp 22 0.0.0.0/0", "tcp 22 0.0.0.0/0"]);
    (policy.rules[0].priority, policy.rules[1].priority) = (Some(200), Some(100));
    assert_eq!(evaluate(&policy).exposures.len(), 1);
    policy.rules[1].priority = Some(200);
    assert_eq!(evaluate(&policy).exposures.len(), 0, "of equal numbers the first in the text");
    policy.rules.swap(0, 1);
    assert_eq!(evaluate(&policy).exposures.len(), 1);
    policy.kind = PolicyKind::GcpFirewall;
    assert_eq!(evaluate(&policy).exposures.len(), 0, "of equal numbers the deny");
}

#[test]
fn what_a_layer_leaves_is_decided_by_the_next() {
    let mut policy = policy(&["tcp 22 10.0.0.0/8", "- all all 0.0.0.0/0", "tcp 22 10.1.0.0/16"]);
    policy.rules[0].action = Action::Next;
    policy.rules[2].layer = 1;
    let lines: Vec<String> = evaluate(&policy).exposures.iter().map(|e| format!("{:?}", e.surely.addresses.to_nets())).collect();
    assert_eq!(lines, ["[10.1.0.0/16]"], "the next layer admits what the first one passed on, and no more");
}

#[test]
fn what_can_go_together() {
    let gone = |rules: &[&str]| evaluate(&policy(rules)).removable;
    assert_eq!(gone(&["tcp 22 10.0.0.0/8", "tcp 22 10.1.0.0/16", "tcp 22 10.0.0.0/8", "tcp 22 127.0.0.1/32"]), [1, 2, 3]);
    assert_eq!(gone(&["tcp 22 0.0.0.0/1", "tcp 22 128.0.0.0/1", "tcp 22 0.0.0.0/0"]), [2], "each alone could go, not all");
    // the deny is there for the allow behind it only
    assert_eq!(gone(&["- tcp 22 10.0.0.0/8", "tcp 22 10.1.0.0/16"]), [0, 1]);
    assert_eq!(gone(&["tcp 22 ?pl-1", "tcp 22 10.0.0.0/8"]), [0_u32; 0], "what is certain is more than what is possible");
    // once what was left to the next layer is decided in the first, the next one is not needed
    let mut layers = policy(&["- tcp 22 10.0.0.0/8", "tcp 22 0.0.0.0/0", "tcp 22 10.0.0.0/8"]);
    layers.rules[0].action = Action::Next;
    layers.rules[2].layer = 1;
    assert_eq!(evaluate(&layers).removable, [0, 2]);
}

#[test]
fn the_questions_about_single_rules_are_answered_for_a_large_list() {
    // 200 services with a source of their own each, a deny at the end, and one of them again
    let mut texts: Vec<String> = (0..200_u32).map(|i| format!("tcp {} 10.{i}.0.0/16", 1000 + i)).collect();
    texts.extend(["- all all 0.0.0.0/0".to_owned(), "tcp 1100 10.100.0.0/16".to_owned()]);
    let rules: Vec<&str> = texts.iter().map(String::as_str).collect();
    let policy = policy(&rules);
    let evaluation = evaluate(&policy);
    assert_eq!(evaluation.removable, [200, 201]);
    assert_eq!(evaluation.copies, [(201, 100)]);
    assert_eq!(evaluation.effects[201], Effect::Shadowed);
}

#[test]
fn who_decides_before_whom() {
    let told = |rules: &[&str]| evaluate(&policy(rules)).overruled;
    let nets = |nets: &[&str]| crate::space::AddressSet::from_nets(nets.iter().map(|net| net.parse().unwrap()));
    let one = told(&["- tcp 22 10.0.0.0/8", "tcp 22 10.0.0.0/8"]);
    assert_eq!((one[0].rule, one[0].opposite, one[0].wholly), (1, Some(0), true));
    let two = told(&["- tcp 22 10.0.0.0/9", "- tcp 22 10.128.0.0/9", "tcp 22 10.0.0.0/8"]);
    assert_eq!((&two[0].by[..], two[0].opposite), (&[0, 1][..], None));
    let late = told(&["tcp 443 0.0.0.0/0", "- all all 203.0.113.0/24"]);
    assert_eq!((late[0].wholly, &late[0].leaks), (false, &nets(&["203.0.113.0/24"])));
    assert_eq!(told(&["tcp 443 10.0.0.0/8", "- tcp 443 0.0.0.0/0"]), [], "an exception stands before the rule");
    assert_eq!(told(&["all all 10.0.0.0/8", "- tcp 0-65535 0.0.0.0/0", "- udp 0-65535 0.0.0.0/0"]), [], "nor protocol by protocol");
    assert_eq!(told(&["tcp 22 ?pl-1", "- tcp 22 10.0.0.0/8"]), [], "what is not known overrules nothing for certain");
}

#[test]
fn what_a_wider_policy_admits_is_told_there() {
    let mut policy = policy(&["tcp 443 0.0.0.0/0", "tcp 22 10.0.0.0/8"]);
    policy.rules[0].inherited = true;
    assert_eq!(evaluate(&policy).exposures.iter().map(|e| e.first).collect::<Vec<_>>(), [22]);
}

#[test]
fn what_one_rule_lets_through() {
    let policy = policy(&["- tcp 22 10.0.0.0/8", "tcp 20-25 10.0.0.0/7", "tcp 22 0.0.0.0/0"]);
    let runs: Vec<(u16, u16)> = Alone::new(&policy).admits(1).unwrap().iter().map(|e| (e.first, e.last)).collect();
    assert_eq!(runs, [(20, 21), (22, 22), (23, 25)]);
}

#[test]
fn a_hostile_policy_runs_out_of_budget_instead_of_time() {
    let texts: Vec<String> = (0..20_000_u32).map(|i| format!("tcp {}-{} 10.{}.{}.0/24", i, 30_000 + i, i / 256, i % 256)).collect();
    let rules: Vec<&str> = texts.iter().map(String::as_str).collect();
    assert!(evaluate(&policy(&rules)).exhausted);
}
