//! `foureyes simulate`: what the rules would have made of the past.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::Args;

use super::input::case_to_work_with_as;
use super::plan::threads;
use super::progress::bar;
use super::published::is_folder;
use super::{End, Ended, Shell, Stop};
use crate::model::Case;
use crate::read;
use crate::record::one_spelling;
use crate::report::simulate::{Month, Options, simulate};
use crate::report::{month_in_words, replay_in_words, replay_json};

/// What `simulate` is told.
#[derive(Debug, Args)]
pub struct Simulate {
    /// A folder with inspectors, establishments and history; visits.csv is not needed
    folder: PathBuf,
    /// A policy.toml that lies elsewhere
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
    /// First month; the first of the history unless given
    #[arg(long, value_name = "YYYY-MM", value_parser = month)]
    from: Option<Month>,
    /// Last month, included; the last of the history unless given
    #[arg(long, value_name = "YYYY-MM", value_parser = month)]
    to: Option<Month>,
    /// Days by which a visit may lie before or after its real date
    #[arg(long, value_name = "DAYS", default_value_t = 7, value_parser = clap::value_parser!(u32).range(..=366))]
    window: u32,
    /// The seed
    #[arg(long, value_name = "TEXT", default_value = "simulate")]
    seed: String,
    /// How many threads to use; they change the time, never the result
    #[arg(long, value_name = "N")]
    threads: Option<NonZeroUsize>,
    /// Print it for machines
    #[arg(long)]
    json: bool,
}

fn month(text: &str) -> Result<Month, String> {
    Month::parse(text).ok_or_else(|| "write a month like 2017-01".to_owned())
}

impl Simulate {
    pub(super) fn run(&self, shell: &mut Shell) -> Ended {
        is_folder(&self.folder)?;
        shell.say(&format!("Reading {}", self.folder.display()));
        let how = read::Options { policy: self.policy.clone(), visits_needed: false };
        let (case, book) = case_to_work_with_as(shell, &self.folder, &how)?;
        let options = self.options(&case)?;
        let months = bar(shell, "replaying", options.from.through(options.to).count() as u64);
        let replay = simulate(&case, &book, &options, &mut |line| {
            // A bar and lines that scroll past it would write over each other.
            months.suspend(|| shell.say(&month_in_words(line)));
            months.inc(1);
        });
        months.finish_and_clear();
        match self.json {
            true => shell.print_json(&replay_json(&case, &replay)),
            false => shell.print_sections(&replay_in_words(&case, &replay)),
        }
        Ok(End::findings(!replay.unstaffed.is_empty()))
    }

    fn options(&self, case: &Case) -> Result<Options, Stop> {
        let (Some(first), Some(last)) = (case.history.first(), case.history.last()) else {
            return Err(Stop::new(
                "there is no history to replay",
                "fill history.csv: date, establishment, inspectors",
            ));
        };
        let (first, last) = (Month::of(first.date), Month::of(last.date));
        let (from, to) = (self.from.unwrap_or(first).max(first), self.to.unwrap_or(last).min(last));
        if from > to {
            let says = "there is no history in the months that are asked for";
            return Err(Stop::new(says, format!("it goes from {first} to {last}")));
        }
        let seed = one_spelling(&self.seed);
        Ok(Options { from, to, window_days: self.window, seed, threads: threads(self.threads) })
    }
}
