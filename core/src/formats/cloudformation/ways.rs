//! Where a condition is open, both of its sides are read, each with a doubt: the rule matches what its fields say, or is not
//! there. So a rule that is harmless either way stays harmless.

use super::evaluate::{Evaluator, Taken};
use super::template::Resource;
use crate::formats::value::{Kind, Value};
use crate::model::Unresolved;

/// How many open conditions inside one value are followed: each doubles the ways.
const OPEN: u32 = 4;

/// Lists and conditions nested deeper than this are not taken apart.
const DEPTH: u32 = 64;

/// A value, as it is if the open conditions fall one way.
pub(super) struct Way {
    pub(super) value: Value,
    /// What would settle whether it is so.
    pub(super) doubt: Option<Unresolved>,
}

impl Evaluator<'_, '_, '_> {
    /// Enters a resource: `None` where its condition keeps it from being made. Where that is open, everything inside is in
    /// doubt. To be paired with [`Evaluator::leave`], which takes what this gave.
    pub(super) fn enter(&mut self, resource: &Resource<'_>) -> Option<usize> {
        let before = self.taken.len();
        if let Some(condition) = resource.value.text_of("Condition") {
            match self.condition(condition) {
                Ok(true) => {}
                Ok(false) => return None,
                Err(missing) => self.taken.push(Taken { condition: condition.to_owned(), side: true, missing }),
            }
        }
        Some(before)
    }

    pub(super) fn leave(&mut self, before: usize) {
        self.taken.truncate(before);
    }

    /// What puts the value at hand in doubt.
    pub(super) fn doubt(&self) -> Option<Unresolved> {
        self.taken.first().map(|taken| taken.missing.clone())
    }

    /// The items of a list, or a single one, every way they can be.
    pub(super) fn items(&mut self, raw: &Value) -> Vec<Way> {
        let mut ways = Vec::new();
        self.gather(raw, DEPTH, &mut ways);
        ways
    }

    fn gather(&mut self, raw: &Value, depth: u32, ways: &mut Vec<Way>) {
        let deeper = depth.saturating_sub(1);
        let branches = match raw.entries() {
            [(function, argument)] if function == "Fn::If" => Some(argument.items()),
            _ => None,
        };
        match (&raw.kind, branches) {
            (Kind::List(items), _) if depth > 0 => items.iter().for_each(|item| self.gather(item, deeper, ways)),
            (_, Some([name, yes, no])) if depth > 0 => {
                let name = name.text().unwrap_or_default();
                match self.condition(name) {
                    Ok(side) => self.gather(if side { yes } else { no }, deeper, ways),
                    Err(missing) => self.both(name, &missing, |this, side| this.gather(if side { yes } else { no }, deeper, ways)),
                }
            }
            _ => self.ways(raw, OPEN, ways),
        }
    }

    fn ways(&mut self, raw: &Value, left: u32, ways: &mut Vec<Way>) {
        self.open = None;
        let value = self.evaluate(raw);
        let doubt = self.doubt();
        match self.open.take() {
            Some((name, missing)) if left > 0 => {
                self.both(&name, &missing, |this, _| this.ways(raw, left.saturating_sub(1), ways));
            }
            Some((_, missing)) => ways.push(Way { value: Value::new(Kind::Unknown(missing), raw.span), doubt }),
            None => ways.extend(value.items().iter().map(|item| Way { value: item.clone(), doubt: doubt.clone() })),
        }
    }

    fn both(&mut self, condition: &str, missing: &Unresolved, mut visit: impl FnMut(&mut Self, bool)) {
        for side in [true, false] {
            self.taken.push(Taken { condition: condition.to_owned(), side, missing: missing.clone() });
            visit(self, side);
            self.taken.pop();
        }
    }
}
