//! Bicep's text, letter by letter: white space, comments, names, and stepping over what is not read.

use crate::model::Span;

/// How deep brackets and strings may be nested; a browser's stack is small.
pub(super) const DEPTH: u32 = 64;

/// A place in the text.
pub(super) struct Scanner<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Scanner<'t> {
    pub(super) const fn new(text: &'t str) -> Self {
        Self { text, at: 0 }
    }

    pub(super) const fn at(&self) -> usize {
        self.at
    }

    pub(super) const fn go_to(&mut self, at: usize) {
        self.at = at;
    }

    pub(super) fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    pub(super) fn is_done(&self) -> bool {
        self.rest().is_empty()
    }

    /// From `start` to here.
    pub(super) fn span(&self, start: usize) -> Span {
        let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Span { start: offset(start), end: offset(self.at) }
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    pub(super) fn next(&mut self) -> Option<char> {
        let letter = self.peek()?;
        self.at = self.at.saturating_add(letter.len_utf8());
        Some(letter)
    }

    /// Takes `wanted` if it stands here.
    pub(super) fn eat(&mut self, wanted: &str) -> bool {
        let found = self.rest().starts_with(wanted);
        if found {
            self.at = self.at.saturating_add(wanted.len());
        }
        found
    }

    /// Takes `word` if it stands here as a whole word.
    pub(super) fn eat_word(&mut self, word: &str) -> bool {
        let found = self.rest().strip_prefix(word).is_some_and(|rest| !rest.starts_with(is_name));
        found && self.eat(word)
    }

    /// White space and comments of one line.
    pub(super) fn space(&mut self) {
        loop {
            let rest = self.rest();
            let skipped = if rest.starts_with("//") {
                rest.find('\n').unwrap_or(rest.len())
            } else if rest.starts_with("/*") {
                rest.find("*/").map_or(rest.len(), |end| end.saturating_add(2))
            } else {
                rest.len().saturating_sub(rest.trim_start_matches([' ', '\t', '\r']).len())
            };
            if skipped == 0 {
                return;
            }
            self.at = self.at.saturating_add(skipped);
        }
    }

    /// White space and comments of several lines, and compiler directives.
    pub(super) fn blank(&mut self) {
        loop {
            self.space();
            if self.rest().starts_with('#') {
                self.at = self.at.saturating_add(self.rest().find('\n').unwrap_or(self.rest().len()));
            } else if !self.eat("\n") {
                return;
            }
        }
    }

    /// A name.
    pub(super) fn name(&mut self) -> Option<&'t str> {
        let rest = self.rest();
        let end = rest.find(|letter| !is_name(letter)).unwrap_or(rest.len());
        let name = rest.get(..end).filter(|name| name.starts_with(|letter: char| letter.is_alphabetic() || letter == '_'))?;
        self.at = self.at.saturating_add(end);
        Some(name)
    }

    /// Steps over a statement: to the end of the line on which all of its brackets are closed.
    pub(super) fn skip_statement(&mut self) {
        let mut open = 0_u32;
        loop {
            self.space();
            match self.peek() {
                None => return,
                Some('\n') if open == 0 => return,
                Some('\'') => self.skip_string(DEPTH),
                Some(letter) => {
                    match letter {
                        '{' | '[' | '(' => open = open.saturating_add(1),
                        '}' | ']' | ')' => open = open.saturating_sub(1),
                        _ => {}
                    }
                    self.next();
                }
            }
        }
    }

    fn skip_string(&mut self, depth: u32) {
        if self.eat("'''") {
            let rest = self.rest();
            self.at = self.at.saturating_add(rest.find("'''").map_or(rest.len(), |end| end.saturating_add(3)));
            return;
        }
        self.next();
        loop {
            if self.eat("${") {
                let Some(deeper) = depth.checked_sub(1) else { return };
                while let Some(letter) = self.peek().filter(|letter| !"}\n".contains(*letter)) {
                    if letter == '\'' { self.skip_string(deeper) } else { self.at = self.at.saturating_add(letter.len_utf8()) }
                }
                self.eat("}");
                continue;
            }
            match self.peek() {
                None | Some('\n') => return,
                Some(letter) => {
                    self.next();
                    match letter {
                        '\\' => drop(self.next()),
                        '\'' => return,
                        _ => {}
                    }
                }
            }
        }
    }
}

fn is_name(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}
