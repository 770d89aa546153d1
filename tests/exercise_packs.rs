//! What an instructor hands out and learners hand in: packs, and the shapes of everything that is printed.

use portcullis_core::audits::find;
use portcullis_core::review::Input;
use portcullis_core::training::{
    ANSWERS_SCHEMA, Answers, CLASS_SCHEMA, Configuration, EXERCISE_SCHEMA, EXERCISES_SCHEMA, GRADE_SCHEMA, Ground, Solved, answers, class,
    grade, pack, track, write_pack,
};
use serde_json::{Value, json};

fn answer(text: &str) -> Vec<Input> {
    vec![Input { name: "answer.json".into(), bytes: text.into() }]
}

#[test]
fn what_is_printed_keeps_its_schema() {
    let valid = |schema: &str, value: Value, what: &str| {
        let validator = jsonschema::validator_for(&serde_json::from_str::<Value>(schema).unwrap()).unwrap();
        let errors: Vec<String> = validator.iter_errors(&value).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert!(errors.is_empty(), "{what}: {errors:#?}");
    };
    let mut ground = Ground::default();
    valid(EXERCISES_SCHEMA, json!(ground.list()), "the track");
    let mut handed_in = Answers { learner: Some("Ada".into()), ..Answers::default() };
    for exercise in track() {
        let id = &exercise.id;
        valid(EXERCISE_SCHEMA, json!(exercise.shown()), id);
        for text in [&exercise.start[0].text, &exercise.solution[0].text, "{}", "broken", ""] {
            valid(GRADE_SCHEMA, json!(ground.grade(id, answer(text))), id);
        }
        handed_in.exercises.push(Solved { id: id.clone(), score: Some(0), answer: Some(exercise.solution), ..Solved::default() });
    }
    handed_in.exercises.push(Solved { id: "99-nothing".into(), solved: true, ..Solved::default() });
    valid(ANSWERS_SCHEMA, json!(handed_in), "answers");
    let read = [answers("ada.json", handed_in.write().into()), answers("x.json", "{".into())];
    let class = class(&track(), &read);
    assert!(class.rows.iter().filter(|row| row.passed).count() == track().len() && !class.problems.is_empty());
    valid(CLASS_SCHEMA, json!(class), "a class");
}

const PACK: &str = r#"
[[exercise]]
id = "class-1"
title = "One"
forbid = "dangerous"
slack = 0
file = "start.json"
story = "Mend it."
start = '{"SecurityGroups": []}'
solution = '{"SecurityGroups": []}'
[exercise.zones]
a = ["10.0.0.0/8", "2001:db8::/32"]
x = { group = "sg-1" }
[[exercise.must_allow]]
flow = "a -> x tcp/443"
because = "it is needed"
[[exercise.hint]]
text = "Read it."
"#;

fn problems(text: &str) -> Vec<String> {
    pack("pack.toml", text.into()).document.problems.kept().iter().map(|problem| problem.message.clone()).collect()
}

#[test]
fn a_pack_is_read() {
    assert_eq!(problems(PACK), [""; 0]);
    let second = PACK.replace("class-1", "class-2");
    let two = pack("pack.toml", format!("{PACK}{second}").into()).exercises;
    assert_eq!(two.iter().map(|exercise| exercise.id.as_str()).collect::<Vec<_>>(), ["class-1", "class-2"]);
    assert_eq!(two[0].hints, ["Read it."]);
    assert!(!grade(&two[0], answer(&two[0].solution[0].text)).passed);
}

#[test]
fn the_idea_of_an_exercise_is_optional_and_short() {
    let with = |lines: &str| PACK.replacen("forbid", &format!("{lines}\nforbid"), 1);
    let one = |lines: &str| pack("pack.toml", with(lines).into()).exercises.remove(0);
    assert_eq!(one("").in_short(), "");
    let audits = r#"teaches = ["open-database", "open-icmp"]"#;
    let titles = ["open-database", "open-icmp"].map(|id| find(id).unwrap().doc().title).join("; ");
    assert_eq!((one(audits).idea.as_str(), one(audits).in_short()), ("", titles));
    let both = format!("idea = \"It is needed\"\n{audits}");
    assert_eq!(one(&both).in_short(), "It is needed");
    assert_eq!(pack("again.toml", write_pack(&one(&both)).into()).exercises, [one(&both)]);
    let long = |letters: usize| problems(&with(&format!("idea = \"{}\"", "é".repeat(letters))));
    assert_eq!(long(80), [""; 0]);
    assert_eq!(long(81), ["`idea` has more than 80 characters; make it shorter"]);
    for (idea, said) in [("\"\"", "empty"), ("\"a <b>\"", "HTML"), ("[\"a\"]", "no text")] {
        assert!(problems(&with(&format!("idea = {idea}")))[0].contains(said), "{idea}");
    }
}

/// `PACK` with its configuration in tables of their own.
fn several(files: &str) -> String {
    let one = "file = \"start.json\"\n";
    let text = PACK.replace(one, "").replace("start = '{\"SecurityGroups\": []}'\nsolution = '{\"SecurityGroups\": []}'\n", "");
    format!("{text}{files}")
}

#[test]
fn several_files_are_graded_together_and_against_the_given_baseline() {
    let group = |ports: &str| {
        format!(
            "resource \"aws_security_group\" \"x\" {{\n  name = \"sg-1\"\n  ingress {{\n    from_port = {ports}\n    to_port = {ports}\n    \
             protocol = \"tcp\"\n    cidr_blocks = [var.a]\n  }}\n}}\n"
        )
    };
    let file = |name: &str, start: &str, solution: &str| {
        format!("[[exercise.file]]\nfile = \"{name}\"\nstart = \'\'\'\n{start}\'\'\'\nsolution = \'\'\'\n{solution}\'\'\'\n")
    };
    let variable = |cidr: &str| format!("variable \"a\" {{\n  default = \"{cidr}\"\n}}\n");
    let files = file("main.tf", &group("443"), &group("443")) + &file("variables.tf", &variable("0.0.0.0/0"), &variable("10.0.0.0/8"));
    let text = several(&files).replace("[\"10.0.0.0/8\", \"2001:db8::/32\"]", "\"10.0.0.0/8\"");
    assert_eq!(problems(&text), [""; 0]);
    let exercise = pack("pack.toml", text.clone().into()).exercises.remove(0);
    let inputs = |files: &[Configuration]| files.iter().map(Configuration::input).collect::<Vec<_>>();
    assert!(grade(&exercise, inputs(&exercise.solution)).passed, "{}", grade(&exercise, inputs(&exercise.solution)).said);
    assert!(!grade(&exercise, inputs(&exercise.start)).passed);
    for (from, to, said) in [
        ("variables.tf", "main.tf", "two files are called"),
        ("variables.tf", "../x", "short name"),
        ("variable \"a\"", "\'\'\'\n[[exercise.file]]\nfile = \"y\"\nstart = \'\'\'\n", "some files have a `solution`"),
    ] {
        let told = problems(&text.replacen(from, to, 1));
        assert!(told.iter().any(|one| one.contains(said)), "{to}: {told:?}");
    }
    let many: String = (0..9).map(|nth| file(&format!("{nth}.tf"), "x", "y")).collect();
    assert!(problems(&several(&many))[0].contains("at most 8"), "{:?}", problems(&several(&many)));
    assert!(problems(&several(""))[0].contains("a `file` and a `start`"));
    let dated = PACK.replacen("slack = 0", "slack = 0\ntoday = 2026-13-01", 1);
    assert!(problems(&dated)[0].contains("no date"));
    assert!(problems(&PACK.replacen("slack = 0", "baseline = \"\"", 1))[0].contains("baseline is empty"));
}

#[test]
fn a_hostile_pack_is_refused_with_a_sentence() {
    for (from, to, said) in [
        ("One", "<img src=x onerror=alert(1)>", "HTML"),
        ("Mend it.", "Mend it. </p>", "HTML"),
        ("Mend it.", "Mend \\u001b[31m it.", "control characters"),
        ("Mend it.", "\\u202e.ti dneM", "control characters"),
        ("Mend it.", "", "empty"),
        ("class-1", "../../etc/passwd", "short name"),
        ("start.json", "/etc/passwd", "short name"),
        ("\"dangerous\"", "\"never\"", "neither"),
        ("slack = 0", "slack = -1", "whole number"),
        ("slack = 0", "slack = 99999999999999999999", "whole number"),
        ("slack = 0", "colour = \"red\"", "no key of an exercise"),
        ("tcp/443\"", "tcp/99999\"", "no port"),
        ("a -> x", "b -> x", "no zone"),
        ("a -> x", "a -> a", "neither end"),
        ("\"10.0.0.0/8\"", "\"10.0.0.0/99\"", "a zone is"),
        ("must_allow", "must_deny", "no [[must_allow]]"),
        ("[exercise.zones]", "[exercise.scripts]", "no table of an exercise"),
        ("[[exercise]]", "[[approve]]", "a pack is a list"),
        ("id = ", "id : ", "no TOML"),
    ] {
        let told = problems(&PACK.replacen(from, to, 1));
        assert!(told.iter().any(|one| one.contains(said)), "{to}: {told:?}");
        assert!(pack("pack.toml", PACK.replacen(from, to, 1).into()).exercises.is_empty(), "{to}");
    }
    let long = PACK.replacen("Mend it.", &"a ".repeat(4_000), 1);
    assert!(problems(&long)[0].contains("shorter"));
    assert!(problems(&" ".repeat(2 << 20))[0].contains("more than"));
    assert!(!problems(&PACK.repeat(2)).is_empty(), "an id is given twice");
    let hints = format!("{PACK}{}", "[[exercise.hint]]\ntext = \"x\"\n".repeat(100));
    assert!(!problems(&hints).is_empty());
    for text in ["[".repeat(100_000), "[[exercise]]\n".repeat(10_000), "\u{0}".repeat(1000), String::new()] {
        assert!(!problems(&text).is_empty());
    }
    for cut in (0..PACK.len()).filter(|at| PACK.is_char_boundary(*at)) {
        let _ = pack("pack.toml", PACK.as_bytes()[..cut].to_vec());
    }
}

#[test]
fn the_pack_of_the_document_can_be_solved() {
    let document = include_str!("../docs/training.md");
    let text = document.split("```").nth(1).unwrap().strip_prefix("toml\n").unwrap();
    assert_eq!(problems(text), [""; 0]);
    let exercise = pack("pack.toml", text.into()).exercises.remove(0);
    assert!(grade(&exercise, answer(&exercise.solution[0].text)).passed);
    assert!(!grade(&exercise, answer(&exercise.start[0].text)).passed);
}
