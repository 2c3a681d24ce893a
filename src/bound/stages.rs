//! The bounds of every stage that was drawn.

use super::{least_squares, most_staffed, worst_odds};
use crate::model::{Case, Drawn, Odds, Span, StageBounds};
use crate::rules::{Book, Eligible};

/// What no lottery could beat in each stage of `drawn`, given how often its urn holds each visit and what the stages before it
/// drew; and with the first the most visits that any schedule of the period can staff. A record publishes them as `bounds.jsonl`.
pub fn stage_bounds(case: &Case, book: &Book, drawn: &Drawn) -> Vec<StageBounds> {
    let mut before = drawn.before.clone();
    let mut bounds = Vec::new();
    for of in &drawn.stages {
        let eligible = Eligible::new(case, book, of.span(), &before);
        let held = held(case, &of.odds);
        let worst = worst_odds(&eligible, of.odds.tickets, &held);
        let squares = least_squares(&eligible, of.odds.tickets, &held);
        let rest = Span { from: of.span().from, to: case.period.to };
        let most = bounds.is_empty().then(|| most_staffed(case, book, rest, &before));
        bounds.push(StageBounds { stage: of.number as u64, worst, squares, most });
        before.assignments.extend(of.urn.part(of.index as usize).assignments);
    }
    bounds
}

/// By visit: in how many tickets of an urn it is held.
pub fn held(case: &Case, odds: &Odds) -> Vec<u32> {
    let mut held = vec![0; case.visits.len()];
    odds.visits.iter().for_each(|visit| held[visit.visit.index()] = visit.held);
    held
}
