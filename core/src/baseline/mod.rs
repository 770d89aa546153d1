//! The approved architecture: what is open on purpose, with who said so and until when.
//!
//! An approval covers ports, a protocol and sources of the policies it names. What is covered as a whole is secure; an
//! approval whose review date has passed covers nothing.

mod documents;
mod example;
mod settle;

pub use crate::model::approval::{Approval, Date};
pub use example::example;
pub use settle::Baseline;

/// The JSON Schema of `portcullis.toml`, for editors that check TOML.
pub const SCHEMA: &str = include_str!("../../data/baseline.schema.json");
