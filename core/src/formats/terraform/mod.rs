//! Terraform and OpenTofu: plans, states and configuration all come down to resources with evaluated arguments; one reader
//! per provider turns those into policies.

mod aws;
mod azurerm;
pub(super) mod config;
mod google;
pub(super) mod plan;
pub(super) mod state;

use super::Read;
use super::cx::Cx;
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

/// Hands the resources to the readers of their providers.
pub(super) fn read_resources(resources: &[Resource], cx: &mut Cx<'_>, emit: &mut dyn FnMut(Read)) {
    aws::read(resources, cx, emit);
    azurerm::read(resources, cx, emit);
    google::read(resources, cx, emit);
}
