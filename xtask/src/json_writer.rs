//! A streaming JSON writer with the two layouts that exports come in. It counts its bytes, so a text can be grown to a size.

use std::io::{self, Write};

/// How the text is laid out.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Layout {
    /// As the AWS CLI prints: four spaces, one item a line, empty containers closed at once, non-ASCII as it is.
    Pretty,
    /// As `jq -c` prints: no space at all.
    Compact,
}

/// Writes values one after the other; commas, line breaks and indentation follow from the calls.
pub(crate) struct JsonWriter<W> {
    out: W,
    layout: Layout,
    depth: usize,
    /// Nothing stands yet in the innermost container.
    empty: bool,
    /// A key was written and waits for its value.
    after_key: bool,
    bytes: u64,
}

impl<W: Write> JsonWriter<W> {
    /// Starts an empty text.
    pub(crate) fn new(out: W, layout: Layout) -> Self {
        Self { out, layout, depth: 0, empty: true, after_key: false, bytes: 0 }
    }

    /// How much has been written.
    pub(crate) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Writes an object; `members` writes its keys and values.
    pub(crate) fn object(&mut self, members: impl FnOnce(&mut Self) -> io::Result<()>) -> io::Result<()> {
        self.container("{", "}", members)
    }

    /// Writes an array; `items` writes its values.
    pub(crate) fn array(&mut self, items: impl FnOnce(&mut Self) -> io::Result<()>) -> io::Result<()> {
        self.container("[", "]", items)
    }

    /// Writes a key; the next call writes its value.
    pub(crate) fn key(&mut self, key: &str) -> io::Result<&mut Self> {
        self.string(key)?;
        self.put(if self.layout == Layout::Pretty { ": " } else { ":" })?;
        self.after_key = true;
        Ok(self)
    }

    /// Writes a string, escaping what JSON says must be.
    pub(crate) fn string(&mut self, text: &str) -> io::Result<()> {
        self.separate()?;
        self.put("\"")?;
        let mut rest = text;
        while let Some(at) = rest.find(|character: char| matches!(character, '"' | '\\' | '\0'..='\x1f')) {
            self.put(&rest[..at])?;
            match rest.as_bytes()[at] {
                b'"' => self.put("\\\"")?,
                b'\\' => self.put("\\\\")?,
                b'\n' => self.put("\\n")?,
                b'\t' => self.put("\\t")?,
                control => self.put(&format!("\\u{control:04x}"))?,
            }
            rest = &rest[at + 1..];
        }
        self.put(rest)?;
        self.put("\"")
    }

    /// Writes a whole number.
    pub(crate) fn number(&mut self, number: u64) -> io::Result<()> {
        self.separate()?;
        self.put(&number.to_string())
    }

    /// Ends the text with a line break and hands the output back.
    pub(crate) fn finish(mut self) -> io::Result<W> {
        self.put("\n")?;
        self.out.flush()?;
        Ok(self.out)
    }

    fn container(&mut self, open: &str, close: &str, content: impl FnOnce(&mut Self) -> io::Result<()>) -> io::Result<()> {
        self.separate()?;
        self.put(open)?;
        self.depth += 1;
        self.empty = true;
        content(self)?;
        self.depth -= 1;
        if !self.empty {
            self.line()?;
        }
        self.empty = false;
        self.put(close)
    }

    /// What stands before a value: nothing after a key, else a comma where it is not the first, and a new line.
    fn separate(&mut self) -> io::Result<()> {
        if self.after_key {
            self.after_key = false;
            return Ok(());
        }
        if !self.empty {
            self.put(",")?;
        }
        self.empty = false;
        if self.depth > 0 { self.line() } else { Ok(()) }
    }

    fn line(&mut self) -> io::Result<()> {
        const SPACES: &str = "                                ";
        if self.layout == Layout::Pretty {
            self.put("\n")?;
            let mut left = self.depth * 4;
            while left > 0 {
                let now = left.min(SPACES.len());
                self.put(&SPACES[..now])?;
                left -= now;
            }
        }
        Ok(())
    }

    fn put(&mut self, text: &str) -> io::Result<()> {
        self.bytes += text.len() as u64;
        self.out.write_all(text.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(layout: Layout) -> String {
        let mut json = JsonWriter::new(Vec::new(), layout);
        json.object(|json| {
            json.key("a")?.array(|_| Ok(()))?;
            json.key("b")?.array(|json| {
                json.number(1)?;
                json.string("\"\\\n\u{1}é")
            })?;
            json.key("c")?.object(|_| Ok(()))
        })
        .expect("a vector takes everything");
        let bytes = json.bytes();
        let text = String::from_utf8(json.finish().expect("a vector takes everything")).expect("text");
        assert_eq!(bytes + 1, text.len() as u64);
        text
    }

    #[test]
    fn pretty_is_laid_out_as_the_aws_cli_does() {
        assert_eq!(
            sample(Layout::Pretty),
            "{\n    \"a\": [],\n    \"b\": [\n        1,\n        \"\\\"\\\\\\n\\u0001é\"\n    ],\n    \"c\": {}\n}\n"
        );
    }

    #[test]
    fn compact_has_no_space() {
        assert_eq!(sample(Layout::Compact), "{\"a\":[],\"b\":[1,\"\\\"\\\\\\n\\u0001é\"],\"c\":{}}\n");
    }
}
