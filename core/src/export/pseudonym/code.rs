//! Texts with braces: JSON as people paste it, HCL, TOML and Bicep. Strings, words and comments are told apart, and each
//! value is known with its key.

use super::words::normal;
use super::{Language, Scrub};

/// What is open: who chose the keys of an object, and the key under which it stands.
struct Frame {
    close: char,
    keys: Keys,
    /// Under which it stands itself.
    key: String,
}

/// Who chose the keys of an object.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Keys {
    /// The format.
    Format,
    /// The author, and all keys inside as well.
    Author,
    /// The author, but not the keys inside.
    Names,
    /// They are types, and under each of them the author chose names.
    Types,
}

impl Keys {
    /// Of the object under a key.
    pub(super) fn under(self, key: &str, listed: bool) -> Self {
        match self {
            Self::Author => Self::Author,
            Self::Names => Self::Format,
            Self::Types => Self::Names,
            Self::Format => match normal(key).as_str() {
                "resources" | "modulecalls" if !listed => Self::Names,
                "resource" | "data" if !listed => Self::Types,
                "parameters" | "variables" | "outputs" | "locals" | "variable" | "output" | "module" | "tags" | "tag" | "labels"
                | "conditions" | "mappings" | "userlabels" | "metadata" | "tagsall" | "foreach" => Self::Author,
                _ => Self::Format,
            },
        }
    }
}

/// Whether the values of a key are sentences.
pub(super) fn is_prose(key: &str) -> bool {
    let key = normal(key);
    key.ends_with("description")
        || matches!(key.as_str(), "justification" | "comment" | "comments" | "note" | "notes" | "reason" | "statusmessage" | "summary")
}

/// A walk through a text.
struct Walk<'t> {
    text: &'t str,
    at: usize,
    language: Language,
    open: Vec<Frame>,
    /// The key whose value is next.
    key: String,
    /// A range's first end, until its second comes.
    range: Option<std::net::IpAddr>,
    /// Keys at the top of the text or block are the author's.
    top: Keys,
}

impl Scrub {
    /// Walks a text with braces.
    pub(super) fn code(&mut self, language: Language, text: &str, out: &mut String) {
        let values = language == Language::Hcl && !text.contains('{') && !text.contains("[[");
        let top = if values { Keys::Author } else { Keys::Format };
        let mut walk = Walk { text, at: 0, language, open: Vec::new(), key: String::new(), range: None, top };
        while let Some(letter) = walk.rest().chars().next() {
            self.step(&mut walk, letter, out);
        }
    }

    fn step(&mut self, walk: &mut Walk<'_>, letter: char, out: &mut String) {
        if let Some((mark, comment)) = walk.comment() {
            walk.at = walk.at.saturating_add(comment.len());
            self.comment(mark, comment, out);
            return if mark == "/*" { out.push_str("*/") } else { () };
        }
        match letter {
            '"' | '\'' | '`' => self.string(walk, letter, out),
            '<' if walk.language == Language::Hcl && walk.rest().starts_with("<<") => self.heredoc(walk, out),
            '{' | '[' | '(' => {
                walk.enter(letter);
                walk.copy(letter, out);
            }
            '}' | ']' | ')' => {
                if walk.open.last().is_some_and(|frame| frame.close == letter) {
                    walk.key = walk.open.pop().map(|frame| frame.key).unwrap_or_default();
                }
                walk.copy(letter, out);
            }
            '\n' => {
                // A statement ends with its line, unless a bracket is open.
                if walk.language != Language::Json && walk.open.last().is_none_or(|frame| frame.close == '}') {
                    walk.key.clear();
                }
                walk.copy(letter, out);
            }
            _ if letter.is_alphabetic() || letter == '_' || walk.language == Language::Hcl && letter == '-' => self.word(walk, out),
            _ if letter.is_ascii_digit() => {
                let taken = walk.run(|letter| letter.is_alphanumeric() || matches!(letter, '.' | '_' | '/' | ':' | '-'));
                // A day or a version is no number, and neither is anybody's name.
                self.scan(taken, false, out);
            }
            _ => walk.copy(letter, out),
        }
    }

    /// A string with its quotes: a key, or a value.
    fn string(&mut self, walk: &mut Walk<'_>, quote: char, out: &mut String) {
        let (marks, inner, closed) = walk.quoted(quote);
        let length = marks.saturating_add(inner.len()).saturating_add(if closed { marks } else { 0 });
        let quotes: String = std::iter::repeat_n(quote, marks).collect();
        walk.at = walk.at.saturating_add(length);
        out.push_str(&quotes);
        if walk.is_key() {
            walk.key = inner.to_owned();
            self.key(walk.keys(), inner, out);
        } else {
            self.value(walk, inner, out);
        }
        if closed {
            out.push_str(&quotes);
        }
    }

    /// A key, kept where the format chose it.
    pub(super) fn key(&mut self, keys: Keys, key: &str, out: &mut String) {
        let plain = key.chars().all(|letter| letter.is_ascii_alphanumeric() || "_-.:$/@".contains(letter));
        if matches!(keys, Keys::Format | Keys::Types) && plain && !key.contains('@') {
            out.push_str(key)
        } else {
            self.scan(key, false, out)
        }
    }

    fn value(&mut self, walk: &mut Walk<'_>, text: &str, out: &mut String) {
        if is_prose(&walk.key) {
            return self.prose(text, out);
        }
        if walk.key == "addr"
            && let Some(bits) = walk.length_behind()
            && self.prefixed(text, bits, out)
        {
            return;
        }
        if walk.key == "range"
            && let Ok(address) = text.parse()
        {
            match walk.range.take() {
                Some(first) if self.collecting => self.addresses.add_range(first, address),
                Some(_) => {}
                None => walk.range = Some(address),
            }
        }
        self.scan(text, text.starts_with('[') || text.contains("${"), out);
    }

    /// A text over several lines.
    fn heredoc(&mut self, walk: &mut Walk<'_>, out: &mut String) {
        let rest = walk.rest();
        let head = rest.find('\n').map_or(rest.len(), |end| end.saturating_add(1));
        let mark = rest.get(2..head).unwrap_or_default().trim_start_matches('-').trim();
        let named = !mark.is_empty() && mark.chars().all(|letter| letter.is_alphanumeric() || letter == '_');
        let body = rest.get(head..).unwrap_or_default();
        let mut length = 0_usize;
        let ends = body.split_inclusive('\n').find(|line| {
            let end = line.trim() == mark;
            if !end {
                length = length.saturating_add(line.len());
            }
            end
        });
        let (true, Some(_), Some(inner)) = (named, ends, body.get(..length)) else { return walk.copy('<', out) };
        let dash = if rest.starts_with("<<-") { "-" } else { "" };
        out.push_str("<<");
        out.push_str(dash);
        out.push_str("EOT\n");
        if is_prose(&walk.key) {
            self.prose(inner, out)
        } else {
            self.scan(inner, inner.contains("${"), out)
        }
        let end = body.get(length..).unwrap_or_default();
        let indent = end.len().saturating_sub(end.trim_start_matches([' ', '\t']).len());
        out.push_str(end.get(..indent).unwrap_or_default());
        out.push_str("EOT");
        walk.at = walk.at.saturating_add(head).saturating_add(length).saturating_add(indent).saturating_add(mark.len());
    }

    /// A word outside of strings.
    fn word(&mut self, walk: &mut Walk<'_>, out: &mut String) {
        let before = walk.before();
        let dashes = walk.language == Language::Hcl;
        let word = walk.run(|letter| letter.is_alphanumeric() || letter == '_' || dashes && letter == '-');
        let next = walk.rest().trim_start_matches([' ', '\t']);
        // A statement's first word says what it is.
        if next.starts_with('(') && before != Some('.') {
            return out.push_str(word);
        }
        let statement = walk.language == Language::Hcl && (next.starts_with(['"', '{']) || next.starts_with("[["));
        if walk.is_key() || statement && walk.key.is_empty() {
            walk.key = word.to_owned();
            if statement {
                return out.push_str(word);
            }
            return self.key(walk.keys(), word, out);
        }
        self.scan(word, false, out);
    }
}

impl<'t> Walk<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn before(&self) -> Option<char> {
        self.text.get(..self.at).and_then(|done| done.chars().next_back())
    }

    fn copy(&mut self, letter: char, out: &mut String) {
        self.at = self.at.saturating_add(letter.len_utf8());
        out.push(letter);
    }

    fn run(&mut self, is_in: impl Fn(char) -> bool) -> &'t str {
        let rest = self.rest();
        let taken = rest.get(..rest.find(|letter| !is_in(letter)).unwrap_or(rest.len())).unwrap_or_default();
        self.at = self.at.saturating_add(taken.len());
        taken
    }

    /// Who chose the keys here.
    fn keys(&self) -> Keys {
        self.open.last().map_or(self.top, |frame| frame.keys)
    }

    fn enter(&mut self, letter: char) {
        let close = match letter {
            '{' => '}',
            '[' => ']',
            _ => ')',
        };
        let listed = self.open.last().is_some_and(|frame| frame.close == ']');
        let around = self.keys();
        let keys = match self.language {
            _ if letter == '(' => around,
            Language::Json if letter == '[' || listed => {
                if around.under(&self.key, true) == Keys::Author {
                    Keys::Author
                } else {
                    Keys::Format
                }
            }
            Language::Json => around.under(&self.key, false),
            // In a block the format chooses, in an object the author may.
            _ if self.in_value() => {
                if self.is_bicep_resource() {
                    around
                } else {
                    Keys::Author
                }
            }
            _ if matches!(self.key.as_str(), "locals" | "module") => Keys::Author,
            _ => Keys::Format,
        };
        let key = std::mem::take(&mut self.key);
        self.key = if letter == '{' { String::new() } else { key.clone() };
        self.open.push(Frame { close, keys, key });
    }

    /// Whether what opens here is a value, and no block.
    fn in_value(&self) -> bool {
        let line = self.text.get(..self.at).unwrap_or_default().rsplit('\n').next().unwrap_or_default();
        let line = line.get(line.len().saturating_sub(200)..).unwrap_or(line);
        self.keys() == Keys::Author || self.open.last().is_some_and(|frame| frame.close != '}') || line.contains(['=', ':'])
    }

    /// Whether what opens here belongs to a resource in Bicep, whose objects have the keys of the format.
    fn is_bicep_resource(&self) -> bool {
        self.language == Language::Bicep && {
            let line = self.text.get(..self.at).unwrap_or_default().rsplit('\n').next().unwrap_or_default().trim_start();
            let owns = ["var ", "param ", "module ", "output ", "type "].iter().any(|word| line.starts_with(word));
            !owns && self.keys() == Keys::Format && Keys::Format.under(&self.key, false) != Keys::Author
        }
    }

    /// A comment that begins here, with its mark.
    fn comment(&self) -> Option<(&'static str, &'t str)> {
        let rest = self.rest();
        if rest.starts_with("/*") {
            let end = rest.find("*/").map_or(rest.len(), |end| end.saturating_add(2));
            return Some(("/*", rest.get(..end)?));
        }
        let mark = ["//", "#"].into_iter().find(|mark| rest.starts_with(mark))?;
        // A `#` inside a word of a prompt is none.
        if mark == "#" && self.before().is_some_and(|before| !before.is_whitespace() && !",{}[]();".contains(before)) {
            return None;
        }
        let end = rest.find('\n').unwrap_or(rest.len());
        Some((mark, rest.get(..end)?.trim_end_matches('\r')))
    }

    /// How many quotes a string begins with, what is inside, and whether it ends.
    fn quoted(&self, quote: char) -> (usize, &'t str, bool) {
        let rest = self.rest();
        let long = ["'''", "\"\"\""].into_iter().find(|mark| mark.starts_with(quote) && rest.starts_with(mark));
        if let Some(mark) = long.filter(|_| self.language != Language::Json) {
            let inner = rest.get(mark.len()..).unwrap_or_default();
            let end = inner.find(mark);
            return (mark.len(), inner.get(..end.unwrap_or(inner.len())).unwrap_or_default(), end.is_some());
        }
        let inner = rest.get(1..).unwrap_or_default();
        let end = self.end_of_string(inner, quote);
        let stop = end.unwrap_or_else(|| inner.find('\n').unwrap_or(inner.len()));
        (1, inner.get(..stop).unwrap_or_default(), end.is_some())
    }

    /// Where a string ends: at its quote, but not at one that is escaped or belongs to an expression inside.
    fn end_of_string(&self, inner: &str, quote: char) -> Option<usize> {
        const LONGEST: usize = 20_000;
        let expressions = self.language != Language::Json;
        let (mut escaped, mut depth, mut before) = (false, 0_u32, ' ');
        for (at, letter) in inner.char_indices() {
            match letter {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                '{' if expressions && (depth > 0 || matches!(before, '$' | '%')) => depth = depth.saturating_add(1),
                '}' => depth = depth.saturating_sub(1),
                '\n' if depth == 0 && self.language != Language::Json => return None,
                _ if letter == quote && depth == 0 => return Some(at),
                // What is not closed at all ends at its first quote.
                _ if depth > 0 && at > LONGEST => return inner.find(quote),
                _ => {}
            }
            before = letter;
        }
        inner.find(quote).filter(|_| depth > 0)
    }

    /// Whether what was just read is a key: of an object, or a name to which something is assigned.
    fn is_key(&self) -> bool {
        let next = self.rest().trim_start_matches([' ', '\t']);
        let in_object = self.open.last().is_some_and(|frame| frame.close == '}');
        match self.language {
            Language::Json => in_object && self.rest().trim_start().starts_with(':'),
            Language::Hcl => {
                let assigned = next.starts_with('=') && !next.starts_with("==") && !next.starts_with("=>");
                assigned && self.open.last().is_none_or(|frame| frame.close == '}') || in_object && next.starts_with(':')
            }
            _ => in_object && next.starts_with(':'),
        }
    }

    /// A `len` right behind an `addr`, as nft prints prefixes.
    fn length_behind(&self) -> Option<u8> {
        let rest = self.rest().trim_start().strip_prefix(',')?.trim_start().strip_prefix("\"len\"")?;
        let digits = rest.trim_start().strip_prefix(':')?.trim_start();
        digits.get(..digits.find(|letter: char| !letter.is_ascii_digit())?)?.parse().ok()
    }
}
