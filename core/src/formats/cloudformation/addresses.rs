//! `AWS::EC2::PrefixList`: its entries settle the rules that name it.

use super::evaluate::Evaluator;
use crate::formats::aws::prefix_list;
use crate::formats::cx::shown;
use crate::formats::{Meaning, Read};

/// Hands over the entries of each list under its logical id, where all of them are known.
pub(super) fn read(evaluator: &mut Evaluator<'_, '_, '_>, emit: &mut dyn FnMut(Read)) {
    let template = evaluator.template;
    for resource in template.resources.iter().filter(|resource| resource.kind == "AWS::EC2::PrefixList") {
        let Some(before) = evaluator.enter(resource) else { continue };
        let ways = resource.property("Entries").map(|raw| evaluator.items(raw)).unwrap_or_default();
        let known = |way: &super::ways::Way| {
            let cidr = way.value.some("Cidr");
            way.value.missing().is_none() && cidr.is_some_and(|cidr| cidr.text().is_some())
        };
        if ways.iter().all(known) {
            // An entry that a condition could leave out counts: it could admit what is in it.
            let set = prefix_list::addresses(ways.iter().map(|way| &way.value), evaluator.cx);
            emit(Read::Definition { name: resource.name.to_owned(), meaning: Meaning::Addresses(set) });
        } else {
            let message = format!("the prefix list `{}` has entries that are not in the text; it stays open", shown(resource.name));
            evaluator.cx.warn(resource.value, message);
        }
        evaluator.leave(before);
    }
}
