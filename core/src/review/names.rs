//! Names that one document leaves open and another, or the person, defines.

use std::borrow::Cow;

use super::{Review, unresolved_of};
use crate::formats::Meaning;
use crate::model::{NamedSet, Peer, Policy, Symbol};
use crate::sorting::sort_unique;
use crate::verdict::is_unresolved;

impl Review {
    /// Entries of a prefix list without an id belong to the only list that is missing; if several are, nobody can tell.
    pub(super) fn name_the_unnamed(&mut self) {
        let Some(meaning) = self.definitions.remove(UNNAMED) else { return };
        let open = self.later.iter().flat_map(|(_, policy)| policy.rules.iter().flat_map(unresolved_of));
        let mut names: Vec<&str> = open.map(|missing| &*missing.name).filter(|name| name.starts_with("pl-")).collect();
        sort_unique(&mut names);
        if let [only] = names.as_slice() {
            self.definitions.insert((*only).to_owned(), meaning);
        }
    }

    /// A policy with the names settled that are defined.
    pub(super) fn settled<'p>(&self, policy: Cow<'p, Policy>) -> Cow<'p, Policy> {
        if self.definitions.is_empty() || !policy.rules.iter().any(is_unresolved) {
            return policy;
        }
        let mut policy = policy.into_owned();
        policy.rules.iter_mut().for_each(|rule| self.settle(&mut rule.peer));
        Cow::Owned(policy)
    }

    fn settle(&self, peer: &mut Peer) {
        match peer {
            Peer::Union(peers) => peers.iter_mut().for_each(|peer| self.settle(peer)),
            Peer::Unresolved(missing) => {
                let name = missing.name.clone();
                match self.definitions.get(&*name) {
                    Some(Meaning::Addresses(set)) => *peer = Peer::Named(Box::new(NamedSet { name, set: set.clone() })),
                    Some(Meaning::Provided(kind)) => *peer = Peer::Symbol(Box::new(Symbol { kind: *kind, id: name, account: None })),
                    None => {}
                }
            }
            _ => {}
        }
    }
}

/// Entries whose prefix list is not named.
pub(super) const UNNAMED: &str = "";

/// A prefix list's id inside a document's name, as in `pl-0123456789abcdef0.json`.
pub(super) fn list_id(name: &str) -> Option<&str> {
    let start = name.find("pl-")?;
    let rest = name.get(start..)?;
    let end = rest.find(|letter: char| letter != '-' && !letter.is_ascii_alphanumeric()).unwrap_or(rest.len());
    rest.get(..end).filter(|id| id.len() > 3)
}
