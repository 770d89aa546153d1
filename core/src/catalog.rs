//! What commonly listens on a port, how bad it is when the whole internet may reach it, and what to do instead.
//!
//! The table is `data/ports.tsv`. Ports are conventions, so sentences about a service say "commonly" where no document
//! was checked; see [`Entry::documented`].

use std::fmt;
use std::sync::OnceLock;

use crate::sorting::sort_by_key;
use crate::space::PortSet;

/// How bad it is when the whole internet may reach a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Meant to be public.
    Info,
    /// Commonly public, with care.
    Low,
    /// Worth a look.
    Medium,
    /// Attacked as a matter of course.
    High,
    /// Taken over within hours, as a rule without a password.
    Critical,
}

impl Severity {
    /// The word in reports.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }

    /// All of them, the worst first.
    pub const ALL: [Self; 5] = [Self::Critical, Self::High, Self::Medium, Self::Low, Self::Info];

    fn read(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|severity| severity.as_str() == word)
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

macro_rules! categories {
    ($($(#[$doc:meta])* $variant:ident = $id:literal),* $(,)?) => {
        /// What a service is for.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Category { $($(#[$doc])* $variant),* }

        impl Category {
            /// Every category.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The stable identifier.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $id),* }
            }
        }
    };
}
categories! {
    /// Model servers, vector stores, job schedulers of machine learning.
    AiMl = "ai-ml",
    /// UDP services that answer with more than they are asked.
    AmplificationUdp = "amplification-udp",
    /// Ports that malware is known for.
    Backdoor = "backdoor",
    /// In-memory stores.
    CacheQueue = "cache-queue",
    /// Control planes of containers and clusters.
    ContainerOrchestration = "container-orchestration",
    /// Databases.
    Database = "database",
    /// Debuggers, build servers, notebooks, development servers.
    DevTool = "dev-tool",
    /// Accounts and names of an organisation.
    Directory = "directory",
    /// File and block storage.
    FileShare = "file-share",
    /// Industrial control and devices.
    IcsIot = "ics-iot",
    /// Name resolution, routing, telephony, secrets.
    Infrastructure = "infrastructure",
    /// Services without encryption from before it was usual.
    LegacyPlaintext = "legacy-plaintext",
    /// Mail.
    Mail = "mail",
    /// Message brokers.
    MessageBroker = "message-broker",
    /// Metrics, logs and their consoles.
    Monitoring = "monitoring",
    /// Printers.
    Printing = "printing",
    /// Proxies.
    Proxy = "proxy",
    /// Ways to administer a machine from afar.
    RemoteAdmin = "remote-admin",
    /// Tunnels and VPN endpoints.
    VpnTunnel = "vpn-tunnel",
    /// Web servers.
    Web = "web",
}

/// One row of the catalog.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// First port.
    pub first: u16,
    /// Last port, inclusive.
    pub last: u16,
    /// Whether it speaks of TCP.
    pub tcp: bool,
    /// Whether it speaks of UDP.
    pub udp: bool,
    /// The short name in reports, such as `ssh`.
    pub service: &'static str,
    /// What a person calls it.
    pub name: &'static str,
    /// What it is for.
    pub category: Category,
    /// How bad it is when the whole internet may reach it.
    pub severity: Severity,
    /// Whether its UDP side answers spoofed requests with more bytes than it was sent.
    pub amplifies: bool,
    /// Whether a document was checked; otherwise the row states custom.
    pub documented: bool,
    /// Official lists of risky ports it stands on.
    pub lists: Vec<&'static str>,
    /// What goes wrong when it faces the internet.
    pub risk: &'static str,
    /// What to do instead.
    pub alternative: &'static str,
}

impl Entry {
    /// Whether the row speaks of an IP protocol number.
    pub const fn speaks(&self, protocol: u8) -> bool {
        match protocol {
            6 => self.tcp,
            17 => self.udp,
            _ => false,
        }
    }
}

/// The class of a port by RFC 6335, section 6.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PortClass {
    /// 0 to 1,023.
    System,
    /// 1,024 to 49,151.
    User,
    /// 49,152 to 65,535.
    Dynamic,
}

impl PortClass {
    /// The class of `port`.
    pub const fn of(port: u16) -> Self {
        match port {
            0..=1023 => Self::System,
            1024..=49_151 => Self::User,
            49_152.. => Self::Dynamic,
        }
    }

    /// The first and the last port.
    pub const fn bounds(self) -> (u16, u16) {
        match self {
            Self::System => (0, 1023),
            Self::User => (1024, 49_151),
            Self::Dynamic => (49_152, u16::MAX),
        }
    }

    /// What the class is called, and what it means.
    pub const fn describe(self) -> &'static str {
        match self {
            Self::System => "system port (0 to 1023): assigned to well-known services",
            Self::User => "user port (1024 to 49151): registered for one application or another",
            Self::Dynamic => "dynamic port (49152 to 65535): commonly a client's own end of a connection",
        }
    }
}

/// All rows, by first port.
pub fn entries() -> &'static [Entry] {
    static ENTRIES: OnceLock<Vec<Entry>> = OnceLock::new();
    ENTRIES.get_or_init(|| TABLE.lines().skip(1).filter_map(read_row).collect())
}

/// A run of ports that one row of the catalog speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Listed {
    /// First port.
    pub first: u16,
    /// Last port, inclusive.
    pub last: u16,
    /// The row.
    pub entry: &'static Entry,
}

/// What the catalog says of the ports `first..=last` of an IP protocol, by port. A row for one port comes before a row
/// for a range around it, so a range may appear in several pieces.
pub fn within(protocol: u8, first: u16, last: u16) -> impl Iterator<Item = &'static Listed> {
    let pieces: &[Listed] = match protocol {
        6 => &index().tcp,
        17 => &index().udp,
        _ => &[],
    };
    // INVARIANT: pieces don't overlap, so last ports ascend too.
    let start = pieces.partition_point(|piece| piece.last < first);
    pieces.iter().skip(start).take_while(move |piece| piece.first <= last)
}

/// The row for one port, where there is one.
pub fn lookup(protocol: u8, port: u16) -> Option<&'static Entry> {
    within(protocol, port, port).next().map(|piece| piece.entry)
}

/// The rows that a search finds: by a port's number, or a part of a service's name, of its category or its severity in any
/// letter case. An empty search finds all.
pub fn search(text: &str) -> Vec<&'static Entry> {
    let wanted = text.trim().to_lowercase();
    let number: Option<u16> = wanted.parse().ok();
    let fits = |entry: &Entry| match number {
        Some(port) => [6, 17].iter().any(|protocol| lookup(*protocol, port) == Some(entry)),
        None => {
            let texts = [entry.service, entry.name, entry.category.as_str(), entry.severity.as_str()];
            texts.iter().any(|text| text.to_lowercase().contains(&wanted))
        }
    };
    entries().iter().filter(|entry| fits(entry)).collect()
}

/// The version of the catalog: its number of rows and a checksum of its text, so that a verdict can be reproduced.
pub fn version() -> String {
    // FNV-1a, 64 bits: enough to tell two tables apart, no library needed.
    let sum = TABLE.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    format!("{}-{sum:016x}", entries().len())
}

const TABLE: &str = include_str!("../data/ports.tsv");

struct Index {
    tcp: Vec<Listed>,
    udp: Vec<Listed>,
}

fn index() -> &'static Index {
    static INDEX: OnceLock<Index> = OnceLock::new();
    INDEX.get_or_init(|| Index { tcp: pieces(6), udp: pieces(17) })
}

fn pieces(protocol: u8) -> Vec<Listed> {
    let rows = || entries().iter().filter(|entry| entry.speaks(protocol));
    let single = PortSet::from_runs(rows().filter(|entry| entry.first == entry.last).map(|entry| (entry.first, entry.last)).collect());
    let mut pieces: Vec<Listed> = rows()
        .flat_map(|entry| {
            let own = PortSet::run(entry.first, entry.last);
            let left = if entry.first == entry.last { own } else { own.difference(&single) };
            left.runs().iter().map(|&(first, last)| Listed { first, last, entry }).collect::<Vec<_>>()
        })
        .collect();
    sort_by_key(&mut pieces, |piece| piece.first);
    pieces
}

/// A test holds every row readable, so nothing is lost here.
fn read_row(line: &'static str) -> Option<Entry> {
    let cells: Vec<&'static str> = line.split('\t').collect();
    let [ports, protocol, service, name, category, severity, amplifies, certainty, lists, risk, alternative] = cells.as_slice() else {
        return None;
    };
    let (first, last) = ports.split_once('-').unwrap_or((ports, ports));
    Some(Entry {
        first: first.parse().ok()?,
        last: last.parse().ok()?,
        tcp: protocol.split('+').any(|word| word == "tcp"),
        udp: protocol.split('+').any(|word| word == "udp"),
        service,
        name,
        category: Category::ALL.iter().copied().find(|known| known.as_str() == *category)?,
        severity: Severity::read(severity)?,
        amplifies: *amplifies == "yes",
        documented: *certainty == "documented",
        lists: lists.split(';').filter(|list| !list.is_empty()).collect(),
        risk,
        alternative,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_read_sorted_and_complete() {
        assert_eq!(TABLE.lines().next().unwrap().split('\t').count(), 11);
        for line in TABLE.lines().skip(1) {
            assert!(read_row(line).is_some(), "unreadable row: {line}");
        }
        assert!(TABLE.ends_with('\n') && !TABLE.contains('\r') && TABLE.is_ascii());
        let keys: Vec<_> = entries().iter().map(|e| (e.first, !e.tcp, e.udp)).collect();
        assert!(keys.windows(2).all(|pair| pair[0] < pair[1]), "rows are sorted and unique");
        for entry in entries() {
            let words = [entry.service, entry.name, entry.risk, entry.alternative];
            assert!(words.iter().all(|text| !text.is_empty() && text.trim() == *text), "{}", entry.service);
            assert!(entry.risk.ends_with('.') && entry.alternative.ends_with('.'), "{}", entry.service);
            assert!((entry.tcp || entry.udp) && entry.first <= entry.last && entry.first > 0, "{}", entry.service);
            assert!(!entry.amplifies || entry.udp, "{} amplifies over udp only", entry.service);
        }
    }

    #[test]
    fn a_port_belongs_to_one_row_and_every_row_to_some_port() {
        for protocol in [6, 17] {
            let pieces: Vec<&Listed> = within(protocol, 0, u16::MAX).collect();
            assert!(pieces.windows(2).all(|pair| pair[0].last < pair[1].first));
            assert!(entries().iter().filter(|e| e.speaks(protocol)).all(|e| pieces.iter().any(|piece| piece.entry == e)));
        }
    }

    #[test]
    fn the_founding_ports_are_there() {
        let told = |protocol, port| lookup(protocol, port).map(|e| (e.service, e.severity));
        assert_eq!(told(6, 22), Some(("ssh", Severity::High)));
        assert_eq!(told(17, 22), None, "ssh is not a udp service");
        assert_eq!(told(6, 3306), Some(("mysql", Severity::Critical)));
        assert_eq!(told(17, 443).unwrap().1, Severity::Info);
        assert_eq!(told(17, 500).unwrap().1, Severity::Low);
        assert_eq!(told(17, 4500).unwrap().1, Severity::Low);
        assert_eq!(told(6, 853).unwrap().1, Severity::Low);
        assert_eq!(told(6, 31_000).unwrap().0, "k8s-nodeport");
        assert_eq!(told(6, 31_337).unwrap().0, "back-orifice");
        assert_eq!(told(6, 31_338).unwrap().0, "k8s-nodeport");
        for port in [25, 3389, 5432, 6379, 8080, 8888, 9200, 27_017, 21, 23, 80, 443] {
            assert!(lookup(6, port).is_some(), "{port}");
        }
        assert!(lookup(17, 53).unwrap().amplifies && !lookup(6, 53).unwrap().amplifies);
    }

    #[test]
    fn the_three_ranges_cover_every_port() {
        let count = |class| (0..=u16::MAX).filter(|port| PortClass::of(*port) == class).count();
        assert_eq!([PortClass::System, PortClass::User, PortClass::Dynamic].map(count), [1_024, 48_128, 16_384]);
    }
}
