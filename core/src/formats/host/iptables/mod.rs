//! `iptables-save` and `ip6tables-save`, and what `iptables -S` prints: the filter table's INPUT and OUTPUT.
//!
//! iptables(8) and iptables-extensions(8) say what rules mean, iptables-save(8) and iptables-restore(8) how they are written:
//! tables begin with `*name` and end with `COMMIT`, `:CHAIN POLICY [packets:bytes]` declares a chain.

mod fields;
mod parse;
mod rule;
mod words;

use std::collections::HashMap;

use super::chains::{Default, Hook, Line, Ruleset, Verdict};
use super::matches::{Family, V4, V6, family};
use super::outside::Interfaces;
use super::policy::{Frame, policy};
use crate::document::{Format, Problems};
use crate::formats::cx::{Cx, shown};
use crate::formats::{Read, TextReader, cut_off, recognise};
use crate::model::{Direction, Origin, Unresolved};
use parse::{Block, RawChain, blocks};
use rule::Around;

static FORMAT: Format = Format { id: "iptables", title: "iptables rules", from: "iptables-save; ip6tables-save" };

pub(in crate::formats) static IPTABLES: TextReader = TextReader { format: &FORMAT, detect, read };

const TABLES: [&str; 5] = ["*filter", "*nat", "*mangle", "*raw", "*security"];

/// A line that begins a table, or one of `iptables -S`. Rules inside another text, such as a template, are indented there.
fn detect(text: &str) -> bool {
    recognise::lines_with(text, b"*-")
        .any(|line| TABLES.contains(&line.trim_end()) || ["-P INPUT ", "-P FORWARD ", "-P OUTPUT "].iter().any(|p| line.starts_with(p)))
}

/// Reads a text; whether all of it was understood that counts.
fn read(text: &str, cx: &mut Cx<'_>, emit: &mut dyn FnMut(Read)) -> bool {
    let (blocks, complete) = blocks(text, cx);
    let untracked = blocks.iter().any(|block| block.table == "raw" && block.has_target(&["NOTRACK", "CT"]));
    other_tables(&blocks, cx);
    // The tables of one host stand together, each family once.
    let mut hosts: Vec<[Option<&Block>; 2]> = Vec::new();
    for block in blocks.iter().filter(|block| block.table == "filter") {
        let slot = usize::from(block.family == V6);
        match hosts.last_mut().and_then(|host| host.get_mut(slot)).filter(|slot| slot.is_none()) {
            Some(free) => *free = Some(block),
            None => hosts.push(if block.family == V6 { [None, Some(block)] } else { [Some(block), None] }),
        }
    }
    if hosts.is_empty() {
        let at = blocks.first().map(|block| block.at).unwrap_or_default();
        cx.not_judged(at, "there is no filter table here, which is the one that says what comes in; paste all that iptables-save prints");
    }
    for tables in hosts {
        let mut host = Host { ruleset: Ruleset::default(), interfaces: Interfaces::default(), untracked };
        let both = || tables.iter().flatten();
        both().for_each(|block| block.interfaces().for_each(|name| host.interfaces.note(name)));
        both().for_each(|block| host.add(block, cx));
        let at = both().next().map(|block| block.at).unwrap_or_default();
        let missing = ["the IPv4 rules (iptables-save)", "the IPv6 rules (ip6tables-save)"];
        let frame = Frame { name: "filter INPUT".to_owned(), at, missing };
        emit(Read::Policy { policy: policy(&host.ruleset, frame, cx), again: None });
    }
    complete
}

/// What the other tables and the FORWARD chain may do is said once.
fn other_tables(blocks: &[Block], cx: &mut Cx<'_>) {
    let others: Vec<&Block> = blocks.iter().filter(|block| block.table != "filter" && block.rules() > 0).collect();
    if let Some(first) = others.first() {
        let mut names: Vec<&str> = others.iter().map(|block| &*block.table).collect();
        names.dedup();
        let moves = others.iter().any(|block| block.has_target(&["DNAT", "REDIRECT", "TPROXY"]));
        let drops = others.iter().any(|block| block.has_target(&["DROP"]));
        let may = match (moves, drops) {
            (true, true) => "they send packets to other ports, and drop some before these rules see them",
            (true, false) => "they send packets to other ports, so what is open here is open under those, too",
            (false, true) => "they drop some packets before these rules see them, so less may be open",
            (false, false) => "nothing in them opens or closes a port",
        };
        cx.warn(first.at, format!("only the filter table is read, and {} is not: {may}", names.join(", ")));
    }
    let forward = |block: &&Block| block.table == "filter" && block.chain("FORWARD").is_some_and(|chain| !chain.rules.is_empty());
    if let Some((block, chain)) = blocks.iter().find(forward).and_then(|block| Some((block, block.chain("FORWARD")?))) {
        let docker = block.chains.iter().any(|chain| chain.name.starts_with("DOCKER"));
        let said = if docker {
            "FORWARD is not judged: ports that Docker publishes for containers pass there and bypass INPUT, so they may be open, too"
        } else {
            "FORWARD is not judged: it is about packets for other hosts and for containers"
        };
        cx.warn(chain.at, said);
    }
}

/// The filter tables of one host, on the way to a ruleset.
struct Host {
    ruleset: Ruleset,
    interfaces: Interfaces,
    untracked: bool,
}

impl Host {
    fn add(&mut self, block: &Block, cx: &mut Cx<'_>) {
        let mut seen: Vec<bool> = vec![false; block.chains.len()];
        for (hook, direction) in [("INPUT", Direction::Ingress), ("OUTPUT", Direction::Egress)] {
            let Some(base) = block.find(hook) else { continue };
            // What a chain says of one direction is another matter in the other one; what is wrong with it is told once.
            for at in block.reachable(base) {
                let Some(chain) = block.chains.get(at) else { continue };
                let told = seen.get(at).copied().unwrap_or_default();
                if let Some(seen) = seen.get_mut(at) {
                    *seen = true;
                }
                if told {
                    let mut silent = Problems::default();
                    let mut quiet = Cx { fixed: cx.fixed, ..Cx::new(cx.document, &mut silent, cx.assumptions) };
                    self.chain(block, chain, direction, &mut quiet);
                } else {
                    self.chain(block, chain, direction, cx);
                }
            }
            let policy = match block.chains.get(base) {
                Some(chain) if block.ended => default(chain, cx),
                _ => Default::Missing(cut_off()),
            };
            let key = key(block.family, direction, hook);
            let at = block.chains.get(base).map_or(block.at, |chain| chain.at);
            if let Some(chain) = self.ruleset.chain(&key, hook, at) {
                chain.hook = Some(Hook { direction, priority: 0, families: family(block.family), policy });
            }
        }
    }

    fn chain(&mut self, block: &Block, raw: &RawChain, direction: Direction, cx: &mut Cx<'_>) {
        let chains = |name: &str| block.find(name).map(|_| key(block.family, direction, name));
        let mut lines = Vec::new();
        for (options, number) in raw.rules.iter().zip(1_u32..) {
            let mut around = Around {
                cx,
                interfaces: &mut self.interfaces,
                direction,
                family: family(block.family),
                v6: block.family == V6,
                untracked: self.untracked,
                at: options.at,
                line: options.line,
            };
            let said = rule::read(&options.options, &chains, &mut around);
            if let Some(verdict) = said.verdict {
                let name = format!("{} {number}", raw.name);
                lines.push(Line { matches: said.matches, verdict, at: options.at, name, comment: said.comment, origin: Origin::Written });
            }
        }
        if raw.broken {
            let missing = Unresolved { name: "a rule that could not be read".into(), would_settle: "the whole rule".into() };
            let matches = vec![super::matches::Match::all(family(block.family))];
            let name = format!("{} (not read)", raw.name);
            lines.insert(0, Line { matches, verdict: Verdict::Unclear(missing), at: raw.at, name, comment: None, origin: Origin::Written });
        }
        if let Some(chain) = self.ruleset.chain(&key(block.family, direction, &raw.name), &raw.name, raw.at) {
            chain.lines = lines;
        }
    }
}

fn key(family: Family, direction: Direction, name: &str) -> String {
    let family = if family == V4 { 4 } else { 6 };
    let way = if direction == Direction::Ingress { "in" } else { "out" };
    format!("{family} {way} {name}")
}

fn default(chain: &RawChain, cx: &mut Cx<'_>) -> Default {
    match chain.policy.as_deref() {
        Some("ACCEPT") => Default::Accept,
        Some("DROP") => Default::Drop,
        policy => {
            let said = match policy {
                Some(other) => format!("`{}` is no policy of a chain; it is ACCEPT or DROP, and counts as unknown", shown(other)),
                None => format!(
                    "the policy of {} is not in the text, so what no rule decides is unknown; paste all that iptables-save prints",
                    shown(&chain.name)
                ),
            };
            cx.error(chain.at, said);
            let name = format!("the policy of {}", shown(&chain.name));
            Default::Missing(Unresolved { would_settle: name.as_str().into(), name: name.into() })
        }
    }
}

/// Chains by name, for look-ups while the text is read.
type Index = HashMap<String, usize>;
