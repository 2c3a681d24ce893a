//! A warning of an urn of few tickets, before anything is frozen or drawn.

use super::published::POLICY;
use crate::read::{Level, Problem, Reading};
use crate::verify::few_tickets_in_words;

/// Adds it, where the policy asks for so few that inputs can be tried in private.
pub(super) fn judge(reading: &mut Reading) {
    let Some(case) = &reading.case else { return };
    let tickets = case.urn.tickets;
    reading.problems.extend(few_tickets_in_words(u64::from(tickets), "each stage").map(|why| Problem {
        level: Level::Warning,
        file: POLICY.to_owned(),
        row: None,
        column: Some("[urn] tickets".to_owned()),
        value: Some(tickets.to_string()),
        why,
        advice: "Ask for 100 at least; 1000 is usual".to_owned(),
    }));
}
