//! One side of a rule, source or destination: prefixes, service tags and application security groups. Which of the two is
//! the peer depends on the direction.

use ipnet::IpNet;

use super::tags;
use crate::formats::cx::{Cx, Field, shown, unresolved};
use crate::formats::value::{Kind, Value};
use crate::model::{Local, NamedSet, Peer, Span, Symbol, SymbolKind, Unresolved};
use crate::space::{AddressSet, documentation, public};

/// The names of a side's fields. Letter case and underscores don't matter, so these are also Terraform's and the SDK's.
pub(super) struct SideFields {
    prefix: &'static str,
    prefixes: &'static str,
    groups: &'static str,
    group_ids: &'static str,
    expanded: &'static str,
}

pub(super) const SOURCE: SideFields = SideFields {
    prefix: "sourceAddressPrefix",
    prefixes: "sourceAddressPrefixes",
    groups: "sourceApplicationSecurityGroups",
    group_ids: "sourceApplicationSecurityGroupIds",
    expanded: "expandedSourceAddressPrefix",
};

pub(super) const DESTINATION: SideFields = SideFields {
    prefix: "destinationAddressPrefix",
    prefixes: "destinationAddressPrefixes",
    groups: "destinationApplicationSecurityGroups",
    group_ids: "destinationApplicationSecurityGroupIds",
    expanded: "expandedDestinationAddressPrefix",
};

/// A side, read.
pub(super) struct Side {
    /// Everyone it names, each where it stands; empty where the rule says nothing about this side.
    members: Vec<(Peer, Span)>,
    /// What Azure says the tags of this side stand for.
    expanded: Vec<Peer>,
}

impl Side {
    pub(super) fn read(rule: &Value, fields: &SideFields, cx: &mut Cx<'_>) -> Self {
        let mut members = Vec::new();
        for item in [fields.prefix, fields.prefixes].iter().flat_map(|name| rule.items_of(name)) {
            addresses(item, cx, &mut members);
        }
        for item in [fields.groups, fields.group_ids].iter().flat_map(|name| rule.items_of(name)) {
            members.extend(group(item).map(|peer| (peer, cx.span(item))));
        }
        let mut expanded = Vec::new();
        for item in rule.items_of(fields.expanded) {
            addresses(item, cx, &mut expanded);
        }
        Self { members, expanded: expanded.into_iter().map(|(peer, _)| peer).collect() }
    }

    /// Where it stands.
    pub(super) fn at(&self) -> Option<Span> {
        self.members.first().map(|(_, at)| *at)
    }

    /// The side as the other end of a rule.
    pub(super) fn peer(self, at: Span, cx: &mut Cx<'_>) -> Peer {
        if !self.expanded.is_empty() {
            return self.expanded_peer();
        }
        let mut peers: Vec<Peer> = self.members.into_iter().map(|(peer, _)| peer).collect();
        match peers.pop() {
            None => {
                cx.error(at, "this rule does not say who is at its other end; give it an address prefix, a service tag or *");
                unresolved("a rule without its other end", "an address prefix, a service tag or *")
            }
            Some(only) if peers.is_empty() => only,
            Some(last) => {
                peers.push(last);
                if peers.contains(&Peer::Any) { Peer::Any } else { Peer::Union(peers) }
            }
        }
    }

    /// Effective rules list the addresses of their tags, platform addresses among them.
    fn expanded_peer(self) -> Peer {
        let name = self.members.iter().map(|(peer, _)| peer.to_string()).collect::<Vec<_>>().join(", ");
        let (nets, mut others): (Vec<Peer>, Vec<Peer>) = self.expanded.into_iter().partition(|peer| matches!(peer, Peer::Net(_)));
        let set = AddressSet::from_nets(nets.iter().filter_map(net));
        let named = Peer::Named(Box::new(NamedSet { name: name.into(), set }));
        if others.is_empty() {
            return named;
        }
        others.insert(0, named);
        Peer::Union(others)
    }

    /// The side as the protected end: one or several parts of it, and what could not be told.
    pub(super) fn locals(&self, inbound: bool, at: Span, cx: &mut Cx<'_>) -> (Vec<Local>, Option<Unresolved>) {
        if self.members.iter().any(|(peer, _)| is_everything(peer)) {
            return (vec![Local::Any], None);
        }
        let (mut set, mut parts, mut missing) = (AddressSet::empty(), Vec::new(), None);
        for (peer, at) in &self.members {
            match peer {
                Peer::Net(net) => set = set.union(&reached(AddressSet::from_nets([*net]), inbound, *at, cx)),
                Peer::Named(named) => set = set.union(&reached(named.set.clone(), inbound, *at, cx)),
                Peer::Symbol(symbol) => parts.push(Local::Symbol(symbol.clone())),
                Peer::Unresolved(what) => {
                    parts.push(Local::Symbol(Box::new(Symbol { kind: SymbolKind::Group, id: what.name.clone(), account: None })));
                    missing = Some((**what).clone());
                }
                Peer::Any | Peer::Union(_) | Peer::Nobody(_) => {}
            }
        }
        if self.members.is_empty() {
            let side = if inbound { "destination" } else { "source" };
            cx.error(at, format!("this rule has no {side} address; it is read as any, write * if that is meant"));
            missing = Some(Unresolved {
                name: format!("a rule without its {side}").into(),
                would_settle: "an address prefix, a service tag or *".into(),
            });
            parts.push(Local::Any);
        } else if !set.is_empty() || parts.is_empty() {
            parts.push(Local::Addresses(Box::new(set)));
        }
        (parts, missing)
    }
}

/// What of a destination packets can carry when the rules are asked: inbound, the public IPv4 address in front of a machine
/// has been translated to its private one by then (Azure, how network security groups filter traffic).
fn reached(set: AddressSet, inbound: bool, at: Span, cx: &mut Cx<'_>) -> AddressSet {
    if !inbound {
        return set;
    }
    let v4 = set.v4.difference(&public().v4).difference(&documentation().v4);
    if v4.is_empty() && !set.v4.is_empty() {
        cx.warn(
            at,
            "this destination is a public address, which Azure translates to the private one before it asks the rules, so it never \
             matches inbound; name the private address",
        );
    }
    AddressSet { v4, v6: set.v6 }
}

fn net(peer: &Peer) -> Option<IpNet> {
    match peer {
        Peer::Net(net) => Some(*net),
        _ => None,
    }
}

/// Whether a destination is whatever the group is attached to: anything in a virtual network is.
fn is_everything(peer: &Peer) -> bool {
    match peer {
        Peer::Any => true,
        Peer::Net(net) => net.prefix_len() == 0,
        Peer::Symbol(symbol) => symbol.kind == SymbolKind::Network,
        _ => false,
    }
}

/// The addresses and tags of one item, of which a text may have several with commas.
fn addresses(item: &Value, cx: &mut Cx<'_>, found: &mut Vec<(Peer, Span)>) {
    let at = cx.span(item);
    match &item.kind {
        Kind::Null => {}
        Kind::Text(text) => {
            for word in text.split(',').map(str::trim).filter(|word| !word.is_empty()) {
                found.push((address(word, at, cx), at));
            }
        }
        Kind::Reference(address) => found.push((unresolved(address, &format!("the addresses of {address}")), at)),
        Kind::List(items) => items.iter().filter(|item| !item.is_list()).for_each(|item| addresses(item, cx, found)),
        _ => found.push((cx.cidr(Field::from(Some(item)), at), at)),
    }
}

fn address(word: &str, at: Span, cx: &mut Cx<'_>) -> Peer {
    if word == "*" || word.eq_ignore_ascii_case("any") {
        return Peer::Any;
    }
    if let Some(peer) = tags::peer(word) {
        return peer;
    }
    if word.strip_suffix("/32").unwrap_or(word) == tags::PLATFORM_ADDRESS {
        return tags::symbol(SymbolKind::Platform, tags::PLATFORM_ADDRESS);
    }
    if word == "0.0.0.0" {
        cx.warn(at, "`0.0.0.0` is read as every IPv4 address, as it is commonly meant; write * or 0.0.0.0/0");
        return cx.cidr(Field::Text("0.0.0.0/0"), at);
    }
    if word.starts_with(|letter: char| letter.is_ascii_alphabetic()) && !word.contains([':', '/', ' ']) {
        cx.error(at, format!("`{}` is no address and no service tag that is known; the rule counts as unknown", shown(word)));
        return unresolved(&shown(word), &format!("the addresses of {}", shown(word)));
    }
    match word.split_once('-').and_then(|(first, last)| Some((first.trim().parse().ok()?, last.trim().parse().ok()?))) {
        Some((first, last)) => range(word, first, last),
        None => cx.cidr(Field::Text(word), at),
    }
}

/// A range from one address to another.
fn range(word: &str, first: std::net::Ipv4Addr, last: std::net::Ipv4Addr) -> Peer {
    let nets = ipnet::Ipv4Subnets::new(first, last, 0).map(IpNet::V4);
    Peer::Named(Box::new(NamedSet { name: word.into(), set: AddressSet::from_nets(nets) }))
}

/// An application security group, by the name at the end of its id: it is a group whatever it contains.
fn group(item: &Value) -> Option<Peer> {
    let id = if item.is_map() { item.some("id").or_else(|| item.some("name"))? } else { item };
    let name = match &id.kind {
        Kind::Text(id) => id.trim_end_matches('/').rsplit('/').next().filter(|name| !name.is_empty())?,
        Kind::Reference(address) => address,
        Kind::Unknown(missing) => &missing.name,
        _ => return None,
    };
    Some(tags::symbol(SymbolKind::Group, name))
}
