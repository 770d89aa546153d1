//! YAML, line by line: keys, values, comments and blocks of text. A list or a map on one line is read as words.

use super::Scrub;
use super::code::{is_prose, is_version};
use super::walk::Keys;

/// An object that is open: how far its keys are indented, and who chose them.
struct Level {
    indent: usize,
    keys: Keys,
    /// Its latest key.
    key: String,
    /// It is an item of a list.
    listed: bool,
}

/// A text that goes on over several lines.
enum Text {
    /// Of a key that is indented so far; whether it is prose.
    Block(usize, bool),
    /// Until a quote.
    Quoted(char, bool),
}

impl Scrub {
    /// Walks a text in YAML.
    pub(super) fn yaml(&mut self, text: &str, out: &mut String) {
        let mut levels: Vec<Level> = Vec::new();
        let mut open: Option<Text> = None;
        for line in text.split_inclusive('\n') {
            let body = line.trim_end_matches(['\n', '\r']);
            self.yaml_line(body, &mut levels, &mut open, out);
            out.push_str(line.get(body.len()..).unwrap_or_default());
        }
    }

    fn yaml_line(&mut self, line: &str, levels: &mut Vec<Level>, open: &mut Option<Text>, out: &mut String) {
        let content = line.trim_start_matches(' ');
        let mut indent = line.len().saturating_sub(content.len());
        match open {
            Some(Text::Block(key, prose)) if content.is_empty() || indent > *key => {
                out.push_str(line.get(..indent).unwrap_or_default());
                return if *prose { self.prose(content, out) } else { self.scan(content, content.contains("${"), out) };
            }
            Some(Text::Quoted(quote, prose)) => {
                let (quote, prose) = (*quote, *prose);
                let end = content.find(quote);
                let inner = content.get(..end.unwrap_or(content.len())).unwrap_or_default();
                out.push_str(line.get(..indent).unwrap_or_default());
                if prose {
                    self.prose(inner, out)
                } else {
                    self.scan(inner, false, out)
                }
                if let Some(end) = end {
                    *open = None;
                    self.yaml_rest(content.get(end..).unwrap_or_default(), out);
                }
                return;
            }
            _ => *open = None,
        }
        out.push_str(line.get(..indent).unwrap_or_default());
        let mut rest = content;
        let mut listed = false;
        while let Some(item) = rest.strip_prefix("- ") {
            let spaces = item.len().saturating_sub(item.trim_start_matches(' ').len());
            out.push_str("- ");
            out.push_str(item.get(..spaces).unwrap_or_default());
            indent = indent.saturating_add(2).saturating_add(spaces);
            rest = item.trim_start_matches(' ');
            listed = true;
        }
        if rest.is_empty() || rest == "-" || rest.starts_with("---") || rest == "..." {
            return out.push_str(rest);
        }
        if rest.starts_with('#') {
            return self.comment("#", "", out);
        }
        let Some((key, colon)) = key(rest) else {
            let prose = levels.last().is_some_and(|level| is_prose(&level.key));
            return self.yaml_value(rest, indent, prose, open, out);
        };
        while levels.last().is_some_and(|level| level.indent > indent || level.indent == indent && listed) {
            levels.pop();
        }
        if levels.last().is_none_or(|level| level.indent < indent) {
            let keys = levels.last().map_or(Keys::Format, |parent| {
                let under = parent.keys.under(&parent.key, listed);
                if listed && under != Keys::Author { Keys::Format } else { under }
            });
            levels.push(Level { indent, keys, key: String::new(), listed });
        }
        let keys = levels.last().map_or(Keys::Format, |level| level.keys);
        if let Some(level) = levels.last_mut() {
            level.key = key.trim_matches(['"', '\'']).to_owned();
            level.listed = listed;
        }
        let quote: String = key.chars().take(1).filter(|letter| matches!(letter, '"' | '\'')).collect();
        out.push_str(&quote);
        self.key(keys, key.trim_matches(['"', '\'']), out);
        out.push_str(&quote);
        let value = rest.get(colon..).unwrap_or_default();
        let gap = value.len().saturating_sub(value.trim_start_matches([':', ' ']).len());
        out.push_str(value.get(..gap).unwrap_or_default());
        if is_version(key.trim_matches(['"', '\''])) {
            let own = value.get(gap..).unwrap_or_default();
            let end = own.find(" #").unwrap_or(own.len());
            return out.push_str(own.get(..end).unwrap_or_default());
        }
        let prose = is_prose(key.trim_matches(['"', '\'']));
        self.yaml_value(value.get(gap..).unwrap_or_default(), indent, prose, open, out);
    }

    /// What stands behind a key or a dash.
    fn yaml_value(&mut self, value: &str, indent: usize, prose: bool, open: &mut Option<Text>, out: &mut String) {
        let tag = value.len().saturating_sub(untagged(value).len());
        out.push_str(value.get(..tag).unwrap_or_default());
        let value = untagged(value);
        if value.starts_with(['|', '>']) && value.len() < 20 {
            *open = Some(Text::Block(indent, prose));
            return self.yaml_rest(value, out);
        }
        if let Some(quote) = value.chars().next().filter(|letter| matches!(letter, '"' | '\'')) {
            let inner = value.get(1..).unwrap_or_default();
            let end = closing(inner, quote);
            out.push(quote);
            let own = inner.get(..end.unwrap_or(inner.len())).unwrap_or_default();
            if prose {
                self.prose(own, out)
            } else {
                self.scan(own, own.starts_with('[') || own.contains("${"), out)
            }
            return match end {
                Some(end) => self.yaml_rest(inner.get(end..).unwrap_or_default(), out),
                None => *open = Some(Text::Quoted(quote, prose)),
            };
        }
        let (own, comment) =
            value.find(" #").map_or((value, ""), |at| (value.get(..at).unwrap_or(value), value.get(at..).unwrap_or_default()));
        if value.starts_with('#') {
            return self.comment("#", "", out);
        }
        if prose && !own.starts_with(['{', '[']) {
            self.prose(own, out)
        } else {
            self.scan(own, own.contains("${"), out)
        }
        if !comment.is_empty() {
            self.comment(" #", "", out);
        }
    }

    /// What follows a value on its line: punctuation, and a comment.
    fn yaml_rest(&mut self, rest: &str, out: &mut String) {
        let (own, comment) = rest.find(" #").map_or((rest, false), |at| (rest.get(..at).unwrap_or(rest), true));
        self.scan(own, false, out);
        if comment {
            self.comment(" #", "", out);
        }
    }
}

/// The key of a line, and where its colon is.
fn key(line: &str) -> Option<(&str, usize)> {
    if let Some(quote) = line.chars().next().filter(|letter| matches!(letter, '"' | '\'')) {
        let end = line.get(1..)?.find(quote)?.saturating_add(2);
        return line.get(end..)?.starts_with(':').then_some((line.get(..end)?, end));
    }
    if line.starts_with(['{', '[', '!', '&', '*', '|', '>']) {
        return None;
    }
    let colon = line.find(": ").or_else(|| line.ends_with(':').then(|| line.len().saturating_sub(1)))?;
    Some((line.get(..colon)?, colon)).filter(|(key, _)| !key.contains(" #"))
}

/// A value without its tags and anchors, such as `!Ref`, which belong to the format.
fn untagged(value: &str) -> &str {
    let mut value = value;
    while value.starts_with('!') {
        let Some((_, rest)) = value.split_once(' ') else { return value.get(value.len()..).unwrap_or_default() };
        value = rest.trim_start_matches(' ');
    }
    value
}

/// Where a quoted text ends.
fn closing(inner: &str, quote: char) -> Option<usize> {
    let mut escaped = false;
    let mut letters = inner.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        match letter {
            _ if escaped => escaped = false,
            '\\' if quote == '"' => escaped = true,
            '\'' if quote == '\'' && letters.next_if(|(_, next)| *next == '\'').is_some() => {}
            _ if letter == quote => return Some(at),
            _ => {}
        }
    }
    None
}
