//! The functions of templates whose result follows from their arguments (Azure Resource Manager, template functions).

use crate::formats::value::{Kind, Value};
use crate::model::Span;
use crate::syntax::{Clock, NodeSeed, Tree, json::Reader};

/// How long a text and how many items a list may become.
const LONGEST: usize = 65_536;

/// The result, or `None` where it does not follow from the arguments. `name` is in lower case.
pub(super) fn call(name: &str, arguments: &[Value], span: Span) -> Option<Value> {
    let value = |kind| Some(Value::new(kind, span));
    let text = |text: String| (text.len() <= LONGEST).then_some(()).and_then(|()| value(Kind::Text(text)));
    // These keep what is known beside what is not.
    match name {
        "createarray" => return value(Kind::List(arguments.to_vec())),
        "concat" | "union" | "flatten" if arguments.iter().any(Value::is_list) => return value(Kind::List(joined(name, arguments)?)),
        "createobject" => {
            let pairs = arguments.chunks_exact(2).filter_map(|pair| Some((as_text(pair.first()?)?, pair.last()?.clone())));
            return value(Kind::Map(pairs.collect()));
        }
        "coalesce" => {
            let first = arguments.iter().find(|argument| !argument.is_null());
            return first.cloned().or_else(|| value(Kind::Null));
        }
        _ => {}
    }
    if arguments.iter().any(|argument| argument.missing().is_some()) {
        return None;
    }
    let one = arguments.first();
    let two = arguments.get(1);
    let (a, b) = (one.and_then(Value::int), two.and_then(Value::int));
    let strings = || Some((one.and_then(as_text)?, two.and_then(as_text)?));
    let number = |number: Option<i64>| value(Kind::Int(number?));
    let truth = |truth: Option<bool>| value(Kind::Bool(truth?));
    match name {
        "true" | "false" => truth(Some(name == "true")),
        "null" => value(Kind::Null),
        "concat" => text(arguments.iter().map(as_text).collect::<Option<String>>()?),
        "format" => text(formatted(arguments)?),
        "string" => text(one.and_then(as_text)?),
        "tolower" => text(one.and_then(as_text)?.to_lowercase()),
        "toupper" => text(one.and_then(as_text)?.to_uppercase()),
        "trim" => text(one.and_then(as_text)?.trim().to_owned()),
        "replace" => {
            let ((whole, old), new) = (strings()?, as_text(arguments.get(2)?)?);
            (whole.len().saturating_mul(new.len().saturating_add(1)) <= LONGEST.saturating_mul(16) && !old.is_empty()).then_some(())?;
            text(whole.replace(&old, &new))
        }
        "join" => text(one?.items().iter().map(as_text).collect::<Option<Vec<String>>>()?.join(&as_text(two?)?)),
        "split" => {
            let (whole, by) = strings()?;
            (!by.is_empty()).then_some(())?;
            value(Kind::List(whole.split(&*by).map(|part| Value::new(Kind::Text(part.to_owned()), span)).collect()))
        }
        "substring" => {
            let letters = one?.text()?.chars().skip(usize::try_from(b?).ok()?);
            let length = arguments.get(2).map_or(Some(LONGEST), |length| usize::try_from(length.int()?).ok())?;
            text(letters.take(length).collect())
        }
        "startswith" => truth(strings().map(|(whole, part)| whole.to_lowercase().starts_with(&part.to_lowercase()))),
        "endswith" => truth(strings().map(|(whole, part)| whole.to_lowercase().ends_with(&part.to_lowercase()))),
        "contains" => truth(contains(one?, two?)),
        "empty" => truth(size(one?).map(|size| size == 0)),
        "length" => number(size(one?).and_then(|size| i64::try_from(size).ok())),
        "first" => one?.items().first().filter(|_| one.is_some_and(Value::is_list)).cloned(),
        "last" => one?.items().last().filter(|_| one.is_some_and(Value::is_list)).cloned(),
        "skip" => value(Kind::List(one?.items().iter().skip(usize::try_from(b?).ok()?).cloned().collect())),
        "take" => value(Kind::List(one?.items().iter().take(usize::try_from(b?).ok()?).cloned().collect())),
        "range" => {
            let (from, count) = (a?, b?);
            (usize::try_from(count).ok()? <= super::eval::TURNS).then_some(())?;
            value(Kind::List((from..from.checked_add(count)?).map(|at| Value::new(Kind::Int(at), span)).collect()))
        }
        "array" => value(Kind::List(one?.items().to_vec())),
        "items" => value(Kind::List(one?.entries().iter().map(|(key, entry)| item(key, entry, span)).collect())),
        "int" => number(a),
        "bool" => truth(one?.bool().or_else(|| a.map(|a| a != 0))),
        "json" => parsed(one?.text()?, span),
        "not" => truth(one?.bool().map(|bool| !bool)),
        "equals" => truth(Some(same(one?, two?))),
        "less" => truth(Some(a? < b?)),
        "lessorequals" => truth(Some(a? <= b?)),
        "greater" => truth(Some(a? > b?)),
        "greaterorequals" => truth(Some(a? >= b?)),
        "add" => number(a?.checked_add(b?)),
        "sub" => number(a?.checked_sub(b?)),
        "mul" => number(a?.checked_mul(b?)),
        "div" => number(a?.checked_div(b?)),
        "mod" => number(a?.checked_rem(b?)),
        "min" => number(ints(arguments)?.into_iter().min()),
        "max" => number(ints(arguments)?.into_iter().max()),
        // What counts is the name at the end.
        "resourceid" | "subscriptionresourceid" | "tenantresourceid" | "extensionresourceid" | "managementgroupresourceid" => {
            let parts: Vec<String> = arguments.iter().map(as_text).collect::<Option<_>>()?;
            text(parts.join("/"))
        }
        "union" | "shallowmerge" => value(Kind::Map(arguments.iter().flat_map(|map| map.entries().to_vec()).collect())),
        _ => None,
    }
}

/// A scalar as the platform puts it into text.
pub(super) fn as_text(value: &Value) -> Option<String> {
    match &value.kind {
        Kind::Text(text) => Some(text.clone()),
        Kind::Int(int) => Some(int.to_string()),
        Kind::Bool(bool) => Some(if *bool { "True" } else { "False" }.to_owned()),
        Kind::Reference(name) => Some(name.clone()),
        _ => None,
    }
}

/// Whether two values are equal, wherever they stand.
pub(super) fn same(left: &Value, right: &Value) -> bool {
    match (&left.kind, &right.kind) {
        (Kind::List(left), Kind::List(right)) => left.len() == right.len() && left.iter().zip(right).all(|(a, b)| same(a, b)),
        (Kind::Map(left), Kind::Map(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(a, b)| a.0 == b.0 && same(&a.1, &b.1))
        }
        (left, right) => left == right,
    }
}

/// Lists one after the other; what is not known is an item that is not known.
fn joined(name: &str, arguments: &[Value]) -> Option<Vec<Value>> {
    let mut items: Vec<Value> = Vec::new();
    let lists: Vec<&Value> = if name == "flatten" { arguments.iter().flat_map(Value::items).collect() } else { arguments.iter().collect() };
    for item in lists.into_iter().flat_map(Value::items) {
        if items.len() >= LONGEST {
            return None;
        }
        // Long lists of equal items are no one's intent.
        if name != "union" || items.len() > 1_000 || !items.iter().any(|known| same(known, item)) {
            items.push(item.clone());
        }
    }
    Some(items)
}

/// `format('{0}-{1:D2}', a, b)`.
fn formatted(arguments: &[Value]) -> Option<String> {
    let mut rest = arguments.first()?.text()?;
    let mut out = String::new();
    while let Some(at) = rest.find(['{', '}']) {
        let (before, brace) = rest.split_at_checked(at)?;
        out.push_str(before);
        if let Some(after) = brace.strip_prefix("{{").or_else(|| brace.strip_prefix("}}")) {
            out.push_str(brace.get(..1)?);
            rest = after;
            continue;
        }
        let (place, after) = brace.strip_prefix('{')?.split_once('}')?;
        let (number, style) = place.split_once(':').unwrap_or((place, ""));
        let value = as_text(arguments.get(number.trim().parse::<usize>().ok()?.checked_add(1)?)?)?;
        match style.strip_prefix(['D', 'd']).map(str::parse::<usize>) {
            Some(Ok(digits)) if digits < 20 => (value.len()..digits).for_each(|_| out.push('0')),
            Some(_) => return None,
            None if style.is_empty() => {}
            None => return None,
        }
        out.push_str(&value);
        rest = after;
    }
    out.push_str(rest);
    Some(out)
}

fn contains(whole: &Value, part: &Value) -> Option<bool> {
    match &whole.kind {
        Kind::Text(text) => Some(text.contains(&as_text(part)?)),
        Kind::List(items) => {
            let found = items.iter().any(|item| same(item, part));
            (found || items.iter().all(|item| item.missing().is_none())).then_some(found)
        }
        Kind::Map(_) => Some(whole.get(part.text()?).is_some()),
        _ => None,
    }
}

/// How many items, entries or letters; not where a part of a list is unknown, which may be several items.
fn size(value: &Value) -> Option<usize> {
    match &value.kind {
        Kind::Null => Some(0),
        Kind::Text(text) => Some(text.chars().count()),
        Kind::List(items) => items.iter().all(|item| item.missing().is_none()).then_some(items.len()),
        Kind::Map(entries) => Some(entries.len()),
        _ => None,
    }
}

fn ints(arguments: &[Value]) -> Option<Vec<i64>> {
    arguments.iter().flat_map(Value::items).map(Value::int).collect()
}

fn item(key: &str, entry: &Value, span: Span) -> Value {
    let key = Value::new(Kind::Text(key.to_owned()), span);
    Value::new(Kind::Map(vec![("key".to_owned(), key), ("value".to_owned(), entry.clone())]), span)
}

/// JSON inside a string; everything in it stands where the string stands.
fn parsed(text: &str, span: Span) -> Option<Value> {
    fn placed(mut value: Value, span: Span) -> Value {
        value.span = span;
        match &mut value.kind {
            Kind::List(items) => *items = std::mem::take(items).into_iter().map(|item| placed(item, span)).collect(),
            Kind::Map(entries) => *entries = std::mem::take(entries).into_iter().map(|(key, entry)| (key, placed(entry, span))).collect(),
            _ => {}
        }
        value
    }
    let clock = Clock::default();
    let mut tree = Tree::default();
    let mut reader = Reader::new(text, 0, &clock);
    serde::de::DeserializeSeed::deserialize(NodeSeed::root(&mut tree, &clock), &mut reader).ok()?;
    Some(placed(Value::from_node(tree.root()?), span))
}
