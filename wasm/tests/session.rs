//! The wasm face in a real browser: bytes in, pages out.
#![cfg(target_arch = "wasm32")]

use js_sys::{Array, Function, JSON, Reflect};
use portcullis_wasm::{Session, Training, audit, drill, examples, pseudonymise, read_answers, tool, write_answers};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_dedicated_worker);

const OPEN: &str = r#"{"SecurityGroups": [{"GroupId": "sg-1", "GroupName": "wüb", "IpPermissionsEgress": [], "IpPermissions": [
    {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]}]}"#;

fn get(value: &JsValue, path: &str) -> JsValue {
    path.split('.').fold(value.clone(), |value, key| Reflect::get(&value, &key.into()).expect("an object"))
}

fn text(value: &JsValue, path: &str) -> String {
    let found = get(value, path);
    found.as_string().unwrap_or_else(|| JSON::stringify(&found).map(String::from).unwrap_or_default())
}

fn reviewed(input: &str, pieces: usize) -> (Session, JsValue) {
    let mut session = Session::new();
    session.begin("pasted".into(), input.len());
    input.as_bytes().chunks(input.len() / pieces + 1).for_each(|piece| session.chunk(piece));
    session.end();
    let summary = session.review(&Function::new_no_args("")).unwrap_or_else(|_| panic!("a summary"));
    (session, summary.into())
}

#[wasm_bindgen_test]
fn bytes_in_pieces_give_one_verdict() {
    for pieces in [1, 7, 100] {
        let (_, summary) = reviewed(OPEN, pieces);
        assert_eq!(text(&summary, "verdict"), "dangerous");
        assert_eq!(text(&summary, "counts.dangerous"), "1");
        assert_eq!(text(&summary, "documents.0.format"), "aws-security-groups");
    }
}

#[wasm_bindgen_test]
fn approvals_hold_until_their_day() {
    let baseline = "[[approve]]\npolicy = \"sg-1\"\nprotocol = \"tcp\"\nports = \"22\"\nsources = \"internet\"\n\
        justification = \"x\"\nowner = \"x\"\nreview = 2030-01-01\n";
    for (day, verdict) in [("2029-12-31", "secure"), ("2030-01-02", "dangerous"), ("soon", "secure")] {
        let mut session = Session::new();
        session.today(day);
        for (name, text) in [("groups.json", OPEN), ("portcullis.toml", baseline)] {
            session.begin(name.into(), text.len());
            session.chunk(text.as_bytes());
        }
        let summary: JsValue = session.review(&Function::new_no_args("")).expect("a summary").into();
        assert_eq!(text(&summary, "verdict"), verdict, "{day}");
    }
}

#[wasm_bindgen_test]
fn results_come_in_pages() {
    let (session, _) = reviewed(OPEN, 1);
    let findings: JsValue = session.findings(Some("dangerous".into()), 0, 10).expect("a page").into();
    assert_eq!(text(&findings, "total"), "1");
    assert_eq!(text(&findings, "items.0.audit"), "open-remote-admin");
    assert_eq!(text(&findings, "items.0.places.0.line"), "2");
    assert_eq!(text(&findings, "items.0.witness.port"), "22");
    let beyond: JsValue = session.findings(None, 50, 10).expect("a page").into();
    assert_eq!(Array::from(&get(&beyond, "items")).length(), 0);
    let policy: JsValue = session.policy(0).ok().flatten().expect("a policy").into();
    assert_eq!(text(&policy, "name"), "wüb");
    assert_eq!(text(&policy, "exposures.0.ipv4"), "3702258688");
    assert!(get(&policy, "address").is_null(), "what is missing is null and not undefined");
    assert!(session.policy(1).ok().flatten().is_none());
    let marks: JsValue = session.marks(0, 0, 10).expect("a page").into();
    assert_eq!((text(&marks, "items.0.verdict"), text(&marks, "items.0.finding")), ("dangerous".into(), "0".into()));
    let ports: JsValue = session.ports(0, 10, None).expect("a page").into();
    assert_eq!(text(&ports, "items.0.ports"), "22");
}

#[wasm_bindgen_test]
fn results_are_taken_away() {
    let (session, _) = reviewed(OPEN, 1);
    assert!(session.markdown().contains("## Findings"));
    assert!(session.csv().contains("open-remote-admin"));
    let made: JsValue = pseudonymise(vec!["pasted".into()], vec![OPEN.into()], vec!["var.wüb".into()], vec!["10.0.0.0/8".into()])
        .expect("documents")
        .into();
    assert!(!text(&made, "documents.0.text").contains("wüb"));
    assert!(text(&made, "assumed.0.name").starts_with("var.name"));
    assert!(text(&made, "said").ends_with("replaced"));
}

#[wasm_bindgen_test]
fn what_the_page_shows_beside() {
    let all: JsValue = examples().expect("examples").into();
    assert!(Array::from(&all).length() >= 12);
    let doc: JsValue = audit("open-database").ok().flatten().expect("a document").into();
    assert!(text(&doc, "dangerous").contains("SecurityGroups"));
    let beside: JsValue = audit("approval-expired").ok().flatten().expect("a document").into();
    assert!(text(&beside, "baseline").contains("[[approve]]"));
    assert!(audit("no-such-audit").ok().flatten().is_none());
    let this: JsValue = tool().expect("the tool").into();
    assert_eq!(text(&this, "name"), "portcullis");
}

#[wasm_bindgen_test]
fn an_exercise_is_shown_and_graded() {
    let mut training = Training::new();
    let list: JsValue = training.exercises().expect("a list").into();
    assert_eq!((text(&list, "schema"), text(&list, "exercises.3.id")), ("portcullis.exercises/1".into(), "03-bastion".into()));
    assert_eq!(text(&list, "exercises.3.zones.0.internet"), "true");
    let shown: JsValue = training.exercise("03-bastion").ok().flatten().expect("an exercise").into();
    let (name, start, solution) = (text(&shown, "start.0.name"), text(&shown, "start.0.text"), text(&shown, "solution.0.text"));
    let mut grade = |answer: &str| -> JsValue {
        training.grade("03-bastion", vec![name.clone()], vec![answer.into()]).ok().flatten().expect("a grade").into()
    };
    let first = grade(&start);
    assert_eq!((text(&first, "passed"), text(&first, "schema")), ("false".into(), "portcullis.grade/1".into()));
    assert!(get(&first, "score").is_null() && Array::from(&get(&first, "regressions")).length() == 0);
    assert_eq!(text(&grade(&solution), "score"), "0");
    let broken = grade(r#"{"SecurityGroups": []}"#);
    assert!(text(&broken, "regressions.0").contains("no longer works"), "beside the start");
    assert!(training.exercise("99").ok().flatten().is_none() && training.grade("99", vec![], vec![]).ok().flatten().is_none());
}

#[wasm_bindgen_test]
fn packs_and_answers_are_read_and_written() {
    let (session, _) = reviewed(OPEN, 3);
    let made: JsValue = session.exercise_from_finding(0, false).expect("a pack").into();
    assert!(get(&made, "error").is_null() && text(&made, "made.solved") == "true", "{}", text(&made, "error"));
    let (pack, id) = (text(&made, "made.pack"), text(&made, "made.exercise"));
    assert!(!pack.contains("wüb"));
    let mut training = Training::new();
    let problems: JsValue = training.read_pack("hostile.toml", b"[[exercise]]\nid = 7".to_vec()).expect("problems").into();
    assert!(text(&problems, "0.message").contains("`id`") && text(&problems, "0.at.line") == "1");
    assert!(training.exercise("00-read-a-verdict").ok().flatten().is_some(), "what was there stays");
    let problems: JsValue = training.read_pack("pack.toml", pack.into_bytes()).expect("problems").into();
    assert_eq!(Array::from(&problems).length(), 0);
    let shown: JsValue = training.exercise(&id).ok().flatten().expect("an exercise").into();
    let answer = vec![text(&shown, "solution.0.text")];
    let grade: JsValue = training.grade(&id, vec!["start.json".into()], answer).ok().flatten().expect("a grade").into();
    assert_eq!(text(&grade, "passed"), "true");
    let written: JsValue =
        write_answers(r#"{"schema":"portcullis.answers/1","learner":"Ada","exercises":[{"id":"x","solved":7}]}"#).unwrap().into();
    assert!(text(&written, "problems.0.message").contains("neither true nor false"));
    let read: JsValue = read_answers("a.json", text(&written, "text").into_bytes()).expect("answers").into();
    assert_eq!((text(&read, "answers.learner"), Array::from(&get(&read, "problems")).length()), ("Ada".into(), 0));
    assert!(get(&read, "answers.exercises.0.answer").is_null());
    let answers = r#"{"schema":"portcullis.answers/1","learner":"=Ada","exercises":[{"id":"x","solved":true},7]}"#;
    let class: JsValue = training.handed_in("a.json", answers.into()).expect("a class").into();
    assert_eq!((text(&class, "rows.0.passed"), text(&class, "rows.0.claimed")), ("false".into(), "true".into()));
    assert!(text(&class, "csv").contains("\r\na.json,'=Ada,x,,no,") && text(&class, "problems.0.message").contains("no `id`"));
    let questions: JsValue = drill(7, 4).expect("questions").into();
    assert_eq!(Array::from(&questions).length(), 4);
}

#[wasm_bindgen_test]
fn hostile_bytes_are_a_verdict_and_not_a_trap() {
    for input in ["", "\0\0\0", "{\"SecurityGroups\": [", &"[".repeat(100_000)] {
        let mut session = Session::new();
        session.begin("x".into(), 0);
        session.chunk(input.as_bytes());
        let summary: JsValue = session.review(&Function::new_no_args("throw 1")).expect("a summary").into();
        assert_eq!(text(&summary, "verdict"), "unknown");
    }
}
