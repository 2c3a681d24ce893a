//! `foureyes verify`: sound, or what is wrong.

#[cfg(feature = "plan")]
use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::Args;

#[cfg(feature = "plan")]
use super::plan::threads;
#[cfg(feature = "plan")]
use super::progress::Filling;
use super::published::{is_ceremony, record};
#[cfg(feature = "plan")]
use super::replay;
use super::watch::watch;
use super::{End, Ended, Shell, Stop};
use crate::ceremony::{read_file, read_party};
#[cfg(feature = "plan")]
use crate::record::Files;
use crate::record::ledger::Party;
use crate::record::note::NOTE_BYTES_MAX;
use crate::record::{RECEIPT_BYTES_MAX, load_ceremony};
#[cfg(feature = "plan")]
use crate::verify::Verdict;
use crate::verify::{verify, verify_ceremony, verify_receipt};

/// What `verify` is told.
#[derive(Debug, Args)]
pub struct Verify {
    /// The folder of a record, such as schedules/harbour; or that of a ceremony, whatever of it you have; or a receipt
    record: PathBuf,
    /// Also build the schedule anew from the inputs and the seed, and compare every byte
    #[cfg(feature = "plan")]
    #[arg(long)]
    replay: bool,
    /// How many threads the replay may use; they change the time, never the schedule
    #[cfg(feature = "plan")]
    #[arg(long, value_name = "N", requires = "replay")]
    threads: Option<NonZeroUsize>,
    /// For a receipt: the public file (NAME.party) of the planner, and of an auditor whom you trust
    #[arg(long, value_name = "FILE")]
    party: Vec<PathBuf>,
    /// For a receipt: the checkpoint as it was published
    #[arg(long, value_name = "FILE")]
    checkpoint: Option<PathBuf>,
    /// Print it for machines
    #[arg(long)]
    json: bool,
}

impl Verify {
    pub(super) fn run(&self, shell: &mut Shell) -> Ended {
        if self.record.is_file() {
            return self.receipt(shell);
        }
        if is_ceremony(&self.record) {
            return self.ceremony(shell);
        }
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

    fn ceremony(&self, shell: &mut Shell) -> Ended {
        #[cfg(feature = "plan")]
        if self.replay {
            return Err(Stop::new(
                "a ceremony is not replayed as a whole",
                format!("replay its records one by one: foureyes verify {}/draws/001 --replay", self.record.display()),
            ));
        }
        let files = load_ceremony(&self.record).map_err(|error| Stop::new(error, "name a ceremony's folder"))?;
        shell.say(&format!("Checking the ceremony in {}", self.record.display()));
        let verdict = watch(shell, "checking", || verify_ceremony(&files));
        match self.json {
            true => shell.print(&format!("{}\n", verdict.json())),
            false => shell.print_plain(&verdict.to_string()),
        }
        Ok(End::findings(!verdict.is_sound()))
    }

    fn receipt(&self, shell: &mut Shell) -> Ended {
        let parties: Vec<Party> = self.party.iter().map(|path| read_party(path)).collect::<Result<_, _>>()?;
        let published = self.checkpoint.as_deref().map(|path| read_file(path, NOTE_BYTES_MAX as u64)).transpose()?;
        let bytes = read_file(&self.record, RECEIPT_BYTES_MAX)?;
        let verdict = verify_receipt(&self.record.to_string_lossy(), &bytes, &parties, published.as_deref());
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
            let mut filling = Filling::new(shell);
            let found = replay::check(files, threads(self.threads), &mut filling);
            filling.end();
            verdict.add(replay::CLAIM, found);
        }
        verdict
    }
}
