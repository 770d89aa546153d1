//! What is known of a policy from beyond itself: the other layers before its interfaces, the tiers before it, and what is
//! approved of it.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::{HashMap, HashSet};

use super::Review;
use crate::audits::{self, Finding, Subject, default_acl, nat_subnet, tier_less_restricted, unused_acl};
use crate::baseline::Baseline;
use crate::exposure::evaluate;
use crate::model::topology::{Border, Fact};
use crate::model::{Policy, PolicyKind};
use crate::space::AddressSet;
use crate::stateless::{Inner, NatClient};
use crate::surface::{self, Inside, LayerKind, Surface, SurfaceStack, View};
use crate::tiers::{Directory, Ends, Tiers};
use crate::verdict::{Behind, Judge, Verdict, judge};

/// What is known about a policy from beyond itself.
pub(super) struct Across<'a> {
    /// What is open on purpose.
    baseline: &'a Baseline,
    /// What other layers leave of it.
    behind: Option<&'a Behind>,
    /// The exposure that admits more than the tier before it does, and that tier's name.
    weaker: Option<(u32, String)>,
    /// It stands before nothing.
    idle: bool,
    /// It stands around a NAT gateway, which these subnets use.
    gateway_of: Option<&'a [NatClient]>,
    /// What gets through to the interfaces behind it.
    inner: Option<&'a Inner>,
    /// It is the default ACL of a network, and these subnets use it.
    default_of: Option<&'a [Box<str>]>,
}

impl Review {
    /// The graph of tiers: who can reach whom, and how far the data is from the internet.
    pub fn tiers(&self) -> Tiers {
        if self.at_interfaces.is_empty() {
            return Directory::of(&self.ends).tiers();
        }
        let effective = self.ends.iter().zip(0_u32..).map(|(own, at)| self.at_interfaces.get(&at).unwrap_or(own).clone());
        Directory::of(&effective.collect::<Vec<_>>()).tiers()
    }

    /// The interfaces that were pasted, each with its layers.
    pub fn surfaces(&self) -> &[Surface] {
        &self.surfaces
    }

    /// The groups whose members were pasted and have none of these addresses.
    pub(crate) fn groups_without(&self, addresses: &AddressSet) -> Vec<Box<str>> {
        let without = self.members.iter().filter(|(_, extent)| !extent.addresses.intersects(addresses));
        without.map(|(name, _)| name.clone()).collect()
    }

    /// The rules of all layers of an interface.
    pub(crate) fn stack_of(&self, surface: usize) -> Option<SurfaceStack> {
        let fetch = |index: u32| self.policy(usize::try_from(index).ok()?).map(Cow::into_owned);
        Some(SurfaceStack::of(self.surfaces.get(surface)?, &fetch, &self.members))
    }

    /// Looks at one interface with what passes all of its layers.
    pub fn look_at_surface<R>(&self, index: usize, look: impl FnOnce(&View<'_>, surface::Fetch<'_>) -> R) -> Option<R> {
        let fetch = |index: u32| self.policy(usize::try_from(index).ok()?).map(Cow::into_owned);
        Some(self.surfaces.get(index)?.look(&fetch, &self.members, &self.baseline, |view| look(view, &fetch)))
    }

    /// Looks at the interfaces, and once more at the policies that other layers close.
    pub(super) fn see_surfaces(&mut self) {
        if self.facts.is_empty() {
            return;
        }
        let (mut names, mut hosts) = (surface::Names::default(), Vec::new());
        for index in 0..self.entries.len() {
            let (Some(policy), Ok(at)) = (self.policy(index), u32::try_from(index)) else { continue };
            for name in [&policy.id, &policy.address].into_iter().flatten() {
                names.add(name, policy.at.document, at);
                // Azure's ids are the same in any letter case.
                if policy.kind == PolicyKind::AzureNetworkSecurityGroup {
                    names.add(&name.to_ascii_lowercase(), policy.at.document, at);
                }
            }
            if let Some(name) = policy.name.as_deref().filter(|_| policy.kind == PolicyKind::GcpFirewall) {
                names.add(&surface::of_target(name, policy.at.document), policy.at.document, at);
            }
            if policy.kind == PolicyKind::HostFirewall {
                let document = usize::try_from(policy.at.document).ok().and_then(|at| self.documents.get(at));
                hosts.push(surface::Host { policy: at, document: document.map(|own| own.name.clone()).unwrap_or_default() });
            }
        }
        let facts = std::mem::take(&mut self.facts);
        let fetch = |index: u32| self.policy(usize::try_from(index).ok()?).map(Cow::into_owned);
        let (surfaces, members) = surface::build(&facts, &names, &hosts, &fetch, &self.baseline);
        let inside = surface::inside(&facts, &names, &surfaces, &fetch, &members);
        (self.behind, self.inside) = (surface::behind(&surfaces), inside);
        (self.surfaces, self.members, self.facts) = (surfaces, members, facts);
        let nowhere = self.facts.iter().filter_map(|fact| match fact {
            Fact::Attachment(attachment) if attachment.to == Border::Nowhere => names.get(&attachment.policy, attachment.at.document),
            _ => None,
        });
        self.idle = nowhere.collect();
        let stands = |policy: &u32| self.surfaces.iter().any(|surface| surface.layers.iter().any(|layer| layer.policies.contains(policy)));
        for policy in self.inside.clients.keys().filter(|policy| !stands(policy)) {
            let said = "only a NAT gateway stands behind it, which lets nothing in".to_owned();
            self.behind.insert(*policy, Behind { closed: Verdict::Secure, open: Vec::new(), said });
        }
        let Inside { inner, clients, defaults } = &self.inside;
        let inside = inner.keys().chain(clients.keys()).chain(defaults.keys());
        let again: HashSet<u32> = self.behind.keys().chain(&self.idle).chain(inside).copied().collect();
        self.judge_again(again);
        self.at_interfaces = self.ends_at_interfaces();
    }

    /// Finds tiers that admit more than the one before them.
    pub(super) fn see_tiers(&mut self) {
        let weaker = Directory::of(&self.ends).weaker();
        self.weaker = weaker.iter().map(|weaker| (weaker.policy, *weaker)).collect();
        self.judge_again(self.weaker.keys().copied().collect());
    }

    /// What gets through to each policy at the interfaces that were pasted.
    fn ends_at_interfaces(&self) -> HashMap<u32, Ends> {
        let mut found: HashMap<u32, Ends> = HashMap::new();
        for index in 0..self.surfaces.len() {
            let own = self.look_at_surface(index, |view, _| {
                let policy = &view.stack.stack.policy;
                let own = Ends::of(policy, view.evaluation, view.judgement, &self.members);
                if view.surface.gate.answered { own.answered(policy, view.evaluation) } else { own }
            });
            let (Some(own), Some(surface)) = (own, self.surfaces.get(index)) else { continue };
            let inner = surface.layers.iter().filter(|layer| layer.kind != LayerKind::Subnet).flat_map(|layer| &layer.policies);
            for policy in inner {
                match found.get_mut(policy) {
                    Some(known) => known.merge(&own),
                    None => {
                        let names = usize::try_from(*policy).ok().and_then(|at| self.ends.get(at)).map(|ends| ends.names.clone());
                        found.insert(*policy, own.clone().called(names.unwrap_or_default()));
                    }
                }
            }
        }
        found
    }

    /// Judges policies once more, with what is known across policies by now.
    fn judge_again(&mut self, again: HashSet<u32>) {
        self.findings.retain(|key| !again.contains(&key.policy));
        self.exposures.retain(|key| !again.contains(&key.policy));
        for index in again.into_iter().filter_map(|index| usize::try_from(index).ok()) {
            if let Some(policy) = self.policy(index).map(Cow::into_owned) {
                self.keep_judgement(index, &policy);
            }
        }
    }

    /// What is known about a policy from beyond itself.
    pub(super) fn across(&self, policy: u32) -> Across<'_> {
        let name = |before: u32| usize::try_from(before).ok().and_then(|at| self.policy(at)).map(|policy| policy.label().to_owned());
        let weaker = self.weaker.get(&policy).and_then(|weaker| Some((weaker.exposure, name(weaker.before)?)));
        Across {
            baseline: &self.baseline,
            behind: self.behind.get(&policy),
            weaker,
            idle: self.idle.contains(&policy),
            gateway_of: self.inside.clients.get(&policy).map(Vec::as_slice),
            inner: self.inside.inner.get(&policy),
            default_of: self.inside.defaults.get(&policy).map(Vec::as_slice),
        }
    }
}

/// Evaluates, judges and audits one policy, and shows it to `look`, once.
pub(super) fn with_judgement<R>(policy: &Policy, across: &Across<'_>, look: impl FnOnce(&Subject<'_>, &[Finding]) -> R) -> Option<R> {
    let (mut look, mut seen) = (Some(look), None);
    judged(policy, across, &mut |subject, findings| seen = look.take().map(|look| look(subject, findings)));
    seen
}

/// Not generic, since it is long and there are many who look.
fn judged(policy: &Policy, across: &Across<'_>, look: &mut dyn FnMut(&Subject<'_>, &[Finding])) {
    let Across { baseline, behind, weaker, idle, gateway_of, inner, default_of } = across;
    let mut evaluation = evaluate(policy);
    let approved = baseline.split(policy, |approval| approval.names(policy), &mut evaluation);
    let settled = |behind: Option<&Behind>| {
        let mut judgement = judge(policy, &evaluation, behind, *inner);
        Baseline::settle(&approved, &evaluation, &mut judgement);
        judgement
    };
    // The audits see the policy as it stands: what only other layers close is still worth telling.
    let (mut judgement, alone) = (settled(None), Judge::new(policy, &evaluation, None));
    let mut findings = {
        let subject =
            Subject { policy, evaluation: &evaluation, judgement: &judgement, judge: &alone, baseline, decided: RefCell::default() };
        let weaker = weaker.as_ref();
        let weaker = weaker.and_then(|(at, before)| tier_less_restricted::finding(&subject, usize::try_from(*at).ok()?, before));
        let idle = idle.then(|| unused_acl::finding(&subject));
        let gateway = gateway_of.and_then(|clients| nat_subnet::finding(&subject, clients));
        let default = default_of.and_then(|subnets| default_acl::finding(&subject, subnets));
        audits::audit(&subject, weaker.into_iter().chain(idle).chain(gateway).chain(default))
    };
    if behind.is_some() {
        judgement = settled(*behind);
    }
    for finding in &mut findings {
        let about = finding.exposure.and_then(|at| evaluation.exposures.get(at));
        if let Some(behind) = behind.filter(|behind| finding.verdict > behind.closed && about.is_some_and(|one| behind.closes(one))) {
            finding.verdict = behind.closed;
            finding.message = format!("{}; {}", finding.message, behind.said);
        }
        // These are no exposures of the policy itself.
        if [tier_less_restricted::AUDIT.id, nat_subnet::AUDIT.id].contains(&finding.audit.id) {
            judgement.verdict = judgement.verdict.max(finding.verdict);
        }
    }
    audits::worst_first(&mut findings);
    let judge = Judge::new(policy, &evaluation, *behind);
    let decided = RefCell::default();
    look(&Subject { policy, evaluation: &evaluation, judgement: &judgement, judge: &judge, baseline, decided }, &findings);
}
