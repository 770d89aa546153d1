//! Every sample of the repository.

use super::*;

/// The files of a folder and of those right inside it.
fn files(folder: &str, ending: &str) -> Vec<PathBuf> {
    let entries = |folder: &Path| fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect::<Vec<_>>();
    let outer = entries(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder));
    let inner: Vec<PathBuf> = outer.iter().filter(|path| path.is_dir()).flat_map(|path| entries(path)).collect();
    let mut found: Vec<PathBuf> = outer.into_iter().chain(inner).filter(|path| path.to_string_lossy().ends_with(ending)).collect();
    found.sort();
    found
}

/// The texts between `r#"` and `"#` of a file.
fn written_down(text: &str) -> impl Iterator<Item = &str> {
    text.split("r#\"").skip(1).filter_map(|rest| rest.split_once("\"#")).map(|(text, _)| text)
}

/// The blocks of code of a document.
fn blocks(text: &str) -> impl Iterator<Item = &str> {
    text.split("```").skip(1).step_by(2).filter_map(|block| block.split_once('\n')).map(|(_, text)| text)
}

#[test]
fn every_sample_keeps_its_review() {
    let (mut tried, mut failed) = (0, Vec::new());
    let mut samples: Vec<(String, String)> = Vec::new();
    for path in files(".", ".rs").iter().filter(|path| !path.parent().is_some_and(|folder| folder.ends_with("pseudonym"))) {
        let source = fs::read_to_string(path).unwrap();
        samples.extend(written_down(&source).map(|text| (path.display().to_string(), text.to_owned())));
    }
    for path in files("../core/src/audits", ".md") {
        samples.extend(blocks(&fs::read_to_string(&path).unwrap()).map(|text| (path.display().to_string(), text.to_owned())));
    }
    for path in files("../core/data/examples", ".json").into_iter().chain(files("../core/data/examples", ".txt")) {
        samples.push((path.display().to_string(), fs::read_to_string(&path).unwrap()));
    }
    for (from, text) in &samples {
        for name in ["pasted", "main.tf"] {
            let report = told(&[(name.to_owned(), text.clone())]);
            if report["documents"][0]["format"].is_null() || list(&report["policies"]).is_empty() && list(&report["surfaces"]).is_empty() {
                continue;
            }
            tried += 1;
            if let Some(difference) = difference(&[(name, text)]) {
                failed.push(format!("=== {from}\n{text}\n{difference}"));
            }
            break;
        }
    }
    assert!(tried > 120, "{tried} samples are a review's worth");
    assert!(failed.is_empty(), "{} of {tried}:\n{}", failed.len(), failed.join("\n"));
}

#[test]
fn documents_that_speak_of_each_other_still_do() {
    let paths: Vec<PathBuf> = ["json", "tf"].iter().flat_map(|ending| files("samples/three-tiers", ending)).collect();
    let texts: Vec<(String, String)> =
        paths.iter().map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), fs::read_to_string(path).unwrap())).collect();
    let one = |ending: &str| -> Vec<(&str, &str)> {
        texts.iter().filter(|(name, _)| name.ends_with(ending)).map(|(name, text)| (name.as_str(), text.as_str())).collect()
    };
    for documents in [one(".json"), one(".tf"), one("")] {
        assert_eq!(difference(&documents), None);
    }
}
