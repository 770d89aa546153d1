//! The other end of a rule in the AWS provider: addresses, groups, prefix lists.

use crate::formats::cx::{Cx, Field, shown, unresolved};
use crate::formats::value::{Kind, Value};
use crate::model::{NamedSet, Peer, Span, Symbol, SymbolKind, Unresolved};

use super::lists::Lists;

/// A CIDR.
pub(super) fn cidr(value: &Value, cx: &mut Cx<'_>) -> Peer {
    match &value.kind {
        Kind::Reference(address) => unresolved(address, &format!("the value of {address}, as a plan or a state shows it")),
        _ => cx.cidr(Field::from(Some(value)), value),
    }
}

/// A security group. Whatever is not known here is the id of a group and nothing else, so it never stands for the internet.
pub(super) fn group(value: &Value, cx: &mut Cx<'_>) -> Peer {
    let (id, account) = match &value.kind {
        Kind::Reference(address) => (address.as_str(), None),
        Kind::Unknown(missing) => (&*missing.name, None),
        // `account/sg-…` names a group of another account.
        Kind::Text(text) => match text.split_once('/') {
            Some((account, id)) => (id, Some(account.into())),
            None => (text.as_str(), None),
        },
        _ => {
            cx.error(value, "a security group id such as \"sg-0123456789abcdef0\" was expected here; the rule counts as unknown");
            return unresolved("a group without an id", "the group's id");
        }
    };
    Peer::Symbol(Box::new(Symbol { kind: SymbolKind::Group, id: id.into(), account }))
}

/// A prefix list: its entries where they are in the text.
pub(super) fn prefix_list(value: &Value, lists: &Lists, cx: &mut Cx<'_>) -> Peer {
    match &value.kind {
        Kind::Reference(address) => lists.peer(address),
        Kind::Text(id) => lists.peer(id),
        Kind::Unknown(missing) => Peer::Unresolved(Box::new(missing.clone())),
        _ => {
            cx.error(value, "a prefix list id such as \"pl-0123456789abcdef0\" was expected here; the rule counts as unknown");
            unresolved("a prefix list", "its id")
        }
    }
}

/// What stands for a set whose entries are known.
pub(super) fn named(name: &str, set: crate::space::AddressSet) -> Peer {
    Peer::Named(Box::new(NamedSet { name: name.into(), set }))
}

/// What stands for a prefix list whose entries are not in the text.
pub(super) fn open_list(name: &str) -> Peer {
    let name = shown(name);
    let command = format!("the entries of {name} (aws ec2 get-managed-prefix-list-entries)");
    Peer::Unresolved(Box::new(Unresolved { name: name.as_str().into(), would_settle: command.into() }))
}

/// A field that is not a list of anything, such as a variable that would be one.
pub(super) fn items(value: &Value) -> Vec<(&Value, Span)> {
    value.items().iter().map(|item| (item, item.span)).collect()
}
