//! `portcullis pseudonymise`.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use portcullis_core::export::pseudonym::{REMAINS, pseudonymise};

use crate::files::inputs;

/// The call.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// Files to rewrite together, so that what they share stays the same in all of them; `-` or nothing reads standard input,
    /// and of a directory all files are read that can be configurations.
    #[arg(value_name = "FILE|DIR")]
    files: Vec<PathBuf>,

    /// The directory to write them to, under names that say nothing either; needed where there are several.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

const EXAMPLES: &str = "\
Names, identifiers, addresses, descriptions and comments are replaced, the same by the same everywhere. Verdicts, ports, the
sizes of networks and line numbers stay, so the review of what comes out is the review of what went in. The structure of the
network stays visible: read what you share.

Examples:
  aws ec2 describe-security-groups | portcullis pseudonymise > shared.json
  portcullis pseudonymise infrastructure/ --out shared/";

/// Rewrites the files.
pub(crate) fn run(arguments: &Arguments) -> io::Result<ExitCode> {
    let (inputs, unread) = inputs(&arguments.files);
    unread.iter().for_each(|sentence| eprintln!("portcullis: {sentence}"));
    let texts: Vec<(String, String)> =
        inputs.into_iter().map(|input| (input.name, String::from_utf8_lossy(&input.bytes).into_owned())).collect();
    let documents: Vec<(&str, &str)> = texts.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let done = pseudonymise(&documents, &[]);
    match (&arguments.out, done.documents.as_slice()) {
        (Some(directory), documents) => documents.iter().try_for_each(|(name, text)| write(directory, name, text))?,
        (None, [(_, text)]) => io::stdout().lock().write_all(text.as_bytes())?,
        (None, []) => {}
        (None, _) => return Err(io::Error::other("several files need a directory to be written to: --out DIR")),
    }
    if !done.documents.is_empty() {
        eprintln!("portcullis: {}; {REMAINS}", done.replaced.said());
    }
    Ok(ExitCode::from(if unread.is_empty() { 0 } else { 2 }))
}

/// Writes below the directory, wherever the name points.
fn write(directory: &Path, name: &str, text: &str) -> io::Result<()> {
    let below = Path::new(name).components().filter(|part| matches!(part, std::path::Component::Normal(_)));
    let file = directory.join(below.collect::<PathBuf>());
    if let Some(parent) = file.parent() {
        fs::create_dir_all(parent)?;
    }
    // What is there already may be the original.
    let mut file = fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(&file)
        .map_err(|error| io::Error::other(format!("`{}` can't be written: {}", file.display(), error.to_string().to_lowercase())))?;
    file.write_all(text.as_bytes())
}
