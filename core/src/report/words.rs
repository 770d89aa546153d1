//! How a result as a whole is put into words.

use super::Counts;
use crate::verdict::{Verdict, grouped};

/// The headline: numbers by verdict in words, "2 dangerous, 1 can't tell, 9 secure", and what could not be read.
pub(super) fn headline(policies: Counts, interfaces: usize, unread: usize) -> String {
    let parts =
        [(policies.dangerous, "dangerous"), (policies.unknown, "can't tell"), (policies.caution, "caution"), (policies.secure, "secure")];
    let number = |count: usize| grouped(u128::try_from(count).unwrap_or(u128::MAX));
    let mut told: Vec<String> =
        parts.iter().filter(|(count, _)| *count > 0).map(|(count, word)| format!("{} {word}", number(*count))).collect();
    match (told.is_empty(), unread) {
        (true, 0) if interfaces > 0 => return "can't tell: the policies of these interfaces were not pasted".to_owned(),
        (true, 0) => return "nothing to judge".to_owned(),
        (true, _) => return "can't tell: this could not be read".to_owned(),
        (false, 0) => {}
        (false, 1) => told.push("a part could not be read".to_owned()),
        (false, _) => told.push(format!("parts of {} documents could not be read", number(unread))),
    }
    told.join(", ")
}

/// What to say of a policy without a finding worth naming.
pub(super) const fn quiet(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Secure => "nothing is open to people who should not reach it",
        Verdict::Caution => "worth a look",
        Verdict::Unknown => "can't be told from what was pasted",
        Verdict::Dangerous => "open to people who should not reach it",
    }
}
