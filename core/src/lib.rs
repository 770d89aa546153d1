//! Reads a cloud firewall configuration and says exactly what it admits.
//!
//! The way of the data: [`document`] → [`syntax`] → [`formats`] → [`model`] → [`exposure`] (and [`stateless`] for what must come back) → [`verdict`] → [`audits`] →
//! [`report`]. [`review::review`] walks it for whole documents; nothing here does I/O, and nothing fails: what can't be read
//! is a problem with a place, and what can't be known is the verdict unknown.
//!
//! ```
//! use portcullis_core::review::{Input, review};
//!
//! let text = r#"{"SecurityGroups": [{"GroupId": "sg-1", "IpPermissions": [
//!     {"IpProtocol": "tcp", "FromPort": 3000, "ToPort": 4000, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]}]}"#;
//! let review = review(vec![Input { name: "groups.json".into(), bytes: text.into() }], &mut |_| {});
//! assert_eq!(review.verdict().unwrap().as_str(), "dangerous");
//! ```

// A panic kills the wasm instance and with it the page: what can panic does not compile. Tests may.
#![cfg_attr(
    not(test),
    deny(
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
    )
)]

pub mod ask;
pub mod audits;
pub mod baseline;
pub mod catalog;
pub mod compare;
pub mod document;
pub mod examples;
pub mod export;
pub mod exposure;
pub mod formats;
pub mod model;
pub mod report;
pub mod review;
mod sorting;
pub mod space;
pub mod stateless;
pub mod surface;
pub mod syntax;
pub mod tiers;
pub mod training;
pub mod verdict;
