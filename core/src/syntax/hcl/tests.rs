//! What the other reader can't vouch for: sentences and their places, templates as Terraform reads them, hostile text.

use super::{Body, ExprKind, Part, parse, template};
use crate::model::Span;

/// The value of the first attribute, which must be readable.
#[track_caller]
fn value(text: &str) -> ExprKind {
    let (body, broken) = parse(text, 0);
    assert_eq!(broken, [], "{text}");
    body.attributes.into_iter().next().unwrap().value.kind
}

#[track_caller]
fn says(text: &str, expected: &str) {
    assert_eq!(value(text), ExprKind::Text(expected.to_owned()), "{text}");
}

/// What is wrong, with the text that follows; the names that could still be read.
fn told(text: &str) -> (Vec<(String, &str)>, Vec<String>) {
    let (Body { attributes, blocks }, broken) = parse(text, 0);
    let named = attributes.into_iter().map(|attribute| attribute.name);
    let labelled = blocks.into_iter().map(|block| block.labels.join("."));
    (broken.into_iter().map(|broken| (broken.message, &text[broken.at..])).collect(), named.chain(labelled).collect())
}

#[test]
fn one_mistake_is_one_sentence_at_its_place() {
    for (line, message, at) in [
        ("x = [1, 2", "a comma or a `]` is missing here", "}\ny"),
        ("x = [1,", "a comma or a `]` is missing here", "}\ny"),
        ("x = f(1, 2", "a comma or a `)` is missing here", "}\ny"),
        ("x = (1", "a `)` is missing here", "}\ny"),
        ("x = { a = 1 b = 2 }", "a comma, a new line or a `}` is missing here", "b = 2"),
        ("x = { a 1 }", "a `=` and a value are missing behind this key", "1 }"),
        ("x = { a = 1, a = 2 }", "this key is in the object already", "a = 2"),
        ("x = ", "a value is missing at the end of this line; what goes on in the next one stands in parentheses", "\n}"),
        ("x = 1 +", "a value is missing at the end of this line; what goes on in the next one stands in parentheses", "\n}"),
        ("x = , 1", "a value is missing here", ", 1"),
        ("x = a ? 1", "a `:` and what holds otherwise are missing here", "\n}"),
        ("x = a.", "the name of an attribute is missing behind this dot", "\n}"),
        ("x = a[1", "a `]` is missing here", "}\ny"),
        ("x = a::b", "the arguments of this function are missing", "\n}"),
        ("x = [for a b : c]", "`in` and a collection are missing here", "b : c"),
        ("x = {for a in b : c}", "a `=>` and a value are missing behind this key", "}\n}"),
        ("x = 10.0.0.0/8", "an address is text and stands in quotes (\")", "10.0"),
        ("x = 1e999", "this number is too large", "1e999"),
        ("x = '10.0.0.0/8'", "text stands in double quotes (\"), not in single ones", "'10"),
        ("x = \u{201c}a\u{201d}", "text stands in straight quotes (\"), not in curly ones", "\u{201c}a"),
        ("x = \"a", "this text is not closed on its line; a quote (\") is missing", "\"a\n"),
        ("x = \"\\d\"", "this escape is not one of HCL's; a backslash is written `\\\\`", "\\d"),
        ("x = \"\\ud800\"", "this escape names no character", "\\ud800"),
        ("x = \"${a\"", "a `}` that ends this `${` is missing here", "\"\n}"),
        ("x = \"%{ while a }\"", "`%{` is followed by if, else, endif, for or endfor", "while"),
        ("x = \"%{ if a }\"", "this directive is never ended", "%{ if"),
        ("x = \"%{ endif }\"", "this directive ends something that did not begin", "%{ endif"),
        ("x = <<EOT\n  a", "this heredoc never ends: no line has its word alone", "<<EOT"),
        ("x = <<\n", "a heredoc begins with `<<` and one word at the end of a line", "<<\n"),
        ("x: 1", "a `=` or a `{` is missing here", ": 1"),
        ("x = 1 z = 2", "a new line is missing here", "z = 2"),
        ("x = 1\n  x = 2", "this attribute has a value already", "x = 2"),
        ("\"x\" = 1", "the name of an attribute or a block is expected here", "\"x\""),
        ("in \"${a}\" {}", "a label can't have values in it", "\"${a}\""),
        ("...", "something was left out here; paste all of it", "...\n"),
        ("x = 1 /* z", "this comment is never closed", "/* z"),
        ("in {", "this block is never closed", "a \"one\""),
    ] {
        let text = format!("a \"one\" {{\n  {line}\n}}\ny = 1\nresource \"two\" {{\n}}\n");
        let (wrong, read) = told(&text);
        let [(said, place)] = wrong.as_slice() else { panic!("{line}: {wrong:?}") };
        assert_eq!(said, message, "{line}");
        assert!(place.starts_with(at), "{line}: {place}");
        assert!(read.contains(&"two".to_owned()), "{line}: {read:?}");
    }
}

#[test]
fn values_are_read_behind_a_broken_one() {
    let (wrong, read) = told("a = [1,\nb = 2\nc = <<X\nd = 4\nX\ne = }\nf = 6\n");
    assert_eq!(wrong.iter().map(|(_, at)| at.lines().next().unwrap()).collect::<Vec<_>>(), ["= 2", "}"]);
    assert_eq!(read, ["b", "c", "f"]);
    // What is not certain to be all of a value is none.
    let (wrong, read) = told("a = b c\nd \"e\" {\n} f\ng = 1\n");
    assert_eq!((wrong.len(), read), (2, vec!["g".to_owned()]));
}

#[test]
fn prompts_and_fences_are_passed_over() {
    let (wrong, read) = told("```hcl\n$ cat main.tf\na \"b\" {\n}\n...\nc \"d\" {\n}\n```\n");
    assert_eq!((wrong, read), (vec![], vec!["b".to_owned(), "d".to_owned()]));
}

#[test]
fn heredocs_lose_what_all_of_their_lines_are_indented_by() {
    says("x = <<-E\n    a\n\n      b\n    E\n", "a\n\n  b\n");
    says("x = <<-E\na\n  b\nE\n", "a\n  b\n");
    says("x = <<E\n  a\nE b\n E\n", "  a\nE b\n");
    says("x = <<E\r\na\r\nE\r\n", "a\r\n");
    says("x = <<E\nE\ny = <<E\nz\nE\n", "");
    says("x = <<E\n$${a} %%{b} \\n\nE", "${a} %{b} \\n\n");
    let ExprKind::Template(parts) = value("x = <<-E\n    ${a}\n      b\n  E\n") else { panic!() };
    assert!(matches!(parts.as_slice(), [Part::Literal(none), Part::Value(_), Part::Literal(text)] if none.is_empty() && text == "\n  b\n"));
}

#[test]
fn tildes_strip_white_space() {
    let text = "x = <<-X\n    one\n    %{ if true ~}\n    two\n    %{ else ~}\n    three\n    %{ endif ~}\n  X\n";
    let ExprKind::Template(parts) = value(text) else { panic!() };
    let [Part::Literal(one), Part::If(_, then, otherwise), Part::Literal(end)] = parts.as_slice() else { panic!("{parts:?}") };
    assert_eq!((one.as_str(), end.as_str()), ("one\n", ""));
    assert_eq!(
        (then.as_slice(), otherwise.as_slice()),
        ([Part::Literal("two\n".into())].as_slice(), [Part::Literal("three\n".into())].as_slice())
    );
}

#[test]
fn loops_may_have_lines() {
    assert!(
        matches!(value("x = {\n  for k, v in a :\n  k\n  => v... if v\n  != 1\n}\n"), ExprKind::For(loops) if loops.grouped && loops.condition.is_some())
    );
}

#[test]
fn what_stands_in_a_string_with_escapes_stands_where_it_does() {
    let string = Span { start: 10, end: 40 };
    let Some(ExprKind::Template(parts)) = template("a\n${b.c}", string) else { panic!() };
    assert!(matches!(&parts[1], Part::Value(value) if value.span == string));
    let Some(ExprKind::Template(parts)) = template("${b}", Span { start: 10, end: 16 }) else { panic!() };
    assert!(matches!(&parts[0], Part::Value(value) if value.span == Span { start: 13, end: 14 }));
    assert_eq!(template("${", string), None);
}

#[test]
fn deep_nesting_is_refused_before_the_stack_ends() {
    for (open, close) in [
        ("[", "]"),
        ("(", ")"),
        ("{a=", "}"),
        ("!", ""),
        ("-", ""),
        ("\"${", "}\""),
        ("\"%{ endif }${", "}\""),
        ("\"%{ if ", "}%{endif}\""),
        ("f(", ")"),
        ("a[", "]"),
        ("true?", ":1"),
        ("[for a in ", ":1]"),
        ("1 + (2 * ", ")"),
    ] {
        let text = format!("resource \"a\" \"b\" {{\n  x = {}1{}\n}}\n", open.repeat(50_000), close.repeat(50_000));
        assert_eq!(parse(&text, 0).1.len(), 1, "{open}");
    }
    let directives = format!("x = \"{}{}\"\n", "%{if a}".repeat(50_000), "%{endif}".repeat(50_000));
    assert_eq!(parse(&directives, 0).1.len(), 1);
    let blocks = format!("{}{}", "resource \"a\" \"b\" {\n".repeat(50_000), "}\n".repeat(50_000));
    assert!(!parse(&blocks, 0).1.is_empty());
    let chain = format!("resource \"a\" \"b\" {{\n  x = 1{}\n}}\n", " + 1".repeat(50_000));
    assert_eq!(parse(&chain, 0).1.len(), 1);
    // Operators pile up through parentheses, too.
    let pile = format!("x = {}1{}\n", "(".repeat(60), " + 1 + 1 + 1)".repeat(60));
    assert_eq!(parse(&pile, 0).1.len(), 1);
}

#[test]
fn large_text_is_read_in_one_go() {
    let keys: String = (0..100_000).map(|key| format!("k{key} = {key}\n")).collect();
    assert!(matches!(value(&format!("x = {{\n{keys}}}\n")), ExprKind::Object(entries) if entries.len() == 100_000));
    assert_eq!(parse(&keys, 0).0.attributes.len(), 100_000);
    says(&format!("x = \"{}\"\n", "a".repeat(5_000_000)), &"a".repeat(5_000_000));
    says(&format!("x = <<E\n{}E\n", "a\n".repeat(2_000_000)), &"a\n".repeat(2_000_000));
    // Each of these would take an hour if it were read once for every mistake in it.
    let lines = |line: &str| line.repeat(200_000);
    let many: String = (0..200_000).map(|word| format!("x = <<W{word}\n")).collect();
    for text in [many, lines("x = <<E\n"), lines("x = /*\n"), lines("x = [\n"), lines("x = \"${\n"), lines("a {\n"), lines("locals {\n")] {
        assert!(!parse(&text, 0).1.is_empty());
    }
    let swallowed = format!("locals {{\nlocals {{}}\n{}", lines("a {}\n"));
    let (body, broken) = parse(&swallowed, 0);
    assert_eq!((body.blocks.len(), broken.len()), (200_001, 1));
}
