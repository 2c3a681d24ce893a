//! Ruin and recreate: a few visits at a time are taken off the board and put back, in a random order, with
//! those who have least to do, or whom earlier tickets used least; what is no better than before is undone.

use smallvec::SmallVec;

use super::attempt::{Attempt, Lifted};
use super::tally::Tally;
use crate::model::{InspectorId, VisitId};
use crate::rules::{Place, Placed};

/// Visits that are taken off at a time, at most.
const GROUP: usize = 3;

/// Groups that are taken off a ticket of an urn, shared out among the visits of the case. In a small case a choice that is cheap
/// now bars a cheaper one on the next visit, ticket after ticket; a large one evens out by itself.
const REFINED: usize = 1_500;
/// Of those, for each visit at most.
const REFINED_EACH: usize = 80;

/// A few visits.
type Group = SmallVec<[VisitId; 4]>;

impl Attempt<'_, '_> {
    /// Evens out the load in `rounds` rounds; never loses a visit.
    pub fn spread(&mut self, rounds: usize) {
        let placed: Vec<VisitId> =
            self.ways.case.visit_ids().filter(|visit| self.board.placed(*visit).is_some()).collect();
        for _ in 0..if placed.is_empty() { 0 } else { rounds } {
            let group = self.group(&placed, GROUP);
            self.redo(&group, Self::even_out);
        }
    }

    /// Makes the stage's part of a ticket cheaper, by what earlier tickets used.
    pub fn refine(&mut self) {
        let (placed, Some(tally)) = (self.in_stage(), self.tally) else { return };
        let rounds = (REFINED / self.ways.case.visits.len().max(1)).min(REFINED_EACH);
        self.beyond = true;
        for _ in 0..if placed.is_empty() { 0 } else { rounds } {
            let many = 1 + self.stream.index(GROUP);
            let group = self.group(&placed, many);
            self.redo(&group, |attempt, lifted| attempt.cheapen(tally, lifted));
        }
        self.beyond = false;
    }

    /// Some of these visits.
    fn group(&mut self, visits: &[VisitId], many: usize) -> Group {
        let first = self.stream.index(visits.len());
        (0..many.min(visits.len())).map(|step| visits[(first + step * step) % visits.len()]).collect()
    }

    /// Puts back what was lifted with people whom earlier tickets used less; tells whether all is back, for no more than before.
    fn cheapen(&mut self, tally: &Tally, lifted: &Lifted) -> bool {
        let before: u64 = lifted.iter().map(|(place, team)| tally.weigh(self.ways, *place, team)).sum();
        let mut order: Group = lifted.iter().map(|(place, _)| place.visit).collect();
        self.stream.shuffle(&mut order);
        let span = self.scope.span.clone();
        lifted.iter().all(|(place, _)| span.contains(&place.day))
            && order.iter().all(|visit| self.place_in(*visit, &span))
            && order.iter().map(|visit| self.weigh(tally, *visit)).sum::<u64>() <= before
    }

    /// What a visit's team costs, where it stands.
    pub(super) fn weigh(&self, tally: &Tally, visit: VisitId) -> u64 {
        let Some(Placed { day, slot, team }) = self.board.placed(visit) else { return 0 };
        tally.weigh(self.ways, Place { visit, day: *day, slot: *slot }, team.members())
    }

    /// Puts back what was lifted with those who have least to do; tells whether all is back, and the load no less even.
    fn even_out(&mut self, lifted: &Lifted) -> bool {
        let before: Vec<InspectorId> = lifted.iter().flat_map(|(_, team)| team.iter().copied()).collect();
        let all_back = lifted.iter().all(|(place, _)| self.place(place.visit));
        let after = self.members(lifted.iter().map(|(place, _)| place.visit));
        all_back && self.no_more_uneven(&before, &after)
    }

    fn members(&self, visits: impl Iterator<Item = VisitId>) -> Vec<InspectorId> {
        let placed = visits.filter_map(|visit| self.board.placed(visit));
        placed.flat_map(|placed| placed.team.members().iter().copied()).collect()
    }

    /// Whether the board, on which `after` serve where `before` did, is at least as even as it was.
    fn no_more_uneven(&mut self, before: &[InspectorId], after: &[InspectorId]) -> bool {
        let mut concerned: Vec<InspectorId> = before.iter().chain(after).copied().collect();
        concerned.sort_unstable();
        concerned.dedup();
        let sum = |attempt: &Self| concerned.iter().map(|who| attempt.prices.unevenness(*who)).sum::<u64>();
        let now = sum(self);
        after.iter().for_each(|who| self.prices.free(*who));
        before.iter().for_each(|who| self.prices.take(*who));
        let then = sum(self);
        before.iter().for_each(|who| self.prices.free(*who));
        after.iter().for_each(|who| self.prices.take(*who));
        now <= then
    }
}
