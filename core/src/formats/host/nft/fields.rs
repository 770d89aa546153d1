//! The left side of a match, and which packets have some of the values on its right (nft(8), "Expressions").
//!
//! Asked is always about the first packet of a connection that comes from another host.

use super::values::{address, number};
use crate::formats::cx::{Cx, shown};
use crate::formats::host::matches::{Match, V4, V6, both, family};
use crate::formats::host::names::{self, PORTED};
use crate::formats::host::outside::{Interfaces, never_routed};
use crate::formats::value::{Kind, Value};
use crate::model::{Direction, Protocol, Span};
use crate::space::{AddressSet, IntervalSet, PortSet};

/// What is looked at in a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    Address {
        v6: bool,
        source: bool,
    },
    /// `tcp dport`, or `th dport` for every protocol that has ports.
    Port {
        protocol: Option<u8>,
        source: bool,
    },
    IcmpType {
        v6: bool,
    },
    IcmpCode {
        v6: bool,
    },
    /// `meta l4proto`, `ip protocol`, `ip6 nexthdr`.
    Protocol {
        v4: bool,
        v6: bool,
    },
    Family,
    State,
    ConnectionDirection,
    Flags,
    Interface {
        incoming: bool,
    },
    AddressType,
    PacketType,
}

/// What is known around a match.
pub(super) struct Around<'a, 'c> {
    pub(super) cx: &'a mut Cx<'c>,
    pub(super) interfaces: &'a mut Interfaces,
    pub(super) direction: Direction,
    pub(super) untracked: bool,
    pub(super) at: Span,
}

impl Field {
    /// What the left side of a match looks at, where that is understood.
    pub(super) fn read(left: &Value) -> Option<Self> {
        if let Some(payload) = left.some("payload") {
            let (protocol, field) = (payload.text_of("protocol")?, payload.text_of("field")?);
            return match (protocol, field) {
                ("ip" | "ip6", "saddr" | "daddr") => Some(Self::Address { v6: protocol == "ip6", source: field == "saddr" }),
                ("ip", "protocol") => Some(Self::Protocol { v4: true, v6: false }),
                ("ip6", "nexthdr") => Some(Self::Protocol { v4: false, v6: true }),
                ("icmp" | "icmpv6", "type") => Some(Self::IcmpType { v6: protocol == "icmpv6" }),
                ("icmp" | "icmpv6", "code") => Some(Self::IcmpCode { v6: protocol == "icmpv6" }),
                ("tcp", "flags") => Some(Self::Flags),
                ("th", "sport" | "dport") => Some(Self::Port { protocol: None, source: field == "sport" }),
                (_, "sport" | "dport") => match names::protocol(protocol)? {
                    Protocol::Number(number) => Some(Self::Port { protocol: Some(number), source: field == "sport" }),
                    Protocol::Any => None,
                },
                _ => None,
            };
        }
        if let Some(meta) = left.some("meta") {
            return match meta.text_of("key")? {
                "l4proto" => Some(Self::Protocol { v4: true, v6: true }),
                "nfproto" | "protocol" => Some(Self::Family),
                "iif" | "iifname" => Some(Self::Interface { incoming: true }),
                "oif" | "oifname" => Some(Self::Interface { incoming: false }),
                "pkttype" => Some(Self::PacketType),
                _ => None,
            };
        }
        if let Some(fib) = left.some("fib") {
            let to_here = fib.items_of("flags").iter().all(|flag| flag.text() == Some("daddr"));
            return (fib.text_of("result") == Some("type") && to_here).then_some(Self::AddressType);
        }
        match left.some("ct")?.text_of("key")? {
            "state" => Some(Self::State),
            "direction" => Some(Self::ConnectionDirection),
            _ => None,
        }
    }

    /// The packets in which the field has one of the members, or none of them where `negated`; `None` where a member is not
    /// understood.
    pub(super) fn boxes(self, members: &[&Value], negated: bool, around: &mut Around<'_, '_>) -> Option<Vec<Match>> {
        let texts = || members.iter().map(|member| member.text()).collect::<Option<Vec<&str>>>();
        let incoming = around.direction == Direction::Ingress;
        match self {
            Self::Address { v6, source } => {
                let listed = members.iter().map(|member| address(member)).collect::<Option<Vec<AddressSet>>>()?;
                let listed = union(&listed);
                let all = family(if v6 { V6 } else { V4 });
                let set = if negated { all.difference(&listed) } else { listed.intersection(&all) };
                Some(ends(set, source == incoming))
            }
            Self::Port { protocol, source } => {
                let ports = numbers(members, &|_| None)?;
                let ports = if negated { ports.complement() } else { ports };
                let numbers: Vec<u8> = protocol.map_or_else(|| PORTED.to_vec(), |number| vec![number]);
                Some(numbers.into_iter().filter_map(|number| service(number, ports.clone(), source)).collect())
            }
            Self::IcmpType { v6 } => {
                let types = numbers(members, &|name| names::icmp_type(name, v6).map(u16::from))?;
                let spread = |(first, last): &(u16, u16)| (first.saturating_mul(256), last.saturating_mul(256).saturating_add(255));
                let messages = PortSet::from_runs(types.intersection(&PortSet::run(0, 255)).runs().iter().map(spread).collect());
                Some(messages_of(v6, messages, negated))
            }
            Self::IcmpCode { v6 } => {
                let codes = numbers(members, &|name| names::icmp_code(name, v6).map(u16::from))?;
                let of_type = |kind: u16| {
                    codes.runs().iter().map(move |(first, last)| (kind.saturating_add(*first), kind.saturating_add((*last).min(255))))
                };
                let messages = PortSet::from_runs((0..256_u16).flat_map(|kind| of_type(kind.saturating_mul(256))).collect());
                Some(messages_of(v6, messages, negated))
            }
            Self::Protocol { v4, v6 } => {
                let name = |name: &str| match names::protocol(name)? {
                    Protocol::Number(number) => Some(u16::from(number)),
                    Protocol::Any => None,
                };
                let listed = numbers(members, &name)?;
                let listed = if negated { listed.complement() } else { listed }.intersection(&PortSet::run(0, 255));
                let within = if v4 && v6 { AddressSet::full() } else { family(if v6 { V6 } else { V4 }) };
                let each = listed.runs().iter().flat_map(|(first, last)| *first..=*last).filter_map(|number| u8::try_from(number).ok());
                Some(each.filter_map(|number| Match::protocol(Protocol::Number(number)).of(&within)).collect())
            }
            Self::Family => {
                let is = |text: &str| match text {
                    "ipv4" | "ip" => Some(family(V4)),
                    "ipv6" | "ip6" => Some(family(V6)),
                    _ => None,
                };
                let listed = texts()?.into_iter().map(is).collect::<Option<Vec<AddressSet>>>()?;
                let listed = union(&listed);
                let set = if negated { AddressSet::full().difference(&listed) } else { listed };
                Some(if set.is_empty() { Vec::new() } else { vec![Match::all(set)] })
            }
            Self::State if around.untracked => None,
            // The first packet of a connection is `new`; others belong to one that was let in, or to none.
            Self::State => {
                let known = ["new", "established", "related", "invalid", "untracked"];
                let states = texts()?;
                states.iter().all(|state| known.contains(state)).then(|| always(states.contains(&"new") != negated))
            }
            Self::ConnectionDirection => Some(always(texts()?.contains(&"original") != negated)),
            // Masks and lists of flags are read with their operators; alone it is a set of exact values.
            Self::Flags => None,
            // The wrong side of the host is no condition that a packet there can meet.
            Self::Interface { incoming: side } if side != incoming => Some(always(negated)),
            Self::Interface { .. } => interfaces(&texts()?, negated, around),
            // What reaches these hooks is for an address of the host, a broadcast or a group of it; of these only the first
            // comes from afar.
            Self::AddressType if incoming => Some(always(texts()?.contains(&"local") != negated)),
            Self::PacketType if incoming => Some(always(texts()?.iter().any(|kind| ["host", "unicast"].contains(kind)) != negated)),
            Self::AddressType | Self::PacketType => None,
        }
    }

    /// The packets in which a number lies on one side of a bound, for the operators `<`, `>`, `<=` and `>=`.
    pub(super) fn beyond(self, operator: &str, bound: &Value) -> Option<Vec<Match>> {
        let Self::Port { protocol, source } = self else { return None };
        let Kind::Int(bound) = bound.kind else { return None };
        let bound = u16::try_from(bound).ok()?;
        let ports = match operator {
            "<" => bound.checked_sub(1).map(|last| PortSet::run(0, last)).unwrap_or_default(),
            "<=" => PortSet::run(0, bound),
            ">" => bound.checked_add(1).map(|first| PortSet::run(first, u16::MAX)).unwrap_or_default(),
            ">=" => PortSet::run(bound, u16::MAX),
            _ => return None,
        };
        let numbers: Vec<u8> = protocol.map_or_else(|| PORTED.to_vec(), |number| vec![number]);
        Some(numbers.into_iter().filter_map(|number| service(number, ports.clone(), source)).collect())
    }
}

/// Everything or nothing.
pub(super) fn always(matches: bool) -> Vec<Match> {
    if matches { vec![Match::all(AddressSet::full())] } else { Vec::new() }
}

/// All at once, since sets can have thousands of elements.
fn union(sets: &[AddressSet]) -> AddressSet {
    AddressSet {
        v4: IntervalSet::from_runs(sets.iter().flat_map(|set| set.v4.runs()).copied().collect()),
        v6: IntervalSet::from_runs(sets.iter().flat_map(|set| set.v6.runs()).copied().collect()),
    }
}

fn ends(set: AddressSet, far: bool) -> Vec<Match> {
    let all = Match::all(AddressSet::full());
    if set.is_empty() || !far && set.is_subset(never_routed()) {
        return Vec::new();
    }
    both(&[if far { Match { peer: set, ..all.clone() } } else { Match { local: set, ..all.clone() } }], &[all])
}

fn service(number: u8, ports: PortSet, source: bool) -> Option<Match> {
    let all = Match::protocol(Protocol::Number(number));
    let service = if source { Match { source_ports: ports, ..all.clone() } } else { Match { ports, ..all.clone() } };
    service.and(&all)
}

fn messages_of(v6: bool, messages: PortSet, negated: bool) -> Vec<Match> {
    let messages = if negated { messages.complement() } else { messages };
    let (protocol, all) = if v6 { (Protocol::ICMPV6, family(V6)) } else { (Protocol::ICMP, family(V4)) };
    let own = Match { ports: messages, ..Match::protocol(protocol) };
    own.of(&all).into_iter().collect()
}

fn numbers(members: &[&Value], named: &dyn Fn(&str) -> Option<u16>) -> Option<PortSet> {
    let all = members.iter().map(|member| number(member, named)).collect::<Option<Vec<PortSet>>>()?;
    Some(PortSet::from_runs(all.iter().flat_map(PortSet::runs).copied().collect()))
}

/// Several names are as many conditions: one of them, or with `negated` none.
fn interfaces(names: &[&str], negated: bool, around: &mut Around<'_, '_>) -> Option<Vec<Match>> {
    let mut found: Vec<Match> = if negated { always(true) } else { Vec::new() };
    for name in names {
        let own = around.interfaces.condition(name, negated, around.at, around.cx);
        if negated {
            found = both(&found, &own);
        } else {
            found.extend(own);
        }
    }
    Some(found)
}

/// Whether a packet with SYN alone, as a connection begins, has the flags that are asked for: `tcp flags syn`, `tcp flags &
/// (fin|syn|rst|ack) == syn` and their like.
pub(super) fn flags(left: &Value, operator: &str, right: &Value) -> Option<Vec<Match>> {
    let known = |value: &Value| -> Option<Vec<String>> {
        // `[..]` and `{"|": [..]}` are the same list of flags.
        let list = value.some("|").unwrap_or(value);
        let names = list.items().iter().map(|flag| flag.text().map(str::to_owned));
        let names: Vec<String> = if list.int() == Some(0) { Vec::new() } else { names.collect::<Option<_>>()? };
        let all = ["fin", "syn", "rst", "psh", "ack", "urg"];
        names.iter().all(|name| all.contains(&name.as_str())).then_some(names)
    };
    let syn = |flags: &[String]| flags.iter().any(|flag| flag == "syn");
    let (masked, right) = (left.some("&"), known(right)?);
    let matches = match (masked.map(Value::items), operator) {
        (Some([field, mask]), "==" | "!=") if Field::read(field) == Some(Field::Flags) => {
            let mask = known(mask)?;
            (syn(&mask) == syn(&right) && right.iter().all(|flag| flag == "syn")) == (operator == "==")
        }
        // One of the flags is set.
        (None, "in") => syn(&right),
        (None, "!") => !syn(&right),
        // All flags together are these, ECN's own included, which may be set beside SYN.
        (None, "==") if !syn(&right) => false,
        (None, "!=") if !syn(&right) => true,
        _ => return None,
    };
    Some(if matches { vec![Match::protocol(Protocol::TCP)] } else { Vec::new() })
}

/// How a message names what is not understood, much as nft writes it.
pub(super) fn spelled(value: &Value) -> String {
    fn spell(value: &Value, depth: u8, into: &mut Vec<String>) {
        // Where it is put together from parts, its own name says nothing.
        const SILENT: [&str; 11] = ["key", "protocol", "field", "payload", "meta", "match", "val", "set", "name", "type", "expr"];
        match &value.kind {
            Kind::Map(entries) if depth < 4 => {
                for (key, inner) in entries {
                    if !SILENT.contains(&key.as_str()) {
                        into.push(key.clone());
                    }
                    spell(inner, depth.saturating_add(1), into);
                }
            }
            Kind::List(_) | Kind::Map(_) => into.push("…".to_owned()),
            _ => into.extend(value.to_text()),
        }
    }
    let mut words = Vec::new();
    spell(value, 0, &mut words);
    shown(&words.join(" "))
}
