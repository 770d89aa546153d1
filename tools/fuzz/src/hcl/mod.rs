//! Our own reader of HCL and its oracle, as the core's tests have them: both are private there, so their sources are compiled
//! in here.

#![allow(dead_code, unused_imports, unreachable_pub, reason = "the sources are the core's, and not all of them is needed here")]

#[path = "../../../../core/src/syntax/hcl/mod.rs"]
mod reader;

mod oracle;

use oracle::parts;

/// What the dice write is read by both alike.
pub fn written_text_is_read_alike(dice: &[u8]) {
    let text = parts::written(dice);
    let (body, broken) = reader::parse(&text, 0);
    assert_eq!(broken, [], "{text}");
    assert_eq!(Some(body), parts::other(&text), "{text}");
}

/// Any text: what is wrong is told at a place in it, and where the other reader finds nothing wrong, ours makes the same of it.
pub fn any_text_is_read(text: &str) {
    let (body, broken) = reader::parse(text, 0);
    assert!(broken.iter().all(|broken| broken.at <= text.len()), "{broken:?}");
    // Heredocs and directives the other one reads in a way of its own, and some of its errors panic when they are shown.
    // The least whole number is one only for the other one; ours has it as a float of the same value.
    let apart = ["<<", "%{", "~}", "{~", "\r", "9223372036854775808"];
    if apart.iter().any(|own| text.contains(own)) || !broken.is_empty() {
        return;
    }
    if let Some(other) = parts::other(text) {
        assert_eq!(body, other, "{text}");
    }
}
