//! A file is read block by block, so that one mistake costs one block.

use super::reader::{Ends, Reader, Wrong, ends};
use super::{Body, ExprKind};
use crate::model::Span;

/// A part of a text that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Broken {
    /// What is wrong, in one sentence without its end.
    pub(crate) message: String,
    /// Where, in bytes.
    pub(crate) at: usize,
}

/// Words that begin a block at the top of a Terraform file, and whether a label follows.
const TOP: [(&str, bool); 12] = [
    ("resource", true),
    ("data", true),
    ("variable", true),
    ("module", true),
    ("output", true),
    ("provider", true),
    ("ephemeral", true),
    ("check", true),
    ("locals", false),
    ("terraform", false),
    ("moved", false),
    ("import", false),
];

/// Whether a text is Terraform configuration: one of its lines opens a block as only Terraform writes it, and it is
/// no JSON or YAML that quotes such lines.
pub(crate) fn looks_like(text: &str) -> bool {
    let first = text.lines().map(str::trim).find(|line| !line.is_empty() && !is_comment(line)).unwrap_or_default();
    if first.starts_with(['{', '[']) {
        return false;
    }
    // Inside YAML a whole file may stand as text, further in than its key.
    let yaml = first == "---" || first.split_once(':').is_some_and(|(key, _)| is_word(key));
    text.lines().any(|line| opens_block(line) && !(yaml && line.starts_with([' ', '\t'])))
}

/// Reads a file whose first byte is called `from`. What could not be read is left out and told.
pub(crate) fn parse(text: &str, from: usize) -> (Body, Vec<Broken>) {
    let ends = ends(text);
    let (mut whole, mut broken) = (Body::default(), Vec::new());
    let mut reader = Reader::new(text, from, None, &ends);
    // A bracket that is never closed swallows what follows up to `reached`. That is read again, and what begins there now ends
    // where the `next` one begins.
    let (mut at, mut reached, mut next) = (0_usize, 0_usize, 0_usize);
    while at < text.len() {
        if at < reached && next <= at {
            next = next_start(text, at, &ends);
        }
        reader.text = if at < reached { text.get(..next).unwrap_or(text) } else { text };
        reader.restart(at);
        pass_noise(&mut reader);
        at = reader.at;
        if reader.is_end() {
            continue;
        }
        match reader.item(&mut whole) {
            Ok(_) => at = reader.at,
            Err(Wrong { message, at: place }) => {
                broken.push(Broken { message: message.to_owned(), at: from.saturating_add(place) });
                reached = reached.max(reader.at);
                next = next_start(text, at, &ends);
                at = next;
            }
        }
    }
    (whole, broken)
}

/// Goes over blank lines, and over prompts and code fences, which are pasted along.
fn pass_noise(reader: &mut Reader<'_>) {
    loop {
        reader.lines();
        let line = reader.rest().split('\n').next().unwrap_or_default().trim_end();
        if !(line.starts_with("```") || line.starts_with("$ ") || line.starts_with("PS ") || line == "...") {
            return;
        }
        reader.pass_line();
    }
}

/// Where the next block or attribute begins after the line at `from`, as far as lines and braces tell.
fn next_start(text: &str, from: usize, ends: &Ends<'_>) -> usize {
    let (mut at, mut braces, mut heredoc) = (from, 0_usize, None);
    for line in text.get(from..).unwrap_or_default().split_inclusive('\n') {
        let start = at;
        at = at.saturating_add(line.len());
        if let Some(word) = heredoc {
            if line.trim() == word {
                heredoc = None;
            }
            continue;
        }
        if start > from && (opens_block(line) || braces == 0 && begins(line)) {
            return start;
        }
        let mut quoted = false;
        let mut bytes = line.bytes();
        while let Some(byte) = bytes.next() {
            match byte {
                b'\\' => drop(bytes.next()),
                b'"' => quoted = !quoted,
                b'#' if !quoted => break,
                b'{' if !quoted => braces = braces.saturating_add(1),
                b'}' if !quoted => braces = braces.saturating_sub(1),
                _ => {}
            }
        }
        let word = line.rsplit_once("<<").map(|(_, word)| word.strip_prefix('-').unwrap_or(word).trim());
        heredoc = word.filter(|word| ends.get(word).is_some_and(|end| *end >= at));
    }
    text.len()
}

/// A template that stands in a string of another language at this place; `None` where it can't be read.
pub(crate) fn template(text: &str, string: Span) -> Option<ExprKind> {
    let start = usize::try_from(string.start).unwrap_or(usize::MAX).saturating_add(1);
    // Between its quotes a string without escapes is as long as what it says.
    let plain = u32::try_from(text.len()).is_ok_and(|length| length.saturating_add(2) == string.end.saturating_sub(string.start));
    Reader::new(text, start, (!plain).then_some(string), &ends(text)).whole().ok()
}

/// Whether a line looks like the beginning of an attribute or a block.
fn begins(line: &str) -> bool {
    let line = line.trim_start();
    let rest = line.trim_start_matches(|letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '-'));
    let behind = rest.trim_start();
    rest.len() < line.len()
        && (behind.starts_with(['{', '"']) || behind.starts_with('=') && !behind.starts_with("==") && !behind.starts_with("=>"))
}

fn opens_block(line: &str) -> bool {
    let line = line.trim_start();
    TOP.iter().any(|(word, labelled)| {
        let rest = line.strip_prefix(word).map(str::trim_start);
        rest.is_some_and(|rest| if *labelled { rest.starts_with('"') && line.contains('{') } else { rest.starts_with('{') })
    })
}

fn is_comment(line: &str) -> bool {
    line.starts_with('#') || line.starts_with("//") || line.starts_with("/*") || line.starts_with('*')
}

fn is_word(key: &str) -> bool {
    !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::hcl::{ExprKind, Step};

    #[test]
    fn terraform_is_told_from_other_languages() {
        for yes in [
            "resource \"aws_security_group\" \"a\" {\n}",
            "# a comment\nlocals {\n  a = 1\n}\n",
            "admin = \"203.0.113.0/24\"\nvariable \"admin\" {}\n",
            "```hcl\nresource \"a\" \"b\" {\n}\n```",
        ] {
            assert!(looks_like(yes), "{yes}");
        }
        for no in [
            "{\"resource\": 1}",
            "Resources:\n  Web:\n    Type: AWS::EC2::SecurityGroup\n",
            "resource nsg 'Microsoft.Network/networkSecurityGroups@2023-04-01' = {\n}",
            "[default]\nregion = eu-west-1\n",
            "template: |\n  resource \"a\" \"b\" {\n  }\n",
        ] {
            assert!(!looks_like(no), "{no}");
        }
    }

    #[test]
    fn spans_are_bytes_of_the_document() {
        let text = "resource \"a\" \"ü\" {\n  cidrs = [\"10.0.0.0/8\", var.x]\n}\n";
        let (body, broken) = parse(text, 0);
        assert_eq!(broken, []);
        let ExprKind::List(items) = &body.blocks[0].body.attributes[0].value.kind else { panic!("{body:?}") };
        let words: Vec<&str> = items.iter().map(|item| &text[item.span.start as usize..item.span.end as usize]).collect();
        assert_eq!(words, ["\"10.0.0.0/8\"", "var.x"]);
        assert_eq!(
            &items[1].kind,
            &ExprKind::Traverse(
                Box::new(super::super::Expr {
                    span: crate::model::Span { start: items[1].span.start, end: items[1].span.start + 3 },
                    kind: ExprKind::Name("var".into())
                }),
                vec![Step::Attribute("x".into())]
            )
        );
        assert_eq!(body.blocks[0].labels, ["a", "ü"]);
    }

    #[test]
    fn a_broken_block_costs_one_block() {
        let text = "resource \"a\" \"one\" {\n  x = [1,\n}\n\nresource \"a\" \"two\" {\n  y = 2\n}\n";
        let (body, broken) = parse(text, 0);
        assert_eq!(body.blocks.len(), 1);
        assert_eq!(body.blocks[0].labels, ["a", "two"]);
        let y = body.blocks[0].body.get("y").unwrap();
        assert_eq!(&text[y.span.start as usize..y.span.end as usize], "2");
        assert_eq!(broken.len(), 1);
        assert_eq!(text[..broken[0].at].matches('\n').count(), 2, "{broken:?}");
    }
}
