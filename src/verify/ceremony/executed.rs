//! Claim: on each day those went who were to go, by the draw and what changed after it.

use super::amendments::At;
use super::{Checked, Claim, Evidence, Finding, in_ledger};
use crate::record::change_file;
use crate::record::changes::{Change, Refusal, What, compared, went};
use crate::record::ledger::Executed;

pub(super) const CLAIM: Claim =
    Claim { name: "executed", says: "on each day those went who were to go, and every visit of the day is told of" };

/// Visits that went otherwise that are told one by one; the others are counted.
const TOLD_MAX: usize = 100;

pub(super) fn check(evidence: &Evidence) -> Checked {
    if !evidence.is_open() {
        return Checked::Unchecked;
    }
    evidence.history.days.checked(evidence.history.executed.clone())
}

/// Everything that is wrong with what is told of a day.
pub(super) fn judge(at: &At, stated: &Executed, change: &Change) -> Vec<Finding> {
    let What::Executed { date, held: told } = &change.what else {
        return vec![in_ledger(
            "executed-list",
            at.line,
            "the ledger says that a day was executed; the change is another",
        )];
    };
    let file = change_file(stated.number);
    let tell = |name, says: String| Finding::new(name, &file, Some(1), says);
    let mut found = match went(at.draws, at.held, *date, Some(told)) {
        Ok(_) => Vec::new(),
        Err(why @ Refusal::DayOver(_)) => vec![tell("day-over", why.to_string())],
        Err(why) => vec![tell("executed-list", why.to_string())],
    };
    let otherwise = compared(at.held, *date, told);
    for (went, planned) in otherwise.iter().take(TOLD_MAX) {
        let says =
            format!("visit `{}` on {date}: {} were to go, {} went", went.visit, named(planned), named(&went.team));
        found.push(tell("executed-otherwise", says));
    }
    if otherwise.len() > TOLD_MAX {
        found.push(tell(
            "executed-otherwise",
            format!("{} more visits of {date} like this", otherwise.len() - TOLD_MAX),
        ));
    }
    let counts = (told.len().saturating_sub(otherwise.len()) as u64, otherwise.len() as u64, *date);
    if (stated.as_drawn, stated.otherwise, stated.date) != counts {
        let says = format!(
            "the ledger says {} visits as they should be and {} otherwise on {}; the change has {} and {} on {date}",
            stated.as_drawn, stated.otherwise, stated.date, counts.0, counts.1
        );
        found.push(in_ledger("executed-list", at.line, says));
    }
    if let Some(master) = at.master() {
        found.extend(at.salted(stated.number, change, &master));
    }
    found
}

fn named(team: &[String]) -> String {
    if team.is_empty() { "nobody".to_owned() } else { team.join(" and ") }
}
