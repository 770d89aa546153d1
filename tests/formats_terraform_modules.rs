//! A module is judged where it is called, with the arguments that are given there.

use portcullis_tests::directory::{ADMIN, WHOLE, addresses, documents, messages, owned};
use portcullis_tests::{admits, files, policy};

/// The same as a module that is called from another directory.
fn called(call: &str) -> Vec<(String, String)> {
    let (network, web) = WHOLE.split_once("resource \"aws_security_group\"").unwrap();
    let web =
        format!("resource \"aws_security_group\"{web}").replace("aws_vpc.main.cidr_block", "var.inside").replace("local.web", "var.port");
    let outputs = "output \"id\" {\n  value = aws_security_group.web.id\n}\n";
    let variables = "variable \"inside\" {}\nvariable \"port\" {\n  default = 80\n}\nvariable \"admin\" {\n  type = list(string)\n}\n";
    let main = format!(
        "{network}module \"net\" {{\n  source = \"./modules/net\"\n  inside = aws_vpc.main.cidr_block\n  port   = local.web\n  admin  = var.admin\n  {call}\n}}\n"
    );
    [("live/main.tf", main), ("live/modules/net/main.tf", web), ("live/modules/net/io.tf", format!("{variables}{outputs}"))]
        .map(|(name, text)| (name.to_owned(), text))
        .to_vec()
}

#[test]
fn a_module_is_judged_where_it_is_called() {
    let wanted = admits(policy(&files(&[("main.tf", WHOLE)]), "aws_security_group.web"));
    let cases: &[(&str, &[&str])] = &[
        ("", &["module.net.aws_security_group.web"]),
        ("count = 2", &["module.net[0].aws_security_group.web", "module.net[1].aws_security_group.web"]),
        ("for_each = toset([\"a.b\"])", &["module.net[\"a.b\"].aws_security_group.web"]),
        ("count = 0", &[]),
        ("count = var.how_many", &["module.net.aws_security_group.web"]),
    ];
    for (call, wanted_addresses) in cases {
        let mut texts = called(call);
        for turn in 0..3 {
            texts.rotate_left(turn);
            let report = owned(&texts);
            assert_eq!(addresses(&report), *wanted_addresses, "{call}");
            for policy in report["policies"].as_array().unwrap() {
                assert_eq!(admits(policy), wanted, "{call}");
                let own = texts.iter().position(|(name, _)| name == "live/modules/net/main.tf").unwrap() as u64;
                assert_eq!(policy["at"]["document"], own);
                assert_eq!(documents(policy), [own, own, own]);
            }
        }
    }
    let texts = called("count = var.how_many");
    assert!(messages(&owned(&texts), 0).iter().any(|message| message.starts_with("how many of these there are depends on var.how_many")));
}

#[test]
fn modules_feed_each_other() {
    let main = r#"
module "a" {
  source = "../modules/a"
  port   = module.b.port
}
module "b" {
  source = "./../modules//b/."
  cidr   = module.a.cidrs[0]
  count  = 1
}
module "c" {
  source   = "../modules/c"
  for_each = { one = 8080 }
  group    = module.a.group
  port     = each.value
}
"#
    .replace("module.b.port", "module.b[0].port");
    let a = r#"
variable "port" {}
resource "aws_security_group" "a" {
  ingress {
    protocol    = "tcp"
    from_port   = var.port
    to_port     = var.port
    cidr_blocks = ["10.0.0.0/8"]
  }
}
output "cidrs" {
  value = ["0.0.0.0/0"]
}
output "group" {
  value = aws_security_group.a.id
}
"#;
    let b = r#"
variable "cidr" {}
resource "aws_security_group" "b" {
  ingress {
    protocol    = "tcp"
    from_port   = 22
    to_port     = 22
    cidr_blocks = [var.cidr]
  }
}
output "port" {
  value = 8443
}
"#;
    let c = r#"
variable "group" {}
variable "port" {}
module "deeper" {
  source = "./deeper"
  group  = var.group
  port   = var.port
}
"#;
    let deeper = r#"
variable "group" {}
variable "port" {}
resource "aws_security_group_rule" "more" {
  type              = "ingress"
  security_group_id = var.group
  protocol          = "tcp"
  from_port         = var.port
  to_port           = var.port
  cidr_blocks       = ["192.168.0.0/16"]
}
"#;
    let report = files(&[
        ("live/main.tf", &main),
        ("modules/a/a.tf", a),
        ("modules/b/b.tf", b),
        ("modules/c/c.tf", c),
        ("modules/c/deeper/d.tf", deeper),
    ]);
    let a = policy(&report, "module.a.aws_security_group.a");
    assert_eq!(admits(a), ["in tcp 8080 private secure", "in tcp 8443 private secure"]);
    assert_eq!(documents(a), [1, 4]);
    assert_eq!(a["rules"][1]["address"], "module.c[\"one\"].module.deeper.aws_security_group_rule.more");
    assert_eq!(admits(policy(&report, "module.b[0].aws_security_group.b")), ["in tcp 22 internet dangerous"]);
    assert_eq!(addresses(&report).len(), 2);
    let told: Vec<&str> = (0..5).flat_map(|at| messages(&report, at)).collect();
    assert!(matches!(told.as_slice(), [only] if only.starts_with("rules inside the resource and rules beside it")), "{told:?}");
    assert_eq!(messages(&report, 4), told);
    // A rule stands in the document in which it is written, also where its group does not.
    let sizes: Vec<(u64, u64)> =
        (0..5).map(|at| &report["documents"][at]).map(|own| (own["policies"].as_u64().unwrap(), own["rules"].as_u64().unwrap())).collect();
    assert_eq!(sizes, [(0, 0), (1, 1), (1, 1), (0, 0), (0, 1)]);
}

#[test]
fn what_a_call_leaves_out_is_filled_in() {
    let module = r#"
variable "rules" {
  type = map(object({ port = number, cidrs = optional(list(string), ["10.0.0.0/8"]), note = optional(string) }))
}
variable "name" {
  nullable = false
  default  = "web"
}
resource "aws_security_group" "web" {
  name = var.name
  dynamic "ingress" {
    for_each = var.rules
    content {
      protocol    = "tcp"
      from_port   = ingress.value.port
      to_port     = ingress.value.port
      cidr_blocks = ingress.value.cidrs
      description = ingress.value.note
    }
  }
}
"#;
    let main = r#"
module "net" {
  source = "./net"
  name   = null
  rules  = { ssh = { port = 22 }, rdp = { port = 3389, cidrs = null }, web = { port = 443, cidrs = ["0.0.0.0/0"] } }
}
"#;
    let report = files(&[("main.tf", main), ("net/main.tf", module)]);
    let web = policy(&report, "module.net.aws_security_group.web");
    assert_eq!(admits(web), ["in tcp 22 private secure", "in tcp 3389 private caution", "in tcp 443 internet secure"]);
    assert_eq!(web["name"], "web");
    // Without the call, what is left out stays unknown.
    assert_eq!(files(&[("net/main.tf", module)])["unresolved"][0]["name"], "var.rules");
}

#[test]
fn hostile_directories_end() {
    // An unclosed brace costs its own file only.
    let broken = "variable \"unclosed\" {\n  default = [\"x\"\n\nresource \"aws_vpc\" \"x\" {\n";
    let report = files(&[("a.tf", broken), ("b.tf", ADMIN)]);
    assert_eq!(admits(policy(&report, "aws_security_group.admin")), ["in tcp 22 private secure"]);
    assert!(!messages(&report, 0).is_empty() && messages(&report, 1).is_empty());
    assert_eq!(report["verdict"], "unknown");

    // Modules that call each other, and one that calls itself.
    let call = |to: &str| {
        format!(
            "{ADMIN}module \"next\" {{\n  source = \"{to}\"\n  admin  = module.next.x\n}}\noutput \"x\" {{\n  value = module.next.x\n}}\n"
        )
    };
    let circle = [call("../b"), call("../a"), call("./")];
    let report = files(&[("a/main.tf", &circle[0]), ("b/main.tf", &circle[1])]);
    assert_eq!(addresses(&report), ["aws_security_group.admin", "module.next.aws_security_group.admin"]);
    assert!(messages(&report, 1)[0].starts_with("this module calls one that it stands in"), "{:?}", messages(&report, 1));
    assert_eq!(report["verdict"], "unknown");
    let report = files(&[("main.tf", &circle[2])]);
    assert_eq!((addresses(&report).len(), messages(&report, 0).len()), (1, 1));

    // A way down without an end.
    let deep: Vec<(String, String)> = (0..10_000).map(|at| (format!("{at}/main.tf"), call(&format!("../{}", at + 1)))).collect();
    let report = owned(&deep);
    assert_eq!(addresses(&report).len(), 33);
    assert_eq!(report["verdict"], "unknown");
    let nested = format!("{}main.tf", "x/".repeat(10_000));
    let report = files(&[(&nested, &call("./y")), (&nested.replace("main.tf", "y/main.tf"), ADMIN)]);
    assert_eq!(addresses(&report).len(), 2);

    // Twice in each of thirty levels would be a billion.
    let twice = |at: usize| {
        (format!("{at}/main.tf"), ["a", "b"].map(|name| format!("module \"{name}\" {{\n  source = \"../{}\"\n}}\n", at + 1)).concat())
    };
    let mut levels: Vec<(String, String)> = (0..30).map(twice).collect();
    levels.push(("30/main.tf".to_owned(), ADMIN.to_owned()));
    let report = owned(&levels);
    assert_eq!(report["verdict"], "unknown");
    let many = "module \"a\" {\n  source = \"./a\"\n  count = 10000\n}\n";
    let report = files(&[("main.tf", many), ("a/main.tf", ADMIN)]);
    assert!(!addresses(&report).is_empty());
}
