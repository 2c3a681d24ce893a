//! `foureyes cosign`: what a second pair of eyes signs, after looking at it.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::hand::{now, time};
use super::{End, Ended, Shell, Stop};
use crate::ceremony::{
    self, CeremonyError, Cosigned, Disk, Keys, Memory, Office, Proposal, change_in_words, in_words, utc,
};

/// What `cosign` is told.
#[derive(Debug, Args)]
pub struct Cosign {
    /// The ceremony's folder, or a copy of it with the ledger and its checkpoints
    #[arg(default_value = "schedules")]
    folder: PathBuf,
    /// Your secrets: NAME.secret
    #[arg(long, value_name = "FILE")]
    keys: PathBuf,
    /// Sign what waits for a second signature (proposed.json), and no checkpoint
    #[arg(long)]
    proposal: bool,
    /// Your NAME.seen is lost: take what this folder shows of your cosignatures for it. Look at a copy from another hand first
    #[arg(long, conflicts_with = "proposal")]
    memory_lost: bool,
    /// Only say what is new since you cosigned last and what vanished; sign nothing
    #[arg(long, conflicts_with_all = ["proposal", "now", "memory_lost"])]
    look: bool,
    /// Take this to be the time, as in 2023-08-23T15:00:00Z: for exercises with rounds of the past
    #[arg(long, value_name = "TIME", value_parser = time)]
    now: Option<i64>,
    /// Print it for machines
    #[arg(long)]
    json: bool,
}

impl Cosign {
    pub(super) fn run(&self, shell: &mut Shell) -> Ended {
        let keys = Keys::load(&self.keys)?;
        if self.look {
            let between = self.look(shell, &keys)?;
            self.print_look(shell, &between);
            return Ok(End::Sound);
        }
        let now = now(shell, self.now)?;
        if self.proposal {
            return self.sign_proposal(shell, &keys, now);
        }
        let between = self.look(shell, &keys)?;
        let memory = if self.memory_lost { Memory::Lost } else { Memory::Kept };
        let cosigned = ceremony::cosign_with(&self.folder, Disk::new(), &keys, now, memory)?;
        for warning in &cosigned.warnings {
            shell.warn(warning);
        }
        if cosigned.before == 0 {
            shell.say(
                "This is your first cosignature of this ledger, as far as NAME.seen and the folder show. If you remember another, send nothing \
                 back, and compare the folder with a copy from another hand.",
            );
        }
        self.say_what_waits(shell, &keys, now)?;
        self.print(shell, &cosigned, &between);
        Ok(End::Sound)
    }

    /// What vanished since these keys cosigned last, said before anything is signed.
    fn look(&self, shell: &mut Shell, keys: &Keys) -> Result<Vec<String>, CeremonyError> {
        let between = ceremony::look(&self.folder, Disk::new(), keys)?;
        between.iter().for_each(|says| shell.warn(says));
        Ok(between)
    }

    fn print_look(&self, shell: &mut Shell, between: &[String]) {
        match self.json {
            true => shell.print_json(&json!({ "between": between })),
            false if between.is_empty() => {
                shell.print_plain("nothing vanished since you cosigned last; nothing was signed\n")
            }
            false => shell.print_plain(&format!("{} things to ask about; nothing was signed\n", between.len())),
        }
    }

    fn print(&self, shell: &mut Shell, cosigned: &Cosigned, between: &[String]) {
        let Cosigned { size, before, time, note, warnings } = cosigned;
        let note = note.display();
        match self.json {
            true => shell.print_json(&json!({
                "before": before, "between": between, "note": note.to_string(), "size": size, "time": utc(*time), "warnings": warnings,
            })),
            false => shell.print_plain(&format!(
                "cosigned: {size} lines at {} ({} of them new); send {note} back to the planner\n",
                utc(*time),
                size - before
            )),
        }
    }

    /// Whoever cosigns a checkpoint is told what waits, and signs it only when they say so.
    fn say_what_waits(&self, shell: &mut Shell, keys: &Keys, now: i64) -> Result<(), Stop> {
        let office = Office::look(&self.folder, Disk::new())?;
        if let Some(waiting) = office.proposal()? {
            let signed = waiting.draft.signed.iter().any(|signed| signed.name == keys.name());
            let what = in_words(&waiting.draft.body);
            if !signed {
                shell.warn(&format!(
                    "this waits for a second signature, and was not signed (give --proposal to sign it): {what}"
                ));
                self.cautions(&office, &waiting, keys, now).iter().for_each(|warning| shell.warn(warning));
            }
        }
        Ok(())
    }

    fn cautions(&self, office: &Office, waiting: &Proposal, keys: &Keys, now: i64) -> Vec<String> {
        ceremony::cautions(office, &waiting.draft.body, &waiting.draft.signed, keys.name(), now)
    }

    fn sign_proposal(&self, shell: &mut Shell, keys: &Keys, now: i64) -> Ended {
        let office = Office::look(&self.folder, Disk::new())?;
        let waiting = office.proposal()?;
        let warnings = waiting.iter().flat_map(|waiting| self.cautions(&office, waiting, keys, now));
        let warnings: Vec<String> = warnings.inspect(|warning| shell.warn(warning)).collect();
        let change = waiting.and_then(|waiting| Some((waiting.draft.body, waiting.change?)));
        let change = change.map(|(body, change)| ceremony::recheck(&office, &body, &change)).transpose()?;
        let signed: Result<Proposal, CeremonyError> = office.sign_proposal(keys);
        let proposal = signed?;
        let what = in_words(&proposal.draft.body);
        let names: Vec<&str> = proposal.draft.signed.iter().map(|signed| signed.name.as_str()).collect();
        match self.json {
            true => shell.print_json(&json!({
                "kind": proposal.draft.body.kind(), "says": what, "signed": names, "warnings": warnings,
            })),
            false => shell.print_plain(&format!("signed by {}: {what}\n", names.join(" and "))),
        }
        if let Some(change) = change.filter(|_| !self.json) {
            change_in_words(&change).iter().for_each(|line| shell.print_plain(&format!("  {line}\n")));
        }
        Ok(End::Sound)
    }
}
