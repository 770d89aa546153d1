use proptest::prelude::*;
use proptest::test_runner::Config;

use super::*;

fn one() -> Answers {
    let file = |name: &str| Configuration { name: name.into(), text: "{\"SecurityGroups\": []}\n\u{7}ü\"".into() };
    let done = Solved {
        id: "03-bastion".into(),
        solved: true,
        hints: 2,
        score: Some(0),
        shown_solution: true,
        answer: Some(vec![file("a.json"), file("b.json")]),
    };
    let begun = Solved { id: "04-public-database".into(), ..Solved::default() };
    Answers { learner: Some("Ada L.".into()), pack: Some("Class 7".into()), exercises: vec![done, begun], ..Answers::default() }
}

fn read(text: &str) -> (Answers, Vec<String>) {
    let read = answers("answers.json", text.into());
    let told = |problem: &crate::document::Problem| {
        let at = read.document.position(problem.span.start);
        format!("{}:{} {}", at.line, at.column, problem.message)
    };
    let problems = read.document.problems.kept().iter().map(told).collect();
    (read.answers, problems)
}

#[test]
fn what_is_written_is_read() {
    assert_eq!(read(&one().write()), (one(), Vec::new()));
    assert_eq!(read(&Answers::default().write()), (Answers::default(), Vec::new()));
}

#[test]
fn what_is_wrong_has_a_sentence_and_a_place_and_the_rest_is_kept() {
    let text = one().write();
    let deep = "[".repeat(100_000);
    for (from, to, said, kept) in [
        ("\"Ada L.\"", "7", "3:14 `learner` is no text", 2),
        ("Ada L.", "<b>Ada</b>", "`learner` has HTML", 2),
        ("Ada L.", "\\u202eadA", "`learner` has control characters", 2),
        ("\"solved\": true", "\"solved\": \"yes\"", "`solved` is neither true nor false", 2),
        ("\"hints\": 2", "\"hints\": -2", "`hints` is no whole number", 2),
        ("\"hints\": 2", "\"hints\": [[[[]]]]", "`hints` is no whole number", 2),
        ("\"score\": 0", "\"score\": 1e99", "`score` is no whole number", 2),
        ("\"score\": 0", "\"grade\": 0", "`grade` is no key", 2),
        ("\"03-bastion\"", "\"../etc\"", "no `id` of an exercise", 1),
        ("\"03-bastion\"", "\"04-public-database\"", "answered a second time; the first one counts", 1),
        ("\"text\"", "\"words\"", "no `text`", 2),
        ("\"a.json\"", "\"\"", "no `name`", 2),
        ("answers/1", "answers/2", "`schema` is not", 0),
        ("\"exercises\": [", "\"exercises\": 1, \"x\": [", "`exercises` has to be a list", 0),
        ("\"exercises\": [", &deep, "this is no JSON", 0),
    ] {
        let (answers, problems) = read(&text.replacen(from, to, 1));
        assert!(problems.iter().any(|one| one.contains(said)), "{to}: {problems:?}");
        assert_eq!(answers.exercises.len(), kept, "{to}");
    }
    let (answers, problems) = read(&text.replacen("\"text\"", "\"words\"", 1));
    assert!(answers.exercises[0].answer.is_none() && problems.len() == 1, "half an answer is none: {problems:?}");
    for (text, said) in [("", "no answers"), ("[1]", "no answers"), ("{}", "`schema` is not"), (&" ".repeat(BYTES + 1), "more than")] {
        let (answers, problems) = read(text);
        assert!(answers == Answers::default() && problems.iter().any(|one| one.contains(said)), "{problems:?}");
    }
}

#[test]
fn sizes_are_limited() {
    let many = |count: usize| {
        let exercises = (0..count).map(|nth| Solved { id: format!("x-{nth}"), ..Solved::default() }).collect();
        read(&Answers { exercises, ..Answers::default() }.write())
    };
    assert_eq!((many(EXERCISES).0.exercises.len(), many(EXERCISES).1.len()), (EXERCISES, 0));
    assert_eq!((many(EXERCISES + 9).0.exercises.len(), many(EXERCISES + 9).1.len()), (EXERCISES, 1));
    let mut large = one();
    large.exercises[0].answer = Some(vec![Configuration { name: "a".into(), text: "x".repeat(CONFIGURATION + 1) }]);
    assert!(read(&large.write()).0.exercises[0].answer.is_none());
    large.exercises[0].answer = Some(vec![Configuration { name: "a".into(), text: "x".into() }; FILES + 1]);
    assert!(read(&large.write()).0.exercises[0].answer.is_none());
}

proptest! {
    #![proptest_config(Config { cases: 300, failure_persistence: None, ..Config::default() })]

    #[test]
    fn a_broken_file_is_survived_and_told(at in 0_usize..600, to in any::<char>(), cut in any::<bool>()) {
        let text = one().write();
        let letters: Vec<char> = text.chars().collect();
        let at = at % letters.len();
        let broken: String = if cut {
            letters[..at].iter().collect()
        } else {
            letters.iter().enumerate().map(|(nth, letter)| if nth == at { to } else { *letter }).collect()
        };
        let (answers, problems) = read(&broken);
        prop_assert!(answers.exercises.len() <= 2);
        prop_assert!(answers.exercises.len() == 2 || !problems.is_empty(), "{}", broken);
        prop_assert_eq!(read(&answers.write()), (answers, Vec::new()), "what was read can be written");
    }
}
