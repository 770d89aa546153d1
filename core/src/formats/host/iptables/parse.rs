//! From the text to tables of chains of options.

use super::words::{Opt, options, words};
use super::{Index, TABLES};
use crate::formats::cx::{Cx, shown};
use crate::formats::host::matches::{Family, V4, V6};
use crate::formats::host::span;
use crate::formats::recognise;
use crate::model::Span;

/// One table of one family.
pub(super) struct Block {
    pub(super) table: String,
    pub(super) family: Family,
    pub(super) at: Span,
    pub(super) chains: Vec<RawChain>,
    index: Index,
    /// What its rules say about the family.
    content: Option<Family>,
    /// Whether its end is in the text, or it has none.
    pub(super) ended: bool,
}

/// A chain as it is written.
pub(super) struct RawChain {
    pub(super) name: String,
    /// The policy; `-` where it has none.
    pub(super) policy: Option<String>,
    pub(super) at: Span,
    pub(super) rules: Vec<RawRule>,
    /// One of its lines could not be read.
    pub(super) broken: bool,
}

/// A rule as it is written.
pub(super) struct RawRule {
    pub(super) options: Vec<Opt>,
    pub(super) at: Span,
    pub(super) line: usize,
}

impl Block {
    fn new(table: &str, family: Family, at: Span, ended: bool) -> Self {
        Self { table: table.to_owned(), family, at, chains: Vec::new(), index: Index::new(), content: None, ended }
    }

    /// The index of a chain.
    pub(super) fn find(&self, name: &str) -> Option<usize> {
        self.index.get(name).copied()
    }

    /// A chain by its name.
    pub(super) fn chain(&self, name: &str) -> Option<&RawChain> {
        self.chains.get(self.find(name)?)
    }

    /// How many rules there are.
    pub(super) fn rules(&self) -> usize {
        self.chains.iter().map(|chain| chain.rules.len()).sum()
    }

    /// Whether some rule has one of the targets.
    pub(super) fn has_target(&self, targets: &[&str]) -> bool {
        self.options().any(|option| matches!(option.name.as_str(), "-j" | "--jump") && targets.contains(&option.value()))
    }

    /// The interfaces that rules name.
    pub(super) fn interfaces(&self) -> impl Iterator<Item = &str> {
        self.options().filter(|option| ["-i", "-o", "--in-interface", "--out-interface"].contains(&&*option.name)).map(Opt::value)
    }

    fn options(&self) -> impl Iterator<Item = &Opt> {
        self.chains.iter().flat_map(|chain| &chain.rules).flat_map(|rule| &rule.options)
    }

    /// The chains that packets can come to from one.
    pub(super) fn reachable(&self, from: usize) -> Vec<usize> {
        let (mut seen, mut found, mut next) = (vec![false; self.chains.len()], Vec::new(), vec![from]);
        while let Some(at) = next.pop() {
            let (Some(chain), Some(seen)) = (self.chains.get(at), seen.get_mut(at)) else { continue };
            if std::mem::replace(seen, true) {
                continue;
            }
            found.push(at);
            let options = chain.rules.iter().flat_map(|rule| &rule.options);
            let targets = options.filter(|option| ["-j", "-g", "--jump", "--goto"].contains(&&*option.name));
            next.extend(targets.filter_map(|option| self.find(option.value())));
        }
        found
    }

    fn declare(&mut self, name: &str, at: Span) -> Option<&mut RawChain> {
        let next = self.chains.len();
        let found = *self.index.entry(name.to_owned()).or_insert(next);
        if found == next {
            self.chains.push(RawChain { name: name.to_owned(), policy: None, at, rules: Vec::new(), broken: false });
        }
        self.chains.get_mut(found)
    }

    /// Addresses and ICMP names tell the family.
    fn learn(&mut self, options: &[Opt]) {
        for option in options {
            let value = option.value();
            let told = match option.name.as_str() {
                "-s" | "-d" if value.contains(':') => Some(V6),
                "-s" | "-d" if value.contains('.') => Some(V4),
                "-p" if ["ipv6-icmp", "icmpv6"].contains(&value) => Some(V6),
                "-p" if value == "icmp" => Some(V4),
                "--reject-with" if value.starts_with("icmp6-") => Some(V6),
                "--reject-with" if value.starts_with("icmp-") => Some(V4),
                _ => None,
            };
            self.content = self.content.or(told);
        }
    }

    fn close(mut self) -> Self {
        self.family = self.content.unwrap_or(self.family);
        self
    }
}

/// The tables of a text, and whether every line of it was understood.
pub(super) fn blocks(text: &str, cx: &mut Cx<'_>) -> (Vec<Block>, bool) {
    let mut reading = Reading { blocks: Vec::new(), open: None, family: V4, complete: true, cx };
    let mut start = 0_usize;
    for (line, number) in text.split_inclusive('\n').zip(1_usize..) {
        reading.line(line.trim(), span(start, line), number);
        start = start.saturating_add(line.len());
    }
    reading.end();
    (reading.blocks, reading.complete)
}

struct Reading<'r, 'c> {
    blocks: Vec<Block>,
    open: Option<Block>,
    /// What the last heading or command said.
    family: Family,
    complete: bool,
    cx: &'r mut Cx<'c>,
}

impl Reading<'_, '_> {
    fn line(&mut self, line: &str, at: Span, number: usize) {
        let words_here = line.split_whitespace().next().unwrap_or_default();
        // Counters stand before the rule: `[12:34] -A INPUT …`.
        let rule = if words_here.starts_with('[') && words_here.ends_with(']') { line.get(words_here.len()..) } else { Some(line) };
        let rule = rule.unwrap_or_default().trim_start();
        match rule.get(..1).unwrap_or_default() {
            "" => {}
            "#" => self.comment(line, at),
            "*" if TABLES.contains(&line) => {
                self.end();
                self.open = Some(Block::new(line.trim_start_matches('*'), self.family, at, false));
            }
            ":" => {
                let mut words = rule.trim_start_matches(':').split_whitespace();
                let (name, policy) = (words.next().unwrap_or_default(), words.next());
                if let Some(chain) = self.open.as_mut().and_then(|block| block.declare(name, at)) {
                    chain.policy = policy.map(str::to_owned);
                }
            }
            "-" => self.command(rule, at, number),
            _ if line == "COMMIT" => {
                if let Some(block) = &mut self.open {
                    block.ended = true;
                }
                self.end();
            }
            _ if self.heading(line) => self.end(),
            _ if self.open.is_none() && recognise::is_terminal_noise(line) => {}
            _ => {
                self.complete = false;
                self.cx.error(
                    at,
                    format!("`{}` is no line of iptables-save and was not judged; remove it, or paste it by itself", shown(line)),
                );
            }
        }
    }

    fn comment(&mut self, line: &str, at: Span) {
        self.heading(line);
        if line.contains("iptables-legacy tables present") {
            self.cx.warn(at, "this host has rules of iptables-legacy, too, which can close more; paste what iptables-legacy-save prints");
        }
    }

    /// `# Generated by ip6tables-save …`, or a prompt with the command.
    fn heading(&mut self, line: &str) -> bool {
        let known = [("ip6tables", V6), ("iptables", V4)].into_iter().find(|(name, _)| line.contains(name));
        let Some((_, family)) = known.filter(|_| line.contains("-save") || line.contains("tables -S")) else { return false };
        self.family = family;
        true
    }

    /// `-A CHAIN …`, `-I CHAIN [number] …`, `-P CHAIN POLICY` and `-N CHAIN`.
    fn command(&mut self, line: &str, at: Span, number: usize) {
        let listed = self.open.is_none();
        let block = self.open.get_or_insert_with(|| Block::new("filter", self.family, at, true));
        let unquoted: Vec<&str> = line.split_whitespace().take(2).collect();
        let named = unquoted.get(1).copied().unwrap_or_default();
        let Some(words) = words(line) else {
            self.cx.error(at, "a quote is not closed on this line, so the rule could not be read; its chain counts as unknown");
            if let Some(chain) = block.declare(named, at) {
                chain.broken = true;
            }
            return;
        };
        let rest = words.get(2..).unwrap_or_default();
        match words.first().map_or("", String::as_str) {
            // `iptables -S` begins anew for each family.
            "-P" if listed || block.chain(named).is_some_and(|chain| chain.policy.is_some()) => {
                let policy = rest.first().cloned();
                if !listed {
                    self.end();
                }
                let block = self.open.get_or_insert_with(|| Block::new("filter", self.family, at, true));
                if let Some(chain) = block.declare(named, at) {
                    chain.policy = policy;
                }
            }
            "-P" => {
                if let Some(chain) = block.declare(named, at) {
                    chain.policy = rest.first().cloned();
                }
            }
            "-N" => {
                if let Some(chain) = block.declare(named, at) {
                    chain.policy = Some("-".to_owned());
                }
            }
            command @ ("-A" | "--append" | "-I" | "--insert") => {
                let place =
                    rest.first().and_then(|word| word.parse::<usize>().ok()).filter(|_| command.starts_with("-I") || command == "--insert");
                let rest = if place.is_some() { rest.get(1..).unwrap_or_default() } else { rest };
                let options = options(rest);
                block.learn(&options);
                let Some(chain) = block.declare(named, at) else { return };
                let rule = RawRule { options, at, line: number };
                if command == "-A" || command == "--append" {
                    chain.rules.push(rule);
                } else {
                    let place = place.unwrap_or(1).saturating_sub(1).min(chain.rules.len());
                    chain.rules.insert(place, rule);
                }
            }
            other => {
                self.complete = false;
                self.cx.error(at, format!("`{}` is no command that adds a rule, and was not judged", shown(other)));
            }
        }
    }

    fn end(&mut self) {
        let Some(block) = self.open.take() else { return };
        if !block.ended {
            self.complete = false;
            let said = format!("the table {} has no COMMIT, so its end may be missing; paste all that iptables-save prints", block.table);
            self.cx.error(block.at, said);
        }
        self.blocks.push(block.close());
    }
}
