//! Rules that can match no packet.

use super::{Audit, Finding, Subject};
use crate::exposure::Effect;
use crate::model::{Local, Peer};

pub(super) static AUDIT: Audit = Audit { id: "admits-nobody", document: include_str!("admits_nobody.md"), check };

fn check(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    for ((rule, effect), i) in subject.policy.rules.iter().zip(&subject.evaluation.effects).zip(0_u32..) {
        if *effect != Effect::Dead {
            continue;
        }
        let message = if rule.ports.is_empty() {
            "this rule's port range is upside down, so it matches nothing".to_owned()
        } else {
            match &rule.peer {
                _ if matches!(&rule.local, Local::Addresses(set) if set.is_empty()) => {
                    "no packet reaches this rule's destination, so it matches nothing".to_owned()
                }
                Peer::Nobody(what) => format!("this rule admits nobody: {what}"),
                peer => format!("no packet can come from {peer} for this protocol, so the rule matches nothing"),
            }
        };
        findings.push(subject.note(&AUDIT, vec![i], message));
    }
}
