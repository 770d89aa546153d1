//! Cuts a file between its top-level blocks before anything is parsed: a broken block costs itself alone, and the parser's
//! tree, which is many times larger than the text, exists for one block at a time.

use std::ops::Range;

/// A part of a file that ends with a line break outside of all brackets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) range: Range<usize>,
    /// How many entries the largest object has, at most.
    pub(super) entries: usize,
}

/// What the cursor stands in.
enum Inside<'t> {
    /// `{` of a block.
    Block,
    /// `(`, `[`, `{` of an object, or `${`: what closes it, and how many entries there were.
    Bracket(u8, usize),
    Quotes,
    Heredoc(&'t str),
}

/// The pieces of a text; together they cover it.
pub(super) fn pieces(text: &str) -> Vec<Piece> {
    let mut cutter = Cutter { text, at: 0, from: 0, largest: 0, inside: Vec::new(), pieces: Vec::new(), previous: b'\n' };
    while cutter.at < text.len() {
        cutter.step();
    }
    cutter.end_piece(text.len());
    cutter.pieces
}

struct Cutter<'t> {
    text: &'t str,
    at: usize,
    from: usize,
    largest: usize,
    inside: Vec<Inside<'t>>,
    pieces: Vec<Piece>,
    /// The last byte that was no space.
    previous: u8,
}

impl<'t> Cutter<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn byte(&self, ahead: usize) -> u8 {
        self.text.as_bytes().get(self.at.saturating_add(ahead)).copied().unwrap_or(b'\n')
    }

    fn skip(&mut self, bytes: usize) {
        self.at = self.at.saturating_add(bytes.max(1));
    }

    fn end_piece(&mut self, end: usize) {
        if end > self.from {
            self.pieces.push(Piece { range: self.from..end, entries: std::mem::take(&mut self.largest) });
        }
        self.from = end;
    }

    fn step(&mut self) {
        let template = matches!(self.inside.last(), Some(Inside::Quotes | Inside::Heredoc(_)));
        if template {
            match (self.byte(0), self.byte(1), self.byte(2)) {
                (b'$', b'$', b'{') | (b'%', b'%', b'{') => return self.skip(3),
                (b'$' | b'%', b'{', _) => {
                    self.inside.push(Inside::Bracket(b'}', 0));
                    return self.skip(2);
                }
                _ => {}
            }
        }
        match self.inside.last() {
            Some(Inside::Quotes) => self.in_quotes(),
            Some(Inside::Heredoc(word)) => self.in_heredoc(word),
            _ => self.in_code(),
        }
    }

    fn in_quotes(&mut self) {
        match self.byte(0) {
            b'\\' => self.skip(2),
            b'"' => {
                self.inside.pop();
                self.skip(1);
            }
            // Most of a text is neither a quote nor the start of a template.
            _ => {
                let rest = self.rest().as_bytes().iter().skip(1);
                self.skip(rest.take_while(|byte| !matches!(byte, b'"' | b'\\' | b'$' | b'%')).count().saturating_add(1));
            }
        }
    }

    fn in_heredoc(&mut self, word: &str) {
        if self.byte(0) == b'\n' {
            let line = self.text.get(self.at.saturating_add(1)..).unwrap_or_default();
            let indented = line.trim_start_matches([' ', '\t']);
            let ends = indented.strip_prefix(word).is_some_and(|after| !after.bytes().next().is_some_and(is_word));
            if ends {
                self.inside.pop();
                return self.skip(1_usize.saturating_add(line.len().saturating_sub(indented.len())).saturating_add(word.len()));
            }
        }
        self.skip(1);
    }

    fn in_code(&mut self) {
        let byte = self.byte(0);
        match (byte, self.byte(1)) {
            (b'#', _) | (b'/', b'/') => {
                let line = memchr::memchr(b'\n', self.rest().as_bytes()).unwrap_or(self.rest().len());
                return self.skip(line);
            }
            (b'/', b'*') => {
                let end = self.rest().find("*/").map_or(self.rest().len(), |end| end.saturating_add(2));
                return self.skip(end);
            }
            (b'<', b'<') => {
                let dash = usize::from(self.byte(2) == b'-');
                let after = self.rest().get(2_usize.saturating_add(dash)..).unwrap_or_default();
                let length = after.bytes().take_while(|byte| is_word(*byte)).count();
                if let Some(word) = after.get(..length).filter(|word| !word.is_empty()) {
                    self.inside.push(Inside::Heredoc(word));
                    return self.skip(length.saturating_add(2).saturating_add(dash));
                }
            }
            (b'"', _) => self.inside.push(Inside::Quotes),
            (b'(', _) => self.inside.push(Inside::Bracket(b')', 0)),
            (b'[', _) => self.inside.push(Inside::Bracket(b']', 0)),
            (b'{', _) => {
                // A block stands in blocks only.
                let in_block = matches!(self.inside.last(), None | Some(Inside::Block));
                let block = in_block && (is_word(self.previous) || self.previous == b'"');
                self.inside.push(if block { Inside::Block } else { Inside::Bracket(b'}', 0) });
            }
            (b'}', _) if matches!(self.inside.last(), Some(Inside::Block)) => {
                self.inside.pop();
            }
            (b'}' | b')' | b']', _) => {
                if matches!(self.inside.last(), Some(Inside::Bracket(close, _)) if *close == byte) {
                    self.inside.pop();
                }
            }
            (b'=' | b':', _) => {
                if let Some(Inside::Bracket(_, entries)) = self.inside.last_mut() {
                    *entries = entries.saturating_add(1);
                    self.largest = self.largest.max(*entries);
                }
            }
            (b'\n', _) if self.inside.is_empty() => self.end_piece(self.at.saturating_add(1)),
            _ => {}
        }
        if !byte.is_ascii_whitespace() {
            self.previous = byte;
        }
        self.skip(1);
    }
}

const fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | 0x80..)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str) -> Vec<&str> {
        pieces(text).into_iter().map(|piece| &text[piece.range]).collect()
    }

    #[test]
    fn pieces_end_where_blocks_do() {
        let text = "a = 1\nb \"}\" {\n  x = \"${f(\"\n\")} {\" # {\n  y = <<-E\n  } ${\"E\"}\n  E\n}\n/* { \n */ c = [\n]";
        assert_eq!(cut(text), ["a = 1\n", &text[6..text.find("/*").unwrap()], "/* { \n */ c = [\n]"]);
        assert_eq!(cut(text).concat(), text);
    }

    #[test]
    fn only_entries_of_objects_count() {
        let block = format!("a \"b\" {{\n{}}}\n", "  x = 1\n".repeat(50));
        assert_eq!(pieces(&block)[0].entries, 0);
        assert_eq!(pieces("a \"b\" {\n  x = { a = 1, b = 2 }\n}\n")[0].entries, 2);
    }

    #[test]
    fn any_text_is_covered() {
        for text in ["", "\\", "\"", "\"\\", "\"$", "\"%{", "<<", "<<-", "<<A", "/*", "/", "{", "}", "ü\"ü", "\"%\u{fc}$"] {
            assert_eq!(cut(text).concat(), text, "{text}");
        }
    }
}
