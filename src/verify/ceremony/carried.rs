//! Notices of what draws and changes leave behind: days that are past and of which nothing is told, visits that may be ones that were taken
//! off, conflicts that were withdrawn, and seats whose leaver somebody chose.

use std::collections::BTreeSet;

use super::between::some_facts;
use crate::record::changes::{Amendment, Cause, Change, Held, PastDraw, What};
use crate::record::ledger::{Amend, Body, Why};
use crate::verify::Notice;

/// What was told so far, so that it is told once.
#[derive(Default)]
pub(super) struct Carried {
    pub notices: Vec<Notice>,
    untold: BTreeSet<String>,
    alike: BTreeSet<String>,
}

impl Carried {
    /// What must be known of the draw on `line`, made from the freeze of that number, after `draws` and with this held at its commitment.
    pub(super) fn draw(&mut self, (line, freeze): (u64, u64), held: &Held, draws: &[PastDraw], draw: &PastDraw) {
        let from = draw.case.period.from;
        let untold = held.visits().filter(|(_, visit)| visit.date < from && !held.is_executed(visit.date));
        let untold = untold.map(|(id, visit)| format!("{id} on {}", visit.date));
        let untold: Vec<String> = untold.filter(|fact| self.untold.insert(fact.clone())).collect();
        let says = format!("visits held before the period of freeze {freeze} that were never told of as executed");
        self.notices.extend(told("never-executed", line, says, &untold));
        let alike = held.alike(draws, &draw.case).into_iter().map(|one| one.to_string());
        let alike: Vec<String> = alike.filter(|fact| self.alike.insert(fact.clone())).collect();
        let says = format!("visits of freeze {freeze} that may be ones that were taken off, drawn again");
        self.notices.extend(told("cancelled-like", line, says, &alike));
    }

    /// What must be known of a change, which may not be there.
    pub(super) fn change(&mut self, line: u64, body: &Body, change: Option<&Change>) {
        let Body::Amend(amend) = body else { return };
        let cause = match change.map(|change| &change.what) {
            Some(What::Amend(Amendment { cause, .. })) => Some(cause),
            _ => None,
        };
        self.notices.extend(withdrawn(line, amend, cause));
        self.notices.extend(leaver_chosen(line, amend, cause));
    }
}

fn withdrawn(line: u64, Amend { number, why, .. }: &Amend, cause: Option<&Cause>) -> Option<Notice> {
    let facts = match cause {
        Some(Cause::Withdrawn(one)) => format!(": {} with {}", one.inspector, one.target),
        _ => String::new(),
    };
    let says = format!("amendment {number} withdraws a conflict");
    (*why == Why::Withdrawn).then(|| Notice::counted("conflict-withdrawn", line, says, &facts))
}

/// An amendment for a conflict between two whose writer chose who of them leaves.
fn leaver_chosen(line: u64, Amend { number, .. }: &Amend, cause: Option<&Cause>) -> Option<Notice> {
    let Some(Cause::Conflict(one)) = cause else { return None };
    let says = format!("change {number} is for a conflict between two; whoever wrote it chose who leaves");
    let facts = format!(": {}, with {}", one.inspector, one.target);
    (one.is_between_two() && !one.drawn).then(|| Notice::counted("leaver-chosen", line, says, &facts))
}

fn told(name: &'static str, line: u64, says: String, facts: &[String]) -> Option<Notice> {
    let says = format!("{says}: {}", facts.len());
    (!facts.is_empty()).then(|| Notice::counted(name, line, says, &some_facts(facts)))
}
