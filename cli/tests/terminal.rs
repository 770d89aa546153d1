//! The terminal face as a program sees it: arguments, standard input, output and exit status.

mod support;

use support::{Files, run, status};

const OPEN: &str = r#"{"SecurityGroups": [{"GroupId": "sg-1", "GroupName": "web", "IpPermissionsEgress": [], "IpPermissions": [
    {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]}]}"#;

fn with(from: &str, to: &str) -> String {
    assert!(OPEN.contains(from));
    OPEN.replace(from, to)
}

#[test]
fn the_exit_status_follows_the_level() {
    let caution = with("22", "25");
    let unknown = with(r#""IpRanges": [{"CidrIp": "0.0.0.0/0"}]"#, r#""PrefixListIds": [{"PrefixListId": "pl-1"}]"#);
    let secure = with("0.0.0.0/0", "10.0.1.50/32");
    for (input, levels) in [(OPEN, "1110"), (&unknown, "0110"), (&caution, "0010"), (&secure, "0000")] {
        for (level, expected) in ["dangerous", "unknown", "caution", "never"].into_iter().zip(levels.chars()) {
            status(&["review", "--fail-on", level], input, expected.to_digit(10).unwrap() as i32);
        }
    }
    status(&["review"], OPEN, 1);
}

#[test]
fn what_is_open_can_be_assumed() {
    let unknown = with(r#""IpRanges": [{"CidrIp": "0.0.0.0/0"}]"#, r#""PrefixListIds": [{"PrefixListId": "pl-1"}]"#);
    for (value, expected) in [("pl-1=10.0.0.0/24", 0), ("pl-1=0.0.0.0/1,128.0.0.0/1", 1), ("pl-2=10.0.0.0/24", 1)] {
        status(&["review", "--fail-on", "unknown", "--assume", value], &unknown, expected);
    }
    assert_eq!(run(&["review", "--assume", "pl-1"], &unknown).status.code(), Some(2));
    let slip = run(&["review", "--assume", "pl-\u{1b}none=10.0.0.0/8"], &unknown);
    let said = String::from_utf8(slip.stderr).unwrap();
    assert!(said.contains("nothing in these texts is called `pl-") && !said.contains('\u{1b}'), "{said}");
}

#[test]
fn what_can_not_be_read_wins() {
    status(&["review", "--fail-on", "never"], "hello", 2);
    status(&["review"], &OPEN[..OPEN.len() - 4], 2);
    let files = Files::new("terminal");
    let file = files.write("open.json", OPEN);
    let text = status(&["review", "--format", "json", &file, "/nowhere/at/all.json"], "", 2);
    let report: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(report["policies"][0]["verdict"], "dangerous", "the rest is still printed");
    let both = status(&["review", "--format", "json", &file, "-"], OPEN, 1);
    let report: serde_json::Value = serde_json::from_str(&both).unwrap();
    assert_eq!(report["documents"].as_array().unwrap().len(), 2);
    assert_eq!(report["policies"][1]["at"]["document"], 1);
}

#[test]
fn nothing_to_judge_is_no_failure() {
    let text = status(&["review", "--format", "json", "--fail-on", "caution"], r#"{"SecurityGroups": []}"#, 0);
    assert!(serde_json::from_str::<serde_json::Value>(&text).unwrap()["verdict"].is_null());
}

#[test]
fn a_wrong_call_says_so() {
    for arguments in [&["review", "--format", "xml"][..], &["review", "--fail-on"], &["revue"], &[], &["ports", "70000"]] {
        assert_eq!(run(arguments, "").status.code(), Some(2), "{arguments:?}");
    }
    let missing = run(&["review", "/nowhere/at/all.json"], "");
    assert_eq!(missing.status.code(), Some(2));
    let sentence = String::from_utf8(missing.stderr).unwrap();
    assert!(sentence.contains("`/nowhere/at/all.json` can't be read: no such file") && !sentence.contains("os error"), "{sentence}");
}

#[test]
fn people_read_what_why_and_what_to_do() {
    let text = status(&["review"], OPEN, 1);
    for part in
        ["DANGEROUS SSH (22/tcp) is open to the whole IPv4 internet", "-:2:81", "proof:", "1.0.0.1", "why:", "do:", "open-remote-admin"]
    {
        assert!(text.contains(part), "{part} is missing: {text}");
    }
    assert!(!text.contains('\u{1b}'), "no colours where no terminal is");
}

#[test]
fn hostile_names_do_not_reach_the_terminal_as_commands() {
    let text = status(&["review"], &with("\"web\"", "\"\\u001b[2Jweb\\u0007\\u009b31m\""), 1);
    assert!(text.contains("web") && !text.chars().any(|letter| letter.is_control() && letter != '\n'), "{text:?}");
}

#[test]
fn the_catalog_answers() {
    let redis = status(&["ports", "6379"], "", 0);
    assert!(redis.contains("Redis") && redis.contains("instead:") && redis.contains("user port"));
    assert!(status(&["ports", "database"], "", 0).lines().count() > 20);
    assert!(status(&["ports", "7443"], "", 0).contains("unlisted"));
    assert!(status(&["ports"], "", 0).lines().count() > 200);
}

#[test]
fn the_schema_is_printed() {
    let schema: serde_json::Value = serde_json::from_str(&status(&["schema"], "", 0)).unwrap();
    assert_eq!(schema["$id"], "portcullis.report/1");
}

#[test]
fn help_is_enough_to_begin() {
    let help = status(&["--help"], "", 0);
    assert!(help.contains("aws ec2 describe-security-groups | portcullis review"));
    assert!(status(&["review", "--help"], "", 0).contains("--fail-on"));
}

#[test]
fn what_a_directory_holds_besides_is_counted_and_does_no_harm() {
    let folder = std::env::temp_dir().join(format!("portcullis-unrelated-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let write = |name: &str, text: &str| {
        let file = folder.join(name);
        std::fs::write(&file, text).unwrap();
        file.to_str().unwrap().to_owned()
    };
    let told = |expected: i32| {
        let output = run(&["review", folder.to_str().unwrap()], "");
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(expected), "{said}");
        said
    };
    let package = write("package.json", "{\"name\": \"shop\", \"version\": \"1.0.0\"}");
    write("compose.yaml", "services:\n  web:\n    image: shop\n");
    assert!(told(2).contains("nothing in `"), "nothing else is there");
    write("groups.json", "{\"SecurityGroups\": []}");
    let said = told(0);
    assert!(
        said.contains("2 files held no firewall configuration: ") && said.contains("compose.yaml") && said.lines().count() == 1,
        "{said}"
    );
    // Whoever names a file means it.
    status(&["review", &package], "", 2);
    status(&["review", folder.to_str().unwrap(), &package], "", 2);
    // What looks like a configuration and is broken is no bystander.
    write("broken.json", "{\"SecurityGroups\": [{\"GroupId\": \"sg-1\", ");
    told(2);
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn a_directory_may_hold_what_hosts_keep() {
    let folder = std::env::temp_dir().join(format!("portcullis-host-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let table = "*filter\n:INPUT DROP [0:0]\n:FORWARD DROP [0:0]\n:OUTPUT ACCEPT [0:0]\n-A INPUT -p tcp --dport 22 -j ACCEPT\nCOMMIT\n";
    std::fs::write(folder.join("rules.v4"), format!("# Generated by iptables-save\n{table}")).unwrap();
    std::fs::write(folder.join("rules.v6"), format!("# Generated by ip6tables-save\n{table}")).unwrap();
    let said = status(&["review", folder.to_str().unwrap()], "", 1);
    assert!(said.contains("rules.v4") && said.contains("rules.v6") && said.contains("SSH (22/tcp) is open"), "{said}");
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn a_directory_is_read_as_a_whole() {
    let group = |cidr: &str| {
        format!(
            "resource \"aws_security_group\" \"web\" {{\n  ingress {{\n    protocol    = \"tcp\"\n    from_port   = 22\n    to_port     = 22\n    \
             cidr_blocks = [{cidr}]\n  }}\n}}\n"
        )
    };
    let folder = std::env::temp_dir().join(format!("portcullis-directory-{}", std::process::id()));
    let write = |name: &str, text: &str| {
        let file = folder.join(name);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, text).unwrap();
    };
    let review = |expected: i32| -> serde_json::Value {
        serde_json::from_str(&status(&["review", "--format", "json", folder.to_str().unwrap()], "", expected)).unwrap()
    };
    write("empty/README.md", "nothing to judge");
    let output = run(&["review", folder.to_str().unwrap()], "");
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("has no file that can be a configuration"));

    write("main.tf", "module \"web\" {\n  source = \"./modules/web\"\n  admin  = var.admin\n}\nvariable \"admin\" {}\n");
    write("terraform.tfvars", "admin = \"10.0.0.0/8\"\n");
    write("modules/web/main.tf", &format!("variable \"admin\" {{}}\n{}", group("var.admin")));
    for skipped in [".terraform/modules/x.tf", "node_modules/x/x.tf", ".hidden/x.tf", "notes.txt", "terraform.tfstate.backup"] {
        write(skipped, &group("\"0.0.0.0/0\""));
    }
    #[cfg(unix)]
    std::os::unix::fs::symlink(&folder, folder.join("again")).unwrap();
    let report = review(0);
    let names: Vec<&str> = report["documents"].as_array().unwrap().iter().map(|own| own["name"].as_str().unwrap()).collect();
    let ends: Vec<bool> =
        ["/main.tf", "/modules/web/main.tf", "/terraform.tfvars"].iter().zip(&names).map(|(end, name)| name.ends_with(end)).collect();
    assert_eq!((names.len(), ends), (3, vec![true; 3]), "{names:?}");
    assert_eq!(report["policies"][0]["address"], "module.web.aws_security_group.web");
    assert_eq!(report["verdict"], "secure");
    write("z.auto.tfvars", "admin = \"0.0.0.0/0\"\n");
    assert_eq!(review(1)["verdict"], "dangerous");
    assert!(status(&["review", "--help"], "", 0).contains("FILE|DIR"));
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn findings_for_a_ticket_and_for_a_spreadsheet() {
    let hostile = with("\"web\"", r#""=web|`x`""#);
    let told = status(&["review", "--format", "markdown"], &hostile, 1);
    assert!(told.starts_with("# Firewall review: 1 dangerous\n") && told.contains("- decided at: \\-:2"), "{told}");
    assert!(told.contains("\\=web\\|\\`x\\`"), "{told}");
    let told = status(&["review", "--format", "csv"], &hostile, 1);
    let mut lines = told.split("\r\n");
    assert_eq!(lines.next(), Some("verdict,severity,audit,title,policy,direction,message,fix,document,line,witness"));
    assert!(lines.next().is_some_and(|line| line.starts_with("dangerous,high,open-remote-admin,")), "{told}");
}
