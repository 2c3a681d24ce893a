//! A schedule as a calendar: day by day, slot by slot.

use chrono::NaiveDate;

use serde_json::{Value, json};

use super::why::ids;
use super::{Section, Side, place, table, team_headed, team_in_order};
use crate::model::{Assignment, Case, InspectorId, Schedule, VisitId};
use crate::record::Heads;

/// One section a day, in order of time.
pub fn timetable(case: &Case, schedule: &Schedule, heads: &Heads) -> Vec<Section> {
    let all = schedule.in_time();
    all.chunk_by(|a, b| a.1.date == b.1.date)
        .filter_map(|day| Some(section(case, heads, day.first()?.1.date, day)))
        .collect()
}

fn section(case: &Case, heads: &Heads, date: NaiveDate, visits: &[(VisitId, &Assignment)]) -> Section {
    let columns =
        [("slot", Side::Left), ("visit", Side::Left), ("establishment", Side::Left), ("inspectors", Side::Left)];
    let rows = visits.iter().map(|(visit, assignment)| row(case, heads, *visit, assignment));
    Section::new(date.format("%A %Y-%m-%d").to_string(), table(&columns, rows))
}

fn row(case: &Case, heads: &Heads, visit: VisitId, assignment: &Assignment) -> [String; 4] {
    let planned = case.visit(visit);
    let slots = &case.period.slots;
    let first = usize::from(assignment.slot.0);
    let last = first + usize::from(planned.duration).saturating_sub(1);
    let name = |slot: usize| slots.get(slot).map_or("?", String::as_str);
    let slot = if last > first { format!("{} to {}", name(first), name(last)) } else { name(first).to_owned() };
    [slot, planned.id.clone(), place(case, planned.establishment), team_headed(case, heads, visit, &assignment.team)]
}

/// The schedule for machines, in order of time.
pub fn timetable_json(case: &Case, schedule: &Schedule, heads: &Heads) -> Value {
    let all = schedule.in_time().into_iter();
    all.map(|(visit, to)| headed_json(case, visit, to, heads.in_order(visit, &to.team))).collect()
}

/// One visit with its day, slot and a team that might be sent (leads first), for machines.
pub fn staffed_json(case: &Case, visit: VisitId, assignment: &Assignment) -> Value {
    headed_json(case, visit, assignment, team_in_order(case, &assignment.team))
}

fn headed_json(case: &Case, visit: VisitId, assignment: &Assignment, members: Vec<InspectorId>) -> Value {
    let planned = case.visit(visit);
    json!({
        "visit": planned.id,
        "date": assignment.date.to_string(),
        "slot": case.period.slots.get(assignment.slot.index()),
        "establishment": case.establishment(planned.establishment).id,
        "inspectors": ids(case, &members),
    })
}
