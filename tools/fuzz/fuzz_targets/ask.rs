//! Questions of any text about documents of any text.

#![no_main]

use libfuzzer_sys::{fuzz_mutator, fuzz_target, fuzzer_mutate};
use portcullis_core::ask::{ask, names};
use portcullis_core::report;
use portcullis_fuzz::bundle::Bundle;
use portcullis_fuzz::{holds, mutate};

fuzz_target!(|bytes: &[u8]| {
    let bundle = Bundle::of(bytes);
    let review = bundle.review(bundle.documents.clone());
    let mut questions = bundle.questions.clone();
    let names = names(&review, 4);
    for name in &names {
        questions.push(format!("internet -> {name} tcp/22"));
        questions.push(format!("{name} -> {} any", names[0]));
    }
    for question in questions {
        match ask(&review, &question) {
            Ok(answer) => drop(holds::json(&report::answer(&review, &answer))),
            Err(sentence) => assert!(!sentence.is_empty() && sentence.len() < 2_000, "{sentence}"),
        }
    }
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| { mutate::either(data, size, max_size, seed, fuzzer_mutate) });
