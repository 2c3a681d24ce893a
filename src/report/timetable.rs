//! A schedule as a calendar: day by day, slot by slot.

use chrono::NaiveDate;

use serde_json::{Value, json};

use super::why::ids;
use super::{Section, Side, place, table, team, team_in_order};
use crate::model::{Assignment, Case, Schedule, VisitId};

/// One section a day, in order of time.
pub fn timetable(case: &Case, schedule: &Schedule) -> Vec<Section> {
    let all = schedule.in_time();
    all.chunk_by(|a, b| a.1.date == b.1.date).filter_map(|day| Some(section(case, day.first()?.1.date, day))).collect()
}

fn section(case: &Case, date: NaiveDate, visits: &[(VisitId, &Assignment)]) -> Section {
    let columns =
        [("slot", Side::Left), ("visit", Side::Left), ("establishment", Side::Left), ("inspectors", Side::Left)];
    let rows = visits.iter().map(|(visit, assignment)| row(case, *visit, assignment));
    Section::new(date.format("%A %Y-%m-%d").to_string(), table(&columns, rows))
}

fn row(case: &Case, visit: VisitId, assignment: &Assignment) -> [String; 4] {
    let planned = case.visit(visit);
    let slots = &case.period.slots;
    let first = usize::from(assignment.slot.0);
    let last = first + usize::from(planned.duration).saturating_sub(1);
    let name = |slot: usize| slots.get(slot).map_or("?", String::as_str);
    let slot = if last > first { format!("{} to {}", name(first), name(last)) } else { name(first).to_owned() };
    [slot, planned.id.clone(), place(case, planned.establishment), team(case, &assignment.team)]
}

/// The schedule for machines, in order of time.
pub fn timetable_json(case: &Case, schedule: &Schedule) -> Value {
    schedule.in_time().into_iter().map(|(visit, assignment)| staffed_json(case, visit, assignment)).collect()
}

/// One visit with its day, slot and team (leads first), for machines.
pub fn staffed_json(case: &Case, visit: VisitId, assignment: &Assignment) -> Value {
    let planned = case.visit(visit);
    json!({
        "visit": planned.id,
        "date": assignment.date.to_string(),
        "slot": case.period.slots.get(assignment.slot.index()),
        "establishment": case.establishment(planned.establishment).id,
        "inspectors": ids(case, &team_in_order(case, &assignment.team)),
    })
}
