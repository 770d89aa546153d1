//! What a text is, before anything is read: where JSON begins in it, and what to say of a text that is something else.

use crate::model::Span;

/// Why a text can't be read at all, if so.
pub(super) fn not_text(text: &str) -> Option<&'static str> {
    if text.trim().is_empty() {
        return Some("there is nothing here; paste the output of `aws ec2 describe-security-groups`, or open a file");
    }
    if text.starts_with("\u{1f}\u{fffd}") {
        return Some("this is a gzip archive, not text; unpack it first");
    }
    if text.starts_with("PK\u{3}\u{4}") {
        return Some("this is a zip archive, not text; unpack it first");
    }
    let looked_at = 4_096_usize;
    // Logs have a terminal's colours in them.
    let is_strange = |letter: &char| letter.is_control() && !letter.is_whitespace() && *letter != '\u{1b}';
    let strange = text.chars().take(looked_at).filter(is_strange).count();
    let seen = text.chars().take(looked_at).count();
    // A few stray control characters come from terminals; binary files are full of them.
    (text.chars().take(looked_at).any(|letter| letter == '\0') || strange.saturating_mul(20) > seen)
        .then_some("this is a binary file, not text; export the configuration as JSON")
}

/// Where the next JSON value begins: a line whose first character opens an object or a list.
pub(super) fn next_json(text: &str, from: usize) -> Option<usize> {
    let mut line = from;
    while line < text.len() {
        let rest = text.get(line..)?;
        let indent = rest.len().saturating_sub(rest.trim_start_matches([' ', '\t', '\r', ',']).len());
        let start = line.saturating_add(indent);
        if opens_json(text.get(start..).unwrap_or_default()) {
            return Some(start);
        }
        line = line.saturating_add(memchr::memchr(b'\n', rest.as_bytes())?).saturating_add(1);
    }
    None
}

fn opens_json(text: &str) -> bool {
    let mut letters = text.chars();
    match letters.next() {
        // A template's own braces are no JSON: `{{ x }}`, `{% if %}`.
        Some('{') => !letters.next().is_some_and(|letter| "{%#".contains(letter)),
        // A shell prompt may begin with a bracket, too: `[user@host ~]$`.
        Some('[') => letters.find(|letter| !letter.is_whitespace()).is_none_or(|letter| "{[]\"'-0123456789".contains(letter)),
        _ => false,
    }
}

/// The lines of a text that begin with one of `heads`. Exports have millions of lines, most of them indented, and only their breaks
/// are looked for.
pub(super) fn lines_with<'t>(text: &'t str, heads: &'static [u8]) -> impl Iterator<Item = &'t str> {
    let starts = std::iter::once(0).chain(memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at.saturating_add(1)));
    let there = starts.filter(move |start| text.as_bytes().get(*start).is_some_and(|byte| heads.contains(byte)));
    there.filter_map(move |start| text.get(start..)?.lines().next())
}

/// Whether a line beside the JSON is what a terminal leaves there: a prompt with a command, or nothing.
pub(super) fn is_terminal_noise(line: &str) -> bool {
    // Nothing that long was typed or printed by a shell, and an export may be one line.
    if line.len() > 10_000 {
        return false;
    }
    let line = line.trim().trim_matches(',');
    line.is_empty()
        || line.starts_with(['$', '#', '%', '>', '~'])
        || line.contains("aws ")
        || line.starts_with("PS ")
        || line.ends_with(['$', '#', '%', '>'])
        || line.starts_with("//")
        || line.starts_with("/*")
        || line.starts_with("```")
        || line.starts_with("--")
        || line == ";"
}

/// Where YAML begins, as far as the first lines tell: comments and a document's marker may stand before its first key or
/// item, and a terminal's prompt is passed.
pub(super) fn yaml(text: &str) -> Option<usize> {
    let (mut start, mut at) = (0_usize, 0_usize);
    for line in text.split_inclusive('\n') {
        at = at.saturating_add(line.len());
        let words = line.trim();
        if opens_yaml(words) {
            return Some(start);
        }
        if words.is_empty() || words.starts_with(['#', '%']) || words.starts_with("---") {
            continue;
        }
        if !is_terminal_noise(line) {
            return None;
        }
        start = at;
    }
    None
}

/// The text without the end of the code block that began before `start`, as people copy it out of Markdown.
pub(super) fn before_fence(text: &str, start: usize) -> &str {
    let fenced = text.get(..start).is_some_and(|head| head.lines().any(|line| line.starts_with(FENCE)));
    let body = text.trim_end();
    if fenced { body.strip_suffix(FENCE).unwrap_or(text) } else { text }
}

const FENCE: &str = "```";

/// Whether a line is a key without spaces and its colon, or an item of a list.
fn opens_yaml(line: &str) -> bool {
    if line == "-" || line.starts_with("- ") {
        return true;
    }
    let Some((key, rest)) = line.split_once(':') else { return false };
    let key = key.trim_end().trim_matches(['"', '\'']);
    let is_key = !key.is_empty() && key.chars().all(|letter| letter.is_alphanumeric() || "_-.$/<".contains(letter));
    is_key && (rest.is_empty() || rest.starts_with(' '))
}

/// Whether a text has a line that begins the YAML of a firewall's configuration, so that broken YAML is worth a sentence about
/// where it breaks.
pub(super) fn is_firewall_yaml(text: &str) -> bool {
    let keys = [
        "AWSTemplateFormatVersion",
        "Resources",
        "SecurityGroups",
        "SecurityGroupRules",
        "IpPermissions",
        "NetworkAcls",
        "PrefixLists",
        "securityRules",
        "sourceRanges",
    ];
    text.lines().filter_map(|line| line.split_once(':')).any(|(key, _)| keys.contains(&key.trim_matches([' ', '-'])))
}

/// The first character that is not white space.
pub(super) fn start(text: &str) -> Span {
    let at = text.len().saturating_sub(text.trim_start().len());
    let at = u32::try_from(at).unwrap_or(u32::MAX);
    Span { start: at, end: at.saturating_add(1) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_begins_behind_prompts() {
        for text in [
            "{}",
            "\n\n  {}",
            "$ aws ec2 describe-security-groups\n{}",
            "[ec2-user@ip-10-0-0-1 ~]$ aws ec2 describe-security-groups\n{}",
            "PS C:\\> aws ec2 describe-security-groups\r\n{}",
            "[\n",
        ] {
            let start = next_json(text, 0).unwrap();
            assert!(text[start..].starts_with("{}") || text[start..] == *"[\n", "{text:?}");
        }
        assert_eq!(next_json("resource \"aws_security_group\" \"a\" {\n}", 0), None);
    }

    #[test]
    fn binary_texts_are_told_from_logs() {
        assert!(not_text("").is_some() && not_text("\0\0\u{1}").is_some() && not_text("{}").is_none());
        assert!(not_text("\u{1b}[32m+\u{1b}[0m a").is_none());
    }
}
