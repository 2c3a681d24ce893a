//! `foureyes executed`: who really went on a day.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::Args;

use super::changed::{row_date, rows, shown};
use super::hand::{day, told};
use super::{Ended, Shell, Stop};
use crate::ceremony::{self, Disk, Keys, Office};
use crate::record::changes::Went;

/// What `executed` is told.
#[derive(Debug, Args)]
pub struct Executed {
    /// The ceremony's folder
    folder: PathBuf,
    /// The day that is over
    #[arg(long, value_name = "DATE", value_parser = day)]
    date: NaiveDate,
    /// Who went: a CSV table with visit and inspectors (joined by |), every visit of the day; blank where nobody went.
    /// Without it everybody went as they were to go
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
    /// The planner's secrets: NAME.secret
    #[arg(long, value_name = "FILE")]
    keys: PathBuf,
    /// Print it for machines
    #[arg(long)]
    json: bool,
}

impl Executed {
    pub(super) fn run(&self, shell: &mut Shell) -> Ended {
        let keys = Keys::load(&self.keys)?;
        let went = self.file.as_ref().map(|file| self.went(file)).transpose()?;
        let mut office = Office::open(&self.folder, Disk::new())?;
        told(shell, &office);
        let done = ceremony::execute(&mut office, &keys, self.date, went.as_deref())?;
        shown(shell, &office, &done, self.json)
    }

    /// The rows of the day: a table of the whole period may be given.
    fn went(&self, file: &std::path::Path) -> Result<Vec<Went>, Stop> {
        let mut went = Vec::new();
        for row in rows(file)? {
            if row_date(&row)?.is_none_or(|date| date == self.date) {
                went.push(Went { visit: row.visit, team: row.inspectors });
            }
        }
        Ok(went)
    }
}
