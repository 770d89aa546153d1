//! Templates of Azure resources: the expressions of ARM and Bicep, their evaluation, and the resources they come to.

pub(super) mod arm;
pub(super) mod eval;
pub(super) mod expr;
mod functions;
pub(super) mod network;
mod parse;
pub(super) mod resources;
