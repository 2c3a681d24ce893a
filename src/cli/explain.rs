//! `foureyes explain`: why these people go on a visit.

use std::path::PathBuf;

use super::input::{Drawn, drawn, visit};
use super::watch::watch;
use super::{End, Ended, Shell};
use crate::bound::{who, why_unstaffed};
use crate::report::{
    explanation, explanation_json, prospect, reserves_in_words, reserves_json, unstaffed, unstaffed_json,
};
use clap::Args;

/// What `explain` is told.
#[derive(Debug, Args)]
pub struct Explain {
    /// The folder of a published record, such as schedules/harbour; or of a case
    folder: PathBuf,
    /// The id of the visit
    visit: String,
    /// Tell of everybody, not only of the first few that a rule keeps away
    #[arg(long)]
    all: bool,
    /// Print it for machines
    #[arg(long)]
    json: bool,
}

impl Explain {
    pub(super) fn run(&self, shell: &mut Shell) -> Ended {
        let drawn = drawn(shell, &self.folder)?;
        let visit = visit(&drawn.case, &self.visit)?;
        let odds = drawn.chances(visit);
        let Drawn { case, book, schedule, reserves, planned, .. } = drawn;
        let answer = watch(shell, "asking every rule", || who(&case, &book, &schedule, visit));
        let own: Vec<_> = reserves.iter().filter(|one| one.visits.contains(&visit)).collect();
        match answer {
            Some(who) if self.json => {
                let mut answer = explanation_json(&case, &who, odds.as_ref());
                answer["reserves"] = reserves_json(&case, own);
                shell.print_json(&answer);
            }
            Some(who) => {
                let mut sections = explanation(&case, &who, odds.as_ref(), self.all);
                sections.extend(reserves_in_words(&case, &own, visit));
                shell.print_sections(&sections);
            }
            None => {
                let why = watch(shell, "asking every rule", || why_unstaffed(&case, &book, &schedule, visit));
                match self.json {
                    true => shell.print_json(&unstaffed_json(&case, &why)),
                    false if planned => shell.print_sections(&[unstaffed(&case, &why)]),
                    false => shell.print_sections(&[prospect(&case, &why)]),
                }
            }
        }
        Ok(End::Sound)
    }
}
