//! Instances of Google Cloud behind the firewall rules of their network: what is chosen by tags and service accounts, what is
//! not known of it, and the same picture from listings and from Terraform.

use portcullis_tests::{files, reported};
use serde_json::{Value, json};

const NETWORK: &str = "https://www.googleapis.com/compute/v1/projects/shop/global/networks/front";

fn rule(name: &str, port: u16, more: Value) -> Value {
    let mut rule = json!({
        "kind": "compute#firewall", "name": name, "network": NETWORK, "direction": "INGRESS", "priority": 1000,
        "sourceRanges": ["0.0.0.0/0"], "allowed": [{ "IPProtocol": "tcp", "ports": [port.to_string()] }],
    });
    rule.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    rule
}

fn instance(name: &str, tags: &[&str], public: bool) -> Value {
    let mut interface = json!({ "name": "nic0", "network": NETWORK, "networkIP": "10.0.1.5" });
    if public {
        interface["accessConfigs"] = json!([{ "type": "ONE_TO_ONE_NAT", "natIP": "203.0.113.9" }]);
    }
    json!({
        "kind": "compute#instance", "id": format!("48{}", name.bytes().map(u32::from).sum::<u32>()), "name": name,
        "zone": "https://www.googleapis.com/compute/v1/projects/shop/zones/europe-west1-b",
        "tags": { "items": tags, "fingerprint": "x" }, "networkInterfaces": [interface],
        "serviceAccounts": [{ "email": "app@shop.iam.gserviceaccount.com", "scopes": [] }],
    })
}

fn seen(rules: &[Value], instances: &[Value]) -> Value {
    files(&[("rules.json", &json!(rules).to_string()), ("instances.json", &json!(instances).to_string())])
}

/// The inbound ports that get through from the internet, and those that perhaps do.
fn open(surface: &Value) -> Vec<String> {
    let inbound = surface["exposures"].as_array().unwrap().iter().filter(|one| one["direction"] == "ingress");
    inbound
        .filter(|one| one["reach"] == "internet" || one["reach"] == "unknown")
        .map(|one| format!("{} {}", one["ports"].as_str().unwrap(), one["reach"].as_str().unwrap()))
        .collect()
}

#[test]
fn an_instance_has_the_rules_that_choose_it() {
    let rules = [
        rule("all", 443, json!({})),
        rule("web", 22, json!({ "targetTags": ["web"] })),
        rule("db", 3306, json!({ "targetTags": ["db", "cache"] })),
        rule("app", 8080, json!({ "targetServiceAccounts": ["app@shop.iam.gserviceaccount.com"] })),
        rule("other", 9200, json!({ "targetServiceAccounts": ["other@shop.iam.gserviceaccount.com"] })),
    ];
    let report =
        seen(&rules, &[instance("plain", &[], true), instance("web-1", &["web"], true), instance("both", &["web", "cache"], true)]);
    let formats: Vec<&str> = report["documents"].as_array().unwrap().iter().map(|own| own["format"].as_str().unwrap()).collect();
    assert_eq!(formats, ["gcp-firewall", "gcp-instances"]);
    let surfaces = report["surfaces"].as_array().unwrap();
    assert_eq!(surfaces.iter().map(|own| own["assumed"].clone()).collect::<Vec<_>>(), vec![json!([]); 3]);
    let all: Vec<Vec<String>> = surfaces.iter().map(open).collect();
    let internet = |ports: &[&str]| -> Vec<String> { ports.iter().map(|port| format!("{port} internet")).collect() };
    assert_eq!(all, [internet(&["443", "8080"]), internet(&["22", "443", "8080"]), internet(&["22", "443", "3306", "8080"])]);
}

/// By priority across all rules that choose the instance, and of equal ones a deny.
#[test]
fn a_rule_for_everyone_decides_before_one_for_a_tag() {
    let ssh = rule("ssh", 22, json!({ "targetTags": ["web"] }));
    let deny = |priority: u32| {
        let denied = json!({ "denied": [{ "IPProtocol": "all" }], "allowed": null, "priority": priority });
        rule("deny", 22, denied)
    };
    for (priority, ports) in [(999, vec![]), (1000, vec![]), (1001, vec!["22 internet"])] {
        let report = seen(&[ssh.clone(), deny(priority)], &[instance("web-1", &["web"], true)]);
        assert_eq!(open(&report["surfaces"][0]), ports, "{priority}");
    }
}

#[test]
fn without_an_external_address_the_internet_does_not_come_in() {
    let report = seen(&[rule("ssh", 22, json!({}))], &[instance("web-1", &[], false)]);
    let surface = &report["surfaces"][0];
    assert_eq!((&surface["verdict"], &surface["gate"]), (&json!("secure"), &json!(["the lack of a public IPv4 address"])));
    let closed = surface["closed"][0]["message"].as_str().unwrap();
    assert!(closed.contains("22/tcp") && closed.ends_with("closed by the lack of a public IPv4 address"), "{closed}");
    // The rules are not as they should be, but nothing is open.
    assert_eq!((&report["policies"][0]["verdict"], &report["verdict"]), (&json!("caution"), &json!("caution")));
    // One address makes the difference.
    let report = seen(&[rule("ssh", 22, json!({}))], &[instance("web-1", &[], true)]);
    assert_eq!((&report["surfaces"][0]["verdict"], &report["verdict"]), (&json!("dangerous"), &json!("dangerous")));
}

#[test]
fn who_has_a_source_tag_is_seen_by_its_addresses() {
    let redis = rule("redis", 6379, json!({ "sourceRanges": null, "sourceTags": ["app"], "targetTags": ["db"] }));
    let mut app = instance("application", &["app"], false);
    app["networkInterfaces"][0]["networkIP"] = json!("10.0.2.9");
    let inputs =
        [("rules.json", json!([redis]).to_string()), ("instances.json", json!([instance("db-1", &["db"], false), app]).to_string())];
    let inputs = inputs.map(|(name, text)| portcullis_core::review::Input { name: name.into(), bytes: text.into_bytes() });
    let review = portcullis_core::review::review(inputs.to_vec(), &mut |_| {});
    let fate = |question: &str| portcullis_core::ask::ask(&review, question).unwrap().fate;
    use portcullis_core::ask::Fate;
    assert_eq!(fate("application -> db-1 tcp/6379"), Fate::Allowed);
    assert_eq!(fate("10.0.2.9 -> db-1 tcp/6379"), Fate::Allowed);
    assert_eq!(fate("10.0.2.8 -> db-1 tcp/6379"), Fate::Denied);
    assert_eq!(fate("db-1 -> application tcp/6379"), Fate::Denied);
}

#[test]
fn missing_rules_are_named_and_unknown() {
    let report = seen(&[], &[instance("web-1", &[], true)]);
    let surface = &report["surfaces"][0];
    assert_eq!((&surface["verdict"], &report["verdict"]), (&json!("unknown"), &json!("unknown")));
    assert_eq!(surface["layer_list"][0]["missing"], json!(["the firewall rules of the network shop/front"]));
    // Two networks of one name, and an instance that does not say whose it is in.
    let other = rule("ssh", 22, json!({ "network": NETWORK.replace("shop", "stage") }));
    let vague = json!({ "name": "web-1", "tags": { "items": [] }, "serviceAccounts": [], "networkInterfaces": [{ "network": "front", "accessConfigs": [{ "natIP": "203.0.113.9" }] }] });
    let report = seen(&[rule("ssh", 22, json!({})), other.clone()], std::slice::from_ref(&vague));
    assert_eq!(report["surfaces"][0]["verdict"], "unknown");
    let report = seen(&[other], &[vague]);
    assert_eq!(open(&report["surfaces"][0]), ["22 internet"]);
}

/// Networks of one name in two projects are two networks, also where each listing is a document of its own.
#[test]
fn projects_are_kept_apart() {
    let open_rules = json!([rule("ssh", 22, json!({}))]).to_string();
    let closed =
        json!([rule("ssh", 22, json!({ "network": NETWORK.replace("shop", "stage"), "sourceRanges": ["10.0.0.0/8"] }))]).to_string();
    let mine = json!([instance("web-1", &[], true)]).to_string();
    for order in [[&closed, &open_rules], [&open_rules, &closed]] {
        let report = files(&[("a.json", order[0]), ("b.json", order[1]), ("c.json", &mine)]);
        assert_eq!(open(&report["surfaces"][0]), ["22 internet"]);
        let report = files(&[("a.json", order[0]), ("b.json", order[1]), ("c.json", &mine.replace("projects/shop", "projects/stage"))]);
        assert_eq!(open(&report["surfaces"][0]), Vec::<String>::new());
    }
}

#[test]
fn what_is_not_told_of_an_instance_is_in_doubt() {
    let tagged = rule("ssh", 22, json!({ "targetTags": ["web"] }));
    let projection =
        json!({ "name": "web-1", "networkInterfaces": [{ "network": NETWORK, "accessConfigs": [{ "natIP": "203.0.113.9" }] }] });
    let report = seen(&[tagged], &[projection]);
    let surface = &report["surfaces"][0];
    assert_eq!((open(surface), &surface["verdict"]), (vec!["22 unknown".to_owned()], &json!("unknown")));
    assert_eq!(surface["assumed"], json!(["the tags of web-1 would tell whether the rules of front, tag web are for web-1; they may be"]));
    // No listing of instances has secure tags.
    let policy = json!({
        "firewallPolicys": [{ "type": "NETWORK", "name": "edge", "rules": [{ "priority": 1, "action": "allow", "direction": "INGRESS",
            "match": { "srcIpRanges": ["0.0.0.0/0"], "layer4Configs": [{ "ipProtocol": "tcp", "ports": ["3389"] }] },
            "targetSecureTags": [{ "name": "tagValues/7", "state": "EFFECTIVE" }] }] }],
        "firewalls": [rule("web", 443, json!({}))],
    });
    let report = files(&[("effective.json", &policy.to_string()), ("instances.json", &json!([instance("web-1", &[], true)]).to_string())]);
    assert_eq!(open(&report["surfaces"][0]), ["443 internet", "3389 unknown"]);
}

/// Hierarchical policies come first where it is known that they hold; by themselves it is not known where they stand.
#[test]
fn policies_above_the_network_decide_first() {
    let hierarchy = |action: &str| {
        json!({ "type": "HIERARCHY", "shortName": "org", "rules": [{ "priority": 1, "action": action, "direction": "INGRESS",
            "match": { "srcIpRanges": ["0.0.0.0/0"], "layer4Configs": [{ "ipProtocol": "tcp", "ports": ["22"] }] } }] })
    };
    let report = |action: &str| {
        let effective = json!({ "firewallPolicys": [hierarchy(action)], "firewalls": [rule("ssh", 22, json!({}))] });
        files(&[("effective.json", &effective.to_string()), ("instances.json", &json!([instance("web-1", &[], true)]).to_string())])
    };
    assert_eq!(open(&report("deny")["surfaces"][0]), Vec::<String>::new());
    assert_eq!(open(&report("goto_next")["surfaces"][0]), ["22 internet"]);
    let alone =
        json!([{ "kind": "compute#firewallPolicy", "shortName": "org", "rules": hierarchy("deny")["rules"] }, rule("ssh", 22, json!({}))]);
    let report = files(&[("rules.json", &alone.to_string()), ("instances.json", &json!([instance("web-1", &[], true)]).to_string())]);
    assert_eq!(open(&report["surfaces"][0]), ["22 internet"]);
    assert_eq!(
        report["surfaces"][0]["assumed"],
        json!(["whether the firewall policy org stands before 48412 is not in the texts; it is left out"])
    );
}

const CONFIGURATION: &str = r#"
resource "google_compute_network" "front" { name = "front" }
resource "google_compute_subnetwork" "front" {
  network       = google_compute_network.front.id
  ip_cidr_range = "10.0.1.0/24"
}
resource "google_compute_firewall" "ssh" {
  network       = google_compute_network.front.name
  source_ranges = ["0.0.0.0/0"]
  target_tags   = ["web"]
  allow {
    protocol = "tcp"
    ports    = ["22"]
  }
}
resource "google_compute_instance" "web" {
  name = "web-1"
  zone = "europe-west1-b"
  tags = ["web"]
  network_interface {
    subnetwork = google_compute_subnetwork.front.id
    access_config {}
  }
}
"#;

#[test]
fn terraform_and_listings_tell_the_same() {
    let listed = seen(&[rule("ssh", 22, json!({ "targetTags": ["web"] }))], &[instance("web-1", &["web"], true)]);
    let written = reported(CONFIGURATION);
    let (one, two) = (&listed["surfaces"][0], &written["surfaces"][0]);
    for key in ["verdict", "gate", "assumed"] {
        assert_eq!(one[key], two[key], "{key}");
    }
    assert_eq!((open(one), open(two)), (vec!["22 internet".to_owned()], vec!["22 internet".to_owned()]));
    for (change, instead, ports, gate) in [
        ("access_config {}", "", vec![], json!(["the lack of a public IPv4 address"])),
        ("tags = [\"web\"]", "tags = [\"db\"]", vec![], json!([])),
        ("tags = [\"web\"]", "tags = var.tags", vec!["22 unknown"], json!([])),
        ("tags = [\"web\"]", "", vec![], json!([])),
        ("target_tags   = [\"web\"]", "", vec!["22 internet"], json!([])),
        ("\"google_compute_instance\" \"web\"", "\"google_compute_instance_template\" \"web\"", vec!["22 internet"], json!([])),
        (
            "subnetwork = google_compute_subnetwork.front.id",
            "network = google_compute_network.front.self_link",
            vec!["22 internet"],
            json!([]),
        ),
    ] {
        assert!(CONFIGURATION.contains(change), "{change}");
        let report = reported(CONFIGURATION.replacen(change, instead, 1));
        let surface = &report["surfaces"][0];
        assert_eq!((open(surface), &surface["gate"]), (ports.into_iter().map(str::to_owned).collect(), &gate), "{instead}: {surface:#}");
    }
}

#[test]
fn a_service_account_is_named_by_its_resource() {
    let text = CONFIGURATION
        .replace("target_tags   = [\"web\"]", "target_service_accounts = [google_service_account.app.email]")
        .replace("tags = [\"web\"]", "service_account {\n    email = google_service_account.app.email\n    scopes = []\n  }");
    assert_eq!(open(&reported(&text)["surfaces"][0]), ["22 internet"]);
    let default = text.replace("email = google_service_account.app.email\n    scopes", "scopes");
    assert_eq!(open(&reported(default)["surfaces"][0]), ["22 unknown"]);
    let other = text.replace("email = google_service_account.app.email\n", "email = google_service_account.other.email\n");
    assert_eq!(open(&reported(other)["surfaces"][0]), Vec::<String>::new());
}

#[test]
fn several_interfaces_of_an_instance_are_several_surfaces() {
    let mut two = instance("router", &[], false);
    two["networkInterfaces"] = json!([
        { "name": "nic0", "network": NETWORK, "networkIP": "10.0.1.5", "accessConfigs": [{ "natIP": "203.0.113.9" }] },
        { "name": "nic1", "network": NETWORK.replace("front", "back"), "networkIP": "10.1.1.5" },
    ]);
    let report = seen(&[rule("ssh", 22, json!({})), rule("back", 5432, json!({ "network": NETWORK.replace("front", "back") }))], &[two]);
    let ids: Vec<&str> = report["surfaces"].as_array().unwrap().iter().map(|own| own["id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["48673/nic0", "48673/nic1"]);
    assert_eq!((open(&report["surfaces"][0]), open(&report["surfaces"][1])), (vec!["22 internet".to_owned()], vec![]));
}
