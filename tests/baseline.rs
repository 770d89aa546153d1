//! The approved architecture: what it approves, what it does not, and what is said of its mistakes.

use ipnet::{IpNet, Ipv4Net};
use portcullis_core::baseline::{SCHEMA, example};
use portcullis_core::export::csv;
use portcullis_core::exposure::Protocols;
use portcullis_core::formats::Assumptions;
use portcullis_core::model::Direction;
use portcullis_core::report::{self, register};
use portcullis_core::review::{Against, Input, Review, review_against};
use portcullis_core::space::{AddressSet, unusable};
use portcullis_core::verdict::Verdict;
use portcullis_tests::random::{any_rule, listing_of};
use portcullis_tests::{STOCK, group, listing};
use proptest::prelude::*;
use proptest::test_runner::Config;
use serde_json::Value;

fn input(name: &str, text: &str) -> Input {
    Input { name: name.into(), bytes: text.into() }
}

/// Reviews a configuration beside a baseline on 2026-01-01.
fn against(text: &str, baseline: &str) -> Review {
    let against = Against { baseline: Some(input("portcullis.toml", baseline)), today: "2026-01-01".parse().ok() };
    review_against(vec![input("groups.json", text)], &Assumptions::new(), against, &mut |_| {})
}

fn web(rules: &[&str]) -> String {
    listing(vec![group("web", &[rules, &[STOCK]].concat())])
}

/// An approval of `sg-web`, from its lines.
fn approve(lines: &[&str]) -> String {
    let defaults = [
        ("policy", "\"sg-web\""),
        ("protocol", "\"tcp\""),
        ("ports", "\"22\""),
        ("sources", "\"internet\""),
        ("justification", "\"by test\""),
    ];
    let missing = defaults.iter().filter(|(key, _)| !lines.iter().any(|line| line.trim_start_matches('-').trim().starts_with(key)));
    let lines = lines.iter().filter(|line| !line.starts_with('-')).map(|line| (*line).to_owned());
    let all: Vec<String> = missing.map(|(key, value)| format!("{key} = {value}")).chain(lines).collect();
    format!("[[approve]]\n{}\n", all.join("\n"))
}

/// The ingress exposures: `22 dangerous`.
fn told(review: &Review) -> Vec<String> {
    let report = serde_json::to_value(report::report(review)).unwrap();
    let exposures = report["policies"][0]["exposures"].as_array().unwrap();
    let inbound = exposures.iter().filter(|exposure| exposure["direction"] == "ingress");
    inbound.map(|e| format!("{} {}", e["ports"].as_str().or(e["icmp"].as_str()).unwrap_or("-"), e["verdict"].as_str().unwrap())).collect()
}

fn audits(review: &Review) -> Vec<&'static str> {
    let mut ids = review.look(0, |_, findings| findings.iter().map(|finding| finding.audit.id).collect::<Vec<_>>()).unwrap();
    ids.sort_unstable();
    ids
}

fn problems(review: &Review) -> Vec<String> {
    let document = review.documents().last().unwrap();
    let one = |problem: &portcullis_core::document::Problem| {
        let at = document.position(problem.span.start);
        format!("{}:{} {} {}", at.line, at.column, problem.level.as_str(), problem.message)
    };
    document.problems.kept().iter().map(one).collect()
}

#[test]
fn what_is_covered_as_a_whole_is_secure() {
    let open = web(&["in tcp 22 0.0.0.0/0"]);
    let approved = against(&open, &approve(&["owner = \"ops\"", "review = 2026-01-01"]));
    assert_eq!((told(&approved), approved.verdict()), (vec!["22 secure".to_owned()], Some(Verdict::Secure)));
    assert_eq!(problems(&approved), Vec::<String>::new());
    let report = serde_json::to_value(report::report(&approved)).unwrap();
    assert_eq!(report["policies"][0]["exposures"][0]["because"], "approved: by test (owner ops, review by 2026-01-01)");
    assert!(!audits(&approved).iter().any(|id| id.starts_with("open-remote") || id.contains("approv")), "{:?}", audits(&approved));
    for (change, why) in [
        ("ports = \"23\"", "another port"),
        ("protocol = \"udp\"", "another protocol"),
        ("direction = \"egress\"", "another direction"),
        ("sources = \"0.0.0.0/1\"", "half of the sources"),
        ("policy = \"sg-db\"", "another policy"),
        ("review = 2025-12-31", "expired"),
    ] {
        let review = against(&open, &approve(&[change]));
        assert_eq!((told(&review), review.verdict()), (vec!["22 dangerous".to_owned()], Some(Verdict::Dangerous)), "{why}");
    }
    for (sources, protocol) in [("[\"0.0.0.0/1\", \"128.0.0.0/1\"]", "6"), ("[\"0.0.0.0/0\"]", "\"all\"")] {
        let review = against(&open, &approve(&[&format!("sources = {sources}"), &format!("protocol = {protocol}"), "policy = \"w*b\""]));
        assert_eq!(review.verdict(), Some(Verdict::Secure), "{sources}");
    }
    let halves = [approve(&["sources = \"0.0.0.0/1\""]), approve(&["sources = \"128.0.0.0/1\""])].concat();
    assert_eq!(against(&open, &halves).verdict(), Some(Verdict::Secure), "two approvals cover what neither does");
}

#[test]
fn of_a_run_only_the_covered_ports_are_approved() {
    let review = against(&web(&["in tcp 440-445 0.0.0.0/0"]), &approve(&["ports = [\"443\", \"445\"]"]));
    assert_eq!(told(&review), ["440-442 caution", "443 secure", "444 caution", "445 secure"]);
    assert!(problems(&review).is_empty());
    let whole = against(&web(&["in -1 - 0.0.0.0/0"]), &approve(&["ports = \"443\""]));
    assert_eq!(told(&whole), ["all dangerous"]);
    let everything = against(&web(&["in -1 - 0.0.0.0/0"]), &approve(&["protocol = \"all\"", "-ports"]));
    assert_eq!(told(&everything), ["all secure"]);
    let echo = against(&web(&["in icmp -1/-1 0.0.0.0/0"]), &approve(&["protocol = \"icmp\"", "ports = \"5/all\""]));
    assert_eq!(told(&echo), ["0/all-4/all caution", "5/all secure", "6/all-255/all caution"]);
}

#[test]
fn what_is_not_in_the_text_is_not_approved_by_halves() {
    let open = web(&["in tcp 22 203.0.112.0/20", "in tcp 22 pl-1"]);
    assert_eq!(told(&against(&open, &approve(&["sources = \"203.0.112.0/20\""]))), ["22 unknown"]);
    assert_eq!(told(&against(&open, &approve(&[]))), ["22 secure"], "whatever the list holds, everyone is approved");
    let group = web(&["in tcp 22 203.0.112.0/20", "in tcp 22 sg-ops"]);
    assert_eq!(told(&against(&group, &approve(&["sources = \"203.0.112.0/20\""]))), ["22 caution"]);
    assert_eq!(told(&against(&group, &approve(&["sources = [\"203.0.112.0/20\", \"sg-ops\"]"]))), ["22 secure"]);
}

#[test]
fn what_nobody_approved_is_told() {
    let review =
        against(&web(&["in tcp 443 0.0.0.0/0", "in tcp 8888 0.0.0.0/0", "in tcp 22 10.0.1.50/32"]), &approve(&["ports = \"443\""]));
    let told = review
        .look(0, |_, findings| {
            findings.iter().filter(|f| f.audit.id == "unapproved-exposure").map(|f| f.message.clone()).collect::<Vec<_>>()
        })
        .unwrap();
    assert_eq!(told, ["8888/tcp is open to the whole IPv4 internet and is not in the approved architecture"]);
    assert_eq!(review.verdict(), Some(Verdict::Dangerous));
    let empty = against(&web(&["in tcp 443 0.0.0.0/0"]), "");
    assert_eq!(audits(&empty), ["open-egress", "unapproved-exposure"], "an empty baseline approves nothing");
    assert_eq!(empty.verdict(), Some(Verdict::Secure), "and changes no verdict");
}

#[test]
fn an_approval_that_has_expired_is_told() {
    let review = against(&web(&["in tcp 22 0.0.0.0/0"]), &approve(&["review = \"2025-12-31\""]));
    assert!(audits(&review).contains(&"approval-expired") && !audits(&review).contains(&"unapproved-exposure"), "{:?}", audits(&review));
    assert!(problems(&review).is_empty(), "it is not unused");
    let both = [approve(&["review = \"2025-12-31\""]), approve(&["review = 2027-01-01"])].concat();
    assert_eq!(against(&web(&["in tcp 22 0.0.0.0/0"]), &both).verdict(), Some(Verdict::Secure));
}

#[test]
fn an_approval_without_anything_to_approve_is_told() {
    let review = against(&web(&["in tcp 443 0.0.0.0/0"]), &[approve(&["ports = \"443\""]), approve(&[])].concat());
    let [told] = problems(&review).try_into().unwrap();
    assert!(told.starts_with("7:1 warning approval-unused: "), "{told}");
}

#[test]
fn a_baseline_beside_the_configuration_is_recognised() {
    let open = web(&["in tcp 22 0.0.0.0/0"]);
    let baseline = format!("# ours\n\n{}", approve(&[]));
    for inputs in [vec![input("a", &open), input("b", &baseline)], vec![input("b", &baseline), input("a", &open)]] {
        let at = inputs.iter().position(|input| input.name == "b").unwrap();
        let review = review_against(inputs, &Assumptions::new(), Against::default(), &mut |_| {});
        assert_eq!(review.verdict(), Some(Verdict::Secure));
        assert_eq!(review.documents()[at].format.unwrap().id, "portcullis-baseline");
        assert!(review.documents().iter().all(|document| document.complete && document.problems.total() == 0));
    }
}

#[test]
fn without_a_day_no_date_has_passed_and_that_is_said() {
    let inputs = vec![input("a", &web(&["in tcp 22 0.0.0.0/0"])), input("b", &approve(&["review = 2020-01-01"]))];
    let review = review_against(inputs, &Assumptions::new(), Against::default(), &mut |_| {});
    assert_eq!(review.verdict(), Some(Verdict::Secure));
    assert!(problems(&review)[0].contains("review dates are not checked"), "{:?}", problems(&review));
}

#[test]
fn every_mistake_has_its_sentence_and_approves_nothing() {
    for (lines, at, sentence) in [
        (&["- justification"][..], "1:1", "`justification` is missing"),
        (&["justification = \" \""], "6:17", "`justification` is empty"),
        (&["justification = 3"], "6:17", "`justification` is no text"),
        (&["ticket = 7"], "7:1", "`ticket` is no key of an approval"),
        (&["owner = \"a\"", "owner = \"b\""], "8:1", "`owner` was given before"),
        (&["owner = \"\""], "7:9", "`owner` is empty"),
        (&["review = \"31.12.2026\""], "7:10", "`review` is no date"),
        (&["review = 2026-02-30"], "7:10", "`review` is no date"),
        (&["direction = \"in\""], "7:13", "`direction` is neither"),
        (&["protocol = \"tpc\""], "6:12", "`protocol` has to be"),
        (&["ports = \"70000\""], "6:9", "this is neither ports"),
        (&["ports = [\"22\", \"23-22\"]"], "6:16", "this is neither ports"),
        (&["ports = []"], "6:9", "`ports` is empty"),
        (&["- ports"], "1:1", "`ports` is missing"),
        (&["- sources"], "1:1", "`sources` is missing"),
        (&["sources = \"10.0.0.0/99\""], "6:11", "`10.0.0.0/99` is no CIDR"),
        (&["sources = [[\"internet\"]]"], "6:12", "a source is a CIDR"),
        (&["- policy"], "1:1", "`policy` is missing"),
    ] {
        let review = against(&web(&["in tcp 22 0.0.0.0/0"]), &approve(lines));
        let told = problems(&review);
        assert!(told.len() == 1 && told[0].starts_with(&format!("{at} error {sentence}")), "{lines:?}: {told:?}");
        assert_eq!(review.verdict(), Some(Verdict::Dangerous), "{lines:?}");
    }
    for (text, sentence) in [
        ("[approve]\npolicy = \"x\"\n", "two brackets"),
        ("policy = \"x\"\n", "stands outside"),
        ("[[allow]]\n", "`allow` is no table"),
        ("[[approve]]\npolicy = \n", "this is no TOML"),
        ("[[approve\n", "this is no TOML"),
    ] {
        let told = problems(&against(&web(&[]), text));
        assert!(told.iter().any(|told| told.contains(sentence)), "{text}: {told:?}");
    }
    let half = format!("{}{}", approve(&["ports = \"443\"", "review = "]), approve(&[]));
    let review = against(&web(&["in tcp 22 0.0.0.0/0", "in tcp 443 0.0.0.0/0"]), &half);
    assert_eq!(told(&review), ["22 secure", "443 secure"], "443 is meant to be public anyway");
    assert!(!review.documents()[1].complete && review.verdict() == Some(Verdict::Unknown), "what is broken may have been anything");
}

#[test]
fn a_baseline_cut_off_at_any_byte_approves_nothing() {
    let open = web(&["in tcp 22 0.0.0.0/0"]);
    let whole = approve(&["owner = \"ops\"", "review = 2030-12-31", "justification = \"by test\""]);
    assert_eq!(against(&open, &whole).verdict(), Some(Verdict::Secure));
    for end in 0..whole.trim_end().len() {
        assert_eq!(against(&open, &whole[..end]).verdict(), Some(Verdict::Dangerous), "{}", &whole[..end]);
    }
}

#[test]
fn an_example_is_accepted_but_for_its_justifications() {
    let hostile = "w\\\"eb\\u0007 # [[approve]]";
    let text = web(&[
        "in tcp 22 0.0.0.0/0",
        "in tcp 443-445 ::/0",
        "in icmp 8/-1 0.0.0.0/0",
        "in 47 - 203.0.113.0/24",
        "in tcp 5000 sg-ops",
        "in tcp 5000 8.8.8.0/23",
        "in udp 53 0.0.0.0/1",
    ])
    .replace("\"web\"", &format!("\"{hostile}\""))
    .replace("sg-web", &format!("sg-{hostile}"));
    let before = against(&text, "");
    let written = example(&before);
    assert_eq!(written.matches("[[approve]]\npolicy").count(), register(&before).len(), "{written}");
    let empty = against(&text, &written);
    let told = problems(&empty);
    assert!(told.len() == register(&before).len() && told.iter().all(|told| told.contains("`justification` is empty")), "{told:#?}");
    let filled = against(&text, &written.replace("justification = \"\"", "justification = \"yes\""));
    assert_eq!(problems(&filled), Vec::<String>::new());
    assert_eq!(filled.verdict(), Some(Verdict::Secure));
    assert!(!audits(&filled).contains(&"unapproved-exposure"), "{:?}", audits(&filled));
    assert_eq!(example(&filled).matches("[[approve]]\npolicy").count(), 0, "what is approved is not asked for again");
}

#[test]
fn the_register_names_why_and_who() {
    let text = web(&["in tcp 22 0.0.0.0/0", "in tcp 443 0.0.0.0/0", "in tcp 8443 0.0.0.0/0", "in tcp 5432 10.0.0.0/8"]);
    let text = text.replacen("\"CidrIp\": \"0.0.0.0/0\"", "\"CidrIp\": \"0.0.0.0/0\", \"Description\": \"=cmd()\"", 1);
    let review = against(&text, &approve(&["ports = \"443\"", "owner = \"web team\"", "review = 2026-12-31"]));
    let rows = register(&review);
    let told: Vec<_> = rows.iter().map(|row| (row.ports.as_deref().unwrap(), row.justification.as_deref(), row.justified_by)).collect();
    assert_eq!(told, [("22", Some("=cmd()"), "description"), ("443", Some("by test"), "baseline"), ("8443", None, "none")]);
    assert_eq!((rows[1].owner.as_deref(), rows[1].review.as_deref(), rows[1].expired), (Some("web team"), Some("2026-12-31"), false));
    assert_eq!(rows[0].verdict, "dangerous", "a description changes no verdict");
    let csv = csv::register(&rows);
    assert!(csv.contains(",'=cmd(),description,") && csv.contains(",none given,none,,,no\r\n"), "{csv}");
    let report = serde_json::to_value(report::report(&review)).unwrap();
    assert_eq!(report["register"], serde_json::to_value(&rows).unwrap());
    let validator = jsonschema::validator_for(&serde_json::from_str::<Value>(report::SCHEMA).unwrap()).unwrap();
    let errors: Vec<String> = validator.iter_errors(&report).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{errors:#?}");
}

#[test]
fn the_schema_agrees_with_the_reader() {
    let validator = jsonschema::validator_for(&serde_json::from_str::<Value>(SCHEMA).unwrap()).unwrap();
    let valid = |entry: Value| validator.is_valid(&serde_json::json!({ "approve": [entry] }));
    let entry = serde_json::json!({"policy": "web", "protocol": "tcp", "ports": ["443", "8000-8010"], "sources": "internet", "justification": "x", "review": "2030-12-31"});
    assert!(valid(entry.clone()));
    for (key, value) in [
        ("ticket", Value::from(1)),
        ("review", "soon".into()),
        ("justification", " ".into()),
        ("ports", "ssh".into()),
        ("direction", "in".into()),
    ] {
        let mut wrong = entry.clone();
        wrong[key] = value;
        assert!(!valid(wrong), "{key}");
    }
}

/// What baselines are made of, without a justification that says anything.
const PARTS: &[&str] = &[
    "[[approve]]",
    "\n",
    "\n",
    " = ",
    "policy",
    "\"*\"",
    "protocol",
    "\"tcp\"",
    "ports",
    "\"22\"",
    "sources",
    "\"internet\"",
    "justification",
    "\"\"",
    "review",
    "2026-02-29",
    "[",
    "]",
    "{",
    "}",
    ",",
    ".",
    "'",
    "\"",
    "\"\"\"",
    "#",
    "\\",
    "\u{1f600}",
    "\r",
    "\0",
];

/// Whoever is in a group has an address of one family or the other, so approvals of both cover members that nobody pasted.
#[test]
fn approvals_of_every_address_cover_members_of_groups() {
    let both = [approve(&["sources = \"0.0.0.0/0\""]), approve(&["sources = \"::/0\""])].concat();
    for rules in
        [&["in tcp 22 ::/0", "in tcp 22 sg-a"][..], &["in tcp 22 sg-a"], &["in tcp 22 0.0.0.0/1", "in tcp 22 ::/0", "in tcp 22 sg-a"]]
    {
        let approved = |baseline: &str| {
            let review = against(&web(rules), baseline);
            review.look(0, |subject, _| subject.judgement.exposures[0].is_approved()).unwrap()
        };
        assert!(approved(&both), "{rules:?}");
        assert!(!approved(&approve(&["sources = \"::/0\""])), "{rules:?}");
    }
}

/// Any prefix of IPv4, and often everyone of one family: two approvals together may then cover everyone.
fn any_net() -> impl Strategy<Value = IpNet> {
    let some = (any::<u32>(), 0_u8..=32).prop_map(|(bits, length)| IpNet::V4(Ipv4Net::new(bits.into(), length).unwrap()));
    prop_oneof![2 => some, 1 => Just("0.0.0.0/0".parse().unwrap()), 1 => Just("::/0".parse().unwrap())]
}

proptest! {
    #![proptest_config(Config { cases: 200, failure_persistence: None, ..Config::default() })]

    #[test]
    fn no_text_makes_the_reader_panic(parts in proptest::collection::vec(proptest::sample::select(PARTS), 0..40)) {
        let review = against(&web(&["in tcp 22 0.0.0.0/0"]), &parts.concat());
        prop_assert!(review.verdict() >= Some(Verdict::Unknown), "half a baseline is none: {parts:?}");
    }

    /// Approvals are made from rules; whether one covers a point is asked of each port by itself.
    #[test]
    fn approved_is_what_approvals_cover_at_every_port(
        rules in proptest::collection::vec(any_rule(&["pl-1"]), 1..8),
        extra in proptest::collection::vec((0_u16..=65_535, 0_u16..=65_535, any_net(), any::<bool>()), 0..4),
        chosen in proptest::collection::vec(any::<bool>(), 8),
        ports in proptest::collection::vec(any::<u16>(), 20),
    ) {
        use portcullis_tests::naive::Peer;
        let mut entries: Vec<(u16, u16, u8, bool, AddressSet, String)> = Vec::new();
        for (rule, chosen) in rules.iter().zip(&chosen) {
            let (Peer::Net(net), Some((from, to))) = (&rule.peer, rule.ports) else { continue };
            let number = match rule.protocol.as_str() { "tcp" | "6" => 6, "udp" | "17" => 17, _ => continue };
            if *chosen {
                entries.push((from as u16, to as u16, number, rule.egress, AddressSet::from_nets([*net]), net.to_string()));
            }
        }
        for (a, b, net, egress) in extra {
            entries.push((a.min(b), a.max(b), 6, egress, AddressSet::from_nets([net]), net.to_string()));
        }
        let baseline: String = entries.iter().map(|(first, last, number, egress, _, net)| {
            let direction = if *egress { "egress" } else { "ingress" };
            approve(&["policy = \"sg-x\"", &format!("ports = \"{first}-{last}\""), &format!("protocol = {number}"), &format!("sources = \"{net}\""), &format!("direction = \"{direction}\"")])
        }).collect();
        let review = against(&listing_of(&rules), &baseline);
        let edges = entries.iter().flat_map(|(first, last, ..)| [first.saturating_sub(1), *first, *last, last.saturating_add(1)]);
        let ports: Vec<u16> = ports.into_iter().chain(edges).collect();
        review.look(0, |subject, _| {
            for (exposure, judged) in subject.evaluation.exposures.iter().zip(&subject.judgement.exposures) {
                let Protocols::Number(number @ (6 | 17)) = exposure.protocols else {
                    prop_assert!(!judged.is_approved());
                    continue;
                };
                for port in ports.iter().filter(|port| exposure.first <= **port && **port <= exposure.last) {
                    let here = entries.iter().filter(|(first, last, own, egress, ..)| {
                        *own == number && first <= port && port <= last && *egress == (exposure.direction == Direction::Egress)
                    });
                    let approved = here.fold(unusable().clone(), |all, (.., set, _)| all.union(set));
                    // Members of a group have some address, whichever it is.
                    let members = exposure.possibly.symbols.is_empty() || approved.is_full();
                    let whole = members && exposure.possibly.addresses.is_subset(&approved);
                    // Sources that don't exist need no approval, and get none where no entry speaks of the port.
                    let nobody = exposure.possibly.addresses.is_subset(unusable());
                    prop_assert!(judged.is_approved() == whole || nobody, "{port} of {exposure:?} with {baseline}");
                    prop_assert!(!judged.is_approved() || judged.verdict == Verdict::Secure);
                }
            }
            Ok(())
        }).unwrap()?;
    }
}
