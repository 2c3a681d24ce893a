//! The odds for machines: every stage, and what all of them come to.

use serde_json::{Value, json};

use super::Lottery;
use super::figures::{Figures, before};
use crate::bound::held;
use crate::model::{DrawnStage, Leak, Remaining, StageBounds, Worst};
use crate::report::worst_odds_json;
use crate::rules::Eligible;

/// Every stage with its counts beside its bounds, and the figures over all stages. Counts of tickets are of
/// `tickets`; what is in tenths says so.
pub fn odds_json(lottery: &Lottery) -> Value {
    let stages = lottery.drawn.stages.iter().zip(lottery.bounds).enumerate();
    let figures = Figures::of(lottery);
    let id = |who: &crate::model::InspectorId| lottery.case.inspector(*who).id.clone();
    json!({
        "stages": stages.map(|(at, (stage, bounds))| one(lottery, at, stage, bounds)).collect::<Vec<_>>(),
        "tickets": figures.tickets,
        "distinct": figures.distinct,
        "worst": figures.worst.map(|(at, worst)| worst_json(lottery, worst, at)),
        "worst_sum": figures.guessed.0,
        "held": figures.guessed.1,
        "effective_teams_in_tenths": {
            "least": figures.teams.first().map(|(teams, _)| teams),
            "median": figures.teams.get(figures.teams.len().saturating_sub(1) / 2).map(|(teams, _)| teams),
        },
        "entropy_bits": (figures.bits * 1000.0).round() / 1000.0,
        "squares": figures.squares.0,
        "squares_at_least": figures.squares.1,
        "never_drawn": figures.never.iter().map(id).collect::<Vec<_>>(),
        "never_drawn_but_could": figures.could,
    })
}

fn one(lottery: &Lottery, at: usize, stage: &DrawnStage, bounds: &StageBounds) -> Value {
    let (case, odds) = (lottery.case, &stage.odds);
    let before = before(lottery, at);
    let eligible = Eligible::new(case, lottery.book, stage.span(), &before);
    let (least, median) = odds.effective_teams();
    json!({
        "stage": bounds.stage,
        "from": stage.span().from.to_string(),
        "to": stage.span().to.to_string(),
        "tickets": odds.tickets,
        "distinct": odds.distinct,
        "outcomes": odds.outcomes,
        "drawn": stage.index,
        "visits": odds.visits.len(),
        "held": odds.held(),
        "seats": odds.seats(),
        "support": odds.support(),
        "worst": odds.worst().map(|worst| worst_json(lottery, worst, at)),
        "worst_bound": worst_odds_json(&eligible, odds.tickets, &held(case, odds), &bounds.worst),
        "worst_sum": odds.worst_sum(),
        "effective_teams_in_tenths": { "least": least, "median": median },
        "squares": odds.squares(),
        "squares_at_least": bounds.squares.at_least,
        "left_in_tenths": odds.leak.map(leak_json),
    })
}

fn worst_json(lottery: &Lottery, Worst { n, visit, inspector }: Worst, at: usize) -> Value {
    let case = lottery.case;
    json!({ "stage": at + 1, "n": n, "visit": case.visit(visit).id, "inspector": case.inspector(inspector).id })
}

fn leak_json(Leak { first, all }: Leak) -> Value {
    let remaining = |Remaining { least, median }: Remaining| json!({ "least": least, "median": median });
    json!({ "first": remaining(first), "all": remaining(all) })
}
