//! The message without which large packets vanish.

use super::words::add;
use super::{Audit, Finding, Subject};
use crate::model::Direction;
use crate::stateless::{Line, silenced};

pub(super) static AUDIT: Audit = Audit { id: "path-mtu", document: include_str!("path_mtu.md"), check };

fn check(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    let silenced = silenced(subject.policy, subject.evaluation);
    let of = |protocol: u8, what: &str| {
        let ways: Vec<Direction> = silenced.iter().filter(|one| one.protocol == protocol).map(|one| one.direction).collect();
        let ways = match ways.as_slice() {
            [] => return None,
            [Direction::Ingress] => "inbound",
            [Direction::Egress] => "outbound",
            _ => "both ways",
        };
        Some(format!("{what} is dropped {ways}"))
    };
    let told: Vec<String> = [of(1, "ICMP type 3 code 4"), of(58, "ICMPv6 type 2")].into_iter().flatten().collect();
    if told.is_empty() {
        return;
    }
    let trace = if silenced.iter().any(|one| one.traceroute_too) { "; traceroute sees nothing either" } else { "" };
    let message = format!("path-MTU discovery fails, so some connections stall once packets are large: {}{trace}", told.join(", "));
    let mend: Vec<Line> = silenced.into_iter().flat_map(|one| one.mend).collect();
    findings.push(Finding { fix: add(&mend), ..subject.note(&AUDIT, Vec::new(), message) });
}
