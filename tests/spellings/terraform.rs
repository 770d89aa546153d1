//! How Terraform writes the rules of AWS.

use super::aws::aws_protocol;
use super::*;

/// Protocol and ports as the Terraform provider wants them: 0 and 0 with -1.
pub(super) fn terraform_ports((protocol, from, to, _): &Rule) -> (&str, i64, i64) {
    if *protocol == "all" { ("-1", 0, 0) } else { (protocol, *from, *to) }
}

pub(super) fn terraform_inline(_: &str, rules: &[Rule]) -> Option<String> {
    let mut text = "resource \"aws_security_group\" \"web\" {\n  name = \"web\"\n".to_owned();
    for rule in rules {
        let (protocol, from, to) = terraform_ports(rule);
        let list = if is_v6(rule.3) { "ipv6_cidr_blocks" } else { "cidr_blocks" };
        text.push_str(&format!(
            "  ingress {{\n    protocol = \"{protocol}\"\n    from_port = {from}\n    to_port = {to}\n    {list} = [\"{}\"]\n  }}\n",
            rule.3
        ));
    }
    Some(text + "}\n")
}

pub(super) fn terraform_dynamic(_: &str, rules: &[Rule]) -> Option<String> {
    let mut list = String::new();
    for rule in rules {
        let (protocol, from, to) = terraform_ports(rule);
        let (v4, v6) = if is_v6(rule.3) { (String::new(), format!("\"{}\"", rule.3)) } else { (format!("\"{}\"", rule.3), String::new()) };
        list.push_str(&format!("    {{ protocol = \"{protocol}\", from = {from}, to = {to}, v4 = [{v4}], v6 = [{v6}] }},\n"));
    }
    Some(format!(
        "variable \"rules\" {{\n  default = [\n{list}  ]\n}}\nlocals {{\n  rules = concat(var.rules, [])\n}}\nresource \"aws_security_group\" \"web\" {{\n  dynamic \"ingress\" {{\n    for_each = local.rules\n    content {{\n      protocol = ingress.value.protocol\n      from_port = ingress.value.from\n      to_port = ingress.value[\"to\"]\n      cidr_blocks = ingress.value.v4\n      ipv6_cidr_blocks = toset(ingress.value.v6)\n    }}\n  }}\n}}\n"
    ))
}

pub(super) fn terraform_separate(_: &str, rules: &[Rule]) -> Option<String> {
    let mut text = "resource \"aws_security_group\" \"web\" {\n  name = \"web\"\n}\n".to_owned();
    for (at, rule) in rules.iter().enumerate() {
        let (protocol, from, to) = terraform_ports(rule);
        let list = if is_v6(rule.3) { "ipv6_cidr_blocks" } else { "cidr_blocks" };
        text.push_str(&format!("resource \"aws_security_group_rule\" \"r{at}\" {{\n  type = \"ingress\"\n  security_group_id = aws_security_group.web.id\n  protocol = \"{protocol}\"\n  from_port = {from}\n  to_port = {to}\n  {list} = [\"{}\"]\n}}\n", rule.3));
    }
    Some(text)
}

pub(super) fn terraform_new(_: &str, rules: &[Rule]) -> Option<String> {
    let mut text = "resource \"aws_security_group\" \"web\" {}\n".to_owned();
    for (at, (protocol, from, to, net)) in rules.iter().enumerate() {
        let ports = if *protocol == "all" { String::new() } else { format!("  from_port = {from}\n  to_port = {to}\n") };
        let key = if is_v6(net) { "cidr_ipv6" } else { "cidr_ipv4" };
        text.push_str(&format!("resource \"aws_vpc_security_group_ingress_rule\" \"r{at}\" {{\n  security_group_id = aws_security_group.web.id\n  ip_protocol = \"{}\"\n{ports}  {key} = \"{net}\"\n}}\n", aws_protocol(protocol)));
    }
    Some(text)
}

pub(super) fn terraform_values(rules: &[Rule]) -> Value {
    let block = |rule: &Rule| {
        let (protocol, from, to) = terraform_ports(rule);
        let (v4, v6) = if is_v6(rule.3) { (json!([]), json!([rule.3])) } else { (json!([rule.3]), json!([])) };
        json!({ "protocol": protocol, "from_port": from, "to_port": to, "cidr_blocks": v4, "ipv6_cidr_blocks": v6, "prefix_list_ids": [],
            "security_groups": [], "self": false, "description": "" })
    };
    json!({ "name": "web", "ingress": rules.iter().map(block).collect::<Vec<_>>(), "egress": [] })
}

pub(super) fn terraform_plan(_: &str, rules: &[Rule]) -> Option<String> {
    let resource = json!({ "address": "aws_security_group.web", "mode": "managed", "type": "aws_security_group", "name": "web",
        "provider_name": "registry.terraform.io/hashicorp/aws", "values": terraform_values(rules) });
    Some(
        json!({ "format_version": "1.2", "terraform_version": "1.9.0", "planned_values": { "root_module": { "child_modules": [
        { "address": "module.net", "resources": [resource] }] } }, "resource_changes": [] })
        .to_string(),
    )
}

pub(super) fn terraform_state(_: &str, rules: &[Rule]) -> Option<String> {
    let mut attributes = terraform_values(rules);
    attributes["id"] = "sg-0a1b2c3d".into();
    Some(
        json!({ "version": 4, "terraform_version": "1.9.0", "serial": 1, "lineage": "x", "outputs": {}, "resources": [
        { "mode": "managed", "type": "aws_security_group", "name": "web", "provider": "provider[\"registry.terraform.io/hashicorp/aws\"]",
          "instances": [{ "schema_version": 1, "attributes": attributes }] }] })
        .to_string(),
    )
}
