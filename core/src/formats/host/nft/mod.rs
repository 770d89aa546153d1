//! `nft -j list ruleset`: tables of chains with rules as lists of statements (libnftables-json(5), nft(8)).
//!
//! Read are the tables of the families ip, ip6 and inet, and of them the chains of type filter with the hooks input and output.

mod fields;
mod rule;
mod values;

use std::collections::HashSet;

use super::chains::{Default, Hook, Ruleset};
use super::matches::{V4, V6, family};
use super::outside::Interfaces;
use super::policy::{Frame, policy};
use crate::document::Format;
use crate::formats::cx::{Cx, shown};
use crate::formats::value::Value;
use crate::formats::{Read, TreeReader};
use crate::model::{Direction, Span, Unresolved};
use crate::space::AddressSet;
use rule::Reading;
use values::Sets;

static FORMAT: Format = Format { id: "nftables", title: "nftables ruleset", from: "nft -j list ruleset" };

pub(in crate::formats) static NFTABLES: TreeReader = TreeReader { format: &FORMAT, detect, read };

fn detect(root: &Value) -> bool {
    root.get("nftables").is_some_and(Value::is_list)
}

fn read(root: &Value, cx: &mut Cx<'_>, emit: &mut dyn FnMut(Read)) {
    let entries: Vec<(&str, &Value)> =
        root.items_of("nftables").iter().filter_map(|item| item.entries().first()).map(|(kind, value)| (kind.as_str(), value)).collect();
    let of = |wanted: &'static str| entries.iter().filter(move |(kind, _)| *kind == wanted).map(|(_, value)| *value);
    let asleep: Vec<String> = of("table").filter(|table| has_flag(table, "dormant")).map(|table| owner(table, "name")).collect();
    let awake = |value: &&Value| !asleep.contains(&owner(value, "table"));
    if let Some(table) = of("table").find(|table| has_flag(table, "dormant")) {
        cx.warn(table, "a dormant table does nothing, and is not judged");
    }
    let chains: Vec<&Value> = of("chain").filter(awake).collect();
    let rules: Vec<&Value> = of("rule").filter(awake).collect();
    let sets = Sets::new(of("set").chain(of("map")));
    not_read(&chains, &rules, cx);
    let untracked = rules.iter().any(|rule| rule.items_of("expr").iter().any(|statement| statement.get("notrack").is_some()));
    let mut reading = Reading { sets, interfaces: Interfaces::default(), ruleset: Ruleset::default(), untracked, steps: 0 };
    rules.iter().for_each(|rule| reading.note_interfaces(rule));
    let mut names: Vec<String> = Vec::new();
    let mut at: Option<Span> = None;
    let mut told: HashSet<String> = HashSet::new();
    for direction in [Direction::Ingress, Direction::Egress] {
        let way = if direction == Direction::Ingress { "input" } else { "output" };
        for chain in chains.iter().filter(|chain| families(chain).is_some()) {
            let (key, name) = (key(chain, chain.text_of("name").unwrap_or_default(), direction), chain.text_of("name").unwrap_or_default());
            let hook = (chain.text_of("hook") == Some(way) && chain.text_of("type") == Some("filter")).then(|| hook(chain, direction, cx));
            if hook.is_some() && direction == Direction::Ingress {
                names.push(format!("{} {name}", owner(chain, "table")));
                at = at.or(Some(chain.span));
            }
            if let Some(made) = reading.ruleset.chain(&key, name, cx.span(*chain)) {
                made.hook = hook;
            }
        }
        told = reading.rules(&rules, direction, &told, cx);
    }
    let name = if names.is_empty() { "nftables".to_owned() } else { names.join(", ") };
    let missing = ["the IPv4 rules of input", "the IPv6 rules of input"];
    let frame = Frame { name, at: cx.span(at.unwrap_or(root.span)), missing };
    emit(Read::Policy { policy: policy(&reading.ruleset, frame, cx), again: None });
}

/// The families whose packets the chains of a table see; `None` for those of links and bridges.
fn families(value: &Value) -> Option<AddressSet> {
    match value.text_of("family")? {
        "ip" => Some(family(V4)),
        "ip6" => Some(family(V6)),
        "inet" => Some(AddressSet::full()),
        _ => None,
    }
}

/// The table of something, by its own name or by the field that names it.
fn owner(value: &Value, field: &str) -> String {
    format!("{} {}", value.text_of("family").unwrap_or_default(), value.text_of(field).unwrap_or_default())
}

/// A chain of the same table as `value`, for one direction.
fn key(value: &Value, chain: &str, direction: Direction) -> String {
    let way = if direction == Direction::Ingress { "in" } else { "out" };
    format!("{way} {} {chain}", owner(value, "table"))
}

fn has_flag(value: &Value, flag: &str) -> bool {
    value.items_of("flags").iter().any(|own| own.text() == Some(flag))
}

/// Where a chain is hooked. Its policy is accept unless it says otherwise (nft(8), "Chains").
fn hook(chain: &Value, direction: Direction, cx: &mut Cx<'_>) -> Hook {
    let policy = match chain.text_of("policy") {
        None | Some("accept") => Default::Accept,
        Some("drop") => Default::Drop,
        Some(other) => {
            cx.error(chain, format!("`{}` is no policy of a chain; it is accept or drop, and counts as unknown", shown(other)));
            let name = format!("the policy of {}", shown(chain.text_of("name").unwrap_or_default()));
            Default::Missing(Unresolved { would_settle: name.as_str().into(), name: name.into() })
        }
    };
    let priority = chain.get("prio").and_then(Value::int).unwrap_or_default();
    Hook { direction, priority, families: families(chain).unwrap_or_else(AddressSet::full), policy }
}

/// What other chains may do is said once.
fn not_read(chains: &[&Value], rules: &[&Value], cx: &mut Cx<'_>) {
    let busy = |chain: &&&Value| {
        let own = |rule: &&Value| owner(rule, "table") == owner(chain, "table") && rule.text_of("chain") == chain.text_of("name");
        chain.text_of("policy") == Some("drop") || rules.iter().any(own)
    };
    let hooked = |names: &'static [&'static str]| {
        chains.iter().filter(move |chain| chain.text_of("hook").is_some_and(|hook| names.contains(&hook))).filter(busy)
    };
    if let Some(chain) = hooked(&["prerouting", "ingress"]).next() {
        let moves = rules.iter().any(|rule| rule.items_of("expr").iter().any(|s| s.get("redirect").is_some() || s.get("dnat").is_some()));
        let said = if moves {
            "chains before input are not read; they send packets to other ports, so what is open here is open under those, too"
        } else {
            "chains before input are not read; they may drop packets before these rules see them, so less may be open"
        };
        cx.warn(*chain, said);
    }
    if let Some(chain) = hooked(&["forward"]).next() {
        let docker = chains.iter().any(|chain| chain.text_of("name").is_some_and(|name| name.starts_with("DOCKER")));
        let said = if docker {
            "the hook forward is not judged: ports that Docker publishes for containers pass there and bypass input, so they may be open, too"
        } else {
            "the hook forward is not judged: it is about packets for other hosts and for containers"
        };
        cx.warn(*chain, said);
    }
    if let Some(chain) = chains.iter().find(|chain| families(chain).is_none() && busy(chain)) {
        cx.warn(*chain, "tables of the families arp, bridge and netdev are not read; they can only close more");
    }
}
