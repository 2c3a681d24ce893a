//! Many tickets, spread as far apart as the rules allow.

use rayon::prelude::*;

use super::Ways;
use super::eject::Missing;
use super::scope::Scope;
use super::tally::Tally;
use super::ticket::{Arrangement, Made, make};
use crate::draw::Root;
use crate::model::{Assignment, Case, Schedule, Span};
use crate::rules::{Book, Calendar, Placed};

/// Tickets that are built side by side, from the same counts: a fixed number, so that threads change the time and never
/// a byte.
pub(super) const BATCH: usize = 8;

/// The tickets of one urn, in the order of building.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filled {
    /// Every ticket, its completion included, without what was drawn before.
    pub tickets: Vec<Schedule>,
    /// Times at which a team was sought.
    pub steps: u64,
}

/// Fills the urn of stage `number`, whose days are `span`, after `before` was drawn.
pub fn fill(
    case: &Case,
    book: &Book,
    root: &Root,
    number: usize,
    span: Span,
    before: &Schedule,
    tickets: usize,
) -> Filled {
    let ways = Ways::new(case, book);
    let scope = Scope::of(&ways, span, before);
    let tt = std::time::Instant::now();
    let tolls = super::aim::Aims::seek(&ways, book, &scope, span, before);
    eprintln!("tolls {:?}", tt.elapsed());
    let mut tally = Tally::new(&ways, tolls);
    let mut chains: Vec<Option<Arrangement>> = vec![None; BATCH];
    let mut best: Option<Missing> = None;
    let mut steps = 0;
    let calendar = Calendar::new(case);
    let mut all: Vec<Schedule> = Vec::new();
    for first in (0..tickets).step_by(BATCH) {
        let batch: Vec<Made> = chains[..BATCH.min(tickets - first)]
            .par_iter()
            .enumerate()
            .map(|(at, previous)| {
                let stream = root.stream("ticket", &format!("{number}/{}", first + at));
                make(&ways, &scope, &tally, stream, previous.as_ref(), best)
            })
            .collect();
        let mut tried = vec![(0, 0); ways.cells()];
        for (at, made) in batch.into_iter().enumerate() {
            steps += made.steps;
            best = Some(best.map_or(made.missing, |best| best.min(made.missing)));
            made.tried.iter().zip(&mut tried).for_each(|(one, all)| { all.0 += one.0; all.1 += one.1; });
            tally.count(&ways, &scope.span, &made.placed);
            all.push(schedule(&calendar, &scope, &made.placed, case));
            chains[at] = Some(made.placed);
        }
        tally.learn(&tried);
    }
    if std::env::var("SHOW").is_ok() { for p in tally.pressure.chunks(ways.days()) { eprintln!("{p:?}"); } }
    eprintln!("waited {}", super::ticket::WAIT.swap(0, std::sync::atomic::Ordering::Relaxed));
    Filled { tickets: all, steps }
}

fn schedule(calendar: &Calendar, scope: &Scope, placed: &Arrangement, case: &Case) -> Schedule {
    let one = |(visit, placed): (crate::model::VisitId, &Option<Placed>)| {
        let Placed { day, slot, team } = placed.clone()?;
        (!scope.is_drawn(visit)).then(|| (visit, Assignment { date: calendar.date(day), slot, team }))
    };
    Schedule { assignments: case.visit_ids().zip(placed).filter_map(one).collect() }
}
