//! What is a ruleset, and what is broken in one.

use super::*;

#[test]
fn every_format_is_recognised() {
    let ssh = "-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT";
    let save = both("DROP", &[ssh]);
    let listed = "-P INPUT DROP\n-P FORWARD ACCEPT\n-P OUTPUT ACCEPT\n-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT\n";
    let rule = json!([is(payload("tcp", "dport"), json!(22)), accept()]);
    for (text, format, name) in [
        (save.clone(), "iptables", "filter INPUT"),
        (format!("$ sudo iptables-save; sudo ip6tables-save\n{save}"), "iptables", "filter INPUT"),
        (save.replace("-A INPUT", "[12:3456] -A INPUT"), "iptables", "filter INPUT"),
        (save.replace('\n', "\r\n"), "iptables", "filter INPUT"),
        (format!("$ sudo iptables -S\n{listed}$ sudo ip6tables -S\n-P INPUT DROP\n-P OUTPUT ACCEPT\n"), "iptables", "filter INPUT"),
        (nft(json!({}), std::slice::from_ref(&rule)), "nftables", "inet filter input"),
        (nft(json!({ "shiny": [1] }), &[rule, json!({ "flowtable": { "family": "inet", "name": "f" } })]), "nftables", "inet filter input"),
        (ufw(&["22/tcp ALLOW IN Anywhere", "22/tcp (v6) ALLOW IN Anywhere (v6)"]), "ufw-status", "ufw"),
    ] {
        let report = reported(&text);
        assert_eq!(report["documents"][0]["format"], format, "{text}");
        let policy = &report["policies"][0];
        assert_eq!(
            (&policy["kind"], &policy["kind_title"], &policy["name"]),
            (&json!("host-firewall"), &json!("host firewall"), &json!(name))
        );
        assert_eq!(inbound(&report), [SSH], "{text}\n{report:#}");
    }
}

#[test]
fn what_is_something_else_is_left_alone() {
    for text in [
        "Chain INPUT (policy ACCEPT)\ntarget     prot opt source               destination\n",
        "table inet filter {\n  chain input {\n    type filter hook input priority 0; policy accept;\n  }\n}\n",
        "write_files:\n  - content: |\n      *filter\n      :INPUT ACCEPT [0:0]\n",
        r#"{"nftables": "no"}"#,
        "the filter is *filter, and its Status: active\n",
    ] {
        let report = reported(text);
        let format = report["documents"][0]["format"].as_str().unwrap_or("-").to_owned();
        assert!(!["iptables", "nftables", "ufw-status"].contains(&&*format), "{text}: {format}");
        assert_eq!(report["verdict"], "unknown", "{text}");
    }
    told(&reported("Chain INPUT (policy ACCEPT)\ntarget prot\n"), "what `iptables-save` prints");
    told(&reported("table inet f {\n chain i {\n  type filter hook input priority 0;\n }\n}\n"), "`nft -j list ruleset`");
}

#[test]
fn what_is_broken_is_said_with_its_place_and_never_secure() {
    let save = both("DROP", &["-A INPUT -s 10.0.0.0/8 -j ACCEPT"]);
    for (text, words) in [
        (save.replacen("COMMIT\n", "", 1), "2:1 the table filter has no COMMIT"),
        (save.replacen("-j ACCEPT", "-m comment --comment \"x -j ACCEPT", 1), "6:1 a quote is not closed"),
        (save.replacen("-A INPUT", "Foo INPUT", 1), "6:1 `Foo INPUT"),
        (save.replacen(":INPUT DROP [0:0]\n", "", 1), "5:1 the policy of INPUT is not in the text"),
        (save.replacen("INPUT DROP", "INPUT REJECT", 1), "`REJECT` is no policy"),
        (save.replacen("ACCEPT\nCOMMIT", "elsewhere\nCOMMIT", 1), "the target `elsewhere`"),
        (table("iptables-save", "DROP", &[]), "the IPv6 rules (ip6tables-save) were not pasted"),
        (table("ip6tables-save", "DROP", &[]), "the IPv4 rules (iptables-save) were not pasted"),
        ("*nat\n:PREROUTING ACCEPT [0:0]\nCOMMIT\n".to_owned(), "there is no filter table"),
        (nft(json!({ "family": "ip" }), &[]), "the IPv6 rules of input were not pasted"),
        (nft(json!({}), &[json!([{ "jump": { "target": "nowhere" } }])]), "`nowhere` is not in the text"),
        (nft(json!({}), &[json!([{ "queue": { "num": 1 } }])]), "`queue"),
        (nft(json!({ "policy": "maybe" }), &[]), "`maybe` is no policy"),
        (nft(json!({}), &[]).replacen("]}", "", 1), "1:"),
        (ufw(&["22/tcp PERHAPS IN Anywhere"]), "8:1 `22/tcp PERHAPS"),
        (ufw(&["Foo ALLOW IN Anywhere"]), "8:1 what ports the profile `Foo` has"),
        (ufw(&[]).replacen("Default", "Default-", 1).replacen("Default-: deny", "Default: maybe", 1), "`maybe` is no default"),
    ] {
        let report = reported(&text);
        told(&report, words);
        assert!(["unknown", "caution"].iter().any(|verdict| report["verdict"] == *verdict), "{words}: {text}\n{}", report["verdict"]);
    }
    let plain = reported("Status: active\n\nTo      Action      From\n--      ------      ----\n443/tcp      ALLOW       Anywhere\n");
    told(&plain, "paste `ufw status verbose`");
    assert_eq!(plain["verdict"], "unknown");
}
