//! `portcullis baseline`.

use std::io::{self, Write};
use std::process::ExitCode;

use clap::Args;
use portcullis_core::baseline::example;

use crate::inputs::Judged;

/// The call.
#[derive(Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    judged: Judged,
}

/// Prints a baseline to begin with; what a given one approves is left out.
pub(crate) fn run(arguments: &Arguments) -> io::Result<ExitCode> {
    let (review, unread) = arguments.judged.review();
    unread.iter().for_each(|sentence| eprintln!("portcullis: {sentence}"));
    let Some(review) = review else { return Ok(ExitCode::from(2)) };
    io::stdout().lock().write_all(example(&review).as_bytes())?;
    let all_read = unread.is_empty() && review.documents().iter().all(|document| document.complete);
    if !all_read {
        eprintln!("portcullis: a part could not be read, so this baseline is not complete; `portcullis review` says what");
    }
    Ok(ExitCode::from(if all_read { 0 } else { 2 }))
}
