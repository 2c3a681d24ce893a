//! Guided ejection: a visit that finds no place pushes out those in its way that were in the way least often.
//!
//! Each visit carries a count of how often it failed to find a place. One that fails again may push out others
//! whose counts together do not exceed its own, the smallest sum first; those look for new places in their
//! turn. What is hard to place so becomes dear to move, and the search drifts from one arrangement
//! to the next instead of turning in circles (Nagata and Bräysy, 2009, for vehicle routes).

use super::attempt::Attempt;
use super::team::Found;
use crate::model::{Schedule, VisitId};
use crate::rules::Place;

/// Times at which a place by ejection is sought, for one visit in one go.
const TIMES: usize = 12;

/// How far the search has come, the lower the better: mandatory visits without a place, then all.
type Missing = (usize, usize);

impl Attempt<'_, '_> {
    /// Finds places for waiting visits by ejection, for at most `limit` steps beyond those taken and at most
    /// `patience` ejections without getting further; leaves the best arrangement on the board.
    pub fn eject(&mut self, limit: u64, patience: u64) {
        let mut hunt =
            Hunt { failures: vec![1; self.ways.case.visits.len()], best: self.missing(), kept: None, idle: 0 };
        let limit = self.steps + limit;
        while self.steps < limit && hunt.idle < patience && !self.waiting.is_empty() {
            self.next_waiting(&mut hunt);
        }
        if let Some((schedule, waiting)) = hunt.kept.filter(|_| self.missing() > hunt.best) {
            self.restore(&schedule, waiting);
        }
    }

    fn missing(&self) -> Missing {
        let mandatory = self.waiting.iter().filter(|visit| self.ways.of(**visit).mandatory).count();
        (mandatory, self.waiting.len())
    }

    fn next_waiting(&mut self, hunt: &mut Hunt) {
        let Some(visit) = self.waiting.pop() else { return };
        if self.place(visit) {
            return hunt.reached(self.missing());
        }
        hunt.failures[visit.index()] += 1;
        hunt.idle += 1;
        match self.best_ejection(visit, &hunt.failures) {
            Some((place, found)) => {
                let before = (self.missing(), found.ejected.len());
                if before.1 > 1 {
                    self.waiting.push(visit);
                    hunt.keep(self);
                    self.waiting.pop();
                }
                self.push_in(place, &found);
                self.stir();
            }
            None => {
                let at = self.stream.index(self.waiting.len() + 1);
                self.waiting.insert(at, visit);
                self.stir();
            }
        }
    }

    /// The cheapest ejection over some of the visit's times, in random order.
    fn best_ejection(&mut self, visit: VisitId, failures: &[u64]) -> Option<(Place, Found)> {
        let ways = self.ways;
        let mandatory = ways.of(visit).mandatory;
        let price_of = |other: VisitId| {
            let may_go = !ways.of(other).mandatory || mandatory;
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
            self.put(place, found);
        } else {
            self.waiting.push(place.visit);
        }
    }

    /// Moves one visit of the board elsewhere, if it finds another place at once.
    fn stir(&mut self) {
        let visit = VisitId::at(self.stream.index(self.ways.case.visits.len()));
        if self.board.placed(visit).is_none() {
            return;
        }
        let lifted = self.lift(visit);
        for (place, team) in lifted {
            let again = self.place(place.visit);
            if !again && self.allows(place, &team) {
                self.put(place, &Found { team, cost: 0, ejected: Default::default(), price: 0 });
            } else if !again {
                self.waiting.push(place.visit);
            }
        }
    }

    /// Lays the board anew.
    pub fn restore(&mut self, schedule: &Schedule, waiting: Vec<VisitId>) {
        for visit in self.ways.case.visit_ids() {
            self.take_off(visit);
        }
        for (visit, assignment) in &schedule.assignments {
            let day = self.board.calendar.day(assignment.date).expect("it stood on this board");
            assignment.team.members().iter().for_each(|who| self.prices.take(*who));
            self.board.put(Place { visit: *visit, day, slot: assignment.slot }, assignment.team.clone());
        }
        self.waiting = waiting;
    }
}

/// The memory of one hunt for places.
struct Hunt {
    /// By visit, from 1: how often it found no place.
    failures: Vec<u64>,
    best: Missing,
    /// The best arrangement, once the board has left it.
    kept: Option<(Schedule, Vec<VisitId>)>,
    /// Ejections since the best was reached.
    idle: u64,
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
            self.kept = Some((attempt.board.schedule(), attempt.waiting.clone()));
        }
    }
}
