//! The rule that is missing, as it would be entered.

use std::fmt;

use ipnet::IpNet;

use crate::exposure::addresses;
use crate::model::{Action, Direction, Policy, Protocol, Rule};
use crate::sorting::sort_unique;
use crate::space::{AddressSet, PortSet};

/// One entry of a network ACL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its number: free, and before every rule that would take its packets; `None` where no such number is left.
    pub number: Option<u32>,
    /// Which way.
    pub direction: Direction,
    /// What it does.
    pub action: Action,
    /// Which protocol.
    pub protocol: u8,
    /// First port, or `type * 256 + code` of an ICMP message.
    pub first: u16,
    /// Last port, inclusive.
    pub last: u16,
    /// The other end.
    pub net: IpNet,
}

/// The numbers that a person may use (EC2 API reference, `CreateNetworkAclEntry`: 1 to 32766).
const LAST: u32 = 32_766;
/// New rules go here by custom, so that there is room between them.
const STEP: u32 = 10;

/// The numbers of one direction that are taken; whoever takes one gets a free one.
pub(super) struct Numbers {
    direction: Direction,
    taken: Vec<u32>,
}

impl Numbers {
    /// The numbers that a policy's rules have.
    pub(super) fn of(policy: &Policy, direction: Direction) -> Self {
        let mut taken: Vec<u32> = policy.rules.iter().filter(|rule| rule.direction == direction).filter_map(|rule| rule.priority).collect();
        sort_unique(&mut taken);
        Self { direction, taken }
    }

    /// Takes a number before `before`, as near to it as there is room; without a bound one behind all others.
    fn take(&mut self, before: Option<u32>) -> Option<u32> {
        let behind = self.taken.last().copied().unwrap_or(90).checked_div(STEP)?.saturating_add(1).saturating_mul(STEP);
        let number = match before {
            None if behind <= LAST => behind,
            _ => self.free_below(before.unwrap_or(LAST.saturating_add(1)))?,
        };
        if let Err(at) = self.taken.binary_search(&number) {
            self.taken.insert(at, number);
        }
        Some(number)
    }

    /// A free number below a bound: in the nearest gap, a round one where there is one.
    fn free_below(&self, bound: u32) -> Option<u32> {
        let mut upper = bound;
        loop {
            let at = self.taken.partition_point(|number| *number < upper);
            let lower = at.checked_sub(1).and_then(|at| self.taken.get(at)).copied().unwrap_or(0);
            let (first, last) = (lower.saturating_add(1), upper.saturating_sub(1));
            if first <= last {
                let round = last.checked_div(STEP)?.saturating_mul(STEP);
                return Some(if round >= first { round } else { last });
            }
            upper = Some(lower).filter(|lower| *lower > 0)?;
        }
    }
}

/// The fewest entries that admit `ports` of a protocol for all of `peers`. Where `free` addresses have them anyway they may be
/// covered, too. They go before every deny that would take their packets.
pub(super) fn allow(
    policy: &Policy,
    numbers: &mut Numbers,
    protocol: u8,
    (first, last): (u16, u16),
    peers: &AddressSet,
    free: &AddressSet,
) -> Vec<Line> {
    let direction = numbers.direction;
    let takes = |rule: &&Rule| {
        let speaks = matches!(rule.protocol, Protocol::Any) || rule.protocol == Protocol::Number(protocol);
        rule.direction == direction
            && rule.action != Action::Allow
            && speaks
            && ports_of(rule).intersects(&PortSet::run(first, last))
            && addresses(&rule.peer).intersects(peers)
    };
    let before = policy.rules.iter().filter(takes).filter_map(|rule| rule.priority).min();
    let line = |net| Line { number: numbers.take(before), direction, action: Action::Allow, protocol, first, last, net };
    cover(peers, free).into_iter().map(line).collect()
}

/// An entry that denies one port to everyone whom `rules`, allows that are there for replies, let reach it; before all of
/// them, and near, so that narrower allows before it stay. `None` where one stands behind.
pub fn deny_before(policy: &Policy, rules: &[u32], protocol: u8, port: u16, taken: &[Line]) -> Option<Line> {
    let mut numbers = Numbers::of(policy, Direction::Ingress);
    numbers.taken.extend(taken.iter().filter_map(|line| line.number));
    sort_unique(&mut numbers.taken);
    let of = |i: &u32| policy.rules.get(usize::try_from(*i).ok()?);
    let before = rules.iter().filter_map(of).filter_map(|rule| rule.priority).min()?;
    let speaks = |rule: &Rule| matches!(rule.protocol, Protocol::Any) || rule.protocol == Protocol::Number(protocol);
    let narrower = policy.rules.iter().zip(0_u32..).any(|(rule, i)| {
        let later = rule.priority.is_none_or(|number| number > before) && !rules.contains(&i);
        later && rule.direction == Direction::Ingress && rule.action == Action::Allow && speaks(rule) && ports_of(rule).contains(port)
    });
    let everyone = rules.iter().filter_map(of).fold(AddressSet::empty(), |all, rule| all.union(&addresses(&rule.peer)));
    let net = match cover(&everyone, &AddressSet::empty()).as_slice() {
        [only] if !narrower => *only,
        _ => return None,
    };
    let number = Some(numbers.take(Some(before))?);
    Some(Line { number, direction: Direction::Ingress, action: Action::Deny, protocol, first: port, last: port, net })
}

/// Rules of one direction whose numbers follow each other without a gap, three or more: a rule that must come between them
/// means renumbering. Pairs are common, for the two families. In the order of their numbers.
pub fn without_gaps(policy: &Policy, direction: Direction) -> Vec<u32> {
    let numbered = policy.rules.iter().zip(0_u32..).filter(|(rule, _)| rule.direction == direction);
    let mut rules: Vec<(u32, u32)> = numbered.filter_map(|(rule, i)| Some((rule.priority?, i))).collect();
    sort_unique(&mut rules);
    let mut runs: Vec<Vec<(u32, u32)>> = Vec::new();
    for (number, i) in rules {
        match runs.last_mut() {
            Some(run) if run.last().is_some_and(|(last, _)| last.checked_add(1) == Some(number)) => run.push((number, i)),
            _ => runs.push(vec![(number, i)]),
        }
    }
    runs.into_iter().filter(|run| run.len() >= 3).flatten().map(|(_, i)| i).collect()
}

/// The fewest prefixes that cover `wanted` and beside it nothing but `free`. The largest prefixes inside the union are
/// disjoint, and each that holds something wanted is needed; it is cut down to what it is needed for.
pub fn cover(wanted: &AddressSet, free: &AddressSet) -> Vec<IpNet> {
    let largest = wanted.union(free).to_nets();
    largest.into_iter().filter(|net| AddressSet::from_nets([*net]).intersects(wanted)).map(|net| narrowest(net, wanted)).collect()
}

/// The longest prefix inside `net` that holds all that is wanted of it.
fn narrowest(mut net: IpNet, wanted: &AddressSet) -> IpNet {
    let own = AddressSet::from_nets([net]).intersection(wanted);
    loop {
        let halves = net.prefix_len().checked_add(1).and_then(|length| net.subnets(length).ok()).into_iter().flatten();
        match halves.take(2).find(|half| own.is_subset(&AddressSet::from_nets([*half]))) {
            Some(half) => net = half,
            None => return net,
        }
    }
}

/// The ports a rule of TCP or UDP selects.
pub(super) fn ports_of(rule: &Rule) -> PortSet {
    use crate::model::Ports;
    match (&rule.ports, rule.protocol) {
        (_, Protocol::Any) | (Ports::All | Ports::Icmp(..), _) => PortSet::full(),
        (Ports::Range(first, last), _) => PortSet::run(*first, *last),
        (Ports::Set(set), _) => (**set).clone(),
        (Ports::Nothing, _) => PortSet::empty(),
    }
}

impl fmt::Display for Line {
    /// As a person would write it down: `outbound 130 allow tcp 1024-65535 to 0.0.0.0/0`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (way, to) = match self.direction {
            Direction::Ingress => ("inbound", "from"),
            Direction::Egress => ("outbound", "to"),
        };
        let number = self.number.map_or_else(|| "(a number before the denies)".to_owned(), |number| number.to_string());
        let action = if self.action == Action::Allow { "allow" } else { "deny" };
        let ports = match self.first.to_be_bytes() {
            [kind, code] if matches!(self.protocol, 1 | 58) => format!("{kind}/{code}"),
            _ if self.first == self.last => self.first.to_string(),
            _ => format!("{}-{}", self.first, self.last),
        };
        write!(f, "{way} {number} {action} {} {ports} {to} {}", Protocol::Number(self.protocol), self.net)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(nets: &[&str]) -> AddressSet {
        AddressSet::from_nets(nets.iter().map(|net| net.parse().unwrap()))
    }

    #[test]
    fn covers_are_as_few_as_can_be() {
        let all = set(&["0.0.0.0/0"]);
        let hole = set(&["192.0.2.0/24"]);
        let nets = |wanted: &AddressSet, free: &AddressSet| cover(wanted, free).iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(nets(&all.difference(&hole), &hole), ["0.0.0.0/0"]);
        assert_eq!(nets(&all.difference(&hole), &AddressSet::empty()).len(), 24);
        assert_eq!(nets(&hole, &all), ["192.0.2.0/24"], "no wider than it must be");
        assert_eq!(nets(&set(&["10.0.0.0/25", "2001:db8::/64"]), &set(&["10.0.0.128/25"])), ["10.0.0.0/25", "2001:db8::/64"]);
    }

    #[test]
    fn numbers_are_free_and_in_front_of_what_they_must_precede() {
        let numbers = |taken: &[u32]| Numbers { direction: Direction::Egress, taken: taken.to_vec() };
        assert_eq!(numbers(&[]).take(None), Some(100));
        assert_eq!(numbers(&[100, 130]).take(None), Some(140));
        assert_eq!(numbers(&[100, 130]).take(Some(130)), Some(120));
        assert_eq!(numbers(&[100, 103]).take(Some(103)), Some(102));
        assert_eq!(numbers(&[99, 100, 101]).take(Some(101)), Some(90));
        assert_eq!(numbers(&[1, 2]).take(Some(2)), None);
        assert_eq!(numbers(&[100, 32_766]).take(None), Some(32_760));
        let mut two = numbers(&[100]);
        assert_eq!((two.take(None), two.take(None)), (Some(110), Some(120)));
    }
}
