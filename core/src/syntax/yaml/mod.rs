//! YAML to the same tree as JSON, with the place of every value.
//!
//! The parser hands over events and never expands an alias; what an alias stands for is copied here, within a budget, and
//! with the places where it was written. CloudFormation's short tags become their long forms.

mod build;
mod explain;
mod scalar;
mod tag;

use granit_parser::{Event, Parser, options};

use super::Tree;
use super::json::{Error, MAX_DEPTH};

/// The documents of a YAML text from the byte `from` on, in order, and what ended the reading before the text did; then the
/// last document is cut off there.
pub fn documents(text: &str, from: usize) -> (Vec<Tree<'_>>, Option<Error>) {
    let limit = usize::try_from(MAX_DEPTH).unwrap_or(usize::MAX);
    let limits = options! { flow_nesting_limit: limit, block_nesting_limit: limit, emit_comments: false };
    let base = u32::try_from(from).unwrap_or(u32::MAX);
    let rest = text.get(from..).unwrap_or_default();
    let mut builder = build::Builder::new(rest, base);
    let mut parser = Parser::new_from_str_with_options(rest, limits);
    while let Some(next) = parser.next_event() {
        let (event, span) = match next {
            Ok(next) => next,
            Err(error) => return builder.broken(explain::explain(&error, rest, base)),
        };
        let range = span.byte_range().unwrap_or_default();
        let outcome = match event {
            Event::StreamEnd => break,
            Event::DocumentEnd => {
                builder.end_document();
                Ok(())
            }
            Event::Scalar(text, style, anchor, tag) => {
                builder.scalar(text, style, build::Mark::new(range, anchor, tag.as_deref(), &span));
                Ok(())
            }
            Event::SequenceStart(_, anchor, tag) => builder.open(false, build::Mark::new(range, anchor, tag.as_deref(), &span)),
            Event::MappingStart(_, anchor, tag) => builder.open(true, build::Mark::new(range, anchor, tag.as_deref(), &span)),
            Event::SequenceEnd | Event::MappingEnd => builder.close(&range),
            Event::Alias(anchor) => builder.alias(anchor, &range),
            _ => Ok(()),
        };
        if let Err(error) = outcome {
            return builder.broken(error);
        }
    }
    builder.finish()
}

#[cfg(test)]
mod tests;
