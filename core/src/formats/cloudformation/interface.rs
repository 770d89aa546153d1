//! What of a template has network interfaces: instances, interfaces of their own, load balancers, databases, tasks
//! (CloudFormation template reference of the resources named here).

use std::collections::HashMap;
use std::net::IpAddr;

use ipnet::IpNet;

use super::evaluate::Evaluator;
use super::network::{name, names, tag};
use super::template::Resource;
use crate::formats::Read;
use crate::formats::aws::network::DEFAULT_GROUP;
use crate::formats::value::Value;
use crate::model::topology::{Cloud, Fact, Interface, PublicAddress};
use crate::space::AddressSet;

/// Tells every interface of a template.
pub(super) fn read(evaluator: &mut Evaluator<'_, '_, '_>, emit: &mut dyn FnMut(Read)) {
    let template = evaluator.template;
    let mut around = Around::default();
    for resource in &template.resources {
        let Some(before) = evaluator.enter(resource) else { continue };
        around.add(resource, evaluator);
        evaluator.leave(before);
    }
    for resource in &template.resources {
        let Some(before) = evaluator.enter(resource) else { continue };
        for own in carried(resource, evaluator) {
            around.interfaces(own, resource, evaluator).into_iter().for_each(|one| emit(Read::Fact(Fact::Interface(one))));
        }
        evaluator.leave(before);
    }
}

/// What other resources say about interfaces.
#[derive(Default)]
struct Around {
    /// What elastic addresses belong to: for certain, or only if an open condition falls that way.
    elastic: HashMap<String, PublicAddress>,
    /// The instances that interfaces of their own are attached to.
    machines: HashMap<String, String>,
}

/// What one resource says about its interfaces.
struct Own {
    groups: Vec<String>,
    /// Those it may be in; each is a way of its own.
    subnets: Vec<String>,
    public: PublicAddress,
    addresses: AddressSet,
    /// The instance that has it, and which of its interfaces it is where there are several.
    machine: Option<String>,
    nth: Option<usize>,
}

impl Around {
    fn add(&mut self, resource: &Resource<'_>, evaluator: &mut Evaluator<'_, '_, '_>) {
        match resource.kind {
            "AWS::EC2::EIP" | "AWS::EC2::EIPAssociation" => {
                let fields = evaluator.pick(resource, &["InstanceId", "NetworkInterfaceId"]);
                let surely = if evaluator.doubt().is_some() { PublicAddress::Untold } else { PublicAddress::Yes };
                for name in ["InstanceId", "NetworkInterfaceId"].iter().filter_map(|key| fields.get(key).and_then(name)) {
                    let known = self.elastic.entry(name).or_insert(surely);
                    *known = (*known).max(surely);
                }
            }
            "AWS::EC2::NetworkInterfaceAttachment" => {
                let fields = evaluator.pick(resource, &["InstanceId", "NetworkInterfaceId"]);
                self.machines.extend(fields.get("NetworkInterfaceId").and_then(name).zip(fields.get("InstanceId").and_then(name)));
            }
            "AWS::EC2::Instance" => {
                let fields = evaluator.pick(resource, &["NetworkInterfaces"]);
                let attached = fields.items_of("NetworkInterfaces").iter().filter_map(|one| one.get("NetworkInterfaceId").and_then(name));
                self.machines.extend(attached.map(|interface| (interface, resource.name.to_owned())));
            }
            _ => {}
        }
    }

    /// The interfaces that stand for what a resource says: one for each subnet it may be in.
    fn interfaces(&self, own: Own, resource: &Resource<'_>, evaluator: &mut Evaluator<'_, '_, '_>) -> Vec<Interface> {
        let machine = own.machine.clone().or_else(|| self.machines.get(resource.name).cloned());
        let elastic = [Some(resource.name), machine.as_deref()].into_iter().flatten().filter_map(|name| self.elastic.get(name)).max();
        let public = match elastic {
            Some(PublicAddress::Yes) => PublicAddress::Yes,
            Some(_) if own.public != PublicAddress::Yes => PublicAddress::Untold,
            _ => own.public,
        };
        let called = tag(resource, evaluator);
        let at = evaluator.cx.place(resource.value);
        let id = own.nth.map_or_else(|| resource.name.to_owned(), |nth| format!("{}/eth{nth}", resource.name));
        let interface = |subnet: Option<&String>, many: bool| Interface {
            cloud: Cloud::Aws,
            id: subnet.filter(|_| many).map_or_else(|| id.clone(), |subnet| format!("{id} in {subnet}")).into(),
            name: called.as_deref().map(Into::into),
            carrier: machine.as_deref().map(Into::into),
            at,
            network: None,
            subnet: subnet.map(|subnet| subnet.as_str().into()),
            policies: own.groups.iter().map(|name| name.as_str().into()).collect(),
            groups: Vec::new(),
            more_groups: None,
            region: None,
            public_ips: Vec::new(),
            addresses: own.addresses.clone(),
            public,
        };
        match own.subnets.as_slice() {
            [] => vec![interface(None, false)],
            subnets => subnets.iter().map(|subnet| interface(Some(subnet), subnets.len() > 1)).collect(),
        }
    }
}

/// What a resource says about the interfaces it has; most have none.
fn carried(resource: &Resource<'_>, evaluator: &mut Evaluator<'_, '_, '_>) -> Vec<Own> {
    match resource.kind {
        "AWS::EC2::Instance" => {
            let keys = ["NetworkInterfaces", "SubnetId", "SecurityGroupIds", "SecurityGroups", "LaunchTemplate", "PrivateIpAddress"];
            let fields = evaluator.pick(resource, &[&keys[..], &IPV6].concat());
            let made_after = launch_data(fields.get("LaunchTemplate"), evaluator);
            let subnets = names(&fields, "SubnetId");
            launched(&fields, made_after.as_ref(), subnets, Some(resource.name), evaluator)
        }
        "AWS::AutoScaling::AutoScalingGroup" => {
            let keys = ["VPCZoneIdentifier", "LaunchTemplate", "LaunchConfigurationName", "MixedInstancesPolicy"];
            let fields = evaluator.pick(resource, &keys);
            let mixed = fields.path(&["MixedInstancesPolicy", "LaunchTemplate", "LaunchTemplateSpecification"]);
            let made_after = launch_data(fields.get("LaunchTemplate").or(mixed), evaluator);
            let configured = fields.get("LaunchConfigurationName").and_then(|value| pick_of(value, &CONFIGURED, evaluator));
            // Only a subnet can give the instances of a configuration that says nothing their addresses.
            let data = configured.or(made_after);
            let nothing = Value::new(crate::formats::value::Kind::Map(Vec::new()), resource.value.span);
            launched(&nothing, data.as_ref(), names(&fields, "VPCZoneIdentifier"), None, evaluator)
        }
        "AWS::EC2::NetworkInterface" => {
            let keys = ["SubnetId", "GroupSet", "PrivateIpAddress", "PrivateIpAddresses"];
            let fields = evaluator.pick(resource, &[&keys[..], &IPV6].concat());
            let subnets = names(&fields, "SubnetId");
            let addresses = addresses(&fields, &subnets, evaluator);
            vec![Own { groups: groups(&fields, &["GroupSet"]), subnets, public: PublicAddress::No, addresses, machine: None, nth: None }]
        }
        "AWS::ElasticLoadBalancingV2::LoadBalancer" | "AWS::ElasticLoadBalancing::LoadBalancer" => {
            let fields = evaluator.pick(resource, &["Scheme", "Subnets", "SubnetMappings", "SecurityGroups", "Type"]);
            let mut subnets = names(&fields, "Subnets");
            subnets.extend(fields.items_of("SubnetMappings").iter().filter_map(|one| name(one.get("SubnetId").unwrap_or(one))));
            let public = match fields.some("Scheme") {
                Some(scheme) if scheme.missing().is_some() => PublicAddress::Untold,
                scheme => (scheme.and_then(Value::text) != Some("internal")).into(),
            };
            let unguarded = fields.text_of("Type") == Some("network") && fields.items_of("SecurityGroups").is_empty();
            let listeners = format!("what the listeners of {} admit, which no security group guards", resource.name);
            let groups = if unguarded { vec![listeners] } else { groups(&fields, &["SecurityGroups"]) };
            vec![Own::plain(groups, subnets, public)]
        }
        "AWS::RDS::DBInstance" => {
            let keys = ["VPCSecurityGroups", "DBSubnetGroupName", "PubliclyAccessible", "DBClusterIdentifier"];
            let fields = evaluator.pick(resource, &keys);
            // The groups of a cluster are those of its instances.
            let cluster = fields.get("DBClusterIdentifier").and_then(|value| pick_of(value, &CLUSTER, evaluator));
            let own = cluster.as_ref().unwrap_or(&fields);
            let subnets =
                [&fields, own].into_iter().map(|of| behind(of.get("DBSubnetGroupName"), evaluator)).find(|found| !found.is_empty());
            // Without it the subnets decide, by routes that this text need not have.
            let public = flag(&fields, "PubliclyAccessible", PublicAddress::Untold);
            vec![Own::plain(groups(own, &["VPCSecurityGroups", "VpcSecurityGroupIds"]), subnets.unwrap_or_default(), public)]
        }
        "AWS::RDS::DBCluster" => {
            let fields = evaluator.pick(resource, &CLUSTER);
            let public = flag(&fields, "PubliclyAccessible", PublicAddress::No);
            vec![Own::plain(groups(&fields, &["VpcSecurityGroupIds"]), behind(fields.get("DBSubnetGroupName"), evaluator), public)]
        }
        "AWS::ElastiCache::CacheCluster" | "AWS::ElastiCache::ReplicationGroup" => {
            let keys = ["VpcSecurityGroupIds", "SecurityGroupIds", "CacheSubnetGroupName"];
            let fields = evaluator.pick(resource, &keys);
            let subnets = behind(fields.get("CacheSubnetGroupName"), evaluator);
            vec![Own::plain(groups(&fields, &["VpcSecurityGroupIds", "SecurityGroupIds"]), subnets, PublicAddress::No)]
        }
        "AWS::ECS::Service" => {
            let fields = evaluator.pick(resource, &["NetworkConfiguration"]);
            let Some(own) = fields.path(&["NetworkConfiguration", "AwsvpcConfiguration"]) else { return Vec::new() };
            let public = match own.some("AssignPublicIp") {
                Some(assign) if assign.missing().is_some() => PublicAddress::Untold,
                assign => (assign.and_then(Value::text) == Some("ENABLED")).into(),
            };
            vec![Own::plain(groups(own, &["SecurityGroups"]), names(own, "Subnets"), public)]
        }
        _ => Vec::new(),
    }
}

/// What decides about IPv6 addresses.
const IPV6: [&str; 2] = ["Ipv6Addresses", "Ipv6AddressCount"];
const CLUSTER: [&str; 3] = ["VpcSecurityGroupIds", "DBSubnetGroupName", "PubliclyAccessible"];
const CONFIGURED: [&str; 2] = ["SecurityGroups", "AssociatePublicIpAddress"];

impl Own {
    const fn plain(groups: Vec<String>, subnets: Vec<String>, public: PublicAddress) -> Self {
        Self { groups, subnets, public, addresses: AddressSet::empty(), machine: None, nth: None }
    }
}

/// The interfaces of an instance: those it lists, else the one that its own fields are about. What it leaves out is in what it is
/// made after.
fn launched(
    fields: &Value,
    made_after: Option<&Value>,
    subnets: Vec<String>,
    machine: Option<&str>,
    evaluator: &Evaluator<'_, '_, '_>,
) -> Vec<Own> {
    let from = |keys: &[&str]| [Some(fields), made_after].into_iter().flatten().find(|of| keys.iter().any(|key| of.some(key).is_some()));
    let listed = from(&["NetworkInterfaces"]).map(|of| of.items_of("NetworkInterfaces")).unwrap_or_default();
    let own_groups = ["SecurityGroupIds", "SecurityGroups"];
    let machine = machine.map(str::to_owned);
    if listed.is_empty() {
        let groups = groups(from(&own_groups).unwrap_or(fields), &own_groups);
        let public = from(&["AssociatePublicIpAddress"])
            .map_or(PublicAddress::BySubnet, |of| flag(of, "AssociatePublicIpAddress", PublicAddress::BySubnet));
        return vec![Own { addresses: addresses(fields, &subnets, evaluator), groups, subnets, public, machine, nth: None }];
    }
    // An interface of its own carries the groups; the instance only names it.
    let made = listed.iter().zip(0_usize..).filter(|(one, _)| one.some("NetworkInterfaceId").is_none());
    let one = |(one, nth): (&Value, usize)| {
        let named = names(one, "SubnetId");
        let subnets = if named.is_empty() { subnets.clone() } else { named };
        Own {
            groups: one.missing().map_or_else(|| groups(one, &["GroupSet", "Groups"]), |missing| vec![missing.name.to_string()]),
            public: if one.missing().is_some() {
                PublicAddress::Untold
            } else {
                flag(one, "AssociatePublicIpAddress", PublicAddress::BySubnet)
            },
            addresses: addresses(one, &subnets, evaluator),
            subnets,
            machine: machine.clone(),
            nth: (listed.len() > 1).then_some(nth),
        }
    };
    made.map(one).collect()
}

/// What a launch template of the same text holds; one that is not in it has groups that are not known.
fn launch_data(specification: Option<&Value>, evaluator: &mut Evaluator<'_, '_, '_>) -> Option<Value> {
    let specification = specification?;
    let named = ["LaunchTemplateId", "LaunchTemplateName"].iter().find_map(|key| specification.some(key)).unwrap_or(specification);
    let data = pick_of(named, &["LaunchTemplateData"], evaluator)?.some("LaunchTemplateData")?.clone();
    if data.missing().is_some() { pick_of(named, &CONFIGURED, evaluator) } else { Some(data) }
}

/// Some properties of the resource that a value refers to. Of one that is not in the text they are all that it is called.
fn pick_of(value: &Value, keys: &[&str], evaluator: &mut Evaluator<'_, '_, '_>) -> Option<Value> {
    let called = name(value)?;
    match evaluator.template.resource(&called).copied() {
        Some(resource) => Some(evaluator.pick(&resource, keys)),
        None => {
            let unknown = Value::unknown(called.clone(), format!("what `{called}` says"), value.span);
            let entry = |key: &&str| ((*key).to_owned(), unknown.clone());
            Some(Value::new(crate::formats::value::Kind::Map(keys.iter().map(entry).collect()), value.span))
        }
    }
}

/// The subnets of a subnet group; one that is not in the text stands for its subnets.
fn behind(group: Option<&Value>, evaluator: &mut Evaluator<'_, '_, '_>) -> Vec<String> {
    group.and_then(|group| pick_of(group, &["SubnetIds"], evaluator)).map(|fields| names(&fields, "SubnetIds")).unwrap_or_default()
}

/// EC2 puts what names no group into the network's default one.
fn groups(fields: &Value, keys: &[&str]) -> Vec<String> {
    let found: Vec<String> = keys.iter().flat_map(|key| names(fields, key)).collect();
    if found.is_empty() { vec![DEFAULT_GROUP.to_owned()] } else { found }
}

fn flag(fields: &Value, key: &str, otherwise: PublicAddress) -> PublicAddress {
    fields.some(key).map_or(otherwise, |value| value.bool().map_or(PublicAddress::Untold, PublicAddress::from))
}

/// The addresses that are written down, unless there may be others.
fn addresses(fields: &Value, subnets: &[String], evaluator: &Evaluator<'_, '_, '_>) -> AddressSet {
    let listed = fields.items_of("PrivateIpAddresses").iter().filter_map(|one| one.some("PrivateIpAddress"));
    let v4 = fields.some("PrivateIpAddress").into_iter().chain(listed);
    let v6 = fields.items_of("Ipv6Addresses").iter().map(|one| one.some("Ipv6Address").unwrap_or(one));
    let known = AddressSet::from_nets(v4.chain(v6).filter_map(|value| value.text()?.parse::<IpAddr>().ok().map(IpNet::from)));
    let has_v6 = |subnet: &String| evaluator.template.resource(subnet).is_some_and(|subnet| subnet.property("Ipv6CidrBlock").is_some());
    let more = known.v6.is_empty() && (fields.some("Ipv6AddressCount").is_some() || subnets.iter().any(has_v6));
    if more { AddressSet::empty() } else { known }
}
