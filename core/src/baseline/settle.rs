//! What a baseline does to the verdicts of a policy.

use super::{Approval, Date};
use crate::exposure::{Evaluation, Exposure, Protocols, Sources, selects};
use crate::model::{Policy, Protocol, Symbol};
use crate::sorting::sort_unique;
use crate::space::{AddressSet, unusable};
use crate::verdict::{Approved, Judgement};

/// Approvals, and the day on which they are asked for.
#[derive(Clone, Debug, Default)]
pub struct Baseline {
    /// The approvals, in the order of the documents.
    pub approvals: Vec<Approval>,
    /// The day; without one no review date has passed.
    pub today: Option<Date>,
    /// Whether there is a baseline at all: one without approvals approves nothing.
    pub given: bool,
    /// Which approvals had something to approve.
    pub(super) used: Vec<bool>,
}

impl Baseline {
    /// Whether an approval's review date has passed.
    pub fn is_expired(&self, approval: &Approval) -> bool {
        approval.review.zip(self.today).is_some_and(|(review, today)| review < today)
    }

    /// The approval at an index.
    pub fn approval(&self, index: u32) -> Option<&Approval> {
        self.approvals.get(usize::try_from(index).ok()?)
    }

    /// Splits the runs of ports that approvals treat differently. What approves each exposure then, in their order.
    /// `names` says which approvals speak of the policy.
    pub(crate) fn split(
        &self,
        policy: &Policy,
        names: impl Fn(&Approval) -> bool,
        evaluation: &mut Evaluation<'_>,
    ) -> Vec<Option<Approved>> {
        let named = self.named(names);
        if named.is_empty() {
            return Vec::new();
        }
        let (mut exposures, mut covers) = (Vec::new(), Vec::new());
        for exposure in std::mem::take(&mut evaluation.exposures) {
            let speaking: Vec<(u32, &Approval)> = named.iter().copied().filter(|(_, approval)| speaks(approval, &exposure)).collect();
            for (first, last, cover) in self.pieces(&exposure, &speaking, &evaluation.symbols) {
                let mut piece = Exposure { first, last, ..exposure.clone() };
                if (first, last) != (exposure.first, exposure.last) {
                    piece.rules.retain(|i| matches(policy, *i, exposure.protocols, first, last));
                }
                exposures.push(piece);
                covers.push(cover);
            }
        }
        evaluation.exposures = exposures;
        covers
    }

    /// Makes secure what is approved.
    pub(crate) fn settle(covers: &[Option<Approved>], evaluation: &Evaluation<'_>, judgement: &mut Judgement) {
        for (judged, cover) in judgement.exposures.iter_mut().zip(covers) {
            judged.approve(cover.clone());
        }
        judgement.verdict = Judgement::worst(&judgement.exposures, evaluation).max(judgement.beyond);
    }

    /// The approvals that speak of a policy, with their indices.
    pub(crate) fn of(&self, policy: &Policy) -> Vec<(u32, &Approval)> {
        self.named(|approval| approval.names(policy))
    }

    /// The approvals that `names` chooses, with their indices.
    pub(crate) fn named(&self, names: impl Fn(&Approval) -> bool) -> Vec<(u32, &Approval)> {
        (0_u32..).zip(&self.approvals).filter(|(_, approval)| names(approval)).collect()
    }

    /// What of `approvals` approves an exposure as a whole; `symbols` are those that its sources refer to.
    pub(crate) fn approves(&self, approvals: &[(u32, &Approval)], exposure: &Exposure, symbols: &[&Symbol]) -> Option<Approved> {
        let whole = |own: &Approval| speaks(own, exposure) && own.ports.covers(exposure.first, exposure.last);
        let speaking: Vec<(u32, &Approval)> = approvals.iter().copied().filter(|(_, own)| whole(own)).collect();
        self.cover(exposure, &speaking, symbols)
    }

    fn pieces(&self, exposure: &Exposure, approvals: &[(u32, &Approval)], symbols: &[&Symbol]) -> Vec<(u16, u16, Option<Approved>)> {
        let mut edges = vec![u32::from(exposure.first), u32::from(exposure.last).saturating_add(1)];
        if matches!(exposure.protocols, Protocols::Number(_)) {
            let runs = approvals.iter().flat_map(|(_, approval)| approval.ports.runs());
            let ends = runs.flat_map(|(first, last)| [u32::from(*first), u32::from(*last).saturating_add(1)]);
            edges.extend(ends.filter(|edge| u32::from(exposure.first) < *edge && *edge <= u32::from(exposure.last)));
        }
        sort_unique(&mut edges);
        let mut pieces: Vec<(u16, u16, Option<Approved>)> = Vec::new();
        for (first, next) in edges.iter().zip(edges.iter().skip(1)) {
            let (Ok(first), Ok(last)) = (u16::try_from(*first), u16::try_from(next.saturating_sub(1))) else { continue };
            let here: Vec<(u32, &Approval)> = approvals.iter().copied().filter(|(_, own)| own.ports.covers(first, last)).collect();
            let cover = self.cover(exposure, &here, symbols);
            match pieces.last_mut() {
                Some((_, open, same)) if *same == cover => *open = last,
                _ => pieces.push((first, last, cover)),
            }
        }
        pieces
    }

    /// What approves sources as a whole: approvals that hold, else ones of which some have expired.
    fn cover(&self, exposure: &Exposure, approvals: &[(u32, &Approval)], symbols: &[&Symbol]) -> Option<Approved> {
        let sources = &exposure.possibly;
        // What is approved of every address, in parts perhaps, is approved of members whose addresses nobody knows.
        let unnamed = named(sources, symbols).any(|id| !approvals.iter().any(|(_, own)| names(own, id)));
        let everyone = unnamed && approves_everyone(approvals);
        let touching = approvals.iter().copied().filter(|(_, own)| everyone || touches(own, sources, symbols));
        let touching: Vec<(u32, &Approval)> = touching.collect();
        let holding: Vec<(u32, &Approval)> = touching.iter().copied().filter(|(_, own)| !self.is_expired(own)).collect();
        if covers(&holding, sources, symbols) {
            let because: Vec<String> = holding.iter().map(|(_, own)| own.because()).collect();
            return Some(Approved { by: holding.iter().map(|(i, _)| *i).collect(), expired: false, because: because.join("; ") });
        }
        covers(&touching, sources, symbols).then(|| {
            let expired = touching.iter().filter(|(_, own)| self.is_expired(own));
            let because: Vec<String> = expired.clone().map(|(_, own)| own.because()).collect();
            Approved { by: expired.map(|(i, _)| *i).collect(), expired: true, because: because.join("; ") }
        })
    }
}

fn speaks(approval: &Approval, exposure: &Exposure) -> bool {
    let protocol = match (approval.protocol, exposure.protocols) {
        // Whoever approves every protocol on some ports approves those of TCP, not a protocol without ports.
        (Protocol::Any, Protocols::Number(_)) => true,
        (Protocol::Any, _) => approval.ports.is_full(),
        (Protocol::Number(own), Protocols::Number(number)) => own == number,
        (Protocol::Number(_), _) => false,
    };
    protocol && approval.direction == exposure.direction
}

fn touches(approval: &Approval, sources: &Sources, symbols: &[&Symbol]) -> bool {
    approval.sources.is_full() || approval.sources.intersects(&sources.addresses) || named(sources, symbols).any(|id| names(approval, id))
}

fn covers(approvals: &[(u32, &Approval)], sources: &Sources, symbols: &[&Symbol]) -> bool {
    if approvals.is_empty() {
        return false;
    }
    let members = || named(sources, symbols).all(|id| approvals.iter().any(|(_, own)| names(own, id)));
    sources.addresses.is_subset(&approved_of(approvals)) && (members() || approves_everyone(approvals))
}

/// The addresses of which approvals speak, and those that can't be a source and need none.
fn approved_of(approvals: &[(u32, &Approval)]) -> AddressSet {
    approvals.iter().fold(unusable().clone(), |all, (_, own)| all.union(&own.sources))
}

fn approves_everyone(approvals: &[(u32, &Approval)]) -> bool {
    approved_of(approvals).is_full()
}

/// Whether an approval speaks of a group.
fn names(approval: &Approval, group: &str) -> bool {
    approval.groups.iter().any(|own| **own == *group)
}

fn named<'s>(sources: &Sources, symbols: &[&'s Symbol]) -> impl Iterator<Item = &'s str> {
    sources.symbols.iter().filter_map(|i| symbols.get(usize::try_from(*i).ok()?).map(|symbol| &*symbol.id))
}

/// Whether a rule matches somewhere in a run.
fn matches(policy: &Policy, index: u32, protocols: Protocols, first: u16, last: u16) -> bool {
    let Protocols::Number(number) = protocols else { return true };
    let rule = usize::try_from(index).ok().and_then(|at| policy.rules.get(at));
    rule.is_some_and(|rule| selects(rule, Some(number)).iter().any(|run| run.0 <= last && first <= run.1))
}
