//! `portcullis`: the terminal face. It reads files, calls the core, prints, and holds no logic.
//!
//! Exit status: 0 below the `--fail-on` level, 1 at or above it, 2 when a document could not be read or recognised or the
//! call was wrong; 2 wins over 1.

mod ask;
mod baseline;
mod class;
mod compare;
mod drill;
mod exercise;
mod files;
mod inputs;
mod ports;
mod pseudonymise;
mod register;
mod review;
mod text;

use std::process::ExitCode;

use clap::{Parser, Subcommand, ValueEnum};

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
  portcullis ask 'internet -> sg-web tcp/22' groups.json acls.json interfaces.json
  portcullis compare main.json branch.json
  portcullis baseline groups.json > portcullis.toml
  portcullis review groups.json --baseline portcullis.toml
  portcullis pseudonymise groups.json > shared.json
  portcullis exercise show 00
  portcullis ports 6379";

#[derive(Subcommand)]
enum Command {
    /// Judge configurations.
    Review(review::Arguments),
    /// Say whether a packet gets from one end to another, which line decides, and whether the reply comes back.
    Ask(ask::Arguments),
    /// Say what a change opens and closes.
    Compare(compare::Arguments),
    /// Write a baseline of what is open now, to be justified.
    Baseline(baseline::Arguments),
    /// List every port that is open to public addresses, with why, and who answers for it.
    Register(register::Arguments),
    /// Rewrite configurations so that they can be shown around: names, identifiers, addresses and comments are replaced.
    Pseudonymise(pseudonymise::Arguments),
    /// Learn by mending: list exercises, show one, grade an answer.
    Exercise(exercise::Arguments),
    /// Ask short questions about random rules, with their answers.
    Drill(drill::Arguments),
    /// Say what commonly listens on a port, and how bad it is when the internet may reach it.
    Ports(ports::Arguments),
    /// Print the JSON Schema of `review --format json`, or of another document.
    Schema {
        /// Which one.
        #[arg(value_enum, default_value_t = Schema::Report)]
        of: Schema,
    },
}

#[derive(Clone, Copy, ValueEnum)]
enum Schema {
    /// `review --format json`.
    Report,
    /// `ask --format json`.
    Answer,
    /// `compare --format json`.
    Compare,
    /// `portcullis.toml`.
    Baseline,
    /// `exercise list --format json`.
    Exercises,
    /// `exercise show --format json`.
    Exercise,
    /// `exercise grade --format json`.
    Grade,
    /// What learners export.
    Answers,
    /// `exercise grade --answers --format json`.
    Class,
}

fn main() -> ExitCode {
    let outcome = match Cli::parse().command {
        Command::Review(arguments) => review::run(&arguments),
        Command::Ask(arguments) => ask::run(&arguments),
        Command::Compare(arguments) => compare::run(&arguments),
        Command::Baseline(arguments) => baseline::run(&arguments),
        Command::Register(arguments) => register::run(&arguments),
        Command::Pseudonymise(arguments) => pseudonymise::run(&arguments),
        Command::Exercise(arguments) => exercise::run(&arguments),
        Command::Drill(arguments) => drill::run(&arguments),
        Command::Ports(arguments) => ports::run(&arguments),
        Command::Schema { of: Schema::Report } => print(portcullis_core::report::SCHEMA),
        Command::Schema { of: Schema::Answer } => print(portcullis_core::report::ANSWER_SCHEMA),
        Command::Schema { of: Schema::Compare } => print(portcullis_core::compare::SCHEMA),
        Command::Schema { of: Schema::Baseline } => print(portcullis_core::baseline::SCHEMA),
        Command::Schema { of: Schema::Exercises } => print(portcullis_core::training::EXERCISES_SCHEMA),
        Command::Schema { of: Schema::Exercise } => print(portcullis_core::training::EXERCISE_SCHEMA),
        Command::Schema { of: Schema::Grade } => print(portcullis_core::training::GRADE_SCHEMA),
        Command::Schema { of: Schema::Answers } => print(portcullis_core::training::ANSWERS_SCHEMA),
        Command::Schema { of: Schema::Class } => print(portcullis_core::training::CLASS_SCHEMA),
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
