//! How wide a set of sources is.

use std::sync::OnceLock;

use crate::exposure::Sources;
use crate::model::{Symbol, SymbolKind};
use crate::space::{AddressSet, Bound, IntervalSet, Measure, documentation, private, public};

/// How wide the sources of an exposure are, narrowest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reach {
    /// No address that can be a source.
    Nobody,
    /// Members of groups or tags only.
    Group,
    /// Private addresses only.
    Private,
    /// Some public address.
    Public,
    /// At least 65,536 public IPv4 addresses or 2^32 public /64s.
    BroadPublic,
    /// At least half of the public space of a family.
    Internet,
    /// It could be wider than what is known, once something unresolved is resolved.
    Unknown,
}

impl Reach {
    /// The word in reports.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Nobody => "nobody",
            Self::Group => "group",
            Self::Private => "private",
            Self::Public => "public",
            Self::BroadPublic => "broad-public",
            Self::Internet => "internet",
            Self::Unknown => "unknown",
        }
    }
}

/// What stands in sentences for sources that could be anyone.
pub const UNPASTED: &str = "sources that are not in the text";

/// The measure of a set of sources. IPv4 in addresses, IPv6 in /64s (a partial /64 counts as one).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Width {
    /// Publicly routable IPv4 addresses.
    pub public_v4: u64,
    /// Publicly routable /64s.
    pub public_v6: u128,
    /// Example addresses (documentation ranges), which are judged as if they were public.
    pub example_v4: u64,
    /// Example /64s.
    pub example_v6: u128,
    /// Private IPv4 addresses.
    pub private_v4: u64,
    /// Private /64s.
    pub private_v6: u128,
    /// The widest of the names whose members are not counted here.
    pub symbols: Option<SymbolKind>,
}

/// A /16 of IPv4: what counts as broad, or as a wide private network beyond it.
const SLASH_16: u64 = 65_536;
/// A /32 of IPv6, in /64s.
const SLASH_32_V6: u128 = 1 << 32;
/// A /48 of IPv6, in /64s.
const SLASH_48_V6: u128 = 1 << 16;
/// Up to here a public set is small: 256 addresses, or 256 /64s (a /56).
const SMALL: u64 = 256;

impl Width {
    /// Measures sources, less the platform's own probes and brokers. `symbols` are those of the evaluation.
    pub fn of(sources: &Sources, symbols: &[&Symbol], platform: &AddressSet) -> Self {
        let [open, example, inside] = measures();
        let own;
        let all = &sources.addresses;
        let (v4, v6) = (beyond(&all.v4, &platform.v4, &public().v4), beyond(&all.v6, &platform.v6, &public().v6));
        let named = v4.is_some() || v6.is_some();
        let set = if named {
            own = AddressSet { v4: v4.unwrap_or_else(|| all.v4.clone()), v6: v6.unwrap_or_else(|| all.v6.clone()) };
            &own
        } else {
            all
        };
        let kinds = sources.symbols.iter().filter_map(|i| symbols.get(usize::try_from(*i).ok()?)).map(|symbol| symbol.kind);
        Self {
            public_v4: open.v4(set),
            public_v6: open.v6_64s(set),
            example_v4: example.v4(set),
            example_v6: example.v6_64s(set),
            private_v4: inside.v4(set),
            private_v6: inside.v6_64s(set),
            symbols: kinds.chain(named.then_some(SymbolKind::Platform)).max(),
        }
    }

    /// The class; the wider family decides.
    pub fn reach(&self) -> Reach {
        let (v4, v6) = self.judged_public();
        if self.is_internet_v4() || self.is_internet_v6() {
            Reach::Internet
        } else if v4 >= SLASH_16 || v6 >= SLASH_32_V6 || self.symbols == Some(SymbolKind::Provider) {
            Reach::BroadPublic
        } else if v4 > 0 || v6 > 0 || self.symbols == Some(SymbolKind::SharedService) {
            Reach::Public
        } else if self.has_private() {
            Reach::Private
        } else if self.symbols.is_some() {
            Reach::Group
        } else {
            Reach::Nobody
        }
    }

    /// Whether at least half of the public IPv4 space is in.
    pub fn is_internet_v4(&self) -> bool {
        self.judged_public().0.saturating_mul(2) >= all_public_v4()
    }

    /// Whether at least half of the public IPv6 space is in.
    pub fn is_internet_v6(&self) -> bool {
        self.judged_public().1.saturating_mul(2) >= all_public_v6()
    }

    /// Whether at most 256 public addresses, or 256 public /64s, are in.
    pub fn is_small_public(&self) -> bool {
        let (v4, v6) = self.judged_public();
        v4 <= SMALL && v6 <= u128::from(SMALL) && self.symbols < Some(SymbolKind::SharedService)
    }

    /// Whether the private part is wider than a /16 of IPv4 or a /48 of IPv6.
    pub fn is_wide_private(&self) -> bool {
        self.private_v4 > SLASH_16 || self.private_v6 > SLASH_48_V6
    }

    /// Whether any private address is in, or the virtual network.
    pub fn has_private(&self) -> bool {
        self.private_v4 > 0 || self.private_v6 > 0 || self.symbols == Some(SymbolKind::Network)
    }

    /// The width in words, as the object of "reachable from …".
    pub fn describe(&self) -> String {
        match self.reach() {
            Reach::Private => {
                let network =
                    (self.symbols == Some(SymbolKind::Network)).then(|| "the virtual network and what is connected to it".to_owned());
                let parts = [network, v4_addresses(self.private_v4, "private"), v6_networks(self.private_v6, "private")];
                parts.into_iter().flatten().collect::<Vec<_>>().join(" and ")
            }
            Reach::Group if self.symbols == Some(SymbolKind::Platform) => "the provider's own probes and brokers".to_owned(),
            Reach::Group => "members of the referenced groups".to_owned(),
            Reach::Nobody => "nobody".to_owned(),
            Reach::Unknown => "an unknown set of sources".to_owned(),
            Reach::Internet | Reach::BroadPublic | Reach::Public => {
                let (all_v4, all_v6) = (self.public_v4 >= all_public_v4(), self.public_v6 >= all_public_v6());
                if all_v4 && all_v6 {
                    return "the whole internet".to_owned();
                }
                let v4 = if all_v4 { Some("the whole IPv4 internet".to_owned()) } else { v4_addresses(self.public_v4, "public") };
                let v6 = if all_v6 { Some("the whole IPv6 internet".to_owned()) } else { v6_networks(self.public_v6, "public") };
                // Where a family is open as a whole its examples are no news.
                let example_v4 = v4_addresses(self.example_v4, "example").filter(|_| !all_v4);
                let example_v6 = v6_networks(self.example_v6, "example").filter(|_| !all_v6);
                let shared = match self.symbols {
                    Some(SymbolKind::Provider) => Some("every customer of the cloud provider".to_owned()),
                    Some(SymbolKind::SharedService) => Some("a service that many customers share".to_owned()),
                    _ => None,
                };
                let parts: Vec<String> = [v4, v6, example_v4, example_v6, shared].into_iter().flatten().collect();
                match parts.as_slice() {
                    [rest @ .., last] if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
                    _ => parts.concat(),
                }
            }
        }
    }

    fn judged_public(&self) -> (u64, u128) {
        (self.public_v4.saturating_add(self.example_v4), self.public_v6.saturating_add(self.example_v6))
    }
}

/// The sources of a family without the platform's own, where some of those are among them. A family that is open as a whole is
/// open as a whole.
fn beyond<T: Bound>(sources: &IntervalSet<T>, platform: &IntervalSet<T>, public: &IntervalSet<T>) -> Option<IntervalSet<T>> {
    (platform.intersects(sources) && !public.is_subset(sources)).then(|| sources.difference(platform))
}

/// A number with its thousands apart: `3,702,258,688`.
pub fn grouped(number: u128) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len().saturating_mul(2));
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && digits.len().saturating_sub(i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

fn v4_addresses(count: u64, kind: &str) -> Option<String> {
    match count {
        0 => None,
        1 => Some(format!("one {kind} IPv4 address")),
        _ => Some(format!("{} {kind} IPv4 addresses", grouped(u128::from(count)))),
    }
}

fn v6_networks(count: u128, kind: &str) -> Option<String> {
    match count {
        0 => None,
        1 => Some(format!("one {kind} IPv6 /64 network")),
        _ => Some(format!("{} {kind} IPv6 /64 networks", grouped(count))),
    }
}

fn measures() -> &'static [Measure; 3] {
    static MEASURES: OnceLock<[Measure; 3]> = OnceLock::new();
    MEASURES.get_or_init(|| [Measure::new(public()), Measure::new(documentation()), Measure::new(private())])
}

fn all_public_v4() -> u64 {
    static COUNT: OnceLock<u64> = OnceLock::new();
    *COUNT.get_or_init(|| public().count_v4())
}

fn all_public_v6() -> u128 {
    static COUNT: OnceLock<u128> = OnceLock::new();
    *COUNT.get_or_init(|| public().count_v6_64s())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn width(nets: &[&str]) -> Width {
        Width::of(&Sources::new(AddressSet::from_nets(nets.iter().map(|net| net.parse().unwrap())), Vec::new()), &[], &AddressSet::empty())
    }

    #[test]
    fn the_classes_begin_where_the_table_says() {
        for (nets, reach) in [
            (&["0.0.0.0/0"][..], Reach::Internet),
            (&["0.0.0.0/1"], Reach::Internet),
            (&["128.0.0.0/1"], Reach::BroadPublic),
            (&["2000::/3"], Reach::Internet),
            (&["::/0"], Reach::Internet),
            (&["8000::/1"], Reach::Private),
            (&["9000::/4"], Reach::Nobody),
            (&["8.8.0.0/16"], Reach::BroadPublic),
            (&["8.8.0.0/17"], Reach::Public),
            (&["2600::/32"], Reach::BroadPublic),
            (&["2600::/33"], Reach::Public),
            (&["203.0.113.0/24"], Reach::Public),
            (&["10.0.0.0/8", "fd00::/8", "100.64.0.0/10"], Reach::Private),
            (&["127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4"], Reach::Nobody),
            (&[], Reach::Nobody),
        ] {
            assert_eq!(width(nets).reach(), reach, "{nets:?}");
        }
    }

    #[test]
    fn a_family_that_is_open_as_a_whole_is_told_as_a_whole() {
        let platform = AddressSet::from_nets(["35.191.0.0/16".parse().unwrap()]);
        let width = |nets: &[&str]| {
            let nets = nets.iter().map(|net| net.parse().unwrap());
            Width::of(&Sources::new(AddressSet::from_nets(nets), Vec::new()), &[], &platform).describe()
        };
        assert_eq!(width(&["0.0.0.0/0"]), "the whole IPv4 internet");
        assert_eq!(width(&["0.0.0.0/0", "::/0"]), "the whole internet");
        assert_eq!(width(&["35.191.0.0/16"]), "the provider's own probes and brokers");
        assert_eq!(width(&["35.191.0.0/16", "8.8.8.8/32"]), "one public IPv4 address");
    }

    #[test]
    fn widths_are_said_in_words() {
        for (nets, words) in [
            (&["0.0.0.0/0", "::/0"][..], "the whole internet"),
            (&["0.0.0.0/0"], "the whole IPv4 internet"),
            (&["::/0"], "the whole IPv6 internet"),
            (&["0.0.0.0/1"], "2,092,957,696 public IPv4 addresses"),
            (&["203.0.113.0/24", "::/0"], "the whole IPv6 internet and 256 example IPv4 addresses"),
            (&["8.8.8.0/24", "fd00::/64", "2600::/64"], "256 public IPv4 addresses and one public IPv6 /64 network"),
            (&["8.8.8.8/32"], "one public IPv4 address"),
            (&["203.0.113.0/24"], "256 example IPv4 addresses"),
            (&["10.0.0.0/8"], "16,777,216 private IPv4 addresses"),
        ] {
            assert_eq!(width(nets).describe(), words);
        }
    }
}
