//! `portcullis`: the terminal face. It reads files, calls the core, prints, and holds no logic.
//!
//! Exit status: 0 below the `--fail-on` level, 1 at or above it, 2 when a document could not be read or recognised or the
//! call was wrong; 2 wins over 1.

mod files;
mod ports;
mod review;
mod text;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Says exactly what a cloud firewall configuration lets in, why that is dangerous or secure, and what to do.
///
/// Nothing leaves this machine.
#[derive(Parser)]
#[command(name = "portcullis", version, after_help = EXAMPLES)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

const EXAMPLES: &str = "\
Examples:
  aws ec2 describe-security-groups | portcullis review
  portcullis review groups.json --fail-on caution
  portcullis review infrastructure/
  portcullis review groups.json --format json > report.json
  portcullis ports 6379";

#[derive(Subcommand)]
enum Command {
    /// Judge configurations.
    Review(review::Arguments),
    /// Say what commonly listens on a port, and how bad it is when the internet may reach it.
    Ports(ports::Arguments),
    /// Print the JSON Schema of `review --format json`.
    Schema,
}

fn main() -> ExitCode {
    let outcome = match Cli::parse().command {
        Command::Review(arguments) => review::run(&arguments),
        Command::Ports(arguments) => ports::run(&arguments),
        Command::Schema => print(portcullis_core::report::SCHEMA),
    };
    outcome.unwrap_or_else(|error| {
        // A reader that has seen enough closes the pipe; that is no error of ours.
        if error.kind() == std::io::ErrorKind::BrokenPipe {
            return ExitCode::SUCCESS;
        }
        eprintln!("portcullis: {error}");
        ExitCode::from(2)
    })
}

fn print(text: &str) -> std::io::Result<ExitCode> {
    use std::io::Write;
    std::io::stdout().lock().write_all(text.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}
