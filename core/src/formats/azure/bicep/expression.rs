//! Bicep's expressions (Bicep documentation, syntax and operators). Operators become calls of the functions they stand for.

use super::scan::{DEPTH, Scanner};
use crate::formats::azure::template::expr::{Expr, Loop, Node};
use crate::formats::value::Kind;

/// Operators by how strongly they bind, the weakest first, with the function each stands for.
const OPERATORS: [&[(&str, &str)]; 7] = [
    &[("??", "coalesce")],
    &[("||", "or")],
    &[("&&", "and")],
    &[("==", "equals"), ("!=", "!equals"), ("=~", "equals"), ("!~", "!equals")],
    &[("<=", "lessOrEquals"), (">=", "greaterOrEquals"), ("<", "less"), (">", "greater")],
    &[("+", "add"), ("-", "sub")],
    &[("*", "mul"), ("/", "div"), ("%", "mod")],
];

/// The operators up to here may also begin a line.
const LOGIC: usize = 2;

/// Reads expressions; `None` where there is none that is understood.
pub(super) struct Reader<'s, 't> {
    pub(super) scan: &'s mut Scanner<'t>,
    pub(super) depth: u32,
}

impl<'t> Reader<'_, 't> {
    /// A whole expression, with `condition ? yes : no`.
    pub(super) fn expression(&mut self) -> Option<Node> {
        self.deeper()?;
        let start = self.scan.at();
        let mut node = self.binary(0)?;
        if self.operator("?") {
            let yes = self.after_blank()?;
            self.operator(":").then_some(())?;
            let no = self.after_blank()?;
            node = Node::call("if", vec![node, yes, no], self.scan.span(start));
        }
        self.depth = self.depth.saturating_sub(1);
        Some(node)
    }

    /// One level more, unless there are too many.
    fn deeper(&mut self) -> Option<()> {
        self.depth = self.depth.checked_add(1).filter(|depth| *depth <= DEPTH)?;
        Some(())
    }

    fn after_blank(&mut self) -> Option<Node> {
        self.scan.blank();
        self.expression()
    }

    /// Takes an operator; one may also stand at the beginning of the next line.
    fn operator(&mut self, operator: &str) -> bool {
        let before = self.scan.at();
        self.scan.blank();
        let found = self.scan.eat(operator);
        if !found {
            self.scan.go_to(before);
        }
        found
    }

    /// Takes an operator between two operands: how strongly it binds, and its function. Arithmetic stays on its line, where a
    /// minus can't be the next item's sign.
    fn infix(&mut self, weakest: usize) -> Option<(usize, &'static str)> {
        for (level, operators) in OPERATORS.iter().enumerate().skip(weakest) {
            for (operator, function) in *operators {
                self.scan.space();
                if level <= LOGIC && self.operator(operator) || self.scan.eat(operator) {
                    return Some((level, function));
                }
            }
        }
        None
    }

    /// Operands joined by operators that bind at least as strongly as `weakest`.
    fn binary(&mut self, weakest: usize) -> Option<Node> {
        let start = self.scan.at();
        let mut left = self.unary()?;
        let depth = self.depth;
        while let Some((level, function)) = self.infix(weakest) {
            self.scan.blank();
            // Each operator is one more level of the tree.
            self.deeper()?;
            let right = self.binary(level.saturating_add(1))?;
            let span = self.scan.span(start);
            left = match function.strip_prefix('!') {
                Some(function) => Node::call("not", vec![Node::call(function, vec![left, right], span)], span),
                None => Node::call(function, vec![left, right], span),
            };
        }
        self.depth = depth;
        Some(left)
    }

    fn unary(&mut self) -> Option<Node> {
        self.scan.space();
        let start = self.scan.at();
        let function = if self.scan.eat("!") {
            "not"
        } else if self.scan.eat("-") {
            "sub"
        } else {
            return self.postfix();
        };
        self.deeper()?;
        let operand = self.unary()?;
        self.depth = self.depth.saturating_sub(1);
        let span = self.scan.span(start);
        let zero = (function == "sub").then(|| Node::literal(Kind::Int(0), span));
        Some(Node::call(function, zero.into_iter().chain([operand]).collect(), span))
    }

    fn postfix(&mut self) -> Option<Node> {
        let start = self.scan.at();
        let mut node = self.primary()?;
        let depth = self.depth;
        loop {
            self.scan.space();
            let expr = if self.scan.eat("::") {
                Expr::Name(self.scan.name()?.to_owned())
            } else if self.scan.eat(".?") || self.scan.eat(".") {
                let name = self.scan.name()?.to_owned();
                if self.scan.eat("(") {
                    let arguments = self.arguments()?;
                    let plain = matches!(&node.expr, Expr::Name(space) if space == "az" || space == "sys");
                    if plain { Expr::Call(name, arguments) } else { Expr::Call(format!("{}.{name}", node.spelled()), arguments) }
                } else {
                    Expr::Property(Box::new(node), name)
                }
            } else if self.scan.eat("[?") || self.scan.eat("[") {
                let key = self.after_blank()?;
                self.scan.blank();
                self.scan.eat("]").then_some(())?;
                Expr::Index(Box::new(node), Box::new(key))
            } else if !self.scan.rest().starts_with("!=") && !self.scan.rest().starts_with("!~") && self.scan.eat("!") {
                continue;
            } else {
                self.depth = depth;
                return Some(node);
            };
            self.deeper()?;
            node = Node { expr, span: self.scan.span(start) };
        }
    }

    fn primary(&mut self) -> Option<Node> {
        let start = self.scan.at();
        match self.scan.peek()? {
            '\'' => self.string(),
            '[' => self.list(),
            '{' => self.map(),
            '(' => {
                self.scan.next();
                let node = self.after_blank()?;
                self.scan.blank();
                self.scan.eat(")").then_some(node)
            }
            digit if digit.is_ascii_digit() => {
                let rest = self.scan.rest();
                let end = rest.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(rest.len());
                let number = rest.get(..end)?.parse().ok()?;
                self.scan.go_to(start.saturating_add(end));
                Some(Node::literal(Kind::Int(number), self.scan.span(start)))
            }
            _ => {
                let name = self.scan.name()?;
                let expr = match name {
                    "true" | "false" => Expr::Literal(Kind::Bool(name == "true")),
                    "null" => Expr::Literal(Kind::Null),
                    _ if self.scan.eat("(") => return self.call(name, start),
                    _ => Expr::Name(name.to_owned()),
                };
                Some(Node { expr, span: self.scan.span(start) })
            }
        }
    }

    /// A function behind its opening bracket; `map` and `filter` are loops.
    fn call(&mut self, name: &str, start: usize) -> Option<Node> {
        if name == "map" || name == "filter" {
            self.scan.blank();
            let over = self.expression()?;
            self.scan.blank();
            self.scan.eat(",").then_some(())?;
            self.scan.blank();
            let (item, index) = self.loop_names()?;
            self.scan.blank();
            self.scan.eat("=>").then_some(())?;
            let result = self.after_blank()?;
            self.scan.blank();
            self.scan.eat(")").then_some(())?;
            let span = self.scan.span(start);
            let own = Node { expr: Expr::Name(item.clone()), span };
            let (condition, body) = if name == "map" { (None, result) } else { (Some(result), own) };
            return Some(Node { expr: Expr::Loop(Box::new(Loop { over, item, index, condition, body })), span });
        }
        let arguments = self.arguments()?;
        Some(Node::call(name, arguments, self.scan.span(start)))
    }

    /// Arguments behind the opening bracket.
    fn arguments(&mut self) -> Option<Vec<Node>> {
        let mut arguments = Vec::new();
        loop {
            self.scan.blank();
            if self.scan.eat(")") {
                return Some(arguments);
            }
            arguments.push(self.argument()?);
            self.scan.blank();
            if !self.scan.eat(",") {
                return self.scan.eat(")").then_some(arguments);
            }
        }
    }

    /// An argument; what a function that is handed over comes to is not evaluated.
    fn argument(&mut self) -> Option<Node> {
        let start = self.scan.at();
        let named = self.loop_names();
        self.scan.blank();
        if named.is_some() && self.scan.eat("=>") {
            self.after_blank()?;
            return Some(Node { expr: Expr::Name("a function".to_owned()), span: self.scan.span(start) });
        }
        self.scan.go_to(start);
        self.expression()
    }

    /// `item` or `(item, index)`.
    fn loop_names(&mut self) -> Option<(String, String)> {
        if !self.scan.eat("(") {
            return Some((self.scan.name()?.to_owned(), String::new()));
        }
        self.scan.blank();
        let item = self.scan.name()?.to_owned();
        self.scan.blank();
        let mut index = String::new();
        if self.scan.eat(",") {
            self.scan.blank();
            index = self.scan.name()?.to_owned();
            self.scan.blank();
        }
        self.scan.eat(")").then_some((item, index))
    }

    /// A list, or a loop in brackets.
    fn list(&mut self) -> Option<Node> {
        let start = self.scan.at();
        self.scan.next();
        self.scan.blank();
        if self.scan.eat_word("for") {
            return self.repeat(start);
        }
        let mut items = Vec::new();
        while !self.scan.eat("]") {
            items.push(self.expression()?);
            self.between("]")?;
        }
        Some(Node { expr: Expr::List(items), span: self.scan.span(start) })
    }

    fn repeat(&mut self, start: usize) -> Option<Node> {
        self.scan.space();
        let (item, index) = self.loop_names()?;
        self.scan.space();
        self.scan.eat_word("in").then_some(())?;
        self.scan.space();
        let over = self.expression()?;
        self.scan.blank();
        self.scan.eat(":").then_some(())?;
        self.scan.blank();
        let condition = self.condition()?;
        let body = self.expression()?;
        self.scan.blank();
        self.scan.eat("]").then_some(())?;
        Some(Node { expr: Expr::Loop(Box::new(Loop { over, item, index, condition, body })), span: self.scan.span(start) })
    }

    /// `if (…)` before a body; the outer `None` where it can't be read.
    #[expect(clippy::option_option, reason = "absent and unreadable are different answers")]
    pub(super) fn condition(&mut self) -> Option<Option<Node>> {
        if !self.scan.eat_word("if") {
            return Some(None);
        }
        self.scan.blank();
        self.scan.eat("(").then_some(())?;
        let condition = self.after_blank()?;
        self.scan.blank();
        self.scan.eat(")").then_some(())?;
        self.scan.blank();
        Some(Some(condition))
    }

    fn map(&mut self) -> Option<Node> {
        let start = self.scan.at();
        self.scan.next();
        let mut entries = Vec::new();
        self.scan.blank();
        while !self.scan.eat("}") {
            // Resources inside a resource are read by the statements.
            if self.is_statement() {
                self.scan.skip_statement();
            } else {
                entries.push(self.entry()?);
            }
            self.between("}")?;
        }
        Some(Node { expr: Expr::Map(entries), span: self.scan.span(start) })
    }

    /// Whether a nested resource or its decorator stands here.
    pub(super) fn is_statement(&mut self) -> bool {
        let before = self.scan.at();
        let decorator = self.scan.rest().starts_with('@');
        let mut resource = self.scan.eat_word("resource");
        self.scan.space();
        resource = resource && self.scan.name().is_some();
        self.scan.go_to(before);
        decorator || resource
    }

    fn entry(&mut self) -> Option<(Node, Node)> {
        let start = self.scan.at();
        let key = match self.scan.peek()? {
            '\'' => self.string()?,
            _ => Node::text(self.scan.name()?, self.scan.span(start)),
        };
        self.scan.space();
        self.scan.eat(":").then_some(())?;
        let value = self.after_blank()?;
        Some((key, value))
    }

    /// A new line or a comma between items, or the closing bracket, which is left.
    fn between(&mut self, close: &str) -> Option<()> {
        self.scan.space();
        let separated = self.scan.peek() == Some('\n') || self.scan.eat(",");
        self.scan.blank();
        (separated || self.scan.rest().starts_with(close)).then_some(())
    }

    fn string(&mut self) -> Option<Node> {
        let start = self.scan.at();
        if self.scan.eat("'''") {
            let end = self.scan.rest().find("'''")?;
            let text = self.scan.rest().get(..end)?;
            // The first new line is not part of it.
            let text = text.strip_prefix("\r\n").or_else(|| text.strip_prefix('\n')).unwrap_or(text);
            self.scan.go_to(self.scan.at().saturating_add(end).saturating_add(3));
            return Some(Node::text(text, self.scan.span(start)));
        }
        self.scan.next();
        let (mut parts, mut text) = (Vec::new(), String::new());
        loop {
            if self.scan.eat("${") {
                parts.push(Node::text(std::mem::take(&mut text), self.scan.span(start)));
                parts.push(self.after_blank()?);
                self.scan.blank();
                self.scan.eat("}").then_some(())?;
                continue;
            }
            match self.scan.next()? {
                '\'' => break,
                '\n' => return None,
                '\\' => text.push(self.escape()?),
                letter => text.push(letter),
            }
        }
        let span = self.scan.span(start);
        if parts.is_empty() {
            return Some(Node::text(text, span));
        }
        parts.push(Node::text(text, span));
        Some(Node::call("concat", parts, span))
    }

    fn escape(&mut self) -> Option<char> {
        Some(match self.scan.next()? {
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => {
                self.scan.eat("{").then_some(())?;
                let end = self.scan.rest().find('}')?;
                let code = u32::from_str_radix(self.scan.rest().get(..end)?, 16).ok()?;
                self.scan.go_to(self.scan.at().saturating_add(end).saturating_add(1));
                char::from_u32(code)?
            }
            other => other,
        })
    }
}
