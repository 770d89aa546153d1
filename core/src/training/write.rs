//! An exercise as the text of a pack, which [`super::pack`] reads back as it was.

use super::{Configuration, Exercise, Extent, Measured};
use crate::syntax::toml::quoted;

const HEAD: &str = "\
# A pack of exercises for Portcullis. Load it on the page, or `portcullis exercise list --pack THIS-FILE`.
";

/// The text of a pack with one exercise.
pub fn write_pack(exercise: &Exercise) -> String {
    let mut text = format!("{HEAD}\n[[exercise]]\n");
    let mut pair = |key: &str, value: String| text.push_str(&format!("{key} = {value}\n"));
    pair("id", quoted(&exercise.id));
    pair("title", quoted(&exercise.title));
    if !exercise.idea.is_empty() {
        pair("idea", quoted(&exercise.idea));
    }
    let meters: Vec<String> = exercise.fails.iter().map(|meter| meter.as_str().to_owned()).collect();
    for (key, words) in [("teaches", &exercise.teaches), ("needs", &exercise.needs), ("fails", &meters), ("silence", &exercise.silence)] {
        if !words.is_empty() {
            pair(key, list(words));
        }
    }
    pair("forbid", quoted(exercise.forbid.as_str()));
    pair("slack", exercise.slack.to_string());
    match exercise.measured {
        Measured::Ingress => {}
        Measured::Egress => pair("measured", quoted("egress")),
        Measured::Both => pair("measured", quoted("both")),
    }
    if let Some(day) = exercise.today {
        pair("today", day.to_string());
    }
    pair("story", long(&exercise.story));
    if !exercise.lesson.is_empty() {
        pair("lesson", long(&exercise.lesson));
    }
    if let Some(baseline) = &exercise.baseline {
        pair("baseline", long(&baseline.text));
    }
    let single = exercise.start.len() == 1;
    for file in exercise.start.iter().filter(|_| single) {
        text.push_str(&files(file, exercise));
    }
    text.push_str("\n[exercise.zones]\n");
    for zone in &exercise.zones {
        let extent = match &zone.extent {
            Extent::Internet(_) => quoted("internet"),
            Extent::Addresses(nets) => list(&nets.iter().map(ToString::to_string).collect::<Vec<_>>()),
            Extent::Group(name) => format!("{{ group = {} }}", quoted(name)),
        };
        text.push_str(&format!("{} = {extent}\n", quoted(&zone.name)));
    }
    for flow in &exercise.flows {
        let table = if flow.allow { "must_allow" } else { "must_deny" };
        text.push_str(&format!("\n[[exercise.{table}]]\nflow = {}\nbecause = {}\n", quoted(&flow.said()), quoted(&flow.because)));
    }
    for hint in &exercise.hints {
        text.push_str(&format!("\n[[exercise.hint]]\ntext = {}\n", quoted(hint)));
    }
    for file in exercise.start.iter().filter(|_| !single) {
        text.push_str(&format!("\n[[exercise.file]]\n{}", files(file, exercise)));
    }
    text
}

fn files(start: &Configuration, exercise: &Exercise) -> String {
    let solution = exercise.solution.iter().find(|own| own.name == start.name);
    let solution = solution.map(|own| format!("solution = {}\n", long(&own.text))).unwrap_or_default();
    format!("file = {}\nstart = {}\n{solution}", quoted(&start.name), long(&start.text))
}

fn list(words: &[String]) -> String {
    format!("[{}]", words.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(", "))
}

/// A text of several lines, as it is where TOML allows it.
fn long(text: &str) -> String {
    let plain = |letter: char| !letter.is_control() || matches!(letter, '\n' | '\t');
    let literal = text.contains('\n') && !text.contains("'''") && !text.ends_with('\'') && text.chars().all(plain);
    // The line break after the opening quotes does not count.
    if literal { format!("'''\n{text}'''") } else { quoted(text) }
}
