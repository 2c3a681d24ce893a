//! What the counts of several stages come to.

use super::Lottery;
use crate::model::{Case, DrawnStage, InspectorId, Schedule, Span, VisitId, VisitOdds, Worst};
use crate::rules::Eligible;

/// The figures over all stages.
pub(super) struct Figures {
    /// Tickets of all urns, and how many of them differ within their urn.
    pub tickets: u64,
    pub distinct: u64,
    /// The easiest guess of all, and the place of its stage among the stages.
    pub worst: Option<(usize, Worst)>,
    /// The sum of each visit's easiest guess, and of the tickets that hold it.
    pub guessed: (u64, u64),
    /// The effective teams of each visit that was drawn, in tenths; the fewest first.
    pub teams: Vec<(u64, VisitId)>,
    /// Bits a visit.
    pub bits: f64,
    /// The sum of squares of all odds, and the least that it could be.
    pub squares: (u64, u64),
    /// Those who serve in no ticket of any stage, and how many of them could by the rules.
    pub never: Vec<InspectorId>,
    pub could: usize,
}

impl Figures {
    pub fn of(lottery: &Lottery) -> Self {
        let stages = &lottery.drawn.stages;
        let worst = stages.iter().enumerate().filter_map(|(at, stage)| Some((at, stage.odds.worst()?)));
        let mut drawn: Vec<_> = lottery.drawn.stages.iter().flat_map(drawn).collect();
        drawn.sort_by_key(|odds| (odds.effective_teams(), odds.visit));
        let never = never(lottery);
        let could = could(lottery, &never);
        Self {
            tickets: stages.iter().map(|stage| u64::from(stage.odds.tickets)).sum(),
            distinct: stages.iter().map(|stage| u64::from(stage.odds.distinct)).sum(),
            worst: worst.rev().max_by_key(|(_, worst)| worst.n),
            guessed: (sum(stages, |stage| stage.odds.worst_sum()), sum(stages, |stage| stage.odds.held())),
            bits: drawn.iter().map(|odds| bits(odds)).sum::<f64>() / drawn.len().max(1) as f64,
            teams: drawn.iter().map(|odds| (odds.effective_teams(), odds.visit)).collect(),
            squares: (
                sum(stages, |stage| stage.odds.squares()),
                lottery.bounds.iter().map(|bounds| bounds.squares.at_least).sum(),
            ),
            never,
            could,
        }
    }
}

fn sum(stages: &[DrawnStage], of: impl Fn(&DrawnStage) -> u64) -> u64 {
    stages.iter().map(of).sum()
}

/// The odds of the visits that a stage drew.
fn drawn(stage: &DrawnStage) -> Vec<&VisitOdds> {
    let part = stage.urn.part(stage.index as usize);
    part.assignments.keys().filter_map(|visit| stage.odds.of(*visit)).collect()
}

/// The entropy of who goes, given that the visit is held: the sum of p log 1/p over everybody. Source: Xu and others 2023.
pub(super) fn bits(odds: &VisitOdds) -> f64 {
    let part = |(_, n): &(InspectorId, u32)| {
        let p = f64::from(*n) / f64::from(odds.held.max(1));
        p * p.recip().log2()
    };
    odds.inspectors.iter().map(part).sum()
}

/// Those whom no ticket of any stage has serve.
fn never(lottery: &Lottery) -> Vec<InspectorId> {
    let serves = |who: &InspectorId| {
        lottery.drawn.stages.iter().any(|stage| stage.odds.serves.get(who.index()).is_some_and(|n| *n > 0))
    };
    lottery.case.inspector_ids().filter(|who| !serves(who)).collect()
}

/// How many of them may go on some visit of the period.
fn could(lottery: &Lottery, never: &[InspectorId]) -> usize {
    if never.is_empty() {
        return 0;
    }
    let eligible = Eligible::new(lottery.case, lottery.book, whole(lottery.case), &Schedule::default());
    let mut goes = vec![false; lottery.case.inspectors.len()];
    for visit in lottery.case.visit_ids() {
        eligible.goers(visit).for_each(|goer| goes[goer.who.index()] = true);
    }
    never.iter().filter(|who| goes[who.index()]).count()
}

/// The whole period.
pub(super) fn whole(case: &Case) -> Span {
    Span { from: case.period.from, to: case.period.to }
}

/// What the stages before number `at` drew.
pub(super) fn before(lottery: &Lottery, at: usize) -> Schedule {
    let from = lottery.drawn.stages.get(at).map(|stage| stage.span().from);
    let mut before = lottery.drawn.schedule.clone();
    before.assignments.retain(|_, assignment| from.is_some_and(|from| assignment.date < from));
    before
}
