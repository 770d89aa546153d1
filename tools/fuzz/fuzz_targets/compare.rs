//! Two sides: nothing changes from a side to itself, and what opens one way closes the other way.

#![no_main]

use libfuzzer_sys::{fuzz_mutator, fuzz_target, fuzzer_mutate};
use portcullis_core::compare::compare;
use portcullis_fuzz::bundle::Bundle;
use portcullis_fuzz::{holds, mutate};

fuzz_target!(|bytes: &[u8]| {
    let bundle = Bundle::of(bytes);
    let before = bundle.review(bundle.documents.clone());
    let after = bundle.review(bundle.after.clone().unwrap_or_default());
    let there = compare(&before, &after);
    holds::json(&there);
    let same = compare(&before, &before);
    assert!(!same.opens() && same.counts.closes == 0, "a side differs from itself: {}", same.headline);
    let back = compare(&after, &before);
    let approvals = [&before, &after].iter().any(|side| !side.baseline().approvals.is_empty());
    if !approvals {
        assert_eq!(
            (there.counts.opens, there.counts.closes),
            (back.counts.closes, back.counts.opens),
            "{} {}",
            there.headline,
            back.headline
        );
    }
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| { mutate::either(data, size, max_size, seed, fuzzer_mutate) });
