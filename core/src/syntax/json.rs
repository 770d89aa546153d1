//! JSON as people paste it, read through serde.
//!
//! Beyond RFC 8259 it takes what printers and people really produce: trailing and missing commas, comments, single
//! quotes and the literals of Python's `repr`, `datetime.datetime(…)`. What is not JSON at all ends the reading with one
//! sentence and its place; what stood before is kept by whoever visits.

use std::borrow::Cow;
use std::fmt;

use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

use super::Clock;

/// Values nested deeper than this are not read.
pub const MAX_DEPTH: u32 = 128;

/// What ended the reading, and at which byte.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// One sentence: what is wrong and what to do.
    pub message: String,
    /// The byte.
    pub at: u32,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

impl de::Error for Error {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self { message: message.to_string(), at: 0 }
    }
}

/// A reader over one text.
pub struct Reader<'a, 'c> {
    text: &'a str,
    pos: usize,
    depth: u32,
    clock: &'c Clock,
    /// What was tolerated, with its byte.
    pub tolerated: Vec<Error>,
}

impl<'a, 'c> Reader<'a, 'c> {
    /// A reader at the byte `from`; `clock` follows it.
    pub const fn new(text: &'a str, from: usize, clock: &'c Clock) -> Self {
        Self { text, pos: from, depth: 0, clock, tolerated: Vec::new() }
    }

    /// The byte it stands at.
    pub const fn position(&self) -> usize {
        self.pos
    }

    /// Passes white space and comments; the next byte, if any.
    pub fn peek(&mut self) -> Option<u8> {
        loop {
            let bytes = self.text.as_bytes().get(self.pos..)?;
            let mut blank = 0_usize;
            for byte in bytes {
                if !matches!(byte, b' ' | b'\t' | b'\n' | b'\r') {
                    break;
                }
                blank = blank.saturating_add(1);
            }
            // The text ends where its last word does.
            if blank == bytes.len() {
                return None;
            }
            self.pos = self.pos.saturating_add(blank);
            match self.byte()? {
                b'#' => self.pass_line(),
                b'/' if self.rest().starts_with("//") => self.pass_line(),
                b'/' if self.rest().starts_with("/*") => {
                    let length = self.rest().find("*/").map_or(self.rest().len(), |at| at.saturating_add(2));
                    self.pos = self.pos.saturating_add(length);
                }
                other => return Some(other),
            }
        }
    }

    #[inline(always)]
    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.pos).copied()
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.pos..).unwrap_or_default()
    }

    fn pass_line(&mut self) {
        let length = memchr::memchr(b'\n', self.rest().as_bytes()).unwrap_or(self.rest().len());
        self.pos = self.pos.saturating_add(length);
    }

    #[inline(always)]
    fn step(&mut self) {
        self.pos = self.pos.saturating_add(1);
    }

    fn here(&self) -> u32 {
        u32::try_from(self.pos).unwrap_or(u32::MAX)
    }

    fn fail<T>(&self, message: impl Into<String>) -> Result<T, Error> {
        Err(Error { message: message.into(), at: self.here() })
    }

    fn ended<T>(&self, inside: &str) -> Result<T, Error> {
        self.fail(format!("the text ends inside {inside}; paste all of it"))
    }

    /// Marks the token from `start` to here.
    fn mark(&self, start: usize) {
        self.clock.start.set(u32::try_from(start).unwrap_or(u32::MAX));
        self.clock.end.set(self.here());
    }

    /// A string whose opening quote is the next byte.
    fn string(&mut self) -> Result<Cow<'a, str>, Error> {
        let start = self.pos;
        let Some(quote) = self.byte() else { return self.ended("a string") };
        self.step();
        let mut owned: Option<String> = None;
        loop {
            let rest = self.rest();
            let Some(length) = memchr::memchr3(quote, b'\\', b'\n', rest.as_bytes()) else {
                self.pos = start;
                return self.fail("a string begins here and is never closed; paste all of it");
            };
            let part = rest.get(..length).unwrap_or_default();
            self.pos = self.pos.saturating_add(length);
            match self.byte() {
                Some(b'\\') => {
                    let owned = owned.get_or_insert_default();
                    owned.push_str(part);
                    self.step();
                    let unescaped = self.escape()?;
                    owned.push(unescaped);
                }
                Some(b'\n') => {
                    self.pos = start;
                    return self.fail("a string begins here and is not closed on its line; check the quotes");
                }
                _ => {
                    self.step();
                    self.mark(start);
                    return Ok(match owned {
                        None => Cow::Borrowed(part),
                        Some(mut text) => {
                            text.push_str(part);
                            Cow::Owned(text)
                        }
                    });
                }
            }
        }
    }

    /// The character behind a backslash.
    fn escape(&mut self) -> Result<char, Error> {
        let Some(code) = self.byte() else { return self.ended("a string") };
        self.step();
        Ok(match code {
            b'n' => '\n',
            b't' => '\t',
            b'r' => '\r',
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'u' => {
                let high = self.hex(4)?;
                // A surrogate pair is one character; half of one is replaced, as browsers do.
                if (0xd800..0xdc00).contains(&high) && self.rest().starts_with("\\u") {
                    self.pos = self.pos.saturating_add(2);
                    let low = self.hex(4)?;
                    let offset = (high & 0x3ff) << 10 | (low & 0x3ff);
                    char::from_u32(0x1_0000_u32.saturating_add(offset)).unwrap_or(char::REPLACEMENT_CHARACTER)
                } else {
                    char::from_u32(high).unwrap_or(char::REPLACEMENT_CHARACTER)
                }
            }
            b'x' => char::from_u32(self.hex(2)?).unwrap_or(char::REPLACEMENT_CHARACTER),
            b'"' | b'\'' | b'\\' | b'/' => char::from(code),
            _ => {
                self.pos = self.pos.saturating_sub(1);
                return self.fail("this escape is not one of JSON's; write the character itself, or \\u and four hex digits");
            }
        })
    }

    fn hex(&mut self, digits: usize) -> Result<u32, Error> {
        let code = self.rest().get(..digits).filter(|text| text.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let Some(value) = code.and_then(|text| u32::from_str_radix(text, 16).ok()) else {
            return self.fail("hex digits are missing after this escape");
        };
        self.pos = self.pos.saturating_add(digits);
        Ok(value)
    }

    fn number<V: Visitor<'a>>(&mut self, visitor: V) -> Result<V::Value, Error> {
        let start = self.pos;
        let length = self.rest().bytes().take_while(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(byte)).count();
        let word = self.rest().get(..length).unwrap_or_default();
        self.pos = self.pos.saturating_add(length);
        self.mark(start);
        if let Ok(int) = word.parse::<i64>() {
            return visitor.visit_i64(int);
        }
        if let Ok(int) = word.parse::<u64>() {
            return visitor.visit_u64(int);
        }
        match word.parse::<f64>() {
            Ok(float) if float.is_finite() => visitor.visit_f64(float),
            _ => {
                self.pos = start;
                self.fail(format!("`{}` is not a number", shown(word)))
            }
        }
    }

    /// A bare word: a literal of JSON or Python, a prefixed string, or a call such as `datetime.datetime(…)`.
    fn word<V: Visitor<'a>>(&mut self, visitor: V) -> Result<V::Value, Error> {
        let start = self.pos;
        let length = self.rest().bytes().take_while(|byte| byte.is_ascii_alphanumeric() || b"_.".contains(byte)).count();
        let word = self.rest().get(..length).unwrap_or_default();
        self.pos = self.pos.saturating_add(length);
        match (word, self.byte()) {
            ("u" | "b", Some(b'\'' | b'"')) => {
                let text = self.string()?;
                self.mark(start);
                hand_over(text, visitor)
            }
            ("null" | "None", _) => {
                self.mark(start);
                visitor.visit_unit()
            }
            ("true" | "True", _) => {
                self.mark(start);
                visitor.visit_bool(true)
            }
            ("false" | "False", _) => {
                self.mark(start);
                visitor.visit_bool(false)
            }
            (_, Some(b'(')) if !word.is_empty() => {
                self.pass_call()?;
                self.mark(start);
                visitor.visit_borrowed_str(self.text.get(start..self.pos).unwrap_or_default())
            }
            _ => {
                self.pos = start;
                let found = self.rest().chars().next().map(String::from).unwrap_or_default();
                let found = if word.is_empty() { found } else { shown(word) };
                self.fail(format!("a value was expected, and `{found}` is none; text stands in double quotes in JSON"))
            }
        }
    }

    /// Passes a bracketed argument list; brackets in it nest, quotes in it are not looked into.
    fn pass_call(&mut self) -> Result<(), Error> {
        let mut open = 0_u32;
        while let Some(byte) = self.byte() {
            self.step();
            match byte {
                b'(' => open = open.saturating_add(1),
                b')' => open = open.saturating_sub(1),
                _ => {}
            }
            if open == 0 {
                return Ok(());
            }
        }
        self.ended("a call")
    }

    /// Passes a closing bracket.
    fn close(&mut self) -> bool {
        self.step();
        self.clock.end.set(self.here());
        true
    }

    /// Before the next item: passes a comma, and says whether the closing bracket stood there.
    fn closes(&mut self, close: u8, first: bool, inside: &str) -> Result<bool, Error> {
        match self.peek() {
            None => self.ended(inside),
            Some(byte) if byte == close => Ok(self.close()),
            Some(b',') => {
                self.step();
                match self.peek() {
                    None => self.ended(inside),
                    // A trailing comma: the AWS CLI's own examples have them.
                    Some(byte) if byte == close => Ok(self.close()),
                    Some(_) => Ok(false),
                }
            }
            Some(_) if first => Ok(false),
            Some(b'"' | b'\'' | b'{' | b'[') => {
                let missing =
                    Error { message: "a comma is missing before this; it is read as if it were there".to_owned(), at: self.here() };
                self.tolerated.push(missing);
                Ok(false)
            }
            Some(byte) => self.fail(format!("`{}` stands where a comma or `{}` was expected", char::from(byte), char::from(close))),
        }
    }
}

/// A word as a message shows it: short, and without what could upset a terminal.
fn shown(word: &str) -> String {
    let mut shown: String = word.chars().take(40).filter(|letter| !letter.is_control()).collect();
    if word.chars().nth(40).is_some() {
        shown.push('…');
    }
    shown
}

fn hand_over<'a, V: Visitor<'a>>(text: Cow<'a, str>, visitor: V) -> Result<V::Value, Error> {
    match text {
        Cow::Borrowed(text) => visitor.visit_borrowed_str(text),
        Cow::Owned(text) => visitor.visit_string(text),
    }
}

impl<'de> Deserializer<'de> for &mut Reader<'de, '_> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let Some(byte) = self.peek() else { return self.ended("a value") };
        let start = self.pos;
        match byte {
            b'{' | b'[' => {
                if self.depth >= MAX_DEPTH {
                    return self.fail(format!("values are nested deeper than {MAX_DEPTH} levels here; no configuration is"));
                }
                self.depth = self.depth.saturating_add(1);
                self.step();
                self.mark(start);
                let items = Items { reader: &mut *self, first: true };
                let value = if byte == b'{' { visitor.visit_map(items) } else { visitor.visit_seq(items) }?;
                self.depth = self.depth.saturating_sub(1);
                Ok(value)
            }
            b'"' | b'\'' => hand_over(self.string()?, visitor),
            b'-' | b'+' | b'0'..=b'9' => self.number(visitor),
            _ => self.word(visitor),
        }
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

struct Items<'r, 'a, 'c> {
    reader: &'r mut Reader<'a, 'c>,
    first: bool,
}

impl<'a> SeqAccess<'a> for Items<'_, 'a, '_> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'a>>(&mut self, seed: T) -> Result<Option<T::Value>, Error> {
        if self.reader.closes(b']', self.first, "a list")? {
            return Ok(None);
        }
        self.first = false;
        seed.deserialize(&mut *self.reader).map(Some)
    }
}

impl<'a> MapAccess<'a> for Items<'_, 'a, '_> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'a>>(&mut self, seed: K) -> Result<Option<K::Value>, Error> {
        if self.reader.closes(b'}', self.first, "an object")? {
            return Ok(None);
        }
        self.first = false;
        if !matches!(self.reader.byte(), Some(b'"' | b'\'')) {
            return self.reader.fail("a key in double quotes was expected here");
        }
        seed.deserialize(&mut *self.reader).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'a>>(&mut self, seed: V) -> Result<V::Value, Error> {
        match self.reader.peek() {
            Some(b':') => self.reader.step(),
            None => return self.reader.ended("an object"),
            Some(_) => return self.reader.fail("a colon was expected between this key and its value"),
        }
        seed.deserialize(&mut *self.reader)
    }
}
