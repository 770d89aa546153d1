//! What the fuzz targets share: inputs of several parts, what is always true of a review, and a mutator that knows words and
//! brackets.

#![allow(missing_docs, reason = "nobody but the targets reads this")]

pub mod bundle;
pub mod dice;
pub mod hcl;
pub mod holds;
pub mod mutate;
pub mod samples;

// As in the core: our own reader of HCL, compiled in here, speaks of its spans.
pub(crate) use portcullis_core::model;
