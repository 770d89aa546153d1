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
    ($($file:literal),* $(,)?) => {
        const TEXTS: &[(&str, &str)] = &[$(($file, include_str!(concat!("../data/examples/", $file)))),*];
    };
}
examples![
    "mysql-open.json",
    "mysql-from-app.json",
    "ssh-open.json",
    "ssh-from-bastion.json",
    "load-balancer.json",
    "application-tier.json",
    "database-tier.json",
    "jupyter-open.json",
    "mail-open.json",
    "dns-open.json",
    "rdp-open.json",
    "bad-day.json",
    "split-internet.json",
    "range-hides-rdp.json",
    "ipv6-twin.json",
    "prefix-list.json",
    "three-tiers.json",
    "all-traffic.json",
    "wide-private.json",
    "http-alone.json",
    "plan-in-a-log.txt",
];

const INDEX: &str = include_str!("../data/examples/index.tsv");

/// All examples, in the order of the menu.
pub fn examples() -> Vec<Example> {
    INDEX.lines().skip(1).filter_map(read_row).collect()
}

fn read_row(line: &'static str) -> Option<Example> {
    let mut cells = line.split('\t');
    let (file, title, verdict, lesson) = (cells.next()?, cells.next()?, cells.next()?, cells.next()?);
    let (id, _) = file.rsplit_once('.')?;
    let (_, text) = TEXTS.iter().find(|(known, _)| *known == file)?;
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
            assert_eq!(review.documents()[0].problems.errors(), 0, "{}", example.id);
            assert!(example.lesson.ends_with('.') && !example.title.is_empty());
        }
    }
}
