//! Which policy of one review is which of the other.

use std::collections::HashMap;

use crate::model::{Policy, PolicyKind};
use crate::review::Review;

/// What told that two policies are the same one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum By {
    Id,
    Address,
    Name,
    /// Everything it admits; its names differ.
    Exposures,
}

impl By {
    /// The word in the output.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::Address => "address",
            Self::Name => "name",
            Self::Exposures => "exposures",
        }
    }
}

/// A policy on either side, or on both.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Match {
    pub(super) before: Option<usize>,
    pub(super) after: Option<usize>,
    pub(super) by: Option<By>,
}

/// What a policy is called.
pub(super) struct Identity {
    pub(super) kind: PolicyKind,
    id: Option<Box<str>>,
    address: Option<Box<str>>,
    name: Option<Box<str>>,
}

impl Identity {
    fn of(policy: &Policy) -> Self {
        Self { kind: policy.kind, id: policy.id.clone(), address: policy.address.clone(), name: policy.name.clone() }
    }

    /// The words that a symbol may refer to it by, as in [`Policy::is_self`].
    fn words(&self) -> impl Iterator<Item = &str> {
        [self.id.as_deref().or(self.name.as_deref()), self.address.as_deref()].into_iter().flatten()
    }
}

/// The names of every policy of a review.
pub(super) fn identities(review: &Review) -> Vec<Option<Identity>> {
    (0..review.policies()).map(|index| review.policy(index).map(|policy| Identity::of(&policy))).collect()
}

/// Matches by id, else address, else name; in the order of the review after, what is gone last.
pub(super) fn matched(before: &[Option<Identity>], after: &[Option<Identity>]) -> Vec<Match> {
    let mut found: Vec<Match> = after.iter().enumerate().map(|(index, _)| Match { after: Some(index), ..Match::default() }).collect();
    let mut taken = vec![false; before.len()];
    for by in [By::Id, By::Address, By::Name] {
        let key = |identity: &'_ Option<Identity>| -> Option<(PolicyKind, Box<str>)> {
            let identity = identity.as_ref()?;
            let word = match by {
                By::Id => &identity.id,
                By::Address => &identity.address,
                By::Name | By::Exposures => &identity.name,
            };
            Some((identity.kind, word.clone()?))
        };
        let mut waiting: HashMap<(PolicyKind, Box<str>), Vec<usize>> = HashMap::new();
        for (index, identity) in before.iter().enumerate().rev() {
            if taken.get(index) == Some(&false)
                && let Some(key) = key(identity)
            {
                waiting.entry(key).or_default().push(index);
            }
        }
        let mut wanted: HashMap<(PolicyKind, Box<str>), usize> = HashMap::new();
        for (identity, _) in after.iter().zip(&found).filter(|(_, own)| own.before.is_none()) {
            if let Some(key) = key(identity) {
                let count = wanted.entry(key).or_default();
                *count = count.saturating_add(1);
            }
        }
        for (identity, own) in after.iter().zip(&mut found).filter(|(_, own)| own.before.is_none()) {
            let Some(key) = key(identity) else { continue };
            let Some(candidates) = waiting.get_mut(&key) else { continue };
            // Every network has its group called `default`: a name tells only where one policy has it.
            if by == By::Name && (candidates.len() > 1 || wanted.get(&key).is_some_and(|count| *count > 1)) {
                continue;
            }
            if let Some(index) = candidates.pop() {
                (own.before, own.by) = (Some(index), Some(by));
                if let Some(taken) = taken.get_mut(index) {
                    *taken = true;
                }
            }
        }
    }
    let gone = taken.iter().enumerate().filter(|(_, taken)| !**taken);
    found.extend(gone.map(|(index, _)| Match { before: Some(index), ..Match::default() }));
    found
}

/// For each word that a symbol may refer to a policy by, which match the policy belongs to.
pub(super) type Referred = HashMap<Box<str>, usize>;

/// The words of the policies on one side; `of` says which side.
pub(super) fn referred(identities: &[Option<Identity>], matches: &[Match], of: impl Fn(&Match) -> Option<usize>) -> Referred {
    let mut words = Referred::new();
    for (at, found) in matches.iter().enumerate() {
        let Some(Some(identity)) = of(found).and_then(|index| identities.get(index)) else { continue };
        for word in identity.words() {
            words.entry(word.into()).or_insert(at);
        }
    }
    words
}
