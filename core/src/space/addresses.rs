//! Sets of IPv4 and IPv6 addresses, kept apart by family: a packet belongs to exactly one.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{IpNet, Ipv4Subnets, Ipv6Subnets};

use super::IntervalSet;

/// An exact set of addresses of both families.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AddressSet {
    /// IPv4 addresses as integers.
    pub v4: IntervalSet<u32>,
    /// IPv6 addresses as integers.
    pub v6: IntervalSet<u128>,
}

impl AddressSet {
    /// The set without addresses.
    pub const fn empty() -> Self {
        Self { v4: IntervalSet::empty(), v6: IntervalSet::empty() }
    }

    /// Every address of both families.
    pub fn full() -> Self {
        Self { v4: IntervalSet::full(), v6: IntervalSet::full() }
    }

    /// The union of prefixes. Host bits are ignored, as the clouds do: `11.0.0.0/0` is all of IPv4.
    pub fn from_nets(nets: impl IntoIterator<Item = IpNet>) -> Self {
        Self::of(&mut nets.into_iter())
    }

    /// Not generic, since nearly every reader builds sets.
    fn of(nets: &mut dyn Iterator<Item = IpNet>) -> Self {
        let (mut v4, mut v6) = (Vec::new(), Vec::new());
        for net in nets {
            match net {
                IpNet::V4(net) => v4.push((u32::from(net.network()), u32::from(net.broadcast()))),
                IpNet::V6(net) => v6.push((u128::from(net.network()), u128::from(net.broadcast()))),
            }
        }
        Self { v4: IntervalSet::from_runs(v4), v6: IntervalSet::from_runs(v6) }
    }

    /// Whether there is no address.
    pub fn is_empty(&self) -> bool {
        self.v4.is_empty() && self.v6.is_empty()
    }

    /// Whether every address of both families is a member.
    pub fn is_full(&self) -> bool {
        self.v4.is_full() && self.v6.is_full()
    }

    /// Whether `address` is a member.
    pub fn contains(&self, address: IpAddr) -> bool {
        match address {
            IpAddr::V4(address) => self.v4.contains(u32::from(address)),
            IpAddr::V6(address) => self.v6.contains(u128::from(address)),
        }
    }

    /// Addresses of either set.
    pub fn union(&self, other: &Self) -> Self {
        Self { v4: self.v4.union(&other.v4), v6: self.v6.union(&other.v6) }
    }

    /// Addresses of both sets.
    pub fn intersection(&self, other: &Self) -> Self {
        Self { v4: self.v4.intersection(&other.v4), v6: self.v6.intersection(&other.v6) }
    }

    /// Addresses of this set that are not in `other`.
    pub fn difference(&self, other: &Self) -> Self {
        Self { v4: self.v4.difference(&other.v4), v6: self.v6.difference(&other.v6) }
    }

    /// Whether every address is also in `other`.
    pub fn is_subset(&self, other: &Self) -> bool {
        self.v4.is_subset(&other.v4) && self.v6.is_subset(&other.v6)
    }

    /// Whether the sets share an address.
    pub fn intersects(&self, other: &Self) -> bool {
        self.v4.intersects(&other.v4) || self.v6.intersects(&other.v6)
    }

    /// How many IPv4 addresses there are.
    pub fn count_v4(&self) -> u64 {
        u64::try_from(self.v4.count()).unwrap_or(u64::MAX)
    }

    /// How many IPv6 /64s the set touches; a partial /64 counts as one. At most 2^64.
    pub fn count_v6_64s(&self) -> u128 {
        let mut count: u128 = 0;
        let mut counted_to: Option<u128> = None;
        for &(first, last) in self.v6.runs() {
            let (mut first, last) = (first >> 64, last >> 64);
            if let Some(done) = counted_to
                && first <= done
            {
                first = done.saturating_add(1);
            }
            if first <= last {
                count = count.saturating_add(last.saturating_sub(first).saturating_add(1));
            }
            counted_to = Some(last);
        }
        count
    }

    /// The smallest list of prefixes that spells the set, IPv4 first, ascending.
    pub fn to_nets(&self) -> Vec<IpNet> {
        let v4 = self
            .v4
            .runs()
            .iter()
            .flat_map(|&(first, last)| Ipv4Subnets::new(Ipv4Addr::from(first), Ipv4Addr::from(last), 0).map(IpNet::V4));
        let v6 = self
            .v6
            .runs()
            .iter()
            .flat_map(|&(first, last)| Ipv6Subnets::new(Ipv6Addr::from(first), Ipv6Addr::from(last), 0).map(IpNet::V6));
        v4.chain(v6).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn set(nets: &[&str]) -> AddressSet {
        AddressSet::from_nets(nets.iter().map(|net| net.parse::<IpNet>().unwrap()))
    }

    #[test]
    fn spelling_does_not_matter() {
        assert_eq!(set(&["0.0.0.0/1", "128.0.0.0/1"]), set(&["11.0.0.0/0"]));
        assert_eq!(set(&["::/1", "8000::/1"]), set(&["0:0:0:0:0:0:0:0/0"]));
        assert_eq!(set(&["10.0.0.0/9", "10.128.0.0/9", "10.1.2.3/32"]).to_nets(), vec!["10.0.0.0/8".parse::<IpNet>().unwrap()]);
    }

    #[test]
    fn partial_64s_count_as_one() {
        assert_eq!(set(&["2001:db8::1/128", "2001:db8::ffff/128", "2001:db8:0:1::/64"]).count_v6_64s(), 2);
        assert_eq!(set(&["::/0"]).count_v6_64s(), 1 << 64);
        assert_eq!(set(&["2001:db8::/48"]).count_v6_64s(), 65_536);
    }

    #[test]
    fn families_do_not_mix() {
        let v4 = set(&["0.0.0.0/0"]);
        assert!(!v4.contains("::1".parse().unwrap()) && v4.contains("1.2.3.4".parse().unwrap()));
        assert!(!v4.intersects(&set(&["::/0"])));
    }
}
