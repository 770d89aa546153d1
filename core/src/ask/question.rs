//! The question: `SOURCE -> DESTINATION PROTO/PORT`, one port or many.

use super::service::{Service, services};

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// Where the packets come from, as it is called.
    pub source: String,
    /// Where they go.
    pub destination: String,
    /// What they are for; never empty.
    pub services: Vec<Service>,
}

/// One kind of packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Point {
    /// Its IP protocol.
    pub protocol: u8,
    /// The destination port, or ICMP's `type * 256 + code`; 0 for protocols that have neither.
    pub port: u16,
}

impl Question {
    /// Reads a question. A port may be a number, a range, a list of them, or the name of a service; without one every port is meant.
    /// ICMP's is `type` or `type/code`, echo by default; `any` is every protocol.
    ///
    /// # Errors
    ///
    /// One sentence: what is wrong, and how a question looks.
    pub fn read(text: &str) -> Result<Self, String> {
        const FORM: &str = "write SOURCE -> DESTINATION PROTOCOL/PORT, such as internet -> sg-web tcp/22";
        let arrow = ["->", "→"].iter().find_map(|arrow| text.split_once(arrow));
        let Some((source, rest)) = arrow else { return Err(format!("there is no arrow in the question; {FORM}")) };
        let nothing = || format!("the question names no protocol and port; {FORM}");
        let (mut destination, last) = rest.trim().rsplit_once(char::is_whitespace).ok_or_else(nothing)?;
        let mut service = last.to_owned();
        // A list may have spaces behind its commas, and a name commas of its own.
        while destination.trim_end().ends_with(',') {
            let (before, word) = destination.trim_end().rsplit_once(char::is_whitespace).ok_or_else(nothing)?;
            service = format!("{word}{service}");
            destination = before;
        }
        let (source, destination) = (source.trim(), destination.trim());
        if source.is_empty() || destination.is_empty() {
            return Err(format!("the question needs something on both sides of the arrow; {FORM}"));
        }
        Ok(Self { source: source.to_owned(), destination: destination.to_owned(), services: services(&service)? })
    }
}
