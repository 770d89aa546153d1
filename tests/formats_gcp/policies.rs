//! Firewall policies and their layers.

use super::*;

/// A rule of a firewall policy.
fn policy_rule(priority: u32, action: &str, matches: Value) -> Value {
    let mut all = json!({ "layer4Configs": [{ "ipProtocol": "all" }] });
    all.as_object_mut().unwrap().extend(matches.as_object().unwrap().clone());
    let egress = all.get("destIpRanges").is_some() && all.get("srcIpRanges").is_none();
    json!({ "kind": "compute#firewallPolicyRule", "priority": priority, "action": action, "match": all, "disabled": false,
        "direction": if egress { "EGRESS" } else { "INGRESS" }, "enableLogging": false, "ruleTupleCount": 2 })
}

fn tcp_from(port: &str, net: &str) -> Value {
    json!({ "srcIpRanges": [net], "layer4Configs": [{ "ipProtocol": "tcp", "ports": [port] }] })
}

/// A global network policy as `gcloud compute network-firewall-policies describe NAME --global --format=json` prints it, attached to
/// the default network.
fn network_policy(rules: &[Value]) -> Value {
    json!({ "kind": "compute#firewallPolicy", "name": "edge", "id": "1", "rules": rules,
        "selfLink": "https://www.googleapis.com/compute/v1/projects/example/global/firewallPolicies/edge",
        "associations": [{ "name": "a", "attachmentTarget": NETWORK }] })
}

fn detached(rules: &[Value]) -> Value {
    with(network_policy(rules), json!({ "associations": [] }))
}

#[test]
fn a_policy_alone_is_judged_and_says_that_it_is_alone() {
    let rules = [policy_rule(10, "deny", tcp_from("22", "0.0.0.0/1")), policy_rule(20, "allow", tcp_from("22", "0.0.0.0/0"))];
    for text in [
        detached(&rules).to_string(),
        json!([detached(&rules)]).to_string(),
        json!({ "kind": "compute#firewallPolicyList", "items": [detached(&rules)] }).to_string(),
    ] {
        let told = reported(text);
        assert_eq!(told["documents"][0]["format"], "gcp-firewall");
        assert_eq!(inbound(&told, "edge"), ["tcp 22 broad-public"]);
        assert!(problems(&told)[0].contains("judged by itself"));
        assert_eq!(told["policies"][0]["partial"], true);
    }
    // rules without their policy, as `list-rules` prints them
    let told = reported(json!(rules).to_string());
    assert_eq!((told["policies"].as_array().unwrap().len(), &told["verdict"]), (1, &json!("dangerous")));
}

#[test]
fn layers_decide_in_their_order() {
    let told = |policy: Value| report(&[open_ssh(), policy]);
    let none: [&str; 0] = [];
    let deny = || policy_rule(1, "deny", json!({ "srcIpRanges": ["0.0.0.0/0", "::/0"] }));
    // the rules of the network come before the network's policies, unless it asks otherwise
    assert_eq!(inbound(&told(network_policy(&[deny()])), "default"), ["tcp 22 internet"]);
    let late = json!({ "kind": "compute#network", "name": "default", "selfLink": NETWORK, "networkFirewallPolicyEnforcementOrder": "BEFORE_CLASSIC_FIREWALL" });
    assert_eq!(inbound(&report(&[open_ssh(), network_policy(&[deny()]), late]), "default"), none);
    // what the rules leave open is for the policy
    let https = network_policy(&[policy_rule(5, "allow", tcp_from("443", "0.0.0.0/0"))]);
    assert_eq!(inbound(&told(https), "default"), ["tcp 22 internet", "tcp 443 internet"]);
    // hierarchical policies come first, and may leave some of it to the next layer
    let effective = |rules: &[Value]| {
        reported(json!({ "firewalls": [open_ssh()], "firewallPolicys": [{ "name": "1", "shortName": "top", "type": "HIERARCHY", "rules": rules }] }).to_string())
    };
    assert_eq!(inbound(&effective(&[deny()]), "default"), none);
    assert_eq!(inbound(&effective(&[policy_rule(0, "goto_next", tcp_from("22", "203.0.113.0/24")), deny()]), "default"), ["tcp 22 public"]);
    assert_eq!(
        inbound(&effective(&[policy_rule(2147483646, "goto_next", json!({ "srcIpRanges": ["0.0.0.0/0"] }))]), "default"),
        ["tcp 22 internet"]
    );
    let off = with(deny(), json!({ "disabled": true }));
    assert_eq!(inbound(&effective(&[off]), "default"), ["tcp 22 internet"]);
    let elsewhere = with(deny(), json!({ "targetResources": [NETWORK.replace("/default", "/other")] }));
    assert_eq!(inbound(&effective(&[elsewhere]), "default"), ["tcp 22 internet"]);
    let here = with(deny(), json!({ "targetResources": [NETWORK] }));
    assert_eq!(inbound(&effective(&[here]), "default"), none);
}

#[test]
fn rules_of_policies_have_targets_too() {
    let tag = json!([{ "name": "tagValues/281475", "state": "EFFECTIVE" }]);
    let told = reported(
        detached(&[
            with(policy_rule(1, "allow", tcp_from("22", "0.0.0.0/0")), json!({ "targetSecureTags": tag })),
            with(
                policy_rule(2, "allow", tcp_from("23", "0.0.0.0/0")),
                json!({ "targetServiceAccounts": ["db@example.iam.gserviceaccount.com"] }),
            ),
            with(
                policy_rule(3, "allow", tcp_from("24", "0.0.0.0/0")),
                json!({ "targetSecureTags": [{ "name": "tagValues/1", "state": "INEFFECTIVE" }] }),
            ),
            policy_rule(4, "allow", json!({ "srcSecureTags": tag, "layer4Configs": [{ "ipProtocol": "tcp", "ports": ["80"] }] })),
        ])
        .to_string(),
    );
    assert_eq!(
        names(&told),
        [
            "edge",
            "edge, secure tag tagValues/281475",
            "edge, service account db@example.iam.gserviceaccount.com",
            "edge, secure tag tagValues/1"
        ]
    );
    assert_eq!(inbound(&told, "edge"), ["tcp 80 group tagValues/281475"]);
    assert_eq!(inbound(&told, "edge, secure tag tagValues/281475"), ["tcp 22 internet"]);
    assert_eq!(inbound(&told, "edge, secure tag tagValues/1"), [""; 0], "a tag that is gone protects nothing");
    let gone = json!({ "srcSecureTags": [{ "name": "tagValues/1", "state": "INEFFECTIVE" }] });
    assert_eq!(inbound(&reported(detached(&[policy_rule(1, "allow", gone)]).to_string()), "edge"), [""; 0]);
    let regional = with(
        detached(&[policy_rule(1, "allow", tcp_from("22", "0.0.0.0/0"))]),
        json!({ "region": "https://x/regions/europe-west1", "associations": [{ "attachmentTarget": NETWORK }] }),
    );
    let told = report(&[rule("web", json!({ "allowed": tcp(&["443"]) })), regional]);
    assert_eq!(inbound(&told, "default, region europe-west1"), ["tcp 22 internet"]);
}

#[test]
fn what_only_google_can_look_up_is_unknown_and_named() {
    for (field, value, name) in [
        ("srcRegionCodes", "US", "region US"),
        ("srcFqdns", "partner.example.com", "partner.example.com"),
        ("srcThreatIntelligences", "iplist-tor-exit-nodes", "threat list iplist-tor-exit-nodes"),
        (
            "srcAddressGroups",
            "projects/example/locations/global/addressGroups/office",
            "projects/example/locations/global/addressGroups/office",
        ),
    ] {
        let told = |action: &str, more: &[Value]| {
            let matches = json!({ field: [value], "layer4Configs": [{ "ipProtocol": "tcp", "ports": ["22"] }] });
            let mut rules = vec![policy_rule(1, action, matches)];
            rules.extend(more.to_vec());
            reported(detached(&rules).to_string())
        };
        let allowed = told("allow", &[]);
        assert_eq!((&allowed["verdict"], &allowed["unresolved"][0]["name"]), (&json!("unknown"), &json!(name)), "{field}");
        // it may deny anyone, so what comes after it is open to no one for certain
        let denied = told("deny", &[policy_rule(2, "allow", tcp_from("22", "0.0.0.0/0"))]);
        assert_eq!(denied["verdict"], "unknown", "{field}");
    }
}

#[test]
fn network_types_narrow_the_source() {
    let told = |kind: &str, net: &str| {
        let rule = policy_rule(1, "allow", with(tcp_from("22", net), json!({ "srcNetworkType": kind })));
        inbound(&reported(detached(&[rule]).to_string()), "edge")
    };
    assert_eq!(told("INTERNET", "0.0.0.0/0"), ["tcp 22 internet"]);
    assert_eq!(told("INTERNET", "10.0.0.0/8"), [""; 0]);
    assert_eq!(told("INTRA_VPC", "0.0.0.0/0"), ["tcp 22 private INTRA_VPC"]);
    assert_eq!(told("NON_INTERNET", "0.0.0.0/0"), ["tcp 22 private NON_INTERNET"]);
}

#[test]
fn rules_of_policies_that_cannot_be_read_are_unknown() {
    for (rule, words) in [
        (with(policy_rule(1, "permit", tcp_from("22", "0.0.0.0/0")), json!({})), "`permit` is no action"),
        (with(policy_rule(1, "allow", tcp_from("22", "0.0.0.0/0")), json!({ "priority": null })), "needs a priority"),
        (with(policy_rule(1, "allow", tcp_from("22", "0.0.0.0/0")), json!({ "action": null })), "no action"),
        (with(policy_rule(1, "allow", tcp_from("22", "0.0.0.0/0")), json!({ "match": null })), "no `match`"),
        (policy_rule(1, "allow", with(tcp_from("22", "10.0.0.0/8"), json!({ "srcNetworkType": "MOON" }))), "no network type"),
    ] {
        let told = reported(detached(&[rule]).to_string());
        assert!(problems(&told).iter().any(|line| line.contains(words)), "{words}: {:?}", problems(&told));
        assert_eq!(told["verdict"], "unknown", "{words}");
    }
}

#[test]
fn hostile_numbers_of_targets_end_in_unknown_and_not_in_a_hang() {
    // Switched off, so that the number of combinations is all that it costs.
    let one = |i: usize| rule(&format!("r{i}"), json!({ "allowed": tcp(&["443"]), "sourceRanges": ["10.0.0.0/24"], "disabled": true }));
    let mut rules: Vec<Value> = (0..400).map(one).collect();
    let tags: Vec<String> = (0..300).map(|i| format!("t{i}")).collect();
    rules.push(rule("tagged", json!({ "allowed": tcp(&["22"]), "sourceRanges": ["10.0.0.0/24"], "targetTags": tags })));
    let told = reviewed(serde_json::to_string(&rules).unwrap());
    assert_eq!(told.policies(), 301);
    assert_eq!((told.verdict_of(1), told.verdict_of(300)), (Some(Verdict::Secure), Some(Verdict::Unknown)));
    assert!(told.documents()[0].problems.kept()[0].message.contains("not all of their combinations"));
}
