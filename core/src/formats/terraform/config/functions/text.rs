//! Functions on text and numbers, and JSON.

use super::{list, words};
use crate::formats::terraform::config::evaluate::{Evaluator, moved};
use crate::formats::terraform::config::operators::float;
use crate::formats::value::{Kind, Value};
use crate::model::Span;
use crate::syntax::{Clock, NodeSeed, Tree, json};

/// Calls a function on text; `None` where it is no such function or its arguments don't fit.
pub(super) fn apply(evaluator: &mut Evaluator<'_>, name: &str, arguments: &[Value], span: Span) -> Option<Kind> {
    let text = |at: usize| words(arguments, at);
    let first = arguments.first();
    let kind = match name {
        "lower" => Kind::Text(text(0)?.to_lowercase()),
        "upper" => Kind::Text(text(0)?.to_uppercase()),
        "trimspace" => Kind::Text(text(0)?.trim().to_owned()),
        "chomp" => Kind::Text(text(0)?.trim_end_matches(['\r', '\n']).to_owned()),
        "trimprefix" => {
            let (whole, part) = (text(0)?, text(1)?);
            Kind::Text(whole.strip_prefix(part.as_str()).unwrap_or(&whole).to_owned())
        }
        "trimsuffix" => {
            let (whole, part) = (text(0)?, text(1)?);
            Kind::Text(whole.strip_suffix(part.as_str()).unwrap_or(&whole).to_owned())
        }
        "startswith" => Kind::Bool(text(0)?.starts_with(text(1)?.as_str())),
        "endswith" => Kind::Bool(text(0)?.ends_with(text(1)?.as_str())),
        "strcontains" => Kind::Bool(text(0)?.contains(text(1)?.as_str())),
        "tostring" if first?.is_null() => Kind::Null,
        "tostring" => Kind::Text(text(0)?),
        "tonumber" => match first?.int() {
            Some(int) => Kind::Int(int),
            None => Kind::Float(float(first?)?),
        },
        "tobool" => Kind::Bool(first?.bool()?),
        "abs" => Kind::Int(first?.int()?.checked_abs()?),
        "join" => {
            let items = arguments.get(1..)?.iter().flat_map(Value::items);
            let pieces: Vec<String> = items.map(Value::to_text).collect::<Option<_>>()?;
            let joined = pieces.join(&text(0)?);
            evaluator.pay(joined.len() / 32).then_some(Kind::Text(joined))?
        }
        "split" => {
            let (separator, whole) = (text(0)?, text(1)?);
            evaluator.pay(whole.len() / 8).then_some(())?;
            let word = |piece: &str| Value::new(Kind::Text(piece.to_owned()), span);
            // Terraform splits between all letters where the separator is empty.
            let pieces = if separator.is_empty() {
                whole.chars().map(|letter| word(&letter.to_string())).collect()
            } else {
                whole.split(separator.as_str()).map(word).collect()
            };
            list(pieces)
        }
        "replace" => {
            let (whole, from, to) = (text(0)?, text(1)?, text(2)?);
            // Between slashes stands a regular expression.
            if from.len() > 1 && from.starts_with('/') && from.ends_with('/') {
                return None;
            }
            evaluator.pay(whole.len().saturating_mul(to.len().saturating_add(1)) / 32).then_some(())?;
            Kind::Text(whole.replace(&from, &to))
        }
        "substr" => {
            let (whole, from, length) = (text(0)?, arguments.get(1)?.int()?, arguments.get(2)?.int()?);
            let letters = whole.chars().skip(usize::try_from(from).ok()?);
            Kind::Text(if length < 0 { letters.collect() } else { letters.take(usize::try_from(length).ok()?).collect() })
        }
        "format" => {
            let pieces: Vec<String> = arguments.iter().map(Value::to_text).collect::<Option<_>>()?;
            let (pattern, rest) = pieces.split_first()?;
            let text = format(pattern, rest)?;
            evaluator.pay(text.len() / 32).then_some(Kind::Text(text))?
        }
        "formatlist" => format_list(evaluator, arguments, span)?,
        "jsondecode" => decode(&text(0)?, span)?,
        "jsonencode" => {
            let text = encode(first?)?.to_string();
            evaluator.pay(text.len() / 32).then_some(Kind::Text(text))?
        }
        _ => return None,
    };
    Some(kind)
}

/// `%s`, `%d`, `%v`, `%q` and `%%`; widths and other verbs are not known.
fn format(pattern: &str, arguments: &[String]) -> Option<String> {
    let mut text = String::with_capacity(pattern.len());
    let mut rest = arguments.iter();
    let mut letters = pattern.chars();
    while let Some(letter) = letters.next() {
        if letter != '%' {
            text.push(letter);
            continue;
        }
        match letters.next()? {
            '%' => text.push('%'),
            's' | 'v' | 'd' => text.push_str(rest.next()?),
            'q' => text.push_str(&format!("{:?}", rest.next()?)),
            _ => return None,
        }
    }
    Some(text)
}

fn format_list(evaluator: &mut Evaluator<'_>, arguments: &[Value], span: Span) -> Option<Kind> {
    let (pattern, rest) = arguments.split_first()?;
    let pattern = pattern.to_text()?;
    let length = rest.iter().filter(|argument| argument.is_list()).map(|argument| argument.items().len()).max().unwrap_or(1);
    let mut items = Vec::new();
    for at in 0..length {
        let nth =
            |argument: &Value| if argument.is_list() { argument.items().get(at).and_then(Value::to_text) } else { argument.to_text() };
        let pieces: Vec<String> = rest.iter().map(nth).collect::<Option<_>>()?;
        let text = format(&pattern, &pieces)?;
        evaluator.pay((text.len() / 32).saturating_add(1)).then_some(())?;
        items.push(Value::new(Kind::Text(text), span));
    }
    Some(list(items))
}

/// What a text of JSON says, at the place of the text.
pub(in crate::formats::terraform) fn decode(text: &str, span: Span) -> Option<Kind> {
    let clock = Clock::default();
    let mut tree = Tree::default();
    let mut reader = json::Reader::new(text, 0, &clock);
    serde::de::DeserializeSeed::deserialize(NodeSeed::root(&mut tree, &clock), &mut reader).ok()?;
    Some(moved(&Value::from_node(tree.root()?), span).kind)
}

fn encode(value: &Value) -> Option<serde_json::Value> {
    Some(match &value.kind {
        Kind::Null => serde_json::Value::Null,
        Kind::Bool(value) => (*value).into(),
        Kind::Int(int) => (*int).into(),
        Kind::Float(float) => (*float).into(),
        Kind::Text(text) => text.clone().into(),
        Kind::List(items) => items.iter().map(encode).collect::<Option<Vec<_>>>()?.into(),
        Kind::Map(entries) => {
            let entry = |(name, value): &(String, Value)| Some((name.clone(), encode(value)?));
            serde_json::Value::Object(entries.iter().map(entry).collect::<Option<_>>()?)
        }
        Kind::Reference(_) | Kind::Unknown(_) => return None,
    })
}
