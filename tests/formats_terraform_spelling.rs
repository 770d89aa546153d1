//! Terraform's JSON spelling says what HCL says.

use portcullis_tests::directory::{ADMIN, addresses, line, messages};
use portcullis_tests::{admits, files, policy};

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
