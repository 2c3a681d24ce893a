//! `foureyes verify`: sound, or what is wrong.

#[cfg(feature = "plan")]
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

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
use crate::record::ledger::{LEDGER, Party, size_of_checkpoint};
use crate::record::note::NOTE_BYTES_MAX;
#[cfg(feature = "plan")]
use crate::record::{BUILDER, below, draw_folder};
use crate::record::{Files, RECEIPT_BYTES_MAX, load_ceremony};
#[cfg(feature = "plan")]
use crate::verify::{CeremonyVerdict, Verdict};
use crate::verify::{Elsewhere, verify, verify_ceremony_beside, verify_receipt};

/// What `verify` is told.
#[derive(Debug, Args)]
pub struct Verify {
    /// The folder of a record, such as schedules/harbour; or that of a ceremony, whatever of it you have; or a receipt
    record: PathBuf,
    /// For a ceremony: other copies of its folder, such as another auditor's; where they part, there are two ledgers
    #[arg(value_name = "COPY")]
    copies: Vec<PathBuf>,
    /// Also build the schedule anew from the inputs and the seed, and compare every byte; of a ceremony, that of each draw
    #[cfg(feature = "plan")]
    #[arg(long)]
    replay: bool,
    /// How many threads the replay may use; they change the time, never the schedule
    #[cfg(feature = "plan")]
    #[arg(long, value_name = "N", requires = "replay")]
    threads: Option<NonZeroUsize>,
    /// For a receipt or a ceremony: the public file (NAME.party) of the planner, and of each auditor whom you trust; of a ceremony, only
    /// cosignatures of these auditors count then
    #[arg(long, value_name = "FILE")]
    party: Vec<PathBuf>,
    /// For a receipt: the checkpoint as it was published. For a ceremony: a checkpoint that somebody else was given; may be given again
    #[arg(long, value_name = "FILE")]
    checkpoint: Vec<PathBuf>,
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
        if !(self.copies.is_empty() && self.party.is_empty() && self.checkpoint.is_empty()) {
            let says = "a record has no parties, no checkpoints and no other copy to be held against";
            return Err(Stop::new(
                says,
                "name a ceremony's folder, or leave --party, --checkpoint and further folders out",
            ));
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
        #[cfg(feature = "plan")]
        self.may_replay(&files)?;
        Ok(End::findings(!verdict.is_sound()))
    }

    fn ceremony(&self, shell: &mut Shell) -> Ended {
        let files = ceremony_at(&self.record)?;
        let elsewhere = self.elsewhere()?;
        shell.say(&format!("Checking the ceremony in {}", self.record.display()));
        let verdict = watch(shell, "checking", || verify_ceremony_beside(&files, &elsewhere));
        #[cfg(feature = "plan")]
        let verdict = self.draws_replayed(shell, &files, verdict);
        match self.json {
            true => shell.print(&format!("{}\n", verdict.json())),
            false => shell.print_plain(&verdict.to_string()),
        }
        Ok(End::findings(!verdict.is_sound()))
    }

    /// What was given to hold the ceremony against: files of parties, checkpoints, and other copies with theirs.
    fn elsewhere(&self) -> Result<Elsewhere, Stop> {
        let parties = self.party.iter().map(|path| read_party(path)).collect::<Result<_, _>>()?;
        let mut elsewhere = Elsewhere { parties, ..Elsewhere::default() };
        for path in &self.checkpoint {
            let bytes = read_file(path, NOTE_BYTES_MAX as u64)?;
            elsewhere.checkpoints.push((path.display().to_string(), bytes));
        }
        for copy in &self.copies {
            for (name, bytes) in ceremony_at(copy)? {
                let told = copy.join(&name).display().to_string();
                match name.as_str() {
                    LEDGER => elsewhere.ledgers.push((told, bytes)),
                    _ if size_of_checkpoint(&name).is_some() => elsewhere.checkpoints.push((told, bytes)),
                    _ => {}
                }
            }
        }
        Ok(elsewhere)
    }

    /// The verdict with each draw built anew, where that was asked for.
    #[cfg(feature = "plan")]
    fn draws_replayed(&self, shell: &mut Shell, files: &Files, mut verdict: CeremonyVerdict) -> CeremonyVerdict {
        if !self.replay {
            return verdict;
        }
        let mut replays = Vec::new();
        for counter in verdict.draws.iter().map(|draw| draw.counter) {
            shell.say(&format!("Building draw {counter} anew"));
            let mut filling = Filling::new(shell);
            let record = below(files, &draw_folder(counter));
            replays.push((counter, replay::check(&record, threads(self.threads), &mut filling)));
            filling.end();
        }
        verdict.add_replays(replay::CLAIM, replays);
        verdict
    }

    fn receipt(&self, shell: &mut Shell) -> Ended {
        let parties: Vec<Party> = self.party.iter().map(|path| read_party(path)).collect::<Result<_, _>>()?;
        if self.checkpoint.len() > 1 || !self.copies.is_empty() {
            let says = "a receipt is held against one checkpoint, and no folder";
            return Err(Stop::new(says, "name the checkpoint of as many lines as that of the receipt"));
        }
        let published = self.checkpoint.first().map(|path| read_file(path, NOTE_BYTES_MAX as u64)).transpose()?;
        let bytes = read_file(&self.record, RECEIPT_BYTES_MAX)?;
        let verdict = verify_receipt(&self.record.to_string_lossy(), &bytes, &parties, published.as_deref());
        match self.json {
            true => shell.print(&format!("{}\n", verdict.json())),
            false => shell.print_plain(&verdict.to_string()),
        }
        Ok(End::findings(!verdict.is_sound()))
    }

    /// Holds that a replay was not asked for in vain; the verdict stands above.
    #[cfg(feature = "plan")]
    fn may_replay(&self, files: &Files) -> Result<(), Stop> {
        let Some(other) = replay::other_builder(files).filter(|_| self.replay) else { return Ok(()) };
        Err(Stop::new(
            format!("there was no replay: builder {other} made this record, and this program has builder {BUILDER}"),
            "replay it with the program that made it; all else was checked, and stands above",
        ))
    }

    #[cfg(feature = "plan")]
    fn replayed(&self, shell: &mut Shell, files: &Files, mut verdict: Verdict) -> Verdict {
        if self.replay && replay::other_builder(files).is_none() {
            shell.say("Building the schedule anew");
            let mut filling = Filling::new(shell);
            let found = replay::check(files, threads(self.threads), &mut filling);
            filling.end();
            verdict.add(replay::CLAIM, found);
        }
        verdict
    }
}

/// The files of the ceremony in a folder.
fn ceremony_at(folder: &Path) -> Result<Files, Stop> {
    load_ceremony(folder).map_err(|error| Stop::new(error, "name a ceremony's folder"))
}
