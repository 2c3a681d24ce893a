//! Who else could have gone on a visit at its time, and who could not and why.

use std::ops::ControlFlow;

use super::evidence::{Hindrance, evidence};
use super::hunt::{Hunt, free};
use super::ways::{Asks, Ways};
use crate::model::{Assignment, Case, InspectorId, Schedule, Team, VisitId};
use crate::rules::{Book, Place};

/// Steps of the count of teams at one time, beyond which it is a lower bound.
const STEPS: u64 = 200_000;

/// The answer for one visit that is staffed, given the rest of its schedule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Who {
    /// The visit.
    pub visit: VisitId,
    /// When it is held and who goes.
    pub assignment: Assignment,
    /// Everybody who does not go, by id.
    pub others: Vec<Other>,
    /// Teams that could have gone at that time, the one that goes among them.
    pub teams_then: Count,
    /// The same over every day and slot of the window.
    pub teams_ever: Count,
    /// Days and slots in which the rules let the visit be held.
    pub times: usize,
}

/// Somebody who does not go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Other {
    /// Who.
    pub inspector: InspectorId,
    /// The members in whose place they could have gone, all else as planned.
    pub instead_of: Vec<InspectorId>,
    /// Where they could have gone in nobody's place: what stands in the way in the seat nearest to them.
    pub hindrances: Vec<Hindrance>,
}

/// How many teams there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// So many were found.
    pub teams: u64,
    /// Whether these are all; if not, there are more. Pairs are always counted to the end.
    pub complete: bool,
}

/// Who could have gone on `visit`; none where the schedule does not staff it in a slot of the period.
pub fn who(case: &Case, book: &Book, schedule: &Schedule, visit: VisitId) -> Option<Who> {
    let assignment = schedule.assignments.get(&visit)?.clone();
    let ways = Ways::new(case, book, schedule, visit);
    let day = ways.board.calendar.day(assignment.date)?;
    let place = Place { visit, day, slot: assignment.slot };
    let asks = ways.asks(visit);
    let others = case.inspector_ids().filter(|who| !assignment.team.contains(*who));
    let seat = Seat { schedule, ways: &ways, asks: &asks, place, team: &assignment.team };
    let others = others.map(|who| seat.taken_by(who)).collect();
    let times = ways.times(visit);
    let ever = times.iter().fold(Count { teams: 0, complete: true }, |sum, time| {
        let here = count(&ways, &asks, *time);
        Count { teams: sum.teams + here.teams, complete: sum.complete && here.complete }
    });
    let teams_then = count(&ways, &asks, place);
    Some(Who { visit, others, teams_then, teams_ever: ever, times: times.len(), assignment })
}

/// Somebody who does not go, with the names of the rules alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Brief {
    /// Who.
    pub inspector: InspectorId,
    /// The members in whose place they could have gone, all else as planned.
    pub instead_of: Vec<InspectorId>,
    /// Where they could have gone in nobody's place: the rules in the way of the seat nearest to them.
    pub rules: Vec<&'static str>,
}

/// Everybody who does not go on `visit`, as [`who`] tells them but without facts and counts: quick enough to be asked of
/// every visit. None where the schedule does not staff it in a slot of the period.
pub fn others_in_brief(case: &Case, book: &Book, schedule: &Schedule, visit: VisitId) -> Option<Vec<Brief>> {
    let assignment = schedule.assignments.get(&visit)?;
    let ways = Ways::new(case, book, schedule, visit);
    let place = Place { visit, day: ways.board.calendar.day(assignment.date)?, slot: assignment.slot };
    let asks = ways.asks(visit);
    let seat = Seat { schedule, ways: &ways, asks: &asks, place, team: &assignment.team };
    let others = case.inspector_ids().filter(|who| !assignment.team.contains(*who));
    let brief = |who| {
        let (instead_of, nearest) = seat.asked_for(who);
        let rules = nearest.filter(|_| instead_of.is_empty()).map(|(_, rules)| rules).unwrap_or_default();
        Brief { inspector: who, instead_of, rules }
    };
    Some(others.map(brief).collect())
}

fn count(ways: &Ways, asks: &Asks, place: Place) -> Count {
    if !ways.closed(place).is_empty() || !ways.blocked(place, &mut |_| {}).is_empty() {
        return Count { teams: 0, complete: true };
    }
    let free = free(ways, asks, place);
    let steps = if asks.size <= 2 { u64::MAX } else { STEPS };
    let mut hunt = Hunt::new(ways, asks, place, &free, steps);
    let mut teams = 0;
    hunt.every(&mut |_, _| {
        teams += 1;
        ControlFlow::Continue(())
    });
    Count { teams, complete: hunt.complete }
}

/// The seats of one team, which others might have taken.
struct Seat<'a, 'c> {
    schedule: &'a Schedule,
    ways: &'a Ways<'c>,
    asks: &'a Asks,
    place: Place,
    team: &'a Team,
}

/// A team that the rules do not allow, and those that are in its way.
type Hindered = (Team, Vec<&'static str>);

impl Seat<'_, '_> {
    fn taken_by(&self, who: InspectorId) -> Other {
        let (instead_of, nearest) = self.asked_for(who);
        let hindrances = nearest.filter(|_| instead_of.is_empty()).map(|(team, rules)| self.facts(team, &rules));
        Other { inspector: who, instead_of, hindrances: hindrances.unwrap_or_default() }
    }

    /// The members in whose place they could have gone, and of the others the one whom they could replace most nearly.
    fn asked_for(&self, who: InspectorId) -> (Vec<InspectorId>, Option<Hindered>) {
        let mut instead_of = Vec::new();
        let mut nearest: Option<Hindered> = None;
        for member in self.team.members() {
            let others = self.team.members().iter().filter(|other| *other != member);
            let Some(team) = Team::new(others.copied().chain([who])) else { continue };
            let rules = self.ways.names(&self.ways.hindrances(self.asks, self.place, &team));
            if rules.is_empty() {
                instead_of.push(*member);
            } else if nearest.as_ref().is_none_or(|(_, fewest)| rules.len() < fewest.len()) {
                nearest = Some((team, rules));
            }
        }
        (instead_of, nearest)
    }

    fn facts(&self, team: Team, rules: &[&'static str]) -> Vec<Hindrance> {
        let assignment = self.ways.assignment(self.place, team);
        evidence(self.ways, self.schedule, self.place.visit, &assignment, rules)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bound::evidence::new_violations;
    use crate::rules::testing::fixture;

    const CASE: &str = "
        inspector ana lead
        inspector ben
        inspector cem
        inspector dan lead
        inspector eve lead
        inspector fay lead
        place p1
        place p2
        visit v1 p1 earliest=2027-01-04 latest=2027-01-04 slot=am
        visit v2 p2
        conflict dan establishment p1 kin
        absence eve 2027-01-04..2027-01-05 leave
        plan v1 2027-01-04 am ana ben
        plan v2 2027-01-04 pm fay cem
    ";

    fn ask(text: &str) -> (Case, Schedule, Who) {
        let (case, schedule) = fixture(text);
        let book = Book::new(&case.settings).unwrap();
        let answer = who(&case, &book, &schedule, VisitId(0)).unwrap();
        (case, schedule, answer)
    }

    fn other<'w>(case: &Case, who: &'w Who, id: &str) -> &'w Other {
        who.others.iter().find(|other| case.inspector(other.inspector).id == id).unwrap()
    }

    #[test]
    fn in_brief_the_same_is_told() {
        let (case, schedule, answer) = ask(CASE);
        let brief = others_in_brief(&case, &Book::new(&case.settings).unwrap(), &schedule, VisitId(0)).unwrap();
        assert_eq!(brief.len(), answer.others.len());
        for (brief, other) in brief.iter().zip(&answer.others) {
            let mut rules: Vec<_> = other.hindrances.iter().map(|hindrance| hindrance.rule).collect();
            rules.dedup();
            let mut told = brief.rules.clone();
            told.sort_unstable();
            assert_eq!((brief.inspector, &brief.instead_of), (other.inspector, &other.instead_of));
            assert_eq!(told, rules);
        }
    }

    #[test]
    fn who_could_not_go_is_told_with_the_facts() {
        let (case, _, who) = ask(CASE);
        assert_eq!(who.others.len(), 4);
        for (id, rule, fact) in [("dan", "conflict-of-interest", "kin"), ("eve", "availability", "2027-01-05 (leave)")]
        {
            let other = other(&case, &who, id);
            assert!(other.instead_of.is_empty());
            assert!(
                other.hindrances.iter().any(|one| one.rule == rule && one.says.contains(fact)),
                "{id}: {:?}",
                other.hindrances
            );
        }
    }

    #[test]
    fn somebody_may_be_able_to_take_one_seat_and_not_the_other() {
        let off = "set one-partner.enabled false\n set pair-rotation.enabled false\n set workload.per_slot 2";
        let (case, _, who) = ask(&format!("{CASE}\n{off}"));
        assert_eq!(other(&case, &who, "cem").instead_of, [InspectorId(1)], "Cem is no lead, so only for Ben");
        assert_eq!(other(&case, &who, "fay").instead_of, [InspectorId(0), InspectorId(1)]);
        // Ana and Fay, each with the other, with Ben or with Cem.
        assert_eq!(who.teams_then, Count { teams: 5, complete: true });
        assert_eq!((who.times, who.teams_ever), (1, who.teams_then));
    }

    #[test]
    fn the_counted_teams_are_those_that_every_check_lets_go() {
        let (case, schedule, who) = ask(CASE);
        let book = Book::new(&case.settings).unwrap();
        let ways = Ways::new(&case, &book, &schedule, VisitId(0));
        let everybody: Vec<_> = case.inspector_ids().collect();
        let pairs = everybody.iter().flat_map(|a| everybody.iter().map(move |b| (*a, *b))).filter(|(a, b)| a < b);
        let sound = pairs.filter(|(a, b)| {
            let team = Team::new([*a, *b]).unwrap();
            let assignment = Assignment { team, ..who.assignment.clone() };
            let mut rest = schedule.clone();
            rest.assignments.remove(&VisitId(0));
            new_violations(&ways, &rest, VisitId(0), &assignment, None).is_empty()
        });
        assert_eq!(who.teams_then.teams, sound.count() as u64);
    }

    #[test]
    fn an_unstaffed_visit_has_no_answer() {
        let (case, _) = fixture(CASE);
        let book = Book::new(&case.settings).unwrap();
        assert_eq!(who(&case, &book, &Schedule::default(), VisitId(0)), None);
    }
}
