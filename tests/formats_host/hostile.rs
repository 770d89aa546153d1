//! Rulesets that are written to hurt, or long.

use super::*;

#[test]
fn hostile_rulesets_are_bounded() {
    // Circles, and chains that call themselves.
    for rules in [&["-A INPUT -j a", "-A a -j b", "-A b -j a"][..], &["-A INPUT -j a", "-A a -j a"], &["-A INPUT -g a", "-A a -g INPUT"]] {
        let report = reported(both("DROP", rules));
        told(&report, "comes back to itself");
        assert_eq!(report["verdict"], "unknown", "{rules:?}");
    }
    // Deeper than any kernel allows.
    let deep: Vec<String> =
        (0..2_000).map(|at| format!("-A {} -j c{}", if at == 0 { "INPUT".to_owned() } else { format!("c{at}") }, at + 1)).collect();
    let report = reported(both("DROP", &deep.iter().map(String::as_str).chain(["-A c2000 -j DROP"]).collect::<Vec<_>>()));
    told(&report, "deep");
    assert_eq!(report["verdict"], "unknown");
    // Trees of jumps double with every level.
    let mut tree = vec!["-A INPUT -j c0".to_owned()];
    for at in 0..35 {
        tree.extend([format!("-A c{at} -s 10.0.0.0/8 -j c{}", at + 1), format!("-A c{at} -j c{}", at + 1)]);
    }
    tree.push("-A c35 -p tcp --dport 22 -j ACCEPT".to_owned());
    let report = reported(both("DROP", &tree.iter().map(String::as_str).collect::<Vec<_>>()));
    told(&report, "not all paths were followed");
    assert_eq!(report["verdict"], "unknown");
    // Many hooks, each of which has to accept.
    let hooks: Vec<Value> = (0..500)
        .map(|at| json!({ "chain": { "family": "inet", "table": "filter", "name": format!("h{at}"), "type": "filter", "hook": "input", "prio": at, "policy": "accept" } }))
        .collect();
    assert_eq!(reported(nft(json!({ "policy": "accept" }), &hooks))["verdict"], "unknown");
}

#[test]
fn ten_thousand_blocked_addresses() {
    let mut rules = String::new();
    for at in 0..10_000_u32 {
        writeln!(rules, "-A INPUT -s 20.{}.{}.{}/32 -j DROP", at / 2_500, at / 10 % 250, at % 10).unwrap();
    }
    let text = both("DROP", &[rules.trim_end(), "-A INPUT -p tcp --dport 22 -j ACCEPT"]);
    let report = reported(text);
    assert_eq!(inbound(&report), [SSH]);
    assert_eq!(report["policies"][0]["exposures"][0]["ipv4"], 3_702_258_688_u64 - 10_000);
}
