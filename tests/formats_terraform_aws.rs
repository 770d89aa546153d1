//! The AWS provider's firewall resources in configuration.

use portcullis_tests::{admits, policy, reported};
use serde_json::{Value, json};

/// A group with one ingress block.
fn group(ingress: &str) -> String {
    format!("resource \"aws_security_group\" \"a\" {{\n  ingress {{\n{ingress}\n  }}\n}}\n")
}

/// Ingress of the only policy.
#[track_caller]
fn only(text: &str) -> Vec<String> {
    let report = reported(text);
    let policies = report["policies"].as_array().unwrap();
    assert_eq!(policies.len(), 1, "{report:#}");
    admits(&policies[0])
}

fn messages(report: &Value) -> Vec<&str> {
    report["documents"][0]["problems"].as_array().unwrap().iter().map(|p| p["message"].as_str().unwrap()).collect()
}

const SSH: &str = "protocol = \"tcp\"\n from_port = 22\n to_port = 22\n";

#[test]
fn one_exposure_has_one_verdict_however_it_is_spelled() {
    let wide = [
        "cidr_blocks = [\"0.0.0.0/0\"]",
        "cidr_blocks = [\"0.0.0.0/1\", \"128.0.0.0/1\"]",
        "cidr_blocks = [\"1.2.3.4/0\"]",
        "ipv6_cidr_blocks = [\"0:0:0:0:0:0:0:0/0\"]",
        "ipv6_cidr_blocks = [\"2000::/3\"]",
        "cidr_blocks = concat([\"10.0.0.0/8\"], [\"0.0.0.0/0\"])",
        "prefix_list_ids = [\"pl-1\"]\n cidr_blocks = [\"0.0.0.0/0\"]",
    ];
    for peers in wide {
        let lines = only(&group(&format!("{SSH}{peers}")));
        assert!(lines.contains(&"in tcp 22 internet dangerous".to_owned()), "{peers}: {lines:?}");
    }
    for protocol in ["\"tcp\"", "\"TCP\"", "\"6\"", "6"] {
        let text = group(&format!("protocol = {protocol}\n from_port = \"20\"\n to_port = 25\n cidr_blocks = [\"0.0.0.0/0\"]"));
        assert_eq!(only(&text), ["in tcp 20-25 internet dangerous"], "{protocol}");
    }
}

#[test]
fn every_protocol_means_every_port() {
    for (protocol, from, to) in [("\"-1\"", 0, 0), ("-1", 0, 0), ("\"-1\"", 443, 443), ("\"all\"", -1, -1), ("\"ALL\"", 0, 65_536)] {
        let text = group(&format!("protocol = {protocol}\n from_port = {from}\n to_port = {to}\n cidr_blocks = [\"0.0.0.0/0\"]"));
        assert_eq!(only(&text), ["in all all internet dangerous"], "{protocol}");
    }
    let all = |kind: &str| {
        format!("resource \"{kind}\" \"r\" {{\n  security_group_id = \"sg-1\"\n  ip_protocol = \"-1\"\n  cidr_ipv4 = \"0.0.0.0/0\"\n}}\n")
    };
    assert_eq!(only(&all("aws_vpc_security_group_ingress_rule")), ["in all all internet dangerous"]);
    assert_eq!(only(&all("aws_vpc_security_group_egress_rule")), ["out all all internet secure"]);
}

#[test]
fn ports_and_messages_are_not_mixed_up() {
    let text = |protocol: &str, from: i32, to: i32| {
        group(&format!("protocol = \"{protocol}\"\n from_port = {from}\n to_port = {to}\n cidr_blocks = [\"0.0.0.0/0\"]"))
    };
    assert_eq!(only(&text("tcp", 0, 0)), ["in tcp 0 internet caution"], "port 0 is one port");
    assert_eq!(only(&text("tcp", 0, 65_535)), ["in tcp all internet dangerous"]);
    assert!(!only(&text("udp", 22, 22)).contains(&"in udp 22 internet dangerous".to_owned()), "udp/22 is not SSH");
    assert_eq!(only(&text("icmp", 8, 0)).len(), 1);
    assert!(only(&text("icmp", 0, 0)).iter().all(|line| line.ends_with("secure")), "an echo reply is no SSH");
}

#[test]
fn the_order_of_blocks_does_not_matter() {
    let own = "ingress {\n protocol = \"-1\"\n from_port = 0\n to_port = 0\n self = true\n }\n";
    let open = "ingress {\n protocol = \"tcp\"\n from_port = 22\n to_port = 22\n cidr_blocks = [\"0.0.0.0/0\"]\n }\n";
    for (first, second) in [(own, open), (open, own)] {
        let report = reported(format!("resource \"aws_security_group\" \"a\" {{\n{first}{second}}}\n"));
        assert_eq!(report["verdict"], "dangerous");
        let finding = |audit: &str| report["findings"].as_array().unwrap().iter().any(|finding| finding["audit"] == audit);
        assert!(finding("self-reference"), "{:#}", report["findings"]);
    }
}

#[test]
fn groups_are_peers_by_their_address() {
    let report = reported(format!(
        "resource \"aws_security_group\" \"lb\" {{\n}}\nresource \"aws_security_group\" \"app\" {{\n  ingress {{\n{SSH} security_groups = [aws_security_group.lb.id, var.bastion, \"123456789012/sg-2\"]\n  }}\n  ingress {{\n protocol = \"-1\"\n from_port = 0\n to_port = 0\n security_groups = [aws_security_group.app.id]\n  }}\n}}\n"
    ));
    let app = policy(&report, "aws_security_group.app");
    let peers: Vec<&str> = app["rules"].as_array().unwrap().iter().map(|rule| rule["peer"].as_str().unwrap()).collect();
    assert_eq!(peers, ["aws_security_group.lb", "var.bastion", "sg-2", "aws_security_group.app"]);
    assert_eq!(app["verdict"], "secure", "whatever the variable is, it is a group: {app:#}");
    let own = report["findings"].as_array().unwrap().iter().any(|finding| finding["audit"] == "self-reference");
    assert!(own, "{:#}", report["findings"]);
    assert_eq!(policy(&report, "aws_security_group.lb")["rules"], json!([]), "no egress block is no egress");
    let new = "resource \"aws_vpc_security_group_ingress_rule\" \"r\" {\n security_group_id = \"sg-1\"\n ip_protocol = \"tcp\"\n from_port = 22\n to_port = 22\n referenced_security_group_id = var.lb\n}\n";
    assert_eq!(only(new), ["in tcp 22 group secure"]);
}

#[test]
fn attributes_instead_of_blocks() {
    let text = "resource \"aws_security_group\" \"a\" {\n  ingress = [{\n    protocol = \"tcp\"\n    from_port = 22\n    to_port = 22\n    cidr_blocks = [\"0.0.0.0/0\"]\n    ipv6_cidr_blocks = null\n    prefix_list_ids = []\n    security_groups = null\n    self = false\n    description = \"\"\n  }]\n  egress = []\n}\n";
    assert_eq!(only(text), ["in tcp 22 internet dangerous"]);
    assert_eq!(only("resource \"aws_security_group\" \"a\" {\n  ingress = var.rules\n}\n"), ["in all all unknown unknown"]);
}

#[test]
fn the_default_group_starts_empty() {
    let report = reported("resource \"aws_default_security_group\" \"d\" {\n  vpc_id = aws_vpc.main.id\n}\n");
    assert_eq!((&report["policies"][0]["name"], &report["policies"][0]["rules"]), (&json!("default"), &json!([])));
    assert_eq!(report["verdict"], "secure");
    let open = format!("resource \"aws_default_security_group\" \"d\" {{\n  ingress {{\n{SSH} cidr_blocks = [\"0.0.0.0/0\"]\n  }}\n}}\n");
    assert_eq!(only(&open), ["in tcp 22 internet dangerous"]);
}

#[test]
fn rules_of_their_own_find_their_group() {
    let rule = |group: &str| {
        format!(
            "resource \"aws_security_group_rule\" \"r\" {{\n type = \"ingress\"\n{SSH} cidr_blocks = [\"0.0.0.0/0\"]\n security_group_id = {group}\n}}\n"
        )
    };
    let whole = reported(format!("resource \"aws_security_group\" \"a\" {{\n}}\n{}", rule("aws_security_group.a.id")));
    assert_eq!(whole["policies"].as_array().unwrap().len(), 1);
    let a = policy(&whole, "aws_security_group.a");
    assert_eq!((a["partial"].as_bool(), &a["rules"][0]["address"]), (Some(false), &json!("aws_security_group_rule.r")));
    assert_eq!(admits(a), ["in tcp 22 internet dangerous"]);
    for (group, name) in
        [("\"sg-1\"", "sg-1"), ("aws_security_group.elsewhere.id", "aws_security_group.elsewhere"), ("var.group", "var.group")]
    {
        let report = reported(rule(group));
        assert_eq!(policy(&report, name)["partial"], true);
        assert!(messages(&report)[0].contains("not in this text"));
    }
    let own = reported(format!(
        "resource \"aws_security_group_rule\" \"r\" {{\n type = \"ingress\"\n{SSH} self = true\n security_group_id = var.group\n}}\n"
    ));
    assert_eq!(policy(&own, "var.group")["rules"][0]["peer"], "var.group");
}

#[test]
fn rules_inside_and_beside_count_both() {
    let report = reported(format!(
        "resource \"aws_security_group\" \"a\" {{\n  ingress {{\n{SSH} cidr_blocks = [\"10.0.0.0/24\"]\n  }}\n}}\nresource \"aws_security_group_rule\" \"r\" {{\n type = \"ingress\"\n protocol = \"tcp\"\n from_port = 3306\n to_port = 3306\n cidr_blocks = [\"0.0.0.0/0\"]\n security_group_id = aws_security_group.a.id\n}}\n"
    ));
    assert_eq!(admits(&report["policies"][0]), ["in tcp 22 private secure", "in tcp 3306 internet dangerous"]);
    assert!(messages(&report)[0].contains("overwrite each other"));
}

#[test]
fn prefix_lists_are_opened_where_their_entries_are() {
    let with = |list: &str, around: &str| format!("{around}\n{}", group(&format!("{SSH} prefix_list_ids = [{list}]")));
    let inline = "resource \"aws_ec2_managed_prefix_list\" \"p\" {\n entry {\n cidr = \"0.0.0.0/0\"\n }\n}";
    assert_eq!(only(&with("aws_ec2_managed_prefix_list.p.id", inline)), ["in tcp 22 internet dangerous"]);
    let apart = "resource \"aws_ec2_managed_prefix_list\" \"p\" {\n}\nresource \"aws_ec2_managed_prefix_list_entry\" \"e\" {\n cidr = \"10.0.1.50/32\"\n prefix_list_id = aws_ec2_managed_prefix_list.p.id\n}";
    assert_eq!(only(&with("aws_ec2_managed_prefix_list.p.id", apart)), ["in tcp 22 private secure"]);
    let open = inline.replace("\"0.0.0.0/0\"", "var.net");
    assert_eq!(only(&with("aws_ec2_managed_prefix_list.p.id", &open)), ["in tcp 22 unknown unknown"]);
    assert_eq!(only(&with("\"pl-0123456789abcdef0\"", "")), ["in tcp 22 unknown unknown"]);
    let looked_up = |name: &str| format!("data \"aws_ec2_managed_prefix_list\" \"p\" {{\n name = \"{name}\"\n}}");
    let cloudfront = with("data.aws_ec2_managed_prefix_list.p.id", &looked_up("com.amazonaws.global.cloudfront.origin-facing"));
    assert_eq!(only(&cloudfront), ["in tcp 22 broad-public dangerous"]);
    let s3 = with("data.aws_ec2_managed_prefix_list.p.id", &looked_up("com.amazonaws.eu-west-1.s3"));
    assert_eq!(only(&s3), ["in tcp 22 group secure"]);
    assert_eq!(only(&with("data.aws_ec2_managed_prefix_list.p.id", &looked_up("office"))), ["in tcp 22 unknown unknown"]);
}

#[test]
fn a_rule_without_peers_or_ports_is_not_dropped() {
    let report = reported(
        "resource \"aws_vpc_security_group_ingress_rule\" \"r\" {\n security_group_id = \"sg-1\"\n ip_protocol = \"tcp\"\n from_port = 22\n to_port = 22\n}\n",
    );
    assert!(messages(&report).iter().any(|message| message.contains("admits nobody")));
    let report =
        reported("resource \"aws_vpc_security_group_ingress_rule\" \"r\" {\n security_group_id = \"sg-1\"\n cidr_ipv6 = \"::/0\"\n}\n");
    assert_eq!(report["verdict"], "unknown");
    let text = group("protocol = \"tcp\"\n from_port = var.port\n to_port = var.port\n cidr_blocks = [\"0.0.0.0/0\"]");
    assert_eq!(reported(text)["unresolved"][0]["name"], "var.port");
}

/// Entries of an inline ACL: number, action, protocol, ports, CIDR.
fn acl(entries: &[(&str, &str, &str, &str, &str)]) -> String {
    let entry = |(number, action, protocol, ports, cidr): &(&str, &str, &str, &str, &str)| {
        let (from, to) = ports.split_once('-').unwrap_or((ports, ports));
        let field = if cidr.contains(':') { "ipv6_cidr_block" } else { "cidr_block" };
        format!(
            "  ingress {{\n rule_no = {number}\n action = \"{action}\"\n protocol = \"{protocol}\"\n from_port = {from}\n to_port = {to}\n {field} = \"{cidr}\"\n  }}\n"
        )
    };
    format!("resource \"aws_network_acl\" \"n\" {{\n  vpc_id = aws_vpc.main.id\n{}}}\n", entries.iter().map(entry).collect::<String>())
}

#[test]
fn the_lowest_number_of_an_acl_decides() {
    let open = |lines: &[String]| lines.iter().any(|line| line.contains(" 22 internet ") || line.contains("all internet"));
    /// Number, action, protocol, ports and source of entries.
    type Entries = &'static [(&'static str, &'static str, &'static str, &'static str, &'static str)];
    let cases: [(Entries, bool); 8] = [
        (&[("100", "allow", "tcp", "0-65535", "0.0.0.0/0")], true),
        (&[("100", "deny", "udp", "22", "0.0.0.0/0"), ("200", "allow", "tcp", "22", "0.0.0.0/0")], true),
        (&[("100", "deny", "-1", "0", "::/0"), ("200", "allow", "-1", "0", "0.0.0.0/0")], true),
        (
            &[
                ("200", "allow", "tcp", "22", "0.0.0.0/0"),
                ("100", "deny", "tcp", "22", "0.0.0.0/1"),
                ("110", "deny", "tcp", "22", "128.0.0.0/1"),
            ],
            false,
        ),
        (&[("100", "allow", "tcp", "22", "0.0.0.0/1"), ("110", "allow", "tcp", "22", "128.0.0.0/1")], true),
        (&[("100", "deny", "-1", "0", "0.0.0.0/0"), ("200", "allow", "tcp", "22", "0.0.0.0/0")], false),
        (&[("100", "deny", "-1", "0", "0.0.0.0/0")], false),
        (&[("100", "allow", "-1", "0", "10.0.0.0/8")], false),
    ];
    for (entries, wanted) in cases {
        let lines = only(&acl(entries));
        assert_eq!(open(&lines), wanted, "{entries:?}: {lines:?}");
    }
}

#[test]
fn entries_of_their_own_find_their_acl() {
    let report = reported(
        "resource \"aws_network_acl\" \"n\" {\n}\nresource \"aws_network_acl_rule\" \"r\" {\n network_acl_id = aws_network_acl.n.id\n rule_number = 100\n rule_action = \"allow\"\n protocol = \"all\"\n cidr_block = \"0.0.0.0/0\"\n}\nresource \"aws_default_network_acl\" \"d\" {\n}\n",
    );
    assert_eq!(admits(policy(&report, "aws_network_acl.n")), ["in all all internet caution"]);
    assert_eq!(policy(&report, "aws_network_acl.n")["rules"][0]["address"], "aws_network_acl_rule.r");
    assert_eq!(admits(policy(&report, "aws_default_network_acl.d")), [""; 0]);
}

#[test]
fn a_message_type_left_out_is_zero_inside_an_acl() {
    let text = "resource \"aws_network_acl\" \"n\" {\n  ingress {\n rule_no = 100\n action = \"allow\"\n protocol = \"icmp\"\n from_port = 0\n to_port = 0\n cidr_block = \"0.0.0.0/0\"\n  }\n}\n";
    let report = reported(text);
    assert_eq!(report["policies"][0]["exposures"][0]["icmp"], "0/0");
}

#[test]
fn an_entry_whose_number_is_not_known_may_come_first() {
    let entries = [("var.number", "allow", "tcp", "22", "0.0.0.0/0"), ("100", "deny", "tcp", "22", "0.0.0.0/0")];
    let report = reported(acl(&entries));
    assert_ne!(report["verdict"], "secure", "{report:#}");
    let deny = [("var.number", "deny", "tcp", "22", "0.0.0.0/0"), ("100", "allow", "tcp", "22", "0.0.0.0/0")];
    assert_eq!(reported(acl(&deny))["policies"][0]["verdict"], "caution");
}
