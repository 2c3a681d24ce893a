//! `foureyes override`: seats given by hand, the loudest thing in every report.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::Args;

use super::changed::{row_date, rows, shown};
use super::hand::told;
use super::{Ended, Shell, Stop};
use crate::ceremony::{self, Disk, Keys, Office};
use crate::record::changes::ByHand;

/// What `override` is told.
#[derive(Debug, Args)]
pub struct Override {
    /// The ceremony's folder
    folder: PathBuf,
    /// The visit to set
    #[arg(long, value_name = "ID", required_unless_present = "file", conflicts_with = "file")]
    visit: Option<String>,
    /// The day of the visit
    #[arg(long, value_name = "DATE", requires = "visit", required_unless_present_any = ["nobody", "file"])]
    date: Option<NaiveDate>,
    /// The slot in which it starts
    #[arg(long, value_name = "SLOT", requires = "visit", required_unless_present_any = ["nobody", "file"])]
    slot: Option<String>,
    /// Who goes, joined by commas
    #[arg(long, value_name = "A,B", value_delimiter = ',', requires = "visit", required_unless_present_any = ["nobody", "file"])]
    team: Vec<String>,
    /// The visit is not held any more
    #[arg(long, conflicts_with_all = ["date", "slot", "team"])]
    nobody: bool,
    /// Several visits at once: a CSV table with visit, date, slot and inspectors (joined by |); a visit without
    /// inspectors is not held any more
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
    /// Why it has to be; everybody will read it
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// What shows that it is so, such as the number of a letter; auditors read it
    #[arg(long, value_name = "TEXT")]
    evidence: String,
    /// The planner's secrets: NAME.secret
    #[arg(long, value_name = "FILE")]
    keys: PathBuf,
    /// Print it for machines
    #[arg(long)]
    json: bool,
}

impl Override {
    pub(super) fn run(&self, shell: &mut Shell) -> Ended {
        let keys = Keys::load(&self.keys)?;
        let teams = self.teams()?;
        let mut office = Office::open(&self.folder, Disk::new())?;
        told(shell, &office);
        let done = ceremony::give(&mut office, &keys, &teams, &self.reason, &self.evidence)?;
        shown(shell, &office, &done, self.json)
    }

    fn teams(&self) -> Result<Vec<ByHand>, Stop> {
        if let Some(file) = &self.file {
            return rows(file)?.into_iter().map(|row| by_hand(&row)).collect();
        }
        let visit = self.visit.clone().unwrap_or_default();
        let held = self.date.zip(self.slot.clone()).filter(|_| !self.nobody);
        Ok(vec![ByHand { visit, held: held.map(|(date, slot)| (date, slot, self.team.clone())) }])
    }
}

fn by_hand(row: &crate::read::TeamRow) -> Result<ByHand, Stop> {
    let visit = row.visit.clone();
    if row.inspectors.is_empty() {
        return Ok(ByHand { visit, held: None });
    }
    match (row_date(row)?, row.slot.clone()) {
        (Some(date), Some(slot)) => Ok(ByHand { visit, held: Some((date, slot, row.inspectors.clone())) }),
        _ => {
            let says = format!("row {}: visit `{visit}` has people, and no date or no slot", row.row);
            Err(Stop::new(says, "fill both, or leave the inspectors blank too"))
        }
    }
}
