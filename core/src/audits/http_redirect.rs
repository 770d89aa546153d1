//! Port 80 beside 443: secure, as long as it only redirects.

use super::{Audit, Finding, Subject};
use crate::model::Direction;
use crate::verdict::{Reason, deciding_rules};

pub(super) static AUDIT: Audit = Audit { id: "http-redirect", document: include_str!("http_redirect.md"), check };

fn check(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    for (at, exposure, judged) in subject.exposures(Direction::Ingress) {
        if judged.reason == Reason::HttpRedirect {
            let rules = deciding_rules(subject.policy, exposure, judged);
            let message = "HTTP (80/tcp) is open beside HTTPS: keep it only to redirect to 443".to_owned();
            findings.push(Finding { exposure: Some(at), ..subject.note(&AUDIT, rules, message) });
        }
    }
}
