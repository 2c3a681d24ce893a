//! `foureyes freeze`: put what the office knows on the ledger, before anything is drawn.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::hand::told;
use super::input::case_to_work_with;
use super::{End, Ended, Shell};
use crate::ceremony::{self, Disk, Keys, Office};
use crate::draw::to_hex;
use crate::record::frozen_folder;

/// What `freeze` is told.
#[derive(Debug, Args)]
pub struct Freeze {
    /// The folder of the case
    case: PathBuf,
    /// The folder of the ceremony
    #[arg(default_value = "schedules")]
    folder: PathBuf,
    /// The planner's secrets: NAME.secret
    #[arg(long, value_name = "FILE")]
    keys: PathBuf,
    /// Print it for machines
    #[arg(long)]
    json: bool,
}

impl Freeze {
    pub(super) fn run(&self, shell: &mut Shell) -> Ended {
        let keys = Keys::load(&self.keys)?;
        let (case, book) = case_to_work_with(shell, &self.case)?;
        let mut office = Office::open(&self.folder, Disk::new())?;
        told(shell, &office);
        let inputs = crate::record::freeze(&case, &book).files;
        let (frozen, new) = ceremony::freeze(&mut office, &keys, &case.name, &inputs)?;
        let (number, tree) = (frozen.number, frozen.tree());
        match new {
            true => shell.say(&format!("Frozen in {}", office.path(&frozen_folder(number)).display())),
            false => shell.say("The same inputs were frozen already."),
        }
        let folder = self.folder.display();
        shell.say(&format!(
            "Next: an auditor cosigns (foureyes cosign {folder}), then everybody gets a receipt of what was entered about them \
             (foureyes receipt {folder} --inputs)"
        ));
        let (leaves, root) = (tree.leaves().len(), to_hex(&tree.root()));
        match self.json {
            true => shell.print_json(&json!({ "freeze": number, "leaves": leaves, "new": new, "root": root })),
            false => shell.print_plain(&format!("freeze {number}: {leaves} leaves, root {root}\n")),
        }
        Ok(End::Sound)
    }
}
