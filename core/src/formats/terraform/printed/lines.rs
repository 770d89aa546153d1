//! From the printed lines to configuration: every byte stays where it was, and what is not part of what there will be is blank.

use super::words::{self, Fate};
use crate::model::Span;

/// A printed resource.
pub(super) struct Block<'t> {
    pub(super) address: &'t str,
    pub(super) fate: Fate,
    /// The line with its address.
    pub(super) at: Span,
    /// The byte at which it begins.
    pub(super) from: usize,
    /// What it says, as configuration.
    pub(super) configuration: String,
}

/// What stands for something that is counted and left out.
pub(super) const HIDDEN: &str = "hidden";

/// Brackets inside each other; configuration that is deeper can't be read either.
const DEPTH: usize = 64;

/// The printed resources of a text, in their order.
pub(super) fn blocks(text: &str) -> Vec<Block<'_>> {
    let (mut blocks, mut at, mut open) = (Vec::new(), 0_usize, None);
    let mut lines = text.split_inclusive('\n');
    while let Some(line) = lines.next() {
        let start = at;
        at = at.saturating_add(line.len());
        let plain = words::plain(line);
        if let Some((address, fate)) = words::heading(line, &plain) {
            open = Some((address, fate, span(start, line)));
        } else if let Some((address, fate, heading)) = open.take() {
            if words::opens(&plain) {
                let mut rewriter = Rewriter { bytes: plain.into_owned().into_bytes(), ..Rewriter::default() };
                rewriter.line(0);
                let mut rest = lines.clone();
                while !rewriter.open.is_empty() {
                    let Some(line) = rest.next() else { break };
                    let plain = words::plain(line);
                    // A print that breaks off ends where the next one begins.
                    if words::heading(line, &plain).is_some() {
                        break;
                    }
                    let from = rewriter.bytes.len();
                    rewriter.bytes.extend_from_slice(plain.as_bytes());
                    rewriter.line(from);
                    at = at.saturating_add(line.len());
                    lines = rest.clone();
                }
                let configuration = String::from_utf8_lossy(&rewriter.bytes).into_owned();
                blocks.push(Block { address, fate, at: heading, from: start, configuration });
            } else if plain.trim_start().starts_with('#') {
                // Why, and from where it moved.
                open = Some((address, fate, heading));
            }
        }
    }
    blocks
}

fn span(start: usize, line: &str) -> Span {
    let byte = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    let indent = line.len().saturating_sub(line.trim_start().len());
    Span { start: byte(start.saturating_add(indent)), end: byte(start.saturating_add(line.trim_end().len())) }
}

/// Makes configuration of the lines of a block.
#[derive(Default)]
struct Rewriter {
    bytes: Vec<u8>,
    open: Vec<Open>,
    /// What was opened by a line that is removed: all up to its end goes, too.
    removing: Option<usize>,
    /// The word that ends the heredoc at hand.
    heredoc: Option<Vec<u8>>,
}

/// A bracket that is open.
#[derive(Clone, Copy)]
struct Open {
    bracket: u8,
    /// Where the value begins that it is a part of.
    value: usize,
}

impl Rewriter {
    /// Rewrites the last line, which begins at a byte.
    fn line(&mut self, from: usize) {
        let line = self.bytes.get(from..).unwrap_or_default().to_vec();
        let line = line.trim_ascii_end();
        let indent = line.len().saturating_sub(line.trim_ascii_start().len());
        let end = from.saturating_add(line.len());
        let mut start = from.saturating_add(indent);
        if let Some(word) = &self.heredoc {
            if line.trim_ascii() == word.as_slice() {
                self.heredoc = None;
            }
            if self.removing.is_some() {
                self.blank(from, end);
            }
            return;
        }
        let content = line.trim_ascii();
        if self.removing.is_none() && content.starts_with(b"#") {
            if std::str::from_utf8(content).is_ok_and(words::counts_hidden) {
                self.hide(start, end);
            }
            return;
        }
        let sign = words::sign(content);
        let before = self.open.len();
        if let Some(sign) = sign {
            self.blank(start, start.saturating_add(sign.len()));
            start = start.saturating_add(sign.len());
        }
        self.walk(start, end);
        if let Some(depth) = self.removing {
            self.blank(from, end);
            if self.open.len() <= depth {
                self.removing = None;
            }
        } else if sign == Some("- ") {
            self.blank(from, end);
            self.removing = (self.open.len() > before).then_some(before);
        }
    }

    /// Goes over what a line says: keeps count of the brackets, and leaves of `before -> after` what comes after.
    fn walk(&mut self, start: usize, end: usize) {
        let line: Vec<u8> = self.bytes.get(start..end).unwrap_or_default().to_vec();
        let mut value = start.saturating_add(line.len().saturating_sub(line.trim_ascii_start().len()));
        let (mut quoted, mut named, mut closed) = (false, false, None);
        let mut at = start;
        let mut rest = line.as_slice();
        while let Some((byte, after)) = rest.split_first() {
            let mut passed = 1_usize;
            match byte {
                b'\\' if quoted => passed = 2,
                b'"' => quoted = !quoted,
                // A value is no template.
                b'$' | b'%' if quoted && after.first() == Some(&b'{') => self.blank(at, at.saturating_add(1)),
                _ if quoted => {}
                b'#' => break,
                b'[' | b'{' | b'(' if self.open.len() < DEPTH => self.open.push(Open { bracket: *byte, value }),
                b']' | b'}' | b')' => closed = self.open.pop().map(|open| open.value).filter(|before| *before < start),
                b'=' if !named && after.first() == Some(&b' ') => {
                    named = true;
                    value = at.saturating_add(2);
                    passed = 2;
                }
                b'-' if after.first() == Some(&b'>') => {
                    self.blank(closed.take().unwrap_or(value), at.saturating_add(2));
                    value = at.saturating_add(3);
                    passed = 3;
                }
                _ => {}
            }
            at = at.saturating_add(passed);
            rest = rest.get(passed..).unwrap_or_default();
        }
        self.phrase(value, end);
    }

    /// Makes a name of a remark that stands in the place of a value, such as `(known after apply)`.
    fn phrase(&mut self, value: usize, end: usize) {
        let Some(line) = self.bytes.get_mut(value..end) else { return };
        if line.starts_with(b"<<") {
            self.heredoc = Some(line.trim_ascii().iter().copied().skip(2).filter(|byte| *byte != b'-').collect());
            return;
        }
        let Some(length) = line.iter().position(|byte| *byte == b')').filter(|_| line.starts_with(b"(")) else { return };
        for (at, byte) in line.iter_mut().take(length.saturating_add(1)).enumerate() {
            *byte = match *byte {
                _ if at == 0 || at == length => b' ',
                letter if letter.is_ascii_alphanumeric() => letter,
                _ => b'_',
            };
        }
    }

    /// Puts something in the place of a comment that says what is left out.
    fn hide(&mut self, start: usize, end: usize) {
        self.blank(start, end);
        let list = self.open.last().is_some_and(|open| open.bracket == b'[');
        let word = if list { format!("{HIDDEN},") } else { format!("{HIDDEN} = {HIDDEN}") };
        if let Some(place) = self.bytes.get_mut(start..start.saturating_add(word.len()).min(end)) {
            place.iter_mut().zip(word.bytes()).for_each(|(byte, own)| *byte = own);
        }
    }

    fn blank(&mut self, start: usize, end: usize) {
        if let Some(part) = self.bytes.get_mut(start..end) {
            part.fill(b' ');
        }
    }
}
