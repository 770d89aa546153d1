//! `portcullis compare` as a program sees it.

mod support;

use support::{Files, run, status};

const WIDE: &str = r#"{"CidrIp": "0.0.0.0/0"}"#;

fn listing(peer: &str) -> String {
    format!(
        r#"{{"SecurityGroups": [{{"GroupId": "sg-1", "GroupName": "web", "IpPermissionsEgress": [], "IpPermissions": [
    {{"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{peer}]}}]}}]}}"#
    )
}

#[test]
fn the_exit_status_follows_what_opens() {
    let files = Files::new("compare-status");
    let narrow = files.write("narrow.json", &listing(r#"{"CidrIp": "203.0.113.7/32"}"#));
    let wider = files.write("wider.json", &listing(r#"{"CidrIp": "203.0.112.0/20"}"#));
    let wide = files.write("wide.json", &listing(WIDE));
    let split = files.write("split.json", &listing(r#"{"CidrIp": "128.0.0.0/1"}, {"CidrIp": "0.0.0.0/1"}"#));
    let broken = files.write("broken.json", "hello");
    for (before, after, level, expected) in [
        (&narrow, &wide, "dangerous", 1),
        (&narrow, &wide, "never", 0),
        (&wide, &narrow, "opened", 0),
        (&wide, &split, "opened", 0),
        (&narrow, &wider, "dangerous", 0),
        (&narrow, &wider, "caution", 1),
        (&narrow, &wider, "worsened", 1),
        (&narrow, &broken, "never", 2),
        (&broken, &wide, "never", 2),
    ] {
        status(&["compare", before, after, "--fail-on", level], "", expected);
    }
    status(&["compare", &narrow, &wide], "", 1);
    status(&["compare", &narrow, "/nowhere/at/all.json"], "", 2);
    assert_eq!(run(&["compare", &narrow], "").status.code(), Some(2));
    status(&["compare", "-", &wide], &listing(WIDE), 0);
}

#[test]
fn all_three_formats_say_the_same() {
    let files = Files::new("compare-formats");
    let before = files.write("before.json", &listing(r#"{"CidrIp": "203.0.113.7/32"}"#));
    let after = files.write("after.json", &listing(WIDE));
    let said = "opens 22/tcp to the internet (0.0.0.0/1";
    let text = status(&["compare", &before, &after], "", 1);
    assert!(text.contains("verdict: DANGEROUS, was SECURE") && text.contains("after.json:2:81"), "{text}");
    let markdown = status(&["compare", &before, &after, "--format", "markdown"], "", 1);
    assert!(markdown.contains("| web | opens 22/tcp to the internet (0.0.0.0/1"), "{markdown}");
    let json: serde_json::Value = serde_json::from_str(&status(&["compare", &before, &after, "--format", "json"], "", 1)).unwrap();
    assert_eq!(json["schema"], "portcullis.compare/1");
    assert_eq!(json["policies"][0]["opens"][0]["verdict_after"], "dangerous");
    let message = json["policies"][0]["opens"][0]["message"].as_str().unwrap();
    assert!(message.starts_with(said) && text.contains(message), "{message}");
    let schema: serde_json::Value = serde_json::from_str(&status(&["schema", "compare"], "", 0)).unwrap();
    assert_eq!(schema["$id"], "portcullis.compare/1");
}

#[test]
fn what_both_leave_open_can_be_assumed() {
    let files = Files::new("compare-assume");
    let list = |id: &str| listing("").replace(r#""IpRanges": []"#, &format!(r#""PrefixListIds": [{{"PrefixListId": "{id}"}}]"#));
    let (one, two) = (files.write("one.json", &list("pl-1")), files.write("two.json", &list("pl-2")));
    status(&["compare", &one, &two, "--fail-on", "unknown"], "", 1);
    status(
        &["compare", &one, &two, "--fail-on", "opened", "--assume", "pl-1=10.0.0.0/8", "--assume", "pl-2=10.0.0.0/9,10.128.0.0/9"],
        "",
        0,
    );
}

#[test]
fn a_hostile_name_is_no_markup() {
    let files = Files::new("compare-hostile");
    let before = files.write("before.json", r#"{"SecurityGroups": []}"#);
    let hostile = listing(WIDE).replace("\"web\"", "\"<img src=x> | [a](b) @all \\u001b[2J\"");
    let after = files.write("after.json", &hostile);
    let markdown = status(&["compare", &before, &after, "--format", "markdown"], "", 1);
    for part in ["<img", " | [a]", "@all", "\u{1b}"] {
        assert!(!markdown.contains(part), "{part} is in {markdown}");
    }
    let text = status(&["compare", &before, &after], "", 1);
    assert!(!text.contains('\u{1b}'), "{text:?}");
}

#[test]
fn what_is_approved_does_not_count() {
    let files = Files::new("compare-baseline");
    let closed = files.write("closed.json", &listing(""));
    let wide = files.write("wide.json", &listing(WIDE));
    let web = listing(WIDE).replace("22", "443");
    let range = files.write("range.json", &listing(WIDE).replace(r#""ToPort": 22"#, r#""ToPort": 23"#));
    let approval = |ports: &str, review: &str| {
        format!(
            "[[approve]]\npolicy = \"web\"\nprotocol = \"tcp\"\nports = \"{ports}\"\nsources = \"internet\"\n\
             justification = \"a lesson\"\nowner = \"teachers\"\nreview = {review}\n"
        )
    };
    let baseline = files.write("portcullis.toml", &approval("22", "2031-01-01"));
    let with = |before: &str, after: &str, level: &str, day: &str, expected: i32| {
        status(&["compare", before, after, "--baseline", &baseline, "--today", day, "--fail-on", level], "", expected)
    };
    let text = with(&closed, &wide, "opened", "2030-01-01", 0);
    assert!(text.contains("opens 22/tcp to the internet (0.0.0.0/0); approved: a lesson") && text.contains("verdict: SECURE"), "{text}");
    assert!(text.contains("1 opens as approved, nothing closes"), "{text}");
    // Of a range only what is approved.
    let text = with(&closed, &range, "dangerous", "2030-01-01", 1);
    assert!(text.contains("opens 22/tcp") && text.contains("opens 23/tcp to the internet (0.0.0.0/0)\n"), "{text}");
    let text = with(&closed, &wide, "opened", "2032-01-01", 1);
    assert!(text.contains("its approval has expired"), "{text}");
    let other = files.write("web.json", &web);
    with(&closed, &other, "opened", "2030-01-01", 1);
    status(&["compare", &closed, &wide, "--baseline", "/nowhere.toml"], "", 2);
    let json = status(&["compare", &closed, &wide, "--baseline", &baseline, "--today", "2030-01-01", "--format", "json"], "", 0);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert!(json["policies"][0]["opens"][0]["approved"].as_str().unwrap().contains("a lesson"));
    assert_eq!((&json["counts"]["approved"], &json["opens_worst"]), (&1.into(), &serde_json::Value::Null));
}

/// A machine with some of two groups on its interface.
fn machine(groups: &str) -> String {
    let group = |name: &str, port: u16| {
        format!(
            "resource \"aws_security_group\" \"{name}\" {{\n  ingress {{\n    protocol = \"tcp\"\n    from_port = {port}\n    to_port = {port}\n    \
             cidr_blocks = [\"0.0.0.0/0\"]\n  }}\n}}\n"
        )
    };
    let instance =
        format!("resource \"aws_instance\" \"web\" {{\n  associate_public_ip_address = true\n  vpc_security_group_ids = [{groups}]\n}}\n");
    format!("{}{}{instance}", group("web", 443), group("ssh", 22))
}

#[test]
fn a_group_that_is_put_on_an_interface_opens_though_no_rule_changed() {
    let files = Files::new("compare-interfaces");
    let before = files.write("before.tf", &machine("aws_security_group.web.id"));
    let after = files.write("after.tf", &machine("aws_security_group.web.id, aws_security_group.ssh.id"));
    let text = status(&["compare", &before, &after], "", 1);
    assert!(text.contains("at the interface aws_instance.web: the security group aws_security_group.ssh stands before it now"), "{text}");
    assert!(text.contains("  opens 22/tcp to the internet (0.0.0.0/"), "{text}");
    assert!(
        text.contains("2 policies and 1 interface compared: the policies: nothing opens, nothing closes; at the interfaces: 1 opens"),
        "{text}"
    );
    let markdown = status(&["compare", &before, &after, "--format", "markdown"], "", 1);
    assert!(markdown.contains("| aws\\_instance.web | opens 22/tcp to the internet (0.0.0.0/0) | closed | dangerous |"), "{markdown}");
    status(&["compare", &after, &before, "--fail-on", "opened"], "", 0);
}
