//! The question: `SOURCE -> DESTINATION PROTO/PORT`.

use crate::catalog;
use crate::model::protocol_number;

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// Where the packet comes from, as it is called.
    pub source: String,
    /// Where it goes.
    pub destination: String,
    /// Its IP protocol.
    pub protocol: u8,
    /// The destination port, or ICMP's `type * 256 + code`; 0 for protocols that have neither.
    pub port: u16,
}

impl Question {
    /// Reads a question. A port may be a number or the name of a service; ICMP's is `type` or `type/code`, echo by default.
    ///
    /// # Errors
    ///
    /// One sentence: what is wrong, and how a question looks.
    pub fn read(text: &str) -> Result<Self, String> {
        const FORM: &str = "write SOURCE -> DESTINATION PROTOCOL/PORT, such as internet -> sg-web tcp/22";
        let arrow = ["->", "→"].iter().find_map(|arrow| text.split_once(arrow));
        let Some((source, rest)) = arrow else { return Err(format!("there is no arrow in the question; {FORM}")) };
        let Some((destination, service)) = rest.trim().rsplit_once(char::is_whitespace) else {
            return Err(format!("the question names no protocol and port; {FORM}"));
        };
        let (source, destination) = (source.trim(), destination.trim());
        if source.is_empty() || destination.is_empty() {
            return Err(format!("the question needs something on both sides of the arrow; {FORM}"));
        }
        let (protocol, port) = service_of(service)?;
        Ok(Self { source: source.to_owned(), destination: destination.to_owned(), protocol, port })
    }
}

fn service_of(text: &str) -> Result<(u8, u16), String> {
    let (name, port) = text.split_once('/').map_or((text, None), |(name, port)| (name, Some(port)));
    let number = name.parse().ok().or_else(|| protocol_number(name));
    if let (None, None, Some(found)) = (number, port, by_name(name)) {
        return Ok(found);
    }
    let Some(protocol) = number else {
        return Err(format!(
            "`{name}` is neither a protocol nor a service; write tcp/443, udp/53, icmp, a protocol's number, or a service such as ssh"
        ));
    };
    let wrong = |port: &str| format!("`{port}` is no port of {name}; write a number up to 65535, or a service such as ssh");
    let port = match (protocol, port) {
        (6 | 17 | 132, Some(port)) => match port.parse() {
            Ok(number) => number,
            Err(_) => named(protocol, port).ok_or_else(|| wrong(port))?,
        },
        (6 | 17 | 132, None) => return Err(format!("which port of {name}? write {name}/443, for example")),
        (1 | 58, None) => u16::from_be_bytes([if protocol == 1 { 8 } else { 128 }, 0]),
        (1 | 58, Some(message)) => {
            let (kind, code) = message.split_once('/').unwrap_or((message, "0"));
            match (kind.parse(), code.parse()) {
                (Ok(kind), Ok(code)) => u16::from_be_bytes([kind, code]),
                _ => return Err(format!("`{message}` is no message of {name}; write a type such as {name}/8, or type/code")),
            }
        }
        _ => 0,
    };
    Ok((protocol, port))
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
