//! Tiers: who can reach whom, group by group, and how many hops lie between the internet and the data.
//!
//! A node is a policy and stands for its members. An edge means that the members of one get packets to the members of the
//! other, or that the internet does: the receiving policies admit it at their interfaces, and the sending one lets it out.

mod collect;

use std::collections::{HashMap, VecDeque};

use crate::exposure::Protocols;
use crate::verdict::Column;

pub(crate) use collect::Ends;

/// What travels on an edge: protocols, first and last port.
pub type Traffic = (Protocols, u16, u16);

/// An edge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edge {
    /// The sending policy; `None` is the internet.
    pub from: Option<u32>,
    /// The receiving policy.
    pub to: u32,
    /// What gets through.
    pub traffic: Vec<Traffic>,
}

/// A shortest way from the internet to a policy that serves data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    /// The policy that serves data.
    pub to: u32,
    /// How many hops there are; 0 where there is no way.
    pub length: usize,
    /// Whether there may be one where there is none for certain, since something is missing.
    pub perhaps: bool,
    /// The policies on the way, the last is `to`; with what gets through to each. Of a very long way only the end.
    pub hops: Vec<(u32, Vec<Traffic>)>,
}

/// So many hops of one path are kept.
const HOPS: usize = 50;

/// The whole graph.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tiers {
    /// The edges, by receiver, the internet first.
    pub edges: Vec<Edge>,
    /// A path for each policy that serves data, or the fact that there is none.
    pub paths: Vec<Path>,
}

/// A tier that is less restricted than the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Weaker {
    /// The policy.
    pub(crate) policy: u32,
    /// Its exposure, which admits the tier before it and more than that tier itself admits.
    pub(crate) exposure: u32,
    /// The tier before it.
    pub(crate) before: u32,
}

/// Policies by every name that others use for them.
pub(crate) struct Directory<'e> {
    named: HashMap<&'e str, u32>,
    ends: &'e [Ends],
}

impl<'e> Directory<'e> {
    pub(crate) fn of(ends: &'e [Ends]) -> Self {
        let mut named = HashMap::new();
        for (own, index) in ends.iter().zip(0_u32..) {
            for name in &own.names {
                named.entry(&**name).or_insert(index);
            }
        }
        Self { named, ends }
    }

    fn get(&self, index: u32) -> Option<&'e Ends> {
        self.ends.get(usize::try_from(index).ok()?)
    }

    /// Tiers that admit what the tier before them does not. Each policy is told once, by its widest exposure.
    pub(crate) fn weaker(&self) -> Vec<Weaker> {
        let mut found = Vec::new();
        for (own, policy) in self.ends.iter().zip(0_u32..) {
            let mut worst: Option<(Column, Weaker)> = None;
            // Between private networks of ordinary size there is no order.
            for inbound in own.inbound.iter().filter(|inbound| inbound.column > Column::Inside) {
                let before = inbound.groups.iter().filter_map(|name| self.named.get(&**name)).copied().filter(|before| *before != policy);
                let narrower = before.filter(|before| self.get(*before).is_some_and(|ends| ends.widest < inbound.column));
                for before in narrower {
                    if worst.as_ref().is_none_or(|(column, _)| *column < inbound.column) {
                        worst = Some((inbound.column, Weaker { policy, exposure: inbound.exposure, before }));
                    }
                }
            }
            found.extend(worst.map(|(_, weaker)| weaker));
        }
        found
    }

    /// The graph.
    pub(crate) fn tiers(&self) -> Tiers {
        let edges = self.edges(false);
        let mut paths = self.paths(&edges);
        if paths.iter().any(|path| path.length == 0) && self.ends.iter().flat_map(|own| &own.inbound).any(|inbound| inbound.perhaps) {
            let possible = self.paths(&self.edges(true));
            for (path, possible) in paths.iter_mut().zip(possible) {
                path.perhaps = path.length == 0 && possible.length > 0;
            }
        }
        Tiers { edges, paths }
    }

    /// The edges; with those from the internet that there may be, where these are asked for.
    fn edges(&self, perhaps: bool) -> Vec<Edge> {
        let mut edges = Vec::new();
        for (own, to) in self.ends.iter().zip(0_u32..) {
            let mut from: Vec<(Option<u32>, Vec<Traffic>)> = Vec::new();
            let mut at: HashMap<Option<u32>, usize> = HashMap::new();
            let mut add = |sender: Option<u32>, traffic: Traffic| {
                let at = *at.entry(sender).or_insert_with(|| {
                    from.push((sender, Vec::new()));
                    from.len().saturating_sub(1)
                });
                if let Some((_, known)) = from.get_mut(at)
                    && !known.contains(&traffic)
                {
                    known.push(traffic);
                }
            };
            for inbound in &own.inbound {
                if inbound.column >= Column::Public || perhaps && inbound.perhaps {
                    add(None, inbound.traffic);
                }
                for sender in inbound.groups.iter().filter_map(|name| self.named.get(&**name)).copied() {
                    let lets_out = |ends: &Ends| ends.lets_out(inbound.traffic, &own.names);
                    if sender != to && self.get(sender).is_some_and(lets_out) {
                        add(Some(sender), inbound.traffic);
                    }
                }
            }
            crate::sorting::sort_by_key(&mut from, |(sender, _)| *sender);
            edges.extend(from.into_iter().map(|(from, traffic)| Edge { from, to, traffic }));
        }
        edges
    }

    /// Breadth first from the internet, so that each policy is visited once, whatever refers to whatever.
    fn paths(&self, edges: &[Edge]) -> Vec<Path> {
        let mut next: HashMap<Option<u32>, Vec<&Edge>> = HashMap::new();
        for edge in edges {
            next.entry(edge.from).or_default().push(edge);
        }
        let mut came: HashMap<u32, (&Edge, usize)> = HashMap::new();
        let mut queue = VecDeque::from([(None, 1_usize)]);
        while let Some((at, length)) = queue.pop_front() {
            for edge in next.get(&at).into_iter().flatten() {
                if let std::collections::hash_map::Entry::Vacant(free) = came.entry(edge.to) {
                    free.insert((edge, length));
                    queue.push_back((Some(edge.to), length.saturating_add(1)));
                }
            }
        }
        let data = self.ends.iter().zip(0_u32..).filter(|(own, _)| own.serves_data).map(|(_, to)| to);
        data.map(|to| {
            let step = |edge: &&Edge| edge.from.and_then(|from| came.get(&from)).map(|(edge, _)| *edge);
            let (last, length) = came.get(&to).map_or((None, 0), |(edge, length)| (Some(*edge), *length));
            let back = std::iter::successors(last, step).take(HOPS);
            let mut hops: Vec<(u32, Vec<Traffic>)> = back.map(|edge| (edge.to, edge.traffic.clone())).collect();
            hops.reverse();
            Path { to, length, perhaps: false, hops }
        })
        .collect()
    }
}
