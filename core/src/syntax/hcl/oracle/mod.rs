//! The reader against hcl-edit, an independent one: both must make the same trees, with the same places, of random text.

mod convert;
mod writer;

use proptest::prelude::*;
use proptest::test_runner::Config;

use super::{Body, parse};
use writer::Writer;

/// What the other reader makes of a text.
fn other(text: &str) -> Result<Body, String> {
    hcl_edit::parser::parse_body(text)
        .map(|body| convert::body(&body))
        .map_err(|error| format!("{}: {:?}", error.message(), error.location()))
}

#[test]
fn our_own_samples_are_read_alike() {
    let text = include_str!("../../../../../tests/samples/three-tiers/main.tf");
    let (body, broken) = parse(text, 0);
    assert_eq!(broken, []);
    assert_eq!(Ok(body), other(text));
}

proptest! {
    #![proptest_config(Config { cases: 3_000, failure_persistence: None, ..Config::default() })]

    #[test]
    fn random_text_is_read_alike(dice in prop::collection::vec(any::<u8>(), 0..400)) {
        let mut writer = Writer::new(&dice);
        writer.body();
        let (body, broken) = parse(&writer.text, 0);
        prop_assert_eq!(broken, [], "{}", writer.text);
        prop_assert_eq!(Ok(body), other(&writer.text), "{}", writer.text);
    }

    #[test]
    fn what_is_cut_or_spoiled_is_told_and_the_rest_is_read(dice in prop::collection::vec(any::<u8>(), 0..200), at in any::<prop::sample::Index>(), by in "[\\[{(\"$%\n}~<#é/]{0,2}") {
        let mut writer = Writer::new(&dice);
        writer.body();
        let places: Vec<usize> = writer.text.char_indices().map(|(at, _)| at).chain([writer.text.len()]).collect();
        let at = places[at.index(places.len())];
        for end in ["", &writer.text[at..]] {
            let text = format!("{}{by}{end}\nlast = 1\n", &writer.text[..at]);
            let (body, broken) = parse(&text, 0);
            prop_assert!(!broken.is_empty() || body.get("last").is_some() || other(&text).is_ok(), "{}", text);
            prop_assert!(broken.iter().all(|broken| broken.at <= text.len()), "{:?}", broken);
        }
    }
}
