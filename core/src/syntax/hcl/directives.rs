//! The pieces of a template as a tree: directives hold what stands between them.

use super::reader::{Read, Wrong};
use super::template::{Kind, Piece};
use super::{Each, Expr, ExprKind, Part};

/// A directive whose end was not read yet.
struct Open {
    head: Head,
    at: usize,
    /// What stands before its `else`.
    then: Option<Vec<Part>>,
    /// What stands around it.
    outer: Vec<Part>,
}

enum Head {
    If(Expr),
    For(Each),
}

/// What a template says: text alone is text.
pub(super) fn gather(mut pieces: Vec<Piece>) -> Read<ExprKind> {
    strip(&mut pieces);
    let (mut parts, mut open): (Vec<Part>, Vec<Open>) = (Vec::new(), Vec::new());
    for Piece { kind, at, .. } in pieces {
        match (kind, open.last_mut()) {
            (Kind::Literal(text), _) => parts.push(Part::Literal(text)),
            (Kind::Value(value), _) => parts.push(Part::Value(value)),
            (Kind::If(condition), _) => open.push(Open { head: Head::If(condition), at, then: None, outer: std::mem::take(&mut parts) }),
            (Kind::For(each), _) => open.push(Open { head: Head::For(each), at, then: None, outer: std::mem::take(&mut parts) }),
            (Kind::Else, Some(Open { head: Head::If(_), then: then @ None, .. })) => *then = Some(std::mem::take(&mut parts)),
            (Kind::EndIf, Some(Open { head: Head::If(_), .. })) | (Kind::EndFor, Some(Open { head: Head::For(_), .. })) => {
                parts = open.pop().map(|open| open.end(std::mem::take(&mut parts))).unwrap_or_default();
            }
            _ => return Err(Wrong { message: "this directive ends something that did not begin", at }),
        }
    }
    if let Some(Open { at, .. }) = open.last() {
        return Err(Wrong { message: "this directive is never ended", at: *at });
    }
    Ok(match parts.as_mut_slice() {
        [] => ExprKind::Text(String::new()),
        [Part::Literal(text)] => ExprKind::Text(std::mem::take(text)),
        _ => ExprKind::Template(parts),
    })
}

impl Open {
    /// What stands around it with itself behind, given what stands before its end.
    fn end(mut self, last: Vec<Part>) -> Vec<Part> {
        self.outer.push(match (self.head, self.then) {
            (Head::For(each), _) => Part::For(Box::new(each), last),
            (Head::If(condition), Some(then)) => Part::If(Box::new(condition), then, last),
            (Head::If(condition), None) => Part::If(Box::new(condition), last, Vec::new()),
        });
        self.outer
    }
}

/// Takes the white space that `~` points at, up to and with one line break.
fn strip(pieces: &mut [Piece]) {
    let mut after = false;
    for at in 0..pieces.len() {
        let before_next = pieces.get(at.saturating_add(1)).is_some_and(|next| next.strips_before);
        let Some(piece) = pieces.get_mut(at) else { return };
        if let Kind::Literal(text) = &mut piece.kind {
            if after {
                let kept = text.trim_start_matches([' ', '\t', '\r']);
                *text = kept.strip_prefix('\n').unwrap_or(kept).to_owned();
            }
            if before_next {
                let kept = text.trim_end_matches([' ', '\t']);
                let kept = kept.strip_suffix('\n').map_or(kept, |kept| kept.strip_suffix('\r').unwrap_or(kept));
                text.truncate(kept.len());
            }
        }
        after = piece.strips_after;
    }
}
