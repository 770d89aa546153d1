//! TOML to tables with spans. Values that a small settings file does not need are kept as "something else".

use std::borrow::Cow;

use toml_parser::decoder::ScalarKind;
use toml_parser::parser::{Event, EventKind, RecursionGuard, parse_document};
use toml_parser::{ParseError, Source};

use crate::model::Span;

/// A table under its header; the first has none.
#[derive(Debug, Default)]
pub(crate) struct Table {
    /// The header's key, its parts joined with dots.
    pub(crate) name: String,
    /// Whether the header has two brackets.
    pub(crate) listed: bool,
    /// The header.
    pub(crate) at: Span,
    /// The pairs, in the order of the text.
    pub(crate) pairs: Vec<Pair>,
}

/// A key with its value.
#[derive(Debug)]
pub(crate) struct Pair {
    pub(crate) key: String,
    pub(crate) key_at: Span,
    pub(crate) value: Value,
    pub(crate) at: Span,
}

/// A value.
#[derive(Debug)]
pub(crate) enum Value {
    Text(String),
    /// A number or a date, as it is written.
    Bare(String),
    List(Vec<(Self, Span)>),
    /// A truth value, a list inside a list, a table inside either.
    Odd,
}

/// What could not be read, in the library's words, and where.
#[derive(Debug)]
pub(crate) struct Broken {
    pub(crate) message: String,
    pub(crate) at: Span,
}

/// How deep values may nest.
const DEPTH: u32 = 8;

/// Reads all tables; after an error the rest is read, too.
pub(crate) fn tables(text: &str) -> (Vec<Table>, Vec<Broken>) {
    let source = Source::new(text);
    let tokens = source.lex().into_vec();
    let mut events: Vec<Event> = Vec::new();
    let mut errors: Vec<ParseError> = Vec::new();
    let mut collect = |event: Event| events.push(event);
    parse_document(&tokens, &mut RecursionGuard::new(&mut collect, DEPTH), &mut errors);
    let mut reading = Reading { tables: vec![Table::default()], header: false, keys: Vec::new(), key_at: None, value: None };
    for event in events {
        let (kind, at) = (event.kind(), span(event.span()));
        let mut word = Cow::Borrowed("");
        match (kind, source.get(event)) {
            (EventKind::SimpleKey, Some(raw)) => {
                raw.decode_key(&mut word, &mut errors);
                reading.key(word.into_owned(), at);
            }
            (EventKind::Scalar, Some(raw)) => {
                let value = match raw.decode_scalar(&mut word, &mut errors) {
                    ScalarKind::String => Value::Text(word.into_owned()),
                    ScalarKind::Boolean(_) => Value::Odd,
                    _ => Value::Bare(raw.as_str().to_owned()),
                };
                reading.value(value, at);
            }
            _ => reading.mark(kind, at),
        }
    }
    let broken = errors.iter().map(|error| Broken {
        message: error.description().to_owned(),
        at: error.unexpected().or(error.context()).map(span).unwrap_or_default(),
    });
    (reading.tables, broken.collect())
}

struct Reading {
    tables: Vec<Table>,
    /// Inside the brackets of a header.
    header: bool,
    keys: Vec<String>,
    key_at: Option<Span>,
    /// The value at hand, once its `=` was read, with how many brackets are open in it.
    value: Option<(Open, u32)>,
}

/// What of a value was read.
enum Open {
    Nothing,
    List(Vec<(Value, Span)>, Span),
    /// `a = { b = 1 }` is read as `a.b = 1`, which TOML says it means: the keys of the pair at hand, and whether there was one.
    Table(Vec<String>, bool, Span),
    Odd(Span),
}

impl Reading {
    fn key(&mut self, word: String, at: Span) {
        match &mut self.value {
            Some((Open::Table(keys, ..), 1)) => keys.push(word),
            // Any other key inside a value belongs to a table further in.
            Some((open, _)) => *open = Open::Odd(at),
            None => {
                let start = self.key_at.map_or(at.start, |first| first.start);
                self.key_at = Some(Span { start, end: at.end });
                self.keys.push(word);
            }
        }
    }

    fn mark(&mut self, kind: EventKind, at: Span) {
        match kind {
            EventKind::StdTableOpen | EventKind::ArrayTableOpen => {
                self.forget();
                self.header = true;
                let listed = kind == EventKind::ArrayTableOpen;
                self.tables.push(Table { listed, at, ..Table::default() });
            }
            EventKind::StdTableClose | EventKind::ArrayTableClose => {
                let name = self.keys.join(".");
                self.forget();
                if let Some(table) = self.tables.last_mut() {
                    table.name = name;
                    table.at.end = at.end;
                }
            }
            EventKind::KeyValSep if self.value.is_none() && !self.header => self.value = Some((Open::Nothing, 0)),
            EventKind::ArrayOpen | EventKind::InlineTableOpen => {
                if let Some((open, depth)) = &mut self.value {
                    *depth = depth.saturating_add(1);
                    *open = match (kind, *depth) {
                        (EventKind::ArrayOpen, 1) => Open::List(Vec::new(), at),
                        (EventKind::InlineTableOpen, 1) => Open::Table(Vec::new(), false, at),
                        _ => Open::Odd(at),
                    };
                }
            }
            EventKind::ArrayClose | EventKind::InlineTableClose => {
                if let Some((_, depth)) = &mut self.value {
                    *depth = depth.saturating_sub(1);
                    if *depth == 0 {
                        self.close(at);
                    }
                }
            }
            EventKind::Newline if self.value.as_ref().is_none_or(|(_, depth)| *depth == 0) => self.forget(),
            _ => {}
        }
    }

    fn value(&mut self, value: Value, at: Span) {
        match &mut self.value {
            Some((Open::List(items, _), _)) => items.push((value, at)),
            Some((Open::Nothing, _)) => self.pair(value, at),
            Some((Open::Table(keys, any, _), 1)) => {
                *any = true;
                let key = self.keys.iter().cloned().chain(keys.drain(..)).collect::<Vec<_>>().join(".");
                let key_at = self.key_at.unwrap_or(at);
                if let Some(table) = self.tables.last_mut() {
                    table.pairs.push(Pair { key, key_at, value, at });
                }
            }
            _ => {}
        }
    }

    /// The last bracket of a value was closed.
    fn close(&mut self, at: Span) {
        match self.value.take() {
            Some((Open::List(items, from), _)) => self.pair(Value::List(items), Span { start: from.start, end: at.end }),
            Some((Open::Table(_, false, from) | Open::Odd(from), _)) => self.pair(Value::Odd, Span { start: from.start, end: at.end }),
            // Its pairs are there.
            Some((Open::Table(..), _)) => self.forget(),
            _ => {}
        }
    }

    fn pair(&mut self, value: Value, at: Span) {
        let (key, key_at) = (self.keys.join("."), self.key_at.unwrap_or(at));
        if let Some(table) = self.tables.last_mut() {
            table.pairs.push(Pair { key, key_at, value, at });
        }
        self.forget();
    }

    fn forget(&mut self) {
        (self.header, self.key_at, self.value) = (false, None, None);
        self.keys.clear();
    }
}

/// A TOML string.
pub(crate) fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' | '\\' => out.extend(['\\', letter]),
            '\n' => out.push_str("\\n"),
            letter if letter.is_control() => out.push_str(&format!("\\u{:04X}", u32::from(letter))),
            letter => out.push(letter),
        }
    }
    out.push('"');
    out
}

fn span(span: toml_parser::Span) -> Span {
    let byte = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    Span { start: byte(span.start()), end: byte(span.end()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_have_their_pairs_and_places() {
        let text = "# c\n[[a.b]]\nx = \"1\\\"\" # y\nlist = [\n  \"p\", 2,\n]\nd = 2026-01-02\no = { k = 1, m.n = \"2\" }\np = { q = [1] }\nl = [[1]]\nt = true\n[c]\n";
        let (tables, broken) = tables(text);
        assert!(broken.is_empty(), "{broken:?}");
        let [_, first, second] = tables.as_slice() else { panic!("{tables:?}") };
        assert_eq!((first.name.as_str(), first.listed, second.name.as_str(), second.listed), ("a.b", true, "c", false));
        let told: Vec<String> = first.pairs.iter().map(|pair| format!("{} {:?}", pair.key, pair.value)).collect();
        assert!(told[0] == r#"x Text("1\"")"# && told[1].starts_with(r#"list List([(Text("p")"#), "{told:?}");
        assert_eq!(&told[2..], [r#"d Bare("2026-01-02")"#, r#"o.k Bare("1")"#, r#"o.m.n Text("2")"#, "p Odd", "l Odd", "t Odd"]);
        assert_eq!(&text[first.pairs[1].at.start as usize..first.pairs[1].at.end as usize], "[\n  \"p\", 2,\n]");
    }

    #[test]
    fn after_an_error_the_rest_is_read() {
        let (tables, broken) = tables("[[a]]\nx = \ny = \"1\"\n[[a]]\nz = \"2\"\n");
        assert_eq!(broken.len(), 1, "{broken:?}");
        assert_eq!(tables.last().unwrap().pairs[0].key, "z");
    }

    #[test]
    fn hostile_nesting_is_bounded() {
        for text in
            ["[".repeat(100_000), format!("a = {}", "[".repeat(100_000)), format!("a = {}", "{a=".repeat(100_000)), "a.".repeat(100_000)]
        {
            let (_, broken) = tables(&text);
            assert!(!broken.is_empty());
        }
    }
}
