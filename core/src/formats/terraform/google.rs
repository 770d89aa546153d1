//! Firewall resources of the Google provider.

use super::Resource;
use crate::formats::Read;
use crate::formats::cx::Cx;

pub(super) fn read(_resources: &[Resource], _cx: &mut Cx<'_>, _emit: &mut dyn FnMut(Read)) {}
