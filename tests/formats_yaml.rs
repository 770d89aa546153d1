//! YAML that people paste: what the AWS CLI prints with `--output yaml`, and what only looks like it.

use portcullis_tests::{group, listing, reported};
use serde_json::{Value, json};

const GROUPS: &str = "SecurityGroups:
- Description: web servers
  GroupId: sg-0a1b2c3d
  GroupName: web
  IpPermissions:
  - FromPort: 22
    IpProtocol: tcp
    IpRanges:
    - CidrIp: 0.0.0.0/0
      Description: yes
    Ipv6Ranges: []
    PrefixListIds: []
    ToPort: 22
    UserIdGroupPairs: []
  IpPermissionsEgress: []
  OwnerId: '123456789012'
  VpcId: vpc-0a1b2c3d
- Description: database
  GroupId: sg-0b1c2d3e
  GroupName: db
  IpPermissions:
  - FromPort: 3306
    IpProtocol: tcp
    IpRanges:
    - CidrIp: 10.0.10.0/24
    ToPort: 3306
  IpPermissionsEgress: []
  OwnerId: '123456789012'
";

fn verdicts(report: &Value) -> Vec<(&str, &str)> {
    let policies = report["policies"].as_array().unwrap();
    policies.iter().map(|policy| (policy["id"].as_str().unwrap_or("-"), policy["verdict"].as_str().unwrap())).collect()
}

fn format(report: &Value) -> &str {
    report["documents"][0]["format"].as_str().unwrap_or("-")
}

#[track_caller]
fn problem(report: &Value, words: &str) -> (u64, u64) {
    let problems = report["documents"][0]["problems"].as_array().unwrap();
    let found = problems.iter().find(|problem| problem["message"].as_str().unwrap().contains(words));
    let found = found.unwrap_or_else(|| panic!("{words}: {problems:#?}"));
    (found["at"]["line"].as_u64().unwrap(), found["at"]["column"].as_u64().unwrap())
}

#[test]
fn the_cli_prints_yaml() {
    let report = reported(GROUPS);
    assert_eq!(format(&report), "aws-security-groups");
    assert_eq!(verdicts(&report), [("sg-0a1b2c3d", "dangerous"), ("sg-0b1c2d3e", "secure")]);
    assert_eq!(report["documents"][0]["problems"], json!([]));
    let at = &report["policies"][0]["rules"][0]["at"];
    assert_eq!((at["line"].as_u64(), at["column"].as_u64()), (Some(9), Some(15)));
}

#[test]
fn the_same_groups_as_json_and_yaml_get_the_same_verdicts() {
    let text = listing(vec![group("web", &["in tcp 22 0.0.0.0/0", "in tcp 443 ::/0"]), group("db", &["in tcp 3306 10.0.0.0/8"])]);
    // JSON is YAML; behind a marker the other reader takes it.
    let (json, yaml) = (reported(&text), reported(format!("---\nPage: 1\nAnswer:\n  {}\n", text.replace('\n', "\n  "))));
    assert_eq!(verdicts(&json), verdicts(&yaml));
    assert_eq!(json["policies"][0]["exposures"], yaml["policies"][0]["exposures"]);
}

#[test]
fn other_listings_and_other_envelopes() {
    let rows = "SecurityGroupRules:\n- {SecurityGroupRuleId: sgr-1, GroupId: sg-1, IsEgress: false, IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIpv4: 0.0.0.0/0}\n";
    assert_eq!(verdicts(&reported(rows)), [("sg-1", "dangerous")]);
    let bare = GROUPS.strip_prefix("SecurityGroups:\n").unwrap();
    assert_eq!(verdicts(&reported(bare)).len(), 2);
    let one = bare.split("- Description: database").next().unwrap().replace("\n  ", "\n").replace("- Desc", "Desc");
    assert_eq!(verdicts(&reported(one)), [("sg-0a1b2c3d", "dangerous")]);
    let stream = format!("- {}", GROUPS.trim_end().replace('\n', "\n  "));
    assert_eq!(verdicts(&reported(stream)).len(), 2);
    let prompted = format!("$ aws ec2 describe-security-groups --output yaml\n{GROUPS}");
    assert_eq!(verdicts(&reported(prompted)).len(), 2);
    let fenced = format!("```yaml\n{GROUPS}```\n");
    assert_eq!(verdicts(&reported(fenced)).len(), 2);
    let quoted = GROUPS.replace("SecurityGroups:", "\"SecurityGroups\" :");
    assert_eq!(verdicts(&reported(&quoted)).len(), 2);
    let twice = format!("{GROUPS}---\n{GROUPS}");
    assert_eq!(verdicts(&reported(twice)).len(), 4);
    let acls = "NetworkAcls:\n- NetworkAclId: acl-1\n  Entries:\n  - {RuleNumber: 100, Protocol: '6', RuleAction: allow, Egress: no, CidrBlock: 0.0.0.0/0, PortRange: {From: 22, To: 22}}\n";
    let report = reported(acls);
    assert_eq!((format(&report), verdicts(&report)), ("aws-network-acls", vec![("acl-1", "caution")]));
    for (empty, kind) in [("SecurityGroups: []\n", "aws-security-groups"), ("SecurityGroupRules: []\n", "aws-security-group-rules")] {
        let report = reported(empty);
        assert_eq!((format(&report), &report["verdict"]), (kind, &Value::Null));
        assert_eq!(report["documents"][0]["problems"], json!([]));
    }
}

#[test]
fn broken_yaml_is_told_with_its_place_and_what_stands_before_is_judged() {
    let report = reported(format!("{GROUPS}  IpPermissions: [\n"));
    assert_eq!(report["verdict"], "dangerous");
    assert_eq!(verdicts(&report)[0], ("sg-0a1b2c3d", "dangerous"));
    assert_eq!(problem(&report, "never closed"), (29, 18));
    let report = reported(GROUPS.replace("    IpProtocol: tcp", "\tIpProtocol: tcp"));
    assert_eq!(problem(&report, "tab").0, 7);
    assert_eq!(report["counts"]["secure"], 0, "a group that was cut off is not secure");
}

#[test]
fn a_cut_at_any_byte_is_recognised_or_told() {
    for end in 0..GROUPS.len() {
        let report = reported(&GROUPS[..end]);
        let problems = report["documents"][0]["problems"].as_array().unwrap();
        assert!(format(&report) != "-" || !problems.is_empty(), "{end}");
        // What breaks is not complete, so it is not secure; a cut between two lines can't be seen.
        let broken = problems.iter().any(|problem| problem["message"].as_str().unwrap().contains("what stands before it"));
        assert!(!broken || report["verdict"] == "unknown" || report["verdict"] == "dangerous", "{end}: {report:#}");
    }
}

#[test]
fn other_yaml_is_called_by_its_name() {
    for (text, name) in [
        ("- hosts: all\n  tasks:\n  - amazon.aws.ec2_security_group:\n      name: web\n", "Ansible playbook"),
        ("- name: web\n  amazon.aws.ec2_security_group:\n    name: web\n    rules:\n    - proto: tcp\n", "Ansible playbook"),
        ("apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: web\n", "Kubernetes manifest"),
        ("services:\n  web:\n    image: nginx\n    ports: ['80:80']\n", "docker-compose"),
        ("Resources:\n  Web:\n    Cidr: {{ admin_cidr }}\n", "placeholders"),
        ("{% for x in y %}\nResources:\n{% endfor %}\n", "placeholders"),
        ("{{ template }}\n", "placeholders"),
    ] {
        let report = reported(text);
        assert_eq!((format(&report), &report["verdict"]), ("-", &json!("unknown")), "{text}");
        problem(&report, name);
    }
}

#[test]
fn prose_logs_and_hcl_are_no_yaml() {
    for text in [
        "Note: port 22 must be closed.\nThank you: everyone\n",
        "Dear all,\nplease close port 22.\n",
        "- close port 22\n- open port 443\n",
        "Note: a colon: and another\n- and a dash\n",
        "2 123456789012 eni-0a1b2c3d 198.51.100.7 10.0.0.5 51000 22 6 4 240 1620000000 1620000060 ACCEPT OK\n",
        "LISTEN 0 128 0.0.0.0:22 0.0.0.0:*\n",
        "SSH-2.0-OpenSSH_7.4\n",
        "key: value\n",
        "- - -\n",
        "---\n",
    ] {
        let report = reported(text);
        assert_eq!((format(&report), &report["verdict"]), ("-", &json!("unknown")), "{text}");
        let problems = report["documents"][0]["problems"].as_array().unwrap();
        assert!(!problems.is_empty(), "{text}");
        assert!(problems.iter().all(|problem| !problem["message"].as_str().unwrap().contains("indentation")), "{problems:#?}");
    }
    let hcl = "# note: this\nresource \"aws_security_group\" \"web\" {\n  name = \"web\"\n}\n";
    assert_eq!(format(&reported(hcl)), "terraform-configuration");
    // JSON behind a line that looks like a key is still JSON.
    let text = format!("Output:\n{}", listing(vec![group("web", &["in tcp 22 0.0.0.0/0"])]));
    assert_eq!(verdicts(&reported(text)), [("sg-web", "dangerous")]);
    let text = format!("Note: here: it is\n{}", listing(vec![group("web", &["in tcp 22 0.0.0.0/0"])]));
    assert_eq!(verdicts(&reported(text)), [("sg-web", "dangerous")]);
}

#[test]
fn text_between_documents_is_not_passed_over() {
    let report = reported(format!("{GROUPS}---\nsomebody wrote this\n"));
    assert_eq!(report["counts"]["dangerous"], 1);
    assert_eq!(problem(&report, "was not judged").0, 30);
}

#[test]
fn anchors_and_keys_twice() {
    let text = "SecurityGroups:
- GroupId: sg-1
  GroupName: a
  IpPermissions: &open
  - {IpProtocol: tcp, FromPort: 22, ToPort: 22, IpRanges: [{CidrIp: 0.0.0.0/0}]}
  IpPermissionsEgress: []
- GroupId: sg-2
  GroupName: b
  IpPermissions: *open
  IpPermissionsEgress: []
  GroupName: c
";
    let report = reported(text);
    assert_eq!(verdicts(&report), [("sg-1", "dangerous"), ("sg-2", "dangerous")]);
    assert_eq!(report["policies"][1]["name"], "c");
    assert_eq!(problem(&report, "stands twice").0, 11);
}
