//! Reads a cloud firewall configuration and says exactly what it admits.
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::as_conversions,
        clippy::string_slice,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::arithmetic_side_effects,
        clippy::panic
    )
)]
// A panic kills the wasm instance and with it the page: what can panic does not compile.
#![deny(
    clippy::panic,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::unreachable,
    clippy::todo,
    clippy::unimplemented,
    // An index out of range panics; `get` makes the caller say what then.
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::get_unwrap,
    // Overflow panics in a debug build and wraps in a release one; both would be a wrong verdict.
    clippy::arithmetic_side_effects,
    // `as` loses bits in silence.
    clippy::as_conversions
)]
pub mod audits;
pub mod catalog;
pub mod document;
pub mod examples;
pub mod exposure;
pub mod formats;
pub mod model;
pub mod report;
pub mod review;
mod sorting;
pub mod space;
pub mod syntax;
pub mod verdict;
