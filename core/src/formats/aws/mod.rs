//! AWS security groups in every shape the CLI, the SDKs, AWS Config and CloudTrail print them.
//!
//! The shapes are those of the EC2 API reference (`IpPermission`, `SecurityGroupRule`), in any letter case, with lists
//! also as CloudTrail's `{"items": [...]}`.

pub(super) mod acl;
mod event;
mod group;
pub(super) mod network;
mod permission;
pub(super) mod prefix_list;
mod row;
mod shape;
pub(super) mod what;

use std::collections::HashMap;

use super::cx::{Assumptions, Cx, shown};
use super::value::Value;
use super::{Element, Read, recognise, stream};
use crate::document::{Format, Level, Problems};
use crate::model::{Place, Policy, PolicyKind, Span};
use crate::syntax::{NodeRef, Tree, same_key};
use shape::{Shape, holds_json, holds_something, is_for_others, items, shape};

pub(super) static SECURITY_GROUPS: Format =
    Format { id: "aws-security-groups", title: "AWS security groups", from: "aws ec2 describe-security-groups" };
pub(super) static SECURITY_GROUP_RULES: Format =
    Format { id: "aws-security-group-rules", title: "AWS security group rules", from: "aws ec2 describe-security-group-rules" };
pub(super) static IP_PERMISSIONS: Format = Format {
    id: "aws-ip-permissions",
    title: "AWS permission list",
    from: "aws ec2 describe-security-groups --query 'SecurityGroups[0].IpPermissions'",
};
pub(super) static CONFIG_ITEMS: Format =
    Format { id: "aws-config-items", title: "AWS Config items", from: "aws configservice get-resource-config-history" };
pub(super) static CLOUDTRAIL: Format =
    Format { id: "aws-cloudtrail-events", title: "AWS CloudTrail events", from: "aws cloudtrail lookup-events" };

/// The reading of one document.
pub(super) struct Reading<'e> {
    document: u32,
    problems: &'e mut Problems,
    assumptions: &'e Assumptions,
    emit: &'e mut dyn FnMut(Read),
    format: Option<&'static Format>,
    /// Groups put together from rows, in the order of their first row.
    from_rows: Vec<Policy>,
    row_of: HashMap<String, usize>,
    /// Something was recognised before the text that is passed over.
    begun: bool,
    /// Something was recognised in the JSON value at hand.
    known_here: bool,
    /// A policy can be read again from its place in the text, which takes JSON.
    repeatable: bool,
    /// Something was not judged that may be a firewall's configuration.
    unjudged: bool,
    /// What is no security group: other formats may know it.
    others: Vec<Other>,
}

/// A value that is no security group.
pub(super) struct Other {
    pub(super) value: Value,
    /// It was an element of a list at the top, and belongs together with the others.
    pub(super) element: bool,
}

/// What came of the reading.
pub(super) struct Finished {
    pub(super) format: Option<&'static Format>,
    pub(super) all_judged: bool,
    pub(super) others: Vec<Other>,
}

impl<'e> Reading<'e> {
    pub(super) fn new(document: u32, problems: &'e mut Problems, assumptions: &'e Assumptions, emit: &'e mut dyn FnMut(Read)) -> Self {
        Self {
            document,
            problems,
            assumptions,
            emit,
            format: None,
            from_rows: Vec::new(),
            row_of: HashMap::new(),
            begun: false,
            known_here: false,
            repeatable: true,
            unjudged: false,
            others: Vec::new(),
        }
    }

    /// One element of a streamed list.
    pub(super) fn element(&mut self, element: &Element<'_, '_>) {
        self.duplicates(element.tree);
        match (element.tree.root(), element.list) {
            (Some(root), "") => self.listed(root, element.cut),
            (Some(root), _) => self.value(root, element.cut, None),
            (None, list) => self.empty_listing(list),
        }
    }

    /// A document that is read as a whole, and that is no JSON.
    pub(super) fn tree(&mut self, root: NodeRef<'_, '_>, cut: bool) {
        self.repeatable = false;
        if root.is_map() {
            return self.remainder(root, cut);
        }
        self.begun = true;
        if !root.is_list() && !root.is_null() {
            self.not_judged(root, None, "this text between documents was not judged; remove it, or paste it by itself");
        }
        each_child(root, cut, |item, cut| self.listed(item, cut));
    }

    /// An element of a list at the top.
    fn listed(&mut self, node: NodeRef<'_, '_>, cut: bool) {
        if shape(node) == Shape::Unknown && !holds_something(node, 3) && !holds_json(node) {
            self.others.push(Other { value: Value::from_node(node), element: true });
        } else {
            self.value(node, cut, None);
        }
    }

    /// A listing of nothing is still a listing.
    fn empty_listing(&mut self, key: &str) {
        let listings =
            [("SecurityGroups", &SECURITY_GROUPS), ("SecurityGroupRules", &SECURITY_GROUP_RULES), ("configurationItems", &CONFIG_ITEMS)];
        if let Some((_, format)) = listings.into_iter().find(|(name, _)| same_key(key, name)) {
            self.recognised(format);
        }
    }

    /// The next JSON value begins.
    pub(super) fn begin(&mut self) {
        self.known_here = false;
    }

    /// What stood around the streamed lists, or a whole small document.
    pub(super) fn remainder(&mut self, root: NodeRef<'_, '_>, cut: bool) {
        self.begun = true;
        if !root.is_map() {
            return;
        }
        let errors = self.problems.errors();
        self.envelope(root, cut, 0);
        // What stood around a listing is no configuration of its own.
        if !self.known_here && self.problems.errors() == errors {
            self.others.push(Other { value: Value::from_node(root), element: false });
        }
    }

    /// Keys that stand twice in one object.
    pub(super) fn duplicates(&mut self, tree: &Tree<'_>) {
        for twice in &tree.duplicates {
            let message = format!("the key `{}` stands twice in this object; the last one is used, as most readers do", shown(&twice.key));
            self.problems.add(Level::Warning, twice.span, message);
        }
    }

    /// Text between values: terminal noise is silent, everything else is told.
    pub(super) fn passed_over(&mut self, text: &str, from: usize, to: usize) {
        let Some(between) = text.get(from..to) else { return };
        let mut at = from;
        for line in between.split_inclusive('\n') {
            if !recognise::is_terminal_noise(line) && (self.begun || to < text.len()) {
                let indent = line.len().saturating_sub(line.trim_start().len());
                let start = u32::try_from(at.saturating_add(indent)).unwrap_or(u32::MAX);
                let span = Span { start, end: start.saturating_add(1) };
                self.unjudged |= self.begun;
                let level = if self.begun { Level::Error } else { Level::Warning };
                self.problems.add(level, span, "this line is not JSON and was passed over; remove it, or paste it by itself");
                return;
            }
            at = at.saturating_add(line.len());
        }
    }

    pub(super) fn warn(&mut self, span: Span, message: String) {
        self.problems.add(Level::Warning, span, message);
    }

    /// The syntax broke here.
    pub(super) fn broken(&mut self, span: Span, message: String) {
        self.problems.add(Level::Error, span, format!("{message} (what stands before it is still judged)"));
    }

    /// Emits what was put together from rows.
    pub(super) fn finish(self) -> Finished {
        for policy in self.from_rows {
            (self.emit)(Read::Policy { policy, again: None });
        }
        Finished { format: self.format, all_judged: !self.unjudged, others: self.others }
    }

    /// Something stands here that was not judged.
    fn not_judged(&mut self, node: NodeRef<'_, '_>, fixed: Option<Span>, message: impl Into<String>) {
        self.unjudged = true;
        self.cx(fixed).error(node, message);
    }

    fn cx(&mut self, fixed: Option<Span>) -> Cx<'_> {
        Cx { fixed, ..Cx::new(self.document, self.problems, self.assumptions) }
    }

    fn recognised(&mut self, format: &'static Format) {
        self.begun = true;
        self.known_here = true;
        self.format.get_or_insert(format);
    }

    /// An object that may be a wrapper: looks inside until something is recognised.
    fn envelope(&mut self, node: NodeRef<'_, '_>, cut: bool, depth: u32) {
        const DEPTH: u32 = 4;
        if is_for_others(node) {
            return;
        }
        if shape(node) != Shape::Unknown {
            self.value(node, cut, None);
        } else if depth < DEPTH {
            each_child(node, cut, |child, cut| {
                let first = child.children().next();
                // What a template or a plan is made of is for its own reader.
                if child.is_map() && !child.key().is_some_and(stream::is_of_template) {
                    self.envelope(child, cut, depth.saturating_add(1));
                } else if child.is_list() && first.is_some_and(|first| shape(first) != Shape::Unknown || holds_json(first)) {
                    each_child(child, cut, |item, cut| self.value(item, cut, None));
                } else if child.is_list() && first.is_none() {
                    self.empty_listing(child.key().unwrap_or_default());
                }
            });
        }
    }

    fn value(&mut self, node: NodeRef<'_, '_>, cut: bool, fixed: Option<Span>) {
        match shape(node) {
            Shape::Group => {
                self.recognised(&SECURITY_GROUPS);
                let policy = group::read(node, cut, &mut self.cx(fixed));
                // Where the text broke off behind it, its own place does not tell.
                let again = (fixed.is_none() && self.repeatable && !cut).then(|| node.span());
                (self.emit)(Read::Policy { policy, again });
            }
            Shape::Row => {
                self.recognised(&SECURITY_GROUP_RULES);
                self.row(node, cut, fixed);
            }
            Shape::Permission => {
                self.recognised(&IP_PERMISSIONS);
                self.loose_permission(node, cut, fixed);
            }
            Shape::ConfigItem => {
                self.config_item(node, cut, fixed);
            }
            Shape::Event => {
                self.recognised(&CLOUDTRAIL);
                let errors = self.problems.errors();
                match event::read(node, &mut self.cx(fixed)) {
                    Some(policy) => (self.emit)(Read::Policy { policy, again: None }),
                    None => self.unjudged |= self.problems.errors() > errors,
                }
            }
            Shape::EventText => self.nested(node.get("CloudTrailEvent"), cut),
            Shape::NameOnly => {
                self.recognised(&SECURITY_GROUPS);
                self.cx(fixed).warn(node, "this names a group without its rules, so there is nothing to judge; paste the whole group");
            }
            Shape::Projection => {
                self.recognised(&SECURITY_GROUPS);
                let policy = group::read_projection(node, cut, &mut self.cx(fixed));
                (self.emit)(Read::Policy { policy, again: None });
            }
            Shape::Unknown => {
                // A list of lists is what `--query 'SecurityGroups[*].IpPermissions'` prints.
                if node.is_list() && node.children().next().is_some_and(|first| shape(first) != Shape::Unknown || first.is_list()) {
                    each_child(node, cut, |item, cut| self.value(item, cut, fixed));
                } else if holds_json(node) {
                    self.nested(Some(node), cut);
                } else if node.children().next().is_some() && node.is_map() && holds_something(node, 3) {
                    self.envelope(node, cut, 0);
                } else {
                    self.not_judged(
                        node,
                        fixed,
                        "this entry is no security group, rule or permission and was not judged; remove it, or paste it by itself",
                    );
                }
            }
        }
    }

    /// JSON inside a string: everything in it stands where the string stands.
    fn nested(&mut self, node: Option<NodeRef<'_, '_>>, cut: bool) {
        let Some((node, text)) = node.and_then(|node| Some((node, node.text()?))) else { return };
        let clock = crate::syntax::Clock::default();
        let mut tree = Tree::default();
        let mut reader = crate::syntax::json::Reader::new(text, 0, &clock);
        let seed = crate::syntax::NodeSeed::root(&mut tree, &clock);
        if let Err(error) = serde::de::DeserializeSeed::deserialize(seed, &mut reader) {
            self.not_judged(node, None, format!("the JSON inside this string is broken: {error}"));
        }
        match tree.root() {
            // A string in the string is not looked into again.
            Some(root) if root.is_map() => self.value(root, cut, Some(node.span())),
            _ => {}
        }
    }

    fn row(&mut self, node: NodeRef<'_, '_>, cut: bool, fixed: Option<Span>) {
        let id = node.text_of("GroupId").unwrap_or_default().to_owned();
        let document = self.document;
        let at = match self.row_of.get(&id) {
            Some(at) => *at,
            None => {
                let at = self.from_rows.len();
                let place = self.cx(fixed).place(node);
                let named = (!id.is_empty()).then(|| id.as_str().into());
                self.from_rows.push(Policy { id: named, ..empty(document, place) });
                self.row_of.insert(id, at);
                at
            }
        };
        let rules = row::read(node, cut, &mut self.cx(fixed));
        if let Some(policy) = self.from_rows.get_mut(at) {
            policy.rules.extend(rules);
        }
    }

    /// A permission without its group: neither a name nor a direction is in the text.
    fn loose_permission(&mut self, node: NodeRef<'_, '_>, cut: bool, fixed: Option<Span>) {
        const KEY: &str = "\u{0}loose";
        let document = self.document;
        let at = match self.row_of.get(KEY) {
            Some(at) => *at,
            None => {
                let at = self.from_rows.len();
                let mut cx = self.cx(fixed);
                cx.warn(node, "these permissions carry neither a group nor a direction; they are judged as inbound rules of one group");
                let place = cx.place(node);
                self.from_rows.push(Policy { partial: true, name: Some("permissions without a group".into()), ..empty(document, place) });
                self.row_of.insert(KEY.to_owned(), at);
                at
            }
        };
        let mut rules = Vec::new();
        let mut cx = self.cx(fixed);
        permission::read(node, crate::model::Direction::Ingress, &mut cx, &mut rules);
        if cut {
            rules.push(cx.cut_off(node));
        }
        if let Some(policy) = self.from_rows.get_mut(at) {
            policy.rules.extend(rules);
        }
    }

    fn config_item(&mut self, node: NodeRef<'_, '_>, cut: bool, fixed: Option<Span>) {
        let kind = node.text_of("resourceType").unwrap_or("AWS::EC2::SecurityGroup");
        if !["AWS::EC2::SecurityGroup", "AWS::EC2::NetworkAcl"].contains(&kind) {
            let message = format!("this AWS Config item is a `{}`, which is not read; it was not judged", shown(kind));
            // A snapshot holds items of every kind; only other firewalls are missed.
            if kind.contains("Firewall") {
                self.not_judged(node, fixed, message);
            } else {
                self.cx(fixed).warn(node, message);
            }
            return;
        }
        self.recognised(&CONFIG_ITEMS);
        let Some(configuration) = node.some("configuration") else {
            self.cx(fixed)
                .warn(node, "this AWS Config item has no configuration, as items of deleted resources; there is nothing to judge");
            return;
        };
        if kind == "AWS::EC2::NetworkAcl" {
            let mut cx = Cx { fixed, ..Cx::new(self.document, self.problems, self.assumptions) };
            return acl::read_item(node, configuration, &mut cx, self.emit);
        }
        if configuration.text().is_some() {
            return self.nested(Some(configuration), cut);
        }
        let policy = group::read(configuration, cut, &mut self.cx(fixed));
        (self.emit)(Read::Policy { policy, again: None });
    }
}

/// Visits the children of a value; where the text broke off, it did so inside the last.
fn each_child<'t, 'a>(node: NodeRef<'t, 'a>, cut: bool, mut visit: impl FnMut(NodeRef<'t, 'a>, bool)) {
    let mut children = node.children().peekable();
    while let Some(child) = children.next() {
        visit(child, cut && children.peek().is_none());
    }
}

/// Reads again what stood at the span of an element that was a group.
pub(super) fn read_group_again(node: NodeRef<'_, '_>, document: u32, cut: bool, problems: &mut Problems) -> Option<Policy> {
    let assumptions = Assumptions::default();
    Some(group::read(node, cut, &mut Cx::new(document, problems, &assumptions)))
}

/// A group without rules.
fn empty(document: u32, at: Place) -> Policy {
    Policy {
        kind: PolicyKind::AwsSecurityGroup,
        id: None,
        name: None,
        address: None,
        at: Place { document, ..at },
        rules: Vec::new(),
        partial: false,
    }
}
