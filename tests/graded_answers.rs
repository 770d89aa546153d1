//! Two hundred answers, each graded by itself and on the ground that the faces keep, one after the other; and what is said of
//! some that every reader of a grade meets.

use portcullis_core::review::Input;
use portcullis_core::training::{Exercise, Grade, Graded, Ground, grade, track};
use serde_json::json;

const ANSWERS: usize = 200;

/// SplitMix64, as in the drill.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % u64::try_from(most.max(1)).unwrap()).unwrap()
    }
}

/// What stands in answers, and what may come in its place.
const PREFIXES: [&str; 6] = ["0.0.0.0/0", "::/0", "203.0.113.0/24", "10.0.0.0/16", "0.0.0.0/1", "10.0.1.50/32"];
const PORTS: [&str; 8] = ["22", "443", "80", "3306", "0", "65535", "-1", "1024"];

fn changed(text: &str, dice: &mut Dice) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let at = dice.below(lines.len());
    let swapped = |text: &str, all: &[&str], dice: &mut Dice| {
        let there: Vec<&&str> = all.iter().filter(|one| text.contains(**one)).collect();
        let from = there.get(dice.below(there.len())).map_or("", |one| **one);
        let to = all[dice.below(all.len())];
        if from.is_empty() { text.to_owned() } else { text.replacen(from, to, 1 + dice.below(3)) }
    };
    match dice.below(6) {
        0 => drop(lines.remove(at)),
        1 => lines.insert(at, lines[at].clone()),
        2 => {
            let other = dice.below(lines.len());
            lines.swap(at, other);
        }
        3 => return swapped(text, &PREFIXES, dice),
        4 => return swapped(text, &PORTS, dice),
        _ => lines.truncate(at.max(1)),
    }
    lines.join("\n")
}

fn answer(exercise: &Exercise, nth: usize, dice: &mut Dice) -> Input {
    let file = if nth.is_multiple_of(2) { &exercise.start[0] } else { &exercise.solution[0] };
    let mut text = file.text.clone();
    for _ in 0..dice.below(4) {
        text = changed(&text, dice);
    }
    Input { name: file.name.clone(), bytes: text.into_bytes() }
}

fn answers() -> Vec<(Exercise, Input)> {
    let (track, mut dice) = (track(), Dice(20));
    let one = |nth: usize| {
        // Starts and solutions take turns, for each exercise as well.
        let exercise = &track[(nth * 7) % track.len()];
        (exercise.clone(), answer(exercise, nth / track.len() + nth, &mut dice))
    };
    (0..ANSWERS).map(one).collect()
}

#[test]
fn a_grade_does_not_depend_on_what_was_graded_before() {
    let (mut passed, mut full) = (0, [0, 0, 0]);
    let mut ground = Ground::default();
    for (exercise, input) in answers() {
        let grade = grade(&exercise, vec![input.clone()]);
        passed += usize::from(grade.passed);
        let meters = [grade.verdicts.full, grade.connectivity.full, grade.least_privilege.full];
        full.iter_mut().zip(meters).for_each(|(count, full)| *count += usize::from(full));
        let told = json!(Graded::beside(None, grade));
        let other = json!(ground.grade(&exercise.id, vec![input]));
        assert_eq!(told["said"], other["said"], "{}: a second time it is the same", exercise.id);
    }
    let some = |count: usize| (ANSWERS / 20..=ANSWERS * 19 / 20).contains(&count);
    assert!(some(passed) && full.into_iter().all(some), "{passed} pass, {full:?} meters are full: nothing would be compared");
}

fn one(number: &str) -> Exercise {
    track().into_iter().find(|exercise| exercise.id.starts_with(number)).unwrap()
}

fn graded(exercise: &Exercise, text: String) -> Grade {
    grade(exercise, vec![Input { name: exercise.start[0].name.clone(), bytes: text.into_bytes() }])
}

fn start(exercise: &Exercise) -> Grade {
    graded(exercise, exercise.start[0].text.clone())
}

#[test]
fn what_nobody_can_tell_has_its_reason() {
    let said = |grade: &Grade| grade.connectivity.flows.iter().map(|flow| flow.said.clone()).collect::<Vec<_>>();
    let intricate = said(&start(&one("30")));
    assert!(intricate[0].contains("tcp/8443 may not get through: a policy on the way is too intricate"), "{intricate:?}");
    assert!(intricate[1].contains("tcp/5432 may get through and must not: a policy"), "{intricate:?}");
    let database = one("04");
    let text = database.solution[0]
        .text
        .replace("\"UserIdGroupPairs\"", "\"PrefixListIds\": [{ \"PrefixListId\": \"pl-0a1b\" }], \"UserIdGroupPairs\"");
    let open = said(&graded(&database, text)).join("\n");
    assert!(open.contains("may get through and must not: whether line "), "{open}");
    let capstone = one("19");
    let flow = &start(&capstone).connectivity.flows[6];
    let line = flow.decided_by.as_ref().unwrap().line as usize;
    assert!(
        flow.said.contains(&format!("may not get through: whether line {line} allows it, in the security group database, depends")),
        "{}",
        flow.said
    );
    assert!(capstone.start[0].text.lines().nth(line - 1).unwrap().contains("migration"), "{}", flow.said);
}

#[test]
fn the_verdict_names_the_worst_finding_and_counts_the_others() {
    let incident = one("18");
    let told = &start(&incident).verdicts.said;
    let line: usize = told.split_once("(line ").unwrap().1.split_once(')').unwrap().0.parse().unwrap();
    assert!(incident.start[0].text.lines().nth(line - 1).unwrap().contains("CidrIp"), "{told}");
    assert!(told.starts_with("dangerous: ") && told.ends_with(" more to mend"), "{told}");
    assert_eq!(graded(&incident, incident.solution[0].text.clone()).verdicts.said, "everything here is secure");
}
