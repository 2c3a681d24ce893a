//! Guided ejection: a visit that finds no place pushes out those in its way that were in the way least often.
//!
//! Each visit carries a count of how often it failed to find a place. One that fails again may push out others
//! whose counts together do not exceed its own, the smallest sum first; those look for new places in their
//! turn. What is hard to place so becomes dear to move, and the search drifts from one arrangement
//! to the next instead of turning in circles (Nagata and Bräysy, 2009, for vehicle routes).

use super::attempt::{Arrangement, Attempt};
use super::team::Found;
use crate::model::VisitId;
use crate::rules::Place;

/// Times at which a place by ejection is sought, for one visit in one go.
const TIMES: usize = 12;

/// How far the search has come, the lower the better: mandatory visits without a place, then all.
pub(super) type Missing = (usize, usize);

impl Attempt<'_, '_> {
    /// Finds places for waiting visits by ejection, for at most `limit` steps beyond those taken and at most
    /// `patience` ejections without getting further; leaves the best arrangement on the board. Visits that no
    /// ejection could help are set aside in `hopeless`.
    ///
    /// With `last_resort`, those visits alone may have people who may not go there on other days of the period.
    ///
    /// It ends where no more is missing than `enough`.
    pub fn eject(&mut self, limit: u64, patience: u64, last_resort: bool, enough: Missing) {
        self.last_resort = last_resort;
        self.waiting.append(&mut self.hopeless);
        self.set_hopeless_aside();
        let failures = vec![1; self.ways.case.visits.len()];
        let mut hunt = Hunt { failures, best: self.missing(), kept: None, idle: 0, last_resort };
        let limit = self.steps + limit;
        while self.steps < limit && hunt.idle < patience && !self.waiting.is_empty() && self.missing() > enough {
            self.next_waiting(&mut hunt);
        }
        if let Some(kept) = hunt.kept.filter(|_| self.missing() > hunt.best) {
            self.lay(&kept.placed);
            (self.waiting, self.hopeless) = (kept.waiting, kept.hopeless);
        }
        self.last_resort = false;
    }

    fn set_hopeless_aside(&mut self) {
        let waiting = std::mem::take(&mut self.waiting);
        let (hope, hopeless) = waiting.into_iter().partition(|visit| {
            let places = self.times(*visit).into_iter().map(|(day, slot)| Place { visit: *visit, day, slot });
            let scope = self.scope;
            let may_go = |other: VisitId| (!scope.is_drawn(other)).then_some(1);
            places.into_iter().any(|place| self.team(place, u64::MAX, &may_go).is_some())
        });
        (self.waiting, self.hopeless) = (hope, hopeless);
    }

    /// What is without a place.
    pub fn missing(&self) -> Missing {
        let without = || self.waiting.iter().chain(&self.hopeless);
        (without().filter(|visit| self.ways.of(**visit).mandatory).count(), without().count())
    }

    fn next_waiting(&mut self, hunt: &mut Hunt) {
        hunt.keep(self);
        let visit = self.take_waiting();
        self.last_resort = hunt.last_resort;
        if self.place(visit) {
            return hunt.reached(self.missing());
        }
        hunt.failures[visit.index()] += 1;
        hunt.idle += 1;
        match self.best_ejection(visit, &hunt.failures) {
            Some((place, found)) => self.push_in(place, &found),
            None => {
                let at = self.stream.index(self.waiting.len() + 1);
                self.waiting.insert(at, visit);
            }
        }
        self.last_resort = false;
        self.stir();
        self.hope_again();
        hunt.reached(self.missing());
    }

    /// The visit that was pushed out last, and now and then any: so no visit waits in vain below two that push
    /// each other out for ever.
    fn take_waiting(&mut self) -> VisitId {
        let last = self.waiting.len() - 1;
        let at = if self.stream.below(4) == 0 { self.stream.index(last + 1) } else { last };
        self.waiting.remove(at)
    }

    /// What was moved may have made room after all: no-return counts only the last teams of a place.
    fn hope_again(&mut self) {
        if !self.hopeless.is_empty() {
            let at = self.stream.index(self.hopeless.len());
            if self.place(self.hopeless[at]) {
                self.hopeless.swap_remove(at);
            }
        }
    }

    /// The cheapest ejection over some of the visit's times, in random order.
    fn best_ejection(&mut self, visit: VisitId, failures: &[u64]) -> Option<(Place, Found)> {
        let ways = self.ways;
        let mandatory = ways.of(visit).mandatory;
        let scope = self.scope;
        let price_of = |other: VisitId| {
            let may_go = (!ways.of(other).mandatory || mandatory) && !scope.is_drawn(other);
            let weight = if ways.of(other).mandatory { 4 } else { 1 };
            may_go.then(|| failures[other.index()] * weight)
        };
        let mut most = failures[visit.index()] * 4 + 1;
        let mut best = None;
        for (day, slot) in self.times(visit).into_iter().take(TIMES) {
            let place = Place { visit, day, slot };
            if let Some(found) = self.team(place, most, &price_of) {
                most = found.price;
                best = Some((place, found));
            }
            if most <= 4 {
                break;
            }
        }
        best
    }

    /// Lifts what a placement ejects, and puts it there, if then it may really be there.
    fn push_in(&mut self, place: Place, found: &Found) {
        for gone in &found.ejected {
            let lifted = self.lift(*gone);
            self.waiting.extend(lifted.iter().map(|(place, _)| place.visit));
        }
        if self.allows(place, &found.team) {
            self.put(place, &found.team);
        } else {
            self.waiting.push(place.visit);
        }
    }

    /// Moves one visit of the board elsewhere, if it finds another place at once.
    fn stir(&mut self) {
        let visit = VisitId::at(self.stream.index(self.ways.case.visits.len()));
        if self.board.placed(visit).is_none() || self.scope.is_drawn(visit) {
            return;
        }
        let lifted = self.lift(visit);
        for (place, team) in lifted {
            let again = self.place(place.visit);
            if !again && self.allows(place, &team) {
                self.put(place, &team);
            } else if !again {
                self.waiting.push(place.visit);
            }
        }
    }
}

/// An arrangement to come back to.
struct Kept {
    placed: Arrangement,
    waiting: Vec<VisitId>,
    hopeless: Vec<VisitId>,
}

/// The memory of one hunt for places.
struct Hunt {
    /// By visit, from 1: how often it found no place.
    failures: Vec<u64>,
    best: Missing,
    /// The best arrangement, from the moment at which something was moved in it.
    kept: Option<Kept>,
    /// Ejections since the best was reached.
    idle: u64,
    last_resort: bool,
}

impl Hunt {
    fn reached(&mut self, missing: Missing) {
        if missing < self.best {
            self.best = missing;
            self.kept = None;
            self.idle = 0;
        }
    }

    /// Keeps the board as it stands, if it is the best and not kept yet.
    fn keep(&mut self, attempt: &Attempt) {
        if self.kept.is_none() && attempt.missing() <= self.best {
            let placed = attempt.board.all_placed().to_vec();
            let (waiting, hopeless) = (attempt.waiting.clone(), attempt.hopeless.clone());
            self.kept = Some(Kept { placed, waiting, hopeless });
        }
    }
}
