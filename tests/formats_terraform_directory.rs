//! Several texts of Terraform in one review: a directory is one module, with its values.

use portcullis_core::report::marks;
use portcullis_core::review::{Input, Review, review};
use portcullis_tests::directory::{ADMIN, WHOLE, addresses, documents, line, messages};
use portcullis_tests::{admits, files, policy, reviewed};
use serde_json::Value;

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
        // Where the configuration stands among them does not matter.
        for place in 0..=values.len() {
            let mut all = values.to_vec();
            all.insert(place, ("main.tf", ADMIN));
            let report = files(&all);
            let verdict = if *reach == "internet" { "dangerous" } else { "secure" };
            assert_eq!(admits(policy(&report, "aws_security_group.admin")), [format!("in tcp 22 {reach} {verdict}")], "{all:?}");
            let told: Vec<&str> = (0..all.len()).flat_map(|at| messages(&report, at)).collect();
            assert_eq!(told.len(), *warnings, "{all:?} {told:?}");
            let formats: Vec<&str> = report["documents"].as_array().unwrap().iter().map(|own| own["format"].as_str().unwrap()).collect();
            assert_eq!(formats.iter().filter(|format| **format == "terraform-variables").count(), values.len(), "{all:?}");
            assert_eq!(formats[place], "terraform-configuration");
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
fn marks_stand_in_the_document_of_their_rule() {
    let (group, rule) = WHOLE.split_once("resource \"aws_security_group_rule\"").unwrap();
    let rule = format!("resource \"aws_security_group_rule\"{rule}");
    let inputs = [("rule.tf", rule.as_str()), ("group.tf", group)].map(|(name, text)| Input { name: name.into(), bytes: text.into() });
    let review = review(inputs.into(), &mut |_| {});
    for (document, rules) in [(0, 2), (1, 1)] {
        let all = marks(&review, document, 0, 100);
        assert_eq!((all.total, all.items.len()), (rules, rules));
        assert!(all.items.iter().all(|mark| mark.at.document == document));
        assert_eq!(marks(&review, document, 1, 100).items.len(), rules - 1);
    }
    // The verdict is the same whichever way the policy is looked at.
    let whole = reviewed(WHOLE);
    let exposures = |review: &Review| review.look(0, |subject, _| subject.evaluation.exposures.clone());
    assert_eq!(exposures(&review), exposures(&whole));
}
