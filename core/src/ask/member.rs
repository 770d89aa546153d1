//! Ends that only rules name: service tags, groups and tags of which nothing was pasted, prefix lists, and values that are missing.

use super::Party;
use crate::model::{Peer, Policy, PolicyKind, SymbolKind};
use crate::space::{AddressSet, public};

/// Whoever is behind a name, at addresses that nobody told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// What its members are; `None` where the name stands for a value that is not in the texts.
    pub kind: Option<SymbolKind>,
    /// The spellings that rules have for it.
    pub names: Vec<Box<str>>,
    /// What the question calls it.
    pub called: String,
}

impl Member {
    /// Where its members are, as far as its kind tells; empty where it does not.
    pub(super) fn within(&self) -> AddressSet {
        match self.kind {
            Some(SymbolKind::SharedService | SymbolKind::Provider) => public().clone(),
            _ => AddressSet::empty(),
        }
    }

    /// Whether its members are in no group and no virtual network.
    pub(super) const fn is_foreign(&self) -> bool {
        matches!(self.kind, Some(SymbolKind::SharedService | SymbolKind::Provider))
    }

    /// Who that is, in a sentence.
    pub(super) fn note(&self) -> String {
        let name = &self.called;
        match self.kind {
            // Azure documentation, "Virtual network service tags".
            Some(SymbolKind::Network) => format!(
                "{name} is more than the network itself: connected and peered networks are in it, and the prefixes of user-defined \
                 routes, which may be everything"
            ),
            Some(SymbolKind::Platform) if name.to_ascii_lowercase().contains("balancer") => {
                format!("{name} is where the platform's health probes come from; what a load balancer passes on keeps the client's address")
            }
            Some(SymbolKind::Platform) => format!("{name} is the provider's own; nobody else's traffic comes from there"),
            Some(SymbolKind::SharedService) => format!("{name} is a service of many customers; whoever uses it may be behind it"),
            Some(SymbolKind::Provider) => format!("{name} has the machines of all customers of the provider in it"),
            Some(SymbolKind::Group) => {
                format!("the members of {name} were not pasted, so a rule about addresses may or may not mean them")
            }
            None => format!("what {name} stands for is not in the documents, so a rule about addresses may or may not mean it"),
        }
    }
}

/// What the rules of the documents say of a name.
#[derive(Default)]
pub(super) struct Mentioned {
    addresses: Option<AddressSet>,
    kind: Option<Option<SymbolKind>>,
    names: Vec<Box<str>>,
    azure: bool,
}

impl Mentioned {
    /// Looks for the name among the peers of a policy. Letter case does not matter in service tags.
    pub(super) fn look(&mut self, policy: &Policy, name: &str) {
        self.azure |= policy.kind == PolicyKind::AzureNetworkSecurityGroup;
        policy.rules.iter().for_each(|rule| self.peer(&rule.peer, name));
    }

    fn peer(&mut self, peer: &Peer, name: &str) {
        match peer {
            Peer::Named(named) if *named.name == *name => self.addresses = Some(named.set.clone()),
            Peer::Symbol(symbol) if *symbol.id == *name || symbol.kind != SymbolKind::Group && symbol.id.eq_ignore_ascii_case(name) => {
                self.is(Some(symbol.kind), &symbol.id);
            }
            Peer::Unresolved(missing) if *missing.name == *name => self.is(None, &missing.name),
            Peer::Union(peers) => peers.iter().for_each(|peer| self.peer(peer, name)),
            _ => {}
        }
    }

    fn is(&mut self, kind: Option<SymbolKind>, name: &str) {
        self.kind = self.kind.flatten().map(Some).or(Some(kind));
        if !self.names.iter().any(|known| **known == *name) {
            self.names.push(name.into());
        }
    }

    /// The end that the name is; a service tag of Azure is one although no rule names it.
    pub(super) fn end(self, name: &str) -> Option<Party> {
        if let Some(set) = self.addresses.filter(|set| !set.is_empty()) {
            return Some(Party::Addresses(set, name.to_owned()));
        }
        let kind = self.kind.or_else(|| match crate::formats::service_tag(name).filter(|_| self.azure)? {
            Peer::Symbol(symbol) => Some(Some(symbol.kind)),
            _ => None,
        })?;
        Some(Party::Member(Member { kind, names: self.names, called: name.to_owned() }))
    }
}

/// The tags and service accounts of the instances that a policy of Google Cloud is for; its name ends with them.
pub(super) fn targets(policy: &Policy) -> impl Iterator<Item = &str> {
    let name = policy.name.as_deref().filter(|_| policy.kind == PolicyKind::GcpFirewall).unwrap_or_default();
    name.split(", ").skip(1).filter_map(|part| ["tag ", "service account "].iter().find_map(|kind| part.strip_prefix(kind)))
}

/// What the peers of a policy are called, where they have a name.
pub(super) fn names(policy: &Policy) -> Vec<Box<str>> {
    fn of(peer: &Peer, names: &mut Vec<Box<str>>) {
        match peer {
            Peer::Named(named) => names.push(named.name.clone()),
            Peer::Symbol(symbol) => names.push(symbol.id.clone()),
            Peer::Unresolved(missing) => names.push(missing.name.clone()),
            Peer::Union(peers) => peers.iter().for_each(|peer| of(peer, names)),
            Peer::Any | Peer::Net(_) | Peer::Nobody(_) => {}
        }
    }
    let mut names = Vec::new();
    policy.rules.iter().for_each(|rule| of(&rule.peer, &mut names));
    names
}
