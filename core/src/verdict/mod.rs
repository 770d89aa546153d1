//! From exposures to verdicts: how wide the sources are, what listens there, and the table that decides.

mod behind;
mod beyond;
mod deciding;
mod reach;
mod service;
mod table;

use std::fmt;
use std::sync::OnceLock;

use crate::catalog::{Category, Severity};
use crate::exposure::{Evaluation, Exposure, Protocols, Sources};
use crate::model::{Direction, Origin, Policy, PolicyKind};
use crate::space::AddressSet;
use crate::stateless::{Dropped, Inner, dropped};

pub use crate::exposure::addresses;
pub use behind::Behind;
pub use beyond::{leak, unanswered};
pub(crate) use deciding::first_host;
pub use deciding::{Witness, deciding_rules, deciding_rules_at, is_unresolved, telling_packet, witness};
pub use reach::{Reach, UNPASTED, Width, grouped};
pub use service::{Scope, Service, UNLISTED, portless};
pub use table::{Beside, Column, Reason, columns, inbound, table};

/// How bad something is, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// Nothing to do.
    Secure,
    /// Worth a look.
    Caution,
    /// It can't be told from what was pasted; the worst resolution would be dangerous.
    Unknown,
    /// To be mended now.
    Dangerous,
}

impl Verdict {
    /// All, worst first.
    pub const WORST_FIRST: [Self; 4] = [Self::Dangerous, Self::Unknown, Self::Caution, Self::Secure];

    /// The word in reports.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Secure => "secure",
            Self::Caution => "caution",
            Self::Unknown => "unknown",
            Self::Dangerous => "dangerous",
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// An exposure, judged.
#[derive(Clone, Debug)]
pub struct Judged {
    /// The verdict, with everything unresolved at its worst.
    pub verdict: Verdict,
    /// How wide it is for certain, or unknown where it could be wider.
    pub reach: Reach,
    /// The measure of what is certain.
    pub width: Width,
    /// Verdict and reach if everything unresolved were open; `None` where nothing is unresolved.
    pub if_open: Option<(Verdict, Reach)>,
    /// What listens there.
    pub service: Service,
    /// Which row of the table decided.
    pub reason: Reason,
    /// What the approved architecture says of it, where it covers it.
    pub approved: Option<Box<Approved>>,
}

/// Approvals that cover an exposure as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Approved {
    /// Which ones, as indices into the baseline's.
    pub by: Vec<u32>,
    /// Their review dates have passed, so that they change nothing; `by` has only those.
    pub expired: bool,
    /// Why, by whom and until when.
    pub because: String,
}

impl Judged {
    /// Whether public addresses are among the sources, or may be.
    pub fn is_public(&self) -> bool {
        self.reach >= Reach::Public || self.if_open.is_some_and(|(_, reach)| reach >= Reach::Public)
    }

    /// Whether it is open on purpose.
    pub fn is_approved(&self) -> bool {
        self.approved.as_ref().is_some_and(|approved| !approved.expired)
    }

    /// Who gets in, in words, and who could once something open is known.
    pub fn audience(&self) -> String {
        match (self.reach, self.width.reach()) {
            (Reach::Unknown, Reach::Nobody) => UNPASTED.to_owned(),
            (Reach::Unknown, _) => format!("{} and {UNPASTED}", self.width.describe()),
            _ => self.width.describe(),
        }
    }

    /// Why this verdict, in a sentence.
    pub fn because(&self) -> String {
        match &self.approved {
            Some(approved) if approved.expired => format!("{}; its approval has expired: {}", self.reason, approved.because),
            Some(approved) => format!("approved: {}", approved.because),
            None => self.reason.to_string(),
        }
    }

    /// Makes it secure where it is approved.
    pub(crate) fn approve(&mut self, approved: Option<Approved>) {
        if approved.as_ref().is_some_and(|approved| !approved.expired) {
            self.verdict = Verdict::Secure;
            // What is approved is covered whatever the unresolved parts are.
            self.if_open = self.if_open.map(|(_, reach)| (Verdict::Secure, reach));
        }
        self.approved = approved.map(Box::new);
    }
}

/// A policy, judged.
#[derive(Clone, Debug)]
pub struct Judgement {
    /// One for each exposure of the evaluation, in its order.
    pub exposures: Vec<Judged>,
    /// Requests whose replies are dropped, where the policy is stateless; `None` where it is too intricate to tell.
    pub dropped: Option<Vec<Dropped>>,
    /// Caution for what can't be seen in an exposure.
    pub(crate) beyond: Verdict,
    /// The worst of them, or caution for what can't be seen in an exposure; unknown where the policy was too intricate to
    /// evaluate.
    pub verdict: Verdict,
}

/// Judges what a policy admits; `behind` is what other layers before the same interfaces leave of it and `inner` what those behind
/// it let through, where they were pasted.
pub fn judge(policy: &Policy, evaluation: &Evaluation<'_>, behind: Option<&Behind>, inner: Option<&Inner>) -> Judgement {
    let judge = Judge::new(policy, evaluation, behind);
    let exposures: Vec<Judged> = evaluation.exposures.iter().map(|exposure| judge.exposure(exposure)).collect();
    let dropped = dropped(policy, evaluation, inner);
    let beyond = beyond::beyond(policy, evaluation, dropped.as_deref().unwrap_or_default());
    let verdict = Judgement::worst(&exposures, evaluation).max(beyond);
    Judgement { exposures, dropped, beyond, verdict }
}

impl Judgement {
    /// The worst verdict of exposures; unknown at least where not everything could be evaluated.
    pub(crate) fn worst(exposures: &[Judged], evaluation: &Evaluation<'_>) -> Verdict {
        let unknown = if evaluation.exhausted { Verdict::Unknown } else { Verdict::Secure };
        exposures.iter().map(|judged| judged.verdict).max().unwrap_or(Verdict::Secure).max(unknown)
    }
}

/// The verdict where `sure` holds whatever the unresolved parts are, and `open` if they are open.
pub fn resolve(sure: Verdict, open: Verdict) -> Verdict {
    match (sure, open) {
        (Verdict::Dangerous, _) => Verdict::Dangerous,
        (_, Verdict::Dangerous) => Verdict::Unknown,
        (sure, open) => sure.max(open),
    }
}

/// What is needed to judge exposures of one policy.
pub struct Judge<'j> {
    policy: &'j Policy,
    evaluation: &'j Evaluation<'j>,
    platform: &'static AddressSet,
    serves_data: bool,
    behind: Option<&'j Behind>,
}

impl<'j> Judge<'j> {
    /// Prepares a policy with what it admits.
    pub fn new(policy: &'j Policy, evaluation: &'j Evaluation<'j>, behind: Option<&'j Behind>) -> Self {
        let (platform, serves_data) = (platform_sources(policy.kind), serves_data(&evaluation.exposures));
        Self { policy, evaluation, platform, serves_data, behind }
    }

    /// Judges an exposure of the policy, or of a single rule of it.
    pub fn exposure(&self, exposure: &Exposure) -> Judged {
        match exposure.direction {
            Direction::Ingress => {
                let judged = self.ingress(exposure);
                self.behind.map_or(judged.clone(), |behind| behind.soften(exposure, judged))
            }
            Direction::Egress => self.egress(exposure),
        }
    }

    /// The verdict that one severity gets from an exposure's sources.
    pub fn severity(&self, severity: Severity, exposure: &Exposure) -> Verdict {
        let at = |sources: &Sources| {
            let worst = columns(&self.width(sources)).into_iter().map(|column| table(severity, column)).max().unwrap_or(Verdict::Secure);
            if self.policy.kind.is_outer_layer() { worst.min(Verdict::Caution) } else { worst }
        };
        let sure = at(&exposure.surely);
        if exposure.is_certain() { sure } else { resolve(sure, at(&exposure.possibly)) }
    }

    /// How wide sources are, less the platform's own.
    pub fn width(&self, sources: &Sources) -> Width {
        Width::of(sources, &self.evaluation.symbols, self.platform)
    }

    fn ingress(&self, exposure: &Exposure) -> Judged {
        let service = Service::of(exposure);
        let amplifies = !service.amplifiers(exposure).is_empty();
        let http = exposure.protocols == Protocols::Number(6) && exposure.includes_tcp(80);
        let https_too = |sources: &Sources| {
            let beside = self.evaluation.exposures.iter().filter(|other| other.direction == Direction::Ingress && other.includes_tcp(443));
            beside.filter(|other| other.local == exposure.local).any(|other| sources.is_subset(&other.surely))
        };
        let beside = |sources: &Sources| Beside {
            http,
            // Few exposures ask, and each looks at all others.
            https_too: http && https_too(sources),
            amplifies,
            icmp_as_a_whole: !self.policy.kind.names_icmp_types(),
            outer_layer: self.policy.kind.is_outer_layer(),
        };
        let width = self.width(&exposure.surely);
        let (sure, sure_reason) = inbound(&service, &width, beside(&exposure.surely));
        if exposure.is_certain() {
            return Judged { verdict: sure, reach: width.reach(), width, if_open: None, service, reason: sure_reason, approved: None };
        }
        let widest = self.width(&exposure.possibly);
        let (open, open_reason) = inbound(&service, &widest, beside(&exposure.possibly));
        let verdict = resolve(sure, open);
        let reach = bounded(&width, &widest);
        let reason = if sure >= open { sure_reason } else { open_reason };
        Judged { verdict, reach, width, if_open: Some((open, widest.reach())), service, reason, approved: None }
    }

    fn egress(&self, exposure: &Exposure) -> Judged {
        let width = self.width(&exposure.surely);
        let widest = self.width(&exposure.possibly);
        let rules = exposure.rules.iter().filter_map(|i| self.policy.rules.get(usize::try_from(*i).ok()?));
        let (mut verdict, mut reason) = (Verdict::Secure, Reason::Egress);
        for rule in rules.filter(|rule| rule.is_allow_all()) {
            if rule.origin == Origin::Written && self.serves_data {
                (verdict, reason) = (Verdict::Caution, Reason::EgressFromData);
            } else if rule.origin != Origin::Written && verdict == Verdict::Secure {
                reason = Reason::EgressStock;
            }
        }
        let certain = exposure.is_certain();
        let reach = if certain { width.reach() } else { bounded(&width, &widest) };
        Judged {
            verdict,
            reach,
            width,
            if_open: (!certain).then(|| (verdict, widest.reach())),
            service: Service::of(exposure),
            reason,
            approved: None,
        }
    }
}

/// How wide a set is of which only bounds are known: what it is at most, unless that is wide and not certain.
fn bounded(surely: &Width, possibly: &Width) -> Reach {
    let (surely, possibly) = (surely.reach(), possibly.reach());
    if surely < possibly && possibly >= Reach::BroadPublic { Reach::Unknown } else { possibly }
}

/// Addresses from which only a provider's own probes and brokers come, on its own platform: Azure's host address (Azure
/// documentation, "What is IP address 168.63.129.16"), Google's health checks and IAP forwarding (Cloud Load Balancing and
/// Identity-Aware Proxy documentation).
pub(crate) const PLATFORM_SOURCES: [&str; 6] =
    ["168.63.129.16/32", "35.235.240.0/20", "35.191.0.0/16", "130.211.0.0/22", "209.85.152.0/22", "209.85.204.0/22"];

/// Those of the platform that a policy is on.
fn platform_sources(kind: PolicyKind) -> &'static AddressSet {
    static NONE: AddressSet = AddressSet::empty();
    static AZURE: OnceLock<AddressSet> = OnceLock::new();
    static GOOGLE: OnceLock<AddressSet> = OnceLock::new();
    let set = |nets: &[&str]| AddressSet::from_nets(nets.iter().filter_map(|net| net.parse().ok()));
    let [azure, google @ ..] = &PLATFORM_SOURCES;
    match kind {
        PolicyKind::AzureNetworkSecurityGroup => AZURE.get_or_init(|| set(&[azure])),
        PolicyKind::GcpFirewall => GOOGLE.get_or_init(|| set(google)),
        // A host does not say on whose platform it stands.
        PolicyKind::AwsSecurityGroup | PolicyKind::AwsNetworkAcl | PolicyKind::HostFirewall => &NONE,
    }
}

/// A policy serves data where it opens a database, a cache or a file share on purpose, not within a range so wide that it
/// opens everything.
pub(crate) fn serves_data(exposures: &[Exposure]) -> bool {
    const ON_PURPOSE: u16 = 1_000;
    exposures.iter().any(|exposure| {
        exposure.direction == Direction::Ingress
            && exposure.last.saturating_sub(exposure.first) < ON_PURPOSE
            && matches!(exposure.protocols, Protocols::Number(_))
            && Service::of(exposure).has(&[Category::Database, Category::CacheQueue, Category::FileShare])
    })
}
