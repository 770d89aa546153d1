//! `portcullis exercise`.

use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand, ValueEnum};
use portcullis_core::report::DocumentReport;
use portcullis_core::review::review;
use portcullis_core::training::{
    COMING, Configuration, EXERCISES_SCHEMA_ID, Exercise, FlowGrade, Grade, Graded, Listed, Planned, from_finding, grade, pack, track,
};
use serde_json::to_string_pretty;

use crate::class;
use crate::files::inputs;
use crate::text::{Paint, clean, plural};

/// The call.
#[derive(Args)]
#[command(after_help = STATUS)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    action: Action,

    /// An instructor's pack in place of the project's exercises.
    #[arg(long, value_name = "FILE", global = true)]
    pack: Option<PathBuf>,

    /// How to print the result.
    #[arg(long, value_enum, default_value_t = Format::Text, global = true)]
    format: Format,
}

const STATUS: &str = "\
Begin with `portcullis exercise show 00 --start > groups.json`, edit the file, and grade it.

Exit status: 0 passed, 1 not passed, 2 something could not be read or the call was wrong. Of what a class handed in only the
reading counts.";

#[derive(Subcommand)]
enum Action {
    /// List the exercises.
    List,
    /// Tell the story of one, and what has to be true at the end.
    Show {
        /// Its number, its name or both, such as 03, bastion or 03-bastion.
        exercise: String,
        /// Print the configuration to mend, and nothing else.
        #[arg(long, conflicts_with = "solution")]
        start: bool,
        /// Print one that passes, and nothing else.
        #[arg(long)]
        solution: bool,
        /// Show so many hints.
        #[arg(long, value_name = "COUNT", default_value_t = 0)]
        hints: usize,
    },
    /// Grade an answer, or all that a class handed in.
    Grade {
        /// The exercise's number, its name or both.
        #[arg(required_unless_present = "answers")]
        exercise: Option<String>,
        /// The answer's files; `-` reads standard input.
        #[arg(required_unless_present = "answers")]
        answer: Vec<PathBuf>,
        /// What learners exported, one file each: every answer in it is graded again.
        #[arg(long, value_name = "FILE", num_args = 1.., conflicts_with_all = ["exercise", "answer", "before"])]
        answers: Vec<PathBuf>,
        /// An earlier answer: what worked there and no longer does is named.
        #[arg(long, value_name = "FILE")]
        before: Vec<PathBuf>,
    },
    /// Make a pack of one exercise from a finding: the configuration without its names, with what has to be closed and what has
    /// to keep working.
    From {
        /// Configurations; `-` reads standard input.
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// Which finding, from 1, in the order in which `portcullis review` prints them.
        #[arg(long, value_name = "NUMBER", default_value_t = 1)]
        finding: usize,
        /// Leave all names, addresses and descriptions as they are.
        #[arg(long)]
        names: bool,
    },
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people.
    Text,
    /// For programs.
    Json,
    /// For a spreadsheet, of what a class handed in; no cell is a formula.
    Csv,
}

/// Lists, shows or grades.
pub(crate) fn run(arguments: &Arguments) -> io::Result<ExitCode> {
    let takes_csv = matches!(&arguments.action, Action::Grade { answers, .. } if !answers.is_empty());
    if arguments.format == Format::Csv && !takes_csv {
        eprintln!("portcullis: only what a class handed in can be printed as CSV, with `exercise grade --answers FILE...`");
        return Ok(ExitCode::from(2));
    }
    let Some(exercises) = exercises(arguments.pack.as_ref()) else { return Ok(ExitCode::from(2)) };
    let mut out = BufWriter::new(io::stdout().lock());
    let status = match &arguments.action {
        Action::List => list(&exercises, arguments, &mut out)?,
        Action::Show { exercise, start, solution, hints } => match find(&exercises, exercise) {
            None => 2,
            Some(found) if *start => write(&found.start, &mut out)?,
            Some(found) if *solution => write(&found.solution, &mut out)?,
            Some(found) => show(found, *hints, arguments, &mut out)?,
        },
        Action::Grade { exercise: Some(exercise), answer, before, .. } => match find(&exercises, exercise) {
            None => 2,
            Some(found) => graded(found, answer, before, arguments.format, &mut out)?,
        },
        Action::Grade { answers, .. } => class::run(&exercises, answers, arguments.format, &mut out)?,
        Action::From { files, finding, names } => from(files, *finding, *names, &mut out)?,
    };
    out.flush()?;
    Ok(ExitCode::from(status))
}

/// The exercises of the project or of a pack; `None` where a pack has a problem.
fn exercises(file: Option<&PathBuf>) -> Option<Vec<Exercise>> {
    let Some(file) = file else { return Some(track()) };
    let (mut inputs, unread) = inputs(std::slice::from_ref(file));
    unread.iter().for_each(|sentence| eprintln!("portcullis: {sentence}"));
    let input = inputs.pop().filter(|_| unread.is_empty())?;
    let read = pack(&input.name, input.bytes);
    for problem in read.document.problems.kept().iter().take(20) {
        let at = read.document.position(problem.span.start);
        eprintln!("portcullis: {}:{}:{}: {}", clean(&read.document.name), at.line, at.column, clean(&problem.message));
    }
    (read.document.problems.total() == 0).then_some(read.exercises)
}

fn find<'e>(exercises: &'e [Exercise], name: &str) -> Option<&'e Exercise> {
    let partly = |id: &str| id.split_once('-').is_some_and(|(number, rest)| number == name || rest == name);
    let found = exercises.iter().find(|own| own.id == name).or_else(|| exercises.iter().find(|own| partly(&own.id)));
    if found.is_none() {
        let coming = COMING.iter().any(|(id, _)| *id == name || partly(id));
        let why = if coming { "is planned and not there yet" } else { "is no exercise" };
        eprintln!("portcullis: `{}` {why}; `portcullis exercise list` names those that are", clean(name));
    }
    found
}

fn list(exercises: &[Exercise], arguments: &Arguments, out: &mut impl Write) -> io::Result<u8> {
    let coming: &[(&str, &str)] = if arguments.pack.is_none() { COMING } else { &[] };
    if arguments.format == Format::Json {
        let coming = coming.iter().map(|(id, title)| Planned { id, title }).collect();
        return print(to_string_pretty(&Listed { schema: EXERCISES_SCHEMA_ID, exercises, coming }), out);
    }
    let mut rows: Vec<(&str, String, String)> =
        exercises.iter().map(|own| (own.id.as_str(), clean(&own.title), clean(&own.in_short()))).collect();
    rows.extend(coming.iter().map(|(id, title)| (*id, format!("{title} (coming)"), String::new())));
    rows.sort();
    let width = rows.iter().map(|(id, ..)| id.len()).max().unwrap_or_default();
    for (id, title, short) in rows {
        writeln!(out, "{id:width$}  {title}")?;
        if !short.is_empty() {
            writeln!(out, "    {short}")?;
        }
    }
    Ok(0)
}

fn show(exercise: &Exercise, hints: usize, arguments: &Arguments, out: &mut impl Write) -> io::Result<u8> {
    if arguments.format == Format::Json {
        return print(to_string_pretty(&exercise.shown()), out);
    }
    writeln!(out, "{}", clean(&exercise.title))?;
    let short = clean(&exercise.in_short());
    if !short.is_empty() {
        writeln!(out, "{short}")?;
    }
    writeln!(out, "\n{}\n", lines(&exercise.story))?;
    for (allow, heading) in [(true, "has to work:"), (false, "must not get through:")] {
        let flows: Vec<_> = exercise.flows.iter().filter(|flow| flow.allow == allow).collect();
        if !flows.is_empty() {
            writeln!(out, "{heading}")?;
        }
        for flow in flows {
            writeln!(out, "  {}: {}", clean(&flow.said()), clean(&flow.because))?;
        }
    }
    if let Some(baseline) = &exercise.baseline {
        let day = exercise.today.map(|day| format!(", and today is {day}")).unwrap_or_default();
        writeln!(out, "given, and not to be changed{day}:\n{}", lines(&baseline.text))?;
    }
    let kinder = if exercise.forbid.as_str() == "caution" { "nothing worth caution" } else { "nothing dangerous" };
    writeln!(out, "verdicts: {kinder}, nothing unknown; excess: at most {} sources x ports", exercise.slack)?;
    for hint in exercise.hints.iter().take(hints) {
        writeln!(out, "hint: {}", clean(hint))?;
    }
    let more = exercise.hints.len().saturating_sub(hints);
    if more > 0 {
        writeln!(out, "{} with --hints COUNT", plural(more, "more hint", "more hints"))?;
    }
    next(exercise, arguments.pack.as_ref(), out)?;
    Ok(0)
}

/// What to do now; several files are told apart by hand.
fn next(exercise: &Exercise, pack: Option<&PathBuf>, out: &mut impl Write) -> io::Result<()> {
    let [file] = exercise.start.as_slice() else { return Ok(()) };
    let (id, file) = (clean(&exercise.id), clean(&file.name));
    let pack = pack.map(|pack| format!(" --pack {}", clean(&pack.display().to_string()))).unwrap_or_default();
    writeln!(out, "\nbegin:  portcullis exercise show {id} --start{pack} > {file}")?;
    writeln!(out, "grade:  portcullis exercise grade {id} {file}{pack}")
}

fn graded(exercise: &Exercise, answer: &[PathBuf], before: &[PathBuf], format: Format, out: &mut impl Write) -> io::Result<u8> {
    let read = |paths: &[PathBuf]| {
        let (inputs, unread) = inputs(paths);
        unread.iter().for_each(|sentence| eprintln!("portcullis: {sentence}"));
        unread.is_empty().then(|| grade(exercise, inputs))
    };
    let Some(now) = read(answer) else { return Ok(2) };
    let earlier = if before.is_empty() { None } else { read(before) };
    if !before.is_empty() && earlier.is_none() {
        return Ok(2);
    }
    let told = Graded::beside(earlier.as_ref(), now);
    if format == Format::Json {
        print(to_string_pretty(&told), out)?;
    } else {
        text(exercise, &told.grade, &told.regressions, &Paint(io::stdout().is_terminal()), out)?;
    }
    Ok(u8::from(!told.grade.passed))
}

fn text(exercise: &Exercise, grade: &Grade, broken: &[String], paint: &Paint, out: &mut impl Write) -> io::Result<()> {
    let mark = |full: bool| if full { "full" } else { "not yet" };
    for document in &grade.documents {
        for problem in document.problems.iter().take(10) {
            let at = format!("{}:{}:{}", clean(&document.name), problem.at.line, problem.at.column);
            writeln!(out, "{at}: {}: {}", problem.level, clean(&problem.message))?;
        }
    }
    writeln!(out, "verdicts         {:8} {}", mark(grade.verdicts.full), clean(&grade.verdicts.said))?;
    let flows = &grade.connectivity.flows;
    writeln!(
        out,
        "connectivity     {:8} {} of {} flows do what they should",
        mark(grade.connectivity.full),
        grade.connectivity.passed,
        flows.len()
    )?;
    for flow in flows.iter().filter(|flow| !flow.passed) {
        writeln!(out, "  {}{}", clean(&flow.said), place(&grade.documents, flow))?;
        writeln!(out, "    why it matters: {}", clean(&flow.because))?;
    }
    writeln!(out, "least privilege  {:8} {}", mark(grade.least_privilege.full), clean(&grade.least_privilege.said))?;
    for surplus in grade.least_privilege.excess.iter().take(10) {
        let lines: Vec<String> = surplus.lines.iter().map(ToString::to_string).collect();
        let at = match lines.as_slice() {
            [] => String::new(),
            [line] => format!(" (line {line})"),
            _ => format!(" (lines {})", lines.join(", ")),
        };
        writeln!(out, "  {}{at}", clean(&surplus.said))?;
    }
    for sentence in broken {
        writeln!(out, "{}", clean(sentence))?;
    }
    if grade.passed {
        let score = grade.score.as_deref().unwrap_or_default();
        writeln!(out, "\n{}: {}, excess {score}", paint.verdict("solved"), clean(&exercise.title))?;
        if !exercise.lesson.is_empty() {
            writeln!(out, "\n{}", lines(&exercise.lesson))?;
        }
    } else {
        writeln!(out, "\nnot yet: {}", clean(&exercise.title))?;
    }
    Ok(())
}

fn place(documents: &[DocumentReport], flow: &FlowGrade) -> String {
    let at = flow.decided_by.as_ref().and_then(|line| Some((documents.get(usize::try_from(line.document).ok()?)?, line)));
    at.map(|(document, line)| format!(" ({}:{}:{})", clean(&document.name), line.line, line.column)).unwrap_or_default()
}

/// A text of several lines, each without control characters.
fn lines(text: &str) -> String {
    text.lines().map(clean).collect::<Vec<_>>().join("\n")
}

fn from(files: &[PathBuf], finding: usize, names: bool, out: &mut impl Write) -> io::Result<u8> {
    let (inputs, unread) = inputs(files);
    unread.iter().for_each(|sentence| eprintln!("portcullis: {sentence}"));
    if !unread.is_empty() {
        return Ok(2);
    }
    let review = review(inputs, &mut |_| {});
    let made = finding.checked_sub(1).ok_or_else(|| "findings are counted from 1".to_owned());
    match made.and_then(|index| from_finding(&review, index, names)) {
        Ok(made) => {
            eprintln!("portcullis: {}", clean(&made.said));
            out.write_all(made.pack.as_bytes())?;
            Ok(0)
        }
        Err(sentence) => {
            eprintln!("portcullis: {}", clean(&sentence));
            Ok(2)
        }
    }
}

/// One file as it is; of several each under its name.
fn write(files: &[Configuration], out: &mut impl Write) -> io::Result<u8> {
    if files.is_empty() {
        eprintln!("portcullis: this exercise has no solution; any answer passes that fills the three meters");
        return Ok(2);
    }
    for file in files {
        if files.len() > 1 {
            writeln!(out, "==> {} <==", clean(&file.name))?;
        }
        out.write_all(file.text.as_bytes())?;
    }
    Ok(0)
}

pub(crate) fn print(json: serde_json::Result<String>, out: &mut impl Write) -> io::Result<u8> {
    writeln!(out, "{}", json?)?;
    Ok(0)
}
