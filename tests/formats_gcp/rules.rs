//! What the firewall rules of a network mean.

use super::*;

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
