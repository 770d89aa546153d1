//! Controls of published frameworks that speak of a finding: ids only, from `data/frameworks.tsv` and the catalog's lists.
//!
//! CIS AWS Foundations ids are those of versions 1.5 to 3.0 unless the id names another; FSBP is AWS Foundational Security
//! Best Practices. The controls speak of the internet, so narrower sources violate none of them.

use crate::catalog::Entry;
use crate::exposure::{Exposure, Protocols};
use crate::model::PolicyKind;
use crate::sorting::sort_unique;
use crate::verdict::{Judged, Reach};

const TABLE: &str = include_str!("../../data/frameworks.tsv");

/// The controls that speak of an exposure of `entries` under an audit.
pub(super) fn of(audit: &str, kind: PolicyKind, exposure: &Exposure, judged: &Judged, entries: &[&'static Entry]) -> Vec<&'static str> {
    if judged.reach != Reach::Internet {
        return Vec::new();
    }
    let (v4, v6) = (judged.width.is_internet_v4(), judged.width.is_internet_v6());
    let rows = TABLE.lines().skip(1).filter_map(|line| {
        let mut cells = line.strip_prefix(audit)?.strip_prefix('\t')?.split('\t');
        let (protocol, ports, family, control) = (cells.next()?, cells.next()?, cells.next()?, cells.next()?);
        let speaks = match protocol {
            "tcp" => exposure.protocols == Protocols::Number(6),
            _ => true,
        };
        let covered = ports == "all" || ports.parse().is_ok_and(|port: u16| exposure.first <= port && port <= exposure.last);
        let here = match family {
            "ipv4" => v4,
            "ipv6" => v6,
            _ => true,
        };
        (speaks && covered && here).then_some(control)
    });
    // A control speaks of its own platform only.
    let applies = |control: &str| match kind {
        PolicyKind::AwsSecurityGroup | PolicyKind::AwsNetworkAcl => true,
        PolicyKind::AzureNetworkSecurityGroup => control.contains("Azure") || control.starts_with("TA"),
        PolicyKind::GcpFirewall | PolicyKind::HostFirewall => control.starts_with("TA"),
    };
    let listed = entries.iter().flat_map(|entry| entry.lists.iter().copied());
    let mut controls: Vec<&'static str> = rows.chain(listed).filter(|control| applies(control)).collect();
    sort_unique(&mut controls);
    controls
}
