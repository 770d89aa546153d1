//! Firewall resources of the Azure provider: groups with blocks of rules, and rules that stand alone.

mod azapi;
mod network;

use super::Resource;
use crate::formats::Read;
use crate::formats::azure::Group;
use crate::formats::cx::Cx;
use crate::formats::value::{Kind, Value};

pub(super) fn read(resources: &[Resource], cx: &mut Cx<'_>, emit: &mut dyn FnMut(Read)) {
    let translated: Vec<Resource> = resources.iter().filter_map(azapi::translated).collect();
    let all = || resources.iter().chain(&translated);
    let of = |kind: &'static str| all().filter(move |resource| resource.kind == kind);
    let owners: Vec<&Resource> = of("azurerm_network_security_group").collect();
    let mut groups: Vec<Group> = owners
        .iter()
        .map(|resource| Group::read(&resource.arguments, cx).standing_at(cx.place(resource.at)).addressed(&resource.address))
        .collect();
    // Rules whose group is not in the text, by the name they give it.
    let mut others: Vec<(String, Group)> = Vec::new();
    for resource in of("azurerm_network_security_rule") {
        let (rule, address) = (&resource.arguments, Some(&*resource.address));
        let owner = rule.get("network_security_group_name");
        if let Some(group) = owner.and_then(|owner| position(owner, rule, &owners)).and_then(|at| groups.get_mut(at)) {
            group.rule(rule, address, None, cx);
            continue;
        }
        let name = match owner.map(|owner| &owner.kind) {
            Some(Kind::Text(name) | Kind::Reference(name)) => name.clone(),
            Some(Kind::Unknown(missing)) => missing.name.to_string(),
            _ => resource.address.clone(),
        };
        let at = match others.iter().position(|(known, _)| *known == name) {
            Some(at) => at,
            None => {
                cx.warn(resource.at, "the group of this rule is not in the text, so its other rules are not known; paste them, too");
                let group = Group::new(Some(&name), cx.place(resource.at)).partial();
                others.push((name, group));
                others.len().saturating_sub(1)
            }
        };
        if let Some((_, group)) = others.get_mut(at) {
            group.rule(rule, address, None, cx);
        }
    }
    network::read(resources, cx, emit);
    for group in groups.into_iter().chain(others.into_iter().map(|(_, group)| group)) {
        let policy = group.finish(cx);
        emit(Read::Policy { policy, again: None });
    }
}

/// Which of the groups a rule names: by reference, or by a name, which is one group's in each resource group.
fn position(owner: &Value, rule: &Value, owners: &[&Resource]) -> Option<usize> {
    match &owner.kind {
        Kind::Reference(reference) => {
            let exact = owners.iter().position(|resource| resource.address == *reference);
            exact.or_else(|| owners.iter().position(|resource| refers_to(reference, &resource.address)))
        }
        Kind::Text(name) => {
            let named = |resource: &&Resource| resource.arguments.text_of("name").is_some_and(|own| own.eq_ignore_ascii_case(name));
            let home = |value: &Value| value.some("resource_group_name").map(|value| value.kind.clone());
            let both = owners.iter().position(|resource| named(resource) && home(&resource.arguments) == home(rule));
            both.or_else(|| owners.iter().position(named))
        }
        // Two values that are missing under one name are the same value.
        Kind::Unknown(missing) => owners
            .iter()
            .position(|resource| resource.arguments.get("name").and_then(Value::missing).is_some_and(|own| own.name == missing.name)),
        _ => None,
    }
}

/// Whether a reference such as `azurerm_network_security_group.web.name` means the resource at an address, of which there
/// may be several instances.
fn refers_to(reference: &str, address: &str) -> bool {
    let rest = |whole: &str, part: &str| whole.strip_prefix(part).is_some_and(|rest| rest.starts_with(['.', '[']));
    rest(reference, address) || rest(address, reference)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Problems;
    use crate::exposure::evaluate;
    use crate::formats::cx::Assumptions;
    use crate::model::{Direction, Policy, Span, Unresolved};
    use crate::verdict::{Verdict, judge};

    fn text(text: &str) -> Kind {
        Kind::Text(text.to_owned())
    }

    fn list(items: &[&str]) -> Kind {
        Kind::List(items.iter().map(|item| at(text(item))).collect())
    }

    const fn at(kind: Kind) -> Value {
        Value::new(kind, Span { start: 7, end: 9 })
    }

    fn map(entries: &[(&str, Kind)]) -> Value {
        at(Kind::Map(entries.iter().map(|(key, kind)| ((*key).to_owned(), at(kind.clone()))).collect()))
    }

    /// A rule with some of its arguments replaced.
    fn rule(changes: &[(&str, Kind)]) -> Value {
        let mut entries = vec![
            ("name", text("ssh")),
            ("priority", Kind::Int(100)),
            ("direction", text("Inbound")),
            ("access", text("Allow")),
            ("protocol", text("Tcp")),
            ("source_port_range", text("*")),
            ("destination_port_range", text("22")),
            ("source_address_prefix", text("*")),
            ("destination_address_prefix", text("*")),
        ];
        entries.extend_from_slice(changes);
        map(&entries)
    }

    fn resource(kind: &str, name: &str, arguments: Value) -> Resource {
        let (kind, address, name) = (kind.to_owned(), format!("{kind}.{name}"), name.to_owned());
        Resource { kind, address, name, arguments, at: Span { start: 1, end: 2 } }
    }

    fn group(name: &str, blocks: Vec<Value>) -> Resource {
        resource("azurerm_network_security_group", name, map(&[("name", text(name)), ("security_rule", Kind::List(blocks))]))
    }

    fn policies(resources: &[Resource]) -> (Vec<Policy>, Problems) {
        let (mut problems, mut policies) = (Problems::default(), Vec::new());
        let assumptions = Assumptions::new();
        let mut cx = Cx::new(0, &mut problems, &assumptions);
        read(resources, &mut cx, &mut |read| {
            if let Read::Policy { policy, .. } = read {
                policies.push(policy);
            }
        });
        (policies, problems)
    }

    #[track_caller]
    fn verdict(resources: &[Resource]) -> Verdict {
        let (policies, _) = policies(resources);
        judge(&policies[0], &evaluate(&policies[0]), None, None).verdict
    }

    #[test]
    fn blocks_are_rules_and_the_defaults_follow() {
        let (policies, problems) = policies(&[group("web", vec![rule(&[])])]);
        let policy = &policies[0];
        assert_eq!((policy.name.as_deref(), policy.address.as_deref()), (Some("web"), Some("azurerm_network_security_group.web")));
        assert_eq!((policy.rules.len(), problems.total()), (7, 0));
        assert_eq!((policy.rules[0].name.as_deref(), policy.rules[0].address.as_deref()), (Some("ssh"), None));
        assert_eq!((policy.at.span.start, policy.rules[0].at.span.start), (1, 7));
        assert_eq!(verdict(&[group("web", vec![rule(&[])])]), Verdict::Dangerous);
    }

    #[test]
    fn singular_and_plural_arguments() {
        for changes in [
            vec![("source_address_prefix", text("")), ("source_address_prefixes", list(&["0.0.0.0/1", "128.0.0.0/1"]))],
            vec![("destination_port_range", Kind::Null), ("destination_port_ranges", list(&["443", "20-25"]))],
            vec![("destination_port_range", Kind::Int(22))],
            vec![("destination_port_range", text("443,22"))],
            vec![("source_address_prefix", text("10.0.0.0/8,Internet"))],
            vec![("protocol", text("*"))],
        ] {
            assert_eq!(verdict(&[group("web", vec![rule(&changes)])]), Verdict::Dangerous, "{changes:?}");
        }
        let asg = Kind::List(vec![at(Kind::Reference("azurerm_application_security_group.app".to_owned()))]);
        let from = [("source_address_prefix", Kind::Null), ("source_application_security_group_ids", asg)];
        assert_eq!(verdict(&[group("web", vec![rule(&from)])]), Verdict::Secure);
    }

    #[test]
    fn rules_of_their_own_find_their_group() {
        for owner in [
            Kind::Reference("azurerm_network_security_group.web".to_owned()),
            Kind::Reference("azurerm_network_security_group.web.name".to_owned()),
            text("web"),
            text("WEB"),
        ] {
            let alone = resource("azurerm_network_security_rule", "ssh", rule(&[("network_security_group_name", owner.clone())]));
            let (policies, problems) = policies(&[alone, group("db", Vec::new()), group("web", Vec::new())]);
            assert_eq!((policies.len(), problems.total()), (2, 0), "{owner:?}");
            assert_eq!(policies[1].rules[0].address.as_deref(), Some("azurerm_network_security_rule.ssh"), "{owner:?}");
        }
    }

    #[test]
    fn a_rule_whose_group_is_elsewhere_is_judged_alone() {
        let missing = Unresolved { name: "var.group".into(), would_settle: "a value for var.group".into() };
        let one = resource("azurerm_network_security_rule", "a", rule(&[("network_security_group_name", Kind::Unknown(missing))]));
        let two = resource("azurerm_network_security_rule", "b", rule(&[]));
        let (policies, problems) = policies(&[one.clone(), two.clone()]);
        let named: Vec<Option<&str>> = policies.iter().map(|policy| policy.name.as_deref()).collect();
        assert_eq!(named, [Some("var.group"), Some("azurerm_network_security_rule.b")]);
        assert!(policies.iter().all(|policy| policy.partial) && problems.total() == 2);
        assert_eq!(verdict(&[two]), Verdict::Dangerous);
    }

    #[test]
    fn what_is_not_known_is_unknown() {
        let missing = |name: &str| Kind::Unknown(Unresolved { name: name.into(), would_settle: "a value".into() });
        for changes in [
            [("source_address_prefix", missing("var.from"))],
            [("destination_port_range", missing("var.port"))],
            [("protocol", missing("var.protocol"))],
            [("access", missing("var.access"))],
            [("direction", missing("var.direction"))],
        ] {
            assert_eq!(verdict(&[group("web", vec![rule(&changes)])]), Verdict::Unknown, "{changes:?}");
        }
        // Wherever it stands among rules that say the same, it admits.
        let anywhere = || rule(&[("priority", missing("var.priority"))]);
        let deny = rule(&[("access", text("Deny"))]);
        assert_eq!(verdict(&[group("web", vec![anywhere(), rule(&[])])]), Verdict::Dangerous);
        assert_eq!(verdict(&[group("web", vec![anywhere(), deny])]), Verdict::Unknown);
        // A destination is somewhere, wherever it is.
        let to = [("destination_address_prefix", missing("var.to"))];
        assert_eq!(verdict(&[group("web", vec![rule(&to)])]), Verdict::Dangerous);
        let open = resource("azurerm_network_security_group", "web", map(&[("security_rule", missing("var.rules"))]));
        assert_eq!(verdict(&[open]), Verdict::Unknown);
    }

    #[test]
    fn an_unknown_deny_hides_nothing_and_promises_nothing() {
        let missing = Kind::Unknown(Unresolved { name: "var.to".into(), would_settle: "a value".into() });
        let deny = rule(&[("access", text("Deny")), ("priority", Kind::Int(90)), ("destination_address_prefix", missing)]);
        assert_eq!(verdict(&[group("web", vec![deny, rule(&[])])]), Verdict::Unknown);
    }

    #[test]
    fn outbound_the_source_is_the_protected_end() {
        let out = rule(&[
            ("direction", text("Outbound")),
            ("source_address_prefix", text("10.0.0.4")),
            ("destination_address_prefix", text("Internet")),
        ]);
        let (policies, _) = policies(&[group("web", vec![out])]);
        let rule = &policies[0].rules[0];
        assert_eq!(rule.direction, Direction::Egress);
        assert_eq!((rule.peer.to_string(), rule.local.to_string()), ("Internet".to_owned(), "10.0.0.4/32".to_owned()));
    }
}
