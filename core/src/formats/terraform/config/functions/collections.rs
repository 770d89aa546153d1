//! Functions on lists, sets and maps.

use super::{list, words};
use crate::formats::terraform::config::evaluate::{Evaluator, in_order, size};
use crate::formats::value::{Kind, Value};
use crate::model::Span;

/// Calls a function on collections; `None` where it is no such function or its arguments don't fit.
pub(super) fn apply(evaluator: &mut Evaluator<'_>, name: &str, arguments: &[Value], span: Span) -> Option<Kind> {
    if !evaluator.pay(arguments.iter().map(size).sum()) {
        return None;
    }
    let first = arguments.first();
    let kind = match name {
        "concat" => list(arguments.iter().flat_map(|argument| argument.items().to_vec()).collect()),
        "setunion" => distinct(evaluator, arguments.iter().flat_map(Value::items))?,
        "distinct" | "toset" => distinct(evaluator, first?.items())?,
        "tolist" => list(first?.items().to_vec()),
        "flatten" => list(flatten(first?)),
        "compact" => list(first?.items().iter().filter(|item| !item.is_null() && item.text() != Some("")).cloned().collect()),
        "coalesce" => {
            let some = |value: &&Value| !value.is_null() && value.text() != Some("");
            arguments.iter().find(some)?.kind.clone()
        }
        "coalescelist" => arguments.iter().find(|argument| !argument.items().is_empty())?.kind.clone(),
        "sensitive" | "nonsensitive" | "ephemeralasnull" | "tomap" => first?.kind.clone(),
        "merge" => merge(evaluator, arguments)?,
        "lookup" => {
            let key = words(arguments, 1)?;
            let found = first?.entries().iter().rev().find(|(name, _)| *name == key).map(|(_, value)| value);
            found.or_else(|| arguments.get(2))?.kind.clone()
        }
        "element" => {
            let items = first?.items();
            let at = arguments.get(1)?.int()?.checked_rem_euclid(i64::try_from(items.len()).ok()?)?;
            known(items)?.get(usize::try_from(at).ok()?)?.kind.clone()
        }
        "keys" => {
            let word = |(name, _): &(String, Value)| Value::new(Kind::Text(name.clone()), span);
            list(in_order(first?.entries()).into_iter().map(word).collect())
        }
        "values" => list(in_order(first?.entries()).into_iter().map(|(_, value)| value.clone()).collect()),
        "length" => Kind::Int(i64::try_from(length(first?)?).ok()?),
        "contains" => {
            let (items, wanted) = (first?.items(), arguments.get(1)?);
            let found = items.iter().any(|item| item.same(wanted));
            Kind::Bool(found || known(items).map(|_| false)?)
        }
        "index" => {
            let (items, wanted) = (known(first?.items())?, arguments.get(1)?);
            Kind::Int(i64::try_from(items.iter().position(|item| item.same(wanted))?).ok()?)
        }
        "one" => match first?.items() {
            [] => Kind::Null,
            [only] => only.kind.clone(),
            _ => return None,
        },
        "reverse" => list(known(first?.items())?.iter().rev().cloned().collect()),
        "sort" => {
            let mut words: Vec<String> = first?.items().iter().map(Value::to_text).collect::<Option<_>>()?;
            crate::sorting::sort_by(&mut words, String::cmp);
            list(words.into_iter().map(|word| Value::new(Kind::Text(word), span)).collect())
        }
        "slice" => {
            let at = |nth: usize| arguments.get(nth)?.int().and_then(|at| usize::try_from(at).ok());
            list(known(first?.items())?.get(at(1)?..at(2)?)?.to_vec())
        }
        "range" => range(evaluator, arguments, span)?,
        "zipmap" => {
            let keys: Vec<String> = first?.items().iter().map(Value::to_text).collect::<Option<_>>()?;
            Kind::Map(keys.into_iter().zip(known(arguments.get(1)?.items())?.iter().cloned()).collect())
        }
        "setsubtract" | "setintersection" => {
            let (items, others) = (known(first?.items())?, known(arguments.get(1)?.items())?);
            let wanted = name == "setintersection";
            if !evaluator.pay(items.len().saturating_mul(others.len()) / 8) {
                return None;
            }
            list(items.iter().filter(|item| others.iter().any(|other| item.same(other)) == wanted).cloned().collect())
        }
        "setproduct" => product(evaluator, arguments, span)?,
        "alltrue" => Kind::Bool(first?.items().iter().map(Value::bool).collect::<Option<Vec<_>>>()?.into_iter().all(|value| value)),
        "anytrue" => Kind::Bool(first?.items().iter().map(Value::bool).collect::<Option<Vec<_>>>()?.into_iter().any(|value| value)),
        "max" | "min" => {
            let numbers: Vec<i64> = arguments.iter().map(Value::int).collect::<Option<_>>()?;
            Kind::Int(if name == "max" { numbers.into_iter().max()? } else { numbers.into_iter().min()? })
        }
        _ => return None,
    };
    Some(kind)
}

/// Items whose number and order are known: one that is unknown may stand for several.
fn known(items: &[Value]) -> Option<&[Value]> {
    items.iter().all(|item| item.missing().is_none()).then_some(items)
}

fn length(value: &Value) -> Option<usize> {
    match &value.kind {
        Kind::List(items) => known(items).map(<[Value]>::len),
        Kind::Map(entries) => Some(entries.len()),
        Kind::Text(text) => Some(text.chars().count()),
        _ => None,
    }
}

fn distinct<'v>(evaluator: &mut Evaluator<'_>, items: impl IntoIterator<Item = &'v Value>) -> Option<Kind> {
    let mut kept: Vec<Value> = Vec::new();
    for item in items {
        if !evaluator.pay((kept.len() / 8).saturating_add(1)) {
            return None;
        }
        if !kept.iter().any(|known| known.same(item)) {
            kept.push(item.clone());
        }
    }
    Some(list(kept))
}

fn flatten(value: &Value) -> Vec<Value> {
    match &value.kind {
        Kind::List(items) => items.iter().flat_map(flatten).collect(),
        _ => vec![value.clone()],
    }
}

fn merge(evaluator: &mut Evaluator<'_>, arguments: &[Value]) -> Option<Kind> {
    let mut map: Vec<(String, Value)> = Vec::new();
    for (name, value) in arguments.iter().flat_map(Value::entries) {
        if !evaluator.pay((map.len() / 8).saturating_add(1)) {
            return None;
        }
        match map.iter_mut().find(|(known, _)| known == name) {
            Some((_, known)) => *known = value.clone(),
            None => map.push((name.clone(), value.clone())),
        }
    }
    Some(Kind::Map(map))
}

/// Terraform itself refuses more than 1024 (its documentation of `range`).
const RANGE: usize = 1_024;

fn range(evaluator: &mut Evaluator<'_>, arguments: &[Value], span: Span) -> Option<Kind> {
    let numbers: Vec<i64> = arguments.iter().map(Value::int).collect::<Option<_>>()?;
    let (start, end, step) = match numbers.as_slice() {
        [end] => (0, *end, if *end < 0 { -1 } else { 1 }),
        [start, end] => (*start, *end, if end < start { -1 } else { 1 }),
        [start, end, step] => (*start, *end, *step),
        _ => return None,
    };
    let mut items = Vec::new();
    let mut at = start;
    while if step > 0 { at < end } else { at > end } {
        if step == 0 || items.len() >= RANGE || !evaluator.pay(1) {
            return None;
        }
        items.push(Value::new(Kind::Int(at), span));
        at = at.checked_add(step)?;
    }
    Some(list(items))
}

fn product(evaluator: &mut Evaluator<'_>, arguments: &[Value], span: Span) -> Option<Kind> {
    let mut rows: Vec<Vec<Value>> = vec![Vec::new()];
    for argument in arguments {
        let items = known(argument.items())?;
        if !evaluator.pay(rows.len().saturating_mul(items.len()).saturating_mul(arguments.len())) {
            return None;
        }
        let with = |row: &Vec<Value>, item: &Value| row.iter().cloned().chain([item.clone()]).collect();
        rows = rows.iter().flat_map(|row| items.iter().map(move |item| with(row, item))).collect();
    }
    Some(list(rows.into_iter().map(|row| Value::new(list(row), span)).collect()))
}
