//! The core's oracle for HCL speaks of the reader two levels above itself.

pub(super) mod parts;

use super::reader::{Attribute, Block, Body, Call, Each, Expr, ExprKind, For, Operator, Part, Step};
