//! Questions about many ports: between two ports at which a rule begins or ends the answer is the same, so one packet of each
//! such run is asked about.

use super::way::Way;
use super::{Party, Point, Question};
use crate::exposure::selects;
use crate::model::{Policy, Protocol};
use crate::review::Review;
use crate::sorting::sort_unique;

/// Ports between which no rule at either end begins or ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    /// The protocol; `None` is every one that no rule names.
    pub(super) protocol: Option<u8>,
    pub(super) first: u16,
    pub(super) last: u16,
    /// The packet that is asked about.
    pub(super) point: Point,
}

/// TCP, UDP and both kinds of ICMP are told by themselves.
const COMMON: [u8; 4] = [1, 6, 17, 58];

/// The spans of a question, in the order in which it names them.
pub(super) fn spans(review: &Review, ends: &[Party], question: &Question) -> Vec<Span> {
    let policies: Vec<Policy> = policies(review, ends);
    let mut found = Vec::new();
    for service in &question.services {
        let mut protocols = vec![service.protocol];
        if service.protocol.is_none() {
            let named = policies.iter().flat_map(|policy| &policy.rules).filter_map(|rule| match rule.protocol {
                Protocol::Any => None,
                Protocol::Number(number) => Some(number),
            });
            let mut all: Vec<u8> = COMMON.into_iter().chain(named).collect();
            sort_unique(&mut all);
            // Any other one stands for the rest.
            let other = (0..=u8::MAX).rev().find(|number| all.binary_search(number).is_err());
            protocols = all.into_iter().map(Some).collect();
            if let Some(protocol) = other {
                found.push(Span { protocol: None, first: 0, last: u16::MAX, point: Point { protocol, port: 0 } });
            }
        }
        for protocol in protocols.into_iter().flatten() {
            let selected = policies.iter().flat_map(|policy| &policy.rules).flat_map(|rule| selects(rule, Some(protocol)));
            let mut starts: Vec<u16> = selected.flat_map(|(first, last)| [Some(first), last.checked_add(1)]).flatten().collect();
            sort_unique(&mut starts);
            for (from, to) in service.ports.runs() {
                let inside = starts.iter().copied().filter(|start| from < start && start <= to);
                let firsts: Vec<u16> = std::iter::once(*from).chain(inside).collect();
                let lasts = firsts.iter().skip(1).map(|next| next.saturating_sub(1)).chain([*to]);
                let span = |(first, last): (&u16, u16)| Span {
                    protocol: Some(protocol),
                    first: *first,
                    last,
                    point: Point { protocol, port: *first },
                };
                found.extend(firsts.iter().zip(lasts).map(span));
            }
        }
    }
    found
}

/// The policies whose rules can decide at either end.
fn policies(review: &Review, ends: &[Party]) -> Vec<Policy> {
    let mut indices: Vec<usize> = Vec::new();
    for end in ends {
        match end {
            Party::Surface(at) => {
                let layers = review.surfaces().get(*at).map(|surface| surface.layers.as_slice()).unwrap_or_default();
                indices.extend(layers.iter().flat_map(|layer| &layer.policies).filter_map(|policy| usize::try_from(*policy).ok()));
            }
            Party::Policy(at) => indices.push(*at),
            Party::Addresses(..) | Party::Member(_) => {}
        }
    }
    sort_unique(&mut indices);
    indices.into_iter().filter_map(|at| Some(review.policy(at)?.into_owned())).collect()
}

/// Whether the ways of two points tell the same, lines that do not match aside.
pub(super) fn same(one: &[Way], other: &[Way]) -> bool {
    let equal = |(a, b): (&Way, &Way)| {
        let steps = a.steps.len() == b.steps.len()
            && a.steps.iter().zip(&b.steps).all(|(a, b)| {
                (a.side, a.kind, a.outcome, a.decided_by) == (b.side, b.kind, b.outcome, b.decided_by)
                    && a.perhaps == b.perhaps
                    && a.said == b.said
            });
        steps && (a.fate, &a.admitted, &a.reply) == (b.fate, &b.admitted, &b.reply)
    };
    one.len() == other.len() && one.iter().zip(other).all(equal)
}
