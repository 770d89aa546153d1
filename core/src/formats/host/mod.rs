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
mod outside;
mod policy;

pub(super) use iptables::IPTABLES;
