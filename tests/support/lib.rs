//! What the tests share: groups in shorthand, the report of a text, and the naive evaluator.

pub mod directory;
pub mod naive;
pub mod network;
pub mod ordered;
pub mod random;
pub mod template;

use portcullis_core::report;
use portcullis_core::review::{Input, Review, review};
use serde_json::{Value, json};

/// Reviews one text.
pub fn reviewed(text: impl AsRef<[u8]>) -> Review {
    review(vec![Input { name: "pasted".into(), bytes: text.as_ref().to_vec() }], &mut |_| {})
}

/// The report of one text, as a program would read it.
pub fn reported(text: impl AsRef<[u8]>) -> Value {
    serde_json::to_value(report::report(&reviewed(text))).expect("a report is serialisable")
}

/// The report of several documents, each a name and a text.
pub fn files(files: &[(&str, &str)]) -> Value {
    let inputs = files.iter().map(|(name, text)| Input { name: (*name).to_owned(), bytes: text.as_bytes().to_vec() }).collect();
    serde_json::to_value(report::report(&review(inputs, &mut |_| {}))).expect("a report is serialisable")
}

/// The report of one text with values for names that it leaves open.
pub fn reported_assuming(text: &str, assumed: &[(&str, &str)]) -> Value {
    let assumptions = assumed.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let input = Input { name: "pasted".into(), bytes: text.as_bytes().to_vec() };
    let review = portcullis_core::review::review_assuming(vec![input], &assumptions, &mut |_| {});
    serde_json::to_value(report::report(&review)).expect("a report is serialisable")
}

/// The policy of a report under an address.
pub fn policy<'r>(report: &'r Value, address: &str) -> &'r Value {
    let policies = report["policies"].as_array().expect("policies");
    policies
        .iter()
        .find(|policy| policy["address"] == address || policy["id"] == address)
        .unwrap_or_else(|| panic!("{address}: {policies:#?}"))
}

/// What a policy admits: `in tcp 22 internet dangerous`, sorted.
pub fn admits(policy: &Value) -> Vec<String> {
    let word = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let exposures = policy["exposures"].as_array().expect("exposures");
    let mut lines: Vec<String> = exposures
        .iter()
        .map(|e| {
            let way = if e["direction"] == "ingress" { "in" } else { "out" };
            format!("{way} {} {} {} {}", word(&e["protocol"]), word(&e["ports"]), word(&e["reach"]), word(&e["verdict"]))
        })
        .collect();
    lines.sort();
    lines
}

/// A security group in the shape of `describe-security-groups`, from shorthand: `in tcp 22 0.0.0.0/0`, `out all - sg-1`.
/// Ports are `22`, `20-25`, an ICMP `type/code`, or `-` for none; a peer is a CIDR, `sg-…` or `pl-…`.
pub fn group(name: &str, rules: &[&str]) -> Value {
    let side =
        |way: &str| -> Vec<Value> { rules.iter().filter_map(|rule| rule.strip_prefix(way)?.strip_prefix(' ')).map(permission).collect() };
    json!({
        "GroupId": format!("sg-{name}"),
        "GroupName": name,
        "Description": "",
        "OwnerId": "123456789012",
        "VpcId": "vpc-0a1b2c3d",
        "IpPermissions": side("in"),
        "IpPermissionsEgress": side("out"),
        "Tags": [],
    })
}

/// Groups as `aws ec2 describe-security-groups` prints them.
pub fn listing(groups: Vec<Value>) -> String {
    serde_json::to_string_pretty(&json!({ "SecurityGroups": groups })).expect("values are serialisable")
}

/// The stock egress rule of a new group.
pub const STOCK: &str = "out -1 - 0.0.0.0/0";

fn permission(rule: &str) -> Value {
    let words: Vec<&str> = rule.split(' ').collect();
    let [protocol, ports, peer] = words.as_slice() else { panic!("`{rule}` is not protocol, ports, peer") };
    let mut permission = json!({
        "IpProtocol": protocol, "IpRanges": [], "Ipv6Ranges": [], "PrefixListIds": [], "UserIdGroupPairs": [],
    });
    if let Some((from, to)) = (*ports != "-").then(|| ports.split_once('/').or_else(|| ports.split_once('-')).unwrap_or((ports, ports))) {
        permission["FromPort"] = from.parse::<i64>().expect("a port").into();
        permission["ToPort"] = to.parse::<i64>().expect("a port").into();
    }
    let (list, value) = if peer.starts_with("sg-") {
        ("UserIdGroupPairs", json!({ "GroupId": peer, "UserId": "123456789012" }))
    } else if peer.starts_with("pl-") {
        ("PrefixListIds", json!({ "PrefixListId": peer }))
    } else if peer.contains(':') {
        ("Ipv6Ranges", json!({ "CidrIpv6": peer }))
    } else {
        ("IpRanges", json!({ "CidrIp": peer }))
    };
    permission[list] = json!([value]);
    permission
}
