//! What a range that is there for replies opens besides.

use super::clients::replies_among;
use super::flows::flows;
use super::mend::{Line, deny_before, ports_of};
use crate::catalog::{self, Category, Entry, Severity};
use crate::exposure::{Evaluation, addresses};
use crate::model::{Action, Direction, Policy, Protocol, Rule};
use crate::space::{AddressSet, PortSet, documentation, public};

/// Services that can be reached through a return range.
#[derive(Clone, Debug)]
pub struct Opened {
    /// The range, with what is cut out of it left out.
    pub returns: PortSet,
    /// Who reaches it, the public part.
    pub sources: AddressSet,
    /// The databases, stores and ways to administer a machine that commonly listen there, as the catalog has them.
    pub entries: Vec<&'static Entry>,
    /// The rules that open the range.
    pub rules: Vec<u32>,
    /// Rules before them that would close the worst of it, as far as these leave narrower rules in effect.
    pub denies: Vec<Line>,
}

/// So many denies are proposed: an ACL has 20 rules a direction by default (AWS VPC quotas).
const PROPOSED: usize = 5;

/// The TCP services that public addresses reach through return ranges, the widest sources first.
pub fn opened(policy: &Policy, evaluation: &Evaluation<'_>) -> Option<Opened> {
    if !policy.kind.is_stateless() {
        return None;
    }
    let outside = public().union(documentation());
    let (mut returns, mut sources) = (PortSet::empty(), AddressSet::empty());
    for flow in flows(policy, evaluation, Direction::Ingress, 6, true)? {
        let here = flow.addresses.intersection(&outside);
        let range = replies_among(&flow.ports);
        // A filter that lets everything through is told as that.
        if !here.is_empty() && !range.is_empty() && !flow.ports.is_full() {
            returns = returns.union(&range);
            sources = sources.union(&here);
        }
    }
    let listed = returns.runs().iter().flat_map(|(first, last)| catalog::within(6, *first, *last));
    let kept = |entry: &Entry| {
        let kind = matches!(entry.category, Category::Database | Category::CacheQueue | Category::RemoteAdmin | Category::DevTool);
        kind && entry.severity >= Severity::High
            || matches!(entry.category, Category::ContainerOrchestration | Category::Web) && entry.first == entry.last
    };
    let mut entries: Vec<&'static Entry> = Vec::new();
    for piece in listed {
        if kept(piece.entry) && !entries.contains(&piece.entry) {
            entries.push(piece.entry);
        }
    }
    if entries.is_empty() {
        return None;
    }
    let opens = |rule: &Rule| {
        rule.direction == Direction::Ingress
            && rule.action == Action::Allow
            && matches!(rule.protocol, Protocol::Any | Protocol::TCP)
            && !replies_among(&ports_of(rule)).is_empty()
            && addresses(&rule.peer).intersects(&sources)
    };
    let live = policy.rules.iter().zip(&evaluation.effects).zip(0_u32..);
    let rules: Vec<u32> = live.filter(|((rule, effect), _)| effect.matches_packets() && opens(rule)).map(|(_, i)| i).collect();
    let mut worst: Vec<&&Entry> = entries.iter().filter(|entry| entry.first == entry.last).collect();
    crate::sorting::sort_by_key(&mut worst, |entry| (rank(entry), std::cmp::Reverse(entry.severity), entry.first));
    let mut denies: Vec<Line> = Vec::new();
    for entry in worst.into_iter().take(PROPOSED) {
        denies.extend(deny_before(policy, &rules, 6, entry.first, &denies));
    }
    Some(Opened { returns, sources, entries, rules, denies })
}

/// What people lose most by comes first.
const fn rank(entry: &Entry) -> u8 {
    match entry.category {
        Category::Database => 0,
        Category::RemoteAdmin => 1,
        Category::CacheQueue => 2,
        _ => 3,
    }
}
