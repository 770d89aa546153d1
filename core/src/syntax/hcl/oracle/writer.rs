//! Random text of HCL, as crooked as the grammar allows.

/// Writes what the dice say; without dice it comes to an end soon.
pub(super) struct Writer<'d> {
    dice: std::slice::Iter<'d, u8>,
    pub(super) text: String,
    /// Whether line breaks are blanks.
    wraps: bool,
    depth: u32,
    names: u32,
}

impl<'d> Writer<'d> {
    pub(super) fn new(dice: &'d [u8]) -> Self {
        Self { dice: dice.iter(), text: String::new(), wraps: false, depth: 0, names: 0 }
    }

    fn roll(&mut self, sides: u8) -> u8 {
        self.dice.next().map_or(0, |die| die % sides)
    }

    fn put(&mut self, text: &str) {
        self.text.push_str(text);
    }

    fn pick(&mut self, words: &[&str]) {
        let word = words[usize::from(self.roll(u8::try_from(words.len()).unwrap()))];
        self.put(word);
    }

    fn space(&mut self) {
        if self.wraps {
            self.pick(&["", " ", "\n", " # }\n", "/* \" */", "// ]\n\t"]);
        } else {
            self.pick(&["", "", " ", "\t", "/* \n{ */", "  "]);
        }
    }

    fn name(&mut self) {
        self.pick(&["a", "b-c", "_d", "été", "var", "x1", "format", "iffy"]);
    }

    /// A name that is nowhere else.
    fn fresh(&mut self) {
        self.names += 1;
        let name = format!("k{}", self.names);
        self.put(&name);
    }

    pub(super) fn body(&mut self) {
        for _ in 0..self.roll(4) {
            self.pick(&["", "\n", "# {\n", "  ", "/* = */\n"]);
            if self.roll(3) > 0 || self.depth > 3 {
                self.attribute();
            } else {
                self.block();
            }
            self.space();
            self.pick(&["\n", "# end\n", "// end\n"]);
        }
    }

    fn attribute(&mut self) {
        self.fresh();
        self.space();
        self.put("=");
        self.space();
        if self.roll(6) == 5 { self.heredoc() } else { self.expr() }
    }

    fn block(&mut self) {
        self.depth += 1;
        self.name();
        for _ in 0..self.roll(3) {
            self.put(" ");
            if self.roll(2) == 0 { self.name() } else { self.pick(&["\"l\"", "\"\\u00e9 \\\"\"", "\"\"", "\"$${\""]) }
        }
        self.put(" {");
        if self.roll(3) == 0 {
            self.space();
            if self.roll(2) == 0 {
                self.attribute_on_line();
            }
        } else {
            self.put("\n");
            self.body();
        }
        self.put("}");
        self.depth -= 1;
    }

    fn attribute_on_line(&mut self) {
        self.fresh();
        self.put(" = ");
        self.expr();
        self.space();
    }

    fn expr(&mut self) {
        self.depth += 1;
        match if self.depth > 6 { 0 } else { self.roll(12) } {
            8 | 9 => {
                self.expr();
                self.space();
                self.pick(&["==", "!=", "<", "<=", ">", ">=", "+", "-", "* ", "/ ", "%", "&&", "||"]);
                self.put(" ");
                self.expr();
            }
            10 => {
                self.expr();
                self.space();
                self.put("?");
                self.space();
                self.expr();
                self.space();
                self.put(" :");
                self.space();
                self.expr();
            }
            11 => {
                self.pick(&["!", "-", "!!", "- "]);
                self.operand();
            }
            _ => self.operand(),
        }
        // A name would swallow a minus, a number a dot.
        self.put(" ");
        self.depth -= 1;
    }

    fn operand(&mut self) {
        match if self.depth > 6 { self.roll(4) } else { self.roll(16) } {
            0 | 1 => self.name(),
            2 => return self.pick(&["0", "1", "65535", "1.5", "1e3", "2.25E-3", "00", "99999999999999999999", "18446744073709551615"]),
            3 => self.pick(&["null", "true", "false", "\"\"", "\"10.0.0.0/8\""]),
            4..=6 => self.quoted(),
            7 | 8 => self.list(),
            9 | 10 => self.object(),
            11 => self.bracketed("(", ")", Self::expr),
            12 => {
                self.name();
                self.pick(&["", " ", "::f", ":: g::h"]);
                self.bracketed("(", ")", Self::arguments);
            }
            13 => self.bracketed("[ ", "]", |writer| writer.loops(false)),
            14 => self.bracketed("{", "}", |writer| writer.loops(true)),
            _ => self.name(),
        }
        self.steps();
    }

    /// Something between brackets, where line breaks are blanks.
    fn bracketed(&mut self, open: &str, close: &str, inside: impl FnOnce(&mut Self)) {
        let wraps = std::mem::replace(&mut self.wraps, true);
        self.put(open);
        self.space();
        inside(self);
        self.space();
        self.put(close);
        self.wraps = wraps;
    }

    fn steps(&mut self) {
        for _ in 0..self.roll(6).saturating_sub(2) {
            match self.roll(5) {
                0 | 1 => {
                    self.put(".");
                    self.name();
                }
                2 => self.pick(&[".0", ".12"]),
                3 => self.pick(&["[*]", ".*", "[ * ]"]),
                _ => self.bracketed("[", "]", Self::expr),
            }
        }
    }

    fn arguments(&mut self) {
        let count = self.roll(4);
        for _ in 0..count {
            self.expr();
            self.put(",");
            self.space();
        }
        if count > 0 {
            self.expr();
            self.pick(&["", ",", "..."]);
        }
    }

    fn list(&mut self) {
        self.bracketed("[", "]", |writer| {
            for _ in 0..writer.roll(4) {
                if writer.roll(8) == 7 {
                    writer.heredoc();
                } else {
                    writer.expr();
                }
                writer.put(",");
                writer.space();
            }
            if writer.roll(2) == 0 {
                writer.expr();
            }
        });
    }

    fn object(&mut self) {
        let wraps = std::mem::replace(&mut self.wraps, false);
        self.put("{");
        for _ in 0..self.roll(4) {
            self.pick(&["", "\n", " # x\n  "]);
            match self.roll(4) {
                0 => {
                    self.put("\"");
                    self.fresh();
                    self.put("${a}\"");
                }
                1 => {
                    self.put("(");
                    self.fresh();
                    self.put(")");
                }
                _ => self.fresh(),
            }
            self.space();
            self.pick(&["=", ":"]);
            self.space();
            let value = self.text.len();
            self.expr();
            self.space();
            // Behind a bracket the other reader takes the next line for a part of this one.
            let simple = !self.text[value..].contains(['(', '[', '{']);
            self.pick(if simple { &["\n", ",", ",\n", "# x\n"] } else { &[",", ",\n"] });
        }
        self.put("}");
        self.wraps = wraps;
    }

    fn loops(&mut self, object: bool) {
        // The other reader has no line breaks inside the expressions of a loop.
        self.wraps = false;
        self.put("for ");
        self.name();
        if self.roll(2) == 0 {
            self.put(" , ");
            self.name();
        }
        self.put(" in ");
        self.expr();
        self.put(":");
        if object {
            self.expr();
            self.put("=>");
        }
        self.expr();
        if object && self.roll(2) == 0 {
            self.put("...");
        }
        if self.roll(2) == 0 {
            self.put(" if ");
            self.expr();
        }
    }

    fn quoted(&mut self) {
        self.put("\"");
        for _ in 0..self.roll(5) {
            self.piece(&["x", " é ", "\\n", "\\\"", "\\t\\\\", "\\u00e9", "\\U0001F512", "$${", "%%{", "$ ", "% ", "$$ ", "# { '"]);
        }
        self.put("\"");
    }

    /// A piece of a template: one of the literals, a value or a directive.
    fn piece(&mut self, literals: &[&str]) {
        if self.depth > 6 {
            return self.pick(literals);
        }
        match self.roll(8) {
            0 | 1 => {
                self.pick(&["${", "${~", "${"]);
                self.bracketed("", "", Self::expr);
                self.pick(&["}", "~}", "}"]);
            }
            2 => {
                self.pick(&["%{", "%{~ "]);
                self.put("if ");
                self.bracketed("", "", |writer| {
                    writer.wraps = false;
                    writer.expr();
                });
                self.put("} yes ${a} ");
                self.pick(&["", "%{else} no ", "%{ else }%{ if b } %{endif}"]);
                self.pick(&["%{ endif }", "%{endif ~}"]);
            }
            3 => {
                self.pick(&["%{ for x in ", "%{for x , y in "]);
                self.bracketed("", "", |writer| {
                    writer.wraps = false;
                    writer.expr();
                });
                self.pick(&["} each ${x}%{endfor}", "}%{ endfor ~}"]);
            }
            _ => self.pick(literals),
        }
    }

    fn heredoc(&mut self) {
        self.pick(&["<<E-1\n", "<<-E-1\n"]);
        // An empty one the other reader ends where the next one does, and where a line is not indented it takes letters away.
        for _ in 0..=self.roll(3) {
            self.pick(&["  ", "    ", " \t"]);
            for _ in 0..self.roll(4) {
                self.piece(&["x", " é ", "\\n", "\"", "$${", "%%{", "$ ", "% ", "E-12", "}"]);
            }
            self.put(".\n");
        }
        self.pick(&["E-1\n", "  E-1\n"]);
    }
}
