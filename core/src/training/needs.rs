//! What an exercise made of a finding asks for: what is open too widely has to be closed, and what is rightly open stays.

use std::net::Ipv4Addr;

use ipnet::{IpNet, Ipv4Net};

use super::finding::plain;
use super::{Everyone, Extent, Flow, Zone};
use crate::audits::Subject;
use crate::exposure::{Exposure, Protocols, Sources};
use crate::model::{Direction, Policy};
use crate::review::Review;
use crate::space::AddressSet;
use crate::verdict::{Judged, Verdict, witness};

/// So many flows of each kind.
const FLOWS: usize = 8;
/// A zone has at most so many prefixes.
const PREFIXES: usize = 16;

/// Who there is, and what has to pass between them or must not.
#[derive(Default)]
pub(super) struct Needs {
    pub(super) zones: Vec<Zone>,
    pub(super) flows: Vec<Flow>,
}

impl Needs {
    /// Those of a review; the `nth` finding of `policy` comes first.
    pub(super) fn of(review: &Review, policy: usize, nth: usize, forbid: Verdict) -> Self {
        let mut needs = Self::default();
        for index in std::iter::once(policy).chain((0..review.policies()).filter(|index| *index != policy)) {
            review.look(index, |subject, findings| {
                let about = findings.get(nth).filter(|_| index == policy).and_then(|finding| finding.exposure);
                let all = || subject.evaluation.exposures.iter().zip(&subject.judgement.exposures).enumerate();
                let own = || all().filter(|(at, _)| Some(*at) == about);
                for (_, (exposure, judged)) in own().chain(all().filter(|(at, _)| Some(*at) != about)) {
                    needs.exposure(review, subject, exposure, judged, forbid);
                }
            });
        }
        if !needs.flows.iter().any(|flow| flow.allow) {
            needs.office();
        }
        needs
    }

    fn exposure(&mut self, review: &Review, subject: &Subject<'_>, exposure: &Exposure, judged: &Judged, forbid: Verdict) {
        let closes = judged.verdict >= forbid && judged.verdict != Verdict::Unknown;
        let stays = judged.verdict == Verdict::Secure && exposure.is_certain() && exposure.direction == Direction::Ingress;
        if !closes && !stays || exposure.is_closed() || self.flows.iter().filter(|flow| flow.allow == stays).count() >= FLOWS {
            return;
        }
        let Some((protocol, port)) = point(subject, exposure, judged, stays) else { return };
        let Some(here) = self.policy(subject.policy) else { return };
        let word = if protocol == 6 { "tcp" } else { "udp" };
        for other in self.ends(review, subject, &exposure.surely) {
            let (source, destination) = match exposure.direction {
                Direction::Ingress => (other, here.clone()),
                Direction::Egress => (here.clone(), other),
            };
            let because = if stays { "it works today, and has to go on".to_owned() } else { plain(&judged.because()) };
            let service = format!("{word}/{port}");
            let flow = Flow { source, destination, service, protocol, port, allow: stays, because };
            if self.flows.iter().all(|known| known.said() != flow.said()) {
                self.flows.push(flow);
            }
        }
    }

    /// Where nothing is rightly open, what is open to everyone was meant for somebody: an office.
    fn office(&mut self) {
        let office = IpNet::V4(Ipv4Net::new_assert(Ipv4Addr::new(203, 0, 113, 0), 24));
        let inside = |flow: &&Flow| {
            let zone = self.zones.iter().find(|zone| zone.name == flow.source);
            zone.and_then(|zone| zone.extent.addresses()).is_some_and(|all| AddressSet::from_nets([office]).is_subset(&all))
        };
        if let Some(open) = self.flows.iter().find(inside).cloned() {
            let source = self.zone("office", Extent::Addresses(vec![office]));
            let because = "somebody needed it open, and works from the office".to_owned();
            self.flows.push(Flow { source, allow: true, because, ..open });
        }
    }

    /// The zone of a policy.
    fn policy(&mut self, policy: &Policy) -> Option<String> {
        let name = policy.id.as_deref().or(policy.name.as_deref()).or(policy.address.as_deref())?;
        Some(self.zone("group", Extent::Group(name.to_owned())))
    }

    /// The zones of some sources, as far as they can be asked about.
    fn ends(&mut self, review: &Review, subject: &Subject<'_>, sources: &Sources) -> Vec<String> {
        let mut ends = Vec::new();
        let nets = sources.addresses.to_nets();
        if sources.addresses.is_full() {
            ends.push(self.zone("internet", Extent::Internet(Everyone)));
        } else if !nets.is_empty() && nets.len() <= PREFIXES {
            ends.push(self.zone("addresses", Extent::Addresses(nets)));
        }
        for index in &sources.symbols {
            let symbol = usize::try_from(*index).ok().and_then(|at| subject.evaluation.symbols.get(at));
            let known =
                (0..review.policies()).filter_map(|at| review.policy(at)).find(|policy| symbol.is_some_and(|own| policy.is_self(own)));
            ends.extend(known.and_then(|policy| self.policy(&policy)));
        }
        ends
    }

    /// The name of a zone, which is added where it is new.
    fn zone(&mut self, name: &str, extent: Extent) -> String {
        if let Some(known) = self.zones.iter().find(|zone| zone.extent == extent) {
            return known.name.clone();
        }
        let taken = |name: &str| self.zones.iter().any(|zone| zone.name == name);
        let numbered = (1..=self.zones.len().saturating_add(1)).map(|nth| format!("{name}-{nth}")).find(|name| !taken(name));
        let alone = !taken(name) && matches!(name, "internet" | "office");
        let name = if alone { name.to_owned() } else { numbered.unwrap_or_else(|| name.to_owned()) };
        self.zones.push(Zone { name: name.clone(), extent });
        name
    }
}

/// One protocol and port that shows an exposure; only TCP and UDP have ports that everybody knows.
fn point(subject: &Subject<'_>, exposure: &Exposure, judged: &Judged, stays: bool) -> Option<(u8, u16)> {
    let protocol = match exposure.protocols {
        Protocols::All => 6,
        Protocols::Number(number @ (6 | 17)) => number,
        Protocols::Number(_) | Protocols::Other => return None,
    };
    if !stays && let Some(packet) = witness(subject.evaluation, exposure, judged, None) {
        return packet.port.map(|port| (protocol, port));
    }
    let https = 443;
    let port = if exposure.first <= https && https <= exposure.last { https } else { exposure.first };
    Some((protocol, port))
}
