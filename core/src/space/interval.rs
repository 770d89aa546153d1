//! Sets of integers as sorted, disjoint, non-adjacent, inclusive runs.

use crate::sorting::{sort_by, sort_numbers, sort_unique};

/// An integer that can bound a run.
pub trait Bound: Copy + Ord + std::fmt::Debug {
    /// The smallest value.
    const MIN: Self;
    /// The largest value.
    const MAX: Self;
    /// The next value, or `None` at [`Bound::MAX`].
    fn successor(self) -> Option<Self>;
    /// The value before, or `None` at [`Bound::MIN`].
    fn predecessor(self) -> Option<Self>;
    /// How many values lie in `self..=last`; saturates at `u128::MAX`.
    fn count_to(self, last: Self) -> u128;
    /// Sorts values, and drops repetitions.
    fn sort(values: &mut Vec<Self>);
}

macro_rules! bound {
    ($sort:ident: $($int:ty),*) => {$(
        impl Bound for $int {
            const MIN: Self = <$int>::MIN;
            const MAX: Self = <$int>::MAX;
            fn successor(self) -> Option<Self> {
                self.checked_add(1)
            }
            fn predecessor(self) -> Option<Self> {
                self.checked_sub(1)
            }
            fn count_to(self, last: Self) -> u128 {
                match last.checked_sub(self) {
                    Some(distance) => u128::from(distance).saturating_add(1),
                    None => 0,
                }
            }
            fn sort(values: &mut Vec<Self>) {
                $sort(values);
            }
        }
    )*};
}
bound!(through_u64: u16, u32, u64);
bound!(sort_unique: u128);

/// Numbers that fit are sorted as such, since there can be two for each of a hundred thousand addresses.
fn through_u64<T: Bound + Into<u64> + TryFrom<u64>>(values: &mut Vec<T>) {
    let mut numbers: Vec<u64> = values.iter().map(|value| (*value).into()).collect();
    sort_numbers(&mut numbers);
    numbers.dedup();
    values.clear();
    values.extend(numbers.into_iter().filter_map(|number| T::try_from(number).ok()));
}

/// An exact set of integers.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IntervalSet<T> {
    // INVARIANT: sorted, each first <= last, and a gap of at least one value between neighbours.
    runs: Vec<(T, T)>,
}

impl<T> Default for IntervalSet<T> {
    fn default() -> Self {
        Self { runs: Vec::new() }
    }
}

impl<T: Bound> IntervalSet<T> {
    /// The set without members.
    pub const fn empty() -> Self {
        Self { runs: Vec::new() }
    }

    /// Every value of the type.
    pub fn full() -> Self {
        Self::run(T::MIN, T::MAX)
    }

    /// The values `first..=last`; empty where the run is upside down.
    pub fn run(first: T, last: T) -> Self {
        if first > last { Self::empty() } else { Self { runs: vec![(first, last)] } }
    }

    /// The union of any runs, in any order, overlapping or not; upside-down ones count as empty.
    pub fn from_runs(mut runs: Vec<(T, T)>) -> Self {
        runs.retain(|(first, last)| first <= last);
        if !runs.is_sorted() {
            sort_by(&mut runs, Ord::cmp);
        }
        runs.dedup_by(|(first, last), open| {
            let joins = touches(open.1, *first);
            if joins {
                open.1 = open.1.max(*last);
            }
            joins
        });
        Self { runs }
    }

    /// The runs, in ascending order.
    pub fn runs(&self) -> &[(T, T)] {
        &self.runs
    }

    /// Whether there is no member.
    pub fn is_empty(&self) -> bool {
        self.runs.is_empty()
    }

    /// Whether every value of the type is a member.
    pub fn is_full(&self) -> bool {
        matches!(self.runs.as_slice(), [(first, last)] if *first == T::MIN && *last == T::MAX)
    }

    /// How many members there are; saturates at `u128::MAX` (only all of IPv6 has more).
    pub fn count(&self) -> u128 {
        self.runs.iter().fold(0, |sum, (first, last)| sum.saturating_add(first.count_to(*last)))
    }

    /// The smallest member.
    pub fn first(&self) -> Option<T> {
        self.runs.first().map(|(first, _)| *first)
    }

    /// Whether `value` is a member.
    pub fn contains(&self, value: T) -> bool {
        let after = self.runs.partition_point(|(first, _)| *first <= value);
        after.checked_sub(1).and_then(|i| self.runs.get(i)).is_some_and(|(_, last)| value <= *last)
    }

    /// Members of either set.
    pub fn union(&self, other: &Self) -> Self {
        if self.is_empty() || other.is_full() {
            return other.clone();
        }
        if other.is_empty() || self.is_full() {
            return self.clone();
        }
        let (mut left, mut right) = (self.runs.iter().copied().peekable(), other.runs.iter().copied().peekable());
        let mut runs = Vec::with_capacity(self.runs.len().saturating_add(other.runs.len()));
        while let Some(run) = if left.peek().is_some_and(|a| right.peek().is_none_or(|b| a <= b)) { left.next() } else { right.next() } {
            runs.push(run);
        }
        Self::from_runs(runs)
    }

    /// Members of both sets. The longer one is searched, so a short set costs little beside a long one.
    pub fn intersection(&self, other: &Self) -> Self {
        let mut runs = Vec::new();
        self.each_shared(other, |run| {
            runs.push(run);
            true
        });
        Self { runs }
    }

    /// Visits what both sets share, ascending, for as long as `visit` says.
    fn each_shared(&self, other: &Self, mut visit: impl FnMut((T, T)) -> bool) {
        let (short, long) = if self.runs.len() <= other.runs.len() { (self, other) } else { (other, self) };
        let mut rest = long.runs.as_slice();
        for &(first, last) in &short.runs {
            rest = reaching(rest, first);
            for &(start, end) in rest.iter().take_while(|(start, _)| *start <= last) {
                if !visit((start.max(first), end.min(last))) {
                    return;
                }
            }
        }
    }

    /// Members of this set that are not members of `other`.
    pub fn difference(&self, other: &Self) -> Self {
        if other.is_empty() || self.is_empty() {
            return self.clone();
        }
        let mut runs = Vec::with_capacity(self.runs.len());
        let mut rest = other.runs.as_slice();
        for &(first, last) in &self.runs {
            rest = reaching(rest, first);
            let mut next = Some(first);
            for &(start, end) in rest.iter().take_while(|(start, _)| *start <= last) {
                if let (Some(from), Some(to)) = (next, start.predecessor())
                    && from <= to
                {
                    runs.push((from, to));
                }
                next = end.successor();
            }
            if let Some(from) = next
                && from <= last
            {
                runs.push((from, last));
            }
        }
        Self { runs }
    }

    /// Values of the type that are not members.
    pub fn complement(&self) -> Self {
        let mut runs = Vec::with_capacity(self.runs.len().saturating_add(1));
        let mut next = Some(T::MIN);
        for &(first, last) in &self.runs {
            if let (Some(start), Some(end)) = (next, first.predecessor())
                && start <= end
            {
                runs.push((start, end));
            }
            next = last.successor();
        }
        if let Some(start) = next {
            runs.push((start, T::MAX));
        }
        Self { runs }
    }

    /// Whether every member is also a member of `other`.
    pub fn is_subset(&self, other: &Self) -> bool {
        self.runs.iter().all(|&(first, last)| other.covers(first, last))
    }

    /// Whether all of `first..=last` are members.
    pub fn covers(&self, first: T, last: T) -> bool {
        let after = self.runs.partition_point(|(start, _)| *start <= first);
        after.checked_sub(1).and_then(|i| self.runs.get(i)).is_some_and(|(_, end)| last <= *end)
    }

    /// Whether the sets share a member.
    pub fn intersects(&self, other: &Self) -> bool {
        let mut shared = false;
        self.each_shared(other, |_| {
            shared = true;
            false
        });
        shared
    }
}

/// Those of sorted runs that end at `first` or behind it. The next one is commonly near.
fn reaching<T: Bound>(runs: &[(T, T)], first: T) -> &[(T, T)] {
    let mut step = 1_usize;
    while runs.get(step.saturating_sub(1)).is_some_and(|(_, end)| *end < first) {
        step = step.saturating_mul(2);
    }
    let (skip, reach) = (step / 2, step.saturating_sub(1).min(runs.len()));
    let near = runs.get(skip..reach).unwrap_or_default();
    runs.get(skip.saturating_add(near.partition_point(|(_, end)| *end < first))..).unwrap_or_default()
}

/// Whether a run that ends at `last` and one that starts at `first` (not before it) leave no gap.
fn touches<T: Bound>(last: T, first: T) -> bool {
    last.successor().is_none_or(|next| first <= next)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn set(runs: &[(u16, u16)]) -> IntervalSet<u16> {
        IntervalSet::from_runs(runs.to_vec())
    }

    #[test]
    fn runs_that_touch_are_one() {
        assert_eq!(set(&[(5, 9), (0, 4), (10, 10)]), set(&[(0, 10)]));
        assert_eq!(set(&[(65_535, 65_535), (0, 65_534)]), IntervalSet::full());
        assert_eq!(set(&[(9, 5)]), IntervalSet::empty());
    }

    #[test]
    fn the_ends_of_the_type_are_ordinary_members() {
        let ends = set(&[(0, 0), (65_535, 65_535)]);
        assert_eq!(ends.complement(), set(&[(1, 65_534)]));
        assert_eq!(ends.complement().complement(), ends);
        assert_eq!(IntervalSet::<u16>::full().complement(), IntervalSet::empty());
        assert_eq!(IntervalSet::<u128>::full().count(), u128::MAX);
    }

    #[test]
    fn operations_agree_with_membership() {
        let (a, b) = (set(&[(0, 5), (10, 20), (40, 40)]), set(&[(3, 12), (20, 39), (60, 65_535)]));
        for value in (0..100).chain([65_534, 65_535]) {
            let (x, y) = (a.contains(value), b.contains(value));
            assert_eq!(a.union(&b).contains(value), x || y, "{value}");
            assert_eq!(a.intersection(&b).contains(value), x && y, "{value}");
            assert_eq!(a.difference(&b).contains(value), x && !y, "{value}");
            assert_eq!(a.complement().contains(value), !x, "{value}");
        }
        assert!(a.intersects(&b) && !a.is_subset(&b) && a.is_subset(&a.union(&b)));
        assert_eq!(a.count(), 18);
    }
}
