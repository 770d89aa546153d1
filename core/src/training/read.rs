//! Exercises from TOML: one from a folder's `exercise.toml`, or an instructor's pack of several in one file.
//!
//! A pack has the keys of `exercise.toml` in `[[exercise]]` tables, with the texts of the folder's other files as keys:
//! `id`, `story`, `lesson`, `baseline`, `file`, `start`, `solution`; of several files each has the last three in an
//! `[[exercise.file]]` table of its own. A pack is untrusted: plain text within limits, and an exercise with any problem
//! does not count.

use ipnet::IpNet;

use super::fields::{LINE, LISTED, Reading, find, shown};
use super::files::Texts;
use super::prose::{refusal, story_and_lesson};
use super::{Everyone, Exercise, Extent, Flow, Measured, Meter, Zone};
use crate::ask::Question;
use crate::audits;
use crate::document::Document;
use crate::model::Span;
use crate::syntax::toml::{Pair, Table, Value};
use crate::verdict::Verdict;

/// A pack has at most so many bytes.
const PACK: usize = 1 << 20;
/// So many exercises.
const EXERCISES: usize = 64;

/// What was read, with the problems in the document.
#[derive(Debug)]
pub struct Pack {
    /// The text and what is wrong with it.
    pub document: Document,
    /// The exercises without a problem.
    pub exercises: Vec<Exercise>,
}

/// The files of an exercise's folder.
#[derive(Clone, Copy, Debug)]
pub struct Parts<'p> {
    /// The folder's name.
    pub id: &'p str,
    /// `exercise.toml`.
    pub exercise: &'p str,
    /// `README.md`: the story, and below `## Solved` the lesson.
    pub readme: &'p str,
    /// The files to mend, each with its name.
    pub start: &'p [(&'p str, &'p str)],
    /// The same files as they pass.
    pub solution: &'p [(&'p str, &'p str)],
    /// What is open on purpose.
    pub baseline: Option<&'p str>,
}

/// Reads the exercise of a folder.
pub fn exercise(parts: Parts<'_>) -> Pack {
    let mut reading = Reading::new("exercise.toml", parts.exercise.as_bytes().to_vec());
    let (tables, whole) = reading.tables();
    let texts = Texts::of(parts, story_and_lesson(parts.readme));
    let found = tables.split_first().and_then(|(head, rest)| reading.one(head, &rest.iter().collect::<Vec<_>>(), Some(texts)));
    Pack { exercises: found.filter(|_| whole).into_iter().collect(), document: reading.document }
}

/// Reads an instructor's pack. `name` is what the person calls it.
pub fn pack(name: &str, bytes: Vec<u8>) -> Pack {
    if bytes.len() > PACK {
        let mut reading = Reading::new(name, Vec::new());
        reading.problem(Span::default(), format!("this pack has more than {PACK} bytes, so nothing of it is read; split it"));
        return Pack { document: reading.document, exercises: Vec::new() };
    }
    let mut reading = Reading::new(name, bytes);
    let (tables, whole) = reading.tables();
    let mut groups: Vec<(&Table, Vec<&Table>)> = Vec::new();
    for table in &tables {
        if table.name == "exercise" && table.listed {
            groups.push((table, Vec::new()));
        } else if table.name.is_empty() && table.pairs.is_empty() {
        } else if let (Some((_, rest)), true) = (groups.last_mut(), table.name.starts_with("exercise.")) {
            rest.push(table);
        } else {
            reading.problem(table.at, "this stands outside of any `[[exercise]]` table; a pack is a list of them".to_owned());
        }
    }
    if groups.is_empty() {
        reading.problem(Span::default(), "there is no `[[exercise]]` table here; a pack is a list of them".to_owned());
    }
    if let Some((more, _)) = groups.get(EXERCISES) {
        reading.problem(more.at, format!("a pack has at most {EXERCISES} exercises; split it"));
    }
    let mut exercises: Vec<Exercise> = Vec::new();
    for (head, rest) in groups.iter().take(EXERCISES) {
        let Some(exercise) = reading.one(head, rest, None).filter(|_| whole) else { continue };
        if exercises.iter().any(|other| other.id == exercise.id) {
            reading.problem(head.at, format!("`{}` is the id of an exercise before; each has its own", exercise.id));
        } else {
            exercises.push(exercise);
        }
    }
    Pack { document: reading.document, exercises }
}

impl Reading {
    /// One exercise from its head and the tables below; `texts` come from the head where they are not given.
    fn one(&mut self, head: &Table, rest: &[&Table], texts: Option<Texts>) -> Option<Exercise> {
        let before = self.document.problems.total();
        let own: &[&str] = if texts.is_none() { &["id", "story", "lesson", "file", "start", "solution", "baseline"] } else { &[] };
        let known = ["title", "idea", "teaches", "needs", "fails", "forbid", "silence", "slack", "measured", "today"];
        self.keys(head, |key| known.contains(&key) || own.contains(&key), "an exercise");
        let texts = texts.unwrap_or_else(|| self.texts(head, rest));
        self.check(head.at, &texts);
        let mut exercise = Exercise {
            id: texts.id,
            title: self.text(head, "title").unwrap_or_default(),
            idea: self.idea(head),
            teaches: self.list(head, "teaches"),
            needs: self.list(head, "needs"),
            fails: Vec::new(),
            forbid: Verdict::Dangerous,
            silence: self.list(head, "silence"),
            slack: 0,
            measured: Measured::Ingress,
            zones: Vec::new(),
            flows: Vec::new(),
            hints: Vec::new(),
            story: texts.story,
            lesson: texts.lesson,
            start: texts.start,
            solution: texts.solution,
            baseline: texts.baseline,
            today: self.today(head),
        };
        self.settings(head, &mut exercise);
        for table in rest.iter().filter(|table| table.name != "exercise.file" || !table.listed) {
            self.part(table, table.name.strip_prefix("exercise.").unwrap_or(&table.name), &mut exercise);
        }
        self.whole(head, &exercise);
        (self.document.problems.total() == before).then_some(exercise)
    }

    fn settings(&mut self, head: &Table, exercise: &mut Exercise) {
        for name in self.list(head, "fails") {
            match [Meter::Verdicts, Meter::Connectivity, Meter::LeastPrivilege].into_iter().find(|meter| meter.as_str() == name) {
                Some(meter) => exercise.fails.push(meter),
                None => {
                    self.problem(head.at, format!("`{}` is no meter; they are verdicts, connectivity and least-privilege", shown(&name)))
                }
            }
        }
        for name in exercise.teaches.iter().chain(&exercise.silence) {
            if audits::find(name).is_none() {
                self.problem(head.at, format!("`{}` is no audit; write an id such as open-database", shown(name)));
            }
        }
        match find(head, "forbid").map(|pair| (&pair.value, pair.at)) {
            Some((Value::Text(text), _)) if text == "dangerous" => {}
            Some((Value::Text(text), _)) if text == "caution" => exercise.forbid = Verdict::Caution,
            None => {}
            Some((_, at)) => self.problem(at, "`forbid` is neither \"dangerous\" nor \"caution\"".to_owned()),
        }
        match find(head, "measured").map(|pair| (&pair.value, pair.at)) {
            Some((Value::Text(text), _)) if text == "ingress" => {}
            Some((Value::Text(text), _)) if text == "egress" => exercise.measured = Measured::Egress,
            Some((Value::Text(text), _)) if text == "both" => exercise.measured = Measured::Both,
            None => {}
            Some((_, at)) => self.problem(at, "`measured` is neither \"ingress\", \"egress\" nor \"both\"".to_owned()),
        }
        match find(head, "slack").map(|pair| (&pair.value, pair.at)) {
            Some((Value::Bare(text), at)) => match text.replace('_', "").parse() {
                Ok(slack) => exercise.slack = slack,
                Err(_) => self.problem(at, "`slack` is no whole number".to_owned()),
            },
            None => {}
            Some((_, at)) => self.problem(at, "`slack` is no whole number".to_owned()),
        }
    }

    fn part(&mut self, table: &Table, name: &str, exercise: &mut Exercise) {
        match (name, table.listed) {
            ("zones", false) => {
                for pair in table.pairs.iter().take(LISTED) {
                    if let Some(zone) = self.zone(pair) {
                        if exercise.zone(&zone.name).is_some() {
                            self.problem(pair.key_at, format!("the zone `{}` was given before; keep one of the two", shown(&zone.name)));
                        }
                        exercise.zones.push(zone);
                    }
                }
                self.few(table, table.pairs.len(), "zones");
            }
            ("must_allow" | "must_deny", true) => {
                self.keys(table, |key| matches!(key, "flow" | "because"), "a flow");
                let flow = self.text(table, "flow");
                let because = self.text(table, "because").unwrap_or_default();
                if let Some(flow) = flow.and_then(|text| self.flow(table, &text, name == "must_allow", because))
                    && self.few(table, exercise.flows.len(), "flows")
                {
                    exercise.flows.push(flow);
                }
            }
            ("hint", true) => {
                self.keys(table, |key| key == "text", "a hint");
                if let Some(hint) = self.text(table, "text")
                    && self.few(table, exercise.hints.len(), "hints")
                {
                    exercise.hints.push(hint);
                }
            }
            _ => self.problem(
                table.at,
                format!(
                    "`{}` is no table of an exercise; they are [zones], [[must_allow]], [[must_deny]], [[hint]] and [[file]]",
                    shown(name)
                ),
            ),
        }
    }

    fn zone(&mut self, pair: &Pair) -> Option<Zone> {
        let (name, is_group) = match pair.key.split_once('.') {
            Some((name, "group")) => (name, true),
            Some(_) => {
                self.problem(pair.key_at, "a zone is \"internet\", a CIDR, a list of CIDRs, or { group = \"its name\" }".to_owned());
                return None;
            }
            None => (pair.key.as_str(), false),
        };
        if let Some(why) = refusal(name, LINE) {
            self.problem(pair.key_at, format!("a zone's name {why}"));
            return None;
        }
        let extent = match &pair.value {
            Value::Text(text) if is_group => refusal(text, LINE).is_none().then(|| Extent::Group(text.trim().to_owned())),
            _ if is_group => None,
            Value::Text(text) if text == "internet" => Some(Extent::Internet(Everyone)),
            Value::Text(text) => text.parse::<IpNet>().ok().map(|net| Extent::Addresses(vec![net.trunc()])),
            Value::List(items) if !items.is_empty() && items.len() <= LISTED => {
                let net = |value: &Value| match value {
                    Value::Text(text) => text.parse::<IpNet>().ok().map(|net| net.trunc()),
                    _ => None,
                };
                items.iter().map(|(value, _)| net(value)).collect::<Option<Vec<IpNet>>>().map(Extent::Addresses)
            }
            _ => None,
        };
        if extent.is_none() {
            self.problem(pair.at, "a zone is \"internet\", a CIDR, a list of CIDRs, or { group = \"its name\" }".to_owned());
        }
        Some(Zone { name: name.to_owned(), extent: extent? })
    }

    fn flow(&mut self, table: &Table, text: &str, allow: bool, because: String) -> Option<Flow> {
        let service = text.rsplit_once(char::is_whitespace).map(|(_, service)| service.to_owned()).unwrap_or_default();
        match Question::read(text) {
            Ok(Question { source, destination, services }) => {
                let single = match services.as_slice() {
                    [only] => only.protocol.zip(only.ports.runs().first().filter(|run| run.0 == run.1 && only.ports.runs().len() == 1)),
                    _ => None,
                };
                if single.is_none() {
                    self.problem(table.at, format!("the flow `{}` is about several ports; write one flow for each", shown(text)));
                }
                let (protocol, (port, _)) = single?;
                Some(Flow { source, destination, service, protocol, port: *port, allow, because })
            }
            Err(sentence) => {
                self.problem(table.at, sentence);
                None
            }
        }
    }

    /// What can only be said of all parts together.
    fn whole(&mut self, head: &Table, exercise: &Exercise) {
        if !exercise.flows.iter().any(|flow| flow.allow) {
            self.problem(head.at, "there is no [[must_allow]], so an empty configuration would pass; say what has to work".to_owned());
        }
        for flow in &exercise.flows {
            let ends = [&flow.source, &flow.destination].map(|name| exercise.zone(name));
            for (name, zone) in [&flow.source, &flow.destination].iter().zip(ends) {
                if zone.is_none() {
                    self.problem(head.at, format!("`{}` in the flow `{}` is no zone; add it to [zones]", shown(name), shown(&flow.said())));
                }
            }
            if let [Some(source), Some(destination)] = ends
                && source.extent.addresses().is_some()
                && destination.extent.addresses().is_some()
            {
                self.problem(head.at, format!("neither end of the flow `{}` is a group, so no policy decides it", shown(&flow.said())));
            }
        }
    }
}
