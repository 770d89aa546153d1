//! One rule of iptables: its options as what it matches, and its target (iptables(8), iptables-extensions(8)).

use super::super::chains::Verdict;
use super::super::matches::{Match, both};
use super::super::names;
use super::super::outside::{Interfaces, never_routed};
use super::fields::{self, Asked};
use super::words::Opt;
use crate::formats::cx::{Cx, shown};
use crate::model::{Direction, Protocol, Span, Unresolved};
use crate::space::{AddressSet, PortSet};

/// What is known around a rule.
pub(super) struct Around<'a, 'c> {
    pub(super) cx: &'a mut Cx<'c>,
    pub(super) interfaces: &'a mut Interfaces,
    /// Whether the rule is walked for outgoing packets.
    pub(super) direction: Direction,
    /// Every address of the table's family.
    pub(super) family: AddressSet,
    pub(super) v6: bool,
    /// Some packets are kept from connection tracking.
    pub(super) untracked: bool,
    pub(super) at: Span,
    pub(super) line: usize,
}

/// What one rule says.
pub(super) struct Said {
    pub(super) matches: Vec<Match>,
    /// `None` where the packet goes on to the next rule.
    pub(super) verdict: Option<Verdict>,
    pub(super) comment: Option<String>,
}

/// Reads the options of a rule. `chains` tells whether a target is a chain, and its key.
pub(super) fn read(options: &[Opt], chains: &dyn Fn(&str) -> Option<String>, around: &mut Around<'_, '_>) -> Said {
    let mut draft = Draft::new(around);
    let mut target: Option<(&Opt, bool)> = None;
    for option in options {
        match option.name.as_str() {
            "-j" | "--jump" => target = Some((option, false)),
            "-g" | "--goto" => target = Some((option, true)),
            _ => {
                let plain = |target: &str| ["ACCEPT", "DROP", "RETURN"].contains(&target) || chains(target).is_some();
                draft.option(option, target.is_some_and(|(target, _)| !plain(target.value())), around);
            }
        }
    }
    let verdict = target.and_then(|(option, goto)| verdict(option.value(), goto, chains, around));
    // Below its rate a limited accept is an accept; what a limited drop lets pass is a matter of time.
    if let Some(limit) = draft.limited.take()
        && verdict.as_ref().is_some_and(|verdict| *verdict != Verdict::Accept)
    {
        draft.doubt(&limit, around);
    }
    let comment = draft.comment.take();
    Said { matches: draft.matches(around), verdict, comment }
}

/// Targets after which the packet goes on to the next rule (iptables-extensions(8), "Target extensions").
const GOES_ON: [&str; 26] = [
    "LOG",
    "NFLOG",
    "ULOG",
    "MARK",
    "CONNMARK",
    "SET",
    "AUDIT",
    "TRACE",
    "CT",
    "TOS",
    "DSCP",
    "TTL",
    "HL",
    "ECN",
    "CHECKSUM",
    "CLASSIFY",
    "SECMARK",
    "CONNSECMARK",
    "TCPMSS",
    "TCPOPTSTRIP",
    "IDLETIMER",
    "LED",
    "RATEEST",
    "TEE",
    "NOTRACK",
    "HMARK",
];

fn verdict(target: &str, goto: bool, chains: &dyn Fn(&str) -> Option<String>, around: &mut Around<'_, '_>) -> Option<Verdict> {
    match target {
        "ACCEPT" => Some(Verdict::Accept),
        "DROP" | "REJECT" => Some(Verdict::Drop),
        "RETURN" => Some(Verdict::Return),
        _ if GOES_ON.contains(&target) => None,
        _ => match chains(target) {
            Some(key) if goto => Some(Verdict::Goto(key)),
            Some(key) => Some(Verdict::Jump(key)),
            None => {
                let label = shown(target);
                let what = format!("the target {label} in line {}", around.line);
                around.cx.error(
                    around.at,
                    format!("what the target `{label}` does with a packet is not known, and no chain of this name is in the text; these packets count as unknown"),
                );
                Some(Verdict::Unclear(Unresolved { name: what.into(), would_settle: format!("what {label} does, or the chain").into() }))
            }
        },
    }
}

/// What the options so far ask for. Conditions of one rule hold together.
struct Draft {
    protocol: Protocol,
    ports: PortSet,
    source_ports: PortSet,
    /// Ports of which either end must have one.
    either: PortSet,
    /// Whatever else was asked, as boxes.
    boxes: Vec<Match>,
    limited: Option<String>,
    comment: Option<String>,
    /// No packet that begins a connection can match.
    never: bool,
}

impl Draft {
    fn new(around: &Around<'_, '_>) -> Self {
        Self {
            protocol: Protocol::Any,
            ports: PortSet::full(),
            source_ports: PortSet::full(),
            either: PortSet::full(),
            boxes: vec![Match::all(around.family.clone())],
            limited: None,
            comment: None,
            never: false,
        }
    }

    /// `of_target`: the option stands behind a target that has options of its own.
    fn option(&mut self, option: &Opt, of_target: bool, around: &mut Around<'_, '_>) {
        match fields::read(option, self.protocol, around) {
            Asked::Nothing => {}
            Asked::Never => self.never = true,
            Asked::Protocol(protocol) => self.protocol = protocol,
            Asked::Ports(ports) => self.ports = self.ports.intersection(&ports),
            Asked::SourcePorts(ports) => self.source_ports = self.source_ports.intersection(&ports),
            Asked::EitherPorts(ports) => self.either = self.either.intersection(&ports),
            Asked::Peer(set, name) => self.narrow(vec![Match { peer: set, name, ..Match::all(around.family.clone()) }]),
            Asked::Local(set) => {
                self.never |= set.is_subset(never_routed());
                self.narrow(vec![Match { local: set, ..Match::all(around.family.clone()) }]);
            }
            Asked::Boxes(boxes) => self.narrow(boxes),
            Asked::Limit => self.limited = Some(format!("{} {}", option.name, option.value())),
            Asked::Comment(comment) => self.comment = Some(comment),
            Asked::Unknown if of_target => {}
            Asked::Unknown => {
                let bang = if option.negated { "! " } else { "" };
                self.doubt(&format!("{bang}{} {}", option.name, option.values.join(" ")), around);
            }
        }
    }

    fn narrow(&mut self, by: Vec<Match>) {
        self.boxes = both(&self.boxes, &by);
    }

    /// The rule matches at most what its other options say.
    fn doubt(&mut self, what: &str, around: &mut Around<'_, '_>) {
        if self.boxes.iter().all(|own| own.doubt.is_some()) {
            return;
        }
        let what = shown(what.trim());
        around.cx.error(around.at, format!("what `{what}` matches can't be told from the text, so this rule is in doubt"));
        let name = format!("`{what}` in line {}", around.line).into();
        let would_settle = format!("what `{what}` matches").into();
        self.narrow(vec![Match::doubtful(Unresolved { name, would_settle })]);
    }

    fn matches(mut self, around: &mut Around<'_, '_>) -> Vec<Match> {
        if self.never {
            return Vec::new();
        }
        let portless = self.ports.is_full() && self.source_ports.is_full() && self.either.is_full();
        if self.protocol == Protocol::Any && !portless {
            self.doubt("ports without a protocol", around);
            return self.boxes;
        }
        let service = |ports: PortSet, source_ports: PortSet| Match { ports, source_ports, ..Match::protocol(self.protocol) };
        let mut services = vec![service(self.ports.intersection(&self.either), self.source_ports.clone())];
        if !self.either.is_full() {
            services.push(service(self.ports.clone(), self.source_ports.intersection(&self.either)));
        }
        both(&self.boxes, &services)
    }
}

/// What an option on an interface leaves; the wrong side of the host is no condition that a packet there can meet.
pub(super) fn interface(option: &Opt, incoming: bool, around: &mut Around<'_, '_>) -> Asked {
    if incoming == (around.direction == Direction::Egress) {
        return if option.negated { Asked::Nothing } else { Asked::Never };
    }
    let boxes = around.interfaces.condition(option.value(), option.negated, around.at, around.cx);
    if boxes.is_empty() { Asked::Never } else { Asked::Boxes(boxes) }
}

/// The protocol of `-p`; every protocol but one is no box, so that is left to doubt.
pub(super) fn protocol(option: &Opt) -> Asked {
    match names::protocol(option.value()) {
        Some(protocol) if !option.negated => Asked::Protocol(protocol),
        _ => Asked::Unknown,
    }
}
