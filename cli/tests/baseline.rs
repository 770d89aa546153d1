//! `portcullis review --baseline`, `portcullis baseline` and `portcullis register` as a program sees them.

mod support;

use support::{Files, run, status};

const OPEN: &str = r#"{"SecurityGroups": [{"GroupId": "sg-1", "GroupName": "web", "IpPermissionsEgress": [], "IpPermissions": [
    {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "0.0.0.0/0", "Description": "@SUM(A1)"}]}]}]}"#;

#[test]
fn what_is_approved_is_secure_until_its_day_has_passed() {
    let files = Files::new("baseline-day");
    let groups = files.write("groups.json", OPEN);
    let written = status(&["baseline", &groups], "", 0);
    let empty = files.write("empty.toml", &written);
    let told = status(&["review", &groups, "--baseline", &empty], "", 1);
    assert!(told.contains("empty.toml:9:17: error: `justification` is empty"), "{told}");
    let filled =
        written.replace("justification = \"\"", "justification = \"ours\"").replace("# review = 2030-12-31", "review = 2026-06-30");
    let baseline = files.write("portcullis.toml", &filled);
    for (day, expected) in [("2026-06-30", 0), ("2026-07-01", 1)] {
        status(&["review", &groups, "--baseline", &baseline, "--today", day], "", expected);
        status(&["review", &groups, &baseline, "--today", day], "", expected);
    }
    let past = files.write("past.toml", &filled.replace("2026-06-30", "1999-12-31"));
    let told = status(&["review", &groups, "--baseline", &past], "", 1);
    assert!(told.contains("the approval of 22/tcp expired on 1999-12-31"), "without --today the system's day counts: {told}");
    let far = files.write("far.toml", &filled.replace("2026-06-30", "9999-12-31"));
    status(&["review", &groups, "--baseline", &far], "", 0);
}

#[test]
fn a_baseline_that_can_not_be_read_is_no_baseline() {
    let files = Files::new("baseline-broken");
    let groups = files.write("groups.json", &OPEN.replace("0.0.0.0/0", "10.0.0.0/24"));
    let broken = files.write("broken.toml", "[[approve]]\npolicy = \n");
    status(&["review", &groups, "--baseline", &broken, "--fail-on", "never"], "", 2);
    status(&["review", &groups, "--baseline", "/nowhere/at/all.toml", "--fail-on", "never"], "", 2);
    let nothing = files.write("nothing.toml", "# nothing is open on purpose\n");
    status(&["review", &groups, "--baseline", &nothing, "--fail-on", "caution"], "", 0);
    assert_eq!(run(&["review", &groups, "--today", "30.06.2026"], "").status.code(), Some(2));
}

#[test]
fn the_register_has_four_formats() {
    let files = Files::new("register");
    let groups = files.write("groups.json", OPEN);
    let text = status(&["register", &groups], "", 0);
    assert!(text.contains("web (sg-1) 22/tcp (ssh) from the whole IPv4 internet: dangerous"), "{text}");
    assert!(text.contains("why:    @SUM(A1) (the rule's own description)"), "{text}");
    let csv = status(&["register", "--format", "csv"], OPEN, 0);
    assert!(csv.starts_with("policy,name,protocol,") && csv.contains(",'@SUM(A1),description,"), "{csv}");
    let markdown = status(&["register", "--format", "markdown", &groups], "", 0);
    assert!(markdown.contains("| web (sg-1) | 22/tcp (ssh) |") && !markdown.contains("@SUM"), "{markdown}");
    let json: serde_json::Value = serde_json::from_str(&status(&["register", "--format", "json", &groups], "", 0)).unwrap();
    assert_eq!((json[0]["ports"].as_str(), json[0]["justified_by"].as_str()), (Some("22"), Some("description")));
    status(&["register"], "hello", 2);
    let schema: serde_json::Value = serde_json::from_str(&status(&["schema", "baseline"], "", 0)).unwrap();
    assert_eq!(schema["$id"], "portcullis.baseline/1");
}
