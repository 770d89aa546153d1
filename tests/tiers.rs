//! The three-tier design, in four documents and in one, and what single lines change about it.

use std::time::Instant;

use portcullis_core::report;
use portcullis_core::review::{Input, review};
use portcullis_tests::{group, listing};
use serde_json::{Value, json};

const CONFIGURATION: &str = include_str!("samples/three-tiers/main.tf");

fn documents() -> Vec<Input> {
    let document = |name: &str, text: &str| Input { name: name.into(), bytes: text.into() };
    vec![
        document("security-groups.json", include_str!("samples/three-tiers/security-groups.json")),
        document("network-acls.json", include_str!("samples/three-tiers/network-acls.json")),
        document("interfaces.json", include_str!("samples/three-tiers/interfaces.json")),
        document("subnets-and-routes.json", include_str!("samples/three-tiers/subnets-and-routes.json")),
    ]
}

fn reported(inputs: Vec<Input>) -> Value {
    serde_json::to_value(report::report(&review(inputs, &mut |_| {}))).unwrap()
}

fn configuration(text: &str) -> Value {
    reported(vec![Input { name: "main.tf".into(), bytes: text.into() }])
}

fn strings(list: &Value, key: &str) -> Vec<String> {
    list.as_array().unwrap().iter().map(|item| item[key].as_str().unwrap_or_default().to_owned()).collect()
}

#[test]
fn four_documents_and_one_configuration_tell_the_same_story() {
    for report in [reported(documents()), configuration(CONFIGURATION)] {
        assert_eq!(report["verdict"], "secure", "{:#}", report["findings"]);
        assert_eq!(
            strings(&report["tiers"]["paths"], "said"),
            ["internet → load-balancer 80/tcp, 443/tcp → application 8080/tcp → database 3306/tcp: 3 hops"]
        );
        let name = |policy: &Value| {
            policy.as_u64().map_or("internet".to_owned(), |at| report["policies"][at as usize]["name"].as_str().unwrap().to_owned())
        };
        let edges = report["tiers"]["edges"].as_array().unwrap();
        let mut edges: Vec<String> =
            edges.iter().map(|edge| format!("{} → {} {}", name(&edge["from"]), name(&edge["to"]), edge["services"])).collect();
        edges.sort();
        let expected = [
            "application → database [\"3306/tcp\"]",
            "bastion → application [\"22/tcp\"]",
            "internet → load-balancer [\"80/tcp\",\"443/tcp\"]",
            "load-balancer → application [\"8080/tcp\"]",
        ];
        assert_eq!(edges, expected);
        let surfaces = report["surfaces"].as_array().unwrap();
        assert_eq!(surfaces.len(), 5);
        assert!(surfaces.iter().all(|surface| surface["verdict"] == "secure" && surface["assumed"] == serde_json::json!([])));
        // Routes and the missing public address count as one layer each; the ACL and the group are the other two.
        let database = surfaces.iter().find(|surface| surface["exposures"][0]["services"][0] == "mysql").unwrap();
        assert_eq!((&database["exposures"][0]["depth"], &database["exposures"][0]["ports"]), (&4.into(), &"3306".into()));
    }
}

/// One changed line of the configuration, and the finding that it must cause.
struct Mutation {
    /// The block in which the line stands.
    block: &'static str,
    line: &'static str,
    instead: &'static str,
    audit: &'static str,
    verdict: &'static str,
    /// A part of the finding's message.
    says: &'static str,
}

const fn mutation(block: &'static str, line: &'static str, instead: &'static str, finding: [&'static str; 3]) -> Mutation {
    let [audit, verdict, says] = finding;
    Mutation { block, line, instead, audit, verdict, says }
}

const SOURCE: &str = "referenced_security_group_id = aws_security_group.application.id";

const MUTATIONS: [Mutation; 13] = [
    mutation(
        "bastion_from_office",
        "cidr_ipv4         = \"198.51.100.10/32\"",
        "cidr_ipv4         = \"0.0.0.0/0\"",
        ["open-remote-admin", "caution", "closed only by the network ACL aws_network_acl.public"],
    ),
    mutation(
        "database_from_application",
        SOURCE,
        "cidr_ipv4 = \"0.0.0.0/0\"",
        ["open-database", "caution", "closed only by the lack of a public IPv4 address"],
    ),
    mutation(
        "database_from_application",
        SOURCE,
        "cidr_ipv4 = \"10.0.0.0/8\"",
        ["open-database", "caution", "16,777,216 private IPv4 addresses"],
    ),
    mutation("database_from_application", SOURCE, "prefix_list_id = var.reports", ["unresolved-source", "caution", "var.reports"]),
    mutation(
        "aws_security_group\" \"database",
        "name   = \"database\"",
        "egress = [{ protocol = \"-1\", from_port = 0, to_port = 0, cidr_blocks = [\"0.0.0.0/0\"] }]",
        ["open-egress", "caution", "outbound"],
    ),
    mutation(
        "aws_security_group\" \"load_balancer",
        "to_port     = 443",
        "to_port     = 8443",
        ["open-database", "dangerous", "the whole IPv4 internet"],
    ),
    mutation("aws_security_group\" \"load_balancer", "from_port   = 443", "from_port   = 444", ["admits-nobody", "secure", ""]),
    mutation(
        "aws_security_group\" \"load_balancer",
        "protocol    = \"tcp\"",
        "protocol    = \"udp\"",
        ["http-without-https", "caution", "HTTP"],
    ),
    mutation(
        "application_from_load_balancer",
        "referenced_security_group_id = aws_security_group.load_balancer.id",
        "cidr_ipv4 = \"0.0.0.0/0\"",
        ["open-dev-tool", "caution", "closed only by the lack of a public IPv4 address"],
    ),
    mutation(
        "aws_network_acl\" \"public",
        "{ no = 100, cidr = \"0.0.0.0/0\", from = 443, to = 443 }",
        "{ no = 100, cidr = \"0.0.0.0/0\", from = 0, to = 65535 }",
        ["open-all-ports", "secure", "they do at every interface"],
    ),
    mutation(
        "aws_network_acl\" \"public",
        "{ no = 110, cidr = \"0.0.0.0/0\", from = 80, to = 80 }",
        "{ no = 110, cidr = \"0.0.0.0/0\", from = 443, to = 443 }",
        ["duplicate-rule", "secure", ""],
    ),
    mutation(
        "aws_network_acl\" \"public",
        "{ no = 100, cidr = \"0.0.0.0/0\", from = 1024, to = 65535 }",
        "{ no = 100, cidr = \"0.0.0.0/0\", from = 1024, to = 30000 }",
        ["dropped-replies", "caution", "hang"],
    ),
    mutation(
        "aws_network_acl\" \"public",
        "{ no = 130, cidr = \"0.0.0.0/0\", from = 1024, to = 65535 }",
        "{ no = 130, cidr = \"0.0.0.0/0\", from = 1024, to = 30000 }",
        ["nat-subnet", "caution", "replies on 30001-65535"],
    ),
];

/// The configuration with one line changed, the first that reads so behind the name of a block.
#[track_caller]
fn changed(text: &str, block: &str, line: &str, instead: &str) -> String {
    let at = text.find(block).unwrap_or_else(|| panic!("no block {block}"));
    let (before, after) = text.split_at(at);
    assert!(after.contains(line), "no line {line} in {block}");
    format!("{before}{}", after.replacen(line, instead, 1))
}

#[test]
fn a_changed_line_causes_its_finding() {
    for Mutation { block, line, instead, audit, verdict, says } in MUTATIONS {
        let report = configuration(&changed(CONFIGURATION, block, line, instead));
        let told: Vec<String> = report["findings"]
            .as_array()
            .unwrap()
            .iter()
            .map(|finding| ["audit", "verdict", "message"].map(|part| finding[part].as_str().unwrap()).join(" "))
            .collect();
        let found = told.iter().any(|told| told.starts_with(&format!("{audit} {verdict} ")) && told.contains(says));
        assert!(found, "{line} → {instead}: {audit} {verdict} {says}\n{told:#?}\n{:#}", report["documents"][0]["problems"]);
    }
}

/// Interfaces decide: a public address and a way through the ACL make dangerous what only they closed.
#[test]
fn a_public_address_opens_what_only_its_absence_closed() {
    let block = "application_from_load_balancer";
    let text =
        changed(CONFIGURATION, block, "referenced_security_group_id = aws_security_group.load_balancer.id", "cidr_ipv4 = \"0.0.0.0/0\"");
    let text = changed(&text, block, "from_port                    = 8080", "from_port                    = 2375");
    let text = changed(&text, block, "to_port                      = 8080", "to_port                      = 2375");
    let closed = configuration(&text);
    assert_eq!(closed["verdict"], "caution", "{:#}", closed["findings"]);
    let text = changed(&text, "aws_instance\" \"application", "aws_subnet.app.id", "aws_subnet.public.id");
    let text = changed(&text, "aws_network_acl\" \"public", "from = 80, to = 80", "from = 2375, to = 2375");
    let open = configuration(&text);
    assert_eq!(open["verdict"], "dangerous", "{:#}", open["surfaces"]);
    let dangerous = strings(&open["surfaces"], "verdict").iter().filter(|verdict| *verdict == "dangerous").count();
    assert_eq!(dangerous, 2, "both instances");
}

/// Groups that admit each other and themselves, and names that nobody has.
#[test]
fn circles_and_loose_ends_are_followed_once() {
    let text = listing(vec![
        group("a", &["in tcp 443 0.0.0.0/0", "in tcp 80 sg-c", "out -1 - 0.0.0.0/0"]),
        group("b", &["in tcp 8080 sg-a", "in tcp 8080 sg-b", "in tcp 1 sg-gone", "out -1 - 0.0.0.0/0"]),
        group("c", &["in tcp 3306 sg-b", "in tcp 3306 sg-c", "out -1 - 0.0.0.0/0"]),
        group("d", &["in tcp 5432 sg-gone", "out -1 - 0.0.0.0/0"]),
    ]);
    let report = reported(vec![Input { name: "groups".into(), bytes: text.into_bytes() }]);
    let paths = strings(&report["tiers"]["paths"], "said");
    assert_eq!(paths, ["internet → a 443/tcp → b 8080/tcp → c 3306/tcp: 3 hops", "no way from the internet to d"]);
}

/// What is missing may open a way, to data itself or to a tier before it.
#[test]
fn a_way_that_depends_on_what_is_missing_is_not_called_none() {
    let configuration = |from: &str, to: &str| {
        let group = |name: &str, port: u16, peer: &str| {
            format!(
                "resource \"aws_security_group\" \"{name}\" {{\n  name = \"{name}\"\n  ingress {{\n    protocol = \"tcp\"\n    \
                 from_port = {port}\n    to_port = {port}\n    {peer}\n  }}\n  egress {{\n    protocol = \"-1\"\n    from_port = 0\n    \
                 to_port = 0\n    cidr_blocks = [\"0.0.0.0/0\"]\n  }}\n}}\n"
            )
        };
        let text = format!("{}{}", group("web", 8080, from), group("db", 5432, to));
        let report = reported(vec![Input { name: "main.tf".into(), bytes: text.into_bytes() }]);
        strings(&report["tiers"]["paths"], "said").concat()
    };
    let (open, missing, inside) = ("cidr_blocks = [\"0.0.0.0/0\"]", "cidr_blocks = var.from", "cidr_blocks = [\"10.0.0.0/24\"]");
    let web = "security_groups = [aws_security_group.web.id]";
    let unknown = "whether there is a way from the internet to db can't be told from these texts";
    assert_eq!(configuration(inside, missing), unknown);
    assert_eq!(configuration(missing, web), unknown);
    assert_eq!(configuration(inside, web), "no way from the internet to db");
    assert_eq!(configuration(open, web), "internet → web 8080/tcp → db 5432/tcp: 2 hops");
    assert_eq!(configuration(open, missing), unknown);
}

/// A chain of groups of twenty rules each; the curve of time against groups is printed and looks like a line.
#[test]
fn thousands_of_groups_are_followed_to_the_end() {
    for count in [1_250_usize, 2_500, 5_000] {
        let groups = (0..count).map(|i| {
            let before = if i == 0 { "in tcp 443 0.0.0.0/0".to_owned() } else { format!("in tcp 3306 sg-{}", i - 1) };
            let others = (0..19).map(|j| format!("in tcp {} sg-{}", 10_000 + j, (i * 7 + j * 13) % count));
            let rules: Vec<String> = std::iter::once(before).chain(others).chain(["out -1 - 0.0.0.0/0".to_owned()]).collect();
            group(&i.to_string(), &rules.iter().map(String::as_str).collect::<Vec<_>>())
        });
        // Each on one interface, in subnets of two hundred.
        let interfaces = (0..count).map(|i| {
            json!({
                "NetworkInterfaceId": format!("eni-{i}"), "VpcId": "vpc-0a1b2c3d", "SubnetId": format!("subnet-{}", i / 200),
                "PrivateIpAddresses": [{ "PrivateIpAddress": format!("10.{}.{}.9", i / 200, i % 200) }],
                "Groups": [{ "GroupId": format!("sg-{i}") }], "Association": { "PublicIp": "203.0.113.9" },
            })
        });
        let document = |name: &str, text: String| Input { name: name.into(), bytes: text.into_bytes() };
        let inputs = vec![
            document("groups", listing(groups.collect())),
            document("interfaces", json!({ "NetworkInterfaces": interfaces.collect::<Vec<_>>() }).to_string()),
        ];
        let begun = Instant::now();
        let review = review(inputs, &mut |_| {});
        let judged = begun.elapsed();
        let tiers = review.tiers();
        println!("{count} groups of 20 rules, {count} interfaces: judged in {judged:?}, with the graph in {:?}", begun.elapsed());
        assert_eq!(review.surfaces().len(), count);
        assert_eq!(tiers.paths.len(), count - 1);
        assert!(tiers.paths.iter().all(|path| !path.hops.is_empty()));
    }
}
