//! From chains to one list of rules: every line of every chain, cut down to the packets that come by it.
//!
//! A line inside a chain that was jumped to is the intersection of its own match with those of the jumps. `RETURN` takes what
//! it matches out of the rest of its chain: in the list that is [`Action::Next`], which passes over the rest of a layer, and a
//! layer ends where such a chain ends. What an outer chain has sent on is repeated at the head of the layers within it.
//!
//! A packet has to pass every chain of its hook: in all but the last of its family `accept` sends it on (nft(8), "Verdict
//! statements": an accepted packet may still be dropped by a chain of a later priority).

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
const DEPTH: usize = 64;

/// The rules of one direction in the order in which they decide, with the families that some chain sees.
pub(super) fn flatten(ruleset: &Ruleset, direction: Direction, cx: &mut Cx<'_>) -> (Vec<Rule>, AddressSet) {
    let mut hooked: Vec<(&Chain, &Hook, usize)> = Vec::new();
    for (at, chain) in ruleset.chains.iter().enumerate() {
        hooked.extend(chain.hook.as_ref().filter(|hook| hook.direction == direction).map(|hook| (chain, hook, at)));
    }
    // Stable: of one priority the order is not defined, and that of the text is as good.
    sort_by_key(&mut hooked, |(_, hook, _)| hook.priority);
    let seen = hooked.iter().fold(AddressSet::empty(), |all, (_, hook, _)| all.union(&hook.families));
    let mut walk = Walk::new(ruleset, direction, cx);
    let mut rest = hooked.as_slice();
    while let Some(((chain, hook, at), later)) = rest.split_first() {
        rest = later;
        let later = later.iter().fold(AddressSet::empty(), |all, (_, hook, _)| all.union(&hook.families));
        walk.last = hook.families.difference(&later);
        walk.base(chain, hook, *at);
    }
    if walk.spent {
        walk.give_up(hooked.first().map(|(chain, ..)| chain.at).unwrap_or_default());
    }
    (walk.rules, seen)
}

struct Walk<'w, 'c> {
    ruleset: &'w Ruleset,
    direction: Direction,
    cx: &'w mut Cx<'c>,
    rules: Vec<Rule>,
    layer: u16,
    steps: usize,
    /// A bound was reached; nothing more is added.
    spent: bool,
    /// What each open chain has sent on, outermost first.
    sent_on: Vec<Vec<(Match, Span)>>,
    /// The chains that are being walked.
    stack: Vec<usize>,
    /// The families that no later chain of the hook sees.
    last: AddressSet,
}

impl<'w, 'c> Walk<'w, 'c> {
    const fn new(ruleset: &'w Ruleset, direction: Direction, cx: &'w mut Cx<'c>) -> Self {
        Self {
            ruleset,
            direction,
            cx,
            rules: Vec::new(),
            layer: 0,
            steps: 0,
            spent: false,
            sent_on: Vec::new(),
            stack: Vec::new(),
            last: AddressSet::empty(),
        }
    }

    /// A hook's own chain: its lines, then its policy.
    fn base(&mut self, chain: &'w Chain, hook: &'w Hook, at: usize) {
        self.sent_on.push(Vec::new());
        self.chain(at, &Match::all(hook.families.clone()));
        let everyone = Match::all(hook.families.clone());
        let line =
            |verdict| Line { matches: Vec::new(), verdict, at: chain.at, name: format!("the policy of {}", chain.name), comment: None };
        let from = self.rules.len();
        match &hook.policy {
            // The next chain of the hook sees it by itself.
            Default::Accept => {
                if let Some(last) = everyone.of(&self.last) {
                    self.add(&line(Verdict::Accept), &last, Action::Allow);
                }
            }
            Default::Drop => self.add(&line(Verdict::Drop), &everyone, Action::Deny),
            Default::Missing(missing) => self.unclear(&line(Verdict::Unclear(missing.clone())), &everyone, missing),
        }
        self.rules.iter_mut().skip(from).for_each(|rule| rule.origin = Origin::Stock);
        self.end_of_chain();
    }

    /// The lines of a chain for the packets in `within`.
    fn chain(&mut self, at: usize, within: &Match) {
        let Some(chain) = self.ruleset.chains.get(at) else { return };
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
        self.stack.pop();
        self.end_of_chain();
    }

    fn line(&mut self, line: &'w Line, here: &Match) {
        match &line.verdict {
            Verdict::Accept => self.accept(line, here),
            Verdict::Drop => self.add(line, here, Action::Deny),
            Verdict::Return => self.send_on(line, here, self.sent_on.len().saturating_sub(1)),
            Verdict::Jump(target) => self.call(line, here, target),
            Verdict::Goto(target) => {
                self.call(line, here, target);
                self.send_on(line, here, self.sent_on.len().saturating_sub(1));
            }
            Verdict::Unclear(missing) => self.unclear(line, here, missing),
        }
    }

    fn accept(&mut self, line: &Line, here: &Match) {
        if let Some(last) = here.of(&self.last) {
            self.add(line, &last, Action::Allow);
        }
        let later = AddressSet::full().difference(&self.last);
        if let Some(earlier) = here.of(&later) {
            self.send_on(line, &earlier, 0);
        }
    }

    fn call(&mut self, line: &'w Line, here: &Match, target: &str) {
        let found = self.ruleset.find(target);
        match found {
            Some(at) if !self.stack.contains(&at) && self.stack.len() < DEPTH => self.chain(at, here),
            found => {
                let name = shown(found.and_then(|at| self.ruleset.chains.get(at)).map_or(target, |chain| &chain.name));
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

    /// Takes packets out of the rest of an open chain, and of all that it calls.
    fn send_on(&mut self, line: &Line, here: &Match, scope: usize) {
        self.add(line, here, Action::Next);
        if let Some(sent_on) = self.sent_on.get_mut(scope) {
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
        let from = self.rules.len();
        for (sent_on, at) in repeated {
            let name = "returned before".to_owned();
            let line = Line { matches: Vec::new(), verdict: Verdict::Return, at, name, comment: None };
            self.add(&line, &sent_on, Action::Next);
        }
        self.rules.iter_mut().skip(from).for_each(|rule| rule.origin = Origin::Implied);
    }

    fn add(&mut self, line: &Line, here: &Match, action: Action) {
        if self.spent || self.rules.len() > RULES {
            self.spent = true;
            return;
        }
        for mut rule in here.rules(self.direction, self.cx.place(line.at)) {
            rule.action = action;
            rule.layer = self.layer;
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
