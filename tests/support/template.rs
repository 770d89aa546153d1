//! What the tests of templates share: a template in shorthand, and what its report says of one group.

use portcullis_core::formats::Assumptions;
use portcullis_core::report;
use portcullis_core::review::{Input, review_assuming};
use serde_json::{Value, json};

use crate::reported;

/// The fields of a rule for SSH.
pub const SSH: &str = "IpProtocol: tcp, FromPort: 22, ToPort: 22";

/// The report of a text, with values for names that it leaves open.
pub fn assuming(text: &str, values: &[(&str, &str)]) -> Value {
    let values: Assumptions = values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let review = review_assuming(vec![Input { name: "template.yaml".into(), bytes: text.into() }], &values, &mut |_| {});
    serde_json::to_value(report::report(&review)).unwrap()
}

/// A template with one group, `Web`, with these inbound rules; `before` is what stands before its resources.
pub fn web(before: &str, ingress: &str) -> String {
    let ingress = ingress.trim().replace('\n', "\n        ");
    format!(
        "AWSTemplateFormatVersion: '2010-09-09'\n{before}Resources:\n  Web:\n    Type: AWS::EC2::SecurityGroup\n    Properties:\n      \
         GroupDescription: web\n      SecurityGroupIngress:\n        {ingress}\n"
    )
}

/// The policy of that address, id or name.
#[track_caller]
pub fn policy<'r>(report: &'r Value, name: &str) -> &'r Value {
    let policies = report["policies"].as_array().unwrap();
    let named = |policy: &&Value| ["address", "id", "name"].iter().any(|key| policy[*key] == name);
    policies.iter().find(named).unwrap_or_else(|| panic!("{name} is not among {:#?}", report))
}

/// The verdict on a policy.
#[track_caller]
pub fn verdict<'r>(report: &'r Value, name: &str) -> &'r str {
    policy(report, name)["verdict"].as_str().unwrap()
}

/// What comes in from where, as `protocol ports reach`.
pub fn ingress(policy: &Value) -> Vec<String> {
    let exposures = policy["exposures"].as_array().unwrap().iter().filter(|exposure| exposure["direction"] == "ingress");
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    exposures.map(|e| format!("{} {} {}", text(&e["protocol"]), text(&e["ports"]), text(&e["reach"]))).collect()
}

/// The peers of the rules of a policy, in their order.
pub fn peers(policy: &Value) -> Vec<&str> {
    policy["rules"].as_array().unwrap().iter().map(|rule| rule["peer"].as_str().unwrap()).collect()
}

/// The first problem with these words.
#[track_caller]
pub fn problem<'r>(report: &'r Value, words: &str) -> &'r Value {
    let problems = report["documents"][0]["problems"].as_array().unwrap();
    let found = problems.iter().find(|problem| problem["message"].as_str().unwrap().contains(words));
    found.unwrap_or_else(|| panic!("{words}: {problems:#?}"))
}

/// Checks that nothing was told.
#[track_caller]
pub fn without_problems(report: &Value) {
    assert_eq!(report["documents"][0]["problems"], json!([]));
}

/// The verdict on the group `Web`, whose rules are these.
#[track_caller]
pub fn of_web(before: &str, rules: &str) -> String {
    verdict(&reported(web(before, rules)), "Web").to_owned()
}
