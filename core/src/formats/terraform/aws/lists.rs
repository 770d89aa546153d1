//! Managed prefix lists of the AWS provider, and which of the provider's own lists a data source looks up.

use std::collections::HashMap;

use super::peers;
use crate::formats::cx::Cx;
use crate::formats::terraform::Resource;
use crate::formats::value::{Kind, Value};
use crate::formats::{Meaning, Read};
use crate::model::{Peer, Symbol, SymbolKind};
use crate::space::AddressSet;

/// What the prefix lists of a text stand for, by address and by id.
#[derive(Default)]
pub(super) struct Lists {
    known: HashMap<String, Peer>,
}

impl Lists {
    /// Collects them; a list with all of its entries is told to the other documents, too.
    pub(super) fn of(resources: &[Resource], cx: &mut Cx<'_>, emit: &mut dyn FnMut(Read)) -> Self {
        let mut lists = Self::default();
        let mut apart: HashMap<&str, Vec<&Value>> = HashMap::new();
        for entry in resources.iter().filter(|resource| resource.kind == "aws_ec2_managed_prefix_list_entry") {
            if let Some(Kind::Reference(list) | Kind::Text(list)) = entry.arguments.get("prefix_list_id").map(|list| &list.kind) {
                apart.entry(list).or_default().push(&entry.arguments);
            }
        }
        for resource in resources {
            match resource.kind.as_str() {
                "aws_ec2_managed_prefix_list" => lists.add(resource, &apart, cx, emit),
                "data.aws_ec2_managed_prefix_list" | "data.aws_prefix_list" => lists.look_up(resource),
                _ => {}
            }
        }
        lists
    }

    /// The peer that an address or an id stands for.
    pub(super) fn peer(&self, name: &str) -> Peer {
        self.known.get(name).cloned().unwrap_or_else(|| peers::open_list(name))
    }

    fn add(&mut self, list: &Resource, apart: &HashMap<&str, Vec<&Value>>, cx: &mut Cx<'_>, emit: &mut dyn FnMut(Read)) {
        let id = list.arguments.text_of("id");
        let names = [Some(list.address.as_str()), id];
        let apart = names.into_iter().flatten().filter_map(|name| apart.get(name)).flatten().copied();
        let entries = list.arguments.items_of("entry").iter().chain(apart);
        let entries: Vec<Peer> = entries.map(|entry| peers::cidr(entry.some("cidr").unwrap_or(entry), cx)).collect();
        let (mut nets, mut open) = (Vec::new(), Vec::new());
        for entry in entries {
            match entry {
                Peer::Net(net) => nets.push(net),
                other => open.push(other),
            }
        }
        let set = AddressSet::from_nets(nets);
        for name in names.into_iter().flatten() {
            let complete = open.is_empty();
            let known = peers::named(&list.address, set.clone());
            let peer = if complete { known } else { Peer::Union(std::iter::once(known).chain(open.iter().cloned()).collect()) };
            self.known.insert(name.to_owned(), peer);
            if complete {
                emit(Read::Definition { name: name.to_owned(), meaning: Meaning::Addresses(set.clone()) });
            }
        }
    }

    /// AWS keeps lists of its own, which are looked up by name (VPC user guide, "AWS-managed prefix lists").
    fn look_up(&mut self, data: &Resource) {
        let own = data.arguments.text_of("name").or_else(|| filter(&data.arguments));
        let Some(name) = own.filter(|name| name.starts_with("com.amazonaws.")) else { return };
        let service = name.rsplit('.').next().unwrap_or_default();
        let kind = match service {
            // Every customer's CloudFront distribution comes from there.
            "origin-facing" => SymbolKind::Provider,
            "s3" | "dynamodb" => SymbolKind::Platform,
            _ => SymbolKind::SharedService,
        };
        let peer = Peer::Symbol(Box::new(Symbol { kind, id: name.into(), account: None }));
        let id = data.arguments.text_of("id").map(str::to_owned);
        for known in [Some(data.address.clone()), id].into_iter().flatten() {
            self.known.insert(known, peer.clone());
        }
    }
}

/// The name in `filter { name = "prefix-list-name" values = [...] }`, where there is one.
fn filter(arguments: &Value) -> Option<&str> {
    let filters = arguments.items_of("filter");
    let named = filters.iter().find(|filter| filter.text_of("name") == Some("prefix-list-name"))?;
    match named.items_of("values") {
        [only] => only.text(),
        _ => None,
    }
}
