//! `portcullis exercise` as a learner and an instructor see it.

mod support;

use support::{Files, run, status};

#[test]
fn an_exercise_is_listed_shown_and_solved() {
    let list = status(&["exercise", "list"], "", 0);
    assert!(list.contains("03-bastion") && list.contains("17-flow-logs") && list.contains("(coming)"), "{list}");
    assert!(
        list.contains("  SSH without the internet\n") && list.contains("\n    A source can be a group instead of an address\n"),
        "{list}"
    );
    let shown = status(&["exercise", "show", "03", "--hints", "1"], "", 0);
    assert!(shown.starts_with("SSH without the internet\nA source can be a group instead of an address\n\n"), "{shown}");
    assert!(shown.contains("bastion -> web tcp/22") && shown.contains("hint: Ask") && shown.contains("2 more hints"), "{shown}");
    assert!(shown.contains("begin:  portcullis exercise show 03-bastion --start > start.json\n"), "{shown}");
    assert!(shown.ends_with("grade:  portcullis exercise grade 03-bastion start.json\n"), "{shown}");
    assert_eq!(shown, status(&["exercise", "show", "bastion", "--hints", "1"], "", 0), "the name alone will do");
    let (start, solution) =
        (status(&["exercise", "show", "03", "--start"], "", 0), status(&["exercise", "show", "03-bastion", "--solution"], "", 0));
    let told = status(&["exercise", "grade", "03", "-"], &start, 1);
    assert!(told.contains("internet -> web tcp/22 gets through and must not: line") && told.contains("which nobody needs (line"), "{told}");
    let told = status(&["exercise", "grade", "03", "-"], &solution, 0);
    assert!(told.contains("SOLVED") && told.contains("excess 0"), "{told}");
    let files = Files::new("exercise-before");
    let (before, now) = (files.write("before.json", &start), files.write("now.json", r#"{"SecurityGroups": []}"#));
    status(&["exercise", "grade", "03", &now, "--before", &before], "", 1);
    let dated = status(&["exercise", "show", "27"], "", 0);
    assert!(dated.contains("today is 2026-09-01") && dated.contains("review = 2026-06-30"), "{dated}");
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
    let taught = files.write("taught.toml", &pack.replace("story", "teaches = [\"open-icmp\"]\nstory"));
    assert!(status(&["exercise", "list", "--pack", &taught], "", 0).contains("ICMP"), "without an idea the audits are named");
    status(&["exercise", "grade", "class-1", "-", "--pack", &good], "{}", 1);
    let shown = status(&["exercise", "show", "class-1", "--pack", &good], "", 0);
    assert!(shown.contains(&format!("show class-1 --start --pack {good} > start.json")), "{shown}");
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

#[test]
fn a_finding_becomes_a_pack_that_can_be_solved() {
    let files = Files::new("exercise-from");
    let groups = files.write("acme.json", &status(&["exercise", "show", "01", "--start"], "", 0).replace("\"web\"", "\"acme-web\""));
    let made = run(&["exercise", "from", &groups, "--finding", "1"], "");
    let (text, said) = (String::from_utf8(made.stdout).unwrap(), String::from_utf8(made.stderr).unwrap());
    assert!(made.status.success() && said.contains("its solution was tried and passes") && !text.contains("acme"), "{said}{text}");
    let pack = files.write("pack.toml", &text);
    let solution = status(&["exercise", "show", "finding-open-remote-admin", "--solution", "--pack", &pack], "", 0);
    status(&["exercise", "grade", "finding-open-remote-admin", "-", "--pack", &pack], &solution, 0);
    assert!(status(&["exercise", "from", &groups, "--names"], "", 0).contains("acme-web"));
    for number in ["0", "99"] {
        status(&["exercise", "from", &groups, "--finding", number], "", 2);
    }
}

#[test]
fn what_a_class_handed_in_is_graded_again() {
    let files = Files::new("exercise-class");
    let answer = |id: &str, solved: bool, text: &str| {
        serde_json::json!({ "id": id, "solved": solved, "hints": 1, "score": 0, "shown_solution": false,
            "answer": [{ "name": "start.json", "text": text }] })
    };
    let show = |what: &str| status(&["exercise", "show", "03", what], "", 0);
    let file = |learner: &str, exercises: serde_json::Value| {
        serde_json::json!({ "schema": "portcullis.answers/1", "learner": learner, "pack": null, "exercises": exercises }).to_string()
    };
    let ada = files.write("ada.json", &file("=HYPERLINK(\"x\")", serde_json::json!([answer("03-bastion", true, &show("--solution"))])));
    let eve = serde_json::json!([answer("03-bastion", true, &show("--start")), { "id": "99-nothing" }, { "id": "00-read-a-verdict" }]);
    let eve = files.write("eve.json", &file("Eve", eve));
    let table = status(&["exercise", "grade", "--answers", &ada, &eve], "", 0);
    let line = |name: &str| table.lines().find(|line| line.starts_with(name)).unwrap().to_owned();
    assert!(line("=HYPER").contains("yes  ") && line("Eve").contains("the file says solved"), "{table}");
    assert!(table.contains("there is no such exercise here") && table.contains("no answer was handed in"), "{table}");
    let csv = status(&["exercise", "grade", "--answers", &ada, &eve, "--format", "csv"], "", 0);
    assert!(csv.contains(",\"'=HYPERLINK(\"\"x\"\")\",03-bastion,SSH without the internet,yes,yes,yes,yes,"), "{csv}");
    let json: serde_json::Value =
        serde_json::from_str(&status(&["exercise", "grade", "--answers", &ada, &eve, "--format", "json"], "", 0)).unwrap();
    assert_eq!((&json["rows"][1]["claimed"], &json["rows"][1]["passed"]), (&true.into(), &false.into()));
    let broken = files.write("broken.json", "{\"schema\": \"portcullis.answers/1\", \"exercises\": [7");
    let refused = run(&["exercise", "grade", "--answers", &ada, &broken], "");
    let said = String::from_utf8(refused.stderr).unwrap();
    assert!(
        refused.status.code() == Some(2) && said.contains("broken.json:1:") && String::from_utf8(refused.stdout).unwrap().contains("yes"),
        "{said}"
    );
    status(&["exercise", "list", "--format", "csv"], "", 2);
}

#[test]
fn the_schemas_are_printed() {
    for name in ["exercises", "exercise", "grade", "answers", "class"] {
        let schema: serde_json::Value = serde_json::from_str(&status(&["schema", name], "", 0)).unwrap();
        assert_eq!(schema["$id"], format!("portcullis.{name}/1"));
    }
}
