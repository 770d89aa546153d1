//! Expressions: operators by their rank, choices, and the steps behind a value.

use super::reader::{Read, Reader};
use super::{Expr, ExprKind, Operator, Step};
use crate::model::Span;

impl<'t> Reader<'t> {
    /// An expression that stands in another one.
    pub(super) fn nested(&mut self) -> Read<Expr> {
        self.enter()?;
        let expr = self.expression()?;
        self.leave();
        Ok(expr)
    }

    /// An expression.
    pub(super) fn expression(&mut self) -> Read<Expr> {
        let before = std::mem::take(&mut self.chained);
        let start = self.at;
        let mut expr = self.operation(0)?;
        if self.byte() == b'?' {
            self.take(1);
            let then = self.nested()?;
            self.expect(b':', "a `:` and what holds otherwise are missing here")?;
            let otherwise = self.nested()?;
            expr = Expr { span: self.span(start), kind: ExprKind::Choose(Box::new([expr, then, otherwise])) };
        }
        self.chained = self.chained.max(before);
        Ok(expr)
    }

    /// Operands with the operators between them that bind at least as tightly as `rank` says.
    fn operation(&mut self, rank: u8) -> Read<Expr> {
        let mut left = self.operand()?;
        while let Some((operator, own, length)) = self.operator().filter(|(_, own, _)| *own >= rank) {
            self.chain()?;
            self.take(length);
            let right = self.operation(own.saturating_add(1))?;
            let span = Span { start: left.span.start, end: right.span.end };
            left = Expr { span, kind: ExprKind::Binary(operator, Box::new([left, right])) };
        }
        Ok(left)
    }

    /// The operator that stands here, with its rank and its length.
    fn operator(&self) -> Option<(Operator, u8, usize)> {
        let bytes = self.rest().as_bytes();
        Some(match (self.byte(), bytes.get(1)) {
            (b'|', Some(b'|')) => (Operator::Or, 1, 2),
            (b'&', Some(b'&')) => (Operator::And, 2, 2),
            (b'=', Some(b'=')) => (Operator::Equal, 3, 2),
            (b'!', Some(b'=')) => (Operator::Unequal, 3, 2),
            (b'<', Some(b'=')) => (Operator::LessOrEqual, 4, 2),
            (b'>', Some(b'=')) => (Operator::GreaterOrEqual, 4, 2),
            (b'<', _) => (Operator::Less, 4, 1),
            (b'>', _) => (Operator::Greater, 4, 1),
            (b'+', _) => (Operator::Plus, 5, 1),
            (b'-', _) => (Operator::Minus, 5, 1),
            (b'*', _) => (Operator::Times, 6, 1),
            // Otherwise a comment begins.
            (b'/', after) if !matches!(after, Some(b'/' | b'*')) => (Operator::Divide, 6, 1),
            (b'%', _) => (Operator::Remainder, 6, 1),
            _ => return None,
        })
    }

    /// A value with what stands before and behind it.
    fn operand(&mut self) -> Read<Expr> {
        let start = self.at;
        let sign = self.byte();
        if !matches!(sign, b'-' | b'!') {
            let value = self.value()?;
            return self.steps(value);
        }
        self.take(1);
        if sign == b'-' && self.byte().is_ascii_digit() {
            let kind = match self.number()? {
                ExprKind::Int(value) => ExprKind::Int(value.saturating_neg()),
                ExprKind::Float(value) => ExprKind::Float(-value),
                other => other,
            };
            let value = Expr { span: self.span(start), kind };
            return self.steps(value);
        }
        self.enter()?;
        let operand = Box::new(self.operand()?);
        self.leave();
        let kind = if sign == b'-' { ExprKind::Negate(operand) } else { ExprKind::Not(operand) };
        Ok(Expr { span: self.span(start), kind })
    }

    /// The attributes, indexes and splats behind a value.
    fn steps(&mut self, value: Expr) -> Read<Expr> {
        let mut steps = Vec::new();
        loop {
            match self.byte() {
                // Three dots are no step.
                b'.' if !self.starts("..") => {
                    self.take(1);
                    steps.push(self.behind_dot()?);
                }
                b'[' => {
                    let wraps = std::mem::replace(&mut self.wraps, true);
                    self.take(1);
                    let splat = self.byte() == b'*';
                    steps.push(if splat { Step::Splat } else { Step::Index(self.nested()?) });
                    self.skip(usize::from(splat));
                    self.space();
                    self.wraps = wraps;
                    self.expect(b']', "a `]` is missing here")?;
                }
                _ => break,
            }
        }
        if steps.is_empty() {
            return Ok(value);
        }
        let span = Span { start: value.span.start, ..self.span(self.at) };
        Ok(Expr { span, kind: ExprKind::Traverse(Box::new(value), steps) })
    }

    fn behind_dot(&mut self) -> Read<Step> {
        let start = self.at;
        let digits = self.digits(0);
        if digits > 0 {
            let index = self.rest().get(..digits).and_then(|digits| digits.parse().ok()).unwrap_or(i64::MAX);
            self.take(digits);
            return Ok(Step::Index(Expr { span: self.span(start), kind: ExprKind::Int(index) }));
        }
        if self.byte() == b'*' {
            self.take(1);
            return Ok(Step::AttributeSplat);
        }
        Ok(Step::Attribute(self.name("the name of an attribute is missing behind this dot")?.to_owned()))
    }
}
