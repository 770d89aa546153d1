//! Texts without names: every sample that is written down in the repository has the same review before and after, and what
//! was planted in it is gone.

mod planted;
mod samples;

use std::fs;
use std::path::{Path, PathBuf};

use planted::PLANTED;
use portcullis_core::export::pseudonym::{Pseudonymised, pseudonymise};
use portcullis_core::report;
use portcullis_core::review::{Input, review, review_assuming};
use serde_json::{Value, json};

fn told(documents: &[(String, String)]) -> Value {
    let inputs = documents.iter().map(|(name, text)| Input { name: name.clone(), bytes: text.clone().into_bytes() }).collect();
    serde_json::to_value(report::report(&review(inputs, &mut |_| {}))).unwrap()
}

fn at(at: &Value) -> Value {
    json!([at["document"], at["line"], at["end_line"]])
}

fn sorted(list: impl Iterator<Item = Value>) -> Vec<String> {
    let mut all: Vec<String> = list.map(|one| one.to_string()).collect();
    all.sort();
    all
}

fn list(value: &Value) -> &[Value] {
    value.as_array().unwrap()
}

fn exposures(of: &Value) -> Vec<String> {
    let keys = ["direction", "protocol", "ports", "icmp", "reach", "ipv4", "ipv6_64s", "verdict", "if_open", "services"];
    sorted(list(&of["exposures"]).iter().map(|one| {
        let groups = one["groups"].as_array().map_or(0, Vec::len);
        json!([keys.map(|key| one[key].clone()), groups, one["local"] == "any"])
    }))
}

/// What has to be the same: no names, no addresses, no sentences.
fn shape(report: &Value) -> Value {
    let rule = |rule: &Value| {
        let keys = ["priority", "direction", "action", "protocol", "ports", "icmp", "effect", "admits", "verdict"];
        json!([keys.map(|key| rule[key].clone()), at(&rule["at"])])
    };
    let document = |one: &Value| json!([one["format"], one["policies"], one["rules"], one["facts"], one["problem_count"]]);
    let finding = |one: &Value| {
        json!([one["audit"], one["verdict"], one["severity"], sorted(list(&one["places"]).iter().map(at)), one["witness"]["port"]])
    };
    let policy = |one: &Value| {
        json!([one["kind"], at(&one["at"]), one["verdict"], one["partial"], exposures(one), sorted(list(&one["rules"]).iter().map(rule))])
    };
    json!({
        "verdict": report["verdict"],
        "counts": report["counts"],
        "documents": list(&report["documents"]).iter().map(document).collect::<Vec<_>>(),
        "unresolved": sorted(list(&report["unresolved"]).iter().map(|one| at(&one["at"]))),
        "policies": sorted(list(&report["policies"]).iter().map(policy)),
        "surfaces": sorted(list(&report["surfaces"]).iter().map(|one| json!([at(&one["at"]), one["verdict"], exposures(one)]))),
        "findings": sorted(list(&report["findings"]).iter().map(finding)),
    })
}

fn owned(documents: &[(&str, &str)]) -> Vec<(String, String)> {
    documents.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
}

/// What differs between the reviews before and after, if anything.
fn difference(documents: &[(&str, &str)]) -> Option<String> {
    let before = shape(&told(&owned(documents)));
    let Pseudonymised { documents: replaced, .. } = pseudonymise(documents, &[]);
    for ((_, before), (_, after)) in documents.iter().zip(&replaced) {
        assert_eq!(before.matches('\n').count(), after.matches('\n').count(), "{after}");
    }
    let after = shape(&told(&replaced));
    let keys = before.as_object().unwrap().keys();
    let different: Vec<String> =
        keys.filter(|key| before[*key] != after[*key]).map(|key| format!("{key}: {}\nbecame {}", before[key], after[key])).collect();
    (!different.is_empty()).then(|| {
        let texts: Vec<&str> = replaced.iter().map(|(_, text)| text.as_str()).collect();
        format!("{}\n{}", different.join("\n"), texts.join("\n---\n"))
    })
}

/// A hundred times the text may not take a thousand times as long: what grows faster than the text is found by its size.
#[test]
fn a_large_text_and_a_hostile_one_come_to_an_end() {
    for (name, piece) in
        [("a.tf", "\"${"), ("a.tf", "{"), ("a.json", "[\""), ("a.yaml", "a:\n "), ("b", "/*"), ("c.tf", "<<A\n"), ("d", "1.")]
    {
        pseudonymise(&[(name, &piece.repeat(20_000))], &[]);
    }
    let (name, text) = PLANTED[0];
    pseudonymise(&[(name, &text.repeat(300))], &[]);
}

/// The verdict on documents with values for what they leave open.
fn assuming(documents: &[(String, String)], assumed: &[(String, String)]) -> Value {
    let inputs = documents.iter().map(|(name, text)| Input { name: name.clone(), bytes: text.clone().into_bytes() }).collect();
    let assumptions = assumed.iter().cloned().collect();
    shape(&serde_json::to_value(report::report(&review_assuming(inputs, &assumptions, &mut |_| {}))).unwrap())
}

#[test]
fn what_is_assumed_is_replaced_as_in_the_texts() {
    let hcl = r#"variable "acme_office" { type = list(string) }
resource "aws_security_group" "zebra" {
  ingress {
    protocol    = "tcp"
    from_port   = 22
    to_port     = 22
    cidr_blocks = var.acme_office
  }
}
"#;
    let group = r#"{"SecurityGroups": [{"GroupId": "sg-0123456789abcdef0", "GroupName": "acme", "IpPermissionsEgress": [], "IpPermissions": [
  {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "PrefixListIds": [{"PrefixListId": "pl-0aaaabbbbccccdddd"}]}]}]}"#;
    let yaml = r#"Parameters:
  AcmeOffice: {Type: String}
Resources:
  Zebra:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: zebra
      SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: !Ref AcmeOffice}]
"#;
    for (file, text, name) in [("main.tf", hcl, "var.acme_office"), ("", group, "pl-0aaaabbbbccccdddd"), ("", yaml, "!Ref AcmeOffice")] {
        for value in ["54.93.12.0/24", "0.0.0.0/0"] {
            let open = shape(&told(&owned(&[(file, text)])));
            let before = assuming(&owned(&[(file, text)]), &owned(&[(name, value)]));
            assert_ne!(open, before, "{name} is settled");
            let Pseudonymised { documents, assumed, .. } = pseudonymise(&[(file, text)], &[(name, value)]);
            assert_eq!(assuming(&documents, &assumed), before, "{assumed:?}\n{}", documents[0].1);
            let shown = format!("{assumed:?}").to_lowercase();
            assert!(!["acme", "54.93", "aaaabbbb"].iter().any(|planted| shown.contains(planted)), "{shown}");
        }
    }
}
