//! The comparison as plain serialisable data. The schema is `data/compare.schema.json`.

use serde::Serialize;

use super::difference::Run;
use super::matching::{By, Match};
use super::side::Side;
use super::surfaces::{AtInterfaces, SurfaceChange};
use super::{Both, Differences, Reviews, SCHEMA_ID, words};
use crate::exposure::{Exposure, Sources, words as told};
use crate::model::{Peer, Policy, PolicyKind, Rule, Symbol};
use crate::report::{At, DocumentReport, Tool, at, documents};
use crate::review::Review;
use crate::sorting::sort_by_key;
use crate::verdict::{Judge, Verdict, addresses, is_unresolved};

/// Prefixes and places listed for one change; the counts are always exact.
const LISTED: usize = 100;

/// What a change of configuration opens and closes.
#[derive(Debug, Serialize)]
pub struct Comparison {
    /// [`SCHEMA_ID`].
    pub schema: &'static str,
    /// What made it.
    pub tool: Tool,
    /// One sentence.
    pub headline: String,
    /// Whether both admit the same, as far as that is known.
    pub equal: bool,
    /// The worst verdict of what opens and is not approved; null where nothing does.
    pub opens_worst: Option<&'static str>,
    /// How many policies were compared, and how many are told of below.
    pub counts: Counts,
    /// The documents before.
    pub before: Vec<DocumentReport>,
    /// The documents after.
    pub after: Vec<DocumentReport>,
    /// The policies that differ or were renamed, the worst first.
    pub policies: Vec<PolicyChange>,
    /// The interfaces at which something opens or closes, the worst first; none where one side has no interfaces.
    pub surfaces: Vec<SurfaceChange>,
}

/// Numbers of policies and changes.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Counts {
    /// Policies on either side.
    pub policies: usize,
    /// On both sides, and admitting something else.
    pub changed: usize,
    /// Only after.
    pub new: usize,
    /// Only before.
    pub gone: usize,
    /// On both sides under other names.
    pub renamed: usize,
    /// What opens, in all policies.
    pub opens: usize,
    /// What of it is approved.
    pub approved: usize,
    /// What closes, in all policies.
    pub closes: usize,
    /// Interfaces on either side, where both have some.
    pub interfaces: usize,
    /// What opens, at all interfaces.
    pub interfaces_open: usize,
    /// What closes, at all interfaces.
    pub interfaces_close: usize,
}

/// A policy on one side.
#[derive(Clone, Debug, Serialize)]
pub struct PolicyReference {
    /// Its index in the review of its side.
    pub policy: usize,
    /// The platform's identifier.
    pub id: Option<String>,
    /// What people call it.
    pub name: Option<String>,
    /// The resource's name in a template or plan.
    pub address: Option<String>,
    /// Where it stands; the document is one of its side.
    pub at: At,
    /// The verdict on all of it.
    pub verdict: &'static str,
}

/// What changes in a policy.
#[derive(Clone, Debug, Serialize)]
pub struct PolicyChange {
    /// What kind of thing it is.
    pub kind: &'static str,
    /// What a person calls the kind.
    pub kind_title: &'static str,
    /// What it is called, after where it is there.
    pub label: String,
    /// `changed`, `new`, `gone` or `renamed`.
    pub status: &'static str,
    /// `id`, `address`, `name` or `exposures`; null where it is on one side only.
    pub matched_by: Option<&'static str>,
    /// The status in a sentence.
    pub message: String,
    /// Why the comparison may be incomplete; null where it is exact.
    pub not_compared: Option<&'static str>,
    /// Before.
    pub before: Option<PolicyReference>,
    /// After.
    pub after: Option<PolicyReference>,
    /// What opens.
    pub opens: Vec<Change>,
    /// What closes.
    pub closes: Vec<Change>,
    /// Whether all interfaces that it stands before were pasted with all of their layers on the side after, so that they tell what is
    /// open: its own changes count for no more than they do in a review.
    pub at_interfaces: bool,
}

/// A largest run of ports that opens or closes to the same sources.
#[derive(Clone, Debug, Serialize)]
pub struct Change {
    /// One sentence.
    pub message: String,
    /// `ingress` or `egress`.
    pub direction: &'static str,
    /// As in the report's exposures.
    pub protocol: String,
    /// As in the report's exposures.
    pub ports: Option<String>,
    /// As in the report's exposures.
    pub icmp: Option<String>,
    /// The protected end.
    pub local: String,
    /// The parts of the protected end of which this does not speak, where it speaks of all others.
    pub except: Vec<String>,
    /// Why it is meant to be open, where the baseline approves it; null where it does not.
    pub approved: Option<String>,
    /// Whether it is so whatever the unresolved parts are.
    pub certain: bool,
    /// How wide the sources are that come or go.
    pub reach: &'static str,
    /// IPv4 addresses that come or go.
    pub ipv4: u64,
    /// IPv6 networks that come or go, in /64s, as a decimal string.
    pub ipv6_64s: String,
    /// The prefixes, at most a hundred.
    pub sources: Vec<String>,
    /// How many prefixes there are.
    pub source_count: usize,
    /// Groups, tags and services.
    pub groups: Vec<String>,
    /// What is not in the text.
    pub unresolved: Vec<String>,
    /// The verdict on these ports before; null where nobody got in.
    pub verdict_before: Option<&'static str>,
    /// The verdict on these ports after; null where nobody gets in.
    pub verdict_after: Option<&'static str>,
    /// The rules that admit it, as indices into the policy after for what opens, before for what closes.
    pub rules: Vec<u32>,
    /// Where they stand, in the documents of that side.
    pub places: Vec<At>,
    /// Both verdicts, before and after.
    #[serde(skip)]
    pub verdicts: (Option<Verdict>, Option<Verdict>),
}

impl Change {
    /// Whether the verdict after is worse than before, nobody getting in counting as secure, and no verdict as worse than `most`.
    fn is_worse(&self, most: Verdict) -> bool {
        let of = |verdict: Option<Verdict>| verdict.unwrap_or(Verdict::Secure).min(most);
        of(self.verdicts.1) > of(self.verdicts.0)
    }
}

impl PolicyChange {
    /// The worst that its changes count for: an ACL that its interfaces' groups close is secure, and a policy that only other
    /// layers close calls for caution.
    fn most(&self) -> Verdict {
        match (self.at_interfaces, self.kind) {
            (false, _) => Verdict::Dangerous,
            (true, kind) if kind == PolicyKind::AwsNetworkAcl.id() => Verdict::Secure,
            (true, _) => Verdict::Caution,
        }
    }

    fn worst(&self) -> Option<Verdict> {
        worst(&self.opens).map(|verdict| verdict.min(self.most()))
    }
}

/// The worst verdict of what opens and is not approved.
fn worst(changes: &[Change]) -> Option<Verdict> {
    changes.iter().filter(|change| change.approved.is_none()).filter_map(|change| change.verdicts.1).max()
}

impl Comparison {
    pub(super) fn of(
        before: &Review,
        after: &Review,
        compared: usize,
        mut policies: Vec<PolicyChange>,
        AtInterfaces { compared: interfaces, changes: mut surfaces }: AtInterfaces,
    ) -> Self {
        let counted = |status: &str| policies.iter().filter(|policy| policy.status == status).count();
        let counts = Counts {
            policies: compared,
            changed: counted("changed"),
            new: counted("new"),
            gone: counted("gone"),
            renamed: counted("renamed"),
            opens: policies.iter().map(|policy| policy.opens.len()).sum(),
            approved: policies.iter().flat_map(|policy| &policy.opens).filter(|change| change.approved.is_some()).count(),
            closes: policies.iter().map(|policy| policy.closes.len()).sum(),
            interfaces,
            interfaces_open: surfaces.iter().map(|surface| surface.opens.len()).sum(),
            interfaces_close: surfaces.iter().map(|surface| surface.closes.len()).sum(),
        };
        let not_compared = policies.iter().filter(|policy| policy.not_compared.is_some()).count();
        let at_interfaces = surfaces.iter().filter_map(|surface| worst(&surface.opens)).max();
        let opens_worst = policies.iter().filter_map(PolicyChange::worst).max().max(at_interfaces).map(Verdict::as_str);
        sort_by_key(&mut policies, |policy| std::cmp::Reverse((policy.worst(), !policy.opens.is_empty())));
        sort_by_key(&mut surfaces, |surface| std::cmp::Reverse((worst(&surface.opens), !surface.opens.is_empty())));
        Self {
            schema: SCHEMA_ID,
            tool: Tool::this(),
            headline: words::headline(&counts, opens_worst, not_compared),
            equal: counts.opens == 0 && counts.closes == 0 && not_compared == 0 && surfaces.is_empty(),
            opens_worst,
            counts,
            before: documents(before),
            after: documents(after),
            policies,
            surfaces,
        }
    }

    /// Whether something opens that is not approved. Of policies whose interfaces were pasted those tell it.
    pub fn opens(&self) -> bool {
        let policies = self.policies.iter().filter(|policy| !policy.at_interfaces).flat_map(|policy| &policy.opens);
        policies.chain(self.at_interfaces()).any(|change| change.approved.is_none()) || self.has_doubt()
    }

    /// Whether something opens that is not approved and has a worse verdict than before.
    pub fn worsens(&self) -> bool {
        let policies = self.policies.iter().flat_map(|policy| policy.opens.iter().map(move |change| (change, policy.most())));
        let mut all = policies.chain(self.at_interfaces().map(|change| (change, Verdict::Dangerous)));
        all.any(|(change, most)| change.approved.is_none() && change.is_worse(most))
    }

    fn at_interfaces(&self) -> impl Iterator<Item = &Change> {
        self.surfaces.iter().flat_map(|surface| &surface.opens)
    }

    fn has_doubt(&self) -> bool {
        let policies = self.policies.iter().any(|policy| policy.not_compared.is_some());
        policies || self.surfaces.iter().any(|surface| surface.not_compared.is_some())
    }

    /// The worst verdict of what opens and is not approved, unknown at least where something could not be compared exactly. Of
    /// policies whose interfaces were pasted those tell it.
    pub fn worst(&self) -> Option<Verdict> {
        let unknown = self.has_doubt().then_some(Verdict::Unknown);
        let at_interfaces = self.surfaces.iter().filter_map(|surface| worst(&surface.opens)).max();
        self.policies.iter().filter_map(PolicyChange::worst).max().max(at_interfaces).max(unknown)
    }
}

/// What changes in a pair of policies; `None` where nothing does.
pub(super) fn policy(reviews: &Reviews<'_>, pair: &Match, both: &Both<'_, '_>, found: &Differences) -> Option<PolicyChange> {
    let status = match (both.before, both.after, pair.by) {
        (None, _, _) => "new",
        (_, None, _) => "gone",
        (_, _, Some(By::Exposures)) => "renamed",
        _ if found.is_empty() && !found.exhausted => return None,
        _ => "changed",
    };
    let shown = both.after.or(both.before)?.policy;
    let by = pair.by.map(By::as_str);
    let partial = [both.before, both.after].into_iter().flatten().any(|side| side.policy.partial);
    let changes = |verb: &str, runs: &[Run], side: Option<&Side<'_>>, review: &Review, flip: bool| -> Vec<Change> {
        let Some(side) = side else { return Vec::new() };
        runs.iter().map(|run| change(verb, run, side, review, flip)).collect()
    };
    Some(PolicyChange {
        kind: shown.kind.id(),
        kind_title: shown.kind.title(),
        label: shown.label().to_owned(),
        status,
        matched_by: by,
        message: words::status(status, shown.kind.title(), by, partial),
        not_compared: found.exhausted.then_some("it is too intricate to evaluate exactly, so more may open or close than is told here"),
        before: both.before.zip(pair.before).and_then(|(side, index)| reference(reviews.before, index, side.policy)),
        after: both.after.zip(pair.after).and_then(|(side, index)| reference(reviews.after, index, side.policy)),
        opens: changes("open", &found.opens, both.after, reviews.after, false),
        closes: changes("close", &found.closes, both.before, reviews.before, true),
        at_interfaces: false,
    })
}

fn reference(review: &Review, index: usize, policy: &Policy) -> Option<PolicyReference> {
    Some(PolicyReference {
        policy: index,
        id: policy.id.as_deref().map(Into::into),
        name: policy.name.as_deref().map(Into::into),
        address: policy.address.as_deref().map(Into::into),
        at: at(review, policy.at),
        verdict: review.verdict_of(index)?.as_str(),
    })
}

pub(super) fn change(verb: &str, run: &Run, side: &Side<'_>, review: &Review, flip: bool) -> Change {
    let mut exposure =
        Exposure { surely: side.own(&run.exposure.surely), possibly: side.own(&run.exposure.possibly), ..run.exposure.clone() };
    exposure.rules.retain(|i| side.rule(*i).is_some_and(|rule| takes_part(rule, &exposure.possibly, side, run)));
    let judged = Judge::new(side.policy, &side.evaluation, None).exposure(&exposure);
    let (protocol, ports, icmp) = told::service(&exposure);
    let [other, own] = run.verdicts;
    let holding = run.approved.as_ref().filter(|own| !own.expired);
    // As in a review, what is approved is secure.
    let own = if holding.is_some() { Some(Verdict::Secure) } else { own };
    let verdicts = if flip { (own, other) } else { (other, own) };
    let nets = exposure.possibly.addresses.to_nets();
    let symbol = |i: &u32| side.evaluation.symbols.get(usize::try_from(*i).ok()?).map(|symbol| symbol.id.to_string());
    let places = exposure.rules.iter().take(LISTED).filter_map(|i| Some(at(review, side.rule(*i)?.at)));
    Change {
        message: words::sentence(verb, run, &exposure, side, &judged),
        direction: told::direction(exposure.direction),
        protocol,
        ports,
        icmp,
        local: exposure.local.to_string(),
        except: run.except.iter().map(ToString::to_string).collect(),
        approved: holding.map(|own| own.because.clone()),
        certain: run.is_certain(),
        reach: judged.reach.as_str(),
        ipv4: exposure.possibly.addresses.count_v4(),
        ipv6_64s: exposure.possibly.addresses.count_v6_64s().to_string(),
        sources: nets.iter().take(LISTED).map(ToString::to_string).collect(),
        source_count: nets.len(),
        groups: exposure.possibly.symbols.iter().filter_map(symbol).collect(),
        unresolved: run.missing.iter().map(ToString::to_string).collect(),
        verdict_before: verdicts.0.map(Verdict::as_str),
        verdict_after: verdicts.1.map(Verdict::as_str),
        places: places.collect(),
        rules: exposure.rules,
        verdicts,
    }
}

/// Whether a rule admits some of `sources`, which are under the names of `side`.
fn takes_part(rule: &Rule, sources: &Sources, side: &Side<'_>, run: &Run) -> bool {
    fn names(peer: &Peer, wanted: &dyn Fn(&Symbol) -> bool) -> bool {
        match peer {
            Peer::Symbol(symbol) => wanted(symbol),
            Peer::Union(peers) => peers.iter().any(|peer| names(peer, wanted)),
            _ => false,
        }
    }
    let wanted = |symbol: &Symbol| {
        let at = side.evaluation.symbols.iter().position(|own| *own == symbol).and_then(|at| u32::try_from(at).ok());
        let spelled_out = || side.extent(symbol).is_some_and(|extent| extent.intersects(&sources.addresses));
        at.is_some_and(|at| side.same_name(at, &sources.symbols)) || spelled_out()
    };
    !run.is_certain() && is_unresolved(rule) || addresses(&rule.peer).intersects(&sources.addresses) || names(&rule.peer, &wanted)
}
