//! A rule with what it applies to, and the fields that rules of networks and of firewall policies share.

use std::fmt;

use super::ends;
use super::what::{What, doubtful};
use crate::formats::cx::{Cx, Field, shown};
use crate::formats::value::Value;
use crate::model::{Action, Direction, Local, Peer, Place, Rule, Span, Unresolved};

/// What a rule applies to: every part must hold, such as `region europe-west1` and `tag web`. No parts is every instance.
pub(super) type Target = Vec<Part>;

/// One condition of a target, widest first.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Part {
    /// In a network.
    Network(String),
    /// In a region.
    Region(String),
    /// With a tag or a service account; the whole phrase.
    Members(String),
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Network(name) => write!(f, "network {name}"),
            Self::Region(name) => write!(f, "region {name}"),
            Self::Members(phrase) => f.write_str(phrase),
        }
    }
}

/// A rule, where it stands as a whole, and its targets, of which one must hold.
#[derive(Clone, Debug)]
pub(super) struct Placed {
    pub(super) rule: Rule,
    pub(super) whole: Place,
    pub(super) targets: Vec<Target>,
}

/// What a rule is called.
#[derive(Clone, Copy, Debug)]
pub(in crate::formats) struct Head<'v> {
    pub(in crate::formats) name: Option<&'v str>,
    pub(in crate::formats) address: Option<&'v str>,
    pub(in crate::formats) at: Span,
}

/// What the rules of one resource share.
pub(super) struct Common {
    pub(super) direction: Direction,
    pub(super) peers: Vec<Peer>,
    pub(super) local: Local,
    /// Where the peers stand.
    pub(super) at: Span,
    pub(super) doubt: Option<Box<Unresolved>>,
    pub(super) targets: Vec<Target>,
}

/// The direction of a rule; inbound where it is left out.
pub(super) fn direction(fields: &Value, cx: &mut Cx<'_>) -> (Direction, Option<Box<Unresolved>>) {
    let Some(value) = fields.some("direction") else { return (Direction::Ingress, None) };
    match Field::from(Some(value)) {
        Field::Absent => (Direction::Ingress, None),
        Field::Text(word) if word.eq_ignore_ascii_case("INGRESS") => (Direction::Ingress, None),
        Field::Text(word) if word.eq_ignore_ascii_case("EGRESS") => (Direction::Egress, None),
        Field::Unknown(missing) => (Direction::Ingress, Some(Box::new(missing.clone()))),
        field => {
            let word = if let Field::Text(word) = field { format!("`{}`", shown(word)) } else { "this".to_owned() };
            cx.error(value, format!("{word} is no direction; write INGRESS or EGRESS; the rule counts as unknown"));
            (Direction::Ingress, Some(missing("a direction that is not known", "INGRESS or EGRESS")))
        }
    }
}

/// The rule of one protocol with its ports.
pub(super) fn placed(fields: &Value, head: Head<'_>, common: &Common, what: What, action: Action, cx: &mut Cx<'_>) -> Placed {
    let mut rule = Rule::allow(common.direction, ends::union(common.peers.clone()), cx.place(common.at));
    rule.id = fields.some("id").and_then(ends::label).filter(|_| head.address.is_none()).map(Into::into);
    rule.name = head.name.map(Into::into);
    rule.address = head.address.map(Into::into);
    rule.description = fields.text_of("description").filter(|text| !text.is_empty()).map(Into::into);
    rule.action = action;
    rule.protocol = what.protocol;
    rule.ports = what.ports;
    rule.local = common.local.clone();
    rule.doubt = common.doubt.clone().or(what.doubt);
    if let Some(value) = fields.some("disabled") {
        match value.bool() {
            Some(disabled) => rule.disabled = disabled,
            None => rule.doubt = rule.doubt.or_else(|| Some(open(value, "whether the rule is disabled"))),
        }
    }
    Placed { rule, whole: cx.place(head.at), targets: common.targets.clone() }
}

/// A rule of which too little is known to say more.
pub(super) fn unknown_what(name: &str, would_settle: &str) -> What {
    doubtful(*missing(name, would_settle))
}

/// What is missing where a value could not be read.
pub(super) fn open(value: &Value, what: &str) -> Box<Unresolved> {
    value.missing().cloned().map_or_else(|| missing(what, &format!("a value that says {what}")), Box::new)
}

pub(super) fn missing(name: &str, would_settle: &str) -> Box<Unresolved> {
    Box::new(Unresolved { name: name.into(), would_settle: would_settle.into() })
}
