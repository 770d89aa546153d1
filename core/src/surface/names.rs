//! Names of things, each where it holds: two templates may use one name for two things.

use std::collections::HashMap;

use crate::model::topology::is_local;

/// A name and the document it holds in; `None` for everywhere.
pub(super) type Key<'n> = (Option<u32>, &'n str);

/// What a document means by a name.
pub(super) fn key(name: &str, document: u32) -> Key<'_> {
    (is_local(name).then_some(document), name)
}

/// Policies by what texts call them: identifier, or address in a template.
#[derive(Debug, Default)]
pub(crate) struct Names(HashMap<Box<str>, Vec<(Option<u32>, u32)>>);

impl Names {
    /// Adds a name that a document has for a policy; of one name for two policies the first counts.
    pub(crate) fn add(&mut self, name: &str, document: u32, policy: u32) {
        let (holds_in, name) = key(name, document);
        let known = self.0.entry(name.into()).or_default();
        if !known.iter().any(|(other, _)| *other == holds_in) {
            known.push((holds_in, policy));
        }
    }

    /// The policy that a document means by a name.
    pub(crate) fn get(&self, name: &str, document: u32) -> Option<u32> {
        let (holds_in, name) = key(name, document);
        self.0.get(name)?.iter().find(|(other, _)| *other == holds_in).map(|(_, policy)| *policy)
    }
}

/// The name under which the firewall policy of Google Cloud is found that a document tells: its identifier is that of its network,
/// which the policies of all targets share.
pub(crate) fn of_target(policy: &str, document: u32) -> String {
    format!("{policy} of document {document}")
}
