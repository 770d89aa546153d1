//! The wasm face in a real browser: bytes in, pages out.
#![cfg(target_arch = "wasm32")]

use js_sys::{Array, Function, JSON, Reflect};
use portcullis_wasm::{Session, audit, examples, pseudonymise, tool};
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
        let summary: JsValue = session.review(&Function::new_no_args("")).ok().expect("a summary").into();
        assert_eq!(text(&summary, "verdict"), verdict, "{day}");
    }
}

#[wasm_bindgen_test]
fn results_come_in_pages() {
    let (session, _) = reviewed(OPEN, 1);
    let findings: JsValue = session.findings(Some("dangerous".into()), 0, 10).ok().expect("a page").into();
    assert_eq!(text(&findings, "total"), "1");
    assert_eq!(text(&findings, "items.0.audit"), "open-remote-admin");
    assert_eq!(text(&findings, "items.0.places.0.line"), "2");
    assert_eq!(text(&findings, "items.0.witness.port"), "22");
    let beyond: JsValue = session.findings(None, 50, 10).ok().expect("a page").into();
    assert_eq!(Array::from(&get(&beyond, "items")).length(), 0);
    let policy: JsValue = session.policy(0).ok().flatten().expect("a policy").into();
    assert_eq!(text(&policy, "name"), "wüb");
    assert_eq!(text(&policy, "exposures.0.ipv4"), "3702258688");
    assert!(get(&policy, "address").is_null(), "what is missing is null and not undefined");
    assert!(session.policy(1).ok().flatten().is_none());
    let marks: JsValue = session.marks(0, 0, 10).ok().expect("a page").into();
    assert_eq!((text(&marks, "items.0.verdict"), text(&marks, "items.0.finding")), ("dangerous".into(), "0".into()));
    let ports: JsValue = session.ports(0, 10, None).ok().expect("a page").into();
    assert_eq!(text(&ports, "items.0.ports"), "22");
}

#[wasm_bindgen_test]
fn results_are_taken_away() {
    let (session, _) = reviewed(OPEN, 1);
    assert!(session.markdown().contains("## Findings"));
    assert!(session.csv().contains("open-remote-admin"));
    let made: JsValue = pseudonymise(vec!["pasted".into()], vec![OPEN.into()], vec!["var.wüb".into()], vec!["10.0.0.0/8".into()])
        .ok()
        .expect("documents")
        .into();
    assert!(!text(&made, "documents.0.text").contains("wüb"));
    assert!(text(&made, "assumed.0.name").starts_with("var.name"));
    assert!(text(&made, "said").ends_with("replaced"));
}

#[wasm_bindgen_test]
fn what_the_page_shows_beside() {
    let all: JsValue = examples().ok().expect("examples").into();
    assert!(Array::from(&all).length() >= 12);
    let doc: JsValue = audit("open-database").ok().flatten().expect("a document").into();
    assert!(text(&doc, "dangerous").contains("SecurityGroups"));
    let beside: JsValue = audit("approval-expired").ok().flatten().expect("a document").into();
    assert!(text(&beside, "baseline").contains("[[approve]]"));
    assert!(audit("no-such-audit").ok().flatten().is_none());
    let this: JsValue = tool().ok().expect("the tool").into();
    assert_eq!(text(&this, "name"), "portcullis");
}

#[wasm_bindgen_test]
fn hostile_bytes_are_a_verdict_and_not_a_trap() {
    for input in ["", "\0\0\0", "{\"SecurityGroups\": [", &"[".repeat(100_000)] {
        let mut session = Session::new();
        session.begin("x".into(), 0);
        session.chunk(input.as_bytes());
        let summary: JsValue = session.review(&Function::new_no_args("throw 1")).ok().expect("a summary").into();
        assert_eq!(text(&summary, "verdict"), "unknown");
    }
}
