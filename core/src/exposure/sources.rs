//! Who can be at the other end: addresses, and symbols whose members are not known.

use crate::model::Peer;
use crate::sorting::sort_unique;
use crate::space::{AddressSet, IntervalSet};

/// A set of sources.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sources {
    /// The addresses.
    pub addresses: AddressSet,
    // INVARIANT: sorted, unique, and empty where `addresses` holds everything, since a symbol's members are addresses.
    /// Indices into the evaluation's symbols.
    pub symbols: Vec<u32>,
}

impl Sources {
    /// The sources without members.
    pub const fn nobody() -> Self {
        Self { addresses: AddressSet::empty(), symbols: Vec::new() }
    }

    /// Sources from their parts, normalised.
    pub fn new(addresses: AddressSet, mut symbols: Vec<u32>) -> Self {
        if addresses.is_full() {
            symbols.clear();
        }
        sort_unique(&mut symbols);
        Self { addresses, symbols }
    }

    /// Whether no one is in.
    pub fn is_empty(&self) -> bool {
        self.addresses.is_empty() && self.symbols.is_empty()
    }

    /// Whether everyone here is also in `other`.
    pub fn is_subset(&self, other: &Self) -> bool {
        self.is_subset_within(other, None)
    }

    /// Whether everyone here that can send packets of a protocol is also in `other`, which is within it.
    pub(crate) fn is_subset_within(&self, other: &Self, protocol: Option<u8>) -> bool {
        let symbols = || self.symbols.iter().all(|symbol| other.symbols.binary_search(symbol).is_ok());
        self.addresses.is_subset(&other.addresses) && (other.is_everyone(protocol) || symbols())
    }

    /// Whether every address that can send packets of a protocol is in, and with them the members of every symbol.
    pub(super) fn is_everyone(&self, protocol: Option<u8>) -> bool {
        match protocol {
            Some(1) => self.addresses.v4.is_full(),
            Some(58) => self.addresses.v6.is_full(),
            _ => self.addresses.is_full(),
        }
    }

    /// Everyone in either.
    pub fn union(&self, other: &Self) -> Self {
        let symbols = self.symbols.iter().chain(&other.symbols).copied().collect();
        Self::new(self.addresses.union(&other.addresses), symbols)
    }

    /// The part that can send packets of `protocol`: ICMP is IPv4's, ICMPv6 is IPv6's. Where the whole family is in, so are
    /// the members of every symbol.
    pub(crate) fn within(mut self, protocol: Option<u8>) -> Self {
        match protocol {
            Some(1) => self.addresses.v6 = IntervalSet::empty(),
            Some(58) => self.addresses.v4 = IntervalSet::empty(),
            _ => {}
        }
        if self.is_everyone(protocol) {
            self.symbols.clear();
        }
        self
    }
}

/// The addresses that a peer names itself.
pub fn addresses(peer: &Peer) -> AddressSet {
    let mut sets = Vec::new();
    gather(peer, &mut sets);
    match sets.as_slice() {
        [only] => only.clone(),
        // One after the other would copy the first ones again and again.
        _ => AddressSet {
            v4: IntervalSet::from_runs(sets.iter().flat_map(|set| set.v4.runs()).copied().collect()),
            v6: IntervalSet::from_runs(sets.iter().flat_map(|set| set.v6.runs()).copied().collect()),
        },
    }
}

fn gather(peer: &Peer, sets: &mut Vec<AddressSet>) {
    match peer {
        Peer::Any => sets.push(AddressSet::full()),
        Peer::Net(net) => sets.push(AddressSet::from_nets([*net])),
        Peer::Named(named) => sets.push(named.set.clone()),
        Peer::Union(peers) => peers.iter().for_each(|peer| gather(peer, sets)),
        Peer::Symbol(_) | Peer::Unresolved(_) | Peer::Nobody(_) => {}
    }
}
