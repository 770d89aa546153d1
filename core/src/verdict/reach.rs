//! How wide a set of sources is.

use std::sync::OnceLock;

use crate::exposure::Sources;
use crate::space::{Measure, documentation, private, public};

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
    /// Groups or tags whose members are not counted here.
    pub symbols: usize,
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
    /// Measures sources.
    pub fn of(sources: &Sources) -> Self {
        let [open, example, inside] = measures();
        let set = &sources.addresses;
        Self {
            public_v4: open.v4(set),
            public_v6: open.v6_64s(set),
            example_v4: example.v4(set),
            example_v6: example.v6_64s(set),
            private_v4: inside.v4(set),
            private_v6: inside.v6_64s(set),
            symbols: sources.symbols.len(),
        }
    }

    /// The class; the wider family decides.
    pub fn reach(&self) -> Reach {
        let (v4, v6) = self.judged_public();
        if self.is_internet_v4() || self.is_internet_v6() {
            Reach::Internet
        } else if v4 >= SLASH_16 || v6 >= SLASH_32_V6 {
            Reach::BroadPublic
        } else if v4 > 0 || v6 > 0 {
            Reach::Public
        } else if self.private_v4 > 0 || self.private_v6 > 0 {
            Reach::Private
        } else if self.symbols > 0 {
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
        v4 <= SMALL && v6 <= u128::from(SMALL)
    }

    /// Whether the private part is wider than a /16 of IPv4 or a /48 of IPv6.
    pub fn is_wide_private(&self) -> bool {
        self.private_v4 > SLASH_16 || self.private_v6 > SLASH_48_V6
    }

    /// Whether any private address is in.
    pub fn has_private(&self) -> bool {
        self.private_v4 > 0 || self.private_v6 > 0
    }

    /// Whether the only public addresses are examples.
    pub fn is_example(&self) -> bool {
        (self.example_v4 > 0 || self.example_v6 > 0) && self.public_v4 == 0 && self.public_v6 == 0
    }

    /// The width in words, as the object of "reachable from …".
    pub fn describe(&self) -> String {
        let (v4, v6) = self.judged_public();
        let example = if self.is_example() { "example " } else { "public " };
        let whole = (v4 >= all_public_v4(), v6 >= all_public_v6());
        match self.reach() {
            Reach::Internet => match whole {
                (true, true) => "the whole internet".to_owned(),
                (true, false) if v6 == 0 => "the whole IPv4 internet".to_owned(),
                (false, true) if v4 == 0 => "the whole IPv6 internet".to_owned(),
                _ => format!("most of the internet: {}", amounts(v4, v6, "public ")),
            },
            Reach::BroadPublic | Reach::Public => amounts(v4, v6, example),
            Reach::Private => amounts(self.private_v4, self.private_v6, "private "),
            Reach::Group => "members of the referenced groups".to_owned(),
            Reach::Nobody => "nobody".to_owned(),
            Reach::Unknown => "an unknown set of sources".to_owned(),
        }
    }

    fn judged_public(&self) -> (u64, u128) {
        (self.public_v4.saturating_add(self.example_v4), self.public_v6.saturating_add(self.example_v6))
    }
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

fn amounts(v4: u64, v6: u128, kind: &str) -> String {
    let plural = |count: u128, one: &str, many: &str| {
        if count == 1 { format!("one {kind}{one}") } else { format!("{} {kind}{many}", grouped(count)) }
    };
    let mut parts = Vec::new();
    if v4 > 0 {
        parts.push(plural(u128::from(v4), "IPv4 address", "IPv4 addresses"));
    }
    if v6 > 0 {
        parts.push(plural(v6, "IPv6 /64 network", "IPv6 /64 networks"));
    }
    parts.join(" and ")
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
    use crate::space::AddressSet;

    #[track_caller]
    fn width(nets: &[&str]) -> Width {
        Width::of(&Sources::new(AddressSet::from_nets(nets.iter().map(|net| net.parse().unwrap())), Vec::new()))
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
    fn widths_are_said_in_words() {
        for (nets, words) in [
            (&["0.0.0.0/0", "::/0"][..], "the whole internet"),
            (&["0.0.0.0/0"], "the whole IPv4 internet"),
            (&["::/0"], "the whole IPv6 internet"),
            (&["0.0.0.0/1"], "most of the internet: 2,092,957,696 public IPv4 addresses"),
            (&["8.8.8.8/32"], "one public IPv4 address"),
            (&["203.0.113.0/24"], "256 example IPv4 addresses"),
            (&["10.0.0.0/8"], "16,777,216 private IPv4 addresses"),
        ] {
            assert_eq!(width(nets).describe(), words);
        }
    }
}
