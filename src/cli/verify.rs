//! `foureyes verify`: sound, or what is wrong.

#[cfg(feature = "plan")]
use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::Args;

#[cfg(feature = "plan")]
use super::plan::threads;
use super::published::record;
#[cfg(feature = "plan")]
use super::replay;
use super::watch::watch;
use super::{End, Ended, Shell};
#[cfg(feature = "plan")]
use crate::record::Files;
#[cfg(feature = "plan")]
use crate::verify::Verdict;
use crate::verify::verify;

/// What `verify` is told.
#[derive(Debug, Args)]
pub struct Verify {
    /// The folder of the record, such as schedules/harbour
    record: PathBuf,
    /// Also build the schedule anew from the inputs and the seed, and compare every byte
    #[cfg(feature = "plan")]
    #[arg(long)]
    replay: bool,
    /// How many threads the replay may use; they change the time, never the schedule
    #[cfg(feature = "plan")]
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
        let verdict = watch(shell, "recounting", || verify(&files));
        #[cfg(feature = "plan")]
        let verdict = self.replayed(shell, &files, verdict);
        match self.json {
            true => shell.print(&format!("{}\n", verdict.json())),
            false => shell.print_plain(&verdict.to_string()),
        }
        Ok(End::findings(!verdict.is_sound()))
    }
    #[cfg(feature = "plan")]
    fn replayed(&self, shell: &mut Shell, files: &Files, mut verdict: Verdict) -> Verdict {
        if self.replay {
            shell.say("Building the schedule anew");
            let found = watch(shell, "building the schedule anew", || replay::check(files, threads(self.threads)));
            verdict.add(replay::CLAIM, found);
        }
        verdict
    }
}
