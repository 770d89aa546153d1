//! The two ends of a rule: who is at the other one, and which part of this one it narrows itself to.

use crate::formats::cx::{Cx, Field, unresolved};
use crate::formats::value::{Kind, Value};
use crate::model::{Local, NamedSet, Peer, Symbol, SymbolKind, Unresolved};
use crate::space::{AddressSet, documentation, public};

/// How deep lists may lie in lists: functions that join lists leave some behind.
const NESTED: u32 = 8;

/// The items of a list, those of lists inside it in their place; a single value is a list of one.
pub(super) fn flat(list: &Value) -> Vec<&Value> {
    fn add<'v>(value: &'v Value, depth: u32, items: &mut Vec<&'v Value>) {
        for item in value.items() {
            if item.is_list() && depth < NESTED {
                add(item, depth.saturating_add(1), items);
            } else if !item.is_null() {
                items.push(item);
            }
        }
    }
    let mut items = Vec::new();
    add(list, 0, &mut items);
    items
}

/// Address ranges.
pub(super) fn ranges(list: Option<&Value>, cx: &mut Cx<'_>) -> Vec<Peer> {
    let items = list.map(flat).unwrap_or_default();
    items
        .into_iter()
        .map(|item| if let Kind::Reference(address) = &item.kind { referred(address) } else { cx.cidr(item_field(item), item) })
        .collect()
}

/// Tags or service accounts: instances inside Google Cloud, seen by their internal addresses only ("can't be used to control
/// traffic to an instance's external IP address", Compute API reference, `sourceTags`).
pub(super) fn members(list: Option<&Value>) -> Vec<Peer> {
    let Some(list) = list else { return Vec::new() };
    // A whole list that is not in the text may be empty, and an empty one filters nothing.
    if let Some(missing) = list.missing() {
        return vec![Peer::Unresolved(Box::new(missing.clone()))];
    }
    flat(list).into_iter().filter_map(label).map(|name| symbol(SymbolKind::Group, &name)).collect()
}

/// What a list names: tags, service accounts, secure tags with their name in a map.
pub(super) fn labels(list: Option<&Value>) -> Vec<String> {
    list.map(flat).unwrap_or_default().into_iter().filter_map(label).collect()
}

/// The name that a value stands for, also where it is a reference or not in the text.
pub(super) fn label(value: &Value) -> Option<String> {
    match &value.kind {
        Kind::Text(text) => Some(text.clone()),
        Kind::Int(int) => Some(int.to_string()),
        Kind::Reference(address) => Some(address.clone()),
        Kind::Unknown(missing) => Some(missing.name.to_string()),
        Kind::Map(_) => ["name", "external", "selfLink"].into_iter().find_map(|key| value.some(key)).and_then(label),
        _ => None,
    }
}

/// Secure tags without those that no longer exist.
pub(super) fn effective_tags(list: Option<&Value>) -> Vec<&Value> {
    let gone = |tag: &Value| tag.text_of("state").is_some_and(|state| state.eq_ignore_ascii_case("INEFFECTIVE"));
    list.map(flat).unwrap_or_default().into_iter().filter(|tag| !gone(tag)).collect()
}

/// Things whose addresses only Google knows: each could be anyone until its addresses are given.
pub(super) fn opaque(list: Option<&Value>, before: &str, what: &str) -> Vec<Peer> {
    let one = |item: &Value| match item.missing() {
        Some(missing) => Peer::Unresolved(Box::new(missing.clone())),
        None => {
            let name = label(item).unwrap_or_default();
            unresolved(&format!("{before}{name}"), &format!("the addresses of {what} `{name}`"))
        }
    };
    list.map(flat).unwrap_or_default().into_iter().map(one).collect()
}

/// One peer of several.
pub(super) fn union(mut peers: Vec<Peer>) -> Peer {
    match (peers.len(), peers.pop()) {
        (1, Some(only)) => only,
        (_, None) => Peer::Nobody("the tags it names no longer exist".into()),
        (_, Some(last)) => {
            peers.push(last);
            Peer::Union(peers)
        }
    }
}

/// The whole of IPv4, or of IPv6 where the rule's other end has IPv6 ranges only.
pub(super) fn everyone_beside(other_end: &[Peer]) -> Vec<Peer> {
    let v6_only = !other_end.is_empty() && other_end.iter().all(|peer| matches!(peer, Peer::Net(ipnet::IpNet::V6(_))));
    let net = if v6_only { "::/0" } else { "0.0.0.0/0" };
    net.parse().map(Peer::Net).into_iter().collect()
}

/// The protected end as `ranges` narrow it, for packets to or from `peers`; and what is missing to say so.
pub(super) fn local(ranges: &[Peer], peers: &[Peer]) -> (Local, Option<Box<Unresolved>>) {
    let mut nets = Vec::new();
    for range in ranges {
        match range {
            Peer::Net(net) => nets.push(*net),
            Peer::Unresolved(missing) => return (Local::Any, Some(missing.clone())),
            _ => {}
        }
    }
    let set = AddressSet::from_nets(nets);
    let v4 = peers.iter().all(|peer| matches!(peer, Peer::Net(ipnet::IpNet::V4(_))));
    let v6 = peers.iter().all(|peer| matches!(peer, Peer::Net(ipnet::IpNet::V6(_))));
    // Both ends of a packet are of one family.
    let whole = if v4 {
        set.v4.is_full()
    } else if v6 {
        set.v6.is_full()
    } else {
        set.is_full()
    };
    (if set.is_empty() || whole { Local::Any } else { Local::Addresses(Box::new(set)) }, None)
}

/// The part of `peers` that a network type leaves (Cloud NGFW documentation, "Network types"): both must match.
pub(super) fn of_network_type(peers: Vec<Peer>, kind: Option<&Value>, networks: Option<&Value>, cx: &mut Cx<'_>) -> Vec<Peer> {
    let peers = if peers.is_empty() { vec![Peer::Any] } else { peers };
    let Some(kind) = kind else { return peers };
    let Some(name) = kind.text() else {
        let missing = kind
            .missing()
            .cloned()
            .unwrap_or(Unresolved { name: "a network type".into(), would_settle: "a network type such as INTERNET".into() });
        return vec![Peer::Unresolved(Box::new(missing))];
    };
    match name.to_ascii_uppercase().as_str() {
        "" | "UNSPECIFIED" => peers,
        "INTERNET" => peers.into_iter().map(from_the_internet).collect(),
        "NON_INTERNET" | "INTRA_VPC" | "VPC_NETWORKS" => {
            let of = labels(networks);
            let name = if of.is_empty() { name.to_owned() } else { format!("{name} {}", of.join(" ")) };
            peers.into_iter().map(|peer| from_inside(peer, &name)).collect()
        }
        _ => {
            cx.error(kind, "this is no network type; write INTERNET, NON_INTERNET, INTRA_VPC or VPC_NETWORKS; the rule counts as unknown");
            vec![unresolved("a network type that is not known", "a network type such as INTERNET")]
        }
    }
}

fn from_the_internet(peer: Peer) -> Peer {
    let set = match &peer {
        Peer::Any => AddressSet::full(),
        Peer::Net(net) => AddressSet::from_nets([*net]),
        _ => return peer,
    };
    let left = set.intersection(&public().union(documentation()));
    if left == set {
        return peer;
    }
    let name = if peer == Peer::Any { "INTERNET".to_owned() } else { format!("{peer} (INTERNET)") };
    Peer::Named(Box::new(NamedSet { name: name.into(), set: left }))
}

fn from_inside(peer: Peer, name: &str) -> Peer {
    match peer {
        Peer::Any => symbol(SymbolKind::Network, name),
        Peer::Net(net) if net.prefix_len() == 0 => symbol(SymbolKind::Network, name),
        Peer::Net(net) => symbol(SymbolKind::Network, &format!("{net} ({name})")),
        other => other,
    }
}

fn symbol(kind: SymbolKind, id: &str) -> Peer {
    Peer::Symbol(Box::new(Symbol { kind, id: id.into(), account: None }))
}

fn referred(address: &str) -> Peer {
    unresolved(address, &format!("the addresses of `{address}`, such as 203.0.113.0/24"))
}

fn item_field(item: &Value) -> Field<'_> {
    Field::from(Some(item))
}
