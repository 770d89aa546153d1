//! Modules: a directory that is called, under the address of its call and with the arguments that are given there.
//!
//! An argument is evaluated when it is asked for, in the module that gives it, so that two modules can feed each other.

use std::collections::HashMap;
use std::rc::Rc;

use super::evaluate::{Evaluator, Outer};
use super::names::{Names, instance_address};
use crate::formats::paths;
use crate::formats::value::Value;
use crate::model::Span;
use crate::syntax::hcl::{Block, Expr, ExprKind};

/// The names of every directory that is in the review.
pub(super) type Directories<'t> = HashMap<&'t str, Rc<Names<'t>>>;

/// One instance of a directory: the root, or what a call makes of it.
pub(super) struct Module<'t> {
    pub(super) names: Rc<Names<'t>>,
    /// What stands before its addresses: nothing, or `module.net[0].`.
    pub(super) path: String,
    depth: u32,
    from: From<'t>,
}

/// Where the values of its variables come from.
enum From<'t> {
    /// The files of values.
    Files(HashMap<&'t str, &'t Expr>),
    /// A call, with the key and the value of its instance.
    Call { caller: Rc<Module<'t>>, block: &'t Block, base: String, bound: Option<(Value, Value)> },
}

/// So deep modules may call each other.
const DEPTH: u32 = 32;

/// Why a call can't be followed.
pub(super) enum Refused {
    /// Its directory is one of those that call it.
    Cycle,
    /// There are too many, in each other or in all.
    TooMany,
}

impl<'t> Module<'t> {
    /// A directory that nothing calls, with the values that files give.
    pub(super) fn root(names: Rc<Names<'t>>, assigned: HashMap<&'t str, &'t Expr>) -> Rc<Self> {
        Rc::new(Self { names, path: String::new(), depth: 0, from: From::Files(assigned) })
    }

    /// Whether it or one of those that called it is this directory.
    fn is_inside(self: &Rc<Self>, directory: &str) -> bool {
        let caller = |module: &Rc<Self>| match &module.from {
            From::Files(_) => None,
            From::Call { caller, .. } => Some(Rc::clone(caller)),
        };
        std::iter::successors(Some(Rc::clone(self)), caller).any(|module| module.names.directory == directory)
    }
}

impl<'t> Evaluator<'t> {
    /// Does something among the names of another module.
    pub(super) fn in_module<R>(&mut self, module: &Rc<Module<'t>>, act: impl FnOnce(&mut Self) -> R) -> R {
        let before = std::mem::replace(&mut self.here, Rc::clone(module));
        let done = act(self);
        self.here = before;
        done
    }

    /// What a variable of the module at hand is: what is given for it, or its default.
    pub(super) fn variable(&mut self, name: &str) -> Option<Value> {
        let here = Rc::clone(&self.here);
        let declared = here.names.variables.get(name).copied();
        let says = |key: &str| declared.and_then(|declared| declared.get(key));
        let given = match &here.from {
            From::Files(assigned) => assigned.get(name).copied().map(|expr| self.evaluate(expr, None)),
            From::Call { caller, block, base, bound } => block.body.get(name).map(|expr| {
                self.in_module(caller, |this| match bound {
                    Some((key, value)) => this.bound(key, value, |this, scope| this.evaluate(expr, scope)),
                    None => this.open(base, |this, scope: Outer<'_>| this.evaluate(expr, scope)),
                })
            }),
        };
        // A variable that may not be null has its default where null is given.
        let never_null = matches!(says("nullable").map(|nullable| &nullable.kind), Some(ExprKind::Bool(false)));
        let given = given.filter(|value| !(never_null && value.is_null()));
        let value = given.or_else(|| says("default").map(|expr| self.evaluate(expr, None)))?;
        Some(match says("type") {
            Some(kind) => self.filled(value, kind),
            None => value,
        })
    }

    /// The directory that a call names, where it is in the review.
    pub(super) fn called(&self, block: &Block) -> Option<Rc<Names<'t>>> {
        let path = local_source(block, self.here.names.directory)?;
        self.directories.get(path.as_str()).map(Rc::clone)
    }

    /// The module that an address such as `module.net[0]` names.
    fn child(&mut self, address: &str) -> Result<Rc<Module<'t>>, Refused> {
        if let Some(known) = self.modules.get(&format!("{address}.")) {
            return Ok(Rc::clone(known));
        }
        let (caller, local) = self.owner(address).ok_or(Refused::TooMany)?;
        let base = format!("{}{}", caller.path, without_key(local));
        let instances = self.instances(&base);
        let keys = instances.iter().flat_map(|known| known.iter()).zip(1_usize..);
        let found = keys.into_iter().find(|((key, _), _)| instance_address(&base, key) == address);
        let bound = found.filter(|(_, steps)| self.pay(*steps)).map(|(bound, _)| bound);
        self.enter(address, bound)
    }

    /// The same, with the key and the value of its instance where there is one.
    pub(super) fn enter(&mut self, address: &str, bound: Option<&(Value, Value)>) -> Result<Rc<Module<'t>>, Refused> {
        let path = format!("{address}.");
        if let Some(known) = self.modules.get(&path) {
            return Ok(Rc::clone(known));
        }
        let (caller, local) = self.owner(address).ok_or(Refused::TooMany)?;
        let base = format!("{}{}", caller.path, without_key(local));
        let block = caller.names.resources.get(without_key(local)).copied().ok_or(Refused::TooMany)?;
        let names = self.in_module(&caller, |this| this.called(block)).ok_or(Refused::TooMany)?;
        if caller.is_inside(names.directory) {
            return Err(Refused::Cycle);
        }
        if caller.depth >= DEPTH || !self.pay(16) {
            return Err(Refused::TooMany);
        }
        let depth = caller.depth.saturating_add(1);
        let from = From::Call { caller, block, base, bound: bound.cloned() };
        let module = Rc::new(Module { names, path: path.clone(), depth, from });
        self.modules.insert(path, Rc::clone(&module));
        Ok(module)
    }

    /// What a module hands to its caller under a name.
    pub(super) fn output(&mut self, address: &str, name: &str, span: Span) -> Value {
        let full = format!("{address}.{name}");
        if let Some(value) = self.found.get(&full) {
            return (**value).clone();
        }
        let expr = self.child(address).ok().and_then(|module| Some((module.names.outputs.get(name).copied()?, module)));
        let Some((expr, module)) = expr.filter(|_| !self.visiting.contains(&full)) else { return self.missing(full, span) };
        self.visiting.push(full.clone());
        let value = self.in_module(&module, |this| this.evaluate(expr, None));
        self.visiting.pop();
        (*self.keep(full, value, span)).clone()
    }

    /// The module in which an address was given, and the rest of it there.
    pub(super) fn owner<'a>(&self, address: &'a str) -> Option<(Rc<Module<'t>>, &'a str)> {
        let (path, local) = parted(address);
        self.modules.get(path).map(|module| (Rc::clone(module), local))
    }

    /// The block that an address names, with or without the key of an instance.
    pub(super) fn block(&self, address: &str) -> Option<&'t Block> {
        let (module, local) = self.owner(address)?;
        module.names.resources.get(without_key(local)).copied()
    }
}

/// The directory that a call names by its way from `directory`; none where it comes from elsewhere.
pub(super) fn local_source(block: &Block, directory: &str) -> Option<String> {
    let ExprKind::Text(source) = &block.body.get("source")?.kind else { return None };
    let local = [".", ".."].contains(&source.as_str()) || source.starts_with("./") || source.starts_with("../");
    local.then(|| paths::beside(directory, source))
}

/// An address without the key of an instance.
pub(super) fn without_key(local: &str) -> &str {
    local.split('[').next().unwrap_or_default()
}

/// `module.a["x"].aws_vpc.main` is the module's path `module.a["x"].` and the rest. The rest of a module's own address is
/// its call.
fn parted(address: &str) -> (&str, &str) {
    let mut at = 0_usize;
    while let Some(call) = address.get(at..).filter(|rest| rest.starts_with("module.")) {
        let name = call.get("module.".len()..).unwrap_or_default();
        let end = name.find(['.', '[']).unwrap_or(name.len());
        let key = name.get(end..).unwrap_or_default();
        let closing = if key.starts_with("[\"") { "\"]" } else { "]" };
        let key = if key.starts_with('[') { key.find(closing).map_or(key.len(), |at| at.saturating_add(closing.len())) } else { 0 };
        let length = "module.".len().saturating_add(end).saturating_add(key);
        if !call.get(length..).is_some_and(|rest| rest.starts_with('.')) {
            break;
        }
        at = at.saturating_add(length).saturating_add(1);
    }
    address.split_at_checked(at).unwrap_or(("", address))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_parted_behind_the_modules() {
        for (address, parts) in [
            ("aws_vpc.main", ("", "aws_vpc.main")),
            ("module.net", ("", "module.net")),
            ("module.net[0]", ("", "module.net[0]")),
            ("module.net.aws_vpc.main[1]", ("module.net.", "aws_vpc.main[1]")),
            ("module.a[\"x.y].z\"].module.b.data.aws_vpc.main", ("module.a[\"x.y].z\"].module.b.", "data.aws_vpc.main")),
            ("module.", ("", "module.")),
            ("module.a[", ("", "module.a[")),
        ] {
            assert_eq!(parted(address), parts, "{address}");
        }
    }
}
