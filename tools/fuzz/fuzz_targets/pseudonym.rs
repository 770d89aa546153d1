//! Texts without names: as many lines as before, the same policies by verdict, and no name that was planted.

#![no_main]

use libfuzzer_sys::{fuzz_mutator, fuzz_target, fuzzer_mutate};
use portcullis_core::export::pseudonym::pseudonymise;
use portcullis_core::review::Input;
use portcullis_fuzz::bundle::Bundle;
use portcullis_fuzz::{holds, mutate};

/// Seeds have it, and the mutator makes no other ones up that are as long.
const PLANTED: &str = "54.93.12.0/24";

fuzz_target!(|bytes: &[u8]| {
    let bundle = Bundle::of(bytes);
    let texts = bundle.texts();
    let documents: Vec<(&str, &str)> = texts.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let assumed: Vec<(&str, &str)> = bundle.assumed.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let done = pseudonymise(&documents, &assumed);
    assert_eq!(done.documents.len(), documents.len());
    for ((_, before), (_, after)) in documents.iter().zip(&done.documents) {
        assert_eq!(before.matches('\n').count(), after.matches('\n').count(), "{before}\nbecame\n{after}");
        let wordy = |letter: char| letter.is_alphanumeric() || "_-.:/%".contains(letter);
        let alone = |(at, _): (usize, &str)| !after[..at].ends_with(wordy) && !after[at + PLANTED.len()..].starts_with(wordy);
        assert!(!after.match_indices(PLANTED).any(alone), "{before}\nbecame\n{after}");
    }
    let before = bundle.review(inputs(&texts));
    let after = Bundle { assumed: done.assumed.into_iter().collect(), ..Bundle::default() }.review(inputs(&done.documents));
    // Only what was understood keeps its review: a broken text may lose what was broken about it.
    let understood = before.documents().iter().all(|document| document.complete && document.problems.total() == 0);
    if understood {
        assert_eq!(
            holds::counts(&before),
            holds::counts(&after),
            "{}",
            done.documents.iter().map(|(_, text)| text.as_str()).collect::<String>()
        );
    }
});

fn inputs(texts: &[(String, String)]) -> Vec<Input> {
    texts.iter().map(|(name, text)| Input { name: name.clone(), bytes: text.clone().into_bytes() }).collect()
}

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| { mutate::either(data, size, max_size, seed, fuzzer_mutate) });
