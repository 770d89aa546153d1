//! Recorders: AWS Config and CloudTrail.

use super::*;

#[test]
fn config_items() {
    let configuration = json!({
        "groupId": "sg-web", "groupName": "web", "ownerId": "123456789012", "vpcId": "vpc-1",
        "ipPermissions": [{
            "ipProtocol": "tcp", "fromPort": 22, "toPort": 22, "ipRanges": ["0.0.0.0/0"], "ipv4Ranges": [{ "cidrIp": "0.0.0.0/0" }],
            "ipv6Ranges": [], "prefixListIds": [], "userIdGroupPairs": [],
        }],
        "ipPermissionsEgress": [],
    });
    let item =
        |configuration: Value| json!({ "resourceType": "AWS::EC2::SecurityGroup", "resourceId": "sg-web", "configuration": configuration });
    let report = open(item(configuration.clone()).to_string(), "aws-config-items", 1);
    assert_eq!(report["policies"][0]["rules"].as_array().unwrap().len(), 1, "the two spellings of one range are one rule");
    quietly(item(configuration.to_string().into()).to_string(), "aws-config-items", 1);
    quietly(json!({ "configurationItems": [item(configuration.clone()), item(configuration.clone())] }).to_string(), "aws-config-items", 2);
    let query = json!({ "Results": [item(configuration).to_string()], "QueryInfo": {} });
    open(query.to_string(), "aws-config-items", 1);
    let other = json!({ "resourceType": "AWS::EC2::Instance", "resourceId": "i-1", "configuration": {} });
    assert_eq!(reported(other.to_string())["verdict"], "unknown");
}

fn event(name: &str, parameters: Value) -> Value {
    json!({ "eventVersion": "1.08", "eventSource": "ec2.amazonaws.com", "eventName": name, "requestParameters": parameters })
}

#[test]
fn cloudtrail_events() {
    let permission = json!({ "ipProtocol": "tcp", "fromPort": "22", "toPort": "22", "groups": {},
        "ipRanges": { "items": [{ "cidrIp": "0.0.0.0/0" }] }, "ipv6Ranges": {}, "prefixListIds": {} });
    let authorise = event("AuthorizeSecurityGroupIngress", json!({ "groupId": "sg-web", "ipPermissions": { "items": [permission] } }));
    let report = open(authorise.to_string(), "aws-cloudtrail-events", 1);
    assert_eq!(report["policies"][0]["partial"], true);
    quietly(json!({ "Records": [authorise.clone(), authorise.clone()] }).to_string(), "aws-cloudtrail-events", 2);
    quietly(json!({ "detail-type": "AWS API Call via CloudTrail", "detail": authorise.clone() }).to_string(), "aws-cloudtrail-events", 1);
    let looked_up = json!({ "Events": [{ "EventName": "AuthorizeSecurityGroupIngress", "CloudTrailEvent": authorise.to_string() }] });
    quietly(looked_up.to_string(), "aws-cloudtrail-events", 1);
    let modify = event(
        "ModifySecurityGroupRules",
        json!({ "ModifySecurityGroupRulesRequest": { "GroupId": "sg-web",
        "SecurityGroupRule": { "SecurityGroupRuleId": "sgr-1", "SecurityGroupRule": { "IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIpv4": "0.0.0.0/0" } } } }),
    );
    open(modify.to_string(), "aws-cloudtrail-events", 1);
}

#[test]
fn events_that_add_nothing_are_said_to() {
    let revoke = reported(event("RevokeSecurityGroupIngress", json!({ "groupId": "sg-web" })).to_string());
    assert_eq!((&revoke["verdict"], &revoke["documents"][0]["format"]), (&Value::Null, &json!("aws-cloudtrail-events")));
    problem(&revoke, "adds no rules");
    let mut failed = event("AuthorizeSecurityGroupIngress", json!({ "groupId": "sg-web" }));
    failed["errorCode"] = "Client.UnauthorizedOperation".into();
    problem(&reported(failed.to_string()), "changed nothing");
}
