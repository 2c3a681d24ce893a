//! `foureyes capacity`: seats needed against seats there are, and visits that too few teams could make.

use std::path::PathBuf;

use clap::Args;

use super::input::case_to_work_with;
use super::watch::watch;
use super::{End, Ended, Shell};
use crate::bound::{Remedy, Thin, capacity, relief, remedies, thin_pools};
use crate::model::{Case, Schedule, VisitId};
use crate::report::{
    capacity_in_words, capacity_json, is_short, relief_in_words, relief_json, remedies_in_words, remedies_json,
    thin_in_words, thin_json,
};
use crate::rules::Book;

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
        let together = watch(shell, "looking for what would help", || hopeless_together(&case, &book, &thin));
        if self.json {
            let mut value = capacity_json(&case, &found);
            value["relief"] = relief.as_ref().map(relief_json).into();
            value["remedies"] = remedies_json(&case, &together);
            value["pools"] = thin_json(&case, &thin);
            shell.print_json(&value);
        } else {
            let mut sections = capacity_in_words(&case, &found);
            sections.extend(relief.as_ref().map(relief_in_words));
            sections.extend(thin_in_words(&case, &thin));
            sections.extend(remedies_in_words(&case, &together));
            shell.print_sections(&sections);
        }
        Ok(End::findings(is_short(&found)))
    }
}

/// What would let the visits be made together that have no possible team; none where there are very many.
fn hopeless_together(case: &Case, book: &Book, thin: &[Thin]) -> Vec<Remedy> {
    let hopeless = thin.iter().filter(|one| one.teams.teams == 0 && one.teams.complete).map(|one| one.visit);
    let hopeless: Vec<VisitId> = hopeless.filter(|visit| case.visit(*visit).kind.is_mandatory()).collect();
    if hopeless.len() > TOGETHER {
        return Vec::new();
    }
    remedies(case, book, &Schedule::default(), &hopeless)
}

/// Visits without a possible team up to which it is told what would help them together.
const TOGETHER: usize = 8;
