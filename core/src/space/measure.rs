//! How much of a fixed space a set covers, in time that depends on the set and not on the space.

use super::{AddressSet, Bound, IntervalSet};

/// A fixed set of addresses with running totals, so that measuring an overlap is two binary searches per run.
#[derive(Clone, Debug)]
pub struct Measure {
    v4: Totals<u32>,
    // In /64s: every block of the table is at least a /64, so nothing is lost.
    v6: Totals<u64>,
}

impl Measure {
    /// A measure of `space`, whose IPv6 runs must begin and end on /64 boundaries.
    pub fn new(space: &AddressSet) -> Self {
        Self { v4: Totals::new(space.v4.runs().to_vec()), v6: Totals::new(to_64s(&space.v6)) }
    }

    /// How many IPv4 addresses of `set` lie in the space.
    pub fn v4(&self, set: &AddressSet) -> u64 {
        let total = set.v4.runs().iter().fold(0_u128, |sum, &(first, last)| sum.saturating_add(self.v4.between(first, last)));
        u64::try_from(total).unwrap_or(u64::MAX)
    }

    /// How many /64s of the space `set` touches; a partial /64 counts as one.
    pub fn v6_64s(&self, set: &AddressSet) -> u128 {
        to_64s(&set.v6).iter().fold(0, |sum, &(first, last)| sum.saturating_add(self.v6.between(first, last)))
    }
}

/// The /64s a set touches, as disjoint runs of the upper 64 bits.
fn to_64s(set: &IntervalSet<u128>) -> Vec<(u64, u64)> {
    let upper = |address: u128| u64::try_from(address >> 64).unwrap_or(u64::MAX);
    let mut runs: Vec<(u64, u64)> = Vec::with_capacity(set.runs().len());
    for &(first, last) in set.runs() {
        let (first, last) = (upper(first), upper(last));
        match runs.last_mut() {
            Some(open) if first <= open.1 => open.1 = open.1.max(last),
            _ => runs.push((first, last)),
        }
    }
    runs
}

#[derive(Clone, Debug)]
struct Totals<T> {
    runs: Vec<(T, T)>,
    /// Members before each run.
    before: Vec<u128>,
    all: u128,
}

impl<T: Bound> Totals<T> {
    fn new(runs: Vec<(T, T)>) -> Self {
        let mut all = 0_u128;
        let mut before = Vec::with_capacity(runs.len());
        for (first, last) in &runs {
            before.push(all);
            all = all.saturating_add(first.count_to(*last));
        }
        Self { runs, before, all }
    }

    fn between(&self, first: T, last: T) -> u128 {
        self.up_to(last).saturating_sub(first.predecessor().map_or(0, |below| self.up_to(below)))
    }

    /// Members at or below `value`.
    fn up_to(&self, value: T) -> u128 {
        let after = self.runs.partition_point(|(first, _)| *first <= value);
        let Some(at) = after.checked_sub(1) else { return 0 };
        match (self.runs.get(at), self.before.get(at)) {
            (Some((first, last)), Some(before)) => before.saturating_add(first.count_to(value.min(*last))),
            _ => self.all,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::public;
    use super::*;

    #[test]
    fn measuring_is_counting_the_intersection() {
        let measure = Measure::new(public());
        for nets in [
            &["0.0.0.0/0", "::/0"][..],
            &["100.64.0.0/9", "2001:db8::/31", "2001:0:0:1::1/128"],
            &["9.0.0.0/7", "192.0.0.0/22", "2600::/12", "2600::/13"],
            &["240.0.0.0/4", "fc00::/7"],
        ] {
            let set = AddressSet::from_nets(nets.iter().map(|net| net.parse().unwrap()));
            let both = set.intersection(public());
            assert_eq!((measure.v4(&set), measure.v6_64s(&set)), (both.count_v4(), both.count_v6_64s()), "{nets:?}");
        }
    }
}
