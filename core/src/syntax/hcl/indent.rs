//! What `<<-` does: as much white space goes from the beginning of every line as all of them have.

use super::template::{Kind, Piece};

/// Takes the common indentation away; lines without text have none.
pub(super) fn take_away(pieces: &mut [Piece]) {
    let (mut common, mut begins) = (usize::MAX, true);
    for piece in pieces.iter() {
        let Kind::Literal(text) = &piece.kind else {
            // What is no literal stands at the beginning of its line.
            if begins {
                return;
            }
            continue;
        };
        for line in text.split_inclusive('\n') {
            if begins && !line.trim_end_matches(['\r', '\n']).is_empty() {
                common = common.min(blanks(line).count());
            }
            begins = line.ends_with('\n');
        }
    }
    begins = true;
    for piece in pieces.iter_mut() {
        let Kind::Literal(text) = &mut piece.kind else { continue };
        let mut kept = String::with_capacity(text.len());
        for line in text.split_inclusive('\n') {
            let gone: usize = if begins { blanks(line).take(common).map(char::len_utf8).sum() } else { 0 };
            kept.push_str(line.get(gone..).unwrap_or_default());
            begins = line.ends_with('\n');
        }
        *text = kept;
    }
}

/// The white space at the beginning of a line.
fn blanks(line: &str) -> impl Iterator<Item = char> {
    line.chars().take_while(|letter| letter.is_whitespace() && *letter != '\n')
}
