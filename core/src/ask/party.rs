//! The ends of a question: what a name means in the documents at hand.

use std::collections::HashSet;
use std::net::IpAddr;

use ipnet::IpNet;

use super::member::{self, Member, Mentioned};
use crate::review::Review;
use crate::space::{AddressSet, public};

/// One end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Party {
    /// An interface that was pasted, as an index into the review's surfaces.
    Surface(usize),
    /// The members of a policy whose interfaces were not pasted, as an index into the review's policies.
    Policy(usize),
    /// Addresses outside of what was pasted, and what the question calls them.
    Addresses(AddressSet, String),
    /// Whoever is behind a name that rules use and whose addresses were not pasted, such as a service tag.
    Member(Member),
}

impl Party {
    /// What a name means: `internet`, an address or a CIDR, an interface or its machine, a policy by id, name or address, or what
    /// rules name as their other end: a group, a tag, a service tag, a prefix list.
    ///
    /// # Errors
    ///
    /// One sentence with names that would do.
    pub(super) fn find(review: &Review, name: &str) -> Result<Vec<Self>, String> {
        if name.eq_ignore_ascii_case("internet") || name == "*" {
            return Ok(vec![Self::Addresses(public().clone(), "the internet".to_owned())]);
        }
        if let Ok(address) = name.parse::<IpAddr>() {
            let has = |(_, surface): &(usize, &crate::surface::Surface)| surface.interface.addresses.contains(address);
            let owner = review.surfaces().iter().enumerate().find(has).map(|(at, _)| Self::Surface(at));
            return Ok(vec![owner.unwrap_or_else(|| Self::Addresses(AddressSet::from_nets([IpNet::from(address)]), name.to_owned()))]);
        }
        if let Ok(net) = name.parse::<IpNet>() {
            return Ok(vec![Self::Addresses(AddressSet::from_nets([net]), net.trunc().to_string())]);
        }
        let called = |known: &Option<Box<str>>| known.as_deref() == Some(name);
        let surfaces = review.surfaces().iter().enumerate();
        let named = surfaces.filter(|(_, surface)| {
            let interface = &surface.interface;
            &*interface.id == name || called(&interface.name) || called(&interface.carrier)
        });
        let found: Vec<Self> = named.map(|(at, _)| Self::Surface(at)).collect();
        if !found.is_empty() {
            return Ok(found);
        }
        let (mut known, mut mentioned, mut targeted) = (Vec::new(), Mentioned::default(), Vec::new());
        for index in 0..review.policies() {
            let Some(policy) = review.policy(index) else { continue };
            if called(&policy.id) || called(&policy.name) || called(&policy.address) {
                return Ok(Self::carriers(review, index));
            }
            if known.len() < 5 {
                known.push(format!("`{}`", policy.label().escape_debug()));
            }
            mentioned.look(&policy, name);
            if member::targets(&policy).any(|own| own == name) {
                targeted.push(Self::Policy(index));
            }
        }
        let carries = |surface: &crate::surface::Surface| surface.interface.memberships().any(|group| &**group == name);
        let members = review.surfaces().iter().enumerate().filter(|(_, surface)| carries(surface));
        let members: Vec<Self> = members.map(|(at, _)| Self::Surface(at)).collect();
        if !members.is_empty() {
            return Ok(members);
        }
        if !targeted.is_empty() {
            return Ok(targeted);
        }
        if let Some(found) = mentioned.end(name) {
            return Ok(vec![found]);
        }
        let known = if known.is_empty() { String::new() } else { format!(", such as {}", known.join(", ")) };
        Err(format!("nothing here is called `{}`; name a policy, an interface, an address or internet{known}", name.escape_debug()))
    }

    /// The interfaces of a policy where they were pasted, else the policy itself.
    fn carriers(review: &Review, policy: usize) -> Vec<Self> {
        let index = u32::try_from(policy).unwrap_or(u32::MAX);
        let surfaces = review.surfaces().iter().enumerate();
        let carries = surfaces.filter(|(_, surface)| surface.layers.iter().any(|layer| layer.policies.contains(&index)));
        let found: Vec<Self> = carries.map(|(at, _)| Self::Surface(at)).collect();
        if found.is_empty() { vec![Self::Policy(policy)] } else { found }
    }

    /// How a sentence names it.
    pub fn label(&self, review: &Review) -> String {
        match self {
            Self::Surface(at) => review.surfaces().get(*at).map(crate::surface::Surface::label).unwrap_or_default(),
            Self::Policy(at) => review.policy(*at).map(|policy| policy.label().to_owned()).unwrap_or_default(),
            Self::Addresses(_, called) => called.clone(),
            Self::Member(member) => member.called.clone(),
        }
    }

    /// Who is behind it, where the documents have a name and no addresses.
    pub(super) fn note(&self) -> Option<String> {
        match self {
            Self::Member(member) => Some(member.note()),
            _ => None,
        }
    }

    /// Whether it has no layers here that could decide.
    pub(super) const fn is_outside(&self) -> bool {
        matches!(self, Self::Addresses(..) | Self::Member(_))
    }
}

/// Names that an end of a question can have, each once: the internet, interfaces and their machines, policies, and what rules name;
/// at most `limit`.
pub fn names(review: &Review, limit: usize) -> Vec<String> {
    let surfaces = review.surfaces().iter().flat_map(|surface| {
        let own = &surface.interface;
        [own.name.clone(), own.carrier.clone(), Some(own.id.clone())].into_iter().flatten()
    });
    let policies = (0..review.policies()).filter_map(|index| review.policy(index)).flat_map(|policy| {
        let called = [policy.name.clone(), policy.id.clone(), policy.address.clone()];
        called.into_iter().flatten()
    });
    let mentioned = (0..review.policies()).filter_map(|index| review.policy(index)).flat_map(|policy| member::names(&policy));
    let mut seen = HashSet::new();
    // Names with blanks can't stand in a question.
    let all = std::iter::once(Box::from("internet")).chain(surfaces).chain(policies).chain(mentioned).map(String::from);
    let askable = all.filter(|name| !name.is_empty() && !name.contains(char::is_whitespace));
    askable.filter(|name| seen.insert(name.clone())).take(limit).collect()
}
