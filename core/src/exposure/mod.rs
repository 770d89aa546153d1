//! The one evaluator: what a policy admits, and which rules decide it.
//!
//! It computes two sets of sources for every run of ports. *Surely* admitted is what gets in whatever the unresolved
//! parts turn out to be; *possibly* admitted is what gets in under some resolution. An unresolved allow adds to possibly
//! only, an unresolved deny subtracts from surely only. Groups and tags are symbols beside the addresses: they are sets
//! of addresses whose members were not pasted, so a deny of some addresses leaves a symbol possible but not sure.
//!
//! ICMP exists in IPv4 only and ICMPv6 in IPv6 only, so a rule never reaches across.

mod cost;
mod edge;
mod effects;
mod fold;
mod layers;
mod local;
mod overruled;
mod points;
mod removable;
mod selection;
mod sources;
mod sweep;
mod trace;
pub(crate) mod words;

pub use effects::Effect;
pub use layers::{Extent, Layer, Stack, evaluate_layers};
pub(crate) use local::refine;
pub use overruled::Overruled;
pub use sources::{Sources, addresses};
pub(crate) use sweep::selected;
pub use trace::{End, Mismatch, Outcome, Packet, Trace, trace};

use crate::model::{Action, Direction, Local, Policy, Ports, Protocol, Rule, Symbol};

/// Which protocols an exposure speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Protocols {
    /// Every protocol.
    All,
    /// Every protocol that no rule of the same policy and direction names.
    Other,
    /// One, by its IANA number.
    Number(u8),
}

impl Protocols {
    /// Whether what is said of these holds for one protocol, or (with `None`) for those that no rule names. `named` is whether a
    /// rule names it; see [`names_protocol`].
    pub fn hold_for(self, number: Option<u8>, named: bool) -> bool {
        match self {
            Self::All => true,
            Self::Other => !named,
            Self::Number(own) => Some(own) == number,
        }
    }

    /// Whether both can speak of one protocol.
    pub fn share(self, other: Self) -> bool {
        match (self, other) {
            (Self::Number(a), Self::Number(b)) => a == b,
            _ => true,
        }
    }
}

/// Whether a rule in force in a direction names a protocol, so that it is none of the [`Protocols::Other`].
pub fn names_protocol(policy: &Policy, direction: Direction, number: u8) -> bool {
    policy.rules.iter().any(|rule| rule.direction == direction && !rule.disabled && rule.protocol == Protocol::Number(number))
}

/// A largest run of ports (or of ICMP type and code pairs) that the same sources can reach.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exposure {
    /// Which way.
    pub direction: Direction,
    /// Which protocols.
    pub protocols: Protocols,
    /// First port, or first `type * 256 + code` for ICMP.
    pub first: u16,
    /// Last port, inclusive.
    pub last: u16,
    /// The protected end.
    pub local: Local,
    /// Who gets in whatever the unresolved parts are.
    pub surely: Sources,
    /// Who gets in under some resolution; a superset of `surely`, and equal where nothing is unresolved.
    pub possibly: Sources,
    /// The allow rules that match somewhere in the run, as indices into the policy, ascending.
    pub rules: Vec<u32>,
}

impl Exposure {
    /// Whether nothing unresolved plays a part.
    pub fn is_certain(&self) -> bool {
        self.surely == self.possibly
    }

    /// Whether it says that no one gets in: a part of the protected end is closed while the rest is not.
    pub fn is_closed(&self) -> bool {
        self.possibly.is_empty()
    }

    /// Whether it admits the same sources to the same thing, whichever rules decide.
    pub fn admits_the_same(&self, other: &Self) -> bool {
        (self.direction, self.protocols, self.first, self.last) == (other.direction, other.protocols, other.first, other.last)
            && self.local == other.local
            && self.surely == other.surely
            && self.possibly == other.possibly
    }

    /// Whether `other` admits the same sources to this and perhaps more.
    fn is_part_of(&self, other: &Self) -> bool {
        (self.direction, self.protocols) == (other.direction, other.protocols)
            && other.first <= self.first
            && self.last <= other.last
            && self.local == other.local
            && self.surely == other.surely
            && self.possibly == other.possibly
    }

    /// Whether the run is every port or every message.
    pub const fn is_whole(&self) -> bool {
        self.first == 0 && self.last == u16::MAX
    }

    /// How many ports, or type and code pairs, it has.
    pub fn length(&self) -> u32 {
        u32::from(self.last).saturating_sub(u32::from(self.first)).saturating_add(1)
    }

    /// Whether it admits TCP to `port`.
    pub fn includes_tcp(&self, port: u16) -> bool {
        match self.protocols {
            Protocols::Number(number) => number == 6 && self.first <= port && port <= self.last,
            Protocols::All => true,
            Protocols::Other => false,
        }
    }
}

/// What one policy admits.
#[derive(Clone, Debug, Default)]
pub struct Evaluation<'p> {
    /// The symbols of the policy; `Sources` refer to them by index.
    pub symbols: Vec<&'p Symbol>,
    /// The exposures, ingress first, by protocol and port. A part of the protected end that is closed while the rest is
    /// not has one without sources.
    pub exposures: Vec<Exposure>,
    /// What each rule does, in the order of the policy's rules.
    pub effects: Vec<Effect>,
    /// Rules that match the same packets as an earlier one and do the same with them, each with the first that does.
    pub copies: Vec<(u32, u32)>,
    /// Rules that others decide before, and denies that an earlier allow weakens.
    pub overruled: Vec<Overruled>,
    /// A largest set of written rules that can go together without changing what is admitted, ascending.
    pub removable: Vec<u32>,
    /// The policy was too intricate for the work budget; what is listed is not all.
    pub exhausted: bool,
}

impl Evaluation<'_> {
    /// What is said of one protocol and port (or `type * 256 + code`) in a direction, where no rule narrows the protected end.
    /// `policy` is the one that was evaluated.
    pub fn at(&self, policy: &Policy, direction: Direction, number: u8, port: u16) -> Option<&Exposure> {
        let there = |exposure: &&Exposure| exposure.direction == direction && exposure.local == Local::Any;
        let here = || self.exposures.iter().filter(there).filter(|exposure| exposure.first <= port && port <= exposure.last);
        // A protocol's own runs say more than what holds for all.
        let own = here().find(|exposure| exposure.protocols == Protocols::Number(number));
        let named = || names_protocol(policy, direction, number);
        own.or_else(|| here().find(|exposure| exposure.protocols.hold_for(Some(number), named())))
    }
}

/// Computes what `policy` admits, exactly. The work is bounded; see [`Evaluation::exhausted`].
pub fn evaluate(policy: &Policy) -> Evaluation<'_> {
    let mut run = sweep::Run::new(policy);
    let order = run.in_order(|_, _| true);
    let inherited = run.in_order(|_, rule| rule.inherited);
    let wider = if inherited.is_empty() { Vec::new() } else { run.both_ways(&inherited) };
    let mut exposures = run.both_ways(&order);
    // What comes after is about single rules; where the work runs out there, what is admitted is still exact.
    let exhausted = run.exhausted();
    let effects::Told { effects, copies, overruled, removable } = effects::effects(&mut run, &order);
    // What a wider policy admits is told there; here only what differs.
    exposures.retain(|exposure| !wider.iter().any(|other| exposure.is_part_of(other)));
    Evaluation { exposures, effects, copies, overruled, removable, exhausted, symbols: run.into_symbols() }
}

/// The ports, or type and code pairs, at which a rule matches one protocol, or (with `None`) any that no rule names.
pub(crate) fn selects(rule: &Rule, number: Option<u8>) -> Vec<(u16, u16)> {
    if sweep::speaks_of(rule.protocol, number) { sweep::selected(rule, number) } else { Vec::new() }
}

/// What single rules of one policy let through.
pub struct Alone<'p> {
    run: sweep::Run<'p>,
    denies: bool,
}

impl<'p> Alone<'p> {
    /// Prepares a policy.
    pub fn new(policy: &'p Policy) -> Self {
        let denies = policy.rules.iter().any(|rule| rule.action != Action::Allow);
        Self { run: sweep::Run::new(policy), denies }
    }

    /// What the rule at `index` lets through after the denies before it, the other allow rules ignored. `None` where the work
    /// budget does not suffice to tell.
    pub fn admits(&mut self, index: u32) -> Option<Vec<Exposure>> {
        let Some((own, _)) = self.run.rule(index) else { return Some(Vec::new()) };
        let direction = own.direction;
        if own.action != Action::Allow {
            return Some(Vec::new());
        }
        if self.run.exhausted() {
            return None;
        }
        let chosen = if self.denies {
            self.run.in_order(|i, other| i == index || other.action != Action::Allow && may_meet(own, other))
        } else {
            vec![index]
        };
        let mut exposures = self.run.exposures(direction, &chosen);
        exposures.retain(|exposure| !exposure.is_closed());
        self.run.take_swept();
        (!self.run.exhausted()).then_some(exposures)
    }
}

/// Whether two rules can match the same packet, as far as a glance at protocol and ports tells.
fn may_meet(own: &Rule, other: &Rule) -> bool {
    let hull = |rule: &Rule| match &rule.ports {
        Ports::Range(first, last) => (*first, *last),
        Ports::Set(set) => set.runs().first().zip(set.runs().last()).map_or((0, u16::MAX), |(first, last)| (first.0, last.1)),
        Ports::All | Ports::Icmp(..) | Ports::Nothing => (0, u16::MAX),
    };
    let ((first, last), (from, to)) = (hull(own), hull(other));
    match (own.protocol, other.protocol) {
        (Protocol::Any, _) | (_, Protocol::Any) => true,
        (own, other) => own == other && first <= to && from <= last,
    }
}

#[cfg(test)]
mod tests;
