//! Our own reader of HCL against hcl-edit: text that is written by the grammar, and any other.

#![no_main]

use libfuzzer_sys::{fuzz_mutator, fuzz_target, fuzzer_mutate};
use portcullis_fuzz::{hcl, mutate};

fuzz_target!(|bytes: &[u8]| {
    match bytes.split_first() {
        // Dice for the writer of crooked text.
        // More of them would stand in more than 64 others.
        Some((0, dice)) => hcl::written_text_is_read_alike(&dice[..dice.len().min(400)]),
        _ => {
            if let Ok(text) = std::str::from_utf8(bytes) {
                hcl::any_text_is_read(text);
            }
        }
    }
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| { mutate::either(data, size, max_size, seed, fuzzer_mutate) });
