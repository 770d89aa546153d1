//! `portcullis ask`.

use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use portcullis_core::ask::ask;
use portcullis_core::report::{self, DocumentReport, StepReport};
use portcullis_core::review::Review;

use crate::inputs::Judged;
use crate::text::{clean, place};

/// The call.
#[derive(Args)]
pub(crate) struct Arguments {
    /// What to ask: SOURCE -> DESTINATION PROTOCOL/PORTS. An end is `internet`, an address, a CIDR, an interface or its machine,
    /// a policy by id, name or address, or what rules name: a tag, a service tag, a prefix list. A port is a number, a range, a list of them or a service such as ssh: tcp/22,8000-8010;
    /// tcp is all of its ports, any is everything.
    #[arg(value_name = "QUESTION")]
    question: String,

    #[command(flatten)]
    judged: Judged,

    /// How to print the answer.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,

    /// The answer that is expected: any other makes the exit status 1.
    #[arg(long, value_enum, value_name = "FATE")]
    expect: Option<Expected>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// For programs; see `portcullis schema answer`.
    Json,
}

#[derive(Clone, Copy, ValueEnum)]
enum Expected {
    Allowed,
    Denied,
}

/// Answers the question and prints the answer.
pub(crate) fn run(arguments: &Arguments) -> io::Result<ExitCode> {
    let (review, unread) = arguments.judged.review();
    for sentence in &unread {
        eprintln!("portcullis: {sentence}");
    }
    let Some(review) = review else { return Ok(ExitCode::from(2)) };
    let answer = match ask(&review, &arguments.question) {
        Ok(answer) => report::answer(&review, &answer),
        Err(sentence) => {
            eprintln!("portcullis: {}", clean(&sentence));
            return Ok(ExitCode::from(2));
        }
    };
    let mut out = BufWriter::new(io::stdout().lock());
    match arguments.format {
        Format::Text => text(&review, &answer, &mut out)?,
        Format::Json => {
            serde_json::to_writer_pretty(&mut out, &answer).map_err(io::Error::from)?;
            writeln!(out)?;
        }
    }
    out.flush()?;
    let expected = match arguments.expect {
        None => true,
        Some(Expected::Allowed) => answer.fate == "allowed",
        Some(Expected::Denied) => answer.fate == "denied",
    };
    let read = unread.is_empty() && review.documents().iter().all(|document| document.complete);
    Ok(ExitCode::from(if !read { 2 } else { u8::from(!expected) }))
}

fn text(review: &Review, answer: &report::AnswerReport, out: &mut impl Write) -> io::Result<()> {
    let documents = report::documents(review);
    writeln!(out, "{}", clean(&answer.said))?;
    for note in &answer.notes {
        writeln!(out, "note: {}", clean(note))?;
    }
    if let [_] = answer.runs.as_slice() {
        write_ways(&documents, &answer.ways, out)?;
    }
    for run in answer.runs.iter().filter(|_| answer.runs.len() > 1) {
        writeln!(out, "\n{}", clean(&run.said))?;
        write_ways(&documents, &run.ways, out)?;
        if let Some(suggestion) = &run.suggestion {
            writeln!(out, "    {}", clean(suggestion))?;
        }
    }
    if answer.more > 0 {
        writeln!(out, "\n  and {} more ways that were not looked at", answer.more)?;
    }
    if let Some(suggestion) = answer.suggestion.as_ref().filter(|_| answer.runs.len() == 1) {
        writeln!(out, "\n{}", clean(suggestion))?;
    }
    Ok(())
}

fn write_ways(documents: &[DocumentReport], ways: &[report::WayReport], out: &mut impl Write) -> io::Result<()> {
    for way in ways {
        let from = match &way.address {
            Some(address) if !way.source.contains(address.as_str()) => format!("{} (a packet of {address})", clean(&way.source)),
            _ => clean(&way.source),
        };
        writeln!(out, "\n  {from} -> {}: {}", clean(&way.destination), way.fate)?;
        for step in &way.steps {
            writeln!(out, "    {}", line(documents, step))?;
            for passed in step.passed.iter().take(5).filter(|_| step.outcome != "allowed") {
                writeln!(out, "      not {}: {}", place(documents, &passed.line.at), passed.why)?;
            }
        }
        if let (Some(nets), Some(words)) = (&way.admitted, &way.admitted_text)
            && way.fate == "partly"
        {
            let nets = if nets.len() < 20 { format!(" ({})", nets.join(", ")) } else { String::new() };
            writeln!(out, "    admitted: {words}{nets}")?;
        }
        if !way.reply.is_empty() && way.fate != "denied" {
            writeln!(out, "    back: {}", clean(&way.reply))?;
        }
    }
    Ok(())
}

fn line(documents: &[DocumentReport], step: &StepReport) -> String {
    let by = step.decided_by.as_ref().map(|line| format!(" at {}", place(documents, &line.at)));
    let by =
        by.unwrap_or_else(
            || if step.layer.is_some() && step.outcome == "denied" { " (no rule admits it)".to_owned() } else { String::new() },
        );
    format!("{}: {} by {}{by}", step.side, step.outcome, clean(&step.said))
}
