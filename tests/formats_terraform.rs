//! Terraform and OpenTofu configuration: what is evaluated, and what stays unknown under its own name.

use portcullis_tests::{admits, policy, reported, reported_assuming};
use serde_json::Value;

/// The peers of the only group of a text whose ingress has these lines, after evaluation.
#[track_caller]
fn peers(ingress: &str, around: &str) -> Vec<String> {
    let text = format!(
        "{around}\nresource \"aws_security_group\" \"a\" {{\n  ingress {{\n    protocol = \"tcp\"\n    from_port = 22\n    to_port = 22\n    {ingress}\n  }}\n}}\n"
    );
    let report = reported(&text);
    assert_eq!(report["documents"][0]["format"], "terraform-configuration", "{report:#}");
    let rules = report["policies"][0]["rules"].as_array().unwrap();
    rules.iter().map(|rule| rule["peer"].as_str().unwrap_or_default().to_owned()).collect()
}

#[track_caller]
fn problems(report: &Value) -> Vec<(String, u64, u64)> {
    let problems = report["documents"][0]["problems"].as_array().unwrap();
    let at = |p: &Value, key: &str| p["at"][key].as_u64().unwrap();
    problems.iter().map(|p| (p["message"].as_str().unwrap().to_owned(), at(p, "line"), at(p, "column"))).collect()
}

#[test]
fn expressions_are_evaluated() {
    let around = r#"
variable "nets" {
  default = ["10.0.0.0/8", "192.0.2.0/24"]
}
variable "by_zone" {
  default = { b = "10.2.0.0/16", a = "10.1.0.0/16" }
}
variable "open" {
  type    = bool
  default = true
}
locals {
  all    = "0.0.0.0/0"
  zones  = keys(var.by_zone)
  nested = [["10.1.0.0/16"], ["10.2.0.0/16", ["10.3.0.0/16"]]]
  rules  = [{ cidr = "10.1.0.0/16", on = true }, { cidr = "10.2.0.0/16", on = false }]
}
resource "aws_vpc" "main" {
  cidr_block = "10.9.0.0/16"
}
resource "aws_subnet" "s" {
  count      = 2
  cidr_block = cidrsubnet(aws_vpc.main.cidr_block, 8, count.index)
}
resource "aws_subnet" "k" {
  for_each   = var.by_zone
  cidr_block = each.value
}
"#;
    let cases: &[(&str, &[&str])] = &[
        ("cidr_blocks = [\"10.0.0.0/8\", local.all]", &["10.0.0.0/8", "0.0.0.0/0"]),
        ("cidr_blocks = var.nets", &["10.0.0.0/8", "192.0.2.0/24"]),
        ("cidr_blocks = concat(var.nets, [local.all])", &["10.0.0.0/8", "192.0.2.0/24", "0.0.0.0/0"]),
        ("cidr_blocks = var.open ? [\"0.0.0.0/0\"] : var.nets", &["0.0.0.0/0"]),
        ("cidr_blocks = [\"${\"0.0.0.0\"}/${1 - 1}\"]", &["0.0.0.0/0"]),
        ("cidr_blocks = [<<-E\n      %{ if var.open ~}\n      0.0.0.0/0\n      %{ endif ~}\n    E\n    ]", &["0.0.0.0/0"]),
        ("cidr_blocks = [for zone, net in var.by_zone : net if zone != \"b\"]", &["10.1.0.0/16"]),
        ("cidr_blocks = values({ for r in local.rules : r.cidr => r.cidr if r.on })", &["10.1.0.0/16"]),
        ("cidr_blocks = local.rules[*].cidr", &["10.1.0.0/16", "10.2.0.0/16"]),
        ("cidr_blocks = local.rules.*.cidr", &["10.1.0.0/16", "10.2.0.0/16"]),
        ("cidr_blocks = [local.rules.*.cidr[1]]", &["10.2.0.0/16"]),
        ("cidr_blocks = flatten(local.nested)", &["10.1.0.0/16", "10.2.0.0/16", "10.3.0.0/16"]),
        ("cidr_blocks = distinct([local.all, local.all])", &["0.0.0.0/0"]),
        ("cidr_blocks = compact([\"\", local.all, null])", &["0.0.0.0/0"]),
        ("cidr_blocks = tolist(toset([local.all, local.all]))", &["0.0.0.0/0"]),
        ("cidr_blocks = setunion([local.all], [local.all, \"10.0.0.0/8\"])", &["0.0.0.0/0", "10.0.0.0/8"]),
        ("cidr_blocks = [lookup(var.by_zone, \"c\", local.all)]", &["0.0.0.0/0"]),
        ("cidr_blocks = [merge(var.by_zone, { a = local.all })[\"a\"]]", &["0.0.0.0/0"]),
        ("cidr_blocks = [element(var.nets, 3)]", &["192.0.2.0/24"]),
        ("cidr_blocks = [element(values(var.by_zone), 0)]", &["10.1.0.0/16"]),
        ("cidr_blocks = [var.by_zone[local.zones[0]]]", &["10.1.0.0/16"]),
        ("cidr_blocks = [coalesce(null, \"\", local.all)]", &["0.0.0.0/0"]),
        ("cidr_blocks = [try(local.rules[7].cidr, local.all)]", &["0.0.0.0/0"]),
        ("cidr_blocks = can(local.rules[7]) ? var.nets : [local.all]", &["0.0.0.0/0"]),
        ("cidr_blocks = [format(\"%s/%d\", \"0.0.0.0\", 0)]", &["0.0.0.0/0"]),
        ("cidr_blocks = formatlist(\"%s/32\", [\"192.0.2.1\", \"192.0.2.2\"])", &["192.0.2.1/32", "192.0.2.2/32"]),
        ("cidr_blocks = split(\",\", \"10.0.0.0/8,0.0.0.0/0\")", &["10.0.0.0/8", "0.0.0.0/0"]),
        ("cidr_blocks = [join(\"/\", [\"0.0.0.0\", 0])]", &["0.0.0.0/0"]),
        ("cidr_blocks = [replace(\"0.0.0.0_0\", \"_\", \"/\")]", &["0.0.0.0/0"]),
        ("cidr_blocks = jsondecode(jsonencode([local.all]))", &["0.0.0.0/0"]),
        ("cidr_blocks = [cidrsubnet(\"10.0.0.0/8\", 8, 3)]", &["10.3.0.0/16"]),
        ("cidr_blocks = cidrsubnets(\"10.0.0.0/8\", 8, 9, 8)", &["10.0.0.0/16", "10.1.0.0/17", "10.2.0.0/16"]),
        ("cidr_blocks = [\"${cidrhost(\"192.0.2.0/24\", -2)}/32\"]", &["192.0.2.254/32"]),
        ("cidr_blocks = [for n in range(2) : \"10.${n}.0.0/16\"]", &["10.0.0.0/16", "10.1.0.0/16"]),
        ("cidr_blocks = contains(local.zones, \"a\") ? [local.all] : []", &["0.0.0.0/0"]),
        ("cidr_blocks = [zipmap([\"x\"], [local.all]).x]", &["0.0.0.0/0"]),
        ("cidr_blocks = [one([local.all])]", &["0.0.0.0/0"]),
        ("cidr_blocks = [aws_vpc.main.cidr_block]", &["10.9.0.0/16"]),
        ("cidr_blocks = aws_subnet.s[*].cidr_block", &["10.9.0.0/24", "10.9.1.0/24"]),
        ("cidr_blocks = aws_subnet.s.*.cidr_block", &["10.9.0.0/24", "10.9.1.0/24"]),
        ("cidr_blocks = [aws_subnet.k[\"b\"].cidr_block]", &["10.2.0.0/16"]),
        ("cidr_blocks = [for s in aws_subnet.k : s.cidr_block]", &["10.1.0.0/16", "10.2.0.0/16"]),
        ("cidr_blocks = length(var.nets) == 2 && !false || var.missing ? [local.all] : []", &["0.0.0.0/0"]),
    ];
    for (ingress, wanted) in cases {
        assert_eq!(peers(ingress, around), *wanted, "{ingress}");
    }
}

#[test]
fn what_the_text_does_not_say_keeps_its_name() {
    let around = "variable \"nets\" {}\nlocals {\n  loop = local.loop\n  nets = var.nets\n}\n";
    let cases: &[(&str, &[&str])] = &[
        ("cidr_blocks = var.nets", &["var.nets"]),
        ("cidr_blocks = local.nets", &["var.nets"]),
        ("cidr_blocks = [var.undeclared.cidr]", &["var.undeclared.cidr"]),
        ("cidr_blocks = concat([\"10.0.0.0/8\"], var.nets)", &["10.0.0.0/8", "var.nets"]),
        ("cidr_blocks = [\"${var.nets}/32\"]", &["var.nets"]),
        ("cidr_blocks = [module.vpc.vpc_cidr_block]", &["module.vpc.vpc_cidr_block"]),
        ("cidr_blocks = [data.aws_vpc.main.cidr_block]", &["data.aws_vpc.main.cidr_block"]),
        ("cidr_blocks = [\"${chomp(data.http.ip.response_body)}/32\"]", &["data.http.ip.response_body"]),
        ("cidr_blocks = aws_subnet.elsewhere[*].cidr_block", &["aws_subnet.elsewhere[*].cidr_block"]),
        ("cidr_blocks = [local.loop]", &["local.loop"]),
        ("cidr_blocks = yamldecode(file(\"nets.yaml\"))", &["file(\"nets.yaml\")"]),
        ("cidr_blocks = [provider::x::f(1)]", &["provider::x::f(1)"]),
        ("cidr_blocks = [cidrsubnet(\"10.0.0.0/8\", 40, 1)]", &["cidrsubnet(\"10.0.0.0/8\", 40, 1)"]),
    ];
    for (ingress, wanted) in cases {
        assert_eq!(peers(ingress, around), *wanted, "{ingress}");
    }
}

#[test]
fn assumed_values_and_assignments_win_over_defaults() {
    let text = "variable \"admin\" {\n  default = [\"0.0.0.0/0\"]\n}\nresource \"aws_security_group\" \"a\" {\n  ingress {\n    protocol = \"tcp\"\n    from_port = 22\n    to_port = 22\n    cidr_blocks = var.admin\n  }\n}\n";
    let verdict = |report: &Value| report["policies"][0]["verdict"].as_str().unwrap().to_owned();
    assert_eq!(verdict(&reported(text)), "dangerous");
    assert_eq!(verdict(&reported(format!("admin = [\"10.0.1.50/32\"]\n{text}"))), "secure");
    assert_eq!(verdict(&reported_assuming(text, &[("var.admin", "10.0.1.50/32")])), "secure");
    assert_eq!(verdict(&reported_assuming(text, &[("var.admin", "10.0.1.50/32, 0.0.0.0/0")])), "dangerous");
    let open = text.replace("  default = [\"0.0.0.0/0\"]\n", "");
    assert_eq!(verdict(&reported(&open)), "unknown");
    assert_eq!(verdict(&reported_assuming(&open, &[("var.admin", "10.0.1.50/32")])), "secure");
}

#[test]
fn instances_have_their_own_addresses() {
    let report = reported(
        r#"
locals {
  ports = { ssh = 22, web = 443 }
}
resource "aws_security_group" "by_key" {
  for_each = local.ports
  ingress {
    protocol    = "tcp"
    from_port   = each.value
    to_port     = each.value
    cidr_blocks = ["0.0.0.0/0"]
  }
}
resource "aws_security_group" "by_name" {
  for_each = toset(["one"])
  name     = "g-${each.key}-${each.value}"
}
resource "aws_security_group" "counted" {
  count = 2
  name  = "c${count.index}"
}
resource "aws_security_group" "none" {
  count = 0
}
"#,
    );
    assert_eq!(admits(policy(&report, "aws_security_group.by_key[\"ssh\"]")), ["in tcp 22 internet dangerous"]);
    assert_eq!(admits(policy(&report, "aws_security_group.by_key[\"web\"]")), ["in tcp 443 internet secure"]);
    assert_eq!(policy(&report, "aws_security_group.by_name[\"one\"]")["name"], "g-one-one");
    assert_eq!(policy(&report, "aws_security_group.counted[1]")["name"], "c1");
    assert_eq!(report["policies"].as_array().unwrap().len(), 5);
}

#[test]
fn an_unknown_number_of_instances_is_judged_as_one() {
    let report = reported(
        "resource \"aws_security_group\" \"a\" {\n  for_each = var.groups\n  ingress {\n    protocol = \"tcp\"\n    from_port = 22\n    to_port = 22\n    cidr_blocks = each.value.nets\n  }\n}\n",
    );
    assert_eq!(report["policies"][0]["rules"][0]["peer"], "var.groups");
    assert_eq!(report["policies"][0]["verdict"], "unknown");
    let (message, line, _) = &problems(&report)[0];
    assert!(message.contains("var.groups") && *line == 1, "{message}");
}

#[test]
fn dynamic_blocks_are_unrolled() {
    let report = reported(
        r#"
variable "rules" {
  default = [{ port = 22, nets = ["0.0.0.0/0"] }, { port = 443, nets = ["10.0.0.0/8"] }]
}
resource "aws_security_group" "a" {
  dynamic "ingress" {
    for_each = var.rules
    iterator = rule
    content {
      protocol    = "tcp"
      from_port   = rule.value.port
      to_port     = rule.value["port"]
      cidr_blocks = rule.value.nets
    }
  }
}
resource "aws_security_group" "b" {
  dynamic "ingress" {
    for_each = var.unknown
    content {
      protocol    = "tcp"
      from_port   = ingress.value
      to_port     = ingress.value
      cidr_blocks = ["0.0.0.0/0"]
    }
  }
}
"#,
    );
    assert_eq!(admits(policy(&report, "aws_security_group.a")), ["in tcp 22 internet dangerous", "in tcp 443 private secure"]);
    assert_eq!(policy(&report, "aws_security_group.b")["verdict"], "unknown");
}

#[test]
fn a_broken_block_is_told_and_the_others_are_judged() {
    let report = reported(
        "resource \"aws_security_group\" \"a\" {\n  ingress {\n    from_port = = 22\n  }\n}\nresource \"aws_security_group\" \"b\" {\n  ingress {\n    protocol = \"tcp\"\n    from_port = 22\n    to_port = 22\n    cidr_blocks = [\"10.0.1.50/32\"]\n  }\n}\n",
    );
    let found = problems(&report);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!((found[0].1, found[0].2), (3, 17));
    assert!(found[0].0.starts_with("this block can't be read as HCL: "), "{found:?}");
    assert_eq!(report["documents"][0]["format"], "terraform-configuration");
    assert_eq!(policy(&report, "aws_security_group.b")["verdict"], "secure");
    assert_eq!(report["verdict"], "unknown", "the broken one may admit anyone");
}

#[test]
fn what_is_not_read_is_told() {
    let report = reported("resource \"acme_security_group\" \"a\" {\n}\n");
    assert_eq!(report["verdict"], "unknown");
    assert!(problems(&report)[0].0.contains("acme_security_group"));
    let report = reported("resource \"aws_db_security_group\" \"a\" {\n  ingress {\n    cidr = \"0.0.0.0/0\"\n  }\n}\n");
    assert_eq!(report["verdict"], "unknown");
    let report = reported("module \"sg\" {\n  source = \"example/security-group/aws\"\n}\n");
    assert_eq!(report["verdict"], "unknown");
    assert!(problems(&report)[0].0.contains("example/security-group/aws"));
    let report = reported("module \"logs\" {\n  source = \"./logs\"\n}\nresource \"aws_s3_bucket\" \"b\" {\n  bucket = \"b\"\n}\n");
    assert_eq!(report["verdict"], Value::Null, "there is nothing to judge");
    assert_eq!(problems(&report).len(), 1);
}

#[test]
fn templates_of_other_tools_are_told() {
    let stack = |body: &str| format!("resource \"aws_cloudformation_stack\" \"net\" {{\n  name = \"net\"\n  {body}\n}}\n");
    let with = |kind: &str| {
        stack(&format!("template_body = jsonencode({{ Resources = {{ One = {{ Type = \"{kind}\", Properties = {{}} }} }} }})"))
    };
    let deployment = "resource \"azurerm_resource_group_template_deployment\" \"net\" {\n  template_content = <<-EOT\n    \
         {\"resources\": [{\"type\": \"Microsoft.Network/networkSecurityGroups\"}]}\n  EOT\n}\n";
    let ports = "resource \"aws_lightsail_instance_public_ports\" \"web\" {\n  instance_name = \"web\"\n}\n";
    for (text, verdict, said) in [
        (
            with("AWS::EC2::SecurityGroup"),
            "unknown",
            "`aws_cloudformation_stack.net` deploys a template, which was not judged; paste it by itself",
        ),
        (with("AWS::S3::Bucket"), "null", ""),
        (
            stack("template_body = file(\"net.yaml\")"),
            "null",
            "what `aws_cloudformation_stack.net` deploys is not in this text; paste its template along",
        ),
        (
            deployment.to_owned(),
            "unknown",
            "`azurerm_resource_group_template_deployment.net` deploys a template, which was not judged; paste it by itself",
        ),
        (ports.to_owned(), "unknown", "`aws_lightsail_instance_public_ports.web` is a firewall that is not read, and was not judged"),
    ] {
        let report = reported(&text);
        let told = problems(&report).into_iter().next().map(|(message, ..)| message).unwrap_or_default();
        assert_eq!((report["verdict"].as_str().unwrap_or("null"), told.as_str()), (verdict, said), "{text}");
    }
}

#[test]
fn other_languages_are_not_taken_for_configuration() {
    for text in [
        "{\"resource\": {\"aws_security_group\": {}}}",
        "Resources:\n  A:\n    Type: AWS::EC2::SecurityGroup\n",
        "resource nsg 'Microsoft.Network/networkSecurityGroups@2023-04-01' = {\n}\n",
        "notes: |\n  resource \"aws_security_group\" \"a\" {\n  }\n",
    ] {
        assert_ne!(reported(text)["documents"][0]["format"], "terraform-configuration", "{text}");
    }
}

#[test]
fn unknown_arguments_change_nothing() {
    let report = reported(
        "resource \"aws_security_group\" \"a\" {\n  brand_new = { a = [1] }\n  future {\n    x = unknown_function(1)\n  }\n  ingress {\n    protocol = \"tcp\"\n    from_port = 22\n    to_port = 22\n    cidr_blocks = [\"10.0.1.50/32\"]\n    colour = \"red\"\n  }\n  lifecycle {\n    ignore_changes = [ingress]\n  }\n}\n",
    );
    assert_eq!(report["policies"][0]["verdict"], "secure");
    assert_eq!(problems(&report), []);
}

#[test]
fn hostile_expressions_end() {
    // Each local is twice the one before: 2^60 items if it were written out.
    let doubling: String = (1..60).map(|n| format!("  a{n} = concat(local.a{}, local.a{})\n", n - 1, n - 1)).collect();
    let texts: String = (1..60).map(|n| format!("  t{n} = \"${{local.t{}}}${{local.t{}}}\"\n", n - 1, n - 1)).collect();
    let chain: String = (1..5_000).map(|n| format!("  c{n} = local.c{}\n", n - 1)).collect();
    // Each group sees a list nested fifty levels deeper than the one before.
    let nests: String = (1..6_000).map(|n| format!("  n{n} = [local.n{}]\n", n - 1)).collect();
    let groups: String =
        (0..120).map(|n| format!("resource \"aws_security_group\" \"n{n}\" {{\n  ingress = local.n{}\n}}\n", n * 50)).collect();
    let splats = format!("resource \"aws_security_group\" \"s\" {{\n  ingress = local.a0{}\n}}\n", "[*]".repeat(20_000));
    let many: String = (0..50).map(|n| format!("resource \"aws_security_group\" \"g{n}\" {{\n  count = 10000\n}}\n")).collect();
    let text = format!(
        "locals {{\n  a0 = [\"10.0.0.0/8\"]\n  t0 = \"x\"\n  c0 = 1\n  n0 = []\n{doubling}{texts}{chain}{nests}}}\n{groups}{splats}{many}resource \"aws_security_group\" \"a\" {{\n  count = length(local.a59) + length(local.t59) + local.c4999\n  ingress {{\n    protocol = \"tcp\"\n    from_port = 22\n    to_port = 22\n    cidr_blocks = local.a59\n  }}\n}}\n"
    );
    let report = reported(&text);
    assert!(problems(&report).iter().any(|(message, ..)| message.contains("more than can be evaluated")));
    assert_eq!(policy(&report, "aws_security_group.a")["verdict"], "unknown");
}

#[test]
fn a_file_cut_anywhere_is_never_secure() {
    let text = "# the office\nlocals {\n  all = \"0.0.0.0/0\"\n}\n\nresource \"aws_security_group\" \"ü\" {\n  ingress {\n    protocol = \"tcp\"\n    from_port = 22 # ssh\n    to_port = 22\n    cidr_blocks = [\"${local.all}\", <<-E\n      10.0.0.0/8\n    E\n    ]\n  }\n}";
    for end in 1..=text.len() {
        let Some(part) = text.get(..end) else { continue };
        let report = reported(part);
        let nothing_yet = report["policies"] == serde_json::json!([]) && report["verdict"].is_null();
        let verdict = report["verdict"].as_str().unwrap_or_default();
        assert!(verdict == "unknown" || verdict == "dangerous" || nothing_yet, "{part}: {report:#}");
    }
}

#[test]
fn hostile_syntax_ends() {
    let head = "resource \"a\" \"b\" {\n";
    for text in [
        "a {\n".repeat(200_000),
        "a {".repeat(200_000),
        format!("x = \"{}", "%".repeat(1_000_000)),
        format!("x = \"{}", "$".repeat(1_000_000)),
        format!("x = <<E\n{}", "\n \t".repeat(200_000)),
        "/*".repeat(500_000),
        format!("x = {}", "[".repeat(500_000)),
        format!("x = {{\n{}}}\n", (0..100_000).map(|n| format!("  k{n} = 1\n")).collect::<String>()),
        "<<E\n".repeat(200_000),
        format!("x = 1{}", " ? 1 : 1".repeat(100_000)),
        format!("x = a{}", ".b".repeat(300_000)),
        format!("x = a{}", "[*]".repeat(100_000)),
        head.repeat(50_000),
    ] {
        let report = reported(format!("{head}}}\n{text}"));
        assert_eq!(report["documents"][0]["format"], "terraform-configuration");
    }
}
