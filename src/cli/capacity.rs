//! `foureyes capacity`: seats needed against seats there are.

use std::path::PathBuf;

use clap::Args;

use super::input::case_to_work_with;
use super::watch::watch;
use super::{End, Ended, Shell};
use crate::bound::capacity;
use crate::report::{capacity_in_words, capacity_json, is_short};

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
        if self.json {
            shell.print_json(&capacity_json(&case, &found));
        } else {
            shell.print_sections(&capacity_in_words(&case, &found));
        }
        Ok(End::findings(is_short(&found)))
    }
}
