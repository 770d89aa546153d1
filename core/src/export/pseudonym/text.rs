//! A piece of text without what names somebody: addresses, identifiers and words each get their placeholder, what belongs to
//! a format stays.

use std::net::IpAddr;

use ipnet::IpNet;

use super::Scrub;
use super::words::{is_known, normal};
use crate::formats::virtual_interface;

/// What the identifiers of AWS begin with.
const IDS: [&str; 34] = [
    "acl", "aclassoc", "ami", "cagw", "cgw", "dopt", "eigw", "eipalloc", "eipassoc", "eni", "fl", "i", "igw", "lgw", "lt", "nat", "o",
    "ou", "pcx", "pl", "r", "rtb", "rtbassoc", "sg", "sgr", "snap", "subnet", "tgw", "vgw", "vol", "vpc", "vpce", "vpn", "eip",
];

/// Segments of paths behind which a name stands, as [`normal`] spells them.
const KINDS: &str = "subscriptions resourcegroups providers projects regions zones locations networks subnetworks firewalls folders \
    organizations firewallpolicies securityrules defaultsecurityrules networksecuritygroups applicationsecuritygroups \
    virtualnetworks subnets networkinterfaces ipconfigurations publicipaddresses instances tagkeys tagvalues addressgroups \
    securitygateways routes instancegroups serviceaccounts loadbalancers backendaddresspools inboundnatrules virtualmachines \
    securityprofilegroups networkmanagers deployments";

/// Segments of paths that are no names themselves.
const STEPS: [&str; 10] =
    ["", "https:", "http:", "www.googleapis.com", "compute.googleapis.com", "compute", "v1", "beta", "v1beta1", "global"];

/// What a segment of a path is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Segment {
    Kind,
    Name,
    Namespace,
}

impl Scrub {
    /// Replaces in a text whatever does not belong to a format. `calls` where a word before a parenthesis is a function.
    pub(super) fn scan(&mut self, text: &str, calls: bool, out: &mut String) {
        if is_path(text) {
            return self.path(text, out);
        }
        self.words(text, calls, out);
    }

    /// The words of a text, one after the other.
    fn words(&mut self, text: &str, calls: bool, out: &mut String) {
        let provided = text.starts_with("com.amazonaws.");
        let mut at = 0_usize;
        let mut before = None;
        while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
            if let Some(escape) = escape(rest) {
                out.push_str(escape);
                at = at.saturating_add(escape.len());
                before = None;
                continue;
            }
            let boundary = !before.is_some_and(is_wordy);
            let taken = if boundary { self.token(rest, before, calls, provided, out) } else { 0 };
            let taken = if taken == 0 { rest.chars().next().map_or(1, |letter| copied(letter, out)) } else { taken };
            at = at.saturating_add(taken);
            before = text.get(..at).and_then(|done| done.chars().next_back());
        }
    }

    /// What stands at the beginning of `rest`; how many bytes of it were dealt with.
    fn token(&mut self, rest: &str, before: Option<char>, calls: bool, provided: bool, out: &mut String) -> usize {
        let verbatim = verbatim(rest);
        if verbatim > 0 {
            out.push_str(rest.get(..verbatim).unwrap_or_default());
            return verbatim;
        }
        if let Some(taken) = self.address(rest, out) {
            return taken;
        }
        let run = run(rest, |letter| is_wordy(letter) || letter == '-');
        let Some(segment) = rest.get(..run).filter(|segment| !segment.is_empty()) else { return 0 };
        if calls && rest.get(run..).is_some_and(|behind| behind.starts_with('(')) {
            out.push_str(segment);
        } else if provided {
            let known = ["com", "amazonaws", "global", "s3", "dynamodb", "cloudfront", "ipv6", "vpc-lattice", "groundstation"];
            if known.contains(&segment) || segment.starts_with("origin-facing") || segment.starts_with("route53-") {
                out.push_str(segment);
            } else {
                self.chunks(segment, out);
            }
        } else {
            // What follows a word's own dash, as in `--match-set`, is still it.
            self.segment(segment, before, out);
        }
        run
    }

    /// One word, with its dashes and underscores.
    fn segment(&mut self, segment: &str, before: Option<char>, out: &mut String) {
        let trimmed = segment.trim_start_matches('-');
        let option = self.host && trimmed.len() < segment.len() && before.is_none_or(char::is_whitespace);
        if option || is_known(segment, self.host) || is_resource_type(segment) {
            return out.push_str(segment);
        }
        if self.host && segment == "lo" {
            return out.push_str(segment);
        }
        if let Some(prefix) = virtual_interface(segment).filter(|_| self.host) {
            out.push_str(prefix);
            return self.chunks(segment.get(prefix.len()..).unwrap_or_default(), out);
        }
        if let Some(uuid) = segment.get(..36).filter(|uuid| is_uuid(uuid)) {
            let placed = self.places.uuid(uuid);
            out.push_str(&placed);
            return self.chunks(segment.get(36..).unwrap_or_default(), out);
        }
        if let Some((prefix, id)) = segment.split_once('-').filter(|(prefix, id)| IDS.contains(prefix) && !id.is_empty()) {
            let hex = id.len() >= 8 && id.bytes().all(|byte| byte.is_ascii_hexdigit());
            if hex || !matches!(prefix, "i" | "o" | "r" | "lt" | "fl" | "nat") {
                out.push_str(prefix);
                out.push('-');
                if hex {
                    let placed = self.places.hex(id);
                    return out.push_str(&placed);
                }
                return self.chunks(id, out);
            }
        }
        // An address in the name of a machine, such as ip-10-0-0-1.
        if segment.split('-').filter(|part| part.parse::<u8>().is_ok()).count() >= 4 {
            let placed = self.places.word(segment);
            return out.push_str(&placed);
        }
        self.chunks(segment, out);
    }

    /// Letters and digits, apart by dashes and underscores, so that names that are put together from parts still are.
    fn chunks(&mut self, text: &str, out: &mut String) {
        for part in text.split_inclusive(['-', '_']) {
            let word = part.trim_end_matches(['-', '_']);
            let mark = self.host && word.strip_prefix("0x").is_some_and(|hex| hex.bytes().all(|byte| byte.is_ascii_hexdigit()));
            if word.is_empty() || mark || word == "default" || word.len() <= 5 && word.bytes().all(|byte| byte.is_ascii_digit()) {
                out.push_str(word);
            } else if word.bytes().all(|byte| byte.is_ascii_digit()) {
                // The priorities of what Google adds itself.
                let placed = if matches!(word, "2147483644" | "2147483645" | "2147483646" | "2147483647") {
                    word.to_owned()
                } else {
                    self.places.number(word)
                };
                out.push_str(&placed);
            } else {
                let placed = self.places.word(word);
                out.push_str(&placed);
            }
            out.push_str(part.get(word.len()..).unwrap_or_default());
        }
    }

    /// A path of kinds and names, as the identifiers of Azure and Google Cloud are.
    fn path(&mut self, text: &str, out: &mut String) {
        let mut next = Segment::Kind;
        let mut provided = false;
        for (nth, segment) in text.split('/').enumerate() {
            if nth > 0 {
                out.push('/');
            }
            let kind = provided || KINDS.split_whitespace().any(|kind| kind == normal(segment));
            let (keep, then) = match next {
                Segment::Namespace => (true, Segment::Kind),
                _ if STEPS.contains(&segment) => (true, Segment::Kind),
                Segment::Kind if normal(segment) == "providers" => (true, Segment::Namespace),
                Segment::Kind if kind => (true, Segment::Name),
                Segment::Kind | Segment::Name => (false, Segment::Kind),
            };
            provided |= next == Segment::Namespace;
            next = then;
            if keep {
                out.push_str(segment);
            } else {
                self.words(segment, false, out);
            }
        }
    }

    /// An address, a prefix or a range at the beginning of `rest`.
    fn address(&mut self, rest: &str, out: &mut String) -> Option<usize> {
        let (address, length) = address(rest)?;
        let behind = rest.get(length..)?;
        if let Some((last, more)) = behind.strip_prefix('-').and_then(self::address)
            && address.is_ipv4() == last.is_ipv4()
        {
            if self.collecting {
                self.addresses.add_range(address, last);
            }
            let (from, to) = (self.place(IpNet::from(address)), self.place(IpNet::from(last)));
            out.push_str(&format!("{}-{}", from.addr(), to.addr()));
            return Some(length.saturating_add(1).saturating_add(more));
        }
        let (suffix, bits) = prefix_length(address, behind);
        let net = match bits {
            Some(bits) => IpNet::new(address, bits).ok()?,
            None => IpNet::from(address),
        };
        let placed = self.place(net.trunc());
        out.push_str(&spelled(placed, net));
        out.push_str(behind.get(..suffix)?);
        Some(length.saturating_add(suffix))
    }

    /// An address whose prefix length stands elsewhere.
    pub(super) fn prefixed(&mut self, text: &str, bits: u8, out: &mut String) -> bool {
        let Some(net) = text.parse::<IpAddr>().ok().and_then(|address| IpNet::new(address, bits).ok()) else { return false };
        let placed = self.place(net.trunc());
        out.push_str(&spelled(placed, net));
        true
    }

    fn place(&mut self, net: IpNet) -> IpNet {
        if self.collecting {
            self.addresses.add(net);
            return net;
        }
        let moved = self.addresses.moved(net);
        if moved != net {
            self.moved.insert(net);
        }
        moved
    }
}

/// The address of a moved prefix, with a bit beyond its length where there was one.
fn spelled(placed: IpNet, was: IpNet) -> String {
    let host = was != was.trunc();
    match placed.addr() {
        IpAddr::V4(address) if host => std::net::Ipv4Addr::from_bits(address.to_bits() | 1).to_string(),
        IpAddr::V6(address) if host => std::net::Ipv6Addr::from_bits(address.to_bits() | 1).to_string(),
        address => address.to_string(),
    }
}

/// An address at the beginning of a text, and how long it is.
fn address(rest: &str) -> Option<(IpAddr, usize)> {
    let run = run(rest, |letter| letter.is_ascii_hexdigit() || letter == ':' || letter == '.');
    let whole = rest.get(..run)?;
    let behind = |taken: usize| rest.get(taken..).and_then(|rest| rest.chars().next());
    // A port may follow, or the end of a sentence.
    let short = whole.split(':').next().unwrap_or_default().trim_end_matches('.');
    [whole, whole.trim_end_matches(['.', ':']), short].into_iter().find_map(|text| {
        let dotted = text.contains(':') || text.matches('.').count() == 3;
        let address = text.parse().ok().filter(|_| dotted && text.len() <= 45)?;
        (!behind(text.len()).is_some_and(is_wordy)).then_some((address, text.len()))
    })
}

/// The length of what follows an address as `/24` or `/255.255.255.0`, and the prefix length that it says.
fn prefix_length(address: IpAddr, behind: &str) -> (usize, Option<u8>) {
    let Some(rest) = behind.strip_prefix('/') else { return (0, None) };
    let digits = run(rest, |letter| letter.is_ascii_digit());
    let mask = run(rest, |letter| letter.is_ascii_digit() || letter == '.');
    let most = if address.is_ipv4() { 32 } else { 128 };
    if let Some(mask_bits) = rest.get(..mask).and_then(|mask| mask.parse::<std::net::Ipv4Addr>().ok()).map(std::net::Ipv4Addr::to_bits) {
        let ones = mask_bits.leading_ones();
        let plain = mask_bits.count_ones() == ones && address.is_ipv4();
        return (mask.saturating_add(1), u8::try_from(ones).ok().filter(|_| plain));
    }
    match rest.get(..digits).and_then(|digits| digits.parse::<u8>().ok()).filter(|bits| *bits <= most) {
        Some(bits) => (digits.saturating_add(1), Some(bits)),
        None => (0, None),
    }
}

/// What is a type or a pseudo parameter with its own punctuation: `AWS::EC2::VPC`, `Microsoft.Network/virtualNetworks@…`.
fn verbatim(rest: &str) -> usize {
    if ["AWS::", "Fn::"].iter().any(|head| rest.starts_with(head)) {
        run(rest, |letter| letter.is_ascii_alphanumeric() || letter == ':')
    } else if rest.starts_with("Microsoft.") {
        run(rest, |letter| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '/' | '@' | '-'))
    } else if rest.starts_with("compute#") {
        run(rest, |letter| letter.is_ascii_alphanumeric() || letter == '#')
    } else {
        0
    }
}

/// An escape of a string, or a verb of a format such as `%s`.
fn escape(rest: &str) -> Option<&str> {
    let mut letters = rest.chars();
    match (letters.next()?, letters.next()?) {
        ('\\', 'u') if rest.get(2..6).is_some_and(|hex| hex.bytes().all(|byte| byte.is_ascii_hexdigit())) => rest.get(..6),
        ('\\', 'n' | 't' | 'r' | '"' | '\\' | '/' | 'b' | 'f') | ('%', 's' | 'd' | 'v' | 'q') => rest.get(..2),
        _ => None,
    }
}

fn is_path(text: &str) -> bool {
    text.contains('/')
        && !text.contains([' ', '$', '(', '{', '\''])
        && !text.starts_with("Microsoft.")
        && text.split('/').any(|segment| KINDS.split_whitespace().any(|kind| kind == normal(segment)))
}

fn is_resource_type(segment: &str) -> bool {
    ["aws_", "azurerm_", "google_"].iter().any(|provider| segment.starts_with(provider))
}

fn is_uuid(text: &str) -> bool {
    let dash = |at: usize| matches!(at, 8 | 13 | 18 | 23);
    text.bytes().enumerate().all(|(at, byte)| if dash(at) { byte == b'-' } else { byte.is_ascii_hexdigit() })
}

fn is_wordy(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

fn run(text: &str, is_in: impl Fn(char) -> bool) -> usize {
    text.find(|letter| !is_in(letter)).unwrap_or(text.len())
}

fn copied(letter: char, out: &mut String) -> usize {
    out.push(letter);
    letter.len_utf8()
}
