//! `portcullis drill`.

use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use portcullis_core::training::drill;

/// The call.
#[derive(Args)]
pub(crate) struct Arguments {
    /// Which drill: the same number gives the same questions everywhere.
    #[arg(long)]
    seed: u64,

    /// How many questions, at most 100.
    #[arg(long, default_value_t = 5)]
    count: usize,

    /// How to print them.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// For people: the questions, and all answers below.
    Text,
    /// For programs.
    Json,
}

/// Prints the questions.
pub(crate) fn run(arguments: &Arguments) -> io::Result<ExitCode> {
    let questions = drill(arguments.seed, arguments.count);
    let mut out = BufWriter::new(io::stdout().lock());
    match arguments.format {
        Format::Json => {
            serde_json::to_writer_pretty(&mut out, &questions)?;
            writeln!(out)?;
        }
        Format::Text => {
            for (own, nth) in questions.iter().zip(1..) {
                writeln!(out, "{nth}. {}\n\n{}\n   {}\n", own.question, own.text, own.choices.join(", "))?;
            }
            writeln!(out, "answers:")?;
            for (own, nth) in questions.iter().zip(1..) {
                let answer = own.choices.get(own.answer).map(String::as_str).unwrap_or_default();
                writeln!(out, "{nth}. {answer}: {}", own.because)?;
            }
        }
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}
