//! Whether a visit that a schedule leaves out could be added to it, all else as it is. Whoever finds a way has proved that the visit
//! could be held; whoever finds none has proved nothing, since only some people are asked.

use super::{Asked, StandIns};
use crate::model::{Assignment, InspectorId, SlotId, Team, VisitId};
use crate::rules::{Board, Place, Sheet};

/// People who are asked for one visit on one day, at most: leads first, then in order of id.
pub const ASKED_MAX: usize = 12;

impl StandIns<'_> {
    /// The first time and team with which `visit` can be added so that no rule is broken, on a day from number `from` of the period on. Asked
    /// are the first 12 people who are eligible that day and on no visit then. Nothing is said after something was fixed that
    /// breaks a rule itself.
    pub fn could_add(&self, visit: VisitId, from: usize) -> Option<Assignment> {
        let is_open = self.excused.is_empty() && !self.schedule.assignments.contains_key(&visit);
        let days = from..self.board.calendar.days().len();
        is_open.then(|| days.into_iter().find_map(|day| self.on_day(visit, day)))?
    }

    fn on_day(&self, visit: VisitId, day: usize) -> Option<Assignment> {
        let people = self.free(visit, day);
        let slots = (0..self.case.period.slots.len()).map(SlotId::at);
        slots.into_iter().find_map(|slot| self.at_time(Place { visit, day, slot }, &people))
    }

    /// Who is asked.
    fn free(&self, visit: VisitId, day: usize) -> Vec<InspectorId> {
        let date = self.board.calendar.date(day);
        let eligible = self.eligible.goers(visit).filter(|goer| goer.days.has(day)).map(|goer| goer.who);
        let mut free: Vec<InspectorId> = eligible.filter(|who| self.visits(*who, date).next().is_none()).collect();
        free.sort_by_key(|who| (!self.case.inspector(*who).lead, *who));
        free.truncate(ASKED_MAX);
        free
    }

    fn at_time(&self, place: Place, people: &[InspectorId]) -> Option<Assignment> {
        let date = self.board.calendar.date(place.day);
        let closed = self.book.rules().any(|(_, rule)| rule.closed(self.case, place.visit, date, place.slot));
        let mut clear = !closed;
        self.guards.iter().for_each(|guard| guard.time(&self.board, place, &mut |_| clear = false));
        let lets = |who: &InspectorId| self.guards.iter().all(|guard| guard.lets(&self.board, place, *who));
        let people: Vec<InspectorId> = people.iter().copied().filter(|who| clear && lets(who)).collect();
        let size = self.eligible.size(place.visit);
        let mut found = None;
        some_team(&people, size, &mut Vec::new(), &mut |members| {
            let lawful = |team: &Team| self.lets_team(&self.board, place, team) && self.keeps_with(place, team);
            found = Team::new(members.iter().copied()).filter(lawful);
            found.is_some()
        });
        found.map(|team| Assignment { date, slot: place.slot, team })
    }

    /// Whether the team has what it must, may serve together, and no guard tells of a clash on this board; each member was asked alone before.
    pub(super) fn lets_team(&self, board: &Board, place: Place, team: &Team) -> bool {
        let members = team.members();
        let enough = |need: &Asked| members.iter().filter(|who| need.met_by(**who)).count() >= need.at_least;
        if !self.eligible.needs(place.visit).iter().all(enough) {
            return false;
        }
        let mut clear = true;
        for (a, b) in team.pairs() {
            clear &= !self.apart.iter().any(|kept| kept.keeps(self.case, place.visit, a, b));
            self.guards.iter().for_each(|guard| guard.pair(board, place, a, b, &mut |_| clear = false));
        }
        self.guards.iter().for_each(|guard| guard.team(board, place, members, &mut |_| clear = false));
        clear
    }

    /// The rules' own checks have the last word.
    fn keeps_with(&self, place: Place, team: &Team) -> bool {
        let date = self.board.calendar.date(place.day);
        let mut sheet = Sheet::new(self.case);
        sheet.put_all(self.schedule)
            && sheet.put(place.visit, date, place.slot, team.members())
            && self.checker.holds(sheet.read())
    }
}

/// Whether `takes` takes some team of `size` more of these people, in their order.
pub(super) fn some_team(
    people: &[InspectorId],
    size: usize,
    team: &mut Vec<InspectorId>,
    takes: &mut impl FnMut(&[InspectorId]) -> bool,
) -> bool {
    if size == 0 {
        return takes(team);
    }
    people.iter().enumerate().any(|(at, who)| {
        team.push(*who);
        let taken = some_team(&people[at + 1..], size - 1, team, takes);
        team.pop();
        taken
    })
}
