//! An ACL that no subnet uses: it filters nothing, and whoever reads it may believe that it does.
//!
//! Which subnets use it stands beside the rules, so the review finds it; see [`crate::model::topology`].

use super::{Audit, Finding, Subject};

pub(crate) static AUDIT: Audit = Audit { id: "unused-acl", document: include_str!("unused_acl.md"), check: |_, _| {} };

/// The note about a policy that stands before nothing.
pub(crate) fn finding(subject: &Subject<'_>) -> Finding {
    subject.note(&AUDIT, Vec::new(), "no subnet uses this network ACL, so it filters nothing".to_owned())
}
