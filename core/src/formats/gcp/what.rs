//! Protocols and ports by the rules of the Compute API: a name or a number in any letter case, ports for TCP, UDP and SCTP
//! only, and no ports means all of them (Compute API reference, `firewalls`: `allowed[].IPProtocol`, `allowed[].ports[]`).

use crate::formats::cx::{Cx, Field, shown};
use crate::formats::value::{Kind, Value};
use crate::model::{Ports, Protocol, Unresolved};
use crate::space::PortSet;

use super::ends::flat;

/// Protocol and ports of one rule.
#[derive(Clone, Debug)]
pub(super) struct What {
    pub(super) protocol: Protocol,
    pub(super) ports: Ports,
    pub(super) doubt: Option<Box<Unresolved>>,
}

const SCTP: Protocol = Protocol::Number(132);

/// Reads a list of protocols with ports. What can't be read leaves an entry with a doubt, so a list is never shorter for it.
pub(super) fn whats(list: &Value, cx: &mut Cx<'_>) -> Vec<What> {
    let mut whats = Vec::new();
    for entry in flat(list) {
        match &entry.kind {
            Kind::Map(_) => whats.push(of_map(entry, cx)),
            Kind::Text(text) => whats.extend(text.split(',').map(|part| of_text(part.trim(), entry, cx))),
            Kind::Unknown(missing) => whats.push(doubtful(missing.clone())),
            _ => {
                cx.error(entry, "a protocol with its ports was expected here; the rule counts as unknown");
                whats.push(doubtful(unreadable()));
            }
        }
    }
    whats
}

/// Everything, as a rule without a list of protocols means it in a firewall policy.
pub(super) fn everything() -> What {
    What { protocol: Protocol::Any, ports: Ports::All, doubt: None }
}

/// Perhaps everything.
pub(super) fn doubtful(missing: Unresolved) -> What {
    What { doubt: Some(Box::new(missing)), ..everything() }
}

fn of_map(entry: &Value, cx: &mut Cx<'_>) -> What {
    let named = ["IPProtocol", "protocol"].into_iter().find_map(|key| entry.some(key));
    let Some(named) = named else {
        cx.error(entry, "this rule has no protocol; write tcp, udp, icmp, all or a number; it counts as unknown");
        return doubtful(unreadable());
    };
    let field = Field::from(Some(named));
    if let Some(missing) = field.missing() {
        return doubtful(missing.clone());
    }
    let Some(protocol) = field.protocol() else {
        let name = if let Field::Text(text) = field { format!("`{}`", shown(text)) } else { "this value".to_owned() };
        cx.error(named, format!("{name} is no protocol; write tcp, udp, icmp, esp, ah, sctp, ipip, all or a number from 0 to 255"));
        return doubtful(unreadable());
    };
    let Some(list) = entry.some("ports").filter(|list| !flat(list).is_empty()) else {
        return What { protocol, ports: Ports::All, doubt: None };
    };
    if !matches!(protocol, Protocol::TCP | Protocol::UDP | SCTP) {
        cx.warn(list, format!("ports count for tcp, udp and sctp only; this rule is read as all of {protocol}"));
        return What { protocol, ports: Ports::All, doubt: None };
    }
    match ports(list, cx) {
        Ok(ports) => What { protocol, ports, doubt: None },
        Err(missing) => What { protocol, ports: Ports::All, doubt: Some(Box::new(missing)) },
    }
}

/// `tcp:80-90`, as `gcloud` takes it and prints it in tables.
fn of_text(text: &str, entry: &Value, cx: &mut Cx<'_>) -> What {
    let (name, ports) = text.split_once(':').unwrap_or((text, ""));
    let mut fields = vec![("protocol".to_owned(), Value::new(Kind::Text(name.to_owned()), entry.span))];
    if !ports.is_empty() {
        fields.push(("ports".to_owned(), Value::new(Kind::Text(ports.to_owned()), entry.span)));
    }
    of_map(&Value::new(Kind::Map(fields), entry.span), cx)
}

/// A list of ports and ranges; what could not be read, else.
fn ports(list: &Value, cx: &mut Cx<'_>) -> Result<Ports, Unresolved> {
    let mut runs = Vec::new();
    for item in flat(list) {
        let field = Field::from(Some(item));
        if let Some(missing) = field.missing() {
            return Err(missing.clone());
        }
        let range = match field {
            Field::Text(text) => range(text),
            _ => field.int().and_then(|port| u16::try_from(port).ok()).map(|port| (port, port)),
        };
        let Some((first, last)) = range else {
            let text = item.text().map_or_else(|| "this value".to_owned(), |text| format!("`{}`", shown(text)));
            cx.error(
                item,
                format!("{text} is no port; write a number from 0 to 65535 or a range such as 8000-8100; the rule counts as unknown"),
            );
            return Err(unreadable());
        };
        if first > last {
            cx.warn(item, format!("the port range {first} to {last} is upside down and matches nothing; swap the two"));
        }
        runs.push((first, last));
    }
    let set = PortSet::from_runs(runs);
    Ok(match set.runs() {
        [] => Ports::Nothing,
        [(0, u16::MAX)] => Ports::All,
        [(first, last)] => Ports::Range(*first, *last),
        _ => Ports::Set(Box::new(set)),
    })
}

fn range(text: &str) -> Option<(u16, u16)> {
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    Some((first.trim().parse().ok()?, last.trim().parse().ok()?))
}

fn unreadable() -> Unresolved {
    Unresolved {
        name: "a protocol or port that could not be read".into(),
        would_settle: "a protocol with ports that can be read, such as tcp with 443".into(),
    }
}
