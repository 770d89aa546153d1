//! What calls for caution although nothing is open that should not be.

use super::Verdict;
use crate::exposure::{Evaluation, Overruled};
use crate::model::{Direction, Policy};
use crate::space::{documentation, public};
use crate::stateless::Dropped;

/// The verdict on everything of the kind together.
pub(super) fn beyond(policy: &Policy, evaluation: &Evaluation<'_>, dropped: &[Dropped]) -> Verdict {
    let direction = |told: &Overruled| Some(policy.rules.get(usize::try_from(told.rule).ok()?)?.direction);
    let leaks = evaluation.overruled.iter().filter_map(|told| Some(leak(direction(told)?, told)));
    leaks.chain(dropped.iter().map(unanswered)).max().unwrap_or(Verdict::Secure)
}

/// The verdict on a deny that earlier allows weaken: whoever is meant to be kept out and is public gets in.
pub fn leak(direction: Direction, told: &Overruled) -> Verdict {
    let open = told.leaks.intersects(public()) || told.leaks.intersects(documentation());
    if direction == Direction::Ingress && open { Verdict::Caution } else { Verdict::Secure }
}

/// The verdict on requests without replies: nothing is open, but what should work does not.
pub fn unanswered(dropped: &Dropped) -> Verdict {
    if dropped.matters() { Verdict::Caution } else { Verdict::Secure }
}
