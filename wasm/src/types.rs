//! The TypeScript types of the interface: the page imports them from here, so that the contract has one place.

use wasm_bindgen::prelude::*;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = include_str!("types.d.ts");

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(typescript_type = "Summary")]
    pub type SummaryJs;
    #[wasm_bindgen(typescript_type = "Page<PolicySummary>")]
    pub type PoliciesJs;
    #[wasm_bindgen(typescript_type = "PolicyDetail")]
    pub type PolicyJs;
    #[wasm_bindgen(typescript_type = "Page<Finding>")]
    pub type FindingsJs;
    #[wasm_bindgen(typescript_type = "Page<PortRow>")]
    pub type PortsJs;
    #[wasm_bindgen(typescript_type = "Page<Mark>")]
    pub type MarksJs;
    #[wasm_bindgen(typescript_type = "Page<Surface>")]
    pub type SurfacesJs;
    #[wasm_bindgen(typescript_type = "Tiers")]
    pub type TiersJs;
    #[wasm_bindgen(typescript_type = "{ answer: Answer | null; error: string | null }")]
    pub type AnswerJs;
    #[wasm_bindgen(typescript_type = "string[]")]
    pub type NamesJs;
    #[wasm_bindgen(typescript_type = "Comparison")]
    pub type ComparisonJs;
    #[wasm_bindgen(typescript_type = "RegisterRow[]")]
    pub type RegisterJs;
    #[wasm_bindgen(typescript_type = "Record<string, unknown>")]
    pub type ReportJs;
    #[wasm_bindgen(typescript_type = "Pseudonymised")]
    pub type PseudonymisedJs;
    #[wasm_bindgen(typescript_type = "Catalog")]
    pub type CatalogJs;
    #[wasm_bindgen(typescript_type = "DecisionTable")]
    pub type TableJs;
    #[wasm_bindgen(typescript_type = "{ id: string; title: string }[]")]
    pub type AuditIdsJs;
    #[wasm_bindgen(typescript_type = "Example[]")]
    pub type ExamplesJs;
    #[wasm_bindgen(typescript_type = "AuditDoc")]
    pub type AuditDocJs;
    #[wasm_bindgen(typescript_type = "Tool")]
    pub type ToolJs;
    #[wasm_bindgen(typescript_type = "ExerciseList")]
    pub type ExercisesJs;
    #[wasm_bindgen(typescript_type = "ExerciseDetail")]
    pub type ExerciseJs;
    #[wasm_bindgen(typescript_type = "Grade")]
    pub type GradedJs;
    #[wasm_bindgen(typescript_type = "Problem[]")]
    pub type ProblemsJs;
    #[wasm_bindgen(typescript_type = "DrillQuestion[]")]
    pub type DrillJs;
    #[wasm_bindgen(typescript_type = "HandedIn")]
    pub type HandedInJs;
    #[wasm_bindgen(typescript_type = "{ answers: Answers; problems: Problem[] }")]
    pub type AnswersReadJs;
    #[wasm_bindgen(typescript_type = "{ text: string; problems: Problem[] }")]
    pub type AnswersWrittenJs;
    #[wasm_bindgen(typescript_type = "{ made: FromFinding | null; error: string | null }")]
    pub type FromFindingJs;
}
