//! The training ground, for the page: nothing here touches the session's review.

use portcullis_core::export::csv;
use portcullis_core::report::{self, ProblemReport};
use portcullis_core::review::Input;
use portcullis_core::training::{self, Answers, AnswersRead, ClassRow, FromFinding, Ground};
use serde::Serialize;
use wasm_bindgen::prelude::*;

use crate::types::{AnswersReadJs, AnswersWrittenJs, DrillJs, ExerciseJs, ExercisesJs, FromFindingJs, GradedJs, HandedInJs, ProblemsJs};
use crate::{Session, to_js};

/// The exercises of the track, or of an instructor's pack once one was read.
#[wasm_bindgen]
#[derive(Default)]
pub struct Training {
    ground: Ground,
}

#[wasm_bindgen]
impl Training {
    /// The track.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads a pack, which takes the place of what was there unless something is wrong with it. What is wrong.
    pub fn read_pack(&mut self, name: &str, bytes: Vec<u8>) -> Result<ProblemsJs, JsError> {
        let pack = training::pack(name, bytes);
        let problems = report::problems(&pack.document);
        if let Some(ground) = Ground::of_pack(pack) {
            self.ground = ground;
        }
        to_js(&problems).map(JsCast::unchecked_into)
    }

    /// All exercises, and those that are planned.
    pub fn exercises(&self) -> Result<ExercisesJs, JsError> {
        to_js(&self.ground.list()).map(JsCast::unchecked_into)
    }

    /// One with its files; null where there is none.
    pub fn exercise(&self, id: &str) -> Result<Option<ExerciseJs>, JsError> {
        self.ground.find(id).map(|exercise| to_js(&exercise.shown()).map(JsCast::unchecked_into)).transpose()
    }

    /// Grades the files of an answer, beside the grade that is held; the first one of an exercise is held by itself.
    pub fn grade(&mut self, id: &str, names: Vec<String>, texts: Vec<String>) -> Result<Option<GradedJs>, JsError> {
        let files = names.into_iter().zip(texts).map(|(name, text)| Input { name, bytes: text.into_bytes() });
        self.ground.grade(id, files.collect()).map(|graded| to_js(&graded).map(JsCast::unchecked_into)).transpose()
    }

    /// Grades what a learner handed in, with the rows as CSV: files are read one at a time, so that a large class holds up nobody.
    pub fn handed_in(&self, name: &str, bytes: Vec<u8>) -> Result<HandedInJs, JsError> {
        let read = [training::answers(name, bytes)];
        let class = training::class(self.ground.list().exercises, &read);
        let problems = class.problems.into_iter().map(|own| own.problem).collect();
        let [AnswersRead { answers, .. }] = read;
        to_js(&HandedIn { pack: answers.pack, csv: csv::class(&class.rows), rows: class.rows, problems }).map(JsCast::unchecked_into)
    }

    /// From now on grades are compared with the last one.
    pub fn hold(&mut self) {
        self.ground.hold();
    }
}

#[wasm_bindgen]
impl Session {
    /// A pack made of a finding, by its index among all; with `names` the texts stay as they are.
    pub fn exercise_from_finding(&self, index: usize, names: bool) -> Result<FromFindingJs, JsError> {
        let made = training::from_finding(&self.review, index, names);
        to_js(&Made { error: made.as_ref().err().cloned(), made: made.ok() }).map(JsCast::unchecked_into)
    }
}

/// Questions of the drill with a seed, at most a hundred.
#[wasm_bindgen]
pub fn drill(seed: u32, count: usize) -> Result<DrillJs, JsError> {
    to_js(&training::drill(seed.into(), count)).map(JsCast::unchecked_into)
}

/// Reads a file of answers, or of progress.
#[wasm_bindgen]
pub fn read_answers(name: &str, bytes: Vec<u8>) -> Result<AnswersReadJs, JsError> {
    let read = training::answers(name, bytes);
    to_js(&Read { problems: report::problems(&read.document), answers: read.answers }).map(JsCast::unchecked_into)
}

/// The file of answers that the page's own JSON of them makes, and what was wrong in that.
#[wasm_bindgen]
pub fn write_answers(json: &str) -> Result<AnswersWrittenJs, JsError> {
    let read = training::answers("answers.json", json.into());
    to_js(&Written { text: read.answers.write(), problems: report::problems(&read.document) }).map(JsCast::unchecked_into)
}

#[derive(Serialize)]
struct Made {
    made: Option<FromFinding>,
    error: Option<String>,
}

#[derive(Serialize)]
struct HandedIn {
    pack: Option<String>,
    rows: Vec<ClassRow>,
    csv: String,
    problems: Vec<ProblemReport>,
}

#[derive(Serialize)]
struct Read {
    answers: Answers,
    problems: Vec<ProblemReport>,
}

#[derive(Serialize)]
struct Written {
    text: String,
    problems: Vec<ProblemReport>,
}
