//! The face the page talks to: bytes in, a session out, results in pages. It delegates and holds no logic.

mod training;
mod types;

use js_sys::Function;
use portcullis_core::baseline::Date;
use portcullis_core::export::{csv, markdown, pseudonym};
use portcullis_core::formats::Assumptions;
use portcullis_core::report::{self, Page};
use portcullis_core::review::{Against, Input, Review, review_against};
use portcullis_core::{ask, audits, baseline, compare, examples};
use serde::Serialize;
use wasm_bindgen::prelude::*;

pub use training::{Training, drill, read_answers, write_answers};
use types::{
    AnswerJs, AuditDocJs, AuditIdsJs, CatalogJs, ComparisonJs, ExamplesJs, FindingsJs, MarksJs, NamesJs, PoliciesJs, PolicyJs, PortsJs,
    PseudonymisedJs, RegisterJs, ReportJs, SummaryJs, SurfacesJs, TableJs, TiersJs, ToolJs,
};

/// One review: documents are handed in piece by piece, reviewed once, and looked at page by page.
#[wasm_bindgen]
#[derive(Default)]
pub struct Session {
    inputs: Vec<Input>,
    open: Option<Input>,
    assumptions: Assumptions,
    today: Option<Date>,
    review: Review,
}

#[wasm_bindgen]
impl Session {
    /// An empty session.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        Self::default()
    }

    /// Begins a document of about `size_hint` bytes.
    pub fn begin(&mut self, name: String, size_hint: usize) {
        self.end();
        self.open = Some(Input { name, bytes: Vec::with_capacity(size_hint) });
    }

    /// Its next bytes.
    pub fn chunk(&mut self, bytes: &[u8]) {
        if let Some(open) = &mut self.open {
            open.bytes.extend_from_slice(bytes);
        }
    }

    /// The document is complete.
    pub fn end(&mut self) {
        self.inputs.extend(self.open.take());
    }

    /// Gives a value for something that the texts leave open, such as `var.admin_cidr`; an empty one takes it back.
    pub fn assume(&mut self, name: String, value: String) {
        if value.is_empty() {
            self.assumptions.remove(&name);
        } else {
            self.assumptions.insert(name, value);
        }
    }

    /// Says what day it is, as YYYY-MM-DD: approvals have to hold then. Anything else leaves the day unknown.
    pub fn today(&mut self, day: &str) {
        self.today = day.parse().ok();
    }

    /// Reviews what was handed in. `progress` is called with bytes done and bytes in all, about once a frame.
    pub fn review(&mut self, progress: &Function) -> Result<SummaryJs, JsError> {
        self.end();
        let inputs = std::mem::take(&mut self.inputs);
        let total: usize = inputs.iter().map(|input| input.bytes.len()).sum();
        let mut told = now();
        let against = Against { baseline: None, today: self.today };
        self.review = review_against(inputs, &self.assumptions, against, &mut |done| {
            if now() - told >= FRAME {
                told = now();
                // A callback that throws has only itself to blame; the review goes on.
                let _ = progress.call2(&JsValue::NULL, &(done as f64).into(), &(total as f64).into());
            }
        });
        to_js(&report::summary(&self.review)).map(JsCast::unchecked_into)
    }

    /// Policies with a verdict (or all), worst first.
    pub fn policies(&self, verdict: Option<String>, offset: usize, count: usize) -> Result<PoliciesJs, JsError> {
        to_js(&report::policies(&self.review, verdict.as_deref(), offset, count)).map(JsCast::unchecked_into)
    }

    /// One policy with its exposures, rules and findings.
    pub fn policy(&self, index: usize) -> Result<Option<PolicyJs>, JsError> {
        report::policy_page(&self.review, index).map(|page| to_js(&page).map(JsCast::unchecked_into)).transpose()
    }

    /// Findings with a verdict (or all), worst first.
    pub fn findings(&self, verdict: Option<String>, offset: usize, count: usize) -> Result<FindingsJs, JsError> {
        to_js(&report::findings(&self.review, verdict.as_deref(), offset, count)).map(JsCast::unchecked_into)
    }

    /// What is open, worst first.
    pub fn ports(&self, offset: usize, count: usize, verdict: Option<String>) -> Result<PortsJs, JsError> {
        to_js(&report::ports(&self.review, verdict.as_deref(), offset, count)).map(JsCast::unchecked_into)
    }

    /// Interfaces and subnets seen through all of their layers, in the order of the texts.
    pub fn surfaces(&self, offset: usize, count: usize) -> Result<SurfacesJs, JsError> {
        let total = self.review.surfaces().len();
        let items = (offset..total).take(count).filter_map(|index| report::surface(&self.review, index)).collect();
        to_js(&Page { total, items }).map(JsCast::unchecked_into)
    }

    /// Who can reach whom, and the ways from the internet to the data.
    pub fn tiers(&self) -> Result<TiersJs, JsError> {
        to_js(&report::tiers(&self.review)).map(JsCast::unchecked_into)
    }

    /// Answers a question such as `internet -> web tcp/22`. What can't be read or found is told in a sentence.
    pub fn ask(&self, question: &str) -> Result<AnswerJs, JsError> {
        let answer = ask::ask(&self.review, question);
        let told = Told { error: answer.as_ref().err().cloned(), answer: answer.ok().map(|answer| report::answer(&self.review, &answer)) };
        to_js(&told).map(JsCast::unchecked_into)
    }

    /// Names that the ends of a question can have, at most `limit`.
    pub fn names(&self, limit: usize) -> Result<NamesJs, JsError> {
        to_js(&ask::names(&self.review, limit)).map(JsCast::unchecked_into)
    }

    /// What opens and what closes from this review to another one.
    pub fn compare(&self, after: &Self) -> Result<ComparisonJs, JsError> {
        to_js(&compare::compare(&self.review, &after.review)).map(JsCast::unchecked_into)
    }

    /// What is open to public addresses, with why, and who answers for it.
    pub fn register(&self) -> Result<RegisterJs, JsError> {
        to_js(&report::register(&self.review)).map(JsCast::unchecked_into)
    }

    /// The register as CSV, safe for spreadsheets.
    pub fn register_csv(&self) -> String {
        csv::register(&report::register(&self.review))
    }

    /// A baseline that approves what is open now, as TOML.
    pub fn baseline(&self) -> String {
        baseline::example(&self.review)
    }

    /// The whole report, as the terminal face prints it as JSON.
    pub fn report(&self) -> Result<ReportJs, JsError> {
        to_js(&report::report(&self.review)).map(JsCast::unchecked_into)
    }

    /// The report as Markdown, for a ticket or a comment.
    pub fn markdown(&self) -> String {
        markdown::report(&self.review)
    }

    /// All findings as CSV, safe for spreadsheets.
    pub fn csv(&self) -> String {
        csv::findings(&self.review)
    }

    /// The marks beside a document's text.
    pub fn marks(&self, document: u32, offset: usize, count: usize) -> Result<MarksJs, JsError> {
        let page: Page<report::Mark> = report::marks(&self.review, document, offset, count);
        to_js(&page).map(JsCast::unchecked_into)
    }
}

/// The examples of the menu.
#[wasm_bindgen]
pub fn examples() -> Result<ExamplesJs, JsError> {
    to_js(&examples::examples()).map(JsCast::unchecked_into)
}

/// A search in the catalog of ports: a number, or a part of a service's name, category or severity.
#[wasm_bindgen]
pub fn catalog(text: &str) -> Result<CatalogJs, JsError> {
    to_js(&report::catalog(text)).map(JsCast::unchecked_into)
}

/// The table by which open ports are judged.
#[wasm_bindgen]
pub fn decision_table() -> Result<TableJs, JsError> {
    to_js(&report::decision_table()).map(JsCast::unchecked_into)
}

/// The ids and titles of all audits.
#[wasm_bindgen]
pub fn audit_ids() -> Result<AuditIdsJs, JsError> {
    let ids: Vec<AuditId> = audits::AUDITS.iter().map(|audit| AuditId { id: audit.id, title: audit.doc().title }).collect();
    to_js(&ids).map(JsCast::unchecked_into)
}

/// The document of an audit.
#[wasm_bindgen]
pub fn audit(id: &str) -> Result<Option<AuditDocJs>, JsError> {
    audits::find(id).map(|audit| to_js(&report::AuditDoc::of(audit)).map(JsCast::unchecked_into)).transpose()
}

/// Texts of documents that are judged together, each with its name, made fit to be shown around.
#[wasm_bindgen]
pub fn pseudonymise(names: Vec<String>, texts: Vec<String>) -> Result<PseudonymisedJs, JsError> {
    let given: Vec<(&str, &str)> = names.iter().map(String::as_str).zip(texts.iter().map(String::as_str)).collect();
    let made = pseudonym::pseudonymise(&given);
    let documents = made.documents.into_iter().map(|(name, text)| Named { name, text }).collect();
    to_js(&Shown { documents, said: made.replaced.said(), remains: pseudonym::REMAINS }).map(JsCast::unchecked_into)
}

/// The program and its versions.
#[wasm_bindgen]
pub fn tool() -> Result<ToolJs, JsError> {
    to_js(&report::Tool::this()).map(JsCast::unchecked_into)
}

/// An answer, or why there is none.
#[derive(Serialize)]
struct Told {
    answer: Option<report::AnswerReport>,
    error: Option<String>,
}

/// Documents in which nobody is named, what was replaced in them, and what can still be seen.
#[derive(Serialize)]
struct Shown {
    documents: Vec<Named>,
    said: String,
    remains: &'static str,
}

#[derive(Serialize)]
struct Named {
    name: String,
    text: String,
}

#[derive(Serialize)]
struct AuditId {
    id: &'static str,
    title: &'static str,
}

/// A frame, in milliseconds.
const FRAME: f64 = 16.0;

/// The worker's clock in milliseconds; 0 outside a worker, where progress is then not told.
fn now() -> f64 {
    let scope = js_sys::global().dyn_into::<web_sys::WorkerGlobalScope>().ok();
    scope.and_then(|scope| scope.performance()).map_or(0.0, |clock| clock.now())
}

/// Missing values become `null`, as in the JSON of the terminal face, so that both faces have one contract.
fn to_js(value: &impl Serialize) -> Result<JsValue, JsError> {
    let serializer = serde_wasm_bindgen::Serializer::json_compatible();
    value.serialize(&serializer).map_err(|error| JsError::new(&error.to_string()))
}
