//! Values for the parameters of Azure templates, in files of their own.

use portcullis_tests::{admits, files};
use serde_json::{Value, json};

/// A template whose group lets in whoever `from` says, and what `more` lists.
fn template() -> String {
    let group = json!({
        "type": "Microsoft.Network/networkSecurityGroups", "apiVersion": "2023-04-01", "name": "web",
        "properties": { "securityRules": [{ "name": "ssh", "properties": {
            "priority": 100, "direction": "Inbound", "access": "Allow", "protocol": "Tcp", "sourceAddressPrefix": "[parameters('from')]",
            "sourcePortRange": "*", "destinationAddressPrefix": "*", "destinationPortRange": "22" } }] },
    });
    let template = json!({
        "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#", "contentVersion": "1.0.0.0",
        "parameters": { "from": { "type": "string", "defaultValue": "10.0.0.0/8" }, "other": { "type": "string" } },
        "resources": [group],
    });
    serde_json::to_string_pretty(&template).unwrap()
}

fn given(parameters: Value) -> String {
    let file = json!({
        "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#", "contentVersion": "1.0.0.0",
        "parameters": parameters,
    });
    serde_json::to_string_pretty(&file).unwrap()
}

const BICEP: &str = r"
param from string = '10.0.0.0/8'
param rules array = []
resource web 'Microsoft.Network/networkSecurityGroups@2023-04-01' = {
  name: 'web'
  properties: {
    securityRules: concat(rules, [
      {
        name: 'ssh'
        properties: {
          priority: 200
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: from
          sourcePortRange: '*'
          destinationAddressPrefix: '*'
          destinationPortRange: '22'
        }
      }
    ])
  }
}
";

#[track_caller]
fn inbound(report: &Value, nth: usize) -> Vec<String> {
    admits(&report["policies"][nth]).into_iter().filter(|line| line.starts_with("in tcp 22 ")).collect()
}

fn messages(report: &Value, document: usize) -> Vec<&str> {
    let problems = report["documents"][document]["problems"].as_array().unwrap();
    problems.iter().map(|problem| problem["message"].as_str().unwrap()).collect()
}

const ALONE: &str = "these are values for the parameters of an Azure template that is not here; paste the template along";

#[test]
fn values_settle_the_parameters_of_the_template_they_belong_to() {
    let (template, open) = (template(), given(json!({ "from": { "value": "Internet" } })));
    let bare = json!({ "contentVersion": "1.0.0.0", "parameters": { "from": { "value": "Internet" } } }).to_string();
    let bicepparam = "using './main.bicep'\n\nvar everyone = 'Internet'\nparam from = everyone\n";
    let (inside, outside) = (["in tcp 22 private secure"], ["in tcp 22 internet dangerous"]);
    type Files<'t> = &'t [(&'t str, &'t str)];
    let cases: &[(Files<'_>, &[&str])] = &[
        (&[("main.json", &template)], &["private"]),
        (&[("main.json", &template), ("main.parameters.json", &open)], &["internet"]),
        (&[("pasted", &template), ("pasted", &open)], &["internet"]),
        (&[("pasted", &template), ("pasted", &bare)], &["internet"]),
        (&[("main.bicep", BICEP), ("main.parameters.live.json", &open)], &["internet"]),
        (&[("main.bicep", BICEP), ("live.bicepparam", bicepparam)], &["internet"]),
        (&[("main.bicep", BICEP), ("live/x.bicepparam", "using '../main.bicep'\nparam from = 'Internet'\n")], &["internet"]),
        // The name says which of two templates is meant, or the only one beside the file, or the only one with such a parameter.
        (&[("a.json", &template), ("b.json", &template), ("b.parameters.json", &open)], &["private", "internet"]),
        (&[("a/main.json", &template), ("b/main.json", &template), ("b/values.json", &open)], &["private", "internet"]),
        (
            &[
                ("a/main.json", &template),
                ("b/main.json", "{\"$schema\": \"deploymentTemplate.json\", \"resources\": []}"),
                ("values/x.json", &open),
            ],
            &["internet"],
        ),
        // Nobody can tell.
        (&[("a.json", &template), ("b.json", &template), ("x.json", &open)], &["private", "private"]),
    ];
    for (all, wanted) in cases {
        let mut all = all.to_vec();
        for _ in 0..all.len() {
            let report = files(&all);
            let mut reaches: Vec<(&str, Vec<String>)> = report["policies"]
                .as_array()
                .unwrap()
                .iter()
                .enumerate()
                .map(|(nth, policy)| (all[policy["at"]["document"].as_u64().unwrap() as usize].0, inbound(&report, nth)))
                .collect();
            reaches.sort();
            let wanted: Vec<Vec<&str>> =
                wanted.iter().map(|reach| if *reach == "private" { inside.to_vec() } else { outside.to_vec() }).collect();
            assert_eq!(reaches.into_iter().map(|(_, lines)| lines).collect::<Vec<_>>(), wanted, "{all:?}");
            let given = report["documents"].as_array().unwrap().iter().filter(|own| own["format"] == "azure-parameters").count();
            assert_eq!(
                given,
                all.len()
                    - all.iter().filter(|(_, text)| *text == template || *text == BICEP || text.contains("deploymentTemplate")).count()
            );
            all.rotate_left(1);
        }
    }
}

#[test]
fn values_without_their_template_are_named() {
    for (name, text) in [
        ("pasted", given(json!({}))),
        ("main.parameters.json", given(json!({ "from": { "value": "Internet" } }))),
        ("pasted", "using './main.bicep'\nparam from = 'Internet'\n".to_owned()),
    ] {
        let report = files(&[(name, &text)]);
        assert_eq!(report["documents"][0]["format"], "azure-parameters", "{text}");
        assert_eq!(messages(&report, 0), [ALONE]);
        assert_eq!(report["verdict"], Value::Null);
    }
    let (template, open) = (template(), given(json!({ "from": { "value": "Internet" } })));
    let report = files(&[("a.json", &template), ("b.json", &template), ("x.json", &open)]);
    assert_eq!(messages(&report, 2), [ALONE]);
}

#[test]
fn what_a_key_vault_holds_stays_unknown() {
    let vault = given(json!({ "from": { "reference": { "keyVault": { "id": "/subscriptions/0/vault" }, "secretName": "from" } } }));
    let template = template();
    let report = files(&[("main.json", &template), ("main.parameters.json", &vault)]);
    assert_eq!(report["verdict"], "unknown", "{report:#}");
    assert_eq!(report["unresolved"][0]["name"], "parameters('from')");
    let report = files(&[("main.bicep", BICEP), ("main.bicepparam", "using 'main.bicep'\nparam from = getSecret('a', 'b', 'c', 'd')\n")]);
    assert_eq!(report["verdict"], "unknown", "{report:#}");
    assert_eq!(report["unresolved"][0]["name"], "from");
}

#[test]
fn places_point_into_the_file_that_says_it() {
    let rule = json!({ "name": "rdp", "properties": { "priority": 100, "direction": "Inbound", "access": "Allow", "protocol": "Tcp",
        "sourceAddressPrefix": "Internet", "sourcePortRange": "*", "destinationAddressPrefix": "*", "destinationPortRange": "3389" } });
    let values = given(json!({ "rules": { "value": [rule] } }));
    for all in [
        [("main.bicep", BICEP), ("main.parameters.json", values.as_str())],
        [("main.parameters.json", values.as_str()), ("main.bicep", BICEP)],
    ] {
        let report = files(&all);
        let web = &report["policies"][0];
        let own = |name: &str| all.iter().position(|(known, _)| *known == name).unwrap() as u64;
        assert_eq!(web["at"]["document"], own("main.bicep"));
        let at = &web["rules"][0]["at"];
        assert_eq!((&web["rules"][0]["name"], &at["document"]), (&json!("rdp"), &json!(own("main.parameters.json"))));
        let line = values.lines().nth(at["line"].as_u64().unwrap() as usize - 1).unwrap();
        assert!(line.contains("\"sourceAddressPrefix\": \"Internet\""), "{line}");
        assert_eq!(web["rules"][1]["at"]["document"], own("main.bicep"));
    }
    // Of two files that disagree the later one counts, and both are told apart.
    let (open, shut) = (given(json!({ "from": { "value": "Internet" } })), given(json!({ "from": { "value": "10.0.0.0/8" } })));
    let report = files(&[("main.bicep", BICEP), ("main.parameters.live.json", &shut), ("main.parameters.test.json", &open)]);
    assert_eq!(inbound(&report, 0), ["in tcp 22 internet dangerous"]);
    assert!(messages(&report, 2)[0].contains("the one in `main.parameters.test.json` is used"));
    assert_eq!(messages(&report, 1), Vec::<&str>::new());
}
