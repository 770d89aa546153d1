//! What the command line, the API, PowerShell and the SDK print.

use super::*;

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
