//! `IpPermission`: one protocol and port range, and every peer it names. Each peer becomes a rule of its own, as AWS counts
//! them.

use ipnet::IpNet;

use super::{Context, items, shown};
use crate::formats::cut_off;
use crate::model::{Direction, Origin, Peer, Ports, Protocol, Rule, Symbol, SymbolKind, Unresolved, protocol_number};
use crate::syntax::{NodeRef, Value};

/// Protocol and ports of a permission or a row.
pub(super) struct What {
    pub(super) protocol: Protocol,
    pub(super) ports: Ports,
    pub(super) doubt: Option<Box<Unresolved>>,
}

impl What {
    /// Makes a rule of it.
    pub(super) fn rule(&self, direction: Direction, peer: Peer, node: NodeRef<'_, '_>, context: &Context<'_>) -> Rule {
        let mut rule = Rule::allow(direction, peer, context.place(node));
        rule.protocol = self.protocol;
        rule.ports = self.ports.clone();
        rule.doubt = self.doubt.clone();
        rule
    }
}

/// Reads a permission into rules.
pub(super) fn read(node: NodeRef<'_, '_>, direction: Direction, context: &mut Context<'_>, rules: &mut Vec<Rule>) {
    if !node.is_map() {
        context.error(node, "a permission was expected here; it counts as unknown");
        rules.push(not_understood(direction, node, context, "a permission"));
        return;
    }
    let what = what(node, context);
    let before = rules.len();
    // AWS Config prints IPv4 ranges twice: as strings under `ipRanges` and as objects under `ipv4Ranges`.
    let objects = items(node.get("ipv4Ranges"));
    let strings = items(node.get("IpRanges")).into_iter().filter(|range| objects.is_empty() || range.text().is_none());
    for range in strings.chain(objects.iter().copied()).chain(items(node.get("Ipv6Ranges"))) {
        let cidr = ["CidrIp", "CidrIpv6", "CidrIpv4"].iter().find_map(|key| range.some(key)).unwrap_or(range);
        push(&what, direction, prefix(cidr, context), range, cidr, context, rules);
    }
    // The flat fields of older calls: one range beside the ports.
    for cidr in ["CidrIp", "CidrIpv6"].iter().filter_map(|key| node.some(key)) {
        push(&what, direction, prefix(cidr, context), node, cidr, context, rules);
    }
    for list in items(node.get("PrefixListIds")) {
        let id = list.some("PrefixListId").unwrap_or(list);
        push(&what, direction, prefix_list(id, context), list, id, context, rules);
    }
    for pair in items(node.get("UserIdGroupPairs")).into_iter().chain(items(node.get("groups"))) {
        let (peer, at) = group(pair, context);
        push(&what, direction, peer, pair, at, context, rules);
    }
    if rules.len() == before {
        context.warn(node, "this permission names no source or destination, so it admits nobody");
        rules.push(what.rule(direction, Peer::Nobody("no peer named".into()), node, context));
    }
}

fn push(
    what: &What,
    direction: Direction,
    peer: Peer,
    holder: NodeRef<'_, '_>,
    at: NodeRef<'_, '_>,
    context: &Context<'_>,
    rules: &mut Vec<Rule>,
) {
    let mut rule = what.rule(direction, peer, at, context);
    rule.description = description(holder);
    rule.origin = origin(&rule);
    rules.push(rule);
}

/// The description of a rule, where there is one.
pub(super) fn description(node: NodeRef<'_, '_>) -> Option<Box<str>> {
    node.text_of("Description").filter(|text| !text.trim().is_empty()).map(Into::into)
}

/// A new group comes with everything outbound allowed (VPC user guide); whoever writes that by hand tends to describe it.
pub(super) fn origin(rule: &Rule) -> Origin {
    let stock = rule.direction == Direction::Egress && rule.is_allow_all() && rule.description.is_none();
    if stock { Origin::Stock } else { Origin::Written }
}

/// Protocol and ports, by the rules of the EC2 API: with `-1` and with numbers other than 6, 17, 1 and 58 ports don't
/// count; for ICMP they are type and code.
pub(super) fn what(node: NodeRef<'_, '_>, context: &mut Context<'_>) -> What {
    let Some(named) = node.some("IpProtocol") else {
        context.error(node, "this rule has no `IpProtocol`; it counts as unknown");
        return doubtful("a rule without `IpProtocol`");
    };
    let Some(protocol) = protocol(named) else {
        let name = named.text().map_or_else(|| "this value".to_owned(), |text| format!("`{}`", shown(text)));
        context.error(named, format!("{name} is no protocol; write tcp, udp, icmp, icmpv6, -1 or a number from 0 to 255"));
        return doubtful("a rule with an unknown `IpProtocol`");
    };
    let ports = match protocol {
        Protocol::TCP | Protocol::UDP => ports(node, context),
        Protocol::ICMP | Protocol::ICMPV6 => messages(node, context),
        _ => Some(Ports::All),
    };
    match ports {
        Some(ports) => What { protocol, ports, doubt: None },
        None => What { protocol, ..doubtful("a rule whose ports could not be read") },
    }
}

fn doubtful(name: &str) -> What {
    let doubt = Unresolved { name: name.into(), would_settle: "a rule as the EC2 API prints it".into() };
    What { protocol: Protocol::Any, ports: Ports::All, doubt: Some(Box::new(doubt)) }
}

/// A rule of which nothing was understood.
pub(super) fn not_understood(direction: Direction, node: NodeRef<'_, '_>, context: &Context<'_>, what: &str) -> Rule {
    let missing =
        Unresolved { name: format!("{what} that could not be read").into(), would_settle: "a rule as the EC2 API prints it".into() };
    Rule::allow(direction, Peer::Unresolved(Box::new(missing)), context.place(node))
}

fn protocol(node: NodeRef<'_, '_>) -> Option<Protocol> {
    if let Some(number) = node.int() {
        return if number == -1 { Some(Protocol::Any) } else { u8::try_from(number).ok().map(Protocol::Number) };
    }
    let name = node.text()?.trim();
    let any = ["all", "any", "*"].iter().any(|word| name.eq_ignore_ascii_case(word));
    if any { Some(Protocol::Any) } else { protocol_number(name).map(Protocol::Number) }
}

/// A port or ICMP field: absent, a number, or something else.
enum Field {
    Absent,
    Number(i64),
    Odd,
}

fn field(node: NodeRef<'_, '_>, name: &str) -> Field {
    match node.some(name) {
        None => Field::Absent,
        Some(value) if value.text().is_some_and(|text| text.trim().is_empty()) => Field::Absent,
        Some(value) => match (value.int(), value.value()) {
            (Some(number), _) => Field::Number(number),
            // 443.0 is how some tools print 443.
            (None, Value::Float(float)) => format!("{float}").parse().map_or(Field::Odd, Field::Number),
            _ => Field::Odd,
        },
    }
}

fn ports(node: NodeRef<'_, '_>, context: &mut Context<'_>) -> Option<Ports> {
    let at = node.some("FromPort").or_else(|| node.some("ToPort")).unwrap_or(node);
    let (from, to) = match (field(node, "FromPort"), field(node, "ToPort")) {
        (Field::Absent, Field::Absent) | (Field::Number(-1), Field::Number(-1) | Field::Absent) => {
            context.warn(at, "this rule names no ports; it is read as all of them, 0 to 65535");
            return Some(Ports::All);
        }
        (Field::Number(from), Field::Number(to)) => (from, to),
        _ => {
            context.error(at, "a rule for tcp or udp needs `FromPort` and `ToPort` as numbers; it counts as unknown");
            return None;
        }
    };
    match (u16::try_from(from), u16::try_from(to)) {
        (Ok(from), Ok(to)) if from <= to => Some(if (from, to) == (0, u16::MAX) { Ports::All } else { Ports::Range(from, to) }),
        (Ok(from), Ok(to)) => {
            context.warn(at, format!("the port range {from} to {to} is upside down and matches nothing; swap the two"));
            Some(Ports::Range(from, to))
        }
        _ => {
            context.error(at, format!("the ports {from} to {to} are not between 0 and 65535; the rule counts as unknown"));
            None
        }
    }
}

fn messages(node: NodeRef<'_, '_>, context: &mut Context<'_>) -> Option<Ports> {
    let at = node.some("FromPort").unwrap_or(node);
    match (field(node, "FromPort"), field(node, "ToPort")) {
        (Field::Absent | Field::Number(-1), Field::Absent | Field::Number(-1)) => Some(Ports::All),
        (Field::Number(kind), code) => {
            let code = match code {
                Field::Absent | Field::Number(-1) => Some(None),
                Field::Number(code) => u8::try_from(code).ok().map(Some),
                Field::Odd => None,
            };
            match (u8::try_from(kind), code) {
                (Ok(kind), Some(code)) => Some(Ports::Icmp(kind, code)),
                _ => {
                    context.error(at, "an ICMP type and code are numbers from 0 to 255, or -1 for all; the rule counts as unknown");
                    None
                }
            }
        }
        _ => {
            context.error(at, "an ICMP rule has its type in `FromPort` and its code in `ToPort`; it counts as unknown");
            None
        }
    }
}

/// A CIDR, as AWS reads it: host bits are cleared.
pub(super) fn prefix(node: NodeRef<'_, '_>, context: &mut Context<'_>) -> Peer {
    let Some(text) = node.text() else {
        context.error(node, "a CIDR such as \"10.0.0.0/8\" was expected here; the rule counts as unknown");
        return unresolved("a source that is no CIDR", "a CIDR such as 10.0.0.0/8");
    };
    let text = text.trim();
    let parsed = text.parse::<IpNet>().ok().or_else(|| text.parse::<std::net::IpAddr>().ok().map(IpNet::from));
    let Some(net) = parsed else {
        let text = shown(text);
        context.error(node, format!("`{text}` is no CIDR; write an address and a prefix length, such as 10.0.0.0/8"));
        return unresolved(&text, "a CIDR such as 10.0.0.0/8");
    };
    let canonical = net.trunc();
    if canonical != net {
        let size = if net.prefix_len() == 0 { ", which is every address" } else { "" };
        context.warn(node, format!("`{}` has bits beyond its prefix length; AWS reads it as {canonical}{size}", shown(text)));
    }
    Peer::Net(canonical)
}

/// A prefix list: its entries are not in the text.
pub(super) fn prefix_list(node: NodeRef<'_, '_>, context: &mut Context<'_>) -> Peer {
    match node.text() {
        Some(id) => {
            unresolved(&shown(id), &format!("the entries of {0} (aws ec2 get-managed-prefix-list-entries --prefix-list-id {0})", shown(id)))
        }
        None => {
            context.error(node, "a prefix list id such as \"pl-0123456789abcdef0\" was expected here; the rule counts as unknown");
            unresolved("a prefix list", "its id")
        }
    }
}

/// A referenced group, and the node that names it.
pub(super) fn group<'t, 'a>(pair: NodeRef<'t, 'a>, context: &mut Context<'_>) -> (Peer, NodeRef<'t, 'a>) {
    let named = pair.some("GroupId").or_else(|| pair.some("GroupName")).unwrap_or(pair);
    let Some(id) = named.text() else {
        context.error(pair, "a referenced group needs its `GroupId`; the rule counts as unknown");
        return (unresolved("a group without an id", "the group's id"), pair);
    };
    // A reference over a peering that is gone is stale and matches nothing (EC2, DescribeStaleSecurityGroups).
    if let Some(status @ ("deleted" | "rejected" | "expired" | "failed")) = pair.text_of("PeeringStatus") {
        context.warn(named, format!("the peering behind `{}` is {status}, so this rule is stale and admits nobody", shown(id)));
        return (Peer::Nobody(id.into()), named);
    }
    (Peer::Symbol(Box::new(Symbol { kind: SymbolKind::Group, id: id.into(), account: pair.text_of("UserId").map(Into::into) })), named)
}

/// A peer that could be anyone.
pub(super) fn unresolved(name: &str, would_settle: &str) -> Peer {
    Peer::Unresolved(Box::new(Unresolved { name: name.into(), would_settle: would_settle.into() }))
}

impl Context<'_> {
    /// Stands for the rules behind the place where the text broke off.
    pub(super) fn cut_off(&self, node: NodeRef<'_, '_>) -> Rule {
        Rule::allow(Direction::Ingress, Peer::Unresolved(Box::new(cut_off())), self.place(node))
    }
}
