//! The protected end: the parts of it that some rule treats differently.

use super::fold::Fit;
use crate::model::{Local, Rule};
use crate::space::AddressSet;

/// The parts of the protected end that `rules` tell apart; just [`Local::Any`] where none narrows it.
pub(super) fn parts<'r>(rules: impl Iterator<Item = &'r Rule> + Clone) -> Vec<Local> {
    let mut atoms: Vec<AddressSet> = Vec::new();
    let mut symbols: Vec<Local> = Vec::new();
    for rule in rules {
        match &rule.local {
            Local::Any => {}
            Local::Addresses(set) => atoms = refine(atoms, set),
            symbol @ Local::Symbol(_) => {
                if !symbols.contains(symbol) {
                    symbols.push(symbol.clone());
                }
            }
        }
    }
    let mut parts = vec![Local::Any];
    parts.extend(atoms.into_iter().map(|atom| Local::Addresses(Box::new(atom))));
    parts.extend(symbols);
    parts
}

/// Those of [`parts`] that someone can be in: where the others hold every address, no one is left for [`Local::Any`].
pub(super) fn inhabited(mut parts: Vec<Local>) -> Vec<Local> {
    let named = parts.iter().fold(AddressSet::empty(), |all, part| match part {
        Local::Addresses(set) => all.union(set),
        Local::Any | Local::Symbol(_) => all,
    });
    parts.retain(|part| *part != Local::Any || !named.is_full());
    parts
}

/// Whether a rule written for `rule` holds at `part`, which is one of [`parts`].
pub(super) fn fit(rule: &Local, part: &Local) -> Fit {
    match (rule, part) {
        (Local::Any, _) => Fit::Yes,
        // `Any` as a part is whatever no rule names.
        (_, Local::Any) => Fit::No,
        (Local::Addresses(set), Local::Addresses(atom)) => {
            if atom.is_subset(set) {
                Fit::Yes
            } else {
                Fit::No
            }
        }
        (rule, part) if rule == part => Fit::Yes,
        // A member may have any address, and may be a member of several groups.
        _ => Fit::Maybe,
    }
}

/// Splits disjoint atoms so that each lies wholly inside or wholly outside `set`.
pub(crate) fn refine(atoms: Vec<AddressSet>, set: &AddressSet) -> Vec<AddressSet> {
    let mut rest = set.clone();
    let mut refined = Vec::with_capacity(atoms.len().saturating_add(1));
    for atom in atoms {
        // Most know nothing of each other.
        if !atom.intersects(set) {
            refined.push(atom);
            continue;
        }
        rest = rest.difference(&atom);
        refined.extend([atom.intersection(set), atom.difference(set)].into_iter().filter(|part| !part.is_empty()));
    }
    if !rest.is_empty() {
        refined.push(rest);
    }
    refined
}
