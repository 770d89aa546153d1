//! Not the whole internet, but so much of it that a filter hardly filters.

use super::{Audit, Finding, Subject, audience};
use crate::model::Direction;
use crate::verdict::{Reach, Verdict};

pub(super) static AUDIT: Audit = Audit { id: "broad-public-source", document: include_str!("broad_public_source.md"), check };

fn check(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    for (at, exposure, judged) in subject.exposures(Direction::Ingress) {
        if judged.reach == Reach::BroadPublic && judged.verdict > Verdict::Secure {
            findings.push(Finding {
                message: format!("the sources look limited, yet they are {}", audience(judged)),
                ..subject.about(&AUDIT, at, exposure, judged)
            });
        }
    }
}
