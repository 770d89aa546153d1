//! Addresses cut where any of some sets begins or ends: every set is then a few runs of cells, and sets by the thousand are laid
//! over each other in time that depends on their runs alone.

use super::{AddressSet, Bound, IntervalSet};

/// Consecutive cells; the end is not one of them.
pub(crate) type CellRun = (u32, u32);

/// The first address of every cell, ascending: those of IPv4, and behind them those of IPv6.
#[derive(Clone, Debug)]
pub(crate) struct Grid {
    v4: Vec<u32>,
    v6: Vec<u128>,
}

impl Grid {
    /// Cells fine enough for each of `sets`.
    pub(crate) fn new<'s>(sets: impl Iterator<Item = &'s AddressSet> + Clone) -> Self {
        Self { v4: starts(sets.clone().flat_map(|set| set.v4.runs())), v6: starts(sets.flat_map(|set| set.v6.runs())) }
    }

    /// A set for which the grid was made, as cells.
    pub(crate) fn runs(&self, set: &AddressSet) -> Vec<CellRun> {
        let (split, all) = (self.split(), self.len());
        let v4 = set.v4.runs().iter().map(|run| cells_of(&self.v4, *run));
        let v6 = set.v6.runs().iter().map(|run| cells_of(&self.v6, *run));
        let mut runs: Vec<CellRun> = v4.chain(v6.map(|(first, end)| (first.saturating_add(split), end.saturating_add(split)))).collect();
        if runs == [(0, split), (split, all)] {
            runs = vec![(0, all)];
        }
        runs
    }

    /// How many cells there are.
    pub(crate) fn len(&self) -> u32 {
        self.split().saturating_add(count(self.v6.len()))
    }

    /// The first cell of IPv6.
    fn split(&self) -> u32 {
        count(self.v4.len())
    }
}

/// The cells of a grid that some of its sets tell apart, numbered anew.
#[derive(Clone, Debug)]
pub(crate) struct Cells<'g> {
    grid: &'g Grid,
    /// One bit for each cell of the grid at which one of these begins.
    marks: Vec<u64>,
    /// How many begin before each word of marks.
    before: Vec<u32>,
    /// The grid's cell at which each begins, and where the last one ends.
    starts: Vec<u32>,
}

impl<'g> Cells<'g> {
    /// The cells that `runs` of the grid tell apart.
    pub(crate) fn new<'r>(grid: &'g Grid, runs: impl Iterator<Item = &'r CellRun>) -> Self {
        let words = usize::try_from(grid.len() >> 6).unwrap_or_default().saturating_add(1);
        let mut own = Self { grid, marks: vec![0; words], before: Vec::with_capacity(words), starts: Vec::new() };
        [0, grid.split(), grid.len()].into_iter().for_each(|at| own.mark(at));
        for (first, end) in runs {
            own.mark(*first);
            own.mark(*end);
        }
        let mut base = 0_u32;
        for word in &own.marks {
            own.before.push(count(own.starts.len()));
            let mut rest = *word;
            while rest != 0 {
                own.starts.push(base.saturating_add(rest.trailing_zeros()));
                rest &= rest.wrapping_sub(1);
            }
            base = base.saturating_add(64);
        }
        own
    }

    fn mark(&mut self, at: u32) {
        if let Some(word) = usize::try_from(at >> 6).ok().and_then(|at| self.marks.get_mut(at)) {
            *word |= 1 << (at & 63);
        }
    }

    /// The number of the cell that begins at a cell of the grid.
    fn number(&self, at: u32) -> u32 {
        let word = usize::try_from(at >> 6).unwrap_or(usize::MAX);
        let (Some(marks), Some(before)) = (self.marks.get(word), self.before.get(word)) else { return 0 };
        let below = (1_u64 << (at & 63)).wrapping_sub(1);
        before.saturating_add((marks & below).count_ones())
    }

    /// A run of the grid that was told apart, in these cells.
    pub(crate) fn here(&self, (first, end): CellRun) -> CellRun {
        (self.number(first), self.number(end))
    }

    /// How many cells there are.
    pub(crate) fn len(&self) -> u32 {
        count(self.starts.len().saturating_sub(1))
    }

    /// The cells of one family or of both.
    pub(crate) fn family(&self, v4: bool, v6: bool) -> CellRun {
        let split = self.number(self.grid.split());
        (if v4 { 0 } else { split }, if v6 { self.len() } else { split })
    }

    /// The addresses of the cells that are `inside`, which says it of each cell.
    pub(crate) fn set(&self, inside: &[bool]) -> AddressSet {
        let split = self.grid.split();
        let (mut v4, mut v6) = (Vec::new(), Vec::new());
        let mut ends = self.starts.iter().skip(1);
        for (first, inside) in self.starts.iter().zip(inside) {
            let Some(end) = ends.next() else { break };
            if !inside {
                continue;
            }
            if end <= &split {
                append(&mut v4, addresses_of(&self.grid.v4, *first, *end));
            } else {
                append(&mut v6, addresses_of(&self.grid.v6, first.saturating_sub(split), end.saturating_sub(split)));
            }
        }
        AddressSet { v4: IntervalSet::from_runs(v4), v6: IntervalSet::from_runs(v6) }
    }
}

/// Cells that can be taken, each once.
#[derive(Clone, Debug)]
pub(crate) struct Free {
    /// For each cell itself where it is free, else one behind it that may be.
    next: Vec<u32>,
}

impl Free {
    /// So many cells, all of them free.
    pub(crate) fn new(cells: u32) -> Self {
        Self { next: (0..=cells).collect() }
    }

    /// Whether a cell can still be taken.
    pub(crate) fn has(&self, cell: u32) -> bool {
        self.to(cell) == cell
    }

    /// Whether none of a run can be taken any more.
    pub(crate) fn is_gone(&mut self, (first, end): CellRun) -> bool {
        self.from(first) >= end
    }

    /// Takes those free cells of a run that are `wanted`, and says how many it looked at.
    pub(crate) fn take(&mut self, (first, end): CellRun, mut wanted: impl FnMut(u32) -> bool) -> usize {
        let mut looked = 1_usize;
        let mut at = self.from(first);
        while at < end {
            looked = looked.saturating_add(1);
            let behind = at.saturating_add(1);
            if wanted(at) {
                self.point(at, behind);
            }
            at = self.from(behind);
        }
        looked
    }

    fn to(&self, cell: u32) -> u32 {
        usize::try_from(cell).ok().and_then(|at| self.next.get(at)).copied().unwrap_or(cell)
    }

    fn point(&mut self, cell: u32, to: u32) {
        if let Some(next) = usize::try_from(cell).ok().and_then(|at| self.next.get_mut(at)) {
            *next = to;
        }
    }

    /// The first free cell from one on; the way there is made shorter for whoever comes next.
    fn from(&mut self, mut cell: u32) -> u32 {
        loop {
            let next = self.to(cell);
            if next == cell {
                return cell;
            }
            let over = self.to(next);
            self.point(cell, over);
            cell = over;
        }
    }
}

fn count(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

fn starts<'r, T: Bound + 'r>(runs: impl Iterator<Item = &'r (T, T)>) -> Vec<T> {
    let mut starts = vec![T::MIN];
    for (first, last) in runs {
        starts.push(*first);
        starts.extend(last.successor());
    }
    T::sort(&mut starts);
    starts
}

fn cells_of<T: Bound>(starts: &[T], (first, last): (T, T)) -> CellRun {
    (count(starts.partition_point(|start| *start < first)), count(starts.partition_point(|start| *start <= last)))
}

fn addresses_of<T: Bound>(starts: &[T], first: u32, end: u32) -> (T, T) {
    let start = |at: u32| usize::try_from(at).ok().and_then(|at| starts.get(at)).copied();
    (start(first).unwrap_or(T::MIN), start(end).and_then(T::predecessor).unwrap_or(T::MAX))
}

/// Adds a run behind all others.
fn append<T: Bound>(runs: &mut Vec<(T, T)>, run: (T, T)) {
    match runs.last_mut() {
        Some(open) if open.1.successor() == Some(run.0) => open.1 = run.1,
        _ => runs.push(run),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn set(nets: &[&str]) -> AddressSet {
        AddressSet::from_nets(nets.iter().map(|net| net.parse().unwrap()))
    }

    #[test]
    fn sets_come_back_from_their_cells() {
        let sets = [
            set(&[]),
            set(&["0.0.0.0/0", "::/0"]),
            set(&["0.0.0.0/0"]),
            set(&["10.0.0.0/8", "2001:db8::/32"]),
            set(&["10.0.0.0/24", "10.0.2.0/24", "255.255.255.255/32", "::/128", "ffff::/16"]),
        ];
        let grid = Grid::new(sets.iter());
        for (i, one) in sets.iter().enumerate() {
            for other in &sets[i..] {
                let runs = [grid.runs(one), grid.runs(other)].concat();
                let cells = Cells::new(&grid, runs.iter());
                let (mut free, mut inside) = (Free::new(cells.len()), vec![false; cells.len() as usize]);
                for run in &runs {
                    free.take(cells.here(*run), |cell| {
                        inside[cell as usize] = true;
                        true
                    });
                }
                assert_eq!(cells.set(&inside), one.union(other));
            }
        }
    }

    #[test]
    fn a_cell_is_taken_once() {
        let grid = Grid::new([set(&["10.0.0.0/8"]), set(&["10.1.0.0/16"]), set(&["12.0.0.0/8"])].iter());
        let runs: Vec<CellRun> = (0..grid.len()).map(|at| (at, at + 1)).collect();
        let cells = Cells::new(&grid, runs.iter());
        let mut free = Free::new(cells.len());
        let mut taken = Vec::new();
        for run in [(2, 4), (1, 6), (0, cells.len())] {
            free.take(run, |cell| {
                taken.push(cell);
                // The third is left to whoever comes later.
                cell != 3
            });
        }
        assert_eq!(taken[..5], [2, 3, 1, 3, 4]);
        assert!(free.has(3) && !free.has(2) && free.is_gone((0, 3)) && !free.is_gone((0, 4)));
    }
}
