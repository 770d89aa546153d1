//! The catalog of ports and the decision table as plain data: what a person looks up beside a review.

use serde::Serialize;

use crate::catalog::{Entry, PortClass, Severity, search};
use crate::verdict::{Column, table};

/// What a search in the catalog found.
#[derive(Clone, Debug, Serialize)]
pub struct CatalogReport {
    /// The port that was asked for; null where the search was for words.
    pub port: Option<PortReport>,
    /// The rows, by first port.
    pub entries: Vec<EntryReport>,
}

/// A port by its number.
#[derive(Clone, Debug, Serialize)]
pub struct PortReport {
    /// The number.
    pub port: u16,
    /// `system`, `user` or `dynamic` (RFC 6335, section 6).
    pub class: &'static str,
    /// What the class is called, and what it means.
    pub class_text: &'static str,
    /// First port of the class.
    pub first: u16,
    /// Last port of the class.
    pub last: u16,
}

/// A row of the catalog.
#[derive(Clone, Debug, Serialize)]
pub struct EntryReport {
    /// `22`, `6000-6063`.
    pub ports: String,
    /// `tcp`, `udp` or `tcp+udp`.
    pub protocols: &'static str,
    /// The short name in reports.
    pub service: &'static str,
    /// What a person calls it.
    pub name: &'static str,
    /// What it is for.
    pub category: &'static str,
    /// How bad it is when the whole internet may reach it.
    pub severity: &'static str,
    /// Whether it answers spoofed requests with more bytes than it was sent.
    pub amplifies: bool,
    /// Whether a document was checked; otherwise the row states custom.
    pub documented: bool,
    /// Official lists of risky ports it stands on.
    pub lists: Vec<&'static str>,
    /// What goes wrong when it faces the internet.
    pub risk: &'static str,
    /// What to do instead.
    pub alternative: &'static str,
}

/// The decision table.
#[derive(Clone, Debug, Serialize)]
pub struct TableReport {
    /// What the columns are called, the widest sources first.
    pub columns: Vec<String>,
    /// The rows, the worst first.
    pub rows: Vec<TableRow>,
}

/// A row of the decision table.
#[derive(Clone, Debug, Serialize)]
pub struct TableRow {
    /// The severity of the service.
    pub severity: &'static str,
    /// A verdict for each column.
    pub verdicts: Vec<&'static str>,
}

/// The cell of the decision table that gave a verdict.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct CellReport {
    /// The row.
    pub severity: &'static str,
    /// Index of the column.
    pub column: usize,
}

impl CellReport {
    /// A cell by what the table calls it.
    pub(super) fn of((severity, column): (Severity, Column)) -> Option<Self> {
        let column = Column::ALL.iter().position(|known| *known == column)?;
        Some(Self { severity: severity.as_str(), column })
    }
}

/// Searches the catalog; see [`search`].
pub fn catalog(text: &str) -> CatalogReport {
    let port = text.trim().parse().ok().map(|port| {
        let class = PortClass::of(port);
        let (first, last) = class.bounds();
        let id = match class {
            PortClass::System => "system",
            PortClass::User => "user",
            PortClass::Dynamic => "dynamic",
        };
        PortReport { port, class: id, class_text: class.describe(), first, last }
    });
    CatalogReport { port, entries: search(text).into_iter().map(entry).collect() }
}

/// The decision table by which open ports are judged.
pub fn decision_table() -> TableReport {
    let row = |severity: Severity| TableRow {
        severity: severity.as_str(),
        verdicts: Column::ALL.map(|column| table(severity, column).as_str()).to_vec(),
    };
    TableReport { columns: Column::ALL.map(|column| column.to_string()).to_vec(), rows: Severity::ALL.map(row).to_vec() }
}

fn entry(entry: &Entry) -> EntryReport {
    EntryReport {
        ports: crate::exposure::words::ports(entry.first, entry.last),
        protocols: match (entry.tcp, entry.udp) {
            (true, true) => "tcp+udp",
            (true, false) => "tcp",
            _ => "udp",
        },
        service: entry.service,
        name: entry.name,
        category: entry.category.as_str(),
        severity: entry.severity.as_str(),
        amplifies: entry.amplifies,
        documented: entry.documented,
        lists: entry.lists.clone(),
        risk: entry.risk,
        alternative: entry.alternative,
    }
}
