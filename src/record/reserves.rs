//! `reserves.jsonl`: who steps in for whom on which day, in which order. One line for each day of each person who serves on it.
//!
//! Where nobody may take over the whole day, the line has reserves of each visit too: people who may step in beside those who stay, or, where nobody may, whole
//! teams. Records of before have the first of these three levels alone, and are read, verified and walked down as they were made.

use std::thread;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::canonical::{line, rows, table};
use super::day::Day;
use super::flaw::{Flaw, Flaws, flaws};
use super::layout::{Files, RECORD, RESERVES};
use super::publish::{Record, read_record};
use crate::draw::{Root, digest, reserve_order, team_reserve_words, to_hex, visit_reserve_order};
use crate::model::{By, Case, InspectorId, Level, OfVisit, Reserves, Schedule, Span, Stretch, Team, VisitId};
use crate::rules::{Asker, Book, Open, StandIns};

/// Reserves of one person on one day, or on one visit, that are published, at most.
pub const RESERVES_MAX: usize = 10;

/// How many levels the reserves of a record have that says so. Those of a record that does not are whole days alone.
pub const LEVELS: u64 = 3;

/// Teams that are looked at for one visit, at most. Two of 71 people can be chosen in 2,485 ways.
pub const TEAMS_MAX: usize = 2500;

/// One day of one person: the visits that whoever steps in takes over, how many people may, and the first of them in the order drawn.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    by_visit: Vec<VisitLine>,
    date: Day,
    member: String,
    of: u64,
    order: Vec<String>,
    stage: u64,
    visits: Vec<String>,
}

/// One visit of such a day: people at level 2, teams at level 3.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct VisitLine {
    level: u64,
    of: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    order: Option<Vec<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    teams: Option<Vec<Vec<String>>>,
    visit: String,
}

/// The reserves of everybody on each day of `stretch` that they serve by `schedule`, drawn from `root`: everybody with whom, in
/// their place on all of their visits of the day, the whole schedule would still break no rule. In order of day, then person. Where the
/// schedule breaks a rule that what was fixed before does not break already, nobody has any. With `levels`, a day that nobody may take over has
/// reserves of each of its visits.
pub fn reserves(
    (case, book): (&Case, &Book),
    root: &Root,
    schedule: &Schedule,
    stretch: &Stretch,
    levels: bool,
) -> Vec<Reserves> {
    let stand_ins = StandIns::after(case, book, &stretch.before, schedule);
    let draw = Drawing { case, root, stages: &stretch.stages, levels };
    let served = schedule.days_served().into_iter();
    let mut all: Vec<Reserves> = served.filter_map(|((date, who), visits)| draw.nobody(date, who, visits)).collect();
    let Some(stand_ins) = stand_ins else { return all };
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let share = all.len().div_ceil(cores).max(1);
    let of = |part: &mut [Reserves]| {
        let mut asker = stand_ins.asker();
        part.iter_mut().for_each(|one| draw.everybody(&mut asker, one));
    };
    thread::scope(|scope| {
        let of = &of;
        all.chunks_mut(share).for_each(|part| {
            scope.spawn(move || of(part));
        });
    });
    all
}

/// Everybody who may take the place of `member` on all of their visits of `date`, in the order drawn from `root` for that day of `stretch`: the same
/// order as that of [`reserves`], and whole. Nobody where no stage has the day, or the member serves on none of its visits.
pub fn whole_order(
    (case, book): (&Case, &Book),
    root: &Root,
    schedule: &Schedule,
    stretch: &Stretch,
    (date, member): (NaiveDate, InspectorId),
) -> Vec<InspectorId> {
    let Some(stand_ins) = StandIns::after(case, book, &stretch.before, schedule) else { return Vec::new() };
    whole_order_by(&stand_ins, case, root, &stretch.stages, (date, member))
}

/// The same, where those who may step in after the draw are ready to be asked.
pub(super) fn whole_order_by(
    stand_ins: &StandIns,
    case: &Case,
    root: &Root,
    stages: &[(usize, Span)],
    (date, member): (NaiveDate, InspectorId),
) -> Vec<InspectorId> {
    let Some((stage, _)) = stages.iter().find(|(_, span)| span.contains(date)) else { return Vec::new() };
    let mut asker = stand_ins.asker();
    let mut people = asker.may(date, member);
    people.retain(|who| asker.holds(date, member, *who));
    reserve_order(root, *stage, date, &case.inspector(member).id, &mut people);
    people
}

/// Who is asked for one visit of a day of `member`, by the words of `root` for the stage that has the day: people where any may step in, else teams. None
/// is left out.
pub(super) struct VisitDraw<'a> {
    pub case: &'a Case,
    pub root: &'a Root,
    pub stage: usize,
    pub date: NaiveDate,
    pub member: InspectorId,
}

impl VisitDraw<'_> {
    fn people(&self, open: &mut Open, visit: VisitId) -> Vec<InspectorId> {
        let mut people = open.people(visit);
        visit_reserve_order(self.root, self.stage, self.date, self.ids(visit), &mut people);
        people
    }

    fn teams(&self, open: &mut Open, visit: VisitId) -> Vec<Team> {
        let mut words = team_reserve_words(self.root, self.stage, self.date, self.ids(visit));
        let mut people = open.eligible(visit);
        words.shuffle(&mut people);
        people.truncate(chosen(people.len(), open.size(visit)));
        people.sort_unstable();
        let mut teams = open.teams(visit, &people);
        words.shuffle(&mut teams);
        teams
    }

    fn of(&self, open: &mut Open, visit: VisitId) -> OfVisit {
        let mut people = self.people(open, visit);
        if !people.is_empty() {
            let of = people.len();
            people.truncate(RESERVES_MAX);
            return OfVisit { visit, of, by: By::People(people) };
        }
        let mut teams = self.teams(open, visit);
        let of = teams.len();
        teams.truncate(RESERVES_MAX);
        OfVisit { visit, of, by: By::Teams(teams) }
    }

    fn ids(&self, visit: VisitId) -> (&str, &str) {
        (&self.case.inspector(self.member).id, &self.case.visit(visit).id)
    }
}

/// Everybody who may step in for `member` on `visit` alone, and every team that is asked for it, each in the order drawn. Nobody where the member
/// does not go on the visit that day.
pub(super) fn visit_orders_by(stand_ins: &StandIns, draw: &VisitDraw, visit: VisitId) -> (Vec<InspectorId>, Vec<Team>) {
    let ask = |open: &mut Open| (draw.people(open, visit), draw.teams(open, visit));
    stand_ins.asker().open(draw.date, draw.member, ask)
}

/// How many of `people` are asked for teams of `size`: as many as make at most [`TEAMS_MAX`] teams.
fn chosen(people: usize, size: usize) -> usize {
    (0..=people).rev().find(|people| teams_of(*people, size) <= TEAMS_MAX).unwrap_or(0)
}

/// In how many ways `size` of `people` can be chosen; more than any bound where that is a large number.
fn teams_of(people: usize, size: usize) -> usize {
    let next = |ways: usize, at: usize| ways.checked_mul(people - at).map(|ways| ways / (at + 1));
    // Whom to leave behind can be chosen in as many ways; the fewer of the two stays small on its way.
    let fewer = size.min(people.saturating_sub(size));
    if size > people { 0 } else { (0..fewer).try_fold(1, next).unwrap_or(usize::MAX) }
}

struct Drawing<'a> {
    case: &'a Case,
    root: &'a Root,
    stages: &'a [(usize, Span)],
    levels: bool,
}

impl Drawing<'_> {
    /// One person's day without anybody yet; none where no stage has the day.
    fn nobody(&self, date: NaiveDate, member: InspectorId, visits: Vec<VisitId>) -> Option<Reserves> {
        let (stage, _) = *self.stages.iter().find(|(_, span)| span.contains(date))?;
        Some(Reserves { date, member, stage, visits, of: 0, order: Vec::new(), by_visit: Vec::new() })
    }

    fn everybody(&self, asker: &mut Asker, one: &mut Reserves) {
        self.day(asker, one);
        if self.levels && one.of == 0 {
            let (case, root, stage, date, member) = (self.case, self.root, one.stage, one.date, one.member);
            let draw = VisitDraw { case, root, stage, date, member };
            let visits = &one.visits;
            one.by_visit = asker.open(date, member, |open| visits.iter().map(|visit| draw.of(open, *visit)).collect());
        }
    }

    fn day(&self, asker: &mut Asker, one: &mut Reserves) {
        let mut people = asker.may(one.date, one.member);
        loop {
            let mut order = people.clone();
            reserve_order(self.root, one.stage, one.date, &self.case.inspector(one.member).id, &mut order);
            order.truncate(RESERVES_MAX);
            // The rules' checks have the last word on everybody who is published.
            match order.iter().find(|who| !asker.holds(one.date, one.member, **who)) {
                Some(stranger) => people.retain(|who| who != stranger),
                None => {
                    (one.of, one.order) = (people.len(), order);
                    return;
                }
            }
        }
    }
}

/// The bytes of `reserves.jsonl`.
pub fn reserve_lines(case: &Case, reserves: &[Reserves]) -> Vec<u8> {
    let id = |who: &InspectorId| case.inspector(*who).id.clone();
    let ids = |people: &[InspectorId]| people.iter().map(id).collect::<Vec<_>>();
    let of_visit = |one: &OfVisit| VisitLine {
        level: one.by.level().number(),
        of: one.of as u64,
        order: if let By::People(people) = &one.by { Some(ids(people)) } else { None },
        teams: match &one.by {
            By::People(_) => None,
            By::Teams(teams) => Some(teams.iter().map(|team| ids(team.members())).collect()),
        },
        visit: case.visit(one.visit).id.clone(),
    };
    table(reserves.iter().map(|one| Line {
        by_visit: one.by_visit.iter().map(of_visit).collect(),
        date: Day(one.date),
        member: id(&one.member),
        of: one.of as u64,
        order: ids(&one.order),
        stage: one.stage as u64,
        visits: one.visits.iter().map(|visit| case.visit(*visit).id.clone()).collect(),
    }))
}

/// The reserves as they were published, each with its line, and everything wrong with the file. A line with anything wrong in it is
/// left out.
pub fn read_reserves(files: &Files, case: &Case) -> (Vec<(u64, Reserves)>, Vec<Flaw>) {
    let mut flaws = Flaws::default();
    let mut found: Vec<(u64, Reserves)> = Vec::new();
    let at = |one: &Reserves| (one.date, one.member);
    for (number, line) in rows::<Line>(files, RESERVES, &mut flaws) {
        match thawed(case, &line) {
            Ok(one) if found.last().is_some_and(|(_, before)| at(before) >= at(&one)) => {
                flaws.add(flaws::ORDER, RESERVES, Some(number), "the line should stand before the one above it");
            }
            Ok(one) => found.push((number, one)),
            Err((name, says)) => flaws.add(name, RESERVES, Some(number), says),
        }
    }
    (found, flaws.into_vec())
}

fn thawed(case: &Case, line: &Line) -> Result<Reserves, (&'static str, String)> {
    let unknown = |what: &str, id: &str| (flaws::UNKNOWN_ID, format!("there is no {what} `{id}`"));
    let person = |id: &String| case.find_inspector(id).ok_or_else(|| unknown("inspector", id));
    let number = |number: u64, what: &str| {
        u32::try_from(number)
            .map(|number| number as usize)
            .map_err(|_| (flaws::BAD_VALUE, format!("`{what}` is {number}, beyond every bound")))
    };
    let visit = |id: &String| case.find_visit(id).ok_or_else(|| unknown("visit", id));
    let team = |ids: &Vec<String>| {
        let people = ids.iter().map(person).collect::<Result<Vec<_>, _>>()?;
        let in_order = people.is_sorted_by(|a, b| a < b);
        let team = Team::new(people).filter(|_| in_order);
        team.ok_or_else(|| (flaws::BAD_VALUE, "a team is of somebody, in order of id, nobody twice".to_owned()))
    };
    let of_visit = |line: &VisitLine| {
        let by = match (Level::of(line.level), &line.order, &line.teams) {
            (Some(Level::Visit), Some(order), None) => By::People(order.iter().map(person).collect::<Result<_, _>>()?),
            (Some(Level::Team), None, Some(teams)) => By::Teams(teams.iter().map(team).collect::<Result<_, _>>()?),
            _ => {
                let says = "a visit has people in `order` at level 2, and `teams` at level 3";
                return Err((flaws::BAD_VALUE, says.to_owned()));
            }
        };
        Ok(OfVisit { visit: visit(&line.visit)?, of: number(line.of, "of")?, by })
    };
    Ok(Reserves {
        date: line.date.0,
        member: person(&line.member)?,
        stage: number(line.stage, "stage")?,
        visits: line.visits.iter().map(visit).collect::<Result<_, _>>()?,
        of: number(line.of, "of")?,
        order: line.order.iter().map(person).collect::<Result<_, _>>()?,
        by_visit: line.by_visit.iter().map(of_visit).collect::<Result<_, _>>()?,
    })
}

/// Makes of a record as it is published today one of before, whose reserves are of whole days alone. A record is replayed in the form that it has.
pub fn with_reserves_of_days(files: &mut Files, case: &Case) {
    let days: Vec<Reserves> = read_reserves(files, case).0.into_iter().map(|(_, one)| one).collect();
    let days: Vec<Reserves> = days.into_iter().map(|one| Reserves { by_visit: Vec::new(), ..one }).collect();
    let lines = reserve_lines(case, &days);
    if let Some(record) = read_record(files).0 {
        let record = Record { levels: None, reserves: to_hex(&digest(&lines)), ..record };
        files.insert(RECORD.to_owned(), line(&record).into_bytes());
    }
    files.insert(RESERVES.to_owned(), lines);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_people_are_asked_as_make_few_enough_teams() {
        assert_eq!([(4, 2), (71, 2), (25, 3), (3, 4), (5, 0)].map(|(n, k)| teams_of(n, k)), [6, 2485, 2300, 0, 1]);
        assert_eq!([(4, 2), (71, 2), (72, 2), (400, 3), (3, 4)].map(|(n, k)| chosen(n, k)), [4, 71, 71, 25, 3]);
        assert_eq!((teams_of(5000, 100), teams_of(100, 99), chosen(5000, 100)), (usize::MAX, 100, 101));
    }
}
