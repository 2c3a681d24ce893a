//! `foureyes conflicts expiring`: which conflicts of interest end soon.

use std::path::PathBuf;

use chrono::{DateTime, NaiveDate};
use clap::{Args, Subcommand};

use super::hand::now;
use super::input::case_to_work_with_as;
use super::{End, Ended, Shell, Stop};
use crate::read::Options;
use crate::report::{expiring, expiring_in_words, expiring_json};

/// What `conflicts` is told.
#[derive(Debug, Args)]
pub struct Conflicts {
    /// What to list
    #[command(subcommand)]
    list: List,
}

#[derive(Debug, Subcommand)]
enum List {
    /// Those that end soon, their cooling-off included, and who may go where again from which day
    Expiring(Expiring),
}

/// What `conflicts expiring` is told.
#[derive(Debug, Args)]
struct Expiring {
    /// The folder of the case
    case: PathBuf,
    /// How many days to look ahead, such as 60d
    #[arg(long, value_name = "DAYS", value_parser = days, default_value = "60d")]
    within: u64,
    /// The day to look from, such as 2027-01-04; without it today's, by the clock and in UTC
    #[arg(long, value_name = "DATE")]
    on: Option<NaiveDate>,
    /// List those without an end too
    #[arg(long)]
    endless: bool,
    /// Print it for machines
    #[arg(long)]
    json: bool,
}

/// A number of days: `60d`, or `60`.
fn days(text: &str) -> Result<u64, String> {
    let number = text.strip_suffix('d').unwrap_or(text).parse::<u64>().ok();
    number.filter(|days| *days <= 36_500).ok_or_else(|| "write a number of days up to 36500, such as 60d".to_owned())
}

impl Conflicts {
    pub(super) fn run(&self, shell: &mut Shell) -> Ended {
        let List::Expiring(asked) = &self.list;
        let how = Options { visits_needed: false, ..Options::default() };
        super::input::is_case(&asked.case)?;
        let (case, book) = case_to_work_with_as(shell, &asked.case, &how)?;
        let on = asked.on.map_or_else(|| today(shell), Ok)?;
        let found = expiring(&case, &book, on, asked.within);
        if asked.json {
            shell.print_json(&expiring_json(&case, &found));
        } else {
            shell.print_sections(&expiring_in_words(&case, &found, asked.endless));
        }
        Ok(End::Sound)
    }
}

fn today(shell: &mut Shell) -> Result<NaiveDate, Stop> {
    let seconds = now(shell, None)?;
    let day = DateTime::from_timestamp(seconds, 0).map(|time| time.date_naive());
    day.ok_or_else(|| Stop::new("the clock of this machine shows no day of the calendar", "set it, or give --on DATE"))
}
