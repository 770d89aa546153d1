//! Google Cloud: what is recognised, and what the rules of a network come to.

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

#[test]
fn every_listing_is_recognised() {
    open(json!([open_ssh()]).to_string());
    open(open_ssh().to_string());
    open(json!({ "kind": "compute#firewallList", "id": "projects/example/global/firewalls", "items": [open_ssh()] }).to_string());
    // pages one after the other, and one rule a line
    let page = json!({ "kind": "compute#firewallList", "items": [open_ssh()] });
    open(format!("{page}\n{page}"));
    open(format!("{}\n{}", open_ssh(), open_ssh()));
    // a prompt before it, fields nobody knows, columns left out
    open(format!("$ gcloud compute firewall-rules list --format=json\n{}", json!([open_ssh()])));
    open(json!([rule("ssh", json!({ "allowed": tcp(&["22"]), "sourceRanges": ["0.0.0.0/0"], "params": { "x": [1] } }))]).to_string());
    open(json!([{ "name": "ssh", "allowed": tcp(&["22"]), "sourceRanges": ["0.0.0.0/0"] }]).to_string());
    open(json!([{ "name": "ssh", "allowed": "tcp:22", "sourceRanges": ["0.0.0.0/0"] }]).to_string());
    let empty = reported(r#"{"kind": "compute#firewallList", "items": []}"#);
    assert_eq!((&empty["documents"][0]["format"], &empty["verdict"]), (&json!("gcp-firewall"), &Value::Null));
}

#[test]
fn every_other_spelling_is_recognised() {
    let mut data = open_ssh();
    data["allowed"] = json!([{ "ipProtocol": "TCP", "ports": ["22"] }]);
    let asset = |data: &Value| {
        json!({ "name": "//compute.googleapis.com/projects/example/global/firewalls/ssh", "assetType": "compute.googleapis.com/Firewall",
            "resource": { "version": "v1", "discoveryName": "Firewall", "parent": "//cloudresourcemanager.googleapis.com/projects/1", "data": data },
            "ancestors": ["projects/1", "organizations/2"] })
    };
    let other = json!({ "name": "//compute.googleapis.com/x", "assetType": "compute.googleapis.com/Instance", "resource": { "data": { "name": "vm" } } });
    open(format!("{other}\n{}\n{other}\n", asset(&data)));
    open(json!([asset(&data), other]).to_string());
    open(json!({ "assets": [asset(&data)], "readTime": "2024-05-01T00:00:00Z" }).to_string());
    let connector = json!({ "apiVersion": "compute.cnrm.cloud.google.com/v1beta1", "kind": "ComputeFirewall", "metadata": { "name": "ssh" },
        "spec": { "allow": [{ "protocol": "tcp", "ports": ["22"] }], "networkRef": { "name": "default" }, "sourceRanges": ["0.0.0.0/0"] } });
    open(connector.to_string());
    open(json!({ "apiVersion": "v1", "kind": "List", "items": [connector] }).to_string());
    let deployed = json!({ "name": "ssh", "type": "compute.v1.firewall", "properties": {
        "network": "global/networks/default", "allowed": [{ "IPProtocol": "TCP", "ports": [22] }], "sourceRanges": ["0.0.0.0/0"] } });
    open(json!({ "resources": [deployed, { "name": "default", "type": "compute.v1.network", "properties": { "autoCreateSubnetworks": true } }] }).to_string());
    let task = json!({ "name": "open ssh", "google.cloud.gcp_compute_firewall": { "name": "ssh", "state": "present", "project": "example",
        "network": { "selfLink": NETWORK }, "allowed": [{ "ip_protocol": "tcp", "ports": ["22"] }], "source_ranges": ["0.0.0.0/0"] } });
    open(json!([{ "hosts": "localhost", "tasks": [task, { "name": "other", "debug": { "msg": "x" } }] }]).to_string());
    open(json!([task]).to_string());
}

#[test]
fn what_is_not_googles_is_left_alone() {
    for text in [
        r#"{"items": [{"a": 1}], "kind": "storage#buckets"}"#,
        r#"[{"allow": true, "name": "x"}]"#,
        r#"{"rules": [{"priority": 1, "match": {"expr": {"expression": "true"}}, "action": "allow"}]}"#,
    ] {
        let report = reported(text);
        assert_ne!(report["documents"][0]["format"], "gcp-firewall", "{text}");
        assert_eq!(report["verdict"], "unknown", "{text}");
    }
    let mixed = reported(json!([open_ssh(), { "colour": "blue" }]).to_string());
    assert!(problems(&mixed)[0].contains("is no Google Cloud firewall rule"), "{:?}", problems(&mixed));
}

#[test]
fn what_is_wrong_is_said_with_its_place() {
    let said = |field: &str, value: Value| {
        let mut one = rule("x", json!({ "allowed": tcp(&["22"]), "sourceRanges": ["0.0.0.0/0"] }));
        one[field] = value;
        let text = serde_json::to_string(&[one]).unwrap();
        let report = reported(&text);
        (problems(&report).join("\n"), report["verdict"].as_str().unwrap_or("-").to_owned())
    };
    for (field, value, words, verdict) in [
        ("sourceRanges", json!(["10.0.0.0/33"]), "`10.0.0.0/33` is no CIDR", "unknown"),
        ("allowed", json!([{ "IPProtocol": "tpc" }]), "`tpc` is no protocol", "unknown"),
        ("allowed", json!([{ "IPProtocol": "tcp", "ports": ["ssh"] }]), "`ssh` is no port", "unknown"),
        ("allowed", json!([{ "IPProtocol": "tcp", "ports": [70000] }]), "is no port", "unknown"),
        ("allowed", json!([{ "ports": ["22"] }]), "no protocol", "unknown"),
        ("allowed", json!([]), "neither allows nor denies", "unknown"),
        ("allowed", json!([7]), "a protocol with its ports was expected", "unknown"),
        ("allowed", tcp(&["30-20"]), "upside down", "secure"),
        ("allowed", json!([{ "IPProtocol": "icmp", "ports": ["8"] }]), "ports count for tcp, udp and sctp only", "secure"),
        ("direction", json!("SIDEWAYS"), "`SIDEWAYS` is no direction", "unknown"),
        ("priority", json!(70000), "a priority is a number from 0 to 65535", "unknown"),
        ("denied", tcp(&["23"]), "both allows and denies", "dangerous"),
    ] {
        let (told, was) = said(field, value);
        assert!(told.starts_with("1:") && told.contains(words), "{words}: {told}");
        assert_eq!(was, verdict, "{words}");
    }
    let bare =
        reported(r#"[{"assetType": "compute.googleapis.com/Firewall", "name": "//compute.googleapis.com/projects/p/global/firewalls/x"}]"#);
    assert!(problems(&bare)[0].contains("--content-type=resource"), "{:?}", problems(&bare));
    let cut = json!([open_ssh()]).to_string();
    let cut = reported(&cut[..cut.len() - 30]);
    assert_eq!(cut["verdict"], "dangerous");
    assert!(!problems(&cut).is_empty());
}

/// What one allow rule with these fields opens on the default network.
#[track_caller]
fn one(fields: Value) -> Vec<String> {
    inbound(&report(&[rule("x", fields)]), "default")
}

#[test]
fn spelling_does_not_matter() {
    let everyone = json!(["0.0.0.0/0"]);
    for (allowed, exposures) in [
        (json!([{ "IPProtocol": "tcp" }]), "tcp all internet"),
        (json!([{ "IPProtocol": "TCP", "ports": [] }]), "tcp all internet"),
        (json!([{ "IPProtocol": "6", "ports": ["0-65535"] }]), "tcp all internet"),
        (json!([{ "IPProtocol": 6, "ports": ["0-100", "101-65535"] }]), "tcp all internet"),
        (json!([{ "IPProtocol": "all" }]), "all all internet"),
        (json!([{ "IPProtocol": "icmp" }, { "IPProtocol": "all" }]), "all all internet"),
        (json!([{ "IPProtocol": "tcp", "ports": ["20-25"] }]), "tcp 20-25 internet"),
        (json!([{ "IPProtocol": "tcp", "ports": ["22", "23", 24] }]), "tcp 22-24 internet"),
        (json!([{ "IPProtocol": "udp", "ports": ["22"] }]), "udp 22 internet"),
        (json!([{ "IPProtocol": "esp" }]), "esp - internet"),
        (json!([{ "IPProtocol": "ipip" }]), "ipip - internet"),
        (json!([{ "IPProtocol": "sctp", "ports": ["38412"] }]), "sctp 38412 internet"),
    ] {
        assert_eq!(one(json!({ "allowed": allowed, "sourceRanges": everyone })), [exposures], "{allowed}");
    }
    let several = one(json!({ "allowed": tcp(&["22", "80", "8000-8010"]), "sourceRanges": everyone }));
    assert_eq!(several, ["tcp 22 internet", "tcp 80 internet", "tcp 8000-8010 internet"]);
    for sources in [
        json!(["0.0.0.0/1", "128.0.0.0/1"]),
        json!(["::/0"]),
        json!(["0:0:0:0:0:0:0:0/0"]),
        json!(["2000::/3"]),
        json!(["11.0.0.0/0"]),
        json!([]),
        Value::Null,
    ] {
        assert_eq!(one(json!({ "allowed": tcp(&["22"]), "sourceRanges": sources })), ["tcp 22 internet"], "{sources}");
    }
    // halves in two rules
    let half = |name: &str, net: &str| rule(name, json!({ "allowed": tcp(&["22"]), "sourceRanges": [net] }));
    assert_eq!(inbound(&report(&[half("a", "0.0.0.0/1"), half("b", "128.0.0.0/1")]), "default"), ["tcp 22 internet"]);
}

#[test]
fn tags_and_accounts_are_inside() {
    assert_eq!(one(json!({ "allowed": tcp(&["3306"]), "sourceTags": ["web"] })), ["tcp 3306 group web"]);
    let account = "web@example.iam.gserviceaccount.com";
    assert_eq!(one(json!({ "allowed": tcp(&["3306"]), "sourceServiceAccounts": [account] })), [format!("tcp 3306 group {account}")]);
    // any of them, not all of them
    assert_eq!(one(json!({ "allowed": tcp(&["22"]), "sourceTags": ["web"], "sourceRanges": ["0.0.0.0/0"] })), ["tcp 22 internet web"]);
    assert_eq!(one(json!({ "allowed": tcp(&["22"]), "sourceTags": ["web"], "sourceRanges": ["10.0.0.0/24"] })), ["tcp 22 private web"]);
}

#[test]
fn priorities_decide_and_a_deny_wins_ties() {
    let allow = |priority: u32| rule("allow", json!({ "allowed": tcp(&["22"]), "sourceRanges": ["0.0.0.0/0"], "priority": priority }));
    let deny = |priority: u32, fields: Value| {
        let mut deny = rule("deny", json!({ "denied": [{ "IPProtocol": "all" }], "sourceRanges": ["0.0.0.0/0"], "priority": priority }));
        deny.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        deny
    };
    let none: [&str; 0] = [];
    assert_eq!(inbound(&report(&[allow(1000), deny(100, json!({}))]), "default"), none);
    assert_eq!(inbound(&report(&[allow(1000), deny(1000, json!({}))]), "default"), none);
    assert_eq!(inbound(&report(&[allow(900), deny(1000, json!({}))]), "default"), ["tcp 22 internet"]);
    // what does not cover it does not stop it
    for other in [
        json!({ "denied": [{ "IPProtocol": "udp", "ports": ["22"] }] }),
        json!({ "disabled": true }),
        json!({ "sourceRanges": ["::/0"] }),
        json!({ "sourceRanges": ["203.0.113.0/24"] }),
        json!({ "direction": "EGRESS", "sourceRanges": [], "destinationRanges": ["0.0.0.0/0"] }),
        json!({ "targetTags": ["bastion"] }),
        json!({ "network": NETWORK.replace("default", "other") }),
    ] {
        assert_eq!(inbound(&report(&[allow(1000), deny(100, other.clone())]), "default"), ["tcp 22 internet"], "{other}");
    }
    // an allow at the last priority still comes before what is implied
    assert_eq!(inbound(&report(&[allow(65_535)]), "default"), ["tcp 22 internet"]);
    assert_eq!(one(json!({ "allowed": tcp(&["22"]), "sourceRanges": ["0.0.0.0/0"], "disabled": true })), none);
    // 1000 where none is given
    let mut default = allow(0);
    default.as_object_mut().unwrap().remove("priority");
    assert_eq!(inbound(&report(&[default.clone(), deny(999, json!({}))]), "default"), none);
    assert_eq!(inbound(&report(&[default, deny(1001, json!({}))]), "default"), ["tcp 22 internet"]);
}

#[test]
fn everything_goes_out_unless_a_rule_says_otherwise() {
    let quiet = report(&[open_ssh()]);
    assert_eq!(exposures(&quiet, "default", "egress"), ["all all internet"]);
    let implied = &quiet["policies"][0]["rules"][1];
    assert_eq!((&implied["name"], &implied["priority"]), (&json!("implied allow egress"), &json!(65535)));
    assert_eq!(quiet["policies"][0]["rules"].as_array().unwrap().len(), 2, "that nothing comes in needs no rule");
    let deny = rule(
        "deny",
        json!({ "denied": [{ "IPProtocol": "all" }], "direction": "EGRESS", "destinationRanges": ["0.0.0.0/0"], "priority": 65535 }),
    );
    let out = rule("out", json!({ "allowed": tcp(&["443"]), "direction": "EGRESS" }));
    let closed = report(&[open_ssh(), deny, out]);
    assert_eq!(exposures(&closed, "default", "egress"), ["tcp 443 internet"]);
    // an egress rule is no way in
    let only = report(&[rule("out", json!({ "allowed": tcp(&["22"]), "direction": "EGRESS", "destinationRanges": ["0.0.0.0/0"] }))]);
    assert_eq!((inbound(&only, "default").len(), &only["verdict"]), (0, &json!("secure")));
}

#[test]
fn destinations_narrow_this_end() {
    let narrowed = one(json!({ "allowed": tcp(&["22"]), "sourceRanges": ["0.0.0.0/0"], "destinationRanges": ["10.1.0.0/16"] }));
    assert_eq!(narrowed, ["tcp 22 internet at 10.1.0.0/16"]);
    let all = one(json!({ "allowed": tcp(&["22"]), "sourceRanges": ["0.0.0.0/0"], "destinationRanges": ["0.0.0.0/0"] }));
    assert_eq!(all, ["tcp 22 internet"]);
    // without sources the family is that of the destinations
    let v6 = report(&[rule("x", json!({ "allowed": tcp(&["22"]), "destinationRanges": ["2600:1900::/28"] }))]);
    assert_eq!(v6["policies"][0]["rules"][0]["peer"], "::/0");
}

#[test]
fn each_target_is_told_apart_and_says_what_differs() {
    let web = |fields: Value| {
        let mut all = json!({ "allowed": tcp(&["443"]), "sourceRanges": ["0.0.0.0/0"], "targetTags": ["web", "edge"] });
        all.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        rule("web", all)
    };
    let told = report(&[open_ssh(), web(json!({}))]);
    assert_eq!(names(&told), ["default", "default, tag web", "default, tag edge"]);
    assert_eq!(told["policies"][1]["id"], "default");
    assert_eq!(inbound(&told, "default"), ["tcp 22 internet"]);
    assert_eq!(inbound(&told, "default, tag web"), ["tcp 443 internet"]);
    assert_eq!(exposures(&told, "default, tag web", "egress"), [""; 0]);
    // a rule of the whole network decides here, too
    let deny = rule("deny", json!({ "denied": [{ "IPProtocol": "tcp" }], "sourceRanges": ["0.0.0.0/0"], "priority": 10 }));
    assert_eq!(inbound(&report(&[deny, web(json!({}))]), "default, tag web"), [""; 0]);
    // and a target can be closed where the network is open
    let shut = rule(
        "shut",
        json!({ "denied": tcp(&["22"]), "sourceRanges": ["0.0.0.0/0"], "priority": 10, "targetServiceAccounts": ["db@example.iam.gserviceaccount.com"] }),
    );
    let told = report(&[open_ssh(), shut]);
    assert_eq!(inbound(&told, "default, service account db@example.iam.gserviceaccount.com"), [""; 0]);
    assert_eq!(told["policies"][1]["verdict"], "secure");
}

#[test]
fn networks_are_told_apart() {
    let other = |network: &str| rule("x", json!({ "allowed": tcp(&["22"]), "sourceRanges": ["10.0.0.0/24"], "network": network }));
    let told = report(&[
        open_ssh(),
        other(&NETWORK.replace("/default", "/prod")),
        other("https://www.googleapis.com/compute/v1/projects/second/global/networks/default"),
    ]);
    assert_eq!(names(&told), ["example/default", "prod", "second/default"]);
    assert_eq!(inbound(&told, "prod"), ["tcp 22 private"]);
    assert_eq!(inbound(&told, "second/default"), ["tcp 22 private"]);
}

#[test]
fn the_default_network_is_what_google_makes_it() {
    let made =
        |name: &str, sources: &str, allowed: Value| rule(name, json!({ "allowed": allowed, "sourceRanges": [sources], "priority": 65534 }));
    let told = report(&[
        made(
            "default-allow-internal",
            "10.128.0.0/9",
            json!([{ "IPProtocol": "tcp", "ports": ["0-65535"] }, { "IPProtocol": "udp", "ports": ["0-65535"] }, { "IPProtocol": "icmp" }]),
        ),
        made("default-allow-ssh", "0.0.0.0/0", tcp(&["22"])),
        made("default-allow-rdp", "0.0.0.0/0", tcp(&["3389"])),
        made("default-allow-icmp", "0.0.0.0/0", json!([{ "IPProtocol": "icmp" }])),
    ]);
    let open: Vec<String> = inbound(&told, "default").into_iter().filter(|line| line.contains("internet")).collect();
    assert_eq!(open, ["icmp - internet", "tcp 22 internet", "tcp 3389 internet"]);
    // Google's own probes and brokers are not the public
    let iap = report(&[rule("iap", json!({ "allowed": tcp(&["22"]), "sourceRanges": ["35.235.240.0/20"] }))]);
    assert_eq!(iap["verdict"], "secure");
}

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

fn with(mut rule: Value, fields: Value) -> Value {
    rule.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    rule
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

#[test]
fn what_other_tools_get_wrong() {
    let verdict = |fields: Value| report(&[rule("x", fields)])["verdict"].as_str().unwrap().to_owned();
    let world = |allowed: Value| json!({ "allowed": allowed, "sourceRanges": ["0.0.0.0/0"] });
    for (fields, expected) in [
        (world(json!([{ "IPProtocol": "tcp" }])), "dangerous"),
        (world(json!([{ "IPProtocol": "icmp" }, { "IPProtocol": "all" }])), "dangerous"),
        (json!({ "allowed": tcp(&["22"]), "sourceRanges": ["::/0"] }), "dangerous"),
        (json!({ "allowed": tcp(&["22"]) }), "dangerous"),
        (with(world(tcp(&["22"])), json!({ "disabled": true })), "secure"),
        (with(world(tcp(&["22"])), json!({ "targetTags": ["web"] })), "dangerous"),
        (with(world(tcp(&["22"])), json!({ "targetTags": ["web"], "sourceTags": ["app"] })), "dangerous"),
        (with(world(tcp(&["22"])), json!({ "direction": "EGRESS" })), "secure"),
        (world(tcp(&["22-80"])), "dangerous"),
        (world(tcp(&["5432"])), "dangerous"),
        (world(json!([{ "IPProtocol": "udp", "ports": ["22"] }])), "caution"),
    ] {
        assert_eq!(verdict(fields.clone()), expected, "{fields}");
    }
    // two rules of one network count, in whichever order they stand
    let (ssh, quiet) = (open_ssh(), rule("quiet", json!({ "allowed": tcp(&["443"]), "sourceRanges": ["10.0.0.0/24"] })));
    for rules in [[ssh.clone(), quiet.clone()], [quiet, ssh]] {
        assert_eq!(inbound(&report(&rules), "default"), ["tcp 22 internet", "tcp 443 private"]);
    }
}
