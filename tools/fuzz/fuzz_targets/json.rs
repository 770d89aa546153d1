//! Our own reader of JSON: what serde_json can read, it reads with the same values, and nothing stops it.

#![no_main]

use libfuzzer_sys::{fuzz_mutator, fuzz_target, fuzzer_mutate};
use portcullis_core::syntax::json::Reader;
use portcullis_core::syntax::{Clock, NodeRef, NodeSeed, Tree};
use portcullis_fuzz::mutate;
use serde::de::DeserializeSeed;

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let clock = Clock::default();
    let mut tree = Tree::default();
    let mut reader = Reader::new(text, 0, &clock);
    let ours = NodeSeed::root(&mut tree, &clock).deserialize(&mut reader);
    let tolerated = reader.tolerated.len();
    if let Some(root) = tree.root() {
        spans(root, text);
    }
    // The same visitor over both readers builds the same tree. Its limit of 128 levels is ours as well.
    let unplaced = Clock::default();
    let mut other = Tree::default();
    let mut theirs = serde_json::Deserializer::from_str(text);
    if NodeSeed::root(&mut other, &unplaced).deserialize(&mut theirs).is_err() || theirs.end().is_err() {
        return;
    }
    assert!(ours.is_ok(), "{:?} is what ours says of JSON", ours.err());
    assert_eq!(tolerated, 0, "there is nothing to tolerate in JSON");
    same(tree.root().expect("a value"), other.root().expect("a value"));
});

fn same(ours: NodeRef<'_, '_>, theirs: NodeRef<'_, '_>) {
    assert_eq!((ours.key(), ours.value()), (theirs.key(), theirs.value()));
    assert_eq!(ours.children().count(), theirs.children().count());
    ours.children().zip(theirs.children()).for_each(|(one, other)| same(one, other));
}

/// Every value stands in the text, within its parent.
fn spans(node: NodeRef<'_, '_>, text: &str) {
    let span = node.span();
    assert!(span.start <= span.end && span.end as usize <= text.len(), "{span:?} of {}", text.len());
    node.children().for_each(|child| spans(child, text));
}

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| { mutate::either(data, size, max_size, seed, fuzzer_mutate) });
