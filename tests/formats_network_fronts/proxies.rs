//! Behind proxies: the internet gets as far as Google's front ends, which send requests of their own. What is followed from the
//! forwarding rule to the instance admits only these; what passes bytes on as they came, or was not followed, leaves a doubt.

use portcullis_tests::{files, reported};
use serde_json::{Value, json};

const PROJECT: &str = "https://www.googleapis.com/compute/v1/projects/shop";
const ZONE: &str = "https://www.googleapis.com/compute/v1/projects/shop/zones/europe-west1-b";

/// A network that admits its front ends to one port, and everyone to SSH; an instance in it; and what stands before it.
fn listed(port: &str, before: Vec<Value>) -> Value {
    let rule = |name: &str, port: &str, from: Value| {
        json!({ "kind": "compute#firewall", "name": name, "network": format!("{PROJECT}/global/networks/front"), "direction": "INGRESS",
            "priority": 1000, "sourceRanges": from, "allowed": [{ "IPProtocol": "tcp", "ports": [port] }] })
    };
    let rules = json!([rule("ssh", "22", json!(["0.0.0.0/0"])), rule("front-ends", port, json!(["130.211.0.0/22", "35.191.0.0/16"]))]);
    let instance = json!({ "kind": "compute#instance", "id": "4811", "name": "web-x1f2", "zone": ZONE, "tags": { "items": [] },
        "serviceAccounts": [], "networkInterfaces": [{ "name": "nic0", "network": format!("{PROJECT}/global/networks/front"),
            "networkIP": "10.0.1.5" }],
        "metadata": { "items": [{ "key": "created-by",
            "value": "projects/123456789012/zones/europe-west1-b/instanceGroupManagers/webs" }] } });
    files(&[
        ("rules.json", &rules.to_string()),
        ("instances.json", &json!([instance]).to_string()),
        ("before.json", &json!(before).to_string()),
    ])
}

fn surface(report: &Value) -> &Value {
    assert!(report["documents"].as_array().unwrap().iter().all(|own| own["problem_count"] == 0), "{:#}", report["documents"]);
    &report["surfaces"][0]
}

fn object(kind: &str, name: &str, link: &str, more: Value) -> Value {
    let mut object = json!({ "kind": format!("compute#{kind}"), "name": name, "selfLink": format!("{PROJECT}/global/{link}/{name}") });
    object.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    object
}

fn door(target: &str, port: &str) -> Value {
    object(
        "forwardingRule",
        "door",
        "forwardingRules",
        json!({ "IPAddress": "203.0.113.7", "IPProtocol": "TCP", "portRange": format!("{port}-{port}"),
            "loadBalancingScheme": "EXTERNAL_MANAGED", "target": format!("{PROJECT}/global/{target}/shop") }),
    )
}

fn https() -> Value {
    object("targetHttpsProxy", "shop", "targetHttpsProxies", json!({ "urlMap": format!("{PROJECT}/global/urlMaps/shop") }))
}

fn map(more: Value) -> Value {
    object("urlMap", "shop", "urlMaps", more)
}

fn service(name: &str, groups: &[&str]) -> Value {
    let backends: Vec<Value> = groups.iter().map(|group| json!({ "group": format!("{PROJECT}/{group}") })).collect();
    object("backendService", name, "backendServices", json!({ "backends": backends, "loadBalancingScheme": "EXTERNAL_MANAGED" }))
}

fn to(service: &str) -> Value {
    json!(format!("{PROJECT}/global/backendServices/{service}"))
}

const WEBS: &str = "zones/europe-west1-b/instanceGroups/webs";
const OTHERS: &str = "zones/europe-west1-b/instanceGroups/others";

#[test]
fn behind_a_url_map_only_front_ends_get_in() {
    let chain = vec![door("targetHttpsProxies", "443"), https(), map(json!({ "defaultService": to("webs") })), service("webs", &[WEBS])];
    let report = listed("8080", chain);
    let seen = surface(&report);
    assert_eq!((&seen["verdict"], &seen["assumed"]), (&json!("secure"), &json!([])), "{seen:#}");
    assert_eq!(
        seen["gate"],
        json!(["the lack of a public IPv4 address; the internet gets no further than to Google's front ends, which answer at 443/tcp of \
             the forwarding rule door and send it requests"])
    );
    let exposures: Vec<(&Value, &Value)> = seen["exposures"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|one| one["direction"] == "ingress")
        .map(|one| (&one["ports"], &one["reach"]))
        .collect();
    assert!(exposures.contains(&(&json!("8080"), &json!("group"))), "{exposures:?}");
    // Everything about it was pasted, so what the rules open to everyone is closed by the missing address.
    let policy = &report["policies"][0];
    assert_eq!(policy["verdict"], "caution", "{policy:#}");
}

#[test]
fn every_branch_of_a_url_map_is_followed() {
    let matcher = |rule: Value| {
        let mut matcher = json!({ "name": "all", "defaultService": to("others") });
        matcher.as_object_mut().unwrap().extend(rule.as_object().unwrap().clone());
        json!({ "defaultService": format!("{PROJECT}/global/backendBuckets/pictures"), "pathMatchers": [matcher] })
    };
    let weighted = json!({ "weightedBackendServices": [{ "backendService": to("webs"), "weight": 100 }] });
    for (map_of, answered) in [
        (json!({ "defaultService": to("webs") }), true),
        (matcher(json!({ "pathRules": [{ "paths": ["/shop/*"], "service": to("webs") }] })), true),
        (matcher(json!({ "routeRules": [{ "priority": 1, "service": to("webs") }] })), true),
        (matcher(json!({ "defaultRouteAction": weighted })), true),
        (json!({ "defaultService": to("others"), "tests": [{ "host": "shop.example", "path": "/", "service": to("webs") }] }), false),
        (json!({ "defaultUrlRedirect": { "httpsRedirect": true } }), false),
        (json!({ "defaultService": format!("{PROJECT}/global/backendBuckets/pictures") }), false),
    ] {
        let services = [service("webs", &[WEBS]), service("others", &["regions/europe-west1/networkEndpointGroups/run"])];
        let chain = [door("targetHttpsProxies", "443"), https(), map(map_of.clone())].into_iter().chain(services).collect();
        let report = listed("8080", chain);
        let seen = surface(&report);
        assert_eq!((&seen["verdict"], &seen["assumed"]), (&json!("secure"), &json!([])), "{map_of}: {seen:#}");
        assert_eq!(seen["gate"][0].as_str().unwrap().contains("front ends"), answered, "{map_of}: {seen:#}");
    }
}

#[test]
fn what_is_missing_on_the_way_is_said_and_not_called_closed() {
    let (front, map) = (door("targetHttpsProxies", "443"), map(json!({ "defaultService": to("webs") })));
    for chain in [
        vec![front.clone()],
        vec![front.clone(), https()],
        vec![front.clone(), https(), map.clone()],
        // Who is in a group of one's own making, or has an endpoint in a zone, is in no listing.
        vec![front.clone(), https(), map.clone(), service("webs", &[OTHERS])],
        vec![front.clone(), https(), map.clone(), service("webs", &["zones/europe-west1-b/networkEndpointGroups/webs"])],
    ] {
        let report = listed("8080", chain.clone());
        let seen = surface(&report);
        assert_eq!(seen["verdict"], "unknown", "{chain:#?}: {seen:#}");
        assert_eq!(
            seen["assumed"][0],
            "what stands behind the forwarding rule door was not followed; it may hand traffic from the internet on to 4811"
        );
    }
}

#[test]
fn what_passes_bytes_on_leaves_what_front_ends_reach_in_doubt() {
    let proxy = |kind: &str, link: &str| object(kind, "shop", link, json!({ "service": to("data") }));
    for (kind, link) in [("targetTcpProxy", "targetTcpProxies"), ("targetSslProxy", "targetSslProxies")] {
        for chain in [vec![door(link, "3306"), proxy(kind, link), service("data", &[WEBS])], vec![door(link, "3306")]] {
            let report = listed("3306", chain);
            let seen = surface(&report);
            let database = seen["exposures"].as_array().unwrap().iter().find(|one| one["ports"] == "3306").unwrap();
            assert_eq!((&seen["verdict"], &database["verdict"]), (&json!("unknown"), &json!("unknown")), "{kind}: {seen:#}");
            assert!(seen["assumed"][0].as_str().unwrap().contains("the forwarding rule door"), "{seen:#}");
        }
    }
}

#[test]
fn a_way_through_front_ends_to_data_is_a_way_from_the_internet() {
    let chain = vec![door("targetHttpsProxies", "443"), https(), map(json!({ "defaultService": to("webs") })), service("webs", &[WEBS])];
    let report = listed("5432", chain);
    let path = &report["tiers"]["paths"][0];
    assert_eq!(path["length"], 1, "{:#}", report["tiers"]);
    // Without the load balancer there is none.
    let report = listed("5432", vec![]);
    assert_eq!((&report["tiers"]["edges"], &report["tiers"]["paths"]), (&json!([]), &json!([])));
}

const CONFIGURATION: &str = r#"
resource "google_compute_network" "front" { name = "front" }
resource "google_compute_firewall" "ssh" {
  name          = "ssh"
  network       = google_compute_network.front.id
  source_ranges = ["0.0.0.0/0"]
  allow {
    protocol = "tcp"
    ports    = ["22"]
  }
}
resource "google_compute_instance_template" "web" {
  name_prefix  = "web-"
  region       = "europe-west1"
  network_interface { network = google_compute_network.front.id }
}
resource "google_compute_region_instance_group_manager" "web" {
  name   = "web"
  region = "europe-west1"
  version { instance_template = google_compute_instance_template.web.self_link_unique }
  named_port {
    name = "http"
    port = 8080
  }
}
resource "google_compute_global_forwarding_rule" "https" {
  name                  = "https"
  port_range            = "443"
  load_balancing_scheme = "EXTERNAL_MANAGED"
  target                = google_compute_target_https_proxy.web.id
}
resource "google_compute_target_https_proxy" "web" {
  name    = "web"
  url_map = google_compute_url_map.web.id
}
resource "google_compute_url_map" "web" {
  name            = "web"
  default_service = google_compute_backend_bucket.site.id
  path_matcher {
    name            = "all"
    default_service = google_compute_backend_bucket.site.id
    path_rule {
      paths   = ["/api/*"]
      service = google_compute_backend_service.web.id
    }
  }
}
resource "google_compute_backend_service" "web" {
  name      = "web"
  port_name = "http"
  backend { group = google_compute_region_instance_group_manager.web.instance_group }
}
"#;

#[test]
fn terraform_is_followed_through_its_url_map() {
    let group = "google_compute_region_instance_group_manager.web.instance_group";
    let service = "service = google_compute_backend_service.web.id";
    let endpoints = |kind: &str, rest: &str| format!("resource \"google_compute_{kind}network_endpoint_group\" \"web\" {{}}\n{rest}\n");
    let endpoint = "resource \"google_compute_network_endpoint\" \"web\" {\n  network_endpoint_group = \
         google_compute_network_endpoint_group.web.name\n  instance = google_compute_instance_template.web.name\n}";
    let (zonal, regional) = ("google_compute_network_endpoint_group.web.id", "google_compute_region_network_endpoint_group.web.id");
    for (replaced, by, more, verdict, answered) in [
        ("", "", String::new(), "secure", true),
        (group, regional, endpoints("region_", ""), "secure", false),
        (group, zonal, endpoints("", endpoint), "secure", true),
        (group, zonal, endpoints("", ""), "unknown", false),
        (group, "var.group", String::new(), "unknown", false),
        (service, "service = var.service", String::new(), "unknown", false),
        (service, "service = google_compute_backend_service.elsewhere.id", String::new(), "unknown", false),
        (
            "path_matcher {",
            "dynamic \"path_matcher\" {\n    for_each = var.paths\n    content { service = path_matcher.value }\n  }\n  test {",
            String::new(),
            "unknown",
            false,
        ),
    ] {
        let text = CONFIGURATION.replace(replaced, by);
        let text = if replaced.is_empty() { CONFIGURATION.to_owned() } else { text };
        let report = reported(format!("{text}{more}"));
        let seen = &report["surfaces"][0];
        assert_eq!(seen["verdict"], verdict, "{replaced} {by}: {seen:#}");
        let said = seen["gate"][0].as_str().unwrap_or_default();
        assert_eq!(said.contains("answer at 443/tcp of the forwarding rule https"), answered, "{replaced} {by}: {seen:#}");
    }
}
