//! The algebra: exact sets of addresses and of ports.
//!
//! Every set is a sorted list of disjoint, non-adjacent, inclusive runs, so two sets that hold the same members are
//! equal as values. That is what makes a verdict independent of how a policy was spelled.

mod addresses;
mod blocks;
mod cells;
mod interval;
mod measure;

pub use addresses::AddressSet;
pub use blocks::{Block, BlockKind, blocks, documentation, private, public, unusable};
pub(crate) use cells::{CellRun, Cells, Free, Grid};
pub use interval::{Bound, IntervalSet};
pub use measure::Measure;

/// An exact set of transport ports (0 to 65,535), or of ICMP type and code pairs written as `type * 256 + code`.
pub type PortSet = IntervalSet<u16>;
