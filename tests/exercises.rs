//! The rules that every exercise of the track keeps, and what does not solve one.

use portcullis_core::audits::AUDITS;
use portcullis_core::formats::Assumptions;
use portcullis_core::review::{Against, Input, Review, review_against};
use portcullis_core::training::{Configuration, Exercise, Extent, Flow, Grade, Meter, grade, regressions, track};
use proptest::prelude::*;
use proptest::test_runner::Config;
use serde_json::{Value, json};

fn answer(text: &str) -> Vec<Input> {
    vec![Input { name: "answer.json".into(), bytes: text.into() }]
}

fn graded(exercise: &Exercise, text: &str) -> Grade {
    grade(exercise, answer(text))
}

fn start(exercise: &Exercise) -> Grade {
    graded(exercise, &exercise.start[0].text)
}

/// The review on which the grade stands.
fn beside(exercise: &Exercise, text: &str) -> Review {
    let against = Against { baseline: exercise.baseline.as_ref().map(Configuration::input), today: exercise.today };
    review_against(answer(text), &Assumptions::new(), against, &mut |_| {})
}

fn one(number: &str) -> Exercise {
    track().into_iter().find(|exercise| exercise.id.starts_with(number)).unwrap()
}

fn unfilled(grade: &Grade) -> Vec<Meter> {
    let meters = [
        (grade.verdicts.full, Meter::Verdicts),
        (grade.connectivity.full, Meter::Connectivity),
        (grade.least_privilege.full, Meter::LeastPrivilege),
    ];
    meters.into_iter().filter_map(|(full, meter)| (!full).then_some(meter)).collect()
}

/// The lists of a configuration whose items are its lines: rules, and the sources in them.
const LISTS: [&str; 9] =
    ["IpPermissions", "IpPermissionsEgress", "IpRanges", "Ipv6Ranges", "UserIdGroupPairs", "Entries", "securityRules", "sourceRanges", ""];

/// Every configuration that comes of taking one line out; the rules of Google Cloud are the outermost list.
fn without_one_line(text: &str) -> Vec<String> {
    fn places(value: &Value, key: &str, path: &str, found: &mut Vec<(String, usize)>) {
        match value {
            Value::Array(items) => {
                if LISTS.contains(&key) {
                    found.extend((0..items.len()).map(|at| (path.to_owned(), at)));
                }
                items.iter().enumerate().for_each(|(at, item)| places(item, "-", &format!("{path}/{at}"), found));
            }
            Value::Object(fields) => fields.iter().for_each(|(key, value)| places(value, key, &format!("{path}/{key}"), found)),
            _ => {}
        }
    }
    if is_terraform(text) {
        let (before, blocks) = blocks(text);
        let without =
            |nth: usize| blocks.iter().enumerate().filter(|(at, _)| *at != nth).map(|(_, block)| block.as_str()).collect::<String>();
        return (0..blocks.len()).map(|nth| format!("{before}{}}}\n", without(nth))).collect();
    }
    let all = values(text);
    let mut texts = Vec::new();
    for (nth, whole) in all.iter().enumerate() {
        let mut found = Vec::new();
        places(whole, "", "", &mut found);
        for (path, at) in found {
            let mut cut = all.clone();
            cut[nth].pointer_mut(&path).unwrap().as_array_mut().unwrap().remove(at);
            texts.push(printed(&cut));
        }
    }
    texts
}

fn is_terraform(text: &str) -> bool {
    text.starts_with("resource")
}

/// What stands before the rules of a resource, and each of them.
fn blocks(text: &str) -> (String, Vec<String>) {
    let mut parts = text.trim_end().trim_end_matches('}').split("  ingress {").map(str::to_owned);
    let before = parts.next().unwrap();
    (before, parts.map(|block| format!("  ingress {{{block}")).collect())
}

/// A text may have several values, one after the other.
fn values(text: &str) -> Vec<Value> {
    serde_json::Deserializer::from_str(text).into_iter().collect::<Result<_, _>>().unwrap()
}

fn printed(values: &[Value]) -> String {
    values.iter().map(Value::to_string).collect::<Vec<_>>().join("\n")
}

/// The same policies, each with `rules` made of what it had.
fn rewritten(text: &str, aws: &Value, acl: &Value, azure: &Value, gcp: &Value) -> String {
    let mut all = values(text);
    let value = &mut all[0];
    if let Some(groups) = value.get_mut("SecurityGroups") {
        for group in groups.as_array_mut().unwrap() {
            (group["IpPermissions"], group["IpPermissionsEgress"]) = (aws.clone(), aws.clone());
        }
    } else if let Some(lists) = value.get_mut("NetworkAcls") {
        lists.as_array_mut().unwrap().iter_mut().for_each(|list| list["Entries"] = acl.clone());
    } else if value[0].get("securityRules").is_some() {
        value[0]["securityRules"] = azure.clone();
    } else {
        let network = value[0]["network"].clone();
        *value = gcp.clone();
        value.as_array_mut().unwrap().iter_mut().for_each(|rule| rule["network"] = network.clone());
    }
    printed(&all)
}

fn emptied(text: &str) -> String {
    if is_terraform(text) {
        return format!("{}}}\n", blocks(text).0);
    }
    rewritten(text, &json!([]), &json!([]), &json!([]), &json!([]))
}

fn opened(text: &str, nets: &[&str]) -> String {
    if is_terraform(text) {
        let list = |v6: bool| json!(nets.iter().filter(|net| net.contains(':') == v6).collect::<Vec<_>>());
        let rule =
            format!("from_port = 0\nto_port = 0\nprotocol = \"-1\"\ncidr_blocks = {}\nipv6_cidr_blocks = {}", list(false), list(true));
        return format!("{}ingress {{\n{rule}\n}}\n}}\n", blocks(text).0);
    }
    let ranges =
        |family: &str, is: bool| nets.iter().filter(|net| net.contains(':') == is).map(|net| json!({ family: net })).collect::<Vec<_>>();
    let acl = |(at, net): (usize, &&str), egress: bool| {
        let family = if net.contains(':') { "Ipv6CidrBlock" } else { "CidrBlock" };
        json!({ "RuleNumber": 100 + at, "Egress": egress, "Protocol": "-1", "RuleAction": "allow", family: net })
    };
    let both = [false, true].into_iter().flat_map(|egress| nets.iter().enumerate().map(move |one| acl(one, egress))).collect::<Vec<_>>();
    let azure = nets.iter().enumerate().map(|(at, net)| {
        json!({ "name": format!("open-{at}"), "priority": 100 + at, "direction": "Inbound", "access": "Allow", "protocol": "*", "sourceAddressPrefix": net,
            "sourcePortRange": "*", "destinationAddressPrefix": "*", "destinationPortRange": "*" })
    });
    let gcp = |tags: Value| {
        let v4: Vec<_> = nets.iter().filter(|net| !net.contains(':')).collect();
        json!([{ "name": "open", "direction": "INGRESS", "priority": 1, "sourceRanges": v4, "targetTags": tags, "allowed": [{ "IPProtocol": "all" }] }])
    };
    let aws = json!([{ "IpProtocol": "-1", "IpRanges": ranges("CidrIp", false), "Ipv6Ranges": ranges("CidrIpv6", true) }]);
    rewritten(text, &aws, &json!(both), &json!(azure.collect::<Vec<_>>()), &gcp(json!(["web"])))
}

#[test]
fn the_start_fails_what_it_claims_and_the_solution_passes() {
    let mut wrong = Vec::new();
    for exercise in track() {
        let (start, solution) = (start(&exercise), graded(&exercise, &exercise.solution[0].text));
        if unfilled(&start) != exercise.fails {
            wrong.push(format!("{}: the start leaves {:?}: {}", exercise.id, unfilled(&start), start.said));
        }
        if !solution.passed {
            wrong.push(format!("{}: the solution: {} {:#?}", exercise.id, solution.said, solution.least_privilege.excess));
        }
        for documents in [&start.documents, &solution.documents] {
            // What stands behind is the baseline.
            let problems: Vec<&String> = documents[0].problems.iter().map(|problem| &problem.message).collect();
            if !problems.is_empty() {
                wrong.push(format!("{}: {problems:?}", exercise.id));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_is_taught_speaks_in_the_start() {
    let mut wrong = Vec::new();
    for exercise in track() {
        let review = beside(&exercise, &exercise.start[0].text);
        let heard: Vec<&str> = (0..review.policies())
            .filter_map(|index| review.look(index, |_, findings| findings.iter().map(|finding| finding.audit.id).collect::<Vec<_>>()))
            .flatten()
            .collect();
        let silent = exercise.teaches.iter().filter(|audit| !heard.contains(&audit.as_str()));
        wrong.extend(silent.map(|audit| format!("{}: {audit} is silent; {heard:?} speak", exercise.id)));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_flow_is_necessary() {
    let mut wrong = Vec::new();
    for exercise in track() {
        let start = start(&exercise);
        let cuts = without_one_line(&exercise.solution[0].text);
        let grades: Vec<Grade> = cuts.iter().map(|cut| graded(&exercise, cut)).collect();
        for (at, flow) in exercise.flows.iter().enumerate() {
            let mut without = exercise.clone();
            without.flows.remove(at);
            // A must_allow: some answer with one line less would pass, and does not. A must_deny: the start gets it wrong, or keeps it right
            // where there is nothing to close.
            let alone = |grade: &Grade| grade.connectivity.flows.iter().enumerate().all(|(other, told)| told.passed != (other == at));
            let told = || cuts.iter().zip(&grades).filter(|(_, grade)| alone(grade)).any(|(cut, _)| graded(&without, cut).passed);
            let necessary = if flow.allow { told() } else { !start.connectivity.flows[at].passed || exercise.fails == [Meter::Verdicts] };
            if !necessary {
                wrong.push(format!("{}: {}", exercise.id, flow.said()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_is_empty_open_or_broken_does_not_pass() {
    for exercise in track() {
        let solution = &exercise.solution[0].text;
        let fails = |text: &str, meters: &[Meter], what: &str| {
            let grade = graded(&exercise, text);
            let unfilled = unfilled(&grade);
            assert!(
                !grade.passed && meters.iter().all(|meter| unfilled.contains(meter)),
                "{} {what}: {unfilled:?} {}",
                exercise.id,
                grade.said
            );
        };
        fails("", &[Meter::Verdicts, Meter::Connectivity], "nothing at all");
        fails("{}", &[Meter::Connectivity], "an empty object");
        fails(&emptied(solution), &[Meter::Connectivity], "no rules");
        // A network ACL is never dangerous by itself: what stands behind it is the security group's.
        let open = if solution.contains("NetworkAcls") || exercise.fails == [Meter::Connectivity, Meter::LeastPrivilege] {
            &[Meter::LeastPrivilege][..]
        } else {
            &[Meter::Verdicts, Meter::LeastPrivilege]
        };
        fails(&opened(solution, &["0.0.0.0/0", "::/0"]), open, "open to all");
        fails(&opened(solution, &["0.0.0.0/1", "128.0.0.0/1"]), open, "open in halves");
        fails(&solution[..solution.len() / 2], &[Meter::Verdicts], "cut in half");
        fails("[[approve]]\npolicy = \"*\"\n", &[Meter::Verdicts, Meter::Connectivity], "a baseline");
    }
}

#[test]
fn texts_are_short_and_names_exist() {
    let track = track();
    for (nth, exercise) in track.iter().enumerate() {
        let id = &exercise.id;
        assert!((2..=4).contains(&exercise.hints.len()), "{id}");
        let words = exercise.story.split_whitespace().count();
        assert!((30..=120).contains(&words), "{id}: {words} words");
        assert!(exercise.idea.len() >= 20 && !exercise.idea.ends_with('.'), "{id}: {}", exercise.idea);
        assert!(
            track.iter().take(nth).all(|other| other.idea != exercise.idea && other.title != exercise.idea),
            "{id} has no idea of its own"
        );
        assert!(!exercise.lesson.is_empty() && !exercise.teaches.is_empty() && !exercise.fails.is_empty(), "{id}");
        for needed in &exercise.needs {
            assert!(track.iter().take(nth).any(|other| other.id == *needed), "{id} needs {needed}, which is not before it");
        }
        for zone in &exercise.zones {
            assert!(exercise.flows.iter().any(|flow| [&flow.source, &flow.destination].contains(&&zone.name)), "{id}: {}", zone.name);
        }
    }
    let taught = |id: &str| track.iter().any(|exercise| exercise.teaches.iter().any(|other| other == id));
    let untaught: Vec<&str> = AUDITS.iter().map(|audit| audit.id).filter(|id| !taught(id)).collect();
    assert!(untaught.is_empty(), "no exercise teaches {untaught:?}");
}

#[test]
fn another_answer_that_behaves_right_passes() {
    let tags = one("16");
    for (priority, passes) in [(901, true), (1000, true), (1001, false), (899, false)] {
        let moved = tags.start[0].text.replace("\"priority\": 2000", &format!("\"priority\": {priority}"));
        let grade = graded(&tags, &moved);
        assert_eq!(grade.passed, passes, "{priority}: {}", grade.said);
    }
}

#[test]
fn a_failing_flow_has_its_reason_and_its_line() {
    let bastion = one("03");
    let start = graded(&bastion, &bastion.start[0].text);
    let open = start.connectivity.flows.iter().find(|flow| flow.flow == "internet -> web tcp/22").unwrap();
    let line = open.decided_by.as_ref().unwrap().line;
    assert!(!open.passed && open.said.contains(&format!("line {line} allows it")), "{}", open.said);
    let text = bastion.start[0].text.lines().nth(line as usize - 1).unwrap();
    assert!(text.contains("0.0.0.0/0") && text.contains("SSH"), "{text}");
    let closed = graded(&bastion, &emptied(&bastion.start[0].text));
    let missing = &closed.connectivity.flows[0];
    assert!(
        !missing.passed && missing.decided_by.is_none() && missing.said.contains("does not get through: no line of "),
        "{}",
        missing.said
    );
    let acl = one("14");
    let dropped = &graded(&acl, &acl.start[0].text).connectivity.flows[0];
    assert!(!dropped.passed && dropped.said.contains("replies"), "{}", dropped.said);
}

#[test]
fn what_a_change_breaks_is_named() {
    let database = one("04");
    let (start, empty) = (graded(&database, &database.start[0].text), graded(&database, &emptied(&database.start[0].text)));
    let told = regressions(&start, &empty);
    let either = "internet -> app tcp/443 no longer works, either";
    assert_eq!(told, ["that fixed internet -> database tcp/5432, but app -> database tcp/5432 no longer works", either]);
    let told = regressions(&empty, &start);
    assert_eq!(told, ["that fixed app -> database tcp/5432 and 1 more, but internet -> database tcp/5432 is open again"]);
    let closed = graded(&database, &database.solution[0].text.replace("0.0.0.0/0", "10.0.0.0/8"));
    let told = regressions(&graded(&database, &database.solution[0].text), &closed);
    assert_eq!(told, ["what worked before is broken: app -> database tcp/5432 no longer works", either]);
    assert!(regressions(&start, &start).is_empty());
}

/// One group `x` under an exercise that needs tcp/443 from `needed`.
fn small(needed: &str) -> Exercise {
    let flow = Flow {
        source: "a".into(),
        destination: "x".into(),
        service: "tcp/443".into(),
        protocol: 6,
        port: 443,
        allow: true,
        because: "it is needed".into(),
    };
    let mut exercise = one("04");
    exercise.zones.truncate(2);
    (exercise.zones[0].name, exercise.zones[1].name) = ("a".into(), "x".into());
    exercise.zones[0].extent = Extent::Addresses(vec![needed.parse().unwrap()]);
    exercise.zones[1].extent = Extent::Group("x".into());
    exercise.flows = vec![flow];
    exercise.start = vec![Configuration::default()];
    exercise
}

proptest! {
    #![proptest_config(Config { cases: 200, failure_persistence: None, ..Config::default() })]

    /// Rules over sixteen addresses and a few ports, counted one by one.
    #[test]
    fn the_excess_is_what_counting_gives(
        rules in proptest::collection::vec((0_u32..16, 0_u32..=4, 440_u16..446, 0_u16..4, any::<bool>()), 1..6),
        (at, bits) in (0_u32..16, 0_u32..=4),
    ) {
        let net = |at: u32, bits: u32| { let size = 16 >> bits; let first = at / size * size; (first, size, format!("10.0.0.{first}/{}", 28 + bits)) };
        let (from, size, needed) = net(at, bits);
        let mut permissions = Vec::new();
        let mut allowed = std::collections::HashSet::new();
        for (at, bits, first, more, udp) in rules {
            let (base, count, cidr) = net(at, bits);
            permissions.push(json!({ "IpProtocol": if udp { "udp" } else { "tcp" }, "FromPort": first, "ToPort": first + more, "IpRanges": [{ "CidrIp": cidr }] }));
            for host in base..base + count {
                allowed.extend((first..=first + more).map(|port| (udp, port, host)));
            }
        }
        allowed.retain(|(udp, port, host)| *udp || *port != 443 || !(from..from + size).contains(host));
        let text = json!({ "SecurityGroups": [{ "GroupId": "sg-1", "GroupName": "x", "IpPermissions": permissions, "IpPermissionsEgress": [] }] });
        let grade = graded(&small(&needed), &text.to_string());
        prop_assert_eq!(grade.least_privilege.ipv4, allowed.len() as u64);
        prop_assert_eq!((&*grade.least_privilege.ipv6_64s, grade.least_privilege.groups), ("0", 0));
        let listed: u64 = grade.least_privilege.excess.iter().map(|one| one.ipv4).sum();
        prop_assert_eq!(listed, allowed.len() as u64);
    }
}

#[test]
fn families_and_groups_are_told_apart() {
    let rule = json!({ "IpProtocol": "tcp", "FromPort": 22, "ToPort": 23, "IpRanges": [{ "CidrIp": "10.0.0.0/24" }],
        "Ipv6Ranges": [{ "CidrIpv6": "2001:db8::/60" }], "UserIdGroupPairs": [{ "GroupId": "sg-2" }] });
    let text = json!({ "SecurityGroups": [{ "GroupId": "sg-1", "GroupName": "x", "IpPermissions": [rule], "IpPermissionsEgress": [] }] });
    let least = graded(&small("10.0.0.0/24"), &text.to_string()).least_privilege;
    assert_eq!((least.ipv4, &*least.ipv6_64s, least.groups, &*least.total), (512, "32", 2, "546"));
    assert!(least.said.contains("512 IPv4 addresses x ports and 32 IPv6 /64s x ports and 2 groups x ports"), "{}", least.said);
}
