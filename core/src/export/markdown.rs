//! A review as a report in Markdown (GitHub's dialect), for a ticket or a comment. Text of documents is never markup.

use std::fmt::Display;

use super::{place, witness};
use crate::report::{self, DocumentReport, ExposureReport, FindingReport, PolicySummary, Summary, SurfaceReport, Tool, UnresolvedReport};
use crate::review::Review;

/// What a ticket holds of each list; what is left out is counted.
const LISTED: usize = 100;
/// Places of one finding.
const PLACES: usize = 5;

/// The whole report. Lists are cut at a hundred entries, worst first, and say so.
pub fn report(review: &Review) -> String {
    let summary = report::summary(review);
    let mut out = String::new();
    head(&summary, &mut out);
    documents(&summary.documents, &mut out);
    findings(review, &summary.documents, &mut out);
    policies(review, &mut out);
    surfaces(review, &mut out);
    paths(review, &mut out);
    unresolved(&summary.unresolved, &summary.documents, &mut out);
    reproduce(&summary.documents, &mut out);
    out
}

/// Text of a document as Markdown shows it, in a table or elsewhere on one line: nothing in it is markup, a link or a mention,
/// and control characters are U+FFFD.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    // At the start of a line these begin a list or a heading of the older kind.
    let digits = text.trim_start_matches(|letter: char| letter.is_ascii_digit());
    let marker = match text.chars().next() {
        Some('-' | '+' | '=') => Some(0),
        Some(letter) if letter.is_ascii_digit() && [". ", ") "].iter().any(|end| digits.starts_with(end)) => {
            Some(text.len().saturating_sub(digits.len()))
        }
        _ => None,
    };
    for (at, letter) in text.char_indices() {
        let rest = text.get(at..).unwrap_or_default();
        match letter {
            _ if letter.is_control() => out.push('\u{fffd}'),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            // A mention would call somebody.
            '@' => out.push_str("&#64;"),
            // Addresses of the web become links by themselves.
            ':' if rest.starts_with("://") => out.push_str("&#58;"),
            '.' if out.get(out.len().saturating_sub(3)..).is_some_and(|before| before.eq_ignore_ascii_case("www")) => {
                out.push_str("&#46;");
            }
            '\\' | '|' | '`' | '*' | '_' | '[' | ']' | '!' | '#' | '~' | '$' => out.extend(['\\', letter]),
            _ if marker == Some(at) => out.extend(['\\', letter]),
            _ => out.push(letter),
        }
    }
    out
}

fn line(out: &mut String, text: impl Display) {
    out.push_str(&text.to_string());
    out.push('\n');
}

fn row<const N: usize>(out: &mut String, cells: [String; N]) {
    line(out, format!("| {} |", cells.join(" | ")));
}

fn table<const N: usize>(out: &mut String, head: [&str; N]) {
    row(out, head.map(str::to_owned));
    line(out, format!("|{}", "---|".repeat(N)));
}

fn section(out: &mut String, title: &str) {
    line(out, format!("\n## {title}\n"));
}

fn more(out: &mut String, total: usize, what: &str) {
    let left = total.saturating_sub(LISTED);
    if left > 0 {
        line(out, format!("\nAnd {left} more {what}, not listed here."));
    }
}

fn head(summary: &Summary, out: &mut String) {
    line(out, format!("# Firewall review: {}\n", escape(&summary.headline)));
    table(out, ["", "dangerous", "unknown", "caution", "secure"]);
    for (what, counts) in [("policies", summary.counts), ("findings", summary.findings)] {
        let numbers = [counts.dangerous, counts.unknown, counts.caution, counts.secure].map(|count| count.to_string());
        line(out, format!("| {what} | {} |", numbers.join(" | ")));
    }
    let judged = &summary.judged;
    line(out, format!("\nRules read: {}, not understood or open: {}.", judged.rules, judged.not_understood));
}

fn documents(documents: &[DocumentReport], out: &mut String) {
    section(out, "Documents");
    table(out, ["document", "format", "policies", "rules", "problems"]);
    for document in documents.iter().take(LISTED) {
        let numbers = [document.policies.to_string(), document.rules.to_string(), document.problem_count.to_string()];
        let [policies, rules, problems] = numbers;
        let format = document.format_title.unwrap_or("not recognised").to_owned();
        row(out, [escape(&document.name), format, policies, rules, problems]);
    }
    more(out, documents.len(), "documents");
    let problems = documents.iter().flat_map(|document| &document.problems);
    for (nth, problem) in problems.clone().take(LISTED).enumerate() {
        let gap = if nth == 0 { "\n" } else { "" };
        line(out, format!("{gap}- {} ({}): {}", shown_place(documents, &problem.at), problem.level, escape(&problem.message)));
    }
    more(out, documents.iter().map(|document| document.problem_count).sum(), "problems");
}

fn shown_place(documents: &[DocumentReport], at: &report::At) -> String {
    let (document, line) = place(documents, at);
    format!("{}:{line}", escape(&document))
}

fn findings(review: &Review, documents: &[DocumentReport], out: &mut String) {
    section(out, "Findings");
    let page = report::findings(review, None, 0, LISTED);
    for item in &page.items {
        finding(review, &item.report, documents, out);
    }
    if page.items.is_empty() {
        line(out, "There are none.");
    }
    more(out, page.total, "findings");
}

fn finding(review: &Review, finding: &FindingReport, documents: &[DocumentReport], out: &mut String) {
    line(out, format!("### {}: {}\n", finding.verdict, escape(&finding.message)));
    let policy = match (&finding.policy_name, &finding.policy_id) {
        // In a template a policy may have its address alone.
        (None, None) => review.policy(finding.policy).map(|policy| escape(policy.label())).unwrap_or_default(),
        (name, id) => label(name.as_deref(), id.as_deref()),
    };
    line(out, format!("- policy: {policy}"));
    line(out, format!("- why: {}", escape(&finding.why)));
    line(out, format!("- what to do: {}", escape(&finding.fix)));
    let places: Vec<String> = finding.places.iter().take(PLACES).map(|at| shown_place(documents, at)).collect();
    let rest = finding.places.len().saturating_sub(PLACES);
    let rest = if rest > 0 { format!(" and {rest} more") } else { String::new() };
    line(out, format!("- decided at: {}{rest}", places.join(", ")));
    if let Some(packet) = &finding.witness {
        line(out, format!("- proof: {}", escape(&witness(packet, finding.direction))));
    }
    if let Some(because) = &finding.because {
        line(out, format!("- because: {}", escape(because)));
    }
    let against = if finding.frameworks.is_empty() { String::new() } else { format!("; against {}", finding.frameworks.join(", ")) };
    line(out, format!("- audit: {} ({}){against}\n", finding.audit, finding.severity));
}

fn label(name: Option<&str>, id: Option<&str>) -> String {
    match (name, id) {
        (Some(name), Some(id)) if name != id => format!("{} ({})", escape(name), escape(id)),
        (Some(one), _) | (None, Some(one)) => escape(one),
        (None, None) => "a policy without a name".to_owned(),
    }
}

fn policies(review: &Review, out: &mut String) {
    section(out, "Policies");
    let page = report::policies(review, None, 0, LISTED);
    for summary in &page.items {
        let Some(policy) = report::policy(review, summary.index) else { continue };
        line(out, format!("### {}: {} {}\n", summary.verdict, summary.kind_title, title(summary)));
        line(out, format!("{}\n", escape(&summary.headline)));
        exposures(policy.exposures.iter(), out);
        line(out, "");
    }
    if page.items.is_empty() {
        line(out, "There are none.");
    }
    more(out, page.total, "policies");
}

fn title(policy: &PolicySummary) -> String {
    label(policy.name.as_deref(), policy.id.as_deref().or(policy.address.as_deref()))
}

fn exposures<'e>(exposures: impl Iterator<Item = &'e ExposureReport> + Clone, out: &mut String) {
    if exposures.clone().next().is_none() {
        return line(out, "It admits nothing.");
    }
    table(out, ["direction", "protocol", "ports", "services", "who", "verdict"]);
    for one in exposures.clone().take(LISTED) {
        let ports = one.ports.as_ref().or(one.icmp.as_ref()).map(|ports| escape(ports)).unwrap_or_default();
        let groups = if one.groups.is_empty() { String::new() } else { format!(", {}", escape(&one.groups.join(", "))) };
        let services: Vec<&str> = one.services.iter().take(PLACES).copied().collect();
        let cut = if one.services.len() > PLACES { ", …" } else { "" };
        row(
            out,
            [
                one.direction.to_owned(),
                escape(&one.protocol),
                ports,
                format!("{}{cut}", escape(&services.join(", "))),
                format!("{}{groups}", escape(&one.reach_text)),
                one.verdict.to_owned(),
            ],
        );
    }
    more(out, exposures.count(), "exposures");
}

fn surfaces(review: &Review, out: &mut String) {
    let count = review.surfaces().len();
    if count == 0 {
        return;
    }
    section(out, "Interfaces, through all of their layers");
    for surface in (0..count.min(LISTED)).filter_map(|index| report::surface(review, index)) {
        self::surface(&surface, out);
    }
    more(out, count, "interfaces");
}

fn surface(surface: &SurfaceReport, out: &mut String) {
    let title = label(surface.name.as_deref(), Some(&surface.id));
    line(out, format!("### {}: interface {title}\n", surface.verdict));
    line(out, format!("{}\n", escape(&surface.headline)));
    exposures(surface.exposures.iter().map(|one| &one.exposure), out);
    for (nth, (what, text)) in surface
        .closed
        .iter()
        .map(|closed| ("closed", &closed.message))
        .chain(surface.assumed.iter().map(|text| ("assumed", text)))
        .take(LISTED)
        .enumerate()
    {
        line(out, format!("{}- {what}: {}", if nth == 0 { "\n" } else { "" }, escape(text)));
    }
    line(out, "");
}

fn paths(review: &Review, out: &mut String) {
    let paths = report::tiers(review).paths;
    if paths.is_empty() {
        return;
    }
    section(out, "Ways from the internet to data");
    for path in paths.iter().take(LISTED) {
        line(out, format!("- {}", escape(&path.said)));
    }
    more(out, paths.len(), "ways");
}

fn unresolved(unresolved: &[UnresolvedReport], documents: &[DocumentReport], out: &mut String) {
    if unresolved.is_empty() {
        return;
    }
    section(out, "Not in the text");
    table(out, ["what", "missed at", "what would settle it"]);
    for missing in unresolved.iter().take(LISTED) {
        row(out, [escape(&missing.name), shown_place(documents, &missing.at), escape(&missing.would_settle)]);
    }
    more(out, unresolved.len(), "values");
}

fn reproduce(documents: &[DocumentReport], out: &mut String) {
    section(out, "How to reproduce");
    let tool = Tool::this();
    let names: Vec<String> =
        documents.iter().take(LISTED).map(|document| format!("{} ({} bytes)", escape(&document.name), document.bytes)).collect();
    line(
        out,
        format!(
            "Made by {} {} with catalog {}: run `{} review` of that version on {}.",
            tool.name,
            tool.version,
            escape(&tool.catalog),
            tool.name,
            if names.is_empty() { "the same documents".to_owned() } else { names.join(", ") },
        ),
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::{Input, review};

    #[test]
    fn nothing_pasted_is_markup() {
        for (text, expected) in [
            ("web", "web"),
            ("a|b", "a\\|b"),
            ("`x`", "\\`x\\`"),
            ("<b>", "&lt;b&gt;"),
            ("[a](http://b.example)", "\\[a\\](http&#58;//b.example)"),
            ("WWW.b.example", "WWW&#46;b.example"),
            ("@all", "&#64;all"),
            ("a\nb\u{1b}[31m", "a\u{fffd}b\u{fffd}\\[31m"),
            ("- x", "\\- x"),
            ("12. x", "12\\. x"),
            ("10.0.0.0/8", "10.0.0.0/8"),
            ("&lt;", "&amp;lt;"),
            ("*_~#!\\$", "\\*\\_\\~\\#\\!\\\\\\$"),
        ] {
            assert_eq!(escape(text), expected, "{text:?}");
        }
    }

    #[test]
    fn a_hostile_name_stays_in_its_cell() {
        let text = r#"{"SecurityGroups": [{"GroupId": "sg-1", "GroupName": "a|b\n# h <script> [x](javascript:y) @all", "IpPermissions": [
            {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]}]}"#;
        let review = review(vec![Input { name: "x|y`.json".into(), bytes: text.into() }], &mut |_| {});
        let told = report(&review);
        assert!(!told.contains("<script") && !told.contains("\n# h") && !told.contains("@all") && !told.contains("[x]("), "{told}");
        for table in told.lines().filter(|line| line.starts_with('|')) {
            let bars = table.replace("\\|", "").matches('|').count();
            assert!([6, 7, 4].contains(&bars), "{table}");
        }
        for part in ["# Firewall review: 1 dangerous", "- proof: a packet of tcp", "## Policies", "x\\|y\\`.json:2", "catalog"] {
            assert!(told.contains(part), "{part}: {told}");
        }
    }

    #[test]
    fn nothing_at_all_is_told() {
        assert!(report(&Review::default()).contains("nothing to judge"));
    }
}
