//! Azure network security groups in every shape that is read: what is detected, what the rules mean, what is said of what
//! can't be read, and the cases that other tools get wrong.

mod azapi;
mod bicep;
mod hostile;
mod listings;
mod rules;
mod templates;

use portcullis_core::formats::Assumptions;
use portcullis_core::report;
use portcullis_core::review::{Input, review_assuming};
use portcullis_tests::reported;
use serde_json::{Value, json};

/// An inbound rule in the flattened shape, from shorthand: `100 allow tcp 22 Internet`, with `> 10.0.0.4` for a destination
/// and `< 1024` for a source port.
fn rule(shorthand: &str) -> Value {
    let words: Vec<&str> = shorthand.split(' ').collect();
    let after = |mark: &str| words.iter().position(|word| *word == mark).map(|at| words[at + 1]);
    json!({
        "name": format!("{}-{}", words[1], words[0]), "priority": words[0].parse::<i64>().unwrap(), "direction": "Inbound",
        "access": words[1], "protocol": words[2], "destinationPortRange": words[3], "sourceAddressPrefix": words[4],
        "destinationAddressPrefix": after(">").unwrap_or("*"), "sourcePortRange": after("<").unwrap_or("*"),
        "sourceAddressPrefixes": [], "destinationAddressPrefixes": [], "destinationPortRanges": [], "sourcePortRanges": [],
    })
}

fn nsg(rules: &[&str]) -> Value {
    with_rules(rules.iter().map(|shorthand| rule(shorthand)).collect())
}

fn with_rules(rules: Vec<Value>) -> Value {
    json!({
        "id": "/subscriptions/0/resourceGroups/rg/providers/Microsoft.Network/networkSecurityGroups/web", "name": "web",
        "location": "westeurope", "type": "Microsoft.Network/networkSecurityGroups", "resourceGroup": "rg", "securityRules": rules,
    })
}

/// A rule with some of its fields replaced.
fn changed(shorthand: &str, fields: Value) -> Value {
    let mut rule = rule(shorthand);
    rule.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    rule
}

/// The same rule in the shape of the API, and the same group.
fn nested(mut value: Value, outside: &[&str]) -> Value {
    let fields = value.as_object_mut().unwrap();
    let properties: serde_json::Map<String, Value> =
        fields.iter().filter(|(key, _)| !outside.contains(&&***key)).map(|(key, value)| (key.clone(), value.clone())).collect();
    fields.retain(|key, _| outside.contains(&&**key));
    fields.insert("properties".to_owned(), properties.into());
    value
}

const OPEN: &str = "100 allow tcp 22 Internet";

#[track_caller]
fn format_of(report: &Value) -> &str {
    report["documents"][0]["format"].as_str().unwrap_or("none")
}

/// The verdict on the first policy.
#[track_caller]
fn verdict(value: &Value) -> String {
    let report = reported(value.to_string());
    report["policies"][0]["verdict"].as_str().unwrap_or_else(|| panic!("{:#}", report["documents"])).to_owned()
}

/// The widest reach of a port, over all parts of the protected end.
#[track_caller]
fn reach(report: &Value, protocol: &str, port: u16) -> String {
    let covers = |ports: &str| {
        let mut ends = ports.split('-').map(|end| end.parse::<u16>().unwrap());
        let first = ends.next().unwrap();
        (first..=ends.next().unwrap_or(first)).contains(&port)
    };
    let exposures = report["policies"][0]["exposures"].as_array().unwrap().iter().filter(|e| {
        e["direction"] == "ingress"
            && (e["protocol"] == protocol || e["protocol"] == "all")
            && e["ports"].as_str().is_some_and(|ports| ports == "all" || covers(ports))
    });
    let found: Vec<&str> = exposures.map(|e| e["reach"].as_str().unwrap()).collect();
    let widest = ["internet", "broad-public", "unknown", "public", "private", "group"].into_iter().find(|reach| found.contains(reach));
    widest.unwrap_or("nobody").to_owned()
}

#[track_caller]
fn open(value: &Value, protocol: &str, port: u16) -> bool {
    ["internet", "broad-public"].contains(&&*reach(&reported(value.to_string()), protocol, port))
}

/// The line and the level of the problem with these words.
#[track_caller]
fn problem(report: &Value, words: &str) -> (u64, String) {
    let problems = report["documents"][0]["problems"].as_array().unwrap();
    let found =
        problems.iter().find(|p| p["message"].as_str().unwrap().contains(words)).unwrap_or_else(|| panic!("{words}: {problems:#?}"));
    let message = found["message"].as_str().unwrap();
    assert!(!message.chars().next().unwrap().is_uppercase(), "{message}");
    (found["at"]["line"].as_u64().unwrap(), found["level"].as_str().unwrap().to_owned())
}

#[track_caller]
fn quiet(report: &Value) {
    assert_eq!(report["documents"][0]["problems"], json!([]));
}

// What is detected.

fn template(resources: Value, more: Value) -> Value {
    let mut template = json!({
        "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#", "contentVersion": "1.0.0.0",
        "resources": resources,
    });
    template.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    template
}

fn resource(name: &str, rules: Value) -> Value {
    json!({
        "type": "Microsoft.Network/networkSecurityGroups", "apiVersion": "2023-09-01", "name": name,
        "properties": { "securityRules": rules },
    })
}

fn deep(shorthand: &str, fields: Value) -> Value {
    nested(changed(shorthand, fields), &["name"])
}
