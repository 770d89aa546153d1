//! What the tests of Terraform directories share: a configuration, and what the report of several documents says.

use serde_json::Value;

use crate::files;

/// A configuration in one text, with everything that the other spellings below say in several.
pub const WHOLE: &str = r#"
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

/// The problems of a document.
pub fn messages(report: &Value, document: usize) -> Vec<&str> {
    let problems = report["documents"][document]["problems"].as_array().unwrap();
    problems.iter().map(|problem| problem["message"].as_str().unwrap()).collect()
}

/// The addresses of the policies.
pub fn addresses(report: &Value) -> Vec<&str> {
    report["policies"].as_array().unwrap().iter().map(|policy| policy["address"].as_str().unwrap()).collect()
}

/// The documents in which the rules of a policy stand.
pub fn documents(policy: &Value) -> Vec<u64> {
    policy["rules"].as_array().unwrap().iter().map(|rule| rule["at"]["document"].as_u64().unwrap()).collect()
}

/// The line of a text that a place is in.
#[track_caller]
pub fn line<'t>(files: &[(&str, &'t str)], at: &Value) -> &'t str {
    let (document, line) = (at["document"].as_u64().unwrap() as usize, at["line"].as_u64().unwrap() as usize);
    files[document].1.lines().nth(line - 1).unwrap_or_else(|| panic!("{at}"))
}

/// The report of texts that were made.
#[track_caller]
pub fn owned(texts: &[(String, String)]) -> Value {
    files(&texts.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect::<Vec<_>>())
}

/// A group that lets in whoever `var.admin` says.
pub const ADMIN: &str = r#"
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
