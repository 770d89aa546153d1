//! Filters without memory: a reply is a packet like any other, so each connection needs a way back that some rule admits.
//!
//! Rules of a network ACL name destination ports only. The destination port of a reply is the port from which the client
//! began, so what is asked here is whether those ports are open the other way (AWS VPC User Guide, network ACLs, "Ephemeral
//! ports"). Everything stands on what the evaluator says is admitted: a request counts where it passes for certain, a reply
//! is missing where it passes under no resolution.

mod clients;
mod families;
mod flows;
mod health;
mod inner;
mod mend;
mod messages;
mod names;
mod nat;
mod opened;
mod replies;

pub use clients::{CLIENTS, Client, ClientKind, replies_among};
pub use families::{Wider, wider_in_ipv6};
pub use flows::{Flow, flows};
pub use health::{Unchecked, unchecked};
pub use inner::Inner;
pub use mend::{Line, cover, deny_before, without_gaps};
pub use messages::{Silenced, silenced};
pub use names::{OneTransport, one_transport};
pub use nat::{Broken, Leg, NatClient, broken_legs};
pub use opened::{Opened, opened};
pub use replies::{Dropped, Fate, dropped};
