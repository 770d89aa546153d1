//! What the values of a template come to. What another resource stands for stays a reference, and what the text does not
//! say becomes unknown under the name that the text has for it.

use std::collections::{HashMap, HashSet};

use ipnet::IpNet;

use super::template::Template;
use crate::formats::cx::{Cx, shown};
use crate::formats::value::{Kind, Value};
use crate::model::{Span, Unresolved};

/// Values nested deeper than this, functions included, are unknown.
pub(super) const DEPTH: u32 = 128;

/// How much evaluating a template may cost, in values and bytes of text: parameters may stand for long lists, and be used often.
const BUDGET: usize = 50_000_000;

/// The parameters that every template has (CloudFormation user guide, pseudo parameters).
const PSEUDO: [&str; 7] =
    ["AWS::AccountId", "AWS::NotificationARNs", "AWS::Partition", "AWS::Region", "AWS::StackId", "AWS::StackName", "AWS::URLSuffix"];

/// A condition that the text does not decide, taken one way.
pub(super) struct Taken {
    pub(super) condition: String,
    pub(super) side: bool,
    /// What would decide it.
    pub(super) missing: Unresolved,
}

/// Evaluates the values of one template.
pub(super) struct Evaluator<'v, 'c, 'p> {
    pub(super) template: &'v Template<'v>,
    pub(super) cx: &'c mut Cx<'p>,
    /// Conditions that are taken one way or the other for now, since the text does not decide them.
    pub(super) taken: Vec<Taken>,
    /// A condition that was met and that is neither decided nor taken.
    pub(super) open: Option<(String, Unresolved)>,
    /// What conditions came to; `None` while one is being decided.
    pub(super) decided: HashMap<String, Option<Result<bool, Unresolved>>>,
    /// Places where a default was told.
    told: HashSet<u32>,
    /// Whether defaults don't matter here, as in a description.
    quiet: bool,
    budget: usize,
    /// How deep the evaluation is: values in values, conditions in conditions, and both in each other.
    pub(super) depth: u32,
    /// Whether the budget was found wanting, and that was told.
    spent: bool,
}

impl<'v, 'c, 'p> Evaluator<'v, 'c, 'p> {
    pub(super) fn new(template: &'v Template<'v>, cx: &'c mut Cx<'p>) -> Self {
        Self {
            template,
            cx,
            taken: Vec::new(),
            open: None,
            decided: HashMap::new(),
            told: HashSet::new(),
            quiet: false,
            budget: BUDGET,
            depth: 0,
            spent: false,
        }
    }

    /// What a value comes to.
    pub(super) fn evaluate(&mut self, value: &Value) -> Value {
        self.value(value)
    }

    /// The same, without a word about defaults.
    pub(super) fn quietly(&mut self, value: &Value) -> Value {
        let before = std::mem::replace(&mut self.quiet, true);
        let value = self.value(value);
        self.quiet = before;
        value
    }

    pub(super) fn value(&mut self, value: &Value) -> Value {
        if self.depth >= DEPTH || !self.affords(1) {
            return self.unknown("a value that is too intricate", "the value itself", value.span);
        }
        self.depth = self.depth.saturating_add(1);
        let evaluated = self.value_within(value);
        self.depth = self.depth.saturating_sub(1);
        evaluated
    }

    fn value_within(&mut self, value: &Value) -> Value {
        let kind = match &value.kind {
            Kind::List(items) => {
                // What comes to nothing is left out (`AWS::NoValue`).
                Kind::List(items.iter().map(|item| self.value(item)).filter(|item| !item.is_null()).collect())
            }
            Kind::Map(entries) => {
                if let [(function, argument)] = entries.as_slice()
                    && (function == "Ref" || function.starts_with("Fn::") || function.starts_with('!'))
                {
                    return self.function(function, argument, value.span);
                }
                let mut evaluated = Vec::with_capacity(entries.len());
                for (key, entry) in entries {
                    let before = self.quiet;
                    self.quiet |= key == "Description";
                    evaluated.push((key.clone(), self.value(entry)));
                    self.quiet = before;
                }
                Kind::Map(evaluated)
            }
            Kind::Text(text) if !self.affords(text.len()) => {
                return self.unknown("a text that is too long", "the text itself", value.span);
            }
            other => other.clone(),
        };
        Value::new(kind, value.span)
    }

    fn function(&mut self, function: &str, argument: &Value, span: Span) -> Value {
        match function {
            "Ref" => match argument.text() {
                Some(name) => self.reference(name, span),
                None => self.unknown("a `Ref` without a name", "the name", span),
            },
            "Fn::GetAtt" => self.attribute(argument, span),
            "Fn::Sub" => self.substitute(argument, span),
            "Fn::Join" => self.join(argument, span),
            "Fn::Split" => self.split(argument, span),
            "Fn::Select" => self.select(argument, span),
            "Fn::FindInMap" => self.find_in_map(argument, span),
            "Fn::Cidr" => self.subnets(argument, span),
            "Fn::If" => self.choose(argument, span),
            "Fn::ImportValue" => {
                let name = self.value(argument);
                match name.to_text() {
                    Some(name) => {
                        let name = shown(&name);
                        self.unknown(&format!("!ImportValue {name}"), &format!("the export `{name}` of another stack"), span)
                    }
                    None => Value::new(name.kind, span),
                }
            }
            _ => {
                let name = shown(function.strip_prefix("Fn::").unwrap_or(function));
                let name = if name.starts_with('!') { name } else { format!("!{name}") };
                self.unknown(&name, &format!("what `{name}` comes to"), span)
            }
        }
    }

    /// What a name stands for: a parameter, a resource.
    pub(super) fn reference(&mut self, name: &str, span: Span) -> Value {
        if name == "AWS::NoValue" {
            return Value::new(Kind::Null, span);
        }
        if let Some(parameter) = self.template.parameters.get(name) {
            return self.parameter(name, parameter, span);
        }
        if self.template.resource(name).is_some() {
            return Value::new(Kind::Reference(name.to_owned()), span);
        }
        let name = shown(name);
        let settles = if PSEUDO.contains(&&*name) {
            format!("a value for `{name}`")
        } else {
            format!("a value for `{name}`, which the template does not define")
        };
        self.unknown(&format!("!Ref {name}"), &settles, span)
    }

    fn parameter(&mut self, name: &str, parameter: &Value, span: Span) -> Value {
        let kind = parameter.text_of("Type").unwrap_or("String");
        let is_list = kind.starts_with("List<") || kind == "CommaDelimitedList";
        if let Some(assumed) = self.assumed(&format!("!Ref {name}")) {
            return Value::new(if is_list { listed(&assumed, span) } else { typed(&assumed, span) }, span);
        }
        let unresolved = format!("!Ref {}", shown(name));
        let Some(default) = parameter.some("Default") else {
            return self.unknown(&unresolved, &format!("a value for the parameter `{}`", shown(name)), span);
        };
        let Some(text) = default.to_text() else {
            return self.unknown(&unresolved, &format!("a default of the parameter `{}` that is no list or map", shown(name)), span);
        };
        // The default of such a parameter is the name under which its value is kept.
        if kind.starts_with("AWS::SSM::Parameter::Value") {
            return self.unknown(&unresolved, &format!("the value of the SSM parameter `{}`", shown(&text)), span);
        }
        if !self.affords(text.len()) {
            return self.unknown(&unresolved, &format!("a value for the parameter `{}`", shown(name)), span);
        }
        if !self.quiet && self.told.insert(span.start) {
            let message =
                format!("the parameter `{}` counts with its default `{}` here; a stack may set another", shown(name), shown(&text));
            self.cx.warn(span, message);
        }
        Value::new(if is_list { listed(&text, span) } else { Kind::Text(text) }, span)
    }

    /// Something the text does not say, unless the person did.
    pub(super) fn unknown(&self, name: &str, would_settle: &str, span: Span) -> Value {
        match self.assumed(name) {
            Some(assumed) => Value::new(typed(&assumed, span), span),
            None => Value::unknown(name, would_settle, span),
        }
    }

    /// What the person gave for a name, with or without the function in front of it.
    fn assumed(&self, name: &str) -> Option<String> {
        let bare = name.split_once(' ').map_or(name, |(_, bare)| bare);
        [name, bare].iter().find_map(|name| self.cx.assumptions.get(*name)).cloned()
    }

    /// Pays for work; whether it could.
    pub(super) fn affords(&mut self, cost: usize) -> bool {
        if cost <= self.budget {
            self.budget = self.budget.saturating_sub(cost);
            return true;
        }
        self.budget = 0;
        if !self.spent {
            self.spent = true;
            let message = "this template takes too much work to evaluate; what remains of it is unknown; paste the processed template";
            self.cx.error(self.template.at, message);
        }
        false
    }
}

/// A list as a parameter carries it: with commas.
fn listed(text: &str, span: Span) -> Kind {
    Kind::List(text.split(',').map(|item| Value::new(Kind::Text(item.trim().to_owned()), span)).collect())
}

/// A value that a person gave: several CIDRs are a list also where one was asked for.
fn typed(text: &str, span: Span) -> Kind {
    let several = text.contains(',') && text.split(',').all(|part| part.trim().parse::<IpNet>().is_ok());
    if several { listed(text, span) } else { Kind::Text(text.to_owned()) }
}
