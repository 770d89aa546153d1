//! What `terraform plan`, `apply` and `show` print for people, as it stands in the log of a build or in a comment of a review.
//!
//! Each resource is written like a block of configuration, below a comment with its address and what becomes of it. Signs before
//! the lines say what is added, changed and removed, `->` stands between before and after, and what does not change is counted in
//! comments and left out (Terraform CLI documentation, `terraform plan`). What there will be is made into the configuration that
//! says the same, byte for byte in its place; what is left out is unknown.

mod lines;
mod values;
mod words;

use std::collections::HashMap;

use lines::{Block, blocks};
use values::arguments;
use words::Fate;

pub(crate) use words::{MOVED, counts_hidden};

use super::{Resource, read_resources};
use crate::document::Format;
use crate::formats::cx::{Cx, shown};
use crate::formats::{Read, TextReader};
use crate::model::Span;
use crate::syntax::hcl::{self, Broken};

static FORMAT: Format =
    Format { id: "terraform-printed", title: "Terraform plan as printed", from: "terraform plan, or terraform show, in a log" };

pub(in crate::formats) static PRINTED: TextReader = TextReader { format: &FORMAT, detect: is_printed, read };

/// Whether a text is such a print: a resource stands below its address and what becomes of it.
pub(crate) fn is_printed(text: &str) -> bool {
    words::may_stand_in(text) && !blocks(text).is_empty()
}

/// The address in a comment that says what becomes of the resource below it.
pub(crate) fn heading(comment: &str) -> Option<&str> {
    words::heading(comment, comment).map(|(address, _)| address)
}

/// A text without a terminal's colours and a build's clock, each replaced by as many blanks.
pub(crate) fn plain(text: &str) -> String {
    text.split_inclusive('\n').map(words::plain).collect()
}

fn read(text: &str, cx: &mut Cx<'_>, emit: &mut dyn FnMut(Read)) -> bool {
    let blocks = blocks(text);
    // What changed outside of Terraform is printed before what will be.
    let last: HashMap<&str, u32> = blocks.iter().map(|block| (block.address, block.at.start)).collect();
    let is_last = |block: &&Block<'_>| last.get(block.address) == Some(&block.at.start);
    let mut resources: Vec<Resource> = Vec::new();
    let mut complete = true;
    for block in blocks.iter().filter(is_last).filter(|block| block.fate != Fate::Goes) {
        match resource(block) {
            Ok(resource) => resources.push(resource),
            Err(at) => {
                complete = false;
                let message = format!(
                    "the print of {} breaks off or can't be read here, and it was not judged; paste the whole print",
                    shown(block.address)
                );
                cx.not_judged(at, message);
            }
        }
    }
    if let Some(first) = blocks.iter().find(|block| block.fate == Fate::Changes) {
        let message = "a printed plan shows only what changes, and what stays as it is was not judged; paste what \
                       `terraform show -json` prints of the plan for the whole picture";
        cx.warn(first.at, message);
    }
    read_resources(&resources, cx, emit);
    complete
}

/// The resource of a block, or where it can't be read.
fn resource(block: &Block<'_>) -> Result<Resource, Span> {
    let (body, broken) = hcl::parse(&block.configuration, block.from);
    let place = |at: usize| {
        let start = u32::try_from(at).unwrap_or(u32::MAX);
        Span { start, end: start.saturating_add(1) }
    };
    if let Some(Broken { at, .. }) = broken.first() {
        return Err(place(*at));
    }
    let Some(own) = body.blocks.first() else { return Err(block.at) };
    let label = |nth: usize| own.labels.get(nth).cloned().unwrap_or_default();
    let kind = label(0);
    Ok(Resource {
        kind: if own.kind == "data" { format!("data.{kind}") } else { kind },
        name: label(1),
        arguments: arguments(&own.body, own.span, block.address),
        address: block.address.to_owned(),
        at: own.span,
    })
}
