//! The graph of tiers as plain data.

use serde::Serialize;

use crate::exposure::{Protocols, words};
use crate::model::Protocol;
use crate::review::Review;
use crate::tiers::Traffic;

/// Who can reach whom.
#[derive(Clone, Debug, Serialize)]
pub struct TiersReport {
    /// The edges, by receiver.
    pub edges: Vec<EdgeReport>,
    /// For each policy that serves data the shortest way from the internet.
    pub paths: Vec<PathReport>,
}

/// An edge.
#[derive(Clone, Debug, Serialize)]
pub struct EdgeReport {
    /// Index of the sending policy; null is the internet.
    pub from: Option<u32>,
    /// Index of the receiving policy.
    pub to: u32,
    /// What gets through, such as `8080/tcp`.
    pub services: Vec<String>,
}

/// A way from the internet to data.
#[derive(Clone, Debug, Serialize)]
pub struct PathReport {
    /// Index of the policy that serves data.
    pub to: u32,
    /// How many hops there are; 0 where there is no way.
    pub length: usize,
    /// Whether there may be one where there is none for certain.
    pub perhaps: bool,
    /// The policies on the way; of a very long one only the end.
    pub hops: Vec<HopReport>,
    /// In one line.
    pub said: String,
}

/// One hop.
#[derive(Clone, Debug, Serialize)]
pub struct HopReport {
    /// Index of the policy.
    pub policy: u32,
    /// What gets through to it.
    pub services: Vec<String>,
}

/// The graph of a review.
pub fn tiers(review: &Review) -> TiersReport {
    let tiers = review.tiers();
    let label = |policy: u32| {
        let policy = usize::try_from(policy).ok().and_then(|at| review.policy(at));
        policy.map(|policy| policy.label().to_owned()).unwrap_or_default()
    };
    let edges = tiers.edges.iter().map(|edge| EdgeReport { from: edge.from, to: edge.to, services: services(&edge.traffic) });
    let paths = tiers.paths.iter().map(|path| {
        let hops: Vec<HopReport> =
            path.hops.iter().map(|(policy, traffic)| HopReport { policy: *policy, services: services(traffic) }).collect();
        let way = hops.iter().map(|hop| format!(" → {} {}", label(hop.policy), hop.services.join(", ")));
        let skipped = if path.length > hops.len() { " → …" } else { "" };
        let said = match path.length {
            0 if path.perhaps => format!("whether there is a way from the internet to {} can't be told from these texts", label(path.to)),
            0 => format!("no way from the internet to {}", label(path.to)),
            1 => format!("internet{}: one hop", way.collect::<String>()),
            count => format!("internet{skipped}{}: {count} hops", way.collect::<String>()),
        };
        PathReport { to: path.to, length: path.length, perhaps: path.perhaps, hops, said }
    });
    TiersReport { edges: edges.collect(), paths: paths.collect() }
}

fn services(traffic: &[Traffic]) -> Vec<String> {
    let said = |(protocols, first, last): &Traffic| {
        let (protocol, ports) = match protocols {
            Protocols::All => return "every protocol".to_owned(),
            Protocols::Other => return "other protocols".to_owned(),
            Protocols::Number(number) => (Protocol::Number(*number).to_string(), matches!(number, 6 | 17 | 132)),
        };
        if ports { words::named(&protocol, Some(&words::ports(*first, *last)), None) } else { protocol }
    };
    traffic.iter().map(said).collect()
}
