//! What is written down in the repository: samples to begin with and to splice in, and the words the readers compare with.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// A sample: where it is from, and its text.
pub struct Sample {
    pub name: String,
    pub text: String,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Every file below a folder, sorted.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}

/// The samples of the repository: those in files, in the sources of its tests and in the documents of its audits.
pub fn samples() -> &'static [Sample] {
    static SAMPLES: OnceLock<Vec<Sample>> = OnceLock::new();
    SAMPLES.get_or_init(|| {
        let mut all = Vec::new();
        let mut push = |path: &Path, text: &str| {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            // What takes all of the work budget takes seconds here.
            if text.len() > 20 && !text.contains("setproduct(range(") {
                all.push(Sample { name, text: text.to_owned() });
            }
        };
        for folder in ["tests/samples", "core/data/examples", "exercises"] {
            for path in files(&root().join(folder)) {
                push(&path, &fs::read_to_string(&path).unwrap_or_default());
            }
        }
        for path in files(&root().join("tests")).iter().filter(|path| path.extension().is_some_and(|ending| ending == "rs")) {
            let source = fs::read_to_string(path).unwrap_or_default();
            for (open, close) in [("r#\"", "\"#"), ("r##\"", "\"##")] {
                source.split(open).skip(1).filter_map(|rest| rest.split_once(close)).for_each(|(text, _)| push(Path::new("sample"), text));
            }
        }
        for path in files(&root().join("core/src/audits")).iter().filter(|path| path.extension().is_some_and(|ending| ending == "md")) {
            let text = fs::read_to_string(path).unwrap_or_default();
            let blocks = text.split("```").skip(1).step_by(2).filter_map(|block| block.split_once('\n'));
            blocks.for_each(|(_, text)| push(Path::new("sample"), text));
        }
        all
    })
}

/// The words in the sources of the readers: keys, functions, values.
pub fn words() -> &'static [String] {
    static WORDS: OnceLock<Vec<String>> = OnceLock::new();
    WORDS.get_or_init(|| {
        let mut words: BTreeSet<String> = BTreeSet::new();
        for folder in ["formats", "syntax", "ask", "training", "export/pseudonym"] {
            for path in files(&root().join("core/src").join(folder)) {
                let source = fs::read_to_string(path).unwrap_or_default();
                for word in
                    source.lines().filter(|line| !line.trim_start().starts_with("//")).flat_map(|line| line.split('"').skip(1).step_by(2))
                {
                    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.:/*!@$".contains(&byte);
                    if (1..60).contains(&word.len()) && word.bytes().all(plain) {
                        words.insert(word.to_owned());
                    }
                }
            }
        }
        words.into_iter().collect()
    })
}
