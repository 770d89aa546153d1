//! Values that a person assumes, and whether the texts speak of what they are for.

use crate::document::Document;

/// Whether some text speaks of what is called `name`: of the last of its words, since the modules around a variable are named where
/// they are called. A value for anything else settles nothing, and is commonly a slip of the hand.
pub fn is_mentioned(name: &str, documents: &[Document]) -> bool {
    let is_end = |letter: char| !(letter.is_alphanumeric() || matches!(letter, '_' | '-'));
    let last = name.rsplit(is_end).find(|word| !word.is_empty()).unwrap_or(name);
    documents.iter().any(|document| memchr::memmem::find(document.text.as_bytes(), last.as_bytes()).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_word_of_a_name_stands_in_a_text() {
        let documents = [Document::new("main.tf", b"variable \"admin_cidr\" {}\nlist = \"pl-0123\"\n[parameters('vpn')]".to_vec())];
        for (name, mentioned) in [
            ("var.admin_cidr", true),
            ("module.net.var.admin_cidr", true),
            ("pl-0123", true),
            ("parameters('vpn')", true),
            ("var.admin_cider", false),
            ("pl-9999", false),
        ] {
            assert_eq!(is_mentioned(name, &documents), mentioned, "{name}");
        }
    }
}
