//! Conditions: decided where the text says enough (CloudFormation user guide, condition functions).

use super::evaluate::{DEPTH, Evaluator};
use crate::formats::cx::shown;
use crate::formats::value::{Kind, Value};
use crate::model::{Span, Unresolved};

impl Evaluator<'_, '_, '_> {
    /// Whether a condition holds, or what would decide it.
    pub(super) fn condition(&mut self, name: &str) -> Result<bool, Unresolved> {
        if let Some(taken) = self.taken.iter().rev().find(|taken| taken.condition == name) {
            return Ok(taken.side);
        }
        self.named(name)
    }

    /// `Fn::If`: where its condition is open, the caller looks both ways.
    pub(super) fn choose(&mut self, argument: &Value, span: Span) -> Value {
        let [name, yes, no] = argument.items() else { return self.unknown("!If", "a condition and two values", span) };
        let name = name.text().unwrap_or_default();
        match self.condition(name) {
            Ok(side) => self.value(if side { yes } else { no }),
            Err(missing) => {
                self.open.get_or_insert((name.to_owned(), missing));
                Value::new(Kind::Null, span)
            }
        }
    }

    fn named(&mut self, name: &str) -> Result<bool, Unresolved> {
        if let Some(known) = self.decided.get(name) {
            return known.clone().unwrap_or_else(|| Err(missing(name, "a definition that does not name itself")));
        }
        let Some(definition) = self.template.conditions.get(name).copied() else {
            return Err(missing(name, "its definition, which the template lacks"));
        };
        self.decided.insert(name.to_owned(), None);
        let decided = self.decide(definition);
        self.decided.insert(name.to_owned(), Some(decided.clone()));
        decided
    }

    fn decide(&mut self, value: &Value) -> Result<bool, Unresolved> {
        if self.depth >= DEPTH {
            return Err(missing("that is too intricate", "a simpler definition"));
        }
        self.depth = self.depth.saturating_add(1);
        let decided = self.decide_within(value);
        self.depth = self.depth.saturating_sub(1);
        decided
    }

    fn decide_within(&mut self, value: &Value) -> Result<bool, Unresolved> {
        let unreadable = || missing("that could not be read", "a condition function such as Fn::Equals");
        if let Some(holds) = value.bool() {
            return Ok(holds);
        }
        let [(function, argument)] = value.entries() else { return Err(unreadable()) };
        match (&**function, argument.items()) {
            ("Condition", [name]) => self.named(name.text().unwrap_or_default()),
            ("Fn::Not", [inner]) => self.decide(inner).map(|holds| !holds),
            ("Fn::And", all) => self.decide_all(all, false),
            ("Fn::Or", any) => self.decide_all(any, true),
            ("Fn::Equals", [left, right]) => {
                let (left, right) = (self.value(left), self.value(right));
                match (left.to_text(), right.to_text()) {
                    (Some(left), Some(right)) => Ok(left == right),
                    _ => Err([left, right].iter().find_map(Value::missing).cloned().unwrap_or_else(unreadable)),
                }
            }
            _ => Err(unreadable()),
        }
    }

    /// Several at once: one that comes to `settles` settles it, whatever the others are.
    fn decide_all(&mut self, all: &[Value], settles: bool) -> Result<bool, Unresolved> {
        let mut open = None;
        for value in all {
            match self.decide(value) {
                Ok(holds) if holds == settles => return Ok(settles),
                Ok(_) => {}
                Err(missing) => open = open.or(Some(missing)),
            }
        }
        open.map_or(Ok(!settles), Err)
    }
}

fn missing(name: &str, would_settle: &str) -> Unresolved {
    Unresolved { name: format!("the condition {}", shown(name)).into(), would_settle: would_settle.into() }
}
