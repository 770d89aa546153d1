//! One set of policies in every spelling that can express them: all admit the same packets, to the address.
//!
//! What a platform or a tool adds by itself is no address: a network security group's default rules admit the virtual network
//! and the load balancer, which are names, and every platform's default egress is left out of the comparison.

mod aws;
mod azure;
mod google;
mod terraform;

use aws::{cloudformation, cloudformation_separate, cloudformation_yaml, describe, describe_rules, describe_yaml, network_acl};
use azure::{nsg_arm, nsg_az, nsg_rest, nsg_terraform};
use google::{gcloud, gcloud_yaml, google_api, google_assets, google_terraform};
use terraform::{terraform_dynamic, terraform_inline, terraform_new, terraform_plan, terraform_separate, terraform_state};

use portcullis_core::exposure::{Evaluation, Exposure, Protocols};
use portcullis_core::model::{Direction, protocol_number};
use portcullis_core::space::AddressSet;
use portcullis_tests::reviewed;
use serde_json::{Value, json};

/// An inbound allow rule: protocol, first and last port (or ICMP type and code), and a prefix.
type Rule = (&'static str, i64, i64, &'static str);

/// The set. ICMP by type and protocols by number are AWS's alone; the others can't express them.
const POLICIES: &[(&str, &[Rule])] = &[
    ("ssh-open", &[("tcp", 22, 22, "0.0.0.0/0")]),
    ("ssh-office", &[("tcp", 22, 22, "203.0.113.0/24")]),
    ("ssh-halves", &[("tcp", 22, 22, "0.0.0.0/1"), ("tcp", 22, 22, "128.0.0.0/1")]),
    ("web", &[("tcp", 80, 80, "0.0.0.0/0"), ("tcp", 443, 443, "0.0.0.0/0")]),
    ("database", &[("tcp", 3306, 3306, "10.0.10.0/24")]),
    ("range", &[("tcp", 3000, 4000, "0.0.0.0/0")]),
    ("two-families", &[("tcp", 443, 443, "10.0.0.0/8"), ("tcp", 443, 443, "fd00::/8")]),
    ("dns", &[("udp", 53, 53, "10.0.0.0/8"), ("tcp", 53, 53, "10.0.0.0/8")]),
    ("overlap", &[("tcp", 20, 25, "10.0.0.0/8"), ("tcp", 22, 80, "10.0.0.0/7")]),
    ("all-tcp", &[("tcp", 0, 65_535, "192.168.0.0/16")]),
    ("everything", &[("all", 0, 65_535, "10.1.0.0/16")]),
    ("nobody", &[]),
    ("ipv6", &[("tcp", 22, 22, "2600::/12"), ("udp", 123, 123, "::/0")]),
    ("ping", &[("icmp", 8, -1, "0.0.0.0/0")]),
];

/// A way to write a policy; `None` where it can't express it.
type Spelling = fn(&str, &[Rule]) -> Option<String>;

const SPELLINGS: &[(&str, Spelling)] = &[
    ("describe-security-groups", describe),
    ("describe-security-group-rules", describe_rules),
    ("network ACL", network_acl),
    ("describe-security-groups, YAML", describe_yaml),
    ("CloudFormation, JSON", cloudformation),
    ("CloudFormation, rules apart", cloudformation_separate),
    ("CloudFormation, YAML", cloudformation_yaml),
    ("Terraform, inline", terraform_inline),
    ("Terraform, dynamic", terraform_dynamic),
    ("Terraform, rules apart", terraform_separate),
    ("Terraform, rules apart, new style", terraform_new),
    ("Terraform plan", terraform_plan),
    ("Terraform state", terraform_state),
    ("NSG, REST", nsg_rest),
    ("NSG, ARM", nsg_arm),
    ("NSG, az", nsg_az),
    ("NSG, azurerm", nsg_terraform),
    ("Google, gcloud", gcloud),
    ("Google, API", google_api),
    ("Google, Cloud Asset Inventory", google_assets),
    ("Google, gcloud YAML", gcloud_yaml),
    ("Google, Terraform", google_terraform),
];

#[test]
fn every_spelling_admits_the_same_packets() {
    for (name, rules) in POLICIES {
        let expected = written_out(rules);
        let mut spelled = 0;
        for (spelling, write) in SPELLINGS {
            let Some(text) = write(name, rules) else { continue };
            spelled += 1;
            assert_eq!(admitted(&text, name), expected, "{name} as {spelling}:\n{text}");
        }
        assert!(spelled > 8, "{name} is spelled in {spelled} ways");
    }
}

/// For each protocol the runs of ports with the addresses that get in.
type Admitted = Vec<(u8, Vec<(u16, u16, AddressSet)>)>;

const PROTOCOLS: [u8; 5] = [1, 6, 17, 47, 58];

/// What a policy of a text admits inbound, names left out.
fn admitted(text: &str, name: &str) -> Admitted {
    let review = reviewed(text);
    let errors = review.documents()[0].problems.errors();
    assert_eq!(errors, 0, "{name}: {:?}\n{text}", review.documents()[0].problems.kept());
    assert_eq!(review.policies(), 1, "{name}: {:?}\n{text}", review.documents()[0].problems.kept());
    review.look(0, |subject, _| PROTOCOLS.map(|number| (number, runs(number, &exposures(subject.evaluation)))).to_vec()).unwrap()
}

fn exposures(evaluation: &Evaluation<'_>) -> Vec<(Protocols, u16, u16, AddressSet)> {
    let inbound = |e: &&Exposure| e.direction == Direction::Ingress;
    assert!(evaluation.exposures.iter().filter(inbound).all(Exposure::is_certain));
    evaluation.exposures.iter().filter(inbound).map(|e| (e.protocols, e.first, e.last, e.surely.addresses.clone())).collect()
}

/// What the rules say, without any reader or evaluator.
fn written_out(rules: &[Rule]) -> Admitted {
    let as_exposure = |(protocol, from, to, net): &Rule| {
        let set = AddressSet::from_nets([net.parse().unwrap()]);
        let number = protocol_number(protocol);
        let (first, last) = match (number, *from, *to) {
            (Some(1), kind, -1) => (kind * 256, kind * 256 + 255),
            (_, from, to) => (from, to),
        };
        let protocols = number.map_or(Protocols::All, Protocols::Number);
        (protocols, u16::try_from(first).unwrap(), u16::try_from(last).unwrap(), set)
    };
    let all: Vec<_> = rules.iter().map(as_exposure).collect();
    PROTOCOLS.map(|number| (number, runs(number, &all))).to_vec()
}

/// Largest runs with one set of addresses each.
fn runs(number: u8, exposures: &[(Protocols, u16, u16, AddressSet)]) -> Vec<(u16, u16, AddressSet)> {
    let named = exposures.iter().any(|(protocols, ..)| *protocols == Protocols::Number(number));
    let speaks = |protocols: &Protocols| match protocols {
        Protocols::All => true,
        Protocols::Other => !named,
        Protocols::Number(own) => *own == number,
    };
    let here: Vec<_> = exposures.iter().filter(|(protocols, ..)| speaks(protocols)).collect();
    let mut cuts: Vec<u32> = here.iter().flat_map(|(_, first, last, _)| [u32::from(*first), u32::from(*last) + 1]).collect();
    cuts.sort_unstable();
    cuts.dedup();
    let mut runs: Vec<(u16, u16, AddressSet)> = Vec::new();
    for pair in cuts.windows(2) {
        let (first, last) = (u16::try_from(pair[0]).unwrap(), u16::try_from(pair[1] - 1).unwrap());
        let covering = here.iter().filter(|(_, from, to, _)| *from <= first && last <= *to);
        let mut set = covering.fold(AddressSet::empty(), |all, (.., set)| all.union(set));
        match number {
            1 => set.v6 = Default::default(),
            58 => set.v4 = Default::default(),
            _ => {}
        }
        match runs.last_mut() {
            _ if set.is_empty() => {}
            Some(open) if u32::from(open.1) + 1 == pair[0] && open.2 == set => open.1 = last,
            _ => runs.push((first, last, set)),
        }
    }
    runs
}

fn is_v6(net: &str) -> bool {
    net.contains(':')
}
