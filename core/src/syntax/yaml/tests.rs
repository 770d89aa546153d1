use std::borrow::Cow;

use super::*;
use crate::syntax::{NodeRef, Value};

/// A tree on one line: keys, values, and nothing of their places.
fn flat(node: NodeRef<'_, '_>) -> String {
    let children = || node.children().map(flat).collect::<Vec<_>>().join(",");
    let value = match node.value() {
        Value::Null => "null".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Int(value) => value.to_string(),
        Value::Float(value) => format!("{value:?}"),
        Value::Text(text) => format!("'{text}'"),
        Value::List => format!("[{}]", children()),
        Value::Map => format!("{{{}}}", children()),
    };
    node.key().map_or(value.clone(), |key| format!("{key}:{value}"))
}

#[track_caller]
fn read(text: &str) -> Vec<Tree<'_>> {
    let (trees, error) = documents(text, 0);
    assert_eq!(error, None, "{text}");
    trees
}

#[track_caller]
fn one(text: &str) -> String {
    let trees = read(text);
    assert_eq!(trees.len(), 1, "{text}");
    flat(trees[0].root().unwrap())
}

/// The text at the place of each value.
fn slices<'t>(text: &'t str, node: NodeRef<'_, '_>, found: &mut Vec<&'t str>) {
    let span = node.span();
    found.push(&text[usize::try_from(span.start).unwrap()..usize::try_from(span.end).unwrap()]);
    node.children().for_each(|child| slices(text, child, found));
}

#[track_caller]
fn breaks(text: &str, words: &str, at: &str) {
    let (_, error) = documents(text, 0);
    let error = error.unwrap_or_else(|| panic!("{text:?} was read"));
    assert!(error.message.contains(words), "{text:?}: {} at {}", error.message, error.at);
    assert!(text[usize::try_from(error.at).unwrap()..].starts_with(at), "{} is at {:?}", error.message, &text[error.at as usize..]);
}

#[test]
fn block_flow_and_quotes() {
    assert_eq!(one("a: 1\nb:\n- x\n- 'y: z'\nc: {d: [1, \"2\"], e: }\n"), "{a:1,b:['x','y: z'],c:{d:[1,'2'],e:null}}");
    assert_eq!(one("a: |\n  one\n  two\nb: >-\n  three\n  four\n"), "{a:'one\ntwo\n',b:'three four'}");
    assert_eq!(one("- - a\n  - b\n-\n  c: d\n"), "[['a','b'],{c:'d'}]");
    assert_eq!(one("key: [\n1, 2\n]\n"), "{key:[1,2]}");
    assert_eq!(one("{\"a\": [true, null], 'b': -1}"), "{a:[true,null],b:-1}");
}

#[test]
fn short_tags_become_long_forms() {
    for (text, long) in [
        ("!Ref Env", "{Ref:'Env'}"),
        ("!Condition IsProd", "{Condition:'IsProd'}"),
        ("!GetAtt Web.GroupId", "{Fn::GetAtt:['Web','GroupId']}"),
        ("!GetAtt Nested.Outputs.Id", "{Fn::GetAtt:['Nested','Outputs.Id']}"),
        ("!GetAtt [Web, GroupId]", "{Fn::GetAtt:['Web','GroupId']}"),
        ("!Sub '${A}/32'", "{Fn::Sub:'${A}/32'}"),
        ("!Sub ['${A}', {A: !Ref B}]", "{Fn::Sub:['${A}',{A:{Ref:'B'}}]}"),
        ("!If [IsProd, 22, !Ref 'AWS::NoValue']", "{Fn::If:['IsProd',22,{Ref:'AWS::NoValue'}]}"),
        ("!FindInMap [A, b, c]", "{Fn::FindInMap:['A','b','c']}"),
        ("!Select [0, !Split ['/', x]]", "{Fn::Select:[0,{Fn::Split:['/','x']}]}"),
        ("!Join ['', [a, b]]", "{Fn::Join:['',['a','b']]}"),
        ("!Cidr [10.0.0.0/16, 4, 8]", "{Fn::Cidr:['10.0.0.0/16',4,8]}"),
        ("!ImportValue x", "{Fn::ImportValue:'x'}"),
        ("!Not [!Equals [a, b]]", "{Fn::Not:[{Fn::Equals:['a','b']}]}"),
        ("!And [!Condition A, !Or [!Condition B, !Condition C]]", "{Fn::And:[{Condition:'A'},{Fn::Or:[{Condition:'B'},{Condition:'C'}]}]}"),
        ("!Base64 |\n  #!/bin/sh\n", "{Fn::Base64:'#!/bin/sh\n'}"),
        ("!GetAZs ''", "{Fn::GetAZs:''}"),
        ("!Transform {Name: x}", "{Fn::Transform:{Name:'x'}}"),
        ("!vault x", "{!vault:'x'}"),
        ("!!str 22", "'22'"),
        ("!!int 22", "22"),
        ("! 22", "'22'"),
    ] {
        assert_eq!(one(&format!("a: {text}\n")), format!("{{a:{long}}}"), "{text}");
    }
    assert_eq!(one("a:\n  !Join\n    - ','\n    - - x\n"), "{a:{Fn::Join:[',',['x']]}}");
}

#[test]
fn places_are_bytes_of_the_text() {
    let text =
        "täg: \"sécurité\"\nlist:\n  - !Ref Ünï\n  - !Sub \"a ${b} 🔥\"\n  - {x: 1}\n\n# end\nlast: |\n  one\n  two\n\nmap:\n  k: v\n\n";
    let trees = read(text);
    let mut found = Vec::new();
    slices(text, trees[0].root().unwrap(), &mut found);
    let expected = [
        "\"sécurité\"",
        "- !Ref Ünï\n  - !Sub \"a ${b} 🔥\"\n  - {x: 1}",
        "!Ref Ünï",
        "Ünï",
        "!Sub \"a ${b} 🔥\"",
        "\"a ${b} 🔥\"",
        "{x: 1}",
        "1",
        "one\n  two",
        "k: v",
        "v",
    ];
    assert_eq!(&found[1..], expected);
    assert_eq!(found[0], text.trim_end());
    // Places count from the start of the whole text also where the YAML begins later.
    let (trees, _) = documents("$ cat x\r\na: b\r\n", 9);
    assert_eq!(trees[0].root().unwrap().get("a").unwrap().span().start, 12);
}

#[test]
fn several_documents() {
    let trees = read("%YAML 1.1\n---\na: 1\n...\n---\n- b\n---\n# nothing\n");
    let all: Vec<String> = trees.iter().filter_map(|tree| tree.root()).map(flat).collect();
    assert_eq!(all, ["{a:1}", "['b']", "null"]);
}

#[test]
fn aliases_and_merges() {
    assert_eq!(one("a: &x {p: 22}\nb: *x\nc: [*x]\n"), "{a:{p:22},b:{p:22},c:[{p:22}]}");
    assert_eq!(one("a: &x !Ref Y\nb: *x\n"), "{a:{Ref:'Y'},b:{Ref:'Y'}}");
    assert_eq!(one("a: &x {p: 22, q: 1}\nb:\n  <<: *x\n  q: 2\n"), "{a:{p:22,q:1},b:{q:2,p:22}}");
    assert_eq!(one("a: &x {p: 1}\nb: &y {p: 2, q: 2}\nc: {<<: [*x, *y], r: 3}\n"), "{a:{p:1},b:{p:2,q:2},c:{r:3,p:1,q:2}}");
    assert_eq!(one("a: &x key\n*x : 1\n"), "{a:'key',key:1}");
    // The copy stands where it was written.
    let text = "a: &x {p: 22}\nb: *x\n";
    let trees = read(text);
    let copy = trees[0].root().unwrap().get("b").unwrap();
    assert_eq!(copy.span(), trees[0].root().unwrap().get("a").unwrap().span());
}

#[test]
fn a_key_twice() {
    let trees = read("a: 1\nb: 2\na: 3\n");
    assert_eq!(trees[0].root().unwrap().get("a").unwrap().int(), Some(3));
    assert_eq!(trees[0].duplicates.iter().map(|twice| &*twice.key).collect::<Vec<_>>(), ["a"]);
}

#[test]
fn what_breaks_is_told_with_its_place() {
    breaks("a: 1\n\tb: 2\n", "tab", "\t");
    breaks("a: [1, 2\n", "never closed", "[");
    breaks("a: [1, 2\nb: 3\n", "don't fit together", ": 3");
    breaks("a: \"x", "never closed", "\"");
    breaks("a: \"x\nb: 3\n", "not closed", "b");
    breaks("a: \"x\" y\n", "closing quote", "y");
    breaks("a: b: c\n", "colon", ": c");
    breaks("a: *x\n", "anchor", "*x");
    breaks("a: &x [*x]\n", "inside what it names", "*x");
    breaks("a: @b\n", "can't begin with", "@b");
    breaks("a: {{ b }}\n", "render it", "{ b }");
    let (trees, error) = documents("a: 1\n---\nb: 2\nc: [\n", 0);
    assert_eq!(trees.iter().filter_map(Tree::root).map(flat).collect::<Vec<_>>(), ["{a:1}", "{b:2,c:[]}"]);
    assert!(error.is_some());
}

#[test]
fn nesting_and_expansion_end() {
    for text in ["[".repeat(100_000), "- ".repeat(100_000), "{a: ".repeat(100_000), format!("a: {}x", "!Not [".repeat(100_000))] {
        breaks(&text, "nested deeper than 128", "");
    }
    let mut laughs = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for i in 1..30 {
        let before = vec![format!("*a{}", i - 1); 10].join(", ");
        laughs.push_str(&format!("a{i}: &a{i} [{before}]\n"));
    }
    breaks(&laughs, "expand to more than", "*a");
    let mut deep = "a0: &a0 x\n".to_owned();
    for i in 1..500 {
        deep.push_str(&format!("a{i}: &a{i} [*a{}]\n", i - 1));
    }
    breaks(&deep, "nest deeper than 128", "*a");
    let merges = format!("a: &a {{{}}}\nb: {{{}}}\n", "k: 1, ".repeat(1_000), "<<: *a, ".repeat(1_000));
    breaks(&merges, "expand to more than", "");
    let long = format!("a: &a \"{}\\n\"\nb: [{}]\n", "x".repeat(100_000), "*a, ".repeat(10_000));
    breaks(&long, "expand to more than", "*a");
}

#[test]
fn unescaped_text_is_borrowed() {
    let trees = read("a: 10.0.0.0/8\n");
    let root = trees[0].root().unwrap();
    assert!(matches!(root.get("a").unwrap().value(), Value::Text(Cow::Borrowed(_))));
}
