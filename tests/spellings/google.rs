//! How Google Cloud writes rules.

use super::*;

/// Google's rules hold one family each and can't name ICMP types; a network without rules has none to print.
pub(super) fn google_rules(rules: &[Rule]) -> Option<Vec<Value>> {
    let one = |(at, (protocol, from, to, net)): (usize, &Rule)| {
        let mut allowed = json!({ "IPProtocol": protocol });
        match *protocol {
            "all" => {}
            "tcp" | "udp" => allowed["ports"] = json!([if from == to { from.to_string() } else { format!("{from}-{to}") }]),
            _ => return None,
        }
        Some(
            json!({ "name": format!("r{at}"), "network": "https://www.googleapis.com/compute/v1/projects/p/global/networks/main", "direction": "INGRESS",
            "priority": 1000, "disabled": false, "sourceRanges": [net], "allowed": [allowed], "kind": "compute#firewall" }),
        )
    };
    if rules.is_empty() { None } else { rules.iter().enumerate().map(one).collect() }
}

pub(super) fn gcloud(_: &str, rules: &[Rule]) -> Option<String> {
    Some(json!(google_rules(rules)?).to_string())
}

pub(super) fn google_api(_: &str, rules: &[Rule]) -> Option<String> {
    Some(json!({ "kind": "compute#firewallList", "items": google_rules(rules)? }).to_string())
}

pub(super) fn google_assets(_: &str, rules: &[Rule]) -> Option<String> {
    let asset = |rule: Value| json!({ "name": "//compute.googleapis.com/projects/p/global/firewalls/x", "assetType": "compute.googleapis.com/Firewall", "resource": { "version": "v1", "data": rule } });
    Some(json!(google_rules(rules)?.into_iter().map(asset).collect::<Vec<_>>()).to_string())
}

pub(super) fn gcloud_yaml(_: &str, rules: &[Rule]) -> Option<String> {
    let mut text = String::new();
    for rule in google_rules(rules)? {
        let allowed = &rule["allowed"][0];
        text.push_str(&format!("---\nname: {}\nnetwork: {}\ndirection: INGRESS\npriority: 1000\ndisabled: false\nkind: compute#firewall\nsourceRanges:\n- {}\nallowed:\n- IPProtocol: {}\n", rule["name"], rule["network"], rule["sourceRanges"][0], allowed["IPProtocol"]));
        if let Some(port) = allowed["ports"][0].as_str() {
            text.push_str(&format!("  ports:\n  - '{port}'\n"));
        }
    }
    Some(text)
}

pub(super) fn google_terraform(_: &str, rules: &[Rule]) -> Option<String> {
    let mut text = String::new();
    for rule in google_rules(rules)? {
        let allowed = &rule["allowed"][0];
        let ports = allowed["ports"][0].as_str().map(|port| format!("    ports = [\"{port}\"]\n")).unwrap_or_default();
        text.push_str(&format!("resource \"google_compute_firewall\" {} {{\n  name = {}\n  network = \"main\"\n  source_ranges = [{}]\n  allow {{\n    protocol = {}\n{ports}  }}\n}}\n", rule["name"], rule["name"], rule["sourceRanges"][0], allowed["IPProtocol"]));
    }
    Some(text)
}
