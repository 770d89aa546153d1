//! Packs of exercises, answers to them, baselines, and exercises made of findings.

#![no_main]

use libfuzzer_sys::{fuzz_mutator, fuzz_target, fuzzer_mutate};
use portcullis_core::training::{answers, class, from_finding, grade, pack};
use portcullis_core::{export, report};
use portcullis_fuzz::bundle::Bundle;
use portcullis_fuzz::{holds, mutate};

fuzz_target!(|bytes: &[u8]| {
    let bundle = Bundle::of(bytes);
    let (mut exercises, mut handed_in) = (Vec::new(), Vec::new());
    for input in &bundle.documents {
        let read = pack(&input.name, input.bytes.clone());
        holds::json(&report::problems(&read.document));
        exercises.extend(read.exercises);
        let read = answers(&input.name, input.bytes.clone());
        holds::json(&report::problems(&read.document));
        let again = answers("answers.json", read.answers.write().into_bytes());
        assert_eq!(again.answers.write(), read.answers.write(), "what is written is read again");
        handed_in.push(read);
    }
    let class = class(&exercises, &handed_in);
    holds::json(&class);
    export::csv::class(&class.rows);
    for exercise in exercises.iter().take(2) {
        let graded = grade(exercise, exercise.solution.iter().map(|file| file.input()).collect());
        holds::json(&graded);
    }
    let review = bundle.review(bundle.documents.clone());
    for index in 0..review.findings().len().min(2) {
        for names in [false, true] {
            if let Ok(made) = from_finding(&review, index, names) {
                holds::json(&made);
            }
        }
    }
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| { mutate::either(data, size, max_size, seed, fuzzer_mutate) });
