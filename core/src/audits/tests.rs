//! The registry matches the files, and every document does what it says.

use std::collections::BTreeSet;

use super::*;
use crate::formats::Assumptions;
use crate::review::{Against, Input, Review, review_against};

/// An example of a document, beside its baseline where it has one.
fn reviewed(text: &str, doc: &Doc<'_>) -> Review {
    let input = |name: &str, text: &str| Input { name: name.into(), bytes: text.into() };
    let baseline = (!doc.baseline.is_empty()).then(|| input("portcullis.toml", doc.baseline));
    let against = Against { baseline, today: "2026-01-01".parse().ok() };
    review_against(vec![input(&format!("example.{}", doc.ending), text)], &Assumptions::new(), against, &mut |_| {})
}

fn fired(review: &Review) -> BTreeSet<&'static str> {
    (0..review.policies())
        .flat_map(|at| review.look(at, |_, findings| findings.iter().map(|f| f.audit.id).collect::<Vec<_>>()).unwrap())
        .collect()
}

#[test]
fn every_document_belongs_to_an_audit_and_every_audit_has_one() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/audits");
    let names = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap());
    let documents: BTreeSet<String> = names.filter_map(|name| Some(name.strip_suffix(".md")?.replace('_', "-"))).collect();
    let registered: BTreeSet<String> = AUDITS.iter().map(|audit| audit.id.to_owned()).collect();
    assert_eq!(documents, registered);
    assert_eq!(AUDITS.len(), registered.len(), "ids are unique");
}

#[test]
fn every_document_has_all_of_its_parts() {
    for audit in AUDITS {
        let doc = audit.doc();
        for (part, text) in [("title", doc.title), ("summary", doc.summary), ("why", doc.why), ("fix", doc.fix)] {
            assert!(!text.is_empty() && !text.contains("\n\n"), "{}: {part}", audit.id);
        }
        assert!(doc.title.chars().next().unwrap().is_uppercase() && !doc.title.ends_with('.'), "{}", audit.id);
        assert!([doc.summary, doc.why, doc.fix].iter().all(|text| text.ends_with('.')), "{}: sentences end", audit.id);
        assert!(!doc.references.is_empty() && !doc.dangerous.is_empty() && !doc.secure.is_empty(), "{}", audit.id);
    }
}

#[test]
fn every_audit_fires_on_its_dangerous_example_and_not_on_its_secure_one() {
    for audit in AUDITS {
        let doc = audit.doc();
        let (dangerous, secure) = (reviewed(doc.dangerous, doc), reviewed(doc.secure, doc));
        assert!(fired(&dangerous).contains(audit.id), "{} does not fire on its dangerous example: {:?}", audit.id, fired(&dangerous));
        assert!(!fired(&secure).contains(audit.id), "{} fires on its secure example", audit.id);
        assert_eq!(secure.verdict(), Some(Verdict::Secure), "{}: {:?}", audit.id, fired(&secure));
        assert_eq!(secure.documents()[0].problems.errors(), 0, "{}", audit.id);
    }
}

#[test]
fn whatever_is_not_secure_is_explained_by_a_finding() {
    for audit in AUDITS {
        let doc = audit.doc();
        let review = reviewed(doc.dangerous, doc);
        for at in 0..review.policies() {
            review
                .look(at, |subject, findings| {
                    for (nth, judged) in subject.judgement.exposures.iter().enumerate() {
                        let told = findings.iter().any(|f| f.exposure == Some(nth) && f.verdict == judged.verdict);
                        assert!(judged.verdict == Verdict::Secure || told, "{}: exposure {nth} is {} and untold", audit.id, judged.verdict);
                    }
                })
                .unwrap();
        }
    }
}
