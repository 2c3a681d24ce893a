//! Reserves of one visit alone, as DRAW.md, section 7, defines them: whole recounts of whole schedules, and nothing of the program's own search.

#![allow(clippy::unwrap_used, reason = "a helper of a test fails the test")]

use chrono::NaiveDate;
use foureyes::draw::{Root, team_reserve_words, visit_reserve_order};
use foureyes::model::{Assignment, Case, InspectorId, Schedule, Span, Team, VisitId};
use foureyes::record::TEAMS_MAX;
use foureyes::rules::{Book, Eligible};

/// A day of somebody, by the words of a stage.
pub struct DayOf<'a> {
    pub case: &'a Case,
    pub book: &'a Book,
    pub root: &'a Root,
    pub schedule: &'a Schedule,
    pub stage: usize,
    pub date: NaiveDate,
    pub member: InspectorId,
}

impl DayOf<'_> {
    /// Everybody who may step in on `visit` alone, and every team that may go instead, each in the order drawn.
    pub fn orders(&self, visit: VisitId) -> (Vec<InspectorId>, Vec<Team>) {
        let own = self.schedule.days_served().remove(&(self.date, self.member)).unwrap_or_default();
        let Some(to) = self.schedule.assignments.get(&visit).filter(|_| own.contains(&visit)) else {
            return Default::default();
        };
        let mut open = self.schedule.clone();
        open.assignments.retain(|visit, _| !own.contains(visit));
        (self.people(&open, visit, to), self.teams(&open, visit, to))
    }

    fn ids(&self, visit: VisitId) -> (&str, &str) {
        (&self.case.inspector(self.member).id, &self.case.visit(visit).id)
    }

    fn lawful(&self, open: &Schedule, visit: VisitId, to: &Assignment, team: &Team) -> bool {
        let mut with = open.clone();
        with.assignments.insert(visit, Assignment { team: team.clone(), ..to.clone() });
        self.book.check(self.case, &with).is_empty()
    }

    fn people(&self, open: &Schedule, visit: VisitId, to: &Assignment) -> Vec<InspectorId> {
        let may = |who: &InspectorId| {
            let others = to.team.members().iter().copied().filter(|other| *other != self.member);
            let team = Team::new(others.chain([*who])).unwrap();
            self.lawful(open, visit, to, &team)
        };
        let mut people: Vec<InspectorId> =
            self.case.inspector_ids().filter(|who| !to.team.contains(*who)).filter(may).collect();
        visit_reserve_order(self.root, self.stage, self.date, self.ids(visit), &mut people);
        people
    }

    fn teams(&self, open: &Schedule, visit: VisitId, to: &Assignment) -> Vec<Team> {
        let period = &self.case.period;
        let eligible = Eligible::whatever_seats(self.case, self.book, Span { from: period.from, to: period.to });
        let day = period.days().iter().position(|day| *day == self.date).unwrap();
        let goers = eligible.goers(visit).filter(|goer| goer.days.has(day)).map(|goer| goer.who);
        let mut people: Vec<InspectorId> = goers.filter(|who| !to.team.contains(*who)).collect();
        let mut words = team_reserve_words(self.root, self.stage, self.date, self.ids(visit));
        words.shuffle(&mut people);
        let size = to.team.members().len();
        while all_teams(&people, size).len() > TEAMS_MAX {
            people.pop();
        }
        people.sort();
        let teams = all_teams(&people, size).into_iter().map(|members| Team::new(members).unwrap());
        let mut teams: Vec<Team> = teams.filter(|team| self.lawful(open, visit, to, team)).collect();
        words.shuffle(&mut teams);
        teams
    }
}

/// Every choice of `size` of these people, in their order.
fn all_teams(people: &[InspectorId], size: usize) -> Vec<Vec<InspectorId>> {
    if size == 0 {
        return vec![Vec::new()];
    }
    let with = |(at, who): (usize, &InspectorId)| {
        let rest = all_teams(&people[at + 1..], size - 1).into_iter();
        rest.map(|rest| [vec![*who], rest].concat()).collect::<Vec<_>>()
    };
    people.iter().enumerate().flat_map(with).collect()
}
