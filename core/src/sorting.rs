//! Sorting with little code.
//!
//! The standard sort is compiled anew for every type and comparison: measured in the wasm module, twenty of them were 153 KB,
//! more than a quarter of its code. Nearly everything sorted here is short, so short runs are sorted by insertion, and
//! longer ones as indices through one shared instance of the standard sort.

use std::cmp::Ordering;

/// Up to here insertion is as fast as anything.
const SHORT: usize = 20;

/// Sorts by `compare`, keeping equal items in their order.
pub(crate) fn sort_by<T>(items: &mut Vec<T>, compare: impl Fn(&T, &T) -> Ordering) {
    if items.len() <= SHORT {
        return insert(items, &compare);
    }
    // Sets of addresses are put together from sorted ones.
    if items.windows(2).all(|pair| matches!(pair, [left, right] if compare(left, right) != Ordering::Greater)) {
        return;
    }
    let mut slots: Vec<Option<T>> = items.drain(..).map(Some).collect();
    let order = indices(slots.len(), &|a, b| match (slots.get(a), slots.get(b)) {
        (Some(Some(a)), Some(Some(b))) => compare(a, b),
        _ => Ordering::Equal,
    });
    items.extend(order.into_iter().filter_map(|i| slots.get_mut(i)?.take()));
}

/// Sorts by a key, keeping items of equal keys in their order.
pub(crate) fn sort_by_key<T, K: Ord>(items: &mut Vec<T>, key: impl Fn(&T) -> K) {
    sort_by(items, |a, b| key(a).cmp(&key(b)));
}

/// Sorts, and drops repetitions.
pub(crate) fn sort_unique<T: Ord>(items: &mut Vec<T>) {
    sort_by(items, T::cmp);
    items.dedup();
}

/// Sorts numbers. Where there can be many of them they are worth the one instance of the standard sort for them.
pub(crate) fn sort_numbers(numbers: &mut [u64]) {
    numbers.sort_unstable();
}

fn insert<T>(items: &mut [T], compare: &impl Fn(&T, &T) -> Ordering) {
    for end in 1..items.len() {
        let mut at = end;
        while let Some(before) = at.checked_sub(1)
            && let (Some(left), Some(right)) = (items.get(before), items.get(at))
            && compare(left, right) == Ordering::Greater
        {
            items.swap(before, at);
            at = before;
        }
    }
}

/// The one instance of the standard sort.
fn indices(length: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut order: Vec<usize> = (0..length).collect();
    order.sort_by(|a, b| compare(*a, *b));
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_and_long_runs_are_sorted_alike_and_stably() {
        for length in [0, 1, 2, 19, 20, 21, 500] {
            let mut mixed: Vec<(u32, u32)> = (0..length).map(|i: u32| (i.wrapping_mul(2_654_435_761) % 7, i)).collect();
            let mut expected = mixed.clone();
            expected.sort_by_key(|(key, _)| *key);
            sort_by_key(&mut mixed, |(key, _)| *key);
            assert_eq!(mixed, expected, "{length}");
        }
        let mut numbers = vec![3, 1, 3, 2];
        sort_unique(&mut numbers);
        assert_eq!(numbers, [1, 2, 3]);
    }
}
