//! All firewall rules of a text, put together by network, and told as policies: one for all instances of a network, and one
//! for each distinct target, which is evaluated together with the rules that apply to everyone.
//!
//! Order of evaluation (Cloud NGFW documentation, "Evaluation order for firewall policies and rules"): hierarchical policies,
//! system policies, VPC firewall rules, global network policies, regional ones, and what is implied; a network may ask for
//! its VPC firewall rules to come after its policies.

use std::collections::HashMap;

use super::names::Name;
use super::placed::{Part, Placed, Target};
use crate::document::Level;
use crate::formats::Read;
use crate::formats::cx::Cx;
use crate::model::topology::{Attachment, Border, Fact, Instances};
use crate::model::{Action, Direction, Origin, Peer, Place, Policy, PolicyKind, Rule, Unresolved};

/// Which firewall policies a policy belongs with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tier {
    /// Of an organisation or folder, in their order from the top.
    Hierarchical(u16),
    /// Google's own.
    System,
    /// Of a network, everywhere.
    Global,
    /// Of a network, in one region.
    Regional,
}

/// VPC firewall rules before the network's policies, which is the default, and after them.
const CLASSIC: u16 = 2_000;
const CLASSIC_LATE: u16 = 5_000;
/// What is implied comes last.
const IMPLIED: u16 = 9_000;
/// The priority that Google documents for its implied rules.
const IMPLIED_PRIORITY: u32 = 65_535;
/// How many rules may be repeated beside the targets of a text. Real ones need a few thousand.
const REPEATED: usize = 100_000;

impl Tier {
    fn layer(self) -> u16 {
        match self {
            Self::Hierarchical(depth) => depth.min(400).saturating_mul(2),
            Self::System => 1_000,
            Self::Global => 3_000,
            Self::Regional => 4_000,
        }
    }
}

/// A network, as far as the text shows it.
#[derive(Debug, Default)]
pub(super) struct Network {
    name: Option<Name>,
    pub(super) address: Option<String>,
    pub(super) at: Option<Place>,
    rules: Vec<Placed>,
    /// Its policies come before its VPC firewall rules.
    pub(super) policies_first: bool,
}

/// A firewall policy.
#[derive(Debug)]
pub(super) struct FirewallPolicy {
    pub(super) name: Option<String>,
    pub(super) address: Option<String>,
    pub(super) at: Place,
    pub(super) tier: Tier,
    pub(super) region: Option<String>,
    pub(super) rules: Vec<Placed>,
    /// The networks it is attached to, by their index.
    pub(super) networks: Vec<usize>,
}

/// Everything of one text.
#[derive(Debug, Default)]
pub(super) struct Estate {
    networks: Vec<Network>,
    network_of: HashMap<Option<Name>, usize>,
    pub(super) policies: Vec<FirewallPolicy>,
    repeated: usize,
}

impl Estate {
    /// The index of a network; the same name is the same network.
    pub(super) fn network(&mut self, name: Option<Name>) -> usize {
        let next = self.networks.len();
        let at = *self.network_of.entry(name.clone()).or_insert(next);
        if at == next {
            self.networks.push(Network { name, ..Network::default() });
        }
        at
    }

    pub(super) fn network_mut(&mut self, at: usize) -> Option<&mut Network> {
        self.networks.get_mut(at)
    }

    /// Adds VPC firewall rules to a network.
    pub(super) fn add(&mut self, network: usize, rules: Vec<Placed>) {
        if let Some(network) = self.networks.get_mut(network) {
            network.rules.extend(rules);
        }
    }

    /// Hands over every policy.
    pub(super) fn emit(mut self, cx: &mut Cx<'_>, emit: &mut dyn FnMut(Read)) {
        let mut by_name: HashMap<String, usize> = HashMap::new();
        for name in self.networks.iter().filter(|network| !network.rules.is_empty()).filter_map(|network| network.name.as_ref()) {
            let count = by_name.entry(name.name.clone()).or_default();
            *count = count.saturating_add(1);
        }
        let policies = std::mem::take(&mut self.policies);
        let (attached, alone): (Vec<_>, Vec<_>) = policies.into_iter().partition(|policy| !policy.networks.is_empty());
        for (index, network) in std::mem::take(&mut self.networks).into_iter().enumerate() {
            self.network_policies(index, network, &attached, &by_name, cx, emit);
        }
        for policy in alone {
            self.firewall_policy(policy, cx, emit);
        }
    }

    fn network_policies(
        &mut self,
        index: usize,
        network: Network,
        attached: &[FirewallPolicy],
        by_name: &HashMap<String, usize>,
        cx: &mut Cx<'_>,
        emit: &mut dyn FnMut(Read),
    ) {
        let classic = if network.policies_first { CLASSIC_LATE } else { CLASSIC };
        let mut rules: Vec<Placed> = network.rules.into_iter().map(|rule| layered(rule, classic)).collect();
        for policy in attached.iter().filter(|policy| policy.networks.contains(&index)) {
            if !self.room_for(policy.rules.len()) {
                self.too_many(&mut rules, policy.at, cx);
                break;
            }
            rules.extend(policy.rules.iter().filter_map(|rule| within(rule, network.name.as_ref())).map(|rule| regional(rule, policy)));
        }
        let Some(first) = rules.first() else { return };
        let at = network.at.unwrap_or(first.whole);
        rules.push(implied(&rules, at));
        let name = network.name.as_ref().map(|name| match by_name.get(&name.name) {
            // The same name in two projects is two networks.
            Some(2..) if !name.project.is_empty() => format!("{}/{}", name.project, name.name),
            _ => name.name.clone(),
        });
        let path = network.name.as_ref().map(Name::path);
        let whole = Whole { name, network: path, address: network.address, at, partial: false };
        self.tell(&whole, &rules, cx, emit);
    }

    /// A policy whose networks are not in the text: what it leaves to others is not known.
    fn firewall_policy(&mut self, policy: FirewallPolicy, cx: &mut Cx<'_>, emit: &mut dyn FnMut(Read)) {
        cx.tell(
            Level::Warning,
            policy.at,
            "this firewall policy is judged by itself: the networks it is attached to and their other rules are not in the text",
        );
        let rules: Vec<Placed> = policy.rules.iter().map(|rule| regional(rule.clone(), &policy)).collect();
        let whole = Whole { name: policy.name, network: None, address: policy.address, at: policy.at, partial: true };
        self.tell(&whole, &rules, cx, emit);
    }

    /// One policy for everything, one for each target.
    fn tell(&mut self, whole: &Whole, rules: &[Placed], cx: &mut Cx<'_>, emit: &mut dyn FnMut(Read)) {
        let mut of: HashMap<&Target, Vec<usize>> = HashMap::new();
        let mut targets: Vec<&Target> = Vec::new();
        let everyone = Target::new();
        for (index, rule) in rules.iter().enumerate() {
            for target in &rule.targets {
                let own = of.entry(target).or_default();
                if own.is_empty() && *target != everyone {
                    targets.push(target);
                }
                if own.last() != Some(&index) {
                    own.push(index);
                }
            }
        }
        emit(whole.policy(&everyone, whole.at, self.chosen(&everyone, &of, rules, whole, cx)));
        whole.stands(&everyone, whole.at).into_iter().for_each(|fact| emit(Read::Fact(fact)));
        for target in targets {
            let first = of.get(target).and_then(|own| rules.get(*own.first()?));
            let at = first.map_or(whole.at, |rule| rule.whole);
            emit(whole.policy(target, at, self.chosen(target, &of, rules, whole, cx)));
            // Where a policy stands as a whole is told once.
            whole.stands(target, at).filter(|_| !whole.partial).into_iter().for_each(|fact| emit(Read::Fact(fact)));
        }
    }

    /// The rules that hold for a target: its own, and those of every wider target.
    fn chosen(
        &mut self,
        target: &Target,
        of: &HashMap<&Target, Vec<usize>>,
        rules: &[Placed],
        whole: &Whole,
        cx: &mut Cx<'_>,
    ) -> Vec<Rule> {
        let own = of.get(target).map(Vec::as_slice).unwrap_or_default();
        let mut chosen: Vec<Rule> = own.iter().filter_map(|i| rules.get(*i)).map(|rule| rule.rule.clone()).collect();
        for wider in wider(target) {
            let inherited = of.get(&wider).map(Vec::as_slice).unwrap_or_default();
            if !self.room_for(inherited.len()) {
                let mut placed = Vec::new();
                self.too_many(&mut placed, whole.at, cx);
                chosen.extend(placed.into_iter().map(|rule| rule.rule));
                break;
            }
            let fresh = inherited.iter().filter(|i| !own.contains(i)).filter_map(|i| rules.get(*i));
            chosen.extend(fresh.map(|rule| Rule { inherited: true, ..rule.rule.clone() }));
        }
        chosen
    }

    fn room_for(&mut self, more: usize) -> bool {
        self.repeated = self.repeated.saturating_add(more);
        self.repeated <= REPEATED
    }

    fn too_many(&self, rules: &mut Vec<Placed>, at: Place, cx: &mut Cx<'_>) {
        let message =
            "this text has so many targets and rules that not all of their combinations are evaluated; those that are not are unknown";
        cx.tell(Level::Error, at, message);
        let what = Unresolved {
            name: "the rules that apply to every instance".into(),
            would_settle: "the rules of fewer targets at a time".into(),
        };
        let mut rule = Rule::allow(Direction::Ingress, Peer::Unresolved(Box::new(what)), at);
        rule.origin = Origin::Implied;
        rules.push(Placed { rule, whole: at, targets: vec![Target::new()] });
    }
}

/// What the policies of one network, or of one firewall policy, share.
struct Whole {
    name: Option<String>,
    /// The network with its project; none where it is not known which these are.
    network: Option<String>,
    address: Option<String>,
    at: Place,
    partial: bool,
}

impl Whole {
    fn called(&self, target: &Target) -> Option<Box<str>> {
        let parts: Vec<String> = self.name.iter().cloned().chain(target.iter().map(Part::to_string)).collect();
        (!parts.is_empty()).then(|| parts.join(", ").into())
    }

    /// Which instances the policy of a target is for, where it has a name and is for any.
    fn stands(&self, target: &Target, at: Place) -> Option<Fact> {
        let mut to = Instances { network: self.network.as_deref().map(Into::into), region: None, member: None, secure_tag: None };
        for part in target {
            match part {
                Part::Network(name) => to.network = Some(name.as_str().into()),
                Part::Region(name) => to.region = Some(name.as_str().into()),
                Part::Members(phrase) => match (phrase.strip_prefix("secure tag "), ["tag ", "service account "]) {
                    (Some(tag), _) => to.secure_tag = Some(tag.into()),
                    (None, [tag, account]) => {
                        to.member = Some(phrase.strip_prefix(tag).or_else(|| phrase.strip_prefix(account))?.into());
                    }
                },
            }
        }
        Some(Fact::Attachment(Attachment { policy: self.called(target)?, to: Border::Instances(to), at }))
    }

    fn policy(&self, target: &Target, at: Place, rules: Vec<Rule>) -> Read {
        let policy = Policy {
            kind: PolicyKind::GcpFirewall,
            id: self.name.as_deref().map(Into::into),
            name: self.called(target),
            address: self.address.as_deref().map(Into::into),
            at,
            rules,
            partial: self.partial,
        };
        Read::Policy { policy, again: None }
    }
}

/// Every target that holds wherever `target` does, other than itself. A target has three parts at most.
fn wider(target: &Target) -> Vec<Target> {
    let mut subsets: Vec<Target> = vec![Target::new()];
    for part in target.iter().take(3) {
        let with: Vec<Target> = subsets.iter().map(|subset| [subset.as_slice(), std::slice::from_ref(part)].concat()).collect();
        subsets.extend(with);
    }
    subsets.retain(|subset| subset != target);
    subsets
}

/// A rule in its layer. One without a priority may come first or last: it stands before the others, where its doubt counts
/// for everything behind it.
fn layered(mut placed: Placed, layer: u16) -> Placed {
    let rule = &mut placed.rule;
    rule.layer = layer.saturating_add(u16::from(rule.priority.is_some()));
    if rule.priority.is_none() && rule.action == Action::Next {
        (rule.layer, rule.priority) = (layer.saturating_add(1), Some(0));
    }
    placed
}

/// A rule of a policy in the policy's layer, and in its region.
fn regional(placed: Placed, policy: &FirewallPolicy) -> Placed {
    let mut placed = layered(placed, policy.tier.layer());
    if let Some(region) = policy.region.as_ref().filter(|_| policy.tier == Tier::Regional) {
        for target in &mut placed.targets {
            let after = target.iter().take_while(|part| matches!(part, Part::Network(_))).count();
            target.insert(after, Part::Region(region.clone()));
        }
    }
    placed
}

/// A rule as it holds in one network; `None` where it is for others only.
fn within(placed: &Placed, network: Option<&Name>) -> Option<Placed> {
    let Some(network) = network else { return Some(placed.clone()) };
    let here = |target: &&Target| target.iter().all(|part| !matches!(part, Part::Network(name) if *name != network.name));
    let rest = |target: &Target| target.iter().filter(|part| !matches!(part, Part::Network(_))).cloned().collect();
    let targets: Vec<Target> = placed.targets.iter().filter(here).map(rest).collect();
    (!targets.is_empty()).then(|| Placed { targets, ..placed.clone() })
}

/// What Google adds to every network (VPC documentation, "Implied rules"): everything out, also over IPv6 where the network has
/// it, which its own rules tell. That nothing comes in is what no rule at all means, so it is no rule here either.
fn implied(rules: &[Placed], at: Place) -> Placed {
    let v6 = rules.iter().any(|placed| names_v6(&placed.rule.peer));
    let peer = if v6 { Peer::Any } else { super::ends::union(super::ends::everyone_beside(&[])) };
    let mut rule = Rule::allow(Direction::Egress, peer, at);
    rule.name = Some("implied allow egress".into());
    rule.origin = Origin::Implied;
    (rule.layer, rule.priority) = (IMPLIED, Some(IMPLIED_PRIORITY));
    Placed { rule, whole: at, targets: vec![Target::new()] }
}

fn names_v6(peer: &Peer) -> bool {
    match peer {
        Peer::Net(net) => matches!(net, ipnet::IpNet::V6(_)),
        Peer::Union(peers) => peers.iter().any(names_v6),
        _ => false,
    }
}
