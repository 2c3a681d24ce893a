//! `foureyes void`: nothing will be drawn from a commitment.

use std::path::PathBuf;

use clap::Args;

use super::hand::{settled, told};
use super::{Ended, Shell};
use crate::ceremony::{self, Disk, Keys, Office};

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
    /// Print it for machines
    #[arg(long)]
    json: bool,
}

impl Void {
    pub(super) fn run(&self, shell: &mut Shell) -> Ended {
        let keys = Keys::load(&self.keys)?;
        let mut office = Office::open(&self.folder, Disk::new())?;
        told(shell, &office);
        let done = ceremony::void(&mut office, &keys, self.counter, &self.reason)?;
        settled(shell, &office, done, &format!("commitment {} is void", self.counter), self.json)
    }
}
