//! A line's words, and its options with their values.

/// An option with what stands behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Opt {
    /// With its dashes.
    pub(super) name: String,
    /// A `!` stands before it, or before its value as older versions wrote it.
    pub(super) negated: bool,
    pub(super) values: Vec<String>,
}

impl Opt {
    /// The first value.
    pub(super) fn value(&self) -> &str {
        self.values.first().map_or("", String::as_str)
    }
}

/// Words as iptables-save writes them: apart by blanks, those with blanks in double quotes, in which a backslash escapes
/// (the shell's single quotes are read, too). `None` where a quote is not closed.
pub(super) fn words(line: &str) -> Option<Vec<String>> {
    let mut words: Vec<String> = Vec::new();
    let (mut open, mut quote, mut letters) = (false, None, line.chars());
    while let Some(letter) = letters.next() {
        let plain = match (quote, letter) {
            (None, ' ' | '\t') => {
                open = false;
                continue;
            }
            (None, '"' | '\'') => {
                quote = Some(letter);
                None
            }
            (Some(end), _) if letter == end => {
                quote = None;
                None
            }
            (Some('"'), '\\') => letters.next(),
            _ => Some(letter),
        };
        if !open {
            words.push(String::new());
            open = true;
        }
        if let Some(word) = words.last_mut() {
            word.extend(plain);
        }
    }
    quote.is_none().then_some(words)
}

/// Options of a rule, in their order. A word that belongs to none is an option without dashes.
pub(super) fn options(words: &[String]) -> Vec<Opt> {
    let mut found: Vec<Opt> = Vec::new();
    let mut negated = false;
    for word in words {
        // A number below zero is a value, such as a priority.
        let is_option = word.starts_with('-') && !word.chars().nth(1).is_some_and(|letter| letter.is_ascii_digit()) && word.len() > 1;
        match (word.as_str(), found.last_mut()) {
            ("!", _) => negated = true,
            (_, Some(last)) if !is_option => {
                last.negated |= std::mem::take(&mut negated);
                last.values.push(word.clone());
            }
            _ => found.push(Opt { name: word.clone(), negated: std::mem::take(&mut negated), values: Vec::new() }),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_options() {
        let words = words(r#"-s 10.0.0.0/8 ! -d ! 10.1.0.0/16 -m comment --comment "it \"is\" -j here" -j ACCEPT"#).unwrap();
        let options = options(&words);
        let told: Vec<String> = options.iter().map(|o| format!("{}{} {}", if o.negated { "!" } else { "" }, o.name, o.value())).collect();
        assert_eq!(told, ["-s 10.0.0.0/8", "!-d 10.1.0.0/16", "-m comment", "--comment it \"is\" -j here", "-j ACCEPT"]);
        assert_eq!(super::words("-j \"ACCEPT"), None);
        assert_eq!(super::words("a '' b").unwrap(), ["a", "", "b"]);
    }
}
