//! Groups and rules as the API has them (Terraform registry, provider `azapi`): a type, a name, and a body with their properties.

use super::super::Resource;
use super::super::config::decode;
use crate::formats::value::{Kind, Value};

/// The same resource as the other provider has it; none where it is something else.
pub(super) fn translated(resource: &Resource) -> Option<Resource> {
    if !["azapi_resource", "azapi_update_resource"].contains(&&*resource.kind) {
        return None;
    }
    let own = &resource.arguments;
    let of_type = own.text_of("type")?.split('@').next().unwrap_or_default().to_ascii_lowercase();
    let kind = match of_type.as_str() {
        "microsoft.network/networksecuritygroups" => "azurerm_network_security_group",
        "microsoft.network/networksecuritygroups/securityrules" => "azurerm_network_security_rule",
        _ => return None,
    };
    let mut fields: Vec<(String, Value)> = own.some("name").map(|name| ("name".to_owned(), name.clone())).into_iter().collect();
    if let Some(body) = own.some("body") {
        // Older versions of the provider take it as text.
        let read = body.text().and_then(|text| decode(text, body.span)).map(|kind| Value::new(kind, body.span));
        let body = read.as_ref().unwrap_or(body);
        let properties = if body.missing().is_some() { Some(body) } else { body.some("properties") };
        fields.extend(properties.map(|properties| ("properties".to_owned(), properties.clone())));
    }
    if let Some(parent) = own.some("parent_id") {
        let named = parent.text().and_then(|id| id.rsplit('/').next()).map(|name| Value::new(Kind::Text(name.to_owned()), parent.span));
        fields.push(("network_security_group_name".to_owned(), named.unwrap_or_else(|| parent.clone())));
    }
    Some(Resource { kind: kind.to_owned(), arguments: Value::new(Kind::Map(fields), own.span), ..resource.clone() })
}
