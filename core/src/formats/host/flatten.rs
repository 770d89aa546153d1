//! From chains to one list of rules: every line of every chain, cut down to the packets that come by it.
//!
//! A line inside a chain that was jumped to is the intersection of its own match with those of the jumps. `RETURN` takes what
//! it matches out of the rest of its chain: in the list that is [`Action::Next`], which passes over the rest of a layer, and a
//! layer ends where such a chain ends. What an outer chain has sent on is repeated at the head of the layers within it.
//!
//! A packet has to pass every chain of its hook: what one accepts, the next one of its family walks, and only the last one lets
//! it in (nft(8), "Verdict statements": an accepted packet may still be dropped by a chain of a later priority).

use super::chains::{Chain, Default, Hook, Line, Ruleset, Verdict};
use super::matches::Match;
use crate::formats::cx::{Cx, shown};
use crate::model::{Action, Direction, Origin, Rule, Span, Unresolved};
use crate::sorting::sort_by_key;
use crate::space::AddressSet;

/// How many rules a ruleset may come to, and how many lines may be walked for it: trees of jumps grow exponentially.
const RULES: usize = 20_000;
const STEPS: usize = 200_000;
/// How deep chains may call each other. The kernel stops at 16 (nf_tables) and refuses circles.
const DEPTH: usize = 40;

/// The rules of one direction in the order in which they decide, with the families that some chain sees.
pub(super) fn flatten(ruleset: &Ruleset, direction: Direction, cx: &mut Cx<'_>) -> (Vec<Rule>, AddressSet) {
    let mut hooked: Vec<Hooked<'_>> = Vec::new();
    for (at, chain) in ruleset.chains.iter().enumerate() {
        hooked.extend(chain.hook.as_ref().filter(|hook| hook.direction == direction).map(|hook| Hooked { chain, hook, at }));
    }
    // Stable: of one priority the order is not defined, and that of the text is as good.
    sort_by_key(&mut hooked, |hooked| hooked.hook.priority);
    let seen = hooked.iter().fold(AddressSet::empty(), |all, hooked| all.union(&hooked.hook.families));
    let at = hooked.first().map(|hooked| hooked.chain.at).unwrap_or_default();
    let mut walk = Walk {
        ruleset,
        hooked,
        direction,
        cx,
        rules: Vec::new(),
        layer: 0,
        steps: 0,
        spent: false,
        sent_on: Vec::new(),
        stack: Vec::new(),
        depth: 0,
        later: 0,
    };
    walk.next_hook(&Match::all(seen.clone()));
    if walk.spent {
        walk.give_up(at);
    }
    (walk.rules, seen)
}

/// The name of a chain that is not in the text: its key ends in it.
fn plain(key: &str) -> &str {
    key.rsplit(' ').next().unwrap_or(key)
}

/// A chain with the hook that it has.
#[derive(Clone, Copy)]
struct Hooked<'w> {
    chain: &'w Chain,
    hook: &'w Hook,
    at: usize,
}

struct Walk<'w, 'c> {
    ruleset: &'w Ruleset,
    hooked: Vec<Hooked<'w>>,
    direction: Direction,
    cx: &'w mut Cx<'c>,
    rules: Vec<Rule>,
    layer: u16,
    steps: usize,
    /// A bound was reached; nothing more is added.
    spent: bool,
    /// What each open chain has sent on, outermost first.
    sent_on: Vec<Vec<(Match, Span)>>,
    /// The chains of one hook that are being walked.
    stack: Vec<usize>,
    /// How many are, of all hooks.
    depth: usize,
    /// The first of the hooked chains that come behind the one that is being walked.
    later: usize,
}

impl<'w> Walk<'w, '_> {
    /// Walks the later chains of the hook for these packets; those that none of them sees are left.
    fn next_hook(&mut self, here: &Match) -> Option<Match> {
        let (mut left, from) = (here.clone(), self.later);
        for nth in from..self.hooked.len() {
            self.steps = self.steps.saturating_add(1);
            let Some(hooked) = self.hooked.get(nth).copied() else { break };
            let Some(part) = left.of(&hooked.hook.families) else { continue };
            self.later = nth.saturating_add(1);
            let stack = std::mem::take(&mut self.stack);
            self.base(hooked, &part);
            self.stack = stack;
            self.later = from;
            left = left.of(&AddressSet::full().difference(&hooked.hook.families))?;
        }
        Some(left)
    }

    /// A hook's own chain: its lines, then its policy.
    fn base(&mut self, hooked: Hooked<'w>, within: &Match) {
        self.depth = self.depth.saturating_add(1);
        self.spent |= self.depth > DEPTH || self.steps > STEPS;
        self.chain(hooked.at, within);
        let (at, name) = (hooked.chain.at, format!("the policy of {}", hooked.chain.name));
        let line = |verdict| Line { matches: Vec::new(), verdict, at, name: name.clone(), comment: None, origin: Origin::Stock };
        match &hooked.hook.policy {
            Default::Accept => self.accept(&line(Verdict::Accept), within),
            Default::Drop => self.add(&line(Verdict::Drop), within, Action::Deny),
            Default::Missing(missing) => self.unclear(&line(Verdict::Unclear(missing.clone())), within, missing),
        }
        self.depth = self.depth.saturating_sub(1);
    }

    /// The lines of a chain for the packets in `within`.
    fn chain(&mut self, at: usize, within: &Match) {
        let Some(chain) = self.ruleset.chains.get(at) else { return };
        self.depth = self.depth.saturating_add(1);
        self.stack.push(at);
        self.sent_on.push(Vec::new());
        for line in &chain.lines {
            for own in &line.matches {
                self.steps = self.steps.saturating_add(1);
                if self.spent || self.steps > STEPS || self.rules.len() > RULES {
                    self.spent = true;
                    break;
                }
                if let Some(here) = within.and(own) {
                    self.line(line, &here);
                }
            }
        }
        self.depth = self.depth.saturating_sub(1);
        self.stack.pop();
        self.end_of_chain();
    }

    fn line(&mut self, line: &'w Line, here: &Match) {
        match &line.verdict {
            Verdict::Accept => self.accept(line, here),
            Verdict::Drop => self.add(line, here, Action::Deny),
            Verdict::Return => self.send_on(line, here),
            Verdict::Jump(target) => self.call(line, here, target),
            Verdict::Goto(target) => {
                self.call(line, here, target);
                self.send_on(line, here);
            }
            Verdict::Unclear(missing) => self.unclear(line, here, missing),
        }
    }

    fn accept(&mut self, line: &Line, here: &Match) {
        if !self.spent
            && let Some(last) = self.next_hook(here)
        {
            self.add(line, &last, Action::Allow);
        }
    }

    fn call(&mut self, line: &'w Line, here: &Match, target: &str) {
        let found = self.ruleset.find(target);
        match found {
            Some(at) if !self.stack.contains(&at) && self.depth < DEPTH => self.chain(at, here),
            found => {
                let name = shown(found.and_then(|at| self.ruleset.chains.get(at)).map_or_else(|| plain(target), |chain| &chain.name));
                let said = match found {
                    None => format!("the chain `{name}` is not in the text, so what becomes of these packets is unknown; paste it, too"),
                    Some(at) if self.stack.contains(&at) => {
                        format!("the chain `{name}` comes back to itself here, which the kernel refuses; these packets count as unknown")
                    }
                    Some(_) => format!("chains call each other more than {DEPTH} deep here; these packets count as unknown"),
                };
                self.cx.error(line.at, said);
                let missing = Unresolved { name: format!("the chain {name}").into(), would_settle: "all chains of the host".into() };
                self.unclear(line, here, &missing);
            }
        }
    }

    /// Packets that may be accepted, dropped or neither.
    fn unclear(&mut self, line: &Line, here: &Match, missing: &Unresolved) {
        let doubtful = Match { doubt: here.doubt.clone().or_else(|| Some(missing.clone())), ..here.clone() };
        self.accept(line, &doubtful);
        self.add(line, &doubtful, Action::Deny);
    }

    /// Takes packets out of the rest of the innermost open chain, and of all that it calls.
    fn send_on(&mut self, line: &Line, here: &Match) {
        self.add(line, here, Action::Next);
        if let Some(sent_on) = self.sent_on.last_mut() {
            sent_on.push((here.clone(), line.at));
        }
    }

    /// What a chain sent on goes its way again behind it.
    fn end_of_chain(&mut self) {
        if self.sent_on.pop().is_none_or(|sent_on| sent_on.is_empty()) || self.spent {
            return;
        }
        // The last layer is kept for giving up.
        match self.layer.checked_add(1).filter(|layer| *layer < u16::MAX) {
            Some(layer) => self.layer = layer,
            None => self.spent = true,
        }
        let repeated: Vec<(Match, Span)> = self.sent_on.iter().flatten().cloned().collect();
        for (sent_on, at) in repeated {
            let name = "returned before".to_owned();
            let line = Line { matches: Vec::new(), verdict: Verdict::Return, at, name, comment: None, origin: Origin::Implied };
            self.add(&line, &sent_on, Action::Next);
        }
    }

    fn add(&mut self, line: &Line, here: &Match, action: Action) {
        if self.spent || self.rules.len() > RULES {
            self.spent = true;
            return;
        }
        for mut rule in here.rules(self.direction, self.cx.place(line.at)) {
            rule.action = action;
            rule.layer = self.layer;
            rule.origin = line.origin;
            rule.name = Some(line.name.as_str().into());
            rule.description = line.comment.as_deref().map(Into::into);
            self.rules.push(rule);
        }
    }

    /// Beyond the bounds anything may happen to what was not decided yet.
    fn give_up(&mut self, at: Span) {
        self.cx.error(at, "these chains jump to each other so often that not all paths were followed; the rest counts as unknown");
        let missing = Unresolved { name: "the paths that were not followed".into(), would_settle: "fewer jumps between chains".into() };
        let everyone = Match { doubt: Some(missing), ..Match::all(AddressSet::full()) };
        for mut rule in everyone.rules(self.direction, self.cx.place(at)) {
            // In a layer of its own nothing was sent on.
            rule.layer = u16::MAX;
            self.rules.push(rule);
        }
    }
}
