//! Texts that are known and can't be judged: each is called by its name, with what to paste in its place.

/// A kind of text that can't be judged.
pub(super) struct Unread {
    /// What a person calls it.
    what: &'static str,
    /// Why it is not judged.
    why: &'static str,
    /// What to do.
    instead: &'static str,
    signs: fn(&str) -> bool,
}

const NOT_READ: &str = "which is not read";
const ARE_NOT_READ: &str = "which are not read";
const A_PART: &str = "of which too little is here";
const OPEN: &str = "whose values are not filled in";

/// In the order in which they are tried.
const KINDS: &[Unread] = &[
    Unread {
        what: "AWS network ACLs",
        why: A_PART,
        instead: "paste all that `aws ec2 describe-network-acls` prints",
        signs: |text| any(text, &["\"NetworkAcls\"", "\"NetworkAclId\""]),
    },
    Unread {
        what: "a plan that changes nothing",
        why: "which lists nothing",
        instead: "paste what `terraform show -json` prints of the state",
        signs: |text| any(text, &["No changes. Your infrastructure matches", "No changes. Infrastructure is up-to-date"]),
    },
    Unread {
        what: "Terraform configuration",
        why: A_PART,
        instead: "paste the whole file",
        signs: |text| any(text, &["resource \"aws_", "resource \"azurerm_", "resource \"google_", "variable \""]),
    },
    Unread {
        what: "a Terraform plan or state",
        why: A_PART,
        instead: "paste all that `terraform show -json` prints",
        signs: |text| any(text, &["\"planned_values\"", "\"terraform_version\""]),
    },
    Unread {
        what: "an Ansible playbook",
        why: NOT_READ,
        instead: "run it, and paste what the platform's command line prints of what it made",
        signs: |text| text.contains("hosts:") && any(text, &["tasks:", "roles:"]) || any(text, &["ec2_security_group:", "ec2_group:"]),
    },
    Unread {
        what: "a template with placeholders in braces",
        why: OPEN,
        instead: "render it, and paste what comes out",
        signs: |text| all(text, &["{{", "}}"]) || text.contains("{%"),
    },
    Unread {
        what: "a CloudFormation template",
        why: A_PART,
        instead: "paste the whole template",
        signs: |text| any(text, &["AWSTemplateFormatVersion", "AWS::EC2::"]),
    },
    Unread {
        what: "flow logs",
        why: ARE_NOT_READ,
        instead: "paste the rules of the groups that were logged",
        signs: |text| any(text, &[" ACCEPT OK", " REJECT OK", "NetworkSecurityGroupFlowEvent", "\"flowTuples\"", "FlowLogFlowEvent"]),
    },
    Unread {
        what: "Azure resources other than network security groups",
        why: ARE_NOT_READ,
        instead: "paste what `az network nsg list` prints",
        signs: |text| text.contains("Microsoft.Network/"),
    },
    Unread {
        what: "Google Cloud firewall rules",
        why: A_PART,
        instead: "paste all that `gcloud compute firewall-rules list --format=json` prints",
        signs: |text| any(text, &["compute#firewall", "sourceRanges"]),
    },
    Unread {
        what: "an nftables ruleset in nft's own language",
        why: NOT_READ,
        instead: "paste what `nft -j list ruleset` prints",
        signs: |text| text.contains("hook input priority"),
    },
    Unread {
        what: "what `iptables -L` prints",
        why: NOT_READ,
        instead: "paste what `iptables-save` prints",
        signs: |text| text.contains("Chain INPUT (policy "),
    },
    Unread {
        what: "what the AWS CLI prints as text or as a table",
        why: NOT_READ,
        instead: "run the same command with `--output json`",
        signs: |text| {
            lines(text, &["SECURITYGROUPS\t", "SECURITYGROUPRULES\t", "IPPERMISSIONS\t", "NETWORKACLS\t", "ENTRIES\t"])
                || text.lines().any(|line| line.starts_with('|') && line.contains(" Describe"))
        },
    },
    Unread {
        what: "what gcloud prints as a table",
        why: NOT_READ,
        instead: "run the same command with `--format=json`",
        signs: |text| text.lines().any(|line| line.starts_with("NAME ") && all(line, &["NETWORK", "DIRECTION", "PRIORITY"])),
    },
    Unread {
        what: "what the Azure CLI prints as a table",
        why: NOT_READ,
        instead: "run the same command with `--output json`",
        signs: |text| text.lines().any(|line| line.starts_with("Name ") && all(line, &["Priority", "Access", "Direction"])),
    },
    Unread {
        what: "commands that make rules",
        why: ARE_NOT_READ,
        instead: "paste what the platform's command line lists once they have run",
        signs: |text| {
            let commands = [
                "ec2 authorize-security-group-",
                "network nsg rule create",
                "compute firewall-rules create",
                "ec2 create-network-acl-entry",
            ];
            any(text, &commands)
        },
    },
    Unread {
        what: "a program that makes infrastructure",
        why: NOT_READ,
        instead: "paste what it makes, such as the template that `cdk synth` prints",
        signs: |text| any(text, &["aws-cdk-lib", "aws_cdk", "@pulumi/", "import pulumi", "from \"cdktf\""]),
    },
    Unread {
        what: "a Kubernetes manifest",
        why: NOT_READ,
        instead: "paste the rules of the cloud's own firewall in front of the cluster",
        signs: |text| all(text, &["apiVersion:", "kind:"]),
    },
    Unread {
        what: "a docker-compose file",
        why: NOT_READ,
        instead: "paste the rules of the machine's own firewall, or of the cloud's in front of it",
        signs: |text| text.contains("services:") && any(text, &["image:", "build:"]),
    },
    Unread {
        what: "the configuration of a router or a firewall appliance",
        why: NOT_READ,
        instead: "paste the rules of the cloud's own firewall",
        signs: |text| lines(text, &["access-list ", "ip access-list ", "set security policies ", "set firewall "]),
    },
    Unread {
        what: "Windows firewall rules",
        why: ARE_NOT_READ,
        instead: "paste the rules of the cloud's own firewall",
        signs: |text| text.contains("netsh advfirewall") || all(text, &["Rule Name:", "Direction:", "LocalPort:"]),
    },
    Unread {
        what: "a scanner's report",
        why: "which is no configuration",
        instead: "paste the configuration that it is about",
        signs: |text| all(text, &["$schema", "sarif"]) || all(text, &["\"check_id\"", "\"results\""]),
    },
    Unread { what: "XML or HTML", why: NOT_READ, instead: USUAL, signs: |text| text.trim_start().starts_with('<') },
];

const USUAL: &str = "paste what the platform's command line prints, or the whole template or plan";

/// What a text in no known format looks like, by its first 20,000 characters.
pub(super) fn looks_like(text: &str) -> Option<&'static Unread> {
    let end = text.char_indices().nth(20_000).map_or(text.len(), |(at, _)| at);
    let head = text.get(..end).unwrap_or(text);
    KINDS.iter().find(|kind| (kind.signs)(head))
}

/// What to say of a text in no known format.
pub(super) fn sentence(looks_like: Option<&Unread>) -> String {
    match looks_like {
        Some(Unread { what, why, instead, .. }) => format!("this looks like {what}, {why}, so nothing here is judged; {instead}"),
        None => format!("no firewall configuration was recognised, so nothing here is judged; {USUAL}"),
    }
}

fn any(text: &str, words: &[&str]) -> bool {
    words.iter().any(|word| text.contains(word))
}

fn all(text: &str, words: &[&str]) -> bool {
    words.iter().all(|word| text.contains(word))
}

/// Whether a line begins with one of some words.
fn lines(text: &str, words: &[&str]) -> bool {
    text.lines().map(str::trim_start).any(|line| words.iter().any(|word| line.starts_with(word)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_known_is_called_by_its_name_with_what_to_paste() {
        let said = |text: &str| sentence(looks_like(text));
        for (text, what, instead) in [
            ("resource \"aws_security_group\" \"a\" {", "Terraform configuration", "the whole file"),
            ("{\"NetworkAcls\": []", "network ACLs", "describe-network-acls"),
            ("SECURITYGROUPS\tdefault VPC security group\tsg-1\nIPPERMISSIONS\t22\ttcp\t22\n", "AWS CLI prints as text", "--output json"),
            ("-----\n|  DescribeSecurityGroups  |\n+----+\n", "as a table", "--output json"),
            (
                "NAME     NETWORK  DIRECTION  PRIORITY  ALLOW   DENY  DISABLED\nssh  default  INGRESS  1000  tcp:22\n",
                "gcloud",
                "--format=json",
            ),
            ("Name  ResourceGroup  Priority  SourcePortRanges  Access  Direction\n----\n", "Azure CLI", "--output json"),
            ("aws ec2 authorize-security-group-ingress --group-id sg-1 --port 22", "commands that make rules", "once they have run"),
            ("import * as ec2 from 'aws-cdk-lib/aws-ec2';", "a program", "cdk synth"),
            ("ingress_{{ name }}: 22", "placeholders", "render it"),
            ("2 123456789012 eni-1 10.0.0.1 10.0.0.2 20641 22 6 20 4249 1418530010 1418530070 ACCEPT OK", "flow logs", "the rules"),
            ("No changes. Your infrastructure matches the configuration.", "changes nothing", "terraform show -json"),
            ("ip access-list extended OUTSIDE\n permit tcp any host 192.0.2.1 eq 22\n", "router", "the cloud's own firewall"),
            ("Rule Name: SSH\nDirection: In\nLocalPort: 22\n", "Windows", "the cloud's own firewall"),
            ("{\"$schema\": \"https://example.com/sarif-2.1.0.json\", \"runs\": []}", "a scanner's report", "the configuration"),
        ] {
            let said = said(text);
            assert!(said.contains(what) && said.contains(instead), "{text}: {said}");
        }
        assert!(said("a ACCEPT OK").contains("flow logs, which are not read"));
        assert!(said("hello").contains("no firewall configuration"));
    }
}
