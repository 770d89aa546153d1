//! What printers, editors and terminals make of a listing.

use super::*;

#[test]
fn python_prints_its_own_way() {
    let repr = "{'SecurityGroups': [{'GroupId': 'sg-web', 'GroupName': u'web', 'IpPermissions': [{'IpProtocol': 'tcp', 'FromPort': 22, \
        'ToPort': 22, 'IpRanges': [{'CidrIp': '0.0.0.0/0', 'Description': None}], 'Ipv6Ranges': []}], 'IpPermissionsEgress': []}], \
        'ResponseMetadata': {'Date': datetime.datetime(2024, 5, 1, 12, 0, tzinfo=tzutc()), 'RetryAttempts': 0, 'Ok': True}}";
    quietly(repr, "aws-security-groups", 1);
    let datetimes = json!({ "SecurityGroups": [open_group()], "Date": "2024-05-01 12:00:00+00:00" });
    quietly(datetimes.to_string(), "aws-security-groups", 1);
}

#[test]
fn what_printers_leave_out_or_write_otherwise() {
    let mut nulls = open_group();
    for list in ["Ipv6Ranges", "PrefixListIds", "UserIdGroupPairs"] {
        nulls["IpPermissions"][0][list] = Value::Null;
    }
    nulls["IpPermissionsEgress"] = Value::Null;
    nulls["Tags"] = Value::Null;
    quietly(listing(vec![nulls]), "aws-security-groups", 1);

    let mut texts = open_group();
    texts["IpPermissions"][0]["FromPort"] = "22".into();
    texts["IpPermissions"][0]["ToPort"] = 22.0.into();
    texts["IpPermissions"][0]["IpProtocol"] = 6.into();
    quietly(listing(vec![texts]), "aws-security-groups", 1);

    let mut single = open_group();
    single["IpPermissions"] = single["IpPermissions"][0].clone();
    quietly(json!({ "SecurityGroups": single }).to_string(), "aws-security-groups", 1);

    let mut strings = open_group();
    strings["IpPermissions"][0]["IpRanges"] = json!(["0.0.0.0/0"]);
    quietly(listing(vec![strings]), "aws-security-groups", 1);

    let snake = r#"{"security_groups": [{"group_id": "sg-web", "group_name": "web", "ip_permissions": [{"ip_protocol": "tcp", "from_port": 22,
        "to_port": 22, "ip_ranges": [{"cidr_ip": "0.0.0.0/0"}]}], "ip_permissions_egress": []}]}"#;
    quietly(snake, "aws-security-groups", 1);
}

#[test]
fn what_editors_and_terminals_add() {
    let text = listing(vec![open_group()]);
    quietly(format!("\u{feff}{text}"), "aws-security-groups", 1);
    quietly(text.replace('\n', "\r\n"), "aws-security-groups", 1);
    let utf16: Vec<u8> = "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    quietly(utf16, "aws-security-groups", 1);
    let commas = text.replace("\n      ]", ",\n      ]").replace("\n    }", ",\n    }");
    assert_ne!(commas, text);
    quietly(commas, "aws-security-groups", 1);
    quietly(format!("// exported today\n{text} /* the end */ # really"), "aws-security-groups", 1);
    let report = open(text.replacen("},", "}", 1).replacen("\",", "\"", 1), "aws-security-groups", 1);
    problem(&report, "a comma is missing");
}
