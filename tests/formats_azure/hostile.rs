//! Texts that are written to hurt.

use super::*;

#[test]
fn hostile_templates_end() {
    let circular = template(
        json!([resource("web", json!([deep(OPEN, json!({ "sourceAddressPrefix": "[variables('a')]" }))]))]),
        json!({ "variables": { "a": "[variables('b')]", "b": "[variables('a')]" } }),
    );
    assert_eq!(verdict(&circular), "unknown");
    let doubling: serde_json::Map<String, Value> = (1..64)
        .map(|i| (format!("v{i}"), json!(format!("[createArray(variables('v{0}'), variables('v{0}'))]", i - 1))))
        .chain([("v0".to_owned(), json!("x"))])
        .collect();
    let bomb = template(
        json!([resource("web", json!([deep(OPEN, json!({ "sourceAddressPrefixes": "[variables('v63')]" }))]))]),
        json!({ "variables": doubling }),
    );
    assert_eq!(verdict(&bomb), "dangerous", "the prefix beside it is known");
}

// Bicep.

#[test]
fn deep_nesting_ends() {
    let group = |value: &str| {
        format!("resource a 'Microsoft.Network/networkSecurityGroups@2023-09-01' = {{\n  name: 'a'\n  properties: {value}\n}}\n")
    };
    for (open, close) in [
        ("(", ")"),
        ("[", "]"),
        ("{ a: ", "}"),
        ("not(", ")"),
        ("!", ""),
        ("'${", "}'"),
        ("true ? true : ", ""),
        ("x[", "]"),
        ("map(", ", x => 1)"),
        ("- ", ""),
    ] {
        for depth in [100, 10_000] {
            let text = group(&format!("{}1{}", open.repeat(depth), close.repeat(depth)));
            assert_ne!(reported(text)["verdict"], "dangerous", "{open}");
        }
    }
    let inside = format!("{}{}", "resource b 'x' = {\n".repeat(5_000), "}\n".repeat(5_000));
    reported(group(&format!("{{}}\n{inside}")));
    let chain: serde_json::Map<String, Value> =
        (1..2_000).map(|i| (format!("v{i}"), json!(format!("[concat(variables('v{}'), 'x')]", i - 1)))).collect();
    let calls = format!("[{}'x'{}]", "concat(".repeat(120), ")".repeat(120));
    let steps = format!("[variables('v1'){}]", ".a".repeat(100_000));
    for prefix in ["[variables('v1999')]", &calls, &steps] {
        let value = template(
            json!([resource("a", json!([deep("100 allow tcp 22 -", json!({ "sourceAddressPrefix": prefix }))]))]),
            json!({ "variables": chain }),
        );
        assert_eq!(verdict(&value), "unknown");
    }
}
