//! Text to a tree with spans. Formats read the tree and nothing else.

mod build;
pub(crate) mod hcl;
pub mod json;
pub(crate) mod toml;
mod tree;
pub mod yaml;

pub(crate) use build::{ChildOf, KeySeed};
pub use build::{Clock, NodeSeed};
pub(crate) use tree::same_key;
pub use tree::{Duplicate, NodeId, NodeRef, Tree, Value};
