//! Instances of Google Cloud without an external address, behind forwarding rules: what is followed opens them, what is not leaves
//! them in doubt, and neither is called closed.

use portcullis_tests::{files, reported};
use serde_json::{Value, json};

const PROJECT: &str = "https://www.googleapis.com/compute/v1/projects/shop";

fn listings(front: Value, behind: Vec<Value>) -> Value {
    let rule = json!({ "kind": "compute#firewall", "name": "ssh", "network": format!("{PROJECT}/global/networks/front"),
        "direction": "INGRESS", "priority": 1000, "sourceRanges": ["0.0.0.0/0"], "allowed": [{ "IPProtocol": "tcp", "ports": ["22"] }] });
    let instance = json!({ "kind": "compute#instance", "id": "4811", "name": "web-1", "zone": format!("{PROJECT}/zones/europe-west1-b"),
        "tags": { "items": [] }, "serviceAccounts": [],
        "networkInterfaces": [{ "name": "nic0", "network": format!("{PROJECT}/global/networks/front"), "networkIP": "10.0.1.5" }] });
    let report = files(&[
        ("rules.json", &json!([rule]).to_string()),
        ("instances.json", &json!([instance]).to_string()),
        ("fronts.json", &json!([front]).to_string()),
        ("behind.json", &json!(behind).to_string()),
    ]);
    assert!(report["documents"].as_array().unwrap().iter().take(3).all(|own| own["problem_count"] == 0), "{:#}", report["documents"]);
    assert_eq!(report["documents"][2]["format"], "gcp-forwarding-rules");
    report["surfaces"][0].clone()
}

fn front(more: Value) -> Value {
    let mut front = json!({ "kind": "compute#forwardingRule", "name": "door", "IPAddress": "203.0.113.7", "loadBalancingScheme": "EXTERNAL",
        "region": format!("{PROJECT}/regions/europe-west1"), "selfLink": format!("{PROJECT}/regions/europe-west1/forwardingRules/door") });
    front.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    front
}

fn pool(instances: Value) -> Value {
    json!({ "kind": "compute#targetPool", "name": "webs", "instances": instances,
        "selfLink": format!("{PROJECT}/regions/europe-west1/targetPools/webs") })
}

const POOL: &str = "https://www.googleapis.com/compute/v1/projects/shop/regions/europe-west1/targetPools/webs";

fn told(surface: &Value) -> (&str, bool) {
    let closed = surface["gate"].as_array().unwrap().iter().any(|why| why == "the lack of a public IPv4 address");
    (surface["verdict"].as_str().unwrap(), closed)
}

#[test]
fn an_instance_in_a_pool_is_open_or_in_doubt() {
    let web = format!("{PROJECT}/zones/europe-west1-b/instances/web-1");
    let every = json!({ "target": POOL, "IPProtocol": "L3_DEFAULT", "allPorts": true });
    let seen = listings(front(every.clone()), vec![pool(json!([web]))]);
    assert_eq!((told(&seen), &seen["assumed"]), (("dangerous", false), &json!([])), "{seen:#}");
    // Which of its ports are handed on is not followed.
    let some = json!({ "target": POOL, "IPProtocol": "TCP", "portRange": "80-80" });
    let seen = listings(front(some), vec![pool(json!([web]))]);
    assert_eq!(told(&seen), ("unknown", false));
    assert!(seen["assumed"][0].as_str().unwrap().starts_with("the forwarding rule door hands some ports on to 4811"), "{seen:#}");
    // Another instance is in the pool, and nobody else.
    let seen = listings(front(every), vec![pool(json!([web.replace("web-1", "web-2")]))]);
    assert_eq!((told(&seen), &seen["assumed"]), (("secure", true), &json!([])), "{seen:#}");
}

#[test]
fn what_was_not_followed_is_said_and_not_called_closed() {
    let proxy = json!({ "target": format!("{PROJECT}/global/targetHttpsProxies/shop"), "portRange": "443-443", "region": null });
    let service = json!({ "backendService": format!("{PROJECT}/regions/europe-west1/backendServices/webs"), "allPorts": true });
    let backends = json!({ "kind": "compute#backendService", "name": "webs",
        "selfLink": format!("{PROJECT}/regions/europe-west1/backendServices/webs"),
        "backends": [{ "group": format!("{PROJECT}/zones/europe-west1-b/instanceGroups/webs") }] });
    for (to, behind) in [(proxy, vec![]), (service.clone(), vec![]), (service, vec![backends]), (json!({ "target": POOL }), vec![])] {
        let seen = listings(front(to.clone()), behind);
        assert_eq!(told(&seen), ("unknown", false), "{to}: {seen:#}");
        let said = seen["assumed"][0].as_str().unwrap();
        assert_eq!(said, "what stands behind the forwarding rule door was not followed; it may hand traffic from the internet on to 4811");
    }
}

#[test]
fn doors_of_the_inside_and_of_other_regions_change_nothing() {
    for more in [
        json!({ "target": POOL, "loadBalancingScheme": "INTERNAL" }),
        json!({ "target": POOL, "loadBalancingScheme": "INTERNAL_MANAGED" }),
        json!({ "target": format!("{PROJECT}/regions/europe-west1/targetVpnGateways/office") }),
        json!({ "target": POOL.replace("west1", "west2"), "region": format!("{PROJECT}/regions/europe-west2"),
            "selfLink": format!("{PROJECT}/regions/europe-west2/forwardingRules/door") }),
    ] {
        let seen = listings(front(more.clone()), vec![]);
        assert_eq!((told(&seen), &seen["assumed"]), (("secure", true), &json!([])), "{more}: {seen:#}");
    }
}

const CONFIGURATION: &str = "
resource \"google_compute_network\" \"front\" { name = \"front\" }
resource \"google_compute_firewall\" \"ssh\" {
  name          = \"ssh\"
  network       = google_compute_network.front.id
  source_ranges = [\"0.0.0.0/0\"]
  allow {
    protocol = \"tcp\"
    ports    = [\"22\"]
  }
}
resource \"google_compute_instance\" \"web\" {
  name = \"web-1\"
  zone = \"europe-west1-b\"
  network_interface { network = google_compute_network.front.id }
}
";

fn configured(rest: &str) -> Value {
    reported(format!("{CONFIGURATION}{rest}"))["surfaces"][0].clone()
}

#[test]
fn terraform_is_followed_to_its_instances() {
    let door =
        |to: &str| format!("resource \"google_compute_forwarding_rule\" \"door\" {{\n  name = \"door\"\n  {to}\n  all_ports = true\n}}\n");
    let pool = |list: &str| format!("resource \"google_compute_target_pool\" \"webs\" {{\n  instances = [{list}]\n}}\n");
    let to_pool = door("target = google_compute_target_pool.webs.id");
    let group = "resource \"google_compute_instance_group\" \"webs\" {\n  instances = [google_compute_instance.web.self_link]\n}\n";
    let service =
        "resource \"google_compute_region_backend_service\" \"webs\" {\n  backend { group = google_compute_instance_group.webs.id }\n}\n";
    let to_service = door("backend_service = google_compute_region_backend_service.webs.id");
    let target = "resource \"google_compute_target_instance\" \"web\" {\n  instance = google_compute_instance.web.id\n}\n";
    let to_target = door("target = google_compute_target_instance.web.id");
    for (rest, expected) in [
        (String::new(), ("secure", true)),
        (to_pool.clone() + &pool("google_compute_instance.web.self_link"), ("dangerous", false)),
        (to_pool.clone() + &pool("\"europe-west1-b/web-1\""), ("dangerous", false)),
        (to_pool.clone() + &pool("\"europe-west1-b/other\""), ("secure", true)),
        (to_pool.clone() + &pool("var.web"), ("unknown", false)),
        (to_pool, ("unknown", false)),
        (to_service.clone() + group + service, ("dangerous", false)),
        (to_service + service, ("unknown", false)),
        (to_target + target, ("dangerous", false)),
        (door("target = google_compute_region_target_http_proxy.shop.id"), ("unknown", false)),
        (door("load_balancing_scheme = \"INTERNAL\"\n  backend_service = google_compute_region_backend_service.webs.id"), ("secure", true)),
    ] {
        let seen = configured(&rest);
        assert_eq!(told(&seen), expected, "{rest}: {seen:#}");
    }
}
