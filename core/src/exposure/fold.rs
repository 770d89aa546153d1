//! One point of the service space: the rules that match there, folded in their order into who gets in.

use ipnet::IpNet;

use super::Sources;
use crate::model::{Action, Peer, Rule, Symbol, SymbolKind, Unresolved};
use crate::space::{AddressSet, CellRun, Cells, Free, Grid, IntervalSet, public};

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
    /// The addresses as cells of the policy's space.
    pub(super) cells: Vec<CellRun>,
}

/// The names that a policy's peers use, each with its index.
pub(super) trait Names<'p> {
    /// The index of a symbol.
    fn symbol(&mut self, symbol: &'p Symbol) -> u32;
    /// The index of a value that is not in the text.
    fn unknown(&mut self, missing: &'p Unresolved) -> u32;
}

impl Who {
    /// Resolves `peer`; its cells are still to be numbered.
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

    fn together(self) -> Who {
        let addresses = AddressSet { v4: IntervalSet::from_runs(self.v4), v6: IntervalSet::from_runs(self.v6) };
        Who { addresses, symbols: self.symbols, unknowns: self.unknowns, cells: Vec::new() }
    }
}

/// Who gets in at a point: surely, and possibly where that differs.
pub(super) struct Admitted {
    pub(super) surely: Sources,
    pub(super) possibly: Option<Sources>,
    /// How much work it was, in cells looked at.
    pub(super) looked: usize,
}

/// Folds the rules that match at a point, in their deciding order. `symbols` are those of the evaluation, and `grid` tells apart
/// whatever a rule or a symbol does.
///
/// First match decides: an allow counts for what no earlier deny took, and for what was not left to the next layer. Every cell
/// is decided once, so a point costs what its rules are and not what they are times each other.
pub(super) fn fold(active: &[Active<'_>], symbols: &[&Symbol], grid: &Grid, protocol: Option<u8>) -> Admitted {
    let kinds = active.iter().flat_map(|a| &a.who.symbols).filter_map(|i| kind_of(symbols, *i));
    let outside = if kinds.clone().any(is_public) { grid.runs(public()) } else { Vec::new() };
    let cells = Cells::new(grid, active.iter().flat_map(|a| &a.who.cells).chain(&outside));
    let outside: Vec<CellRun> = outside.into_iter().map(|run| cells.here(run)).collect();
    let space = Space { cells: &cells, symbols, outside: &outside };
    // Without doubts and names what is possible is sure.
    let plain = active.iter().all(|a| a.is_certain() && a.who.symbols.is_empty() && !a.who.anyone());
    let mut sure = (!plain).then(|| Decided::new(&cells));
    let mut may = Decided::new(&cells);
    let mut denied = kinds.clone().next().map(|_| Taken::new(space));
    let mut passed: Option<Taken<'_>> = None;
    let mut layer = None;
    // Rules in a row that do the same are one: a list of thousands of denied addresses is common.
    for alike in active.chunk_by(Active::is_like) {
        let Some(a) = alike.first() else { continue };
        if layer != Some(a.rule.layer) {
            layer = Some(a.rule.layer);
            passed = None;
        }
        let own = Own::of(alike, space);
        let certain = a.is_certain();
        // What an earlier rule of the layer left to the next one is none of this rule's business.
        let (goes_on, perhaps_goes_on) = (
            |cell: u32| passed.as_ref().is_some_and(|passed| !passed.surely.has(cell)),
            |cell: u32| passed.as_ref().is_some_and(|passed| !passed.perhaps.has(cell)),
        );
        let left = |taken: &Option<Taken<'_>>, symbol: &u32| taken.as_ref().is_none_or(|taken| taken.may_leave(*symbol));
        let surely_left = |taken: &Option<Taken<'_>>, symbol: &u32| taken.as_ref().is_none_or(|taken| taken.surely_leaves(*symbol));
        let named: Vec<u32> = own.widest_symbols().iter().copied().filter(|symbol| left(&passed, symbol)).collect();
        let surely_named = || own.symbols.iter().copied().filter(|symbol| surely_left(&passed, symbol));
        match a.action {
            Action::Allow => {
                may.decide(own.widest(), true, |cell| !goes_on(cell));
                may.symbols.extend(named.iter().filter(|symbol| left(&denied, symbol)));
                if let Some(sure) = sure.as_mut().filter(|_| certain) {
                    sure.decide(&own.runs, true, |cell| !perhaps_goes_on(cell));
                    sure.symbols.extend(surely_named().filter(|symbol| surely_left(&denied, symbol)));
                }
            }
            Action::Deny => {
                if let Some(sure) = &mut sure {
                    sure.decide(own.widest(), false, |cell| !goes_on(cell));
                    named.iter().for_each(|symbol| sure.decide(&space.extent(*symbol), false, |_| true));
                }
                if certain {
                    may.decide(&own.runs, false, |cell| !perhaps_goes_on(cell));
                }
                if let Some(denied) = &mut denied {
                    denied.take_perhaps(own.widest(), &named, |cell| !goes_on(cell));
                    if certain {
                        denied.take_surely(&own.runs, surely_named(), |cell| !perhaps_goes_on(cell));
                    }
                }
            }
            // What was decided before, in whichever way, is not passed on.
            Action::Next => {
                let passed = passed.get_or_insert_with(|| Taken::new(space));
                passed.take_perhaps(own.widest(), own.widest_symbols(), |_| true);
                if certain {
                    passed.take_surely(&own.runs, own.symbols.iter().copied(), |_| true);
                }
            }
        }
    }
    let looked = may.looked.saturating_add(sure.as_ref().map_or(0, |sure| sure.looked));
    let possibly = may.sources(&cells).within(protocol);
    match sure.map(|sure| sure.sources(&cells).within(protocol)) {
        None => Admitted { surely: possibly, possibly: None, looked },
        Some(surely) => Admitted { possibly: Some(possibly).filter(|wider| *wider != surely), surely, looked },
    }
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

/// What a fold takes place in.
#[derive(Clone, Copy)]
struct Space<'c> {
    cells: &'c Cells<'c>,
    symbols: &'c [&'c Symbol],
    /// The public space, where some symbol is within it.
    outside: &'c [CellRun],
}

impl<'c> Space<'c> {
    fn all(self) -> CellRun {
        (0, self.cells.len())
    }

    /// The addresses that members of a symbol can have.
    fn extent(self, symbol: u32) -> Vec<CellRun> {
        if self.is_public(symbol) { self.outside.to_vec() } else { vec![self.all()] }
    }

    fn is_public(self, symbol: u32) -> bool {
        kind_of(self.symbols, symbol).is_some_and(is_public)
    }

    /// Whether a cell is in the public space.
    fn has_outside(self, cell: u32) -> bool {
        let after = self.outside.partition_point(|(first, _)| *first <= cell);
        after.checked_sub(1).and_then(|at| self.outside.get(at)).is_some_and(|(_, end)| cell < *end)
    }
}

fn kind_of(symbols: &[&Symbol], index: u32) -> Option<SymbolKind> {
    usize::try_from(index).ok().and_then(|at| symbols.get(at)).map(|symbol| symbol.kind)
}

/// Whether the members of symbols of a kind have public addresses only.
pub(super) fn is_public(kind: SymbolKind) -> bool {
    matches!(kind, SymbolKind::SharedService | SymbolKind::Provider)
}

/// Whom some rules that do the same are about.
struct Own {
    runs: Vec<CellRun>,
    /// Empty where the addresses are everyone's.
    symbols: Vec<u32>,
    /// The same where it could be anyone.
    anyone: Option<CellRun>,
}

impl Own {
    fn of(alike: &[Active<'_>], space: Space<'_>) -> Self {
        let runs: Vec<CellRun> = alike.iter().flat_map(|a| &a.who.cells).map(|run| space.cells.here(*run)).collect();
        let mut symbols: Vec<u32> = alike.iter().flat_map(|a| &a.who.symbols).copied().collect();
        if !symbols.is_empty() {
            let mut rest = Free::new(space.cells.len());
            runs.iter().for_each(|run| {
                rest.take(*run, |_| true);
            });
            if rest.is_gone(space.all()) {
                symbols.clear();
            }
        }
        Self { runs, symbols, anyone: alike.iter().any(|a| a.who.anyone()).then(|| space.all()) }
    }

    /// Their addresses, if those that are not in the text were everyone's.
    fn widest(&self) -> &[CellRun] {
        self.anyone.as_ref().map_or(&self.runs, std::slice::from_ref)
    }

    /// The symbols beside those.
    fn widest_symbols(&self) -> &[u32] {
        if self.anyone.is_some() { &[] } else { &self.symbols }
    }
}

/// Who was decided to get in, and who is still to be decided.
struct Decided {
    open: Free,
    inside: Vec<bool>,
    symbols: Vec<u32>,
    looked: usize,
}

impl Decided {
    fn new(cells: &Cells<'_>) -> Self {
        let length = usize::try_from(cells.len()).unwrap_or_default();
        Self { open: Free::new(cells.len()), inside: vec![false; length], symbols: Vec::new(), looked: 0 }
    }

    /// Decides those of `runs` that are still open and that a rule is about.
    fn decide(&mut self, runs: &[CellRun], inside: bool, about: impl Fn(u32) -> bool) {
        let Self { open, inside: all, looked, .. } = self;
        for run in runs {
            let own = open.take(*run, |cell| {
                let about = about(cell);
                if let Some(slot) = usize::try_from(cell).ok().and_then(|at| all.get_mut(at)) {
                    *slot |= about && inside;
                }
                about
            });
            *looked = looked.saturating_add(own);
        }
    }

    fn sources(self, cells: &Cells<'_>) -> Sources {
        Sources::new(cells.set(&self.inside), self.symbols)
    }
}

/// What earlier rules took out of the running: for certain, and perhaps.
struct Taken<'c> {
    space: Space<'c>,
    surely: Free,
    surely_symbols: Vec<u32>,
    /// Cells that were not surely taken, and public ones.
    left: (usize, usize),
    perhaps: Free,
    perhaps_symbols: bool,
    /// Cells that were perhaps taken, and public ones.
    touched: (usize, usize),
}

impl<'c> Taken<'c> {
    fn new(space: Space<'c>) -> Self {
        let free = Free::new(space.cells.len());
        let length = |(first, end): &CellRun| usize::try_from(end.saturating_sub(*first)).unwrap_or_default();
        let outside = space.outside.iter().map(length).fold(0, usize::saturating_add);
        let left = (length(&space.all()), outside);
        Self { space, surely: free.clone(), surely_symbols: Vec::new(), left, perhaps: free, perhaps_symbols: false, touched: (0, 0) }
    }

    fn take_surely(&mut self, runs: &[CellRun], symbols: impl Iterator<Item = u32>, about: impl Fn(u32) -> bool) {
        let space = self.space;
        for run in runs {
            let taken = take(&mut self.surely, *run, space, &about);
            self.left = (self.left.0.saturating_sub(taken.0), self.left.1.saturating_sub(taken.1));
        }
        self.surely_symbols.extend(symbols);
    }

    fn take_perhaps(&mut self, runs: &[CellRun], symbols: &[u32], about: impl Fn(u32) -> bool) {
        let space = self.space;
        // Members of a symbol that is taken may have any address of its extent.
        let extents: Vec<CellRun> = symbols.iter().flat_map(|symbol| space.extent(*symbol)).collect();
        let (of, all): (&dyn Fn(u32) -> bool, &dyn Fn(u32) -> bool) = (&about, &|_| true);
        for (run, about) in runs.iter().map(|run| (run, of)).chain(extents.iter().map(|run| (run, all))) {
            let taken = take(&mut self.perhaps, *run, space, about);
            self.touched = (self.touched.0.saturating_add(taken.0), self.touched.1.saturating_add(taken.1));
        }
        self.perhaps_symbols |= !symbols.is_empty();
    }

    /// Whether members of a symbol may remain: it goes only by its own name, or with every address it can have.
    fn may_leave(&self, symbol: u32) -> bool {
        let left = if self.space.is_public(symbol) { self.left.1 } else { self.left.0 };
        left > 0 && !self.surely_symbols.contains(&symbol)
    }

    /// Whether a symbol surely remains: only where none of its members can have been taken.
    fn surely_leaves(&self, symbol: u32) -> bool {
        let touched = if self.space.is_public(symbol) { self.touched.1 } else { self.touched.0 };
        touched == 0 && !self.perhaps_symbols
    }
}

/// Takes what a rule is `about`, and counts the cells and the public ones.
fn take(from: &mut Free, run: CellRun, space: Space<'_>, about: impl Fn(u32) -> bool) -> (usize, usize) {
    let mut taken = (0_usize, 0_usize);
    from.take(run, |cell| {
        let about = about(cell);
        taken.0 = taken.0.saturating_add(usize::from(about));
        taken.1 = taken.1.saturating_add(usize::from(about && space.has_outside(cell)));
        about
    });
    taken
}
