//! The files of values of a root module: which one wins, and what is said where two of them disagree.

use std::collections::HashMap;

use super::directories::{Directory, Values};
use super::evaluate::Evaluator;
use crate::formats::cx::{Cx, shown};
use crate::syntax::hcl::Expr;

/// The values that count. Those that stand beside the blocks, as people paste them, come last.
pub(super) fn assigned(root: &Directory) -> HashMap<&str, &Expr> {
    let files = root.values.iter().flat_map(|values| &values.attributes);
    files.chain(&root.body.attributes).map(|value| (value.name.as_str(), &value.value)).collect()
}

/// Tells where a file that Terraform does not read by itself disagrees with another about a variable that was asked for.
pub(super) fn compare(root: &Directory, evaluator: &mut Evaluator<'_>, cx: &mut Cx<'_>) {
    let mut last: HashMap<&str, (&Expr, &Values)> = HashMap::new();
    for values in root.values.iter().rev() {
        for value in &values.attributes {
            let Some((winner, by)) = last.get(value.name.as_str()) else {
                last.insert(&value.name, (&value.value, values));
                continue;
            };
            let documented = values.automatic && by.automatic;
            if documented || !evaluator.found.contains_key(&format!("var.{}", value.name)) {
                continue;
            }
            if !evaluator.evaluate(winner, None).same(&evaluator.evaluate(&value.value, None)) {
                let (name, file) = (shown(&value.name), shown(&by.file));
                cx.warn(
                    value.value.span,
                    format!("`{file}` gives `{name}` another value, and that one is used; leave out the file that is not meant"),
                );
            }
        }
    }
}

/// Tells of values that nothing here uses.
pub(super) fn unused(directory: &Directory, cx: &mut Cx<'_>) {
    let message = if directory.is_module() {
        "another directory calls this one as a module and gives its values there, so those of this file are not used"
    } else {
        "these are values for the variables of a Terraform configuration that is not here; paste its .tf files along"
    };
    for values in &directory.values {
        cx.warn(values.at, message);
    }
}
