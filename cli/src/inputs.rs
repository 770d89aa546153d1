//! What every command reads: files, standard input, and values for what they leave open.

use std::path::PathBuf;

use clap::Args;
use portcullis_core::baseline::Date;
use portcullis_core::formats::{Assumptions, is_mentioned};
use portcullis_core::review::{Against, Review, review_against};

use crate::files::inputs;
use crate::text::clean;

/// What every command that judges is told.
#[derive(Args)]
pub(crate) struct Judged {
    /// Files to judge together, a portcullis.toml beside them; `-` or nothing reads standard input, and of a directory all
    /// files are read that can be configurations, also in the directories below.
    #[arg(value_name = "FILE|DIR")]
    files: Vec<PathBuf>,

    /// A value for something that the text leaves open, such as var.admin_cidr=203.0.113.0/24 or pl-0123=10.0.0.0/8; may be
    /// given several times.
    #[arg(long, value_name = "NAME=VALUE", value_parser = assumption)]
    assume: Vec<(String, String)>,

    #[command(flatten)]
    approved: Approved,
}

/// What a call is held against.
#[derive(Args)]
pub(crate) struct Approved {
    /// The approved architecture: what is open on purpose; docs/baseline.md describes it.
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,

    /// The day on which approvals have to hold, as YYYY-MM-DD; else the system's, in UTC.
    #[arg(long, value_name = "DATE", value_parser = date)]
    today: Option<Date>,
}

impl Approved {
    /// The baseline and the day, and a sentence where the baseline can't be read.
    pub(crate) fn against(&self) -> (Against, Vec<String>) {
        let (mut baselines, unread) = self.baseline.as_ref().map_or_else(Default::default, |file| inputs(std::slice::from_ref(file)));
        (Against { baseline: baselines.pop(), today: self.today.or_else(system_date) }, unread)
    }
}

impl Judged {
    /// The review, `None` where nothing could be opened; and a sentence for each file that could not.
    pub(crate) fn review(&self) -> (Option<Review>, Vec<String>) {
        let (inputs, mut unread) = inputs(&self.files);
        let (against, no_baseline) = self.approved.against();
        let nothing = inputs.is_empty() && !unread.is_empty();
        unread.extend(no_baseline);
        let assumptions: Assumptions = self.assume.iter().cloned().collect();
        let review = (!nothing).then(|| review_against(inputs, &assumptions, against, &mut |_| {}));
        tell_unused(&self.assume, review.iter());
        (review, unread)
    }
}

/// Says which assumed values are for names of which no text speaks.
pub(crate) fn tell_unused<'r>(assumed: &[(String, String)], reviews: impl Iterator<Item = &'r Review> + Clone) {
    for (name, _) in assumed {
        let mut sides = reviews.clone().peekable();
        if sides.peek().is_some() && !sides.any(|review| is_mentioned(name, review.documents())) {
            eprintln!("portcullis: nothing in these texts is called `{}`, so the value given for it changes nothing", clean(name));
        }
    }
}

fn date(text: &str) -> Result<Date, String> {
    text.parse().map_err(|()| "write a day as YYYY-MM-DD, such as 2030-12-31".to_owned())
}

fn system_date() -> Option<Date> {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).ok()?;
    Date::of_unix_day(now.as_secs() / 86_400)
}

/// A `NAME=VALUE` of the command line.
pub(crate) fn assumption(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.trim().is_empty() => Ok((name.trim().to_owned(), value.trim().to_owned())),
        _ => Err("write NAME=VALUE, such as var.admin_cidr=203.0.113.0/24".to_owned()),
    }
}
