//! `foureyes explain`: why these people go on a visit.

use std::path::PathBuf;

use clap::Args;
use serde_json::Value;

use super::input::{Drawn, drawn, visit};
use super::watch::watch;
use super::{End, Ended, Shell};
use crate::bound::{who, why_unstaffed};
use crate::report::{
    explanation, explanation_json, prospect, reserves_in_words, reserves_json, unstaffed, unstaffed_json,
};

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
        let own = reserves.iter().find(|one| one.visit == visit);
        match answer {
            Some(who) if self.json => {
                let mut answer = explanation_json(&case, &who, odds.as_ref());
                answer["reserves"] = own.map_or(Value::Null, |own| reserves_json(&case, own));
                shell.print_json(&answer);
            }
            Some(who) => {
                let mut sections = explanation(&case, &who, odds.as_ref(), self.all);
                sections.extend(own.map(|own| reserves_in_words(&case, own)));
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
