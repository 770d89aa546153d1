//! `portcullis compare`.

use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use portcullis_core::compare::{Change, Comparison, PolicyChange, compare};
use portcullis_core::export::markdown::escape;
use portcullis_core::formats::Assumptions;
use portcullis_core::review::{Review, review_assuming};
use portcullis_core::verdict::Verdict;

use crate::files::inputs;
use crate::inputs::assumption;
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

    /// What has to open for the exit status to be 1: something whose verdict after the change is at or above this level, whose
    /// verdict is worse than before, or anything at all.
    #[arg(long, value_enum, default_value_t = FailOn::Dangerous, value_name = "LEVEL")]
    fail_on: FailOn,
}

const STATUS: &str = "\
Two spellings of one configuration are equal: order, split prefixes and ports, another format.

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
    let mut all_read = true;
    let mut read = |path: &PathBuf| {
        let (inputs, unread) = inputs(std::slice::from_ref(path));
        unread.iter().for_each(|sentence| eprintln!("portcullis: {sentence}"));
        let review = review_assuming(inputs, &assumptions, &mut |_| {});
        all_read &= unread.is_empty() && review.documents().iter().all(|document| document.complete);
        review
    };
    let (before, after): (Review, Review) = (read(&arguments.before), read(&arguments.after));
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
        FailOn::Worsened => comparison.opens().any(Change::is_worse),
        FailOn::Opened => comparison.worst().is_some(),
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
        for (changes, documents) in [(&policy.opens, &comparison.after), (&policy.closes, &comparison.before)] {
            for change in changes {
                writeln!(out, "  {}", clean(&change.message))?;
                writeln!(out, "    verdict: {}", verdicts(change, |verdict| paint.verdict(verdict)))?;
                for at in change.places.iter().take(5) {
                    writeln!(out, "    rule:    {}", place(documents, at))?;
                }
            }
        }
    }
    let counts = comparison.counts;
    writeln!(out, "\n{} compared: {}", plural(counts.policies, "policy", "policies"), comparison.headline)
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
    if comparison.policies.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n| policy | change | before | after | rule |\n|---|---|---|---|---|")?;
    let mut row = |policy: &PolicyChange, cells: [String; 4]| {
        let cells: Vec<String> = std::iter::once(&policy.label).chain(&cells).map(|text| escape(text)).collect();
        writeln!(out, "| {} |", cells.join(" | "))
    };
    for policy in &comparison.policies {
        if let Some(why) = policy.not_compared {
            row(policy, [why.to_owned(), String::new(), "unknown".to_owned(), String::new()])?;
        }
        if policy.opens.is_empty() && policy.closes.is_empty() {
            row(policy, [policy.message.clone(), String::new(), String::new(), String::new()])?;
        }
        for (changes, documents) in [(&policy.opens, &comparison.after), (&policy.closes, &comparison.before)] {
            for change in changes {
                let word = |verdict: Option<&str>| verdict.unwrap_or("closed").to_owned();
                let at = change.places.first().map(|at| place(documents, at)).unwrap_or_default();
                row(policy, [change.message.clone(), word(change.verdict_before), word(change.verdict_after), at])?;
            }
        }
    }
    Ok(())
}

fn verdicts(change: &Change, paint: impl Fn(&str) -> String) -> String {
    let word = |verdict: Option<&str>| verdict.map_or_else(|| "closed".to_owned(), &paint);
    format!("{}, was {}", word(change.verdict_after), word(change.verdict_before))
}
