//! From a surface to rules that can be evaluated together.

use std::collections::HashMap;

use super::fronts::has_front_ends;
use super::{Fetch, LayerKind, Surface, SurfaceLayer};
use crate::exposure::{Extent, Layer, Stack};
use crate::model::topology::{Cloud, Interface};
use crate::model::{Action, Direction, Local, Order, Peer, Policy, PolicyKind, Rule, SymbolKind, Unresolved};
use crate::space::AddressSet;

/// The addresses of the members of groups, by the names that rules use.
pub type Members = HashMap<Box<str>, Extent>;

/// Where a rule of a stack comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// The layer, as an index into the surface's.
    pub layer: usize,
    /// The policy and the rule in it; `None` where it stands for a policy that was not pasted.
    pub rule: Option<(u32, u32)>,
}

/// A surface's rules together.
pub struct SurfaceStack {
    /// The rules by layers.
    pub stack: Stack,
    /// For each rule, where it comes from.
    pub lines: Vec<Line>,
    /// The policies on the interface itself, without their rules.
    pub called: Vec<Policy>,
}

impl SurfaceStack {
    /// Collects the rules of all layers.
    pub(crate) fn of(surface: &Surface, fetch: Fetch<'_>, members: &Members) -> Self {
        let mut rules: Vec<Rule> = Vec::new();
        let mut lines = Vec::new();
        let mut layers = Vec::new();
        let mut kind = None;
        let mut called = Vec::new();
        for (layer, at) in surface.layers.iter().zip(0_usize..) {
            let from = rules.len();
            let mut order = Order::Union;
            for index in &layer.policies {
                let Some(mut policy) = fetch(*index) else { continue };
                order = policy.kind.order();
                kind = Some(innermost(kind, policy.kind));
                let perhaps = layer.perhaps.iter().find(|(other, _)| other == index).map(|(_, missing)| missing);
                for (mut rule, i) in std::mem::take(&mut policy.rules).into_iter().zip(0_u32..) {
                    // The policy that it comes from is in the same layer.
                    if rule.inherited && layer.policies.len() > 1 {
                        continue;
                    }
                    rule.doubt = rule.doubt.or_else(|| perhaps.cloned().map(Box::new));
                    let Some(rule) = narrowed(rule, &surface.interface) else { continue };
                    let spoken_for = surface.speaks.as_ref().and_then(|missing| spoken_for(&rule, missing));
                    for rule in spoken_for.into_iter().chain([rule]) {
                        rules.push(rule);
                        lines.push(Line { layer: at, rule: Some((*index, i)) });
                    }
                }
                called.extend((layer.kind != LayerKind::Subnet).then_some(policy));
            }
            // An ACL is not the last word where what stands behind it was not pasted.
            if layer.kind != LayerKind::Subnet && !layer.missing.is_empty() {
                kind = kind.filter(|kind| !kind.is_outer_layer());
            }
            for name in &layer.missing {
                rules.extend(unpasted(name, layer, surface));
                lines.extend([Line { layer: at, rule: None }; 2]);
            }
            let own = (from..rules.len()).filter_map(|i| u32::try_from(i).ok()).collect();
            layers.push(Layer { rules: own, order, unfiltered: layer.unfiltered.clone() });
        }
        let interface = &surface.interface;
        let mut named = Members::new();
        rules.iter().for_each(|rule| mentioned(&rule.peer, members, &mut named));
        let policy = Policy {
            kind: kind.unwrap_or_else(|| innermost_of(interface.cloud)),
            id: Some(interface.id.clone()),
            name: interface.name.clone(),
            address: None,
            at: interface.at,
            rules,
            partial: false,
        };
        let (reachable, perhaps_reachable) = (surface.gate.reachable.clone(), surface.gate.perhaps_reachable.clone());
        Self { stack: Stack { policy, layers, reachable, perhaps_reachable, members: named }, lines, called }
    }

    /// One policy by itself, with every source before it.
    pub(crate) fn alone(policy: Policy, index: u32) -> Self {
        let rules = (0_u32..).zip(&policy.rules).map(|(i, _)| i).collect();
        let lines = (0_u32..).zip(&policy.rules).map(|(i, _)| Line { layer: 0, rule: Some((index, i)) }).collect();
        let layers = vec![Layer { rules, order: policy.kind.order(), unfiltered: AddressSet::empty() }];
        let everyone = AddressSet::full();
        let members = Members::new();
        Self {
            stack: Stack { policy, layers, reachable: everyone.clone(), perhaps_reachable: everyone, members },
            lines,
            called: Vec::new(),
        }
    }

    /// Where a rule of the stack comes from.
    pub fn line(&self, rule: u32) -> Option<Line> {
        self.lines.get(usize::try_from(rule).ok()?).copied()
    }
}

/// The members of the groups that a peer names; there may be thousands of others.
fn mentioned(peer: &Peer, members: &Members, found: &mut Members) {
    match peer {
        Peer::Symbol(symbol) => found.extend(members.get(&symbol.id).map(|extent| (symbol.id.clone(), extent.clone()))),
        Peer::Union(peers) => peers.iter().for_each(|peer| mentioned(peer, members, found)),
        _ => {}
    }
}

/// The kind that has the last word at an interface of a cloud.
const fn innermost_of(cloud: Cloud) -> PolicyKind {
    match cloud {
        Cloud::Aws => PolicyKind::AwsSecurityGroup,
        Cloud::Azure => PolicyKind::AzureNetworkSecurityGroup,
        Cloud::Gcp => PolicyKind::GcpFirewall,
    }
}

/// Of two kinds the one that is nearer to the machine and has the last word.
const fn innermost(before: Option<PolicyKind>, kind: PolicyKind) -> PolicyKind {
    match before {
        Some(before) if kind.is_outer_layer() => before,
        _ => kind,
    }
}

/// A rule as it holds for one interface; `None` where it is about other ones.
fn narrowed(mut rule: Rule, interface: &Interface) -> Option<Rule> {
    match &rule.local {
        Local::Any => return Some(rule),
        Local::Addresses(set) if interface.addresses.is_empty() => {
            let name = format!("whether {} is in {}", interface.id, rule.local);
            let missing = Unresolved { name: name.into(), would_settle: format!("the addresses of {}", interface.id).into() };
            if !set.is_full() {
                rule.doubt = rule.doubt.or_else(|| Some(Box::new(missing)));
            }
        }
        Local::Addresses(set) if set.intersects(&interface.addresses) => {}
        Local::Addresses(_) => return None,
        Local::Symbol(symbol) if interface.memberships().any(|group| *group == symbol.id) => {}
        // What groups an interface of Azure is in stands with it.
        Local::Symbol(symbol) if symbol.kind == SymbolKind::Group && interface.cloud == Cloud::Azure => return None,
        Local::Symbol(symbol) => {
            let missing = Unresolved {
                name: format!("whether {} is a member of {}", interface.id, symbol.id).into(),
                would_settle: format!("the members of {}", symbol.id).into(),
            };
            rule.doubt = rule.doubt.or_else(|| Some(Box::new(missing)));
        }
    }
    rule.local = Local::Any;
    Some(rule)
}

/// What a rule perhaps admits as well, since front ends that it admits pass on what others send.
fn spoken_for(rule: &Rule, missing: &Unresolved) -> Option<Rule> {
    let admits = rule.action == Action::Allow && rule.direction == Direction::Ingress;
    let peer = Peer::Unresolved(Box::new(missing.clone()));
    (admits && has_front_ends(&rule.peer)).then(|| Rule { peer, ..rule.clone() })
}

/// What stands for a policy that was not pasted: it could admit anything, both ways.
fn unpasted(name: &str, layer: &SurfaceLayer, surface: &Surface) -> [Rule; 2] {
    let missing = Unresolved {
        name: name.into(),
        would_settle: format!("{name}, which stands before {} at its {}", surface.interface.id, layer.kind.as_str()).into(),
    };
    let peer = Peer::Unresolved(Box::new(missing));
    // It may also come before what is known of the layer.
    [Direction::Ingress, Direction::Egress]
        .map(|direction| Rule { priority: Some(0), ..Rule::allow(direction, peer.clone(), surface.at()) })
}
