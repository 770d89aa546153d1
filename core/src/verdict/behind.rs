//! What other layers leave of a policy's exposures, where all of its interfaces were pasted with them.

use super::{Judged, Reason, Verdict};
use crate::exposure::{Exposure, Protocols};
use crate::model::Direction;

/// What is left of a policy at its interfaces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Behind {
    /// The verdict on what the other layers close.
    pub closed: Verdict,
    /// What is worse than that there: protocols, first and last port.
    pub open: Vec<(Protocols, u16, u16)>,
    /// What closes the rest, as the end of a sentence about something that is open.
    pub said: String,
}

impl Behind {
    /// Whether all of an exposure is closed by the other layers.
    pub(crate) fn closes(&self, exposure: &Exposure) -> bool {
        exposure.direction == Direction::Ingress && !self.remains(exposure)
    }

    /// Whether some of an inbound exposure is left.
    fn remains(&self, exposure: &Exposure) -> bool {
        self.open
            .iter()
            .any(|(protocols, first, last)| protocols.share(exposure.protocols) && *first <= exposure.last && exposure.first <= *last)
    }

    /// An inbound exposure of the policy, judged by what is left of it.
    pub(super) fn soften(&self, exposure: &Exposure, judged: Judged) -> Judged {
        if judged.verdict <= self.closed || self.remains(exposure) {
            return judged;
        }
        let if_open = judged.if_open.map(|(verdict, reach)| (verdict.min(self.closed), reach));
        Judged { verdict: self.closed, reason: Reason::OtherLayers(self.closed), if_open, ..judged }
    }
}
