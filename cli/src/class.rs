//! `portcullis exercise grade --answers`: what a class handed in.

use std::io::{self, Write};
use std::path::PathBuf;

use portcullis_core::export::csv;
use portcullis_core::training::{AnswersRead, ClassRow, Exercise, answers, class};
use serde_json::to_string_pretty;

use crate::exercise::{Format, print};
use crate::files::inputs;
use crate::text::clean;

/// Grades every answer again. What could not be read is told, and costs the status.
pub(crate) fn run(exercises: &[Exercise], files: &[PathBuf], format: Format, out: &mut impl Write) -> io::Result<u8> {
    let (inputs, unread) = inputs(files);
    unread.iter().for_each(|sentence| eprintln!("portcullis: {sentence}"));
    let read: Vec<AnswersRead> = inputs.into_iter().map(|input| answers(&input.name, input.bytes)).collect();
    let class = class(exercises, &read);
    for own in class.problems.iter().take(100) {
        let at = own.problem.at;
        eprintln!("portcullis: {}:{}:{}: {}", clean(&own.file), at.line, at.column, clean(&own.problem.message));
    }
    match format {
        Format::Text => table(&class.rows, out)?,
        Format::Csv => out.write_all(csv::class(&class.rows).as_bytes())?,
        Format::Json => drop(print(to_string_pretty(&class), out)?),
    }
    Ok(if unread.is_empty() && class.problems.is_empty() { 0 } else { 2 })
}

fn table(rows: &[ClassRow], out: &mut impl Write) -> io::Result<()> {
    let mark = |full: bool| if full { "full" } else { "-" }.to_owned();
    let head = ["learner", "exercise", "passed", "verdicts", "flows", "excess", "hints", ""].map(str::to_owned);
    let cells = |row: &ClassRow| {
        let excess = match &row.excess {
            Some(excess) => format!("{excess}{}", if row.least_privilege { " full" } else { "" }),
            None => "-".to_owned(),
        };
        let remark = match () {
            () if row.shown_solution => "the solution was shown",
            () if row.claimed && !row.passed => "the file says solved",
            () if row.excess.is_none() => &row.said,
            () => "",
        };
        [
            clean(row.learner.as_deref().unwrap_or(&row.file)),
            row.exercise.clone(),
            if row.passed { "yes" } else { "no" }.to_owned(),
            mark(row.verdicts),
            format!("{}/{}", row.flows_passed, row.flows),
            excess,
            row.hints.to_string(),
            remark.to_owned(),
        ]
    };
    let lines: Vec<[String; 8]> = std::iter::once(head).chain(rows.iter().map(cells)).collect();
    for line in &lines {
        let mut text = String::new();
        for (at, cell) in line.iter().enumerate() {
            let width = lines.iter().map(|line| line[at].chars().count()).max().unwrap_or_default();
            text.push_str(&format!("{cell:width$}  "));
        }
        writeln!(out, "{}", text.trim_end())?;
    }
    Ok(())
}
