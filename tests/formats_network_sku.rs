//! The SKU of Azure's public addresses, which decides where no network security group does: from `az`, the API, ARM, Bicep and
//! Terraform.

use portcullis_tests::files;
use serde_json::{Value, json};

const AZURE: &str = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/shop/providers/Microsoft.Network";

/// What each spelling is told as: the verdict of the surface, and whether the internet is let in.
#[track_caller]
fn check(spelling: &str, documents: &[(&str, &str)], sku: Option<&str>) {
    let report = files(documents);
    let surface = &report["surfaces"][0];
    let said = surface["assumed"].to_string();
    let gate = surface["gate"].to_string();
    let expected = match sku {
        Some("Basic") => ("dangerous", "is of the Basic SKU, which is open", false),
        Some(_) => ("caution", "is of the Standard SKU, which is closed", true),
        None => ("unknown", "depends on the SKU", false),
    };
    let told = (surface["verdict"].as_str().unwrap_or_default(), said.contains(expected.1), gate.contains("Standard SKU"));
    assert_eq!(told, (expected.0, true, expected.2), "{spelling} {sku:?}: {surface:#}\n{:#}", report["documents"]);
}

fn listings(address: &Value) -> Vec<(&'static str, String)> {
    let subnet = json!({ "id": format!("{AZURE}/virtualNetworks/net/subnets/front"), "name": "front", "addressPrefix": "10.0.1.0/24" });
    let network = json!([{ "name": "net", "id": format!("{AZURE}/virtualNetworks/net"), "subnets": [subnet] }]);
    let card = json!([{ "name": "web", "id": format!("{AZURE}/networkInterfaces/web"), "type": "Microsoft.Network/networkInterfaces",
        "ipConfigurations": [{ "name": "one", "privateIPAddress": "10.0.1.4", "publicIPAddress": address,
            "subnet": { "id": format!("{AZURE}/virtualNetworks/net/subnets/front") } }] }]);
    vec![("network.json", network.to_string()), ("cards.json", card.to_string())]
}

#[test]
fn listings_tell_the_kind_of_a_public_address() {
    let id = format!("{AZURE}/publicIPAddresses/web");
    for sku in [Some("Basic"), Some("Standard"), None] {
        let with = |mut address: Value| {
            if let Some(sku) = sku {
                address["sku"] = json!({ "name": sku, "tier": "Regional" });
            }
            address
        };
        let check_all = |spelling: &str, documents: Vec<(&str, String)>| {
            check(spelling, &documents.iter().map(|(name, text)| (*name, text.as_str())).collect::<Vec<_>>(), sku);
        };
        // As `az network public-ip list` prints it, with another letter case in the id.
        let kind = "Microsoft.Network/publicIPAddresses";
        let az = with(json!({ "id": id.to_uppercase(), "name": "web", "type": kind, "publicIPAllocationMethod": "Static" }));
        check_all("az", [listings(&json!({ "id": id })), vec![("addresses.json", json!([az]).to_string())]].concat());
        let rest = with(json!({ "id": id, "name": "web", "type": kind, "properties": { "publicIPAllocationMethod": "Static" } }));
        check_all("REST", [listings(&json!({ "id": id })), vec![("addresses.json", json!({ "value": [rest] }).to_string())]].concat());
        check_all("inside the interface", listings(&with(json!({ "id": id }))));
    }
}

#[test]
fn templates_tell_the_kind_of_a_public_address() {
    for sku in [Some("Basic"), Some("Standard"), None] {
        let told = sku.map(|name| format!("  sku: {{ name: '{name}' }}\n")).unwrap_or_default();
        let bicep = format!(
            "resource net 'Microsoft.Network/virtualNetworks@2023-09-01' = {{
  name: 'net'
  properties: {{ subnets: [ {{ name: 'front', properties: {{ addressPrefix: '10.0.1.0/24' }} }} ] }}
  resource front 'subnets' existing = {{ name: 'front' }}
}}
resource address 'Microsoft.Network/publicIPAddresses@2023-09-01' = {{
  name: 'web'
{told}}}
resource web 'Microsoft.Network/networkInterfaces@2023-09-01' = {{
  name: 'web'
  properties: {{ ipConfigurations: [ {{ name: 'one', properties: {{ subnet: {{ id: net::front.id }}, publicIPAddress: {{ id: address.id }} }} }} ] }}
}}
"
        );
        check("Bicep", &[("main.bicep", &bicep)], sku);
        let id = |kind: &str, names: &str| json!({ "id": format!("[resourceId('Microsoft.Network/{kind}', {names})]") });
        let resource = |kind: &str, name: &str, properties: Value| json!({ "type": format!("Microsoft.Network/{kind}"), "apiVersion": "2023-09-01", "name": name, "properties": properties });
        let mut address = resource("publicIPAddresses", "web", json!({ "publicIPAllocationMethod": "Static" }));
        if let Some(sku) = sku {
            address["sku"] = json!({ "name": "[parameters('sku')]" });
            assert!(sku.len() > 1);
        }
        let configuration = json!({ "subnet": id("virtualNetworks/subnets", "'net', 'front'"),
            "publicIPAddress": id("publicIPAddresses", "'web'") });
        let template = json!({
            "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#", "contentVersion": "1.0.0.0",
            "parameters": { "sku": { "type": "string", "defaultValue": sku } },
            "resources": [
                resource("virtualNetworks", "net", json!({ "subnets": [{ "name": "front", "properties": { "addressPrefix": "10.0.1.0/24" } }] })),
                address,
                resource("networkInterfaces", "web", json!({ "ipConfigurations": [{ "name": "one", "properties": configuration }] })),
            ],
        });
        check("ARM", &[("main.json", &template.to_string())], sku);
        let told = sku.map(|name| format!("  sku  = \"{name}\"\n")).unwrap_or_default();
        let terraform = format!(
            "resource \"azurerm_subnet\" \"front\" {{\n  address_prefixes = [\"10.0.1.0/24\"]\n}}\n\
             resource \"azurerm_public_ip\" \"web\" {{\n  name = \"web\"\n{told}}}\n\
             resource \"azurerm_network_interface\" \"web\" {{\n  ip_configuration {{\n    subnet_id            = azurerm_subnet.front.id\n    \
             public_ip_address_id = azurerm_public_ip.web.id\n  }}\n}}\n"
        );
        check("Terraform", &[("main.tf", &terraform)], sku);
    }
}

/// A group in front of it decides by itself, whatever the SKU.
#[test]
fn a_group_makes_the_kind_of_no_matter() {
    for sku in ["Basic", "Standard"] {
        let rule = "  security_rule {\n    name = \"ssh\"\n    priority = 100\n    direction = \"Inbound\"\n    access = \"Allow\"\n    \
            protocol = \"Tcp\"\n    source_port_range = \"*\"\n    destination_port_range = \"22\"\n    source_address_prefix = \"Internet\"\n    \
            destination_address_prefix = \"*\"\n  }\n";
        let terraform = format!(
            "resource \"azurerm_subnet\" \"front\" {{\n  address_prefixes = [\"10.0.1.0/24\"]\n}}\n\
             resource \"azurerm_public_ip\" \"web\" {{\n  sku = \"{sku}\"\n}}\n\
             resource \"azurerm_network_security_group\" \"own\" {{\n  name = \"own\"\n{rule}}}\n\
             resource \"azurerm_network_interface\" \"web\" {{\n  ip_configuration {{\n    subnet_id = azurerm_subnet.front.id\n    \
             public_ip_address_id = azurerm_public_ip.web.id\n  }}\n}}\n\
             resource \"azurerm_network_interface_security_group_association\" \"a\" {{\n  \
             network_interface_id = azurerm_network_interface.web.id\n  network_security_group_id = azurerm_network_security_group.own.id\n}}\n"
        );
        let report = files(&[("main.tf", &terraform)]);
        let surface = &report["surfaces"][0];
        assert_eq!((&surface["verdict"], &surface["gate"]), (&json!("dangerous"), &json!([])), "{sku}: {surface:#}");
    }
}
