//! Who gets in on one side and not on the other, exactly.

use super::names::Names;
use super::side::{Point, Side, Slice};
use crate::baseline::{Approval, Baseline};
use crate::exposure::{Exposure, Protocols, Sources, refine};
use crate::model::{Direction, Local};
use crate::sorting::sort_unique;
use crate::space::AddressSet;
use crate::verdict::{Approved, Verdict};

/// A largest run of ports at which the same sources are gained.
#[derive(Clone)]
pub(super) struct Run {
    /// The run; its sources have the shared names, and `surely` is empty where the gain is only possible. Its rules are
    /// those that match there on the side that gains.
    pub(super) exposure: Exposure,
    /// What is not in the text, where that makes the gain only possible.
    pub(super) missing: Vec<Box<str>>,
    /// The parts of the protected end of which this does not speak: what holds there is told by itself.
    pub(super) except: Vec<Local>,
    /// What approves all of it, where it opens.
    pub(super) approved: Option<Approved>,
    /// Whether somebody gets in there on the other side, too.
    pub(super) more: bool,
    /// The verdicts there, on the other side and on the side that gains.
    pub(super) verdicts: [Option<Verdict>; 2],
    /// The same if it turns out to hold for every protocol.
    as_all: [Option<Verdict>; 2],
}

impl Run {
    /// Whether the gain is certain.
    pub(super) fn is_certain(&self) -> bool {
        !self.exposure.surely.is_empty()
    }

    fn says_the_same(&self, other: &Self) -> bool {
        let here = |run: &Self| Exposure { local: Local::Any, ..run.exposure.clone() };
        here(self).admits_the_same(&here(other)) && self.missing == other.missing && self.approved == other.approved
    }
}

/// Who gets in by `to` and not by `from`. What `wider` gains, a pair of policies that these two are part of, is told there.
/// `approvals` has what may be gained on purpose.
pub(super) fn gained(
    from: Option<&Side<'_>>,
    to: &Side<'_>,
    wider: Option<(&Side<'_>, &Side<'_>)>,
    names: &Names,
    approvals: Option<Approvals<'_>>,
) -> Vec<Run> {
    let question = Question { from, to, wider, names, approvals };
    let mut gained = Vec::new();
    for direction in [Direction::Ingress, Direction::Egress] {
        let mut told: Vec<(Local, Vec<Run>)> = Vec::new();
        for part in question.parts(direction) {
            let runs = question.at(direction, &part);
            let same = |other: &[Run]| other.len() == runs.len() && other.iter().zip(&runs).all(|(a, b)| a.says_the_same(b));
            let like = told.iter_mut().find(|(_, other)| same(other));
            match (like, part) {
                // A part that is treated like everything else says nothing new.
                (Some((Local::Any, _)), _) => {}
                (Some((Local::Addresses(all), _)), Local::Addresses(part)) => **all = all.union(&part),
                (_, part) => told.push((part, runs)),
            }
        }
        let apart: Vec<Local> = told.iter().map(|(local, _)| local.clone()).filter(|local| *local != Local::Any).collect();
        for (local, runs) in told {
            let except = if local == Local::Any { apart.as_slice() } else { &[] };
            let at = |run: Run| Run { exposure: Exposure { local: local.clone(), ..run.exposure }, except: except.to_vec(), ..run };
            gained.extend(runs.into_iter().map(at));
        }
    }
    gained
}

/// A baseline, and those of its approvals that speak of what gains.
pub(super) type Approvals<'b> = (&'b Baseline, Vec<(u32, &'b Approval)>);

struct Question<'q> {
    from: Option<&'q Side<'q>>,
    to: &'q Side<'q>,
    wider: Option<(&'q Side<'q>, &'q Side<'q>)>,
    names: &'q Names,
    /// What is approved of the policy that gains.
    approvals: Option<Approvals<'q>>,
}

impl Question<'_> {
    fn sides(&self) -> impl Iterator<Item = &Side<'_>> {
        let wider = self.wider.into_iter().flat_map(|(from, to)| [from, to]);
        self.from.into_iter().chain([self.to]).chain(wider)
    }

    /// The parts of the protected end that some side tells apart.
    fn parts(&self, direction: Direction) -> Vec<Local> {
        let (mut atoms, mut symbols): (Vec<AddressSet>, Vec<Local>) = (Vec::new(), Vec::new());
        let mut seen: Vec<&Local> = vec![&Local::Any];
        for part in self.sides().flat_map(|side| side.parts(direction)) {
            if seen.contains(&part) {
                continue;
            }
            seen.push(part);
            match part {
                Local::Any => {}
                Local::Addresses(set) => atoms = refine(atoms, set),
                Local::Symbol(_) => symbols.push(part.clone()),
            }
        }
        let atoms = atoms.into_iter().map(|atom| Local::Addresses(Box::new(atom)));
        std::iter::once(Local::Any).chain(atoms).chain(symbols).collect()
    }

    fn at(&self, direction: Direction, part: &Local) -> Vec<Run> {
        let mut named: Vec<u8> = self.sides().flat_map(|side| side.protocols(direction)).collect();
        sort_unique(&mut named);
        let mut base = self.protocol(direction, part, None);
        let mut own: Vec<Run> = named.iter().flat_map(|number| self.protocol(direction, part, Some(*number))).collect();
        for run in &mut base {
            if holds_everywhere(run, &own, &named) {
                run.exposure.protocols = Protocols::All;
                run.verdicts = run.as_all;
                own.retain(|own| !is_within(own, run));
            }
        }
        base.extend(own);
        base
    }

    fn protocol(&self, direction: Direction, part: &Local, number: Option<u8>) -> Vec<Run> {
        let to_slice = self.to.slice(direction, part, number);
        let from_slice = self.from.map(|side| side.slice(direction, part, number)).unwrap_or_default();
        let wider = self.wider.map(|(from, to)| (from, from.slice(direction, part, number), to, to.slice(direction, part, number)));
        let mut edges: Vec<u32> = Vec::new();
        self.to.edges(&to_slice, direction, number, &mut edges);
        if let Some(side) = self.from {
            side.edges(&from_slice, direction, number, &mut edges);
        }
        if let Some((from, here, to, there)) = &wider {
            from.edges(here, direction, number, &mut edges);
            to.edges(there, direction, number, &mut edges);
        }
        // What is approved is told apart from what is not.
        let approved = self.approvals.iter().flat_map(|(_, own)| own).filter(|_| number.is_some());
        for (first, last) in approved.flat_map(|(_, own)| own.ports.runs()) {
            edges.extend([u32::from(*first), u32::from(*last).saturating_add(1)]);
        }
        sort_unique(&mut edges);
        let (mut certain, mut possible): (Vec<Run>, Vec<Run>) = (Vec::new(), Vec::new());
        for (first, next) in edges.iter().zip(edges.iter().skip(1)) {
            let (Ok(first), Ok(last)) = (u16::try_from(*first), u16::try_from(next.saturating_sub(1))) else { continue };
            let at = |side: &Side<'_>, slice: &Slice<'_>| side.point(slice, direction, number, first);
            let to = at(self.to, &to_slice);
            if to.possibly.is_empty() {
                continue;
            }
            let from = self.from.map(|side| at(side, &from_slice)).unwrap_or_default();
            let mut gain = Gain::of(&from, &to, self.names, number);
            if let Some((wide_from, here, wide_to, there)) = &wider {
                gain = gain.less(&Gain::of(&at(wide_from, here), &at(wide_to, there), self.names, number), self.names, number);
            }
            if gain.certain.is_empty() && gain.possible.is_empty() {
                continue;
            }
            let run = |protocols| Exposure {
                direction,
                protocols,
                first,
                last,
                local: Local::Any,
                surely: Sources::nobody(),
                possibly: Sources::nobody(),
                rules: to.rules.clone(),
            };
            let verdicts = |protocols| {
                let run = run(protocols);
                [self.from.and_then(|side| side.verdict(&from_slice, &from, &run)), self.to.verdict(&to_slice, &to, &run)]
            };
            let protocols = number.map_or(Protocols::Other, Protocols::Number);
            let (here, as_all) = (verdicts(protocols), if number.is_none() { verdicts(Protocols::All) } else { [None; 2] });
            let one = |surely: Sources, possibly: Sources, missing: Vec<Box<str>>| Run {
                exposure: Exposure { surely, possibly, ..run(protocols) },
                missing,
                except: Vec::new(),
                approved: None,
                more: !from.possibly.is_empty(),
                verdicts: here,
                as_all,
            };
            let approved = |run: Run| {
                let (baseline, approvals) = self.approvals.as_ref()?;
                let exposure = Exposure { possibly: self.to.own(&run.exposure.possibly), ..run.exposure };
                baseline.approves(approvals, &exposure, &self.to.evaluation.symbols)
            };
            let settled = |run: Run| Run { approved: approved(run.clone()), ..run };
            if !gain.certain.is_empty() {
                extend(&mut certain, settled(one(gain.certain.clone(), gain.certain, Vec::new())));
            }
            if !gain.possible.is_empty() {
                extend(&mut possible, settled(one(Sources::nobody(), gain.possible, gain.missing)));
            }
        }
        certain.extend(possible);
        certain
    }
}

/// What is gained at one point.
struct Gain {
    certain: Sources,
    possible: Sources,
    missing: Vec<Box<str>>,
}

impl Gain {
    fn of(from: &Point, to: &Point, names: &Names, number: Option<u8>) -> Self {
        let minus = |a: &Sources, b: &Sources| names.minus(a, b, number);
        let certain = minus(&to.surely, &from.possibly);
        // In doubt on the side that gains, and surely not on the other.
        let doubtful = minus(&minus(&to.possibly, &to.surely), &from.possibly);
        // In doubt on the other side, and surely here.
        let settled = names.both(&minus(&to.surely, &from.surely), &from.possibly, number);
        // In doubt on both: the same doubt unless something else is missing.
        let new: Vec<Box<str>> = to.missing.iter().filter(|name| !from.missing.contains(name)).cloned().collect();
        let other_doubt = if new.is_empty() {
            Sources::nobody()
        } else {
            minus(&names.both(&minus(&to.possibly, &to.surely), &from.possibly, number), &from.surely)
        };
        let missing = match (doubtful.is_empty() && other_doubt.is_empty(), new.is_empty()) {
            (true, _) => Vec::new(),
            (false, true) => to.missing.clone(),
            (false, false) => new,
        };
        Self { possible: doubtful.union(&settled).union(&other_doubt), certain, missing }
    }

    fn less(self, wider: &Self, names: &Names, number: Option<u8>) -> Self {
        let all = wider.certain.union(&wider.possible);
        Self {
            certain: names.minus(&self.certain, &wider.certain, number),
            possible: names.minus(&self.possible, &all, number),
            missing: self.missing,
        }
    }
}

/// Adds a run, to the one before where it goes on with the same sources.
fn extend(runs: &mut Vec<Run>, run: Run) {
    match runs.last_mut() {
        Some(open)
            if open.exposure.last.checked_add(1) == Some(run.exposure.first)
                && open.exposure.surely == run.exposure.surely
                && open.exposure.possibly == run.exposure.possibly
                && open.missing == run.missing
                && open.approved == run.approved =>
        {
            open.exposure.last = run.exposure.last;
            open.take(&run);
            open.more |= run.more;
            open.exposure.rules.extend(run.exposure.rules);
            sort_unique(&mut open.exposure.rules);
        }
        _ => runs.push(run),
    }
}

impl Run {
    fn take(&mut self, other: &Self) {
        let worst = |a: [Option<Verdict>; 2], b: [Option<Verdict>; 2]| [a[0].max(b[0]), a[1].max(b[1])];
        self.verdicts = worst(self.verdicts, other.verdicts);
        self.as_all = worst(self.as_all, other.as_all);
    }
}

/// Whether each named protocol gains, at every port, at least what all others gain.
fn holds_everywhere(base: &Run, own: &[Run], named: &[u8]) -> bool {
    named.iter().all(|number| {
        let wanted = base.exposure.possibly.clone().within(Some(*number));
        let mut next = Some(0_u16);
        let runs = own.iter().filter(|run| {
            run.exposure.protocols == Protocols::Number(*number)
                && run.is_certain() == base.is_certain()
                && run.missing == base.missing
                && run.approved == base.approved
        });
        for run in runs {
            if Some(run.exposure.first) != next || !wanted.is_subset_within(&run.exposure.possibly, Some(*number)) {
                return false;
            }
            next = run.exposure.last.checked_add(1);
        }
        wanted.is_empty() || next.is_none()
    })
}

/// Whether a run says no more than `base` does for its protocol.
fn is_within(run: &Run, base: &Run) -> bool {
    let Protocols::Number(number) = run.exposure.protocols else { return false };
    run.is_certain() == base.is_certain()
        && run.missing == base.missing
        && run.approved == base.approved
        && run.exposure.possibly == base.exposure.possibly.clone().within(Some(number))
}
