//! Files without names, as a person gets them at the terminal.

mod support;

use support::{Files, run, status};

const OPEN: &str = r#"{"SecurityGroups": [{"GroupId": "sg-0123456789abcdef0", "GroupName": "zebra", "IpPermissions": [
    {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "54.93.12.0/24"}]}]}]}"#;

#[test]
fn one_goes_to_standard_output_and_several_to_a_directory() {
    let output = run(&["pseudonymise"], OPEN);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(!text.contains("zebra") && !text.contains("54.93") && text.contains("\"FromPort\": 22"), "{text}");
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("replaced; what can still be seen"), "{said}");

    let files = Files::new("pseudonymise");
    let (one, two) = (files.write("zebra.json", OPEN), files.write("other.json", OPEN));
    assert_eq!(run(&["pseudonymise", &one, &two], "").status.code(), Some(2), "several need a directory");
    let out = files.write("marker", "").replace("marker", "out");
    status(&["pseudonymise", &one, &two, "--out", &out], "", 0);
    status(&["review", &out], "", status_of(OPEN));
    assert_eq!(run(&["pseudonymise", &one, "--out", &out], "").status.code(), Some(2), "nothing is overwritten");
}

fn status_of(text: &str) -> i32 {
    run(&["review"], text).status.code().unwrap()
}
