//! Firewall resources of the Google provider.

use super::Resource;
use crate::formats::Read;
use crate::formats::cx::Cx;
use crate::formats::gcp::resources::{self, Google};

const PREFIX: &str = "google_compute_";

pub(super) fn read(all: &[Resource], cx: &mut Cx<'_>, emit: &mut dyn FnMut(Read)) {
    let google = all.iter().filter_map(|resource| {
        let kind = resource.kind.strip_prefix(PREFIX)?;
        Some(Google { kind, address: &resource.address, label: &resource.name, fields: &resource.arguments, at: resource.at })
    });
    let ours: Vec<Google<'_>> = google.collect();
    if !ours.is_empty() {
        resources::read(&ours, cx, emit);
    }
}
