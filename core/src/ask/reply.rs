//! The way back: layers that forget connections ask of every reply whether a rule admits it.

use std::net::IpAddr;

use super::Point;
use super::way::Ground;
use crate::exposure::{Layer, Outcome, Packet, Stack};
use crate::model::{Direction, PolicyKind, Ports, Rule};
use crate::review::Review;
use crate::sorting::sort_unique;
use crate::surface::SurfaceStack;

/// What becomes of the replies.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reply {
    /// The client's ports to which replies come back; all of them where no layer forgets connections.
    pub passes: Vec<(u16, u16)>,
    /// The layers that stop replies to the other ports, in words.
    pub stopped_by: Vec<String>,
    /// In one sentence; empty where every layer remembers connections, or the protocol has no replies.
    pub said: String,
}

/// The ports that clients use for themselves, all systems together (VPC user guide, "Ephemeral ports").
const EPHEMERAL: (u16, u16) = (1024, 65_535);

/// Linux, by default: `net.ipv4.ip_local_port_range` (kernel documentation, ip-sysctl).
const LINUX: (u16, u16) = (32_768, 60_999);

/// Windows since 2008, macOS, and IANA's own advice (RFC 6335, section 6).
const DYNAMIC: (u16, u16) = (49_152, 65_535);

impl Reply {
    /// Follows the reply: out of the destination, into the source.
    pub(super) fn of(review: &Review, from: &Ground, to: &Ground, question: &Point, outside: (Option<IpAddr>, Option<IpAddr>)) -> Self {
        if !matches!(question.protocol, 6 | 17) {
            return Self::default();
        }
        let mut passes = vec![EPHEMERAL];
        let mut stopped_by = Vec::new();
        let mut forgets = false;
        for (ground, other, outside, direction) in [(to, from, outside.0, Direction::Egress), (from, to, outside.1, Direction::Ingress)] {
            let Some(stack) = &ground.stack else { continue };
            let packet = Packet { direction, protocol: question.protocol, port: 0, peer: other.end(outside), local: ground.address() };
            for (layer, (_, policies)) in stack.stack.layers.iter().zip(&ground.kinds) {
                let named = policies.iter().filter_map(|policy| review.policy(usize::try_from(*policy).ok()?));
                let stateless: Vec<String> =
                    named.filter(|policy| policy.kind == PolicyKind::AwsNetworkAcl).map(|policy| policy.label().to_owned()).collect();
                let around = packet.peer.is_in(&layer.unfiltered) == Some(true);
                if stateless.is_empty() || around {
                    continue;
                }
                forgets = true;
                let own = admitted(stack, layer, &packet);
                let left = both(&passes, &own);
                if left != passes {
                    stopped_by.push(format!("the network ACL {}", stateless.join(" and ")));
                }
                passes = left;
            }
        }
        let said = if forgets { said(&passes, &stopped_by) } else { String::new() };
        Self { passes, stopped_by, said }
    }
}

fn said(passes: &[(u16, u16)], stopped_by: &[String]) -> String {
    let whole = |range: (u16, u16)| passes.iter().any(|(first, last)| *first <= range.0 && range.1 <= *last);
    let by = stopped_by.join(" and by ");
    let ranges: Vec<String> =
        passes.iter().map(|(first, last)| if first == last { first.to_string() } else { format!("{first}-{last}") }).collect();
    if whole(EPHEMERAL) {
        "the replies come back to every client port".to_owned()
    } else if passes.is_empty() {
        format!("the replies are dropped by {by}, so the connection would hang")
    } else if whole(LINUX) && whole(DYNAMIC) {
        format!("the replies come back to client ports {} only; current systems use no others", ranges.join(", "))
    } else {
        format!(
            "the replies come back to client ports {} only and are dropped by {by} elsewhere, so some clients would hang",
            ranges.join(", ")
        )
    }
}

/// The client's ports to which a layer surely admits the reply.
fn admitted(stack: &SurfaceStack, layer: &Layer, packet: &Packet) -> Vec<(u16, u16)> {
    let mut cuts = cuts(&stack.stack, layer);
    cuts.retain(|cut| *cut > EPHEMERAL.0);
    cuts.push(EPHEMERAL.0);
    sort_unique(&mut cuts);
    let mut runs: Vec<(u16, u16)> = Vec::new();
    let ends = cuts.iter().skip(1).map(|next| next.saturating_sub(1)).chain([EPHEMERAL.1]);
    for (first, last) in cuts.iter().copied().zip(ends) {
        let fate = stack.stack.trace(layer, &Packet { port: first, ..packet.clone() });
        if fate.outcome != Outcome::Allowed {
            continue;
        }
        match runs.last_mut() {
            Some(open) if open.1.checked_add(1) == Some(first) => open.1 = last,
            _ => runs.push((first, last)),
        }
    }
    runs
}

/// Ports at which some rule begins to match, or ends.
fn cuts(stack: &Stack, layer: &Layer) -> Vec<u16> {
    let rule = |i: &u32| stack.policy.rules.get(usize::try_from(*i).ok()?);
    let edges = |rule: &Rule| match &rule.ports {
        Ports::Range(first, last) => vec![(*first, *last)],
        Ports::Set(set) => set.runs().to_vec(),
        _ => Vec::new(),
    };
    layer.rules.iter().filter_map(rule).flat_map(edges).flat_map(|(first, last)| [Some(first), last.checked_add(1)]).flatten().collect()
}

/// The ports in both lists of ranges.
fn both(a: &[(u16, u16)], b: &[(u16, u16)]) -> Vec<(u16, u16)> {
    let shared = a.iter().flat_map(|(first, last)| b.iter().map(move |(from, to)| (*first.max(from), *last.min(to))));
    shared.filter(|(first, last)| first <= last).collect()
}
