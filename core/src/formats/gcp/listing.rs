//! Firewall rules and policies, and instances, as `gcloud`, the API, Cloud Asset Inventory, Config Connector, Deployment Manager and Ansible
//! have them.

use super::estate::{Estate, FirewallPolicy, Tier};
use super::find::{Found, Kind, find, is_listing};
use super::instance::{self, Naming};
use super::names::{self, Name};
use super::placed::Head;
use super::{firewall, front, policy_rule};
use crate::document::Format;
use crate::formats::cx::Cx;
use crate::formats::value::{Kind as ValueKind, Value};
use crate::formats::{Read, TreeReader};

static FORMAT: Format =
    Format { id: "gcp-firewall", title: "Google Cloud firewall rules", from: "gcloud compute firewall-rules list --format=json" };

static INSTANCE_LIST: Format =
    Format { id: "gcp-instances", title: "Google Cloud instances", from: "gcloud compute instances list --format=json" };

static FORWARDING_LIST: Format = Format {
    id: "gcp-forwarding-rules",
    title: "Google Cloud forwarding rules and what stands behind them",
    from: "gcloud compute forwarding-rules list --format=json",
};

pub(in crate::formats) static FIREWALLS: TreeReader = TreeReader { format: &FORMAT, detect, read };
pub(in crate::formats) static INSTANCES: TreeReader = TreeReader { format: &INSTANCE_LIST, detect: holds_instances, read };

pub(in crate::formats) static FORWARDING: TreeReader = TreeReader { format: &FORWARDING_LIST, detect: holds_fronts, read };

/// Makes one list of all roots that are Google Cloud's: pages of a listing, lines of an asset export and documents of one
/// file have rules of the same network.
pub(in crate::formats) fn together(roots: Vec<Value>) -> Vec<Value> {
    if roots.len() < 2 || !roots.iter().any(detect) {
        return roots;
    }
    let (ours, mut others): (Vec<Value>, Vec<Value>) = roots.into_iter().partition(|root| is_listing(root) || !find(root).is_empty());
    let span = ours.first().map(|first| first.span).unwrap_or_default();
    others.push(Value::new(ValueKind::List(ours), span));
    others
}

fn detect(root: &Value) -> bool {
    let rules = [Kind::Firewall, Kind::Policy, Kind::PolicyRule, Kind::Effective, Kind::Bare];
    is_listing(root) || find(root).iter().any(|found| rules.contains(&found.kind))
}

/// Instances alone; beside firewall rules they are read with these.
fn holds_instances(root: &Value) -> bool {
    root.text_of("kind").is_some_and(|kind| kind.starts_with("compute#instanceList"))
        || find(root).iter().any(|found| [Kind::Instance, Kind::Template].contains(&found.kind))
}

/// A forwarding rule and what may stand behind one.
const FRONTS: [Kind; 5] = [Kind::Front, Kind::Pool, Kind::Service, Kind::Proxy, Kind::UrlMap];

/// Forwarding rules and what stands behind them alone.
fn holds_fronts(root: &Value) -> bool {
    find(root).iter().any(|found| FRONTS.contains(&found.kind))
}

fn read(root: &Value, cx: &mut Cx<'_>, emit: &mut dyn FnMut(Read)) {
    let mut estate = Estate::default();
    let mut loose = Vec::new();
    for found in find(root) {
        match found.kind {
            Kind::Firewall => vpc_rule(found, None, &mut estate, cx),
            Kind::Network => network(found, &mut estate, cx),
            Kind::Policy => {
                let policy = policy(found, tier(found.fields), &mut estate, cx);
                estate.policies.push(policy);
            }
            Kind::PolicyRule => loose.push(found),
            Kind::Instance | Kind::Template => instance(found, cx, emit),
            Kind::Effective => effective(found, &mut estate, cx),
            Kind::Front | Kind::Pool | Kind::Service | Kind::Proxy | Kind::UrlMap => emit_front(found, cx, emit),
            Kind::Bare => {
                cx.error(found.whole, "this asset has no data, so its rules were not judged; export with `--content-type=resource`")
            }
            Kind::Other => {}
        }
    }
    loose_rules(&loose, &mut estate, cx);
    strangers(root, cx);
    estate.emit(cx, emit);
}

/// Entries of a listing that are nothing of Google Cloud's.
fn strangers(root: &Value, cx: &mut Cx<'_>) {
    let entries = if root.is_list() { root.items() } else { &[] };
    for entry in entries.iter().filter(|entry| find(entry).is_empty() && !is_listing(entry) && !entry.items().is_empty()) {
        let task = entry.get("hosts").is_some() || entry.get("name").is_some() && entry.is_map() && entry.entries().len() > 1;
        if !task {
            cx.error(entry, "this entry is no Google Cloud firewall rule and was not judged; remove it, or paste it by itself");
        }
    }
}

fn head<'v>(found: Found<'v>) -> Head<'v> {
    let own = ["name", "resourceID", "ruleName"].into_iter().find_map(|key| found.fields.text_of(key)).filter(|name| !name.is_empty());
    Head { name: own.or_else(|| found.name.map(names::last)), address: None, at: found.whole.span }
}

fn vpc_rule(found: Found<'_>, within: Option<&Name>, estate: &mut Estate, cx: &mut Cx<'_>) {
    let fields = found.fields;
    let project = names::project(fields, found.name);
    let named = ["network", "networkRef"].into_iter().find_map(|key| Name::of(fields.some(key), project));
    // The API takes a rule without a network for one of the default network.
    let name = named.or_else(|| within.cloned()).unwrap_or_else(|| Name::new("default", project));
    let network = estate.network(Some(name));
    let rules = firewall::read(fields, head(found), cx);
    estate.add(network, rules);
}

fn network(found: Found<'_>, estate: &mut Estate, cx: &Cx<'_>) {
    let fields = found.fields;
    let name = fields.text_of("name").or_else(|| found.name.map(names::last));
    let Some(name) = name else { return };
    let name = Name::new(name, names::project(fields, found.name));
    let at = estate.network(Some(name));
    if let Some(network) = estate.network_mut(at) {
        network.at = Some(cx.place(found.whole));
        network.policies_first = policies_first(fields);
    }
}

/// An instance by its number, which no other one has, else by its address or name.
fn instance(found: Found<'_>, cx: &Cx<'_>, emit: &mut dyn FnMut(Read)) {
    let properties = found.fields.some("properties").filter(|_| found.kind == Kind::Template);
    let fields = properties.unwrap_or(found.fields);
    let head = head(found);
    let id = found
        .fields
        .some("id")
        .and_then(super::ends::label)
        .or_else(|| found.fields.text_of("selfLink").map(|link| names::path(link).to_owned()));
    let Some(id) = id.or_else(|| head.name.map(str::to_owned)) else { return };
    let project = names::project(found.fields, found.name);
    let naming = Naming {
        network: &|value| Name::of(value, project),
        subnet: &|value| super::ends::label(value).map(|subnet| names::path(&subnet).to_owned()),
    };
    let made_for = fields.path(&["metadata", "items"]).map(Value::items).unwrap_or_default().iter();
    let made_for = made_for.filter(|item| item.text_of("key") == Some("created-by")).find_map(|item| front::group(item.text_of("value")?));
    if let Some(group) = made_for.filter(|_| found.kind == Kind::Instance) {
        emit(Read::Fact(front::managed(group, &id, head.at, cx)));
    }
    let whole = found.fields.get("kind").is_some() || fields.get("tags").is_some() && fields.get("serviceAccounts").is_some();
    instance::read(fields, &id, whole, &naming, head, cx, emit);
}

/// A forwarding rule or what stands behind one. Which instances are in a group is in no listing of backend services; those that a
/// manager made tell it themselves.
fn emit_front(found: Found<'_>, cx: &Cx<'_>, emit: &mut dyn FnMut(Read)) {
    let (fields, at) = (found.fields, found.whole.span);
    let Some(id) = fields.text_of("selfLink").map(names::path).or(head(found).name) else { return };
    let fact = match found.kind {
        Kind::Front => front::forwarding(fields, id, at, cx),
        Kind::Service => Some(front::service(fields, id, at, &in_group, cx)),
        Kind::UrlMap => Some(front::url_map(fields, id, at, cx)),
        Kind::Proxy => {
            let kind = ["kind", "assetType", "type"].iter().find_map(|key| found.whole.text_of(key)).unwrap_or(id);
            Some(front::proxy(fields, kind, id, at, cx))
        }
        _ => Some(front::pool(fields, id, at, cx)),
    };
    fact.into_iter().for_each(|fact| emit(Read::Fact(fact)));
}

/// What a listing tells of a group. Only zonal groups of endpoints have instances: the others are outside of the network or have no
/// servers (Cloud Load Balancing documentation, "Network endpoint groups overview").
fn in_group(group: &Value) -> Option<front::Members> {
    let link = group.text()?;
    if link.contains("/networkEndpointGroups/") && !link.contains("/zones/") {
        return Some(front::Members::Instances(Vec::new()));
    }
    front::group(link).map(front::Members::Of)
}

/// Whether a network has its VPC firewall rules evaluated after its policies.
pub(super) fn policies_first(network: &Value) -> bool {
    let order = network.text_of("networkFirewallPolicyEnforcementOrder");
    order.is_some_and(|order| order.eq_ignore_ascii_case("BEFORE_CLASSIC_FIREWALL"))
}

/// Where a policy belongs: regional ones have a region, network ones a project, hierarchical ones neither.
fn tier(fields: &Value) -> Tier {
    let link = fields.text_of("selfLink").unwrap_or_default();
    let hierarchical = fields.get("parent").is_some() || fields.get("shortName").is_some() || link.contains("/locations/global/");
    if names::region(fields).is_some() {
        Tier::Regional
    } else if hierarchical && !link.contains("/projects/") {
        Tier::Hierarchical(0)
    } else {
        Tier::Global
    }
}

/// A firewall policy with its rules, and the networks it says it is attached to.
fn policy(found: Found<'_>, tier: Tier, estate: &mut Estate, cx: &mut Cx<'_>) -> FirewallPolicy {
    let fields = found.fields;
    let name = ["shortName", "displayName", "name", "id"].into_iter().find_map(|key| fields.some(key).and_then(super::ends::label));
    let rules = fields.items_of("rules").iter().flat_map(|rule| {
        let at = Found { kind: Kind::PolicyRule, fields: rule, name: None, whole: rule };
        policy_rule::read(rule, head(at), cx)
    });
    let rules = rules.collect();
    let mut networks = Vec::new();
    for association in fields.items_of("associations") {
        let target = association.text_of("attachmentTarget").unwrap_or_default();
        if target.contains("/networks/") {
            networks.push(estate.network(Some(Name::new(target, ""))));
        }
    }
    let name = name.or_else(|| found.name.map(|name| names::last(name).to_owned()));
    FirewallPolicy { name, address: None, at: cx.place(found.whole), tier, region: names::region(fields), rules, networks }
}

/// Rules of firewall policies without their policy: those that name the same one belong together.
fn loose_rules(loose: &[Found<'_>], estate: &mut Estate, cx: &mut Cx<'_>) {
    for found in loose {
        let owner = ["firewallPolicyRef", "firewallPolicy"].into_iter().find_map(|key| Name::of(found.fields.some(key), ""));
        let owner = owner.map(|name| name.name);
        let rules = policy_rule::read(found.fields, head(*found), cx);
        let known = estate.policies.iter_mut().find(|policy| policy.name == owner || owner.is_none() && policy.name.is_none());
        match known {
            Some(policy) => policy.rules.extend(rules),
            None => {
                let (tier, region) = (tier(found.fields), names::region(found.fields));
                let at = cx.place(found.whole);
                estate.policies.push(FirewallPolicy { name: owner, address: None, at, tier, region, rules, networks: Vec::new() });
            }
        }
    }
}

/// `networks.getEffectiveFirewalls`: everything that is evaluated in one network.
fn effective(found: Found<'_>, estate: &mut Estate, cx: &mut Cx<'_>) {
    let fields = found.fields;
    let firewalls = fields.items_of("firewalls");
    let name = firewalls.iter().find_map(|rule| Name::of(rule.some("network"), names::project(rule, None)));
    let network = estate.network(name.clone());
    for rule in firewalls {
        vpc_rule(Found { kind: Kind::Firewall, fields: rule, name: None, whole: rule }, name.as_ref(), estate, cx);
    }
    let mut depth = 0_u16;
    for key in ["organizationFirewalls", "firewallPolicys"] {
        for entry in fields.items_of(key) {
            let tier = match entry.text_of("type").unwrap_or("HIERARCHY") {
                "NETWORK" => Tier::Global,
                "NETWORK_REGIONAL" => Tier::Regional,
                kind if kind.starts_with("SYSTEM") => Tier::System,
                _ => Tier::Hierarchical(depth),
            };
            depth = depth.saturating_add(1);
            let inner = Found { kind: Kind::Policy, fields: entry, name: None, whole: entry };
            let mut policy = policy(inner, tier, estate, cx);
            policy.networks = vec![network];
            estate.policies.push(policy);
        }
    }
}
