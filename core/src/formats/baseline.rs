//! The approved architecture, `portcullis.toml`: one `[[approve]]` table for each thing that is open on purpose. The format is
//! described in docs/baseline.md.

use ipnet::IpNet;

use super::cx::{Cx, Field, shown};
use super::{Read, TextReader};
use crate::document::Format;
use crate::model::approval::{Approval, Date};
use crate::model::{Direction, Protocol, Span};
use crate::space::{AddressSet, PortSet};
use crate::syntax::toml::{Pair, Table, Value, tables};

pub(super) const BASELINE: TextReader = TextReader { format: &FORMAT, detect, read };

static FORMAT: Format = Format {
    id: "portcullis-baseline",
    title: "baseline of approved exposures",
    from: "portcullis baseline FILE > portcullis.toml, with its justifications filled in",
};

const KEYS: [&str; 8] = ["policy", "direction", "protocol", "ports", "sources", "justification", "owner", "review"];

/// The first line that is no comment opens a table of approvals.
fn detect(text: &str) -> bool {
    // A listing of 100 MB may be one line.
    if !text.trim_start().starts_with(['#', '[']) {
        return false;
    }
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let header = lines.next().filter(|line| line.starts_with('['));
    header.is_some_and(|line| {
        line.trim_start_matches(['[', ' ', '\t']).strip_prefix("approve").is_some_and(|rest| rest.trim_start().starts_with(']'))
    })
}

fn read(text: &str, cx: &mut Cx<'_>, emit: &mut dyn FnMut(Read)) -> bool {
    let (tables, broken) = tables(text);
    for error in &broken {
        cx.error(error.at, format!("this is no TOML ({}); mend it, until then the approval here does not count", error.message));
    }
    let ends = tables.iter().skip(1).map(|table| table.at.start).chain([u32::MAX]);
    for (table, end) in tables.iter().zip(ends) {
        if table.name.is_empty() && !table.listed {
            for pair in &table.pairs {
                cx.error(
                    pair.key_at,
                    format!("`{}` stands outside of any `[[approve]]` table; move it into one, or remove it", shown(&pair.key)),
                );
            }
        } else if table.name != "approve" {
            cx.error(table.at, format!("`{}` is no table of a baseline; write `[[approve]]`", shown(&table.name)));
        } else if !table.listed {
            cx.error(table.at, "one approval of several is written with two brackets, `[[approve]]`; this one does not count");
        } else if let Some(approval) = approval(table, cx)
            // What could not be read may have narrowed it.
            && !broken.iter().any(|error| table.at.start <= error.at.start && error.at.start < end)
        {
            emit(Read::Approval(Box::new(approval)));
        }
    }
    broken.is_empty()
}

fn approval(table: &Table, cx: &mut Cx<'_>) -> Option<Approval> {
    let mut sound = true;
    for (pair, nth) in table.pairs.iter().zip(0_usize..) {
        let problem = if !KEYS.contains(&&*pair.key) {
            format!("`{}` is no key of an approval, which therefore does not count; the keys are {}", shown(&pair.key), KEYS.join(", "))
        } else if table.pairs.iter().take(nth).any(|other| other.key == pair.key) {
            format!("`{}` was given before in this approval, which therefore does not count; keep one of the two", pair.key)
        } else {
            continue;
        };
        cx.error(pair.key_at, problem);
        sound = false;
    }
    let entry = Entry { table };
    // Each is asked, so that each can complain.
    let policy = entry.text("policy", "the id, name or address of a policy, or `*`", cx);
    let direction = entry.direction(cx);
    let protocol = entry.protocol(cx);
    let ports = protocol.and_then(|protocol| entry.ports(protocol, cx));
    let sources = entry.sources(cx);
    let justification = entry.text("justification", "why this is open on purpose", cx);
    let owner = entry.find("owner").map(|_| entry.text("owner", "who answers for it", cx));
    let review = entry.find("review").map(|pair| date(pair, cx));
    let (addresses, groups) = sources?;
    let approval = Approval {
        policy: policy?,
        direction: direction?,
        protocol: protocol?,
        ports: ports?,
        sources: addresses,
        groups,
        justification: justification?,
        // A missing one is no problem, an unreadable one is.
        owner: owner.map_or(Some(None), |owner| owner.map(Some))?,
        review: review.map_or(Some(None), |review| review.map(Some))?,
        at: cx.place(table.at),
    };
    sound.then_some(approval)
}

struct Entry<'t> {
    table: &'t Table,
}

impl<'t> Entry<'t> {
    fn find(&self, key: &str) -> Option<&'t Pair> {
        self.table.pairs.iter().find(|pair| pair.key == key)
    }

    /// A text that has to be there and to say something.
    fn text(&self, key: &str, what: &str, cx: &mut Cx<'_>) -> Option<Box<str>> {
        match self.find(key).map(|pair| (&pair.value, pair.at)) {
            Some((Value::Text(text), _)) if !text.trim().is_empty() => return Some(text.trim().into()),
            Some((Value::Text(_), at)) => cx.error(at, format!("`{key}` is empty, so this approval does not count; write {what}")),
            Some((_, at)) => cx.error(at, format!("`{key}` is no text, so this approval does not count; write {what} in quotes")),
            None => cx.error(self.table.at, format!("`{key}` is missing, so this approval does not count; write {what}")),
        }
        None
    }

    fn direction(&self, cx: &mut Cx<'_>) -> Option<Direction> {
        let Some(pair) = self.find("direction") else { return Some(Direction::Ingress) };
        match &pair.value {
            Value::Text(text) if text == "ingress" => Some(Direction::Ingress),
            Value::Text(text) if text == "egress" => Some(Direction::Egress),
            _ => {
                cx.error(pair.at, "`direction` is neither \"ingress\" nor \"egress\", so this approval does not count");
                None
            }
        }
    }

    fn protocol(&self, cx: &mut Cx<'_>) -> Option<Protocol> {
        let at = self.find("protocol").map_or(self.table.at, |pair| pair.at);
        let found = match self.find("protocol").map(|pair| &pair.value) {
            Some(Value::Text(text) | Value::Bare(text)) => Field::Text(text).protocol(),
            _ => None,
        };
        if found.is_none() {
            cx.error(at, "`protocol` has to be a name such as \"tcp\", a number, or \"all\"; until then this approval does not count");
        }
        found
    }

    fn ports(&self, protocol: Protocol, cx: &mut Cx<'_>) -> Option<PortSet> {
        let has_ports = matches!(protocol, Protocol::TCP | Protocol::UDP | Protocol::Number(132));
        let Some(pair) = self.find("ports") else {
            if has_ports {
                cx.error(self.table.at, "`ports` is missing, so this approval does not count; write ports such as \"443\", or \"all\"");
                return None;
            }
            return Some(PortSet::full());
        };
        let messages = matches!(protocol, Protocol::ICMP | Protocol::ICMPV6);
        let mut runs = Vec::new();
        for (value, at) in items(pair) {
            let run = match value {
                Value::Text(text) | Value::Bare(text) if messages => message_run(text.trim()),
                Value::Text(text) | Value::Bare(text) => port_run(text.trim()),
                Value::List(_) | Value::Odd => None,
            };
            let Some(run) = run else {
                let what = if messages { "ICMP messages such as \"8/0\" or \"3/all\"" } else { "ports such as \"443\" or \"8000-8010\"" };
                cx.error(at, format!("this is neither {what} nor \"all\", so this approval does not count"));
                return None;
            };
            runs.push(run);
        }
        if runs.is_empty() {
            cx.error(pair.at, "`ports` is empty, so this approval does not count; write ports such as \"443\", or \"all\"");
            return None;
        }
        Some(PortSet::from_runs(runs))
    }

    fn sources(&self, cx: &mut Cx<'_>) -> Option<(AddressSet, Vec<Box<str>>)> {
        let Some(pair) = self.find("sources") else {
            cx.error(self.table.at, "`sources` is missing, so this approval does not count; write CIDRs, group ids, or \"internet\"");
            return None;
        };
        let (mut nets, mut groups, mut everyone): (Vec<IpNet>, Vec<Box<str>>, bool) = (Vec::new(), Vec::new(), false);
        for (value, at) in items(pair) {
            let Value::Text(text) = value else {
                cx.error(at, "a source is a CIDR, a group id or \"internet\", in quotes; until then this approval does not count");
                return None;
            };
            let text = text.trim();
            if text.eq_ignore_ascii_case("internet") {
                everyone = true;
            } else if let Some(net) = text.parse().ok().or_else(|| text.parse::<std::net::IpAddr>().ok().map(IpNet::from)) {
                nets.push(net);
            } else if text.is_empty() || text.contains('/') && text.starts_with(|letter: char| letter.is_ascii_digit()) {
                cx.error(at, format!("`{}` is no CIDR, so this approval does not count; write one such as 203.0.113.0/24", shown(text)));
                return None;
            } else {
                groups.push(text.into());
            }
        }
        if !everyone && nets.is_empty() && groups.is_empty() {
            cx.error(pair.at, "`sources` is empty, so this approval does not count; write CIDRs, group ids, or \"internet\"");
            return None;
        }
        Some((if everyone { AddressSet::full() } else { AddressSet::from_nets(nets) }, groups))
    }
}

fn date(pair: &Pair, cx: &mut Cx<'_>) -> Option<Date> {
    let found = match &pair.value {
        Value::Text(text) | Value::Bare(text) => text.parse().ok(),
        Value::List(_) | Value::Odd => None,
    };
    if found.is_none() {
        cx.error(pair.at, "`review` is no date, so this approval does not count; write a day as 2030-12-31");
    }
    found
}

/// A value, or each of a list of them.
fn items(pair: &Pair) -> impl Iterator<Item = (&Value, Span)> {
    let (one, list) = match &pair.value {
        Value::List(items) => (None, items.as_slice()),
        value => (Some((value, pair.at)), [].as_slice()),
    };
    one.into_iter().chain(list.iter().map(|(value, at)| (value, *at)))
}

fn port_run(text: &str) -> Option<(u16, u16)> {
    if text == "all" {
        return Some((0, u16::MAX));
    }
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    let (first, last): (u16, u16) = (number(first)?, number(last)?);
    (first <= last).then_some((first, last))
}

/// `8/0`, `3/all`, `all`, or a run of them.
fn message_run(text: &str) -> Option<(u16, u16)> {
    if text == "all" {
        return Some((0, u16::MAX));
    }
    let end = |text: &str, all: u8| {
        let (kind, code) = text.split_once('/')?;
        let code = if code == "all" { all } else { number(code)? };
        Some(u16::from_be_bytes([number(kind)?, code]))
    };
    let (from, to) = text.split_once('-').unwrap_or((text, text));
    let (first, last) = (end(from, 0)?, end(to, u8::MAX)?);
    (first <= last).then_some((first, last))
}

fn number<N: std::str::FromStr>(text: &str) -> Option<N> {
    let text = text.trim();
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?
}
