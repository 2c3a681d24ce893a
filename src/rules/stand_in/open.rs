//! Who may go on one visit of a day that nobody may take over whole: beside those who stay, or as another whole team.
//!
//! Whoever steps in for one visit takes over nothing else of the day, so the member's other visits of the day stand open meanwhile and count for
//! nobody. Each answer has the last word of the rules' own checks.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::left_out::some_team;
use super::{Asker, replaced};
use crate::model::{InspectorId, Team, VisitId};
use crate::rules::Place;

impl<'s, 'c> Asker<'s, 'c> {
    /// Asks while every visit that `member` has on a day stands open.
    pub fn open<R>(&mut self, date: NaiveDate, member: InspectorId, ask: impl FnOnce(&mut Open<'_, 's, 'c>) -> R) -> R {
        let own: Vec<VisitId> = self.all.visits(member, date).map(|(visit, _)| visit).collect();
        let lifted: Vec<(Place, Team)> = own.into_iter().filter_map(|visit| self.lift(visit)).collect();
        let mut open = Open { asker: self, member, lifted };
        let answer = ask(&mut open);
        let lifted = open.lifted;
        lifted.into_iter().for_each(|(place, team)| self.board.put(place, team));
        answer
    }
}

/// A schedule without the visits that somebody has on a day.
pub struct Open<'o, 's, 'c> {
    asker: &'o mut Asker<'s, 'c>,
    member: InspectorId,
    lifted: Vec<(Place, Team)>,
}

impl Open<'_, '_, '_> {
    /// Everybody with whom in the place of the member on `visit`, one of those that stand open, no rule is broken, the others being held by
    /// nobody; in order of id.
    pub fn people(&mut self, visit: VisitId) -> Vec<InspectorId> {
        let Some((place, team)) = self.of(visit) else { return Vec::new() };
        let (all, member) = (self.asker.all, self.member);
        let seat = all.seat(place, &team, member);
        let mut people = all.by_facts(std::slice::from_ref(&seat), member);
        people.retain(|who| all.lets(&self.asker.board, &seat, *who));
        people.retain(|who| replaced(&team, member, *who).is_some_and(|new| self.holds(visit, &new)));
        people
    }

    /// Everybody who is eligible for `visit` on its day, whatever the schedule is, and not in its team; in order of id.
    pub fn eligible(&self, visit: VisitId) -> Vec<InspectorId> {
        let Some((place, team)) = self.of(visit) else { return Vec::new() };
        let goers = self.asker.all.eligible.goers(visit).filter(|goer| goer.days.has(place.day));
        goers.map(|goer| goer.who).filter(|who| !team.contains(*who)).collect()
    }

    /// How many people go on `visit`.
    pub fn size(&self, visit: VisitId) -> usize {
        self.of(visit).map_or(0, |(_, team)| team.members().len())
    }

    /// Every team of these people, who stand in order of id, with which `visit` breaks no rule; in order.
    pub fn teams(&mut self, visit: VisitId, people: &[InspectorId]) -> Vec<Team> {
        let Some((place, team)) = self.of(visit) else { return Vec::new() };
        let (all, board) = (self.asker.all, &self.asker.board);
        let lets = |who: &InspectorId| all.guards.iter().all(|guard| guard.lets(board, place, *who));
        let people: Vec<InspectorId> = people.iter().copied().filter(lets).collect();
        let mut teams: Vec<Team> = Vec::new();
        some_team(&people, team.members().len(), &mut Vec::new(), &mut |members| {
            let team = Team::new(members.iter().copied());
            teams.extend(team.filter(|team| all.lets_team(board, place, team)));
            false
        });
        teams.retain(|team| self.holds(visit, team));
        teams
    }

    /// Whether `team` may go on `visit`: as many as it has now, nobody of whom goes there, and no rule is broken.
    pub fn may_go(&mut self, visit: VisitId, team: &Team) -> bool {
        let fits = |old: &Team| {
            old.members().len() == team.members().len() && !team.members().iter().any(|who| old.contains(*who))
        };
        self.of(visit).is_some_and(|(_, old)| fits(&old)) && self.holds(visit, team)
    }

    /// Whether no rule is broken with `team` on `visit`, the others that stand open being held by nobody.
    pub fn holds(&mut self, visit: VisitId, team: &Team) -> bool {
        let (all, lifted) = (self.asker.all, &self.lifted);
        let stands = |other: &&VisitId| **other == visit || !lifted.iter().any(|(place, _)| place.visit == **other);
        let old = lifted.iter().flat_map(|(_, team)| team.members());
        let near: BTreeSet<VisitId> = all.around(old.chain(team.members()).copied());
        let changed = [(visit, team.clone())].into();
        self.of(visit).is_some()
            && (self.asker.keeps(&changed, near.iter().filter(stands))
                || self.asker.keeps(&changed, all.schedule.assignments.keys().filter(stands)))
    }

    fn of(&self, visit: VisitId) -> Option<(Place, Team)> {
        self.lifted.iter().find(|(place, _)| place.visit == visit).cloned()
    }
}
