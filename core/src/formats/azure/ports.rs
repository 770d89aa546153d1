//! Port fields: `*`, a number, a range, several of them, in the singular or the plural field.

use crate::formats::cx::{Cx, shown};
use crate::formats::value::{Kind, Value};
use crate::model::{Ports, Unresolved};
use crate::space::PortSet;

/// The ports of one side of a rule.
pub(super) struct PortsRead {
    /// Those that are known.
    pub(super) set: PortSet,
    /// What the text does not say, or what could not be read: it could be any port.
    pub(super) missing: Option<Unresolved>,
    /// The rule has no such field.
    pub(super) absent: bool,
}

impl PortsRead {
    /// Both fields together.
    pub(super) fn read(singular: Option<&Value>, plural: Option<&Value>, cx: &mut Cx<'_>) -> Self {
        let mut runs = Vec::new();
        let (mut missing, mut absent) = (None, true);
        for item in [singular, plural].into_iter().flatten().flat_map(Value::items) {
            match &item.kind {
                Kind::Text(text) => {
                    for word in text.split(',').map(str::trim).filter(|word| !word.is_empty()) {
                        absent = false;
                        match run(word) {
                            Some((first, last)) if first <= last => runs.push((first, last)),
                            Some(_) => {
                                let word = shown(word);
                                cx.warn(item, format!("the port range `{word}` is upside down and matches nothing; swap the two ends"));
                            }
                            None => {
                                cx.error(
                                    item,
                                    format!("`{}` is no port; write a number from 0 to 65535, a range such as 80-90, or *", shown(word)),
                                );
                                missing = Some(unreadable());
                            }
                        }
                    }
                }
                Kind::Null => {}
                Kind::Unknown(what) => (missing, absent) = (Some(what.clone()), false),
                _ => {
                    absent = false;
                    match item.int().map(u16::try_from) {
                        Some(Ok(port)) => runs.push((port, port)),
                        _ => {
                            cx.error(item, "a port is a number from 0 to 65535, a range such as \"80-90\", or \"*\"");
                            missing = Some(unreadable());
                        }
                    }
                }
            }
        }
        Self { set: PortSet::from_runs(runs), missing, absent }
    }

    /// The known ones as a rule has them.
    pub(super) fn ports(&self) -> Ports {
        match self.set.runs() {
            [] => Ports::Nothing,
            [_] if self.set.is_full() => Ports::All,
            [(first, last)] => Ports::Range(*first, *last),
            _ => Ports::Set(Box::new(self.set.clone())),
        }
    }
}

fn unreadable() -> Unresolved {
    Unresolved { name: "a rule whose ports could not be read".into(), would_settle: "ports that can be read".into() }
}

/// The first and the last port of a word.
fn run(word: &str) -> Option<(u16, u16)> {
    if ["*", "any", "all"].iter().any(|all| word.eq_ignore_ascii_case(all)) {
        return Some((0, u16::MAX));
    }
    let (first, last) = word.split_once('-').unwrap_or((word, word));
    Some((first.trim().parse().ok()?, last.trim().parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_runs_of_ports() {
        for (word, expected) in [
            ("*", Some((0, 65_535))),
            ("Any", Some((0, 65_535))),
            ("22", Some((22, 22))),
            ("20-25", Some((20, 25))),
            ("20 - 25", Some((20, 25))),
            ("65536", None),
            ("ssh", None),
            ("-", None),
        ] {
            assert_eq!(run(word), expected, "{word}");
        }
    }
}
