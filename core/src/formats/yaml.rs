//! The road of YAML texts: each document goes the way of a JSON value, but as a whole.

use super::aws::Reading;
use super::recognise;
use crate::model::Span;
use crate::syntax::json::Error;
use crate::syntax::yaml;

/// Reads a text as YAML. `None` where it is something else: prose and logs have colons and dashes, too, and JSON is read by
/// its own reader. Whether all could be read.
pub(super) fn documents(text: &str, reading: &mut Reading<'_>, progress: &mut dyn FnMut(u32)) -> Option<bool> {
    let start = recognise::yaml(text)?;
    let text = recognise::before_fence(text, start);
    let (trees, error) = yaml::documents(text, start);
    let is_structured = trees.iter().filter_map(|tree| tree.root()).any(|root| {
        // A list of words is as likely to be prose.
        root.is_map() || root.children().any(|item| item.is_map() || item.is_list())
    });
    if !is_structured || error.is_some() && !recognise::is_firewall_yaml(text) {
        return None;
    }
    let whole = trees.len().saturating_sub(usize::from(error.is_some()));
    for (tree, nth) in trees.iter().zip(0_usize..) {
        reading.begin();
        reading.duplicates(tree);
        if let Some(root) = tree.root() {
            reading.tree(root, nth >= whole);
            progress(root.span().end);
        }
    }
    if let Some(Error { message, at }) = error {
        reading.broken(Span { start: at, end: at.saturating_add(1) }, message);
        return Some(false);
    }
    Some(true)
}
