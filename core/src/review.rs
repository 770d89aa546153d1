//! The review: documents in, judged policies out, held so that a page of results costs no more than the page.
//!
//! Policies that can be read again from their place in the text are let go once they are judged; whoever looks at one
//! pays for that one.

mod across;
mod names;

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use ipnet::IpNet;

use crate::audits::{Finding, Subject};
use crate::baseline::{Baseline, Date};
use crate::catalog::Severity;
use crate::document::Document;
use crate::formats::{self, Assumptions, Meaning, Read, Together};
use crate::model::topology::Fact;
use crate::model::{Direction, Peer, Place, Policy, Rule, Span, Unresolved};
use crate::sorting::sort_by_key;
use crate::space::AddressSet;
use crate::surface::{Inside, Members, Surface};
use crate::tiers::{Ends, Weaker};
use crate::verdict::{Behind, Verdict, is_unresolved};

use across::with_judgement;
use names::{UNNAMED, list_id};

/// One text to be reviewed.
#[derive(Clone, Debug, Default)]
pub struct Input {
    /// What the person calls it, such as a file name.
    pub name: String,
    /// Its bytes as they were pasted or read.
    pub bytes: Vec<u8>,
}

/// A finding's place in the whole review.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FindingKey {
    /// How bad.
    pub verdict: Verdict,
    /// How bad the thing is that was found.
    pub severity: Severity,
    /// Index of the policy.
    pub policy: u32,
    /// Index among the policy's findings.
    pub nth: u32,
}

/// An exposure's place in the whole review.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExposureKey {
    /// How bad.
    pub verdict: Verdict,
    /// Which way.
    pub direction: Direction,
    /// Index of the policy.
    pub policy: u32,
    /// Index among the policy's exposures.
    pub nth: u32,
}

/// A value that is not in the text, and where it is missed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// What is missing.
    pub what: Unresolved,
    /// Where.
    pub at: Place,
}

/// How many missing values are listed; beyond that they are only counted as such in their policies.
const MISSING_LISTED: usize = 10_000;

/// What is known of every policy without looking at it again.
#[derive(Debug)]
struct Entry {
    kept: Kept,
    verdict: Verdict,
    document: u32,
    rules: u32,
    /// How many of the rules stand in which other document.
    elsewhere: Vec<(u32, u32)>,
}

impl Entry {
    /// How many of the rules stand in a document.
    fn rules_in(&self, document: u32) -> u32 {
        let others = || self.elsewhere.iter().fold(0_u32, |sum, (_, rules)| sum.saturating_add(*rules));
        match self.elsewhere.iter().find(|(other, _)| *other == document) {
            Some((_, rules)) => *rules,
            None if self.document == document => self.rules.saturating_sub(others()),
            None => 0,
        }
    }
}

#[derive(Debug)]
enum Kept {
    Whole(Box<Policy>),
    Again(Span),
}

/// Documents, judged.
#[derive(Debug, Default)]
pub struct Review {
    documents: Vec<Document>,
    entries: Vec<Entry>,
    findings: Vec<FindingKey>,
    exposures: Vec<ExposureKey>,
    missing: Vec<Missing>,
    not_understood: usize,
    /// What names stand for, from any document or assumed.
    definitions: HashMap<String, Meaning>,
    /// The network around the policies.
    facts: Vec<Fact>,
    /// How many facts each document tells.
    fact_counts: HashMap<u32, usize>,
    /// Interfaces with all of their layers.
    surfaces: Vec<Surface>,
    /// The addresses of the members of groups.
    members: Members,
    /// What each policy contributes to the graph of tiers, by its index.
    ends: Vec<Ends>,
    /// The same as far as it gets through at the interfaces that were pasted, where some were.
    at_interfaces: HashMap<u32, Ends>,
    /// Tiers that admit more than the one before them.
    weaker: HashMap<u32, Weaker>,
    /// What stands behind ACLs.
    inside: Inside,
    /// Policies that stand before nothing.
    idle: HashSet<u32>,
    /// What other layers leave of a policy, by its index.
    behind: HashMap<u32, Behind>,
    /// The name of the document at hand.
    naming: String,
    /// What is open on purpose.
    baseline: Baseline,
    /// Policies with open names, to be judged once all documents are read.
    later: Vec<(usize, Policy)>,
}

/// Reviews documents. `progress` is told how many bytes of all documents are done.
pub fn review(inputs: Vec<Input>, progress: &mut dyn FnMut(u64)) -> Review {
    review_assuming(inputs, &Assumptions::new(), progress)
}

/// Reviews documents with values for names that they leave open, such as `var.admin_cidr` or a prefix list's id: a CIDR, or
/// several with commas.
pub fn review_assuming(inputs: Vec<Input>, assumptions: &Assumptions, progress: &mut dyn FnMut(u64)) -> Review {
    review_against(inputs, assumptions, Against::default(), progress)
}

/// What a review is held against.
#[derive(Clone, Debug, Default)]
pub struct Against {
    /// The approved architecture, read as such whatever it looks like. One among the inputs is recognised, too.
    pub baseline: Option<Input>,
    /// The day on which approvals have to hold; the core has no clock.
    pub today: Option<Date>,
}

/// Reviews documents against what is open on purpose. A baseline stands behind the inputs in the list of documents.
pub fn review_against(inputs: Vec<Input>, assumptions: &Assumptions, against: Against, progress: &mut dyn FnMut(u64)) -> Review {
    let mut review = Review::default();
    for (name, value) in assumptions {
        let nets: Option<Vec<IpNet>> = value.split(',').map(|part| part.trim().parse().ok()).collect();
        if let Some(nets) = nets {
            review.definitions.insert(name.clone(), Meaning::Addresses(AddressSet::from_nets(nets)));
        }
    }
    let mut before = 0_u64;
    let forced = against.baseline.is_some().then_some(inputs.len());
    let mut documents: Vec<Document> =
        inputs.into_iter().chain(against.baseline).map(|input| Document::new(input.name, input.bytes)).collect();
    // They decide how everything else is judged.
    let (baseline, baselines) = Baseline::read(&mut documents, forced, against.today);
    review.baseline = baseline;
    let together = Together::of(&documents, &baselines);
    for at in (0..documents.len()).filter(|at| baselines.binary_search(at).is_err()) {
        let mut told = |done: u32| progress(before.saturating_add(u64::from(done)));
        let (name, bytes) = documents.get(at).map(|document| (document.name.clone(), document.bytes)).unwrap_or_default();
        review.naming = name;
        together.read(&mut documents, at, assumptions, &mut told, &mut |read| review.add(read));
        before = before.saturating_add(u64::try_from(bytes).unwrap_or(u64::MAX));
        progress(before);
    }
    review.documents = documents;
    review.name_the_unnamed();
    // Names may be defined in a later document than the one that uses them.
    for (index, policy) in std::mem::take(&mut review.later) {
        review.judge(index, &policy);
    }
    review.see_surfaces();
    review.see_tiers();
    review.baseline.tell_unused(&mut review.documents);
    sort_by_key(&mut review.findings, |key| (std::cmp::Reverse((key.verdict, key.severity)), key.policy, key.nth));
    sort_by_key(&mut review.exposures, |key| (std::cmp::Reverse(key.verdict), key.direction, key.policy, key.nth));
    review
}

impl Review {
    fn add(&mut self, read: Read) {
        let (policy, again) = match read {
            Read::Policy { policy, again } => (policy, again),
            Read::Definition { name, meaning } => {
                // The entries of a prefix list don't say whose they are; a file is commonly named after it.
                let name = if name.is_empty() { list_id(&self.naming).unwrap_or(UNNAMED).to_owned() } else { name };
                self.definitions.insert(name, meaning);
                return;
            }
            Read::Fact(fact) => {
                let count = self.fact_counts.entry(fact.at().document).or_default();
                *count = count.saturating_add(1);
                return self.facts.push(fact);
            }
            // Those were read before everything else.
            Read::Approval(_) => return,
        };
        let index = self.entries.len();
        let (document, rules) = (policy.at.document, u32::try_from(policy.rules.len()).unwrap_or(u32::MAX));
        let elsewhere = rules_elsewhere(&policy);
        let open = policy.rules.iter().any(is_unresolved);
        let kept = again.map_or_else(|| Kept::Whole(Box::new(policy.clone())), Kept::Again);
        // Unknown until it is judged.
        self.entries.push(Entry { kept, verdict: Verdict::Unknown, document, rules, elsewhere });
        if open {
            self.later.push((index, policy));
        } else {
            self.judge(index, &policy);
        }
    }

    fn judge(&mut self, index: usize, policy: &Policy) {
        let policy = self.settled(Cow::Borrowed(policy));
        self.keep_judgement(index, &policy);
        let mut missing: Vec<Missing> = Vec::new();
        for rule in policy.rules.iter().filter(|rule| is_unresolved(rule)) {
            self.not_understood = self.not_understood.saturating_add(1);
            unresolved_of(rule).into_iter().for_each(|what| missing.push(Missing { what: what.clone(), at: rule.at }));
        }
        drop(policy);
        let room = MISSING_LISTED.saturating_sub(self.missing.len());
        self.missing.extend(missing.into_iter().take(room));
    }

    /// Judges a policy with its names settled, and keeps what is needed to find it again.
    fn keep_judgement(&mut self, index: usize, policy: &Policy) {
        let at = u32::try_from(index).unwrap_or(u32::MAX);
        let members = Members::new();
        let across = self.across(at);
        let mut used: Vec<u32> = Vec::new();
        let judged = with_judgement(policy, &across, |subject, findings| {
            used.extend(subject.judgement.exposures.iter().filter_map(|judged| judged.approved.as_deref()).flat_map(|own| &own.by));
            let key =
                |(finding, nth): (&Finding, u32)| FindingKey { verdict: finding.verdict, severity: finding.severity, policy: at, nth };
            let both = subject.evaluation.exposures.iter().zip(&subject.judgement.exposures);
            let exposures: Vec<ExposureKey> = both
                .zip(0_u32..)
                .map(|((exposure, judged), nth)| ExposureKey { verdict: judged.verdict, direction: exposure.direction, policy: at, nth })
                .collect();
            let ends = Ends::of(policy, subject.evaluation, subject.judgement, &members);
            (subject.judgement.verdict, findings.iter().zip(0_u32..).map(key).collect::<Vec<_>>(), exposures, ends)
        });
        // Every policy is shown.
        let Some((verdict, findings, exposures, ends)) = judged else { return };
        match self.ends.get_mut(index) {
            Some(known) => *known = ends,
            None => {
                // Policies whose names are open come later than those behind them.
                self.ends.resize_with(index, Ends::default);
                self.ends.push(ends);
            }
        }
        self.baseline.mark_used(&used);
        self.findings.extend(findings);
        self.exposures.extend(exposures);
        if let Some(entry) = self.entries.get_mut(index) {
            entry.verdict = verdict;
        }
    }

    /// What is open on purpose.
    pub const fn baseline(&self) -> &Baseline {
        &self.baseline
    }

    /// The documents.
    pub fn documents(&self) -> &[Document] {
        &self.documents
    }

    /// How many policies there are.
    pub fn policies(&self) -> usize {
        self.entries.len()
    }

    /// The verdict on a policy.
    pub fn verdict_of(&self, policy: usize) -> Option<Verdict> {
        self.entries.get(policy).map(|entry| entry.verdict)
    }

    /// How many policies and rules stand in a document.
    pub fn size_of(&self, document: u32) -> (usize, u64) {
        let sizes = self.entries.iter().map(|entry| (usize::from(entry.document == document), u64::from(entry.rules_in(document))));
        sizes.fold((0, 0), |(policies, rules), (policy, more)| (policies.saturating_add(policy), rules.saturating_add(more)))
    }

    /// How many facts about the network a document tells.
    pub fn facts_of(&self, document: u32) -> usize {
        self.fact_counts.get(&document).copied().unwrap_or_default()
    }

    /// How many rules of a policy stand in a document.
    pub fn rules_in(&self, policy: usize, document: u32) -> usize {
        let rules = self.entries.get(policy).map_or(0, |entry| entry.rules_in(document));
        usize::try_from(rules).unwrap_or(usize::MAX)
    }

    /// Where the `nth` finding of a policy stands among all.
    pub fn finding_index(&self, policy: usize, nth: usize) -> Option<usize> {
        let (policy, nth) = (u32::try_from(policy).ok()?, u32::try_from(nth).ok()?);
        self.findings.iter().position(|key| key.policy == policy && key.nth == nth)
    }

    /// All findings, worst first.
    pub fn findings(&self) -> &[FindingKey] {
        &self.findings
    }

    /// All exposures, worst first.
    pub fn exposures(&self) -> &[ExposureKey] {
        &self.exposures
    }

    /// The values that are not in the texts.
    pub fn missing(&self) -> &[Missing] {
        &self.missing
    }

    /// How many rules depend on what is not in the texts or was not understood.
    pub const fn not_understood(&self) -> usize {
        self.not_understood
    }

    /// How many policies have a verdict.
    pub fn count(&self, verdict: Verdict) -> usize {
        self.entries.iter().filter(|entry| entry.verdict == verdict).count()
    }

    /// The headline: as bad as the worst policy, unknown where a document could not be read; `None` where everything was
    /// recognised and there is nothing to judge.
    pub fn verdict(&self) -> Option<Verdict> {
        let unread = self.documents.iter().any(|document| !document.complete).then_some(Verdict::Unknown);
        let surfaces = self.surfaces.iter().map(|surface| surface.verdict);
        self.entries.iter().map(|entry| entry.verdict).chain(surfaces).chain(unread).max()
    }

    /// Looks at one policy with everything that is known about it.
    pub fn look<R>(&self, policy: usize, look: impl FnOnce(&Subject<'_>, &[Finding]) -> R) -> Option<R> {
        let across = self.across(u32::try_from(policy).ok()?);
        with_judgement(&*self.policy(policy)?, &across, look)
    }

    /// A policy as it was read, with the names settled that are defined.
    pub fn policy(&self, index: usize) -> Option<Cow<'_, Policy>> {
        let entry = self.entries.get(index)?;
        let whole = match &entry.kept {
            Kept::Whole(policy) => Cow::Borrowed(&**policy),
            Kept::Again(span) => {
                let document = self.documents.get(usize::try_from(entry.document).ok()?)?;
                Cow::Owned(formats::read_again(document, entry.document, *span)?)
            }
        };
        Some(self.settled(whole))
    }
}

/// How many rules of a policy stand in which document other than its own.
fn rules_elsewhere(policy: &Policy) -> Vec<(u32, u32)> {
    let mut elsewhere: Vec<(u32, u32)> = Vec::new();
    for document in policy.rules.iter().map(|rule| rule.at.document).filter(|document| *document != policy.at.document) {
        match elsewhere.iter_mut().find(|(other, _)| *other == document) {
            Some((_, rules)) => *rules = rules.saturating_add(1),
            None => elsewhere.push((document, 1)),
        }
    }
    elsewhere
}

/// What is missing in a rule.
fn unresolved_of(rule: &Rule) -> Vec<&Unresolved> {
    fn of<'r>(peer: &'r Peer, found: &mut Vec<&'r Unresolved>) {
        match peer {
            Peer::Unresolved(missing) => found.push(missing),
            Peer::Union(peers) => peers.iter().for_each(|peer| of(peer, found)),
            _ => {}
        }
    }
    let mut found: Vec<&Unresolved> = rule.doubt.as_deref().into_iter().collect();
    of(&rule.peer, &mut found);
    found
}
