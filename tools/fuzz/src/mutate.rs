//! A mutator that knows words, brackets and indented lines. It works on every language the readers know, on broken texts too:
//! what it moves is whole where it can be, so that more of the mutants get past the syntax.

use crate::bundle::MARK;
use crate::dice::Dice;
use crate::samples::{samples, words};

/// What hurts where a number, an address or a part of an expression is read.
const SHARP: [&str; 72] = [
    "0",
    "-1",
    "1",
    "22",
    "65535",
    "65536",
    "4294967295",
    "4294967296",
    "9223372036854775807",
    "9223372036854775808",
    "18446744073709551616",
    "-9223372036854775808",
    "1e308",
    "1e-400",
    "0.5",
    "99999999999999999999999999",
    "0.0.0.0/0",
    "::/0",
    "10.0.0.0/8",
    "255.255.255.255/32",
    "0.0.0.0",
    "::",
    "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128",
    "::ffff:1.2.3.4/120",
    "1.2.3.4/33",
    "fe80::1%eth0",
    "64:ff9b::/96",
    "10.0.0.1-10.0.0.9",
    "null",
    "true",
    "false",
    "\"\"",
    "[]",
    "{}",
    "''",
    "~",
    "*",
    "any",
    "all",
    "-",
    "tcp",
    "udp",
    "icmp",
    "icmpv6",
    "50",
    "Internet",
    "VirtualNetwork",
    "22-23",
    "23-22",
    "0-65535",
    "22,80",
    "*&a",
    "&a",
    "*a",
    "<<: *a",
    "!Ref x",
    "!Sub '${x}'",
    "!GetAtt x.y",
    "${x}",
    "${var.x}",
    "%{ for x in y }",
    "%{ endfor }",
    "count = 3",
    "count.index",
    "each.key",
    "for_each = x",
    "[*]",
    "...",
    "[parameters('x')]",
    "[concat('a', 'b')]",
    "\u{1f512}",
    "\u{0}",
];

/// Changes a text in a way or a few; at most `most` bytes come out.
pub fn mutate(bytes: &[u8], most: usize, seed: u32) -> Vec<u8> {
    let mut dice = Dice::new(seed);
    let mut text = String::from_utf8_lossy(bytes).into_owned();
    for _ in 0..=dice.below(3) {
        text = once(&text, &mut dice);
    }
    let mut out = text.into_bytes();
    out.truncate(most);
    out
}

fn once(text: &str, dice: &mut Dice) -> String {
    let tokens = tokens(text);
    if tokens.is_empty() {
        return dice.pick(samples()).text.clone();
    }
    let words_at: Vec<usize> = (0..tokens.len()).filter(|at| is_word(tokens[*at])).collect();
    let any = dice.below(tokens.len());
    let word = if words_at.is_empty() { any } else { *dice.pick(&words_at) };
    match dice.below(20) {
        // Another word of the readers, of this text, or a sharp one.
        0..=3 => splice(&tokens, word, word + 1, dice.pick(words())),
        4 | 5 => splice(&tokens, word, word + 1, tokens[*dice.pick(if words_at.is_empty() { &[0] } else { words_at.as_slice() })]),
        6..=8 => splice(&tokens, word, word + 1, dice.pick(&SHARP)),
        9 => splice(&tokens, word, word, dice.pick(&SHARP)),
        10 => splice(&tokens, any, any + 1, ""),
        // What stands between brackets, or a block of lines, goes, comes twice or takes another's place.
        kind @ 11..=15 => {
            let (from, to) = group(&tokens, any);
            let (start, end) = group(&tokens, dice.below(tokens.len()));
            let other = tokens[start..end].concat();
            match kind {
                11 => splice(&tokens, from, to, ""),
                12 => splice(&tokens, to, to, &format!("{}{}", dice.pick(&[",", "\n", "", " "]), tokens[from..to].concat())),
                13 | 14 => splice(&tokens, from, to, &other),
                _ => {
                    let foreign = &dice.pick(samples()).text;
                    let foreign = self::tokens(foreign);
                    let (start, end) = group(&foreign, dice.below(foreign.len()));
                    splice(&tokens, from, to, &foreign[start..end].concat())
                }
            }
        }
        16 | 17 => lines(text, dice),
        18 => {
            let sample = dice.pick(samples());
            format!("{text}\n{MARK}{}\n{}", sample.name, sample.text)
        }
        // Something deep, or long.
        _ => {
            let (from, to) = group(&tokens, any);
            let piece = tokens[from..to].concat();
            let (open, close) =
                *dice.pick(&[("[", "]"), ("{\"a\":", "}"), ("(", ")"), ("\"${", "}\""), ("{a=", "}"), ("!", ""), ("-", ""), ("", ",")]);
            let times = 1 + dice.below(40);
            splice(&tokens, from, to, &format!("{}{piece}{}", open.repeat(times), close.repeat(times)))
        }
    }
}

/// Moves, doubles or removes a block of lines, or makes a mark of what it is.
fn lines(text: &str, dice: &mut Dice) -> String {
    let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
    let indent = |line: &str| line.len() - line.trim_start().len();
    let from = dice.below(lines.len());
    let deeper = lines[from + 1..].iter().take_while(|line| line.trim().is_empty() || indent(line) > indent(lines[from])).count();
    let to = (from + 1 + if dice.below(2) == 0 { deeper } else { 0 }).min(lines.len());
    let block: Vec<&str> = lines[from..to].to_vec();
    match dice.below(4) {
        0 => drop(lines.drain(from..to)),
        1 => drop(lines.splice(to..to, block)),
        2 => {
            lines.drain(from..to);
            let at = dice.below(lines.len() + 1);
            lines.splice(at..at, block);
        }
        _ => {
            let mark = *dice.pick(&[
                "=== a.tf\n",
                "=== b.tf\n",
                "=== m/a.tf\n",
                "=== after\n",
                "=== x.parameters.json\n",
                "=== a.tfvars\n",
                "=== b.yaml\n",
                "  ",
                "- ",
                "# ",
            ]);
            lines.insert(from, mark);
        }
    }
    lines.concat()
}

/// Puts another text in the place of tokens.
fn splice(tokens: &[&str], from: usize, to: usize, by: &str) -> String {
    format!("{}{by}{}", tokens[..from].concat(), tokens[to..].concat())
}

fn is_word(token: &str) -> bool {
    token.starts_with(|letter: char| letter.is_alphanumeric())
}

/// Words, runs of blanks, and single signs.
fn tokens(text: &str) -> Vec<&str> {
    let kind = |letter: char| match letter {
        _ if letter.is_alphanumeric() || "_-./:".contains(letter) => 0,
        ' ' | '\t' => 1,
        _ => 2,
    };
    let mut tokens = Vec::new();
    let (mut start, mut last) = (0, 2);
    for (at, letter) in text.char_indices() {
        let now = kind(letter);
        if at > start && (now != last || now == 2) {
            tokens.push(&text[start..at]);
            start = at;
        }
        last = now;
    }
    if start < text.len() {
        tokens.push(&text[start..]);
    }
    tokens
}

/// From the token at a place to the bracket that closes it, or the token alone.
fn group(tokens: &[&str], at: usize) -> (usize, usize) {
    let Some(from) = (at..tokens.len().min(at + 64)).find(|at| matches!(tokens[*at], "{" | "[" | "(")) else { return (at, at + 1) };
    let mut depth = 0_usize;
    for (place, token) in tokens.iter().enumerate().skip(from) {
        match *token {
            "{" | "[" | "(" => depth += 1,
            "}" | "]" | ")" => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return (from, place + 1);
        }
    }
    (from, from + 1)
}

/// One mutation in the buffer of libFuzzer, mostly of this mutator and now and then of its own; how many bytes it has then.
pub fn either(data: &mut [u8], size: usize, most: usize, seed: u32, own: fn(&mut [u8], usize, usize) -> usize) -> usize {
    // Dice are no text.
    if seed % 5 == 0 || data.first() == Some(&0) {
        return own(data, size, most);
    }
    let made = mutate(&data[..size], most, seed);
    data[..made.len()].copy_from_slice(&made);
    made.len()
}
