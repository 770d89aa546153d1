//! Interfaces in CloudFormation templates behind all of their layers: each layer closes, what is not in the text is named, and
//! the listings of what was made tell the same.

use portcullis_tests::{files, group, listing, reported};
use serde_json::{Value, json};

const TEMPLATE: &str = "
Parameters:
  Open: {Type: String}
Conditions:
  Perhaps: !Equals [!Ref Open, 'yes']
Resources:
  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  Front:
    Type: AWS::EC2::Subnet
    Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.1.0/24, MapPublicIpOnLaunch: true}
  Acl: {Type: AWS::EC2::NetworkAcl, Properties: {VpcId: !Ref Vpc}}
  In:
    Type: AWS::EC2::NetworkAclEntry
    Properties: {NetworkAclId: !Ref Acl, RuleNumber: 100, Protocol: -1, RuleAction: allow, CidrBlock: 0.0.0.0/0}
  Out:
    Type: AWS::EC2::NetworkAclEntry
    Properties: {NetworkAclId: !Ref Acl, RuleNumber: 100, Protocol: -1, RuleAction: allow, Egress: true, CidrBlock: 0.0.0.0/0}
  AclOfFront:
    Type: AWS::EC2::SubnetNetworkAclAssociation
    Properties: {SubnetId: !Ref Front, NetworkAclId: !Ref Acl}
  Gateway: {Type: AWS::EC2::InternetGateway}
  Attached: {Type: AWS::EC2::VPCGatewayAttachment, Properties: {VpcId: !Ref Vpc, InternetGatewayId: !Ref Gateway}}
  Table: {Type: AWS::EC2::RouteTable, Properties: {VpcId: !Ref Vpc}}
  Away:
    Type: AWS::EC2::Route
    DependsOn: Attached
    Properties: {RouteTableId: !Ref Table, DestinationCidrBlock: 0.0.0.0/0, GatewayId: !Ref Gateway}
  TableOfFront:
    Type: AWS::EC2::SubnetRouteTableAssociation
    Properties: {SubnetId: !Ref Front, RouteTableId: !Ref Table}
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      VpcId: !Ref Vpc
      GroupDescription: web
      SecurityGroupIngress: {IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 0.0.0.0/0}
  Web:
    Type: AWS::EC2::Instance
    Properties:
      SubnetId: !Ref Front
      SecurityGroupIds: [!GetAtt Group.GroupId]
";

fn changed(change: &str, instead: &str) -> String {
    assert!(TEMPLATE.contains(change), "{change}");
    TEMPLATE.replacen(change, instead, 1)
}

/// The only surface.
fn surface(text: &str) -> Value {
    let report = reported(text);
    assert_eq!(report["documents"][0]["format"], "aws-cloudformation-template");
    let surfaces = report["surfaces"].as_array().unwrap();
    assert_eq!(surfaces.len(), 1, "{surfaces:#?}");
    surfaces[0].clone()
}

fn closed_by(surface: &Value) -> Vec<String> {
    let told = surface["closed"].as_array().unwrap().iter().map(|one| one["message"].as_str().unwrap());
    told.filter_map(|message| message.split_once("closed by ")).map(|(_, by)| by.to_owned()).collect()
}

#[test]
fn what_passes_every_layer_is_open() {
    let surface = surface(TEMPLATE);
    assert_eq!((&surface["id"], &surface["verdict"]), (&json!("Web"), &json!("dangerous")));
    assert_eq!((&surface["assumed"], &surface["gate"], closed_by(&surface)), (&json!([]), &json!([]), vec![]));
    assert_eq!(
        surface["layer_list"].as_array().unwrap().iter().map(|layer| layer["kind"].clone()).collect::<Vec<_>>(),
        ["subnet", "interface"]
    );
}

#[test]
fn each_layer_closes() {
    for (change, instead, by) in [
        ("MapPublicIpOnLaunch: true", "MapPublicIpOnLaunch: false", "the lack of a public IPv4 address"),
        (", MapPublicIpOnLaunch: true", "", "the lack of a public IPv4 address"),
        ("0, GatewayId: !Ref Gateway}", "0, NatGatewayId: !Ref Nat}", "the lack of a route from Front to an internet gateway (Table)"),
        (
            "DestinationCidrBlock: 0.0.0.0/0",
            "DestinationCidrBlock: 10.9.0.0/16",
            "the lack of a route from Front to an internet gateway (Table)",
        ),
        ("RuleAction: allow, CidrBlock", "RuleAction: deny, CidrBlock", "the network ACL Acl at rule 100"),
        (
            "RuleNumber: 100, Protocol: -1",
            "RuleNumber: 90, Protocol: 17, PortRange: {From: 1, To: 9}",
            "the network ACL Acl, which has no rule for it",
        ),
    ] {
        let surface = surface(&changed(change, instead));
        assert_eq!((surface["verdict"].clone(), closed_by(&surface)), (json!("secure"), vec![by.to_owned()]), "{instead}");
        assert_eq!(surface["assumed"], json!([]), "{instead}");
    }
    assert_eq!(surface(&changed("CidrIp: 0.0.0.0/0", "CidrIp: 10.0.0.0/8"))["verdict"], "secure");
}

#[test]
fn what_is_not_in_the_text_is_assumed_by_its_name() {
    for (change, instead, assumed) in [
        (
            "MapPublicIpOnLaunch: true",
            "MapPublicIpOnLaunch: !Ref Open",
            "whether Web has a public IPv4 address is not in the texts; it is assumed to have one",
        ),
        (
            "SubnetId: !Ref Front\n",
            "NetworkInterfaces: [{SubnetId: !Ref Front, GroupSet: [!Ref Group], AssociatePublicIpAddress: !Ref Open}]\n",
            "whether Web has a public IPv4 address is not in the texts; it is assumed to have one",
        ),
        (
            "SubnetId: !Ref Front\n",
            "NetworkInterfaces: [{SubnetId: !Ref Front, GroupSet: [!Ref Group], AssociatePublicIpAddress: !If [Perhaps, true, false]}]\n",
            "whether Web has a public IPv4 address is not in the texts; it is assumed to have one",
        ),
        (
            "0, GatewayId: !Ref Gateway}",
            "0, GatewayId: !Ref Open}",
            "some routes of Table lead to what is not in the texts; they are assumed to admit the internet",
        ),
        (
            "DestinationCidrBlock: 0.0.0.0/0",
            "DestinationCidrBlock: !Ref Open",
            "some routes of Table lead to what is not in the texts; they are assumed to admit the internet",
        ),
        (
            "    DependsOn: Attached\n",
            "    Condition: Perhaps\n",
            "some routes of Table lead to what is not in the texts; they are assumed to admit the internet",
        ),
        (
            "{SubnetId: !Ref Front, RouteTableId: !Ref Table}",
            "{SubnetId: !Ref Front, RouteTableId: rtb-1}",
            "some routes of rtb-1 lead to what is not in the texts; they are assumed to admit the internet",
        ),
        (
            "{SubnetId: !Ref Front, NetworkAclId: !Ref Acl}",
            "{SubnetId: !Ref Open, NetworkAclId: !Ref Acl}",
            "the ACL of Front was not pasted, so it is assumed open",
        ),
        (
            "{SubnetId: !Ref Front, RouteTableId: !Ref Table}",
            "{SubnetId: !Ref Open, RouteTableId: !Ref Table}",
            "the routes of Front were not pasted; it is assumed to face the internet",
        ),
    ] {
        let surface = surface(&changed(change, instead));
        assert_eq!((&surface["assumed"], &surface["verdict"]), (&json!([assumed]), &json!("dangerous")), "{instead}");
    }
    let open = surface(&changed("SubnetId: !Ref Front\n", "SubnetId: !Ref Open\n"));
    let assumed = open["assumed"].as_array().unwrap();
    assert!(
        assumed.iter().all(|told| told.as_str().unwrap().contains("Web") || told.as_str().unwrap().contains("!Ref Open")),
        "{assumed:?}"
    );
    assert_eq!(assumed.len(), 3);
}

/// A layer that could be anything is unknown, whatever is known beside it.
#[test]
fn a_policy_that_is_not_in_the_text_is_missing_by_its_name() {
    for (change, instead, missing) in [
        ("[!GetAtt Group.GroupId]", "[!Ref Open]", "!Ref Open"),
        ("[!GetAtt Group.GroupId]", "[!ImportValue shared]", "!ImportValue shared"),
        ("[!GetAtt Group.GroupId]", "!If [Perhaps, [!Ref Group], [sg-1]]", "the condition Perhaps"),
        ("[!GetAtt Group.GroupId]", "[]", "the network's default security group"),
        ("{SubnetId: !Ref Front, NetworkAclId: !Ref Acl}", "{SubnetId: !Ref Front, NetworkAclId: acl-1}", "acl-1"),
    ] {
        let surface = surface(&changed(change, instead));
        let missing_of = |nth: usize| surface["layer_list"][nth]["missing"].as_array().cloned().unwrap_or_default();
        assert_eq!([missing_of(0), missing_of(1)].concat(), [json!(missing)], "{instead}");
        assert_eq!(surface["verdict"], "unknown", "{instead}");
    }
    // An ACL that closes everything is no proof where it only perhaps stands there.
    let text = changed("RuleAction: allow, CidrBlock", "RuleAction: deny, CidrBlock");
    let text = text.replace(
        "    Type: AWS::EC2::SubnetNetworkAclAssociation\n",
        "    Type: AWS::EC2::SubnetNetworkAclAssociation\n    Condition: Perhaps\n",
    );
    let surface = surface(&text);
    assert_eq!((&surface["verdict"], &surface["layer_list"][0]["missing"]), (&json!("unknown"), &json!(["the condition Perhaps"])));
}

/// What the stack comes to, as the CLI prints it.
fn listed(public: bool, gateway: &str) -> Vec<(&'static str, String)> {
    let entry =
        |egress: bool| json!({ "RuleNumber": 100, "Protocol": "-1", "RuleAction": "allow", "Egress": egress, "CidrBlock": "0.0.0.0/0" });
    let mut interface =
        json!({ "NetworkInterfaceId": "eni-1", "SubnetId": "subnet-1", "VpcId": "vpc-1", "Groups": [{ "GroupId": "sg-web" }] });
    if public {
        interface["Association"] = json!({ "PublicIp": "203.0.113.9" });
    }
    vec![
        ("groups", listing(vec![group("web", &["in tcp 22 0.0.0.0/0", "out -1 - 0.0.0.0/0"])])),
        ("acls", json!({ "NetworkAcls": [{ "NetworkAclId": "acl-1", "Associations": [{ "SubnetId": "subnet-1" }], "Entries": [entry(false), entry(true)] }] }).to_string()),
        ("subnets", json!({ "Subnets": [{ "SubnetId": "subnet-1", "VpcId": "vpc-1", "CidrBlock": "10.0.1.0/24" }] }).to_string()),
        ("routes", json!({ "RouteTables": [{ "RouteTableId": "rtb-1", "Associations": [{ "SubnetId": "subnet-1" }], "Routes": [{ "DestinationCidrBlock": "0.0.0.0/0", gateway: "igw-1" }] }] }).to_string()),
        ("interfaces", json!({ "NetworkInterfaces": [interface] }).to_string()),
    ]
}

#[test]
fn a_template_and_the_listings_of_its_stack_tell_the_same() {
    for (public, gateway) in [(true, "GatewayId"), (false, "GatewayId"), (true, "NatGatewayId"), (false, "NatGatewayId")] {
        let template = changed("MapPublicIpOnLaunch: true", &format!("MapPublicIpOnLaunch: {public}")).replacen(
            "0, GatewayId: !Ref Gateway}",
            &format!("0, {gateway}: !Ref Gateway}}"),
            1,
        );
        let listed = listed(public, gateway);
        let listed = files(&listed.iter().map(|(name, text)| (*name, text.as_str())).collect::<Vec<_>>());
        let (one, two) = (surface(&template), &listed["surfaces"][0]);
        let said = |surface: &Value| {
            let exposures = surface["exposures"].as_array().unwrap().iter();
            let keys = ["direction", "protocol", "ports", "ipv4", "ipv6_64s", "verdict"];
            (
                surface["verdict"].clone(),
                surface["gate"].as_array().unwrap().len(),
                exposures.map(|own| keys.map(|key| own[key].clone())).collect::<Vec<_>>(),
            )
        };
        let (mut one, mut two) = (said(&one), said(two));
        // The stock rule of a group is outbound for IPv6, too, where the template's is.
        one.2.retain(|own| own[0] == "ingress");
        two.2.retain(|own| own[0] == "ingress");
        assert_eq!(one, two, "{public} {gateway}");
    }
}

#[test]
fn interfaces_and_elastic_addresses_are_put_together() {
    let apart = changed("MapPublicIpOnLaunch: true", "MapPublicIpOnLaunch: false").replace(
        "      SubnetId: !Ref Front\n      SecurityGroupIds: [!GetAtt Group.GroupId]\n",
        "      NetworkInterfaces: [{NetworkInterfaceId: !Ref Card, DeviceIndex: '0'}]
  Card:
    Type: AWS::EC2::NetworkInterface
    Properties: {SubnetId: !Ref Front, GroupSet: [!Ref Group], PrivateIpAddress: 10.0.1.7}\n",
    );
    let without = surface(&apart);
    assert_eq!((&without["id"], &without["carrier"], &without["verdict"]), (&json!("Card"), &json!("Web"), &json!("secure")));
    for elastic in ["InstanceId: !Ref Web", "NetworkInterfaceId: !Ref Card"] {
        let with = surface(&format!("{apart}  Address: {{Type: AWS::EC2::EIP, Properties: {{{elastic}}}}}\n"));
        assert_eq!((&with["verdict"], &with["assumed"]), (&json!("dangerous"), &json!([])), "{elastic}");
    }
    let association = "  Address: {Type: AWS::EC2::EIP}\n  Bound: {Type: AWS::EC2::EIPAssociation, Condition: Perhaps, Properties: {AllocationId: !GetAtt Address.AllocationId, InstanceId: !Ref Web}}\n";
    let perhaps = surface(&format!("{apart}{association}"));
    assert_eq!(perhaps["assumed"], json!(["whether Card has a public IPv4 address is not in the texts; it is assumed to have one"]));
}

#[test]
fn what_else_has_interfaces() {
    let with = |resource: &str| {
        let text = changed("Type: AWS::EC2::Instance", "Type: AWS::S3::Bucket").replace("  Web:", "  Unused:");
        reported(format!("{text}{resource}"))["surfaces"].as_array().unwrap().clone()
    };
    let told = |surfaces: &[Value]| -> Vec<(String, String)> {
        surfaces.iter().map(|own| (own["id"].as_str().unwrap().to_owned(), own["verdict"].as_str().unwrap().to_owned())).collect()
    };
    let balancer = |scheme: &str| {
        format!(
            "  Lb: {{Type: AWS::ElasticLoadBalancingV2::LoadBalancer, Properties: {{{scheme} Subnets: [!Ref Front, subnet-9], SecurityGroups: [!Ref Group]}}}}\n"
        )
    };
    assert_eq!(
        told(&with(&balancer(""))),
        [("Lb in Front".to_owned(), "dangerous".to_owned()), ("Lb in subnet-9".to_owned(), "dangerous".to_owned())]
    );
    assert_eq!(told(&with(&balancer("Scheme: internal,")))[0].1, "secure");
    let unguarded = with("  Lb: {Type: AWS::ElasticLoadBalancingV2::LoadBalancer, Properties: {Type: network, Subnets: [!Ref Front]}}\n");
    assert_eq!(unguarded[0]["layer_list"][1]["missing"], json!(["what the listeners of Lb admit, which no security group guards"]));
    let database = |public: &str| {
        format!(
            "  Both: {{Type: AWS::RDS::DBSubnetGroup, Properties: {{DBSubnetGroupDescription: x, SubnetIds: [!Ref Front]}}}}
  Db: {{Type: AWS::RDS::DBInstance, Properties: {{{public} DBSubnetGroupName: !Ref Both, VPCSecurityGroups: [!GetAtt Group.GroupId]}}}}\n"
        )
    };
    assert_eq!(told(&with(&database("PubliclyAccessible: true,"))), [("Db".to_owned(), "dangerous".to_owned())]);
    assert_eq!(told(&with(&database("PubliclyAccessible: false,"))), [("Db".to_owned(), "secure".to_owned())]);
    assert_eq!(
        with(&database(""))[0]["assumed"],
        json!(["whether Db has a public IPv4 address is not in the texts; it is assumed to have one"])
    );
    let fleet = "  Template: {Type: AWS::EC2::LaunchTemplate, Properties: {LaunchTemplateData: {NetworkInterfaces: [{DeviceIndex: 0, AssociatePublicIpAddress: false, Groups: [!Ref Group]}]}}}
  Fleet: {Type: AWS::AutoScaling::AutoScalingGroup, Properties: {VPCZoneIdentifier: [!Ref Front], LaunchTemplate: {LaunchTemplateId: !Ref Template, Version: 1}}}\n";
    assert_eq!(told(&with(fleet)), [("Fleet".to_owned(), "secure".to_owned())]);
    assert_eq!(told(&with(&fleet.replace("AssociatePublicIpAddress: false", "AssociatePublicIpAddress: true")))[0].1, "dangerous");
    let shared =
        fleet.replace("!Ref Template", "lt-1").replace("  Template: {Type: AWS::EC2::LaunchTemplate", "  Template: {Type: AWS::S3::Bucket");
    assert_eq!((told(&with(&shared))[0].1.as_str(), &with(&shared)[0]["layer_list"][1]["missing"]), ("unknown", &json!(["lt-1"])));
}

/// Logical ids hold in their template: what two of them call by one name is not one thing.
#[test]
fn two_templates_are_two_networks() {
    let closed = changed("0, GatewayId: !Ref Gateway}", "0, NatGatewayId: !Ref Nat}").replace("CidrIp: 0.0.0.0/0", "CidrIp: 10.0.0.0/8");
    let bare = "Resources:\n  Web:\n    Type: AWS::EC2::Instance\n    Properties: {SubnetId: !Ref Front, SecurityGroupIds: [!Ref Group]}\n  Group: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: x}}\n  Front: {Type: AWS::EC2::Subnet, Properties: {CidrBlock: 10.0.1.0/24}}\n";
    let verdicts = |texts: [&str; 3]| {
        let report = files(&[("a.yaml", texts[0]), ("b.yaml", texts[1]), ("c.yaml", texts[2])]);
        let surfaces = report["surfaces"].as_array().unwrap();
        surfaces
            .iter()
            .map(|own| (own["verdict"].as_str().unwrap().to_owned(), own["assumed"].as_array().unwrap().len()))
            .collect::<Vec<_>>()
    };
    let (open, shut, loose) = (("dangerous".to_owned(), 0), ("secure".to_owned(), 0), ("secure".to_owned(), 2));
    assert_eq!(verdicts([TEMPLATE, &closed, bare]), [open.clone(), shut.clone(), loose.clone()]);
    assert_eq!(verdicts([bare, &closed, TEMPLATE]), [loose, shut, open]);
}

/// What a network brings along is known where the template makes the network: an open ACL, and a route table that leads nowhere.
#[test]
fn defaults_of_a_network_in_the_template_are_known() {
    let acl = "  AclOfFront:
    Type: AWS::EC2::SubnetNetworkAclAssociation
    Properties: {SubnetId: !Ref Front, NetworkAclId: !Ref Acl}
";
    let default_acl = changed(acl, "");
    let seen = surface(&default_acl);
    assert_eq!((&seen["verdict"], &seen["assumed"]), (&json!("dangerous"), &json!([])), "{seen:#}");
    let kinds: Vec<Value> = seen["layer_list"].as_array().unwrap().iter().map(|layer| layer["kind"].clone()).collect();
    assert_eq!(kinds, ["interface"]);
    // Who adds to the default ACL may close it.
    let added = "  Added:
    Type: AWS::EC2::NetworkAclEntry
    Properties: {NetworkAclId: !GetAtt Vpc.DefaultNetworkAcl, RuleNumber: 90, Protocol: -1, RuleAction: deny, CidrBlock: 0.0.0.0/0}
";
    let report = reported(format!("{default_acl}{added}"));
    assert!(
        report["surfaces"][0]["assumed"][0].as_str().unwrap().starts_with("the ACL of Front was not pasted"),
        "{:#}",
        report["surfaces"]
    );
    let table = "  TableOfFront:
    Type: AWS::EC2::SubnetRouteTableAssociation
    Properties: {SubnetId: !Ref Front, RouteTableId: !Ref Table}
";
    let seen = surface(&changed(table, ""));
    assert_eq!((&seen["verdict"], &seen["assumed"]), (&json!("secure"), &json!([])), "{seen:#}");
    assert_eq!(closed_by(&seen), ["the lack of a route from Front to an internet gateway (the main route table of Vpc)"]);
    // A network that is not in the template has defaults that are not known.
    let other = changed(table, "")
        .replace("  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}\n", "")
        .replace("!Ref Vpc", "vpc-0a1b");
    let seen = surface(&other);
    assert!(seen["assumed"][0].as_str().unwrap().starts_with("the routes of Front were not pasted"), "{seen:#}");
}
