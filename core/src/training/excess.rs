//! The third meter: what is allowed minus what is needed, by set algebra.
//!
//! A point is a source, a protocol and a port (or an ICMP message); a protocol that has neither counts as one port. IPv4 is
//! counted in addresses and IPv6 in /64s; the members of a group are not known, so a group counts as one source. The protected end is
//! projected: allowed is who gets to any part of a policy.

use serde::Serialize;

use super::{Exercise, Extent, Zone};
use crate::audits::Subject;
use crate::exposure::{Exposure, Protocols, Sources, names_protocol, words};
use crate::model::{Action, Direction, Origin, Peer, Policy, Protocol, Symbol};
use crate::report;
use crate::review::Review;
use crate::sorting::{sort_by_key, sort_unique};
use crate::space::AddressSet;
use crate::verdict::Width;

/// Protocols that have ports or messages: ICMP, TCP, UDP, ICMPv6, SCTP.
const SPACIOUS: [u8; 5] = [1, 6, 17, 58, 132];

/// A largest run of ports at which the same sources are allowed and not needed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Surplus {
    /// What the policy is called.
    pub policy: String,
    /// `ingress` or `egress`.
    pub direction: &'static str,
    /// Protocol and ports: `22/tcp`.
    pub service: String,
    /// Who is allowed and not needed, in words.
    pub who: String,
    /// In one sentence.
    pub said: String,
    /// IPv4 addresses x ports.
    pub ipv4: u64,
    /// IPv6 /64s x ports, as a decimal string.
    pub ipv6_64s: String,
    /// Groups x ports.
    pub groups: u64,
    /// Lines that allow it, from 1; at most ten.
    pub lines: Vec<u32>,
}

/// The excess of a whole answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Amount {
    pub(super) v4: u128,
    pub(super) v6: u128,
    pub(super) groups: u128,
}

impl Amount {
    /// Everything as one number.
    pub(super) fn total(&self) -> u128 {
        self.v4.saturating_add(self.v6).saturating_add(self.groups)
    }

    fn of(sources: &Sources, points: u128) -> Self {
        let times = |count: u128| count.saturating_mul(points);
        Self {
            v4: times(u128::from(sources.addresses.count_v4())),
            v6: times(sources.addresses.count_v6_64s()),
            groups: times(u128::try_from(sources.symbols.len()).unwrap_or(u128::MAX)),
        }
    }

    fn plus(self, other: Self) -> Self {
        Self {
            v4: self.v4.saturating_add(other.v4),
            v6: self.v6.saturating_add(other.v6),
            groups: self.groups.saturating_add(other.groups),
        }
    }
}

/// What all policies allow beyond what is needed, the largest first, and whether that is all: a policy can be too intricate.
pub(super) fn excess(review: &Review, exercise: &Exercise) -> (Amount, Vec<Surplus>, bool) {
    let (mut amount, mut list, mut exact) = (Amount::default(), Vec::new(), true);
    let groups: Vec<Group<'_>> = exercise.zones.iter().filter_map(|zone| Group::of(review, zone)).collect();
    for index in 0..review.policies() {
        review.look(index, |subject, _| {
            exact &= !subject.evaluation.exhausted;
            for direction in exercise.measured.directions() {
                let own = Own { review, exercise, subject, index, direction: *direction, groups: &groups };
                for (size, surplus) in own.surpluses() {
                    amount = amount.plus(size);
                    list.push((size.total(), surplus));
                }
            }
        });
    }
    sort_by_key(&mut list, |(size, _)| std::cmp::Reverse(*size));
    (amount, list.into_iter().map(|(_, surplus)| surplus).collect(), exact)
}

/// A zone that is a group, with the policy it is and the names under which rules can speak of it.
struct Group<'e> {
    zone: &'e str,
    policy: Option<usize>,
    names: Vec<Box<str>>,
}

impl<'e> Group<'e> {
    fn of(review: &Review, zone: &'e Zone) -> Option<Self> {
        let Extent::Group(name) = &zone.extent else { return None };
        let called = |policy: &Policy| {
            let names = [&policy.id, &policy.name, &policy.address].into_iter().flatten().cloned().collect::<Vec<_>>();
            names.iter().any(|own| **own == **name).then_some(names)
        };
        let found = (0..review.policies()).find_map(|index| Some((index, called(&*review.policy(index)?)?)));
        let (policy, names) = found.map_or((None, Vec::new()), |(index, names)| (Some(index), names));
        Some(Self { zone: &zone.name, policy, names: names.into_iter().chain([name.as_str().into()]).collect() })
    }

    fn is(&self, symbol: &Symbol) -> bool {
        self.names.contains(&symbol.id)
    }
}

/// One policy in one direction.
struct Own<'o> {
    review: &'o Review,
    exercise: &'o Exercise,
    subject: &'o Subject<'o>,
    index: usize,
    direction: Direction,
    groups: &'o [Group<'o>],
}

/// Sources that are needed at one port of a protocol.
struct Need {
    protocol: u8,
    port: u16,
    sources: Sources,
}

impl Own<'_> {
    fn surpluses(&self) -> Vec<(Amount, Surplus)> {
        let needs = self.needs();
        let exposures: Vec<&Exposure> =
            self.subject.evaluation.exposures.iter().filter(|own| own.direction == self.direction && !own.is_closed()).collect();
        let mut named: Vec<u8> = SPACIOUS.to_vec();
        named.extend(needs.iter().map(|need| need.protocol));
        named.extend(exposures.iter().filter_map(|own| if let Protocols::Number(number) = own.protocols { Some(number) } else { None }));
        let rules = self.subject.policy.rules.iter().filter(|rule| rule.direction == self.direction);
        named.extend(rules.filter_map(|rule| if let Protocol::Number(number) = rule.protocol { Some(number) } else { None }));
        sort_unique(&mut named);
        let mut found = Vec::new();
        for number in &named {
            let by_rule = names_protocol(self.subject.policy, self.direction, *number);
            let here: Vec<&Exposure> = exposures.iter().filter(|own| own.protocols.hold_for(Some(*number), by_rule)).copied().collect();
            self.protocol(Some(*number), 1, &here, &needs, &mut found);
        }
        let rest = 256_u128.saturating_sub(u128::try_from(named.len()).unwrap_or(256));
        let here: Vec<&Exposure> = exposures.iter().filter(|own| own.protocols.hold_for(None, false)).copied().collect();
        self.protocol(None, rest, &here, &needs, &mut found);
        found
    }

    /// The excess in one protocol, or (with `None`) in each of `weight` others.
    fn protocol(&self, number: Option<u8>, weight: u128, here: &[&Exposure], needs: &[Need], found: &mut Vec<(Amount, Surplus)>) {
        let spacious = number.is_some_and(|number| SPACIOUS.contains(&number));
        let mut edges: Vec<u32> = vec![0, 65_536];
        let both = |first: u16, last: u16| [u32::from(first), u32::from(last).saturating_add(1)];
        if spacious {
            edges.extend(here.iter().flat_map(|own| both(own.first, own.last)));
            edges.extend(needs.iter().flat_map(|need| both(need.port, need.port)));
            sort_unique(&mut edges);
        }
        let mut open: Option<(u16, u16, Sources, Vec<u32>)> = None;
        for (first, next) in edges.iter().zip(edges.iter().skip(1)) {
            let (Ok(first), Ok(last)) = (u16::try_from(*first), u16::try_from(next.saturating_sub(1))) else { continue };
            let there = here.iter().filter(|own| own.first <= first && (!spacious || last <= own.last));
            let allowed = there.clone().fold(Sources::nobody(), |all, own| all.union(&own.possibly)).within(number);
            let wanted = needs.iter().filter(|need| Some(need.protocol) == number && (!spacious || need.port == first));
            let needed = wanted.fold(self.given(), |all, need| all.union(&need.sources));
            let left = less(&allowed, &needed);
            let rules: Vec<u32> = there.flat_map(|own| own.rules.iter().copied()).collect();
            match &mut open {
                Some((_, end, sources, lines)) if *sources == left && end.checked_add(1) == Some(first) => {
                    *end = last;
                    lines.extend(rules);
                }
                _ => {
                    found.extend(open.take().and_then(|run| self.surplus(number, weight, run)));
                    open = Some((first, last, left, rules));
                }
            }
        }
        found.extend(open.take().and_then(|run| self.surplus(number, weight, run)));
    }

    fn surplus(
        &self,
        number: Option<u8>,
        weight: u128,
        (first, last, sources, mut rules): (u16, u16, Sources, Vec<u32>),
    ) -> Option<(Amount, Surplus)> {
        if sources.is_empty() {
            return None;
        }
        let ports = u128::from(u32::from(last).saturating_sub(u32::from(first)).saturating_add(1));
        let spacious = number.is_some_and(|number| SPACIOUS.contains(&number));
        let size = Amount::of(&sources, if spacious { ports } else { weight });
        let protocols = number.map_or(Protocols::Other, Protocols::Number);
        let run = Exposure {
            direction: self.direction,
            protocols,
            first,
            last,
            local: crate::model::Local::Any,
            surely: Sources::nobody(),
            possibly: sources.clone(),
            rules: Vec::new(),
        };
        let (protocol, ports, icmp) = words::service(&run);
        let service = match protocols {
            Protocols::Other => "every other protocol".to_owned(),
            _ => words::named(&protocol, ports.as_deref(), icmp.as_deref()),
        };
        let (policy, who) = (self.subject.policy.label().to_owned(), self.who(&sources));
        let verb = if self.direction == Direction::Egress { "lets out" } else { "allows" };
        let to = if self.direction == Direction::Egress { "to" } else { "from" };
        sort_unique(&mut rules);
        let place = |rule: &u32| {
            let at = self.subject.policy.rules.get(usize::try_from(*rule).ok()?).filter(|rule| rule.origin != Origin::Implied)?.at;
            Some(report::at(self.review, at).line)
        };
        let mut lines: Vec<u32> = rules.iter().filter_map(place).take(10).collect();
        sort_unique(&mut lines);
        let number = |count: u128| u64::try_from(count).unwrap_or(u64::MAX);
        Some((
            size,
            Surplus {
                said: format!("{policy} {verb} {service} {to} {who}, which nobody needs"),
                policy,
                direction: words::direction(self.direction),
                service,
                who,
                ipv4: number(size.v4),
                ipv6_64s: size.v6.to_string(),
                groups: number(size.groups),
                lines,
            },
        ))
    }

    fn who(&self, sources: &Sources) -> String {
        let symbols = &self.subject.evaluation.symbols;
        let addresses = Sources::new(sources.addresses.clone(), Vec::new());
        let mut parts: Vec<String> = Vec::new();
        if !addresses.is_empty() {
            let words = Width::of(&addresses, symbols, &AddressSet::empty()).describe();
            parts.push(if words == "nobody" { "addresses that are nobody's".to_owned() } else { words });
        }
        parts.extend(sources.symbols.iter().filter_map(|i| symbols.get(usize::try_from(*i).ok()?)).map(|symbol| symbol.id.to_string()));
        parts.join(" and ")
    }

    /// What the platform adds by itself under a name: nobody wrote it, so nobody can take it out.
    fn given(&self) -> Sources {
        let rules = self.subject.policy.rules.iter();
        let implied =
            rules.filter(|rule| rule.direction == self.direction && rule.origin == Origin::Implied && rule.action == Action::Allow);
        let named = implied.filter_map(|rule| if let Peer::Symbol(symbol) = &rule.peer { Some(&symbol.id) } else { None });
        let ids: Vec<&Box<str>> = named.collect();
        self.symbols(AddressSet::empty(), |symbol| ids.contains(&&symbol.id))
    }

    fn needs(&self) -> Vec<Need> {
        let mut needs = Vec::new();
        for flow in self.exercise.flows.iter().filter(|flow| flow.allow) {
            let (own, other) = match self.direction {
                Direction::Ingress => (&flow.destination, &flow.source),
                Direction::Egress => (&flow.source, &flow.destination),
            };
            let here = self.groups.iter().any(|group| group.zone == own && group.policy == Some(self.index));
            let Some(zone) = self.exercise.zone(other).filter(|_| here) else { continue };
            let group = self.groups.iter().find(|group| group.zone == other);
            let sources = self.symbols(zone.extent.addresses().unwrap_or_default(), |symbol| group.is_some_and(|group| group.is(symbol)));
            needs.push(Need { protocol: flow.protocol, port: flow.port, sources });
        }
        needs
    }

    fn symbols(&self, addresses: AddressSet, is: impl Fn(&Symbol) -> bool) -> Sources {
        let all = self.subject.evaluation.symbols.iter().zip(0_u32..);
        Sources::new(addresses, all.filter(|(symbol, _)| is(symbol)).map(|(_, i)| i).collect())
    }
}

/// Those who are allowed and not needed. Where every address is needed, so is every member of a group.
fn less(allowed: &Sources, needed: &Sources) -> Sources {
    let addresses = allowed.addresses.difference(&needed.addresses);
    let kept = |symbol: &&u32| !needed.addresses.is_full() && needed.symbols.binary_search(symbol).is_err();
    Sources::new(addresses, allowed.symbols.iter().filter(kept).copied().collect())
}
