//! Terraform and OpenTofu: plans, states, what is printed of them, and configuration all come down to resources with evaluated arguments; one reader
//! per provider turns those into policies.

mod aws;
mod azurerm;
pub(super) mod config;
mod google;
pub(super) mod plan;
pub(crate) mod printed;
pub(super) mod state;

use super::Read;
use super::cx::{Cx, shown};
use super::value::Value;
use crate::model::Span;

/// A resource with its arguments as far as they are known.
#[derive(Clone, Debug)]
pub(super) struct Resource {
    /// Its type, such as `aws_security_group`.
    pub(super) kind: String,
    /// Its whole address, such as `module.net.aws_security_group.web[0]`.
    pub(super) address: String,
    /// Its local name, such as `web`.
    pub(super) name: String,
    /// Its arguments, as a map; nested blocks are lists of maps, also where there is one.
    pub(super) arguments: Value,
    /// Where it stands.
    pub(super) at: Span,
}

/// Hands the resources to the readers of their providers; a firewall that none of them reads is told.
pub(super) fn read_resources(resources: &[Resource], cx: &mut Cx<'_>, emit: &mut dyn FnMut(Read)) {
    aws::read(resources, cx, emit);
    azurerm::read(resources, cx, emit);
    google::read(resources, cx, emit);
    let unread = resources.iter().filter(|resource| names_firewall(&resource.kind) && !is_read(&resource.kind));
    for resource in unread {
        cx.not_judged(resource.at, format!("`{}` is a firewall that is not read, and was not judged", shown(&resource.address)));
    }
    resources.iter().for_each(|resource| deployed(resource, cx));
}

/// Tells of a template of another tool that a resource hands over: what it makes is not in this text.
fn deployed(resource: &Resource, cx: &mut Cx<'_>) {
    let (keys, signs): ([&str; 2], &[&str]) = match resource.kind.as_str() {
        "aws_cloudformation_stack" | "aws_cloudformation_stack_set" => (["template_body", "template_url"], &["AWS::EC2::"]),
        kind if kind.starts_with("azurerm_") && kind.ends_with("template_deployment") => {
            (["template_content", "template_spec_version_id"], &["networkSecurityGroups"])
        }
        _ => return,
    };
    let address = shown(&resource.address);
    let template = keys.into_iter().find_map(|key| resource.arguments.some(key));
    match template.and_then(Value::text).filter(|text| text.contains(['{', '\n'])) {
        Some(text) if !signs.iter().any(|sign| text.contains(sign)) => {}
        Some(_) => cx.not_judged(resource.at, format!("`{address}` deploys a template, which was not judged; paste it by itself")),
        None => cx.warn(resource.at, format!("what `{address}` deploys is not in this text; paste its template along")),
    }
}

/// Whether a type is read, or opens nothing.
fn is_read(kind: &str) -> bool {
    // The groups of single services, from before there were VPCs, are rules of their own kind.
    let classic = kind.starts_with("aws_") && kind.ends_with("_security_group");
    match kind {
        "aws_security_group" | "aws_default_security_group" => true,
        "aws_lightsail_instance_public_ports" => false,
        _ if classic => false,
        _ => ["aws_", "azurerm_", "google_", "data."].iter().any(|read| kind.starts_with(read)),
    }
}

/// Whether a type or a module is called after a firewall.
fn names_firewall(name: &str) -> bool {
    let name = name.to_ascii_lowercase().replace('-', "_");
    ["security_group", "firewall", "network_acl", "security_list", "nsg", "security_rule", "instance_public_ports"]
        .iter()
        .any(|word| name.contains(word))
}
