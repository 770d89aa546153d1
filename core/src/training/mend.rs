//! Simple changes of a configuration, tried one after the other: the deciding lines go, or their wide source becomes a narrow one.

use ipnet::Ipv4Net;

use super::finding::inputs;
use super::grade::reviewed;
use super::{Configuration, Exercise, Grade, grade};
use crate::model::{Origin, Place};
use crate::review::Review;
use crate::sorting::sort_by_key;
use crate::verdict::Verdict;

/// What stands for everyone beside prefixes.
const EVERYONE: [&str; 3] = ["\"*\"", "\"Internet\"", "\"Any\""];
/// What is written in its place.
const OFFICE: &str = "203.0.113.0/24";

/// What is done to a deciding line.
#[derive(Clone, Copy)]
enum Change {
    /// The innermost item or block goes that has the text that decides.
    Cut,
    /// The same, and the item around it where its list is empty then.
    CutAround,
    /// The narrow source is written over a wide one; the other ones go.
    Narrow,
    /// The same, and the items around them where their lists are empty then.
    NarrowAround,
    /// The whole line goes.
    CutLine,
    /// The wide source is looked for in the whole line.
    NarrowLine,
}

const CHANGES: [Change; 6] = [Change::Cut, Change::CutAround, Change::Narrow, Change::NarrowAround, Change::CutLine, Change::NarrowLine];

/// The deciding lines are looked for again after each change: there may be a second way in behind the first.
const ROUNDS: usize = 4;

/// A change of more places is not simple.
const PLACES: usize = 64;
/// So many braces are looked at around a place.
const DEPTH: usize = 16;

/// A simple change that passes, and its grade. The exercise's excess is not limited yet, so the one with the least is taken.
pub(super) fn solution(review: &Review, exercise: &Exercise, policy: usize, nth: usize) -> Option<(Vec<Configuration>, Grade)> {
    let own = places(review, |at, finding, _| at == policy && finding == nth);
    let problems = |grade: &Grade| grade.documents.iter().map(|document| document.problem_count).max();
    let before = problems(&grade(exercise, inputs(&exercise.start)));
    let mut passing: Vec<(Vec<Configuration>, Grade)> = Vec::new();
    for change in CHANGES {
        let (mut files, mut places) = (exercise.start.clone(), own.clone());
        for _ in 0..ROUNDS {
            if places.len() > PLACES {
                break;
            }
            let next = changed(&files, &places, change);
            if next == files || next.iter().any(|file| file.text.trim().is_empty()) {
                break;
            }
            files = next;
            let graded = grade(exercise, inputs(&files));
            if graded.passed && problems(&graded) <= before {
                passing.push((files, graded));
                break;
            }
            let left = reviewed(exercise, inputs(&files));
            places = self::places(&left, |_, _, verdict| verdict >= exercise.forbid);
        }
    }
    sort_by_key(&mut passing, |(_, grade)| grade.least_privilege.total.parse().unwrap_or(u128::MAX));
    passing.into_iter().next()
}

/// Where the rules of some findings stand, each once, from the end of the texts to their beginning.
fn places(review: &Review, counts: impl Fn(usize, usize, Verdict) -> bool) -> Vec<Place> {
    let mut found: Vec<Place> = Vec::new();
    for index in 0..review.policies() {
        let own = review.look(index, |subject, findings| {
            let counting = findings.iter().enumerate().filter(|(nth, finding)| counts(index, *nth, finding.verdict));
            let rules = counting.flat_map(|(_, finding)| &finding.rules);
            let rule = |i: &u32| subject.policy.rules.get(usize::try_from(*i).ok()?);
            rules.filter_map(rule).filter(|rule| rule.origin != Origin::Implied).map(|rule| rule.at).collect::<Vec<_>>()
        });
        found.extend(own.unwrap_or_default());
    }
    sort_by_key(&mut found, |place| std::cmp::Reverse((place.document, place.span.start, place.span.end)));
    found.dedup();
    found
}

fn changed(files: &[Configuration], places: &[Place], change: Change) -> Vec<Configuration> {
    let mut files = files.to_vec();
    let mut narrowed = false;
    for place in places {
        let Some(file) = usize::try_from(place.document).ok().and_then(|at| files.get_mut(at)) else { continue };
        let whole = matches!(change, Change::CutLine | Change::NarrowLine);
        let narrows = matches!(change, Change::Narrow | Change::NarrowAround | Change::NarrowLine) && !narrowed;
        let Some((start, end)) = bytes(&file.text, *place, whole) else { continue };
        let inside = file.text.get(start..end).unwrap_or_default();
        if let Some(word) = wide(inside).filter(|_| narrows) {
            narrowed = true;
            let narrow = if word.starts_with('"') { format!("\"{OFFICE}\"") } else { OFFICE.to_owned() };
            let inside = inside.replacen(word, &narrow, 1);
            file.text.replace_range(start..end, &inside);
        } else if whole {
            file.text.replace_range(start..end, "");
        } else {
            let around = matches!(change, Change::CutAround | Change::NarrowAround);
            file.text = cut(&file.text, item(&file.text, start, end), around);
        }
    }
    files
}

/// The wide source in a text: an IPv4 prefix, or a word for everyone.
fn wide(text: &str) -> Option<&str> {
    let mut words = text.split(|letter: char| !letter.is_ascii_digit() && letter != '.' && letter != '/');
    words.find(|word| word.parse::<Ipv4Net>().is_ok()).or_else(|| EVERYONE.into_iter().find(|word| text.contains(*word)))
}

/// Where a place begins and ends, or the lines that it is in.
fn bytes(text: &str, place: Place, lines: bool) -> Option<(usize, usize)> {
    let (mut start, mut end) = (usize::try_from(place.span.start).ok()?, usize::try_from(place.span.end).ok()?);
    if lines {
        start = text.get(..start)?.rfind('\n').map_or(0, |at| at.saturating_add(1));
        end = text.get(..end)?.trim_end_matches(['\n', '\r']).len();
        end = text.get(end..)?.find('\n').map_or(text.len(), |at| end.saturating_add(at).saturating_add(1));
    }
    text.get(start..end).map(|_| (start, end))
}

/// The innermost item of a list around a place, or the innermost block with its head; the place itself where it is one, or in none.
fn item(text: &str, start: usize, end: usize) -> (usize, usize) {
    if text.get(start..end).is_some_and(|inside| inside.ends_with('}')) {
        return (start, end);
    }
    let (mut first, mut last) = (start, end);
    for _ in 0..DEPTH {
        let Some((open, close)) = braces(text, first, last) else { break };
        let line = text.get(..open).map_or(0, |before| before.rfind('\n').map_or(0, |at| at.saturating_add(1)));
        let head = text.get(line..open).unwrap_or_default().trim();
        match head {
            // The value of a key, without which the key is left.
            _ if head.ends_with([':', '=']) => (first, last) = (open, close),
            _ if head.starts_with(char::is_alphabetic) => return (line, close),
            _ => return (open, close),
        }
    }
    (start, end)
}

/// The braces around a part of a text. Those in strings are counted as well; what comes of that is graded like everything else.
fn braces(text: &str, start: usize, end: usize) -> Option<(usize, usize)> {
    let unmatched = |depth: &mut u32, opens: bool, closes: bool| {
        let found = opens && *depth == 0;
        *depth = if closes { depth.saturating_add(1) } else { depth.saturating_sub(u32::from(opens)) };
        found
    };
    let mut depth = 0;
    let open = text.get(..start)?.char_indices().rev().find(|(_, letter)| unmatched(&mut depth, *letter == '{', *letter == '}'))?.0;
    depth = 0;
    let close = text.get(end..)?.char_indices().find(|(_, letter)| unmatched(&mut depth, *letter == '}', *letter == '{'))?.0;
    Some((open, end.saturating_add(close).saturating_add(1)))
}

/// A text without an item; and, where that leaves an empty list and it should go as well, without the item around it.
fn cut(text: &str, (start, end): (usize, usize), around: bool) -> String {
    let (before, after) = (text.get(..start).unwrap_or_default(), text.get(end..).unwrap_or_default());
    let alone = before.trim_end().ends_with('[') && after.trim_start().starts_with(']');
    match braces(text, start, end).filter(|_| alone && around) {
        Some((start, end)) => without(text.get(..start).unwrap_or_default(), text.get(end..).unwrap_or_default()),
        None => without(before, after),
    }
}

/// What is left of a list when an item went: its comma goes with it, and the line where it stood alone.
fn without(before: &str, after: &str) -> String {
    let rest = after.trim_start();
    let (before, after) = match rest.strip_prefix(',') {
        Some(rest) => (before, rest),
        None if rest.starts_with([']', '}']) => (before.trim_end().strip_suffix(',').unwrap_or(before), after),
        None => (before, after),
    };
    let line = before.rfind('\n').map_or(before, |at| before.get(at..).unwrap_or_default());
    let alone = line.trim().is_empty() && after.starts_with('\n');
    let kept = if alone { before.trim_end_matches([' ', '\t']).strip_suffix('\n').unwrap_or(before) } else { before };
    format!("{kept}{after}")
}
