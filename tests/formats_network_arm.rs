//! Interfaces in ARM templates and Bicep behind the groups of their subnet and their own; the same picture from `az`.

use portcullis_tests::{files, reported};
use serde_json::{Value, json};

const BICEP: &str = "
param open bool
resource border 'Microsoft.Network/networkSecurityGroups@2023-09-01' = {
  name: 'border'
  properties: {
    securityRules: [
      { name: 'ssh', properties: { priority: 100, direction: 'Inbound', access: 'Allow', protocol: 'Tcp', sourcePortRange: '*', destinationPortRange: '22', sourceAddressPrefix: 'Internet', destinationAddressPrefix: '*' } }
    ]
  }
}
resource own 'Microsoft.Network/networkSecurityGroups@2023-09-01' = {
  name: 'own'
  properties: {
    securityRules: [
      { name: 'all', properties: { priority: 200, direction: 'Inbound', access: 'Allow', protocol: '*', sourcePortRange: '*', destinationPortRange: '*', sourceAddressPrefix: 'Internet', destinationAddressPrefix: '*' } }
    ]
  }
}
resource net 'Microsoft.Network/virtualNetworks@2023-09-01' = {
  name: 'net'
  properties: {
    addressSpace: { addressPrefixes: ['10.0.0.0/16'] }
    subnets: [
      { name: 'front', properties: { addressPrefix: '10.0.1.0/24', networkSecurityGroup: { id: border.id } } }
    ]
  }
  resource front 'subnets' existing = {
    name: 'front'
  }
}
resource address 'Microsoft.Network/publicIPAddresses@2023-09-01' = {
  name: 'web'
}
resource web 'Microsoft.Network/networkInterfaces@2023-09-01' = {
  name: 'web'
  properties: {
    ipConfigurations: [
      { name: 'one', properties: { subnet: { id: net::front.id }, publicIPAddress: { id: address.id } } }
    ]
    networkSecurityGroup: { id: own.id }
  }
}
resource machine 'Microsoft.Compute/virtualMachines@2023-09-01' = {
  name: 'vm-web'
  properties: { networkProfile: { networkInterfaces: [ { id: web.id } ] } }
}
";

fn surface(text: &str) -> Value {
    let report = reported(text);
    let surfaces = report["surfaces"].as_array().unwrap();
    assert_eq!(surfaces.len(), 1, "{report:#}");
    surfaces[0].clone()
}

fn changed(change: &str, instead: &str) -> String {
    assert!(BICEP.contains(change), "{change}");
    BICEP.replacen(change, instead, 1)
}

fn closed_by(surface: &Value) -> Vec<String> {
    let told = surface["closed"].as_array().unwrap().iter().map(|one| one["message"].as_str().unwrap());
    told.filter_map(|message| message.split_once("closed by ")).map(|(_, by)| by.to_owned()).collect()
}

fn missing(surface: &Value) -> Vec<Value> {
    surface["layer_list"].as_array().unwrap().iter().flat_map(|layer| layer["missing"].as_array().unwrap().clone()).collect()
}

#[test]
fn subnet_and_interface_are_two_layers_in_bicep() {
    let seen = surface(BICEP);
    assert_eq!((&seen["id"], &seen["name"], &seen["carrier"]), (&json!("web"), &json!("web"), &json!("vm-web")));
    assert_eq!((&seen["verdict"], &seen["assumed"], &seen["layers"]), (&json!("dangerous"), &json!([]), &json!([0, 1])));
    for (change, instead, by) in [
        (", publicIPAddress: { id: address.id }", "", "the lack of a public IPv4 address"),
        ("access: 'Allow', protocol: 'Tcp'", "access: 'Deny', protocol: 'Tcp'", "the network security group border at rule 100"),
        ("access: 'Allow', protocol: '*'", "access: 'Deny', protocol: '*'", "the network security group own at rule 200"),
    ] {
        let seen = surface(&changed(change, instead));
        assert_eq!((&seen["verdict"], closed_by(&seen).iter().any(|told| told == by)), (&json!("secure"), true), "{instead}: {seen:#}");
    }
}

#[test]
fn every_spelling_of_a_name_is_the_same_resource() {
    for (change, instead) in [
        ("net::front.id", "'${net.id}/subnets/front'"),
        ("net::front.id", "resourceId('Microsoft.Network/virtualNetworks/subnets', 'net', 'front')"),
        ("net::front.id", "resourceId('shared', 'Microsoft.Network/virtualNetworks/subnets', net.name, 'FRONT')"),
        ("id: own.id", "id: resourceId('Microsoft.Network/networkSecurityGroups', 'own')"),
        ("id: border.id", "id: resourceId('Microsoft.Network/networkSecurityGroups', border.name)"),
    ] {
        let seen = surface(&changed(change, instead));
        assert_eq!(
            (&seen["verdict"], &seen["assumed"], &seen["layers"]),
            (&json!("dangerous"), &json!([]), &json!([0, 1])),
            "{instead}: {seen:#}"
        );
    }
    // A subnet that stands on its own.
    let apart =
        changed("      { name: 'front', properties: { addressPrefix: '10.0.1.0/24', networkSecurityGroup: { id: border.id } } }\n", "");
    let apart = apart.replace("resource front 'subnets' existing = {\n    name: 'front'\n", "resource front 'subnets' = {\n    name: 'front'\n    properties: { addressPrefix: '10.0.1.0/24', networkSecurityGroup: { id: border.id } }\n");
    assert_eq!((&surface(&apart)["assumed"], &surface(&apart)["layers"]), (&json!([]), &json!([0, 1])));
}

#[test]
fn what_is_not_in_the_text_is_named() {
    let seen = surface(&changed("publicIPAddress: { id: address.id }", "publicIPAddress: open ? { id: address.id } : null"));
    assert_eq!(
        (&seen["verdict"], &seen["assumed"]),
        (&json!("dangerous"), &json!(["whether web has a public IPv4 address is not in the texts; it is assumed to have one"]))
    );
    let seen = surface(&changed("net::front.id", "subnetId"));
    assert_eq!(seen["assumed"], json!(["whether a network security group stands before subnetId is not in the texts; it is assumed open"]));
    for (instead, name) in
        [("groupId", "groupId"), ("resourceId('Microsoft.Network/networkSecurityGroups', 'other')", "networksecuritygroups/other")]
    {
        let seen = surface(&changed("id: own.id", &format!("id: {instead}")));
        assert_eq!((missing(&seen), &seen["verdict"]), (vec![json!(name)], &json!("unknown")), "{instead}: {seen:#}");
    }
    let seen = surface(&changed("networkSecurityGroup: { id: own.id }", "networkSecurityGroup: open ? { id: own.id } : null"));
    assert_eq!((missing(&seen).len(), &seen["verdict"]), (1, &json!("unknown")), "{seen:#}");
    // Behind a load balancer a private address is reached, too.
    let seen = surface(&changed("publicIPAddress: { id: address.id }", "loadBalancerBackendAddressPools: [ { id: pool } ]"));
    assert_eq!(seen["assumed"], json!(["whether web has a public IPv4 address is not in the texts; it is assumed to have one"]));
}

fn rule(name: &str, priority: u32, port: &str) -> Value {
    json!({ "name": name, "properties": { "priority": priority, "direction": "Inbound", "access": "Allow", "protocol": "Tcp",
        "sourcePortRange": "*", "destinationPortRange": port, "sourceAddressPrefix": "Internet", "destinationAddressPrefix": "*" } })
}

/// Two interfaces by `copy`, one of them with a public address.
fn template() -> Value {
    let group = |name: &str, rules: Value| json!({ "type": "Microsoft.Network/networkSecurityGroups", "apiVersion": "2023-09-01", "name": name, "properties": { "securityRules": rules } });
    json!({
        "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
        "contentVersion": "1.0.0.0",
        "parameters": { "group": { "type": "string" } },
        "variables": { "subnet": "[resourceId('Microsoft.Network/virtualNetworks/subnets', 'net', 'front')]" },
        "resources": [
            group("border", json!([rule("ssh", 100, "22")])),
            group("[parameters('group')]", json!([rule("all", 200, "*")])),
            { "type": "Microsoft.Network/virtualNetworks", "apiVersion": "2023-09-01", "name": "net", "properties": { "subnets": [
                { "name": "front", "properties": { "addressPrefixes": ["10.0.1.0/24"], "networkSecurityGroup": { "id": "[resourceId('Microsoft.Network/networkSecurityGroups', 'border')]" } } }
            ] } },
            { "type": "Microsoft.Network/networkInterfaces", "apiVersion": "2023-09-01", "name": "[concat('web-', copyIndex())]",
              "copy": { "name": "cards", "count": 2 }, "properties": {
                "networkSecurityGroup": { "id": "[resourceId('Microsoft.Network/networkSecurityGroups', parameters('group'))]" },
                "ipConfigurations": [{ "name": "one", "properties": { "subnet": { "id": "[variables('subnet')]" },
                    "publicIPAddress": "[if(equals(copyIndex(), 0), createObject('id', resourceId('Microsoft.Network/publicIPAddresses', 'web')), null())]" } }] } }
        ],
    })
}

const ID: &str = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/shop/providers/Microsoft.Network";

/// The same as `az` prints it once it is deployed.
fn listed() -> Vec<(&'static str, String)> {
    let group = |name: &str, rules: Value| json!({ "id": format!("{ID}/networkSecurityGroups/{name}"), "name": name, "properties": { "securityRules": rules } });
    let card = |name: &str, public: Value| {
        json!({ "id": format!("{ID}/networkInterfaces/{name}"), "name": name, "type": "Microsoft.Network/networkInterfaces",
            "networkSecurityGroup": { "id": format!("{ID}/networkSecurityGroups/own") },
            "ipConfigurations": [{ "name": "one", "subnet": { "id": format!("{ID}/virtualNetworks/net/subnets/front") }, "publicIPAddress": public }] })
    };
    let subnet = json!({ "id": format!("{ID}/virtualNetworks/net/subnets/front"), "name": "front", "addressPrefix": "10.0.1.0/24",
        "networkSecurityGroup": { "id": format!("{ID}/networkSecurityGroups/border") } });
    vec![
        ("groups", json!([group("border", json!([rule("ssh", 100, "22")])), group("own", json!([rule("all", 200, "*")]))]).to_string()),
        ("net", json!([{ "id": format!("{ID}/virtualNetworks/net"), "name": "net", "subnets": [subnet] }]).to_string()),
        ("cards", json!([card("web-0", json!({ "id": format!("{ID}/publicIPAddresses/web") })), card("web-1", Value::Null)]).to_string()),
    ]
}

#[test]
fn a_template_and_what_az_prints_of_it_tell_the_same() {
    let template = reported(template().to_string());
    let listed = listed();
    let listed = files(&listed.iter().map(|(name, text)| (*name, text.as_str())).collect::<Vec<_>>());
    let told = |report: &Value| -> Vec<Value> {
        let exposures = |surface: &Value| -> Vec<Value> {
            let keys = ["direction", "protocol", "ports", "ipv4", "ipv6_64s", "verdict"];
            surface["exposures"].as_array().unwrap().iter().map(|own| json!(keys.map(|key| own[key].clone()))).collect()
        };
        let keys = ["name", "gate", "assumed", "verdict"];
        report["surfaces"].as_array().unwrap().iter().map(|own| json!([keys.map(|key| own[key].clone()), exposures(own)])).collect()
    };
    assert_eq!(told(&template), told(&listed));
    let surfaces = template["surfaces"].as_array().unwrap();
    assert_eq!(surfaces.iter().map(|own| own["verdict"].clone()).collect::<Vec<_>>(), ["dangerous", "secure"]);
}

/// Each copy of a group has its own rules.
#[test]
fn copies_are_told_apart() {
    let bicep = changed(
        "resource own 'Microsoft.Network/networkSecurityGroups@2023-09-01' = {\n  name: 'own'",
        "resource own 'Microsoft.Network/networkSecurityGroups@2023-09-01' = [for port in ['22', '443']: {\n  name: 'own-${port}'",
    )
    .replace("destinationPortRange: '*', sourceAddressPrefix", "destinationPortRange: port, sourceAddressPrefix")
    .replace("protocol: '*'", "protocol: 'Tcp'")
    .replacen("    ]\n  }\n}\nresource net", "    ]\n  }\n}]\nresource net", 1);
    for (nth, verdict) in [(0, "dangerous"), (1, "secure")] {
        let seen = surface(&bicep.replace("id: own.id", &format!("id: own[{nth}].id")));
        assert_eq!((&seen["verdict"], missing(&seen)), (&json!(verdict), vec![]), "{nth}: {seen:#}");
        let mut arm = template();
        arm["resources"][1] = json!({ "type": "Microsoft.Network/networkSecurityGroups", "apiVersion": "2023-09-01", "name": "[format('own-{0}', copyIndex())]",
            "copy": { "name": "groups", "count": 2 },
            "properties": { "securityRules": [rule("all", 200, "[if(equals(copyIndex(), 0), '22', '443')]")] } });
        arm["resources"][3]["properties"]["networkSecurityGroup"]["id"] =
            json!(format!("[resourceId('Microsoft.Network/networkSecurityGroups', 'own-{nth}')]"));
        let report = reported(arm.to_string());
        assert_eq!((&report["surfaces"][0]["verdict"], missing(&report["surfaces"][0])), (&json!(verdict), vec![]), "{nth}");
    }
}

#[test]
fn machines_of_a_scale_set_have_interfaces() {
    let set = |public: &str| {
        let text = changed("Microsoft.Compute/virtualMachines@", "Microsoft.Compute/virtualMachineScaleSets@");
        let text = text.replace("resource web 'Microsoft.Network/networkInterfaces@", "resource web 'Microsoft.Network/loadBalancers@");
        text.replace(
            "networkProfile: { networkInterfaces: [ { id: web.id } ] }",
            &format!("virtualMachineProfile: {{ networkProfile: {{ networkInterfaceConfigurations: [ {{ name: 'nic', properties: {{ networkSecurityGroup: {{ id: own.id }}, ipConfigurations: [ {{ name: 'one', properties: {{ subnet: {{ id: net::front.id }}{public} }} }} ] }} }} ] }} }}"),
        )
    };
    let seen = surface(&set(", publicIPAddressConfiguration: { name: 'p' }"));
    assert_eq!((&seen["id"], &seen["verdict"], &seen["layers"]), (&json!("machine/nic"), &json!("dangerous"), &json!([0, 1])), "{seen:#}");
    assert_eq!(surface(&set(""))["gate"], json!(["the lack of a public IPv4 address"]));
}

#[test]
fn two_templates_are_two_networks() {
    let shut = changed("access: 'Allow', protocol: 'Tcp'", "access: 'Deny', protocol: 'Tcp'");
    for (first, second, verdicts) in [(BICEP, shut.as_str(), ["dangerous", "secure"]), (shut.as_str(), BICEP, ["secure", "dangerous"])] {
        let report = files(&[("a.bicep", first), ("b.bicep", second)]);
        let seen: Vec<&str> = report["surfaces"].as_array().unwrap().iter().map(|own| own["verdict"].as_str().unwrap()).collect();
        assert_eq!(seen, verdicts);
    }
}
