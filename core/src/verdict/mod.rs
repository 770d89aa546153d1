//! From exposures to verdicts: how wide the sources are, what listens there, and the table that decides.

mod deciding;
mod reach;
mod service;
mod table;

use std::fmt;

use crate::catalog::{Category, Severity};
use crate::exposure::{Evaluation, Exposure, Protocols, Sources};
use crate::model::{Direction, Origin, Policy};

pub use deciding::{Witness, addresses, deciding_rules, is_unresolved, witness};
pub use reach::{Reach, Width, grouped};
pub use service::{Scope, Service, UNLISTED, portless};
pub use table::{Beside, Column, Reason, columns, inbound, table};

/// How bad something is, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// Nothing to do.
    Secure,
    /// Worth a look.
    Caution,
    /// It can't be told from what was pasted; the worst resolution would be dangerous.
    Unknown,
    /// To be mended now.
    Dangerous,
}

impl Verdict {
    /// All, worst first.
    pub const WORST_FIRST: [Self; 4] = [Self::Dangerous, Self::Unknown, Self::Caution, Self::Secure];

    /// The word in reports.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Secure => "secure",
            Self::Caution => "caution",
            Self::Unknown => "unknown",
            Self::Dangerous => "dangerous",
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// An exposure, judged.
#[derive(Clone, Debug)]
pub struct Judged {
    /// The verdict, with everything unresolved at its worst.
    pub verdict: Verdict,
    /// How wide it is for certain, or unknown where it could be wider.
    pub reach: Reach,
    /// The measure of what is certain.
    pub width: Width,
    /// Verdict and reach if everything unresolved were open; `None` where nothing is unresolved.
    pub if_open: Option<(Verdict, Reach)>,
    /// What listens there.
    pub service: Service,
    /// Which row of the table decided.
    pub reason: Reason,
}

/// A policy, judged.
#[derive(Clone, Debug)]
pub struct Judgement {
    /// One for each exposure of the evaluation, in its order.
    pub exposures: Vec<Judged>,
    /// The worst of them; unknown where the policy was too intricate to evaluate.
    pub verdict: Verdict,
}

/// Judges what a policy admits.
pub fn judge(policy: &Policy, evaluation: &Evaluation<'_>) -> Judgement {
    let serves_data = serves_data(&evaluation.exposures);
    let exposures: Vec<Judged> = evaluation
        .exposures
        .iter()
        .map(|exposure| match exposure.direction {
            Direction::Ingress => ingress(exposure, &evaluation.exposures),
            Direction::Egress => egress(policy, exposure, serves_data),
        })
        .collect();
    let worst = exposures.iter().map(|judged| judged.verdict).max().unwrap_or(Verdict::Secure);
    let verdict = if evaluation.exhausted { worst.max(Verdict::Unknown) } else { worst };
    Judgement { exposures, verdict }
}

fn ingress(exposure: &Exposure, all: &[Exposure]) -> Judged {
    let service = Service::of(exposure);
    let beside = |sources: &Sources| Beside {
        http: exposure.protocols == Protocols::Number(6) && exposure.includes_tcp(80),
        https_too: all
            .iter()
            .filter(|other| other.direction == Direction::Ingress && other.local == exposure.local && other.includes_tcp(443))
            .any(|other| sources.is_subset(&other.surely)),
        amplifies: !service.amplifiers(exposure).is_empty(),
    };
    let width = Width::of(&exposure.surely);
    let (sure, sure_reason) = inbound(&service, &width, beside(&exposure.surely));
    if exposure.is_certain() {
        return Judged { verdict: sure, reach: width.reach(), width, if_open: None, service, reason: sure_reason };
    }
    let widest = Width::of(&exposure.possibly);
    let (open, open_reason) = inbound(&service, &widest, beside(&exposure.possibly));
    let verdict = resolve(sure, open);
    let reach = if width.reach() == widest.reach() { width.reach() } else { Reach::Unknown };
    let reason = if sure >= open { sure_reason } else { open_reason };
    Judged { verdict, reach, width, if_open: Some((open, widest.reach())), service, reason }
}

/// The verdict where `sure` holds whatever the unresolved parts are, and `open` if they are open.
pub fn resolve(sure: Verdict, open: Verdict) -> Verdict {
    match (sure, open) {
        (Verdict::Dangerous, _) => Verdict::Dangerous,
        (_, Verdict::Dangerous) => Verdict::Unknown,
        (sure, open) => sure.max(open),
    }
}

/// The verdict that one severity gets from an exposure's sources.
pub fn verdict_of(severity: Severity, exposure: &Exposure) -> Verdict {
    let at =
        |sources: &Sources| columns(&Width::of(sources)).into_iter().map(|column| table(severity, column)).max().unwrap_or(Verdict::Secure);
    let sure = at(&exposure.surely);
    if exposure.is_certain() { sure } else { resolve(sure, at(&exposure.possibly)) }
}

/// Judges an exposure by itself, beside those of its policy.
pub fn judge_one(policy: &Policy, exposure: &Exposure, beside: &[Exposure]) -> Judged {
    match exposure.direction {
        Direction::Ingress => ingress(exposure, beside),
        Direction::Egress => egress(policy, exposure, serves_data(beside)),
    }
}

fn egress(policy: &Policy, exposure: &Exposure, serves_data: bool) -> Judged {
    let width = Width::of(&exposure.surely);
    let widest = Width::of(&exposure.possibly);
    let rules = exposure.rules.iter().filter_map(|i| policy.rules.get(usize::try_from(*i).ok()?));
    let (mut verdict, mut reason) = (Verdict::Secure, Reason::Egress);
    for rule in rules.filter(|rule| rule.is_allow_all()) {
        if rule.origin == Origin::Written && serves_data {
            (verdict, reason) = (Verdict::Caution, Reason::EgressFromData);
        } else if rule.origin == Origin::Stock && verdict == Verdict::Secure {
            reason = Reason::EgressStock;
        }
    }
    let certain = exposure.is_certain();
    let reach = if certain || width.reach() == widest.reach() { width.reach() } else { Reach::Unknown };
    Judged { verdict, reach, width, if_open: (!certain).then(|| (verdict, widest.reach())), service: Service::of(exposure), reason }
}

/// A policy serves data where it opens a database, a cache or a file share on purpose, not within a range so wide that it
/// opens everything.
fn serves_data(exposures: &[Exposure]) -> bool {
    const ON_PURPOSE: u16 = 1_000;
    exposures.iter().any(|exposure| {
        exposure.direction == Direction::Ingress
            && exposure.last.saturating_sub(exposure.first) < ON_PURPOSE
            && matches!(exposure.protocols, Protocols::Number(_))
            && Service::of(exposure).has(&[Category::Database, Category::CacheQueue, Category::FileShare])
    })
}
