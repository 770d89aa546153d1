//! The rules of a Google Cloud network that are for one instance: those for everyone there, for its region, and for what it is
//! tagged with (Cloud NGFW documentation, "Target parameter").

use super::names::{Names, of_target};
use super::{LayerKind, SurfaceLayer};
use crate::model::topology::{Attachment, Instances, Interface};
use crate::model::{Place, Unresolved};
use crate::sorting::sort_unique;
use crate::space::AddressSet;

/// Firewall policies, each with whom it is for and where that is told.
#[derive(Default)]
pub(super) struct Targets<'f>(Vec<(&'f str, &'f Instances, Place)>);

/// Whether a policy is for an instance.
enum Fit {
    Yes,
    No,
    Maybe(Unresolved),
}

impl<'f> Targets<'f> {
    pub(super) fn add(&mut self, attachment: &'f Attachment, to: &'f Instances) {
        self.0.push((&attachment.policy, to, attachment.at));
    }

    /// The layer before an instance of a network. Policies of which it is not told where they stand are assumed to stand elsewhere.
    pub(super) fn layer(&self, interface: &Interface, network: Option<&str>, names: &Names, assumed: &mut Vec<String>) -> SurfaceLayer {
        let mut layer = SurfaceLayer {
            kind: LayerKind::Interface,
            policies: Vec::new(),
            perhaps: Vec::new(),
            missing: Vec::new(),
            unfiltered: AddressSet::empty(),
        };
        let own = network.and_then(|network| self.network(network));
        for (policy, to, at) in &self.0 {
            let Some(index) = names.get(&of_target(policy, at.document), at.document) else { continue };
            match (to.network.as_deref(), own) {
                (None, _) => {
                    assumed.push(format!(
                        "whether the firewall policy {policy} stands before {} is not in the texts; it is left out",
                        interface.id
                    ));
                    continue;
                }
                (of, own) if of != own => continue,
                _ => {}
            }
            match fit(to, interface) {
                Fit::Yes => layer.policies.push(index),
                Fit::No => {}
                Fit::Maybe(missing) => {
                    assumed.push(format!(
                        "{} would tell whether the rules of {policy} are for {}; they may be",
                        missing.would_settle, interface.id
                    ));
                    layer.policies.push(index);
                    layer.perhaps.push((index, missing));
                }
            }
        }
        sort_unique(&mut layer.policies);
        sort_unique(assumed);
        if own.is_none() {
            let of = network.map_or_else(|| format!("the network of {}", interface.id), |network| format!("the network {network}"));
            layer.missing.push(format!("the firewall rules of {of}").into());
        }
        layer
    }

    /// The network with rules that a name means: one that is called exactly so, else the only one of that name in a project that
    /// only one of the two tells.
    fn network(&self, name: &str) -> Option<&'f str> {
        let known = || self.0.iter().filter_map(|(_, to, _)| to.network.as_deref());
        if let Some(exact) = known().find(|other| *other == name) {
            return Some(exact);
        }
        let mut alike = known().filter(|other| {
            let (one, two) = (name.rsplit_once('/'), other.rsplit_once('/'));
            one.map_or(name, |(_, last)| last) == two.map_or(*other, |(_, last)| last) && (one.is_none() || two.is_none())
        });
        let first = alike.next()?;
        alike.all(|other| other == first).then_some(first)
    }
}

fn fit(to: &Instances, interface: &Interface) -> Fit {
    let mut missing = None;
    if let Some(region) = to.region.as_deref() {
        match interface.region.as_deref() {
            Some(own) if own == region => {}
            Some(_) => return Fit::No,
            None => missing = Some(unresolved(interface, &format!("in the region {region}"), "region")),
        }
    }
    if to.member.as_ref().is_some_and(|member| !interface.groups.contains(member)) {
        match &interface.more_groups {
            Some(more) => missing = missing.or_else(|| Some(Unresolved::clone(more))),
            None => return Fit::No,
        }
    }
    if let Some(tag) = to.secure_tag.as_deref() {
        missing = missing.or_else(|| Some(unresolved(interface, &format!("tagged with {tag}"), "secure tags")));
    }
    missing.map_or(Fit::Yes, Fit::Maybe)
}

fn unresolved(interface: &Interface, is: &str, what: &str) -> Unresolved {
    Unresolved { name: format!("whether {} is {is}", interface.id).into(), would_settle: format!("the {what} of {}", interface.id).into() }
}
