//! `portcullis review`.

use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use portcullis_core::formats::Assumptions;
use portcullis_core::report;
use portcullis_core::review::{Review, review_assuming};
use portcullis_core::verdict::Verdict;

use crate::files::inputs;
use crate::text;

/// The call.
#[derive(Args)]
pub(crate) struct Arguments {
    /// Files to judge together; `-` or nothing reads standard input, and of a directory all files are read that can be
    /// configurations, also in the directories below.
    #[arg(value_name = "FILE|DIR")]
    files: Vec<PathBuf>,

    /// How to print the result.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,

    /// A value for something that the text leaves open, such as var.admin_cidr=203.0.113.0/24 or pl-0123=10.0.0.0/8; may be
    /// given several times.
    #[arg(long, value_name = "NAME=VALUE", value_parser = assumption)]
    assume: Vec<(String, String)>,

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
    let (inputs, unread) = inputs(&arguments.files);
    for sentence in &unread {
        eprintln!("portcullis: {sentence}");
    }
    if inputs.is_empty() && !unread.is_empty() && matches!(arguments.format, Format::Text) {
        return Ok(ExitCode::from(2));
    }
    let assumptions: Assumptions = arguments.assume.iter().cloned().collect();
    let review = review_assuming(inputs, &assumptions, &mut |_| {});
    let mut out = BufWriter::new(io::stdout().lock());
    match arguments.format {
        Format::Text => text::write(&review, io::stdout().is_terminal(), &mut out)?,
        Format::Json => {
            serde_json::to_writer_pretty(&mut out, &report::report(&review)).map_err(io::Error::from)?;
            writeln!(out)?;
        }
    }
    out.flush()?;
    Ok(ExitCode::from(status(&review, arguments.fail_on, unread.is_empty())))
}

fn assumption(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.trim().is_empty() => Ok((name.trim().to_owned(), value.trim().to_owned())),
        _ => Err("write NAME=VALUE, such as var.admin_cidr=203.0.113.0/24".to_owned()),
    }
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
