//! The drill: short questions about random rules, answered by the evaluator. One seed gives one drill, everywhere.

use serde::Serialize;

use super::{Exercise, Extent, Flow, Grade, Measured, Zone, grade};
use crate::catalog::{self, Entry, Severity};
use crate::report;
use crate::review::{Input, Review, review};
use crate::verdict::Verdict;

/// A question with its answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DrillQuestion {
    /// What is asked.
    pub question: String,
    /// The configuration that it is about.
    pub text: String,
    /// What can be answered.
    pub choices: Vec<String>,
    /// Index of the right one.
    pub answer: usize,
    /// Why, in a sentence.
    pub because: String,
    /// The line of the text that decides, from 1; null where no single one does.
    pub line: Option<u32>,
}

/// At most so many questions are asked at once.
const MOST: usize = 100;

/// Draws questions; the same seed draws the same ones.
pub fn drill(seed: u64, count: usize) -> Vec<DrillQuestion> {
    let mut dice = Dice(seed);
    let question = |nth: usize| match nth % 3 {
        0 => verdict_of_a_rule(&mut dice),
        1 => deciding_line(&mut dice),
        _ => smallest_change(&mut dice),
    };
    (0..count.min(MOST)).filter_map(question).collect()
}

/// SplitMix64 (Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators", OOPSLA 2014).
struct Dice(u64);

impl Dice {
    const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// One of several; none of nothing.
    fn of<'c, T>(&mut self, choices: &'c [T]) -> Option<&'c T> {
        let most = u64::try_from(choices.len()).ok()?;
        let at = self.next().checked_rem(most)?;
        choices.get(usize::try_from(at).ok()?)
    }
}

const SOURCES: [&str; 8] =
    ["0.0.0.0/0", "0.0.0.0/1", "10.0.10.0/24", "10.0.1.50/32", "203.0.113.0/24", "203.0.113.7/32", "198.51.100.0/24", "172.16.0.0/12"];

fn reviewed(text: &str) -> Review {
    review(vec![Input { name: "drill.json".to_owned(), bytes: text.into() }], &mut |_| {})
}

/// Is this rule dangerous?
fn verdict_of_a_rule(dice: &mut Dice) -> Option<DrillQuestion> {
    let listed: Vec<&Entry> = catalog::entries().iter().filter(|entry| entry.tcp && entry.first == entry.last).collect();
    let (port, source) = (dice.of(&listed)?.first, dice.of(&SOURCES)?);
    let text = format!(
        "{{ \"SecurityGroups\": [{{ \"GroupId\": \"sg-1\", \"GroupName\": \"drill\", \"IpPermissionsEgress\": [], \"IpPermissions\": [\n  \
         {{ \"IpProtocol\": \"tcp\", \"FromPort\": {port}, \"ToPort\": {port}, \"IpRanges\": [{{ \"CidrIp\": \"{source}\" }}] }}\n] }}] }}\n"
    );
    let review = reviewed(&text);
    let words = [Verdict::Secure, Verdict::Caution, Verdict::Dangerous];
    let verdict = review.verdict()?;
    let because = review.look(0, |subject, _| subject.judgement.exposures.first().map(crate::verdict::Judged::because))??;
    Some(DrillQuestion {
        question: format!("How bad is tcp/{port} from {source}?"),
        text,
        choices: words.iter().map(|word| word.as_str().to_owned()).collect(),
        answer: words.iter().position(|word| *word == verdict)?,
        because,
        line: review.policy(0)?.rules.first().map(|rule| report::at(&review, rule.at).line),
    })
}

/// Which line of an ordered list decides?
fn deciding_line(dice: &mut Dice) -> Option<DrillQuestion> {
    const PORTS: [(u16, u16); 5] = [(22, 22), (443, 443), (0, 65_535), (20, 25), (1024, 65_535)];
    let mut entries = Vec::new();
    let mut choices = Vec::new();
    for number in ["100", "110", "120", "130", "140"] {
        let ((first, last), source) = (*dice.of(&PORTS)?, dice.of(&SOURCES)?);
        let action = dice.of(&["allow", "deny"])?;
        entries.push(format!(
            "  {{ \"RuleNumber\": {number}, \"Egress\": false, \"Protocol\": \"6\", \"RuleAction\": \"{action}\", \"CidrBlock\": \"{source}\", \
             \"PortRange\": {{ \"From\": {first}, \"To\": {last} }} }}"
        ));
        choices.push(format!("rule {number}"));
    }
    choices.push("no line".to_owned());
    let text = format!("{{ \"NetworkAcls\": [{{ \"NetworkAclId\": \"acl-1\", \"Entries\": [\n{}\n] }}] }}\n", entries.join(",\n"));
    let (port, host) = (dice.of(&[22_u16, 443, 8080])?, dice.of(&["203.0.113.7", "10.0.10.9", "198.51.100.20", "192.0.2.1"])?);
    let review = reviewed(&text);
    let answer = crate::ask::ask(&review, &format!("{host} -> acl-1 tcp/{port}")).ok()?;
    let way = answer.runs.first()?.ways.first()?;
    let policy = review.policy(0)?;
    let rule = match way.steps.iter().find_map(|step| step.decided_by) {
        Some((_, rule)) => Some(policy.rules.get(usize::try_from(rule).ok()?)?),
        None => None,
    };
    let decided = rule.and_then(|rule| rule.priority).map_or_else(|| "no line".to_owned(), |number| format!("rule {number}"));
    Some(DrillQuestion {
        question: format!("Which line decides about a packet from {host} to tcp/{port}?"),
        text,
        answer: choices.iter().position(|choice| *choice == decided)?,
        choices,
        because: format!("{}; the lowest number that matches decides, and what no line matches is denied", answer.said),
        line: rule.map(|rule| report::at(&review, rule.at).line),
    })
}

/// What is the smallest change that closes a port to strangers and keeps it open to those who need it?
fn smallest_change(dice: &mut Dice) -> Option<DrillQuestion> {
    const OFFICES: [&str; 3] = ["203.0.113.0/24", "198.51.100.64/26", "192.0.2.128/25"];
    let listed: Vec<&Entry> = catalog::entries().iter().filter(|entry| entry.tcp && entry.first == entry.last).collect();
    let grave: Vec<&Entry> = listed.into_iter().filter(|entry| entry.severity >= Severity::High && entry.first != 443).collect();
    let (port, office) = (dice.of(&grave)?.first, *dice.of(&OFFICES)?);
    let text = |lists: [(u16, &[&str]); 2]| {
        let rules = lists.iter().filter(|(_, sources)| !sources.is_empty()).map(|(port, sources)| {
            let ranges: Vec<String> = sources.iter().map(|source| format!("{{ \"CidrIp\": \"{source}\" }}")).collect();
            format!("  {{ \"IpProtocol\": \"tcp\", \"FromPort\": {port}, \"ToPort\": {port}, \"IpRanges\": [{}] }}", ranges.join(", "))
        });
        format!(
            "{{ \"SecurityGroups\": [{{ \"GroupId\": \"sg-1\", \"GroupName\": \"drill\", \"IpPermissionsEgress\": [], \"IpPermissions\": [\n{}\n] }}] }}\n",
            rules.collect::<Vec<_>>().join(",\n")
        )
    };
    let all: &[&str] = &["0.0.0.0/0"];
    let only: &[&str] = std::slice::from_ref(&office);
    let mut changes = vec![
        (format!("delete the rule for {port}"), text([(443, all), (port, &[])])),
        (format!("let only {office} reach {port}"), text([(443, all), (port, only)])),
        (format!("let only {office} reach 443"), text([(443, only), (port, all)])),
        (
            format!("let 0.0.0.0/1 and 128.0.0.0/1 reach {port} in place of 0.0.0.0/0"),
            text([(443, all), (port, &["0.0.0.0/1", "128.0.0.0/1"])]),
        ),
    ];
    let most = u64::try_from(changes.len()).ok()?;
    changes.rotate_left(usize::try_from(dice.next().checked_rem(most)?).ok()?);
    let exercise = needs(port, office)?;
    let graded = |text: &str| grade(&exercise, vec![Input { name: "drill.json".to_owned(), bytes: text.into() }]);
    let grades: Vec<Grade> = changes.iter().map(|(_, text)| graded(text)).collect();
    let answer = grades.iter().position(|grade| grade.passed)?;
    Some(DrillQuestion {
        question: format!("Visitors need tcp/443, and {office} needs tcp/{port}. Which change closes everything else and keeps both?"),
        text: text([(443, all), (port, all)]),
        choices: changes.into_iter().map(|(choice, _)| choice).collect(),
        answer,
        because: format!("both still work, and {}", grades.get(answer)?.least_privilege.said),
        line: None,
    })
}

/// What such a change has to keep: an exercise without texts.
fn needs(port: u16, office: &str) -> Option<Exercise> {
    let flow = |source: &str, port: u16| Flow {
        source: source.to_owned(),
        destination: "drill".to_owned(),
        service: format!("tcp/{port}"),
        protocol: 6,
        port,
        allow: true,
        because: String::new(),
    };
    let zone = |name: &str, extent: Extent| Zone { name: name.to_owned(), extent };
    Some(Exercise {
        id: String::new(),
        title: String::new(),
        idea: String::new(),
        teaches: Vec::new(),
        needs: Vec::new(),
        fails: Vec::new(),
        forbid: Verdict::Dangerous,
        silence: Vec::new(),
        slack: 0,
        measured: Measured::Ingress,
        zones: vec![
            zone("visitors", Extent::Addresses(vec!["0.0.0.0/0".parse().ok()?])),
            zone("office", Extent::Addresses(vec![office.parse().ok()?])),
            zone("drill", Extent::Group("sg-1".to_owned())),
        ],
        flows: vec![flow("visitors", 443), flow("office", port)],
        hints: Vec::new(),
        story: String::new(),
        lesson: String::new(),
        start: Vec::new(),
        solution: Vec::new(),
        baseline: None,
        today: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_generator_is_the_published_one() {
        let mut dice = Dice(1_234_567);
        assert_eq!([dice.next(), dice.next()], [6_457_827_717_110_365_317, 3_203_168_211_198_807_973]);
    }

    #[test]
    fn one_seed_is_one_drill() {
        let first = drill(7, 40);
        assert_eq!(first, drill(7, 40));
        assert_ne!(first, drill(8, 40));
        assert_eq!(first.len(), 40, "every question has its answer among the choices");
        let distinct = |all: Vec<usize>| all.into_iter().collect::<std::collections::HashSet<_>>().len();
        assert!(distinct(first.iter().map(|one| one.answer).collect()) > 3);
        assert!(first.iter().all(|one| one.answer < one.choices.len() && !one.because.is_empty()));
    }

    #[test]
    fn the_deciding_line_is_the_first_that_matches() {
        for question in drill(3, 100).into_iter().filter(|question| question.question.starts_with("Which line")) {
            let asked = question.question.strip_prefix("Which line decides about a packet from ").unwrap();
            let (host, port) = asked.trim_end_matches('?').split_once(" to tcp/").unwrap();
            let (host, port): (std::net::IpAddr, u64) = (host.parse().unwrap(), port.parse().unwrap());
            let value: serde_json::Value = serde_json::from_str(&question.text).unwrap();
            let matches = |entry: &&serde_json::Value| {
                let net: ipnet::IpNet = entry["CidrBlock"].as_str().unwrap().parse().unwrap();
                let ports = entry["PortRange"]["From"].as_u64().unwrap()..=entry["PortRange"]["To"].as_u64().unwrap();
                net.contains(&host) && ports.contains(&port)
            };
            let first = value["NetworkAcls"][0]["Entries"].as_array().unwrap().iter().find(matches);
            let said = first.map_or("no line".to_owned(), |entry| format!("rule {}", entry["RuleNumber"]));
            assert_eq!(question.choices[question.answer], said, "{}", question.text);
            let marked = question.line.map(|line| question.text.lines().nth(line as usize - 1).unwrap());
            let decides = first.map(|entry| format!("\"RuleNumber\": {},", entry["RuleNumber"]));
            assert_eq!(marked.is_some(), decides.is_some(), "{said}");
            assert!(marked.zip(decides).is_none_or(|(line, decides)| line.contains(&decides)), "{marked:?} of {said}");
        }
    }

    #[test]
    fn a_verdict_is_about_the_line_with_the_rule() {
        for question in drill(4, 60).into_iter().filter(|question| question.question.starts_with("How bad")) {
            let line = question.text.lines().nth(question.line.unwrap() as usize - 1).unwrap();
            assert!(line.contains("FromPort") && line.contains("CidrIp"), "{line}");
        }
    }

    #[test]
    fn the_smallest_change_is_the_only_one_that_closes_and_keeps() {
        let asked: Vec<_> = drill(5, 100).into_iter().filter(|question| question.question.starts_with("Visitors")).collect();
        assert!(asked.len() > 30, "{}", asked.len());
        for question in asked {
            let right = &question.choices[question.answer];
            assert_eq!(question.line, None, "a change has no line of its own");
            assert!(right.starts_with("let only") && !right.ends_with(" 443"), "{right}");
            assert_eq!(reviewed(&question.text).verdict(), Some(Verdict::Dangerous), "{}", question.text);
        }
    }
}
