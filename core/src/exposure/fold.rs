//! One point of the service space: the rules that match there, folded in their order into who gets in.

use ipnet::IpNet;

use super::Sources;
use crate::model::{Action, Peer, Rule, Symbol, Unresolved};
use crate::space::{AddressSet, IntervalSet};

/// Whether a rule holds at a point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fit {
    /// It does not.
    No,
    /// It may, depending on what was not pasted.
    Maybe,
    /// It does.
    Yes,
}

/// A rule that matches at a point.
#[derive(Clone, Copy)]
pub(super) struct Active<'p> {
    pub(super) rule: &'p Rule,
    pub(super) who: &'p Who,
    pub(super) fit: Fit,
}

/// A peer, resolved once per policy.
#[derive(Clone, Debug, Default)]
pub(super) struct Who {
    pub(super) v4: Vec<(u32, u32)>,
    pub(super) v6: Vec<(u128, u128)>,
    pub(super) symbols: Vec<u32>,
    /// Values that are not in the text, by index; with any of them it could be anyone.
    pub(super) unknowns: Vec<u32>,
}

/// The names that a policy's peers use, each with its index.
pub(super) trait Names<'p> {
    /// The index of a symbol.
    fn symbol(&mut self, symbol: &'p Symbol) -> u32;
    /// The index of a value that is not in the text.
    fn unknown(&mut self, missing: &'p Unresolved) -> u32;
}

impl Who {
    /// Resolves `peer`.
    pub(super) fn new<'p>(peer: &'p Peer, names: &mut impl Names<'p>) -> Self {
        let mut who = Self::default();
        who.add(peer, names);
        who
    }

    /// Whether it could be anyone.
    pub(super) fn anyone(&self) -> bool {
        !self.unknowns.is_empty()
    }

    fn add<'p>(&mut self, peer: &'p Peer, names: &mut impl Names<'p>) {
        match peer {
            Peer::Any => {
                self.v4.push((u32::MIN, u32::MAX));
                self.v6.push((u128::MIN, u128::MAX));
            }
            Peer::Net(IpNet::V4(net)) => self.v4.push((u32::from(net.network()), u32::from(net.broadcast()))),
            Peer::Net(IpNet::V6(net)) => self.v6.push((u128::from(net.network()), u128::from(net.broadcast()))),
            Peer::Symbol(symbol) => self.symbols.push(names.symbol(symbol)),
            Peer::Unresolved(missing) => self.unknowns.push(names.unknown(missing)),
            Peer::Nobody(_) => {}
            Peer::Union(peers) => peers.iter().for_each(|peer| self.add(peer, names)),
        }
    }

    /// The addresses it surely holds.
    pub(super) fn addresses(&self) -> AddressSet {
        AddressSet { v4: IntervalSet::from_runs(self.v4.clone()), v6: IntervalSet::from_runs(self.v6.clone()) }
    }
}

/// Who gets in at a point: surely, and possibly where that differs.
pub(super) struct Admitted {
    pub(super) surely: Sources,
    pub(super) possibly: Option<Sources>,
}

/// Folds the rules that match at a point, in their deciding order.
pub(super) fn fold(active: &[Active<'_>], protocol: Option<u8>) -> Admitted {
    if active.iter().all(|a| a.rule.action == Action::Allow) { union(active, protocol) } else { ordered(active, protocol) }
}

/// Without a deny the order does not matter.
fn union(active: &[Active<'_>], protocol: Option<u8>) -> Admitted {
    let (mut sure, mut maybe, mut anyone) = (Who::default(), Who::default(), false);
    for a in active {
        let certain = a.fit == Fit::Yes && a.rule.doubt.is_none();
        let into = if certain { &mut sure } else { &mut maybe };
        into.v4.extend_from_slice(&a.who.v4);
        into.v6.extend_from_slice(&a.who.v6);
        into.symbols.extend_from_slice(&a.who.symbols);
        anyone |= a.who.anyone();
    }
    let unresolved = anyone || !maybe.v4.is_empty() || !maybe.v6.is_empty() || !maybe.symbols.is_empty();
    let sources = |who: Who| {
        let addresses = AddressSet { v4: IntervalSet::from_runs(who.v4), v6: IntervalSet::from_runs(who.v6) };
        Sources::new(addresses, who.symbols).within(protocol)
    };
    let surely = sources(sure);
    let possibly = unresolved
        .then(|| if anyone { Sources::new(AddressSet::full(), Vec::new()).within(protocol) } else { surely.union(&sources(maybe)) });
    Admitted { possibly: possibly.filter(|wider| *wider != surely), surely }
}

/// First match decides: an allow counts for what no earlier deny took.
fn ordered(active: &[Active<'_>], protocol: Option<u8>) -> Admitted {
    let (mut surely, mut possibly) = (Sources::nobody(), Sources::nobody());
    // What earlier denies took for certain, and what they may have taken.
    let (mut taken, mut perhaps) = (Sources::nobody(), Sources::nobody());
    for a in active {
        let certain = a.fit == Fit::Yes && a.rule.doubt.is_none();
        let own = Sources::new(a.who.addresses(), a.who.symbols.clone());
        let widest = if a.who.anyone() { Sources::new(AddressSet::full(), Vec::new()) } else { own.clone() };
        match a.rule.action {
            Action::Allow => {
                possibly = possibly.union(&less_certainly(&widest, &taken));
                if certain {
                    surely = surely.union(&less_possibly(&own, &perhaps));
                }
            }
            Action::Deny => {
                perhaps = perhaps.union(&widest);
                // Members of a denied symbol may have any address.
                if !widest.symbols.is_empty() {
                    perhaps.addresses = AddressSet::full();
                }
                if certain {
                    taken = taken.union(&own);
                }
            }
        }
    }
    let (surely, possibly) = (surely.within(protocol), possibly.within(protocol));
    Admitted { possibly: Some(possibly).filter(|wider| *wider != surely), surely }
}

/// What may remain of `sources` once `taken` is gone: a symbol goes only with everyone or by its own name.
fn less_certainly(sources: &Sources, taken: &Sources) -> Sources {
    let gone = |symbol: &u32| taken.addresses.is_full() || taken.symbols.contains(symbol);
    let symbols = sources.symbols.iter().copied().filter(|symbol| !gone(symbol)).collect();
    Sources::new(sources.addresses.difference(&taken.addresses), symbols)
}

/// What surely remains of `sources` once `perhaps` may be gone: a symbol's members may be among any addresses.
fn less_possibly(sources: &Sources, perhaps: &Sources) -> Sources {
    let symbols = if perhaps.is_empty() { sources.symbols.clone() } else { Vec::new() };
    Sources::new(sources.addresses.difference(&perhaps.addresses), symbols)
}
