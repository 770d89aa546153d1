//! Firewall resources of the Google provider.

use super::Resource;
use crate::formats::Read;
use crate::formats::cx::Cx;
use crate::formats::gcp::resources::{self, Google};

const PREFIX: &str = "google_compute_";

pub(super) fn read(all: &[Resource], cx: &mut Cx<'_>, emit: &mut dyn FnMut(Read)) {
    let google = all.iter().filter_map(|resource| {
        let kind = resource.kind.strip_prefix(PREFIX)?;
        Some(Google { kind, address: &resource.address, label: &resource.name, fields: &resource.arguments, at: resource.at })
    });
    let ours: Vec<Google<'_>> = google.collect();
    if !ours.is_empty() {
        resources::read(&ours, cx, emit);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::*;
    use crate::document::Problems;
    use crate::exposure::evaluate;
    use crate::formats::cx::Assumptions;
    use crate::formats::value::{Kind, Value};
    use crate::model::{Direction, Policy, Span};

    /// A value from JSON; `{"$ref": "address"}` refers to a resource, `{"$var": "x"}` is not in the text.
    fn value(json: &Json) -> Value {
        let kind = match json {
            Json::Null => Kind::Null,
            Json::Bool(value) => Kind::Bool(*value),
            Json::Number(number) => Kind::Int(number.as_i64().unwrap()),
            Json::String(text) => Kind::Text(text.clone()),
            Json::Array(items) => Kind::List(items.iter().map(value).collect()),
            Json::Object(map) => {
                if let Some(address) = map.get("$ref") {
                    Kind::Reference(address.as_str().unwrap().to_owned())
                } else if let Some(name) = map.get("$var") {
                    let name = name.as_str().unwrap();
                    return Value::unknown(format!("var.{name}"), format!("a value for var.{name}"), Span::default());
                } else {
                    Kind::Map(map.iter().map(|(key, item)| (key.clone(), value(item))).collect())
                }
            }
        };
        Value::new(kind, Span::default())
    }

    fn resource(address: &str, arguments: Json) -> Resource {
        let (kind, name) = address.split_once('.').unwrap();
        Resource {
            kind: kind.to_owned(),
            address: address.to_owned(),
            name: name.to_owned(),
            arguments: value(&arguments),
            at: Span::default(),
        }
    }

    fn policies(resources: &[Resource]) -> (Vec<Policy>, usize) {
        let (mut problems, mut policies) = (Problems::default(), Vec::new());
        let assumptions = Assumptions::default();
        let mut cx = Cx::new(0, &mut problems, &assumptions);
        read(resources, &mut cx, &mut |read| match read {
            Read::Policy { policy, .. } => policies.push(policy),
            Read::Definition { .. } | Read::Fact(_) | Read::Approval(_) => {}
        });
        (policies, problems.errors())
    }

    /// What a policy lets in: `first-last` of each exposure, `?` where it is not certain.
    fn inbound(policy: &Policy) -> Vec<String> {
        let exposures = evaluate(policy).exposures;
        let inbound = exposures.iter().filter(|exposure| exposure.direction == Direction::Ingress);
        inbound.map(|e| format!("{}-{}{}", e.first, e.last, if e.is_certain() { "" } else { "?" })).collect()
    }

    fn firewall(address: &str, more: Json) -> Resource {
        let mut arguments = json!({
            "name": "ssh", "network": { "$ref": "google_compute_network.vpc" }, "source_ranges": ["0.0.0.0/0"],
            "allow": [{ "protocol": "tcp", "ports": ["22"] }],
        });
        arguments.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        resource(&format!("google_compute_firewall.{address}"), arguments)
    }

    fn network() -> Resource {
        resource("google_compute_network.vpc", json!({ "name": "prod" }))
    }

    #[test]
    fn rules_meet_in_their_network_however_they_name_it() {
        let deny =
            json!({ "allow": [], "deny": [{ "protocol": "all" }], "priority": 1, "network": "prod", "source_ranges": ["203.0.113.0/24"] });
        let (told, errors) = policies(&[firewall("ssh", json!({})), network(), firewall("deny", deny)]);
        assert_eq!((told.len(), errors), (1, 0));
        let policy = &told[0];
        assert_eq!((policy.name.as_deref(), policy.address.as_deref()), (Some("prod"), Some("google_compute_network.vpc")));
        let addresses: Vec<_> = policy.rules.iter().map(|rule| rule.address.as_deref().unwrap_or("-")).collect();
        assert_eq!(addresses, ["google_compute_firewall.ssh", "google_compute_firewall.deny", "-"]);
        assert_eq!(inbound(policy), ["22-22"]);
        assert!(!evaluate(policy).exposures[0].surely.addresses.contains("203.0.113.7".parse().unwrap()));
    }

    #[test]
    fn a_network_that_is_not_in_the_text_is_one_all_the_same() {
        for network in [json!({ "$var": "network" }), json!({ "$ref": "data.google_compute_network.other" }), Json::Null] {
            let of = |name| firewall(name, json!({ "network": network.clone() }));
            assert_eq!(policies(&[of("a"), of("b")]).0.len(), 1, "{network}");
        }
        let (told, _) = policies(&[firewall("a", json!({})), firewall("b", json!({ "network": "other" }))]);
        assert_eq!(told.len(), 2);
    }

    #[test]
    fn what_is_not_in_the_text_stays_open() {
        for (more, exposures) in [
            (json!({ "source_ranges": { "$var": "x" } }), vec!["22-22?"]),
            (json!({ "source_ranges": [{ "$var": "x" }, "10.0.0.0/8"] }), vec!["22-22?"]),
            (json!({ "source_ranges": [{ "$ref": "google_compute_address.nat" }] }), vec!["22-22?"]),
            (json!({ "allow": { "$var": "x" } }), vec!["0-65535?"]),
            (json!({ "allow": [{ "protocol": { "$var": "x" } }] }), vec!["0-65535?"]),
            (json!({ "allow": [{ "protocol": "tcp", "ports": { "$var": "x" } }] }), vec!["0-65535?"]),
            (json!({ "disabled": { "$var": "x" } }), vec!["22-22?"]),
            (json!({ "direction": { "$var": "x" } }), vec!["22-22?"]),
            (json!({ "priority": { "$var": "x" } }), vec!["22-22?"]),
            (json!({ "destination_ranges": [{ "$var": "x" }] }), vec!["22-22?"]),
            // Tags are inside, whichever they are; but a list that is perhaps empty filters nothing.
            (json!({ "source_ranges": [], "source_tags": [{ "$var": "x" }] }), vec!["22-22"]),
            (json!({ "source_ranges": [], "source_tags": { "$var": "x" } }), vec!["22-22?"]),
            (json!({ "source_ranges": Json::Null }), vec!["22-22"]),
            (json!({ "allow": [{ "protocol": "tcp", "ports": Json::Null }] }), vec!["0-65535"]),
        ] {
            let (told, errors) = policies(&[firewall("ssh", more.clone())]);
            assert_eq!((inbound(&told[0]), errors), (exposures.into_iter().map(str::to_owned).collect(), 0), "{more}");
        }
        // Who an unknown tag protects is a policy of its own.
        let (told, _) = policies(&[firewall("ssh", json!({ "target_tags": { "$var": "x" } }))]);
        assert_eq!(told[1].name.as_deref(), Some("google_compute_network.vpc, tag var.x"));
    }

    #[test]
    fn a_deny_whose_priority_is_not_known_may_come_first_or_last() {
        let deny = json!({ "allow": [], "deny": [{ "protocol": "tcp" }], "priority": { "$var": "x" } });
        let (told, _) = policies(&[firewall("ssh", json!({})), firewall("deny", deny)]);
        assert_eq!(inbound(&told[0]), ["22-22?"]);
        let allow = json!({ "priority": { "$var": "x" } });
        let deny = json!({ "allow": [], "deny": [{ "protocol": "tcp" }], "priority": 1 });
        let (told, _) = policies(&[firewall("ssh", allow), firewall("deny", deny)]);
        assert_eq!(inbound(&told[0]), ["22-22?"]);
    }

    fn policy_rule(kind: &str, name: &str, more: Json) -> Resource {
        let mut arguments = json!({
            "firewall_policy": { "$ref": "google_compute_network_firewall_policy.edge" }, "priority": 100, "action": "allow",
            "direction": "INGRESS",
            "match": [{ "src_ip_ranges": ["0.0.0.0/0"], "layer4_configs": [{ "ip_protocol": "tcp", "ports": ["22"] }] }],
        });
        arguments.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        resource(&format!("google_compute_{kind}.{name}"), arguments)
    }

    #[test]
    fn rules_of_policies_are_judged_in_every_kind_of_policy() {
        for kind in ["firewall_policy_rule", "network_firewall_policy_rule", "region_network_firewall_policy_rule"] {
            let (told, errors) = policies(&[policy_rule(kind, "ssh", json!({ "firewall_policy": "edge" }))]);
            assert_eq!((told.len(), errors, told[0].name.as_deref()), (1, 0, Some("edge")), "{kind}");
            assert_eq!(inbound(&told[0]), ["22-22"]);
            assert_eq!(told[0].rules[0].address.as_deref(), Some(format!("google_compute_{kind}.ssh").as_str()));
        }
        let rules = json!({ "name": "edge", "rule": [{ "priority": 1, "action": "allow", "match": [{ "src_ip_ranges": ["0.0.0.0/0"],
            "layer4_config": [{ "ip_protocol": "tcp", "ports": ["22"] }] }], "target_secure_tag": [{ "name": "tagValues/1" }] }] });
        let (told, _) = policies(&[resource("google_compute_network_firewall_policy_with_rules.edge", rules)]);
        assert_eq!(told[1].name.as_deref(), Some("edge, secure tag tagValues/1"));
        assert_eq!(inbound(&told[1]), ["22-22"]);
    }

    #[test]
    fn a_policy_joins_the_network_it_is_attached_to() {
        let edge = resource("google_compute_network_firewall_policy.edge", json!({ "name": "edge" }));
        let attached = json!({ "attachment_target": { "$ref": "google_compute_network.vpc" },
            "firewall_policy": { "$ref": "google_compute_network_firewall_policy.edge" } });
        let attached = resource("google_compute_network_firewall_policy_association.edge", attached);
        let deny = policy_rule("network_firewall_policy_rule", "deny", json!({ "action": "deny", "priority": 1 }));
        let https =
            json!({ "match": [{ "layer4_configs": [{ "ip_protocol": "tcp", "ports": ["443"] }], "src_ip_ranges": ["10.0.0.0/8"] }] });
        let https = policy_rule("network_firewall_policy_rule", "https", https);
        let all = |network: Resource| {
            policies(&[network, edge.clone(), attached.clone(), firewall("ssh", json!({})), deny.clone(), https.clone()])
        };
        let (told, errors) = all(network());
        assert_eq!((told.len(), errors), (1, 0));
        assert_eq!(inbound(&told[0]), ["22-22", "443-443"]);
        let order = json!({ "name": "prod", "network_firewall_policy_enforcement_order": "BEFORE_CLASSIC_FIREWALL" });
        assert_eq!(inbound(&all(resource("google_compute_network.vpc", order)).0[0]), ["443-443"]);
    }
}
