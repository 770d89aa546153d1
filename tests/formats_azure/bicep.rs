//! Bicep.

use super::*;

const BICEP: &str = r"
// who may come in
param adminCidr string
param ports array = [22, 3389]
var base = [
  {
    name: 'web'
    properties: {
      priority: 100
      access: 'Allow', direction: 'Inbound', protocol: 'Tcp'
      sourceAddressPrefix: 'Internet'
      sourcePortRange: '*'
      destinationAddressPrefix: '*'
      destinationPortRange: '443'
    }
  }
]
resource nsg 'Microsoft.Network/networkSecurityGroups@2023-09-01' = {
  name: 'nsg-${uniqueString(resourceGroup().id)}'
  properties: {
    securityRules: concat(base, [for (port, i) in ports: {
      name: 'port-${port}'
      properties: {
        priority: 200 + i
        access: 'Allow'
        direction: 'Inbound'
        protocol: 'Tcp'
        sourceAddressPrefix: i == 0 ? adminCidr : '*'
        sourcePortRange: '*'
        destinationAddressPrefix: '*'
        destinationPortRange: string(port)
      }
    }])
  }
  resource snmp 'securityRules' = {
    name: 'snmp'
    properties: {
      priority: 300, access: 'Allow', direction: 'Inbound', protocol: 'Udp', sourceAddressPrefix: '*'
      sourcePortRange: '*', destinationAddressPrefix: '*', destinationPortRange: '161'
    }
  }
}
resource redis 'Microsoft.Network/networkSecurityGroups/securityRules@2023-09-01' = if (length(ports) > 1) {
  parent: nsg
  name: 'redis'
  properties: {
    priority: 310, access: 'Allow', direction: 'Inbound', protocol: '*', sourceAddressPrefix: '*'
    sourcePortRange: '*', destinationAddressPrefix: '*', destinationPortRange: '6379'
  }
}
output id string = nsg.id
";

#[test]
fn bicep_is_read() {
    let report = reported(BICEP);
    quiet(&report);
    assert_eq!((format_of(&report), report["policies"].as_array().unwrap().len()), ("azure-bicep", 1));
    let policy = &report["policies"][0];
    assert_eq!((&policy["address"], &policy["name"]), (&json!("nsg"), &json!("nsg-uniqueString(resourceGroup().id)")));
    let names: Vec<&str> = policy["rules"].as_array().unwrap().iter().take(6).map(|rule| rule["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["web", "port-22", "port-3389", "snmp", "redis", "redis"]);
    assert_eq!(policy["rules"][4]["address"], "redis");
    assert_eq!(reach(&report, "tcp", 22), "unknown");
    assert_eq!(report["unresolved"][0]["name"], "adminCidr");
    for (protocol, port) in [("tcp", 3389), ("udp", 161), ("tcp", 6379), ("tcp", 443)] {
        assert_eq!(reach(&report, protocol, port), "internet", "{port}");
    }
    let web = &policy["rules"][0]["at"];
    assert_eq!((web["line"].as_u64(), web["column"].as_u64()), (Some(11), Some(28)));
}

#[test]
fn broken_bicep_is_said_and_the_rest_is_read() {
    let broken = BICEP.replace("name: 'redis'", "name: 'redis");
    let report = reported(&broken);
    let line = broken.lines().position(|line| line.starts_with("resource redis")).unwrap();
    assert_eq!(problem(&report, "`resource redis` can't be read"), (line as u64 + 1, "error".to_owned()));
    assert_eq!(report["policies"][0]["verdict"], "dangerous");
    let only = reported("resource a 'Microsoft.Network/networkSecurityGroups@2023-09-01' = {\n  name: 'a'\n  properties: {\n");
    assert_eq!(only["verdict"], "unknown");
    let module = reported("module net './net.bicep' = {\n  name: 'net'\n}\n");
    assert_eq!((problem(&module, "the module `net`").1.as_str(), &module["verdict"]), ("error", &json!("unknown")));
    assert_eq!(format_of(&reported("param x string = 'y'\n")), "none");
}

#[test]
fn bicep_cut_off_anywhere_is_never_secure() {
    for end in (0..BICEP.len()).step_by(3) {
        let report = reported(&BICEP[..end]);
        assert_ne!(report["verdict"], "secure", "{end}");
    }
}

// Where other tools are wrong.
