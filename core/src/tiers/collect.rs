//! What one policy contributes to the graph, collected when it is judged, so that it need not be read again.

use super::Traffic;
use crate::exposure::{Evaluation, Exposure};
use crate::model::{Direction, Policy, SymbolKind};
use crate::surface::{Members, names_front_ends};
use crate::verdict::{Column, Judgement, Reach, Reason, columns, serves_data};

/// The ends of a policy's edges.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ends {
    /// What others call it.
    pub(crate) names: Vec<Box<str>>,
    /// What gets in from groups or from public addresses.
    pub(crate) inbound: Vec<Inbound>,
    /// What gets out.
    outbound: Vec<Outbound>,
    /// The widest of its inbound exposures.
    pub(crate) widest: Column,
    /// Whether it opens a database, a cache or a file share on purpose.
    pub(crate) serves_data: bool,
}

/// Traffic that gets in.
#[derive(Clone, Debug)]
pub(crate) struct Inbound {
    pub(crate) traffic: Traffic,
    /// The policy's exposure.
    pub(crate) exposure: u32,
    /// How wide its addresses are.
    pub(crate) column: Column,
    /// The groups whose members get in.
    pub(crate) groups: Vec<Box<str>>,
    /// Perhaps the internet gets in, once something is known that is missing.
    pub(crate) perhaps: bool,
}

/// Traffic that gets out.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Outbound {
    traffic: Traffic,
    /// To addresses, which may be anybody's.
    to_addresses: bool,
    groups: Vec<Box<str>>,
}

/// So many groups are looked for among the addresses of one exposure.
const BY_ADDRESS: usize = 50;

impl Ends {
    /// The ends of a policy, or of an interface that is told under the policy's names.
    pub(crate) fn of(policy: &Policy, evaluation: &Evaluation<'_>, judgement: &Judgement, members: &Members) -> Self {
        // Nobody is a member of a layer that stands around subnets.
        if policy.kind.is_outer_layer() {
            return Self::default();
        }
        let mut inbound = Vec::new();
        let mut outbound = Vec::new();
        let mut widest = Column::Nobody;
        let groups = |exposure: &Exposure| -> Vec<Box<str>> {
            let symbol = |i: &u32| evaluation.symbols.get(usize::try_from(*i).ok()?).copied();
            let groups = exposure.possibly.symbols.iter().filter_map(symbol).filter(|symbol| symbol.kind == SymbolKind::Group);
            groups.filter(|symbol| !policy.is_self(symbol)).map(|symbol| symbol.id.clone()).collect()
        };
        for ((exposure, judged), index) in evaluation.exposures.iter().zip(&judgement.exposures).zip(0_u32..) {
            let traffic = (exposure.protocols, exposure.first, exposure.last);
            match exposure.direction {
                Direction::Ingress => {
                    let column = match judged.reason {
                        // What other layers close is not open to anybody outside.
                        Reason::OtherLayers(_) => Column::Inside,
                        _ => columns(&judged.width).into_iter().max().unwrap_or(Column::Nobody),
                    };
                    widest = widest.max(column);
                    let mut groups = groups(exposure);
                    groups.extend(by_address(exposure, column, members));
                    let closed = matches!(judged.reason, Reason::OtherLayers(_));
                    let perhaps = !closed && judged.if_open.is_some_and(|(_, reach)| reach >= Reach::Public);
                    if perhaps || !groups.is_empty() || column >= Column::SmallPublic {
                        inbound.push(Inbound { traffic, exposure: index, column, groups, perhaps });
                    }
                }
                Direction::Egress => {
                    outbound.push(Outbound { traffic, to_addresses: !exposure.possibly.addresses.is_empty(), groups: groups(exposure) });
                }
            }
        }
        // What has an id is not meant by its name, which may stand for several.
        let name = policy.name.as_ref().filter(|_| policy.id.is_none());
        let names = [policy.id.as_ref(), policy.address.as_ref(), name].into_iter().flatten().cloned().collect();
        Self { names, inbound, outbound, widest, serves_data: serves_data(&evaluation.exposures) }
    }

    /// Adds that the internet gets through front ends to what was opened for these, which are admitted by address.
    pub(crate) fn answered(mut self, policy: &Policy, evaluation: &Evaluation<'_>) -> Self {
        let purposely = |rule: &u32| {
            let rule = usize::try_from(*rule).ok().and_then(|at| policy.rules.get(at));
            rule.is_some_and(|rule| names_front_ends(&rule.peer))
        };
        for (exposure, index) in evaluation.exposures.iter().zip(0_u32..) {
            if exposure.direction == Direction::Ingress && exposure.rules.iter().any(purposely) {
                let traffic = (exposure.protocols, exposure.first, exposure.last);
                self.inbound.push(Inbound { traffic, exposure: index, column: Column::Public, groups: Vec::new(), perhaps: false });
            }
        }
        self
    }

    /// The same under other names.
    pub(crate) fn called(self, names: Vec<Box<str>>) -> Self {
        Self { names, ..self }
    }

    /// Adds what another interface of the same policy admits; most admit the same.
    pub(crate) fn merge(&mut self, other: &Self) {
        for own in &other.inbound {
            let same = |known: &Inbound| (known.traffic, known.column) == (own.traffic, own.column) && known.groups == own.groups;
            if !self.inbound.iter().any(same) {
                self.inbound.push(own.clone());
            }
        }
        for own in &other.outbound {
            if !self.outbound.contains(own) {
                self.outbound.push(own.clone());
            }
        }
        self.widest = self.widest.max(other.widest);
        self.serves_data |= other.serves_data;
    }

    /// Whether it lets traffic out to a policy with these names, as far as that is known.
    pub(super) fn lets_out(&self, traffic: Traffic, names: &[Box<str>]) -> bool {
        self.outbound.iter().any(|outbound| {
            overlaps(outbound.traffic, traffic) && (outbound.to_addresses || outbound.groups.iter().any(|group| names.contains(group)))
        })
    }
}

/// The groups whose members all have addresses that an exposure admits by address, where these are few.
fn by_address<'m>(exposure: &Exposure, column: Column, members: &'m Members) -> impl Iterator<Item = Box<str>> + 'm {
    let addresses = exposure.surely.addresses.clone();
    let few = column == Column::Inside && !addresses.is_empty();
    let within = members.iter().filter(move |(_, extent)| few && extent.addresses.is_subset(&addresses));
    within.map(|(name, _)| name.clone()).take(BY_ADDRESS)
}

fn overlaps(a: Traffic, b: Traffic) -> bool {
    a.0.share(b.0) && a.1 <= b.2 && b.1 <= a.2
}
