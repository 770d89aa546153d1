//! Files that nobody named: a directory holds many that have nothing to do with firewalls.

use super::{Assumptions, Together, is_baseline, recognise};
use crate::document::Document;

/// Words that stand in configurations of firewalls and of the networks around them. A file that has one counts whether or not it
/// can be read.
const SIGNS: [&str; 31] = [
    "AWS::EC2::",
    "AWSTemplateFormatVersion",
    "CidrIp",
    "IpPermissions",
    "Microsoft.Network/",
    "NetworkAcl",
    "NetworkInterfaces",
    "PrefixList",
    "Reservations",
    "RouteTables",
    "SecurityGroup",
    "Subnets",
    "[[approve]]",
    "aws_network_acl",
    "aws_security_group",
    "aws_vpc_security_group",
    "azurerm_network",
    "cidr_blocks",
    "compute#firewall",
    "defaultSecurityRules",
    "ec2_group",
    "ec2_security_group",
    "google_compute_firewall",
    "ipConfigurations",
    "ipPermissions",
    "networkSecurityGroup",
    "nftables",
    "planned_values",
    "securityRules",
    "sourceRanges",
    "terraform_version",
];

/// Whether a file holds nothing that could be judged: no format recognises it, and no word in it speaks of a firewall. What can't be
/// read as text at all may be anything, so it is not unrelated.
pub fn is_unrelated(name: &str, bytes: &[u8]) -> bool {
    let mut documents = [Document::new(name, bytes.to_vec())];
    let told = |text: &str| SIGNS.iter().any(|sign| memchr::memmem::find(text.as_bytes(), sign.as_bytes()).is_some());
    let text = documents.first().map_or("", |document| document.text.as_str());
    // An empty file is none by its text, and may be one by its name.
    let is_text = text.trim().is_empty() || recognise::not_text(text).is_none();
    if !is_text || told(text) || is_baseline(text) {
        return false;
    }
    let together = Together::of(&documents, &[]);
    together.read(&mut documents, 0, &Assumptions::new(), &mut |_| {}, &mut |_| {});
    documents.first().is_some_and(|document| document.format.is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_speaks_of_no_firewall_is_unrelated() {
        for text in [
            "",
            " \n",
            "{\"name\": \"shop\", \"scripts\": {}}",
            "services:\n  web:\n    image: shop\n",
            "{ broken",
            "just: text\n- and: more",
        ] {
            assert!(is_unrelated("some.yaml", text.as_bytes()), "{text}");
        }
        for text in [
            "{\"SecurityGroups\": []}",
            "{\"SecurityGroups\": [{\"GroupId\": ",
            "Resources:\n  Web:\n    Type: AWS::EC2::SecurityGroup\n   broken",
            "{\"securityRules\": ",
            "[[approve]]\n",
            "\0\0\u{1}",
        ] {
            assert!(!is_unrelated("some.yaml", text.as_bytes()), "{text}");
        }
        assert!(!is_unrelated("main.tf", b""), "an empty file is a part of its directory");
        assert!(!is_unrelated("values.tfvars.json", b"{\"admin\": \"10.0.0.0/8\"}"), "it belongs to a configuration of Terraform");
    }
}
