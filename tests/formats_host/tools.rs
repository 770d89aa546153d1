//! What is peculiar to nftables and ufw, and what all tools share.

use super::*;

#[test]
fn sets_maps_and_verdicts_of_nftables() {
    let dport = || payload("tcp", "dport");
    let one = |expr: Value| inbound(&reported(nft(json!({}), &[expr])));
    assert_eq!(one(json!([is(dport(), json!({ "set": [22, { "range": [80, 81] }] })), accept()])), [SSH, "tcp 80-81 internet caution"]);
    assert_eq!(
        one(json!([is(payload("ip", "saddr"), json!({ "prefix": { "addr": "10.0.0.0", "len": 8 } })), is(dport(), json!(22)), accept()])),
        ["tcp 22 private secure"]
    );
    assert_eq!(
        one(json!([
            is(json!({ "meta": { "key": "l4proto" } }), json!({ "set": ["tcp", "udp"] })),
            is(payload("th", "dport"), json!(22)),
            accept()
        ]))
        .len(),
        2
    );
    assert_eq!(
        one(json!([is(payload("icmp", "type"), json!("echo-request")), { "limit": { "rate": 5, "per": "second" } }, accept()])),
        ["icmp - internet secure"]
    );
    assert_eq!(one(json!([{ "vmap": { "key": dport(), "data": { "set": [[22, accept()], [23, { "drop": null }]] } } }])), [SSH]);
    assert_eq!(one(json!([is(json!({ "ct": { "key": "state" } }), json!({ "set": ["established", "related"] })), accept()])), [""; 0]);
    assert_eq!(one(json!([is(json!({ "meta": { "key": "iif" } }), json!("lo")), accept()])), [""; 0]);
    assert_eq!(
        one(json!([
            is(json!({ "fib": { "result": "type", "flags": ["daddr"] } }), json!({ "set": ["broadcast", "multicast"] })),
            accept()
        ])),
        [""; 0]
    );
    let pairs = json!({ "set": [{ "concat": ["10.0.0.1", 22] }, { "concat": ["10.0.0.2", 23] }] });
    assert_eq!(
        one(json!([is(json!({ "concat": [payload("ip", "saddr"), dport()] }), pairs), accept()])),
        ["tcp 22 private secure", "tcp 23 private secure"]
    );
    let named = |flags: Value| {
        let set = json!({ "set": { "family": "inet", "table": "filter", "name": "office", "type": "ipv4_addr", "flags": flags,
            "elem": [{ "prefix": { "addr": "10.0.0.0", "len": 8 } }, { "elem": { "val": "192.168.0.1", "comment": "x" } }] } });
        let rule = json!([is(payload("ip", "saddr"), json!("@office")), is(dport(), json!(22)), accept()]);
        reported(nft(json!({}), &[set, rule]))
    };
    assert_eq!(inbound(&named(json!(["interval"]))), ["tcp 22 private secure"]);
    let open = named(json!(["dynamic"]));
    assert_eq!((&open["verdict"], &open["unresolved"][0]["name"]), (&json!("unknown"), &json!("the set office")));
    // Every chain of the hook has to accept, the one of the lower priority first.
    let second = |verdict: Value| {
        let chain = json!({ "chain": { "family": "inet", "table": "filter", "name": "early", "type": "filter", "hook": "input", "prio": -5, "policy": "accept" } });
        let rule = json!({ "rule": { "family": "inet", "table": "filter", "chain": "early", "handle": 9, "expr": [is(dport(), json!(22)), verdict] } });
        inbound(&reported(nft(json!({}), &[chain, rule, json!([is(dport(), json!({ "set": [22, 80] })), accept()])])))
    };
    assert_eq!(second(json!({ "drop": null })), ["tcp 80 internet caution"]);
    assert_eq!(second(accept()), [SSH, "tcp 80 internet caution"]);
}

#[test]
fn rows_of_ufw() {
    let rows = |rows: &[&str]| inbound(&reported(ufw(rows)));
    assert_eq!(rows(&["22/tcp (OpenSSH)           LIMIT IN    Anywhere                   # \"from everywhere\""]), [SSH]);
    assert_eq!(rows(&["OpenSSH                    ALLOW       Anywhere"]), [SSH]);
    assert_eq!(
        rows(&[
            "[ 1] 22/tcp                     DENY IN     203.0.113.0/24             (log)",
            "[ 2] 22/tcp                     ALLOW IN    10.0.0.0/8"
        ]),
        ["tcp 22 private secure"]
    );
    assert_eq!(
        rows(&["80,443/tcp (Nginx Full)    ALLOW IN    Anywhere", "80,443/tcp (Nginx Full (v6)) ALLOW IN    Anywhere (v6)"]),
        ["tcp 443 internet secure", "tcp 80 internet secure"]
    );
    assert_eq!(rows(&["6000:6007/tcp              ALLOW IN    10.0.0.1"]), ["tcp 6000-6007 private secure"]);
    assert_eq!(rows(&["3306                       ALLOW IN    10.0.0.0/24"]), ["tcp 3306 private secure", "udp 3306 private secure"]);
    assert_eq!(rows(&["Anywhere/esp               ALLOW IN    Anywhere/esp"]), ["esp - internet secure"]);
    assert_eq!(rows(&["22/tcp                     REJECT IN   Anywhere", "22/tcp                     ALLOW IN    Anywhere"]), [""; 0]);
    assert_eq!(
        rows(&["22/tcp on lo               ALLOW IN    Anywhere", "80 on eth1                 ALLOW FWD   Anywhere on eth0"]),
        [""; 0]
    );
    assert_eq!(rows(&["22/tcp on eth0             ALLOW IN    Anywhere"]), [SSH]);
    let local = reported(ufw(&["192.0.2.10 22/tcp          ALLOW IN    Anywhere"]));
    assert_eq!(local["policies"][0]["exposures"][0]["local"], "192.0.2.10/32");
    let off = reported("Status: inactive\n");
    assert_eq!((&off["verdict"], inbound(&off)), (&json!("dangerous"), vec!["all all internet dangerous".to_owned()]));
    told(&off, "1:1 ufw is switched off");
}

/// One policy in the words of three tools.
#[test]
fn the_same_policy_has_the_same_exposure_in_every_tool() {
    let lines = |family: &str, private: &str| {
        table(
            family,
            "DROP",
            &[
                "-A INPUT -i lo -j ACCEPT",
                "-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT",
                "-A INPUT -j ssh",
                "-A INPUT -p tcp -m multiport --dports 80,443 -j ACCEPT",
                &format!("-A ssh ! -s {private} -j RETURN"),
                "-A ssh -p tcp -m tcp --dport 22 -j ACCEPT",
            ],
        )
    };
    let saved = lines("iptables-save", "10.0.0.0/8") + &lines("ip6tables-save", "fd00::/8");
    let dport = |ports: Value| is(payload("tcp", "dport"), ports);
    let listed = nft(
        json!({}),
        &[
            json!([is(json!({ "meta": { "key": "iifname" } }), json!("lo")), accept()]),
            json!([{ "vmap": { "key": { "ct": { "key": "state" } }, "data": { "set": [["established", accept()], ["invalid", { "drop": null }]] } } }]),
            json!([is(payload("ip", "saddr"), json!({ "prefix": { "addr": "10.0.0.0", "len": 8 } })), dport(json!(22)), accept()]),
            json!([is(payload("ip6", "saddr"), json!({ "prefix": { "addr": "fd00::", "len": 8 } })), dport(json!(22)), accept()]),
            json!([dport(json!({ "set": [80, 443] })), accept()]),
        ],
    );
    let shown = ufw(&[
        "22/tcp                     ALLOW IN    10.0.0.0/8",
        "80,443/tcp                 ALLOW IN    Anywhere",
        "22/tcp                     ALLOW IN    fd00::/8",
        "80,443/tcp (v6)            ALLOW IN    Anywhere (v6)",
    ]);
    let exposures = |text: &str| -> Vec<Value> {
        let report = reported(text);
        let all = report["policies"][0]["exposures"].as_array().unwrap().clone();
        let plain = |mut exposure: Value| {
            exposure.as_object_mut().unwrap().retain(|key, _| !["decided_by", "at", "places"].contains(&key.as_str()));
            exposure
        };
        all.into_iter().map(plain).collect()
    };
    let (one, two, three) = (exposures(&saved), exposures(&listed), exposures(&shown));
    assert_eq!(one.len(), 4, "{one:#?}");
    assert_eq!(one, two);
    assert_eq!(one, three);
}
