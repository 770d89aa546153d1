//! One security rule, from whichever text: the fields lie under `properties` or directly on the rule.

use super::ports::PortsRead;
use super::side::{DESTINATION, SOURCE, Side};
use crate::formats::cx::{Cx, Field, shown};
use crate::formats::value::{Kind, Value};
use crate::model::{Action, Direction, Local, Origin, Peer, Ports, Protocol, Rule, Span, Unresolved};
use crate::space::PortSet;

/// The lowest number that a rule of one's own can have; the highest is 4096 (Azure, network security groups overview).
const FIRST: u32 = 100;
const LAST: u32 = 4_096;
/// From here on numbers belong to the rules that every group has.
pub(super) const DEFAULTS: u32 = 65_000;

/// Whether a value is a rule by its fields.
pub(super) fn is_rule(value: &Value) -> bool {
    let fields = value.some("properties").unwrap_or(value);
    ["access", "direction", "priority"].iter().all(|name| fields.get(name).is_some())
        && ["sourcePortRange", "sourcePortRanges", "destinationPortRange", "destinationPortRanges"]
            .iter()
            .any(|name| fields.get(name).is_some())
}

/// A priority that is not known: whether that matters only the whole group tells.
pub(super) struct Open {
    pub(super) missing: Unresolved,
    /// What is wrong, unless the text itself leaves it open.
    pub(super) wrong: Option<String>,
}

/// The rules that a written rule comes to: several where one line says what only several rules can. Beside them its
/// priority, where that is not known.
pub(super) fn read(value: &Value, cx: &mut Cx<'_>) -> (Vec<Rule>, Option<Open>) {
    let fields = value.some("properties").unwrap_or(value);
    if let Kind::Unknown(missing) = &fields.kind {
        return (could_be_anything(missing, fields.span, cx), None);
    }
    if !fields.is_map() {
        let said = match fields.text() {
            Some(text) if text.starts_with("Microsoft.Azure") || text.starts_with("@{") || text.starts_with("System.") => {
                "the rule was cut off by ConvertTo-Json; export again with -Depth 10".to_owned()
            }
            Some(text) => format!("`{}` is no security rule; a rule has a direction, an access and a priority", shown(text)),
            None => "this is no security rule; a rule has a direction, an access and a priority".to_owned(),
        };
        cx.error(fields, said);
        let missing = Unresolved { name: "a rule that could not be read".into(), would_settle: "the whole rule".into() };
        return (could_be_anything(&missing, fields.span, cx), None);
    }
    let mut draft = Draft::read(value, fields, cx);
    let (priority, open) = draft.priority(cx);
    (draft.rules(priority, cx), open)
}

/// Rules that the text does not show: they may allow anything from anyone.
pub(super) fn could_be_anything(missing: &Unresolved, at: Span, cx: &Cx<'_>) -> Vec<Rule> {
    let one = |direction| {
        let mut rule = Rule::allow(direction, Peer::Unresolved(Box::new(missing.clone())), cx.place(at));
        rule.priority = Some(FIRST);
        rule.doubt = Some(Box::new(missing.clone()));
        rule
    };
    vec![one(Direction::Ingress), one(Direction::Egress)]
}

/// A rule with its fields read, before it is spread.
struct Draft<'v> {
    value: &'v Value,
    fields: &'v Value,
    directions: Vec<Direction>,
    action: Action,
    /// What makes the whole rule uncertain.
    doubt: Option<Unresolved>,
}

impl<'v> Draft<'v> {
    fn read(value: &'v Value, fields: &'v Value, cx: &mut Cx<'_>) -> Self {
        let mut doubt = None;
        let directions = match Field::from(fields.get("direction")) {
            Field::Text(word) if is(word, &["Inbound", "In", "Ingress"]) => vec![Direction::Ingress],
            Field::Text(word) if is(word, &["Outbound", "Out", "Egress"]) => vec![Direction::Egress],
            other => {
                doubt = Some(uncertain(other, value, "is neither Inbound nor Outbound", "direction", cx));
                vec![Direction::Ingress, Direction::Egress]
            }
        };
        let action = match Field::from(fields.get("access")) {
            Field::Text(word) if is(word, &["Allow", "AlwaysAllow"]) => Action::Allow,
            Field::Text(word) if is(word, &["Deny"]) => Action::Deny,
            other => {
                doubt = Some(uncertain(other, value, "is neither Allow nor Deny", "access", cx));
                Action::Allow
            }
        };
        Self { value, fields, directions, action, doubt }
    }

    fn rules(mut self, priority: u32, cx: &mut Cx<'_>) -> Vec<Rule> {
        let source_ports = self.source_ports(cx);
        let whats = self.whats(source_ports.is_some(), cx);
        let mut rules = Vec::new();
        for direction in self.directions.clone() {
            let inbound = direction == Direction::Ingress;
            let (far, near) = if inbound { (&SOURCE, &DESTINATION) } else { (&DESTINATION, &SOURCE) };
            let (far, near) = (Side::read(self.fields, far, cx), Side::read(self.fields, near, cx));
            let at = far.at().unwrap_or(self.value.span);
            let peer = far.peer(self.value.span, cx);
            let (mut locals, unknown) = near.locals(inbound, self.value.span, cx);
            let mut doubt = self.doubt.clone();
            // Whatever the missing destination is, an allow opens it; but a deny may close anything or nothing.
            if self.action == Action::Deny && unknown.is_some() {
                doubt = doubt.or(unknown);
                locals = vec![Local::Any];
            }
            for (protocol, ports, missing) in &whats {
                for local in &locals {
                    let mut rule = Rule::allow(direction, peer.clone(), cx.place(at));
                    self.label(&mut rule);
                    rule.action = self.action;
                    rule.priority = Some(priority);
                    rule.protocol = *protocol;
                    rule.ports = ports.clone();
                    rule.source_ports = source_ports.clone().filter(|_| matches!(*protocol, Protocol::TCP | Protocol::UDP));
                    rule.local = local.clone();
                    rule.doubt = doubt.clone().or_else(|| missing.clone()).map(Box::new);
                    rules.push(rule);
                }
            }
        }
        rules
    }

    fn label(&self, rule: &mut Rule) {
        let text = |name: &str| {
            let value = self.value.some(name).or_else(|| self.fields.some(name))?;
            value.text().map(str::to_owned).or_else(|| value.missing().map(|missing| missing.name.to_string()))
        };
        let name = text("name").unwrap_or_default();
        // Effective rules name the list they come from.
        let stock = name.strip_prefix("defaultSecurityRules/");
        let short = stock.or_else(|| name.strip_prefix("securityRules/")).unwrap_or(&name);
        rule.name = (!short.is_empty()).then(|| short.into());
        rule.id = text("id").filter(|id| !id.is_empty()).map(Into::into);
        rule.description = text("description").filter(|description| !description.is_empty()).map(Into::into);
        if stock.is_some() {
            rule.origin = Origin::Stock;
        }
    }

    /// A rule whose number is not known stands first: in doubt, an allow there may admit, and a deny there may close.
    fn priority(&mut self, cx: &mut Cx<'_>) -> (u32, Option<Open>) {
        let field = Field::from(self.fields.get("priority"));
        let number = field.int().and_then(|number| u32::try_from(number).ok());
        match number {
            Some(number) => {
                if !(FIRST..=LAST).contains(&number) && !(DEFAULTS..=65_535).contains(&number) {
                    cx.warn(self.value, format!("the priority {number} is not between {FIRST} and {LAST}; Azure will refuse this rule"));
                }
                (number, None)
            }
            None => {
                let open = Open { missing: missing(field, "priority"), wrong: wrong(field, "is no priority", "priority") };
                (FIRST, Some(open))
            }
        }
    }

    /// Protocol and ports, with what is missing. Ports mean nothing to protocols other than tcp and udp; every protocol to or
    /// from some ports is tcp and udp on these.
    fn whats(&self, from_some_ports: bool, cx: &mut Cx<'_>) -> Vec<(Protocol, Ports, Option<Unresolved>)> {
        let field = Field::from(self.fields.get("protocol"));
        let Some(protocol) = field.protocol() else {
            let missing = uncertain(field, self.value, "is no protocol; write Tcp, Udp, Icmp, Esp, Ah or *", "protocol", cx);
            return vec![(Protocol::Any, Ports::All, Some(missing))];
        };
        if !matches!(protocol, Protocol::Any | Protocol::TCP | Protocol::UDP) {
            return vec![(protocol, Ports::All, None)];
        }
        let read = PortsRead::read(self.fields.get("destinationPortRange"), self.fields.get("destinationPortRanges"), cx);
        if read.absent {
            let missing = uncertain(Field::Absent, self.value, "", "destination port", cx);
            return vec![(protocol, Ports::All, Some(missing))];
        }
        let ports = read.ports();
        let mut whats = match (protocol, &ports) {
            // Nothing but what is missing.
            (_, Ports::Nothing) if read.missing.is_some() => Vec::new(),
            (Protocol::Any, Ports::All | Ports::Nothing) | (Protocol::Number(_), _) if protocol != Protocol::Any || !from_some_ports => {
                vec![(protocol, ports, None)]
            }
            _ => vec![(Protocol::TCP, ports.clone(), None), (Protocol::UDP, ports, None)],
        };
        if read.missing.is_some() {
            whats.push((protocol, Ports::All, read.missing));
        }
        whats
    }

    /// Whatever the missing source ports are, an allow admits from some; a deny may stop none.
    fn source_ports(&mut self, cx: &mut Cx<'_>) -> Option<Box<PortSet>> {
        let read = PortsRead::read(self.fields.get("sourcePortRange"), self.fields.get("sourcePortRanges"), cx);
        if let Some(missing) = read.missing {
            if self.action == Action::Deny {
                self.doubt.get_or_insert(missing);
            }
            return None;
        }
        (!read.absent && !read.set.is_full()).then(|| Box::new(read.set))
    }
}

fn is(word: &str, names: &[&str]) -> bool {
    names.iter().any(|name| word.trim().eq_ignore_ascii_case(name))
}

/// What is missing in a field that can't be read, with a sentence unless the text itself leaves it open.
fn uncertain(field: Field<'_>, rule: &Value, is_not: &str, what: &str, cx: &mut Cx<'_>) -> Unresolved {
    if let Some(wrong) = wrong(field, is_not, what) {
        cx.error(rule, format!("{wrong}; the rule counts as unknown"));
    }
    missing(field, what)
}

/// What is wrong with a field; nothing where the text itself leaves it open.
fn wrong(field: Field<'_>, is_not: &str, what: &str) -> Option<String> {
    match field {
        Field::Unknown(_) => None,
        Field::Absent => Some(format!("this rule has no {what}")),
        Field::Text(text) => Some(format!("`{}` {is_not}", shown(text))),
        Field::Int(_) | Field::Odd => Some(format!("the {what} of this rule can't be read")),
    }
}

fn missing(field: Field<'_>, what: &str) -> Unresolved {
    let unread =
        || Unresolved { name: format!("a rule without a {what} that can be read").into(), would_settle: format!("its {what}").into() };
    field.missing().cloned().unwrap_or_else(unread)
}
