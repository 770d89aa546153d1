//! The project's own exercises, in the order of the track. The files are in `exercises/`.

use super::{Exercise, Parts, exercise};

/// A file of an exercise's folder; one whose ending is not given is JSON.
macro_rules! text {
    ($id:literal, $stem:literal,) => { text!($id, $stem, "json") };
    ($id:literal, $stem:literal $(, $ending:literal)?) => { include_str!(concat!("../../../exercises/", $id, "/", $stem $(, $ending)?)) };
}
macro_rules! name {
    () => {
        "start.json"
    };
    ($ending:literal) => {
        concat!("start.", $ending)
    };
}
macro_rules! baseline {
    ($id:literal) => {
        None
    };
    ($id:literal $beside:literal) => {
        Some(text!($id, $beside))
    };
}
macro_rules! exercises {
    ($($id:literal $(in $ending:literal)? $(with $beside:literal)?),* $(,)?) => {
        const PARTS: &[Parts<'static>] = &[$(Parts {
            id: $id,
            exercise: text!($id, "exercise.toml"),
            readme: text!($id, "README.md"),
            start: &[(name!($($ending)?), text!($id, "start.", $($ending)?))],
            solution: &[(name!($($ending)?), text!($id, "solution.", $($ending)?))],
            baseline: baseline!($id $($beside)?),
        }),*];
    };
}
exercises![
    "00-read-a-verdict",
    "01-office-only",
    "02-ipv6-twin",
    "03-bastion",
    "04-public-database",
    "05-all-traffic",
    "06-wide-range",
    "07-split-internet",
    "08-duplicates",
    "09-egress",
    "10-icmp",
    "11-three-tiers",
    "12-default-group",
    "13-unauthorised-service",
    "14-acl-replies",
    "15-azure-priorities",
    "16-gcp-tags",
    "18-incident",
    "19-capstone",
    "20-open-resolver",
    "21-pump-and-tunnel",
    "22-redirect",
    "23-rule-numbers",
    "24-unused-list",
    "25-range-for-answers",
    "26-nat-gateway",
    "27-approved-until" with "baseline.toml",
    "28-from-the-manual",
    "29-switched-off",
    "30-the-loop" in "tf",
];

/// Ids and titles of exercises that are planned and not there yet.
pub const COMING: &[(&str, &str)] = &[("17-flow-logs", "Read the flow logs")];

/// All exercises, in the order of the track.
pub fn track() -> Vec<Exercise> {
    PARTS.iter().flat_map(|parts| exercise(*parts).exercises).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_exercise_is_listed_and_without_a_problem() {
        for parts in PARTS {
            let pack = exercise(*parts);
            assert_eq!(pack.document.problems.kept(), [], "{}", parts.id);
            assert_eq!(pack.exercises.len(), 1, "{}", parts.id);
        }
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../exercises");
        let folders = std::fs::read_dir(folder).unwrap().filter(|entry| entry.as_ref().unwrap().path().is_dir()).count();
        assert_eq!(folders, PARTS.len(), "every folder of exercises/ is in the list");
    }
}
