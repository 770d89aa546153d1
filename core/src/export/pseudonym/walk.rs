//! Where a walk through a text with braces stands: what is open there, and under which key.

use super::Language;
use super::words::normal;

/// How far the end of an expression in a string may be.
const LONGEST: usize = 20_000;
/// How often an end may be looked for in vain.
pub(super) const VAIN: u8 = 10;

/// What is open: who chose the keys of an object, and the key under which it stands.
pub(super) struct Frame {
    pub(super) close: char,
    pub(super) keys: Keys,
    /// Under which it stands itself.
    pub(super) key: String,
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
                "resource" | "data" => Self::Types,
                "parameters" | "variables" | "outputs" | "locals" | "variable" | "output" | "module" | "tags" | "tag" | "labels"
                | "conditions" | "mappings" | "userlabels" | "metadata" | "tagsall" | "foreach" => Self::Author,
                _ => Self::Format,
            },
        }
    }
}

/// A walk through a text.
pub(super) struct Walk<'t> {
    pub(super) text: &'t str,
    pub(super) at: usize,
    pub(super) language: Language,
    pub(super) open: Vec<Frame>,
    /// The key whose value is next.
    pub(super) key: String,
    /// A range's first end, until its second comes.
    pub(super) range: Option<std::net::IpAddr>,
    /// Who chose the keys at the top.
    pub(super) top: Keys,
    /// How often an end was looked for in vain; a hostile text would have that done at each of its bytes.
    pub(super) vain: u8,
}

impl<'t> Walk<'t> {
    pub(super) fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// What stands before on the same line; of a long one the end.
    pub(super) fn line(&self) -> &'t str {
        let from = (self.at.saturating_sub(300)..=self.at).find(|at| self.text.is_char_boundary(*at)).unwrap_or(self.at);
        let done = self.text.get(from..self.at).unwrap_or_default();
        done.rsplit('\n').next().unwrap_or(done)
    }

    pub(super) fn before(&self) -> Option<char> {
        self.text.get(..self.at).and_then(|done| done.chars().next_back())
    }

    pub(super) fn copy(&mut self, letter: char, out: &mut String) {
        self.at = self.at.saturating_add(letter.len_utf8());
        out.push(letter);
    }

    pub(super) fn run(&mut self, is_in: impl Fn(char) -> bool) -> &'t str {
        let rest = self.rest();
        let taken = rest.get(..rest.find(|letter| !is_in(letter)).unwrap_or(rest.len())).unwrap_or_default();
        self.at = self.at.saturating_add(taken.len());
        taken
    }

    /// Who chose the keys here.
    pub(super) fn keys(&self) -> Keys {
        self.open.last().map_or(self.top, |frame| frame.keys)
    }

    pub(super) fn enter(&mut self, letter: char) {
        let close = match letter {
            '{' => '}',
            '[' => ']',
            _ => ')',
        };
        let listed = self.open.last().is_some_and(|frame| frame.close == ']');
        let around = self.keys();
        let keys = match self.language {
            _ if letter == '(' => around,
            Language::Json if listed => around,
            Language::Json => around.under(&self.key, letter == '['),
            // In a block the format chooses, in an object the author may.
            // A block of the top.
            _ if self.open.is_empty() && !self.is_assigned() => {
                if matches!(self.key.as_str(), "locals" | "module") {
                    Keys::Author
                } else {
                    Keys::Format
                }
            }
            _ if self.in_value() => {
                if self.is_bicep_resource() {
                    around
                } else {
                    Keys::Author
                }
            }
            _ => Keys::Format,
        };
        let key = std::mem::take(&mut self.key);
        self.key = if letter == '{' { String::new() } else { key.clone() };
        self.open.push(Frame { close, keys, key });
    }

    /// Whether what opens here is a value, and no block.
    fn in_value(&self) -> bool {
        let line = self.line();
        self.keys() == Keys::Author || self.open.last().is_some_and(|frame| frame.close != '}') || line.contains(['=', ':'])
    }

    /// Whether a value is assigned on this line.
    fn is_assigned(&self) -> bool {
        self.line().contains('=')
    }

    /// Whether what opens here belongs to a resource in Bicep, whose objects have the keys of the format.
    fn is_bicep_resource(&self) -> bool {
        self.language == Language::Bicep && {
            let line = self.line().trim_start();
            let owns = ["var ", "param ", "module ", "output ", "type "].iter().any(|word| line.starts_with(word));
            !owns && self.keys() == Keys::Format && Keys::Format.under(&self.key, false) != Keys::Author
        }
    }

    /// A comment that begins here, with its mark.
    pub(super) fn comment(&self) -> Option<(&'static str, &'t str)> {
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
    pub(super) fn quoted(&mut self, quote: char) -> (usize, &'t str, bool) {
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
    fn end_of_string(&mut self, inner: &str, quote: char) -> Option<usize> {
        let expressions = self.language != Language::Json && self.vain < VAIN;
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
                _ if depth > 0 && at > LONGEST => break,
                _ => {}
            }
            before = letter;
        }
        self.vain = self.vain.saturating_add(u8::from(depth > 0));
        inner.find(quote).filter(|_| depth > 0)
    }

    /// Whether what was just read is a key: of an object, or a name to which something is assigned.
    pub(super) fn is_key(&self) -> bool {
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

    /// Whether the string that was just read is the type of a resource.
    pub(super) fn is_type(&self) -> bool {
        let line = self.line().trim_start();
        let typed = ["resource \"", "data \""].iter().find_map(|head| line.strip_prefix(head));
        self.language == Language::Hcl && self.open.is_empty() && typed.is_some_and(|label| label.matches('"').count() == 1)
    }

    /// A `len` right behind an `addr`, as nft prints prefixes.
    pub(super) fn length_behind(&self) -> Option<u8> {
        let rest = self.rest().trim_start().strip_prefix(',')?.trim_start().strip_prefix("\"len\"")?;
        let digits = rest.trim_start().strip_prefix(':')?.trim_start();
        digits.get(..digits.find(|letter: char| !letter.is_ascii_digit())?)?.parse().ok()
    }
}
