//! The result for people at a terminal.

use std::io::{self, Write};

use portcullis_core::report::{self, At, DocumentReport, FindingReport, Summary, SurfaceExposure, SurfaceReport, WitnessReport};
use portcullis_core::review::Review;

/// Prints problems, findings and the headline; colours only where a terminal shows them.
pub(crate) fn write(review: &Review, colour: bool, out: &mut impl Write) -> io::Result<()> {
    let paint = Paint(colour);
    let summary = report::summary(review);
    for document in &summary.documents {
        let what = document.format_title.unwrap_or("not recognised");
        let (policies, rules) = (plural(document.policies, "policy", "policies"), plural(document.rules, "rule", "rules"));
        write!(out, "{}: {what}, {policies}, {rules}", clean(&document.name))?;
        if document.facts > 0 {
            write!(out, ", {} about the network", plural(document.facts, "fact", "facts"))?;
        }
        writeln!(out)?;
        for problem in &document.problems {
            writeln!(out, "  {}: {}: {}", place(&summary.documents, &problem.at), problem.level, clean(&problem.message))?;
        }
        let more = document.problem_count.saturating_sub(document.problems.len());
        if more > 0 {
            writeln!(out, "  and {more} more problems")?;
        }
    }
    // Notes come last, so one walk finds all; what stands before them is told when the first one comes.
    let (notes, mut told_notes) = (summary.findings.secure, false);
    each_finding(review, |told| {
        if told.verdict != "secure" {
            return finding(&summary, told, &paint, out);
        }
        if !told_notes {
            told_notes = true;
            between(review, &summary, &paint, out)?;
            writeln!(out, "\n{}:", plural(notes, "note", "notes"))?;
        }
        let at = told.places.first().map(|at| place(&summary.documents, at)).unwrap_or_default();
        writeln!(out, "  {at}: {} [{}]", clean(&told.message), told.audit)
    })?;
    if !told_notes {
        between(review, &summary, &paint, out)?;
    }
    let verdict = summary.verdict.unwrap_or("nothing to judge");
    writeln!(out, "\n{}: {}", paint.verdict(verdict), summary.headline)
}

/// What stands between findings and notes: interfaces, ways to data, and what is missing.
fn between(review: &Review, summary: &Summary, paint: &Paint, out: &mut impl Write) -> io::Result<()> {
    for index in 0..review.surfaces().len() {
        if let Some(surface) = report::surface(review, index) {
            interface(summary, &surface, paint, out)?;
        }
    }
    let paths = report::tiers(review).paths;
    if !paths.is_empty() {
        writeln!(out, "\nways from the internet to data:")?;
    }
    for path in &paths {
        writeln!(out, "  {}", clean(&path.said))?;
    }
    let mut told: Vec<(&str, &str)> = Vec::new();
    for missing in &summary.unresolved {
        let (name, settle) = (&*missing.name, &*missing.would_settle);
        // One thing may leave several rules open.
        if told.contains(&(name, settle)) {
            continue;
        }
        told.push((name, settle));
        let settled = if name == settle { String::new() } else { format!(", settled by {}", clean(settle)) };
        writeln!(out, "\nnot in the text: {} ({}){settled}", clean(name), place(&summary.documents, &missing.at))?;
    }
    Ok(())
}

/// Shows the findings a page at a time, worst first, so that not all of them are held.
fn each_finding(review: &Review, mut show: impl FnMut(&FindingReport) -> io::Result<()>) -> io::Result<()> {
    const PAGE: usize = 20_000;
    let mut offset = 0_usize;
    loop {
        let page = report::findings(review, None, offset, PAGE);
        page.items.iter().try_for_each(|item| show(&item.report))?;
        offset = offset.saturating_add(PAGE);
        if offset >= page.total {
            return Ok(());
        }
    }
}

fn finding(summary: &Summary, finding: &FindingReport, paint: &Paint, out: &mut impl Write) -> io::Result<()> {
    let name = match (&finding.policy_name, &finding.policy_id) {
        (Some(name), Some(id)) => format!("{} ({})", clean(name), clean(id)),
        (Some(one), None) | (None, Some(one)) => clean(one),
        (None, None) => "a policy without a name".to_owned(),
    };
    writeln!(out, "\n{} {}", paint.verdict(finding.verdict), clean(&finding.message))?;
    writeln!(out, "  where:   {name}")?;
    for at in finding.places.iter().take(5) {
        writeln!(out, "           {}", place(&summary.documents, at))?;
    }
    if let Some(packet) = &finding.witness {
        writeln!(out, "  proof:   {}", witness(packet, finding.direction))?;
    }
    writeln!(out, "  why:     {}", clean(&finding.why))?;
    writeln!(out, "  do:      {}", clean(&finding.fix))?;
    if !finding.frameworks.is_empty() {
        writeln!(out, "  against: {}", finding.frameworks.join(", "))?;
    }
    writeln!(out, "  audit:   {} ({})", finding.audit, finding.severity)
}

fn interface(summary: &Summary, surface: &SurfaceReport, paint: &Paint, out: &mut impl Write) -> io::Result<()> {
    let of = surface.name.iter().chain(&surface.carrier).map(|name| clean(name)).collect::<Vec<_>>().join(", ");
    let of = if of.is_empty() { of } else { format!(" ({of})") };
    writeln!(out, "\n{} interface {}{of}: {}", paint.verdict(surface.verdict), clean(&surface.id), clean(&surface.headline))?;
    for SurfaceExposure { exposure, depth } in surface.exposures.iter().filter(|one| one.exposure.direction == "ingress") {
        let what = match (&exposure.ports, &exposure.icmp) {
            (Some(ports), _) => format!("{} {ports}", exposure.protocol),
            (None, Some(message)) => format!("{} {message}", exposure.protocol),
            (None, None) => exposure.protocol.clone(),
        };
        let groups = exposure.groups.iter().map(|group| clean(group)).collect::<Vec<_>>().join(", ");
        let from = if exposure.reach == "group" && !groups.is_empty() { groups } else { exposure.reach_text.clone() };
        let layers = if *depth == 0 { String::new() } else { format!("; {} before the internet", plural(*depth, "layer", "layers")) };
        writeln!(out, "  open:    {what} from {from}{layers}")?;
    }
    for closed in &surface.closed {
        writeln!(out, "  closed:  {}", clean(&closed.message))?;
        let lines = closed.admitted_by.iter().map(|line| ("opened at", line));
        let lines = lines.chain(closed.closed_by.iter().filter_map(|one| one.line.as_ref()).map(|line| ("closed at", line)));
        for (what, line) in lines {
            if let Some(line) = surface.lines.get(*line) {
                writeln!(out, "           {what} {}", place(&summary.documents, &line.at))?;
            }
        }
    }
    for assumed in &surface.assumed {
        writeln!(out, "  assumed: {}", clean(assumed))?;
    }
    Ok(())
}

fn witness(packet: &WitnessReport, direction: Option<&str>) -> String {
    let gets = if direction == Some("egress") { "gets out to" } else { "gets in from" };
    let what = match (packet.port, &packet.icmp) {
        (Some(port), _) => format!("{} to port {port}", packet.protocol),
        (None, Some(message)) => format!("{} {message}", packet.protocol),
        (None, None) => packet.protocol.clone(),
    };
    format!("a packet of {what} {gets} {}", clean(&packet.source))
}

/// `document:line:column`, as editors and terminals know to open it.
pub(crate) fn place(documents: &[DocumentReport], at: &At) -> String {
    let document = usize::try_from(at.document).ok().and_then(|index| documents.get(index));
    format!("{}:{}:{}", document.map(|document| clean(&document.name)).unwrap_or_default(), at.line, at.column)
}

pub(crate) fn plural(count: impl TryInto<u64>, one: &str, many: &str) -> String {
    let count = count.try_into().unwrap_or(u64::MAX);
    if count == 1 { format!("{count} {one}") } else { format!("{count} {many}") }
}

/// Text of a document without control characters: an escape sequence in a name must not reach the terminal.
pub(crate) fn clean(text: &str) -> String {
    text.chars().map(|letter| if letter.is_control() { '\u{fffd}' } else { letter }).collect()
}

/// Colours, beside words and never instead of them.
pub(crate) struct Paint(pub(crate) bool);

impl Paint {
    /// A verdict's word.
    pub(crate) fn verdict(&self, verdict: &str) -> String {
        let code = match verdict {
            "dangerous" => "1;31",
            "unknown" => "1;35",
            "caution" => "1;33",
            _ => "1;32",
        };
        if self.0 { format!("\u{1b}[{code}m{}\u{1b}[0m", verdict.to_uppercase()) } else { verdict.to_uppercase() }
    }
}
