//! `reserves.jsonl`: who steps in for whom on which day, in which order. One line for each day of each person who serves on it.

use std::thread;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::canonical::{rows, table};
use super::day::Day;
use super::flaw::{Flaw, Flaws, flaws};
use super::layout::{Files, RESERVES};
use crate::draw::{Root, reserve_order};
use crate::model::{Case, InspectorId, Reserves, Schedule, Span, Stretch, VisitId};
use crate::rules::{Asker, Book, StandIns};

/// Reserves of one person on one day that are published, at most.
pub const RESERVES_MAX: usize = 10;

/// One day of one person: the visits that whoever steps in takes over, how many people may, and the first of them in the order drawn.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    date: Day,
    member: String,
    of: u64,
    order: Vec<String>,
    stage: u64,
    visits: Vec<String>,
}

/// The reserves of everybody on each day of `stretch` that they serve by `schedule`, drawn from `root`: everybody with whom, in
/// their place on all of their visits of the day, the whole schedule would still break no rule. In order of day, then person. Where the
/// schedule breaks a rule that what was fixed before does not break already, nobody has any.
pub fn reserves(case: &Case, book: &Book, root: &Root, schedule: &Schedule, stretch: &Stretch) -> Vec<Reserves> {
    let stand_ins = StandIns::after(case, book, &stretch.before, schedule);
    let draw = Drawing { case, root, stages: &stretch.stages };
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

struct Drawing<'a> {
    case: &'a Case,
    root: &'a Root,
    stages: &'a [(usize, Span)],
}

impl Drawing<'_> {
    /// One person's day without anybody yet; none where no stage has the day.
    fn nobody(&self, date: NaiveDate, member: InspectorId, visits: Vec<VisitId>) -> Option<Reserves> {
        let (stage, _) = *self.stages.iter().find(|(_, span)| span.contains(date))?;
        Some(Reserves { date, member, stage, visits, of: 0, order: Vec::new() })
    }

    fn everybody(&self, asker: &mut Asker, one: &mut Reserves) {
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
    table(reserves.iter().map(|one| Line {
        date: Day(one.date),
        member: id(&one.member),
        of: one.of as u64,
        order: one.order.iter().map(id).collect(),
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
    Ok(Reserves {
        date: line.date.0,
        member: person(&line.member)?,
        stage: number(line.stage, "stage")?,
        visits: line.visits.iter().map(visit).collect::<Result<_, _>>()?,
        of: number(line.of, "of")?,
        order: line.order.iter().map(person).collect::<Result<_, _>>()?,
    })
}
