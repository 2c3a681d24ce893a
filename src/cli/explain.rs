//! `foureyes explain`: why these people go on a visit.

use std::path::PathBuf;

use clap::Args;

use super::input::{Drawn, changes_in_words, drawn, visit};
use super::lottery::missed;
use super::watch::watch;
use super::{End, Ended, Shell};
use crate::bound::{remedies_with, who, why_unstaffed};
use crate::report::{
    explanation, explanation_json, head_in_words, prospect, remedies_in_words, remedies_json, reserves_in_words,
    reserves_json, unstaffed, unstaffed_json,
};

/// What `explain` is told.
#[derive(Debug, Args)]
pub struct Explain {
    /// The folder of a published record, such as schedules/harbour; of a ceremony; or of a case
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
        let (odds, planned, changes) = (drawn.chances(visit), drawn.is_drawn(visit), drawn.changes(visit));
        let head = drawn.heads.head(visit);
        let Drawn { case, book, schedule, reserves, .. } = drawn;
        let answer = watch(shell, "asking every rule", || who(&case, &book, &schedule, visit));
        let own: Vec<_> = reserves.iter().filter(|one| one.visits.contains(&visit)).collect();
        match answer {
            Some(who) if self.json => {
                let mut answer = explanation_json(&case, &who, odds.as_ref());
                answer["reserves"] = reserves_json(&case, own);
                answer["changes"] = changes.into();
                answer["head"] = head.map(|head| case.inspector(head.who).id.clone()).into();
                answer["head_of"] = head.and_then(|head| head.of).into();
                shell.print_json(&answer);
            }
            Some(who) => {
                let mut sections = explanation(&case, &who, odds.as_ref(), self.all);
                sections.extend(reserves_in_words(&case, &own, visit));
                sections.splice(1..1, head_in_words(&case, head).into_iter().chain(changes_in_words(&changes)));
                shell.print_sections(&sections);
            }
            None => {
                let why = watch(shell, "asking every rule", || why_unstaffed(&case, &book, &schedule, visit));
                let open = if planned { missed(&case, &schedule) } else { Vec::new() };
                let (remedies, mended) = match open.iter().any(|other| *other != visit) {
                    true => watch(shell, "looking for what would help", || {
                        remedies_with(&case, &book, &schedule, visit, &open)
                    }),
                    false => Default::default(),
                };
                if self.json {
                    let mut answer = unstaffed_json(&case, &why);
                    answer["remedies"] = remedies_json(&case, &remedies);
                    answer["changes"] = changes.into();
                    answer["mends_too"] = mended.iter().map(|other| case.visit(*other).id.clone()).collect();
                    shell.print_json(&answer);
                } else {
                    let why = if planned { unstaffed(&case, &why) } else { prospect(&case, &why) };
                    shell.print_sections(&[why]);
                    if let Some(section) = changes_in_words(&changes) {
                        shell.print("\n");
                        shell.print_sections(&[section]);
                    }
                    if let Some(mut section) = remedies_in_words(&case, &remedies) {
                        let ids: Vec<&str> = mended.iter().map(|other| case.visit(*other).id.as_str()).collect();
                        section.body += &match ids.as_slice() {
                            [] => "\nNo change so small lets another open visit be staffed too.".to_owned(),
                            ids => format!("\nThe same change lets {} be staffed too.", ids.join(", ")),
                        };
                        shell.print("\n");
                        shell.print_sections(&[section]);
                    }
                }
            }
        }
        Ok(End::Sound)
    }
}
