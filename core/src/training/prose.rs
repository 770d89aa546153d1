//! What a text of an exercise may be: words, no markup and nothing that a terminal would obey. A pack is somebody else's.

/// Why a text is refused, as the end of a sentence that begins with its name; `None` where it is fine.
pub(super) fn refusal(text: &str, limit: usize) -> Option<String> {
    let control = |letter: char| letter.is_control() && letter != '\n' || is_directional(letter);
    match () {
        () if text.trim().is_empty() => Some("is empty; write something there".to_owned()),
        () if text.len() > limit => Some(format!("has more than {limit} bytes; make it shorter")),
        () if text.chars().any(control) => Some("has control characters; write plain text".to_owned()),
        () if has_markup(text) => Some("has HTML in it; write plain text".to_owned()),
        () => None,
    }
}

/// Letters that turn the direction of a line, so that it reads otherwise than it is (Unicode, UAX #9, explicit formatting).
pub(super) const fn is_directional(letter: char) -> bool {
    matches!(letter, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Whether something looks like a tag: `<` before a letter, `/`, `!` or `?` (the tag open state of the HTML standard).
fn has_markup(text: &str) -> bool {
    let follows = |after: &str| after.starts_with(|letter: char| letter.is_ascii_alphabetic() || matches!(letter, '/' | '!' | '?'));
    text.split('<').skip(1).any(follows)
}

/// The story and, below its heading `## Solved`, the lesson of an exercise's README; the title's line is neither.
pub(super) fn story_and_lesson(readme: &str) -> (String, String) {
    let (story, lesson) = readme.split_once("\n## Solved\n").unwrap_or((readme, ""));
    let story: Vec<&str> = story.lines().filter(|line| !line.starts_with("# ")).collect();
    (story.join("\n").trim().to_owned(), lesson.trim().to_owned())
}
