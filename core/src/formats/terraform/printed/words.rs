//! What the print of a plan says around the values: addresses, what becomes of a resource, signs, counts of what is left out.

use std::borrow::Cow;

/// What becomes of a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// It is there as it stands.
    Shown,
    /// It will be there, and what does not change may be left out.
    Changes,
    /// It will be gone.
    Goes,
}

/// The signs before a line, as the legend of a plan explains them; `!` is what tools that colour differences put for `~`.
const SIGNS: [&str; 7] = ["-/+ ", "+/- ", "<= ", "+ ", "- ", "~ ", "! "];

/// What is said of a resource that will no longer be there, or no longer under this name.
const GONE: [&str; 3] = ["will be destroyed", "has been deleted", "will no longer be managed by Terraform, but will not be destroyed"];

/// What stands between the address that a resource had and the one that it has now.
pub(crate) const MOVED: &str = " has moved to ";

/// What is said of one that will.
const STAYS: [&str; 8] = [
    "will be created",
    "will be updated in-place",
    "must be replaced",
    "will be read during apply",
    "will be imported",
    "has changed",
    "has been changed",
    "has moved",
];

/// Whether a text has the words that a print can't do without; most texts are told apart by this alone.
pub(super) fn may_stand_in(text: &str) -> bool {
    !text.trim_start().starts_with(['{', '[']) && text.contains("# ") && (text.contains("resource \"") || text.contains("data \""))
}

/// A line without a terminal's colours and a build's clock, each replaced by as many blanks.
pub(super) fn plain(line: &str) -> Cow<'_, str> {
    let clock = clock(line);
    if clock == 0 && !line.contains('\u{1b}') {
        return Cow::Borrowed(line);
    }
    let mut plain = " ".repeat(clock);
    let mut rest = line.get(clock..).unwrap_or_default();
    while let Some((before, after)) = rest.split_once('\u{1b}') {
        plain.push_str(before);
        let inside = after.strip_prefix('[').and_then(|codes| codes.find(|letter: char| letter.is_ascii_alphabetic()));
        let length = inside.map_or(0, |letter| letter.saturating_add(2));
        plain.push(' ');
        plain.extend(std::iter::repeat_n(' ', length));
        rest = after.get(length..).unwrap_or_default();
    }
    plain.push_str(rest);
    Cow::Owned(plain)
}

/// The length of the time before a line, such as `2026-01-31T12:00:00.1234567Z `, with its blank.
fn clock(line: &str) -> usize {
    let Some((time, _)) = line.split_once(' ') else { return 0 };
    let shape = |byte: u8| byte.is_ascii_digit() || b"-:.TZ".contains(&byte);
    let is_time = (20..=30).contains(&time.len()) && time.ends_with('Z') && time.bytes().all(shape);
    if is_time { time.len().saturating_add(1) } else { 0 }
}

/// The address of a resource and what becomes of it, where a line says so. `plain` is the line without colours.
pub(super) fn heading<'t>(line: &'t str, plain: &str) -> Option<(&'t str, Fate)> {
    let said = plain.trim().strip_prefix("# ")?;
    let end = end_of_address(said)?;
    let (address, what) = said.split_at_checked(end)?;
    let (address, what) = match what.strip_prefix(MOVED) {
        Some(to) => (to, "has moved"),
        None => (address, what.trim()),
    };
    let said = |phrases: &[&str]| phrases.iter().any(|phrase| what.ends_with(phrase));
    let fate = match what {
        ":" | ": (tainted)" => Fate::Shown,
        _ if said(&GONE) => Fate::Goes,
        _ if said(&STAYS) || what.starts_with("will be replaced, ") || what.starts_with("will be replaced due to ") => Fate::Changes,
        _ => return None,
    };
    // Colours don't stand inside an address.
    let start = line.find(address)?;
    Some((line.get(start..start.saturating_add(address.len()))?, fate))
}

/// Where an address ends: at a blank or a colon outside of the quoted key of an instance.
fn end_of_address(text: &str) -> Option<usize> {
    let (mut quoted, mut escaped, mut dots) = (false, false, 0_u32);
    for (at, letter) in text.char_indices() {
        match letter {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            _ if quoted => {}
            '.' => dots = dots.saturating_add(1),
            ' ' | ':' => return (dots > 0).then_some(at),
            letter if letter.is_alphanumeric() || "_-[]".contains(letter) => {}
            _ => return None,
        }
    }
    None
}

/// The sign before a line.
pub(super) fn sign(line: &[u8]) -> Option<&'static str> {
    SIGNS.into_iter().find(|sign| line.starts_with(sign.as_bytes()))
}

/// Whether a line begins a resource.
pub(super) fn opens(line: &str) -> bool {
    let line = line.trim();
    let line = SIGNS.iter().find_map(|sign| line.strip_prefix(sign)).unwrap_or(line).trim_start();
    (line.starts_with("resource \"") || line.starts_with("data \"")) && line.ends_with('{')
}

/// Whether a comment counts what is left out, such as `# (2 unchanged attributes hidden)`.
pub(crate) fn counts_hidden(comment: &str) -> bool {
    let said = comment.trim_start_matches('#').trim();
    said.starts_with('(') && said.ends_with("hidden)")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_told_from_comments() {
        let heading = |line: &'static str| heading(line, &plain(line));
        assert_eq!(heading("  # aws_x.a will be created\n"), Some(("aws_x.a", Fate::Changes)));
        assert_eq!(heading("# module.m[\"a b\"].aws_x.a[0] must be replaced"), Some(("module.m[\"a b\"].aws_x.a[0]", Fate::Changes)));
        assert_eq!(heading("  # aws_x.a will be destroyed"), Some(("aws_x.a", Fate::Goes)));
        assert_eq!(heading("  # aws_x.a (deposed object 1234) will be destroyed"), Some(("aws_x.a", Fate::Goes)));
        assert_eq!(heading("  # aws_x.a has moved to aws_x.b"), Some(("aws_x.b", Fate::Changes)));
        assert_eq!(heading("# aws_x.a:"), Some(("aws_x.a", Fate::Shown)));
        assert_eq!(heading("  # (because aws_x.a is not in configuration)"), None);
        assert_eq!(heading("  # see aws_x.a for more"), None);
        assert_eq!(heading("# aws_x.a will be replaced next year"), None);
        assert_eq!(heading("# aws_x.a will be replaced, as requested"), Some(("aws_x.a", Fate::Changes)));
        assert_eq!(heading("aws_x.a will be created"), None);
    }

    #[test]
    fn colours_and_clocks_leave_their_place() {
        let line = "2026-01-31T12:00:00.1234567Z \u{1b}[1m  # aws_x.a\u{1b}[0m will be created";
        let plain = plain(line);
        assert_eq!(plain.len(), line.len());
        assert_eq!(plain.trim(), "# aws_x.a     will be created");
    }
}
