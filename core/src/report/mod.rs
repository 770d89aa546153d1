//! The result as plain serialisable data: the contract of the terminal face and of the page. The schema is
//! `data/report.schema.json`; fields are added, never renamed or removed.

mod answer;
mod build;
mod catalog;
mod page;
mod register;
mod surfaces;
mod tiers;
mod words;

use serde::Serialize;

pub use answer::{ANSWER_SCHEMA, ANSWER_SCHEMA_ID, AnswerReport, LineOf, PassedReport, RunReport, StepReport, WayReport, answer};
pub(crate) use build::at;
pub use build::{documents, finding, policy, problems, report};
pub use catalog::{CatalogReport, CellReport, EntryReport, PortReport, TableReport, TableRow, catalog, decision_table};
pub use page::{
    AuditDoc, IndexedFinding, ListedPort, Mark, Page, PolicyPage, PolicySummary, Summary, findings, marks, policies, policy_page, ports,
    summary,
};
pub use register::{EachRow, RegisterRow, register};

pub use surfaces::{ClosedReport, ClosingReport, LayerReport, LineReport, SurfaceExposure, SurfaceReport, surface};

pub use tiers::{EdgeReport, HopReport, PathReport, TiersReport, tiers};

/// The identifier of this shape.
pub const SCHEMA_ID: &str = "portcullis.report/1";

/// The JSON Schema of the report.
pub const SCHEMA: &str = include_str!("../../data/report.schema.json");

/// The whole report. Its policies and findings are serialised one after the other and not held.
#[derive(Serialize)]
pub struct Report<'r> {
    /// [`SCHEMA_ID`].
    pub schema: &'static str,
    /// What made it.
    pub tool: Tool,
    /// The headline; null where everything was recognised and there is nothing to judge.
    pub verdict: Option<&'static str>,
    /// Policies by verdict.
    pub counts: Counts,
    /// The documents.
    pub documents: Vec<DocumentReport>,
    /// What is not in the texts.
    pub unresolved: Vec<UnresolvedReport>,
    /// The policies, in the order of the texts.
    pub policies: build::EachPolicy<'r>,
    /// Interfaces and subnets seen through all their layers.
    pub surfaces: surfaces::EachSurface<'r>,
    /// Who can reach whom.
    pub tiers: TiersReport,
    /// The findings, by policy, worst first in each.
    pub findings: build::EachFinding<'r>,
    /// What is open to public addresses, with why, and who answers for it.
    pub register: EachRow<'r>,
}

/// What made a report.
#[derive(Clone, Debug, Serialize)]
pub struct Tool {
    /// The program.
    pub name: &'static str,
    /// Its version.
    pub version: &'static str,
    /// The catalog's version.
    pub catalog: String,
}

impl Tool {
    /// This program.
    pub fn this() -> Self {
        Self { name: "portcullis", version: env!("CARGO_PKG_VERSION"), catalog: crate::catalog::version() }
    }
}

/// Numbers by verdict.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Dangerous ones.
    pub dangerous: usize,
    /// Unknown ones.
    pub unknown: usize,
    /// Those that call for caution.
    pub caution: usize,
    /// Secure ones.
    pub secure: usize,
}

/// A position: 1-based, columns in UTF-16 units, the end exclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct At {
    /// Index of the document.
    pub document: u32,
    /// First line.
    pub line: u32,
    /// First column.
    pub column: u32,
    /// Last line.
    pub end_line: u32,
    /// The column behind the last.
    pub end_column: u32,
}

/// A document.
#[derive(Clone, Debug, Serialize)]
pub struct DocumentReport {
    /// Its name.
    pub name: String,
    /// The detected format.
    pub format: Option<&'static str>,
    /// What a person calls the format.
    pub format_title: Option<&'static str>,
    /// Its size in bytes.
    pub bytes: usize,
    /// How many policies it has.
    pub policies: usize,
    /// How many rules.
    pub rules: u64,
    /// How many interfaces, subnets, route tables and associations.
    pub facts: usize,
    /// How many problems; at most the first thousand are listed.
    pub problem_count: usize,
    /// What went wrong while reading it.
    pub problems: Vec<ProblemReport>,
}

/// One thing that went wrong.
#[derive(Clone, Debug, Serialize)]
pub struct ProblemReport {
    /// `error` where something was not understood, else `warning`.
    pub level: &'static str,
    /// One sentence.
    pub message: String,
    /// Where.
    pub at: At,
}

/// A value that is not in the text.
#[derive(Clone, Debug, Serialize)]
pub struct UnresolvedReport {
    /// Its name.
    pub name: String,
    /// Where it is missed.
    pub at: At,
    /// What would settle it.
    pub would_settle: String,
}

/// A policy.
#[derive(Clone, Debug, Serialize)]
pub struct PolicyReport {
    /// What kind of thing it is.
    pub kind: &'static str,
    /// What a person calls the kind.
    pub kind_title: &'static str,
    /// The platform's identifier.
    pub id: Option<String>,
    /// What people call it.
    pub name: Option<String>,
    /// The resource's name in a template or plan.
    pub address: Option<String>,
    /// Where it stands.
    pub at: At,
    /// The verdict.
    pub verdict: &'static str,
    /// One sentence that sums it up.
    pub headline: String,
    /// The text shows only a part of it.
    pub partial: bool,
    /// What it admits.
    pub exposures: Vec<ExposureReport>,
    /// Its rules.
    pub rules: Vec<RuleReport>,
}

/// A largest run of ports with the same sources.
#[derive(Clone, Debug, Serialize)]
pub struct ExposureReport {
    /// `ingress` or `egress`.
    pub direction: &'static str,
    /// A name, a number as text, `all`, or `other` for every protocol that no rule names.
    pub protocol: String,
    /// `22`, `20-25`, `all`; null where the protocol has none.
    pub ports: Option<String>,
    /// What the catalog lists there, at most fifty.
    pub services: Vec<&'static str>,
    /// ICMP `type/code`; null for other protocols.
    pub icmp: Option<String>,
    /// The protected end.
    pub local: String,
    /// How wide the sources are.
    pub reach: &'static str,
    /// The width in words.
    pub reach_text: String,
    /// Publicly routable IPv4 sources.
    pub ipv4: u64,
    /// Publicly routable IPv6 sources in /64s, as a decimal string.
    pub ipv6_64s: String,
    /// Groups and tags among the sources.
    pub groups: Vec<String>,
    /// The verdict.
    pub verdict: &'static str,
    /// If everything unresolved were open; null where nothing is unresolved.
    pub if_open: Option<IfOpen>,
    /// The deciding rules, as indices into the policy's rules.
    pub decided_by: Vec<u32>,
    /// One packet that gets in.
    pub witness: Option<WitnessReport>,
    /// Why this verdict.
    pub because: String,
    /// The cell of the decision table that decided; null where a rule beside the table did.
    pub cell: Option<CellReport>,
}

/// What would be if everything unresolved were open.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct IfOpen {
    /// The verdict.
    pub verdict: &'static str,
    /// The reach.
    pub reach: &'static str,
}

/// One concrete packet.
#[derive(Clone, Debug, Serialize)]
pub struct WitnessReport {
    /// An address, or the name of a group.
    pub source: String,
    /// A protocol's name or number.
    pub protocol: String,
    /// The destination port.
    pub port: Option<u16>,
    /// ICMP `type/code`.
    pub icmp: Option<String>,
}

/// A rule.
#[derive(Clone, Debug, Serialize)]
pub struct RuleReport {
    /// The platform's identifier.
    pub id: Option<String>,
    /// What people call it.
    pub name: Option<String>,
    /// The resource's name in a template or plan.
    pub address: Option<String>,
    /// What its author wrote about it.
    pub description: Option<String>,
    /// Its priority, where the platform has one.
    pub priority: Option<u32>,
    /// Where it stands.
    pub at: At,
    /// `ingress` or `egress`.
    pub direction: &'static str,
    /// `allow` or `deny`.
    pub action: &'static str,
    /// A name, a number as text, or `all`.
    pub protocol: String,
    /// `22`, `20-25`, `all`; null where the protocol has none.
    pub ports: Option<String>,
    /// ICMP `type/code`.
    pub icmp: Option<String>,
    /// The other end.
    pub peer: String,
    /// What the rule does.
    pub effect: &'static str,
    /// What it lets through after earlier denies, other allow rules ignored.
    pub admits: Vec<Admits>,
    /// The verdict on what it lets through; null for a deny.
    pub verdict: Option<&'static str>,
}

/// What a rule lets through.
#[derive(Clone, Debug, Serialize)]
pub struct Admits {
    /// As in the exposures.
    pub protocol: String,
    /// As in the exposures.
    pub ports: Option<String>,
    /// As in the exposures.
    pub icmp: Option<String>,
    /// How wide.
    pub reach: &'static str,
}

/// A finding.
#[derive(Clone, Debug, Serialize)]
pub struct FindingReport {
    /// The audit's id.
    pub audit: &'static str,
    /// The audit's title.
    pub title: &'static str,
    /// How bad the thing is that was found.
    pub severity: &'static str,
    /// What it means here; `secure` is a note.
    pub verdict: &'static str,
    /// Index of the policy.
    pub policy: usize,
    /// The policy's identifier.
    pub policy_id: Option<String>,
    /// What people call the policy.
    pub policy_name: Option<String>,
    /// Which way the traffic goes; null where the finding is about no traffic.
    pub direction: Option<&'static str>,
    /// The deciding rules, as indices into the policy's rules.
    pub rules: Vec<u32>,
    /// Other rules that play a part.
    pub related: Vec<u32>,
    /// What.
    pub message: String,
    /// Why.
    pub why: String,
    /// What to do.
    pub fix: String,
    /// The deciding lines, the primary one first.
    pub places: Vec<At>,
    /// Controls of frameworks.
    pub frameworks: Vec<&'static str>,
    /// Where to read on.
    pub references: Vec<&'static str>,
    /// One packet that proves it.
    pub witness: Option<WitnessReport>,
    /// Which row of the decision table decided.
    pub because: Option<String>,
    /// That cell of the table; null where there is none.
    pub cell: Option<CellReport>,
}
