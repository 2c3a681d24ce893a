//! `foureyes void`: nothing will be drawn from a commitment.

use std::path::PathBuf;

use clap::Args;

use super::hand::{now, settled, time, told};
use super::{Ended, Shell};
use crate::ceremony::{self, Disk, Keys, Office};
use crate::record::ledger::{Body, Ending, Void as VoidLine};

/// What `void` is told.
#[derive(Debug, Args)]
pub struct Void {
    /// The ceremony's folder
    #[arg(default_value = "schedules")]
    folder: PathBuf,
    /// The counter of the commitment
    #[arg(long, value_name = "K")]
    counter: u64,
    /// Why nothing is drawn from it; everybody will read it
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// The planner's secrets: NAME.secret
    #[arg(long, value_name = "FILE")]
    keys: PathBuf,
    /// Take this to be the time, as in 2023-08-23T15:00:00Z: for exercises with rounds of the past
    #[arg(long, value_name = "TIME", value_parser = time)]
    now: Option<i64>,
    /// Print it for machines
    #[arg(long)]
    json: bool,
}

impl Void {
    pub(super) fn run(&self, shell: &mut Shell) -> Ended {
        let keys = Keys::load(&self.keys)?;
        let mut office = Office::open(&self.folder, Disk::new())?;
        told(shell, &office);
        let body = Body::Void(VoidLine { counter: self.counter, reason: self.reason.clone() });
        let warnings = match office.course().commitment(self.counter) {
            Some(made) if made.ending == Ending::Open => {
                let now = now(shell, self.now)?;
                ceremony::cautions(&office, &body, &[], keys.name(), now)
            }
            _ => Vec::new(),
        };
        let done = ceremony::void(&mut office, &keys, self.counter, &self.reason)?;
        warnings.iter().for_each(|warning| shell.warn(warning));
        let for_machines = self.json.then_some(warnings.as_slice());
        settled(shell, &office, done, &format!("commitment {} is void", self.counter), for_machines)
    }
}
