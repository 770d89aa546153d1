//! From text to policies. One file per format; the list of formats is explicit, since link-time registration does not
//! work in wasm.

mod assumed;
mod aws;
mod azure;
mod baseline;
mod cloudformation;
mod cx;
mod gcp;
mod host;
mod json;
mod paths;
mod recognise;
mod stream;
mod terraform;
mod together;
mod unread;
mod unrelated;
mod value;
mod yaml;

use crate::document::{Document, Format, Level};
use crate::model::approval::Approval;
use crate::model::topology::Fact;
use crate::model::{Policy, Span, SymbolKind, Unresolved};
use crate::space::AddressSet;
use crate::syntax::json::{Error, Reader};
use crate::syntax::{Clock, Tree};

use cx::Cx;
use together::Given;
use value::{Kind, Value};

pub use assumed::is_mentioned;
pub(crate) use azure::{is_service_tag, service_tag};
pub use cx::Assumptions;
pub(crate) use host::{is_known_to_ufw, virtual_interface};
pub use stream::{Element, Envelope};
pub(crate) use terraform::printed;
pub use together::Together;
pub use unrelated::is_unrelated;

/// Every format, in the order in which they are described to people.
pub fn formats() -> Vec<&'static Format> {
    let listings = [&aws::SECURITY_GROUPS, &aws::SECURITY_GROUP_RULES, &aws::IP_PERMISSIONS, &aws::CONFIG_ITEMS, &aws::CLOUDTRAIL];
    let together = [&terraform::config::CONFIGURATION, &terraform::config::VARIABLES, &azure::parameters::PARAMETERS];
    let texts = together.into_iter().chain(TEXT_READERS.iter().map(|reader| reader.format));
    listings.into_iter().chain(TREE_READERS.iter().map(|reader| reader.format)).chain(texts).collect()
}

/// What a reader hands over.
pub enum Read {
    /// A policy.
    Policy {
        /// The policy.
        policy: Policy,
        /// Where it can be read again by itself, so that it need not be kept.
        again: Option<Span>,
    },
    /// What a name stands for, such as the entries of a prefix list.
    Definition {
        /// The name as rules use it; empty where the text does not say it.
        name: String,
        /// What it stands for.
        meaning: Meaning,
    },
    /// A part of the network around the policies.
    Fact(Fact),
    /// Something that is open on purpose.
    Approval(Box<Approval>),
}

/// What a name of a text stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// These addresses.
    Addresses(AddressSet),
    /// Ranges of the provider, whose addresses are not in the text.
    Provided(SymbolKind),
}

/// A format that is read from an evaluated tree.
struct TreeReader {
    format: &'static Format,
    detect: fn(&Value) -> bool,
    read: fn(&Value, &mut Cx<'_>, &mut dyn FnMut(Read)),
}

/// A format that is no JSON. `read` says whether all of the text was understood.
struct TextReader {
    format: &'static Format,
    detect: fn(&str) -> bool,
    read: fn(&str, &mut Cx<'_>, &mut dyn FnMut(Read)) -> bool,
}

/// The formats that are no JSON, in the order in which they are tried. Terraform's stand before them, in [`Together`].
const TEXT_READERS: &[&TextReader] = &[&baseline::BASELINE, &terraform::printed::PRINTED, &azure::BICEP, &host::IPTABLES, &host::UFW];

/// The tree formats, in the order in which they are tried.
const TREE_READERS: &[&TreeReader] = &[
    &cloudformation::TEMPLATES,
    &aws::acl::NETWORK_ACLS,
    &aws::prefix_list::PREFIX_LISTS,
    &aws::network::INTERFACES,
    &aws::network::INSTANCES,
    &aws::network::SUBNETS,
    &aws::network::ROUTE_TABLES,
    &terraform::plan::PLAN,
    &terraform::state::STATE,
    &azure::TEMPLATES,
    &azure::EFFECTIVE,
    &azure::GROUPS,
    &azure::RULES,
    &azure::INTERFACES,
    &azure::NETWORKS,
    &azure::ADDRESSES,
    &gcp::FIREWALLS,
    &gcp::INSTANCES,
    &gcp::FORWARDING,
    &host::NFTABLES,
];

/// Reads a document, with what was given beside it for its parameters: policies go to `emit` as soon as they are complete,
/// problems into the document. `progress` is told how many bytes are done.
fn read(
    document: &mut Document,
    index: u32,
    given: Given<'_>,
    assumptions: &Assumptions,
    progress: &mut dyn FnMut(u32),
    emit: &mut dyn FnMut(Read),
) {
    let text = std::mem::take(&mut document.text);
    let mut problems = std::mem::take(&mut document.problems);
    if let Some(what) = recognise::not_text(&text) {
        problems.add(Level::Error, Span::default(), what);
        document.complete = false;
    } else if let Some(reader) = TEXT_READERS.iter().find(|reader| (reader.detect)(&text)) {
        let mut cx = Cx { joined: given.joined, parameters: given.values, ..Cx::new(index, &mut problems, assumptions) };
        document.complete = (reader.read)(&text, &mut cx, emit);
        document.format = Some(reader.format);
    } else {
        let mut reading = aws::Reading::new(index, &mut problems, assumptions, emit);
        let complete = yaml::documents(&text, &mut reading, progress).unwrap_or_else(|| json_documents(&text, &mut reading, progress));
        let finished = reading.finish();
        let mut cx = Cx { joined: given.joined, parameters: given.values, ..Cx::new(index, &mut problems, assumptions) };
        // Beside a listing it is the entry that is strange, not the text.
        let looks_like = if finished.format.is_none() { unread::looks_like(&text) } else { None };
        let (format, all_judged) = other_formats(finished.others, looks_like, &mut cx, emit);
        document.format = finished.format.or(format);
        document.complete = complete && finished.all_judged && all_judged && document.format.is_some();
        if document.format.is_none() && problems.errors() == 0 {
            problems.add(Level::Error, recognise::start(&text), unread::sentence(unread::looks_like(&text)));
        }
    }
    document.complete &= !problems.left_something_out();
    document.text = text;
    document.problems = problems;
}

/// Whether a text is a baseline, which decides how others are judged and so is read before them.
pub fn is_baseline(text: &str) -> bool {
    (baseline::BASELINE.detect)(text)
}

/// Reads a document as a baseline, whatever it looks like: one may be empty.
pub fn read_baseline(document: &mut Document, index: u32, emit: &mut dyn FnMut(Read)) {
    let assumptions = Assumptions::new();
    let mut cx = Cx::new(index, &mut document.problems, &assumptions);
    document.complete = (baseline::BASELINE.read)(&document.text, &mut cx, emit);
    document.format = Some(baseline::BASELINE.format);
}

/// Values that are no security groups: the first format that knows one reads it. The format of the first that was known,
/// and whether all were.
fn other_formats(
    others: Vec<aws::Other>,
    looks_like: Option<&unread::Unread>,
    cx: &mut Cx<'_>,
    emit: &mut dyn FnMut(Read),
) -> (Option<&'static Format>, bool) {
    let (elements, alone): (Vec<aws::Other>, Vec<aws::Other>) = others.into_iter().partition(|other| other.element);
    let span = elements.first().map(|first| first.value.span).unwrap_or_default();
    let list = Value::new(Kind::List(elements.into_iter().map(|element| element.value).collect()), span);
    let roots = alone.into_iter().map(|other| other.value).chain((!list.items().is_empty()).then_some(list));
    // Pages and lines of one export have rules of the same networks.
    let roots = gcp::together(roots.collect());
    let (mut format, mut all) = (None, true);
    for root in roots {
        match TREE_READERS.iter().find(|reader| (reader.detect)(&root)) {
            Some(reader) => {
                (reader.read)(&root, cx, emit);
                format = format.or(Some(reader.format));
            }
            None if root.is_list() && looks_like.is_none() => {
                all = false;
                for entry in root.items() {
                    cx.error(
                        entry,
                        "this entry is no firewall configuration that is known, and was not judged; remove it, or paste it by itself",
                    );
                }
            }
            None => {
                all = false;
                cx.error(&root, unread::sentence(looks_like));
            }
        }
    }
    (format, all)
}

/// Reads one policy again that [`read`] said can be read by itself.
pub fn read_again(document: &Document, index: u32, span: Span) -> Option<Policy> {
    let clock = Clock::default();
    let mut reader = Reader::new(&document.text, usize::try_from(span.start).ok()?, &clock);
    let mut tree = Tree::default();
    // A tree cut off by an error is what was read the first time, too.
    let cut = serde::de::DeserializeSeed::deserialize(crate::syntax::NodeSeed::root(&mut tree, &clock), &mut reader).is_err();
    let mut ignored = crate::document::Problems::default();
    aws::read_group_again(tree.root()?, index, cut, &mut ignored)
}

/// Reads the JSON values of a text one after the other: pages of one listing are commonly concatenated, and a shell
/// prompt often stands before them. Whether all could be read.
fn json_documents(text: &str, reading: &mut aws::Reading<'_>, progress: &mut dyn FnMut(u32)) -> bool {
    let clock = Clock::default();
    let (mut rest, mut scratch) = (Tree::default(), Tree::default());
    let mut from = 0_usize;
    while let Some(start) = recognise::next_json(text, from) {
        reading.passed_over(text, from, start);
        reading.begin();
        rest.clear();
        scratch.clear();
        let mut reader = Reader::new(text, start, &clock);
        let mut each = |element: Element<'_, '_>| {
            reading.element(&element);
            progress(clock.end.get());
        };
        let envelope = Envelope::root(&mut rest, &mut scratch, &clock, &mut each);
        let outcome = serde::de::DeserializeSeed::deserialize(envelope, &mut reader);
        let tolerated = std::mem::take(&mut reader.tolerated);
        from = reader.position();
        for Error { message, at } in tolerated {
            reading.warn(Span { start: at, end: at.saturating_add(1) }, message);
        }
        if let Some(root) = rest.root() {
            reading.remainder(root, outcome.is_err());
        }
        reading.duplicates(&rest);
        if let Err(Error { message, at }) = outcome {
            reading.broken(Span { start: at, end: at.saturating_add(1) }, message);
            return false;
        }
    }
    reading.passed_over(text, from, text.len());
    true
}

/// What stands for the part of a text that was never read: it could admit anything.
fn cut_off() -> Unresolved {
    Unresolved {
        name: "the part that could not be read".into(),
        would_settle: "the whole text, so that all of its rules can be read".into(),
    }
}
