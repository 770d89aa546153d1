//! What the command line prints, whole and in parts.

use super::*;

#[test]
fn the_cli_prints_groups() {
    quietly(listing(vec![open_group()]), "aws-security-groups", 1);
    quietly(listing(vec![open_group(), open_group()]), "aws-security-groups", 2);
    let paged = json!({ "SecurityGroups": [open_group()], "NextToken": "eyJ2IjoiMiJ9" });
    quietly(paged.to_string(), "aws-security-groups", 1);
}

#[test]
fn the_cli_prints_rules() {
    let report = open(json!({ "SecurityGroupRules": [open_row()] }).to_string(), "aws-security-group-rules", 1);
    assert_eq!(report["policies"][0]["rules"][0]["id"], "sgr-0a1b2c3d");
    let mut other = open_row();
    other["GroupId"] = "sg-other".into();
    quietly(json!({ "SecurityGroupRules": [open_row(), other, open_row()] }).to_string(), "aws-security-group-rules", 2);
}

#[test]
fn rows_name_every_kind_of_peer() {
    let row = |peer: Value| {
        let mut row = json!({ "GroupId": "sg-web", "IsEgress": false, "IpProtocol": "-1", "FromPort": -1, "ToPort": -1 });
        row.as_object_mut().unwrap().extend(peer.as_object().unwrap().clone());
        row
    };
    let rows = [
        row(json!({ "CidrIpv6": "fd00::/64" })),
        row(json!({ "PrefixListId": "pl-0123" })),
        row(json!({ "ReferencedGroupInfo": { "GroupId": "sg-lb", "UserId": "123456789012" } })),
    ];
    let report = reported(json!({ "SecurityGroupRules": rows }).to_string());
    let peers: Vec<&str> = report["policies"][0]["rules"].as_array().unwrap().iter().map(|rule| rule["peer"].as_str().unwrap()).collect();
    assert_eq!(peers, ["fd00::/64", "pl-0123", "sg-lb"]);
    assert_eq!(report["verdict"], "unknown");
}

#[test]
fn authorise_calls_answer_with_rules() {
    let answer = json!({ "Return": true, "SecurityGroupRules": [open_row()] });
    quietly(answer.to_string(), "aws-security-group-rules", 1);
}

#[test]
fn parts_of_a_listing() {
    quietly(json!([open_group(), open_group()]).to_string(), "aws-security-groups", 2);
    quietly(open_group().to_string(), "aws-security-groups", 1);
    quietly(json!([[open_group()], [open_group()]]).to_string(), "aws-security-groups", 2);
    quietly(json!([open_row()]).to_string(), "aws-security-group-rules", 1);
    quietly(open_row().to_string(), "aws-security-group-rules", 1);
}

#[test]
fn renamed_and_chosen_columns() {
    let renamed = json!([{ "ID": "sg-web", "Name": "web", "Ingress": [open_permission()], "Egress": [] }]);
    let report = open(renamed.to_string(), "aws-security-groups", 1);
    assert_eq!((&report["policies"][0]["id"], &report["policies"][0]["name"]), (&json!("sg-web"), &json!("web")));
    open(json!([["sg-web", [open_permission()]]]).to_string(), "aws-security-groups", 1);
    let bare = open(json!([open_permission()]).to_string(), "aws-ip-permissions", 1);
    problem(&bare, "neither a group nor a direction");
    open(json!([[open_permission()], [open_permission()]]).to_string(), "aws-ip-permissions", 1);
}

#[test]
fn pages_one_after_the_other() {
    let page = listing(vec![open_group()]);
    quietly(format!("{page}\n{page}\n"), "aws-security-groups", 2);
    quietly(format!("{page}{page}"), "aws-security-groups", 2);
    let prompt = "$ aws ec2 describe-security-groups\n";
    quietly(format!("{prompt}{page}\n{prompt}{page}\n$ "), "aws-security-groups", 2);
}

#[test]
fn a_prompt_before_the_json() {
    for prompt in [
        "$ aws ec2 describe-security-groups --output json",
        "[ec2-user@ip-10-0-0-1 ~]$ aws ec2 describe-security-groups",
        "PS C:\\Users\\me> aws ec2 describe-security-groups",
        "~ % aws ec2 describe-security-groups \\",
        "# aws ec2 describe-security-groups",
    ] {
        quietly(format!("{prompt}\n{}", listing(vec![open_group()])), "aws-security-groups", 1);
    }
}

#[test]
fn recorders_wrap_responses() {
    let data = json!({ "status_code": 200, "data": { "ResponseMetadata": {}, "SecurityGroups": [open_group()] } });
    quietly(data.to_string(), "aws-security-groups", 1);
    let nested = json!({ "request": { "uri": "x" }, "response": { "body": { "SecurityGroups": [open_group()] } } });
    quietly(nested.to_string(), "aws-security-groups", 1);
}
