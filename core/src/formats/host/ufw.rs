//! What `ufw status` prints, in its plain, `verbose` and `numbered` form (ufw(8)).
//!
//! `To` and `From` are the ends of the packet, `Anywhere` is everyone of the row's family, `LIMIT` lets six connections in
//! thirty seconds pass, and the first row that matches decides. Without IPv6 in its configuration ufw closes it, so both
//! families are told either way.

use super::chains::{Default, Hook, Line, Ruleset, Verdict};
use super::matches::{Match, V4, V6, both, family};
use super::names;
use super::outside::{Interfaces, never_routed};
use super::policy::{Frame, policy};
use super::ufw_profiles::profile;
use crate::document::Format;
use crate::formats::cx::{Cx, shown};
use crate::formats::{Read, TextReader, recognise};
use crate::model::{Direction, Origin, Protocol, Span, Unresolved};
use crate::space::{AddressSet, PortSet};

static FORMAT: Format = Format { id: "ufw-status", title: "ufw status", from: "ufw status verbose" };

pub(in crate::formats) static UFW: TextReader = TextReader { format: &FORMAT, detect, read };

fn detect(text: &str) -> bool {
    recognise::lines_with(text, b"S").any(|line| matches!(line.trim_end(), "Status: active" | "Status: inactive"))
}

/// Reads a text; whether all of it was understood that counts.
fn read(text: &str, cx: &mut Cx<'_>, emit: &mut dyn FnMut(Read)) -> bool {
    let mut page = Page::new();
    let mut complete = true;
    let mut start = 0_usize;
    for line in text.split_inclusive('\n') {
        let at = super::span(start, line);
        start = start.saturating_add(line.len());
        complete &= page.line(line.trim(), at, cx);
    }
    for row in &page.rows {
        row.interfaces().for_each(|name| page.interfaces.note(name));
    }
    emit(Read::Policy { policy: page.policy(cx), again: None });
    complete
}

/// One row of the table.
struct Row<'t> {
    number: usize,
    to: &'t str,
    action: &'t str,
    way: &'t str,
    from: &'t str,
    comment: Option<&'t str>,
    at: Span,
}

impl<'t> Row<'t> {
    /// `[ 1] 22/tcp   ALLOW IN   Anywhere   (log) # comment`.
    fn read(line: &'t str, number: usize, at: Span) -> Option<Self> {
        let (line, comment) = line.split_once(" # ").map_or((line, None), |(line, comment)| (line, Some(comment.trim())));
        let (number, line) = match line.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            Some((own, rest)) => (own.trim().parse().unwrap_or(number), rest),
            None => (number, line),
        };
        let found = ["ALLOW", "DENY", "REJECT", "LIMIT"].into_iter().filter_map(|word| Some((line.find(&format!(" {word} "))?, word)));
        let (place, action) = found.min()?;
        let to = line.get(..place)?.trim();
        let rest = line.get(place.saturating_add(action.len()).saturating_add(1)..)?.trim_start();
        let way =
            ["IN", "OUT", "FWD"].into_iter().find(|way| rest.strip_prefix(way).is_some_and(|rest| rest.starts_with(' '))).unwrap_or("");
        let from = rest.get(way.len()..)?.trim();
        let from =
            ["(log)", "(log-all)", "(out)", "(log, out)", "(log-all, out)"].iter().find_map(|mark| from.strip_suffix(mark)).unwrap_or(from);
        Some(Self { number, to, action, way, from: from.trim(), comment, at })
    }

    fn interfaces(&self) -> impl Iterator<Item = &'t str> {
        [self.to, self.from].into_iter().filter_map(|end| end.rsplit_once(" on ")).map(|(_, name)| name)
    }
}

/// One end of a row.
struct End<'t> {
    addresses: Option<AddressSet>,
    /// Ports, with the protocols that they are of.
    services: Vec<Match>,
    interface: Option<&'t str>,
    v6: bool,
}

/// What was read of a text.
struct Page<'t> {
    at: Span,
    inactive: bool,
    rows: Vec<Row<'t>>,
    /// Default policies, incoming and outgoing.
    defaults: [Option<&'t str>; 2],
    interfaces: Interfaces,
    begun: bool,
}

impl<'t> Page<'t> {
    fn new() -> Self {
        let interfaces = Interfaces::default();
        Self { at: Span::default(), inactive: false, rows: Vec::new(), defaults: [None, None], interfaces, begun: false }
    }

    fn line(&mut self, line: &'t str, at: Span, cx: &mut Cx<'_>) -> bool {
        let head = line.split(':').next().unwrap_or_default();
        match head {
            "Status" => {
                (self.at, self.begun) = (at, true);
                self.inactive |= line.ends_with("inactive");
            }
            "Default" => {
                for (slot, mark) in self.defaults.iter_mut().zip(["(incoming)", "(outgoing)"]) {
                    let words = line.trim_start_matches("Default:").split(',').find_map(|part| part.trim().strip_suffix(mark));
                    *slot = words.map(str::trim);
                }
            }
            "Logging" | "New profiles" | "" => {}
            _ if line.starts_with("To ") || line.starts_with("--") => {}
            _ => match Row::read(line, self.rows.len().saturating_add(1), at) {
                Some(row) if self.begun => self.rows.push(row),
                _ if recognise::is_terminal_noise(line) || !self.begun => {}
                _ => {
                    cx.error(
                        at,
                        format!("`{}` is no row of ufw's table and was not judged; remove it, or paste it by itself", shown(line)),
                    );
                    return false;
                }
            },
        }
        true
    }

    fn policy(mut self, cx: &mut Cx<'_>) -> crate::model::Policy {
        let mut ruleset = Ruleset::default();
        if self.inactive {
            cx.warn(self.at, "ufw is switched off, so it closes nothing, and everything that listens can be reached");
        } else {
            cx.warn(
                self.at,
                "ufw status does not show /etc/ufw/before.rules, which as shipped lets in pings, replies and DHCP; iptables-save shows all",
            );
        }
        let rows = std::mem::take(&mut self.rows);
        if let Some(row) = rows.iter().find(|row| row.way == "FWD") {
            cx.warn(row.at, "rows with FWD are about packets for other hosts and for containers, and are not judged");
        }
        for (direction, default) in [Direction::Ingress, Direction::Egress].into_iter().zip(self.defaults) {
            let policy = self.default(direction, default, cx);
            let wanted = |row: &&Row<'_>| row.way != "FWD" && (row.way == "OUT") == (direction == Direction::Egress);
            let lines: Vec<Line> = rows.iter().filter(wanted).map(|row| self.row(row, direction, cx)).collect();
            let name = if direction == Direction::Ingress { "incoming" } else { "outgoing" };
            if let Some(chain) = ruleset.chain(name, name, self.at) {
                chain.hook = Some(Hook { direction, priority: 0, families: AddressSet::full(), policy });
                chain.lines = if self.inactive { Vec::new() } else { lines };
            }
        }
        policy(&ruleset, Frame { name: "ufw".to_owned(), at: self.at, missing: ["the IPv4 rules", "the IPv6 rules"] }, cx)
    }

    fn default(&self, direction: Direction, written: Option<&str>, cx: &mut Cx<'_>) -> Default {
        match written {
            _ if self.inactive => Default::Accept,
            Some("allow") => Default::Accept,
            Some("deny" | "reject") => Default::Drop,
            other => {
                let way = if direction == Direction::Ingress { "incoming" } else { "outgoing" };
                match other {
                    Some(word) => cx.error(
                        self.at,
                        format!("`{}` is no default of ufw; it is allow, deny or reject, and counts as unknown", shown(word)),
                    ),
                    None if direction == Direction::Ingress => {
                        cx.warn(
                            self.at,
                            "the default for what no row names is not in the text, so it is unknown; paste `ufw status verbose`",
                        );
                    }
                    None => {}
                }
                let name = format!("ufw's default for {way} packets");
                Default::Missing(Unresolved { name: name.into(), would_settle: "the output of `ufw status verbose`".into() })
            }
        }
    }

    fn row(&mut self, row: &Row<'_>, direction: Direction, cx: &mut Cx<'_>) -> Line {
        let verdict = if matches!(row.action, "ALLOW" | "LIMIT") { Verdict::Accept } else { Verdict::Drop };
        let name = format!("rule {}", row.number);
        let matches = self.matches(row, direction, cx);
        Line { matches, verdict, at: row.at, name, comment: row.comment.map(str::to_owned), origin: Origin::Written }
    }

    fn matches(&mut self, row: &Row<'_>, direction: Direction, cx: &mut Cx<'_>) -> Vec<Match> {
        let incoming = direction == Direction::Ingress;
        let to = end(row.to, row.at, false, cx);
        let from = end(row.from, row.at, true, cx);
        let told = [&to, &from].into_iter().filter_map(|end| end.addresses.as_ref()).find(|set| !set.is_empty());
        let v6 = to.v6 || from.v6 || told.is_some_and(|set| set.v4.is_empty());
        let (far, near) = if incoming { (&from, &to) } else { (&to, &from) };
        let all = family(if v6 { V6 } else { V4 });
        if near.addresses.as_ref().is_some_and(|set| set.is_subset(never_routed())) {
            return Vec::new();
        }
        let ends = Match {
            peer: far.addresses.clone().unwrap_or_else(|| all.clone()),
            local: near.addresses.clone().unwrap_or_else(AddressSet::full),
            ..Match::all(AddressSet::full())
        };
        let mut boxes = both(&[Match::all(all)], &[ends]);
        for services in [&to.services, &from.services] {
            boxes = both(&boxes, services);
        }
        // ufw(8): the interface stands under To for what comes in, and under From for what goes out.
        match if incoming { to.interface } else { from.interface } {
            Some(name) => both(&boxes, &self.interfaces.condition(name, false, row.at, cx)),
            None => boxes,
        }
    }
}

/// Reads `Anywhere`, `22/tcp`, `192.0.2.1 80,443/tcp`, `Nginx Full (v6) on eth0` and the like. The ports of the source are
/// source ports.
fn end<'t>(text: &'t str, at: Span, source: bool, cx: &mut Cx<'_>) -> End<'t> {
    let (text, interface) = text.rsplit_once(" on ").map_or((text, None), |(text, name)| (text.trim(), Some(name)));
    let v6 = text.contains("(v6)");
    // `80,443/tcp (Nginx Full)`: the ports of a profile are written out.
    let plain = text.replace("(v6)", "");
    let plain = plain.trim();
    let plain = match plain.split_once(" (") {
        Some((ports, _)) if ports.starts_with(|letter: char| letter.is_ascii_digit()) => ports.trim(),
        _ => plain,
    };
    let (first, rest) = plain.split_once(' ').unwrap_or((plain, ""));
    let (addresses, spec) = match (address(first), first.strip_prefix("Anywhere")) {
        (Some((set, protocol)), _) => (Some(set), if rest.is_empty() { protocol } else { rest }),
        (None, Some(protocol)) => (None, if rest.is_empty() { protocol.trim_start_matches('/') } else { rest }),
        (None, None) => (None, plain),
    };
    End { addresses, services: services(spec.trim(), at, source, cx), interface, v6 }
}

/// An address or a prefix, and a protocol behind it: `10.0.0.0/8/tcp`.
fn address(word: &str) -> Option<(AddressSet, &str)> {
    let read = |text: &str| {
        let net = text.parse::<ipnet::IpNet>().ok();
        net.or_else(|| text.parse::<std::net::IpAddr>().ok().map(ipnet::IpNet::from)).map(|net| AddressSet::from_nets([net]))
    };
    if let Some(set) = read(word) {
        return Some((set, ""));
    }
    let (text, protocol) = word.rsplit_once('/')?;
    Some((read(text)?, protocol))
}

/// Ports with or without a protocol, a protocol alone, or the name of an application's profile.
fn services(spec: &str, at: Span, source: bool, cx: &mut Cx<'_>) -> Vec<Match> {
    let whole = || vec![Match::all(AddressSet::full())];
    if spec.is_empty() {
        return whole();
    }
    if let Some(written) = ports(spec)
        .or_else(|| profile(spec).and_then(|parts| parts.split('|').map(ports).collect::<Option<Vec<_>>>().map(|all| all.concat())))
    {
        let swap = |own: Match| Match { ports: PortSet::full(), source_ports: own.ports, ..own };
        return written.into_iter().map(|own| if source { swap(own) } else { own }).collect();
    }
    if let Some(protocol) = names::protocol(spec).filter(|_| !spec.starts_with(|letter: char| letter.is_ascii_digit())) {
        return vec![Match::protocol(protocol)];
    }
    let label = shown(spec);
    cx.error(
        at,
        format!(
            "what ports the profile `{label}` has is not in the text, so this row is in doubt; paste `ufw status verbose`, which shows them"
        ),
    );
    let missing =
        Unresolved { name: format!("the profile {label}").into(), would_settle: format!("the ports of {label} (ufw app info)").into() };
    vec![Match::doubtful(missing)]
}

/// `22`, `6000:6007/tcp`, `80,443/tcp`; without a protocol both tcp and udp.
fn ports(spec: &str) -> Option<Vec<Match>> {
    let (list, protocol) = spec.split_once('/').map_or((spec, None), |(list, protocol)| (list, Some(protocol)));
    let run = |part: &str| match part.split_once(':') {
        Some((first, last)) => Some((first.parse().ok()?, last.parse().ok()?)),
        None => part.parse().ok().map(|port: u16| (port, port)),
    };
    let runs: Option<Vec<(u16, u16)>> = list.split(',').map(run).collect();
    let ports = PortSet::from_runs(runs?);
    let protocols = match protocol {
        None => vec![Protocol::TCP, Protocol::UDP],
        Some(name) => vec![names::protocol(name)?],
    };
    Some(protocols.into_iter().map(|protocol| Match { ports: ports.clone(), ..Match::protocol(protocol) }).collect())
}
