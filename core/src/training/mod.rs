//! The training ground: exercises as data, and the three meters that grade an answer to one.
//!
//! No text is compared: whatever configuration behaves right passes. Everything that is said about one stands on the same
//! review, the same questions and the same sets as everything else.

mod answers;
mod class;
mod drill;
mod excess;
mod fields;
mod files;
mod finding;
mod flows;
mod grade;
mod ground;
mod mend;
mod needs;
mod prose;
mod read;
mod track;
mod write;

use ipnet::IpNet;
use serde::{Serialize, Serializer};

use crate::audits;
use crate::baseline::Date;
use crate::model::Direction;
use crate::review::Input;
use crate::space::AddressSet;
use crate::verdict::Verdict;

pub use answers::{ANSWERS_SCHEMA, ANSWERS_SCHEMA_ID, Answers, AnswersRead, Solved, answers};
pub use class::{CLASS_SCHEMA, CLASS_SCHEMA_ID, Class, ClassProblem, ClassRow, class};
pub use drill::{DrillQuestion, drill};
pub use excess::Surplus;
pub use finding::{FromFinding, from_finding};
pub use flows::FlowGrade;
pub use grade::{Connectivity, GRADE_SCHEMA, GRADE_SCHEMA_ID, Grade, LeastPrivilege, Verdicts, grade, regressions};
pub use ground::{EXERCISE_SCHEMA, EXERCISE_SCHEMA_ID, EXERCISES_SCHEMA, EXERCISES_SCHEMA_ID, Graded, Ground, Listed, Planned, Shown};
pub use read::{Pack, Parts, exercise, pack};
pub use track::{COMING, track};
pub use write::write_pack;

/// What a learner is asked to do: a configuration to mend, and what has to be true of it afterwards.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Exercise {
    /// The stable identifier, such as `03-bastion`.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// What the learner takes along, in one phrase; empty where it is not given.
    pub idea: String,
    /// Ids of audits that speak in the start.
    pub teaches: Vec<String>,
    /// Ids of exercises that are better solved before; nothing is locked.
    pub needs: Vec<String>,
    /// The meters that the start leaves unfilled.
    pub fails: Vec<Meter>,
    /// The mildest verdict that does not pass. Unknown never passes.
    #[serde(serialize_with = "word")]
    pub forbid: Verdict,
    /// Ids of audits that must not speak any more, notes included.
    pub silence: Vec<String>,
    /// How much excess is tolerated, in sources x ports.
    pub slack: u64,
    /// The directions whose excess is measured.
    pub measured: Measured,
    /// Who there is.
    pub zones: Vec<Zone>,
    /// What has to pass, and what must not.
    pub flows: Vec<Flow>,
    /// From the gentlest to the plainest.
    pub hints: Vec<String>,
    /// What happened, before the learner begins.
    pub story: String,
    /// What was learnt, for afterwards; may be empty.
    pub lesson: String,
    /// The files to mend.
    #[serde(skip)]
    pub start: Vec<Configuration>,
    /// The same files as they pass; none where nobody knows them.
    #[serde(skip)]
    pub solution: Vec<Configuration>,
    /// What is open on purpose; the learner can't change it.
    #[serde(skip)]
    pub baseline: Option<Configuration>,
    /// The day on which approvals have to hold.
    #[serde(serialize_with = "day")]
    pub today: Option<Date>,
}

/// One of the three that have to be full at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Meter {
    /// Nothing is as bad as what is forbidden, and nothing is unknown.
    Verdicts,
    /// What has to pass does, and what must not does not.
    Connectivity,
    /// Little more is allowed than what is needed.
    LeastPrivilege,
}

/// Which directions count as excess.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Measured {
    /// Who gets in.
    Ingress,
    /// Who can be reached from inside.
    Egress,
    /// Either.
    Both,
}

/// Somebody, under a name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Zone {
    /// What the flows call it.
    pub name: String,
    /// Who that is.
    #[serde(flatten)]
    pub extent: Extent,
}

/// Who a zone is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Extent {
    /// Every public address.
    Internet(Everyone),
    /// Some addresses. Those of a narrower zone inside are that zone's.
    Addresses(#[serde(serialize_with = "printed")] Vec<IpNet>),
    /// The members of a policy of the configuration, by its id, name or address.
    Group(String),
}

/// The one member of [`Extent::Internet`], which reads as `true`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Everyone;

/// A flow that has to pass or must not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Flow {
    /// The zone it comes from.
    pub source: String,
    /// The zone it goes to.
    pub destination: String,
    /// Protocol and port, as the exercise writes them: `tcp/22`.
    pub service: String,
    /// Its IP protocol.
    #[serde(skip)]
    pub protocol: u8,
    /// The destination port, or ICMP's `type * 256 + code`.
    #[serde(skip)]
    pub port: u16,
    /// Whether it has to pass.
    pub allow: bool,
    /// Why.
    pub because: String,
}

/// A configuration in a file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Configuration {
    /// The file's name, which says how it is written.
    pub name: String,
    /// Its text.
    pub text: String,
}

impl Exercise {
    /// What it is about in short: its idea, or the titles of its audits where none is given.
    pub fn in_short(&self) -> String {
        let titles = || self.teaches.iter().filter_map(|id| audits::find(id)).map(|audit| audit.doc().title);
        if self.idea.is_empty() { titles().collect::<Vec<_>>().join("; ") } else { self.idea.clone() }
    }

    /// The zone with a name.
    pub fn zone(&self, name: &str) -> Option<&Zone> {
        self.zones.iter().find(|zone| zone.name == name)
    }

    /// The addresses inside a zone that belong to a narrower one.
    fn inside(&self, zone: &Zone) -> AddressSet {
        let Some(own) = zone.extent.addresses() else { return AddressSet::empty() };
        let others = self.zones.iter().filter_map(|other| other.extent.addresses());
        others.filter(|other| other.is_subset(&own) && *other != own).fold(AddressSet::empty(), |all, other| all.union(&other))
    }
}

impl Configuration {
    /// It as a document to be reviewed.
    pub fn input(&self) -> Input {
        Input { name: self.name.clone(), bytes: self.text.clone().into_bytes() }
    }
}

impl Extent {
    /// The addresses that it needs where it is let in; none for a group, whose members are not known by address.
    fn addresses(&self) -> Option<AddressSet> {
        match self {
            Self::Internet(_) => Some(AddressSet::full()),
            Self::Addresses(nets) => Some(AddressSet::from_nets(nets.iter().copied())),
            Self::Group(_) => None,
        }
    }
}

impl Flow {
    /// How it is written and said.
    pub fn said(&self) -> String {
        format!("{} -> {} {}", self.source, self.destination, self.service)
    }
}

impl Meter {
    /// The word in exercises and reports.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Verdicts => "verdicts",
            Self::Connectivity => "connectivity",
            Self::LeastPrivilege => "least-privilege",
        }
    }
}

impl Measured {
    const fn directions(self) -> &'static [Direction] {
        match self {
            Self::Ingress => &[Direction::Ingress],
            Self::Egress => &[Direction::Egress],
            Self::Both => &[Direction::Ingress, Direction::Egress],
        }
    }
}

impl Serialize for Everyone {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bool(true)
    }
}

fn word<S: Serializer>(verdict: &Verdict, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(verdict.as_str())
}

fn day<S: Serializer>(day: &Option<Date>, serializer: S) -> Result<S::Ok, S::Error> {
    day.map(|day| day.to_string()).serialize(serializer)
}

fn printed<S: Serializer>(nets: &[IpNet], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(nets.iter().map(ToString::to_string))
}
