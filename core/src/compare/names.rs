//! Names that both sides share: sources of one policy are compared with those of another under them.

use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

use super::matching::Referred;
use crate::exposure::Sources;
use crate::model::{Policy, Symbol, SymbolKind};
use crate::space::{AddressSet, public};

/// Who a symbol stands for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Key {
    /// The policy itself, whatever it is called.
    Itself,
    /// A policy of the documents, which may be called differently on the other side.
    Policy(usize),
    /// Anything else.
    Other(SymbolKind, Box<str>, Option<Box<str>>),
}

/// The shared names of one pair of policies.
#[derive(Default)]
pub(super) struct Names {
    index: HashMap<Key, u32>,
    kinds: Vec<SymbolKind>,
    /// Groups whose members are known one by one on the side whose sources are asked about.
    known: HashSet<u32>,
}

impl Names {
    /// From here on sources are those of a side that knows the members of these groups.
    pub(super) fn know(&mut self, groups: Vec<u32>) {
        self.known = groups.into_iter().collect();
    }

    /// The shared name of a symbol of `policy`. `referred` are the policies of the symbol's side.
    pub(super) fn of(&mut self, symbol: &Symbol, policy: &Policy, referred: &Referred) -> u32 {
        let key = if policy.is_self(symbol) {
            Key::Itself
        } else if let Some(at) = referred.get(&symbol.id) {
            Key::Policy(*at)
        } else {
            // Ids of AWS groups are unique across accounts, and only listings name the account.
            let account = symbol.account.clone().filter(|_| !symbol.id.starts_with("sg-"));
            Key::Other(symbol.kind, symbol.id.clone(), account)
        };
        *self.index.entry(key).or_insert_with(|| {
            self.kinds.push(symbol.kind);
            u32::try_from(self.kinds.len().saturating_sub(1)).unwrap_or(u32::MAX)
        })
    }

    /// Who is in `sources` and not in `without`, among those who can send packets of a protocol.
    pub(super) fn minus(&self, sources: &Sources, without: &Sources, number: Option<u8>) -> Sources {
        // Members that are known stand there by their addresses.
        let gone = |symbol: &u32| self.known.contains(symbol) || self.covered(*symbol, without, number);
        let symbols = sources.symbols.iter().copied().filter(|symbol| !gone(symbol)).collect();
        Sources::new(sources.addresses.difference(&without.addresses), symbols)
    }

    /// Who is in both.
    pub(super) fn both(&self, left: &Sources, right: &Sources, number: Option<u8>) -> Sources {
        let from_left = left.symbols.iter().filter(|symbol| self.covered(**symbol, right, number));
        let from_right = right.symbols.iter().filter(|symbol| self.covered(**symbol, left, number));
        Sources::new(left.addresses.intersection(&right.addresses), from_left.chain(from_right).copied().collect())
    }

    /// Whether all members of a symbol are in, because it is named there or because every address is that they can have.
    fn covered(&self, symbol: u32, by: &Sources, number: Option<u8>) -> bool {
        let extent = self.extent(symbol);
        by.symbols.binary_search(&symbol).is_ok()
            || match number {
                Some(1) => extent.v4.is_subset(&by.addresses.v4),
                Some(58) => extent.v6.is_subset(&by.addresses.v6),
                _ => extent.is_subset(&by.addresses),
            }
    }

    fn extent(&self, symbol: u32) -> &'static AddressSet {
        static ALL: OnceLock<AddressSet> = OnceLock::new();
        match usize::try_from(symbol).ok().and_then(|at| self.kinds.get(at)) {
            Some(SymbolKind::SharedService | SymbolKind::Provider) => public(),
            _ => ALL.get_or_init(AddressSet::full),
        }
    }
}
