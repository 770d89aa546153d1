//! A place in a text, and what stands between words: blanks, line breaks and comments.
//!
//! Whoever reads something begins at its first byte and ends behind the blanks that follow it, so none are read twice.

use std::collections::HashMap;

use crate::model::Span;

/// What can't be read, in one sentence, and at which byte of the text.
#[derive(Debug)]
pub(super) struct Wrong {
    pub(super) message: &'static str,
    pub(super) at: usize,
}

pub(super) type Read<T> = Result<T, Wrong>;

/// Expressions, templates and blocks inside each other: deeper ones would let hostile text overflow the stack.
const DEPTH: u32 = 64;

/// Operators behind each other make a tree as high as they are many.
const CHAIN: u32 = 128;

/// The last line on which a word stands alone, by the word: only there can a heredoc end.
pub(super) type Ends<'t> = HashMap<&'t str, usize>;

/// The places where heredocs can end.
pub(super) fn ends(text: &str) -> Ends<'_> {
    let mut ends = Ends::new();
    if text.contains("<<") {
        let mut at = 0_usize;
        for line in text.split_inclusive('\n') {
            let word = line.trim();
            if word.starts_with(starts_name) && word.chars().all(continues_name) {
                ends.insert(word, at);
            }
            at = at.saturating_add(line.len());
        }
    }
    ends
}

pub(super) struct Reader<'t> {
    pub(super) text: &'t str,
    /// The next byte.
    pub(super) at: usize,
    /// The byte behind the last word.
    pub(super) end: usize,
    /// What the first byte of the text is called in the document.
    from: usize,
    /// Where everything stands, if the text has no places of its own.
    fixed: Option<Span>,
    pub(super) ends: &'t Ends<'t>,
    /// Whether line breaks are blanks, as they are between brackets.
    pub(super) wraps: bool,
    depth: u32,
    /// How high the operators of the expression at hand are piled.
    pub(super) chained: u32,
    /// No comment ends behind this byte.
    no_comment: usize,
}

impl<'t> Reader<'t> {
    pub(super) const fn new(text: &'t str, from: usize, fixed: Option<Span>, ends: &'t Ends<'t>) -> Self {
        Self { text, at: 0, end: 0, from, fixed, ends, wraps: false, depth: 0, chained: 0, no_comment: usize::MAX }
    }

    /// Begins anew at a byte, inside nothing.
    pub(super) const fn restart(&mut self, at: usize) {
        (self.at, self.end, self.wraps, self.depth, self.chained) = (at, at, false, 0, 0);
    }

    pub(super) fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// The next byte; 0 at the end.
    pub(super) fn byte(&self) -> u8 {
        self.text.as_bytes().get(self.at).copied().unwrap_or(0)
    }

    pub(super) const fn is_end(&self) -> bool {
        self.at >= self.text.len()
    }

    pub(super) fn starts(&self, word: &str) -> bool {
        self.rest().starts_with(word)
    }

    pub(super) const fn skip(&mut self, bytes: usize) {
        self.at = self.at.saturating_add(bytes);
    }

    /// Goes over a word and the blanks behind it.
    pub(super) fn take(&mut self, bytes: usize) {
        self.skip(bytes);
        self.end = self.at;
        self.space();
    }

    /// Goes over a byte that must stand here.
    pub(super) fn expect(&mut self, byte: u8, message: &'static str) -> Read<()> {
        if self.byte() != byte {
            return self.fail(message);
        }
        self.take(1);
        Ok(())
    }

    /// Goes over blanks and comments, and over line breaks where they are blanks. A comment that never ends is none.
    pub(super) fn space(&mut self) {
        loop {
            match self.byte() {
                b' ' | b'\t' | b'\r' => self.skip(1),
                b'\n' if self.wraps => self.skip(1),
                b'#' if self.wraps => self.pass_line(),
                b'/' if self.wraps && self.starts("//") => self.pass_line(),
                b'/' if self.starts("/*") && self.at < self.no_comment => match self.rest().find("*/") {
                    Some(length) => self.skip(length.saturating_add(2)),
                    None => self.no_comment = self.at,
                },
                _ => return,
            }
        }
    }

    /// Goes over blanks, comments and line breaks.
    pub(super) fn lines(&mut self) {
        let wraps = std::mem::replace(&mut self.wraps, true);
        self.space();
        self.wraps = wraps;
    }

    pub(super) fn pass_line(&mut self) {
        let length = memchr::memchr(b'\n', self.rest().as_bytes()).unwrap_or(self.rest().len());
        self.skip(length);
    }

    /// The name that stands here; empty where none does.
    pub(super) fn word(&self) -> &'t str {
        let rest = self.rest();
        let length = if rest.starts_with(starts_name) { rest.find(|letter| !continues_name(letter)).unwrap_or(rest.len()) } else { 0 };
        rest.get(..length).unwrap_or_default()
    }

    /// Goes over a name that must stand here.
    pub(super) fn name(&mut self, message: &'static str) -> Read<&'t str> {
        let name = self.word();
        if name.is_empty() {
            return self.fail(message);
        }
        self.take(name.len());
        Ok(name)
    }

    /// From a byte to the end of the last word, as bytes of the document.
    pub(super) fn span(&self, start: usize) -> Span {
        let at = |byte: usize| u32::try_from(byte.saturating_add(self.from)).unwrap_or(u32::MAX);
        self.fixed.unwrap_or_else(|| Span { start: at(start), end: at(self.end) })
    }

    /// One level deeper, unless that is too deep.
    pub(super) fn enter(&mut self) -> Read<()> {
        if self.depth >= DEPTH {
            return Err(Wrong { message: "this stands in more than 64 others", at: self.at });
        }
        self.depth = self.depth.saturating_add(1);
        Ok(())
    }

    pub(super) const fn leave(&mut self) {
        self.depth = self.depth.saturating_sub(1);
    }

    /// One more operator, unless there are too many.
    pub(super) fn chain(&mut self) -> Read<()> {
        self.chained = self.chained.saturating_add(1);
        if self.chained > CHAIN {
            return Err(Wrong { message: "this expression has more than 128 operators behind each other", at: self.at });
        }
        Ok(())
    }

    /// What is wrong here; some mistakes have a sentence of their own wherever they stand.
    pub(super) fn fail<T>(&self, message: &'static str) -> Read<T> {
        let message = match self.byte() {
            b'/' if self.starts("/*") => "this comment is never closed",
            b'.' if self.starts("...") => "something was left out here; paste all of it",
            b'\'' => "text stands in double quotes (\"), not in single ones",
            _ if self.starts("\u{201c}") || self.starts("\u{201d}") => "text stands in straight quotes (\"), not in curly ones",
            _ => message,
        };
        Err(Wrong { message, at: self.at })
    }
}

fn starts_name(letter: char) -> bool {
    letter.is_alphabetic() || letter == '_'
}

fn continues_name(letter: char) -> bool {
    letter.is_alphanumeric() || matches!(letter, '_' | '-')
}
