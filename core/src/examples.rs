//! The examples that a person can load without having a configuration at hand. The files are in `data/examples`.

use serde::Serialize;

/// One example.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Example {
    /// The stable identifier.
    pub id: &'static str,
    /// What it shows.
    pub title: &'static str,
    /// What to notice, in one sentence.
    pub lesson: &'static str,
    /// The verdict on it.
    pub verdict: &'static str,
    /// The configuration.
    pub text: &'static str,
}

macro_rules! examples {
    ($($id:literal),* $(,)?) => {
        const TEXTS: &[(&str, &str)] = &[$(($id, include_str!(concat!("../data/examples/", $id, ".json")))),*];
    };
}
examples![
    "mysql-open",
    "mysql-from-app",
    "ssh-open",
    "ssh-from-bastion",
    "load-balancer",
    "application-tier",
    "database-tier",
    "jupyter-open",
    "mail-open",
    "dns-open",
    "rdp-open",
    "bad-day",
    "split-internet",
    "range-hides-rdp",
    "ipv6-twin",
    "prefix-list",
    "three-tiers",
    "all-traffic",
    "wide-private",
    "http-alone",
];

const INDEX: &str = include_str!("../data/examples/index.tsv");

/// All examples, in the order of the menu.
pub fn examples() -> Vec<Example> {
    INDEX.lines().skip(1).filter_map(read_row).collect()
}

fn read_row(line: &'static str) -> Option<Example> {
    let mut cells = line.split('\t');
    let (file, title, verdict, lesson) = (cells.next()?, cells.next()?, cells.next()?, cells.next()?);
    let named = file.trim_end_matches(".json");
    let (id, text) = TEXTS.iter().find(|(id, _)| *id == named)?;
    Some(Example { id, title, lesson, verdict, text })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::{Input, review};

    #[test]
    fn every_example_is_listed_and_gets_its_verdict() {
        assert_eq!(INDEX.lines().count() - 1, TEXTS.len());
        let examples = examples();
        assert_eq!(examples.len(), TEXTS.len(), "every row names a file");
        for example in examples {
            let review = review(vec![Input { name: example.id.into(), bytes: example.text.into() }], &mut |_| {});
            assert_eq!(review.verdict().unwrap().as_str(), example.verdict, "{}", example.id);
            assert_eq!(review.documents()[0].problems.kept(), [], "{}", example.id);
            assert!(example.lesson.ends_with('.') && !example.title.is_empty());
        }
    }
}
