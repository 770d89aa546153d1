//! Runs of addresses, as ranges spell them.

use std::net::IpAddr;

use crate::space::{AddressSet, IntervalSet};

/// The addresses `first..=last`; `None` where they are of two families or upside down.
pub(super) fn run(first: IpAddr, last: IpAddr) -> Option<AddressSet> {
    let set = match (first, last) {
        (IpAddr::V4(first), IpAddr::V4(last)) => {
            AddressSet { v4: IntervalSet::run(u32::from(first), u32::from(last)), v6: IntervalSet::empty() }
        }
        (IpAddr::V6(first), IpAddr::V6(last)) => {
            AddressSet { v4: IntervalSet::empty(), v6: IntervalSet::run(u128::from(first), u128::from(last)) }
        }
        _ => return None,
    };
    (!set.is_empty()).then_some(set)
}
