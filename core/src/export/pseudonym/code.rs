//! Texts with braces: JSON as people paste it, HCL, TOML and Bicep. Strings, words and comments are told apart, and each
//! value is known with its key.

use std::net::IpAddr;

use ipnet::IpNet;

use super::walk::{Keys, VAIN, Walk};
use super::words::normal;
use super::{Language, Scrub};

/// Whether the values of a key are sentences.
pub(super) fn is_prose(key: &str) -> bool {
    let key = normal(key);
    key.ends_with("description")
        || matches!(key.as_str(), "justification" | "comment" | "comments" | "note" | "notes" | "reason" | "statusmessage" | "summary")
}

/// Whether the values of a key are versions, which look like addresses, or say what the text is.
pub(super) fn is_version(key: &str) -> bool {
    matches!(
        normal(key).as_str(),
        "contentversion" | "apiversion" | "$schema" | "version" | "requiredversion" | "terraformversion" | "kind"
    )
}

/// Whether a key is no word that a format chose, wherever it stands: an address, an identifier, an account.
fn is_found(key: &str) -> bool {
    const DIGITS: usize = 4;
    key.bytes().filter(u8::is_ascii_digit).count() >= DIGITS || key.parse::<IpAddr>().is_ok() || key.parse::<IpNet>().is_ok()
}

impl Scrub {
    /// Walks a text with braces.
    pub(super) fn code(&mut self, language: Language, text: &str, out: &mut String) {
        // At the top of HCL only values of variables are assigned.
        let top = if language == Language::Hcl || self.values { Keys::Author } else { Keys::Format };
        let mut walk = Walk { text, at: 0, language, open: Vec::new(), key: String::new(), range: None, top, vain: 0 };
        while let Some(letter) = walk.rest().chars().next() {
            self.step(&mut walk, letter, out);
        }
    }

    fn step(&mut self, walk: &mut Walk<'_>, letter: char, out: &mut String) {
        if let Some((mark, comment)) = walk.comment() {
            walk.at = walk.at.saturating_add(comment.len());
            self.comment(mark, comment, out);
            if mark == "/*" && comment.ends_with("*/") {
                out.push_str("*/");
            }
            return;
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
        let plain = key.chars().all(|letter| letter.is_ascii_alphanumeric() || "_-.:$/@#%".contains(letter));
        if matches!(keys, Keys::Format | Keys::Types) && plain && !key.contains('@') && !is_found(key) {
            out.push_str(key)
        } else {
            self.scan(key, false, out)
        }
    }

    fn value(&mut self, walk: &mut Walk<'_>, text: &str, out: &mut String) {
        if is_prose(&walk.key) {
            return self.prose(text, out);
        }
        if is_version(&walk.key) || walk.is_type() {
            return out.push_str(text);
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
        let named = walk.vain < VAIN && !mark.is_empty() && mark.chars().all(|letter| letter.is_alphanumeric() || letter == '_');
        if !named {
            return walk.copy('<', out);
        }
        let body = rest.get(head..).unwrap_or_default();
        let mut length = 0_usize;
        let ends = body.split_inclusive('\n').find(|line| {
            let end = line.trim() == mark;
            if !end {
                length = length.saturating_add(line.len());
            }
            end
        });
        let (Some(_), Some(inner)) = (ends, body.get(..length)) else {
            walk.vain = walk.vain.saturating_add(1);
            return walk.copy('<', out);
        };
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
        // Python marks its strings with a letter.
        let marked = walk.language == Language::Json && matches!(word, "u" | "b") && walk.rest().starts_with(['"', '\'']);
        if marked || next.starts_with('(') && before != Some('.') {
            return out.push_str(word);
        }
        // A statement's first word says what it is.
        let statement = walk.language == Language::Hcl && (next.starts_with(['"', '{']) || next.starts_with("[["));
        // What stands behind a dot is a part of a name, also where it is assigned to.
        if before != Some('.') && (walk.is_key() || statement && walk.key.is_empty()) {
            walk.key = word.to_owned();
            if statement {
                return out.push_str(word);
            }
            return self.key(walk.keys(), word, out);
        }
        self.scan(word, false, out);
    }
}
