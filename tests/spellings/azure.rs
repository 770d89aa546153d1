//! How Azure writes rules.

use super::*;

/// Rules as a network security group has them; it can't name ICMP types.
pub(super) fn nsg_rules(rules: &[Rule]) -> Option<Vec<Value>> {
    let one = |(at, (protocol, from, to, net)): (usize, &Rule)| {
        let (protocol, ports) = match *protocol {
            "all" => ("*", "*".to_owned()),
            "tcp" => ("Tcp", format!("{from}-{to}")),
            "udp" => ("Udp", if from == to { from.to_string() } else { format!("{from}-{to}") }),
            _ => return None,
        };
        Some(
            json!({ "name": format!("r{at}"), "properties": { "access": "Allow", "direction": "Inbound", "priority": 100 + at, "protocol": protocol,
            "sourceAddressPrefix": net, "sourcePortRange": "*", "destinationAddressPrefix": "*", "destinationPortRange": ports } }),
        )
    };
    rules.iter().enumerate().map(one).collect()
}

pub(super) fn nsg_rest(_: &str, rules: &[Rule]) -> Option<String> {
    let rules = nsg_rules(rules)?;
    Some(json!({ "name": "nsg", "id": "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg/providers/Microsoft.Network/networkSecurityGroups/nsg",
        "type": "Microsoft.Network/networkSecurityGroups", "properties": { "securityRules": rules } }).to_string())
}

pub(super) fn nsg_arm(_: &str, rules: &[Rule]) -> Option<String> {
    let rules = nsg_rules(rules)?;
    Some(
        json!({ "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#", "contentVersion": "1.0.0.0",
        "parameters": { "name": { "type": "string", "defaultValue": "nsg" } }, "variables": { "rules": rules }, "resources": [
        { "type": "Microsoft.Network/networkSecurityGroups", "apiVersion": "2023-04-01", "name": "[parameters('name')]",
          "properties": { "securityRules": "[variables('rules')]" } }] })
        .to_string(),
    )
}

pub(super) fn nsg_az(_: &str, rules: &[Rule]) -> Option<String> {
    let flat = |rule: Value| {
        let mut flat = rule["properties"].clone();
        flat["name"] = rule["name"].clone();
        flat["resourceGroup"] = "rg".into();
        flat
    };
    let rules: Vec<Value> = nsg_rules(rules)?.into_iter().map(flat).collect();
    Some(json!([{ "name": "nsg", "resourceGroup": "rg", "location": "westeurope", "type": "Microsoft.Network/networkSecurityGroups", "securityRules": rules, "defaultSecurityRules": [] }]).to_string())
}

pub(super) fn nsg_terraform(_: &str, rules: &[Rule]) -> Option<String> {
    let mut text = "resource \"azurerm_network_security_group\" \"web\" {\n  name = \"web\"\n".to_owned();
    for rule in nsg_rules(rules)? {
        let p = &rule["properties"];
        text.push_str(&format!(
            "  security_rule {{\n    name = {}\n    priority = {}\n    direction = \"Inbound\"\n    access = \"Allow\"\n    protocol = {}\n    source_port_range = \"*\"\n    destination_port_range = {}\n    source_address_prefix = {}\n    destination_address_prefix = \"*\"\n  }}\n",
            rule["name"], p["priority"], p["protocol"], p["destinationPortRange"], p["sourceAddressPrefix"]
        ));
    }
    Some(text + "}\n")
}
