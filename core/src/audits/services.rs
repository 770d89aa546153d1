//! The audits of listed services: one for each class of the catalog, all by the same check.

use super::open_all_ports::is_wide;
use super::{Audit, Finding, Subject, audience, frameworks};
use crate::catalog::{self, Category, Entry};
use crate::exposure::{Exposure, Protocols};
use crate::model::{Direction, Protocol};
use crate::space::PortSet;
use crate::verdict::{Judged, Scope, Verdict, deciding_rules_at};

macro_rules! service_audits {
    ($($(#[$doc:meta])* $name:ident = $id:literal, $file:literal, $matches:expr;)*) => {$(
        $(#[$doc])*
        pub static $name: Audit = Audit {
            id: $id,
            document: include_str!($file),
            check: |subject, findings| check(&$name, $matches, subject, findings),
        };
    )*};
}

service_audits! {
    /// Ways to administer a machine from afar.
    REMOTE_ADMIN = "open-remote-admin", "open_remote_admin.md", |entry, _| entry.category == Category::RemoteAdmin;
    /// Databases.
    DATABASE = "open-database", "open_database.md", |entry, _| entry.category == Category::Database;
    /// In-memory stores.
    CACHE = "open-cache", "open_cache.md", |entry, _| entry.category == Category::CacheQueue;
    /// File and block storage.
    FILE_SHARE = "open-file-share", "open_file_share.md", |entry, _| entry.category == Category::FileShare;
    /// Message brokers.
    MESSAGE_BROKER = "open-message-broker", "open_message_broker.md", |entry, _| entry.category == Category::MessageBroker;
    /// Accounts and names of an organisation.
    DIRECTORY = "open-directory", "open_directory.md", |entry, _| entry.category == Category::Directory;
    /// Control planes of containers and clusters.
    ORCHESTRATION = "open-orchestration", "open_orchestration.md", |entry, _| entry.category == Category::ContainerOrchestration;
    /// Debuggers, notebooks, development and model servers.
    DEV_TOOL = "open-dev-tool", "open_dev_tool.md", |entry, _| matches!(entry.category, Category::DevTool | Category::AiMl);
    /// Services without encryption.
    LEGACY_PLAINTEXT = "open-legacy-plaintext", "open_legacy_plaintext.md", |entry, udp| entry.category == Category::LegacyPlaintext && !(udp && entry.amplifies);
    /// UDP services that amplify.
    AMPLIFIER = "open-amplifier", "open_amplifier.md", |entry, udp| udp && (entry.amplifies || entry.category == Category::AmplificationUdp);
    /// Industrial control and devices.
    INDUSTRIAL = "open-industrial", "open_industrial.md", |entry, _| entry.category == Category::IcsIot;
    /// Ports that malware is known for.
    BACKDOOR = "open-backdoor", "open_backdoor.md", |entry, _| entry.category == Category::Backdoor;
    /// Everything else the catalog lists.
    OTHER_SERVICE = "open-other-service", "open_other_service.md", |entry, udp| match entry.category {
        // The TCP side of services whose UDP side amplifies.
        Category::AmplificationUdp => !udp,
        Category::Web => entry.first != 80,
        Category::Infrastructure | Category::Mail | Category::Monitoring | Category::Printing | Category::Proxy | Category::VpnTunnel => true,
        _ => false,
    };
}

fn check(audit: &'static Audit, matches: fn(&Entry, bool) -> bool, subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    for (at, exposure, judged) in subject.exposures(Direction::Ingress) {
        if judged.service.scope != Scope::Ports || is_wide(exposure) || judged.verdict == Verdict::Secure {
            continue;
        }
        let udp = exposure.protocols == Protocols::Number(17);
        let amplifies = judged.service.amplifiers(exposure);
        let mut hit: Vec<(Verdict, &'static Entry)> = Vec::new();
        for entry in judged.service.entries.iter().filter(|entry| matches(entry, udp)) {
            let own = subject.judge.severity(entry.severity, exposure);
            // An amplifier is dangerous from the internet whatever its severity; the exposure's verdict says so.
            let verdict = if amplifies.iter().any(|other| std::ptr::eq(*other, *entry)) { own.max(judged.verdict) } else { own };
            if verdict > Verdict::Secure {
                hit.push((verdict, entry));
            }
        }
        let Some((verdict, worst)) =
            hit.iter().max_by_key(|(verdict, entry)| (*verdict, entry.severity, std::cmp::Reverse(entry.first))).copied()
        else {
            continue;
        };
        let entries: Vec<&'static Entry> = hit.iter().map(|(_, entry)| *entry).collect();
        let rules = deciding_rules_at(subject.policy, exposure, judged, ports_of(&entries, exposure));
        findings.push(Finding {
            severity: worst.severity,
            service: Some(worst),
            verdict,
            message: subject.told(message(exposure, judged, worst, &entries)),
            why: worst.risk.to_owned(),
            fix: worst.alternative.to_owned(),
            frameworks: frameworks::of(audit.id, subject.policy.kind, exposure, judged, &entries),
            ..Subject::about_rules(audit, at, judged, rules)
        });
    }
}

/// Where the rows are, inside the exposure.
fn ports_of(entries: &[&'static Entry], exposure: &Exposure) -> PortSet {
    let Protocols::Number(number) = exposure.protocols else { return PortSet::run(exposure.first, exposure.last) };
    let pieces = catalog::within(number, exposure.first, exposure.last);
    let own = pieces.filter(|piece| entries.iter().any(|entry| std::ptr::eq(*entry, piece.entry)));
    PortSet::from_runs(own.map(|piece| (piece.first.max(exposure.first), piece.last.min(exposure.last))).collect())
}

fn message(exposure: &Exposure, judged: &Judged, worst: &Entry, entries: &[&'static Entry]) -> String {
    let protocol = match exposure.protocols {
        Protocols::Number(number) => Protocol::Number(number).to_string(),
        _ => "all".to_owned(),
    };
    let port = if worst.first == worst.last { worst.first.to_string() } else { format!("{}-{}", worst.first, worst.last) };
    let others = match entries.len().saturating_sub(1) {
        0 => String::new(),
        1 => " and one more service of its kind".to_owned(),
        more => format!(" and {more} more services of its kind"),
    };
    let hidden = if exposure.first == exposure.last || exposure.first == worst.first && exposure.last == worst.last {
        String::new()
    } else {
        format!(", inside the range {}-{}", exposure.first, exposure.last)
    };
    let verb = if entries.len() > 1 { "are" } else { "is" };
    format!("{} ({port}/{protocol}){others} {verb} open to {}{hidden}", worst.name, audience(judged))
}
