//! Protocol and ports by the rules of the EC2 API, wherever they are written: with `-1` and with numbers other than 6, 17, 1
//! and 58 ports don't count; for ICMP they are type and code.

use crate::formats::cx::{Cx, Field, shown};
use crate::model::{Direction, Peer, Ports, Protocol, Rule, Span, Unresolved};

/// Protocol and ports of a rule.
#[derive(Clone, Debug)]
pub(in crate::formats) struct What {
    pub(in crate::formats) protocol: Protocol,
    pub(in crate::formats) ports: Ports,
    pub(in crate::formats) doubt: Option<Box<Unresolved>>,
}

/// The fields of a rule that say what it is about, and where they stand.
#[derive(Clone, Copy, Debug)]
pub(in crate::formats) struct WhatFields<'v> {
    pub(in crate::formats) protocol: Field<'v>,
    pub(in crate::formats) from: Field<'v>,
    pub(in crate::formats) to: Field<'v>,
    pub(in crate::formats) protocol_at: Span,
    pub(in crate::formats) ports_at: Span,
}

impl What {
    /// Reads the fields; what can't be read leaves a doubt and a problem.
    pub(in crate::formats) fn read(fields: WhatFields<'_>, cx: &mut Cx<'_>) -> Self {
        if let Field::Absent = fields.protocol {
            cx.error(fields.protocol_at, "this rule has no protocol; it counts as unknown");
            return doubtful("a rule without a protocol");
        }
        if let Some(missing) = fields.protocol.missing() {
            return Self { doubt: Some(Box::new(missing.clone())), ..doubtful("") };
        }
        let Some(protocol) = fields.protocol.protocol() else {
            let name = if let Field::Text(text) = fields.protocol { format!("`{}`", shown(text)) } else { "this value".to_owned() };
            cx.error(fields.protocol_at, format!("{name} is no protocol; write tcp, udp, icmp, icmpv6, -1 or a number from 0 to 255"));
            return doubtful("a rule with an unknown protocol");
        };
        let unknown = [fields.from, fields.to].into_iter().find_map(Field::missing);
        let ports = match protocol {
            Protocol::TCP | Protocol::UDP | Protocol::ICMP | Protocol::ICMPV6 if unknown.is_some() => {
                return Self { protocol, ports: Ports::All, doubt: unknown.map(|missing| Box::new(missing.clone())) };
            }
            Protocol::TCP | Protocol::UDP => ports(fields, cx),
            Protocol::ICMP | Protocol::ICMPV6 => messages(fields, cx),
            _ => Some(Ports::All),
        };
        match ports {
            Some(ports) => Self { protocol, ports, doubt: None },
            None => Self { protocol, ..doubtful("a rule whose ports could not be read") },
        }
    }

    /// Makes a rule of it.
    pub(in crate::formats) fn rule(&self, direction: Direction, peer: Peer, at: impl Into<Span>, cx: &Cx<'_>) -> Rule {
        let mut rule = Rule::allow(direction, peer, cx.place(at));
        rule.protocol = self.protocol;
        rule.ports = self.ports.clone();
        rule.doubt = self.doubt.clone();
        rule
    }
}

fn doubtful(name: &str) -> What {
    let doubt = Unresolved { name: name.into(), would_settle: "a rule with a protocol and ports that can be read".into() };
    What { protocol: Protocol::Any, ports: Ports::All, doubt: Some(Box::new(doubt)) }
}

fn ports(fields: WhatFields<'_>, cx: &mut Cx<'_>) -> Option<Ports> {
    let at = fields.ports_at;
    let none = |field: Field<'_>| matches!(field, Field::Absent) || field.int() == Some(-1);
    if none(fields.from) && none(fields.to) {
        cx.warn(at, "this rule names no ports; it is read as all of them, 0 to 65535");
        return Some(Ports::All);
    }
    let (Some(from), Some(to)) = (fields.from.int(), fields.to.int()) else {
        cx.error(at, "a rule for tcp or udp needs its first and last port as numbers; it counts as unknown");
        return None;
    };
    match (u16::try_from(from), u16::try_from(to)) {
        (Ok(0), Ok(u16::MAX)) => Some(Ports::All),
        (Ok(from), Ok(to)) if from <= to => Some(Ports::Range(from, to)),
        (Ok(from), Ok(to)) => {
            cx.warn(at, format!("the port range {from} to {to} is upside down and matches nothing; swap the two"));
            Some(Ports::Range(from, to))
        }
        _ => {
            cx.error(at, format!("the ports {from} to {to} are not between 0 and 65535; the rule counts as unknown"));
            None
        }
    }
}

fn messages(fields: WhatFields<'_>, cx: &mut Cx<'_>) -> Option<Ports> {
    let all = |field: Field<'_>| matches!(field, Field::Absent) || field.int() == Some(-1);
    if all(fields.from) && all(fields.to) {
        return Some(Ports::All);
    }
    let code = if all(fields.to) { Some(None) } else { fields.to.int().and_then(|code| u8::try_from(code).ok()).map(Some) };
    match (fields.from.int().and_then(|kind| u8::try_from(kind).ok()), code) {
        (Some(kind), Some(code)) => Some(Ports::Icmp(kind, code)),
        _ => {
            cx.error(fields.ports_at, "an ICMP type and code are numbers from 0 to 255, or -1 for all; the rule counts as unknown");
            None
        }
    }
}
