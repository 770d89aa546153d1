//! An exercise from a finding: the configuration as it is, without its names; what has to be closed and what has to keep
//! working come from the evaluator, the solution from trying simple changes.

use super::fields::{IDEA, LINE};
use super::files::{CONFIGURATION, FILES, is_short_name};
use super::grade::reviewed;
use super::mend::solution;
use super::needs::Needs;
use super::{Configuration, Exercise, Grade, Measured, Meter, grade, pack, write_pack};
use crate::audits::{Audit, Finding};
use crate::export::pseudonym::{REMAINS, pseudonymise};
use crate::formats::printed::is_printed;
use crate::report::{self, At};
use crate::review::{Input, Review};
use crate::verdict::Verdict;

/// A pack made of a finding.
#[derive(Clone, Debug, serde::Serialize)]
pub struct FromFinding {
    /// The text of the pack.
    pub pack: String,
    /// The id of its one exercise.
    pub exercise: String,
    /// Whether it has a solution that passes.
    pub solved: bool,
    /// What was replaced, what can still be seen, and how it is solved.
    pub said: String,
}

/// Makes an exercise of a finding, by its place among all findings of a review. With `names` the texts stay as they are.
///
/// # Errors
///
/// One sentence, where this finding makes no exercise: why, and what to do.
pub fn from_finding(review: &Review, index: usize, names: bool) -> Result<FromFinding, String> {
    let sought = Sought::of(review, index).ok_or("there is no such finding; take one of the list")?;
    let document = usize::try_from(sought.document).ok().and_then(|at| review.documents().get(at));
    if document.is_some_and(|document| is_printed(&document.text)) {
        return Err("what is printed of a plan can't be mended; take the configuration that it was made of".to_owned());
    }
    let (files, replaced) = texts(review, names)?;
    // The document of the finding alone is shorter; it may need the others.
    let draft = Draft::of(review, &files, &sought, true).or_else(|| Draft::of(review, &files, &sought, false));
    let draft = draft.ok_or("by themselves these texts don't show the finding again; paste the files of one directory and try again")?;
    let exercise = draft.finish()?;
    let text = write_pack(&exercise);
    if pack("pack.toml", text.clone().into_bytes()).document.problems.total() > 0 {
        return Err("this configuration is too large for a pack; paste the part that matters".to_owned());
    }
    let solved = !exercise.solution.is_empty();
    let outcome = if solved {
        "its solution was tried and passes"
    } else {
        "no simple change passes, so it has no solution: solve it yourself before you hand it out, and its excess is not measured"
    };
    let shown = if names { "all names are in it".to_owned() } else { format!("{replaced}; {REMAINS}") };
    Ok(FromFinding { pack: text, exercise: exercise.id, solved, said: format!("{outcome}; {shown}") })
}

/// A finding as it is found again in another review: names change, lines don't.
struct Sought {
    audit: &'static Audit,
    verdict: Verdict,
    document: u32,
    lines: (u32, u32),
    rules: Vec<u32>,
}

impl Sought {
    fn of(review: &Review, index: usize) -> Option<Self> {
        let key = review.findings().get(index)?;
        let (policy, nth) = (usize::try_from(key.policy).ok()?, usize::try_from(key.nth).ok()?);
        review.look(policy, |subject, findings| {
            let finding = findings.get(nth)?;
            let at = report::at(review, subject.policy.at);
            Some(Self {
                audit: finding.audit,
                verdict: finding.verdict,
                document: subject.policy.at.document,
                lines: lines(at),
                rules: finding.rules.clone(),
            })
        })?
    }

    /// Its policy and its place among the policy's findings.
    fn again(&self, review: &Review, document: u32) -> Option<(usize, usize)> {
        (0..review.policies()).find_map(|index| {
            review.look(index, |subject, findings| {
                let here = subject.policy.at.document == document && lines(report::at(review, subject.policy.at)) == self.lines;
                let same =
                    |finding: &Finding| finding.audit.id == self.audit.id && finding.rules == self.rules && finding.verdict == self.verdict;
                findings.iter().position(same).filter(|_| here).map(|nth| (index, nth))
            })?
        })
    }
}

const fn lines(at: At) -> (u32, u32) {
    (at.line, at.end_line)
}

/// The texts of a review, each with a short name, without what names somebody; and what was replaced.
fn texts(review: &Review, names: bool) -> Result<(Vec<Configuration>, String), String> {
    let given: Vec<(&str, &str)> = review.documents().iter().map(|document| (document.name.as_str(), document.text.as_str())).collect();
    let (made, said) = if names {
        (given.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect(), String::new())
    } else {
        let made = pseudonymise(&given, &[]);
        (made.documents, made.replaced.said())
    };
    let mut files: Vec<Configuration> = Vec::new();
    for (name, text) in made {
        let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
        let fits = is_short_name(last) && last.contains('.') && files.iter().all(|other| other.name != last);
        let ending = if text.trim_start().starts_with(['{', '[']) { "json" } else { "txt" };
        let name = if fits { last.to_owned() } else { format!("start-{}.{ending}", files.len().saturating_add(1)) };
        files.push(Configuration { name, text });
    }
    if files.iter().any(|file| file.text.len() > CONFIGURATION) {
        return Err(format!("an exercise has at most {CONFIGURATION} bytes in a file; paste the part that matters"));
    }
    Ok((files, said))
}

/// An exercise in the making.
struct Draft {
    exercise: Exercise,
    review: Review,
    policy: usize,
    nth: usize,
}

impl Draft {
    /// The texts in which the finding shows again, if it does.
    fn of(review: &Review, files: &[Configuration], sought: &Sought, alone: bool) -> Option<Self> {
        let approves = |at: usize| {
            review.documents().get(at).is_some_and(|document| document.format.is_some_and(|format| format.id == "portcullis-baseline"))
        };
        let own = |at: usize| usize::try_from(sought.document) == Ok(at);
        let chosen = files.iter().enumerate().filter(|(at, _)| !approves(*at) && (own(*at) || !alone));
        let (places, start): (Vec<usize>, Vec<Configuration>) = chosen.map(|(at, file)| (at, file.clone())).unzip();
        let approved = files.iter().enumerate().find(|(at, _)| approves(*at)).map(|(_, file)| file.clone());
        if start.len() > FILES {
            return None;
        }
        let exercise = Exercise {
            id: format!("finding-{}", sought.audit.id),
            title: plain(sought.audit.doc().title),
            idea: idea(sought.audit.doc().why),
            teaches: vec![sought.audit.id.to_owned()],
            needs: Vec::new(),
            fails: Vec::new(),
            forbid: if sought.verdict == Verdict::Caution { Verdict::Caution } else { Verdict::Dangerous },
            silence: if sought.verdict == Verdict::Secure { vec![sought.audit.id.to_owned()] } else { Vec::new() },
            slack: u64::MAX,
            measured: Measured::Ingress,
            zones: Vec::new(),
            flows: Vec::new(),
            hints: Vec::new(),
            story: STORY.to_owned(),
            lesson: String::new(),
            start,
            solution: Vec::new(),
            baseline: approved.map(|file| Configuration { name: "baseline.toml".to_owned(), ..file }),
            today: review.baseline().today,
        };
        let again = reviewed(&exercise, inputs(&exercise.start));
        let document = places.iter().position(|at| own(*at)).and_then(|at| u32::try_from(at).ok())?;
        let (policy, nth) = sought.again(&again, document)?;
        Some(Self { exercise, review: again, policy, nth })
    }

    fn finish(self) -> Result<Exercise, String> {
        let Self { mut exercise, review, policy, nth } = self;
        let needs = Needs::of(&review, policy, nth, exercise.forbid);
        (exercise.zones, exercise.flows) = (needs.zones, needs.flows);
        let first = grade(&exercise, inputs(&exercise.start));
        // What the start already does wrong can't be needed, and what it already stops needs no closing.
        let kept = |at: usize| first.connectivity.flows.get(at).is_some_and(|flow| flow.passed == flow.allow);
        exercise.flows = exercise.flows.into_iter().enumerate().filter(|(at, _)| kept(*at)).map(|(_, flow)| flow).collect();
        let used = |name: &String| exercise.flows.iter().any(|flow| flow.source == *name || flow.destination == *name);
        exercise.zones.retain(|zone| used(&zone.name));
        if !exercise.flows.iter().any(|flow| flow.allow) {
            return Err(
                "nothing here has to keep working, so deleting everything would solve it; paste what is open on purpose, too".to_owned()
            );
        }
        let start = grade(&exercise, inputs(&exercise.start));
        let total = |grade: &Grade| grade.least_privilege.total.parse().unwrap_or(u64::MAX);
        match solution(&review, &exercise, policy, nth) {
            Some((files, grade)) => {
                exercise.slack = total(&grade);
                exercise.solution = files;
            }
            None => exercise.slack = total(&start),
        }
        let start = grade(&exercise, inputs(&exercise.start));
        let meters = [
            (start.verdicts.full, Meter::Verdicts),
            (start.connectivity.full, Meter::Connectivity),
            (start.least_privilege.full, Meter::LeastPrivilege),
        ];
        exercise.fails = meters.into_iter().filter(|(full, _)| !full).map(|(_, meter)| meter).collect();
        if start.passed {
            return Err("nothing has to change here for the three meters; take a finding that is dangerous or calls for caution".to_owned());
        }
        exercise.hints = hints(&review, policy, nth, &start);
        Ok(exercise)
    }
}

/// What the learner takes along: why it matters, as far as that fits below the title.
fn idea(why: &str) -> String {
    let begins = [". ", ": ", "; ", ", "].into_iter().filter_map(|end| why.split(end).next()).map(|part| part.trim_end_matches('.'));
    begins.map(plain).find(|part| part.chars().count() <= IDEA).unwrap_or_default()
}

const STORY: &str = "This configuration is a real one without its names. Portcullis has found something in it. Read what it says, close what \
    has to be closed, and keep everything running that is listed below.\n\n(Write here what happened, and for whom.)";

/// From the gentlest to the plainest.
fn hints(review: &Review, policy: usize, nth: usize, start: &Grade) -> Vec<String> {
    let mut hints = vec!["Read the findings, the worst first: each says what is open, to whom, and at which line.".to_owned()];
    let open = start.connectivity.flows.iter().find(|flow| !flow.allow && !flow.passed && !flow.question.is_empty());
    hints.extend(open.map(|flow| plain(&format!("Ask `{}`: which line lets the packet in?", flow.question))));
    let told = review.look(policy, |subject, findings| {
        let finding = findings.get(nth)?;
        let told = report::finding(review, policy, subject, finding);
        let line = told.places.first().map(|at| format!("Look at line {}. ", at.line)).unwrap_or_default();
        Some(plain(&format!("{line}{}", told.fix.lines().next().unwrap_or_default())))
    });
    hints.extend(told.flatten().filter(|text| !text.is_empty()));
    hints
}

/// The documents of some files.
pub(super) fn inputs(files: &[Configuration]) -> Vec<Input> {
    files.iter().map(Configuration::input).collect()
}

/// A line of words that a pack may have: no markup, no control characters, not too long.
pub(super) fn plain(text: &str) -> String {
    let mut line = String::new();
    for letter in text.chars().filter(|letter| !letter.is_control() && *letter != '<' && !super::prose::is_directional(*letter)) {
        if line.len().saturating_add(letter.len_utf8()) > LINE {
            break;
        }
        line.push(letter);
    }
    line.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::{IDEA, idea};
    use crate::audits::AUDITS;

    #[test]
    fn every_audit_has_an_idea_that_fits() {
        for audit in AUDITS {
            let idea = idea(audit.doc().why);
            assert!((20..=IDEA).contains(&idea.chars().count()) && !idea.ends_with(['.', ',', ':']), "{}: {idea}", audit.id);
        }
    }
}
