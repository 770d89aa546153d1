//! Google Cloud: VPC firewall rules and firewall policies, wherever they are written down.

mod ends;
mod estate;
mod find;
mod firewall;
mod listing;
mod names;
mod placed;
mod policy_rule;
pub(in crate::formats) mod resources;
mod what;

pub(in crate::formats) use listing::{FIREWALLS, together};
