//! Texts of lines of words: what `iptables-save` and `ufw status` print, and whatever is in no known language.

use super::Scrub;

impl Scrub {
    /// Walks a text of lines.
    pub(super) fn lines(&mut self, text: &str, out: &mut String) {
        for line in text.split_inclusive('\n') {
            let body = line.trim_end_matches(['\n', '\r']);
            self.line(body, out);
            out.push_str(line.get(body.len()..).unwrap_or_default());
        }
    }

    fn line(&mut self, line: &str, out: &mut String) {
        let indent = line.len().saturating_sub(line.trim_start().len());
        if line.trim_start().starts_with('#') {
            out.push_str(line.get(..indent).unwrap_or_default());
            return self.comment("#", "", out);
        }
        let (line, comment) = line.split_once(" # ").map_or((line, None), |(line, comment)| (line, Some(comment)));
        let mut rest = line;
        // An option's value is the next word, or what stands in quotes.
        while let Some((before, after)) = rest.split_once("--comment ") {
            self.scan(before, false, out);
            out.push_str("--comment ");
            let quoted = after.strip_prefix('"');
            let length = match quoted {
                Some(inner) => closing(inner).map_or(after.len(), |end| end.saturating_add(2)),
                None => after.find(' ').unwrap_or(after.len()),
            };
            self.texts = self.texts.saturating_add(1);
            out.push_str("text");
            rest = after.get(length..).unwrap_or_default();
        }
        self.scan(rest, false, out);
        if comment.is_some() {
            self.comment(" # comment", "", out);
        }
    }
}

/// Where a quote is closed that a backslash does not escape.
fn closing(text: &str) -> Option<usize> {
    let mut escaped = false;
    text.char_indices().find_map(|(at, letter)| {
        let closes = letter == '"' && !escaped;
        escaped = letter == '\\' && !escaped;
        closes.then_some(at)
    })
}
