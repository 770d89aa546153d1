//! Google Cloud: VPC firewall rules and firewall policies, wherever they are written down, and the instances that they are for.

mod ends;
mod estate;
mod find;
mod firewall;
mod front;
mod instance;
mod listing;
mod names;
mod placed;
mod policy_rule;
pub(in crate::formats) mod resources;
mod what;

pub(in crate::formats) use listing::{FIREWALLS, FORWARDING, INSTANCES, together};
