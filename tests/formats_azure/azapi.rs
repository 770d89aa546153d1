//! Groups that Terraform writes as the API has them.

use super::*;

const WRITTEN: &str = r#"
resource "azapi_resource" "web" {
  type      = "Microsoft.Network/networkSecurityGroups@2024-05-01"
  name      = "web"
  parent_id = azurerm_resource_group.shop.id
  body = {
    properties = {
      securityRules = [{
        name = "ssh"
        properties = {
          priority                 = 100
          access                   = "Allow"
          direction                = "Inbound"
          protocol                 = "Tcp"
          sourcePortRange          = "*"
          destinationPortRange     = "22"
          sourceAddressPrefix      = "Internet"
          destinationAddressPrefix = "*"
        }
      }]
    }
  }
}
"#;

const RULE: &str = r#"
resource "azapi_resource" "deny" {
  type      = "Microsoft.Network/networkSecurityGroups/securityRules@2024-05-01"
  name      = "deny"
  parent_id = azapi_resource.web.id
  body = {
    properties = {
      priority                 = 90
      access                   = "Deny"
      direction                = "Inbound"
      protocol                 = "*"
      sourcePortRange          = "*"
      destinationPortRange     = "*"
      sourceAddressPrefix      = "*"
      destinationAddressPrefix = "*"
    }
  }
}
"#;

#[test]
fn a_body_is_a_group() {
    let report = reported(WRITTEN);
    assert_eq!((&report["verdict"], &report["policies"][0]["address"]), (&json!("dangerous"), &json!("azapi_resource.web")), "{report:#}");
    assert_eq!(report["policies"][0]["name"], "web");
    // Older versions of the provider take the body as text.
    let text = WRITTEN.replace("body = {", "body = jsonencode({").replace("  }\n}\n", "  })\n}\n");
    assert_eq!(reported(&text)["verdict"], "dangerous", "{text}");
    let closed = WRITTEN.replace("\"Internet\"", "\"10.0.0.0/24\"");
    assert_eq!(reported(closed)["verdict"], "secure");
}

#[test]
fn a_body_that_is_not_in_the_text_is_unknown() {
    let (head, _) = WRITTEN.split_once("  body").unwrap();
    assert_eq!(reported(format!("{head}  body = var.body\n}}\n"))["verdict"], "unknown");
    let part = WRITTEN.replace("\"Internet\"", "var.from");
    assert_eq!(reported(part)["verdict"], "unknown");
}

#[test]
fn rules_of_their_own_find_the_group_of_either_provider() {
    let report = reported(format!("{WRITTEN}{RULE}"));
    assert_eq!((&report["verdict"], report["policies"].as_array().unwrap().len()), (&json!("secure"), 1), "{report:#}");
    let group = "resource \"azurerm_network_security_group\" \"web\" {\n  name = \"web\"\n}\n";
    let open = RULE.replace("azapi_resource.web.id", "azurerm_network_security_group.web.id").replace("Deny", "Allow");
    let report = reported(format!("{group}{open}"));
    assert_eq!((&report["verdict"], report["policies"].as_array().unwrap().len()), (&json!("dangerous"), 1), "{report:#}");
}
