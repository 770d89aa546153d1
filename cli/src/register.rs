//! `portcullis register`.

use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use portcullis_core::export::csv;
use portcullis_core::export::markdown::escape;
use portcullis_core::report::{RegisterRow, register};

use crate::inputs::Judged;
use crate::text::clean;

/// The call.
#[derive(Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    judged: Judged,

    /// How to print the register.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// For a spreadsheet; no cell is a formula.
    Csv,
    /// For a document.
    Markdown,
    /// For programs: the `register` of `portcullis schema`.
    Json,
}

/// Prints every port that is open to public addresses.
pub(crate) fn run(arguments: &Arguments) -> io::Result<ExitCode> {
    let (review, unread) = arguments.judged.review();
    unread.iter().for_each(|sentence| eprintln!("portcullis: {sentence}"));
    let Some(review) = review else { return Ok(ExitCode::from(2)) };
    let rows = register(&review);
    let mut out = BufWriter::new(io::stdout().lock());
    match arguments.format {
        Format::Text => text(&rows, &mut out)?,
        Format::Csv => out.write_all(csv::register(&rows).as_bytes())?,
        Format::Markdown => markdown(&rows, &mut out)?,
        Format::Json => {
            serde_json::to_writer_pretty(&mut out, &rows).map_err(io::Error::from)?;
            writeln!(out)?;
        }
    }
    out.flush()?;
    let all_read = unread.is_empty() && review.documents().iter().all(|document| document.complete);
    if !all_read {
        eprintln!("portcullis: a part could not be read, so this register is not complete; `portcullis review` says what");
    }
    Ok(ExitCode::from(if all_read { 0 } else { 2 }))
}

fn text(rows: &[RegisterRow], out: &mut impl Write) -> io::Result<()> {
    for row in rows {
        writeln!(out, "{} {} from {}: {}", clean(&policy(row)), ports(row), row.reach_text, row.verdict)?;
        writeln!(out, "  why:    {}", clean(&why(row)))?;
        writeln!(out, "  owner:  {}", clean(row.owner.as_deref().unwrap_or("nobody")))?;
        writeln!(out, "  review: {}", review(row))?;
    }
    if rows.is_empty() {
        writeln!(out, "nothing is open to public addresses")?;
    }
    Ok(())
}

fn markdown(rows: &[RegisterRow], out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "| policy | ports | from | verdict | why | owner | review |\n|---|---|---|---|---|---|---|")?;
    for row in rows {
        let owner = row.owner.clone().unwrap_or_default();
        let cells = [policy(row), ports(row), row.reach_text.clone(), row.verdict.to_owned(), why(row), owner, review(row)];
        writeln!(out, "| {} |", cells.map(|text| escape(&text)).join(" | "))?;
    }
    Ok(())
}

fn policy(row: &RegisterRow) -> String {
    let id = row.policy_id.as_deref().or(row.policy_address.as_deref());
    match (row.policy_name.as_deref(), id) {
        (Some(name), Some(id)) if name != id => format!("{name} ({id})"),
        (name, id) => name.or(id).unwrap_or(row.policy_kind).to_owned(),
    }
}

fn ports(row: &RegisterRow) -> String {
    let services = if row.services.is_empty() { String::new() } else { format!(" ({})", row.services.join(", ")) };
    match row.ports.as_ref().or(row.icmp.as_ref()) {
        Some(ports) => format!("{ports}/{}{services}", row.protocol),
        None => row.protocol.clone(),
    }
}

fn why(row: &RegisterRow) -> String {
    match (&row.justification, row.justified_by) {
        (Some(text), "description") => format!("{text} (the rule's own description)"),
        (Some(text), _) => text.clone(),
        (None, _) => "none given".to_owned(),
    }
}

fn review(row: &RegisterRow) -> String {
    let date = row.review.as_deref().unwrap_or("no date");
    if row.expired { format!("{date}, which has passed") } else { date.to_owned() }
}
