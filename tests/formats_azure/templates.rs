//! Templates of Azure Resource Manager.

use super::*;

#[test]
fn templates_are_evaluated() {
    let value = template(
        json!([resource(
            "[concat(parameters('prefix'), '-nsg')]",
            json!([deep(
                OPEN,
                json!({
                    "sourceAddressPrefix": "[variables('from').any]", "destinationPortRange": "[parameters('port')]",
                    "priority": "[add(100, 20)]", "access": "[if(equals(parameters('prefix'), 'web'), 'Allow', 'Deny')]",
                })
            )])
        )]),
        json!({ "parameters": { "prefix": { "type": "string", "defaultValue": "web" }, "port": { "type": "int", "defaultValue": 3389 } },
                "variables": { "from": { "any": "Internet" } } }),
    );
    let report = reported(value.to_string());
    quiet(&report);
    let policy = &report["policies"][0];
    assert_eq!((format_of(&report), &policy["name"]), ("azure-template", &json!("web-nsg")));
    assert_eq!(policy["address"], "Microsoft.Network/networkSecurityGroups/[concat(parameters('prefix'), '-nsg')]");
    assert_eq!(policy["rules"][0]["priority"], 120);
    assert!(open(&value, "tcp", 3389));
}

#[test]
fn what_a_template_leaves_open_is_unknown_until_it_is_assumed() {
    let value = template(
        json!([resource("web", json!([deep(OPEN, json!({ "sourceAddressPrefix": "[parameters('admin')]" }))]))]),
        json!({ "parameters": { "admin": { "type": "string" } } }),
    );
    let report = reported(value.to_string());
    assert_eq!(report["verdict"], "unknown");
    assert_eq!(report["unresolved"][0]["name"], "parameters('admin')");
    assert_eq!(
        report["policies"][0]["exposures"].as_array().unwrap().iter().find(|e| e["ports"] == "22").unwrap()["if_open"]["verdict"],
        "dangerous"
    );
    let assuming = |value_of: &str| {
        let assumptions = Assumptions::from([("parameters('admin')".to_owned(), value_of.to_owned())]);
        let input = Input { name: "x".into(), bytes: value.to_string().into_bytes() };
        serde_json::to_value(report::report(&review_assuming(vec![input], &assumptions, &mut |_| {}))).unwrap()["verdict"].clone()
    };
    assert_eq!((assuming("10.0.0.0/16"), assuming("Internet")), (json!("secure"), json!("dangerous")));
}

#[test]
fn rules_of_their_own_find_their_group() {
    let kind = "Microsoft.Network/networkSecurityGroups/securityRules";
    let child = |name: &str, shorthand: &str| {
        let mut child = deep(shorthand, json!({}));
        child["type"] = kind.into();
        child["apiVersion"] = "2023-09-01".into();
        child["name"] = name.into();
        child["dependsOn"] = json!(["[resourceId('Microsoft.Network/networkSecurityGroups', parameters('group'))]"]);
        child
    };
    let mut parent = resource("[parameters('group')]", json!([deep("300 deny * * *", json!({}))]));
    let mut inside = deep("120 allow tcp 5432 Internet", json!({}));
    inside["type"] = "securityRules".into();
    inside["name"] = "db".into();
    parent["resources"] = json!([inside]);
    // The name of the group is not known, and still it is the same name.
    let value = template(
        json!([
            child("[concat(parameters('group'), '/ssh')]", OPEN),
            parent,
            resource("other", json!([])),
            child("gone/rdp", "400 allow tcp 3389 *")
        ]),
        json!({ "parameters": { "group": { "type": "string" } } }),
    );
    let report = reported(value.to_string());
    assert_eq!(problem(&report, "the group of this rule is not in the text").1, "warning");
    let policies = report["policies"].as_array().unwrap();
    let said: Vec<(&str, &str, bool)> = policies
        .iter()
        .map(|policy| (policy["name"].as_str().unwrap(), policy["verdict"].as_str().unwrap(), policy["partial"].as_bool().unwrap()))
        .collect();
    assert_eq!(said, [("parameters('group')", "dangerous", false), ("other", "secure", false), ("gone", "dangerous", true)]);
    let rules = policies[0]["rules"].as_array().unwrap();
    let ssh = rules.iter().find(|rule| rule["name"] == "ssh").unwrap();
    assert_eq!((&ssh["effect"], &ssh["address"]), (&json!("in-effect"), &json!(format!("{kind}/[concat(parameters('group'), '/ssh')]"))));
    assert!(rules.iter().any(|rule| rule["name"] == "db"));
    assert_eq!(policies[2]["rules"][0]["address"], "Microsoft.Network/networkSecurityGroups/gone/securityRules/rdp");
}

#[test]
fn copies_are_made() {
    let input = deep(
        OPEN,
        json!({
            "priority": "[copyIndex('securityRules', 100)]", "destinationPortRange": "[parameters('ports')[copyIndex('securityRules')]]",
        }),
    );
    let mut group = resource("[format('nsg-{0:D2}', copyIndex(1))]", json!([]));
    group["copy"] = json!({ "name": "groups", "count": 2 });
    group["properties"] = json!({ "copy": [{ "name": "securityRules", "count": "[length(parameters('ports'))]", "input": input }] });
    let value = template(json!([group]), json!({ "parameters": { "ports": { "type": "array", "defaultValue": [22, 3389] } } }));
    let report = reported(value.to_string());
    quiet(&report);
    let names: Vec<&str> = report["policies"].as_array().unwrap().iter().map(|policy| policy["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["nsg-01", "nsg-02"]);
    assert!(open(&value, "tcp", 22) && open(&value, "tcp", 3389) && !open(&value, "tcp", 443));
    // A number of copies that is not known leaves the rules open, one beyond measure too.
    for count in [json!("[parameters('n')]"), json!(1_000_000_000_u64)] {
        let mut group = resource("x", json!([]));
        group["properties"] = json!({ "copy": [{ "name": "securityRules", "count": count, "input": deep(OPEN, json!({})) }] });
        assert_eq!(verdict(&template(json!([group]), json!({}))), "unknown");
    }
}

#[test]
fn lists_keep_what_is_known_beside_what_is_not() {
    let known = deep(OPEN, json!({}));
    let value = template(
        json!([resource("web", json!("[concat(variables('base'), parameters('more'))]"))]),
        json!({ "parameters": { "more": { "type": "array" } }, "variables": { "base": [known] } }),
    );
    let report = reported(value.to_string());
    assert_eq!(report["policies"][0]["verdict"], "dangerous");
    assert_eq!(report["unresolved"][0]["name"], "parameters('more')");
}

#[test]
fn deployments_and_envelopes() {
    let inner = |prefix: &str| {
        template(
            json!([resource("web", json!([deep(OPEN, json!({ "sourceAddressPrefix": prefix }))]))]),
            json!({ "parameters": { "from": { "type": "string", "defaultValue": "10.0.0.0/8" } } }),
        )
    };
    let deployment = |template: Value, scope: &str| {
        json!({ "type": "Microsoft.Resources/deployments", "apiVersion": "2021-04-01", "name": "inner", "properties": {
            "mode": "Incremental", "expressionEvaluationOptions": { "scope": scope }, "template": template,
            "parameters": { "from": { "value": "[parameters('outer')]" } } } })
    };
    let outer = json!({ "parameters": { "outer": { "type": "string", "defaultValue": "Internet" }, "from": { "type": "string", "defaultValue": "*" } } });
    // Inside, parameters are those that the deployment hands over; outside, those of the outer template.
    assert_eq!(verdict(&template(json!([deployment(inner("[parameters('from')]"), "inner")]), outer.clone())), "dangerous");
    assert_eq!(verdict(&template(json!([deployment(inner("[parameters('from')]"), "outer")]), outer)), "dangerous");
    let artifact = json!({ "kind": "template", "type": "Microsoft.Blueprint/blueprints/artifacts", "properties": {
        "parameters": { "from": { "value": "Internet" } }, "template": inner("[parameters('from')]") } });
    for (envelope, expected) in [
        (artifact, "dangerous"),
        (json!({ "template": inner("Internet") }), "dangerous"),
        (json!({ "template": inner("[parameters('from')]") }), "secure"),
    ] {
        let report = reported(envelope.to_string());
        assert_eq!((format_of(&report), report["policies"][0]["verdict"].as_str().unwrap()), ("azure-template", expected));
    }
    let linked = json!([{ "type": "Microsoft.Resources/deployments", "apiVersion": "2021-04-01", "name": "net",
        "properties": { "templateLink": { "uri": "https://example.com/net.json" } } }]);
    let linked = reported(template(linked, json!({})).to_string());
    assert_eq!((problem(&linked, "the template of the deployment `net`").1.as_str(), &linked["verdict"]), ("error", &json!("unknown")));
}

#[test]
fn conditions_decide_what_exists() {
    let conditional = |condition: Value| {
        let mut group = resource("web", json!([deep(OPEN, json!({}))]));
        group["condition"] = condition;
        reported(template(json!([group]), json!({ "parameters": { "deploy": { "type": "bool" } } })).to_string())["verdict"].clone()
    };
    assert_eq!(conditional(json!(false)), Value::Null);
    assert_eq!(conditional(json!("[equals(1, 2)]")), Value::Null);
    assert_eq!(conditional(json!("[parameters('deploy')]")), "dangerous", "what it admits where it exists");
}
