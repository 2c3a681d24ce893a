//! `foureyes capacity`: seats needed against seats there are, and visits that too few teams could make.

use std::path::PathBuf;

use clap::Args;

use super::input::case_to_work_with;
use super::watch::watch;
use super::{End, Ended, Shell};
use crate::bound::{capacity, relief, thin_pools};
use crate::report::{
    capacity_in_words, capacity_json, is_short, relief_in_words, relief_json, thin_in_words, thin_json,
};

/// What `capacity` is told.
#[derive(Debug, Args)]
pub struct Capacity {
    /// The folder of the case
    case: PathBuf,
    /// Print it for machines
    #[arg(long)]
    json: bool,
}

impl Capacity {
    pub(super) fn run(&self, shell: &mut Shell) -> Ended {
        let (case, book) = case_to_work_with(shell, &self.case)?;
        let found = watch(shell, "counting seats", || capacity(&case, &book));
        let relief = watch(shell, "looking for what would help", || relief(&case, &book));
        let thin = watch(shell, "looking for thin pools", || thin_pools(&case, &book));
        if self.json {
            let mut value = capacity_json(&case, &found);
            value["relief"] = relief.as_ref().map(relief_json).into();
            value["pools"] = thin_json(&case, &thin);
            shell.print_json(&value);
        } else {
            let mut sections = capacity_in_words(&case, &found);
            sections.extend(relief.as_ref().map(relief_in_words));
            sections.extend(thin_in_words(&case, &thin));
            shell.print_sections(&sections);
        }
        Ok(End::findings(is_short(&found)))
    }
}
