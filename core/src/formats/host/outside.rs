//! What can come from outside: which interfaces packets of others come in by, and for which addresses.

use super::matches::Match;
use crate::formats::cx::{Cx, shown};
use crate::model::{Span, Unresolved};
use crate::sorting::sort_unique;
use crate::space::AddressSet;

/// The interfaces that a text names.
#[derive(Debug, Default)]
pub(super) struct Interfaces {
    named: Vec<String>,
    told: Vec<String>,
}

impl Interfaces {
    /// Takes note of a name before rules are read.
    pub(super) fn note(&mut self, name: &str) {
        if !is_loopback(name) && !is_virtual(name) {
            self.named.push(name.to_owned());
            sort_unique(&mut self.named);
        }
    }

    /// What a condition on the interface leaves of packets from outside; empty for the loopback interface, whose packets
    /// never come from another host. With one other interface in the whole text, that is where everyone comes in.
    pub(super) fn condition(&mut self, name: &str, negated: bool, at: Span, cx: &mut Cx<'_>) -> Vec<Match> {
        let everything = || vec![Match::all(AddressSet::full())];
        if is_loopback(name) {
            return if negated { everything() } else { Vec::new() };
        }
        let only = self.named.as_slice() == [name];
        let label = shown(name);
        let first = !self.told.iter().any(|told| told == name);
        if first {
            self.told.push(name.to_owned());
        }
        if only && !negated {
            if first {
                cx.warn(
                    at,
                    format!("`{label}` is the only interface named here, and is taken as the one that packets from outside come in by"),
                );
            }
            return everything();
        }
        if first {
            cx.error(
                at,
                format!("whether packets from outside come in by the interface `{label}` is not in the text; rules for it are in doubt"),
            );
        }
        let would_settle = format!("where the interface {label} leads");
        vec![Match::doubtful(Unresolved { name: format!("the interface {label}").into(), would_settle: would_settle.into() })]
    }
}

fn is_loopback(name: &str) -> bool {
    name == "lo"
}

fn is_virtual(name: &str) -> bool {
    virtual_prefix(name).is_some()
}

/// Bridges, tunnels and containers' ends: whoever comes in there is on the host's inner side.
pub(super) fn virtual_prefix(name: &str) -> Option<&'static str> {
    ["docker", "br-", "virbr", "veth", "lxc", "lxd", "cni", "flannel", "cali", "wg", "tun", "tap", "tailscale", "podman"]
        .into_iter()
        .find(|prefix| name.starts_with(prefix))
}

/// Addresses that no router sends on, so that only neighbours on the link reach them: loopback and link-local ones (RFC 1122,
/// 3927, 4291), multicast of link and site (RFC 5771, 2365, 4291), and the broadcast of the own link (RFC 919).
pub(super) fn never_routed() -> &'static AddressSet {
    static SET: std::sync::OnceLock<AddressSet> = std::sync::OnceLock::new();
    let nets = [
        "127.0.0.0/8",
        "169.254.0.0/16",
        "224.0.0.0/24",
        "239.0.0.0/8",
        "255.255.255.255/32",
        "::1/128",
        "fe80::/10",
        "ff01::/16",
        "ff02::/16",
        "ff05::/16",
    ];
    SET.get_or_init(|| AddressSet::from_nets(nets.iter().filter_map(|net| net.parse().ok())))
}
