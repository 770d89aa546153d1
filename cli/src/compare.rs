//! `portcullis compare`.

use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use portcullis_core::compare::{Change, Comparison, compare};
use portcullis_core::export::markdown::escape;
use portcullis_core::formats::Assumptions;
use portcullis_core::review::{Against, Review, review_against};
use portcullis_core::verdict::Verdict;

use crate::files::inputs;
use crate::inputs::{Approved, assumption, tell_unused};
use crate::text::{Paint, clean, place, plural};

/// The call.
#[derive(Args)]
#[command(after_help = STATUS)]
pub(crate) struct Arguments {
    /// The configuration before the change; `-` reads standard input.
    before: PathBuf,

    /// The configuration after it.
    after: PathBuf,

    /// How to print the result.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,

    /// A value for something that both leave open, such as var.admin_cidr=203.0.113.0/24; may be given several times.
    #[arg(long, value_name = "NAME=VALUE", value_parser = assumption)]
    assume: Vec<(String, String)>,

    #[command(flatten)]
    approved: Approved,

    /// What has to open for the exit status to be 1: something whose verdict after the change is at or above this level, whose
    /// verdict is worse than before, or anything at all. What is approved does not count.
    #[arg(long, value_enum, default_value_t = FailOn::Dangerous, value_name = "LEVEL")]
    fail_on: FailOn,
}

const STATUS: &str = "\
Two spellings of one configuration are equal: order, split prefixes and ports, another format.

Where both sides have interfaces, in one directory each, what gets through all of their layers is compared as well: a group that moves to
another interface opens something although no rule changed. A policy whose interfaces were all given with their layers then counts for
no more than in a review: an ACL before a closed group for nothing, a group behind another closed layer for caution.

Exit status: 0 nothing opens at or above the --fail-on level, 1 something does, 2 something could not be read.";

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// For programs; see `portcullis schema compare`.
    Json,
    /// For a comment on a change.
    Markdown,
}

#[derive(Clone, Copy, ValueEnum)]
enum FailOn {
    Dangerous,
    Unknown,
    Caution,
    Worsened,
    Opened,
    Never,
}

/// Compares the two and prints the result.
pub(crate) fn run(arguments: &Arguments) -> io::Result<ExitCode> {
    let assumptions: Assumptions = arguments.assume.iter().cloned().collect();
    let (against, no_baseline) = arguments.approved.against();
    no_baseline.iter().for_each(|sentence| eprintln!("portcullis: {sentence}"));
    let mut all_read = no_baseline.is_empty();
    let mut read = |path: &PathBuf, against: Against| {
        let (inputs, unread) = inputs(std::slice::from_ref(path));
        unread.iter().for_each(|sentence| eprintln!("portcullis: {sentence}"));
        let review = review_against(inputs, &assumptions, against, &mut |_| {});
        all_read &= unread.is_empty() && review.documents().iter().all(|document| document.complete);
        review
    };
    // What a baseline says is about the configuration as it is to be.
    let (before, after): (Review, Review) = (read(&arguments.before, Against::default()), read(&arguments.after, against));
    tell_unused(&arguments.assume, [&before, &after].into_iter());
    let comparison = compare(&before, &after);
    let mut out = BufWriter::new(io::stdout().lock());
    match arguments.format {
        Format::Text => text(&comparison, &Paint(io::stdout().is_terminal()), &mut out)?,
        Format::Markdown => markdown(&comparison, &mut out)?,
        Format::Json => {
            serde_json::to_writer_pretty(&mut out, &comparison).map_err(io::Error::from)?;
            writeln!(out)?;
        }
    }
    out.flush()?;
    Ok(ExitCode::from(status(&comparison, arguments.fail_on, all_read)))
}

fn status(comparison: &Comparison, fail_on: FailOn, all_read: bool) -> u8 {
    if !all_read {
        return 2;
    }
    let at_least = |level: Verdict| comparison.worst() >= Some(level);
    u8::from(match fail_on {
        FailOn::Dangerous => at_least(Verdict::Dangerous),
        FailOn::Unknown => at_least(Verdict::Unknown),
        FailOn::Caution => at_least(Verdict::Caution),
        FailOn::Worsened => comparison.worsens(),
        FailOn::Opened => comparison.opens(),
        FailOn::Never => false,
    })
}

fn text(comparison: &Comparison, paint: &Paint, out: &mut impl Write) -> io::Result<()> {
    problems(comparison, out)?;
    for policy in &comparison.policies {
        writeln!(out, "\n{}: {}", clean(&policy.label), clean(&policy.message))?;
        if let Some(why) = policy.not_compared {
            writeln!(out, "  {} {why}", paint.verdict("unknown"))?;
        }
        changes(comparison, (&policy.opens, &policy.closes), paint, out)?;
    }
    for surface in &comparison.surfaces {
        writeln!(out, "\nat the interface {}: {}", clean(&surface.label), clean(&surface.message))?;
        if let Some(why) = &surface.not_compared {
            writeln!(out, "  {} {}", paint.verdict("unknown"), clean(why))?;
        }
        changes(comparison, (&surface.opens, &surface.closes), paint, out)?;
    }
    let counts = comparison.counts;
    let interfaces = match counts.interfaces {
        0 => String::new(),
        some => format!(" and {}", plural(some, "interface", "interfaces")),
    };
    writeln!(out, "\n{}{interfaces} compared: {}", plural(counts.policies, "policy", "policies"), comparison.headline)
}

/// What opens and what closes, each with its verdicts and lines.
fn changes(comparison: &Comparison, (opens, closes): (&[Change], &[Change]), paint: &Paint, out: &mut impl Write) -> io::Result<()> {
    for (changes, documents) in [(opens, &comparison.after), (closes, &comparison.before)] {
        for change in changes {
            writeln!(out, "  {}", clean(&change.message))?;
            writeln!(out, "    verdict: {}", verdicts(change, |verdict| paint.verdict(verdict)))?;
            for at in change.places.iter().take(5) {
                writeln!(out, "    rule:    {}", place(documents, at))?;
            }
        }
    }
    Ok(())
}

fn problems(comparison: &Comparison, out: &mut impl Write) -> io::Result<()> {
    for (when, documents) in [("before", &comparison.before), ("after", &comparison.after)] {
        for document in documents {
            let what = document.format_title.unwrap_or("not recognised");
            writeln!(out, "{when}: {}: {what}, {}", clean(&document.name), plural(document.policies, "policy", "policies"))?;
            for problem in &document.problems {
                writeln!(out, "  {}: {}: {}", place(documents, &problem.at), problem.level, clean(&problem.message))?;
            }
        }
    }
    Ok(())
}

fn markdown(comparison: &Comparison, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "**{}**", comparison.headline)?;
    if comparison.policies.is_empty() && comparison.surfaces.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n| where | change | before | after | rule |\n|---|---|---|---|---|")?;
    let mut row = |label: &str, cells: [String; 4]| {
        let cells: Vec<String> = std::iter::once(label).chain(cells.iter().map(String::as_str)).map(escape).collect();
        writeln!(out, "| {} |", cells.join(" | "))
    };
    let policies = comparison.policies.iter().map(|own| (&own.label, &own.message, own.not_compared, (&own.opens, &own.closes)));
    let surfaces = comparison.surfaces.iter().map(|own| (&own.label, &own.message, own.not_compared.as_deref(), (&own.opens, &own.closes)));
    for (label, message, not_compared, (opens, closes)) in policies.chain(surfaces) {
        if let Some(why) = not_compared {
            row(label, [why.to_owned(), String::new(), "unknown".to_owned(), String::new()])?;
        }
        if opens.is_empty() && closes.is_empty() {
            row(label, [message.clone(), String::new(), String::new(), String::new()])?;
        }
        for (changes, documents) in [(opens, &comparison.after), (closes, &comparison.before)] {
            for change in changes {
                let word = |verdict: Option<&str>| verdict.unwrap_or("closed").to_owned();
                let at = change.places.first().map(|at| place(documents, at)).unwrap_or_default();
                row(label, [change.message.clone(), word(change.verdict_before), word(change.verdict_after), at])?;
            }
        }
    }
    Ok(())
}

fn verdicts(change: &Change, paint: impl Fn(&str) -> String) -> String {
    let word = |verdict: Option<&str>| verdict.map_or_else(|| "closed".to_owned(), &paint);
    format!("{}, was {}", word(change.verdict_after), word(change.verdict_before))
}
