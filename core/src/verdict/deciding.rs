//! Which lines decide a verdict, and one packet that proves it.

use std::cmp::Reverse;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::{Judged, Reach, Service, Verdict};
use crate::catalog::{self, Entry};
use crate::exposure::{Evaluation, Exposure, Protocols, Sources, addresses, selected};
use crate::model::{Peer, Policy, Protocol, Rule};
use crate::sorting::sort_by;
use crate::space::{AddressSet, Free, Grid, PortSet, documentation, private, public};

/// One concrete packet that the policy admits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Witness {
    /// An address, or the name of a group.
    pub source: String,
    /// A protocol's name or number.
    pub protocol: String,
    /// The destination port, where the protocol has one.
    pub port: Option<u16>,
    /// ICMP type and code.
    pub icmp: Option<(u8, u8)>,
}

/// The rules that decide an exposure's verdict, the most telling first: as few as are needed to admit everyone who counts.
pub fn deciding_rules(policy: &Policy, exposure: &Exposure, judged: &Judged) -> Vec<u32> {
    deciding_rules_at(policy, exposure, judged, PortSet::run(exposure.first, exposure.last))
}

/// The same for some of the exposure's ports: neighbours that are open to the same sources are one run, and a rule may have to do
/// with a part of it only.
pub fn deciding_rules_at(policy: &Policy, exposure: &Exposure, judged: &Judged, ports: PortSet) -> Vec<u32> {
    let number = match exposure.protocols {
        Protocols::Number(number) => Some(number),
        Protocols::All | Protocols::Other => None,
    };
    let ports_of = |rule: &Rule| PortSet::from_runs(selected(rule, number)).intersection(&ports);
    let there = |i: &u32| {
        let rule = policy.rules.get(usize::try_from(*i).ok()?)?;
        Some((*i, rule, ports_of(rule))).filter(|(.., ports)| !ports.is_empty())
    };
    let rules: Vec<(u32, &Rule, PortSet)> = exposure.rules.iter().filter_map(there).collect();
    let all = |rules: &[(u32, &Rule, PortSet)]| rules.iter().map(|(i, ..)| *i).collect();
    let open = judged.if_open.is_some_and(|(open, _)| open >= judged.verdict) && judged.verdict >= Verdict::Caution;
    if open && judged.verdict != Verdict::Dangerous {
        let unresolved: Vec<u32> = rules.iter().filter(|(_, rule, _)| is_unresolved(rule)).map(|(i, ..)| *i).collect();
        if !unresolved.is_empty() {
            return unresolved;
        }
    }
    let left = counting(&exposure.surely.addresses, judged.reach);
    if rules.len() <= 1 || left.is_empty() {
        return all(&rules);
    }
    // What is admitted for certain, no rule in doubt admits.
    let certain = rules.iter().filter(|(_, rule, _)| rule.doubt.is_none());
    let mut parts: Vec<(Rank, &PortSet, AddressSet)> = certain
        .map(|(i, rule, own)| {
            let part = addresses(&rule.peer).intersection(&left);
            ((own != &ports, Reverse((part.count_v4(), part.count_v6_64s(), own.count())), *i), own, part)
        })
        .collect();
    sort_by(&mut parts, |(a, ..), (b, ..)| a.cmp(b));
    let grid = Grid::new(parts.iter().map(|(.., part)| part).chain([&left]));
    let mut everyone = Free::new(grid.len());
    let mut behind = 0;
    for (first, end) in grid.runs(&left).into_iter().chain([(grid.len(), grid.len())]) {
        everyone.take((behind, first), |_| true);
        behind = end;
    }
    // Who still has to be admitted, where.
    let mut wanted = vec![(ports, everyone)];
    let mut deciding = Vec::new();
    for ((.., i), own, part) in parts {
        if wanted.is_empty() {
            break;
        }
        let part = grid.runs(&part);
        let mut still = Vec::with_capacity(wanted.len());
        let mut decides = false;
        for (ports, mut left) in wanted {
            let both = ports.intersection(own);
            if both.is_empty() || part.iter().all(|run| left.is_gone(*run)) {
                still.push((ports, left));
                continue;
            }
            decides = true;
            let elsewhere = ports.difference(own);
            if !elsewhere.is_empty() {
                still.push((elsewhere, left.clone()));
            }
            for run in &part {
                left.take(*run, |_| true);
            }
            if !left.is_gone((0, grid.len())) {
                still.push((both, left));
            }
        }
        wanted = still;
        if decides {
            deciding.push(i);
        }
    }
    deciding
}

/// How telling a rule is: those that are about all of the ports first, then the widest; of equals the one that stands first.
type Rank = (bool, Reverse<(u64, u128, u128)>, u32);

/// One packet that gets in, for certain; `None` where nothing is certain. `about` is the service it should speak of, else
/// the worst one.
pub fn witness(evaluation: &Evaluation<'_>, exposure: &Exposure, judged: &Judged, about: Option<&Entry>) -> Option<Witness> {
    let source = source(evaluation, &exposure.surely)?;
    let plain = |protocol: String| Witness { source: source.clone(), protocol, port: None, icmp: None };
    Some(match exposure.protocols {
        // Any packet proves it; this is the one that everybody knows.
        Protocols::All => Witness { port: Some(22), ..plain("tcp".to_owned()) },
        Protocols::Other => plain("a protocol not listed here".to_owned()),
        Protocols::Number(number @ (6 | 17)) => {
            Witness { port: Some(telling_port(number, exposure, &judged.service, about)), ..plain(Protocol::Number(number).to_string()) }
        }
        Protocols::Number(number @ (1 | 58)) => {
            let echo = u16::from_be_bytes([if number == 1 { 8 } else { 128 }, 0]);
            let message = if exposure.first <= echo && echo <= exposure.last { echo } else { exposure.first };
            let [kind, code] = message.to_be_bytes();
            Witness { icmp: Some((kind, code)), ..plain(Protocol::Number(number).to_string()) }
        }
        Protocols::Number(number) => plain(Protocol::Number(number).to_string()),
    })
}

/// Whether a rule depends on something that is not in the text.
pub fn is_unresolved(rule: &Rule) -> bool {
    fn open(peer: &Peer) -> bool {
        match peer {
            Peer::Unresolved(_) => true,
            Peer::Union(peers) => peers.iter().any(open),
            _ => false,
        }
    }
    rule.doubt.is_some() || open(&rule.peer)
}

/// The part of the sources that the verdict rests on: the public part where there is one, else the private one.
fn counting(sources: &AddressSet, reach: Reach) -> AddressSet {
    let open = sources.intersection(public()).union(&sources.intersection(documentation()));
    if !open.is_empty() || reach >= Reach::Public && reach != Reach::Unknown { open } else { sources.intersection(private()) }
}

/// The first address that can be a source, a public one where there is one; else a group's name.
fn source(evaluation: &Evaluation<'_>, sources: &Sources) -> Option<String> {
    let part =
        [public(), documentation(), private()].into_iter().map(|space| sources.addresses.intersection(space)).find(|part| !part.is_empty());
    if let Some(part) = part {
        return Some(first_host(&part)?.to_string());
    }
    let symbol = sources.symbols.first().and_then(|i| evaluation.symbols.get(usize::try_from(*i).ok()?))?;
    Some(symbol.id.to_string())
}

/// The protocol and the port (or ICMP's `type * 256 + code`) that tell most about an exposure.
pub fn telling_packet(exposure: &Exposure, judged: &Judged) -> (u8, u16) {
    match exposure.protocols {
        Protocols::All => (6, 22),
        // A number that IANA keeps for experiments (RFC 3692), so that no rule names it.
        Protocols::Other => (253, 0),
        Protocols::Number(number @ (6 | 17)) => (number, telling_port(number, exposure, &judged.service, None)),
        Protocols::Number(number) => (number, exposure.first),
    }
}

/// The first address of a set, one further where that looks like the name of a network and the next is in the set, too.
pub(crate) fn first_host(set: &AddressSet) -> Option<IpAddr> {
    if let Some(first) = set.v4.first() {
        let next = first.checked_add(1).filter(|next| first & 0xff == 0 && set.v4.contains(*next));
        return Some(IpAddr::V4(Ipv4Addr::from(next.unwrap_or(first))));
    }
    let first = set.v6.first()?;
    let next = first.checked_add(1).filter(|next| first & 0xffff == 0 && set.v6.contains(*next));
    Some(IpAddr::V6(Ipv6Addr::from(next.unwrap_or(first))))
}

/// The port of the service in question in the run, else its first port (port 0 is reserved).
fn telling_port(protocol: u8, exposure: &Exposure, service: &Service, about: Option<&Entry>) -> u16 {
    let worst = service.entries.iter().copied().max_by_key(|entry| (entry.severity, Reverse(entry.first)));
    let pieces = |wanted| catalog::within(protocol, exposure.first, exposure.last).find(|piece| piece.entry == wanted);
    match about.or(worst).and_then(pieces) {
        Some(piece) => piece.first.max(exposure.first),
        None if exposure.first == 0 && exposure.last > 0 => 1,
        None => exposure.first,
    }
}
