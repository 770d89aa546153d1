//! `portcullis review`.

use std::io::{self, BufWriter, IsTerminal, Write};
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use portcullis_core::export::{csv, markdown};
use portcullis_core::report;
use portcullis_core::review::Review;
use portcullis_core::verdict::Verdict;

use crate::inputs::Judged;
use crate::text;

/// The call.
#[derive(Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    judged: Judged,

    /// How to print the result.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,

    /// The verdict from which the exit status is 1.
    #[arg(long, value_enum, default_value_t = FailOn::Dangerous, value_name = "LEVEL")]
    fail_on: FailOn,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// For programs; see `portcullis schema`.
    Json,
    /// For a ticket or a comment; long lists are cut, and say so.
    Markdown,
    /// The findings, for a spreadsheet; no cell is a formula.
    Csv,
}

#[derive(Clone, Copy, ValueEnum)]
enum FailOn {
    Dangerous,
    Unknown,
    Caution,
    Never,
}

/// Judges the files and prints the result.
pub(crate) fn run(arguments: &Arguments) -> io::Result<ExitCode> {
    let (review, unread) = arguments.judged.review();
    for sentence in &unread {
        eprintln!("portcullis: {sentence}");
    }
    let review = match review {
        Some(review) => review,
        None if matches!(arguments.format, Format::Text) => return Ok(ExitCode::from(2)),
        None => Review::default(),
    };
    let mut out = BufWriter::new(io::stdout().lock());
    match arguments.format {
        Format::Text => text::write(&review, io::stdout().is_terminal(), &mut out)?,
        Format::Json => {
            serde_json::to_writer_pretty(&mut out, &report::report(&review)).map_err(io::Error::from)?;
            writeln!(out)?;
        }
        Format::Markdown => out.write_all(markdown::report(&review).as_bytes())?,
        Format::Csv => out.write_all(csv::findings(&review).as_bytes())?,
    }
    out.flush()?;
    Ok(ExitCode::from(status(&review, arguments.fail_on, unread.is_empty())))
}

fn status(review: &Review, fail_on: FailOn, all_read: bool) -> u8 {
    let level = match fail_on {
        FailOn::Dangerous => Some(Verdict::Dangerous),
        FailOn::Unknown => Some(Verdict::Unknown),
        FailOn::Caution => Some(Verdict::Caution),
        FailOn::Never => None,
    };
    if !all_read || review.documents().iter().any(|document| !document.complete) {
        2
    } else {
        u8::from(level.is_some_and(|level| review.verdict() >= Some(level)))
    }
}
