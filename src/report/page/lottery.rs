//! What each stage was drawn from, beside what no lottery could beat, from the tables of the records alone: urns need not be there.

use super::Facts;
use super::told::{Day, Guess, Stage, Visit};
use crate::model::{Case, Coverage, MostStaffed, Schedule, Span, StageBounds, VisitId};
use crate::record::{OddsLine, StageLine, read_bounds, read_odds, read_stages};
use crate::report::bounds::{coverage_bound_in_words, most_in_words};
use crate::report::{person, worst_odds_in_words};
use crate::rules::{Book, Eligible};

/// Per cent of the narrowest row of [`guesses`].
const STEP: u32 = 5;

/// Every stage of every draw, in order.
pub(super) fn stages(facts: &Facts) -> Vec<Stage> {
    let mut all = Vec::new();
    for draw in &facts.draws {
        let (lines, bounds) = (read_stages(draw.files).0, read_bounds(draw.files, draw.case).0);
        let odds: Vec<_> =
            read_odds(draw.files, draw.case).0.into_iter().map(|(visit, _, line)| (visit, line)).collect();
        for (_, line) in lines {
            let bound = bounds.iter().map(|(_, bound)| bound).find(|bound| bound.stage == line.stage);
            let own = |(_, of): &&(VisitId, OddsLine)| of.stage == line.stage;
            let held: Vec<(VisitId, u32)> = odds.iter().filter(own).map(|(visit, of)| (*visit, of.held)).collect();
            let says = bound.map(|bound| says((draw.case, draw.book, draw.schedule), &line, &held, bound));
            all.push(stage(&line, held.len(), bound, says.unwrap_or_default()));
        }
    }
    all
}

fn stage(line: &StageLine, visits: usize, bound: Option<&StageBounds>, says: Vec<String>) -> Stage {
    let Span { from, to } = line.span();
    Stage {
        stage: line.stage,
        from: Day(from),
        to: Day(to),
        tickets: line.tickets,
        distinct: line.distinct,
        drawn: line.drawn,
        visits: Some(visits),
        worst: line.worst.as_ref().map(|worst| worst.n),
        bound: bound.map(|bound| bound.worst.at_least),
        teams_in_tenths: line.effective.median,
        left_in_tenths: line.leak.map(|leak| leak.all.median),
        says,
    }
}

/// The easiest guess of a stage, and why no lottery could make it harder.
fn says(
    (case, book, schedule): (&Case, &Book, &Schedule),
    line: &StageLine,
    drawn: &[(VisitId, u32)],
    bound: &StageBounds,
) -> Vec<String> {
    let Some(worst) = &line.worst else { return Vec::new() };
    let who = case.inspector_ids().find(|who| case.inspector(*who).id == worst.inspector);
    let who = who.map_or_else(|| worst.inspector.clone(), |who| person(case, who));
    let mut before = schedule.clone();
    before.assignments.retain(|_, to| to.date < line.span().from);
    let eligible = Eligible::new(case, book, line.span(), &before);
    let mut held = vec![0; case.visits.len()];
    drawn.iter().for_each(|(visit, n)| held[visit.index()] = *n);
    let why = worst_odds_in_words(&eligible, line.tickets, &held, &bound.worst);
    vec![
        format!("The easiest guess: {who} goes on visit {} in {} of {} tickets.", worst.visit, worst.n, line.tickets),
        why,
    ]
}

/// How easily visits are guessed, in rows of so many per cent that there are no more than twenty.
pub(super) fn guesses(visits: &[Visit]) -> Vec<Guess> {
    let percent = |n: usize, of: usize| u32::try_from(n * 100 / of.max(1)).unwrap_or(100).min(100);
    let of = |visit: &Visit| {
        let odds = visit.odds.as_ref()?;
        let worst = odds.people.first()?.tickets;
        let even = percent(visit.team.len(), odds.people.len());
        Some((percent(worst as usize, odds.held as usize), even))
    };
    let all: Vec<(u32, u32)> = visits.iter().filter_map(of).collect();
    let Some(most) = all.iter().map(|(worst, even)| *worst.max(even)).max() else { return Vec::new() };
    let step = if most < STEP * 20 { STEP } else { STEP * 2 };
    let row = |from: u32| {
        let to = from + step;
        let within = |n: u32| from <= n && (n < to || to >= 100 && n >= 100);
        let count = |of: fn(&(u32, u32)) -> u32| all.iter().filter(|one| within(of(one))).count();
        Guess { from, to, visits: count(|(worst, _)| *worst), even: count(|(_, even)| *even) }
    };
    (0..=most.min(99) / step).map(|at| row(at * step)).collect()
}

/// The most visits that any schedule could staff, beside what is staffed; the first sentence names nothing.
pub(super) fn most(facts: &Facts) -> Vec<String> {
    // In a ceremony each commitment has a bound for what was then left; only one draw can speak of the whole.
    let [draw] = facts.draws.as_slice() else { return Vec::new() };
    let bounds = read_bounds(draw.files, draw.case).0;
    let Some(most) = bounds.into_iter().find_map(|(_, bound)| bound.most) else { return Vec::new() };
    let MostStaffed { visits, .. } = &most;
    let mut says = vec![most_in_words(draw.case, &most, draw.schedule)];
    says.extend(coverage_bound_in_words(draw.case, visits as &Coverage));
    says
}
