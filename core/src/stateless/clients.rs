//! From which ports connections begin, by who begins them.

use crate::space::PortSet;

/// Who begins connections, and which of its own ports it takes: replies go there.
#[derive(Debug, PartialEq, Eq)]
pub struct Client {
    /// As the subject of a sentence.
    pub name: &'static str,
    /// The first port.
    pub first: u16,
    /// The last port, inclusive.
    pub last: u16,
    /// How common it is today.
    pub kind: ClientKind,
    /// The document that says so.
    pub source: &'static str,
}

/// What it means when one kind of client gets no replies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClientKind {
    /// An operating system in use.
    Current,
    /// One that no longer gets updates.
    Old,
    /// Something that speaks for many and takes whatever port is free.
    Shared,
}

/// The ranges that are told apart.
pub static CLIENTS: [Client; 4] = [
    Client {
        name: "Linux machines",
        first: 32_768,
        last: 60_999,
        kind: ClientKind::Current,
        source: "Linux kernel, ip-sysctl: the default of ip_local_port_range (the AWS VPC User Guide rounds it up to 61000)",
    },
    Client {
        name: "Windows and macOS machines",
        first: 49_152,
        last: 65_535,
        kind: ClientKind::Current,
        source: "AWS VPC User Guide, network ACLs: Windows Server 2008 and later; RFC 6335, section 6: dynamic ports",
    },
    Client {
        name: "machines with Windows Server 2003 and older",
        first: 1_025,
        last: 5_000,
        kind: ClientKind::Old,
        source: "AWS VPC User Guide, network ACLs",
    },
    Client {
        name: "load balancers, NAT gateways and Lambda functions",
        first: 1_024,
        last: 65_535,
        kind: ClientKind::Shared,
        source: "AWS VPC User Guide, network ACLs",
    },
];

/// Every port from which any client may begin.
pub(super) fn any_client() -> PortSet {
    PortSet::run(1_024, u16::MAX)
}

impl Client {
    /// Its ports.
    pub fn ports(&self) -> PortSet {
        PortSet::run(self.first, self.last)
    }
}

/// The ports among `open` that are there for replies. A client's range that is open nearly as a whole (nine tenths, since
/// single services may be cut out of it) is meant for replies, and with it the runs that reach into it; anything else is a
/// service.
pub fn replies_among(open: &PortSet) -> PortSet {
    let above = open.intersection(&any_client());
    let nearly_open = |client: &&Client| {
        let own = client.ports();
        above.intersection(&own).count().saturating_mul(10) >= own.count().saturating_mul(9)
    };
    let meant = CLIENTS.iter().filter(nearly_open).fold(PortSet::empty(), |all, client| all.union(&client.ports()));
    let runs = above.runs().iter().filter(|(first, last)| PortSet::run(*first, *last).intersects(&meant));
    PortSet::from_runs(runs.copied().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn services_and_return_ranges_are_told_apart() {
        let returns = |runs: &[(u16, u16)]| replies_among(&PortSet::from_runs(runs.to_vec())).runs().to_vec();
        assert_eq!(returns(&[(80, 80), (8080, 8080), (32_768, 65_535)]), [(32_768, 65_535)]);
        assert_eq!(returns(&[(0, 65_535)]), [(1_024, 65_535)]);
        // databases cut out of the range leave it what it is
        assert_eq!(returns(&[(1_024, 3_305), (3_307, 5_431), (5_433, 65_535)]).len(), 3);
        // node ports of a cluster, passive FTP, one service
        for services in [&[(30_000, 32_767)][..], &[(50_000, 60_000)], &[(8_000, 9_000)], &[(3_306, 3_306)]] {
            assert_eq!(returns(services), [], "{services:?}");
        }
    }
}
