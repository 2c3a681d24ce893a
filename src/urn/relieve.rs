//! Where somebody is scarce, few are left for the visits that are placed last, and those few would go there in ticket after ticket. So
//! whoever is sent to a visit more often than anybody need be is exchanged: somebody comes who stands on another visit, and that one finds
//! somebody else.

use smallvec::SmallVec;

use super::attempt::{Attempt, Lifted};
use super::tally::Tally;
use crate::model::{InspectorId, VisitId};
use crate::rules::{Place, Placed};

/// The price of what is pushed out for it, at which it is not worth it: a visit costs one.
const PRICE: u64 = 3;
/// Times of the stage at which an exchange is sought, beside the visit's own.
const TIMES: usize = 5;

impl Attempt<'_, '_> {
    /// Exchanges whoever went to their visit as often already as anybody need be sent anywhere, where that makes the ticket cheaper.
    pub fn relieve(&mut self) {
        let Some(tally) = self.tally else { return };
        for visit in self.in_stage() {
            let Some(Placed { day, slot, team }) = self.board.placed(visit).cloned() else { continue };
            let here = Place { visit, day, slot };
            if !tally.is_beyond(self.ways, visit, team.members()) {
                continue;
            }
            let span = self.scope.span.clone();
            let times = self.times(visit).into_iter().filter(|(day, _)| span.contains(day));
            let times: SmallVec<[Place; 8]> = times.map(|(day, slot)| Place { visit, day, slot }).take(TIMES).collect();
            let _done = std::iter::once(here).chain(times).any(|to| self.exchange(tally, here, to, team.members()));
        }
    }

    /// Puts the visit that stands at `here` to `to`, with people who stand on other visits, and those elsewhere. Where that is not cheaper,
    /// all is as it was.
    fn exchange(&mut self, tally: &Tally, here: Place, to: Place, team: &[InspectorId]) -> bool {
        let scope = self.scope;
        let before = tally.weigh(self.ways, here, team);
        self.take_off(here.visit);
        let may_go = |other: VisitId| (!scope.is_drawn(other)).then_some(1);
        let mut lifted = Lifted::new();
        let done = self.team(to, PRICE, &may_go).is_some_and(|found| {
            found.ejected.iter().for_each(|gone| lifted.extend(self.lift(*gone)));
            let in_stage = lifted.iter().all(|(place, _)| scope.span.contains(&place.day));
            in_stage && self.allows(to, &found.team) && {
                self.put(to, &found.team);
                self.is_cheaper(tally, to.visit, before, &lifted)
            }
        });
        if !done {
            self.take_off(here.visit);
            lifted.iter().for_each(|(place, _)| drop(self.take_off(place.visit)));
            lifted.into_iter().rev().for_each(|(place, team)| self.put(place, &team));
            self.put(here, team);
        }
        done
    }

    /// Finds new places for what was lifted; tells whether all has one, and all together costs less than `before` and what was lifted did.
    fn is_cheaper(&mut self, tally: &Tally, visit: VisitId, before: u64, lifted: &Lifted) -> bool {
        let gone: u64 = lifted.iter().map(|(place, team)| tally.weigh(self.ways, *place, team)).sum();
        let span = self.scope.span.clone();
        lifted.iter().all(|(place, _)| self.place_in(place.visit, &span)) && {
            let now: u64 = lifted.iter().map(|(place, _)| self.weigh(tally, place.visit)).sum();
            now + self.weigh(tally, visit) < before + gone
        }
    }
}
