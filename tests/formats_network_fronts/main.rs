//! Instances of Google Cloud without an external address, behind what hands traffic on to them.

mod passthrough;
mod proxies;
