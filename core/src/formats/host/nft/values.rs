//! The right side of a match: single values, lists, ranges, prefixes and sets, named or not (nft(8), "Sets").

use std::collections::HashMap;
use std::net::IpAddr;

use ipnet::IpNet;

use super::{has_flag, owner};
use crate::formats::host::addresses;
use crate::formats::value::{Kind, Value};
use crate::space::{AddressSet, PortSet};

/// The named sets and maps of a text, by family, table and name.
pub(super) struct Sets<'v> {
    named: HashMap<String, &'v Value>,
}

/// The members of a right side.
pub(super) enum Members<'v> {
    /// These.
    Known(Vec<&'v Value>),
    /// A set that is not in the text, or that packets fill, by its name.
    Open(&'v str),
}

impl<'v> Sets<'v> {
    pub(super) fn new(all: impl Iterator<Item = &'v Value>) -> Self {
        let named = all.map(|set| (format!("{} {}", owner(set, "table"), set.text_of("name").unwrap_or_default()), set));
        Self { named: named.collect() }
    }

    /// The members of a right side in a rule of the table `of`.
    pub(super) fn members(&self, right: &'v Value, of: &str) -> Members<'v> {
        if let Some(name) = right.text().and_then(|text| text.strip_prefix('@')) {
            return match self.named.get(&format!("{of} {name}")) {
                Some(set) if !has_flag(set, "dynamic") => Members::Known(set.items_of("elem").iter().map(plain).collect()),
                _ => Members::Open(name),
            };
        }
        let list = right.get("set").unwrap_or(right);
        Members::Known(list.items().iter().map(plain).collect())
    }
}

/// An element without its timeout, counter or comment.
fn plain(value: &Value) -> &Value {
    value.path(&["elem", "val"]).unwrap_or(value)
}

/// Addresses: an address, a prefix, a range; `None` for anything else.
pub(super) fn address(value: &Value) -> Option<AddressSet> {
    if let Some(prefix) = value.some("prefix") {
        let net = IpNet::new(prefix.text_of("addr")?.parse().ok()?, u8::try_from(prefix.get("len")?.int()?).ok()?).ok()?;
        return Some(AddressSet::from_nets([net]));
    }
    if let Some(range) = value.some("range") {
        let [first, last] = range.items() else { return None };
        return addresses::run(first.text()?.parse().ok()?, last.text()?.parse().ok()?);
    }
    let text = value.text()?;
    let net = text.parse::<IpNet>().ok().or_else(|| text.parse::<IpAddr>().ok().map(IpNet::from));
    net.map(|net| AddressSet::from_nets([net]))
}

/// Numbers up to 65,535: one, or a range; names by `named`.
pub(super) fn number(value: &Value, named: &dyn Fn(&str) -> Option<u16>) -> Option<PortSet> {
    let one = |value: &Value| match &value.kind {
        Kind::Text(text) => named(text).or_else(|| text.parse().ok()),
        _ => value.int().and_then(|number| u16::try_from(number).ok()),
    };
    if let Some(range) = value.some("range") {
        let [first, last] = range.items() else { return None };
        let set = PortSet::run(one(first)?, one(last)?);
        return (!set.is_empty()).then_some(set);
    }
    one(value).map(|number| PortSet::run(number, number))
}
