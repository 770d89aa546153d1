//! One way from a source to a destination: through the source's layers outwards, then through the destination's inwards.

use std::net::IpAddr;

use super::{Party, Point, Reply, member};
use crate::exposure::{End, Layer, Mismatch, Outcome, Packet, Sources, evaluate_layers};
use crate::model::{Direction, Protocol, SymbolKind};
use crate::review::Review;
use crate::space::{AddressSet, documentation, public};
use crate::surface::{Gate, LayerKind, Line, SurfaceStack};
use crate::verdict::first_host;

/// What becomes of a flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It gets through.
    Allowed,
    /// It does not.
    Denied,
    /// Some of what was asked about gets through.
    Partly,
    /// That depends on what is not in the documents.
    Unknown,
}

impl Fate {
    /// The word in reports.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Allowed => "allowed",
            Self::Denied => "denied",
            Self::Partly => "partly",
            Self::Unknown => "unknown",
        }
    }

    /// The fate of several ways as one.
    pub(super) fn together(fates: impl Iterator<Item = Self>) -> Self {
        let mut all: Option<Self> = None;
        for fate in fates {
            all = Some(match all {
                None => fate,
                Some(before) if before == fate => fate,
                Some(before) if fate == Self::Unknown || before == Self::Unknown => Self::Unknown,
                Some(_) => Self::Partly,
            });
        }
        all.unwrap_or(Self::Unknown)
    }

    /// The fate of a packet that meets one filter after the other.
    fn then(self, next: Self) -> Self {
        match (self, next) {
            (Self::Denied, _) | (_, Self::Denied) => Self::Denied,
            (Self::Unknown, _) | (_, Self::Unknown) => Self::Unknown,
            (Self::Partly, _) | (_, Self::Partly) => Self::Partly,
            _ => Self::Allowed,
        }
    }
}

/// Which end's layers a step is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The source's: the packet leaves.
    Leaving,
    /// The destination's: it enters.
    Entering,
}

/// One layer on the way.
#[derive(Clone, Debug)]
pub struct Step {
    /// Whose.
    pub side: Side,
    /// What it stands before; `None` for routes and public addresses.
    pub kind: Option<LayerKind>,
    /// The policies that form it, as indices into the review.
    pub policies: Vec<u32>,
    /// What it is, in words.
    pub said: String,
    /// What it does with the packet.
    pub outcome: Outcome,
    /// The rule that decides: the policy and the rule in it. `None` where no rule admits the packet.
    pub decided_by: Option<(u32, u32)>,
    /// Rules that may decide, depending on what is not in the documents.
    pub perhaps: Vec<(u32, u32)>,
    /// Rules that were looked at and did not match, with the reason.
    pub passed: Vec<Passed>,
}

/// A rule that did not match.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Passed {
    /// The policy, as an index into the review.
    pub policy: u32,
    /// The rule in it.
    pub rule: u32,
    /// Why.
    pub why: Mismatch,
}

/// One way.
#[derive(Clone, Debug)]
pub struct Way {
    /// From where.
    pub source: String,
    /// To where.
    pub destination: String,
    /// What becomes of it.
    pub fate: Fate,
    /// The packet whose steps are shown.
    pub packet: Packet,
    /// Of a set of addresses, the part that gets through; `None` where the end is not one.
    pub admitted: Option<AddressSet>,
    /// The layers it meets, in their order.
    pub steps: Vec<Step>,
    /// What becomes of the replies.
    pub reply: Reply,
}

/// One end with its layers.
pub(super) struct Ground {
    pub(super) label: String,
    /// Its layers; none for addresses outside.
    pub(super) stack: Option<SurfaceStack>,
    pub(super) kinds: Vec<(LayerKind, Vec<u32>)>,
    gate: Option<Gate>,
    addresses: AddressSet,
    within: AddressSet,
    groups: Vec<Box<str>>,
    not_in: Vec<Box<str>>,
    only_these: bool,
}

impl Ground {
    pub(super) fn of(review: &Review, party: &Party) -> Self {
        match party {
            Party::Addresses(set, called) => Self {
                label: called.clone(),
                stack: None,
                kinds: Vec::new(),
                gate: None,
                addresses: set.clone(),
                within: AddressSet::empty(),
                groups: Vec::new(),
                not_in: review.groups_without(set),
                // Somebody else's address may be a member of a group that was not pasted.
                only_these: false,
            },
            Party::Member(member) => Self {
                within: member.within(),
                groups: member.names.clone(),
                only_these: member.is_foreign(),
                ..Self::nothing(member.called.clone())
            },
            Party::Surface(at) => {
                let label = party.label(review);
                let Some(surface) = review.surfaces().get(*at) else { return Self::nothing(label) };
                Self {
                    label,
                    stack: review.stack_of(*at),
                    kinds: surface.layers.iter().map(|layer| (layer.kind, layer.policies.clone())).collect(),
                    gate: Some(surface.gate.clone()),
                    addresses: surface.interface.addresses.clone(),
                    within: surface.within.clone(),
                    groups: surface.interface.memberships().cloned().collect(),
                    not_in: Vec::new(),
                    only_these: true,
                }
            }
            Party::Policy(at) => {
                let (label, index) = (party.label(review), u32::try_from(*at).unwrap_or(u32::MAX));
                let Some(policy) = review.policy(*at) else { return Self::nothing(label) };
                let mut groups: Vec<Box<str>> = [&policy.id, &policy.address, &policy.name].into_iter().flatten().cloned().collect();
                groups.extend(member::targets(&policy).map(Into::into));
                let stack = SurfaceStack::alone(policy.into_owned(), index);
                let kinds = vec![(LayerKind::Interface, vec![index])];
                Self { stack: Some(stack), kinds, groups, ..Self::nothing(label) }
            }
        }
    }

    fn nothing(label: String) -> Self {
        let (addresses, within) = (AddressSet::empty(), AddressSet::empty());
        Self {
            label,
            stack: None,
            kinds: Vec::new(),
            gate: None,
            addresses,
            within,
            groups: Vec::new(),
            not_in: Vec::new(),
            only_these: false,
        }
    }

    /// Whether it has no layers here.
    const fn is_outside(&self) -> bool {
        self.stack.is_none()
    }

    /// Whether it is a set of addresses from outside.
    fn is_set(&self) -> bool {
        self.is_outside() && !self.addresses.is_empty()
    }

    /// How the other end sees it; of several addresses `preferred`.
    pub(super) fn end(&self, preferred: Option<IpAddr>) -> End {
        let address = preferred.or_else(|| first_host(&self.addresses));
        End { address, within: self.within.clone(), groups: self.groups.clone(), not_in: self.not_in.clone(), only_these: self.only_these }
    }

    pub(super) fn address(&self) -> Option<IpAddr> {
        if self.is_outside() { None } else { first_host(&self.addresses) }
    }
}

impl Way {
    pub(super) fn of(review: &Review, source: &Party, destination: &Party, question: &Point) -> Self {
        let (from, to) = (Ground::of(review, source), Ground::of(review, destination));
        // Sets are settled by what the layers admit together; the packet then shows a part that does not get through.
        let coverage = match (from.is_outside(), to.is_outside()) {
            (true, false) if from.is_set() => Coverage::of(&to, &from.addresses, Direction::Ingress, question),
            (false, true) if to.is_set() => Coverage::of(&from, &to.addresses, Direction::Egress, question),
            _ => None,
        };
        let telling = coverage.as_ref().and_then(|coverage| coverage.telling);
        let (outside_from, outside_to) = (telling.filter(|_| from.is_outside()), telling.filter(|_| to.is_outside()));
        let leaving = Packet {
            direction: Direction::Egress,
            protocol: question.protocol,
            port: question.port,
            peer: to.end(outside_to),
            local: from.address(),
        };
        let entering = Packet { direction: Direction::Ingress, peer: from.end(outside_from), local: to.address(), ..leaving.clone() };
        let mut steps = Vec::new();
        // Outwards the layer nearest to the machine comes first.
        steps.extend(layers(review, &from, &leaving, Side::Leaving).into_iter().rev());
        steps.extend(gate(&to, &entering));
        steps.extend(layers(review, &to, &entering, Side::Entering));
        let met = steps.iter().map(|step| match step.outcome {
            Outcome::Allowed => Fate::Allowed,
            Outcome::Denied => Fate::Denied,
            Outcome::Unknown => Fate::Unknown,
        });
        let walked = met.fold(Fate::Allowed, Fate::then);
        let reply = Reply::of(review, &from, &to, question, (outside_from, outside_to));
        Self {
            fate: coverage.as_ref().map_or(walked, |coverage| coverage.fate),
            packet: if from.is_outside() || !to.is_outside() { entering } else { leaving },
            source: from.label,
            destination: to.label,
            admitted: coverage.map(|coverage| coverage.admitted),
            steps,
            reply,
        }
    }
}

/// How much of a set of addresses gets through all layers of an end.
struct Coverage {
    fate: Fate,
    /// The part that does, for certain.
    admitted: AddressSet,
    /// The address that tells most: one that does not get through, where there is one.
    telling: Option<IpAddr>,
}

impl Coverage {
    fn of(ground: &Ground, set: &AddressSet, direction: Direction, question: &Point) -> Option<Self> {
        let stack = ground.stack.as_ref()?;
        let evaluation = evaluate_layers(&stack.stack);
        if evaluation.exhausted {
            return Some(Self { fate: Fate::Unknown, admitted: AddressSet::empty(), telling: first_host(set) });
        }
        let nobody = Sources::nobody();
        let at = evaluation.at(&stack.stack.policy, direction, question.protocol, question.port);
        let (surely, possibly) = at.map_or((&nobody, &nobody), |exposure| (&exposure.surely, &exposure.possibly));
        // Members of a group that was not pasted may have any private address, services of a provider any public one.
        let outside = public().union(documentation());
        let symbols = || possibly.symbols.iter().filter_map(|at| evaluation.symbols.get(usize::try_from(*at).ok()?));
        let is_here = |id: &str| stack.stack.members.get(id).is_none_or(|extent| extent.addresses.intersects(set));
        let members = symbols().any(|symbol| matches!(symbol.kind, SymbolKind::Group | SymbolKind::Network) && is_here(&symbol.id));
        let services = symbols().any(|symbol| matches!(symbol.kind, SymbolKind::SharedService | SymbolKind::Provider));
        let part = |set: AddressSet| {
            let admitted = set.intersection(&surely.addresses);
            let mut perhaps = set.intersection(&possibly.addresses);
            if members && !set.intersects(&outside) {
                perhaps = set.clone();
            }
            if services {
                perhaps = perhaps.union(&set.intersection(public()));
            }
            let (denied, open) = (set.difference(&admitted), perhaps.difference(&admitted));
            let (fate, telling) = match () {
                () if denied.is_empty() => (Fate::Allowed, first_host(&admitted)),
                () if !open.is_empty() => (Fate::Unknown, first_host(&open)),
                () if admitted.is_empty() => (Fate::Denied, first_host(&denied)),
                () => (Fate::Partly, first_host(&denied)),
            };
            Self { fate, admitted, telling }
        };
        let v4 = AddressSet { v4: set.v4.clone(), ..AddressSet::empty() };
        let v6 = AddressSet { v6: set.v6.clone(), ..AddressSet::empty() };
        match question.protocol {
            1 => return Some(part(v4)),
            58 => return Some(part(v6)),
            _ => {}
        }
        // Who asks about the internet does not mind when one family has no way in at all.
        if set == public() {
            let (v4, v6) = (part(v4), part(v6));
            if v6.fate == Fate::Denied {
                return Some(v4);
            }
            if v4.fate == Fate::Denied {
                return Some(v6);
            }
        }
        Some(part(set.clone()))
    }
}

/// Routes and public addresses, where they stop the packet.
fn gate(ground: &Ground, packet: &Packet) -> Option<Step> {
    let gate = ground.gate.as_ref()?;
    // Of an end whose address is not known, such as a service of the provider, any public one counts.
    let from = packet.peer.address.or_else(|| first_host(&packet.peer.within.intersection(public())));
    let address = from?;
    if gate.reachable.contains(address) {
        return None;
    }
    let perhaps = gate.perhaps_reachable.contains(address);
    Some(Step {
        side: Side::Entering,
        kind: None,
        policies: Vec::new(),
        said: if perhaps { "a route through what is not in the documents".to_owned() } else { gate.reasons(Some(address)).join(" and ") },
        outcome: if perhaps { Outcome::Unknown } else { Outcome::Denied },
        decided_by: None,
        perhaps: Vec::new(),
        passed: Vec::new(),
    })
}

/// The layers of one end, the outermost first.
fn layers(review: &Review, ground: &Ground, packet: &Packet, side: Side) -> Vec<Step> {
    let Some(stack) = &ground.stack else { return Vec::new() };
    let both = stack.stack.layers.iter().zip(&ground.kinds);
    let met = both.filter(|(layer, _)| packet.peer.is_in(&layer.unfiltered) != Some(true));
    met.map(|(layer, (kind, policies))| step(review, stack, layer, (*kind, policies), packet, side)).collect()
}

fn step(review: &Review, stack: &SurfaceStack, layer: &Layer, (kind, policies): (LayerKind, &[u32]), packet: &Packet, side: Side) -> Step {
    let traced = stack.stack.trace(layer, packet);
    let line = |rule: u32| stack.line(rule).and_then(|line: Line| line.rule);
    let called = policies.iter().filter_map(|policy| review.policy(usize::try_from(*policy).ok()?));
    let called: Vec<String> = called.map(|policy| policy.called()).collect();
    Step {
        side,
        kind: Some(kind),
        policies: policies.to_vec(),
        said: if called.is_empty() { "a layer that was not pasted".to_owned() } else { called.join(" and ") },
        outcome: traced.outcome,
        decided_by: traced.decided_by.and_then(line),
        perhaps: traced.perhaps.into_iter().filter_map(line).collect(),
        passed: traced.passed.into_iter().filter_map(|(rule, why)| line(rule).map(|(policy, rule)| Passed { policy, rule, why })).collect(),
    }
}

/// Protocol and port as people say them.
pub(super) fn service(question: &Point) -> String {
    let protocol = Protocol::Number(question.protocol);
    let [kind, code] = question.port.to_be_bytes();
    match question.protocol {
        6 | 17 | 132 => format!("{}/{protocol}", question.port),
        1 | 58 => format!("{protocol} {kind}/{code}"),
        _ => protocol.to_string(),
    }
}
