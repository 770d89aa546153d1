//! Values: numbers, words, calls, lists, objects and the loops that make lists and objects.

use std::collections::HashSet;

use super::reader::{Read, Reader, Wrong};
use super::{Call, Each, Expr, ExprKind, For};

impl<'t> Reader<'t> {
    /// A value without what stands before or behind it.
    pub(super) fn value(&mut self) -> Read<Expr> {
        let start = self.at;
        let kind = match self.byte() {
            b'"' => self.quoted()?,
            b'<' if self.starts("<<") => self.heredoc()?,
            b'0'..=b'9' => self.number()?,
            b'[' => self.list()?,
            b'{' => self.object()?,
            b'(' => {
                let wraps = self.open();
                let inner = self.nested()?.kind;
                self.close(b')', wraps, "a `)` is missing here")?;
                inner
            }
            _ => self.named()?,
        };
        Ok(Expr { span: self.span(start), kind })
    }

    /// Goes over a bracket; behind it line breaks are blanks. What they were before is for [`Self::close`].
    fn open(&mut self) -> bool {
        let wraps = std::mem::replace(&mut self.wraps, true);
        self.take(1);
        wraps
    }

    fn close(&mut self, bracket: u8, wraps: bool, message: &'static str) -> Read<()> {
        self.wraps = wraps;
        self.expect(bracket, message)
    }

    /// Whether a bracket is closed here, be it the right one.
    fn closes(&self) -> bool {
        matches!(self.byte(), b')' | b']' | b'}')
    }

    /// How many digits stand so many bytes further on.
    pub(super) fn digits(&self, ahead: usize) -> usize {
        self.rest().bytes().skip(ahead).take_while(u8::is_ascii_digit).count()
    }

    /// A number without a sign: `1`, `1.5`, `1e-3`.
    pub(super) fn number(&mut self) -> Read<ExprKind> {
        let byte = |at: usize| self.rest().as_bytes().get(at).copied();
        let mut length = self.digits(0);
        let after_dot = length.saturating_add(1);
        if byte(length) == Some(b'.') && self.digits(after_dot) > 0 {
            length = after_dot.saturating_add(self.digits(after_dot));
        }
        if matches!(byte(length), Some(b'e' | b'E')) {
            let signed = usize::from(matches!(byte(length.saturating_add(1)), Some(b'+' | b'-')));
            let exponent = length.saturating_add(1).saturating_add(signed);
            if self.digits(exponent) > 0 {
                length = exponent.saturating_add(self.digits(exponent));
            }
        }
        let text = self.rest().get(..length).unwrap_or_default();
        let whole = |text: &str| text.parse().map(ExprKind::Int);
        let kind = match (whole(text), text.parse()) {
            (Ok(int), _) => int,
            // `1e3` is as whole as `1000`.
            (_, Ok(float)) if f64::is_finite(float) => whole(&float.to_string()).unwrap_or(ExprKind::Float(float)),
            _ => return self.fail("this number is too large"),
        };
        if byte(length) == Some(b'.') && self.digits(length.saturating_add(1)) > 0 {
            return self.fail("an address is text and stands in quotes (\")");
        }
        self.take(length);
        Ok(kind)
    }

    /// A word, a name or a call.
    fn named(&mut self) -> Read<ExprKind> {
        let name = self.name(match self.byte() {
            b'\n' | b'#' | b'/' => "a value is missing at the end of this line; what goes on in the next one stands in parentheses",
            _ => "a value is missing here",
        })?;
        let mut function = String::new();
        let mut last = name;
        while self.starts("::") {
            self.take(2);
            function.push_str(last);
            function.push_str("::");
            last = self.name("the name of a function is missing here")?;
        }
        if self.byte() == b'(' {
            function.push_str(last);
            return self.call(function);
        }
        if !function.is_empty() {
            return self.fail("the arguments of this function are missing");
        }
        Ok(match name {
            "null" => ExprKind::Null,
            "true" => ExprKind::Bool(true),
            "false" => ExprKind::Bool(false),
            _ => ExprKind::Name(name.to_owned()),
        })
    }

    fn call(&mut self, function: String) -> Read<ExprKind> {
        let wraps = self.open();
        let mut call = Call { function, arguments: Vec::new(), spread: false };
        while !self.closes() {
            call.arguments.push(self.nested()?);
            if self.starts("...") {
                call.spread = true;
                self.take(3);
                break;
            }
            if self.byte() != b',' {
                break;
            }
            self.take(1);
        }
        self.close(b')', wraps, "a comma or a `)` is missing here")?;
        Ok(ExprKind::Call(Box::new(call)))
    }

    fn list(&mut self) -> Read<ExprKind> {
        let wraps = self.open();
        if self.word() == "for" {
            let loops = self.loops(false)?;
            self.close(b']', wraps, "a `]` is missing here")?;
            return Ok(loops);
        }
        let mut items = Vec::new();
        while !self.closes() {
            items.push(self.nested()?);
            if self.byte() != b',' {
                break;
            }
            self.take(1);
        }
        self.close(b']', wraps, "a comma or a `]` is missing here")?;
        Ok(ExprKind::List(items))
    }

    fn object(&mut self) -> Read<ExprKind> {
        let wraps = self.open();
        if self.word() == "for" {
            let loops = self.loops(true)?;
            self.close(b'}', wraps, "a `}` is missing here")?;
            return Ok(loops);
        }
        let (mut entries, mut keys) = (Vec::new(), HashSet::new());
        while !self.closes() {
            // An entry ends with its line.
            self.wraps = false;
            let start = self.at;
            let key = self.key()?;
            if !keys.insert(self.text.get(start..self.end).unwrap_or_default()) {
                return Err(Wrong { message: "this key is in the object already", at: start });
            }
            if !matches!(self.byte(), b'=' | b':') {
                return self.fail("a `=` and a value are missing behind this key");
            }
            self.take(1);
            entries.push((key, self.nested()?));
            self.wraps = true;
            match self.byte() {
                b',' => self.take(1),
                b'\n' | b'#' | b'/' => self.space(),
                _ => break,
            }
        }
        self.close(b'}', wraps, "a comma, a new line or a `}` is missing here")?;
        Ok(ExprKind::Object(entries))
    }

    /// A word is its own name; `(word)` is what it stands for.
    fn key(&mut self) -> Read<Expr> {
        let computed = self.byte() == b'(';
        let mut key = self.nested()?;
        if let (ExprKind::Name(word), false) = (&mut key.kind, computed) {
            key.kind = ExprKind::Text(std::mem::take(word));
        }
        Ok(key)
    }

    /// A loop up to its closing bracket; one that makes an object has keys.
    fn loops(&mut self, object: bool) -> Read<ExprKind> {
        let each = self.each()?;
        self.expect(b':', "a `:` is missing here")?;
        let mut key = None;
        if object {
            key = Some(self.nested()?);
            if !self.starts("=>") {
                return self.fail("a `=>` and a value are missing behind this key");
            }
            self.take(2);
        }
        let result = self.nested()?;
        let grouped = object && self.starts("...");
        if grouped {
            self.take(3);
        }
        let mut condition = None;
        if self.word() == "if" {
            self.take(2);
            condition = Some(self.nested()?);
        }
        Ok(ExprKind::For(Box::new(For { each, key, result, condition, grouped })))
    }

    /// `for key, value in collection`.
    pub(super) fn each(&mut self) -> Read<Each> {
        const NAME: &str = "the name of a loop's variable is missing here";
        self.take("for".len());
        let mut value = self.name(NAME)?;
        let mut key = None;
        if self.byte() == b',' {
            self.take(1);
            key = Some(std::mem::replace(&mut value, self.name(NAME)?).to_owned());
        }
        if self.word() != "in" {
            return self.fail("`in` and a collection are missing here");
        }
        self.take("in".len());
        Ok(Each { key, value: value.to_owned(), collection: self.nested()? })
    }
}
