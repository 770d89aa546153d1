//! The budget of an evaluation and what its work costs, so that lists of addresses and of source ports count as well as rules do.

use super::fold::Fit;
use super::sweep::{Run, source_cuts};

/// How many rule-at-a-point steps one policy may take. A group at AWS's limits of 1,000 rules, each with its own
/// ranges, needs less than two million.
pub(super) const BUDGET: u64 = 16_000_000;

impl Run<'_> {
    pub(super) const fn exhausted(&self) -> bool {
        self.left == 0
    }

    /// Spends `steps`; false once the budget is gone.
    pub(super) fn spend(&mut self, steps: usize) -> bool {
        self.left = self.left.saturating_sub(u64::try_from(steps).unwrap_or(u64::MAX));
        !self.exhausted()
    }

    /// Pays for cells that a fold looked at, beyond the rules that are paid for by whoever asks. Most rules are a cell or two; one
    /// may be a list of thousands.
    pub(super) fn spend_looks(&mut self, looked: usize) {
        const LOOKS: usize = 32;
        self.spend(looked / LOOKS);
    }

    /// What it costs to fold the rules of a point, and to keep who gets in there: every rule counts, from every run of source
    /// ports, and long lists of addresses count more.
    pub(super) fn cost(&self, matching: &[(u32, Fit)]) -> usize {
        const KEPT: usize = 4;
        let rules = || matching.iter().filter_map(|(i, _)| self.rule(*i)).map(|(rule, _)| rule);
        let cuts = if rules().any(|rule| rule.source_ports.is_some()) { source_cuts(rules()).len() } else { 1 };
        matching.len().saturating_add(self.addresses(matching).saturating_mul(KEPT)).saturating_mul(cuts)
    }

    /// Spends what it costs to fold them once more for a question about one of them, of which nothing is kept; false once the
    /// budget is gone.
    pub(super) fn spend_on(&mut self, matching: &[(u32, Fit)]) -> bool {
        const LET_GO: usize = 16;
        !self.exhausted() && self.spend(matching.len().saturating_add(self.addresses(matching).checked_div(LET_GO).unwrap_or_default()))
    }

    /// How many runs of addresses the rules of a point name beyond the one that each has.
    fn addresses(&self, matching: &[(u32, Fit)]) -> usize {
        let whos = matching.iter().filter_map(|(i, _)| self.rule(*i)).map(|(_, who)| who);
        whos.fold(0_usize, |sum, who| sum.saturating_add(who.runs().saturating_sub(1)))
    }
}
