//! One document of any bytes: it is reviewed, and what every face says of it holds together.

#![no_main]

use libfuzzer_sys::{fuzz_mutator, fuzz_target, fuzzer_mutate};
use portcullis_core::review::{Input, review};
use portcullis_fuzz::{holds, mutate};

fuzz_target!(|bytes: &[u8]| {
    let done = review(vec![Input { name: "pasted".to_owned(), bytes: bytes.to_vec() }], &mut |_| {});
    holds::review(&done);
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| { mutate::either(data, size, max_size, seed, fuzzer_mutate) });
