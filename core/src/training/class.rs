//! A class: what learners handed in, graded again, one row for each answer.

use serde::Serialize;

use super::finding::inputs;
use super::{AnswersRead, Exercise, grade};
use crate::report::{ProblemReport, problems};

/// The identifier of [`Class`].
pub const CLASS_SCHEMA_ID: &str = "portcullis.class/1";

/// The JSON Schema of [`Class`].
pub const CLASS_SCHEMA: &str = include_str!("../../data/class.schema.json");

/// All answers of some files.
#[derive(Clone, Debug, Serialize)]
pub struct Class {
    /// [`CLASS_SCHEMA_ID`].
    pub schema: &'static str,
    /// In the order of the files, and in them of the answers.
    pub rows: Vec<ClassRow>,
    /// What is wrong in the files.
    pub problems: Vec<ClassProblem>,
}

/// One answer.
#[derive(Clone, Debug, Serialize)]
pub struct ClassRow {
    /// The file it is in.
    pub file: String,
    /// Who that is, in the learner's own words.
    pub learner: Option<String>,
    /// The exercise's id.
    pub exercise: String,
    /// Its title; empty where there is no such exercise.
    pub title: String,
    /// Whether the file says that it is solved.
    pub claimed: bool,
    /// Whether it is.
    pub passed: bool,
    /// Whether the first meter is full.
    pub verdicts: bool,
    /// The second.
    pub connectivity: bool,
    /// The third.
    pub least_privilege: bool,
    /// How many flows the exercise has.
    pub flows: usize,
    /// How many do what they should.
    pub flows_passed: usize,
    /// The excess of an answer that passes, a decimal string.
    pub score: Option<String>,
    /// The excess of any answer.
    pub excess: Option<String>,
    /// How many hints were looked at, as the file says.
    pub hints: u64,
    /// Whether the solution was looked at, as the file says.
    pub shown_solution: bool,
    /// In one sentence.
    pub said: String,
}

/// Something wrong in a file.
#[derive(Clone, Debug, Serialize)]
pub struct ClassProblem {
    /// The file.
    pub file: String,
    /// What and where.
    pub problem: ProblemReport,
}

/// Grades what was handed in. What a file claims is shown and never believed.
pub fn class(exercises: &[Exercise], handed_in: &[AnswersRead]) -> Class {
    let (mut rows, mut wrong) = (Vec::new(), Vec::new());
    for read in handed_in {
        let file = &read.document.name;
        wrong.extend(problems(&read.document).into_iter().map(|problem| ClassProblem { file: file.clone(), problem }));
        for own in &read.answers.exercises {
            let exercise = exercises.iter().find(|exercise| exercise.id == own.id);
            let graded = exercise.zip(own.answer.as_ref()).map(|(exercise, files)| grade(exercise, inputs(files)));
            let none = if exercise.is_none() { "there is no such exercise here; was it another pack?" } else { "no answer was handed in" };
            let full = |of: fn(&super::Grade) -> bool| graded.as_ref().is_some_and(of);
            rows.push(ClassRow {
                file: file.clone(),
                learner: read.answers.learner.clone(),
                exercise: own.id.clone(),
                title: exercise.map(|exercise| exercise.title.clone()).unwrap_or_default(),
                claimed: own.solved,
                passed: full(|grade| grade.passed),
                verdicts: full(|grade| grade.verdicts.full),
                connectivity: full(|grade| grade.connectivity.full),
                least_privilege: full(|grade| grade.least_privilege.full),
                flows: exercise.map(|exercise| exercise.flows.len()).unwrap_or_default(),
                flows_passed: graded.as_ref().map(|grade| grade.connectivity.passed).unwrap_or_default(),
                score: graded.as_ref().and_then(|grade| grade.score.clone()),
                excess: graded.as_ref().map(|grade| grade.least_privilege.total.clone()),
                hints: own.hints,
                shown_solution: own.shown_solution,
                said: graded.map_or_else(|| none.to_owned(), |grade| grade.said),
            });
        }
    }
    Class { schema: CLASS_SCHEMA_ID, rows, problems: wrong }
}
