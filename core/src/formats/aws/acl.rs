//! Network ACLs: `describe-network-acls`, AWS Config's configuration of one, and the rows of a template.
//!
//! EC2 API reference, `NetworkAclEntry`: the lowest number that matches decides; protocols other than tcp, udp and ICMP have
//! no ports, whatever stands there; ICMPv6 types count for IPv6 ranges only.

use super::what::{What, WhatFields};
use crate::document::Format;
use crate::formats::cx::{Cx, Field, shown};
use crate::formats::value::Value;
use crate::formats::{Read, TreeReader, json};
use crate::model::topology::{Attachment, Border, Fact};
use crate::model::{Action, Direction, Peer, Policy, PolicyKind, Ports, Protocol, Rule, Span};
use crate::syntax::NodeRef;

static FORMAT: Format = Format { id: "aws-network-acls", title: "AWS network ACLs", from: "aws ec2 describe-network-acls" };

pub(in crate::formats) static NETWORK_ACLS: TreeReader = TreeReader { format: &FORMAT, detect, read };

/// One entry, from whichever text.
pub(in crate::formats) struct Entry<'v> {
    pub(in crate::formats) what: WhatFields<'v>,
    pub(in crate::formats) number: Field<'v>,
    pub(in crate::formats) action: Field<'v>,
    pub(in crate::formats) egress: bool,
    pub(in crate::formats) cidr: Field<'v>,
    pub(in crate::formats) at: Span,
    pub(in crate::formats) cidr_at: Span,
}

impl Entry<'_> {
    /// The rule it makes; `None` for the implicit deny at the end, which admits nothing and stops nothing by itself.
    pub(in crate::formats) fn rule(&self, cx: &mut Cx<'_>) -> Option<Rule> {
        let number = self.number.int().and_then(|number| u32::try_from(number).ok());
        if number.is_some_and(|number| number >= IMPLICIT) {
            return None;
        }
        let direction = if self.egress { Direction::Egress } else { Direction::Ingress };
        let peer = cx.cidr(self.cidr, self.cidr_at);
        let mut what = What::read(self.what, cx);
        if what.protocol == Protocol::ICMPV6 && matches!(peer, Peer::Net(ipnet::IpNet::V4(_))) {
            what.ports = Ports::All;
        }
        let mut rule = what.rule(direction, peer, self.cidr_at, cx);
        rule.priority = number;
        if number.is_none() && self.number.missing().is_none() {
            cx.error(self.at, "this entry has no rule number, so its place is not known; it is taken as the last");
        }
        rule.action = match self.action {
            Field::Text(word) if word.eq_ignore_ascii_case("allow") => Action::Allow,
            Field::Text(word) if word.eq_ignore_ascii_case("deny") => Action::Deny,
            Field::Unknown(missing) => {
                rule.doubt = Some(Box::new(missing.clone()));
                Action::Allow
            }
            Field::Text(word) => {
                cx.error(self.at, format!("`{}` is neither allow nor deny; the entry is taken as allow", shown(word)));
                Action::Allow
            }
            _ => {
                cx.error(self.at, "this entry has no `RuleAction`; it is taken as allow");
                Action::Allow
            }
        };
        // An open number may put an allow before everything, and a deny behind it.
        if let Some(missing) = self.number.missing() {
            rule.priority = (rule.action == Action::Allow).then_some(0);
            rule.doubt = rule.doubt.or_else(|| Some(Box::new(missing.clone())));
        }
        Some(rule)
    }
}

/// From here on numbers belong to the platform: 32767 is the implicit deny of IPv4, 32768 that of IPv6 (VPC user guide).
const IMPLICIT: u32 = 32_767;

fn acls(root: &Value) -> &[Value] {
    let listed = root.items_of("NetworkAcls");
    if listed.is_empty() { root.items() } else { listed }
}

/// The configuration in an item of AWS Config, or the value itself.
fn configuration(item: &Value) -> &Value {
    item.some("configuration").unwrap_or(item)
}

fn is_acl(item: &Value) -> bool {
    let acl = configuration(item);
    let entry = acl.items_of("Entries").first();
    acl.get("Entries").is_some() && (id(item).is_some() || entry.is_some_and(|entry| entry.get("RuleAction").is_some()))
}

/// The id, under the names that the API and inventories have for it, or at the end of an ARN.
fn id(item: &Value) -> Option<&str> {
    let text = |keys: &[&str]| keys.iter().find_map(|key| configuration(item).text_of(key).or_else(|| item.text_of(key)));
    let named = text(&["NetworkAclId"]).or_else(|| text(&["Id", "ResourceId"]).filter(|id| id.starts_with("acl-")));
    named.or_else(|| text(&["Arn", "ResourceArn"])?.split_once(":network-acl/").map(|(_, id)| id)).filter(|id| !id.is_empty())
}

/// The ARN, where the text has it.
fn arn(item: &Value) -> Option<&str> {
    let keys = ["Arn", "ResourceArn"];
    let text = keys.iter().find_map(|key| configuration(item).text_of(key).or_else(|| item.text_of(key)));
    text.filter(|arn| arn.contains(":network-acl/"))
}

fn detect(root: &Value) -> bool {
    root.get("NetworkAcls").is_some_and(Value::is_list) || acls(root).iter().any(is_acl)
}

pub(super) fn read(root: &Value, cx: &mut Cx<'_>, emit: &mut dyn FnMut(Read)) {
    for item in acls(root) {
        if !is_acl(item) {
            cx.not_judged(item, "this entry is no network ACL and was not judged; remove it, or paste it by itself");
            continue;
        }
        let (acl, id) = (configuration(item), id(item));
        let tags = acl.items_of("Tags");
        let name = tags.iter().find(|tag| tag.text_of("Key") == Some("Name")).and_then(|tag| tag.text_of("Value"));
        let entries = acl.items_of("Entries");
        let policy = Policy {
            kind: PolicyKind::AwsNetworkAcl,
            id: id.map(Into::into),
            name: name.map(Into::into),
            // What an inventory names by its ARN is found by it, too.
            address: arn(item).map(Into::into),
            at: cx.place(acl),
            rules: entries.iter().filter_map(|value| entry(value).rule(cx)).collect(),
            partial: false,
        };
        associations(acl, id, cx, emit);
        emit(Read::Policy { policy, again: None });
    }
}

/// The subnets that an ACL stands before; a default one stands before those of its network that have no other.
fn associations(acl: &Value, id: Option<&str>, cx: &Cx<'_>, emit: &mut dyn FnMut(Read)) {
    let Some(id) = id else { return };
    let subnets = acl.items_of("Associations").iter().filter_map(|one| one.text_of("SubnetId")).map(|subnet| Border::Subnet(subnet.into()));
    let is_default = acl.get("IsDefault").and_then(Value::bool) == Some(true);
    let network = acl.text_of("VpcId").filter(|_| is_default).map(|network| Border::Network(network.into()));
    // A list that is there and empty says that nothing uses it.
    let unused = acl.get("Associations").is_some_and(|list| list.is_list() && list.items().is_empty() && network.is_none());
    for to in subnets.chain(network).chain(unused.then_some(Border::Nowhere)) {
        emit(Read::Fact(Fact::Attachment(Attachment { policy: id.into(), to, at: cx.place(acl) })));
    }
}

/// An item of AWS Config, also where its configuration is a string.
pub(super) fn read_item(item: NodeRef<'_, '_>, configuration: NodeRef<'_, '_>, cx: &mut Cx<'_>, emit: &mut dyn FnMut(Read)) {
    let Some(text) = configuration.text() else { return read(&Value::from_node(item), cx, emit) };
    match json::value(text) {
        (Some(value), None) => {
            // Everything in a string stands where the string stands.
            let before = cx.fixed;
            cx.fixed = before.or(Some(configuration.span()));
            read(&value, cx, emit);
            cx.fixed = before;
        }
        _ => cx.not_judged(configuration, "the JSON inside this string is broken, so the network ACL was not judged; paste all of it"),
    }
}

fn entry(value: &Value) -> Entry<'_> {
    let protocol = value.get("Protocol");
    let icmp = matches!(Field::from(protocol).protocol(), Some(Protocol::ICMP | Protocol::ICMPV6));
    let (from, to) = if icmp {
        (value.path(&["IcmpTypeCode", "Type"]), value.path(&["IcmpTypeCode", "Code"]))
    } else {
        (value.path(&["PortRange", "From"]), value.path(&["PortRange", "To"]))
    };
    let cidr = value.some("CidrBlock").or_else(|| value.some("Ipv6CidrBlock"));
    Entry {
        what: WhatFields {
            protocol: protocol.into(),
            from: from.into(),
            to: to.into(),
            protocol_at: protocol.map_or(value.span, |protocol| protocol.span),
            ports_at: from.map_or(value.span, |from| from.span),
        },
        number: value.get("RuleNumber").into(),
        action: value.get("RuleAction").into(),
        egress: value.get("Egress").and_then(Value::bool).unwrap_or(false),
        cidr: cidr.into(),
        at: value.span,
        cidr_at: cidr.map_or(value.span, |cidr| cidr.span),
    }
}
