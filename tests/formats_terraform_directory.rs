//! Several texts of Terraform in one review: a directory is one module, and a module that is called is judged there.

use portcullis_tests::{admits, files, policy};
use serde_json::Value;

/// A configuration in one text, with everything that the other spellings below say in several.
const WHOLE: &str = r#"
variable "admin" {
  default = ["203.0.113.0/24"]
}
locals {
  web = 443
}
resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}
resource "aws_security_group" "web" {
  name = "web"
  ingress {
    protocol    = "tcp"
    from_port   = local.web
    to_port     = local.web
    cidr_blocks = ["0.0.0.0/0"]
  }
}
resource "aws_security_group_rule" "ssh" {
  type              = "ingress"
  security_group_id = aws_security_group.web.id
  protocol          = "tcp"
  from_port         = 22
  to_port           = 22
  cidr_blocks       = concat(var.admin, [aws_vpc.main.cidr_block])
}
"#;

fn messages(report: &Value, document: usize) -> Vec<&str> {
    let problems = report["documents"][document]["problems"].as_array().unwrap();
    problems.iter().map(|problem| problem["message"].as_str().unwrap()).collect()
}

fn addresses(report: &Value) -> Vec<&str> {
    report["policies"].as_array().unwrap().iter().map(|policy| policy["address"].as_str().unwrap()).collect()
}

/// The documents in which the rules of a policy stand.
fn documents(policy: &Value) -> Vec<u64> {
    policy["rules"].as_array().unwrap().iter().map(|rule| rule["at"]["document"].as_u64().unwrap()).collect()
}

#[track_caller]
fn line<'t>(files: &[(&str, &'t str)], at: &Value) -> &'t str {
    let (document, line) = (at["document"].as_u64().unwrap() as usize, at["line"].as_u64().unwrap() as usize);
    files[document].1.lines().nth(line - 1).unwrap_or_else(|| panic!("{at}"))
}

/// The blocks of the whole, each in a file of its own.
fn split() -> Vec<(String, String)> {
    let blocks = WHOLE.trim().split("\n}\n").map(|block| format!("{}\n}}\n", block.trim_end_matches("\n}")));
    blocks.enumerate().map(|(at, block)| (format!("live/{at}.tf"), block)).collect()
}

#[test]
fn texts_of_one_directory_are_one_module() {
    let whole = files(&[("main.tf", WHOLE)]);
    let wanted = admits(policy(&whole, "aws_security_group.web"));
    assert_eq!(wanted, ["in tcp 22 public secure", "in tcp 443 internet secure"].map(str::to_owned), "{whole:#}");
    let split = split();
    let mut split: Vec<(&str, &str)> = split.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    assert_eq!(split.len(), 5);
    for turn in 0..5 {
        split.rotate_left(turn);
        let report = files(&split);
        let web = policy(&report, "aws_security_group.web");
        assert_eq!(admits(web), wanted, "{report:#}");
        assert_eq!(line(&split, &web["at"]), "resource \"aws_security_group\" \"web\" {");
        assert_eq!(line(&split, &web["rules"][0]["at"]).trim(), "cidr_blocks = [\"0.0.0.0/0\"]");
        assert_eq!(line(&split, &web["rules"][1]["at"]).trim(), "cidr_blocks       = concat(var.admin, [aws_vpc.main.cidr_block])");
        assert_eq!(web["rules"].as_array().unwrap().len(), 3);
        for (document, (name, _)) in split.iter().enumerate() {
            let own = &report["documents"][document];
            assert_eq!((own["name"].as_str(), own["format"].as_str()), (Some(*name), Some("terraform-configuration")));
            assert_eq!(own["policies"], u64::from(web["at"]["document"] == document), "{own}");
        }
    }
}

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

#[track_caller]
fn owned(texts: &[(String, String)]) -> Value {
    files(&texts.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect::<Vec<_>>())
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

/// A group that lets in whoever `var.admin` says.
const ADMIN: &str = r#"
variable "admin" {
  default = "10.0.0.0/8"
}
resource "aws_security_group" "admin" {
  ingress {
    protocol    = "tcp"
    from_port   = 22
    to_port     = 22
    cidr_blocks = [var.admin]
  }
}
"#;

#[test]
fn files_of_values_win_over_defaults_in_their_order() {
    let everyone = "admin = \"0.0.0.0/0\"\n";
    let no_one = "admin = \"192.168.0.0/16\"\n";
    let json = "{\"admin\": \"0.0.0.0/0\"}";
    type Files<'t> = &'t [(&'t str, &'t str)];
    let cases: &[(Files<'_>, &str, usize)] = &[
        (&[], "private", 0),
        (&[("terraform.tfvars", everyone)], "internet", 0),
        (&[("terraform.tfvars.json", json)], "internet", 0),
        (&[("terraform.tfvars.json", json), ("terraform.tfvars", no_one)], "internet", 0),
        (&[("b.auto.tfvars", everyone), ("a.auto.tfvars", no_one), ("terraform.tfvars", no_one)], "internet", 0),
        (&[("b.auto.tfvars", no_one), ("a.auto.tfvars.json", json)], "private", 0),
        (&[("live.tfvars", everyone), ("z.auto.tfvars", no_one)], "internet", 1),
        (&[("live.tfvars", everyone), ("same.tfvars", everyone)], "internet", 0),
        (&[("live.tfvars", no_one), ("test.tfvars", everyone)], "internet", 1),
        (&[("environments/live.tfvars", everyone)], "internet", 0),
        (&[("live.tfvars", "other = \"0.0.0.0/0\"\n"), ("test.tfvars", "other = 1\n")], "private", 0),
        (&[("pasted", everyone)], "internet", 0),
    ];
    for (values, reach, warnings) in cases {
        let mut all = vec![("main.tf", ADMIN)];
        all.extend(*values);
        for _ in 0..all.len() {
            let report = files(&all);
            let verdict = if *reach == "internet" { "dangerous" } else { "secure" };
            let ends: Vec<String> = if all[0].0 == "main.tf" || values.len() < 2 || *warnings == 0 {
                vec![format!("in tcp 22 {reach} {verdict}")]
            } else {
                Vec::new()
            };
            if !ends.is_empty() {
                assert_eq!(admits(policy(&report, "aws_security_group.admin")), ends, "{all:?}");
            }
            let told: Vec<&str> = (0..all.len()).flat_map(|at| messages(&report, at)).collect();
            assert_eq!(told.len(), *warnings, "{all:?} {told:?}");
            let formats: Vec<&str> = report["documents"].as_array().unwrap().iter().map(|own| own["format"].as_str().unwrap()).collect();
            assert_eq!(formats.iter().filter(|format| **format == "terraform-variables").count(), values.len(), "{all:?}");
            all.rotate_left(1);
        }
    }
    let report = files(&[("main.tf", ADMIN), ("live.tfvars", no_one), ("test.tfvars", everyone)]);
    assert_eq!(
        messages(&report, 1),
        ["`test.tfvars` gives `admin` another value, and that one is used; leave out the file that is not meant"]
    );
}

#[test]
fn values_without_their_configuration_are_named() {
    for (name, text) in [
        ("pasted", "# who may come\nadmin = [\"0.0.0.0/0\"]\nports = { ssh = 22 }\n"),
        ("live.tfvars", "admin = \"0.0.0.0/0\"\n"),
        ("live.auto.tfvars.json", "{\"admin\": [\"0.0.0.0/0\"]}"),
    ] {
        let report = files(&[(name, text)]);
        assert_eq!(report["documents"][0]["format"], "terraform-variables", "{name}");
        assert_eq!(
            messages(&report, 0),
            ["these are values for the variables of a Terraform configuration that is not here; paste its .tf files along"]
        );
        assert_eq!(report["verdict"], Value::Null, "{name}");
        assert_eq!(report["documents"][0]["problems"][0]["level"], "warning");
    }
    for other in ["region = eu-west-1\n", "[default]\nregion = \"x\"\n", "a = b + 1\n", "x = 1\ny {\n}\n"] {
        assert_eq!(files(&[("pasted", other)])["documents"][0]["format"], Value::Null, "{other}");
    }
    // A module gets its values from whoever calls it.
    let call = "module \"a\" {\n  source = \"./a\"\n}\n";
    let report = files(&[("main.tf", call), ("a/main.tf", ADMIN), ("a/terraform.tfvars", "admin = \"0.0.0.0/0\"\n")]);
    assert_eq!(admits(policy(&report, "module.a.aws_security_group.admin")), ["in tcp 22 private secure"]);
    assert!(messages(&report, 2)[0].starts_with("another directory calls this one as a module"));
}

#[test]
fn directories_are_told_apart() {
    let open = ADMIN.replace("10.0.0.0/8", "0.0.0.0/0");
    let report = files(&[("a/main.tf", ADMIN), ("b/main.tf", &open), ("./a/../a/values.auto.tfvars", "admin = \"192.168.0.0/16\"\n")]);
    let verdicts: Vec<&str> = report["policies"].as_array().unwrap().iter().map(|policy| policy["verdict"].as_str().unwrap()).collect();
    assert_eq!(verdicts, ["secure", "dangerous"]);
    assert_eq!(admits(&report["policies"][0]), ["in tcp 22 private secure"]);
    // A module that is not in the review is told, and one whose way leads out of it is not looked for.
    let call = "module \"etc\" {\n  source = \"../../../../etc\"\n}\nmodule \"firewall\" {\n  source = \"./security-group\"\n}\n";
    let report = files(&[("a/main.tf", call), ("etc/main.tf", &open)]);
    assert_eq!(addresses(&report), ["aws_security_group.admin"]);
    assert_eq!(messages(&report, 0).len(), 2);
    assert!(messages(&report, 0)[0].contains("`etc` come from ../../../../etc and are not in this text"));
    assert_eq!(report["verdict"], "dangerous");
    assert_eq!(files(&[("a/main.tf", call)])["verdict"], "unknown");
    // Two versions beside each other are both judged, and it is told.
    let report = files(&[("a.tf", ADMIN), ("b.tf", &open)]);
    assert_eq!(addresses(&report).len(), 2);
    assert_eq!(messages(&report, 0), Vec::<&str>::new());
    let twice = messages(&report, 1);
    assert!(twice.len() == 2 && twice.iter().all(|message| message.contains("is declared twice in this directory")), "{twice:?}");
    // Inside the review, the same way is found from as deep as it goes.
    let report = files(&[("a/b/c/d/main.tf", call), ("etc/main.tf", &open)]);
    assert_eq!(addresses(&report), ["module.etc.aws_security_group.admin"]);
}

#[test]
fn override_files_replace_what_they_name() {
    let more = r#"
resource "aws_security_group" "admin" {
  ingress {
    protocol    = "tcp"
    from_port   = 3389
    to_port     = 3389
    cidr_blocks = [var.admin]
  }
}
variable "admin" {
  default = "0.0.0.0/0"
}
"#;
    for name in ["override.tf", "admin_override.tf"] {
        let report = files(&[(name, more), ("main.tf", ADMIN)]);
        assert_eq!(addresses(&report).len(), 1);
        assert_eq!(admits(policy(&report, "aws_security_group.admin")), ["in tcp 3389 internet dangerous"]);
        assert_eq!(documents(&report["policies"][0]), [0]);
    }
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

#[test]
fn json_says_what_hcl_says() {
    let hcl = r#"
variable "admin" {
  default = ["203.0.113.0/24", "${not_a_template}"]
}
locals {
  rules = { ssh = 22, web = 443 }
}
resource "aws_security_group" "web" {
  for_each = toset(["a"])
  name     = "web-${each.key}"
  ingress {
    protocol    = "tcp"
    from_port   = 3389
    to_port     = 3389
    cidr_blocks = ["0.0.0.0/0"]
  }
  dynamic "ingress" {
    for_each = local.rules
    iterator = rule
    content {
      protocol    = "tcp"
      from_port   = rule.value
      to_port     = rule.value
      cidr_blocks = concat(["10.0.0.0/8"], slice(var.admin, 0, 1))
    }
  }
}
resource "aws_security_group_rule" "more" {
  type              = "ingress"
  security_group_id = aws_security_group.web["a"].id
  protocol          = "tcp"
  from_port         = 8080
  to_port           = 8080
  cidr_blocks       = [data.aws_vpc.main.cidr_block]
}
"#
    .replace("\"${not_a_template}\"", "\"$${not_a_template}\"");
    let json = r#"{
  "//": "a comment",
  "variable": {"admin": {"default": ["203.0.113.0/24", "${not_a_template}"]}},
  "locals": {"rules": {"ssh": 22, "web": 443}},
  "resource": {
    "aws_security_group": {
      "web": {
        "for_each": "${toset([\"a\"])}",
        "name": "web-${each.key}",
        "ingress": {"protocol": "tcp", "from_port": 3389, "to_port": 3389, "cidr_blocks": ["0.0.0.0/0"]},
        "dynamic": {
          "ingress": {
            "for_each": "${local.rules}",
            "iterator": "rule",
            "content": {
              "protocol": "tcp", "from_port": "${rule.value}", "to_port": "${rule.value}",
              "cidr_blocks": "${concat([\"10.0.0.0/8\"], slice(var.admin, 0, 1))}"
            }
          }
        }
      }
    },
    "aws_security_group_rule": {
      "more": {
        "type": "ingress", "security_group_id": "${aws_security_group.web[\"a\"].id}", "protocol": "tcp",
        "from_port": 8080, "to_port": 8080, "cidr_blocks": ["${data.aws_vpc.main.cidr_block}"]
      }
    }
  }
}
"#;
    let lists = json
        .replace("\"aws_security_group\": {\n", "\"aws_security_group\": [{\n")
        .replace("    },\n    \"aws_security_group_rule\"", "    }],\n    \"aws_security_group_rule\"")
        .replace("\"resource\": {\n", "\"resource\": [{\n")
        .replace("  }\n}\n", "  }]\n}\n")
        .replace("\"locals\": {\"rules\": {\"ssh\": 22, \"web\": 443}}", "\"locals\": [{\"rules\": {\"ssh\": 22, \"web\": 443}}]");
    let twin = files(&[("main.tf", &hcl)]);
    let wanted = admits(policy(&twin, "aws_security_group.web[\"a\"]"));
    assert_eq!(wanted.len(), 4, "{wanted:?}");
    for (name, text) in [
        ("main.tf.json", json),
        ("pasted", json),
        ("main.tf.json", &lists),
        ("pasted", &lists),
        ("pasted", &format!("$ cat main.tf.json\n[{json}]\n")),
    ] {
        let report = files(&[(name, text)]);
        assert_eq!(report["documents"][0]["format"], "terraform-configuration", "{name} {text}");
        assert_eq!(messages(&report, 0), messages(&twin, 0), "{text}");
        let web = policy(&report, "aws_security_group.web[\"a\"]");
        assert_eq!(admits(web), wanted, "{text}");
        assert_eq!(web["name"], "web-a");
        assert_eq!(report["unresolved"][0]["name"], "data.aws_vpc.main.cidr_block");
        assert_eq!(line(&[(name, text)], &report["unresolved"][0]["at"]).matches("data.aws_vpc").count(), 1);
    }
    // Beside HCL it is one module with it, and its places are exact.
    let (around, groups) = hcl.split_once("resource \"aws_security_group\"").unwrap();
    let json = &json.replace("  \"variable\": {\"admin\": {\"default\": [\"203.0.113.0/24\", \"${not_a_template}\"]}},\n", "");
    let json = &json.replace("  \"locals\": {\"rules\": {\"ssh\": 22, \"web\": 443}},\n", "");
    assert!(!groups.is_empty() && !json.contains("variable"));
    let texts = [("live/variables.tf", around), ("live/main.tf.json", json.as_str())];
    let report = files(&texts);
    let web = policy(&report, "aws_security_group.web[\"a\"]");
    assert_eq!(admits(web), wanted);
    assert_eq!((web["at"]["document"].as_u64(), web["at"]["line"].as_u64()), (Some(1), Some(5)));
    let at = &web["rules"].as_array().unwrap().last().unwrap()["at"];
    let (rule, column) = (line(&texts, at), at["column"].as_u64().unwrap() as usize);
    assert!(rule.get(column - 1..).unwrap().starts_with("\"${data.aws_vpc.main.cidr_block}\""), "{rule} {column}");
}

#[test]
fn json_that_is_no_configuration_is_left_to_others() {
    for other in [
        "{\"resource\": 1}",
        "{\"data\": {\"a\": {\"b\": {}}}}",
        "{\"resource\": {\"aws_x\": {\"y\": {}}}, \"other\": 1}",
        "{\"variable\": [1, 2]}",
        "{\"module\": {\"a\": {}}}",
    ] {
        assert_ne!(files(&[("pasted", other)])["documents"][0]["format"], "terraform-configuration", "{other}");
    }
    let report = files(&[("main.tf.json", "{\"resource\": {\"aws_security_group\": {\"web\": {\"ingress\": [], }}}, \"oddity\": {}}")]);
    assert_eq!(addresses(&report), ["aws_security_group.web"]);
    assert!(messages(&report, 0).iter().any(|message| message.contains("`oddity` is no block")), "{report:#}");
    let cut = "{\"resource\": {\"aws_security_group\": {\"web\": {\"ingress\": {\"protocol\": \"-1\", \"cidr_blocks\": [\"0.0.0.0/0\"";
    for end in 0..cut.len() {
        let report = files(&[("main.tf.json", &cut[..end]), ("b.tf", ADMIN)]);
        assert_eq!(report["verdict"], "unknown", "{end}");
        assert_eq!(admits(policy(&report, "aws_security_group.admin")), ["in tcp 22 private secure"]);
    }
    let deep = format!("{{\"resource\": {{\"aws_security_group\": {{\"web\": {}{}}}}}}}", "{\"a\":".repeat(50_000), "}".repeat(50_000));
    assert_eq!(files(&[("main.tf.json", &deep)])["verdict"], "unknown");
}
