//! The sources of the oracle.

#[path = "../../../../../core/src/syntax/hcl/oracle/convert.rs"]
mod convert;
#[path = "../../../../../core/src/syntax/hcl/oracle/writer.rs"]
mod writer;

/// What the other reader makes of a text.
pub(in crate::hcl) fn other(text: &str) -> Option<super::Body> {
    hcl_edit::parser::parse_body(text).ok().map(|body| convert::body(&body))
}

/// Random text, which both must read alike.
pub(in crate::hcl) fn written(dice: &[u8]) -> String {
    let mut writer = writer::Writer::new(dice);
    writer.body();
    writer.text
}
