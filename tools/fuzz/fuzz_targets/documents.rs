//! Several documents with values that are assumed: what every face says holds together, and no verdict depends on the order of
//! documents whose names and definitions are all different.

#![no_main]

use libfuzzer_sys::{fuzz_mutator, fuzz_target, fuzzer_mutate};
use portcullis_fuzz::bundle::Bundle;
use portcullis_fuzz::{holds, mutate};

fuzz_target!(|bytes: &[u8]| {
    let bundle = Bundle::of(bytes);
    let done = bundle.review(bundle.documents.clone());
    holds::review(&done);
    // A second document of a name is another file of no directory.
    let mut names: Vec<&str> = bundle.documents.iter().map(|input| input.name.as_str()).collect();
    names.sort();
    names.dedup();
    if let ([first, second], 2) = (bundle.documents.as_slice(), names.len()) {
        let turned = bundle.review(vec![second.clone(), first.clone()]);
        holds::same_verdicts(&done, &turned);
    }
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| { mutate::either(data, size, max_size, seed, fuzzer_mutate) });
