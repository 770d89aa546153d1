//! Azure network security groups in every shape that is read: what is detected, what the rules mean, what is said of what
//! can't be read, and the cases that other tools get wrong.

use portcullis_core::formats::Assumptions;
use portcullis_core::report;
use portcullis_core::review::{Input, review_assuming};
use portcullis_tests::reported;
use serde_json::{Value, json};

/// An inbound rule in the flattened shape, from shorthand: `100 allow tcp 22 Internet`, with `> 10.0.0.4` for a destination
/// and `< 1024` for a source port.
fn rule(shorthand: &str) -> Value {
    let words: Vec<&str> = shorthand.split(' ').collect();
    let after = |mark: &str| words.iter().position(|word| *word == mark).map(|at| words[at + 1]);
    json!({
        "name": format!("{}-{}", words[1], words[0]), "priority": words[0].parse::<i64>().unwrap(), "direction": "Inbound",
        "access": words[1], "protocol": words[2], "destinationPortRange": words[3], "sourceAddressPrefix": words[4],
        "destinationAddressPrefix": after(">").unwrap_or("*"), "sourcePortRange": after("<").unwrap_or("*"),
        "sourceAddressPrefixes": [], "destinationAddressPrefixes": [], "destinationPortRanges": [], "sourcePortRanges": [],
    })
}

fn nsg(rules: &[&str]) -> Value {
    with_rules(rules.iter().map(|shorthand| rule(shorthand)).collect())
}

fn with_rules(rules: Vec<Value>) -> Value {
    json!({
        "id": "/subscriptions/0/resourceGroups/rg/providers/Microsoft.Network/networkSecurityGroups/web", "name": "web",
        "location": "westeurope", "type": "Microsoft.Network/networkSecurityGroups", "resourceGroup": "rg", "securityRules": rules,
    })
}

/// A rule with some of its fields replaced.
fn changed(shorthand: &str, fields: Value) -> Value {
    let mut rule = rule(shorthand);
    rule.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    rule
}

/// The same rule in the shape of the API, and the same group.
fn nested(mut value: Value, outside: &[&str]) -> Value {
    let fields = value.as_object_mut().unwrap();
    let properties: serde_json::Map<String, Value> =
        fields.iter().filter(|(key, _)| !outside.contains(&&***key)).map(|(key, value)| (key.clone(), value.clone())).collect();
    fields.retain(|key, _| outside.contains(&&**key));
    fields.insert("properties".to_owned(), properties.into());
    value
}

const OPEN: &str = "100 allow tcp 22 Internet";

#[track_caller]
fn format_of(report: &Value) -> &str {
    report["documents"][0]["format"].as_str().unwrap_or("none")
}

/// The verdict on the first policy.
#[track_caller]
fn verdict(value: &Value) -> String {
    let report = reported(value.to_string());
    report["policies"][0]["verdict"].as_str().unwrap_or_else(|| panic!("{:#}", report["documents"])).to_owned()
}

/// The widest reach of a port, over all parts of the protected end.
#[track_caller]
fn reach(report: &Value, protocol: &str, port: u16) -> String {
    let covers = |ports: &str| {
        let mut ends = ports.split('-').map(|end| end.parse::<u16>().unwrap());
        let first = ends.next().unwrap();
        (first..=ends.next().unwrap_or(first)).contains(&port)
    };
    let exposures = report["policies"][0]["exposures"].as_array().unwrap().iter().filter(|e| {
        e["direction"] == "ingress"
            && (e["protocol"] == protocol || e["protocol"] == "all")
            && e["ports"].as_str().is_some_and(|ports| ports == "all" || covers(ports))
    });
    let found: Vec<&str> = exposures.map(|e| e["reach"].as_str().unwrap()).collect();
    let widest = ["internet", "broad-public", "unknown", "public", "private", "group"].into_iter().find(|reach| found.contains(reach));
    widest.unwrap_or("nobody").to_owned()
}

#[track_caller]
fn open(value: &Value, protocol: &str, port: u16) -> bool {
    ["internet", "broad-public"].contains(&&*reach(&reported(value.to_string()), protocol, port))
}

/// The line and the level of the problem with these words.
#[track_caller]
fn problem(report: &Value, words: &str) -> (u64, String) {
    let problems = report["documents"][0]["problems"].as_array().unwrap();
    let found =
        problems.iter().find(|p| p["message"].as_str().unwrap().contains(words)).unwrap_or_else(|| panic!("{words}: {problems:#?}"));
    let message = found["message"].as_str().unwrap();
    assert!(!message.chars().next().unwrap().is_uppercase(), "{message}");
    (found["at"]["line"].as_u64().unwrap(), found["level"].as_str().unwrap().to_owned())
}

#[track_caller]
fn quiet(report: &Value) {
    assert_eq!(report["documents"][0]["problems"], json!([]));
}

// What is detected.

#[test]
fn the_cli_and_the_api_print_groups() {
    let flat = nsg(&[OPEN]);
    let mut deep = nsg(&[]);
    deep["securityRules"] = json!([nested(rule(OPEN), &["name", "id"])]);
    let deep = nested(deep, &["id", "name", "location", "type"]);
    let groups = "azure-network-security-groups";
    for (value, policies) in [
        (flat.clone(), 1),
        (json!([flat, flat]), 2),
        (deep.clone(), 1),
        (json!({ "value": [deep, deep] }), 2),
        (json!({ "data": [deep], "count": 1, "total_records": 1 }), 1),
    ] {
        let report = reported(value.to_string());
        quiet(&report);
        assert_eq!((format_of(&report), report["policies"].as_array().unwrap().len()), (groups, policies));
        assert_eq!(report["policies"][0]["kind"], "azure-network-security-group");
        assert_eq!(report["policies"][0]["name"], "web");
        assert_eq!(report["policies"][0]["rules"][0]["name"], "allow-100");
        assert_eq!(report["policies"][0]["verdict"], "dangerous");
    }
}

#[test]
fn powershell_and_the_sdk_print_groups() {
    let shell = json!([{ "Name": "web", "Id": "/subscriptions/0/web", "SecurityRules": [{
        "Name": "ssh", "Protocol": "Tcp", "SourcePortRange": ["*"], "DestinationPortRange": ["22", "3389"],
        "SourceAddressPrefix": ["Internet"], "DestinationAddressPrefix": ["*"], "Access": "Allow", "Priority": 100,
        "Direction": "Inbound", "SourceApplicationSecurityGroups": [], "DestinationApplicationSecurityGroups": [] }],
        "DefaultSecurityRules": [], "SecurityRulesText": "[]" }]);
    let sdk = json!([{ "name": "web", "security_rules": [{
        "name": "ssh", "protocol": "TCP", "source_port_range": "*", "destination_port_ranges": ["20-25", 3389],
        "source_address_prefix": "INTERNET", "destination_address_prefix": "*", "access": "allow", "priority": "100",
        "direction": "inbound" }], "default_security_rules": null }]);
    for value in [shell, sdk] {
        let report = reported(value.to_string());
        quiet(&report);
        assert_eq!(format_of(&report), "azure-network-security-groups");
        assert!(open(&value, "tcp", 22) && open(&value, "tcp", 3389) && !open(&value, "tcp", 443));
    }
}

#[test]
fn rules_alone_go_by_the_group_in_their_id() {
    let of = |group: &str| changed(OPEN, json!({ "id": format!("/subscriptions/0/networkSecurityGroups/{group}/securityRules/x") }));
    let report = reported(json!([of("a"), of("b"), of("a")]).to_string());
    assert_eq!(format_of(&report), "azure-security-rules");
    let names: Vec<&str> = report["policies"].as_array().unwrap().iter().map(|policy| policy["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["a", "b"]);
    assert_eq!(report["policies"][0]["partial"], false);
    let one = reported(of("a").to_string());
    assert_eq!((&one["policies"][0]["partial"], &one["verdict"]), (&json!(true), &json!("dangerous")));
}

#[test]
fn effective_rules_use_the_expanded_prefixes() {
    let value = json!({ "value": [{
        "association": { "subnet": { "id": "/subscriptions/0/subnets/front" }, "networkInterface": null },
        "networkSecurityGroup": { "id": "/subscriptions/0/networkSecurityGroups/web", "resourceGroup": "rg" },
        "effectiveSecurityRules": [
            { "name": "defaultSecurityRules/DenyAllInBound", "access": "Deny", "direction": "Inbound", "priority": 65500, "protocol": "All",
              "sourceAddressPrefix": "0.0.0.0/0", "sourceAddressPrefixes": ["0.0.0.0/0", "0.0.0.0/0"], "sourcePortRange": "0-65535",
              "destinationAddressPrefix": "0.0.0.0/0", "destinationPortRange": "0-65535", "expandedSourceAddressPrefix": null },
            { "name": "defaultSecurityRules/AllowVnetInBound", "access": "Allow", "direction": "Inbound", "priority": 65000,
              "protocol": "All", "sourceAddressPrefix": "VirtualNetwork", "sourcePortRange": "0-65535",
              "destinationAddressPrefix": "VirtualNetwork", "destinationPortRange": "0-65535",
              "expandedSourceAddressPrefix": ["10.0.0.0/16", "168.63.129.16/32"], "expandedDestinationAddressPrefix": ["10.0.0.0/16"] },
            { "name": "securityRules/db", "access": "Allow", "direction": "Inbound", "priority": 200, "protocol": "Tcp",
              "sourceAddressPrefix": "AppService", "expandedSourceAddressPrefix": ["20.0.0.0/28"], "sourcePortRange": "0-65535",
              "destinationAddressPrefix": "0.0.0.0/0", "destinationPortRange": "5432-5432" }] }] });
    let report = reported(value.to_string());
    quiet(&report);
    assert_eq!(format_of(&report), "azure-effective-rules");
    let policy = &report["policies"][0];
    assert_eq!((&policy["name"], &policy["verdict"]), (&json!("web"), &json!("caution")));
    let names: Vec<&str> = policy["rules"].as_array().unwrap().iter().take(3).map(|rule| rule["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["DenyAllInBound", "AllowVnetInBound", "db"]);
    let database = policy["exposures"].as_array().unwrap().iter().find(|e| e["ports"] == "5432").unwrap();
    assert_eq!((&database["ipv4"], &database["reach"]), (&json!(16), &json!("public")));
    let rest = policy["exposures"].as_array().unwrap().iter().find(|e| e["direction"] == "ingress" && e["protocol"] == "all").unwrap();
    assert_eq!((&rest["reach"], &rest["ipv4"]), (&json!("private"), &json!(0)), "the platform's address is not the internet");
}

#[test]
fn other_things_are_not_groups() {
    for value in [
        json!({ "name": "nic", "type": "Microsoft.Network/networkInterfaces", "properties": { "networkSecurityGroup": { "id": "x" } } }),
        json!({ "rules": [{ "access": "Allow" }] }),
        json!({ "direction": "Inbound", "priority": 100 }),
    ] {
        let report = reported(value.to_string());
        assert_eq!((format_of(&report), report["verdict"].as_str()), ("none", Some("unknown")), "{value}");
    }
    let stranger = reported(json!([nsg(&[]), { "hello": 1 }]).to_string());
    assert_eq!(problem(&stranger, "is no network security group").1, "error");
}

#[test]
fn unknown_fields_change_nothing() {
    let mut group = nsg(&[OPEN]);
    let plain = reported(group.to_string());
    group["novelty"] = json!({ "access": [1, null] });
    group["securityRules"][0]["etag"] = "W/1".into();
    let odd = reported(group.to_string());
    quiet(&odd);
    assert_eq!(plain["policies"][0]["exposures"], odd["policies"][0]["exposures"]);
}

#[test]
fn what_is_malformed_has_a_sentence_and_a_line() {
    let text = serde_json::to_string_pretty(&with_rules(vec![
        changed("100 allow tcp 22 Internet", json!({ "destinationPortRange": "ssh" })),
        changed("110 allow tcp 22 10.0.0.0/8", json!({ "access": "perhaps" })),
        changed("120 allow tcp 22 10.0.0.0/8", json!({ "direction": null })),
        changed("130 allow tcp 22 10.0.0.0/8", json!({ "priority": "soon" })),
        changed("140 allow carp 22 10.0.0.0/8", json!({})),
        changed("150 allow tcp 22 10.0.0.0/33", json!({})),
        changed("160 allow tcp 22 TheOffice", json!({})),
        changed("170 allow tcp 30-20 Internet", json!({})),
        json!("Microsoft.Azure.Commands.Network.Models.PSSecurityRule"),
        json!(7),
    ]))
    .unwrap();
    let report = reported(&text);
    for (words, level) in [
        ("`ssh` is no port", "error"),
        ("`perhaps` is neither Allow nor Deny", "error"),
        ("has no direction", "error"),
        ("`soon` is no priority", "error"),
        ("`carp` is no protocol", "error"),
        ("`10.0.0.0/33` is no CIDR", "error"),
        ("`TheOffice` is no address and no service tag", "error"),
        ("`30-20` is upside down", "warning"),
        ("-Depth 10", "error"),
        ("is no security rule", "error"),
    ] {
        let (line, found) = problem(&report, words);
        assert!(line > 1 && found == level, "{words}");
    }
    assert_eq!(report["policies"][0]["verdict"], "unknown");
}

// What rules mean.

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

fn template(resources: Value, more: Value) -> Value {
    let mut template = json!({
        "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#", "contentVersion": "1.0.0.0",
        "resources": resources,
    });
    template.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    template
}

fn resource(name: &str, rules: Value) -> Value {
    json!({
        "type": "Microsoft.Network/networkSecurityGroups", "apiVersion": "2023-09-01", "name": name,
        "properties": { "securityRules": rules },
    })
}

fn deep(shorthand: &str, fields: Value) -> Value {
    nested(changed(shorthand, fields), &["name"])
}

#[test]
fn templates_are_evaluated() {
    let value = template(
        json!([resource(
            "[concat(parameters('prefix'), '-nsg')]",
            json!([deep(
                OPEN,
                json!({
                    "sourceAddressPrefix": "[variables('from').any]", "destinationPortRange": "[parameters('port')]",
                    "priority": "[add(100, 20)]", "access": "[if(equals(parameters('prefix'), 'web'), 'Allow', 'Deny')]",
                })
            )])
        )]),
        json!({ "parameters": { "prefix": { "type": "string", "defaultValue": "web" }, "port": { "type": "int", "defaultValue": 3389 } },
                "variables": { "from": { "any": "Internet" } } }),
    );
    let report = reported(value.to_string());
    quiet(&report);
    let policy = &report["policies"][0];
    assert_eq!((format_of(&report), &policy["name"]), ("azure-template", &json!("web-nsg")));
    assert_eq!(policy["address"], "Microsoft.Network/networkSecurityGroups/[concat(parameters('prefix'), '-nsg')]");
    assert_eq!(policy["rules"][0]["priority"], 120);
    assert!(open(&value, "tcp", 3389));
}

#[test]
fn what_a_template_leaves_open_is_unknown_until_it_is_assumed() {
    let value = template(
        json!([resource("web", json!([deep(OPEN, json!({ "sourceAddressPrefix": "[parameters('admin')]" }))]))]),
        json!({ "parameters": { "admin": { "type": "string" } } }),
    );
    let report = reported(value.to_string());
    assert_eq!(report["verdict"], "unknown");
    assert_eq!(report["unresolved"][0]["name"], "parameters('admin')");
    assert_eq!(
        report["policies"][0]["exposures"].as_array().unwrap().iter().find(|e| e["ports"] == "22").unwrap()["if_open"]["verdict"],
        "dangerous"
    );
    let assuming = |value_of: &str| {
        let assumptions = Assumptions::from([("parameters('admin')".to_owned(), value_of.to_owned())]);
        let input = Input { name: "x".into(), bytes: value.to_string().into_bytes() };
        serde_json::to_value(report::report(&review_assuming(vec![input], &assumptions, &mut |_| {}))).unwrap()["verdict"].clone()
    };
    assert_eq!((assuming("10.0.0.0/16"), assuming("Internet")), (json!("secure"), json!("dangerous")));
}

#[test]
fn rules_of_their_own_find_their_group() {
    let kind = "Microsoft.Network/networkSecurityGroups/securityRules";
    let child = |name: &str, shorthand: &str| {
        let mut child = deep(shorthand, json!({}));
        child["type"] = kind.into();
        child["apiVersion"] = "2023-09-01".into();
        child["name"] = name.into();
        child["dependsOn"] = json!(["[resourceId('Microsoft.Network/networkSecurityGroups', parameters('group'))]"]);
        child
    };
    let mut parent = resource("[parameters('group')]", json!([deep("300 deny * * *", json!({}))]));
    let mut inside = deep("120 allow tcp 5432 Internet", json!({}));
    inside["type"] = "securityRules".into();
    inside["name"] = "db".into();
    parent["resources"] = json!([inside]);
    // The name of the group is not known, and still it is the same name.
    let value = template(
        json!([
            child("[concat(parameters('group'), '/ssh')]", OPEN),
            parent,
            resource("other", json!([])),
            child("gone/rdp", "400 allow tcp 3389 *")
        ]),
        json!({ "parameters": { "group": { "type": "string" } } }),
    );
    let report = reported(value.to_string());
    assert_eq!(problem(&report, "the group of this rule is not in the text").1, "warning");
    let policies = report["policies"].as_array().unwrap();
    let said: Vec<(&str, &str, bool)> = policies
        .iter()
        .map(|policy| (policy["name"].as_str().unwrap(), policy["verdict"].as_str().unwrap(), policy["partial"].as_bool().unwrap()))
        .collect();
    assert_eq!(said, [("parameters('group')", "dangerous", false), ("other", "secure", false), ("gone", "dangerous", true)]);
    let rules = policies[0]["rules"].as_array().unwrap();
    let ssh = rules.iter().find(|rule| rule["name"] == "ssh").unwrap();
    assert_eq!((&ssh["effect"], &ssh["address"]), (&json!("in-effect"), &json!(format!("{kind}/[concat(parameters('group'), '/ssh')]"))));
    assert!(rules.iter().any(|rule| rule["name"] == "db"));
    assert_eq!(policies[2]["rules"][0]["address"], "Microsoft.Network/networkSecurityGroups/gone/securityRules/rdp");
}

#[test]
fn copies_are_made() {
    let input = deep(
        OPEN,
        json!({
            "priority": "[copyIndex('securityRules', 100)]", "destinationPortRange": "[parameters('ports')[copyIndex('securityRules')]]",
        }),
    );
    let mut group = resource("[format('nsg-{0:D2}', copyIndex(1))]", json!([]));
    group["copy"] = json!({ "name": "groups", "count": 2 });
    group["properties"] = json!({ "copy": [{ "name": "securityRules", "count": "[length(parameters('ports'))]", "input": input }] });
    let value = template(json!([group]), json!({ "parameters": { "ports": { "type": "array", "defaultValue": [22, 3389] } } }));
    let report = reported(value.to_string());
    quiet(&report);
    let names: Vec<&str> = report["policies"].as_array().unwrap().iter().map(|policy| policy["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["nsg-01", "nsg-02"]);
    assert!(open(&value, "tcp", 22) && open(&value, "tcp", 3389) && !open(&value, "tcp", 443));
    // A number of copies that is not known leaves the rules open, one beyond measure too.
    for count in [json!("[parameters('n')]"), json!(1_000_000_000_u64)] {
        let mut group = resource("x", json!([]));
        group["properties"] = json!({ "copy": [{ "name": "securityRules", "count": count, "input": deep(OPEN, json!({})) }] });
        assert_eq!(verdict(&template(json!([group]), json!({}))), "unknown");
    }
}

#[test]
fn lists_keep_what_is_known_beside_what_is_not() {
    let known = deep(OPEN, json!({}));
    let value = template(
        json!([resource("web", json!("[concat(variables('base'), parameters('more'))]"))]),
        json!({ "parameters": { "more": { "type": "array" } }, "variables": { "base": [known] } }),
    );
    let report = reported(value.to_string());
    assert_eq!(report["policies"][0]["verdict"], "dangerous");
    assert_eq!(report["unresolved"][0]["name"], "parameters('more')");
}

#[test]
fn deployments_and_envelopes() {
    let inner = |prefix: &str| {
        template(
            json!([resource("web", json!([deep(OPEN, json!({ "sourceAddressPrefix": prefix }))]))]),
            json!({ "parameters": { "from": { "type": "string", "defaultValue": "10.0.0.0/8" } } }),
        )
    };
    let deployment = |template: Value, scope: &str| {
        json!({ "type": "Microsoft.Resources/deployments", "apiVersion": "2021-04-01", "name": "inner", "properties": {
            "mode": "Incremental", "expressionEvaluationOptions": { "scope": scope }, "template": template,
            "parameters": { "from": { "value": "[parameters('outer')]" } } } })
    };
    let outer = json!({ "parameters": { "outer": { "type": "string", "defaultValue": "Internet" }, "from": { "type": "string", "defaultValue": "*" } } });
    // Inside, parameters are those that the deployment hands over; outside, those of the outer template.
    assert_eq!(verdict(&template(json!([deployment(inner("[parameters('from')]"), "inner")]), outer.clone())), "dangerous");
    assert_eq!(verdict(&template(json!([deployment(inner("[parameters('from')]"), "outer")]), outer)), "dangerous");
    let artifact = json!({ "kind": "template", "type": "Microsoft.Blueprint/blueprints/artifacts", "properties": {
        "parameters": { "from": { "value": "Internet" } }, "template": inner("[parameters('from')]") } });
    for (envelope, expected) in [
        (artifact, "dangerous"),
        (json!({ "template": inner("Internet") }), "dangerous"),
        (json!({ "template": inner("[parameters('from')]") }), "secure"),
    ] {
        let report = reported(envelope.to_string());
        assert_eq!((format_of(&report), report["policies"][0]["verdict"].as_str().unwrap()), ("azure-template", expected));
    }
    let linked = json!([{ "type": "Microsoft.Resources/deployments", "apiVersion": "2021-04-01", "name": "net",
        "properties": { "templateLink": { "uri": "https://example.com/net.json" } } }]);
    let linked = reported(template(linked, json!({})).to_string());
    assert_eq!((problem(&linked, "the template of the deployment `net`").1.as_str(), &linked["verdict"]), ("error", &json!("unknown")));
}

#[test]
fn conditions_decide_what_exists() {
    let conditional = |condition: Value| {
        let mut group = resource("web", json!([deep(OPEN, json!({}))]));
        group["condition"] = condition;
        reported(template(json!([group]), json!({ "parameters": { "deploy": { "type": "bool" } } })).to_string())["verdict"].clone()
    };
    assert_eq!(conditional(json!(false)), Value::Null);
    assert_eq!(conditional(json!("[equals(1, 2)]")), Value::Null);
    assert_eq!(conditional(json!("[parameters('deploy')]")), "dangerous", "what it admits where it exists");
}

#[test]
fn hostile_templates_end() {
    let circular = template(
        json!([resource("web", json!([deep(OPEN, json!({ "sourceAddressPrefix": "[variables('a')]" }))]))]),
        json!({ "variables": { "a": "[variables('b')]", "b": "[variables('a')]" } }),
    );
    assert_eq!(verdict(&circular), "unknown");
    let doubling: serde_json::Map<String, Value> = (1..64)
        .map(|i| (format!("v{i}"), json!(format!("[createArray(variables('v{0}'), variables('v{0}'))]", i - 1))))
        .chain([("v0".to_owned(), json!("x"))])
        .collect();
    let bomb = template(
        json!([resource("web", json!([deep(OPEN, json!({ "sourceAddressPrefixes": "[variables('v63')]" }))]))]),
        json!({ "variables": doubling }),
    );
    assert_eq!(verdict(&bomb), "dangerous", "the prefix beside it is known");
}

// Bicep.

const BICEP: &str = r"
// who may come in
param adminCidr string
param ports array = [22, 3389]
var base = [
  {
    name: 'web'
    properties: {
      priority: 100
      access: 'Allow', direction: 'Inbound', protocol: 'Tcp'
      sourceAddressPrefix: 'Internet'
      sourcePortRange: '*'
      destinationAddressPrefix: '*'
      destinationPortRange: '443'
    }
  }
]
resource nsg 'Microsoft.Network/networkSecurityGroups@2023-09-01' = {
  name: 'nsg-${uniqueString(resourceGroup().id)}'
  properties: {
    securityRules: concat(base, [for (port, i) in ports: {
      name: 'port-${port}'
      properties: {
        priority: 200 + i
        access: 'Allow'
        direction: 'Inbound'
        protocol: 'Tcp'
        sourceAddressPrefix: i == 0 ? adminCidr : '*'
        sourcePortRange: '*'
        destinationAddressPrefix: '*'
        destinationPortRange: string(port)
      }
    }])
  }
  resource snmp 'securityRules' = {
    name: 'snmp'
    properties: {
      priority: 300, access: 'Allow', direction: 'Inbound', protocol: 'Udp', sourceAddressPrefix: '*'
      sourcePortRange: '*', destinationAddressPrefix: '*', destinationPortRange: '161'
    }
  }
}
resource redis 'Microsoft.Network/networkSecurityGroups/securityRules@2023-09-01' = if (length(ports) > 1) {
  parent: nsg
  name: 'redis'
  properties: {
    priority: 310, access: 'Allow', direction: 'Inbound', protocol: '*', sourceAddressPrefix: '*'
    sourcePortRange: '*', destinationAddressPrefix: '*', destinationPortRange: '6379'
  }
}
output id string = nsg.id
";

#[test]
fn bicep_is_read() {
    let report = reported(BICEP);
    quiet(&report);
    assert_eq!((format_of(&report), report["policies"].as_array().unwrap().len()), ("azure-bicep", 1));
    let policy = &report["policies"][0];
    assert_eq!((&policy["address"], &policy["name"]), (&json!("nsg"), &json!("nsg-uniqueString(resourceGroup().id)")));
    let names: Vec<&str> = policy["rules"].as_array().unwrap().iter().take(6).map(|rule| rule["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["web", "port-22", "port-3389", "snmp", "redis", "redis"]);
    assert_eq!(policy["rules"][4]["address"], "redis");
    assert_eq!(reach(&report, "tcp", 22), "unknown");
    assert_eq!(report["unresolved"][0]["name"], "adminCidr");
    for (protocol, port) in [("tcp", 3389), ("udp", 161), ("tcp", 6379), ("tcp", 443)] {
        assert_eq!(reach(&report, protocol, port), "internet", "{port}");
    }
    let web = &policy["rules"][0]["at"];
    assert_eq!((web["line"].as_u64(), web["column"].as_u64()), (Some(11), Some(28)));
}

#[test]
fn broken_bicep_is_said_and_the_rest_is_read() {
    let broken = BICEP.replace("name: 'redis'", "name: 'redis");
    let report = reported(&broken);
    let line = broken.lines().position(|line| line.starts_with("resource redis")).unwrap();
    assert_eq!(problem(&report, "`resource redis` can't be read"), (line as u64 + 1, "error".to_owned()));
    assert_eq!(report["policies"][0]["verdict"], "dangerous");
    let only = reported("resource a 'Microsoft.Network/networkSecurityGroups@2023-09-01' = {\n  name: 'a'\n  properties: {\n");
    assert_eq!(only["verdict"], "unknown");
    let module = reported("module net './net.bicep' = {\n  name: 'net'\n}\n");
    assert_eq!((problem(&module, "the module `net`").1.as_str(), &module["verdict"]), ("error", &json!("unknown")));
    assert_eq!(format_of(&reported("param x string = 'y'\n")), "none");
}

#[test]
fn bicep_cut_off_anywhere_is_never_secure() {
    for end in (0..BICEP.len()).step_by(3) {
        let report = reported(&BICEP[..end]);
        assert_ne!(report["verdict"], "secure", "{end}");
    }
}

// Where other tools are wrong.

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
fn deep_nesting_ends() {
    let group = |value: &str| {
        format!("resource a 'Microsoft.Network/networkSecurityGroups@2023-09-01' = {{\n  name: 'a'\n  properties: {value}\n}}\n")
    };
    for (open, close) in [
        ("(", ")"),
        ("[", "]"),
        ("{ a: ", "}"),
        ("not(", ")"),
        ("!", ""),
        ("'${", "}'"),
        ("true ? true : ", ""),
        ("x[", "]"),
        ("map(", ", x => 1)"),
        ("- ", ""),
    ] {
        for depth in [100, 10_000] {
            let text = group(&format!("{}1{}", open.repeat(depth), close.repeat(depth)));
            assert_ne!(reported(text)["verdict"], "dangerous", "{open}");
        }
    }
    let inside = format!("{}{}", "resource b 'x' = {\n".repeat(5_000), "}\n".repeat(5_000));
    reported(group(&format!("{{}}\n{inside}")));
    let chain: serde_json::Map<String, Value> =
        (1..2_000).map(|i| (format!("v{i}"), json!(format!("[concat(variables('v{}'), 'x')]", i - 1)))).collect();
    let calls = format!("[{}'x'{}]", "concat(".repeat(120), ")".repeat(120));
    let steps = format!("[variables('v1'){}]", ".a".repeat(100_000));
    for prefix in ["[variables('v1999')]", &calls, &steps] {
        let value = template(
            json!([resource("a", json!([deep("100 allow tcp 22 -", json!({ "sourceAddressPrefix": prefix }))]))]),
            json!({ "variables": chain }),
        );
        assert_eq!(verdict(&value), "unknown");
    }
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
