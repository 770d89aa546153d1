//! The network around the policies of a template: subnets, routes, and which ACL stands around which subnet (CloudFormation
//! template reference of the resources named here). What the text leaves open keeps the name that the text has for it.

use std::collections::HashMap;

use ipnet::IpNet;

use super::evaluate::Evaluator;
use super::template::Resource;
use crate::formats::Read;
use crate::formats::aws::network::{Target, destinations};
use crate::formats::cx::shown;
use crate::formats::value::{Kind, Value};
use crate::model::topology::{Attachment, Border, Fact, Nat, RouteTable, Subnet};
use crate::space::AddressSet;

/// Tells the facts that the resources hold.
pub(super) fn read(evaluator: &mut Evaluator<'_, '_, '_>, emit: &mut dyn FnMut(Read)) {
    let template = evaluator.template;
    let mut tables = Tables::default();
    for resource in &template.resources {
        let Some(before) = evaluator.enter(resource) else { continue };
        match resource.kind {
            "AWS::EC2::Subnet" => emit(Read::Fact(Fact::Subnet(subnet(resource, evaluator)))),
            "AWS::EC2::NatGateway" => {
                if let Some(subnet) = evaluator.name_of(resource, "SubnetId") {
                    emit(Read::Fact(Fact::Nat(Nat { subnet: subnet.into(), at: evaluator.cx.place(resource.value) })));
                }
            }
            "AWS::EC2::SubnetNetworkAclAssociation" => border(resource, evaluator, emit),
            "AWS::EC2::RouteTable" => tables.add(resource, evaluator),
            _ => {}
        }
        evaluator.leave(before);
    }
    let default_acls = default_acls_are_stock(evaluator);
    let main_tables = names_its_subnets("AWS::EC2::SubnetRouteTableAssociation", evaluator);
    for resource in &template.resources {
        let Some(before) = evaluator.enter(resource) else { continue };
        match resource.kind {
            "AWS::EC2::VPC" => {
                if main_tables {
                    tables.main_of(resource, evaluator);
                }
                if default_acls {
                    let (policy, to) = (DEFAULT_ACL.into(), Border::OpenNetwork(resource.name.into()));
                    emit(Read::Fact(Fact::Attachment(Attachment { policy, to, at: evaluator.cx.place(resource.value) })));
                }
            }
            "AWS::EC2::Route" => tables.route(resource, evaluator),
            "AWS::EC2::SubnetRouteTableAssociation" => tables.associate(resource, evaluator),
            _ => {}
        }
        evaluator.leave(before);
    }
    tables.emit(emit);
}

/// What a new network brings along: an ACL that allows everything, both ways (VPC user guide, "Default network ACL").
const DEFAULT_ACL: &str = "the default network ACL";

/// Whether the template leaves the ACLs alone that it does not make, so that the default ones of its networks admit everything, and
/// says where its own stand.
fn default_acls_are_stock(evaluator: &mut Evaluator<'_, '_, '_>) -> bool {
    let template = evaluator.template;
    let is_acl = |name: &str| template.resource(name).is_some_and(|acl| acl.kind == "AWS::EC2::NetworkAcl");
    let mut entries = template.resources.iter().filter(|resource| resource.kind == "AWS::EC2::NetworkAclEntry");
    entries.all(|entry| evaluator.name_of(entry, "NetworkAclId").is_some_and(|name| is_acl(&name)))
        && names_its_subnets("AWS::EC2::SubnetNetworkAclAssociation", evaluator)
}

/// Whether associations of a kind all say which subnet they are about: one that does not may be about any.
fn names_its_subnets(kind: &str, evaluator: &mut Evaluator<'_, '_, '_>) -> bool {
    let template = evaluator.template;
    let mut associations = template.resources.iter().filter(|resource| resource.kind == kind);
    associations.all(|own| evaluator.pick(own, &["SubnetId"]).get("SubnetId").is_some_and(|subnet| subnet.missing().is_none()))
}

/// How deep lists and maps may lie in each other.
const DEPTH: u32 = 16;

impl Evaluator<'_, '_, '_> {
    /// A value with what open conditions decide as unknown, each where it stands.
    pub(super) fn settled(&mut self, raw: &Value) -> Value {
        self.settled_within(raw, DEPTH)
    }

    fn settled_within(&mut self, raw: &Value, depth: u32) -> Value {
        let deeper = depth.saturating_sub(1);
        let calls = matches!(raw.entries(), [(key, _)] if key == "Ref" || key.starts_with("Fn::") || key.starts_with('!'));
        match &raw.kind {
            Kind::List(items) if depth > 0 => {
                let items = items.iter().map(|item| self.settled_within(item, deeper)).filter(|item| !item.is_null());
                Value::new(Kind::List(items.collect()), raw.span)
            }
            Kind::Map(entries) if depth > 0 && !calls => {
                let entries = entries.iter().map(|(key, entry)| (key.clone(), self.settled_within(entry, deeper)));
                Value::new(Kind::Map(entries.collect()), raw.span)
            }
            _ => {
                self.open = None;
                let value = self.evaluate(raw);
                let Some((condition, missing)) = self.open.take() else { return value };
                Value::unknown(said(&condition), missing.would_settle, raw.span)
            }
        }
    }

    /// Some properties of a resource: others don't matter here, and their defaults would be told for nothing.
    pub(super) fn pick(&mut self, resource: &Resource<'_>, keys: &[&str]) -> Value {
        let mut entries = Vec::new();
        for key in keys {
            if let Some(raw) = resource.property(key) {
                entries.push(((*key).to_owned(), self.settled(raw)));
            }
        }
        Value::new(Kind::Map(entries), resource.value.span)
    }

    /// What a property names.
    fn name_of(&mut self, resource: &Resource<'_>, key: &str) -> Option<String> {
        self.pick(resource, &[key]).get(key).and_then(name)
    }
}

/// Whether an open condition decides about a value.
fn is_conditional(value: &Value) -> bool {
    value.missing().is_some_and(|missing| missing.name.starts_with(CONDITION))
}

const CONDITION: &str = "the condition ";

/// What an open condition is called where something depends on it.
fn said(condition: &str) -> String {
    format!("{CONDITION}{}", shown(condition))
}

/// What the items of a list name.
pub(super) fn names(fields: &Value, key: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for named in fields.items_of(key).iter().flat_map(Value::items).filter_map(name) {
        if !found.contains(&named) {
            found.push(named);
        }
    }
    found
}

/// What a value names: an id, a resource, or something that is not in the text.
pub(super) fn name(value: &Value) -> Option<String> {
    match &value.kind {
        Kind::Text(id) => Some(id.clone()).filter(|id| !id.is_empty()),
        Kind::Reference(name) => Some(name.clone()),
        Kind::Unknown(missing) => Some(missing.name.to_string()),
        _ => None,
    }
}

/// The `Name` tag.
pub(super) fn tag(resource: &Resource<'_>, evaluator: &mut Evaluator<'_, '_, '_>) -> Option<String> {
    let tags = resource.property("Tags").map(|tags| evaluator.quietly(tags))?;
    let tag = tags.items().iter().find(|tag| tag.text_of("Key") == Some("Name"))?;
    tag.text_of("Value").filter(|name| !name.is_empty()).map(str::to_owned)
}

fn subnet(resource: &Resource<'_>, evaluator: &mut Evaluator<'_, '_, '_>) -> Subnet {
    let fields = evaluator.pick(resource, &["CidrBlock", "Ipv6CidrBlock", "MapPublicIpOnLaunch", "VpcId"]);
    let blocks = || ["CidrBlock", "Ipv6CidrBlock"].iter().filter_map(|key| fields.some(key));
    // Part of its addresses would be taken for all of them.
    let known = blocks().all(|block| block.text().is_some_and(|text| text.parse::<IpNet>().is_ok()));
    let nets = blocks().filter(|_| known).filter_map(|block| block.text()?.parse::<IpNet>().ok());
    Subnet {
        id: resource.name.into(),
        name: tag(resource, evaluator).map(Into::into),
        at: evaluator.cx.place(resource.value),
        network: fields.get("VpcId").and_then(name).map(Into::into),
        addresses: AddressSet::from_nets(nets),
        gives_public: fields.some("MapPublicIpOnLaunch").map_or(Some(false), Value::bool),
    }
}

/// Where an ACL stands. Where an open condition decides whether it does, something else may stand there as well.
fn border(resource: &Resource<'_>, evaluator: &mut Evaluator<'_, '_, '_>, emit: &mut dyn FnMut(Read)) {
    let (subnet, policy) = (evaluator.name_of(resource, "SubnetId"), evaluator.name_of(resource, "NetworkAclId"));
    let (Some(subnet), Some(policy)) = (subnet, policy) else { return };
    let doubt = evaluator.taken.first().map(|taken| said(&taken.condition));
    for policy in std::iter::once(policy).chain(doubt) {
        let to = Border::Subnet(subnet.as_str().into());
        emit(Read::Fact(Fact::Attachment(Attachment { policy: policy.into(), to, at: evaluator.cx.place(resource.value) })));
    }
}

/// Route tables with their routes and associations, which stand on their own.
#[derive(Default)]
struct Tables {
    tables: Vec<(RouteTable, Vec<(IpNet, Target)>)>,
    by_name: HashMap<String, usize>,
}

impl Tables {
    fn add(&mut self, resource: &Resource<'_>, evaluator: &mut Evaluator<'_, '_, '_>) {
        let network = evaluator.name_of(resource, "VpcId");
        self.at(resource.name, resource, network, evaluator);
    }

    /// The main table of a network that the template makes: it has the local route, and templates can't add another (template
    /// reference, `AWS::EC2::VPC`, which returns no main table). It holds for the subnets that have no table of their own.
    fn main_of(&mut self, network: &Resource<'_>, evaluator: &Evaluator<'_, '_, '_>) {
        let name = format!("the main route table of {}", network.name);
        let at = self.at(&name, network, Some(network.name.to_owned()), evaluator);
        if let Some((table, _)) = self.tables.get_mut(at) {
            (table.main, table.open) = (true, false);
        }
    }

    /// The table of a name; one that is not in the template has routes that are not known.
    fn at(&mut self, name: &str, resource: &Resource<'_>, network: Option<String>, evaluator: &Evaluator<'_, '_, '_>) -> usize {
        let next = self.tables.len();
        let at = *self.by_name.entry(name.to_owned()).or_insert(next);
        if at == next {
            let table = RouteTable {
                id: name.into(),
                at: evaluator.cx.place(resource.value),
                network: network.map(Into::into),
                main: false,
                subnets: Vec::new(),
                internet: AddressSet::empty(),
                elsewhere: AddressSet::empty(),
                to_nat: false,
                open: resource.kind != "AWS::EC2::RouteTable",
            };
            self.tables.push((table, Vec::new()));
        }
        at
    }

    fn of(&mut self, resource: &Resource<'_>, evaluator: &mut Evaluator<'_, '_, '_>) -> Option<&mut (RouteTable, Vec<(IpNet, Target)>)> {
        let name = evaluator.name_of(resource, "RouteTableId")?;
        let at = self.at(&name, resource, None, evaluator);
        self.tables.get_mut(at)
    }

    fn route(&mut self, resource: &Resource<'_>, evaluator: &mut Evaluator<'_, '_, '_>) {
        let fields = evaluator.pick(resource, &ROUTE);
        let to = ["DestinationCidrBlock", "DestinationIpv6CidrBlock"].iter().find_map(|key| fields.some(key));
        let to = to.and_then(|to| to.text()?.parse::<IpNet>().ok()).filter(|_| evaluator.doubt().is_none());
        let target = target(&fields, evaluator);
        let Some((table, routes)) = self.of(resource, evaluator) else { return };
        table.to_nat |= fields.some("NatGatewayId").is_some();
        match (to, target) {
            (Some(net), Some(target)) => routes.push((net, target)),
            // What does not lead out is no way in, wherever it leads.
            (None, Some(Target::Inside)) => {}
            _ => table.open = true,
        }
    }

    fn associate(&mut self, resource: &Resource<'_>, evaluator: &mut Evaluator<'_, '_, '_>) {
        let Some(subnet) = evaluator.name_of(resource, "SubnetId") else { return };
        let is_open = evaluator.doubt().is_some();
        if let Some((table, _)) = self.of(resource, evaluator) {
            table.subnets.push(subnet.into());
            table.open |= is_open;
        }
    }

    fn emit(self, emit: &mut dyn FnMut(Read)) {
        for (table, routes) in self.tables {
            let (internet, elsewhere) = (destinations(&routes, Target::Internet), destinations(&routes, Target::Elsewhere));
            emit(Read::Fact(Fact::Routes(RouteTable { internet, elsewhere, ..table })));
        }
    }
}

/// What a route says of where it begins and leads.
const ROUTE: [&str; 7] = [
    "DestinationCidrBlock",
    "DestinationIpv6CidrBlock",
    "GatewayId",
    "NatGatewayId",
    "EgressOnlyInternetGatewayId",
    "VpcPeeringConnectionId",
    "CarrierGatewayId",
];

/// Where a route leads; `None` where that is not known. What kind of thing it is stands in the key, whatever its value comes to.
fn target(fields: &Value, evaluator: &Evaluator<'_, '_, '_>) -> Option<Target> {
    let inside = ["NatGatewayId", "EgressOnlyInternetGatewayId", "VpcPeeringConnectionId"];
    let keys = || inside.iter().chain(&["CarrierGatewayId", "GatewayId"]);
    let Some((key, value)) = keys().find_map(|key| Some((*key, fields.some(key)?))) else { return Some(Target::Elsewhere) };
    if keys().filter_map(|key| fields.some(key)).any(is_conditional) {
        return None;
    }
    if inside.contains(&key) {
        return Some(Target::Inside);
    }
    match &value.kind {
        _ if key == "CarrierGatewayId" => Some(Target::Internet),
        Kind::Reference(name) => {
            let is_internet = evaluator.template.resource(name).is_some_and(|gateway| gateway.kind == "AWS::EC2::InternetGateway");
            Some(if is_internet { Target::Internet } else { Target::Elsewhere })
        }
        Kind::Text(id) if id.starts_with("igw-") => Some(Target::Internet),
        Kind::Text(id) if id == "local" => Some(Target::Inside),
        Kind::Text(_) => Some(Target::Elsewhere),
        _ => None,
    }
}
