//! The face the page talks to: bytes in, a session out, results in pages. It delegates and holds no logic.

mod types;

use js_sys::Function;
use portcullis_core::formats::Assumptions;
use portcullis_core::report::{self, Page};
use portcullis_core::review::{Input, Review, review_assuming};
use portcullis_core::{audits, examples};
use serde::Serialize;
use wasm_bindgen::prelude::*;

use types::{AuditDocJs, ExamplesJs, FindingsJs, MarksJs, PoliciesJs, PolicyJs, PortsJs, SummaryJs, ToolJs};

/// One review: documents are handed in piece by piece, reviewed once, and looked at page by page.
#[wasm_bindgen]
#[derive(Default)]
pub struct Session {
    inputs: Vec<Input>,
    open: Option<Input>,
    assumptions: Assumptions,
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

    /// Reviews what was handed in. `progress` is called with bytes done and bytes in all, about once a frame.
    pub fn review(&mut self, progress: &Function) -> Result<SummaryJs, JsError> {
        self.end();
        let inputs = std::mem::take(&mut self.inputs);
        let total: usize = inputs.iter().map(|input| input.bytes.len()).sum();
        let mut told = now();
        self.review = review_assuming(inputs, &self.assumptions, &mut |done| {
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

/// The document of an audit.
#[wasm_bindgen]
pub fn audit(id: &str) -> Result<Option<AuditDocJs>, JsError> {
    audits::find(id).map(|audit| to_js(&report::AuditDoc::of(audit)).map(JsCast::unchecked_into)).transpose()
}

/// The program and its versions.
#[wasm_bindgen]
pub fn tool() -> Result<ToolJs, JsError> {
    to_js(&report::Tool::this()).map(JsCast::unchecked_into)
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
