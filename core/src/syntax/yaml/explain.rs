//! What broke a YAML text, in one sentence.

use granit_parser::{ErrorKind, ScanError};

use crate::syntax::json::{Error, MAX_DEPTH};

/// The parser's error in our words, at its byte.
pub(super) fn explain(error: &ScanError, text: &str, base: u32) -> Error {
    let mut at = error.marker().byte_offset().unwrap_or(text.len()).min(text.len());
    if let ErrorKind::TabInPlainScalar = error.kind() {
        // Told at the start of the text that the tab's line seems to continue.
        at = at.saturating_add(text.get(at..).and_then(|rest| rest.find('\t')).unwrap_or_default());
    }
    Error { message: sentence(error.kind()), at: base.saturating_add(u32::try_from(at).unwrap_or(u32::MAX)) }
}

const TAB: &str = "a tab can't indent YAML; use spaces";

fn sentence(kind: &ErrorKind) -> String {
    use ErrorKind as Kind;
    let fixed = match kind {
        Kind::UnclosedFlowCollection { open } => return format!("`{open}` is opened here and never closed; paste all of it"),
        Kind::UnexpectedCharacter { character } => {
            return format!("a value can't begin with `{}` in YAML; put it in quotes", character.escape_default());
        }
        Kind::RecursionLimitExceeded => return format!("values are nested deeper than {MAX_DEPTH} levels here; no configuration is"),
        Kind::UnclosedQuotedScalar => "a quoted text begins here and is never closed; check the quotes, or paste all of it",
        Kind::InvalidQuotedScalarIndent | Kind::DocumentIndicatorInQuotedScalar => {
            "a quoted text before this is not closed; check the quotes"
        }
        Kind::InvalidTrailingSingleQuotedScalar | Kind::InvalidTrailingDoubleQuotedScalar => {
            "text stands behind a closing quote; check the quotes"
        }
        Kind::UnknownAnchor => "this alias names an anchor that the text does not define; paste all of it",
        Kind::TabNotAllowed
        | Kind::TabInBlockIndentation
        | Kind::TabInIndentation
        | Kind::TabAtBlockScalarStart
        | Kind::TabInPlainScalar => TAB,
        Kind::ExpectedBlockMappingKey
        | Kind::ExpectedBlockSequenceEntry
        | Kind::BlockSequenceEntryNotAllowed
        | Kind::InvalidIndentation
        | Kind::InvalidBlockScalarIndent
        | Kind::ExpectedDocumentStart => "this line does not fit the lines before it; check its indentation",
        Kind::SimpleKeyExpected | Kind::InvalidSimpleKey | Kind::MappingKeyNotAllowed | Kind::MappingValueNotAllowed => {
            "a key or a colon stands where YAML allows none; check the indentation, and put text that has a colon in quotes"
        }
        Kind::ExpectedFlowMappingSeparator
        | Kind::ExpectedFlowSequenceSeparator
        | Kind::MisplacedFlowCollectionEnd
        | Kind::MismatchedFlowCollectionEnd { .. }
        | Kind::InvalidColonPlacement => "the brackets or commas before this don't fit together; check them",
        Kind::UnexpectedEofFlowSequence
        | Kind::UnexpectedEofFlowMapping
        | Kind::UnexpectedEofImplicitFlowMapping
        | Kind::UnexpectedEofBlockSequence
        | Kind::UnexpectedEofBlockMapping
        | Kind::UnexpectedEof => "the text ends inside a list or a map; paste all of it",
        _ => "this is no valid YAML; check the indentation, the quotes and the brackets",
    };
    fixed.to_owned()
}
