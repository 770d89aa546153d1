//! Azure network security groups: as the platform prints them, as ARM templates and as Bicep.
//!
//! What a rule means is in `rule` and `side`, what a group is in `group`; every format ends there, Terraform's, too.

mod bicep;
mod group;
mod listing;
mod network;
pub(super) mod parameters;
mod ports;
mod rule;
mod side;
mod tags;
mod template;

pub(super) use bicep::BICEP;
pub(super) use group::Group;
pub(super) use listing::{EFFECTIVE, GROUPS, RULES};
pub(super) use network::{ADDRESSES, INTERFACES, NETWORKS};
pub(super) use template::arm::TEMPLATES;

/// Who is behind a word, if it is a service tag.
pub(crate) fn service_tag(word: &str) -> Option<crate::model::Peer> {
    tags::peer(word)
}

/// Whether a word is a service tag.
pub(crate) fn is_service_tag(word: &str) -> bool {
    tags::peer(word).is_some()
}
