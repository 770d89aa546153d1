//! Texts without names: every sample that is written down in the repository has the same review before and after, and what
//! was planted in it is gone.

use std::fs;
use std::path::{Path, PathBuf};

use portcullis_core::export::pseudonym::{Pseudonymised, pseudonymise};
use portcullis_core::report;
use portcullis_core::review::{Input, review};
use serde_json::{Value, json};

fn told(documents: &[(String, String)]) -> Value {
    let inputs = documents.iter().map(|(name, text)| Input { name: name.clone(), bytes: text.clone().into_bytes() }).collect();
    serde_json::to_value(report::report(&review(inputs, &mut |_| {}))).unwrap()
}

fn at(at: &Value) -> Value {
    json!([at["document"], at["line"], at["end_line"]])
}

fn sorted(list: impl Iterator<Item = Value>) -> Vec<String> {
    let mut all: Vec<String> = list.map(|one| one.to_string()).collect();
    all.sort();
    all
}

fn list(value: &Value) -> &[Value] {
    value.as_array().unwrap()
}

fn exposures(of: &Value) -> Vec<String> {
    let keys = ["direction", "protocol", "ports", "icmp", "reach", "ipv4", "ipv6_64s", "verdict", "if_open", "services"];
    sorted(list(&of["exposures"]).iter().map(|one| {
        let groups = one["groups"].as_array().map_or(0, Vec::len);
        json!([keys.map(|key| one[key].clone()), groups, one["local"] == "any"])
    }))
}

/// What has to be the same: no names, no addresses, no sentences.
fn shape(report: &Value) -> Value {
    let rule = |rule: &Value| {
        let keys = ["priority", "direction", "action", "protocol", "ports", "icmp", "effect", "admits", "verdict"];
        json!([keys.map(|key| rule[key].clone()), at(&rule["at"])])
    };
    let document = |one: &Value| json!([one["format"], one["policies"], one["rules"], one["facts"], one["problem_count"]]);
    let finding = |one: &Value| {
        json!([one["audit"], one["verdict"], one["severity"], sorted(list(&one["places"]).iter().map(at)), one["witness"]["port"]])
    };
    let policy = |one: &Value| {
        json!([one["kind"], at(&one["at"]), one["verdict"], one["partial"], exposures(one), sorted(list(&one["rules"]).iter().map(rule))])
    };
    json!({
        "verdict": report["verdict"],
        "counts": report["counts"],
        "documents": list(&report["documents"]).iter().map(document).collect::<Vec<_>>(),
        "unresolved": sorted(list(&report["unresolved"]).iter().map(|one| at(&one["at"]))),
        "policies": sorted(list(&report["policies"]).iter().map(policy)),
        "surfaces": sorted(list(&report["surfaces"]).iter().map(|one| json!([at(&one["at"]), one["verdict"], exposures(one)]))),
        "findings": sorted(list(&report["findings"]).iter().map(finding)),
    })
}

fn owned(documents: &[(&str, &str)]) -> Vec<(String, String)> {
    documents.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
}

/// What differs between the reviews before and after, if anything.
fn difference(documents: &[(&str, &str)]) -> Option<String> {
    let before = shape(&told(&owned(documents)));
    let Pseudonymised { documents: replaced, .. } = pseudonymise(documents);
    for ((_, before), (_, after)) in documents.iter().zip(&replaced) {
        assert_eq!(before.matches('\n').count(), after.matches('\n').count(), "{after}");
    }
    let after = shape(&told(&replaced));
    let keys = before.as_object().unwrap().keys();
    let different: Vec<String> =
        keys.filter(|key| before[*key] != after[*key]).map(|key| format!("{key}: {}\nbecame {}", before[key], after[key])).collect();
    (!different.is_empty()).then(|| {
        let texts: Vec<&str> = replaced.iter().map(|(_, text)| text.as_str()).collect();
        format!("{}\n{}", different.join("\n"), texts.join("\n---\n"))
    })
}

fn files(folder: &str, ending: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut found: Vec<PathBuf> = entries.filter(|path| path.to_string_lossy().ends_with(ending)).collect();
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
    for path in files(".", ".rs").iter().filter(|path| !path.ends_with("pseudonym.rs")) {
        let source = fs::read_to_string(path).unwrap();
        samples.extend(written_down(&source).map(|text| (path.display().to_string(), text.to_owned())));
    }
    for path in files("../core/src/audits", ".md") {
        samples.extend(blocks(&fs::read_to_string(&path).unwrap()).map(|text| (path.display().to_string(), text.to_owned())));
    }
    for path in files("../core/data/examples", ".json") {
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
    assert!(tried > 150, "{tried} samples are a review's worth");
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
