//! Google Cloud: what is recognised, and what the rules of a network come to.

mod listings;
mod policies;
mod rules;

use portcullis_core::verdict::Verdict;
use portcullis_tests::{reported, reviewed};
use serde_json::{Value, json};

const NETWORK: &str = "https://www.googleapis.com/compute/v1/projects/example/global/networks/default";

/// A rule as `gcloud compute firewall-rules list --format=json` prints it, with fields of one's own.
fn rule(name: &str, fields: Value) -> Value {
    let mut rule = json!({
        "creationTimestamp": "2024-05-01T01:02:03.000-07:00", "direction": "INGRESS", "disabled": false, "id": "1234567890123456789",
        "kind": "compute#firewall", "logConfig": { "enable": false }, "name": name, "network": NETWORK, "priority": 1000,
        "selfLink": format!("https://www.googleapis.com/compute/v1/projects/example/global/firewalls/{name}"),
    });
    let (all, own) = (rule.as_object_mut().unwrap(), fields.as_object().unwrap().clone());
    all.extend(own);
    all.retain(|_, value| !value.is_null());
    rule
}

fn tcp(ports: &[&str]) -> Value {
    json!([{ "IPProtocol": "tcp", "ports": ports }])
}

fn open_ssh() -> Value {
    rule("ssh", json!({ "allowed": tcp(&["22"]), "sourceRanges": ["0.0.0.0/0"] }))
}

fn report(rules: &[Value]) -> Value {
    reported(serde_json::to_string_pretty(rules).unwrap())
}

/// The inbound exposures of a policy, by its name, as `protocol ports reach`, with groups where there are any.
#[track_caller]
fn inbound(report: &Value, policy: &str) -> Vec<String> {
    exposures(report, policy, "ingress")
}

#[track_caller]
fn exposures(report: &Value, policy: &str, direction: &str) -> Vec<String> {
    let policies = report["policies"].as_array().unwrap();
    let found = policies.iter().find(|p| p["name"] == policy).unwrap_or_else(|| panic!("{policy}: {report:#}"));
    let of = |e: &Value| {
        let word = |key: &str| e[key].as_str().unwrap_or("-").to_owned();
        let groups: Vec<&str> = e["groups"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        let local = if e["local"] == "any" { String::new() } else { format!(" at {}", word("local")) };
        let groups = if groups.is_empty() { String::new() } else { format!(" {}", groups.join(" ")) };
        format!("{} {} {}{groups}{local}", word("protocol"), word("ports"), word("reach"))
    };
    found["exposures"].as_array().unwrap().iter().filter(|e| e["direction"] == direction).map(of).collect()
}

fn names(report: &Value) -> Vec<&str> {
    report["policies"].as_array().unwrap().iter().map(|policy| policy["name"].as_str().unwrap_or("-")).collect()
}

fn problems(report: &Value) -> Vec<String> {
    let problems = report["documents"][0]["problems"].as_array().unwrap();
    problems.iter().map(|p| format!("{}:{} {}", p["at"]["line"], p["at"]["column"], p["message"].as_str().unwrap())).collect()
}

/// SSH is open to the internet on the default network, and nobody complains.
#[track_caller]
fn open(text: impl AsRef<[u8]>) {
    let report = reported(text);
    assert_eq!(report["documents"][0]["format"], "gcp-firewall", "{:#}", report["documents"]);
    assert_eq!(inbound(&report, "default"), ["tcp 22 internet"], "{report:#}");
    assert_eq!((names(&report).len(), &report["verdict"]), (1, &json!("dangerous")));
    assert_eq!(problems(&report), [""; 0]);
}

fn with(mut rule: Value, fields: Value) -> Value {
    rule.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    rule
}
