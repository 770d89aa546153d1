//! The points of the service space at which rules match, kept so that "and without this rule?" costs only the points at
//! which it matches.

use super::fold::{Admitted, Fit};
use super::sweep::{Run, protocols, source_cuts};
use super::{Sources, local};
use crate::model::Direction;

/// A run of ports of one protocol, from one run of source ports, at one part of the protected end, at which the same rules
/// match.
pub(super) struct Point {
    pub(super) number: Option<u8>,
    /// The rules that match, in deciding order, with how surely.
    pub(super) rules: Vec<(u32, Fit)>,
    surely: Sources,
    possibly: Option<Sources>,
}

/// All points at which some rule of interest matches. Parts and protocols are told apart as the whole policy does it, so what
/// is equal at every point is equal as a policy, however it would be told.
#[derive(Default)]
pub(super) struct Points {
    points: Vec<Point>,
    /// For each rule of the policy, the points at which it matches.
    of: Vec<Vec<usize>>,
}

impl Points {
    /// The points of `live` rules, given in deciding order, at which a rule matches that is `asked` about.
    pub(super) fn new(run: &mut Run<'_>, live: &[u32], asked: impl Fn(u32) -> bool) -> Self {
        let mut found = Self { points: Vec::new(), of: vec![Vec::new(); run.policy.rules.len()] };
        if run.exhausted() {
            return found;
        }
        for direction in [Direction::Ingress, Direction::Egress] {
            let rules: Vec<u32> =
                live.iter().copied().filter(|i| run.rule(*i).is_some_and(|(rule, _)| rule.direction == direction)).collect();
            let parts = local::inhabited(local::parts(rules.iter().filter_map(|i| run.rule(*i)).map(|(rule, _)| rule)));
            let named = protocols(rules.iter().filter_map(|i| run.rule(*i)).map(|(rule, _)| rule));
            for part in &parts {
                for number in named.iter().copied().map(Some).chain([None]) {
                    for segment in run.segments(&rules, part, number) {
                        found.split(run, number, &segment.rules, &asked);
                        if run.exhausted() {
                            return found;
                        }
                    }
                }
            }
        }
        found
    }

    /// Adds the points of one segment: one for each run of source ports that its rules tell apart.
    fn split(&mut self, run: &mut Run<'_>, number: Option<u8>, matching: &[(u32, Fit)], asked: impl Fn(u32) -> bool) {
        for cut in source_cuts(matching.iter().filter_map(|(i, _)| Some(run.rule(*i)?.0))) {
            let from = |i: u32| run.rule(i).is_some_and(|(rule, _)| rule.source_ports.as_ref().is_none_or(|ports| ports.contains(cut)));
            let rules: Vec<(u32, Fit)> = matching.iter().copied().filter(|(i, _)| from(*i)).collect();
            if !rules.iter().any(|(i, _)| asked(*i)) {
                continue;
            }
            if !run.spend_on(&rules) {
                return;
            }
            let Admitted { surely, possibly, .. } = run.decide_from_one_port(&rules, number, |_, rule| rule.action);
            self.add(Point { number, rules, surely, possibly });
        }
    }

    fn add(&mut self, point: Point) {
        for (i, _) in &point.rules {
            if let Some(of) = usize::try_from(*i).ok().and_then(|i| self.of.get_mut(i)) {
                of.push(self.points.len());
            }
        }
        self.points.push(point);
    }

    /// The points at which a rule matches.
    pub(super) fn at(&self, index: u32) -> impl Iterator<Item = &Point> {
        let of = usize::try_from(index).ok().and_then(|i| self.of.get(i)).map_or(&[][..], Vec::as_slice);
        of.iter().filter_map(|at| self.points.get(*at))
    }

    /// Whether everyone who gets in at the points of `index` still does, and no one else, without it and without the rules
    /// that are `gone`. False once the budget is spent.
    pub(super) fn same_without(&self, run: &mut Run<'_>, index: u32, gone: &[u32]) -> bool {
        for point in self.at(index) {
            if !run.spend_on(&point.rules) {
                return false;
            }
            let kept: Vec<(u32, Fit)> =
                point.rules.iter().copied().filter(|(i, _)| *i != index && gone.binary_search(i).is_err()).collect();
            let now = run.decide_from_one_port(&kept, point.number, |_, rule| rule.action);
            if now.surely != point.surely || now.possibly != point.possibly {
                return false;
            }
        }
        !run.exhausted()
    }
}
