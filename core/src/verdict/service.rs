//! What listens on a run of ports, and how bad it is when the whole internet may reach it.

use crate::catalog::{self, Category, Entry, Severity};
use crate::exposure::{Exposure, Protocols};

/// What an exposure opens, seen as one thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Every protocol.
    AllProtocols,
    /// Every port of TCP or of UDP.
    AllPorts,
    /// Some ports.
    Ports,
    /// Every ICMP message.
    AllMessages,
    /// ICMP redirects among them.
    Redirects,
    /// Some ICMP messages.
    Messages,
    /// A protocol without ports, or all that are not listed apart.
    Protocol,
}

/// What listens there.
#[derive(Clone, Debug)]
pub struct Service {
    /// What is open, as one thing.
    pub scope: Scope,
    /// The severity of the worst of it.
    pub severity: Severity,
    /// The catalog's rows in the run, by port; empty where the scope is all protocols.
    pub entries: Vec<&'static Entry>,
    /// Whether some port of the run is not in the catalog.
    pub unlisted: bool,
}

/// What a port counts as that the catalog does not know.
pub const UNLISTED: Severity = Severity::Medium;

impl Service {
    /// Looks up what an exposure opens.
    pub fn of(exposure: &Exposure) -> Self {
        match exposure.protocols {
            Protocols::All => Self { scope: Scope::AllProtocols, severity: Severity::Critical, entries: Vec::new(), unlisted: true },
            Protocols::Other => Self::plain(Scope::Protocol, UNLISTED),
            Protocols::Number(number @ (6 | 17)) => Self::ports(number, exposure.first, exposure.last),
            Protocols::Number(number @ (1 | 58)) => Self::messages(number, exposure.first, exposure.last),
            Protocols::Number(number) => Self::plain(Scope::Protocol, portless(number).map_or(UNLISTED, |(_, severity)| severity)),
        }
    }

    /// Whether a row of one of the categories is in the run.
    pub fn has(&self, categories: &[Category]) -> bool {
        self.entries.iter().any(|entry| categories.contains(&entry.category))
    }

    /// The rows that amplify over UDP, where this is UDP.
    pub fn amplifiers(&self, exposure: &Exposure) -> Vec<&'static Entry> {
        let udp = exposure.protocols == Protocols::Number(17);
        self.entries.iter().copied().filter(|entry| udp && entry.amplifies).collect()
    }

    fn ports(protocol: u8, first: u16, last: u16) -> Self {
        let mut entries: Vec<&'static Entry> = Vec::new();
        let mut listed = 0_u32;
        for piece in catalog::within(protocol, first, last) {
            let inside = u32::from(piece.last.min(last)).saturating_sub(u32::from(piece.first.max(first)));
            listed = listed.saturating_add(inside).saturating_add(1);
            // Rows are told apart by where they are, which is cheaper than by what they say.
            if !entries.iter().any(|entry| std::ptr::eq(*entry, piece.entry)) {
                entries.push(piece.entry);
            }
        }
        let unlisted = listed < u32::from(last).saturating_sub(u32::from(first)).saturating_add(1);
        let worst = entries.iter().map(|entry| entry.severity).max();
        let severity = worst.into_iter().chain(unlisted.then_some(UNLISTED)).max().unwrap_or(UNLISTED);
        // Port 0 is reserved, so 1 to 65,535 is every port as well.
        let scope = if first <= 1 && last == u16::MAX { Scope::AllPorts } else { Scope::Ports };
        Self { scope, severity, entries, unlisted }
    }

    fn messages(protocol: u8, first: u16, last: u16) -> Self {
        if first == 0 && last == u16::MAX {
            return Self::plain(Scope::AllMessages, UNLISTED);
        }
        let types = first.to_be_bytes()[0]..=last.to_be_bytes()[0];
        if types.contains(&redirect(protocol)) {
            return Self::plain(Scope::Redirects, UNLISTED);
        }
        let harmless = types.into_iter().all(|kind| harmless_message(protocol, kind));
        Self::plain(Scope::Messages, if harmless { Severity::Info } else { UNLISTED })
    }

    const fn plain(scope: Scope, severity: Severity) -> Self {
        Self { scope, severity, entries: Vec::new(), unlisted: true }
    }
}

/// Protocols without ports that are told apart: what they are, and how bad. Tunnels carry what the port filter would stop.
pub const fn portless(number: u8) -> Option<(&'static str, Severity)> {
    match number {
        4 => Some(("IP-in-IP tunnel", Severity::Medium)),
        41 => Some(("IPv6-in-IPv4 tunnel", Severity::Medium)),
        47 => Some(("GRE tunnel", Severity::Medium)),
        50 => Some(("IPsec ESP", Severity::Low)),
        51 => Some(("IPsec AH", Severity::Low)),
        _ => None,
    }
}

/// Redirect, by RFC 792 and RFC 4861.
const fn redirect(protocol: u8) -> u8 {
    if protocol == 58 { 137 } else { 5 }
}

/// Echo, the errors that path-MTU discovery and traceroute live on, and messages that never cross a router:
/// RFC 792, RFC 4443, and for what must not be filtered RFC 4890.
const fn harmless_message(protocol: u8, kind: u8) -> bool {
    match protocol {
        58 => matches!(kind, 1..=4 | 128 | 129 | 133..=136),
        _ => matches!(kind, 0 | 3 | 8 | 11 | 12),
    }
}
