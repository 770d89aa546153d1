//! Override files (Terraform, "Override files"): their arguments replace those of the block of the same name, and their nested
//! blocks all nested blocks of the same type.

use std::collections::{HashMap, HashSet};

use crate::syntax::hcl::{Block, Body};

/// `override.tf` and `…_override.tf`, in each spelling.
pub(super) fn is_override(file: &str) -> bool {
    let stem = file.strip_suffix(".json").unwrap_or(file);
    let stem = stem.strip_suffix(".tf").or_else(|| stem.strip_suffix(".tofu"));
    stem.is_some_and(|stem| stem == "override" || stem.ends_with("_override"))
}

/// Merges the blocks of an override file into those of its directory. Of locals the last definition counts anyway.
pub(super) fn merge(whole: &mut Body, body: Body) {
    let name = |block: &Block| (block.kind.clone(), block.labels.clone());
    let mut known: HashMap<(String, Vec<String>), usize> = HashMap::new();
    for (at, block) in whole.blocks.iter().enumerate() {
        known.entry(name(block)).or_insert(at);
    }
    for block in body.blocks {
        let at = known.get(&name(&block)).filter(|_| !block.labels.is_empty());
        match at.and_then(|at| whole.blocks.get_mut(*at)) {
            Some(known) => replace(&mut known.body, block.body),
            None => whole.blocks.push(block),
        }
    }
}

fn replace(known: &mut Body, body: Body) {
    let names: HashSet<&str> = body.attributes.iter().map(|attribute| attribute.name.as_str()).collect();
    known.attributes.retain(|other| !names.contains(other.name.as_str()));
    let types: HashSet<&str> = body.blocks.iter().map(nested).collect();
    known.blocks.retain(|other| !types.contains(nested(other)));
    known.attributes.extend(body.attributes);
    known.blocks.extend(body.blocks);
}

/// The type of a nested block, also where it is dynamic.
fn nested(block: &Block) -> &str {
    block.labels.first().filter(|_| block.kind == "dynamic").unwrap_or(&block.kind)
}
