//! Override files (Terraform, "Override files"): their arguments replace those of the block of the same name, and their nested
//! blocks all nested blocks of the same type.

use crate::syntax::hcl::{Block, Body};

/// `override.tf` and `…_override.tf`, in each spelling.
pub(super) fn is_override(file: &str) -> bool {
    let stem = file.strip_suffix(".json").unwrap_or(file);
    let stem = stem.strip_suffix(".tf").or_else(|| stem.strip_suffix(".tofu"));
    stem.is_some_and(|stem| stem == "override" || stem.ends_with("_override"))
}

/// Merges the blocks of an override file into those of its directory. Of locals the last definition counts anyway.
pub(super) fn merge(whole: &mut Body, body: Body) {
    for block in body.blocks {
        let same = |known: &&mut Block| known.kind == block.kind && known.labels == block.labels && !known.labels.is_empty();
        match whole.blocks.iter_mut().find(same) {
            Some(known) => replace(&mut known.body, block.body),
            None => whole.blocks.push(block),
        }
    }
}

fn replace(known: &mut Body, body: Body) {
    for attribute in body.attributes {
        known.attributes.retain(|other| other.name != attribute.name);
        known.attributes.push(attribute);
    }
    known.blocks.retain(|other| !body.blocks.iter().any(|block| nested(block) == nested(other)));
    known.blocks.extend(body.blocks);
}

/// The type of a nested block, also where it is dynamic.
fn nested(block: &Block) -> &str {
    block.labels.first().filter(|_| block.kind == "dynamic").unwrap_or(&block.kind)
}
