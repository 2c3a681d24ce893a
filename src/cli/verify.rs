//! `foureyes verify`: sound, or what is wrong.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::Args;

use super::input::record;
use super::plan::threads;
use super::replay;
use super::watch::watch;
use super::{End, Ended, Shell};
use crate::verify::verify;

/// What `verify` is told.
#[derive(Debug, Args)]
pub struct Verify {
    /// The folder of the record, such as schedules/harbour
    record: PathBuf,
    /// Also build the schedule anew from the inputs and the seed, and compare every byte
    #[arg(long)]
    replay: bool,
    /// How many threads the replay may use; they change the time, never the schedule
    #[arg(long, value_name = "N", requires = "replay")]
    threads: Option<NonZeroUsize>,
    /// Print it for machines
    #[arg(long)]
    json: bool,
}

impl Verify {
    pub(super) fn run(&self, shell: &mut Shell) -> Ended {
        let files = record(&self.record)?;
        shell.say(&format!("Recounting {}", self.record.display()));
        let mut verdict = watch(shell, "recounting", || verify(&files));
        if self.replay {
            shell.say("Building the schedule anew");
            let found = watch(shell, "building the schedule anew", || replay::check(&files, threads(self.threads)));
            verdict.add(replay::CLAIM, found);
        }
        match self.json {
            true => shell.print(&format!("{}\n", verdict.json())),
            false => shell.print_plain(&verdict.to_string()),
        }
        Ok(End::findings(!verdict.is_sound()))
    }
}
