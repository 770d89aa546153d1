//! YAML to trees: places lie in the text, and no alias makes more of it than the budget allows.

#![no_main]

use libfuzzer_sys::{fuzz_mutator, fuzz_target, fuzzer_mutate};
use portcullis_core::syntax::{NodeRef, yaml};
use portcullis_fuzz::mutate;

/// Nodes of all documents: an alias copies, within a budget of the reader's own.
const MOST: usize = 2_000_000;

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let (trees, error) = yaml::documents(text, 0);
    let mut nodes = 0;
    trees.iter().filter_map(|tree| tree.root()).for_each(|root| spans(root, text, &mut nodes));
    assert!(nodes <= MOST, "{nodes} of {} bytes", text.len());
    assert!(error.is_none_or(|error| error.at as usize <= text.len() && !error.message.is_empty()));
});

fn spans(node: NodeRef<'_, '_>, text: &str, nodes: &mut usize) {
    *nodes += 1;
    let span = node.span();
    assert!(span.start <= span.end && span.end as usize <= text.len(), "{span:?} of {}", text.len());
    node.children().for_each(|child| spans(child, text, nodes));
}

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| { mutate::either(data, size, max_size, seed, fuzzer_mutate) });
