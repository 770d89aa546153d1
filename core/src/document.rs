//! One pasted text or file: its bytes as text, where its lines begin, and what went wrong while reading it.

use std::sync::OnceLock;

use crate::model::Span;

/// How much a problem weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Read in the way the platform would, and worth knowing.
    Warning,
    /// Not understood; what depends on it is unknown.
    Error,
}

impl Level {
    /// The word in reports.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// One thing that went wrong, at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// How much it weighs.
    pub level: Level,
    /// One sentence: what is wrong, and what to do.
    pub message: String,
    /// Where.
    pub span: Span,
}

/// The problems of one document. Hostile input can have millions; beyond a limit they are only counted.
#[derive(Clone, Debug, Default)]
pub struct Problems {
    kept: Vec<Problem>,
    total: usize,
    errors: usize,
    not_judged: bool,
}

impl Problems {
    const KEPT: usize = 1_000;

    /// Adds one.
    pub fn add(&mut self, level: Level, span: Span, message: impl Into<String>) {
        self.total = self.total.saturating_add(1);
        if level == Level::Error {
            self.errors = self.errors.saturating_add(1);
        }
        if self.kept.len() < Self::KEPT {
            self.kept.push(Problem { level, message: message.into(), span });
        }
    }

    /// Something was not judged at all that may be a firewall's configuration.
    pub const fn leave_out(&mut self) {
        self.not_judged = true;
    }

    /// Whether something was not judged at all.
    pub const fn left_something_out(&self) -> bool {
        self.not_judged
    }

    /// The first thousand.
    pub fn kept(&self) -> &[Problem] {
        &self.kept
    }

    /// How many there were.
    pub const fn total(&self) -> usize {
        self.total
    }

    /// How many were errors.
    pub const fn errors(&self) -> usize {
        self.errors
    }
}

/// A format that can be read.
#[derive(Debug, PartialEq, Eq)]
pub struct Format {
    /// The stable identifier in reports.
    pub id: &'static str,
    /// What a person calls it.
    pub title: &'static str,
    /// The command or place it commonly comes from.
    pub from: &'static str,
}

/// A document of a review.
#[derive(Debug, Default)]
pub struct Document {
    /// What the person calls it, such as a file name.
    pub name: String,
    /// Its text; what was not UTF-8 is replaced, as editors do.
    pub text: String,
    /// How many bytes were handed in.
    pub bytes: usize,
    /// The detected format, or `None` where nothing was recognised.
    pub format: Option<&'static Format>,
    /// Whether all of it could be read; if not, the review is unknown at best.
    pub complete: bool,
    /// What went wrong.
    pub problems: Problems,
    lines: OnceLock<Lines>,
}

/// Where lines begin, and how many UTF-16 units stand before every 256 bytes: a listing on one line of 10 MB would
/// otherwise be counted from its start for every place.
#[derive(Debug, Default)]
struct Lines {
    starts: Vec<u32>,
    units: Vec<u32>,
}

/// A position as people and editors count: from 1, columns in UTF-16 units, the end exclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// The line.
    pub line: u32,
    /// The column.
    pub column: u32,
}

impl Document {
    /// A document from bytes as they were pasted or read. UTF-16 with a byte order mark is decoded, since that is what
    /// Windows PowerShell's `>` writes.
    pub fn new(name: impl Into<String>, bytes: Vec<u8>) -> Self {
        let mut document = Self { name: name.into(), bytes: bytes.len(), complete: true, ..Self::default() };
        document.text = match bytes.get(..2) {
            Some([0xff, 0xfe]) => utf16(&bytes, u16::from_le_bytes),
            Some([0xfe, 0xff]) => utf16(&bytes, u16::from_be_bytes),
            _ => match String::from_utf8(bytes) {
                Ok(text) => text,
                Err(error) => document.replace_invalid(error),
            },
        };
        if document.text.starts_with('\u{feff}') {
            document.text.drain(..'\u{feff}'.len_utf8());
        }
        document
    }

    /// Where a byte stands.
    pub fn position(&self, byte: u32) -> Position {
        let lines = self.lines.get_or_init(|| Lines::new(&self.text));
        let line = lines.starts.partition_point(|start| *start <= byte).max(1);
        let start = line.checked_sub(1).and_then(|at| lines.starts.get(at)).copied().unwrap_or(0);
        let column = lines.units_before(&self.text, byte).saturating_sub(lines.units_before(&self.text, start));
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Position { line: count(line), column: column.saturating_add(1) }
    }

    /// The text of a span.
    pub fn slice(&self, span: Span) -> &str {
        slice(&self.text, span.start, span.end)
    }

    fn replace_invalid(&mut self, error: std::string::FromUtf8Error) -> String {
        let at = u32::try_from(error.utf8_error().valid_up_to()).unwrap_or(u32::MAX);
        let bytes = error.into_bytes();
        let found = bytes.get(usize::try_from(at).unwrap_or(usize::MAX)).copied().unwrap_or_default();
        let message = format!("the byte 0x{found:02x} here is not valid UTF-8 and is shown as a replacement sign; save the file as UTF-8");
        self.problems.add(Level::Warning, Span { start: at, end: at.saturating_add(3) }, message);
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

fn utf16(bytes: &[u8], read: fn([u8; 2]) -> u16) -> String {
    let units = bytes.chunks_exact(2).map(|pair| match pair {
        [a, b] => read([*a, *b]),
        _ => 0,
    });
    char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

impl Lines {
    const STEP: usize = 256;

    fn new(text: &str) -> Self {
        let after = |at: usize| u32::try_from(at).unwrap_or(u32::MAX).saturating_add(1);
        let starts = std::iter::once(0).chain(memchr::memchr_iter(b'\n', text.as_bytes()).map(after)).collect();
        let mut units = Vec::with_capacity((text.len() / Self::STEP).saturating_add(1));
        let mut total = 0_u32;
        for chunk in text.as_bytes().chunks(Self::STEP) {
            units.push(total);
            total = total.saturating_add(utf16_units(chunk));
        }
        Self { starts, units }
    }

    /// How many UTF-16 units stand before a byte; inside a character, before the character.
    fn units_before(&self, text: &str, byte: u32) -> u32 {
        let end = char_start(text, byte);
        let step = (end / Self::STEP).min(self.units.len().saturating_sub(1));
        let from = step.saturating_mul(Self::STEP);
        let rest = text.as_bytes().get(from..end).unwrap_or_default();
        self.units.get(step).copied().unwrap_or(0).saturating_add(utf16_units(rest))
    }
}

/// UTF-16 units of the characters that begin in these bytes of UTF-8: one each, two for those of four bytes. Exports of one line
/// are counted from end to end, so eight bytes are looked at at once.
fn utf16_units(bytes: &[u8]) -> u32 {
    const TOP: u64 = 0x8080_8080_8080_8080;
    let (words, rest) = bytes.as_chunks::<8>();
    let units = |word: u64| {
        let continuing = word & !(word << 1) & TOP;
        let of_four = word & (word << 1) & (word << 2) & (word << 3) & TOP;
        continuing.count_zeros().saturating_add(of_four.count_ones()).saturating_sub(56)
    };
    let mut sum = 0_u32;
    for word in words {
        sum = sum.saturating_add(units(u64::from_le_bytes(*word)));
    }
    for byte in rest {
        // Seven more bytes that begin nothing.
        sum = sum.saturating_add(units(u64::from(*byte) | TOP << 8));
    }
    sum
}

/// The start of the character that a byte belongs to.
fn char_start(text: &str, byte: u32) -> usize {
    let byte = usize::try_from(byte).unwrap_or(usize::MAX).min(text.len());
    (0..=byte).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

fn slice(text: &str, start: u32, end: u32) -> &str {
    text.get(char_start(text, start)..char_start(text, end)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn at(text: &str, byte: u32) -> (u32, u32) {
        let position = Document::new("t", text.as_bytes().to_vec()).position(byte);
        (position.line, position.column)
    }

    #[test]
    fn columns_count_utf16_units_and_lines_end_at_lf() {
        assert_eq!(at("", 0), (1, 1));
        assert_eq!(at("a\r\nb", 3), (2, 1));
        assert_eq!(at("ü😀x", 6), (1, 4), "one unit for ü, two for the emoji");
        assert_eq!(at("ab\n", 99), (2, 1));
        assert_eq!(at("😀", 2), (1, 1), "inside a character is at its start");
    }

    #[test]
    fn long_lines_are_counted_from_checkpoints() {
        let text: String = ["x", "\u{fc}", "\u{1f600}", "\u{20ac}", "\n"].into_iter().cycle().take(20_000).collect();
        let document = Document::new("t", text.replace('\n', "y").into_bytes());
        for at in (0..document.text.len()).step_by(997) {
            let before = &document.text[..(0..=at).rev().find(|at| document.text.is_char_boundary(*at)).unwrap()];
            let position = document.position(u32::try_from(at).unwrap());
            assert_eq!(position.column as usize, before.encode_utf16().count() + 1, "{at}");
        }
    }

    #[test]
    fn a_byte_order_mark_is_no_character() {
        assert_eq!(Document::new("t", b"\xef\xbb\xbf{}".to_vec()).text, "{}");
        assert_eq!(Document::new("t", b"\xff\xfe{\0}\0".to_vec()).text, "{}");
    }

    #[test]
    fn invalid_bytes_are_replaced_and_told() {
        let document = Document::new("t", b"{\n  \"a\": \"\xff\"}".to_vec());
        assert!(document.text.contains('\u{fffd}'));
        let problem = &document.problems.kept()[0];
        assert_eq!(document.position(problem.span.start), Position { line: 2, column: 9 });
    }
}
