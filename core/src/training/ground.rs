//! The exercises at hand, and what of them both faces show: one shape for the page and for the terminal's JSON.

use serde::Serialize;

use super::{COMING, Configuration, Exercise, Grade, Pack, grade, regressions, track};
use crate::review::Input;

/// The identifier of [`Listed`].
pub const EXERCISES_SCHEMA_ID: &str = "portcullis.exercises/1";
/// The JSON Schema of [`Listed`].
pub const EXERCISES_SCHEMA: &str = include_str!("../../data/exercises.schema.json");
/// The identifier of [`Shown`].
pub const EXERCISE_SCHEMA_ID: &str = "portcullis.exercise/1";
/// The JSON Schema of [`Shown`].
pub const EXERCISE_SCHEMA: &str = include_str!("../../data/exercise.schema.json");

/// The track or an instructor's pack, and the grade that later ones are compared with.
#[derive(Debug)]
pub struct Ground {
    exercises: Vec<Exercise>,
    is_track: bool,
    held: Option<Grade>,
    last: Option<Grade>,
}

/// All exercises.
#[derive(Clone, Debug, Serialize)]
pub struct Listed<'g> {
    /// [`EXERCISES_SCHEMA_ID`].
    pub schema: &'static str,
    /// Those that are there, in their order.
    pub exercises: &'g [Exercise],
    /// Those that are planned.
    pub coming: Vec<Planned>,
}

/// An exercise that is planned and not there yet.
#[derive(Clone, Debug, Serialize)]
pub struct Planned {
    /// Its id.
    pub id: &'static str,
    /// What it will be called.
    pub title: &'static str,
}

/// One exercise with its files.
#[derive(Clone, Debug, Serialize)]
pub struct Shown<'g> {
    /// [`EXERCISE_SCHEMA_ID`].
    pub schema: &'static str,
    /// The exercise.
    pub exercise: &'g Exercise,
    /// The files to mend.
    pub start: &'g [Configuration],
    /// The same files as they pass; empty where nobody knows them.
    pub solution: &'g [Configuration],
    /// What is open on purpose, where that is given.
    pub baseline: Option<&'g Configuration>,
}

/// A grade beside an earlier one.
#[derive(Clone, Debug, Serialize)]
pub struct Graded {
    /// The grade.
    #[serde(flatten)]
    pub grade: Grade,
    /// What the answer mends and breaks beside the earlier one, each in a sentence.
    pub regressions: Vec<String>,
}

impl Default for Ground {
    fn default() -> Self {
        Self { exercises: track(), is_track: true, held: None, last: None }
    }
}

impl Ground {
    /// The exercises of a pack, where nothing is wrong with it.
    pub fn of_pack(pack: Pack) -> Option<Self> {
        (pack.document.problems.total() == 0).then_some(Self { exercises: pack.exercises, is_track: false, held: None, last: None })
    }

    /// All of them.
    pub fn list(&self) -> Listed<'_> {
        let coming = COMING.iter().filter(|_| self.is_track).map(|(id, title)| Planned { id, title });
        Listed { schema: EXERCISES_SCHEMA_ID, exercises: &self.exercises, coming: coming.collect() }
    }

    /// The exercise with an id.
    pub fn find(&self, id: &str) -> Option<&Exercise> {
        self.exercises.iter().find(|exercise| exercise.id == id)
    }

    /// Grades an answer to the exercise with an id, beside the grade that is held. The first answer to an exercise is held by itself.
    pub fn grade(&mut self, id: &str, answer: Vec<Input>) -> Option<Graded> {
        let grade = grade(self.find(id)?, answer);
        let graded = Graded::beside(self.held.as_ref(), grade.clone());
        if self.held.as_ref().is_none_or(|held| held.exercise != grade.exercise) {
            self.held = Some(grade.clone());
        }
        self.last = Some(grade);
        Some(graded)
    }

    /// Later grades are compared with the last one from now on.
    pub fn hold(&mut self) {
        self.held = self.last.clone();
    }
}

impl Exercise {
    /// It with its files.
    pub fn shown(&self) -> Shown<'_> {
        Shown { schema: EXERCISE_SCHEMA_ID, exercise: self, start: &self.start, solution: &self.solution, baseline: self.baseline.as_ref() }
    }
}

impl Graded {
    /// A grade beside an earlier one to the same exercise, if there is one.
    pub fn beside(before: Option<&Grade>, grade: Grade) -> Self {
        let before = before.filter(|before| before.exercise == grade.exercise);
        let regressions = before.map(|before| regressions(before, &grade)).unwrap_or_default();
        Self { grade, regressions }
    }
}
