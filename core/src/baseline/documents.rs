//! Baselines among the documents of a review.

use super::{Baseline, Date};
use crate::document::{Document, Level};
use crate::formats::{Read, is_baseline, read_baseline};

/// The document's own problem and not a policy's finding, since no policy has what it speaks of.
const UNUSED: &str = "approval-unused: nothing that is open here is covered by this approval as a whole; remove it, or mend its policy, \
    protocol, ports or sources";

const NO_DAY: &str = "review dates are not checked, since nobody said what day it is";

impl Baseline {
    /// Reads all baselines, and says which documents they are; the one at `forced` is one whatever it looks like.
    pub(crate) fn read(documents: &mut [Document], forced: Option<usize>, today: Option<Date>) -> (Self, Vec<usize>) {
        let mut read = Vec::new();
        let mut baseline = Self { today, ..Self::default() };
        for ((at, document), index) in documents.iter_mut().enumerate().zip(0_u32..) {
            if Some(at) != forced && !is_baseline(&document.text) {
                continue;
            }
            baseline.given = true;
            read.push(at);
            let before = baseline.approvals.len();
            read_baseline(document, index, &mut |read| {
                if let Read::Approval(approval) = read {
                    baseline.approvals.push(*approval);
                }
            });
            let own = baseline.approvals.iter().skip(before);
            if let Some(dated) = own.filter(|approval| approval.review.is_some() && today.is_none()).map(|own| own.at.span).next() {
                document.problems.add(Level::Warning, dated, NO_DAY);
            }
        }
        baseline.used = vec![false; baseline.approvals.len()];
        (baseline, read)
    }

    /// Notes which approvals had something to approve, or had until they expired.
    pub(crate) fn mark_used(&mut self, used: &[u32]) {
        for index in used {
            if let Some(used) = usize::try_from(*index).ok().and_then(|at| self.used.get_mut(at)) {
                *used = true;
            }
        }
    }

    /// Tells of approvals without anything to approve.
    pub(crate) fn tell_unused(&self, documents: &mut [Document]) {
        for (approval, _) in self.approvals.iter().zip(&self.used).filter(|(_, used)| !**used) {
            if let Some(document) = usize::try_from(approval.at.document).ok().and_then(|at| documents.get_mut(at)) {
                document.problems.add(Level::Warning, approval.at.span, UNUSED);
            }
        }
    }
}
