//! From hcl-edit's tree, which keeps white space for editors, to ours.

use hcl_edit::Number;
use hcl_edit::expr::{BinaryOperator, Expression, ForExpr, FuncArgs, ObjectKey, TraversalOperator, UnaryOperator};
use hcl_edit::structure::{self, BlockLabel, Structure};
use hcl_edit::template::{Directive, Element, Strip, Template};

use super::super::{Attribute, Block, Body, Call, Each, Expr, ExprKind, For, Operator, Part, Step};
use crate::model::Span;

/// Everything of a parsed text.
pub(super) fn body(body: &structure::Body) -> Body {
    Convert.body(body)
}

struct Convert;

impl Convert {
    fn span(&self, of: &impl hcl_edit::Span) -> Span {
        let range = of.span().unwrap_or_default();
        let at = |byte: usize| u32::try_from(byte).unwrap_or(u32::MAX);
        Span { start: at(range.start), end: at(range.end) }
    }

    fn body(&self, body: &structure::Body) -> Body {
        let mut converted = Body::default();
        for item in body {
            match item {
                Structure::Attribute(attribute) => {
                    converted.attributes.push(Attribute { name: attribute.key.as_str().to_owned(), value: self.expr(&attribute.value) })
                }
                Structure::Block(block) => converted.blocks.push(Block {
                    kind: block.ident.as_str().to_owned(),
                    labels: block.labels.iter().map(label).collect(),
                    body: self.body(&block.body),
                    span: self.span(block),
                }),
            }
        }
        converted
    }

    fn expr(&self, expr: &Expression) -> Expr {
        Expr { span: self.span(expr), kind: self.kind(expr) }
    }

    fn boxed(&self, expr: &Expression) -> Box<Expr> {
        Box::new(self.expr(expr))
    }

    fn kind(&self, expr: &Expression) -> ExprKind {
        match expr {
            Expression::Null(_) => ExprKind::Null,
            Expression::Bool(value) => ExprKind::Bool(*value.value()),
            Expression::Number(number) => self::number(number.value()),
            Expression::String(text) => ExprKind::Text(text.value().clone()),
            Expression::Array(items) => ExprKind::List(items.iter().map(|item| self.expr(item)).collect()),
            Expression::Object(entries) => {
                ExprKind::Object(entries.iter().map(|(key, value)| (self.key(key), self.expr(value.expr()))).collect())
            }
            Expression::StringTemplate(template) => self.template(template),
            Expression::HeredocTemplate(heredoc) => self.template(&heredoc.template),
            Expression::Parenthesis(inner) => self.kind(inner.inner()),
            Expression::Variable(name) => ExprKind::Name(name.as_str().to_owned()),
            Expression::Conditional(choose) => {
                let parts = [&choose.cond_expr, &choose.true_expr, &choose.false_expr];
                ExprKind::Choose(Box::new(parts.map(|part| self.expr(part))))
            }
            Expression::FuncCall(call) => {
                let mut function: String = call.name.namespace.iter().map(|part| format!("{}::", part.as_str())).collect();
                function.push_str(call.name.name.as_str());
                ExprKind::Call(Box::new(Call { function, ..self.arguments(&call.args) }))
            }
            Expression::Traversal(traversal) => {
                let steps = traversal.operators.iter().map(|step| self.step(step)).collect();
                ExprKind::Traverse(self.boxed(&traversal.expr), steps)
            }
            Expression::UnaryOp(operation) => match operation.operator.value() {
                UnaryOperator::Neg => ExprKind::Negate(self.boxed(&operation.expr)),
                UnaryOperator::Not => ExprKind::Not(self.boxed(&operation.expr)),
            },
            Expression::BinaryOp(operation) => {
                let operands = [self.expr(&operation.lhs_expr), self.expr(&operation.rhs_expr)];
                ExprKind::Binary(operator(*operation.operator.value()), Box::new(operands))
            }
            Expression::ForExpr(loops) => ExprKind::For(Box::new(self.loops(loops))),
        }
    }

    fn key(&self, key: &ObjectKey) -> Expr {
        match key {
            ObjectKey::Ident(word) => Expr { span: self.span(word), kind: ExprKind::Text(word.as_str().to_owned()) },
            ObjectKey::Expression(expr) => match expr {
                // A single bare word is its own name; `(word)` would be a variable.
                Expression::Variable(word) => Expr { span: self.span(word), kind: ExprKind::Text(word.as_str().to_owned()) },
                _ => self.expr(expr),
            },
        }
    }

    fn arguments(&self, arguments: &FuncArgs) -> Call {
        Call {
            function: String::new(),
            arguments: arguments.iter().map(|argument| self.expr(argument)).collect(),
            spread: arguments.expand_final(),
        }
    }

    fn step(&self, step: &TraversalOperator) -> Step {
        match step {
            TraversalOperator::AttrSplat(_) => Step::AttributeSplat,
            TraversalOperator::FullSplat(_) => Step::Splat,
            TraversalOperator::GetAttr(name) => Step::Attribute(name.as_str().to_owned()),
            TraversalOperator::Index(index) => Step::Index(self.expr(index)),
            TraversalOperator::LegacyIndex(index) => {
                let number = i64::try_from(*index.value()).unwrap_or(i64::MAX);
                Step::Index(Expr { span: self.span(index), kind: ExprKind::Int(number) })
            }
        }
    }

    fn loops(&self, loops: &ForExpr) -> For {
        For {
            each: Each {
                key: loops.intro.key_var.as_ref().map(|name| name.as_str().to_owned()),
                value: loops.intro.value_var.as_str().to_owned(),
                collection: self.expr(&loops.intro.collection_expr),
            },
            key: loops.key_expr.as_ref().map(|key| self.expr(key)),
            result: self.expr(&loops.value_expr),
            condition: loops.cond.as_ref().map(|condition| self.expr(&condition.expr)),
            grouped: loops.grouping,
        }
    }

    fn template(&self, template: &Template) -> ExprKind {
        let mut parts = self.parts(template);
        match parts.as_mut_slice() {
            [] => ExprKind::Text(String::new()),
            [Part::Literal(text)] => ExprKind::Text(std::mem::take(text)),
            _ => ExprKind::Template(parts),
        }
    }

    fn parts(&self, template: &Template) -> Vec<Part> {
        let mut parts = Vec::with_capacity(template.len());
        let mut strip_next = false;
        for element in template {
            let (before, after) = strips(element);
            if let (true, Some(Part::Literal(text))) = (before, parts.last_mut()) {
                let kept = text.trim_end_matches([' ', '\t']);
                let kept = kept.strip_suffix('\n').map_or(kept, |kept| kept.strip_suffix('\r').unwrap_or(kept));
                text.truncate(kept.len());
            }
            parts.push(match element {
                Element::Literal(text) if strip_next => {
                    let kept = text.value().trim_start_matches([' ', '\t', '\r']);
                    Part::Literal(kept.strip_prefix('\n').unwrap_or(kept).to_owned())
                }
                Element::Literal(text) => Part::Literal(text.value().clone()),
                Element::Interpolation(inner) => Part::Value(self.expr(&inner.expr)),
                Element::Directive(directive) => self.directive(directive),
            });
            strip_next = after;
        }
        parts
    }

    fn directive(&self, directive: &Directive) -> Part {
        match directive {
            Directive::If(choose) => {
                let otherwise = choose.else_expr.as_ref().map(|otherwise| self.parts(&otherwise.template)).unwrap_or_default();
                Part::If(self.boxed(&choose.if_expr.cond_expr), self.parts(&choose.if_expr.template), otherwise)
            }
            Directive::For(loops) => {
                let each = Each {
                    key: loops.for_expr.key_var.as_ref().map(|name| name.as_str().to_owned()),
                    value: loops.for_expr.value_var.as_str().to_owned(),
                    collection: self.expr(&loops.for_expr.collection_expr),
                };
                Part::For(Box::new(each), self.parts(&loops.for_expr.template))
            }
        }
    }
}

fn label(label: &BlockLabel) -> String {
    label.as_str().to_owned()
}

/// Whether an element strips white space before and after itself (`~`).
fn strips(element: &Element) -> (bool, bool) {
    let of = |strip: Strip| (strip.strip_start(), strip.strip_end());
    match element {
        Element::Literal(_) => (false, false),
        Element::Interpolation(inner) => of(inner.strip),
        Element::Directive(directive) => match &**directive {
            Directive::If(choose) => (choose.if_expr.strip.strip_start(), choose.endif_expr.strip.strip_end()),
            Directive::For(loops) => (loops.for_expr.strip.strip_start(), loops.endfor_expr.strip.strip_end()),
        },
    }
}

fn number(number: &Number) -> ExprKind {
    match number.as_i64() {
        Some(int) => ExprKind::Int(int),
        None => ExprKind::Float(number.as_f64().unwrap_or(f64::NAN)),
    }
}

const fn operator(operator: BinaryOperator) -> Operator {
    match operator {
        BinaryOperator::Eq => Operator::Equal,
        BinaryOperator::NotEq => Operator::Unequal,
        BinaryOperator::LessEq => Operator::LessOrEqual,
        BinaryOperator::GreaterEq => Operator::GreaterOrEqual,
        BinaryOperator::Less => Operator::Less,
        BinaryOperator::Greater => Operator::Greater,
        BinaryOperator::Plus => Operator::Plus,
        BinaryOperator::Minus => Operator::Minus,
        BinaryOperator::Mul => Operator::Times,
        BinaryOperator::Div => Operator::Divide,
        BinaryOperator::Mod => Operator::Remainder,
        BinaryOperator::And => Operator::And,
        BinaryOperator::Or => Operator::Or,
    }
}
