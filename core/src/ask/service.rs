//! What a question is about: one port, ranges, lists, services by name, or everything.

use crate::catalog;
use crate::model::protocol_number;
use crate::space::PortSet;

/// A protocol with some of its ports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Service {
    /// Its number; `None` is every protocol.
    pub protocol: Option<u8>,
    /// The destination ports, or ICMP's `type * 256 + code`; port 0 for protocols that have neither.
    pub ports: PortSet,
}

/// Reads services, with commas between them: `tcp/22`, `tcp/22,3389,8000-8010`, `ssh,rdp`, `udp`, `icmp/8`, `any`. What names no
/// protocol is of the one before it.
///
/// # Errors
///
/// One sentence: what is wrong, and what would do.
pub(super) fn services(text: &str) -> Result<Vec<Service>, String> {
    let mut found: Vec<Service> = Vec::new();
    let mut open: Option<u8> = None;
    for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
        let continued = open.filter(|_| part.starts_with(|letter: char| letter.is_ascii_digit()) && !part.contains('/'));
        let Service { protocol, ports } = match continued {
            Some(protocol) => Service { protocol: Some(protocol), ports: ports_of(protocol, &protocol_name(protocol), part)? },
            None => service(part)?,
        };
        open = protocol.filter(|number| matches!(number, 6 | 17 | 132));
        match found.iter_mut().find(|known| known.protocol == protocol) {
            Some(known) => known.ports = known.ports.union(&ports),
            None => found.push(Service { protocol, ports }),
        }
    }
    if found.is_empty() { Err(format!("`{text}` names no protocol and port; write tcp/443, for example")) } else { Ok(found) }
}

fn protocol_name(number: u8) -> String {
    crate::model::Protocol::Number(number).to_string()
}

fn service(text: &str) -> Result<Service, String> {
    let (name, port) = text.split_once('/').map_or((text, None), |(name, port)| (name, Some(port)));
    let number = name.parse().ok().or_else(|| protocol_number(name));
    if port.is_none() && ["any", "all", "*"].iter().any(|word| name.eq_ignore_ascii_case(word)) {
        return Ok(Service { protocol: None, ports: PortSet::full() });
    }
    if let (None, None, Some((protocol, port))) = (number, port, by_name(name)) {
        return Ok(Service { protocol: Some(protocol), ports: PortSet::run(port, port) });
    }
    let Some(protocol) = number else {
        return Err(format!(
            "`{name}` is neither a protocol nor a service; write tcp/443, tcp/8000-8010, udp, icmp, any, a protocol's number, or a \
             service such as ssh"
        ));
    };
    let ports = match (protocol, port) {
        (6 | 17 | 132, Some(port)) => ports_of(protocol, name, port)?,
        (6 | 17 | 132, None) => PortSet::full(),
        (1 | 58, None) => message(if protocol == 1 { 8 } else { 128 }, 0),
        (1 | 58, Some(told)) => {
            let (kind, code) = told.split_once('/').unwrap_or((told, "0"));
            match (kind.parse(), code.parse()) {
                (Ok(kind), Ok(code)) => message(kind, code),
                _ => return Err(format!("`{told}` is no message of {name}; write a type such as {name}/8, or type/code")),
            }
        }
        _ => PortSet::run(0, 0),
    };
    Ok(Service { protocol: Some(protocol), ports })
}

fn message(kind: u8, code: u8) -> PortSet {
    let number = u16::from_be_bytes([kind, code]);
    PortSet::run(number, number)
}

/// A port, a range, or a service by its name.
fn ports_of(protocol: u8, name: &str, text: &str) -> Result<PortSet, String> {
    let wrong =
        || format!("`{text}` is no port of {name}; write a number up to 65535, a range such as 8000-8010, or a service such as ssh");
    if let Ok(port) = text.parse() {
        return Ok(PortSet::run(port, port));
    }
    if let Some((first, last)) = text.split_once('-')
        && let (Ok(first), Ok(last)) = (first.trim().parse::<u16>(), last.trim().parse::<u16>())
    {
        return if first <= last {
            Ok(PortSet::run(first, last))
        } else {
            Err(format!("`{text}` ends before it begins; write {last}-{first}"))
        };
    }
    named(protocol, text).map(|port| PortSet::run(port, port)).ok_or_else(wrong)
}

/// A service by its name alone, and by which transport it is commonly reached.
fn by_name(name: &str) -> Option<(u8, u16)> {
    let entry = catalog::entries().iter().find(|entry| entry.service.eq_ignore_ascii_case(name))?;
    Some((if entry.tcp { 6 } else { 17 }, entry.first))
}

/// The first port of a service, by its name in the catalog.
fn named(protocol: u8, name: &str) -> Option<u16> {
    let entries = catalog::entries().iter().filter(|entry| entry.service.eq_ignore_ascii_case(name));
    entries
        .clone()
        .find(|entry| if protocol == 17 { entry.udp } else { entry.tcp })
        .or_else(|| entries.clone().next())
        .map(|entry| entry.first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn services_are_read_in_every_spelling() {
        let read = |text: &str| {
            let services = services(text).unwrap().into_iter();
            services.map(|one| (one.protocol, one.ports.runs().to_vec())).collect::<Vec<_>>()
        };
        assert_eq!(read("tcp/8000-8010"), [(Some(6), vec![(8000, 8010)])]);
        assert_eq!(read("tcp/22,3389"), [(Some(6), vec![(22, 22), (3389, 3389)])]);
        assert_eq!(
            read("tcp/443, udp/443,500-510,tcp/80"),
            [(Some(6), vec![(80, 80), (443, 443)]), (Some(17), vec![(443, 443), (500, 510)])]
        );
        assert_eq!(read("ssh,rdp"), [(Some(6), vec![(22, 22), (3389, 3389)])]);
        assert_eq!(read("tcp"), [(Some(6), vec![(0, 65_535)])]);
        assert_eq!(read("any"), [(None, vec![(0, 65_535)])]);
        assert_eq!(read("icmp/3/4"), [(Some(1), vec![(0x304, 0x304)])]);
        assert_eq!(read("47"), [(Some(47), vec![(0, 0)])]);
        for (text, says) in [
            ("tcp/9-8", "ends before it begins"),
            ("tcp/70000", "is no port of tcp"),
            ("tcp/1-2-3", "is no port of tcp"),
            ("nonsense", "neither a protocol nor a service"),
            (",", "names no protocol"),
        ] {
            assert!(services(text).unwrap_err().contains(says), "{text}");
        }
    }
}
