//! The rules of a host as every tool has them: chains of lines, and the hooks from which they are walked.

use std::collections::HashMap;

use super::matches::Match;
use crate::model::{Direction, Origin, Span, Unresolved};
use crate::space::AddressSet;

/// What a line does with the packets it matches (iptables(8), "Targets"; nft(8), "Verdict statements").
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Verdict {
    /// They pass this hook's chain.
    Accept,
    /// They are gone, with or without an answer.
    Drop,
    /// They leave the chain, for the line after the one that jumped here; in a hook's own chain for its policy.
    Return,
    /// They walk another chain and come back.
    Jump(String),
    /// They walk another chain and come back to where this one was called.
    Goto(String),
    /// What becomes of them can't be told.
    Unclear(Unresolved),
}

/// One line of a chain.
#[derive(Clone, Debug)]
pub(super) struct Line {
    /// What it matches: any of these. A line that no new packet from outside can match has none.
    pub(super) matches: Vec<Match>,
    pub(super) verdict: Verdict,
    pub(super) at: Span,
    /// How people find it again, such as `INPUT 3`.
    pub(super) name: String,
    /// What its author wrote about it.
    pub(super) comment: Option<String>,
    /// Who put it there.
    pub(super) origin: Origin,
}

/// What becomes of packets that no line of a hook's chain decided.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Default {
    Accept,
    Drop,
    /// The text does not say.
    Missing(Unresolved),
}

/// Where the kernel hands packets to a chain.
#[derive(Clone, Debug)]
pub(super) struct Hook {
    pub(super) direction: Direction,
    /// Lower walks first.
    pub(super) priority: i64,
    /// The families whose packets it sees, whole.
    pub(super) families: AddressSet,
    pub(super) policy: Default,
}

/// A chain.
#[derive(Clone, Debug)]
pub(super) struct Chain {
    /// The name under which lines speak of it.
    pub(super) key: String,
    /// Its name as people write it.
    pub(super) name: String,
    pub(super) at: Span,
    pub(super) hook: Option<Hook>,
    pub(super) lines: Vec<Line>,
}

/// Chains by the names under which lines speak of them.
#[derive(Debug, Default)]
pub(super) struct Ruleset {
    pub(super) chains: Vec<Chain>,
    index: HashMap<String, usize>,
}

impl Ruleset {
    /// The chain under a key, which is made where there is none.
    pub(super) fn chain(&mut self, key: &str, name: &str, at: Span) -> Option<&mut Chain> {
        let next = self.chains.len();
        let found = *self.index.entry(key.to_owned()).or_insert(next);
        if found == next {
            self.chains.push(Chain { key: key.to_owned(), name: name.to_owned(), at, hook: None, lines: Vec::new() });
        }
        self.chains.get_mut(found)
    }

    /// The index of the chain under a key.
    pub(super) fn find(&self, key: &str) -> Option<usize> {
        self.index.get(key).copied()
    }
}
