//! `portcullis exercise` as a learner and an instructor see it.

mod support;

use support::{Files, run, status};

#[test]
fn an_exercise_is_listed_shown_and_solved() {
    let list = status(&["exercise", "list"], "", 0);
    assert!(list.contains("03-bastion") && list.contains("17-flow-logs") && list.contains("(coming)"), "{list}");
    let shown = status(&["exercise", "show", "03", "--hints", "1"], "", 0);
    assert!(shown.contains("bastion -> web tcp/22") && shown.contains("hint: Ask") && shown.contains("2 more hints"), "{shown}");
    let (start, solution) =
        (status(&["exercise", "show", "03", "--start"], "", 0), status(&["exercise", "show", "03-bastion", "--solution"], "", 0));
    let told = status(&["exercise", "grade", "03", "-"], &start, 1);
    assert!(told.contains("internet -> web tcp/22 gets through and must not: line") && told.contains("which nobody needs (line"), "{told}");
    let told = status(&["exercise", "grade", "03", "-"], &solution, 0);
    assert!(told.contains("SOLVED") && told.contains("excess 0"), "{told}");
    let files = Files::new("exercise-before");
    let (before, now) = (files.write("before.json", &start), files.write("now.json", r#"{"SecurityGroups": []}"#));
    status(&["exercise", "grade", "03", &now, "--before", &before], "", 1);
    for wrong in [&["exercise", "show", "17"][..], &["exercise", "show", "99"], &["exercise", "grade", "03", "/nowhere/at/all.json"]] {
        status(wrong, "", 2);
    }
}

#[test]
fn programs_get_the_same_grade() {
    let start = status(&["exercise", "show", "04", "--start"], "", 0);
    let told: serde_json::Value = serde_json::from_str(&status(&["exercise", "grade", "04", "-", "--format", "json"], &start, 1)).unwrap();
    assert_eq!((&told["schema"], &told["passed"], &told["score"]), (&"portcullis.grade/1".into(), &false.into(), &serde_json::Value::Null));
    assert_eq!(told["connectivity"]["flows"][2]["flow"], "internet -> database tcp/5432");
    let list: serde_json::Value = serde_json::from_str(&status(&["exercise", "list", "--format", "json"], "", 0)).unwrap();
    assert_eq!(list["exercises"][0]["id"], "00-read-a-verdict");
    let shown: serde_json::Value = serde_json::from_str(&status(&["exercise", "show", "04", "--format", "json"], "", 0)).unwrap();
    assert_eq!((shown["start"][0]["text"].as_str(), &shown["exercise"]["zones"][0]["internet"]), (Some(start.as_str()), &true.into()));
}

#[test]
fn a_pack_replaces_the_track_and_a_hostile_one_is_refused() {
    let pack = r#"
[[exercise]]
id = "class-1"
title = "Ours"
file = "start.json"
story = "Mend it."
start = '{"SecurityGroups": []}'
solution = '{"SecurityGroups": []}'
[exercise.zones]
a = "10.0.0.0/8"
x = { group = "sg-1" }
[[exercise.must_allow]]
flow = "a -> x tcp/443"
because = "it is needed"
"#;
    let files = Files::new("exercise-pack");
    let (good, bad) = (files.write("good.toml", pack), files.write("bad.toml", &pack.replace("Ours", "<script>")));
    assert_eq!(status(&["exercise", "list", "--pack", &good], "", 0), "class-1  Ours\n");
    status(&["exercise", "grade", "class-1", "-", "--pack", &good], "{}", 1);
    let refused = run(&["exercise", "list", "--pack", &bad], "");
    let said = String::from_utf8(refused.stderr).unwrap();
    assert!(refused.status.code() == Some(2) && said.contains("HTML") && said.contains("bad.toml:4"), "{said}");
}

#[test]
fn a_drill_is_the_same_every_time() {
    let drill = |seed: &str| status(&["drill", "--seed", seed, "--count", "4"], "", 0);
    assert!(drill("7").contains("4. ") && drill("7") == drill("7") && drill("7") != drill("8"));
    let json: serde_json::Value = serde_json::from_str(&status(&["drill", "--seed", "7", "--format", "json"], "", 0)).unwrap();
    assert_eq!(json.as_array().map(Vec::len), Some(5));
}
