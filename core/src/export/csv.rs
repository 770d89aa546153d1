//! Results as CSV by RFC 4180: lines end with CRLF, the first has the names of the columns, and no cell is a formula.

use crate::report::{self, FindingReport, RegisterRow, documents};
use crate::review::Review;
use crate::training::ClassRow;

use super::{place, witness};

/// Findings that are made at a time.
const PAGE: usize = 20_000;

/// All findings, worst first.
pub fn findings(review: &Review) -> String {
    let documents = documents(review);
    let head = ["verdict", "severity", "audit", "title", "policy", "direction", "message", "fix", "document", "line", "witness"];
    let mut out = String::new();
    line(&mut out, head.map(str::to_owned));
    let mut offset = 0_usize;
    loop {
        let page = report::findings(review, None, offset, PAGE);
        for finding in page.items.iter().map(|item| &item.report) {
            let (document, at) = finding.places.first().map(|at| place(&documents, at)).unwrap_or_default();
            line(
                &mut out,
                [
                    finding.verdict.to_owned(),
                    finding.severity.to_owned(),
                    finding.audit.to_owned(),
                    finding.title.to_owned(),
                    policy(review, finding),
                    finding.direction.unwrap_or_default().to_owned(),
                    finding.message.clone(),
                    finding.fix.clone(),
                    document,
                    at,
                    finding.witness.as_ref().map(|packet| witness(packet, finding.direction)).unwrap_or_default(),
                ],
            );
        }
        offset = offset.saturating_add(PAGE);
        if offset >= page.total {
            return out;
        }
    }
}

fn policy(review: &Review, finding: &FindingReport) -> String {
    let label = || review.policy(finding.policy).map(|policy| policy.label().to_owned());
    finding.policy_id.clone().or_else(label).unwrap_or_default()
}

/// The grades of a class: one line for each answer, so that a spreadsheet can filter, count and pivot by learner or exercise.
pub fn class(rows: &[ClassRow]) -> String {
    let head = [
        "file",
        "learner",
        "exercise",
        "title",
        "passed",
        "verdicts",
        "connectivity",
        "least privilege",
        "flows",
        "flows passed",
        "score",
        "excess",
        "hints",
        "solution shown",
        "claimed",
        "said",
    ];
    let mut out = String::new();
    line(&mut out, head.map(str::to_owned));
    let word = |yes: bool| if yes { "yes" } else { "no" }.to_owned();
    for row in rows {
        line(
            &mut out,
            [
                row.file.clone(),
                row.learner.clone().unwrap_or_default(),
                row.exercise.clone(),
                row.title.clone(),
                word(row.passed),
                word(row.verdicts),
                word(row.connectivity),
                word(row.least_privilege),
                row.flows.to_string(),
                row.flows_passed.to_string(),
                row.score.clone().unwrap_or_default(),
                row.excess.clone().unwrap_or_default(),
                row.hints.to_string(),
                word(row.shown_solution),
                word(row.claimed),
                row.said.clone(),
            ],
        );
    }
    out
}

/// The register of public ports.
pub fn register(rows: &[RegisterRow]) -> String {
    let head = [
        "policy",
        "name",
        "protocol",
        "ports",
        "services",
        "sources",
        "reach",
        "verdict",
        "justification",
        "justified by",
        "owner",
        "review",
        "expired",
    ];
    let mut out = String::new();
    line(&mut out, head.map(str::to_owned));
    for row in rows {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let more = row.source_count.saturating_sub(row.sources.len());
        let sources = row.sources.join(" ");
        line(
            &mut out,
            [
                row.policy_id.clone().or(row.policy_address.clone()).unwrap_or_default(),
                text(&row.policy_name),
                row.protocol.clone(),
                row.ports.clone().or(row.icmp.clone()).unwrap_or_default(),
                row.services.join(" "),
                if more > 0 { format!("{sources} and {more} more") } else { sources },
                row.reach_text.clone(),
                row.verdict.to_owned(),
                row.justification.clone().unwrap_or_else(|| "none given".to_owned()),
                row.justified_by.to_owned(),
                text(&row.owner),
                text(&row.review),
                if row.expired { "yes" } else { "no" }.to_owned(),
            ],
        );
    }
    out
}

fn line<const N: usize>(out: &mut String, cells: [String; N]) {
    let cells = cells.map(|text| cell(&text));
    out.push_str(&cells.join(","));
    out.push_str("\r\n");
}

/// A cell that every spreadsheet takes as text: what would begin a formula, white space and the wide forms aside, has an apostrophe
/// before it (OWASP, "CSV Injection").
fn cell(text: &str) -> String {
    let begins = ['=', '+', '-', '@', '|', '%', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'];
    let formula = text.starts_with(['\t', '\r', '\n']) || text.trim_start().starts_with(begins);
    let text = if formula { format!("'{text}") } else { text.to_owned() };
    if text.contains(['"', ',', '\n', '\r', ';', '\t']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

#[cfg(test)]
mod tests {
    use super::cell;

    #[test]
    fn no_cell_is_a_formula() {
        for (text, expected) in [
            ("web", "web"),
            ("=1+1", "'=1+1"),
            ("+1", "'+1"),
            ("-1", "'-1"),
            ("@x", "'@x"),
            ("\tx", "\"'\tx\""),
            ("\r=x", "\"'\r=x\""),
            ("\nx", "\"'\nx\""),
            (" \u{a0}=1+1", "' \u{a0}=1+1"),
            ("|calc", "'|calc"),
            ("%x", "'%x"),
            ("\u{ff1d}1", "'\u{ff1d}1"),
            ("a,\"b\"", "\"a,\"\"b\"\"\""),
            ("=\"a\"", "\"'=\"\"a\"\"\""),
            ("a\nb", "\"a\nb\""),
            ("", ""),
        ] {
            assert_eq!(cell(text), expected, "{text:?}");
        }
    }
}
