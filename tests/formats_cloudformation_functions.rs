//! CloudFormation templates: what their parameters, functions and conditions come to.

use portcullis_tests::reported;
use portcullis_tests::template::{SSH, assuming, ingress, of_web, peers, policy, problem, verdict, web, without_problems};
use serde_json::json;

#[test]
fn a_default_counts_and_is_told() {
    let before = "Parameters:\n  AdminCidr: {Type: String, Default: 0.0.0.0/0}\n  Port: {Type: Number, Default: 22}\n";
    let text = web(before, "- {IpProtocol: tcp, FromPort: !Ref Port, ToPort: !Ref Port, CidrIp: !Ref AdminCidr}");
    let report = reported(&text);
    assert_eq!((verdict(&report, "Web"), ingress(policy(&report, "Web"))), ("dangerous", vec!["tcp 22 internet".to_owned()]));
    let told = problem(&report, "the parameter `AdminCidr` counts with its default `0.0.0.0/0`");
    assert_eq!((&told["level"], &told["at"]), (&json!("warning"), &policy(&report, "Web")["rules"][0]["at"]));
    // What the person says wins, and nothing is told then.
    let report = assuming(&text, &[("!Ref AdminCidr", "10.0.0.0/8"), ("Port", "2222")]);
    assert_eq!((verdict(&report, "Web"), ingress(policy(&report, "Web"))), ("secure", vec!["tcp 2222 private".to_owned()]));
    without_problems(&report);
}

#[test]
fn a_parameter_without_a_default_is_unknown_and_named() {
    let text = web("Parameters: {AdminCidr: {Type: String}}\n", &format!("- {{{SSH}, CidrIp: !Ref AdminCidr}}"));
    let report = reported(&text);
    assert_eq!(verdict(&report, "Web"), "unknown");
    assert_eq!(report["unresolved"][0]["name"], "!Ref AdminCidr");
    assert!(report["unresolved"][0]["would_settle"].as_str().unwrap().contains("AdminCidr"));
    let report = assuming(&text, &[("AdminCidr", "203.0.113.7/32,10.0.0.0/8")]);
    assert_eq!((verdict(&report, "Web"), &peers(policy(&report, "Web"))[..2]), ("secure", &["203.0.113.7/32", "10.0.0.0/8"][..]));
    assert_eq!(verdict(&assuming(&text, &[("!Ref AdminCidr", "0.0.0.0/0")]), "Web"), "dangerous");
    // No value of a port makes a rule from a private range dangerous.
    let text =
        web("Parameters: {Port: {Type: Number}}\n", "- {IpProtocol: tcp, FromPort: !Ref Port, ToPort: !Ref Port, CidrIp: 10.0.0.0/24}");
    assert_eq!(verdict(&reported(text), "Web"), "secure");
    // The default of such a parameter is where its value is kept, not the value.
    let before = "Parameters: {Cidr: {Type: 'AWS::SSM::Parameter::Value<String>', Default: /net/admin}}\n";
    assert_eq!(of_web(before, &format!("- {{{SSH}, CidrIp: !Ref Cidr}}")), "unknown");
    let report = reported(web("", &format!("- {{{SSH}, CidrIp: !Ref Nowhere}}")));
    assert_eq!((verdict(&report, "Web"), &report["unresolved"][0]["name"]), ("unknown", &json!("!Ref Nowhere")));
}

#[test]
fn functions_come_to_what_literals_carry() {
    let before = "Parameters:
  Ip: {Type: String, Default: 10.1.2.3}
  Nets: {Type: CommaDelimitedList, Default: '10.0.0.0/8, 192.168.0.0/16'}
Mappings:
  Env:
    prod: {Cidr: 10.9.0.0/16, Same: 10.7.0.0/16}
    dev: {Cidr: 10.8.0.0/16, Same: 10.7.0.0/16}
";
    for (value, peer) in [
        ("!Sub '${Ip}/32'", "10.1.2.3/32"),
        ("!Sub ['${Ip}/${Length}', {Length: 32}]", "10.1.2.3/32"),
        ("!Join ['/', [!Ref Ip, 24]]", "10.1.2.0/24"),
        ("!Join ['', ['10.0', '.0.0', /8]]", "10.0.0.0/8"),
        ("!Select [1, !Ref Nets]", "192.168.0.0/16"),
        ("!Select ['0', !Split [' ', '10.5.0.0/16 x']]", "10.5.0.0/16"),
        ("!FindInMap [Env, prod, Cidr]", "10.9.0.0/16"),
        ("!FindInMap [Env, !Ref AWS::Region, Same]", "10.7.0.0/16"),
        ("!Select [2, !Cidr [10.0.0.0/16, 4, 8]]", "10.0.2.0/24"),
        ("!Sub '${!Ip}'", "${Ip}"),
    ] {
        let report = reported(web(before, &format!("- {{{SSH}, CidrIp: {value}}}")));
        assert_eq!(peers(policy(&report, "Web"))[0], peer, "{value}");
    }
    let report = reported(web(before, &format!("- {{{SSH}, CidrIp: !Ref Nets}}")));
    assert_eq!(peers(policy(&report, "Web"))[..2], ["10.0.0.0/8", "192.168.0.0/16"]);
    let vpc = web("", &format!("- {{{SSH}, CidrIp: !GetAtt Vpc.CidrBlock}}"));
    let report = reported(format!("{vpc}  Vpc:\n    Type: AWS::EC2::VPC\n    Properties: {{CidrBlock: 10.3.0.0/16}}\n"));
    assert_eq!((verdict(&report, "Web"), peers(policy(&report, "Web"))[0]), ("secure", "10.3.0.0/16"));
}

#[test]
fn functions_that_no_text_settles_are_unknown_by_name() {
    for (value, name) in [
        ("!Sub '${Office}/32'", "!Ref Office"),
        ("!Sub '${Nat.PublicIp}/32'", "!GetAtt Nat.PublicIp"),
        ("!GetAtt Nat.PublicIp", "!GetAtt Nat.PublicIp"),
        ("!ImportValue admin-cidr", "!ImportValue admin-cidr"),
        ("!Join ['', [!Ref Office, /32]]", "!Ref Office"),
        ("!FindInMap [Env, !Ref AWS::Region, Cidr]", "!Ref AWS::Region"),
        ("!FindInMap [Env, us-gov-1, Cidr]", "!FindInMap [Env, us-gov-1, Cidr]"),
        ("!Select [5, [10.0.0.0/8]]", "!Select"),
        ("!Ref Web", "!Ref Web"),
        ("!Transform {Name: Macro}", "!Transform"),
        ("!vault secret", "!vault"),
    ] {
        let before =
            "Parameters: {Office: {Type: String}}\nMappings: {Env: {us-east-1: {Cidr: 0.0.0.0/0}, eu-west-1: {Cidr: 10.0.0.0/8}}}\n";
        let report = reported(web(before, &format!("- {{{SSH}, CidrIp: {value}}}")));
        assert_eq!((verdict(&report, "Web"), &report["unresolved"][0]["name"]), ("unknown", &json!(name)), "{value}");
    }
    let before = "Mappings: {Env: {us-east-1: {Cidr: 0.0.0.0/0}, eu-west-1: {Cidr: 10.0.0.0/8}}}\n";
    let text = web(before, &format!("- {{{SSH}, CidrIp: !FindInMap [Env, !Ref AWS::Region, Cidr]}}"));
    assert_eq!(verdict(&assuming(&text, &[("AWS::Region", "eu-west-1")]), "Web"), "secure");
}

#[test]
fn conditions_are_decided_where_the_text_says_enough() {
    let before = "Parameters:
  Env: {Type: String, Default: dev}
Conditions:
  IsProd: !Equals [!Ref Env, prod]
  IsOther: !And [!Not [!Condition IsProd], !Not [!Equals [!Ref Env, dev]]]
  IsEither: !Or [!Condition IsProd, !Equals [dev, !Ref Env]]
";
    let rule = |condition: &str| format!("- !If [{condition}, {{{SSH}, CidrIp: 0.0.0.0/0}}, !Ref AWS::NoValue]");
    for (condition, expected) in [("IsProd", "secure"), ("IsOther", "secure"), ("IsEither", "dangerous")] {
        assert_eq!(of_web(before, &rule(condition)), expected, "{condition}");
    }
    let text = web(before, &rule("IsProd"));
    assert_eq!(verdict(&assuming(&text, &[("Env", "prod")]), "Web"), "dangerous");
    let text = format!(
        "{}  Web2:\n    Type: AWS::EC2::SecurityGroup\n    Condition: IsProd\n    Properties: {{GroupDescription: x}}\n",
        web(before, "[]")
    );
    assert_eq!(reported(&text)["policies"].as_array().unwrap().len(), 1);
    assert_eq!(assuming(&text, &[("Env", "prod")])["policies"].as_array().unwrap().len(), 2);
}

#[test]
fn open_conditions_are_looked_at_both_ways() {
    let before = "Parameters: {Env: {Type: String}}\nConditions: {IsProd: !Equals [!Ref Env, prod]}\n";
    for (rules, expected) in [
        // Harmless either way.
        (format!("- !If [IsProd, {{{SSH}, CidrIp: 10.0.0.0/24}}, {{{SSH}, CidrIp: 10.0.1.0/24}}]"), "secure"),
        (format!("- {{{SSH}, CidrIp: !If [IsProd, 10.0.0.0/24, 10.0.1.0/24]}}"), "secure"),
        (format!("!If [IsProd, [{{{SSH}, CidrIp: 10.0.0.0/24}}], !Ref AWS::NoValue]"), "secure"),
        // Dangerous one way.
        (format!("- {{{SSH}, CidrIp: !If [IsProd, 10.0.0.0/24, 0.0.0.0/0]}}"), "unknown"),
        (format!("- !If [IsProd, {{{SSH}, CidrIp: 0.0.0.0/0}}, !Ref AWS::NoValue]"), "unknown"),
        ("- {IpProtocol: tcp, FromPort: !If [IsProd, 443, 22], ToPort: !If [IsProd, 443, 22], CidrIp: 0.0.0.0/0}".to_owned(), "unknown"),
        // The same condition falls the same way throughout a rule.
        (
            "- {IpProtocol: tcp, FromPort: !If [IsProd, 443, 22], ToPort: !If [IsProd, 443, 22], CidrIp: !If [IsProd, 0.0.0.0/0, 10.0.0.0/24]}"
                .to_owned(),
            "secure",
        ),
        // Certain beside the open.
        (format!("- {{{SSH}, CidrIp: 0.0.0.0/0}}\n- !If [IsProd, {{{SSH}, CidrIp: 10.0.0.0/24}}, !Ref AWS::NoValue]"), "dangerous"),
    ] {
        let report = reported(web(before, &rules));
        assert_eq!(verdict(&report, "Web"), expected, "{rules}");
        if expected == "unknown" {
            assert_eq!(report["unresolved"][0]["name"], "!Ref Env", "{rules}");
        }
    }
    let group = format!(
        "{before}Resources:\n  Web:\n    Type: AWS::EC2::SecurityGroup\n    Condition: IsProd\n    Properties: {{SecurityGroupIngress: {{{SSH}, CidrIp: 0.0.0.0/0}}}}\n"
    );
    assert_eq!(verdict(&reported(group), "Web"), "unknown");
}

#[test]
fn hostile_templates_end() {
    // Conditions that need each other, or multiply.
    let circle = "Conditions: {A: !Not [!Condition B], B: !Not [!Condition A]}\n";
    assert_eq!(of_web(circle, &format!("- !If [A, {{{SSH}, CidrIp: 0.0.0.0/0}}, !Ref AWS::NoValue]")), "unknown");
    let mut chain = "Parameters: {P: {Type: String}}\nConditions:\n  C0: !Equals [!Ref P, x]\n".to_owned();
    for i in 1..2_000 {
        chain.push_str(&format!("  C{i}: !And [!Condition C{0}, !Condition C{0}]\n", i - 1));
    }
    assert_eq!(of_web(&chain, &format!("- !If [C1999, {{{SSH}, CidrIp: 0.0.0.0/0}}, !Ref AWS::NoValue]")), "unknown");
    let mut through = "Parameters: {P: {Type: String}}\nConditions:\n  C0: !Equals [!Ref P, x]\n".to_owned();
    for i in 1..5_000 {
        through.push_str(&format!("  C{i}: !Equals [!If [C{}, a, b], a]\n", i - 1));
    }
    assert_eq!(of_web(&through, &format!("- !If [C4999, {{{SSH}, CidrIp: 0.0.0.0/0}}, !Ref AWS::NoValue]")), "unknown");
    // More open conditions than are followed.
    let names: Vec<String> = (0..40).map(|i| format!("C{i}")).collect();
    let conditions: String = names.iter().map(|name| format!("  {name}: !Equals [!Ref P, {name}]\n")).collect();
    let parts: String = names.iter().map(|name| format!("!If [{name}, '', 1], ")).collect();
    let before = format!("Parameters: {{P: {{Type: String}}}}\nConditions:\n{conditions}");
    assert_eq!(of_web(&before, &format!("- {{{SSH}, CidrIp: !Join ['', [{parts}]]}}")), "unknown");
    // A resource that is made of itself.
    let text = web("", &format!("- {{{SSH}, CidrIp: !GetAtt Vpc.CidrBlock}}"));
    let report = reported(format!("{text}  Vpc:\n    Type: AWS::EC2::VPC\n    Properties: {{CidrBlock: !GetAtt Vpc.CidrBlock}}\n"));
    assert_eq!(verdict(&report, "Web"), "unknown");
    // A long default that is used often.
    let before = format!("Parameters: {{P: {{Type: CommaDelimitedList, Default: '{}'}}}}\n", "10.0.0.0/8,".repeat(20_000));
    let rules = format!("- {{{SSH}, CidrIp: !Select [0, !Ref P]}}\n").repeat(2_000);
    let report = reported(web(&before, &rules));
    assert_eq!(policy(&report, "Web")["rules"].as_array().unwrap().len(), 2_001);
    problem(&report, "too much work");
    let sub = format!("- {{{SSH}, CidrIp: !Sub '{}'}}", "${P}".repeat(10_000));
    assert_eq!(of_web("Parameters: {P: {Type: String, Default: '0123456789012345678901234567890123456789'}}\n", &sub), "unknown");
}
