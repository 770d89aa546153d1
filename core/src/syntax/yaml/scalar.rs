//! What a YAML scalar is: text, or by its spelling a number, a truth value or nothing.
//!
//! CloudFormation and the AWS CLI read YAML 1.1, so `yes` and `off` are truth values. Numbers with a leading zero stay text:
//! they are account ids and padded ports, which whoever needs a number still reads as a decimal one.

use std::borrow::Cow;

use crate::syntax::Value;

/// The value of a plain scalar: one without quotes and without a tag.
pub(super) fn plain(text: Cow<'_, str>) -> Value<'_> {
    match &*text {
        "" | "~" | "null" | "Null" | "NULL" => return Value::Null,
        "true" | "True" | "TRUE" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" => return Value::Bool(true),
        "false" | "False" | "FALSE" | "no" | "No" | "NO" | "off" | "Off" | "OFF" => return Value::Bool(false),
        _ => {}
    }
    number(&text).unwrap_or(Value::Text(text))
}

/// The value of a scalar under one of YAML's own tags, such as `!!int`.
pub(super) fn tagged<'a>(text: Cow<'a, str>, tag: &str) -> Value<'a> {
    match tag {
        "str" => Value::Text(text),
        "null" => Value::Null,
        _ => plain(text),
    }
}

fn number(text: &str) -> Option<Value<'static>> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let first = digits.bytes().next()?;
    if !first.is_ascii_digit() && first != b'.' {
        return None;
    }
    if let Some(hex) = digits.strip_prefix("0x") {
        return i64::from_str_radix(hex, 16).ok().filter(|_| digits == text).map(Value::Int);
    }
    if digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_') {
        if first == b'0' && digits.len() > 1 {
            return None;
        }
        return text.replace('_', "").parse().ok().map(Value::Int);
    }
    // Without a dot it is no number in YAML 1.1, and commonly the hash of a commit.
    let (whole, fraction) = digits.split_once('.')?;
    let decimal = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let (fraction, exponent) = fraction.split_once(['e', 'E']).map_or((fraction, ""), |(fraction, exponent)| (fraction, exponent));
    let exponent = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
    let is_number = decimal(whole) && decimal(fraction) && decimal(exponent) && !(whole.is_empty() && fraction.is_empty());
    is_number.then(|| text.parse().ok().map(Value::Float)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spelling_decides_what_is_no_text() {
        for (text, value) in [
            ("22", Value::Int(22)),
            ("-1", Value::Int(-1)),
            ("+7", Value::Int(7)),
            ("65_535", Value::Int(65_535)),
            ("0", Value::Int(0)),
            ("0x1F", Value::Int(31)),
            ("1.5", Value::Float(1.5)),
            ("1.5e3", Value::Float(1500.0)),
            (".5", Value::Float(0.5)),
            ("yes", Value::Bool(true)),
            ("Off", Value::Bool(false)),
            ("true", Value::Bool(true)),
            ("", Value::Null),
            ("~", Value::Null),
        ] {
            assert_eq!(plain(text.into()), value, "{text}");
        }
        let texts = [
            "0443",
            "012345678901",
            "10.0.0.0/8",
            "10.0.0.1",
            "1.2.3",
            "2010-09-09",
            "22:22",
            "22-25",
            "1e3",
            "12e4567",
            "-",
            ".",
            "tcp",
            "n",
            "y",
            "::/0",
            "99999999999999999999",
            "- 1",
            "0x",
            "-0x1",
        ];
        for text in texts {
            assert_eq!(plain(text.into()), Value::Text(text.into()), "{text}");
        }
    }

    #[test]
    fn a_tag_decides_over_the_spelling() {
        assert_eq!(tagged("22".into(), "str"), Value::Text("22".into()));
        assert_eq!(tagged("22".into(), "int"), Value::Int(22));
        assert_eq!(tagged("x".into(), "null"), Value::Null);
    }
}
