//! Every envelope that people paste: what it is taken for, and what becomes of what is inside.

mod listings;
mod meaning;
mod printers;
mod records;

use portcullis_tests::{admits, group, listing, reported};
use serde_json::{Value, json};

/// A group with SSH open to the world, in the shape of the CLI.
fn open_group() -> Value {
    group("web", &["in tcp 22 0.0.0.0/0", "out -1 - 0.0.0.0/0"])
}

fn open_permission() -> Value {
    open_group()["IpPermissions"][0].clone()
}

fn open_row() -> Value {
    json!({
        "SecurityGroupRuleId": "sgr-0a1b2c3d", "GroupId": "sg-web", "GroupOwnerId": "123456789012", "IsEgress": false,
        "IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIpv4": "0.0.0.0/0", "Tags": [],
    })
}

/// Checks the detected format and the number of groups; SSH is open in each of them.
#[track_caller]
fn open(text: impl AsRef<[u8]>, format: &str, groups: usize) -> Value {
    let report = reported(text);
    let policies = report["policies"].as_array().unwrap();
    assert_eq!(report["documents"][0]["format"], format, "{:#}", report["documents"]);
    assert_eq!(policies.len(), groups, "{:#}", report["documents"]);
    for policy in policies {
        let ssh = policy["exposures"].as_array().unwrap().iter().any(|e| {
            e["direction"] == "ingress"
                && e["protocol"] == "tcp"
                && e["ports"] == "22"
                && e["reach"] == "internet"
                && e["verdict"] == "dangerous"
        });
        assert!(ssh, "{policy:#}");
    }
    report
}

/// The same, without a word of complaint.
#[track_caller]
fn quietly(text: impl AsRef<[u8]>, format: &str, groups: usize) {
    let report = open(text, format, groups);
    assert_eq!(report["documents"][0]["problems"], json!([]));
}

#[track_caller]
fn problem(report: &Value, words: &str) -> (u64, u64) {
    let problems = report["documents"][0]["problems"].as_array().unwrap();
    let found =
        problems.iter().find(|p| p["message"].as_str().unwrap().contains(words)).unwrap_or_else(|| panic!("{words}: {problems:#?}"));
    (found["at"]["line"].as_u64().unwrap(), found["at"]["column"].as_u64().unwrap())
}
