//! A file is read block by block, so that one mistake costs one block.

use super::cut::pieces;
use super::{Body, ExprKind, convert};
use crate::model::Span;

/// A part of a text that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Broken {
    /// What the parser expected, in its words.
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
    let (mut whole, mut broken) = (Body::default(), Vec::new());
    for piece in pieces(text) {
        let start = from.saturating_add(piece.range.start);
        let part = text.get(piece.range).unwrap_or_default();
        if piece.entries > ENTRIES {
            broken.push(Broken { message: format!("an object here has more than {ENTRIES} entries"), at: start });
        } else if let Err(error) = add(&mut whole, part, start) {
            one_by_one(part, start, error, &mut whole, &mut broken);
        }
    }
    (whole, broken)
}

/// The parser's time grows with the square of an object's entries.
const ENTRIES: usize = 1_000;

/// A bracket that is never closed swallows the blocks behind it: those are found again by how they begin.
fn one_by_one(part: &str, offset: usize, error: Broken, whole: &mut Body, broken: &mut Vec<Broken>) {
    let mut starts: Vec<usize> = vec![0];
    let mut at = 0_usize;
    for line in part.split_inclusive('\n') {
        if at > 0 && opens_block(line) {
            starts.push(at);
        }
        at = at.saturating_add(line.len());
    }
    if starts.len() == 1 && without_noise(part) == part {
        broken.push(error);
        return;
    }
    let ends = starts.iter().skip(1).copied().chain([part.len()]);
    for (start, end) in starts.iter().copied().zip(ends) {
        let block = without_noise(part.get(start..end).unwrap_or_default());
        if let Err(error) = add(whole, &block, offset.saturating_add(start)) {
            broken.push(error);
        }
    }
}

/// Parses a part of the file and adds what it says.
fn add(whole: &mut Body, part: &str, offset: usize) -> Result<(), Broken> {
    match hcl_edit::parser::parse_body(part) {
        Ok(body) => {
            let mut body = convert::body(&body, offset);
            whole.attributes.append(&mut body.attributes);
            whole.blocks.append(&mut body.blocks);
            Ok(())
        }
        // Its `Display` must not be used: it panics where a line is longer than 65,535 columns.
        Err(error) => Err(Broken { message: error.message().to_owned(), at: offset.saturating_add(error.location().offset()) }),
    }
}

/// A template that stands in a string of another language at this place; `None` where it can't be read.
pub(crate) fn template(text: &str, string: Span) -> Option<ExprKind> {
    let template = hcl_edit::parser::parse_template(text).ok()?;
    let start = usize::try_from(string.start).unwrap_or(usize::MAX).saturating_add(1);
    // Between its quotes a string without escapes is as long as what it says.
    let plain = u32::try_from(text.len()).is_ok_and(|length| length.saturating_add(2) == string.end.saturating_sub(string.start));
    Some(convert::template(&template, start, (!plain).then_some(string)))
}

/// The same text with prompts and code fences turned into spaces, so that every byte keeps its place.
fn without_noise(part: &str) -> String {
    let noise = |line: &str| {
        let line = line.trim();
        line.starts_with("```") || line.starts_with("$ ") || line.starts_with("PS ") || line == "..."
    };
    let blank =
        |line: &str| if noise(line) { line.bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }).collect() } else { line.to_owned() };
    part.split_inclusive('\n').map(blank).collect()
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
    use crate::syntax::hcl::{ExprKind, Part, Step};

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

    #[test]
    fn deep_nesting_is_refused_before_the_stack_ends() {
        for (open, close) in
            [("[", "]"), ("(", ")"), ("{a=", "}"), ("!", ""), ("-", ""), ("\"${", "}\""), ("f(", ")"), ("a[", "]"), ("true?", ":1")]
        {
            let text = format!("resource \"a\" \"b\" {{\n  x = {}1{}\n}}\n", open.repeat(50_000), close.repeat(50_000));
            let (_, broken) = parse(&text, 0);
            assert_eq!(broken.len(), 1, "{open}");
        }
        let blocks = format!("{}{}", "resource \"a\" \"b\" {\n".repeat(50_000), "}\n".repeat(50_000));
        assert!(!parse(&blocks, 0).1.is_empty());
        let chain = format!("resource \"a\" \"b\" {{\n  x = 1{}\n}}\n", " + 1".repeat(50_000));
        assert_eq!(parse(&chain, 0).1.len(), 1);
    }

    #[test]
    fn tildes_strip_white_space() {
        let (body, _) = parse("locals {\n  a = <<-X\n    one\n    %{ if true ~}\n    two\n    %{ endif ~}\n  X\n}\n", 0);
        let ExprKind::Template(parts) = &body.blocks[0].body.attributes[0].value.kind else { panic!("{body:?}") };
        assert!(matches!(&parts[0], Part::Literal(text) if text == "one\n"), "{parts:?}");
    }
}
