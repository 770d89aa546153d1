//! One point of the service space: the rules that match there, folded in their order into who gets in.

use std::sync::OnceLock;

use ipnet::IpNet;

use super::Sources;
use crate::model::{Action, Peer, Rule, Symbol, SymbolKind, Unresolved};
use crate::space::{AddressSet, IntervalSet, public};

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
    /// What it does here, which a what-if question may change.
    pub(super) action: Action,
    pub(super) who: &'p Who,
    pub(super) fit: Fit,
}

/// A peer, resolved once per policy.
#[derive(Clone, Debug)]
pub(super) struct Who {
    /// The addresses it surely holds.
    pub(super) addresses: AddressSet,
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
        let mut gathered = Gathered::default();
        gathered.add(peer, names);
        gathered.together()
    }

    /// Of how many runs of addresses and names it consists.
    pub(super) fn runs(&self) -> usize {
        let addresses = self.addresses.v4.runs().len().saturating_add(self.addresses.v6.runs().len());
        addresses.saturating_add(self.symbols.len())
    }

    /// Whether it could be anyone.
    pub(super) fn anyone(&self) -> bool {
        !self.unknowns.is_empty()
    }
}

/// Several peers on their way into one.
#[derive(Default)]
struct Gathered {
    v4: Vec<(u32, u32)>,
    v6: Vec<(u128, u128)>,
    symbols: Vec<u32>,
    unknowns: Vec<u32>,
}

impl Gathered {
    fn add<'p>(&mut self, peer: &'p Peer, names: &mut impl Names<'p>) {
        match peer {
            Peer::Any => {
                self.v4.push((u32::MIN, u32::MAX));
                self.v6.push((u128::MIN, u128::MAX));
            }
            Peer::Net(IpNet::V4(net)) => self.v4.push((u32::from(net.network()), u32::from(net.broadcast()))),
            Peer::Net(IpNet::V6(net)) => self.v6.push((u128::from(net.network()), u128::from(net.broadcast()))),
            Peer::Named(named) => self.addresses(&named.set),
            Peer::Symbol(symbol) => self.symbols.push(names.symbol(symbol)),
            Peer::Unresolved(missing) => self.unknowns.push(names.unknown(missing)),
            Peer::Nobody(_) => {}
            Peer::Union(peers) => peers.iter().for_each(|peer| self.add(peer, names)),
        }
    }

    fn addresses(&mut self, set: &AddressSet) {
        self.v4.extend_from_slice(set.v4.runs());
        self.v6.extend_from_slice(set.v6.runs());
    }

    fn who(&mut self, who: &Who) {
        self.addresses(&who.addresses);
        self.symbols.extend_from_slice(&who.symbols);
        self.unknowns.extend_from_slice(&who.unknowns);
    }

    fn together(self) -> Who {
        let addresses = AddressSet { v4: IntervalSet::from_runs(self.v4), v6: IntervalSet::from_runs(self.v6) };
        Who { addresses, symbols: self.symbols, unknowns: self.unknowns }
    }
}

/// Who gets in at a point: surely, and possibly where that differs.
pub(super) struct Admitted {
    pub(super) surely: Sources,
    pub(super) possibly: Option<Sources>,
}

/// Folds the rules that match at a point, in their deciding order. `symbols` are those of the evaluation.
pub(super) fn fold(active: &[Active<'_>], symbols: &[&Symbol], protocol: Option<u8>) -> Admitted {
    if active.iter().all(|a| a.action == Action::Allow) { union(active, protocol) } else { ordered(active, symbols, protocol) }
}

/// Without a deny the order does not matter.
fn union(active: &[Active<'_>], protocol: Option<u8>) -> Admitted {
    let (mut sure, mut maybe) = (Gathered::default(), Gathered::default());
    for a in active {
        let into = if a.is_certain() { &mut sure } else { &mut maybe };
        into.who(a.who);
    }
    let (sure, maybe) = (sure.together(), maybe.together());
    let anyone = sure.anyone() || maybe.anyone();
    let unresolved = anyone || !maybe.addresses.is_empty() || !maybe.symbols.is_empty();
    let surely = Sources::new(sure.addresses, sure.symbols).within(protocol);
    let possibly = unresolved.then(|| {
        if anyone { everyone().within(protocol) } else { surely.union(&Sources::new(maybe.addresses, maybe.symbols).within(protocol)) }
    });
    Admitted { possibly: possibly.filter(|wider| *wider != surely), surely }
}

/// First match decides: an allow counts for what no earlier deny took, and for what was not left to the next layer.
fn ordered(active: &[Active<'_>], symbols: &[&Symbol], protocol: Option<u8>) -> Admitted {
    let (mut surely, mut possibly) = (Sources::nobody(), Sources::nobody());
    let mut denied = Taken::new(symbols);
    let mut passed = Taken::new(symbols);
    let mut layer = None;
    // Rules in a row that do the same are one: a list of thousands of denied addresses is common.
    for alike in active.chunk_by(Active::is_like) {
        let Some(a) = alike.first() else { continue };
        if layer != Some(a.rule.layer) {
            layer = Some(a.rule.layer);
            passed = Taken::new(symbols);
        }
        let mut own = Gathered::default();
        alike.iter().for_each(|a| own.who(a.who));
        let own = own.together();
        let anyone = own.anyone();
        let own = Sources::new(own.addresses, own.symbols);
        let widest = if anyone { everyone() } else { own.clone() };
        // What an earlier rule of the layer left to the next one is none of this rule's business.
        let here = (passed.surely_left(&own), passed.possibly_left(&widest));
        match a.action {
            Action::Allow => {
                possibly = possibly.union(&denied.possibly_left(&here.1));
                if a.is_certain() {
                    surely = surely.union(&denied.surely_left(&here.0));
                }
            }
            Action::Deny => denied.take(a.is_certain().then_some(here.0), here.1),
            // What was decided before, in whichever way, is not passed on.
            Action::Next => passed.take(a.is_certain().then_some(own), widest),
        }
    }
    let (surely, possibly) = (surely.within(protocol), possibly.within(protocol));
    Admitted { possibly: Some(possibly).filter(|wider| *wider != surely), surely }
}

impl Active<'_> {
    fn is_certain(&self) -> bool {
        self.fit == Fit::Yes && self.rule.doubt.is_none()
    }

    /// Whether it does the same as another one, to whomever.
    fn is_like(&self, other: &Self) -> bool {
        (self.rule.layer, self.action, self.is_certain()) == (other.rule.layer, other.action, other.is_certain())
    }
}

fn everyone() -> Sources {
    Sources::new(AddressSet::full(), Vec::new())
}

/// What earlier rules took out of the running: for certain, and perhaps.
struct Taken<'s> {
    symbols: &'s [&'s Symbol],
    surely: Sources,
    perhaps: Sources,
}

impl<'s> Taken<'s> {
    const fn new(symbols: &'s [&'s Symbol]) -> Self {
        Self { symbols, surely: Sources::nobody(), perhaps: Sources::nobody() }
    }

    fn take(&mut self, certain: Option<Sources>, widest: Sources) {
        // Members of a symbol that is taken may have any address of its extent.
        let mut perhaps = self.perhaps.union(&widest);
        for symbol in &widest.symbols {
            perhaps.addresses = perhaps.addresses.union(self.extent(*symbol));
        }
        self.perhaps = Sources::new(perhaps.addresses, perhaps.symbols);
        if let Some(certain) = certain {
            self.surely = self.surely.union(&certain);
        }
    }

    /// What may remain of `sources`: a symbol goes only by its own name, or with every address it can have.
    fn possibly_left(&self, sources: &Sources) -> Sources {
        let gone = |symbol: &u32| self.surely.symbols.contains(symbol) || self.extent(*symbol).is_subset(&self.surely.addresses);
        let symbols = sources.symbols.iter().copied().filter(|symbol| !gone(symbol)).collect();
        Sources::new(sources.addresses.difference(&self.surely.addresses), symbols)
    }

    /// What surely remains of `sources`: of a symbol only where none of its members can have been taken.
    fn surely_left(&self, sources: &Sources) -> Sources {
        let touched = |symbol: &u32| !self.perhaps.symbols.is_empty() || self.extent(*symbol).intersects(&self.perhaps.addresses);
        let symbols = sources.symbols.iter().copied().filter(|symbol| !touched(symbol)).collect();
        Sources::new(sources.addresses.difference(&self.perhaps.addresses), symbols)
    }

    /// The addresses that members of a symbol can have.
    fn extent(&self, symbol: u32) -> &'static AddressSet {
        static ALL: OnceLock<AddressSet> = OnceLock::new();
        let kind = usize::try_from(symbol).ok().and_then(|at| self.symbols.get(at)).map(|symbol| symbol.kind);
        match kind {
            Some(SymbolKind::SharedService | SymbolKind::Provider) => public(),
            _ => ALL.get_or_init(AddressSet::full),
        }
    }
}
