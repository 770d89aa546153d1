//! Interfaces, instances, subnets and route tables: what is recognised, what is not, and what is done with the unexpected.

use portcullis_tests::{group, listing, reported};
use serde_json::{Value, json};

use portcullis_core::report;
use portcullis_core::review::{Input, review};

const SAMPLES: [(&str, &str); 4] = [
    (
        "aws-network-interfaces",
        r#"{"NetworkInterfaces": [{"NetworkInterfaceId": "eni-1", "SubnetId": "subnet-1", "Groups": [{"GroupId": "sg-a"}], "Colour": {"of": "money"}}]}"#,
    ),
    (
        "aws-instances",
        r#"{"Reservations": [{"Instances": [{"InstanceId": "i-1", "ImageId": "ami-1", "SecurityGroups": [{"GroupId": "sg-a"}], "PublicIpAddress": "203.0.113.7", "Mood": 7}]}]}"#,
    ),
    ("aws-subnets", r#"{"Subnets": [{"SubnetId": "subnet-1", "CidrBlock": "10.0.1.0/24", "Smell": null}]}"#),
    (
        "aws-route-tables",
        r#"{"RouteTables": [{"RouteTableId": "rtb-1", "Associations": [{"SubnetId": "subnet-1"}], "Routes": [{"DestinationCidrBlock": "0.0.0.0/0", "GatewayId": "igw-1", "Taste": "salt"}]}]}"#,
    ),
];

fn together(texts: &[&str]) -> Value {
    let inputs = texts.iter().enumerate().map(|(i, text)| Input { name: format!("{i}.json"), bytes: (*text).into() }).collect();
    serde_json::to_value(report::report(&review(inputs, &mut |_| {}))).unwrap()
}

#[test]
fn each_is_recognised_with_fields_that_nobody_knows() {
    for (format, text) in SAMPLES {
        let report = reported(text);
        let document = &report["documents"][0];
        assert_eq!((&document["format"], &document["facts"], &document["problem_count"]), (&json!(format), &json!(1), &json!(0)), "{text}");
        // By itself a network admits nobody, and `--query` takes the list out of its envelope.
        let list = serde_json::from_str::<Value>(text).unwrap().as_object().unwrap().values().next().unwrap().clone();
        assert_eq!(reported(list.to_string())["documents"][0]["format"], format, "{list}");
    }
}

#[test]
fn what_only_looks_alike_is_something_else() {
    for text in [r#"{"Interfaces": [{"Id": "eth0"}]}"#, r#"{"Hosts": [{"InstanceId": "i-1"}]}"#, r#"[{"Subnet": "10.0.0.0/24"}]"#] {
        let report = reported(text);
        assert_eq!((&report["documents"][0]["format"], &report["verdict"]), (&Value::Null, &json!("unknown")), "{text}");
    }
}

#[test]
fn what_is_broken_is_told_with_its_place() {
    for (text, line, column, says) in [
        ("{\"NetworkInterfaces\": [\n  {\"Groups\": []}]}", 2, 3, "no network interface, since it has no `NetworkInterfaceId`"),
        ("{\"Subnets\": [\n {\"SubnetId\": \"subnet-1\", \"CidrBlock\": \"10.0.0/33\"}]}", 2, 40, "`10.0.0/33` is no CIDR"),
        (
            "{\"RouteTables\": [{\"RouteTableId\": \"rtb-1\", \"Routes\": [\n{\"DestinationCidrBlock\": \"everywhere\", \"GatewayId\": \"igw-1\"}]}]}",
            2,
            26,
            "`everywhere` is no CIDR",
        ),
        ("{\"Subnets\": [{\"SubnetId\": \"subnet-1\",\n", 1, 38, "ends inside an object"),
    ] {
        let report = reported(text);
        let problems = report["documents"][0]["problems"].as_array().unwrap();
        let found = problems.iter().any(|problem| {
            (&problem["at"]["line"], &problem["at"]["column"]) == (&json!(line), &json!(column))
                && problem["message"].as_str().unwrap().contains(says)
        });
        assert!(found, "{text}: {problems:#?}");
    }
}

#[test]
fn what_was_not_pasted_is_assumed_open_and_said() {
    let open = listing(vec![group("a", &["in tcp 22 0.0.0.0/0"])]);
    let interface = SAMPLES[0].1;
    let report = together(&[&open, interface]);
    let surface = &report["surfaces"][0];
    // The policy is dangerous all the same: nobody knows that its interface is the only one, and half of the way is assumed.
    assert_eq!((&surface["verdict"], &report["policies"][0]["verdict"]), (&json!("secure"), &json!("dangerous")));
    let assumed: Vec<&str> = surface["assumed"].as_array().unwrap().iter().map(|told| told.as_str().unwrap()).collect();
    assert_eq!(
        assumed,
        [
            "the ACL of subnet-1 was not pasted, so it is assumed open",
            "the routes of subnet-1 were not pasted; it is assumed to face the internet"
        ]
    );
    assert_eq!(surface["gate"], json!(["the lack of a public IPv4 address"]), "{surface:#}");
}

#[test]
fn a_group_that_was_not_pasted_is_unknown() {
    let report = together(&[SAMPLES[1].1]);
    let surface = &report["surfaces"][0];
    assert_eq!((&surface["verdict"], &report["verdict"]), (&json!("unknown"), &json!("unknown")));
    assert_eq!(surface["layer_list"][0]["missing"], json!(["sg-a"]));
}

#[test]
fn the_most_specific_route_decides_and_gateways_differ() {
    let reach = |routes: &str| {
        let table = format!(
            r#"{{"RouteTables": [{{"RouteTableId": "rtb-1", "Associations": [{{"SubnetId": "subnet-1"}}], "Routes": [{routes}]}}]}}"#
        );
        let interface = r#"{"NetworkInterfaces": [{"NetworkInterfaceId": "eni-1", "SubnetId": "subnet-1", "PrivateIpAddress": "10.0.1.5", "Association": {"PublicIp": "203.0.113.9"}, "Groups": [{"GroupId": "sg-a"}]}]}"#;
        let open = listing(vec![group("a", &["in tcp 22 0.0.0.0/0"])]);
        let report = together(&[&open, interface, &table]);
        let exposure = &report["surfaces"][0]["exposures"][0];
        (exposure["reach"].as_str().unwrap().to_owned(), exposure["ipv4"].as_u64().unwrap())
    };
    let (everything, local) = (
        r#"{"DestinationCidrBlock": "0.0.0.0/0", "GatewayId": "igw-1"}"#,
        r#"{"DestinationCidrBlock": "10.0.0.0/16", "GatewayId": "local"}"#,
    );
    assert_eq!(reach(&format!("{local}, {everything}")), ("internet".to_owned(), 3_702_258_688));
    assert_eq!(reach(local), ("private".to_owned(), 0));
    assert_eq!(reach(r#"{"DestinationCidrBlock": "0.0.0.0/0", "NatGatewayId": "nat-1"}"#).1, 0);
    assert_eq!(reach(r#"{"DestinationCidrBlock": "0.0.0.0/0", "GatewayId": "igw-1", "State": "blackhole"}"#).1, 0);
    assert_eq!(reach(r#"{"DestinationCidrBlock": "8.8.8.0/24", "GatewayId": "igw-1"}"#), ("public".to_owned(), 256));
    // A narrower route takes its part away from the wider one.
    let away = format!(r#"{everything}, {{"DestinationCidrBlock": "8.8.8.0/24", "NatGatewayId": "nat-1"}}"#);
    assert_eq!(reach(&away).1, 3_702_258_688 - 256);
    // Behind a transit gateway may be an internet gateway that was not pasted.
    assert_eq!(reach(r#"{"DestinationCidrBlock": "0.0.0.0/0", "TransitGatewayId": "tgw-1"}"#).0, "unknown");
}

#[test]
fn the_firewall_of_the_machine_is_a_layer_of_its_interface() {
    let groups = listing(vec![group("a", &["in tcp 22 0.0.0.0/0", "in tcp 3306 0.0.0.0/0"])]);
    let interface = |machine: &str| {
        format!(
            r#"{{"NetworkInterfaceId": "eni-{machine}", "SubnetId": "subnet-1", "PrivateIpAddress": "10.0.1.5", "Association": {{"PublicIp": "203.0.113.9"}}, "Attachment": {{"InstanceId": "i-{machine}"}}, "Groups": [{{"GroupId": "sg-a"}}]}}"#
        )
    };
    let rules = "*filter\n:INPUT DROP [0:0]\n-A INPUT -p tcp --dport 22 -j ACCEPT\nCOMMIT\n";
    let seen = |file: &str, machines: &[&str]| {
        let interfaces: Vec<String> = machines.iter().map(|machine| interface(machine)).collect();
        let interfaces = format!(r#"{{"NetworkInterfaces": [{}]}}"#, interfaces.join(","));
        let input = |name: &str, text: &str| Input { name: name.into(), bytes: text.into() };
        let inputs = vec![input("groups.json", &groups), input("interfaces.json", &interfaces), input(file, rules)];
        let report = serde_json::to_value(report::report(&review(inputs, &mut |_| {}))).unwrap();
        let surfaces = report["surfaces"].as_array().unwrap().clone();
        let open = |surface: &Value| -> Vec<String> {
            let inbound = surface["exposures"].as_array().unwrap().iter().filter(|exposure| exposure["direction"] == "ingress");
            inbound.map(|exposure| exposure["ports"].as_str().unwrap().to_owned()).collect()
        };
        (surfaces.iter().map(open).collect::<Vec<_>>(), surfaces)
    };
    // The only machine, or the one that the file is named after.
    let (open, surfaces) = seen("saved.txt", &["1"]);
    assert_eq!(open, [["22"]]);
    let closed = surfaces[0]["closed"].as_array().unwrap();
    assert!(
        closed
            .iter()
            .any(|one| one["message"].as_str().unwrap().contains("3306/tcp") && one["message"].as_str().unwrap().contains("host firewall")),
        "{closed:#?}"
    );
    assert_eq!(seen("rules/i-2.iptables", &["1", "2"]).0, [vec!["22", "3306"], vec!["22"]]);
    assert_eq!(seen("saved.txt", &["1", "2"]).0, [["22", "3306"], ["22", "3306"]]);
}

const AZURE: &str = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/shop/providers/Microsoft.Network";

fn security_group(name: &str, access: &str) -> String {
    format!(
        r#"{{"id": "{AZURE}/networkSecurityGroups/{name}", "name": "{name}", "securityRules": [{{"name": "ssh", "priority": 100, "direction": "Inbound", "access": "{access}", "protocol": "Tcp", "sourcePortRange": "*", "destinationPortRange": "22", "sourceAddressPrefix": "Internet", "destinationAddressPrefix": "*"}}]}}"#
    )
}

/// Azure asks the group of the subnet and the group of the interface; both have to say yes.
#[test]
fn subnet_and_interface_are_two_layers_on_azure() {
    let seen = |subnet: &str, interface: &str| {
        let groups = format!("[{}, {}]", security_group("border", subnet), security_group("own", interface));
        let network = format!(
            r#"[{{"name": "net", "id": "{AZURE}/virtualNetworks/net", "subnets": [{{"id": "{AZURE}/virtualNetworks/net/subnets/front", "name": "front", "addressPrefix": "10.0.1.0/24", "networkSecurityGroup": {{"id": "{AZURE}/networkSecurityGroups/border"}}}}]}}]"#
        );
        // Ids are the same in any letter case.
        let upper = AZURE.to_uppercase();
        let card = format!(
            r#"[{{"name": "web", "id": "{AZURE}/networkInterfaces/web", "type": "Microsoft.Network/networkInterfaces", "networkSecurityGroup": {{"id": "{upper}/networkSecurityGroups/own"}}, "ipConfigurations": [{{"name": "one", "privateIPAddress": "10.0.1.4", "publicIPAddress": {{"id": "{AZURE}/publicIPAddresses/web"}}, "subnet": {{"id": "{AZURE}/virtualNetworks/net/subnets/front"}}}}]}}]"#
        );
        let report = together(&[&groups, &network, &card]);
        let formats: Vec<&str> = report["documents"].as_array().unwrap().iter().map(|own| own["format"].as_str().unwrap()).collect();
        assert_eq!(formats, ["azure-network-security-groups", "azure-virtual-networks", "azure-network-interfaces"]);
        assert_eq!(report["surfaces"][0]["assumed"], json!([]));
        let closed = report["surfaces"][0]["closed"].as_array().unwrap().iter().map(|one| one["message"].as_str().unwrap().to_owned());
        (report["surfaces"][0]["verdict"].clone(), report["verdict"].clone(), closed.collect::<Vec<_>>())
    };
    assert_eq!(seen("Allow", "Allow"), (json!("dangerous"), json!("dangerous"), vec![]));
    let (surface, all, closed) = seen("Allow", "Deny");
    assert_eq!((surface, all), (json!("secure"), json!("caution")));
    assert!(closed[0].contains("22/tcp") && closed[0].ends_with("closed by the network security group own at rule 100"), "{closed:?}");
    let (surface, _, closed) = seen("Deny", "Allow");
    assert_eq!(surface, "secure");
    assert!(closed[0].ends_with("closed by the network security group border at rule 100"), "{closed:?}");
}

/// Nothing filters what no group stands before; only the kind of the public address can still close it to the internet.
#[test]
fn an_interface_of_azure_without_any_group_is_open() {
    let network = format!(
        r#"[{{"name": "net", "id": "{AZURE}/virtualNetworks/net", "subnets": [{{"id": "{AZURE}/virtualNetworks/net/subnets/front", "name": "front", "addressPrefix": "10.0.1.0/24"}}]}}]"#
    );
    let card = |public: &str| {
        format!(
            r#"[{{"name": "web", "id": "{AZURE}/networkInterfaces/web", "type": "Microsoft.Network/networkInterfaces", "ipConfigurations": [{{"name": "one", "privateIPAddress": "10.0.1.4", {public} "subnet": {{"id": "{AZURE}/virtualNetworks/net/subnets/front"}}}}]}}]"#
        )
    };
    let public = format!(r#""publicIPAddress": {{"id": "{AZURE}/publicIPAddresses/web"}},"#);
    let report = together(&[&network, &card(&public)]);
    let surface = &report["surfaces"][0];
    assert!(surface["assumed"][0].as_str().unwrap().starts_with("no network security group: everything is admitted"), "{surface:#}");
    assert_eq!((&surface["verdict"], &report["verdict"]), (&json!("unknown"), &json!("unknown")));
    // Without a public address only the networks around it reach it, and these surely do.
    let report = together(&[&network, &card("")]);
    assert_eq!(report["surfaces"][0]["verdict"], "caution", "{:#}", report["surfaces"]);
    // Whether a group stands before a subnet that was not pasted can't be known.
    let report = together(&[&card(&public)]);
    assert_eq!(report["surfaces"][0]["verdict"], "unknown", "{:#}", report["surfaces"]);
    assert!(report["surfaces"][0]["assumed"][0].as_str().unwrap().contains("is not in the texts"));
}

#[test]
fn terraform_says_which_group_stands_where_on_azure() {
    let rule = |name: &str, access: &str| {
        format!(
            "resource \"azurerm_network_security_group\" \"{name}\" {{\n  name = \"{name}\"\n  security_rule {{\n    name = \"ssh\"\n    priority = 100\n    direction = \"Inbound\"\n    access = \"{access}\"\n    protocol = \"Tcp\"\n    source_port_range = \"*\"\n    destination_port_range = \"22\"\n    source_address_prefix = \"Internet\"\n    destination_address_prefix = \"*\"\n  }}\n}}\n"
        )
    };
    let rest = "resource \"azurerm_subnet\" \"front\" {\n  address_prefixes = [\"10.0.1.0/24\"]\n}\n\
        resource \"azurerm_network_interface\" \"web\" {\n  name = \"web\"\n  ip_configuration {\n    subnet_id = azurerm_subnet.front.id\n    public_ip_address_id = azurerm_public_ip.web.id\n  }\n}\n\
        resource \"azurerm_subnet_network_security_group_association\" \"a\" {\n  subnet_id = azurerm_subnet.front.id\n  network_security_group_id = azurerm_network_security_group.border.id\n}\n\
        resource \"azurerm_network_interface_security_group_association\" \"b\" {\n  network_interface_id = azurerm_network_interface.web.id\n  network_security_group_id = azurerm_network_security_group.own.id\n}\n";
    let verdicts = |border: &str, own: &str| {
        let report = reported(format!("{}{}{rest}", rule("border", border), rule("own", own)));
        assert_eq!(report["surfaces"][0]["layers"], json!([0, 1]), "{:#}", report["surfaces"]);
        (report["surfaces"][0]["verdict"].clone(), report["verdict"].clone())
    };
    assert_eq!(verdicts("Allow", "Allow"), (json!("dangerous"), json!("dangerous")));
    assert_eq!(verdicts("Allow", "Deny"), (json!("secure"), json!("caution")));
    assert_eq!(verdicts("Deny", "Allow"), (json!("secure"), json!("caution")));
}
