//! Which addresses can be a source on the public internet, from the table in `data/address-blocks.tsv`.
//!
//! The table follows the IANA special-purpose registries (RFC 6890 and its updates). Two anycast addresses inside
//! 192.0.0.0/24 are reachable by the registry and are left out on purpose: no client has them as its source.

use std::sync::OnceLock;

use ipnet::IpNet;

use super::AddressSet;

/// What a block is good for as a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BlockKind {
    /// Only inside private networks: RFC 1918, RFC 6598, RFC 4193.
    Private,
    /// Set aside for examples; judged like a public block of its size, because people teach with them.
    Documentation,
    /// Can't be the source of a packet that crosses a network: loopback, multicast, reserved.
    Unusable,
    /// The part of IPv6 that is assigned to global unicast at all.
    Global,
}

/// One row of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// The prefix.
    pub net: IpNet,
    /// What it is good for.
    pub kind: BlockKind,
    /// What it is called.
    pub name: &'static str,
    /// The document that says so.
    pub source: &'static str,
}

/// The table, in the order of the file.
pub fn blocks() -> &'static [Block] {
    static BLOCKS: OnceLock<Vec<Block>> = OnceLock::new();
    BLOCKS.get_or_init(|| TABLE.lines().skip(1).filter_map(read_row).collect())
}

/// Publicly routable sources: 3,702,258,688 IPv4 addresses, and in IPv6 global unicast without its special blocks.
pub fn public() -> &'static AddressSet {
    static PUBLIC: OnceLock<AddressSet> = OnceLock::new();
    PUBLIC.get_or_init(|| {
        let mut all = of_kind(BlockKind::Global);
        all.v4 = super::IntervalSet::full();
        [private(), documentation(), &of_kind(BlockKind::Unusable)].iter().fold(all, |rest, special| rest.difference(special))
    })
}

/// Private sources: RFC 1918, RFC 6598 and RFC 4193.
pub fn private() -> &'static AddressSet {
    static PRIVATE: OnceLock<AddressSet> = OnceLock::new();
    PRIVATE.get_or_init(|| of_kind(BlockKind::Private))
}

/// Example addresses: RFC 5737, RFC 3849 and RFC 9637.
pub fn documentation() -> &'static AddressSet {
    static DOCUMENTATION: OnceLock<AddressSet> = OnceLock::new();
    DOCUMENTATION.get_or_init(|| of_kind(BlockKind::Documentation))
}

/// Everything that is none of public, private or documentation: it can't be a source.
pub fn unusable() -> &'static AddressSet {
    static UNUSABLE: OnceLock<AddressSet> = OnceLock::new();
    UNUSABLE.get_or_init(|| [public(), private(), documentation()].iter().fold(AddressSet::full(), |rest, usable| rest.difference(usable)))
}

const TABLE: &str = include_str!("../../data/address-blocks.tsv");

fn of_kind(kind: BlockKind) -> AddressSet {
    AddressSet::from_nets(blocks().iter().filter(|block| block.kind == kind).map(|block| block.net))
}

/// A test holds every row readable, so nothing is lost here.
fn read_row(line: &'static str) -> Option<Block> {
    let mut cells = line.split('\t');
    let (net, kind, name, source) = (cells.next()?, cells.next()?, cells.next()?, cells.next()?);
    let kind = match kind {
        "private" => BlockKind::Private,
        "documentation" => BlockKind::Documentation,
        "unusable" => BlockKind::Unusable,
        "global" => BlockKind::Global,
        _ => return None,
    };
    Some(Block { net: net.parse().ok()?, kind, name, source })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn admitted(net: &str) -> u64 {
        AddressSet::from_nets([net.parse().unwrap()]).intersection(public()).count_v4()
    }

    #[test]
    fn every_row_is_read() {
        assert_eq!(blocks().len(), TABLE.lines().count() - 1);
        assert!(blocks().iter().all(|block| block.net == block.net.trunc() && !block.source.is_empty()));
    }

    #[test]
    fn the_public_space_has_the_published_size() {
        assert_eq!(public().count_v4(), 3_702_258_688);
        assert_eq!(public().v6.count(), 42_529_738_405_657_744_860_961_326_788_574_707_712);
        assert_eq!(public().count_v6_64s(), 2_305_541_738_732_716_032);
        let (v4, v6): (Vec<_>, Vec<_>) = public().to_nets().into_iter().partition(|net| matches!(net, IpNet::V4(_)));
        assert_eq!((v4.len(), v6.len()), (103, 45));
        assert_eq!(v4.first().unwrap().to_string(), "1.0.0.0/8");
        assert_eq!(v4.last().unwrap().to_string(), "208.0.0.0/4");
    }

    #[test]
    fn known_shares_of_the_public_space() {
        for (net, addresses) in [
            ("0.0.0.0/0", 3_702_258_688),
            ("0.0.0.0/1", 2_092_957_696),
            ("128.0.0.0/1", 1_609_300_992),
            ("192.0.0.0/8", 16_711_168),
            ("100.0.0.0/8", 12_582_912),
            ("172.0.0.0/8", 15_728_640),
            ("8.0.0.0/8", 16_777_216),
            ("0.0.0.0/16", 0),
        ] {
            assert_eq!(admitted(net), addresses, "{net}");
        }
    }

    #[test]
    fn all_of_ipv6_and_its_global_part_admit_the_same_public_sources() {
        let of = |net: &str| AddressSet::from_nets([net.parse().unwrap()]).intersection(public());
        assert_eq!(of("::/0"), of("2000::/3"));
        assert_eq!(of("::/0"), of("::/1"));
        assert!(of("8000::/1").is_empty());
    }

    #[test]
    fn the_kinds_cover_everything_once() {
        let parts = [public(), private(), documentation(), unusable()];
        assert!(parts.iter().fold(AddressSet::empty(), |all, part| all.union(part)).is_full());
        for (i, left) in parts.iter().enumerate() {
            assert!(parts.iter().skip(i + 1).all(|right| !left.intersects(right)));
        }
    }
}
