//! A review in the formats that people take away, one file per format, and the texts themselves made fit to be shown around.

pub mod csv;
pub mod markdown;
pub mod pseudonym;

use crate::report::{At, DocumentReport, WitnessReport};

/// The name of the document and the line of a place.
fn place(documents: &[DocumentReport], at: &At) -> (String, String) {
    let document = usize::try_from(at.document).ok().and_then(|index| documents.get(index));
    (document.map(|document| document.name.clone()).unwrap_or_default(), at.line.to_string())
}

/// The packet in words.
fn witness(packet: &WitnessReport, direction: Option<&str>) -> String {
    let gets = if direction == Some("egress") { "gets out to" } else { "gets in from" };
    let what = match (packet.port, &packet.icmp) {
        (Some(port), _) => format!("{} to port {port}", packet.protocol),
        (None, Some(message)) => format!("{} {message}", packet.protocol),
        (None, None) => packet.protocol.clone(),
    };
    format!("a packet of {what} {gets} {}", packet.source)
}
