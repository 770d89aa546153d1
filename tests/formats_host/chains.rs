//! Chains, states and what is not understood.

use super::*;

#[test]
fn chains_are_followed() {
    let web = |lines: &[&str]| of(&[&["-A INPUT -p tcp -m multiport --dports 22,80 -j web"], lines].concat());
    assert_eq!(web(&["-A web -s 10.0.0.0/8 -j RETURN", "-A web -p tcp --dport 22 -j ACCEPT"]).len(), 1);
    assert_eq!(web(&["-A web -j ACCEPT"]), [SSH, "tcp 80 internet caution"]);
    assert_eq!(web(&["-A web -p udp -j ACCEPT"]), [""; 0], "no packet has two protocols");
    assert_eq!(web(&["-A web ! -s 10.0.0.0/8 -j RETURN", "-A web -j ACCEPT"]), ["tcp 22 private secure", "tcp 80 private secure"]);
    // What returned from the inner chain comes to the rest of the outer one; what the outer one sent back does not.
    let nested = |tail: &str| {
        of(&[
            "-A INPUT -j a",
            tail,
            "-A a -s 10.0.0.0/8 -j RETURN",
            "-A a -j b",
            "-A a -p tcp --dport 22 -j ACCEPT",
            "-A b -s 172.16.0.0/12 -p tcp --dport 22 -j DROP",
            "-A b -j RETURN",
            "-A b -j ACCEPT",
        ])
    };
    assert_eq!(nested("-A INPUT -p tcp --dport 23 -s 10.1.0.0/16 -j ACCEPT"), [SSH, "tcp 23 private secure"]);
    // goto does not come back to the chain it stands in.
    let goto = |jump: &str| {
        of(&["-A INPUT -j a", "-A INPUT -j DROP", &format!("-A a {jump} b"), "-A a -p tcp --dport 22 -j ACCEPT", "-A b -p udp -j DROP"])
    };
    assert_eq!((goto("-j"), goto("-g")), (vec![SSH.to_owned()], vec![]));
    assert_eq!(inbound(&reported(both("ACCEPT", &["-A INPUT -p tcp ! --dport 22 -j DROP", "-A INPUT ! -p tcp -j DROP"]))).len(), 2);
}

#[test]
fn only_what_begins_a_connection_from_outside_opens_anything() {
    for nothing in [
        "-m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT",
        "-m state --state ESTABLISHED -j ACCEPT",
        "-m conntrack ! --ctstate NEW,INVALID -j ACCEPT",
        "-m conntrack --ctstate INVALID -j ACCEPT",
        "-i lo -j ACCEPT",
        "-p tcp ! --syn -j ACCEPT",
        "-p tcp -m tcp --tcp-flags FIN,SYN FIN,SYN -j ACCEPT",
        "-d 224.0.0.251/32 -p udp --dport 5353 -j ACCEPT",
        "-m addrtype --dst-type MULTICAST -j ACCEPT",
        "-f -j ACCEPT",
        "-p tcp --dport 22 -j LOG --log-prefix \"-j ACCEPT\"",
        "-p tcp --dport 22",
        "-p tcp --dport 22 -j REJECT --reject-with tcp-reset",
    ] {
        assert_eq!(of(&[&format!("-A INPUT {nothing}")]), [""; 0], "{nothing}");
    }
    for open in [
        "-p tcp --dport 22 -m conntrack --ctstate NEW,ESTABLISHED -j ACCEPT",
        "-p tcp -m tcp --dport 22 --tcp-flags FIN,SYN,RST,ACK SYN -m state --state NEW -j ACCEPT",
        "! -i lo -p tcp --dport 22 -j ACCEPT",
        "-i eth0 -p tcp --dport 22 -j ACCEPT",
        "-p tcp --dport 22 -m limit --limit 3/min -j ACCEPT",
        "-p tcp --dport 22 -m hashlimit --hashlimit-upto 3/min --hashlimit-mode srcip --hashlimit-name ssh -j ACCEPT",
        "-p tcp --dport 22 -m recent --set --name ssh --mask 255.255.255.255 --rsource -j ACCEPT",
        "-p tcp --dport 22 -m addrtype --dst-type LOCAL -m comment --comment \"it's ours\" -j ACCEPT",
        "-p tcp -m multiport --dports 22 -j ACCEPT",
        "-p 6 -m tcp --dport 22 -s 0.0.0.0/0 -j ACCEPT",
    ] {
        assert_eq!(of(&[&format!("-A INPUT {open}")]), [SSH], "{open}");
    }
}

#[test]
fn what_is_not_understood_is_in_doubt_with_its_line() {
    let drop_before = |line: &str| reported(both("DROP", &[&format!("-A INPUT {line}"), "-A INPUT -p tcp --dport 22 -j ACCEPT"]));
    for line in [
        "-m string --algo bm --string \"x -j ACCEPT\" -j DROP",
        "-m mac --mac-source 00:00:5e:00:53:01 -j DROP",
        "-m recent --update --seconds 60 --hitcount 4 --name ssh -j DROP",
        "-m hashlimit --hashlimit-above 3/min --hashlimit-name a -j DROP",
        "-p tcp -m connlimit --connlimit-above 3 -j REJECT",
        "-m limit --limit 3/min -j DROP",
        "-m owner --uid-owner 0 -j DROP",
        "-m set --match-set blocked src -j DROP",
        "-s 10.0.2.0/255.0.255.0 -j DROP",
        "-m newthing --shiny 1 2 -j DROP",
        "-j NFQUEUE --queue-num 2",
    ] {
        let report = drop_before(line);
        assert!(told(&report, "").starts_with("6:1 "), "{line}: {:?}", problems(&report));
        let exposures = inbound(&report);
        assert!(
            exposures.iter().any(|line| line.starts_with("tcp 22 ") && line.ends_with("unknown")) || report["verdict"] == "unknown",
            "{line}: {exposures:?}"
        );
    }
    let named = reported(both("DROP", &["-A INPUT -m set --match-set office src -p tcp --dport 22 -j ACCEPT"]));
    assert_eq!((&named["verdict"], &named["unresolved"][0]["name"]), (&json!("unknown"), &json!("office")));
    let text = both("DROP", &["-A INPUT -m set --match-set office src -p tcp --dport 22 -j ACCEPT"]);
    assert_eq!(inbound(&reported_assuming(&text, &[("office", "10.1.0.0/16")])), ["tcp 22 private secure"]);
    let two = reported(both("DROP", &["-A INPUT -i eth0 -j ACCEPT", "-A INPUT -i eth1 -p tcp --dport 22 -j ACCEPT"]));
    assert_eq!(two["verdict"], "unknown");
    told(&two, "6:1 whether packets from outside come in by the interface `eth0`");
    told(
        &reported(both("DROP", &["-A INPUT -i eth0 -p tcp --dport 22 -j ACCEPT", "-A FORWARD -i docker0 -j ACCEPT"])),
        "`eth0` is the only interface",
    );
}

#[test]
fn the_other_tables_and_forward_are_said_once() {
    let nat = "*nat\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING -p tcp --dport 2222 -j REDIRECT --to-ports 22\n-A PREROUTING -p tcp --dport 2223 -j REDIRECT --to-ports 22\nCOMMIT\n";
    let docker = both("DROP", &["-A FORWARD -j DOCKER-USER", "-A DOCKER-USER -j RETURN"]);
    let report = reported(format!("{docker}{nat}*raw\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING -s 192.0.2.1/32 -j DROP\nCOMMIT\n"));
    assert_eq!(problems(&report).len(), 2, "{:?}", problems(&report));
    told(&report, "only the filter table is read, and nat, raw is not: they send packets to other ports, and drop some");
    told(&report, "ports that Docker publishes for containers pass there and bypass INPUT");
    assert_eq!((&report["verdict"], inbound(&report)), (&json!("secure"), vec![]));
    let untracked = "*raw\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING -p udp -j CT --notrack\nCOMMIT\n";
    let stateful = both("ACCEPT", &["-A INPUT -m conntrack --ctstate NEW -j DROP"]);
    assert_eq!(
        (reported(&stateful)["verdict"].clone(), reported(stateful + untracked)["verdict"].clone()),
        (json!("secure"), json!("unknown"))
    );
}

#[test]
fn icmp_ports_and_addresses_are_exact() {
    assert_eq!(of(&["-A INPUT -p icmp --icmp-type echo-request -j ACCEPT"]), ["icmp - internet secure"]);
    assert_eq!(of(&["-A INPUT -p icmp -m icmp --icmp-type any -j ACCEPT"]), ["icmp - internet caution"]);
    assert_eq!(of(&["-A INPUT -p tcp -m multiport --dports 21:22,24 -m tcp ! --dport 21 -j ACCEPT"]).len(), 2);
    assert_eq!(of(&["-A INPUT -m iprange --src-range 10.0.0.1-10.0.0.9 -p tcp --dport 22 -j ACCEPT"]), ["tcp 22 private secure"]);
    assert_eq!(of(&["-A INPUT -s 10.0.0.0/255.0.0.0 -p tcp --dport 22 -j ACCEPT"]), ["tcp 22 private secure"]);
    assert_eq!(
        of(&["-A INPUT ! -s 10.0.0.0/8 -p tcp --dport 22 -j DROP", "-A INPUT -p tcp --dport 22 -j ACCEPT"]),
        ["tcp 22 private secure"]
    );
    let local = reported(both("DROP", &["-A INPUT -d 192.0.2.10/32 -p tcp --dport 22 -j ACCEPT"]));
    assert_eq!((&local["policies"][0]["exposures"][0]["local"], inbound(&local)), (&json!("192.0.2.10/32"), vec![SSH.to_owned()]));
    let out = both("DROP", &["-A OUTPUT -o eth0 -p tcp --dport 25 -j DROP"]);
    let way_out: Vec<String> = admits(&reported(out)["policies"][0]).into_iter().filter(|line| line.starts_with("out tcp")).collect();
    assert!(way_out.iter().any(|line| line.starts_with("out tcp 25 ")) && way_out.len() == 3, "IPv6 still gets out: {way_out:?}");
}
