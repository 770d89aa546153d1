//! Questions whose ends are not simply interfaces: example addresses, service tags, and names that only rules know.

use portcullis_core::ask::{Answer, Fate, ask, names};
use portcullis_core::exposure::Outcome;
use portcullis_core::review::{Input, Review, review};
use portcullis_tests::{group, listing, reviewed};
use serde_json::{Value, json};

#[track_caller]
fn asked(review: &Review, question: &str) -> Answer {
    ask(review, question).unwrap_or_else(|error| panic!("{question}: {error}"))
}

#[track_caller]
fn fate(review: &Review, question: &str) -> Fate {
    asked(review, question).fate
}

/// A rule of a network security group: name, priority, direction, access, protocol, source, destination, port.
fn rule([name, priority, direction, access, protocol, from, to, port]: [&str; 8]) -> Value {
    json!({ "name": name, "properties": {
        "priority": priority.parse::<u32>().unwrap(), "direction": direction, "access": access, "protocol": protocol,
        "sourceAddressPrefix": from, "sourcePortRange": "*", "destinationAddressPrefix": to, "destinationPortRange": port } })
}

fn nsg(rules: &[[&str; 8]]) -> Review {
    let rules: Vec<Value> = rules.iter().map(|own| rule(*own)).collect();
    let group = json!({ "name": "web", "type": "Microsoft.Network/networkSecurityGroups", "properties": { "securityRules": rules } });
    reviewed(group.to_string())
}

/// Example addresses are judged public, and members of a group are private, so none of them is one.
#[test]
fn example_addresses_are_no_members_of_a_group() {
    let review = reviewed(listing(vec![group("web", &["in tcp 443 0.0.0.0/0", "in tcp 22 sg-bastion"])]));
    for (from, expected) in [
        ("203.0.113.0/24", Fate::Denied),
        ("198.51.100.7", Fate::Denied),
        ("192.0.2.0/25", Fate::Denied),
        ("2001:db8:1::/48", Fate::Denied),
        ("8.8.8.8", Fate::Denied),
        ("10.0.0.5", Fate::Unknown),
        ("fd00::1", Fate::Unknown),
    ] {
        let answer = asked(&review, &format!("{from} -> web tcp/22"));
        assert_eq!(answer.fate, expected, "{from}: {answer:#?}");
        let denied = answer.runs[0].ways[0].steps.iter().any(|step| step.outcome == Outcome::Denied);
        assert_eq!(denied, expected == Fate::Denied, "{from}: the steps tell the same: {answer:#?}");
    }
}

#[test]
fn a_virtual_network_can_ask() {
    let review = nsg(&[["deny-ssh", "200", "Inbound", "Deny", "Tcp", "*", "*", "22"]]);
    // The platform's own rule admits it, after the deny of one port.
    let answer = asked(&review, "VirtualNetwork -> web tcp/443");
    assert_eq!(answer.fate, Fate::Allowed, "{answer:#?}");
    assert!(matches!(answer.notes.as_slice(), [note] if note.contains("more than the network") && note.contains("user-defined routes")));
    assert_eq!(fate(&review, "virtualnetwork -> web tcp/22"), Fate::Denied, "letter case does not matter");
    assert_eq!(fate(&review, "web -> VirtualNetwork tcp/443"), Fate::Allowed);
    assert!(asked(&review, "internet -> web tcp/22").notes.is_empty());
}

#[test]
fn an_address_in_a_rule_may_or_may_not_be_in_the_virtual_network() {
    let review = nsg(&[["deny-some", "200", "Inbound", "Deny", "Tcp", "10.1.0.0/16", "*", "443"]]);
    assert_eq!(fate(&review, "VirtualNetwork -> web tcp/443"), Fate::Unknown);
    let review = nsg(&[
        ["office", "200", "Inbound", "Allow", "Tcp", "10.1.0.0/16", "*", "443"],
        ["last", "4096", "Inbound", "Deny", "*", "*", "*", "*"],
    ]);
    assert_eq!(fate(&review, "VirtualNetwork -> web tcp/443"), Fate::Unknown);
    assert_eq!(fate(&review, "VirtualNetwork -> web tcp/444"), Fate::Denied);
}

#[test]
fn probes_of_the_load_balancer_are_asked_about() {
    let open = nsg(&[]);
    let answer = asked(&open, "AzureLoadBalancer -> web tcp/80");
    assert_eq!(answer.fate, Fate::Allowed, "{answer:#?}");
    assert!(answer.notes[0].contains("health probes") && answer.notes[0].contains("client's address"), "{:?}", answer.notes);
    // Its address is known, so nobody else's is taken for it: the steps of a denied packet say so, too.
    let denied = asked(&open, "8.8.8.8 -> web tcp/80");
    assert_eq!((denied.fate, denied.runs[0].ways[0].steps[0].outcome), (Fate::Denied, Outcome::Denied), "{denied:#?}");
    let closed = nsg(&[["last", "4096", "Inbound", "Deny", "*", "*", "*", "*"]]);
    assert_eq!(fate(&closed, "AzureLoadBalancer -> web tcp/80"), Fate::Denied);
}

#[test]
fn services_of_the_provider_are_somewhere_on_the_internet() {
    let review = nsg(&[
        ["storage", "200", "Inbound", "Allow", "Tcp", "Storage", "*", "445"],
        ["tenants", "210", "Inbound", "Allow", "Tcp", "AzureCloud.WestEurope", "*", "8443"],
        ["world", "220", "Inbound", "Allow", "Tcp", "Internet", "*", "443"],
    ]);
    assert_eq!(fate(&review, "Storage -> web tcp/445"), Fate::Allowed);
    assert_eq!(fate(&review, "Storage -> web tcp/443"), Fate::Allowed, "its addresses are public");
    assert_eq!(fate(&review, "AzureCloud.WestEurope -> web tcp/445"), Fate::Unknown, "storage may be inside");
    assert_eq!(fate(&review, "Sql -> web tcp/443"), Fate::Allowed, "a tag that no rule names");
    assert_eq!(fate(&review, "web -> Storage tcp/443"), Fate::Allowed);
    // Nobody says which public addresses a tag has.
    assert_eq!(fate(&review, "8.8.8.8 -> web tcp/8443"), Fate::Unknown);
    assert_eq!(fate(&review, "internet -> web tcp/8443"), Fate::Unknown);
    assert_eq!(fate(&review, "203.0.113.9 -> web tcp/8443"), Fate::Denied, "example addresses are nobody's");
}

/// Tags, groups of others and prefix lists, as far as the documents tell of them.
#[test]
fn names_that_only_rules_know_are_ends() {
    let groups = listing(vec![group("web", &["in tcp 22 sg-bastion", "in tcp 443 pl-0a1b", "in tcp 8080 10.0.0.0/8"])]);
    let review = reviewed(groups);
    assert_eq!(fate(&review, "sg-bastion -> web tcp/22"), Fate::Allowed);
    assert_eq!(fate(&review, "sg-bastion -> web tcp/443"), Fate::Unknown, "the list may have its members");
    assert_eq!(fate(&review, "sg-bastion -> web tcp/8080"), Fate::Unknown);
    assert_eq!(fate(&review, "sg-bastion -> web tcp/23"), Fate::Denied);
    assert_eq!(fate(&review, "pl-0a1b -> web tcp/443"), Fate::Allowed);
    assert_eq!(fate(&review, "pl-0a1b -> web tcp/22"), Fate::Unknown);
    assert!(asked(&review, "pl-0a1b -> web tcp/443").notes[0].contains("is not in the documents"));
    let known = names(&review, 100);
    assert!(known.iter().any(|name| name == "sg-bastion") && known.iter().any(|name| name == "pl-0a1b"), "{known:?}");
    assert!(ask(&review, "Storage -> web tcp/22").unwrap_err().contains("nothing here is called"), "a tag of another cloud");
}

#[test]
fn entries_of_a_prefix_list_are_asked_about_where_they_were_pasted() {
    let input = |name: &str, text: String| Input { name: name.into(), bytes: text.into_bytes() };
    let groups = listing(vec![group("web", &["in tcp 443 pl-0a1b", "in tcp 22 198.51.100.0/25"])]);
    let entries = json!({ "PrefixListId": "pl-0a1b", "Entries": [{ "Cidr": "198.51.100.0/24" }] });
    let review = review(vec![input("groups", groups), input("pl-0a1b.json", entries.to_string())], &mut |_| {});
    assert_eq!(fate(&review, "pl-0a1b -> web tcp/443"), Fate::Allowed);
    assert_eq!(fate(&review, "pl-0a1b -> web tcp/22"), Fate::Partly);
    assert_eq!(fate(&review, "pl-0a1b -> web tcp/23"), Fate::Denied);
}

#[test]
fn two_names_without_layers_are_told_that_nothing_decides() {
    let review = nsg(&[]);
    assert!(ask(&review, "VirtualNetwork -> Storage tcp/443").unwrap_err().contains("neither end"));
}

/// Instances with a tag, where none was pasted: the rules for them and the rules that name them.
#[test]
fn a_tag_of_google_cloud_is_an_end() {
    let rule = |name: &str, from: &str, to: &str, port: &str| {
        json!({ "kind": "compute#firewall", "name": name, "network": "global/networks/shop", "direction": "INGRESS", "priority": 1000,
            "sourceTags": [from], "targetTags": [to], "allowed": [{ "IPProtocol": "tcp", "ports": [port] }] })
    };
    let review = reviewed(json!([rule("sql", "web", "db", "5432"), rule("http", "edge", "web", "8080")]).to_string());
    assert_eq!(fate(&review, "web -> db tcp/5432"), Fate::Allowed);
    assert_eq!(fate(&review, "edge -> web tcp/8080"), Fate::Allowed, "nothing is for the tag edge");
    assert_eq!(fate(&review, "edge -> db tcp/5432"), Fate::Unknown, "an instance may have both tags");
    assert_eq!(fate(&review, "internet -> db tcp/5432"), Fate::Denied);
}
