//! One ticket of an urn, from the one before it.
//!
//! The part of the ticket that lies in the stage is placed anew, by what earlier tickets used. What remains of the
//! period is the completion: it is kept from the ticket before as far as it still fits, and the rest is placed again. So a ticket
//! of a day costs a day's work and not a month's, and shows all the same that the month can be finished.

use super::Ways;
use super::attempt::Attempt;
use super::eject::Missing;
use super::scope::Scope;
use super::tally::Tally;
use crate::draw::Stream;
use crate::model::VisitId;
use crate::rules::{Place, Placed};

/// How much weight a ticket gives to what those before it left behind: as many as are built side by side.
const MEMORY: u64 = super::fill::BATCH as u64;

/// Where every visit stands, by visit, those drawn before among them.
pub(super) type Arrangement = Vec<Option<Placed>>;

/// One ticket, and what it could not place.
pub(super) struct Made {
    pub placed: Arrangement,
    pub missing: Missing,
    pub steps: u64,
    pub tried: Vec<(u32, u32)>,
}

pub static WAIT: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(0);
/// Builds a ticket. `best` is the least that any ticket of the urn so far left without a place.
pub(super) fn make(
    ways: &Ways,
    scope: &Scope,
    tally: &Tally,
    stream: Stream,
    previous: Option<&Arrangement>,
    best: Option<Missing>,
) -> Made {
    let mut attempt = Attempt::new(ways, scope, Some(tally), stream);
    if let Some(previous) = previous.filter(|_| (1..10).contains(&super::price::knob()[6])) {
        attempt.lay(previous);
        for _ in 0..super::price::knob()[6] { attempt.sweep(); }
        return Made { tried: Vec::new(), missing: attempt.missing(), steps: attempt.steps, placed: attempt.board.all_placed().to_vec() };
    }
    attempt.place_stage();
    if let Some(previous) = previous {
        attempt.keep(previous);
    }
    attempt.place_rest();
    let visits = ways.case.visits.len() as u64;
    WAIT.fetch_add(attempt.waiting.len() as u64, std::sync::atomic::Ordering::Relaxed);
    let tried = attempt.tried.clone();
    if best.is_none_or(|best| attempt.missing() > best) {
        let (limit, patience) = match best {
            None => (4_000 + 200 * visits, 200 + visits),
            Some(_) => (4_000 + 20 * visits, 200 + visits / 8),
        };
        attempt.eject(limit, patience, false);
        attempt.eject(limit, patience, true);
    }
    for _ in 10..super::price::knob()[6].max(10) { attempt.sweep(); }
    Made { tried, missing: attempt.missing(), steps: attempt.steps, placed: attempt.board.all_placed().to_vec() }
}

impl Attempt<'_, '_> {
    fn lay(&mut self, previous: &Arrangement) {
        for (visit, placed) in self.ways.case.visit_ids().zip(previous) {
            if self.scope.is_drawn(visit) { continue; }
            match placed {
                Some(Placed { day, slot, team }) => self.put(Place { visit, day: *day, slot: *slot }, team.members()),
                None => self.waiting.push(visit),
            }
        }
    }

    fn sweep(&mut self) {
        let mut order: Vec<VisitId> = self.ways.case.visit_ids().filter(|visit| !self.scope.is_drawn(*visit)).collect();
        self.stream.shuffle(&mut order);
        let days = self.scope.days();
        for visit in order {
            let gone = self.lift(visit);
            let mut back = true;
            let mut put = Vec::new();
            for (place, _) in &gone {
                if self.place_best(place.visit, &days, super::price::knob()[7] as usize) { put.push(place.visit); } else { back = false; break; }
            }
            if !back {
                for visit in put { self.take_off(visit); }
                for (place, team) in gone.into_iter().rev() { self.put(place, &team); }
            }
        }
        let waiting = std::mem::take(&mut self.waiting);
        for visit in waiting { if !self.place(visit) { self.waiting.push(visit); } }
    }

    fn place_best(&mut self, visit: VisitId, days: &std::ops::Range<usize>, times: usize) -> bool {
        let mut best: Option<(u64, Place, super::cheapest::Crew)> = None;
        let mut tried = 0;
        for (cost, (day, slot)) in self.times_in(visit, days) {
            if tried >= times && best.is_some() { break; }
            let place = Place { visit, day, slot };
            if let Some((price, team)) = self.cheapest(place) {
                tried += 1;
                let all = price + cost * super::price::knob()[8] / 1024;
                if best.as_ref().is_none_or(|(best, ..)| all < *best) { best = Some((all, place, team)); }
            }
        }
        let found = best.is_some();
        if let Some((_, place, team)) = best { self.put(place, &team); }
        found
    }

    /// Chooses which visits are to be held in the stage, and places them there.
    fn place_stage(&mut self) {
        let span = self.scope.span.clone();
        let chosen = self.chosen();
        let times = super::price::knob()[7] as usize;
        for visit in self.hardest_first(chosen) {
            self.place_best(visit, &span, times);
        }
    }

    /// Visits that can be held in the stage: all that could not be held later, and of the others each as often as
    /// the stage has of its open times.
    fn chosen(&mut self) -> Vec<VisitId> {
        let mut chosen = Vec::new();
        for visit in self.ways.case.visit_ids().filter(|visit| !self.scope.is_drawn(*visit)) {
            let times = &self.ways.of(visit).times;
            let within = super::tally::times_in(times, &self.scope.span).len() as u64;
            let later = super::tally::times_in(times, &self.scope.later()).len() as u64;
            if within > 0 && (later == 0 || self.turn(within, within + later, self.held(visit))) {
                chosen.push(visit);
            }
        }
        chosen
    }

    fn held(&self, visit: VisitId) -> u64 {
        self.tally.map_or(0, |tally| tally.held(visit))
    }

    /// Whether it is the turn of something that is due in `share` of `whole` tickets and was in `had` of those so far: by chance,
    /// more likely where it is behind.
    fn turn(&mut self, share: u64, whole: u64, had: u64) -> bool {
        let tickets = self.tally.map_or(0, |tally| tally.tickets);
        let due = share * (tickets + MEMORY);
        self.stream.below(whole * MEMORY) < due.saturating_sub(had * whole)
    }

    /// Keeps what stood later in the period and still fits.
    fn keep(&mut self, previous: &Arrangement) {
        for (visit, placed) in self.ways.case.visit_ids().zip(previous) {
            let Some(Placed { day, slot, team }) = placed else { continue };
            let place = Place { visit, day: *day, slot: *slot };
            let later = self.scope.later().contains(day);
            if later && self.board.placed(visit).is_none() && self.allows(place, team.members()) {
                self.put(place, team.members());
            }
        }
    }

    /// Places what has no place yet, after the stage if possible.
    fn place_rest(&mut self) {
        let rest = self.ways.case.visit_ids().filter(|visit| self.board.placed(*visit).is_none()).collect();
        let (span, later) = (self.scope.span.clone(), self.scope.later());
        for visit in self.hardest_first(rest) {
            if !self.place_in(visit, &later) {
                self.waiting.push(visit);
            }
        }
    }
}
