//! Names of documents as paths: files that stand in one directory speak of each other.

/// A document's name as directory and file.
pub(super) fn split(name: &str) -> (&str, &str) {
    let at = name.rfind(['/', '\\']).map_or(0, |at| at.saturating_add(1));
    name.split_at_checked(at).unwrap_or(("", name))
}

/// The directory of a document, in its one spelling; empty where the name has none.
pub(super) fn directory(name: &str) -> String {
    let (directory, _) = split(name);
    beside(directory, "")
}

/// A path as it is written in a file of `directory`, in its one spelling: without `.`, and without `..` as far as these can be
/// resolved.
pub(super) fn beside(directory: &str, path: &str) -> String {
    let absolute = directory.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in directory.split(['/', '\\']).chain(path.split(['/', '\\'])) {
        match (part, parts.last()) {
            ("" | ".", _) => {}
            ("..", Some(last)) if *last != ".." => {
                parts.pop();
            }
            ("..", None) if absolute => {}
            _ => parts.push(part),
        }
    }
    format!("{}{}", if absolute { "/" } else { "" }, parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_have_one_spelling() {
        for (name, wanted) in [
            ("pasted", ""),
            ("./main.tf", ""),
            ("a/./b//main.tf", "a/b"),
            ("a/../../b/main.tf", "../b"),
            ("../../b/main.tf", "../../b"),
            ("/a/../../b/main.tf", "/b"),
            ("live\\net\\main.tf", "live/net"),
        ] {
            assert_eq!(directory(name), wanted, "{name}");
        }
        assert_eq!(beside("live", "../modules/net"), "modules/net");
        assert_eq!(beside("", "../net"), "../net");
        assert_eq!(beside("/", "./net"), "/net");
    }
}
