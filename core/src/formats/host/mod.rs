//! Firewalls of single hosts: iptables, nftables and ufw.
//!
//! Each tool's text becomes chains of lines (`chains`, with what a line matches in `matches`), which are walked into one list of
//! rules (`flatten`) and put together as one policy (`policy`). Only what is for the host itself is judged, and only what begins
//! a connection: a line for established connections opens nothing, and the loopback interface is not outside.

mod addresses;
mod chains;
mod flatten;
mod iptables;
mod matches;
mod names;
mod nft;
mod outside;
mod policy;
mod ufw;
mod ufw_profiles;

use crate::model::Span;

pub(super) use iptables::IPTABLES;
pub(super) use nft::NFTABLES;
pub(super) use ufw::UFW;

/// Where a line stands.
fn span(start: usize, line: &str) -> Span {
    let indent = line.len().saturating_sub(line.trim_start().len());
    let at = |byte: usize| u32::try_from(byte).unwrap_or(u32::MAX);
    let start = start.saturating_add(indent);
    Span { start: at(start), end: at(start.saturating_add(line.trim().len())) }
}

/// Whether a word is of the name of a profile that ufw is known to have.
pub(crate) fn is_known_to_ufw(word: &str) -> bool {
    ufw_profiles::names(word)
}

/// What an interface is called before its own name, where it leads to the inner side of the host.
pub(crate) fn virtual_interface(name: &str) -> Option<&'static str> {
    outside::virtual_prefix(name)
}
