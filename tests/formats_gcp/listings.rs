//! Every way in which rules are printed, and what is wrong in them.

use super::*;

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
