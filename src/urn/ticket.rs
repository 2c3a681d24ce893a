//! One ticket of an urn, from the one before it.
//!
//! The part of the ticket that lies in the stage is placed anew, by what earlier tickets used. What remains of the
//! period is the completion: it is kept from the ticket before as far as it still fits, and the rest is placed again. So a ticket
//! of a day costs a day's work and not a month's, and shows all the same that the month can be finished.

use super::Ways;
use super::aim::UNIT;
use super::attempt::{Arrangement, Attempt};
use super::eject::Missing;
use super::fill::BATCH;
use super::scope::Scope;
use super::tally::{Tally, times_in};
use crate::draw::Stream;
use crate::model::VisitId;
use crate::rules::{Place, Placed};

/// How fast a ticket makes good what those before it left behind: within so many. Faster than that, what some tickets had too much
/// of others would have to lack, and the visits of a day would swing.
const MEMORY: u64 = 4 * BATCH as u64;

/// What is due in every ticket, as a chance.
const CERTAIN: u64 = MEMORY * UNIT as u64;

/// One ticket, and what was learned from building it.
pub(super) struct Made {
    pub placed: Arrangement,
    pub sought: Vec<(u32, u32)>,
}

/// What earlier tickets are to the next one.
pub(super) struct Past<'a> {
    pub tally: &'a Tally,
    /// The ticket whose completion is kept; none where there is none yet.
    pub previous: Option<&'a Arrangement>,
    /// The last of those that left the least without a place.
    pub best: Option<&'a (Missing, Arrangement)>,
}

/// Builds a ticket.
pub(super) fn make(ways: &Ways, scope: &Scope, past: &Past, stream: Stream) -> Made {
    let mut attempt = Attempt::new(ways, scope, Some(past.tally), stream);
    let chosen = attempt.by_lot();
    attempt.place_stage(&chosen);
    if let Some(previous) = past.previous {
        attempt.keep(previous, &chosen);
    }
    attempt.place_rest(&chosen);
    let sought = attempt.sought.clone();
    attempt.staff(past.best.map(|(missing, _)| *missing));
    match past.best {
        Some((missing, best)) if attempt.missing() > *missing => attempt.vary(best),
        _ => {}
    }
    attempt.relieve();
    attempt.refine();
    Made { placed: attempt.board.all_placed().to_vec(), sought }
}

/// A ticket that is as complete as `best`, in the place of one that is not.
pub(super) fn mend(ways: &Ways, scope: &Scope, tally: &Tally, best: &Arrangement, stream: Stream) -> Arrangement {
    let mut attempt = Attempt::new(ways, scope, Some(tally), stream);
    attempt.vary(best);
    attempt.refine();
    attempt.board.all_placed().to_vec()
}

/// What an arrangement leaves without a place, of what is not held by lot.
pub(super) fn missing(ways: &Ways, scope: &Scope, placed: &Arrangement) -> Missing {
    let open = ways.case.visit_ids().zip(placed).filter(|(visit, placed)| placed.is_none() && scope.is_sure(*visit));
    open.fold((0, 0), |(mandatory, all), (visit, _)| (mandatory + usize::from(ways.of(visit).mandatory), all + 1))
}

impl Attempt<'_, '_> {
    /// By visit, whether it is in this ticket: all but some of those that are held by lot.
    fn by_lot(&mut self) -> Vec<bool> {
        let mut chosen = vec![false; self.ways.case.visits.len()];
        for visit in self.ways.case.visit_ids().filter(|visit| !self.scope.is_drawn(*visit)) {
            let (target, kept) = (self.scope.target(visit), self.tally.map_or(0, |tally| tally.kept(visit)));
            chosen[visit.index()] = self.scope.is_sure(visit) || self.turn(target, Scope::ALWAYS, kept);
        }
        chosen
    }

    /// Chooses which visits are to be held in the stage, and places them there: all that could not be held later, and of the
    /// others each as often as the stage has of its open times.
    fn place_stage(&mut self, chosen: &[bool]) {
        let (span, later) = (self.scope.span.clone(), self.scope.later());
        let (mut now, mut free) = (Vec::new(), Vec::new());
        for visit in self.ways.case.visit_ids().filter(|visit| chosen[visit.index()]) {
            let times = &self.ways.of(visit).times;
            let (within, after) = (times_in(times, &span).len() as u64, times_in(times, &later).len() as u64);
            match (within > 0, after > 0) {
                (true, false) => now.push(visit),
                (true, true) => free.push(visit),
                (false, _) => {}
            }
        }
        now.extend(self.turns(free));
        for visit in self.hardest_first(now) {
            self.place_in(visit, &span);
        }
    }

    /// Of visits that could also be held later, those whose turn it is in this ticket. In random order their chances are laid side by
    /// side, and a mark is made at every whole certainty: so each has its chance, and every ticket about as many as any other.
    fn turns(&mut self, mut free: Vec<VisitId>) -> Vec<VisitId> {
        self.stream.shuffle(&mut free);
        let mut laid = self.stream.below(CERTAIN);
        free.retain(|visit| {
            laid += self.chance_of(*visit);
            let marked = laid >= CERTAIN;
            laid -= if marked { CERTAIN } else { 0 };
            marked
        });
        free
    }

    /// The chance that a visit which could also be held later is held in the stage of this ticket, of [`CERTAIN`].
    fn chance_of(&self, visit: VisitId) -> u64 {
        let (aim, held) = self.tally.map_or((0, 0), |tally| (tally.aim(visit), tally.held(visit)));
        match self.scope.is_sure(visit) {
            true => self.due(aim, UNIT as u64, held),
            // The lot has decided that it is in this ticket: so often as its aim has of its target.
            false => CERTAIN * aim / (UNIT as u64 * self.scope.target(visit) / Scope::ALWAYS).max(aim).max(1),
        }
    }

    /// Whether it is the turn of something that is due in `share` of `whole` tickets and was in `had` of those so far: by chance,
    /// more likely where it is behind.
    fn turn(&mut self, share: u64, whole: u64, had: u64) -> bool {
        self.stream.below(whole * MEMORY) < self.due(share, whole, had)
    }

    /// How likely that is, of `whole` times [`MEMORY`].
    fn due(&self, share: u64, whole: u64, had: u64) -> u64 {
        let tickets = self.tally.map_or(0, |tally| tally.tickets);
        (share * (tickets + MEMORY)).saturating_sub(had * whole).min(whole * MEMORY)
    }

    /// Keeps what stood later in the period and still fits.
    fn keep(&mut self, previous: &Arrangement, chosen: &[bool]) {
        let later = self.scope.later();
        for (visit, placed) in self.ways.case.visit_ids().zip(previous).filter(|(visit, _)| chosen[visit.index()]) {
            let Some(Placed { day, slot, team }) = placed else { continue };
            let place = Place { visit, day: *day, slot: *slot };
            if later.contains(day) && self.board.placed(visit).is_none() && self.allows(place, team.members()) {
                self.put(place, team.members());
            }
        }
    }

    /// Places what has no place yet, after the stage if possible.
    fn place_rest(&mut self, chosen: &[bool]) {
        let open = |visit: &VisitId| chosen[visit.index()] && self.board.placed(*visit).is_none();
        let rest = self.ways.case.visit_ids().filter(open).collect();
        let (span, later) = (self.scope.span.clone(), self.scope.later());
        for visit in self.hardest_first(rest) {
            let placed = self.place_in(visit, &later) || self.place_in(visit, &span);
            if !placed && self.scope.is_sure(visit) {
                self.waiting.push(visit);
            }
        }
    }

    /// Finds places for what waits by ejection, until no more is missing than the best ticket so far left; the first ticket
    /// of an urn is given more patience.
    pub fn staff(&mut self, best: Option<Missing>) {
        let visits = self.ways.case.visits.len() as u64;
        let (limit, patience) = match best {
            // As many ejections without progress as there are visits: with a quarter of that, one case in six of the
            // tight sets ended two visits short of what a flow allows.
            None => (4_000 + 200 * visits, 200 + visits),
            Some(_) => (4_000 + 20 * visits, 100 + visits / 16),
        };
        let enough = best.unwrap_or((0, 0));
        for last_resort in [false, true] {
            if self.missing() > enough {
                self.eject(limit, patience, last_resort, enough);
            }
        }
    }

    /// Takes another ticket for this one, and places each visit of the stage elsewhere where it can be: for a case in which places
    /// are so scarce that few tickets are as complete as the best.
    fn vary(&mut self, best: &Arrangement) {
        self.lay(best);
        let mut visits = self.in_stage();
        self.stream.shuffle(&mut visits);
        let days = self.scope.days();
        for visit in visits {
            self.redo(&[visit], |attempt, lifted| lifted.iter().all(|(place, _)| attempt.place_in(place.visit, &days)));
        }
    }
}
