//! The ports at which rules begin and end to match.

use super::fold::Fit;

/// Where a rule begins or ends to match, packed so that edges sort as numbers: port, then ends before beginnings, then the
/// rule's position.
#[derive(Clone, Copy)]
pub(super) struct Edge(u64);

impl Edge {
    pub(super) fn new(port: u32, opens: bool, position: u32, fit: Fit) -> Self {
        let certain = u64::from(fit == Fit::Yes);
        Self(u64::from(port) << 40 | u64::from(opens) << 39 | u64::from(position) << 1 | certain)
    }

    /// The number that edges sort by.
    pub(super) const fn packed(self) -> u64 {
        self.0
    }

    /// The edge that a number stands for.
    pub(super) const fn unpacked(packed: u64) -> Self {
        Self(packed)
    }

    pub(super) fn port(self) -> u32 {
        u32::try_from(self.0 >> 40).unwrap_or(u32::MAX)
    }

    pub(super) const fn opens(self) -> bool {
        self.0 >> 39 & 1 == 1
    }

    pub(super) fn position(self) -> u32 {
        u32::try_from(self.0 >> 1 & 0xffff_ffff).unwrap_or(u32::MAX)
    }

    pub(super) const fn fit(self) -> Fit {
        if self.0 & 1 == 1 { Fit::Yes } else { Fit::Maybe }
    }
}

/// How many rules match in all segments between some edges together.
pub(super) fn steps(edges: &[Edge]) -> usize {
    let (mut active, mut steps) = (0_usize, 0_usize);
    for (edge, next) in edges.iter().zip(edges.iter().skip(1)) {
        active = if edge.opens() { active.saturating_add(1) } else { active.saturating_sub(1) };
        if edge.port() != next.port() {
            steps = steps.saturating_add(active);
        }
    }
    steps
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_counts_once_in_each_segment() {
        let spans = [(0, 10), (5, 20), (5, 6), (20, 30), (40, 41)];
        let mut edges: Vec<Edge> = Vec::new();
        for ((first, next), position) in spans.into_iter().zip(0..) {
            edges.extend([Edge::new(first, true, position, Fit::Yes), Edge::new(next, false, position, Fit::Maybe)]);
        }
        edges.sort_unstable_by_key(|edge| edge.packed());
        // 0-4: one; 5: three; 6-9: two; 10-19: one; 20-29: one; 30-39: none; 40: one.
        assert_eq!((steps(&edges), steps(&[])), (9, 0));
    }
}
