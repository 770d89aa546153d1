//! One rule of nftables: its statements in their order (libnftables-json(5), "Statements").

use std::collections::{HashMap, HashSet};

use super::fields::{Around, Field, always, flags, spelled};
use super::values::{Members, Sets};
use super::{families, key, owner};
use crate::document::Problems;
use crate::formats::cx::{Cx, shown};
use crate::formats::host::chains::{Line, Ruleset, Verdict};
use crate::formats::host::matches::{Match, both};
use crate::formats::host::outside::Interfaces;
use crate::formats::value::{Kind, Value};
use crate::model::{Direction, Origin, Unresolved};

/// The reading of one text.
pub(super) struct Reading<'v> {
    pub(super) sets: Sets<'v>,
    pub(super) interfaces: Interfaces,
    pub(super) ruleset: Ruleset,
    /// Some packets are kept from connection tracking.
    pub(super) untracked: bool,
    /// How many boxes were made: sets of several fields multiply.
    pub(super) steps: usize,
}

/// More boxes than this are not made; what is left is in doubt.
const STEPS: usize = 100_000;

/// Statements after which the packet goes on, the same as before.
const GOES_ON: [&str; 11] =
    ["counter", "log", "mangle", "notrack", "ct helper", "ct timeout", "ct expectation", "last", "comment", "tproxy", "secmark"];

/// A rule while its statements are read.
struct Draft {
    /// What it matches so far.
    boxes: Vec<Match>,
    /// A rate up to which it matches.
    limited: Option<String>,
    lines: Vec<Line>,
    line: Line,
}

impl<'v> Reading<'v> {
    /// Takes note of the interfaces that a rule names.
    pub(super) fn note_interfaces(&mut self, rule: &Value) {
        for own in rule.items_of("expr").iter().filter_map(|statement| statement.some("match")) {
            if own.get("left").and_then(Field::read).is_some_and(|field| matches!(field, Field::Interface { .. })) {
                let right = own.get("right");
                let names = right.and_then(|right| right.get("set")).or(right).map(Value::items).unwrap_or_default();
                names.iter().filter_map(Value::text).for_each(|name| self.interfaces.note(name));
            }
        }
    }

    /// Adds the rules of the chains that packets of one direction come to. What is wrong with a chain of both directions is told
    /// once; `told` are those of the other one.
    pub(super) fn rules(&mut self, rules: &[&'v Value], direction: Direction, told: &HashSet<String>, cx: &mut Cx<'_>) -> HashSet<String> {
        let mut of: HashMap<String, Vec<&'v Value>> = HashMap::new();
        for rule in rules.iter().filter(|rule| families(rule).is_some()) {
            of.entry(key(rule, rule.text_of("chain").unwrap_or_default(), direction)).or_default().push(rule);
        }
        let hooked = self.ruleset.chains.iter().filter(|chain| chain.hook.as_ref().is_some_and(|hook| hook.direction == direction));
        let mut next: Vec<String> = hooked.map(|chain| chain.key.clone()).collect();
        let mut seen: HashSet<String> = HashSet::new();
        while let Some(key) = next.pop() {
            let Some(rules) = of.get(&key) else { continue };
            if !seen.insert(key.clone()) {
                continue;
            }
            let place = key.split_once(' ').map_or("", |(_, place)| place).to_owned();
            for rule in rules {
                let mut unread = Problems::default();
                let mut quiet = Cx { fixed: cx.fixed, ..Cx::new(cx.document, &mut unread, cx.assumptions) };
                let lines = if told.contains(&place) { self.rule(rule, direction, &mut quiet) } else { self.rule(rule, direction, cx) };
                next.extend(lines.iter().filter_map(|line| match &line.verdict {
                    Verdict::Jump(target) | Verdict::Goto(target) => Some(target.clone()),
                    _ => None,
                }));
                if let Some(at) = self.ruleset.find(&key).and_then(|at| self.ruleset.chains.get_mut(at)) {
                    at.lines.extend(lines);
                }
            }
        }
        seen.iter().filter_map(|key| Some(key.split_once(' ')?.1.to_owned())).collect()
    }

    fn rule(&mut self, rule: &'v Value, direction: Direction, cx: &mut Cx<'_>) -> Vec<Line> {
        let chain = rule.text_of("chain").unwrap_or_default();
        let name = match rule.get("handle").and_then(Value::int) {
            Some(handle) => format!("{chain} handle {handle}"),
            None => chain.to_owned(),
        };
        let comment = rule.text_of("comment").map(str::to_owned);
        let line = Line { matches: Vec::new(), verdict: Verdict::Return, at: cx.span(rule), name, comment, origin: Origin::Written };
        let boxes = families(rule).map(Match::all).into_iter().collect();
        let mut draft = Draft { boxes, limited: None, lines: Vec::new(), line };
        for statement in rule.items_of("expr") {
            let Some((kind, value)) = statement.entries().first() else {
                let missing = draft.said(statement, cx);
                draft.decide(Verdict::Unclear(missing), cx);
                break;
            };
            match kind.as_str() {
                "match" => {
                    let found = self.matched(rule, value, direction, cx);
                    draft.narrow(found, value, cx);
                }
                "vmap" => {
                    self.map(rule, value, direction, &mut draft, cx);
                }
                "limit" | "ct count" if value.get("inv").and_then(Value::bool) != Some(true) => draft.limited = Some(kind.clone()),
                "limit" | "ct count" | "quota" => draft.narrow(None, statement, cx),
                // The statement inside is a limit, if any.
                "meter" | "set" if value.get("stmt").is_none() => {}
                "meter" | "set" => {
                    let inner = value.items_of("stmt");
                    let above =
                        inner.iter().any(|own| own.entries().iter().any(|(_, own)| own.get("inv").and_then(Value::bool) == Some(true)));
                    if above {
                        draft.narrow(None, statement, cx);
                    } else {
                        draft.limited = Some(kind.clone());
                    }
                }
                "xt" => match (value.text_of("type"), value.text_of("name")) {
                    (Some("match"), Some("comment")) | (Some("target"), Some("LOG" | "NFLOG")) => {}
                    (Some("match"), _) => draft.narrow(None, statement, cx),
                    _ => {
                        let missing = draft.said(statement, cx);
                        draft.decide(Verdict::Unclear(missing), cx);
                        break;
                    }
                },
                "continue" => break,
                _ if GOES_ON.contains(&kind.as_str()) => {}
                _ => {
                    let verdict = verdict(rule, statement, direction).unwrap_or_else(|| Verdict::Unclear(draft.said(statement, cx)));
                    draft.decide(verdict, cx);
                    break;
                }
            }
        }
        draft.lines
    }

    /// The packets that a match leaves; `None` where it is not understood.
    fn matched(&mut self, rule: &'v Value, value: &'v Value, direction: Direction, cx: &mut Cx<'_>) -> Option<Vec<Match>> {
        let (left, right, operator) = (value.some("left")?, value.get("right")?, value.text_of("op").unwrap_or("=="));
        let field = Field::read(left);
        if left.get("&").is_some() || field == Some(Field::Flags) {
            return flags(left, operator, right);
        }
        if let (Some(field), "<" | ">" | "<=" | ">=") = (field, operator) {
            return field.beyond(operator, right);
        }
        let negated = match operator {
            "==" | "in" => false,
            "!=" => true,
            _ => return None,
        };
        let assumed: Vec<Value>;
        let members = match self.sets.members(right, &owner(rule, "table")) {
            Members::Known(members) => members,
            Members::Open(name) => {
                let value = cx.assumptions.get(name)?;
                assumed = value.split(',').map(|part| Value::new(Kind::Text(part.trim().to_owned()), right.span)).collect();
                assumed.iter().collect()
            }
        };
        self.boxes(rule, left, &members, negated, direction, cx)
    }

    fn boxes(
        &mut self,
        rule: &Value,
        left: &Value,
        members: &[&Value],
        negated: bool,
        direction: Direction,
        cx: &mut Cx<'_>,
    ) -> Option<Vec<Match>> {
        let at = cx.span(rule);
        let mut around = Around { cx, interfaces: &mut self.interfaces, direction, untracked: self.untracked, at };
        let Some(fields) = left.some("concat") else { return Field::read(left)?.boxes(members, negated, &mut around) };
        let fields = fields.items().iter().map(Field::read).collect::<Option<Vec<Field>>>()?;
        if negated {
            return None;
        }
        let mut found = Vec::new();
        for member in members {
            self.steps = self.steps.saturating_add(1);
            let parts = member.some("concat")?.items();
            if self.steps > STEPS || parts.len() != fields.len() {
                return None;
            }
            let mut boxes = always(true);
            for (field, part) in fields.iter().zip(parts) {
                boxes = both(&boxes, &field.boxes(&[part], false, &mut around)?);
            }
            found.extend(boxes);
        }
        Some(found)
    }

    /// A map from values to verdicts: one line for each of its elements. What is in none goes on.
    fn map(&mut self, rule: &'v Value, value: &'v Value, direction: Direction, draft: &mut Draft, cx: &mut Cx<'_>) {
        let (key, data) = (value.some("key"), value.some("data"));
        let members = data.map(|data| self.sets.members(data, &owner(rule, "table")));
        let (Some(key), Some(Members::Known(elements))) = (key, members) else {
            let missing = draft.said(value, cx);
            return draft.decide(Verdict::Unclear(missing), cx);
        };
        let before = draft.boxes.clone();
        for element in elements {
            let [own, target] = element.items() else { continue };
            let own = own.path(&["elem", "val"]).unwrap_or(own);
            let Some(verdict) = verdict(rule, target, direction) else { continue };
            draft.boxes.clone_from(&before);
            let found = self.boxes(rule, key, &[own], false, direction, cx);
            draft.narrow(found, key, cx);
            draft.decide(verdict, cx);
        }
        draft.boxes = before;
    }
}

impl Draft {
    fn narrow(&mut self, by: Option<Vec<Match>>, value: &Value, cx: &mut Cx<'_>) {
        let by = by.unwrap_or_else(|| vec![Match::doubtful(self.said(value, cx))]);
        self.boxes = both(&self.boxes, &by);
    }

    /// Says what is not understood, once for a rule.
    fn said(&self, value: &Value, cx: &mut Cx<'_>) -> Unresolved {
        let spelled = match (value.get("left"), value.get("right")) {
            (Some(left), Some(right)) => format!("{} {} {}", spelled(left), value.text_of("op").unwrap_or("=="), spelled(right)),
            _ => spelled(value),
        };
        let what = match value.get("right").and_then(Value::text).and_then(|text| text.strip_prefix('@')) {
            Some(set) => format!("the set {}", shown(set)),
            None => format!("`{spelled}`"),
        };
        if !self.boxes.is_empty() && self.boxes.iter().all(|own| own.doubt.is_none()) {
            cx.error(self.line.at, format!("what {what} matches or does can't be told from the text, so this rule is in doubt"));
        }
        let name = if what.starts_with('`') { format!("{what} in {}", self.line.name) } else { what.clone() };
        let would_settle = if what.starts_with('`') { format!("what {what} matches or does") } else { format!("the elements of {what}") };
        Unresolved { name: name.into(), would_settle: would_settle.into() }
    }

    fn decide(&mut self, verdict: Verdict, cx: &mut Cx<'_>) {
        // Below its rate a limited accept is an accept; what a limited drop lets pass is a matter of time.
        if let Some(limit) = self.limited.clone().filter(|_| verdict != Verdict::Accept) {
            let limit = Value::new(Kind::Text(limit), self.line.at);
            self.narrow(None, &limit, cx);
        }
        self.lines.push(Line { matches: self.boxes.clone(), verdict, ..self.line.clone() });
    }
}

/// What a verdict statement says; `None` where it is none.
fn verdict(rule: &Value, statement: &Value, direction: Direction) -> Option<Verdict> {
    let (kind, value) = statement.entries().first()?;
    let target = || value.text_of("target").map(|target| key(rule, target, direction));
    match kind.as_str() {
        "accept" => Some(Verdict::Accept),
        "drop" | "reject" => Some(Verdict::Drop),
        "return" => Some(Verdict::Return),
        "jump" => target().map(Verdict::Jump),
        "goto" => target().map(Verdict::Goto),
        _ => None,
    }
}
