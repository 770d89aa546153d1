//! Templates, between quotes, in heredocs and in strings of JSON: literals with values and directives between them.

use super::directives;
use super::indent;
use super::reader::{Read, Reader, Wrong};
use super::{Each, Expr, ExprKind};

/// A piece of a template as the text has it.
pub(super) struct Piece {
    pub(super) kind: Kind,
    /// Where it stands in the text.
    pub(super) at: usize,
    /// `~`: the white space before it goes.
    pub(super) strips_before: bool,
    pub(super) strips_after: bool,
}

pub(super) enum Kind {
    Literal(String),
    Value(Expr),
    If(Expr),
    Else,
    EndIf,
    For(Each),
    EndFor,
}

/// Where a template ends.
#[derive(Clone, Copy)]
enum End<'t> {
    Quote,
    /// With a line on which the word stands alone.
    Word(&'t str),
    Text,
}

impl<'t> Reader<'t> {
    /// A template between quotes.
    pub(super) fn quoted(&mut self) -> Read<ExprKind> {
        let start = self.at;
        self.skip(1);
        let pieces = self.pieces(End::Quote, start)?;
        self.take(1);
        directives::gather(pieces)
    }

    /// A template from here to the end of the text.
    pub(super) fn whole(&mut self) -> Read<ExprKind> {
        let pieces = self.pieces(End::Text, self.at)?;
        directives::gather(pieces)
    }

    /// `<<WORD`, the lines of a template, and a line with the word alone. `<<-` takes away how far all lines are indented.
    pub(super) fn heredoc(&mut self) -> Read<ExprKind> {
        let start = self.at;
        self.skip(2);
        let indented = self.byte() == b'-';
        self.skip(usize::from(indented));
        let word = self.word();
        self.skip(word.len());
        let line = self.rest().split('\n').next().unwrap_or_default();
        if word.is_empty() || !line.trim().is_empty() {
            return Err(Wrong { message: "a heredoc begins with `<<` and one word at the end of a line", at: start });
        }
        self.skip(line.len());
        if self.ends.get(word).is_none_or(|end| *end < self.at) {
            return Err(Wrong { message: UNENDED, at: start });
        }
        self.skip(1);
        let mut pieces = if self.ends_heredoc(word) { Vec::new() } else { self.pieces(End::Word(word), start)? };
        let line = self.rest().split(word).next().unwrap_or_default();
        self.take(line.len().saturating_add(word.len()));
        if indented {
            indent::take_away(&mut pieces);
        }
        directives::gather(pieces)
    }

    /// Whether the line that begins here is the end of a heredoc.
    fn ends_heredoc(&self, word: &str) -> bool {
        self.rest().split('\n').next().is_some_and(|line| line.trim() == word)
    }

    /// The pieces up to what ends the template, which begins at `start`.
    fn pieces(&mut self, end: End<'_>, start: usize) -> Read<Vec<Piece>> {
        let (mut pieces, mut literal, mut from) = (Vec::new(), String::new(), self.at);
        let mut open = 0_u32;
        loop {
            let rest = self.rest();
            let plain = rest.bytes().position(|byte| matches!(byte, b'"' | b'\\' | b'\n' | b'$' | b'%')).unwrap_or(rest.len());
            literal.push_str(rest.get(..plain).unwrap_or_default());
            self.skip(plain);
            let done = match end {
                End::Quote if self.is_end() || self.byte() == b'\n' => {
                    return Err(Wrong { message: "this text is not closed on its line; a quote (\") is missing", at: start });
                }
                End::Word(_) if self.is_end() => return Err(Wrong { message: UNENDED, at: start }),
                End::Quote => self.byte() == b'"',
                End::Word(word) if self.byte() == b'\n' => {
                    self.skip(1);
                    literal.push('\n');
                    if !self.ends_heredoc(word) {
                        continue;
                    }
                    true
                }
                End::Word(_) => false,
                End::Text => self.is_end(),
            };
            let control = matches!(self.rest().as_bytes(), [b'$' | b'%', b'{', ..]);
            if (done || control) && !literal.is_empty() {
                let kind = Kind::Literal(std::mem::take(&mut literal));
                pieces.push(Piece { kind, at: from, strips_before: false, strips_after: false });
            }
            if done {
                return Ok(pieces);
            }
            if control {
                let piece = self.control()?;
                match piece.kind {
                    Kind::If(_) | Kind::For(_) => {
                        self.enter()?;
                        open = open.saturating_add(1);
                    }
                    Kind::EndIf | Kind::EndFor if open > 0 => {
                        self.leave();
                        open = open.saturating_sub(1);
                    }
                    _ => {}
                }
                pieces.push(piece);
                from = self.at;
            } else if self.starts("$${") || self.starts("%%{") {
                literal.push(char::from(self.byte()));
                literal.push('{');
                self.skip(3);
            } else if matches!(end, End::Quote) && self.byte() == b'\\' {
                literal.push(self.escaped()?);
            } else {
                literal.push(char::from(self.byte()));
                self.skip(1);
            }
        }
    }

    /// `${value}` or `%{directive}`.
    fn control(&mut self) -> Read<Piece> {
        let (at, value) = (self.at, self.byte() == b'$');
        self.skip(2);
        let strips_before = self.byte() == b'~';
        self.skip(usize::from(strips_before));
        let wraps = std::mem::replace(&mut self.wraps, true);
        self.space();
        let kind = if value { Kind::Value(self.nested()?) } else { self.directive()? };
        let strips_after = self.byte() == b'~';
        self.skip(usize::from(strips_after));
        self.wraps = wraps;
        if self.byte() != b'}' {
            return self.fail(if value {
                "a `}` that ends this `${` is missing here"
            } else {
                "a `}` that ends this `%{` is missing here"
            });
        }
        self.skip(1);
        Ok(Piece { kind, at, strips_before, strips_after })
    }

    fn directive(&mut self) -> Read<Kind> {
        let word = self.word();
        let kind = match word {
            "for" => return self.each().map(Kind::For),
            "if" => {
                self.take(word.len());
                return self.nested().map(Kind::If);
            }
            "else" => Kind::Else,
            "endif" => Kind::EndIf,
            "endfor" => Kind::EndFor,
            _ => return self.fail("`%{` is followed by if, else, endif, for or endfor"),
        };
        self.take(word.len());
        Ok(kind)
    }

    /// The character behind a backslash.
    fn escaped(&mut self) -> Read<char> {
        let code = self.rest().as_bytes().get(1).copied().unwrap_or(0);
        let (character, digits): (_, usize) = match code {
            b'n' => (Some('\n'), 0),
            b'r' => (Some('\r'), 0),
            b't' => (Some('\t'), 0),
            b'"' | b'\\' => (Some(char::from(code)), 0),
            b'u' => (self.unicode(4), 4),
            b'U' => (self.unicode(8), 8),
            _ => return self.fail("this escape is not one of HCL's; a backslash is written `\\\\`"),
        };
        let Some(character) = character else { return self.fail("this escape names no character") };
        self.skip(digits.saturating_add(2));
        Ok(character)
    }

    fn unicode(&self, digits: usize) -> Option<char> {
        let digits = self.rest().get(2..digits.saturating_add(2))?;
        let code = digits.bytes().all(|digit| digit.is_ascii_hexdigit()).then(|| u32::from_str_radix(digits, 16).ok())??;
        char::from_u32(code)
    }
}

const UNENDED: &str = "this heredoc never ends: no line has its word alone";
