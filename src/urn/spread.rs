//! Ruin and recreate: a few visits at a time are taken off the board and put back, in a random order, with
//! those who have least to do; what is no more even than before is undone.

use smallvec::SmallVec;

use super::attempt::Attempt;
use crate::model::{InspectorId, VisitId};
use crate::rules::Place;

/// Visits that are taken off at a time.
const GROUP: usize = 3;

impl Attempt<'_, '_> {
    /// Evens out the load in `rounds` rounds; never loses a visit.
    pub fn spread(&mut self, rounds: usize) {
        let placed: Vec<VisitId> =
            self.ways.case.visit_ids().filter(|visit| self.board.placed(*visit).is_some()).collect();
        for _ in 0..if placed.is_empty() { 0 } else { rounds } {
            let first = self.stream.index(placed.len());
            let group: SmallVec<[VisitId; GROUP]> =
                (0..GROUP.min(placed.len())).map(|step| placed[(first + step * step) % placed.len()]).collect();
            self.even_out(&group);
        }
    }

    fn even_out(&mut self, group: &[VisitId]) {
        let mut lifted: SmallVec<[(Place, SmallVec<[InspectorId; 4]>); 4]> = SmallVec::new();
        for visit in group {
            lifted.extend(self.lift(*visit));
        }
        let before: Vec<InspectorId> = lifted.iter().flat_map(|(_, team)| team.iter().copied()).collect();
        let all_back = lifted.iter().all(|(place, _)| self.place(place.visit));
        let after = self.members(lifted.iter().map(|(place, _)| place.visit));
        if all_back && self.no_more_uneven(&before, &after) {
            return;
        }
        for (place, _) in &lifted {
            self.take_off(place.visit);
        }
        for (place, team) in lifted.into_iter().rev() {
            self.put(place, &team);
        }
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
