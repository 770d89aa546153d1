//! Attributes and blocks.

use std::collections::HashSet;

use super::reader::{Read, Reader, Wrong};
use super::{Attribute, Block, Body, ExprKind};

impl<'t> Reader<'t> {
    /// One attribute or block, up to the end of its line, and its name. One whose line goes on is broken as a whole.
    pub(super) fn item(&mut self, body: &mut Body) -> Read<&'t str> {
        let start = self.at;
        let name = self.name(match self.byte() {
            b'}' => "this `}` closes nothing",
            _ => "the name of an attribute or a block is expected here",
        })?;
        if self.byte() == b'=' && !self.starts("==") {
            self.take(1);
            let value = self.expression()?;
            self.end_of_line()?;
            body.attributes.push(Attribute { name: name.to_owned(), value });
        } else {
            let block = self.block(name, start)?;
            self.end_of_line()?;
            body.blocks.push(block);
        }
        Ok(name)
    }

    fn block(&mut self, kind: &str, start: usize) -> Read<Block> {
        let mut labels = Vec::new();
        loop {
            let at = self.at;
            match self.byte() {
                b'{' => break,
                b'"' => match self.quoted()? {
                    ExprKind::Text(label) => labels.push(label),
                    _ => return Err(Wrong { message: "a label can't have values in it", at }),
                },
                _ => labels.push(self.name("a `=` or a `{` is missing here")?.to_owned()),
            }
        }
        self.enter()?;
        self.take(1);
        let body = self.body(start)?;
        self.take(1);
        self.leave();
        Ok(Block { kind: kind.to_owned(), labels, body, span: self.span(start) })
    }

    /// What stands in a block that begins at `start`, up to its brace.
    fn body(&mut self, start: usize) -> Read<Body> {
        let (mut body, mut names) = (Body::default(), HashSet::new());
        loop {
            self.lines();
            if self.byte() == b'}' {
                return Ok(body);
            }
            if self.is_end() {
                return Err(Wrong { message: "this block is never closed", at: start });
            }
            let (at, before) = (self.at, body.attributes.len());
            let name = self.item(&mut body)?;
            if body.attributes.len() > before && !names.insert(name) {
                return Err(Wrong { message: "this attribute has a value already", at });
            }
        }
    }

    /// Behind an attribute or a block nothing follows on its line but the end of the block around it.
    fn end_of_line(&mut self) -> Read<()> {
        match self.byte() {
            b'\n' | b'#' | b'}' => Ok(()),
            b'/' if self.starts("//") => Ok(()),
            _ if self.is_end() => Ok(()),
            _ => self.fail("a new line is missing here"),
        }
    }
}
