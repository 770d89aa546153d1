//! What the configuration inside a plan refers to. Terraform lists for each argument the names in its expression, the
//! longest first; variables and outputs of modules are followed to the resource they hand on.

use std::collections::HashMap;

use crate::formats::value::{Kind, Value};

/// The configuration, by module.
#[derive(Default)]
pub(super) struct Configuration<'v> {
    modules: HashMap<String, Module<'v>>,
}

struct Module<'v> {
    body: &'v Value,
    /// The arguments of its call, which are expressions of the module outside.
    call: Option<&'v Value>,
    /// Expressions of its resources by address inside it.
    resources: HashMap<&'v str, &'v Value>,
}

/// Modules may stand so deep in each other, and names may be handed on so often.
const DEPTH: u32 = 32;

impl<'v> Configuration<'v> {
    pub(super) fn of(root: &'v Value) -> Self {
        let mut configuration = Self::default();
        configuration.add(String::new(), root, None, 0);
        configuration
    }

    fn add(&mut self, path: String, body: &'v Value, call: Option<&'v Value>, depth: u32) {
        let calls = body.get("module_calls").map(Value::entries).unwrap_or_default();
        for (name, call) in calls {
            if let Some(inner) = call.some("module").filter(|_| depth < DEPTH) {
                self.add(format!("{path}module.{name}."), inner, call.get("expressions"), depth.saturating_add(1));
            }
        }
        let resources = body.items_of("resources").iter();
        let resources = resources.filter_map(|resource| Some((resource.text_of("address")?, resource.get("expressions")?))).collect();
        self.modules.insert(path, Module { body, call, resources });
    }

    /// The expressions of a resource by its address in the plan.
    pub(super) fn expressions(&self, address: &str) -> Option<&'v Value> {
        let (module, own) = split(address);
        let own = without_keys(own);
        self.modules.get(&without_keys(module))?.resources.get(own.as_str()).copied()
    }

    /// What stands for a value that is known only after apply: the resource it refers to, else something unknown.
    pub(super) fn unknown(&self, written: Option<&Value>, address: &str) -> Kind {
        let (module, own) = split(address);
        let reference = written.and_then(reference);
        if let Some(found) = reference.and_then(|name| self.follow(name, module, 0)) {
            // Instances refer to their partners by their own key.
            let names = written.map(|written| written.items_of("references")).unwrap_or_default();
            let keyed = names.iter().filter_map(Value::text).any(|name| name == "count.index" || name.starts_with("each."));
            let key = own.find('[').and_then(|at| own.get(at..)).filter(|_| keyed && !found.ends_with(']')).unwrap_or_default();
            return Kind::Reference(format!("{found}{key}"));
        }
        let name = reference.map_or_else(|| address.to_owned(), |name| format!("{module}{name}"));
        Value::unknown(name, "the state after apply, which shows the value", Default::default()).kind
    }

    /// The resource behind a name inside a module.
    fn follow(&self, name: &str, path: &str, depth: u32) -> Option<String> {
        let module = self.modules.get(&without_keys(path)).filter(|_| depth < DEPTH)?;
        let mut words = name.split('.');
        match (words.next()?, words.next()) {
            ("var", Some(variable)) => {
                let handed = reference(module.call?.get(variable)?)?;
                self.follow(handed, outer(path), depth.saturating_add(1))
            }
            ("module", Some(called)) => {
                let inner = format!("{path}module.{called}.");
                let outputs = self.modules.get(&without_keys(&inner))?.body.get("outputs")?;
                let handed = reference(outputs.get(words.next()?)?.get("expression")?)?;
                self.follow(handed, &inner, depth.saturating_add(1))
            }
            ("local" | "each" | "count" | "path" | "terraform" | "self", _) | (_, None) => None,
            _ => Some(format!("{path}{}", without_attribute(name))),
        }
    }
}

/// The longest name of an expression that is no loop variable.
fn reference(expression: &Value) -> Option<&str> {
    let names = expression.items_of("references").iter().filter_map(Value::text);
    names.into_iter().find(|name| !name.starts_with("each.") && !name.starts_with("count."))
}

/// An address as module (with its dot) and the rest.
fn split(address: &str) -> (&str, &str) {
    let mut from = 0_usize;
    while let Some(rest) = address.get(from..).filter(|rest| rest.starts_with("module.")) {
        let inner = rest.get("module.".len()..).unwrap_or_default();
        let Some(dot) = end_of_word(inner, 1) else { break };
        from = from.saturating_add("module.".len()).saturating_add(dot).saturating_add(1);
    }
    address.split_at_checked(from).unwrap_or(("", address))
}

/// The module around a module.
fn outer(path: &str) -> &str {
    let mut last = 0_usize;
    let mut from = 0_usize;
    while let Some(dot) = path.get(from..).and_then(|rest| end_of_word(rest, 2)) {
        last = from;
        from = from.saturating_add(dot).saturating_add(1);
    }
    path.get(..last).unwrap_or_default()
}

/// Where the `nth` word of an address ends; dots inside keys are no ends.
fn end_of_word(address: &str, nth: u32) -> Option<usize> {
    let (mut inside, mut words) = (false, 0_u32);
    for (at, byte) in address.bytes().enumerate() {
        match byte {
            b'[' => inside = true,
            b']' => inside = false,
            b'.' if !inside => {
                words = words.saturating_add(1);
                if words == nth {
                    return Some(at);
                }
            }
            _ => {}
        }
    }
    None
}

/// The resource in a reference to one of its attributes: `type.name`, with its key, and with `data.` before.
fn without_attribute(name: &str) -> &str {
    let words = if name.starts_with("data.") { 3 } else { 2 };
    end_of_word(name, words).and_then(|end| name.get(..end)).unwrap_or(name)
}

/// An address as the configuration has it: without the keys of instances.
fn without_keys(address: &str) -> String {
    let mut inside = false;
    let outside = |letter: &char| {
        let closes = *letter == ']';
        inside = (inside || *letter == '[') && !closes;
        !inside && !closes
    };
    address.chars().filter(outside).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_come_apart_at_their_dots() {
        assert_eq!(split("module.a[\"x.y\"].module.b.aws_x.y[0]"), ("module.a[\"x.y\"].module.b.", "aws_x.y[0]"));
        assert_eq!(split("aws_x.module"), ("", "aws_x.module"));
        assert_eq!(outer("module.a[\"x.y\"].module.b."), "module.a[\"x.y\"].");
        assert_eq!(outer("module.a."), "");
        assert_eq!(without_keys("module.a[\"x.y\"].aws_x.y[0]"), "module.a.aws_x.y");
        assert_eq!(without_attribute("data.aws_x.y.id"), "data.aws_x.y");
        assert_eq!(without_attribute("aws_x.y[\"a.b\"].id"), "aws_x.y[\"a.b\"]");
    }
}
