//! Prefix lists: `describe-managed-prefix-lists`, `describe-prefix-lists` and `get-managed-prefix-list-entries`.

use crate::document::Format;
use crate::formats::cx::{Cx, Field};
use crate::formats::value::Value;
use crate::formats::{Meaning, Read, TreeReader};
use crate::model::{Peer, SymbolKind};
use crate::space::AddressSet;

static FORMAT: Format =
    Format { id: "aws-prefix-lists", title: "AWS prefix lists", from: "aws ec2 get-managed-prefix-list-entries --prefix-list-id pl-…" };

pub(in crate::formats) static PREFIX_LISTS: TreeReader = TreeReader { format: &FORMAT, detect, read };

/// What the lists are that AWS itself keeps, by their names (VPC user guide, "AWS-managed prefix lists"): CloudFront's is used
/// by every customer's distributions, the others belong to one service of the region.
pub(in crate::formats) fn kept_by_aws(name: &str) -> Option<SymbolKind> {
    let name = name.strip_prefix("com.amazonaws.")?;
    if name.contains("cloudfront") {
        return Some(SymbolKind::Provider);
    }
    let own = [".s3", ".dynamodb", ".vpc-lattice", ".ipv6.vpc-lattice", "groundstation", ".route53-healthchecks"];
    if own.iter().any(|service| name.ends_with(service)) { Some(SymbolKind::Platform) } else { Some(SymbolKind::SharedService) }
}

/// The addresses of entries; what is no CIDR is told.
pub(in crate::formats) fn addresses<'v>(entries: impl Iterator<Item = &'v Value>, cx: &mut Cx<'_>) -> AddressSet {
    let mut nets = Vec::new();
    for entry in entries {
        let cidr = entry.some("Cidr").unwrap_or(entry);
        if let Peer::Net(net) = cx.cidr(Field::from(Some(cidr)), cidr) {
            nets.push(net);
        }
    }
    AddressSet::from_nets(nets)
}

fn is_entry(value: &Value) -> bool {
    value.get("Cidr").is_some() && value.get("RuleAction").is_none()
}

fn detect(root: &Value) -> bool {
    let listed = root.items_of("PrefixLists").first().is_some_and(|list| list.get("PrefixListId").is_some());
    listed || root.items_of("Entries").first().is_some_and(is_entry) || root.is_list() && root.items().first().is_some_and(is_entry)
}

fn read(root: &Value, cx: &mut Cx<'_>, emit: &mut dyn FnMut(Read)) {
    for list in root.items_of("PrefixLists") {
        let Some(id) = list.text_of("PrefixListId") else { continue };
        if let Some(kind) = list.text_of("PrefixListName").and_then(kept_by_aws) {
            emit(Read::Definition { name: id.to_owned(), meaning: Meaning::Provided(kind) });
        } else if list.get("Cidrs").is_some() {
            let set = addresses(list.items_of("Cidrs").iter(), cx);
            emit(Read::Definition { name: id.to_owned(), meaning: Meaning::Addresses(set) });
        }
    }
    let entries = if root.is_list() { root.items() } else { root.items_of("Entries") };
    if !entries.is_empty() {
        let set = addresses(entries.iter(), cx);
        cx.warn(
            root,
            "these entries carry no id; they are taken for the prefix list that the file is named after, else for the only one that is open",
        );
        emit(Read::Definition { name: String::new(), meaning: Meaning::Addresses(set) });
    }
}
