//! Invented `aws ec2 describe-security-groups` exports of any size, the same bytes every time: what `bench` measures on.
//!
//! The groups are of the kinds that organisations have (web, ssh, database, cluster, mail, everything open by mistake), with
//! descriptions, tags, IPv6, group pairs and prefix lists. Non-ASCII text stays within Latin-1: one character beyond it
//! makes V8 keep the whole text at two bytes a character, and JSON.parse, which is measured against, twice as slow.

use std::io::{self, Write};

use crate::json_writer::{JsonWriter, Layout};

/// The documentation's account number.
const ACCOUNT: &str = "123456789012";
const OTHER_ACCOUNT: &str = "210987654321";
const SEED: u64 = 0x706f_7274_6375_6c6c;

/// What was written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Written {
    pub(crate) bytes: u64,
    pub(crate) groups: u64,
    /// Peers: address ranges, group pairs and prefix lists, each of which is a rule to AWS.
    pub(crate) rules: u64,
}

/// Writes an export that is `bytes` long, give or take a group.
pub(crate) fn write(out: impl Write, layout: Layout, bytes: u64) -> io::Result<Written> {
    let mut export = Export { random: Random(SEED), groups: 0, rules: 0 };
    let mut json = JsonWriter::new(out, layout);
    json.object(|json| {
        json.key("SecurityGroups")?.array(|json| {
            while json.bytes() < bytes {
                export.group(json)?;
            }
            Ok(())
        })
    })?;
    let bytes = json.bytes() + 1;
    json.finish()?;
    Ok(Written { bytes, groups: export.groups, rules: export.rules })
}

/// A kind of group: its name, what its description says, and what it lets in.
struct Kind {
    name: &'static str,
    description: &'static str,
    ingress: &'static [(&'static str, u16, u16, Source)],
}

#[derive(Clone, Copy)]
enum Source {
    Internet,
    Offices,
    Network,
    Groups,
    PrefixList,
    Itself,
}

use Source::{Groups, Internet, Itself, Network, Offices, PrefixList};

const KINDS: &[Kind] = &[
    Kind {
        name: "web",
        description: "Public web servers (HTTP/HTTPS)",
        ingress: &[("tcp", 80, 80, Internet), ("tcp", 443, 443, Internet), ("tcp", 22, 22, Offices)],
    },
    Kind { name: "alb", description: "Load balancer; CDN only", ingress: &[("tcp", 443, 443, PrefixList), ("tcp", 80, 80, PrefixList)] },
    Kind {
        name: "app",
        description: "Application servers behind the balancer",
        ingress: &[("tcp", 8080, 8080, Groups), ("tcp", 8443, 8443, Groups), ("tcp", 22, 22, Groups)],
    },
    Kind { name: "db", description: "PostgreSQL and replicas", ingress: &[("tcp", 5432, 5432, Groups), ("tcp", 5432, 5432, Network)] },
    Kind { name: "cache", description: "Redis, cluster mode", ingress: &[("tcp", 6379, 6379, Groups), ("tcp", 16379, 16379, Itself)] },
    Kind {
        name: "bastion",
        description: "Jump hosts: ssh from the offices",
        ingress: &[("tcp", 22, 22, Offices), ("icmp", 8, 0, Offices)],
    },
    Kind {
        name: "eks-node",
        description: "Cluster nodes",
        ingress: &[("-1", 0, 0, Itself), ("tcp", 1025, 65535, Groups), ("tcp", 10250, 10250, Groups), ("tcp", 30000, 32767, Network)],
    },
    Kind {
        name: "mail",
        description: "Inbound mail",
        ingress: &[("tcp", 25, 25, Internet), ("tcp", 587, 587, Internet), ("tcp", 993, 993, Internet)],
    },
    Kind { name: "dns", description: "Resolvers", ingress: &[("udp", 53, 53, Network), ("tcp", 53, 53, Network)] },
    Kind {
        name: "rdp-legacy",
        description: "Old terminal servers [to be removed]",
        ingress: &[("tcp", 3389, 3389, Internet), ("tcp", 445, 445, Network)],
    },
    Kind { name: "default", description: "default VPC security group", ingress: &[("-1", 0, 0, Itself)] },
    Kind {
        name: "launch-wizard",
        description: "launch-wizard created 2019-03-11T10:22:08.114+01:00",
        ingress: &[("tcp", 22, 22, Internet), ("tcp", 0, 65535, Offices)],
    },
];

const PLACES: &[&str] = &["Zürich", "Málaga", "São Paulo", "Oslo", "Århus", "Dublin", "Köln", "Toronto"];
const TEAMS: &[&str] = &["payments", "search", "identity", "plattform", "données", "logistics"];
const STAGES: &[&str] = &["prod", "staging", "dev", "sandbox"];
const REGIONS: &[&str] = &["us-east-1", "eu-central-1", "ap-southeast-2", "sa-east-1"];

struct Export {
    random: Random,
    groups: u64,
    rules: u64,
}

impl Export {
    fn group(&mut self, json: &mut JsonWriter<impl Write>) -> io::Result<()> {
        let kind = self.random.choice(KINDS);
        let (team, stage, region) = (*self.random.choice(TEAMS), *self.random.choice(STAGES), *self.random.choice(REGIONS));
        let id = group_id(self.groups);
        let vpc = format!("vpc-{:017x}", self.groups / 40 + 0x0a11);
        self.groups += 1;
        json.object(|json| {
            json.key("GroupId")?.string(&id)?;
            json.key("IpPermissionsEgress")?.array(|json| self.egress(json, &id))?;
            if self.random.chance(4, 5) {
                json.key("Tags")?.array(|json| self.tags(json, kind.name, team, stage))?;
            }
            json.key("VpcId")?.string(&vpc)?;
            json.key("SecurityGroupArn")?.string(&format!("arn:aws:ec2:{region}:{ACCOUNT}:security-group/{id}"))?;
            json.key("OwnerId")?.string(ACCOUNT)?;
            json.key("GroupName")?.string(&format!("{team}-{stage}-{}-{}", kind.name, self.groups))?;
            json.key("Description")?.string(kind.description)?;
            json.key("IpPermissions")?.array(|json| {
                for &(protocol, from, to, source) in kind.ingress {
                    self.permission(json, &id, protocol, from, to, source)?;
                }
                Ok(())
            })
        })
    }

    /// Most groups keep the rule they are born with, which lets everything out.
    fn egress(&mut self, json: &mut JsonWriter<impl Write>, id: &str) -> io::Result<()> {
        if self.random.chance(4, 5) {
            return self.permission(json, id, "-1", 0, 0, Internet);
        }
        self.permission(json, id, "tcp", 443, 443, PrefixList)?;
        self.permission(json, id, "udp", 53, 53, Network)
    }

    fn tags(&mut self, json: &mut JsonWriter<impl Write>, name: &str, team: &str, stage: &str) -> io::Result<()> {
        let place = *self.random.choice(PLACES);
        tag(json, "Name", &format!("{name} {stage} {place}"))?;
        tag(json, "team", team)?;
        if self.random.chance(1, 4) {
            tag(json, "owner", &format!("{{\"mail\": \"{team}@example.com\", \"path\": \"\\\\\\\\files\\\\{stage}\"}}"))?;
        }
        if self.random.chance(1, 3) {
            tag(json, "aws:cloudformation:stack-name", &format!("{team}-{stage}"))?;
        }
        Ok(())
    }

    fn permission(
        &mut self,
        json: &mut JsonWriter<impl Write>,
        id: &str,
        protocol: &str,
        from: u16,
        to: u16,
        source: Source,
    ) -> io::Result<()> {
        json.object(|json| {
            json.key("IpProtocol")?.string(protocol)?;
            if protocol != "-1" {
                json.key("FromPort")?.number(from.into())?;
                json.key("ToPort")?.number(to.into())?;
            }
            json.key("UserIdGroupPairs")?.array(|json| self.pairs(json, id, source))?;
            json.key("IpRanges")?.array(|json| self.ranges(json, source))?;
            json.key("Ipv6Ranges")?.array(|json| self.ranges_v6(json, source))?;
            json.key("PrefixListIds")?.array(|json| self.prefix_lists(json, source))
        })
    }

    fn pairs(&mut self, json: &mut JsonWriter<impl Write>, id: &str, source: Source) -> io::Result<()> {
        let count = match source {
            Itself => return self.pair(json, id, ACCOUNT),
            Groups => 1 + self.random.below(4),
            _ => 0,
        };
        for _ in 0..count {
            let other = group_id(self.random.below(self.groups + 20));
            let account = if self.random.chance(1, 12) { OTHER_ACCOUNT } else { ACCOUNT };
            self.pair(json, &other, account)?;
        }
        Ok(())
    }

    fn pair(&mut self, json: &mut JsonWriter<impl Write>, group: &str, account: &str) -> io::Result<()> {
        self.rules += 1;
        json.object(|json| {
            if self.random.chance(1, 3) {
                json.key("Description")?.string("from the tier in front")?;
            }
            json.key("UserId")?.string(account)?;
            json.key("GroupId")?.string(group)
        })
    }

    fn ranges(&mut self, json: &mut JsonWriter<impl Write>, source: Source) -> io::Result<()> {
        match source {
            Internet => self.range(json, "CidrIp", "0.0.0.0/0"),
            Offices => {
                for _ in 0..2 + self.random.below(9) {
                    // The ranges set aside for documentation stand for the offices' public addresses.
                    let block = *self.random.choice(&["192.0.2", "198.51.100", "203.0.113"]);
                    let (base, length) =
                        if self.random.chance(3, 4) { (self.random.below(256), 32) } else { (self.random.below(16) * 16, 28) };
                    self.range(json, "CidrIp", &format!("{block}.{base}/{length}"))?;
                }
                Ok(())
            }
            Network => {
                for _ in 0..1 + self.random.below(5) {
                    let (second, third) = (self.random.below(256), self.random.below(16) * 16);
                    self.range(json, "CidrIp", &format!("10.{second}.{third}.0/20"))?;
                }
                Ok(())
            }
            Groups | PrefixList | Itself => Ok(()),
        }
    }

    fn ranges_v6(&mut self, json: &mut JsonWriter<impl Write>, source: Source) -> io::Result<()> {
        match source {
            Internet if self.random.chance(1, 2) => self.range(json, "CidrIpv6", "::/0"),
            Offices if self.random.chance(1, 4) => {
                let site = self.random.below(0x1_0000);
                self.range(json, "CidrIpv6", &format!("2001:db8:{site:x}::/48"))
            }
            _ => Ok(()),
        }
    }

    fn range(&mut self, json: &mut JsonWriter<impl Write>, key: &str, range: &str) -> io::Result<()> {
        self.rules += 1;
        json.object(|json| {
            if self.random.chance(1, 2) {
                let number = self.random.below(9000) + 1000;
                json.key("Description")?.string(&format!("ticket NET-{number}, checked {}", 2019 + number % 7))?;
            }
            json.key(key)?.string(range)
        })
    }

    fn prefix_lists(&mut self, json: &mut JsonWriter<impl Write>, source: Source) -> io::Result<()> {
        if !matches!(source, PrefixList) {
            return Ok(());
        }
        self.rules += 1;
        let list = self.random.below(6);
        json.object(|json| json.key("PrefixListId")?.string(&format!("pl-{:08x}", 0x3b92_7c00 + list)))
    }
}

fn tag(json: &mut JsonWriter<impl Write>, key: &str, value: &str) -> io::Result<()> {
    json.object(|json| {
        json.key("Key")?.string(key)?;
        json.key("Value")?.string(value)
    })
}

/// Spread over the seventeen digits that real ids have; an odd factor keeps them distinct.
fn group_id(number: u64) -> String {
    format!("sg-0{:016x}", (number + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15))
}

/// SplitMix64: seeded, and the same on every machine.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `bound`, near enough to evenly for invented data.
    fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    fn chance(&mut self, of: u64, among: u64) -> bool {
        self.below(among) < of
    }

    fn choice<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len() as u64) as usize]
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::Value;

    use super::*;

    fn export(layout: Layout) -> (String, Written) {
        let mut text = Vec::new();
        let written = write(&mut text, layout, 200_000).expect("a vector takes everything");
        (String::from_utf8(text).expect("UTF-8"), written)
    }

    #[test]
    fn the_same_bytes_every_time() {
        assert_eq!(export(Layout::Compact), export(Layout::Compact));
    }

    #[test]
    fn as_long_as_asked_and_as_counted() {
        for layout in [Layout::Pretty, Layout::Compact] {
            let (text, written) = export(layout);
            assert_eq!(written.bytes, text.len() as u64);
            assert!((200_000..220_000).contains(&text.len()), "{}", text.len());
            let value: Value = serde_json::from_str(&text).expect("JSON");
            let groups = value["SecurityGroups"].as_array().expect("groups");
            assert_eq!(written.groups, groups.len() as u64);
            let ids: BTreeSet<_> = groups.iter().map(|group| group["GroupId"].as_str()).collect();
            assert_eq!(ids.len(), groups.len());
            assert_eq!(written.rules, peers(groups));
        }
    }

    #[test]
    fn the_pretty_text_is_what_a_standard_printer_makes_of_it() {
        // serde_json keeps keys sorted, so only the layout is compared: line by line without order.
        let (text, _) = export(Layout::Pretty);
        let value: Value = serde_json::from_str(&text).expect("JSON");
        let mut out = Vec::new();
        let mut printer = serde_json::Serializer::with_formatter(&mut out, serde_json::ser::PrettyFormatter::with_indent(b"    "));
        serde::Serialize::serialize(&value, &mut printer).expect("a vector takes everything");
        let lines = |text: &str| {
            let mut lines: Vec<_> = text.lines().map(|line| line.trim_end_matches(',').to_owned()).collect();
            lines.sort();
            lines
        };
        assert_eq!(lines(&text), lines(&String::from_utf8(out).expect("UTF-8")));
    }

    #[test]
    fn has_what_real_exports_have() {
        let (text, _) = export(Layout::Compact);
        for needle in [
            "\"CidrIp\":\"0.0.0.0/0\"",
            "\"CidrIpv6\":\"::/0\"",
            "\"PrefixListId\":",
            "\"UserIdGroupPairs\":[{",
            "\"IpProtocol\":\"-1\"",
            "\\\"mail\\\"",
            "\\\\files",
            "ü",
            OTHER_ACCOUNT,
        ] {
            assert!(text.contains(needle), "{needle}");
        }
    }

    #[test]
    fn no_character_makes_the_browser_widen_the_text() {
        let (text, _) = export(Layout::Compact);
        assert!(text.chars().all(|character| character <= '\u{ff}'));
    }

    fn peers(groups: &[Value]) -> u64 {
        let count = |permission: &Value| -> usize {
            ["UserIdGroupPairs", "IpRanges", "Ipv6Ranges", "PrefixListIds"]
                .iter()
                .map(|key| permission[key].as_array().map_or(0, Vec::len))
                .sum()
        };
        groups
            .iter()
            .flat_map(|group| ["IpPermissions", "IpPermissionsEgress"].map(|key| group[key].as_array()))
            .flatten()
            .flatten()
            .map(|permission| count(permission) as u64)
            .sum()
    }
}
