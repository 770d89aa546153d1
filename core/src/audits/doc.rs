//! The document of an audit: Markdown under fixed headings, read by the program as it is read by people.

/// An audit's document, in its parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Doc<'d> {
    /// What it finds, as a heading.
    pub title: &'d str,
    /// One sentence.
    pub summary: &'d str,
    /// Why it matters.
    pub why: &'d str,
    /// A configuration on which it fires.
    pub dangerous: &'d str,
    /// The same, mended.
    pub secure: &'d str,
    /// What the examples are written in: the ending of such a file's name.
    pub ending: &'static str,
    /// The approved architecture beside both, where the audit needs one; else empty.
    pub baseline: &'d str,
    /// What to do.
    pub fix: &'d str,
    /// Where to read on.
    pub references: Vec<&'d str>,
}

impl<'d> Doc<'d> {
    /// A document without parts.
    pub(super) const fn empty() -> Self {
        Self { title: "", summary: "", why: "", dangerous: "", secure: "", ending: "", baseline: "", fix: "", references: Vec::new() }
    }

    /// Reads the parts; a test holds that none is missing.
    pub fn read(text: &'d str) -> Self {
        let (head, _) = text.split_once("\n## ").unwrap_or((text, ""));
        let (title, summary) = head.trim().split_once('\n').unwrap_or((head, ""));
        Self {
            title: title.trim_start_matches('#').trim(),
            summary: summary.trim(),
            why: section(text, "Why"),
            dangerous: code(section(text, "Dangerous")),
            secure: code(section(text, "Secure")),
            ending: if section(text, "Dangerous").contains("```hcl") { "tf" } else { "json" },
            baseline: code(section(text, "Baseline")),
            fix: section(text, "Fix"),
            references: section(text, "References")
                .lines()
                .map(|line| line.trim_start_matches("- ").trim())
                .filter(|line| !line.is_empty())
                .collect(),
        }
    }
}

/// The text under a heading, up to the next one.
fn section<'d>(text: &'d str, name: &str) -> &'d str {
    let mut parts = text.split("\n## ").skip(1);
    parts.find_map(|part| part.strip_prefix(name)?.strip_prefix('\n')).unwrap_or_default().trim()
}

/// What is inside the fences, where there are any.
fn code(text: &str) -> &str {
    let begun = ["```json", "```hcl", "```toml"].iter().find_map(|fence| text.split_once(fence));
    let inside = begun.and_then(|(_, rest)| rest.split_once("```")).map(|(code, _)| code);
    inside.unwrap_or(text).trim()
}
