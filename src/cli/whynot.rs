//! `foureyes whynot`: why one person does not go on one visit.

use std::path::PathBuf;

use clap::Args;

use super::input::{Drawn, changes_in_words, drawn, inspector, visit};
use super::watch::watch;
use super::{End, Ended, Shell};
use crate::bound::why_not;
use crate::report::{why_not_in_words, why_not_json};

/// What `whynot` is told.
#[derive(Debug, Args)]
pub struct Whynot {
    /// The folder of a published record, such as schedules/harbour; of a ceremony; or of a case
    folder: PathBuf,
    /// The id of the visit
    visit: String,
    /// The id of the inspector
    inspector: String,
    /// Print it for machines
    #[arg(long)]
    json: bool,
}

impl Whynot {
    pub(super) fn run(&self, shell: &mut Shell) -> Ended {
        let drawn = drawn(shell, &self.folder)?;
        let (visit, inspector) = (visit(&drawn.case, &self.visit)?, inspector(&drawn.case, &self.inspector)?);
        let changes = drawn.changes(visit);
        let Drawn { case, book, schedule, .. } = drawn;
        let answer = watch(shell, "asking every rule", || why_not(&case, &book, &schedule, visit, inspector));
        if self.json {
            let mut answer = why_not_json(&case, &answer);
            answer["changes"] = changes.into();
            shell.print_json(&answer);
        } else {
            let mut sections = why_not_in_words(&case, &answer);
            sections.extend(changes_in_words(&changes));
            shell.print_sections(&sections);
        }
        Ok(End::Sound)
    }
}
