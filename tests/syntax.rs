//! Our JSON reader against serde_json: the same visitor over both builds the same tree.

use portcullis_core::formats::{Element, Envelope};
use portcullis_core::syntax::json::Reader;
use portcullis_core::syntax::{Clock, NodeRef, NodeSeed, Tree, Value as Node};
use portcullis_tests::group;
use proptest::prelude::*;
use serde::de::{DeserializeSeed, Deserializer};
use serde_json::{Value, json};

/// A tree as serde_json would have it; of duplicate keys the last counts, as there.
fn value(node: NodeRef<'_, '_>) -> Value {
    match node.value() {
        Node::Null => Value::Null,
        Node::Bool(value) => (*value).into(),
        Node::Int(value) => (*value).into(),
        Node::Float(value) => (*value).into(),
        Node::Text(text) => text.as_ref().into(),
        Node::List => node.children().map(value).collect(),
        Node::Map => node.children().map(|child| (child.key().unwrap().to_owned(), value(child))).collect::<serde_json::Map<_, _>>().into(),
    }
}

fn ours(text: &str) -> Result<Value, String> {
    let clock = Clock::default();
    let mut tree = Tree::default();
    let mut reader = Reader::new(text, 0, &clock);
    NodeSeed::root(&mut tree, &clock).deserialize(&mut reader).map_err(|error| error.message)?;
    if reader.peek().is_some() {
        return Err("more follows".into());
    }
    Ok(value(tree.root().unwrap()))
}

fn theirs(text: &str) -> Result<Value, String> {
    let clock = Clock::default();
    let mut tree = Tree::default();
    let mut reader = serde_json::Deserializer::from_str(text);
    NodeSeed::root(&mut tree, &clock).deserialize(&mut reader).map_err(|error| error.to_string())?;
    reader.end().map_err(|error| error.to_string())?;
    Ok(value(tree.root().unwrap()))
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (-1e15..1e15_f64).prop_map(|float| Value::from((float * 8.0).round() / 8.0)),
        "\\PC{0,12}".prop_map(Value::from),
        "[\\x00-\\x1f\"\\\\/\u{1f600}\u{e9}a]{0,6}".prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 60, 6, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            proptest::collection::vec(("\\PC{0,5}", inner), 0..6)
                .prop_map(|entries| entries.into_iter().collect::<serde_json::Map<_, _>>().into()),
        ]
    })
}

proptest! {
    #[test]
    fn what_is_json_is_read_alike(json in any_json(), pretty in any::<bool>()) {
        let text = if pretty { serde_json::to_string_pretty(&json) } else { serde_json::to_string(&json) }.unwrap();
        prop_assert_eq!(ours(&text), theirs(&text));
    }

    #[test]
    fn whatever_serde_json_reads_is_read_alike(text in "[\\[\\]{}\",:0-9eE.+\\-a-z \\\\n]{0,24}") {
        if let Ok(read) = theirs(&text) {
            prop_assert_eq!(ours(&text), Ok(read));
        }
    }

    #[test]
    fn spans_enclose_what_was_written(json in any_json()) {
        let text = serde_json::to_string_pretty(&json).unwrap();
        let clock = Clock::default();
        let mut tree = Tree::default();
        NodeSeed::root(&mut tree, &clock).deserialize(&mut Reader::new(&text, 0, &clock)).unwrap();
        fn check(node: NodeRef<'_, '_>, text: &str) -> Result<(), TestCaseError> {
            let span = node.span();
            let written = &text[span.start as usize..span.end as usize];
            prop_assert_eq!(ours(written), Ok(value(node)));
            node.children().try_for_each(|child| check(child, text))
        }
        check(tree.root().unwrap(), &text)?;
    }

    #[test]
    fn no_text_panics(text in "\\PC{0,60}", json in any_json(), at in any::<usize>(), byte in any::<char>()) {
        let _ = ours(&text);
        let mut broken = serde_json::to_string(&json).unwrap();
        let at = (0..=at % (broken.len() + 1)).rev().find(|at| broken.is_char_boundary(*at)).unwrap();
        broken.insert(at, byte);
        let _ = ours(&broken);
        portcullis_tests::reviewed(broken);
    }
}

/// What the streaming visitor hands over, from any deserialiser.
fn streamed<'de, D: Deserializer<'de>>(from: D, clock: &Clock) -> Vec<(String, Value)> {
    let (mut rest, mut scratch) = (Tree::default(), Tree::default());
    let mut elements = Vec::new();
    let mut each = |element: Element<'_, 'de>| {
        elements.push((element.list.to_owned(), element.tree.root().map_or(Value::Null, value)));
    };
    let read = Envelope::root(&mut rest, &mut scratch, clock, &mut each).deserialize(from);
    assert!(read.is_ok(), "the text is JSON");
    elements.push(("around".into(), rest.root().map_or(Value::Null, value)));
    elements
}

#[test]
fn groups_stream_alike_from_both_readers() {
    let groups: Vec<Value> = (0..5).map(|i| group(&i.to_string(), &["in tcp 22 0.0.0.0/0", "out -1 - ::/0"])).collect();
    for json in [
        json!({ "SecurityGroups": groups, "NextToken": "x" }),
        json!({ "status": 200, "data": { "SecurityGroups": groups, "more": [1, { "SecurityGroups": [2] }] } }),
        json!(groups),
        json!({ "SecurityGroups": [] }),
        json!({ "Reservations": [{ "Instances": [{ "SecurityGroups": [{ "GroupId": "sg-1" }] }] }] }),
    ] {
        let text = json.to_string();
        let (clock, still) = (Clock::default(), Clock::default());
        let ours = streamed(&mut Reader::new(&text, 0, &clock), &clock);
        assert_eq!(ours, streamed(&mut serde_json::Deserializer::from_str(&text), &still));
        assert!(ours.len() > 1 || json["Reservations"].is_array());
    }
}

#[test]
fn tolerance_has_a_meaning() {
    for (text, json) in [
        ("[1, 2,]", "[1,2]"),
        ("{'a': None, 'b': True}", "{\"a\":null,\"b\":true}"),
        ("{\"a\": u'x'}", "{\"a\":\"x\"}"),
        ("[datetime.datetime(2024, 1, 2, tzinfo=tzutc())]", "[\"datetime.datetime(2024, 1, 2, tzinfo=tzutc())\"]"),
        ("// x\n[1 /* y */, # z\n 2]", "[1,2]"),
        ("[\"a\" \"b\"]", "[\"a\",\"b\"]"),
        ("\"\\ud83d\\ude00\"", "\"\u{1f600}\""),
        ("[-0, 1e2]", "[0,100.0]"),
    ] {
        assert_eq!(ours(text).unwrap(), serde_json::from_str::<Value>(json).unwrap(), "{text}");
    }
    for text in ["", "[", "{\"a\"}", "{\"a\":}", "[1 2]", "\"x", "\"\\q\"", "{a: 1}", "nul", "[1}", "-"] {
        assert!(ours(text).is_err(), "{text}");
    }
}
