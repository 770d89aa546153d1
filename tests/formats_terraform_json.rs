//! Plans and states: `terraform show -json`, and the state files themselves.

use portcullis_tests::{admits, files, policy, reported};
use serde_json::{Value, json};

fn ingress(cidrs: Value) -> Value {
    json!([{ "protocol": "tcp", "from_port": 22, "to_port": 22, "cidr_blocks": cidrs, "self": false }])
}

fn resource(address: &str, values: Value) -> Value {
    let plain = address.rsplit("module.").next().unwrap_or_default();
    let plain = if plain == address { plain } else { plain.split_once('.').unwrap().1 };
    let (kind, name) = plain.split_once('.').unwrap();
    json!({ "address": address, "mode": "managed", "type": kind, "name": name.split('[').next(), "values": values })
}

fn plan(resources: Value, changes: Value, configuration: Value) -> String {
    json!({
        "format_version": "1.2", "terraform_version": "1.9.0", "brand_new": [1],
        "planned_values": { "root_module": resources },
        "resource_changes": changes,
        "configuration": { "root_module": configuration },
    })
    .to_string()
}

#[track_caller]
fn format_of(report: &Value) -> &str {
    report["documents"][0]["format"].as_str().unwrap_or_else(|| panic!("{report:#}"))
}

#[test]
fn plans_are_read_through_all_modules() {
    let inner = json!({ "address": "module.a.module.b[0]", "resources": [resource("module.a.module.b[0].aws_security_group.g[\"x\"]", json!({ "ingress": ingress(json!(["0.0.0.0/0"])) }))] });
    let root = json!({
        "resources": [resource("aws_security_group.g", json!({ "name": "g", "ingress": ingress(json!(["10.0.1.50/32"])) }))],
        "child_modules": [{ "address": "module.a", "child_modules": [inner] }],
    });
    let report = reported(plan(root, json!([]), json!({})));
    assert_eq!(format_of(&report), "terraform-plan");
    assert_eq!(admits(policy(&report, "aws_security_group.g")), ["in tcp 22 private secure"]);
    assert_eq!(admits(policy(&report, "module.a.module.b[0].aws_security_group.g[\"x\"]")), ["in tcp 22 internet dangerous"]);
}

#[test]
fn what_is_known_after_apply_is_found_in_the_configuration() {
    let rule = |address: &str| {
        resource(address, json!({ "type": "ingress", "protocol": "tcp", "from_port": 22, "to_port": 22, "cidr_blocks": ["0.0.0.0/0"] }))
    };
    let root = json!({
        "resources": [
            resource("aws_security_group.g", json!({ "name": "g" })),
            rule("aws_security_group_rule.r"),
            resource("aws_security_group.lb[0]", json!({})),
            resource("aws_security_group.app", json!({ "ingress": [{ "protocol": "tcp", "from_port": 80, "to_port": 80 }] })),
        ],
        "child_modules": [{ "address": "module.net[0]", "resources": [rule("module.net[0].aws_security_group_rule.r")] }],
    });
    let open = |address: &str, unknown: Value| json!({ "address": address, "change": { "actions": ["create"], "after_unknown": unknown } });
    let changes = json!([
        open("aws_security_group.g", json!({ "id": true, "ingress": true, "egress": true })),
        open("aws_security_group_rule.r", json!({ "security_group_id": true, "cidr_blocks": [false] })),
        open("aws_security_group.app", json!({ "ingress": [{ "security_groups": true, "cidr_blocks": true }] })),
        open("module.net[0].aws_security_group_rule.r", json!({ "security_group_id": true })),
    ]);
    let to = |name: &str| json!({ "references": [format!("{name}.id"), name] });
    let group = |address: &str, expressions: Value| json!({ "address": address, "expressions": expressions });
    let configuration = json!({
        "resources": [
            group("aws_security_group.g", json!({ "name": { "constant_value": "g" } })),
            group("aws_security_group_rule.r", json!({ "security_group_id": to("aws_security_group.g") })),
            group("aws_security_group.app", json!({ "ingress": [{ "security_groups": to("aws_security_group.lb[0]"), "cidr_blocks": { "references": ["var.nets"] } }] })),
        ],
        "module_calls": { "net": {
            "expressions": { "group_id": { "references": ["module.groups.id", "module.groups"] } },
            "module": { "resources": [group("aws_security_group_rule.r", json!({ "security_group_id": { "references": ["var.group_id"] } }))] },
        }, "groups": { "module": { "outputs": { "id": { "expression": to("aws_security_group.inner") } }, "resources": [] } } },
    });
    let report = reported(plan(root, changes, configuration));
    let g = policy(&report, "aws_security_group.g");
    assert_eq!(admits(g), ["in tcp 22 internet dangerous"], "the rules the provider fills in are none: {g:#}");
    assert_eq!(g["partial"], false);
    let app = policy(&report, "aws_security_group.app");
    let peers: Vec<&str> = app["rules"].as_array().unwrap().iter().map(|rule| rule["peer"].as_str().unwrap()).collect();
    assert_eq!(peers, ["var.nets", "aws_security_group.lb[0]"]);
    assert_eq!(app["verdict"], "caution", "HTTP without HTTPS, if the variable is open");
    let part = policy(&report, "module.groups.aws_security_group.inner");
    assert_eq!((part["partial"].as_bool(), admits(part)), (Some(true), vec!["in tcp 22 internet dangerous".to_owned()]));
}

#[test]
fn what_will_be_destroyed_is_not_judged() {
    let root = json!({ "resources": [resource("aws_security_group.stays", json!({ "ingress": [] }))] });
    let gone = json!([
        { "address": "aws_security_group.gone", "type": "aws_security_group", "name": "gone", "change": { "actions": ["delete"], "before": { "ingress": ingress(json!(["0.0.0.0/0"])) }, "after": null } },
        { "address": "aws_security_group.stays", "type": "aws_security_group", "name": "stays", "change": { "actions": ["no-op"], "after": { "ingress": [] } } },
    ]);
    for text in [plan(root, gone.clone(), json!({})), json!({ "terraform_version": "1.9.0", "resource_changes": gone }).to_string()] {
        let report = reported(&text);
        assert_eq!((format_of(&report), report["policies"].as_array().unwrap().len()), ("terraform-plan", 1), "{text}");
        assert_eq!(report["verdict"], "secure");
    }
}

fn state(resources: Value) -> String {
    json!({ "version": 4, "terraform_version": "1.9.0", "serial": 3, "lineage": "00000000-0000-0000-0000-000000000000", "outputs": {}, "resources": resources }).to_string()
}

#[test]
fn states_show_what_there_is() {
    let group = json!({ "id": "sg-1", "name": "g", "ingress": ingress(json!(["0.0.0.0/0"])), "egress": [] });
    let rule = json!({ "id": "sgrule-1", "type": "ingress", "protocol": "tcp", "from_port": 22, "to_port": 22, "cidr_blocks": ["0.0.0.0/0"], "source_security_group_id": "", "security_group_id": "sg-1" });
    let own = |ingress: Value| json!({ "id": "sg-2", "name": "own", "ingress": ingress, "egress": null });
    let text = state(json!([
        { "mode": "managed", "type": "aws_security_group", "name": "g", "provider": "p", "instances": [{ "index_key": 0, "schema_version": 1, "attributes": group }] },
        { "mode": "managed", "type": "aws_security_group_rule", "name": "r", "instances": [{ "attributes": rule }] },
        { "module": "module.net", "mode": "managed", "type": "aws_security_group", "name": "own", "instances": [{ "index_key": "a", "attributes":
            own(json!([{ "protocol": "-1", "from_port": 0, "to_port": 0, "self": true, "security_groups": ["sg-1"] }])) }] },
        { "mode": "data", "type": "aws_security_group", "name": "other", "instances": [{ "attributes": { "id": "sg-3" } }] },
    ]));
    let report = reported(&text);
    assert_eq!((format_of(&report), report["documents"][0]["problems"].clone()), ("terraform-state", json!([])));
    let g = policy(&report, "aws_security_group.g[0]");
    assert_eq!((&g["id"], admits(g)), (&json!("sg-1"), vec!["in tcp 22 internet dangerous".to_owned()]));
    assert_eq!(g["rules"].as_array().unwrap().len(), 1, "the group shows the rule that was made beside it, too");
    assert_eq!(policy(&report, "module.net.aws_security_group.own[\"a\"]")["verdict"], "secure");
    assert_eq!(report["policies"].as_array().unwrap().len(), 2);
}

#[test]
fn states_are_also_shown_as_json() {
    let text = json!({ "format_version": "1.0", "terraform_version": "1.9.0", "values": { "root_module": { "resources": [
        resource("aws_security_group.g", json!({ "id": "sg-1", "ingress": ingress(json!(["0.0.0.0/0"])) })),
    ] } } });
    let report = reported(text.to_string());
    assert_eq!((format_of(&report), admits(&report["policies"][0])), ("terraform-state", vec!["in tcp 22 internet dangerous".to_owned()]));
    let empty = json!({ "format_version": "1.0", "terraform_version": "1.9.0" });
    let report = reported(empty.to_string());
    assert_eq!((format_of(&report), &report["verdict"]), ("terraform-state", &Value::Null));
}

#[test]
fn old_states_have_flat_attributes() {
    let attributes = json!({
        "id": "sg-1", "name": "g", "egress.#": "0", "ingress.#": "1",
        "ingress.2541437006.cidr_blocks.#": "2", "ingress.2541437006.cidr_blocks.0": "10.0.0.0/8", "ingress.2541437006.cidr_blocks.1": "0.0.0.0/0",
        "ingress.2541437006.from_port": "22", "ingress.2541437006.to_port": "22", "ingress.2541437006.protocol": "tcp",
        "ingress.2541437006.self": "false", "ingress.2541437006.security_groups.#": "0", "tags.%": "1", "tags.Name": "g",
    });
    let text = json!({ "version": 3, "serial": 1, "lineage": "x", "modules": [
        { "path": ["root", "net"], "resources": { "aws_security_group.g.1": { "type": "aws_security_group", "primary": { "id": "sg-1", "attributes": attributes } } } },
    ] });
    let report = reported(text.to_string());
    assert_eq!(format_of(&report), "terraform-state");
    let lines = admits(policy(&report, "module.net.aws_security_group.g[1]"));
    assert!(lines.contains(&"in tcp 22 internet dangerous".to_owned()), "{lines:?}");
}

#[test]
fn a_plan_that_breaks_off_is_told_where() {
    let root = json!({ "resources": [resource("aws_security_group.g", json!({ "ingress": ingress(json!(["0.0.0.0/0"])) }))] });
    let text = serde_json::to_string_pretty(&serde_json::from_str::<Value>(&plan(root, json!([]), json!({}))).unwrap()).unwrap();
    let report = reported(text.trim_end().trim_end_matches('}'));
    let problem = &report["documents"][0]["problems"][0];
    assert_eq!((problem["level"].as_str(), problem["at"]["line"].as_u64()), (Some("error"), Some(text.lines().count() as u64 - 1)));
    assert_eq!(report["verdict"], "dangerous", "what stands before the end is judged");
}

#[test]
fn other_json_is_no_plan() {
    for text in ["{\"version\": 4}", "{\"values\": {}}", "{\"planned_values\": 1}", "{\"resources\": []}"] {
        let format = &reported(text)["documents"][0]["format"];
        assert!(format.is_null(), "{text}: {format}");
    }
}

/// One network told three ways: written, planned before anything exists, and as it stands. The surfaces are the same.
#[test]
fn the_network_of_a_plan_and_of_a_state_is_that_of_the_configuration() {
    let hcl = r#"
        resource "aws_vpc" "main" {
          cidr_block = "10.0.0.0/16"
        }
        resource "aws_internet_gateway" "main" {
          vpc_id = aws_vpc.main.id
        }
        resource "aws_subnet" "web" {
          vpc_id                  = aws_vpc.main.id
          cidr_block              = "10.0.1.0/24"
          map_public_ip_on_launch = true
        }
        resource "aws_route_table" "web" {
          vpc_id = aws_vpc.main.id
          route {
            cidr_block = "0.0.0.0/0"
            gateway_id = aws_internet_gateway.main.id
          }
        }
        resource "aws_route_table_association" "web" {
          subnet_id      = aws_subnet.web.id
          route_table_id = aws_route_table.web.id
        }
        resource "aws_network_acl" "web" {
          vpc_id     = aws_vpc.main.id
          subnet_ids = [aws_subnet.web.id]
          ingress {
            rule_no    = 100
            action     = "allow"
            protocol   = "tcp"
            from_port  = 22
            to_port    = 22
            cidr_block = "0.0.0.0/0"
          }
        }
        resource "aws_security_group" "web" {
          vpc_id = aws_vpc.main.id
          ingress {
            from_port   = 22
            to_port     = 22
            protocol    = "tcp"
            cidr_blocks = ["0.0.0.0/0"]
          }
          ingress {
            from_port   = 3306
            to_port     = 3306
            protocol    = "tcp"
            cidr_blocks = ["0.0.0.0/0"]
          }
        }
        resource "aws_instance" "web" {
          ami                    = "ami-0a1b2c3d4e5f60718"
          instance_type          = "t3.micro"
          subnet_id              = aws_subnet.web.id
          vpc_security_group_ids = [aws_security_group.web.id]
        }"#;
    let rule = |port: u16| {
        json!({ "from_port": port, "to_port": port, "protocol": "tcp", "cidr_blocks": ["0.0.0.0/0"], "ipv6_cidr_blocks": [],
            "prefix_list_ids": [], "security_groups": [], "self": false, "description": "" })
    };
    let entry = json!({ "rule_no": 100, "action": "allow", "protocol": "tcp", "from_port": 22, "to_port": 22,
        "cidr_block": "0.0.0.0/0", "ipv6_cidr_block": "", "icmp_type": 0, "icmp_code": 0 });
    let route = |gateway: Option<&str>| {
        let mut told = json!({ "cidr_block": "0.0.0.0/0", "ipv6_cidr_block": "", "nat_gateway_id": "", "transit_gateway_id": "" });
        if let Some(gateway) = gateway {
            told["gateway_id"] = gateway.into();
        }
        told
    };
    // What is known before anything exists, what is unknown then, what is written, and what is known afterwards.
    let refers = |to: &str| json!({ "references": [format!("{to}.id"), to] });
    let all = [
        ("aws_vpc", "main", json!({ "cidr_block": "10.0.0.0/16" }), json!({ "id": "vpc-1" }), json!({})),
        (
            "aws_internet_gateway",
            "main",
            json!({}),
            json!({ "id": "igw-1", "vpc_id": "vpc-1" }),
            json!({ "vpc_id": refers("aws_vpc.main") }),
        ),
        (
            "aws_subnet",
            "web",
            json!({ "cidr_block": "10.0.1.0/24", "map_public_ip_on_launch": true }),
            json!({ "id": "subnet-1", "vpc_id": "vpc-1" }),
            json!({ "vpc_id": refers("aws_vpc.main") }),
        ),
        (
            "aws_route_table",
            "web",
            json!({ "route": [route(None)] }),
            json!({ "id": "rtb-1", "vpc_id": "vpc-1", "route": [route(Some("igw-1"))] }),
            json!({ "vpc_id": refers("aws_vpc.main"), "route": refers("aws_internet_gateway.main") }),
        ),
        (
            "aws_route_table_association",
            "web",
            json!({}),
            json!({ "id": "rtbassoc-1", "subnet_id": "subnet-1", "route_table_id": "rtb-1" }),
            json!({ "subnet_id": refers("aws_subnet.web"), "route_table_id": refers("aws_route_table.web") }),
        ),
        (
            "aws_network_acl",
            "web",
            json!({ "ingress": [entry], "egress": [] }),
            json!({ "id": "acl-1", "vpc_id": "vpc-1", "subnet_ids": ["subnet-1"] }),
            json!({ "vpc_id": refers("aws_vpc.main"), "subnet_ids": refers("aws_subnet.web"), "ingress": [{}] }),
        ),
        (
            "aws_security_group",
            "web",
            json!({ "ingress": [rule(22), rule(3306)], "egress": [] }),
            json!({ "id": "sg-1", "vpc_id": "vpc-1" }),
            json!({ "vpc_id": refers("aws_vpc.main"), "ingress": [{}, {}] }),
        ),
        (
            "aws_instance",
            "web",
            json!({ "ami": "ami-0a1b2c3d4e5f60718", "instance_type": "t3.micro" }),
            json!({ "id": "i-1", "subnet_id": "subnet-1", "vpc_security_group_ids": ["sg-1"], "private_ip": "10.0.1.5",
                                "associate_public_ip_address": true, "public_ip": "203.0.113.9" }),
            json!({ "subnet_id": refers("aws_subnet.web"), "vpc_security_group_ids": refers("aws_security_group.web") }),
        ),
    ];
    let merged = |known: &Value, later: &Value| {
        let mut both = known.clone();
        both.as_object_mut().unwrap().extend(later.as_object().unwrap().clone());
        both
    };
    let resource = |kind: &str, name: &str| json!({ "address": format!("{kind}.{name}"), "mode": "managed", "type": kind, "name": name });
    let unknown = |later: &Value| -> Value {
        let open = |key: &String| if key == "route" { json!([{ "gateway_id": true }]) } else { Value::Bool(true) };
        Value::Object(later.as_object().unwrap().keys().map(|key| (key.clone(), open(key))).collect())
    };
    let planned = all.iter().map(|(kind, name, known, ..)| merged(&resource(kind, name), &json!({ "values": known })));
    let changes = all.iter().map(|(kind, name, known, later, _)| {
        let change = json!({ "change": { "actions": ["create"], "before": null, "after": known, "after_unknown": unknown(later) } });
        merged(&resource(kind, name), &change)
    });
    let written = all.iter().map(|(kind, name, .., written)| merged(&resource(kind, name), &json!({ "expressions": written })));
    let plan = json!({
        "format_version": "1.2", "terraform_version": "1.9.0",
        "planned_values": { "root_module": { "resources": planned.collect::<Vec<_>>() } },
        "resource_changes": changes.collect::<Vec<_>>(),
        "configuration": { "root_module": { "resources": written.collect::<Vec<_>>() } },
    });
    let shown = all.iter().map(|(kind, name, known, later, _)| merged(&resource(kind, name), &json!({ "values": merged(known, later) })));
    let shown = json!({ "format_version": "1.0", "terraform_version": "1.9.0",
        "values": { "root_module": { "resources": shown.collect::<Vec<_>>() } } });
    let stored = all.iter().map(|(kind, name, known, later, _)| {
        json!({ "mode": "managed", "type": kind, "name": name, "provider": "provider[\"registry.terraform.io/hashicorp/aws\"]",
            "instances": [{ "schema_version": 1, "attributes": merged(known, later) }] })
    });
    let stored = json!({ "version": 4, "terraform_version": "1.9.0", "serial": 1, "lineage": "a", "outputs": {},
        "resources": stored.collect::<Vec<_>>() });
    let told = |name: &str, text: &str| -> Value {
        let report = files(&[(name, text)]);
        let surfaces = report["surfaces"].as_array().unwrap();
        assert_eq!(surfaces.len(), 1, "{name}: {:#}", report["documents"]);
        let surface = &surfaces[0];
        let open: Vec<String> = surface["exposures"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| ["direction", "protocol", "ports", "verdict"].map(|key| one[key].to_string()).join(" "))
            .collect();
        let closed: Vec<String> = surface["closed"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["message"].as_str().unwrap().split(" closed by").next().unwrap().to_owned())
            .collect();
        json!({ "verdict": surface["verdict"], "assumed": surface["assumed"], "open": open, "closed": closed })
    };
    let configuration = told("main.tf", hcl);
    assert_eq!(configuration["verdict"], "dangerous", "{configuration:#}");
    assert_eq!(configuration["assumed"], json!([]));
    for (name, text) in [("plan.json", &plan), ("state.json", &shown), ("terraform.tfstate", &stored)] {
        assert_eq!(told(name, &text.to_string()), configuration, "{name}");
    }
}
