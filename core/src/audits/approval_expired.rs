//! Something that was open on purpose until a day that has passed.

use super::unapproved_exposure::severity;
use super::{Audit, Finding, Subject};
use crate::exposure::words;
use crate::model::Direction;

pub(super) static AUDIT: Audit = Audit { id: "approval-expired", document: include_str!("approval_expired.md"), check };

fn check(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    for direction in [Direction::Ingress, Direction::Egress] {
        for (at, exposure, judged) in subject.exposures(direction) {
            let Some(approved) = judged.approved.as_ref().filter(|approved| approved.expired) else { continue };
            let days = approved.by.iter().filter_map(|i| subject.baseline.approval(*i)?.review);
            let Some(day) = days.min() else { continue };
            let (protocol, ports, messages) = words::service(exposure);
            let what = [ports.or(messages), Some(protocol)].into_iter().flatten().collect::<Vec<_>>().join("/");
            let message = format!("the approval of {what} expired on {day}, so it is judged as if there were none");
            findings.push(Finding { severity: severity(judged.verdict), message, ..subject.about(&AUDIT, at, exposure, judged) });
        }
    }
}
