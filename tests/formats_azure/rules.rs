//! What the rules of a group mean.

use super::*;

#[test]
fn every_group_has_the_default_rules() {
    let report = reported(nsg(&[]).to_string());
    let rules = report["policies"][0]["rules"].as_array().unwrap();
    let said: Vec<(&str, u64)> = rules.iter().map(|rule| (rule["name"].as_str().unwrap(), rule["priority"].as_u64().unwrap())).collect();
    let expected = [
        ("AllowVnetInBound", 65_000),
        ("AllowAzureLoadBalancerInBound", 65_001),
        ("DenyAllInBound", 65_500),
        ("AllowVnetOutBound", 65_000),
        ("AllowInternetOutBound", 65_001),
        ("DenyAllOutBound", 65_500),
    ];
    assert_eq!(said, expected);
    assert_eq!(report["policies"][0]["verdict"], "secure");
    assert_eq!(reach(&report, "tcp", 22), "private");
    // Listed ones are not added again.
    let mut listed = nsg(&[OPEN]);
    listed["defaultSecurityRules"] = json!([rule("65500 deny * * *")]);
    assert_eq!(reported(listed.to_string())["policies"][0]["rules"].as_array().unwrap().len(), 7);
}

#[test]
fn the_lowest_number_decides() {
    assert!(!open(&nsg(&["200 allow tcp 22 *", "100 deny * * *"]), "tcp", 22));
    assert!(open(&nsg(&["200 allow tcp 22 *", "300 deny * * *"]), "tcp", 22));
    assert!(open(&nsg(&["100 deny tcp 22 198.51.100.7/32", "200 allow tcp 22 *"]), "tcp", 22));
    let report = reported(nsg(&["100 deny * * *", "200 allow tcp 22 *"]).to_string());
    assert_eq!(report["policies"][0]["rules"][1]["effect"], "shadowed");
    let twice = reported(nsg(&["100 deny * * *", "100 allow tcp 22 *"]).to_string());
    assert_eq!(problem(&twice, "the priority 100 is taken").1, "warning");
}

#[test]
fn every_spelling_of_anyone() {
    for anyone in ["*", "Any", "Internet", "INTERNET", "0.0.0.0/0", "::/0", "10.20.30.40/0", "0.0.0.0", "0.0.0.0/1,128.0.0.0/1"] {
        assert_eq!(verdict(&nsg(&[&format!("100 allow tcp 22 {anyone}")])), "dangerous", "{anyone}");
    }
}

#[test]
fn tags_reach_as_far_as_who_is_behind_them() {
    for (tag, expected) in [
        ("VirtualNetwork", "private"),
        ("AzureLoadBalancer", "private"),
        ("GatewayManager", "private"),
        ("168.63.129.16", "private"),
        ("AzureCloud", "broad-public"),
        ("AzureCloud.WestEurope", "broad-public"),
        ("Storage.EastUS", "public"),
        ("azurefrontdoor.backend", "public"),
    ] {
        // Beside the virtual network, which the default rules admit.
        assert_eq!(reach(&reported(nsg(&[&format!("100 allow tcp 22 {tag}")]).to_string()), "tcp", 22), expected, "{tag}");
    }
    let platform = reported(nsg(&["100 allow tcp 22 AzureLoadBalancer", "200 deny * * *"]).to_string());
    assert_eq!(reach(&platform, "tcp", 22), "group");
    // Whoever denies the internet has not denied the virtual network.
    let inside = reported(nsg(&["100 deny tcp 22 Internet", "200 allow tcp 22 *"]).to_string());
    assert_eq!(reach(&inside, "tcp", 22), "private");
}

#[test]
fn a_side_of_groups_only_is_not_anyone() {
    let asg = |name: &str| json!([{ "id": format!("/subscriptions/0/applicationSecurityGroups/{name}") }]);
    let from = changed("100 allow tcp 1433 -", json!({ "sourceAddressPrefix": null, "sourceApplicationSecurityGroups": asg("logic") }));
    let report = reported(with_rules(vec![from, rule("200 deny * * *")]).to_string());
    quiet(&report);
    assert_eq!(report["policies"][0]["rules"][0]["peer"], "logic");
    assert_eq!(reach(&report, "tcp", 1433), "group");
    assert_eq!(report["policies"][0]["verdict"], "secure");
}

#[test]
fn destinations_narrow_the_protected_end() {
    let report = reported(nsg(&["100 allow tcp 22 * > 10.0.0.4", "200 deny * * *"]).to_string());
    let exposures = report["policies"][0]["exposures"].as_array().unwrap();
    let ssh = exposures.iter().find(|e| e["ports"] == "22").unwrap();
    assert_eq!((&ssh["local"], &ssh["verdict"]), (&json!("10.0.0.4/32"), &json!("dangerous")));
    // In a virtual network everything is the virtual network.
    let network = reported(nsg(&["100 allow tcp 22 * > VirtualNetwork"]).to_string());
    assert!(network["policies"][0]["exposures"].as_array().unwrap().iter().any(|e| e["ports"] == "22" && e["local"] == "any"));
    let groups =
        json!({ "destinationAddressPrefix": "", "destinationApplicationSecurityGroups": [{ "id": "/x/web" }, { "id": "/x/api" }] });
    let groups = reported(with_rules(vec![changed("100 allow tcp 22 *", groups), rule("200 deny * * *")]).to_string());
    let ends: Vec<&str> = groups["policies"][0]["exposures"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|e| e["ports"] == "22")
        .map(|e| e["local"].as_str().unwrap())
        .collect();
    assert_eq!(ends, ["web", "api"]);
}

#[test]
fn a_public_destination_never_matches_inbound() {
    for address in ["20.1.2.3", "203.0.113.10"] {
        let group = nsg(&[&format!("100 allow tcp 22 * > {address}")]);
        let report = reported(group.to_string());
        assert_eq!(problem(&report, "translates to the private one").1, "warning");
        assert_eq!((verdict(&group).as_str(), &report["policies"][0]["rules"][0]["effect"]), ("secure", &json!("dead")));
    }
}

#[test]
fn the_documented_example_of_application_groups() {
    // 100: internet to web; 110: logic to databases; 120: nobody else to databases.
    let to = |shorthand: &str, source: Value, group: &str| {
        let mut rule = changed(shorthand, source);
        rule["destinationAddressPrefix"] = Value::Null;
        rule["destinationApplicationSecurityGroups"] = json!([{ "id": group }]);
        rule
    };
    let logic = json!({ "sourceAddressPrefix": "", "sourceApplicationSecurityGroups": [{ "id": "logic" }] });
    let group = with_rules(vec![
        to("100 allow tcp 80 Internet", json!({}), "web"),
        to("110 allow tcp 1433 -", logic, "db"),
        to("120 deny * 1433 *", json!({}), "db"),
    ]);
    let report = reported(group.to_string());
    let at = |local: &str, protocol: &str, ports: &str| {
        let exposures = report["policies"][0]["exposures"].as_array().unwrap();
        let found = exposures.iter().find(|e| e["local"] == local && e["protocol"] == protocol && e["ports"] == ports);
        found.map(|e| (e["reach"].as_str().unwrap().to_owned(), e["groups"].clone()))
    };
    assert_eq!(at("web", "tcp", "80").unwrap().0, "internet");
    assert_eq!(at("db", "tcp", "1433").unwrap().0, "group");
    assert_eq!(report["policies"][0]["verdict"], "caution", "80 without 443");
}

#[test]
fn source_ports_do_not_open_and_do_not_close() {
    // Admitted from some source port is admitted; a deny of one source port stops nobody.
    assert!(open(&nsg(&["100 allow tcp 3389 * < 1024-65535"]), "tcp", 3389));
    assert!(open(&nsg(&["100 deny * * * < 53", "200 allow tcp 22 *"]), "tcp", 22));
}

#[test]
fn protocols_and_ports() {
    // Any protocol on a port is tcp and udp on that port, and no more.
    let any = nsg(&["100 allow * 3389 *"]);
    assert!(open(&any, "tcp", 3389) && open(&any, "udp", 3389) && !open(&any, "tcp", 22));
    let everything = reported(nsg(&["100 allow * * *"]).to_string());
    assert!(everything["policies"][0]["exposures"].as_array().unwrap().iter().any(|e| e["protocol"] == "all" && e["reach"] == "internet"));
    for (protocol, name) in [("Icmp", "icmp"), ("Esp", "esp"), ("Ah", "ah")] {
        // Ports mean nothing here.
        let report = reported(nsg(&[&format!("100 allow {protocol} 22 *")]).to_string());
        assert!(report["policies"][0]["exposures"].as_array().unwrap().iter().any(|e| e["protocol"] == name), "{protocol}");
        assert!(!open(&nsg(&[&format!("100 allow {protocol} 22 *")]), "tcp", 22));
    }
    let lists = with_rules(vec![changed(
        "100 allow tcp 80 *",
        json!({ "destinationPortRange": "80,443", "destinationPortRanges": [8080, "9000-9100"] }),
    )]);
    assert!([80, 443, 8080, 9050].into_iter().all(|port| open(&lists, "tcp", port)) && !open(&lists, "tcp", 8081));
}

// ARM templates.

#[test]
fn a_narrow_deny_before_closes_nothing_else() {
    let group = nsg(&["100 deny tcp 22 1.2.3.4/32", "200 allow tcp 22 *"]);
    let report = reported(group.to_string());
    let ssh = report["policies"][0]["exposures"].as_array().unwrap().iter().find(|e| e["ports"] == "22").unwrap();
    // All of them less the denied one and the platform's own.
    assert_eq!((&ssh["reach"], &ssh["ipv4"]), (&json!("internet"), &json!(3_702_258_686_u64)));
}

#[test]
fn a_source_port_is_no_destination_port() {
    let group = nsg(&["100 allow tcp 443 * < 22"]);
    assert!(!open(&group, "tcp", 22) && open(&group, "tcp", 443));
}

#[test]
fn udp_counts_wherever_it_stands() {
    for protocol in ["udp", "*"] {
        let group = nsg(&["100 allow tcp 443 *", &format!("110 allow {protocol} 53 *")]);
        assert!(open(&group, "udp", 53) && !open(&group, "udp", 52) && verdict(&group) == "dangerous", "{protocol}");
    }
}

#[test]
fn broad_tags_are_broad() {
    assert_eq!(verdict(&nsg(&["100 allow tcp 22 AzureCloud"])), "dangerous");
    assert_eq!(verdict(&nsg(&["100 allow tcp 22 172.20.0.0/16"])), "secure", "all of 172.16.0.0/12 is private");
}

#[test]
fn two_groups_of_one_template_keep_their_rules() {
    let value = template(
        json!([resource("a", json!([deep(OPEN, json!({}))])), resource("b", json!([deep("100 deny * * *", json!({}))]))]),
        json!({}),
    );
    let report = reported(value.to_string());
    let verdicts: Vec<&str> = report["policies"].as_array().unwrap().iter().map(|policy| policy["verdict"].as_str().unwrap()).collect();
    assert_eq!(verdicts, ["dangerous", "secure"]);
    let number = template(json!([resource("a", json!([deep(OPEN, json!({ "destinationPortRange": 22 }))]))]), json!({}));
    assert!(open(&number, "tcp", 22));
}

#[test]
fn a_missing_priority_matters_only_where_order_does() {
    let without = |line: &str| changed(line, json!({ "priority": null }));
    let out = |line: &str| changed(line, json!({ "direction": "Outbound" }));
    let word = |rules: Vec<Value>| {
        let report = reported(with_rules(rules).to_string());
        let (_, level) = problem(&report, "this rule has no priority");
        (report["policies"][0]["verdict"].as_str().unwrap().to_owned(), level.to_owned())
    };
    let said = |verdict: &str, level: &str| (verdict.to_owned(), level.to_owned());
    assert_eq!(word(vec![without(OPEN)]), said("dangerous", "warning"));
    assert_eq!(word(vec![without(OPEN), changed("200 allow tcp 80 *", json!({}))]), said("dangerous", "warning"));
    assert_eq!(word(vec![without(OPEN), out("200 deny * * *")]), said("dangerous", "warning"));
    assert_eq!(reported(without(OPEN).to_string())["verdict"], "dangerous", "a rule without its group");
    assert_eq!(word(vec![without("100 deny * * *"), without("100 deny tcp 22 *")]), said("secure", "warning"));
    assert_eq!(word(vec![without(OPEN), changed("200 deny * * *", json!({}))]), said("unknown", "error"));
    assert_eq!(word(vec![without("100 deny * * *"), changed("200 allow tcp 22 Internet", json!({}))]), said("unknown", "error"));
    assert_eq!(word(vec![without(OPEN), changed("200 allow tcp 80 *", json!({ "access": "perhaps" }))]), said("unknown", "error"));
}
