//! Surfaces: interfaces seen through all of their layers.
//!
//! A group alone is no exposure: before it stand the subnet's ACL, the routes and the question of a public address. What is
//! open at an interface is what passes all of them. What was not pasted is assumed open, and said.

mod build;
mod closed;
mod fronts;
mod gate;
mod inside;
mod instances;
mod names;
mod stack;

use crate::baseline::{Approval, Baseline};
use crate::exposure::{Evaluation, Protocols, evaluate_layers};
use crate::model::topology::Interface;
use crate::model::{Place, Policy, Unresolved};
use crate::space::AddressSet;
use crate::verdict::{Judge, Judgement, Verdict, judge};

pub(crate) use build::{Host, behind, build};
pub use closed::{Closed, Closing, depth};
pub(crate) use fronts::names_front_ends;
pub use gate::Gate;
pub(crate) use inside::{Inside, inside};
pub(crate) use names::{Names, of_target};
pub use stack::{Line, Members, SurfaceStack};

/// What a layer stands before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LayerKind {
    /// The subnet's border.
    Subnet,
    /// The interface.
    Interface,
    /// The machine behind it.
    Host,
}

impl LayerKind {
    /// The word in reports.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Subnet => "subnet",
            Self::Interface => "interface",
            Self::Host => "host",
        }
    }
}

/// One layer of a surface.
#[derive(Clone, Debug)]
pub struct SurfaceLayer {
    /// What it stands before.
    pub kind: LayerKind,
    /// The policies that form it together, as indices into the review.
    pub policies: Vec<u32>,
    /// Those of them that perhaps don't belong to it, and what would settle that.
    pub perhaps: Vec<(u32, Unresolved)>,
    /// Policies that belong to it and were not pasted, by name; they could admit anything.
    pub missing: Vec<Box<str>>,
    /// Addresses whose traffic does not meet it.
    pub unfiltered: AddressSet,
}

/// An interface with everything before it.
#[derive(Clone, Debug)]
pub struct Surface {
    /// The interface.
    pub interface: Interface,
    /// Where its addresses are: its own, else those of its subnet; empty where neither is known.
    pub within: AddressSet,
    /// The layers, the outermost first.
    pub layers: Vec<SurfaceLayer>,
    /// What can get there at all.
    pub gate: Gate,
    /// For whom front ends of the provider speak, where that is perhaps anyone.
    pub(crate) speaks: Option<Unresolved>,
    /// What was not pasted and is assumed, as sentences.
    pub assumed: Vec<String>,
    /// How bad it is.
    pub verdict: Verdict,
    /// What is not secure at it: how bad, protocols, first and last port.
    pub(crate) open: Vec<(Verdict, Protocols, u16, u16)>,
    /// What keeps closed what its own policies open, where that matters.
    pub(crate) closed_by: Option<String>,
}

/// A surface with what passes all of its layers.
pub struct View<'v> {
    /// The surface.
    pub surface: &'v Surface,
    /// The rules of all layers, and where each comes from.
    pub stack: &'v SurfaceStack,
    /// What passes.
    pub evaluation: &'v Evaluation<'v>,
    /// How bad that is.
    pub judgement: &'v Judgement,
    /// How bad anything else there would be.
    pub judge: &'v Judge<'v>,
}

/// Policies of the review by their index.
pub type Fetch<'f> = &'f dyn Fn(u32) -> Option<Policy>;

impl Surface {
    /// Whether every layer was pasted, so that nothing about it is assumed.
    pub fn is_complete(&self) -> bool {
        self.assumed.is_empty() && self.layers.iter().all(|layer| layer.missing.is_empty())
    }

    /// Where it stands.
    pub const fn at(&self) -> Place {
        self.interface.at
    }

    /// How a sentence names it.
    pub fn label(&self) -> String {
        match &self.interface.name {
            Some(name) => format!("{} ({name})", self.interface.id),
            None => self.interface.id.to_string(),
        }
    }

    /// Evaluates and judges it, and shows the result.
    pub fn look<R>(&self, fetch: Fetch<'_>, members: &Members, baseline: &Baseline, look: impl FnOnce(&View<'_>) -> R) -> R {
        let stack = SurfaceStack::of(self, fetch, members);
        let mut evaluation = evaluate_layers(&stack.stack);
        // What is approved of a policy is approved at its interfaces.
        let approves = |approval: &Approval| stack.called.iter().any(|policy| approval.names(policy));
        let approved = baseline.split(&stack.stack.policy, approves, &mut evaluation);
        let mut judgement = judge(&stack.stack.policy, &evaluation, None, None);
        Baseline::settle(&approved, &evaluation, &mut judgement);
        let judge = Judge::new(&stack.stack.policy, &evaluation, None);
        look(&View { surface: self, stack: &stack, evaluation: &evaluation, judgement: &judgement, judge: &judge })
    }
}
