//! Arithmetic and comparison on known values.

use crate::formats::value::{Kind, Value};
use crate::syntax::hcl::Operator;

/// The result of an operation, or `None` where the operands don't fit.
pub(super) fn binary(operator: Operator, left: &Value, right: &Value) -> Option<Kind> {
    match operator {
        Operator::And => Some(Kind::Bool(left.bool()? && right.bool()?)),
        Operator::Or => Some(Kind::Bool(left.bool()? || right.bool()?)),
        Operator::Equal => Some(Kind::Bool(left.same(right))),
        Operator::Unequal => Some(Kind::Bool(!left.same(right))),
        _ => match (left.int(), right.int()) {
            (Some(left), Some(right)) => whole(operator, left, right),
            _ => fraction(operator, float(left)?, float(right)?),
        },
    }
}

/// The number with the other sign.
pub(super) fn negate(operand: &Value) -> Option<Kind> {
    match operand.int() {
        Some(int) => int.checked_neg().map(Kind::Int),
        None => float(operand).map(|value| Kind::Float(-value)),
    }
}

/// A number, also where it is written as text.
pub(super) fn float(value: &Value) -> Option<f64> {
    match &value.kind {
        Kind::Float(float) => Some(*float),
        // Whole numbers of configurations are far below where a float would lose one.
        Kind::Int(int) => int.to_string().parse().ok(),
        Kind::Text(text) => text.trim().parse().ok(),
        _ => None,
    }
}

fn whole(operator: Operator, left: i64, right: i64) -> Option<Kind> {
    let int = match operator {
        Operator::Plus => left.checked_add(right)?,
        Operator::Minus => left.checked_sub(right)?,
        Operator::Times => left.checked_mul(right)?,
        Operator::Remainder => left.checked_rem(right)?,
        Operator::Divide if left.checked_rem(right)? == 0 => left.checked_div(right)?,
        Operator::Less => return Some(Kind::Bool(left < right)),
        Operator::LessOrEqual => return Some(Kind::Bool(left <= right)),
        Operator::Greater => return Some(Kind::Bool(left > right)),
        Operator::GreaterOrEqual => return Some(Kind::Bool(left >= right)),
        _ => return fraction(operator, left.to_string().parse().ok()?, right.to_string().parse().ok()?),
    };
    Some(Kind::Int(int))
}

// Floats neither panic nor wrap.
#[allow(clippy::arithmetic_side_effects)]
fn fraction(operator: Operator, left: f64, right: f64) -> Option<Kind> {
    let value = match operator {
        Operator::Plus => left + right,
        Operator::Minus => left - right,
        Operator::Times => left * right,
        Operator::Divide => left / right,
        Operator::Remainder => left % right,
        Operator::Less => return Some(Kind::Bool(left < right)),
        Operator::LessOrEqual => return Some(Kind::Bool(left <= right)),
        Operator::Greater => return Some(Kind::Bool(left > right)),
        Operator::GreaterOrEqual => return Some(Kind::Bool(left >= right)),
        _ => return None,
    };
    value.is_finite().then_some(Kind::Float(value))
}
