//! Texts made fit to be shown around: names, identifiers, addresses and comments are replaced, and everything that decides a
//! verdict stays, so that the review of what comes out is the review of what went in.
//!
//! It works on the words of a text and not on its meaning, so it takes broken texts, too. What does not belong to a format is
//! replaced, the same by the same everywhere; nothing is secret about the placeholders, they are numbered as they come.
//! A name that is itself a word of a format (`main`, `public`) stays, since its references have to.
//! **What remains**: how many groups, rules and networks there are, how they hang together, how large the networks are,
//! ports, protocols, services of the clouds, and the words of the formats themselves.

mod addresses;
mod code;
mod lines;
mod text;
mod walk;
mod words;
mod yaml;

use std::collections::HashSet;

use ipnet::IpNet;
use serde::Serialize;

use crate::formats::printed::{MOVED, counts_hidden, heading, is_printed, plain};
use crate::sorting::sort_unique;
use addresses::Addresses;
use words::Placeholders;

/// Texts in which nobody is named.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Pseudonymised {
    /// Each document's name and text, in their order. A text has as many lines as before.
    pub documents: Vec<(String, String)>,
    /// Each assumed name and its value, in their order: the name is as it now stands in the texts.
    pub assumed: Vec<(String, String)>,
    /// What was replaced.
    pub replaced: Replaced,
}

/// How many different things were replaced.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Replaced {
    /// Words of names, each counted once.
    pub names: usize,
    /// Identifiers of clouds, accounts and other long numbers.
    pub ids: usize,
    /// Addresses and prefixes.
    pub addresses: usize,
    /// Comments.
    pub comments: usize,
    /// Descriptions and the like.
    pub texts: usize,
}

/// What can still be seen in the texts.
pub const REMAINS: &str = "what can still be seen: how many rules and networks there are, their sizes, how they hang together, ports, \
    protocols, and the words that belong to the format";

impl Replaced {
    /// One sentence, such as `12 names, 40 addresses and 3 comments replaced`.
    pub fn said(&self) -> String {
        let parts = [
            (self.names, "word of names", "words of names"),
            (self.ids, "identifier", "identifiers"),
            (self.addresses, "address", "addresses"),
            (self.comments, "comment", "comments"),
            (self.texts, "description", "descriptions"),
        ];
        let told = parts.into_iter().filter(|(count, ..)| *count > 0);
        let told: Vec<String> = told.map(|(count, one, many)| format!("{count} {}", if count == 1 { one } else { many })).collect();
        match told.split_last() {
            None => "nothing had to be replaced".to_owned(),
            Some((only, [])) => format!("{only} replaced"),
            Some((last, rest)) => format!("{} and {last} replaced", rest.join(", ")),
        }
    }
}

/// Replaces what names somebody in documents that are judged together, each a name and a text, and in the values that are assumed
/// for names that they leave open.
pub fn pseudonymise(documents: &[(&str, &str)], assumed: &[(&str, &str)]) -> Pseudonymised {
    let mut scrub = Scrub { collecting: true, ..Scrub::default() };
    // Where addresses are computed from others, distances have to stay.
    let computes = documents.iter().any(|(_, text)| {
        let lower = text.to_ascii_lowercase();
        ["cidrsubnet", "cidrhost", "fn::cidr", "!cidr"].iter().any(|function| lower.contains(function))
    });
    scrub.all(documents);
    scrub.assumptions(assumed);
    scrub.addresses.settle(computes);
    let mut scrub = Scrub { addresses: scrub.addresses, ..Scrub::default() };
    let documents = scrub.all(documents);
    let assumed = scrub.assumptions(assumed);
    let (names, ids, numbers) = scrub.places.counts();
    let (addresses, ids) = (scrub.moved.len(), ids.saturating_add(numbers));
    Pseudonymised { documents, assumed, replaced: Replaced { names, ids, addresses, comments: scrub.comments, texts: scrub.texts } }
}

/// What is known while texts are walked: twice, first to collect the addresses.
#[derive(Default)]
struct Scrub {
    addresses: Addresses,
    places: Placeholders,
    collecting: bool,
    /// The text is of a machine's own firewall.
    host: bool,
    /// The text gives values to variables and nothing else.
    values: bool,
    /// The text is the print of a plan, whose comments say what stands below them.
    printed: bool,
    moved: HashSet<IpNet>,
    comments: usize,
    texts: usize,
}

/// What a text is written in, as far as its words tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Language {
    Json,
    Hcl,
    Bicep,
    Yaml,
    Lines,
    /// The print of a Terraform plan: HCL below comments that count.
    Printed,
}

impl Scrub {
    fn all(&mut self, documents: &[(&str, &str)]) -> Vec<(String, String)> {
        // Files of values count in the order of their names.
        let mut names: Vec<&str> = documents.iter().map(|(name, _)| *name).collect();
        sort_unique(&mut names);
        names.into_iter().for_each(|name| drop(self.file(name)));
        let texts: Vec<String> = documents.iter().map(|(name, text)| self.text(name, text)).collect();
        documents.iter().zip(texts).map(|((name, _), text)| (self.file(name), text)).collect()
    }

    /// They stand behind the texts, so that no placeholder there is another one because of them.
    fn assumptions(&mut self, assumed: &[(&str, &str)]) -> Vec<(String, String)> {
        self.host = false;
        let mut scanned = |text: &str| {
            let mut out = String::new();
            self.scan(text, true, &mut out);
            out
        };
        assumed.iter().map(|(name, value)| (scanned(name), scanned(value))).collect()
    }

    fn text(&mut self, name: &str, text: &str) -> String {
        let language = Language::of(name, text);
        self.host = language == Language::Lines || language == Language::Json && text.contains("\"nftables\"");
        self.values = name.ends_with(".tfvars.json");
        self.printed = language == Language::Printed;
        let mut out = String::with_capacity(text.len());
        match language {
            Language::Yaml => self.yaml(text, &mut out),
            Language::Lines => self.lines(text, &mut out),
            Language::Printed => self.code(Language::Hcl, &plain(text), &mut out),
            code => self.code(code, text, &mut out),
        }
        out
    }

    /// A file's name, whose ending and place among others have a meaning.
    fn file(&mut self, name: &str) -> String {
        self.host = false;
        let (directory, file) = name.rsplit_once('/').map_or(("", name), |(directory, file)| (directory, file));
        let mut out = String::new();
        if !directory.is_empty() || name.starts_with('/') {
            self.scan(directory, false, &mut out);
            out.push('/');
        }
        for part in file.split_inclusive(['.', '-', '_']) {
            let word = part.trim_end_matches(['.', '-', '_']);
            let meant = ["override", "auto", "parameters", "bicepparam", "bicep", "tofu", "yml", "pl", "portcullis", "tfplan", "tfstate"];
            if meant.contains(&word) {
                out.push_str(word);
            } else {
                self.scan(word, false, &mut out);
            }
            out.push_str(part.get(word.len()..).unwrap_or_default());
        }
        out
    }

    /// A comment without its words; its lines stay.
    fn comment(&mut self, mark: &str, text: &str, out: &mut String) {
        if self.printed && self.printed_comment(text, out) {
            return;
        }
        self.comments = self.comments.saturating_add(1);
        out.push_str(mark);
        out.extend(text.chars().filter(|letter| matches!(letter, '\n' | '\r')));
    }

    /// A comment of a printed plan that says something of what stands below it or in its place; whether it is one.
    fn printed_comment(&mut self, text: &str, out: &mut String) -> bool {
        if counts_hidden(text) {
            out.push_str(text);
            return true;
        }
        let Some(address) = heading(text) else { return false };
        let (before, after) = text.split_once(address).unwrap_or((text, ""));
        out.push_str("# ");
        // Where it moved from stands before it.
        if let Some(from) = before.strip_prefix("# ").and_then(|before| before.strip_suffix(MOVED)) {
            self.scan(from, true, out);
            out.push_str(MOVED);
        }
        self.scan(address, true, out);
        out.push_str(after);
        true
    }

    /// A description without its words; its lines stay.
    fn prose(&mut self, text: &str, out: &mut String) {
        if text.trim().is_empty() {
            return out.push_str(text);
        }
        self.texts = self.texts.saturating_add(1);
        out.push_str("text");
        out.extend(text.chars().filter(|letter| matches!(letter, '\n' | '\r')));
    }
}

impl Language {
    fn of(name: &str, text: &str) -> Self {
        let ends = |ending: &str| name.to_ascii_lowercase().ends_with(ending);
        let lines = || text.lines().map(str::trim).filter(|line| !line.is_empty()).take(2_000);
        let begins = |words: &[&str]| lines().any(|line| words.iter().any(|word| line.starts_with(word)));
        let first = lines().find(|line| !line.starts_with(['#', '/', '$'])).unwrap_or_default();
        if ends(".bicep") || ends(".bicepparam") {
            return Self::Bicep;
        }
        if ends(".tf") || ends(".tfvars") || ends(".tofu") || ends(".toml") {
            return Self::Hcl;
        }
        if is_printed(text) {
            return Self::Printed;
        }
        if first.starts_with(['{', '[']) && !first.starts_with("[[") && !is_table(first) {
            return Self::Json;
        }
        let bicep = begins(&["param ", "targetScope", "using '", "using none", "output "])
            || lines().any(|line| line.starts_with("resource ") && line.contains(" '"))
            || lines().any(|line| (line.starts_with("var ") || line.starts_with("module ")) && line.contains(" = ") || line == "@secure()");
        if bicep {
            return Self::Bicep;
        }
        if begins(&["resource \"", "variable \"", "module \"", "data \"", "provider \"", "output \"", "locals {", "terraform {", "[["]) {
            return Self::Hcl;
        }
        if begins(&["*filter", "-A ", ":INPUT", "-P ", "Status: ", "Chain ", "iptables ", "ip6tables ", "table "]) {
            return Self::Lines;
        }
        let key = |line: &str| line.starts_with("- ") || line == "-" || line.ends_with(':') || line.contains(": ");
        if ends(".yaml") || ends(".yml") || ends(".template") || key(first) || first.starts_with("---") {
            return Self::Yaml;
        }
        // JSON behind a prompt, or somewhere in a log.
        if lines().any(|line| line.starts_with('{') || line == "[") {
            return Self::Json;
        }
        if lines().any(|line| line.contains(" = ")) {
            Self::Hcl
        } else if lines().any(key) {
            Self::Yaml
        } else {
            Self::Lines
        }
    }
}

/// A table of TOML, which looks like a list.
fn is_table(line: &str) -> bool {
    let name = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or_default();
    name.chars().next().is_some_and(char::is_alphabetic) && name.chars().all(|letter| letter.is_alphanumeric() || "_-.".contains(letter))
}
