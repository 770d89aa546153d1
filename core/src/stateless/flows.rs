//! Which ports each address can reach, or be reached at, in one direction and protocol.

use crate::exposure::{Evaluation, Exposure, names_protocol};
use crate::model::{Direction, Local, Policy};
use crate::sorting::sort_by;
use crate::space::{AddressSet, Bound, IntervalSet, PortSet};

/// Addresses that are all treated alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flow {
    /// The other end; flows of one list share no address.
    pub addresses: AddressSet,
    /// The ports that are open to all of them; never empty.
    pub ports: PortSet,
}

/// How many times an address range may be held against an exposure. An ACL at its limit of 40 rules needs a few thousand.
const BUDGET: usize = 200_000;

/// What passes in one direction and protocol, as disjoint sets of addresses: for certain, or else possibly. `None` where the
/// work would not be bounded.
pub fn flows(policy: &Policy, evaluation: &Evaluation<'_>, direction: Direction, protocol: u8, certain: bool) -> Option<Vec<Flow>> {
    let named = names_protocol(policy, direction, protocol);
    let speaks = |e: &&Exposure| e.direction == direction && e.local == Local::Any && e.protocols.hold_for(Some(protocol), named);
    let here = evaluation.exposures.iter().filter(speaks);
    let open: Vec<((u16, u16), &AddressSet)> =
        here.map(|e| ((e.first, e.last), if certain { &e.surely.addresses } else { &e.possibly.addresses })).collect();
    disjoint(&open)
}

/// Runs of ports with the addresses that they are open to, as disjoint sets of addresses. `None` where the work would not be
/// bounded.
pub(super) fn disjoint(open: &[((u16, u16), &AddressSet)]) -> Option<Vec<Flow>> {
    let v4 = parts(&open.iter().map(|(ports, set)| (*ports, &set.v4)).collect::<Vec<_>>())?;
    let v6 = parts(&open.iter().map(|(ports, set)| (*ports, &set.v6)).collect::<Vec<_>>())?;
    let v4 = v4.into_iter().map(|(ports, v4)| Flow { ports, addresses: AddressSet { v4, v6: IntervalSet::empty() } });
    let mut flows: Vec<Flow> = v4.collect();
    for (ports, v6) in v6 {
        match flows.iter_mut().find(|flow| flow.ports == ports) {
            Some(flow) => flow.addresses.v6 = v6,
            None => flows.push(Flow { ports, addresses: AddressSet { v4: IntervalSet::empty(), v6 } }),
        }
    }
    Some(flows)
}

/// One family, cut wherever some set begins or ends.
fn parts<T: Bound>(open: &[((u16, u16), &IntervalSet<T>)]) -> Option<Vec<(PortSet, IntervalSet<T>)>> {
    let runs = open.iter().fold(0_usize, |sum, (_, set)| sum.saturating_add(set.runs().len()));
    if runs > BUDGET {
        return None;
    }
    let mut starts: Vec<T> = Vec::new();
    for (first, last) in open.iter().flat_map(|(_, set)| set.runs()) {
        starts.extend([Some(*first), last.successor()].into_iter().flatten());
    }
    T::sort(&mut starts);
    if starts.len().saturating_mul(open.len()) > BUDGET {
        return None;
    }
    let ends = starts.iter().skip(1).map(|next| next.predecessor().unwrap_or(*next)).chain([T::MAX]);
    let mut cells: Vec<(PortSet, (T, T))> = Vec::new();
    for (first, last) in starts.iter().copied().zip(ends) {
        let ports = open.iter().filter(|(_, set)| set.contains(first)).map(|(ports, _)| *ports).collect::<Vec<_>>();
        if !ports.is_empty() {
            cells.push((PortSet::from_runs(ports), (first, last)));
        }
    }
    sort_by(&mut cells, Ord::cmp);
    let mut found: Vec<(PortSet, Vec<(T, T)>)> = Vec::new();
    for (ports, run) in cells {
        match found.last_mut() {
            Some((open, runs)) if *open == ports => runs.push(run),
            _ => found.push((ports, vec![run])),
        }
    }
    Some(found.into_iter().map(|(ports, runs)| (ports, IntervalSet::from_runs(runs))).collect())
}
