//! What opens and closes, in words.

use super::difference::Run;
use super::report::Counts;
use super::side::Side;
use crate::exposure::words;
use crate::exposure::{Exposure, Protocols, Sources};
use crate::model::{Direction, Local, Symbol, SymbolKind};
use crate::space::AddressSet;
use crate::verdict::{Judged, Reach, grouped};

/// Prefixes named in a sentence.
const NAMED: usize = 3;

/// One sentence about a run: `opens 22/tcp to 4,096 more addresses (203.0.112.0/20)`. `exposure` is the run's under the
/// names of `side`.
pub(super) fn sentence(verb: &str, run: &Run, exposure: &Exposure, side: &Side<'_>, judged: &Judged) -> String {
    let may = if run.is_certain() { format!("{verb}s") } else { format!("may {verb}") };
    let way = if exposure.direction == Direction::Egress { "outbound " } else { "" };
    let place = match &exposure.local {
        Local::Any if run.except.is_empty() => String::new(),
        Local::Any => {
            let named: Vec<String> = run.except.iter().take(NAMED).map(ToString::to_string).collect();
            let more = match run.except.len().saturating_sub(NAMED) {
                0 => String::new(),
                more => format!(" and {more} more"),
            };
            format!(" everywhere but at {}{more}", named.join(", "))
        }
        local => format!(" at {local}"),
    };
    let more = run.more && verb == "open";
    let approval = run.approved.as_ref().map(|own| if own.expired { "its approval has expired" } else { "approved" });
    let approval = approval.map(|word| format!("; {word}: {}", run.approved.as_ref().map_or("", |own| &own.because))).unwrap_or_default();
    format!("{may} {way}{}{place} to {}{approval}", service(exposure), audience(run, &exposure.possibly, side, judged, more))
}

fn service(exposure: &Exposure) -> String {
    let (protocol, ports, icmp) = words::service(exposure);
    match exposure.protocols {
        Protocols::All => "every protocol".to_owned(),
        Protocols::Other => "every protocol that no rule names".to_owned(),
        Protocols::Number(_) => match (ports.as_deref(), icmp.as_deref()) {
            (Some("all"), _) => format!("every {protocol} port"),
            (Some(ports), _) => format!("{ports}/{protocol}"),
            (None, Some("all")) => format!("every {protocol} message"),
            (None, Some(message)) => format!("{protocol} {message}"),
            (None, None) => protocol,
        },
    }
}

fn audience(run: &Run, sources: &Sources, side: &Side<'_>, judged: &Judged, more: bool) -> String {
    if !run.missing.is_empty() {
        return format!("sources that are not in the text ({})", run.missing.join(", "));
    }
    let addresses = &sources.addresses;
    let reach = if run.is_certain() { judged.reach } else { judged.if_open.map_or(judged.reach, |(_, reach)| reach) };
    let more = if more { "more " } else { "" };
    let count = |count: u128, one: &str, many: &str| match count {
        0 => None,
        1 => Some(format!("one {more}{one}")),
        _ => Some(format!("{} {more}{many}", grouped(count))),
    };
    let mut parts: Vec<String> = if reach == Reach::Internet {
        vec!["the internet".to_owned()]
    } else {
        let v4 = count(u128::from(addresses.count_v4()), "address", "addresses");
        let v6 = count(addresses.count_v6_64s(), "IPv6 /64 network", "IPv6 /64 networks");
        v4.into_iter().chain(v6).collect()
    };
    if !addresses.is_empty()
        && let Some(last) = parts.pop()
    {
        parts.push(format!("{last} ({})", prefixes(addresses)));
    }
    parts.extend(symbols(sources, side));
    match parts.as_slice() {
        [rest @ .., last] if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => parts.concat(),
    }
}

fn prefixes(addresses: &AddressSet) -> String {
    let nets = addresses.to_nets();
    let named: Vec<String> = nets.iter().take(NAMED).map(ToString::to_string).collect();
    match nets.len().saturating_sub(NAMED) {
        0 => named.join(", "),
        rest => format!("{} and {rest} more", named.join(", ")),
    }
}

fn symbols(sources: &Sources, side: &Side<'_>) -> Option<String> {
    let symbol = |i: &u32| side.evaluation.symbols.get(usize::try_from(*i).ok()?).copied();
    let (groups, others): (Vec<_>, Vec<_>) = sources.symbols.iter().filter_map(symbol).partition(|symbol| symbol.kind == SymbolKind::Group);
    let names = |list: Vec<&Symbol>| list.iter().map(|symbol| &*symbol.id).collect::<Vec<_>>().join(", ");
    let members = (!groups.is_empty()).then(|| format!("members of {}", names(groups)));
    let told: Vec<String> = members.into_iter().chain((!others.is_empty()).then(|| names(others))).collect();
    (!told.is_empty()).then(|| told.join(" and "))
}

/// What a policy's status means, in a sentence. `partial` says that a text shows only a part of it.
pub(super) fn status(status: &str, kind: &str, by: Option<&str>, partial: bool) -> String {
    let told = match (status, by) {
        ("new", _) => format!("this {kind} is new: it opens what it admits"),
        ("gone", _) => format!("this {kind} is gone: what it admitted is closed"),
        ("renamed", _) => format!("this {kind} has other names than before and admits the same"),
        (_, Some("name")) => format!("this {kind} was matched by its name, since ids and addresses are missing or differ"),
        _ => format!("this {kind} is there before and after"),
    };
    if partial { format!("{told}; the text shows only a part of it, so the rest is not compared") } else { told }
}

/// Why something changes at an interface.
pub(super) fn causes(causes: &[String]) -> String {
    match causes {
        [] => "what stands before this interface is the same; what changed is who is behind the names in its rules".to_owned(),
        causes => causes.join("; "),
    }
}

/// The headline: `2 open, 1 closes; the worst that opens is dangerous`.
pub(super) fn headline(counts: &Counts, worst: Option<&str>, not_compared: usize) -> String {
    let (opens, closes) = (counts.opens, counts.closes);
    let count = |count: usize, one: &str, many: &str| match count {
        0 => format!("nothing {one}"),
        1 => format!("1 {one}"),
        _ => format!("{} {many}", grouped(u128::try_from(count).unwrap_or(u128::MAX))),
    };
    let mut told = match (opens, closes, not_compared) {
        (0, 0, 0) if (counts.interfaces_open, counts.interfaces_close) == (0, 0) => "both admit the same".to_owned(),
        _ => {
            let approved = match counts.approved {
                0 => String::new(),
                all if all == opens => " as approved".to_owned(),
                some => format!(" ({some} as approved)"),
            };
            format!("{}{approved}, {}", count(opens, "opens", "open"), count(closes, "closes", "close"))
        }
    };
    if counts.interfaces > 0 && told != "both admit the same" {
        let (opens, closes) = (counts.interfaces_open, counts.interfaces_close);
        told = format!("the policies: {told}; at the interfaces: {}, {}", count(opens, "opens", "open"), count(closes, "closes", "close"));
    }
    if let Some(worst) = worst {
        told.push_str(&format!("; the worst that opens is {worst}"));
    }
    if not_compared > 0 {
        told.push_str(&format!("; {} could not be compared exactly", count(not_compared, "policy", "policies")));
    }
    told
}
