//! What is always true of a review, whatever the bytes were.

use portcullis_core::export::{csv, markdown};
use portcullis_core::report::{self, At};
use portcullis_core::review::Review;
use portcullis_core::verdict::Verdict;
use portcullis_core::{ask, baseline};
use serde_json::Value;

/// Reviews with more rules than these are not looked at page by page.
const RULES: u64 = 600;

/// Looks at a review through every face, and holds what the faces say against each other and against the texts.
pub fn review(review: &Review) -> Value {
    unknown_is_never_secure(review);
    let whole = json(&report::report(review));
    places(review, &whole);
    // Every page has its policies evaluated again.
    if (0..review.documents().len()).map(|at| review.size_of(u32::try_from(at).unwrap_or(u32::MAX)).1).sum::<u64>() < RULES {
        pages(review, &whole);
    }
    for text in [markdown::report(review), csv::findings(review), csv::register(&report::register(review)), baseline::example(review)] {
        assert!(text.len() < 200_000_000);
    }
    ask::names(review, 100);
    whole
}

/// JSON that another reader can read.
pub fn json(value: &impl serde::Serialize) -> Value {
    let text = serde_json::to_vec(value).expect("plain data is serialisable");
    serde_json::from_slice(&text).expect("what is written is JSON")
}

/// What was not understood is never headlined secure, nor as nothing to judge.
fn unknown_is_never_secure(review: &Review) {
    let verdict = review.verdict();
    for document in review.documents() {
        if !document.complete || document.format.is_none() {
            assert!(verdict >= Some(Verdict::Unknown), "{} is {verdict:?} and was not understood", document.name);
        }
        if document.problems.left_something_out() {
            assert!(!document.complete, "{} left something out", document.name);
        }
    }
}

/// Every place lies within its text, and ends behind its beginning.
fn places(review: &Review, value: &Value) {
    match value {
        Value::Object(fields) => {
            if let (Some(document), Some(line), Some(end)) = (fields.get("document"), fields.get("line"), fields.get("end_line")) {
                let number = |value: &Value| u32::try_from(value.as_u64().expect("a number")).expect("a small one");
                place(
                    review,
                    At {
                        document: number(document),
                        line: number(line),
                        column: number(&fields["column"]),
                        end_line: number(end),
                        end_column: number(&fields["end_column"]),
                    },
                );
            }
            fields.values().for_each(|inner| places(review, inner));
        }
        Value::Array(items) => items.iter().for_each(|inner| places(review, inner)),
        _ => {}
    }
}

fn place(review: &Review, at: At) {
    let document = review.documents().get(at.document as usize).unwrap_or_else(|| panic!("{at:?} is in no document"));
    assert!((at.line, at.column) <= (at.end_line, at.end_column), "{at:?} ends before it begins");
    for (line, column) in [(at.line, at.column), (at.end_line, at.end_column)] {
        // A line ends with its line break; behind the last one is an empty line.
        let text = document.text.split('\n').nth(line as usize - 1).unwrap_or_else(|| panic!("{at:?} is behind the text"));
        let units = text.encode_utf16().count() + 2;
        assert!((1..=units).contains(&(column as usize)), "{at:?} is outside of its line of {units}");
    }
}

/// What comes in pages is what the whole report says.
fn pages(review: &Review, whole: &Value) {
    let list = |name: &str| whole[name].as_array().expect("a list");
    let summary = json(&report::summary(review));
    // Of its long lists it has the first ones only.
    for key in ["verdict", "counts"] {
        assert_eq!(summary[key], whole[key], "{key}");
    }
    let policies = report::policies(review, None, 0, usize::MAX);
    assert_eq!((policies.total, policies.items.len()), (list("policies").len(), list("policies").len()));
    for summary in &policies.items {
        let page = json(&report::policy_page(review, summary.index).expect("a policy that is listed"));
        let own = &list("policies")[summary.index];
        for key in ["verdict", "headline", "exposures", "at"] {
            assert_eq!(page[key], own[key], "{key} of a policy");
        }
    }
    let findings = report::findings(review, None, 0, usize::MAX);
    assert_eq!((findings.total, findings.items.len()), (list("findings").len(), list("findings").len()));
    let by_verdict = ["dangerous", "unknown", "caution", "secure"].map(|verdict| report::findings(review, Some(verdict), 0, 0).total);
    assert_eq!(by_verdict.iter().sum::<usize>(), findings.total);
    let surfaces = (0..review.surfaces().len()).filter_map(|index| report::surface(review, index)).map(|surface| json(&surface));
    assert!(surfaces.eq(list("surfaces").iter().cloned()), "surfaces");
    assert_eq!(json(&report::tiers(review)), whole["tiers"]);
    places(review, &json(&report::ports(review, None, 0, usize::MAX)));
    for document in 0..u32::try_from(review.documents().len()).expect("few documents") {
        let marks = report::marks(review, document, 0, usize::MAX);
        assert_eq!(marks.total, marks.items.len());
        places(review, &json(&marks));
    }
}

/// The kinds and verdicts of all policies, sorted: one that is made of several documents stands in the first of them.
fn verdicts(review: &Review) -> Vec<(&'static str, &'static str)> {
    let policies = (0..review.policies()).filter_map(|index| report::policy(review, index));
    let mut all: Vec<(&str, &str)> = policies.map(|own| (own.kind, own.verdict)).collect();
    all.sort_unstable();
    all
}

/// Two orders of the same documents have the same verdicts, unless both define one name.
pub fn same_verdicts(one: &Review, other: &Review) {
    assert_eq!(verdicts(one), verdicts(other));
    assert_eq!(one.verdict(), other.verdict());
}

/// How many policies have which verdict.
pub fn counts(review: &Review) -> [usize; 4] {
    [Verdict::Dangerous, Verdict::Unknown, Verdict::Caution, Verdict::Secure].map(|verdict| review.count(verdict))
}
