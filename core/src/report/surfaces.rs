//! Interfaces seen through all of their layers, as plain data.

use serde::{Serialize, Serializer};
use std::cell::RefCell;

use super::build::{at, exposure_report};
use super::{At, ExposureReport, WitnessReport};
use crate::audits::Subject;
use crate::exposure::words;
use crate::model::Protocol;
use crate::review::Review;
use crate::surface::{Closed, Fetch, Line, View, depth};
use crate::verdict::{Reach, UNPASTED, Verdict};

/// An interface.
#[derive(Clone, Debug, Serialize)]
pub struct SurfaceReport {
    /// `interface`.
    pub kind: &'static str,
    /// Its identifier, or its address in a template.
    pub id: String,
    /// What people call it.
    pub name: Option<String>,
    /// The machine it belongs to.
    pub carrier: Option<String>,
    /// Where it stands.
    pub at: At,
    /// The policies before it, outermost first, as indices into the report's.
    pub layers: Vec<u32>,
    /// The layers with what they stand before.
    pub layer_list: Vec<LayerReport>,
    /// Why the internet can't get there whatever the rules say; empty where it can.
    pub gate: Vec<String>,
    /// What was not pasted and is assumed.
    pub assumed: Vec<String>,
    /// The lines that decide here.
    pub lines: Vec<LineReport>,
    /// What passes all layers; `decided_by` are indices into `lines`.
    pub exposures: Vec<SurfaceExposure>,
    /// What its own policies open to public sources and another layer closes.
    pub closed: Vec<ClosedReport>,
    /// The verdict.
    pub verdict: &'static str,
    /// One sentence.
    pub headline: String,
}

/// One layer.
#[derive(Clone, Debug, Serialize)]
pub struct LayerReport {
    /// `subnet`, `interface` or `host`.
    pub kind: &'static str,
    /// Its policies, as indices into the report's.
    pub policies: Vec<u32>,
    /// Policies that belong to it and were not pasted.
    pub missing: Vec<String>,
}

/// A rule of a layer.
#[derive(Clone, Debug, Serialize)]
pub struct LineReport {
    /// Index into `layer_list`.
    pub layer: usize,
    /// Index of the policy; null where it stands for one that was not pasted.
    pub policy: Option<u32>,
    /// Index of the rule in its policy.
    pub rule: Option<u32>,
    /// Where it stands.
    pub at: At,
}

/// What passes all layers.
#[derive(Clone, Debug, Serialize)]
pub struct SurfaceExposure {
    /// As in a policy.
    #[serde(flatten)]
    pub exposure: ExposureReport,
    /// How many layers, routes and missing addresses included, stop the internet from it.
    pub depth: usize,
}

/// What one layer opens and another closes.
#[derive(Clone, Debug, Serialize)]
pub struct ClosedReport {
    /// As in the exposures.
    pub protocol: String,
    /// As in the exposures.
    pub ports: Option<String>,
    /// As in the exposures.
    pub icmp: Option<String>,
    /// How wide it would be.
    pub reach: &'static str,
    /// That width in words.
    pub reach_text: String,
    /// How bad it would be.
    pub verdict: &'static str,
    /// The lines that admit it, as indices into `lines`.
    pub admitted_by: Vec<usize>,
    /// The packet that was tried.
    pub packet: WitnessReport,
    /// What stops it.
    pub closed_by: Vec<ClosingReport>,
    /// One sentence.
    pub message: String,
}

/// What stops a packet.
#[derive(Clone, Debug, Serialize)]
pub struct ClosingReport {
    /// The deciding line, as an index into `lines`; null for routes and addresses, and where no line admits it.
    pub line: Option<usize>,
    /// In words.
    pub said: String,
}

/// The surfaces, serialised one after the other.
pub struct EachSurface<'r>(pub(super) &'r Review);

impl Serialize for EachSurface<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq((0..self.0.surfaces().len()).filter_map(|index| surface(self.0, index)))
    }
}

/// One surface of a review.
pub fn surface(review: &Review, index: usize) -> Option<SurfaceReport> {
    review.look_at_surface(index, |view, fetch| report(review, view, fetch))
}

/// The lines that a report speaks of, each once.
struct Lines<'l> {
    review: &'l Review,
    view: &'l View<'l>,
    known: Vec<Line>,
    told: Vec<LineReport>,
}

impl Lines<'_> {
    fn of(&mut self, line: Line, fetch: Fetch<'_>) -> usize {
        if let Some(known) = self.known.iter().position(|known| *known == line) {
            return known;
        }
        let rule = line.rule.and_then(|(policy, rule)| Some(fetch(policy)?.rules.get(usize::try_from(rule).ok()?)?.at));
        let place = rule.unwrap_or_else(|| self.view.surface.at());
        self.known.push(line);
        self.told.push(LineReport {
            layer: line.layer,
            policy: line.rule.map(|(policy, _)| policy),
            rule: line.rule.map(|(_, rule)| rule),
            at: at(self.review, place),
        });
        self.told.len().saturating_sub(1)
    }
}

fn report(review: &Review, view: &View<'_>, fetch: Fetch<'_>) -> SurfaceReport {
    let surface = view.surface;
    let subject = Subject {
        policy: &view.stack.stack.policy,
        evaluation: view.evaluation,
        judgement: view.judgement,
        judge: view.judge,
        baseline: review.baseline(),
        decided: RefCell::default(),
    };
    let mut lines = Lines { review, view, known: Vec::new(), told: Vec::new() };
    let mut exposures = Vec::new();
    for (exposure, judged) in view.evaluation.exposures.iter().zip(&view.judgement.exposures) {
        let mut told = exposure_report(&subject, exposure, judged);
        if judged.reach == Reach::Unknown {
            told.reach_text = UNPASTED.to_owned();
        }
        let deciding = told.decided_by.iter().filter_map(|rule| view.stack.line(*rule));
        told.decided_by = deciding.filter_map(|line| u32::try_from(lines.of(line, fetch)).ok()).collect();
        exposures.push(SurfaceExposure { exposure: told, depth: depth(view, exposure, judged, fetch) });
    }
    let closed: Vec<ClosedReport> = Closed::all(view, fetch).iter().map(|closed| closed_report(closed, &mut lines, fetch)).collect();
    let interface = &surface.interface;
    SurfaceReport {
        kind: "interface",
        id: interface.id.to_string(),
        name: interface.name.as_deref().map(Into::into),
        carrier: interface.carrier.as_deref().map(Into::into),
        at: at(review, interface.at),
        layers: surface.layers.iter().flat_map(|layer| layer.policies.iter().copied()).collect(),
        layer_list: surface
            .layers
            .iter()
            .map(|layer| LayerReport {
                kind: layer.kind.as_str(),
                policies: layer.policies.clone(),
                missing: layer.missing.iter().map(ToString::to_string).collect(),
            })
            .collect(),
        gate: surface.gate.closed.clone(),
        assumed: surface.assumed.clone(),
        headline: headline(view, &exposures, &closed),
        lines: lines.told,
        exposures,
        closed,
        verdict: view.judgement.verdict.as_str(),
    }
}

fn closed_report(closed: &Closed, lines: &mut Lines<'_>, fetch: Fetch<'_>) -> ClosedReport {
    let (protocol, ports, icmp) = words::service(&closed.exposure);
    let what = words::named(&protocol, ports.as_deref(), icmp.as_deref());
    let (number, port) = (closed.packet.protocol, closed.packet.port);
    let [kind, code] = port.to_be_bytes();
    ClosedReport {
        message: format!("{what} is open to {} in its own policy and closed by {}", closed.audience(), closed.said()),
        reach: closed.alone.reach.as_str(),
        reach_text: closed.audience(),
        verdict: closed.alone.verdict.as_str(),
        admitted_by: closed.admitted_by.iter().map(|line| lines.of(*line, fetch)).collect(),
        packet: WitnessReport {
            source: closed.packet.peer.address.map(|address| address.to_string()).unwrap_or_default(),
            protocol: Protocol::Number(number).to_string(),
            port: matches!(number, 6 | 17 | 132).then_some(port),
            icmp: matches!(number, 1 | 58).then(|| format!("{kind}/{code}")),
        },
        closed_by: closed
            .closing
            .iter()
            .map(|one| ClosingReport { line: one.line.map(|line| lines.of(line, fetch)), said: one.said.clone() })
            .collect(),
        protocol,
        ports,
        icmp,
    }
}

fn headline(view: &View<'_>, exposures: &[SurfaceExposure], closed: &[ClosedReport]) -> String {
    let inbound = || exposures.iter().map(|one| &one.exposure).filter(|exposure| exposure.direction == "ingress");
    let wide = |exposure: &&ExposureReport| matches!(exposure.reach, "internet" | "broad-public" | "public" | "unknown");
    let said = |exposure: &ExposureReport| words::named(&exposure.protocol, exposure.ports.as_deref(), exposure.icmp.as_deref());
    let worst =
        inbound().find(|exposure| exposure.verdict == view.judgement.verdict.as_str() && exposure.verdict != Verdict::Secure.as_str());
    if let Some(worst) = worst {
        let from = if worst.reach == Reach::Unknown.as_str() { UNPASTED } else { &worst.reach_text };
        return format!("{} gets through every layer from {from}", said(worst));
    }
    let public: Vec<String> = inbound().filter(wide).map(said).collect();
    match (public.is_empty(), closed.is_empty()) {
        (false, _) => format!("open to public sources: {}", public.join(", ")),
        (true, false) => "nothing gets through from public sources, and that is not its own policies' doing".to_owned(),
        (true, true) => "nothing gets through from public sources".to_owned(),
    }
}
